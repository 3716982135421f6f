/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AIS messages as the JSON that `gpsdecode -j` and `gpsdecode -u -j` of the gpsd project print (release
 * 3.27): the same names in the same order, scaled and rounded the same, with the same texts.
 *
 *     struct weir_gpsd gpsd = {.scaled = true};
 *     char line[WEIR_GPSD_LINE_MAX];
 *     size_t length = weir_gpsd_json(&gpsd, &ais, 'A', line);
 *     fwrite(line, 1, length, stdout);
 *
 * Thread-safety: one thread at a time for a struct weir_gpsd.
 */
#ifndef WEIR_GPSD_H
#define WEIR_GPSD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/ais.h>

/* Enough for any message: the longest is a text whose 170 characters are all escaped, or 31 waypoints. */
#define WEIR_GPSD_LINE_MAX 4096

/* Names of message 24 part A that wait for their part B: as many as gpsd keeps, for either channel. */
#define WEIR_GPSD_NAMES 8

struct weir_gpsd {
	bool scaled; /* degrees, knots and texts, else the integers of the message */
	bool split;  /* print the parts of message 24 as they come (gpsdecode -s), else only both together */

	struct weir_gpsd_names {
		uint32_t next; /* the slot for the next name */
		struct {
			uint32_t mmsi; /* 0: free */
			char name[21];
		} slots[WEIR_GPSD_NAMES];
	} names[2]; /* channel A and channel B: parts heard on different channels stay apart */
};

/*
 * Writes one line, with CR and LF as gpsdecode does, without a NUL. Returns its length; 0 where there is
 * nothing to print: a part of message 24 that waits for the other, a message without a layout. The channel
 * is the sentence's: 'B' and '2' are one, all else is the other.
 */
size_t weir_gpsd_json(struct weir_gpsd *gpsd, const struct weir_ais *ais, char channel,
                      char line[WEIR_GPSD_LINE_MAX]);

#endif
