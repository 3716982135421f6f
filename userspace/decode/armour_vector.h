/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * De-armouring and checksum sixteen bytes at a time, for machines with SSSE3 (x86-64 since 2006). They say
 * what weir_dearmour() and xor_bytes() say; who has not asked the processor must not call them. Elsewhere
 * ARMOUR_VECTOR is not defined and they do not exist.
 */
#ifndef WEIR_DECODE_ARMOUR_VECTOR_H
#define WEIR_DECODE_ARMOUR_VECTOR_H

#include "armour.h"

#if defined(__x86_64__)
#define ARMOUR_VECTOR 1

#include <tmmintrin.h>

#define WITH_VECTORS __attribute__((target("ssse3")))

static inline bool armour_has_vectors(void)
{
	return __builtin_cpu_supports("ssse3");
}

static inline WITH_VECTORS __m128i vector_load(const uint8_t *bytes)
{
	return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

/* The last count (1 to 15) of the sixteen bytes that end at end, moved to the front; zeros behind them. */
static inline WITH_VECTORS __m128i vector_tail(__m128i bytes, size_t count)
{
	static const uint8_t places[32] = {0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,
	                                   11,   12,   13,   14,   15,   0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	                                   0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};

	return _mm_shuffle_epi8(bytes, vector_load(places + 16 - count));
}

/* Characters less '0': negative, 40 to 47 and above 71 are none of the armour's. Their sign bits are set. */
static inline WITH_VECTORS __m128i vector_illegal(__m128i values)
{
	__m128i past_W = _mm_cmpgt_epi8(values, _mm_set1_epi8(39));
	__m128i before_grave = _mm_cmpgt_epi8(_mm_set1_epi8(48), values);
	__m128i past_w = _mm_cmpgt_epi8(values, _mm_set1_epi8(71));

	return _mm_or_si128(_mm_or_si128(values, past_w), _mm_and_si128(past_W, before_grave));
}

/* Characters less '0' to 96 bits in the first twelve bytes; zeros behind them. */
static inline WITH_VECTORS __m128i vector_bits(__m128i values)
{
	const __m128i big_endian = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
	__m128i past_W = _mm_cmpgt_epi8(values, _mm_set1_epi8(39));

	values = _mm_sub_epi8(values, _mm_and_si128(past_W, _mm_set1_epi8(8))); /* the gap is eight wide */
	__m128i pairs = _mm_maddubs_epi16(values, _mm_set1_epi16(0x0140));      /* first * 64 + second */
	__m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00011000));      /* first * 4,096 + second */

	return _mm_shuffle_epi8(fours, big_endian);
}

/* As weir_dearmour(). */
static inline WITH_VECTORS bool weir_dearmour_vectors(uint8_t *out, const uint8_t *text, size_t length,
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

/* As xor_bytes(). */
static inline WITH_VECTORS uint8_t xor_bytes_vectors(const uint8_t *text, size_t length)
{
	const uint8_t *end = text + length;
	__m128i sum = _mm_setzero_si128();

	if (length < 16)
		return xor_bytes(text, length);
	for (; text + 16 <= end; text += 16)
		sum = _mm_xor_si128(sum, vector_load(text));
	if (text < end)
		sum = _mm_xor_si128(sum, vector_tail(vector_load(end - 16), (size_t)(end - text)));
	sum = _mm_xor_si128(sum, _mm_unpackhi_epi64(sum, sum));
	uint64_t word = (uint64_t)_mm_cvtsi128_si64(sum);

	word ^= word >> 32;
	word ^= word >> 16;
	return (uint8_t)(word ^ word >> 8);
}

#endif
#endif
