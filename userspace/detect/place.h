/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A position and how the device moved there, in 24 bytes: as exact as AIS and as alert identifiers are.
 */
#ifndef WEIR_PLACE_H
#define WEIR_PLACE_H

#include <stdint.h>

#include <weir/report.h>

struct weir_place {
	int32_t longitude, latitude; /* 1e-7 degrees */
	uint16_t sog, cog;           /* tenths of a knot, of a degree */
	uint16_t heading;            /* degrees */
	uint8_t has;                 /* enum weir_report_has, as far as it is kept; 0: no fix */
	uint8_t message, station_class, nav_status, utc_second;
	uint8_t reserved; /* 0: what is saved has no padding */
};

static inline double weir_place_degrees(int32_t scaled)
{
	return scaled / 1e7;
}

/* A report that carries a position or a navigation status. */
struct weir_place weir_place_of(const struct weir_report *report);

/* As a report of the device. */
void weir_place_report(const struct weir_place *fix, uint32_t mmsi, struct weir_report *report);

#endif
