/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of GPS sentences (NMEA 0183 4.10, 6.3): RMC, GGA, GLL, GNS, VTG, ZDA, HDT. One sentence at a
 * time; what belongs together is decided elsewhere.
 */
#ifndef WEIR_DECODE_GPS_SENTENCE_H
#define WEIR_DECODE_GPS_SENTENCE_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/fault.h>
#include <weir/gps.h>

#include "sentence.h"

struct gps_date {
	uint16_t year; /* four digits; below 100: the century is not known; with month 0: no date */
	uint8_t month, day;
};

struct gps_sentence {
	uint32_t kind;          /* enum weir_fix_sentence */
	bool has_time;          /* time_of_day_ns */
	bool has_position;      /* fix.longitude_deg and fix.latitude_deg, valid */
	bool is_void;           /* the receiver says that it has no position */
	int64_t time_of_day_ns; /* second 60 is the first one of the next minute */
	struct gps_date date;
	struct weir_fix fix; /* has, and what it says */
};

/*
 * Returns 0; -ENOENT where the sentence, whose address has address characters, is none of these; -EBADMSG
 * and why: WEIR_FAULT_FIELDS, or WEIR_FAULT_POSITION for one that is not on the earth.
 */
int weir_gps_parse(struct gps_sentence *out, enum weir_fault *fault, const struct frame *frame,
                   uint32_t address);

#endif
