/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GPS sentences of one epoch, and an ear for what the decoder makes of lines of them.
 */
#ifndef WEIR_TESTS_GPS_LINES_H
#define WEIR_TESTS_GPS_LINES_H

#include "suite.h"

#include <math.h>

#include "crafted.h"
#include "decode/gps_epochs.h"
#include "decode/lines.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)
/* 2026-11-22 11:01:24 UTC */
#define FIX_NS (INT64_C(1795345284) * S)

static const struct weir_decoder_options with_fixes = {.fixes = true};

static inline void open_near(struct ear *ear, int64_t now_ns)
{
	ear_open_with(ear, &with_fixes);
	ear->now_ns = now_ns;
}

/* Each line is a sentence without its checksum; a datagram each. */
static inline void feed_lines(struct ear *ear, const char *lines)
{
	while (*lines != '\0') {
		int length = (int)strcspn(lines, "\n");
		struct text text = sentence("%.*s", length, lines);

		ear_feed(ear, text.bytes, text.length);
		lines += length + (lines[length] == '\n');
	}
}

static inline const struct weir_decode_counters *counters(const struct ear *ear)
{
	return weir_decoder_counters(ear->decoder);
}

#define RMC "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,221126,,,A"
#define GGA "$GPGGA,110124.00,5159.25940,N,00403.07400,E,1,09,0.9,2.5,M,45.0,M,,"
#define GLL "$GPGLL,5159.25940,N,00403.07400,E,110124.00,A,A"
#define GNS "$GNGNS,110124.00,5159.25940,N,00403.07400,E,AN,12,0.9,2.5,45.0,,"
#define VTG "$GPVTG,231.4,T,,M,12.3,N,22.8,K,A"
#define ZDA "$GPZDA,110124.00,22,11,2026,00,00"
#define HDT "$HEHDT,230.1,T"

#endif
