/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text sixteen bytes at a time, where the machine can: what words.h and armour.h do with eight, and say the
 * same. Checksum and search need no more than every x86-64 has (SSE2). De-armouring needs SSSE3 (2006): who
 * has not asked vectors_dearmour() must not call it. On other machines TEXT_VECTORS is not defined.
 */
#ifndef WEIR_DECODE_VECTORS_H
#define WEIR_DECODE_VECTORS_H

#include "armour.h"

#if defined(__x86_64__)
#define TEXT_VECTORS 1

#include <tmmintrin.h>

static inline __m128i vector_load(const uint8_t *bytes)
{
	return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

/* Checksum and search */

/* As xor_bytes(). */
static inline uint8_t xor_bytes_vectors(const uint8_t *text, size_t length)
{
	static const uint8_t keep[32] = {[16 ... 31] = 0xff};
	const uint8_t *end = text + length;
	__m128i sum = _mm_setzero_si128();

	if (length < 16)
		return xor_bytes(text, length);
	for (; text + 16 <= end; text += 16)
		sum = _mm_xor_si128(sum, vector_load(text));
	if (text < end) /* the last sixteen, less those that were there already */
		sum = _mm_xor_si128(sum,
		                    _mm_and_si128(vector_load(end - 16), vector_load(keep + (end - text))));
	sum = _mm_xor_si128(sum, _mm_unpackhi_epi64(sum, sum));
	uint64_t word = (uint64_t)_mm_cvtsi128_si64(sum);

	word ^= word >> 32;
	word ^= word >> 16;
	return (uint8_t)(word ^ word >> 8);
}

/* A bit for each of the sixteen bytes that is no printable ASCII, or one of four characters. */
static inline uint32_t vector_special(__m128i text, char a, char b, char c, char d)
{
	__m128i low = _mm_cmpgt_epi8(_mm_set1_epi8(' '), text); /* and all above ASCII: they are negative */
	__m128i del = _mm_cmpeq_epi8(text, _mm_set1_epi8(127));
	__m128i ab =
	        _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8(a)), _mm_cmpeq_epi8(text, _mm_set1_epi8(b)));
	__m128i cd =
	        _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8(c)), _mm_cmpeq_epi8(text, _mm_set1_epi8(d)));

	return (uint32_t)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(low, del), _mm_or_si128(ab, cd)));
}

/* De-armouring */

#define WITH_SSSE3 __attribute__((target("ssse3")))

static inline bool vectors_dearmour(void)
{
	return __builtin_cpu_supports("ssse3");
}

/* The last count (1 to 15) of the sixteen bytes that end at end, moved to the front; zeros behind them. */
static inline WITH_SSSE3 __m128i vector_tail(__m128i bytes, size_t count)
{
	static const uint8_t places[32] = {0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,
	                                   11,   12,   13,   14,   15,   0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	                                   0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};

	return _mm_shuffle_epi8(bytes, vector_load(places + 16 - count));
}

/* Characters less '0': negative, 40 to 47 and above 71 are none of the armour's. Their sign bits are set. */
static inline WITH_SSSE3 __m128i vector_illegal(__m128i values)
{
	__m128i past_W = _mm_cmpgt_epi8(values, _mm_set1_epi8(39));
	__m128i before_grave = _mm_cmpgt_epi8(_mm_set1_epi8(48), values);
	__m128i past_w = _mm_cmpgt_epi8(values, _mm_set1_epi8(71));

	return _mm_or_si128(_mm_or_si128(values, past_w), _mm_and_si128(past_W, before_grave));
}

/* Characters less '0' to 96 bits in the first twelve bytes; zeros behind them. */
static inline WITH_SSSE3 __m128i vector_bits(__m128i values)
{
	const __m128i big_endian = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
	__m128i past_W = _mm_cmpgt_epi8(values, _mm_set1_epi8(39));

	values = _mm_sub_epi8(values, _mm_and_si128(past_W, _mm_set1_epi8(8))); /* the gap is eight wide */
	__m128i pairs = _mm_maddubs_epi16(values, _mm_set1_epi16(0x0140));      /* first * 64 + second */
	__m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00011000));      /* first * 4,096 + second */

	return _mm_shuffle_epi8(fours, big_endian);
}

/* As weir_dearmour(). */
static inline WITH_SSSE3 bool weir_dearmour_vectors(uint8_t *out, const uint8_t *text, size_t length,
                                                    unsigned int fill)
{
	const __m128i zero = _mm_set1_epi8('0');
	const uint8_t *end = text + length;
	size_t count = length * 6 - fill;
	uint8_t *begin = out;
	__m128i illegal = _mm_setzero_si128();

	if (length < 16) /* what is before the text may not be readable */
		return weir_dearmour(out, text, length, fill);
	for (; text + 16 <= end; text += 16, out += 12) {
		__m128i values = _mm_sub_epi8(vector_load(text), zero);

		illegal = _mm_or_si128(illegal, vector_illegal(values));
		_mm_storeu_si128((__m128i *)(void *)out, vector_bits(values));
	}
	if (text < end) {
		__m128i values = vector_tail(_mm_sub_epi8(vector_load(end - 16), zero), (size_t)(end - text));

		illegal = _mm_or_si128(illegal, vector_illegal(values));
		_mm_storeu_si128((__m128i *)(void *)out, vector_bits(values));
	}
	memset(begin + (length * 6 + 7) / 8, 0, 16);
	if (fill > 0) {
		begin[count / 8] &= (uint8_t)(0xff00u >> (count & 7));
		begin[count / 8 + 1] = 0;
	}
	return _mm_movemask_epi8(illegal) == 0;
}

#endif
#endif
