/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plain case, by words and by vectors. See plain.h.
 */
#include "plain.h"

#include "sentence.h"
#include "vectors.h"

#define PLAIN_PAYLOAD 14 /* where it begins: behind "!AIVDM,1,1,,A," */
#define PLAIN_TAIL 5     /* ",0*hh" */

/* Eight characters as load_word() gives them. */
#define WORD(a, b, c, d, e, f, g, h)                                                                         \
	((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 |                    \
	 (uint64_t)(e) << 32 | (uint64_t)(f) << 40 | (uint64_t)(g) << 48 | (uint64_t)(h) << 56)

static inline bool is_talker(uint8_t c)
{
	return (uint8_t)(c - 'A') < 26 || (uint8_t)(c - '0') < 10 || c == '-';
}

struct plain {
	uint32_t length; /* without the line's end; 0: not the plain case */
	uint32_t payload_length;
	unsigned int fill;
	int sum; /* what the sentence says of it */
};

/* All but the payload's characters and whether the sum holds. */
static inline struct plain plain_fields(const uint8_t *text, uint32_t length)
{
	const struct plain other = {.length = 0};
	const uint64_t any = 0xff;

	if (length > 0 && text[length - 1] == '\n')
		length--;
	if (length > 0 && text[length - 1] == '\r')
		length--;
	if (length <= PLAIN_PAYLOAD + PLAIN_TAIL || length > SENTENCE_MAX)
		return other;
	uint64_t head = load_word(text) & ~WORD(0, any, any, 0, 0, 0, 0, 0);
	uint64_t fields = load_word(text + 6) & ~WORD(0, 0, 0, 0, 0, 0, any, 0);
	const uint8_t *tail = text + length - PLAIN_TAIL;
	unsigned int fill = (unsigned int)tail[1] - '0';

	if (head != WORD('!', 0, 0, 'V', 'D', 'M', ',', '1') ||
	    fields != WORD(',', '1', ',', '1', ',', ',', 0, ',') || tail[0] != ',' || fill > 5 ||
	    tail[2] != '*' || !weir_vdm_is_channel(text[12]) || !is_talker(text[1]) || !is_talker(text[2]))
		return other;
	return (struct plain){
	        .length = length,
	        .payload_length = length - PLAIN_PAYLOAD - PLAIN_TAIL,
	        .fill = fill,
	        .sum = hex_byte(tail + 3),
	};
}

uint32_t weir_plain_bits(uint8_t *bits, const uint8_t *text, uint32_t length)
{
	struct plain plain = plain_fields(text, length);

	if (plain.length == 0 || plain.sum != xor_bytes(text + 1, plain.length - 4) ||
	    !weir_dearmour(bits, text + PLAIN_PAYLOAD, plain.payload_length, plain.fill))
		return 0;
	return plain.payload_length * 6 - plain.fill;
}

#ifdef TEXT_VECTORS
static WITH_SSSE3 uint32_t plain_bits_vectors(uint8_t *bits, const uint8_t *text, uint32_t length)
{
	struct plain plain = plain_fields(text, length);

	if (plain.length == 0 || plain.sum != xor_bytes_vectors(text + 1, plain.length - 4) ||
	    !weir_dearmour_vectors(bits, text + PLAIN_PAYLOAD, plain.payload_length, plain.fill))
		return 0;
	return plain.payload_length * 6 - plain.fill;
}
#endif

static bool dearmour_words(uint8_t *out, const uint8_t *text, size_t length, unsigned int fill)
{
	return weir_dearmour(out, text, length, fill);
}

#ifdef TEXT_VECTORS
static WITH_SSSE3 bool dearmour_vectors(uint8_t *out, const uint8_t *text, size_t length, unsigned int fill)
{
	return weir_dearmour_vectors(out, text, length, fill);
}
#endif

struct payload_readers weir_payload_readers(void)
{
#ifdef TEXT_VECTORS
	if (vectors_dearmour())
		return (struct payload_readers){plain_bits_vectors, dearmour_vectors};
#endif
	return (struct payload_readers){weir_plain_bits, dearmour_words};
}
