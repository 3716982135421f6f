/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plain case: a datagram that is exactly one "!ccVDM,1,1,,A,<payload>,0*hh", with or without its line
 * end. Four of five datagrams of a live feed are. It says nothing that the general way would not say, only
 * sooner; and where anything is unusual it says nothing at all, and the general way finds out what.
 */
#ifndef WEIR_DECODE_PLAIN_H
#define WEIR_DECODE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Writes the payload's bits to bits, which has ARMOUR_ROOM(SENTENCE_MAX). Returns their number; 0: not the
 * plain case.
 */
typedef uint32_t plain_bits_fn(uint8_t *bits, const uint8_t *text, uint32_t length);

/* A word at a time, on any machine. */
plain_bits_fn weir_plain_bits;

/* The quickest that this machine has. All of them say the same; dearmour() is weir_dearmour(). */
struct payload_readers {
	plain_bits_fn *plain_bits;
	bool (*dearmour)(uint8_t *out, const uint8_t *text, size_t length, unsigned int fill);
};

struct payload_readers weir_payload_readers(void);

#endif
