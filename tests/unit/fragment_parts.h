/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of messages of several sentences.
 */
#ifndef WEIR_TESTS_FRAGMENT_PARTS_H
#define WEIR_TESTS_FRAGMENT_PARTS_H

#include "suite.h"

#include "crafted.h"

#define S INT64_C(1000000000)

static inline void feed(struct ear *ear, struct text text)
{
	ear_feed(ear, text.bytes, text.length);
}

/* Part number of two of the type 5 of MMSI + ship, sequence 1, channel A. */
static inline struct text half(uint32_t ship, int number)
{
	return static_part(MMSI + ship, "NOORDZEE", number, 2, "1", "A");
}

static inline struct text with_tag(const char *parameters, struct text part)
{
	struct text text = tag(parameters);

	memcpy(text.bytes + text.length, part.bytes, part.length + 1);
	text.length += part.length;
	return text;
}

static inline const struct weir_decode_counters *counters(const struct ear *ear)
{
	return weir_decoder_counters(ear->decoder);
}

#endif
