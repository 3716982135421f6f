/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Malformed input of every kind that receivers and networks produce, made from a sound message: what a
 * gateway must put aside with a reason.
 */
#ifndef WEIR_SIMULATE_SPOIL_H
#define WEIR_SIMULATE_SPOIL_H

#include <stddef.h>

#include <weir/ais.h>
#include <weir/encode.h>
#include <weir/fault.h>

#include "random.h"

enum weir_spoil {
	WEIR_SPOIL_CHECKSUM_WRONG,
	WEIR_SPOIL_CHECKSUM_MISSING,
	WEIR_SPOIL_CUT,
	WEIR_SPOIL_NOISE,
	WEIR_SPOIL_EMPTY,
	WEIR_SPOIL_TOO_LONG,
	WEIR_SPOIL_CHARSET,
	WEIR_SPOIL_FIELDS,
	WEIR_SPOIL_FRAGMENT, /* one part of something whose others never came */
	WEIR_SPOIL_ALPHABET,
	WEIR_SPOIL_SHORT,
	WEIR_SPOIL_POSITION,
	WEIR_SPOIL_IDENTITY,
	WEIR_SPOILS
};

/* The reason that a gateway should give. */
enum weir_fault weir_spoil_fault(enum weir_spoil spoil);

#define WEIR_SPOILED_MAX 512

/*
 * Writes one malformed datagram, made from a position report. It may hold any bytes. Returns its length,
 * at most WEIR_SPOILED_MAX, or a negative errno of the encoder.
 */
int weir_spoil(enum weir_spoil spoil, const struct weir_ais *ais, struct weir_random *random,
               char out[static WEIR_SPOILED_MAX]);

#endif
