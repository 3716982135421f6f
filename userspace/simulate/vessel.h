/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A vessel: who it is, what it means to do, and where that has brought it. It is stepped by time and
 * knows nothing of other vessels, nor of AIS messages.
 *
 * What it means to do is a list of legs: sail along a route, stay somewhere, loiter around a point.
 */
#ifndef WEIR_SIMULATE_VESSEL_H
#define WEIR_SIMULATE_VESSEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "random.h"
#include "route.h"

struct weir_identity {
	uint32_t mmsi;
	uint32_t imo; /* 0: none */
	char call_sign[8];
	char name[21];
	char destination[21];
	uint8_t ship_type; /* ITU-R M.1371-5 table 53 */
	bool class_b;
	uint16_t to_bow_m, to_stern_m;
	uint8_t to_port_m, to_starboard_m;
	uint8_t draught_dm;
	uint8_t eta_month, eta_day, eta_hour, eta_minute;
};

enum weir_leg_kind {
	WEIR_LEG_SAIL,   /* along the route from from_m to to_m, backwards where to_m is less */
	WEIR_LEG_STAY,   /* at the place, swinging by up to radius_m, for duration_s */
	WEIR_LEG_LOITER, /* around the place, up to radius_m off, for duration_s */
};

struct weir_leg {
	enum weir_leg_kind kind;
	uint8_t nav_status;
	double speed_kn; /* meant: what the route's limit allows of it is sailed */
	const struct weir_route *route;
	double from_m, to_m;
	bool here;                                       /* the stay is where the vessel came to */
	double longitude_deg, latitude_deg, heading_deg; /* of a stay; centre of loitering */
	double radius_m;
	double duration_s; /* 0: for ever */
};

#define WEIR_LEGS_MAX 4

struct weir_motion {
	double longitude_deg, latitude_deg;
	double sog_kn;
	double cog_deg;
	double heading_deg;
	double turn_deg_min; /* to starboard positive */
	uint8_t nav_status;
};

struct weir_vessel {
	struct weir_identity identity;
	struct weir_leg legs[WEIR_LEGS_MAX];
	size_t leg_count;
	bool repeats;          /* after the last leg comes the first, else the vessel is done */
	double keep_starboard; /* share of the half width that it keeps right of the middle, -1 to 1 */
	double leeway_deg;     /* heading less course */
	double phase;          /* 0 to 1: makes loitering and swinging vessels differ */

	size_t leg;              /* the one under way */
	double leg_s;            /* time spent in it */
	double distance_m;       /* along the route, where it sails */
	struct weir_place place; /* what holds at that distance; its course is the vessel's */
	bool done;
	struct weir_motion motion;
};

/* Puts the vessel at the beginning of its first leg, or start_m further along it where it sails. */
void weir_vessel_begin(struct weir_vessel *vessel, double start_m);

/* Lets time pass. */
void weir_vessel_advance(struct weir_vessel *vessel, double seconds);

#endif
