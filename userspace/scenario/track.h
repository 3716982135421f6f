/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a device of a scenario is at a time, and how it goes: its route and its events, stepped by time.
 * Between waypoints it follows the geodesic. It knows no messages and no noise.
 */
#ifndef WEIR_SCENARIO_TRACK_H
#define WEIR_SCENARIO_TRACK_H

#include <stdbool.h>
#include <stdint.h>

#include "scenario/scenario.h"

struct weir_track;

/* What a device would say of itself at a moment. */
struct weir_track_state {
	double longitude_deg, latitude_deg; /* where it says that it is */
	double sog_kn, cog_deg;             /* at rest the course is the last one */
	uint8_t nav_status;
	bool silent;     /* it does not transmit */
	int64_t late_ns; /* what it sends arrives so much later */
};

/* Borrows the device, and begins at its from_ns. Returns 0, -ENOMEM, or -ENOTSUP where PROJ, which knows
 * geodesics, can't be loaded. */
int weir_track_new(struct weir_track **out, const struct weir_scenario_device *device);

/* Time (ns since the start of the scenario) goes on to at_ns, at least from_ns; it never goes back. */
void weir_track_advance(struct weir_track *track, int64_t at_ns, struct weir_track_state *state);

/* The next time at which an event begins or a stop ends; INT64_MAX: there is none. */
int64_t weir_track_next_change_ns(const struct weir_track *track);

/* Takes NULL. */
void weir_track_free(struct weir_track *track);

#endif
