/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which values of a field have no meaning: reserved for later, or out of range. 'Not available' has a
 * meaning. Clauses of ITU-R M.1371-5, annex 8.
 */
#ifndef WEIR_DECODE_AIS_RESERVED_H
#define WEIR_DECODE_AIS_RESERVED_H

#include <stdbool.h>
#include <stdint.h>

/* Table 45: 9 and 10 for craft that carry dangerous goods, 13 for future use. (11 and 12 are regional.) */
static inline bool ais_status_reserved(uint32_t status)
{
	return status == 9 || status == 10 || status == 13;
}

#define AIS_COG_NOT_AVAILABLE 3600
#define AIS_HEADING_NOT_AVAILABLE 511
#define AIS_COARSE_COG_NOT_AVAILABLE 511

static inline bool ais_cog_reserved(uint32_t cog)
{
	return cog > AIS_COG_NOT_AVAILABLE;
}

static inline bool ais_heading_reserved(uint32_t heading)
{
	return heading >= 360 && heading != AIS_HEADING_NOT_AVAILABLE;
}

/* Clause 3.25 */
static inline bool ais_coarse_cog_reserved(uint32_t cog)
{
	return cog >= 360 && cog != AIS_COARSE_COG_NOT_AVAILABLE;
}

/* Table 53: 1 to 19, 38, 39 and above 99; and the second digits 5 to 8 where it says what the cargo is. */
static inline bool ais_ship_type_reserved(uint32_t type)
{
	uint32_t first = type / 10, second = type % 10;
	bool says_cargo = first == 2 || first == 4 || first >= 6;

	return (type >= 1 && type < 20) || type == 38 || type == 39 || type > 99 ||
	       (says_cargo && second >= 5 && second <= 8);
}

/* Clause 3.3: 1 to 999,999 are not used; above 9,999,999 are the flag states' own numbers. */
static inline bool ais_imo_reserved(uint32_t imo)
{
	return imo >= 1 && imo < 1000000;
}

/* Tables 48 and 52: 0 is 'not available' of month and day, 24 of hour, 60 of minute and second. */
static inline bool ais_month_reserved(uint32_t month)
{
	return month > 12;
}

static inline bool ais_hour_reserved(uint32_t hour)
{
	return hour > 24;
}

static inline bool ais_minute_reserved(uint32_t minute)
{
	return minute > 60;
}

/* Table 48: 9 to 14 are not used, 15 is an internal GNSS receiver. */
static inline bool ais_epfd_reserved(uint32_t epfd)
{
	return epfd > 8 && epfd < 15;
}

#endif
