/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A report: what one AIS message or one GPS fix says about one device, in the units that fences and
 * rules use. It is the boundary between decoding and detection: detection never sees bits.
 */
#ifndef WEIR_REPORT_H
#define WEIR_REPORT_H

#include <stdbool.h>
#include <stdint.h>

enum weir_class {
	WEIR_CLASS_A,        /* AIS 1, 2, 3, 5, 27 */
	WEIR_CLASS_B,        /* AIS 18, 19, 24 */
	WEIR_CLASS_BASE,     /* AIS 4, 11 */
	WEIR_CLASS_ATON,     /* AIS 21, 28 */
	WEIR_CLASS_AIRCRAFT, /* AIS 9 */
	WEIR_CLASS_GPS,      /* NMEA GNSS sentences */
	WEIR_CLASS_OTHER,    /* all else */
	WEIR_CLASSES
};

/* The label that events carry: "A", "B", "base", "aton", "aircraft", "gps", "other". */
const char *weir_class_name(enum weir_class station_class);

/* Which members of struct weir_report hold a value. What the message marks 'not available' has no bit. */
enum weir_report_has {
	WEIR_HAS_POSITION = 1u << 0,
	WEIR_HAS_SOG = 1u << 1,
	WEIR_HAS_COG = 1u << 2,
	WEIR_HAS_HEADING = 1u << 3,
	WEIR_HAS_NAV_STATUS = 1u << 4,
	WEIR_HAS_UTC_SECOND = 1u << 5,
	WEIR_HAS_NAME = 1u << 6,
	WEIR_HAS_CALL_SIGN = 1u << 7,
	WEIR_HAS_SHIP_TYPE = 1u << 8,
	WEIR_HAS_DIMENSIONS = 1u << 9,
	WEIR_HAS_IMO = 1u << 10,
	WEIR_HAS_DESTINATION = 1u << 11,
	WEIR_HAS_DRAUGHT = 1u << 12,
	WEIR_HAS_ETA = 1u << 13,
};

struct weir_report {
	uint32_t mmsi; /* 1 to 999,999,999; 0 for a GPS device */
	uint32_t has;  /* enum weir_report_has */
	/*
	 * What of COG, HEADING, NAV_STATUS, SHIP_TYPE, IMO and ETA is reserved or out of range in the
	 * message. The integers that came are then in cog_raw, heading_raw, nav_status, ship_type, imo,
	 * eta_month to eta_minute. Course and heading have no bit in `has` then; an ETA has one if its day is
	 * one.
	 */
	uint32_t reserved;
	uint8_t message;       /* AIS message type 1 to 28; 0 for GPS */
	uint8_t station_class; /* enum weir_class */
	uint8_t nav_status;    /* ITU-R M.1371-5 table 45: 0 to 14 (15, not defined, has no bit) */
	uint8_t utc_second;    /* 0 to 59 */
	double longitude_deg;  /* -180 to 180, WGS 84, east positive */
	double latitude_deg;   /* -90 to 90, WGS 84, north positive */
	float sog_kn;          /* 0 to 102.2 */
	float cog_deg;         /* 0 to 359.9, true */
	uint16_t heading_deg;  /* 0 to 359, true */
	uint16_t cog_raw; /* where COG is reserved: 0.1 degree, 3,601 to 4,095; of 27 degrees, 360 to 510 */
	uint16_t heading_raw;   /* where HEADING is reserved: 360 to 510 */
	uint8_t ship_type;      /* ITU-R M.1371-5 table 53; 0, not available, has no bit */
	uint16_t to_bow_m;      /* 0 to 511 */
	uint16_t to_stern_m;    /* 0 to 511 */
	uint8_t to_port_m;      /* 0 to 63 */
	uint8_t to_starboard_m; /* 0 to 63 */
	uint32_t imo;
	float draught_m;    /* 0.1 to 25.5 */
	uint8_t eta_month;  /* 1 to 12 */
	uint8_t eta_day;    /* 1 to 31 */
	uint8_t eta_hour;   /* 0 to 23; 24: not available; above: reserved */
	uint8_t eta_minute; /* 0 to 59; 60: not available; above: reserved */
	char name[36];      /* six-bit text without trailing '@' and blanks; 21 with extension has 34 */
	char call_sign[8];
	char destination[21];
};

/*
 * The devices that the engine must see wherever they are: AIS-SART 970xxxxxx, MOB 972xxxxxx,
 * EPIRB-AIS 974xxxxxx (ITU-R M.585), and navigation status 14 from anyone. The prefilter passes them.
 */
static inline bool weir_mmsi_is_distress(uint32_t mmsi)
{
	uint32_t prefix = mmsi / 1000000;
	return prefix == 970 || prefix == 972 || prefix == 974;
}

#endif
