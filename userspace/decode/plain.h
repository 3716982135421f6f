/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plain case: a datagram that is exactly one "!ccVDM,1,1,,A,<payload>,0*hh", with or without its line
 * end. Four of five datagrams of a live feed are. It says nothing that the general way would not say, only
 * sooner; and where anything is unusual it says nothing at all, and the general way finds out what.
 */
#ifndef WEIR_DECODE_PLAIN_H
#define WEIR_DECODE_PLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "armour.h"
#include "sentence.h"

#define PLAIN_PAYLOAD 14 /* where it begins: behind "!AIVDM,1,1,,A," */
#define PLAIN_TAIL 5     /* ",0*hh" */

/* Eight characters as load_word() gives them. */
#define WORD(a, b, c, d, e, f, g, h)                                                                         \
	((uint64_t)(a) | (uint64_t)(b) << 8 | (uint64_t)(c) << 16 | (uint64_t)(d) << 24 |                    \
	 (uint64_t)(e) << 32 | (uint64_t)(f) << 40 | (uint64_t)(g) << 48 | (uint64_t)(h) << 56)

static inline bool plain_is_talker(uint8_t c)
{
	return (uint8_t)(c - 'A') < 26 || (uint8_t)(c - '0') < 10 || c == '-';
}

/*
 * Writes the payload's bits to bits, which has ARMOUR_ROOM(SENTENCE_MAX). Returns their number; 0: not the
 * plain case.
 */
static inline uint32_t weir_plain_bits(uint8_t *bits, const uint8_t *text, uint32_t length)
{
	const uint64_t any = 0xff;

	if (length > 0 && text[length - 1] == '\n')
		length--;
	if (length > 0 && text[length - 1] == '\r')
		length--;
	if (length <= PLAIN_PAYLOAD + PLAIN_TAIL || length > SENTENCE_MAX)
		return 0;
	uint64_t head = load_word(text) & ~WORD(0, any, any, 0, 0, 0, 0, 0);
	uint64_t fields = load_word(text + 6) & ~WORD(0, 0, 0, 0, 0, 0, any, 0);
	const uint8_t *tail = text + length - PLAIN_TAIL;
	unsigned int fill = (unsigned int)tail[1] - '0';

	if (head != WORD('!', 0, 0, 'V', 'D', 'M', ',', '1') ||
	    fields != WORD(',', '1', ',', '1', ',', ',', 0, ',') || tail[0] != ',' || fill > 5 ||
	    tail[2] != '*' || !weir_vdm_is_channel(text[12]) || !plain_is_talker(text[1]) ||
	    !plain_is_talker(text[2]))
		return 0;
	if (hex_byte(tail + 3) != xor_bytes(text + 1, length - 4))
		return 0;
	uint32_t payload = length - PLAIN_PAYLOAD - PLAIN_TAIL;

	return weir_dearmour(bits, text + PLAIN_PAYLOAD, payload, fill) ? payload * 6 - fill : 0;
}

#endif
