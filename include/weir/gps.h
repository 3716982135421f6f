/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GPS fixes: what the sentences RMC, GGA, GLL, GNS, VTG, ZDA and HDT of one epoch of one source say
 * together. An epoch is the time of day that its sentences carry; VTG and HDT, which carry none, belong to
 * the epoch that is open. A source is a sender's address and the station that the TAG block names.
 *
 * A fix is given when its epoch is over: when a sentence with another time comes from the same source, or
 * the time-out has passed. An epoch with no valid position gives none: a fix that the receiver calls void
 * (status V, mode N, quality 0), entered by hand or simulated (M and S, 7 and 8) is not a position. Of
 * several positions in an epoch the last one counts, of all other values the first. Whose sentences may begin
 * an epoch, the engine decides: <weir/engine.h>.
 */
#ifndef WEIR_GPS_H
#define WEIR_GPS_H

#include <stdint.h>

#include <weir/report.h>

/* The sentences that a fix was put together from. */
enum weir_fix_sentence {
	WEIR_FIX_RMC = 1u << 0,
	WEIR_FIX_GGA = 1u << 1,
	WEIR_FIX_GLL = 1u << 2,
	WEIR_FIX_GNS = 1u << 3,
	WEIR_FIX_VTG = 1u << 4,
	WEIR_FIX_ZDA = 1u << 5,
	WEIR_FIX_HDT = 1u << 6,
};

/* Which members of struct weir_fix hold a value. A fix always has a position. */
enum weir_fix_has {
	WEIR_FIX_HAS_SOG = 1u << 0,
	WEIR_FIX_HAS_COG = 1u << 1,
	WEIR_FIX_HAS_HEADING = 1u << 2,
	WEIR_FIX_HAS_ALTITUDE = 1u << 3,
	WEIR_FIX_HAS_SATELLITES = 1u << 4,
	WEIR_FIX_HAS_HDOP = 1u << 5,
};

struct weir_fix {
	uint32_t has;         /* enum weir_fix_has */
	uint32_t sentences;   /* enum weir_fix_sentence */
	double longitude_deg; /* -180 to 180, WGS 84, east positive */
	double latitude_deg;  /* -90 to 90, WGS 84, north positive */
	double sog_kn;        /* at least 0 */
	double cog_deg;       /* 0 to below 360, true */
	double heading_deg;   /* 0 to below 360, true; of HDT */
	double altitude_m;    /* above mean sea level */
	double hdop;
	uint8_t satellites; /* in use */
	char mode; /* 'A' autonomous, 'D' differential, 'P' precise, 'R' RTK, 'F' float RTK, 'E' estimated
	            * (NMEA 0183 4.10, mode indicator; GGA's quality is put into the same letters);
	            * '\0': the sentences don't say */
};

/* The fix in the units of rules and events; its station class is WEIR_CLASS_GPS, its MMSI 0. */
void weir_fix_report(const struct weir_fix *fix, struct weir_report *report);

#endif
