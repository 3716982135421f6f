/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What transmits from a fixed place: base stations and aids to navigation.
 */
#ifndef WEIR_SIMULATE_SHORE_H
#define WEIR_SIMULATE_SHORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/ais.h>

struct weir_shore {
	double longitude_deg, latitude_deg;
	const char *name; /* NULL: a base station */
	uint32_t mmsi;    /* 00MIDxxxx of base stations, 99MIDxxxx of aids (ITU-R M.585) */
	uint8_t aid_type; /* ITU-R M.1371-5 table 71 */
	bool virtual_aid;
};

/* Those of the port and of the sea off it. */
const struct weir_shore *weir_shore(size_t *count);

/* Message 4 of a base station, 21 of an aid. */
void weir_message_shore(struct weir_ais *ais, const struct weir_shore *shore, int64_t time_ns);

#endif
