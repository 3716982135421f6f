/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From a report to a place and back. See place.h.
 */
#include "detect/place.h"

#include <math.h>

#define KEPT                                                                                                 \
	(WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_COG | WEIR_HAS_HEADING | WEIR_HAS_NAV_STATUS |          \
	 WEIR_HAS_UTC_SECOND)
_Static_assert(KEPT <= UINT8_MAX, "what is kept has room in a byte");

/* A GPS receiver may claim any speed. */
static uint16_t tenths(float value)
{
	double scaled = round((double)value * 10);

	return scaled > UINT16_MAX ? UINT16_MAX : scaled > 0 ? (uint16_t)scaled : 0;
}

struct weir_place weir_place_of(const struct weir_report *report)
{
	return (struct weir_place){
	        .longitude = (int32_t)lround(report->longitude_deg * 1e7),
	        .latitude = (int32_t)lround(report->latitude_deg * 1e7),
	        .sog = tenths(report->sog_kn),
	        .cog = tenths(report->cog_deg),
	        .heading = report->heading_deg,
	        .has = (uint8_t)(report->has & KEPT),
	        .message = report->message,
	        .station_class = report->station_class,
	        .nav_status = report->nav_status,
	        .utc_second = report->utc_second,
	};
}

void weir_place_report(const struct weir_place *fix, uint32_t mmsi, struct weir_report *report)
{
	*report = (struct weir_report){
	        .mmsi = mmsi,
	        .has = fix->has,
	        .message = fix->message,
	        .station_class = fix->station_class,
	        .nav_status = fix->nav_status,
	        .utc_second = fix->utc_second,
	        .longitude_deg = weir_place_degrees(fix->longitude),
	        .latitude_deg = weir_place_degrees(fix->latitude),
	        .sog_kn = (float)fix->sog / 10,
	        .cog_deg = (float)fix->cog / 10,
	        .heading_deg = fix->heading,
	};
}
