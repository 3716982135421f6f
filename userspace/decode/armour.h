/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The six-bit armour of AIS payloads (IEC 61162-1, VDM): '0' to 'W' stand for 0 to 39, '`' to 'w' for 40
 * to 63. Eight characters become 48 bits at a time; nothing branches on a character.
 */
#ifndef WEIR_DECODE_ARMOUR_H
#define WEIR_DECODE_ARMOUR_H

#include <stdbool.h>

#include "words.h"

/* Room that weir_dearmour() needs for length characters: what it writes, and 16 zero bytes that a reader of
 * words may touch. */
#define ARMOUR_ROOM(length) ((size_t)(length)*6 / 8 + 8 + 16)

/* Nonzero where one of the eight characters is none of the armour's. */
static inline uint64_t armour_illegal(uint64_t text)
{
	uint64_t low = text & BYTES(0x7f); /* adding to seven bits carries into the eighth and no further */
	uint64_t from_0 = low + BYTES(0x80 - '0');
	uint64_t past_W = low + BYTES(0x80 - 'X');
	uint64_t from_grave = low + BYTES(0x80 - '`');
	uint64_t past_w = low + BYTES(0x80 - 'x');

	return (text | ~from_0 | (past_W & ~from_grave) | past_w) & BYTES(0x80);
}

/* Eight legal characters to 48 bits, the first character's bits being the most significant ones. */
static inline uint64_t armour_bits(uint64_t text)
{
	uint64_t value = text - BYTES('0');

	value -= ((value + BYTES(0x10)) & BYTES(0x40)) >> 3; /* the gap after 'W' is eight wide */
	value = __builtin_bswap64(value);
	value = (value & 0x3f003f003f003f00) >> 2 | (value & 0x003f003f003f003f);
	value = (value & 0x0fff00000fff0000) >> 4 | (value & 0x00000fff00000fff);
	return (value & 0x00ffffff00000000) >> 8 | (value & 0x0000000000ffffff);
}

static inline void store_48_bits(uint8_t *out, uint64_t bits)
{
	uint64_t word = htobe64(bits << 16);

	memcpy(out, &word, sizeof(word));
}

/*
 * Writes length * 6 - fill bits, zeros after them, to out, which has ARMOUR_ROOM(length). The eight bytes
 * before text + length must be readable. fill is 0 to 5 and length at least 1. Returns false where a
 * character is illegal; out is of no use then.
 */
static inline bool weir_dearmour(uint8_t *out, const uint8_t *text, size_t length, unsigned int fill)
{
	const uint8_t *end = text + length;
	size_t count = length * 6 - fill;
	uint8_t *begin = out;
	uint64_t illegal = 0;
	size_t rest = length & 7;

	for (; text + 8 <= end; text += 8, out += 6) {
		uint64_t word = load_word(text);

		illegal |= armour_illegal(word);
		store_48_bits(out, armour_bits(word));
	}
	if (rest > 0) {
		uint64_t word = load_tail(end, rest) | BYTES('0') << (8 * rest); /* '0' is six zero bits */

		illegal |= armour_illegal(word);
		store_48_bits(out, armour_bits(word));
		out += 6;
	}
	memset(out, 0, 18);
	if (fill > 0) {
		begin[count / 8] &= (uint8_t)(0xff00u >> (count & 7));
		begin[count / 8 + 1] = 0;
	}
	return illegal == 0;
}

#endif
