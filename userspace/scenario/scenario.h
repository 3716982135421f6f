/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario: what devices do, written as a YAML file, for `weir simulate FILE` and for tests. The same file
 * gives the same bytes.
 *
 *     start: 2026-09-10T00:00:00Z      # UTC; every *_s below counts from here
 *     duration_s: 3600                 # nothing is transmitted later
 *     seed: 1                          # of the noise (1)
 *     stations:                        # who hears all of it; none: one without a name
 *       - {name: west}                 # at most 15 characters
 *       - {name: east, delay_s: 0.4, clock_s: 2}   # its datagrams arrive later; its clock is ahead
 *     marks:                           # lines of comment in a file that is written, "# reload new.geojson"
 *       - {at_s: 600, text: reload new.geojson}
 *     devices:
 *       - mmsi: 244660001              # or id: truck-12, of class gps. Two may have the same
 *         class: A                     # A, B, sart (970, 972, 974: bursts of eight), gps (RMC and GGA) (A)
 *         name: EXAMPLE                # name, call_sign, destination, ship_type, length_m, beam_m: with any
 *         ship_type: 70                #   of them static data is sent, each static_s
 *         static_s: 360
 *         nav_status: 0                # ITU-R M.1371-5 table 45; of a sart 14, under test 15
 *         interval_s: 10               # between positions; without it as M.1371-5 tables 1 and 2 say
 *         from_s: 0                    # begins its route then, and transmits; no more from until_s on
 *         until_s: 3600
 *         noise_m: 0                   # of its positions: standard deviation on each axis
 *         speed_kn: 10                 # where the route says nothing (0)
 *         at_end: stay                 # of the route: stay, back (and so on to and fro), leave
 *         route:                       # waypoints; between them the geodesic
 *           - at: [3.95, 51.99]        # longitude, latitude
 *           - {at: [4.05, 51.99], speed_kn: 8}             # the speed on the way there, and from then on
 *           - {course_deg: 90, distance_m: 2000}           # from the one before
 *         events:
 *           - {at_s: 300, stop_s: 600, nav_status: 1}      # lies still for so long, with that status
 *           - {at_s: 300, gap_s: 600}                      # does not transmit
 *           - {at_s: 300, east_m: 5000, north_m: 0, for_s: 10}  # positions are off by so much; 0: for ever
 *           - {at_s: 300, speed_kn: 14}                    # whatever the route says
 *           - {at_s: 300, reverse: true}                   # goes back on its route
 *           - {at_s: 300, nav_status: 14}
 *           - {at_s: 300, late_s: 40, for_s: 20}           # what it sends meanwhile arrives so much later
 *
 * An event holds at its time: a report of that moment shows it already. Speed and course change at once. At
 * the intervals of M.1371 a device reports at each event, too.
 *
 * Unknown keys, impossible values and what does not go together are errors with line and column.
 *
 * Thread-safety: a scenario does not change once it is loaded.
 */
#ifndef WEIR_SCENARIO_SCENARIO_H
#define WEIR_SCENARIO_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/problem.h>

enum weir_scenario_class {
	WEIR_SCENARIO_A,
	WEIR_SCENARIO_B,
	WEIR_SCENARIO_SART,
	WEIR_SCENARIO_GPS,
	WEIR_SCENARIO_CLASSES
};

enum weir_scenario_end { WEIR_SCENARIO_STAY, WEIR_SCENARIO_BACK, WEIR_SCENARIO_LEAVE };

struct weir_scenario_station {
	const char *name;
	int64_t delay_ns, clock_ns;
};

struct weir_scenario_mark {
	int64_t at_ns;
	const char *text;
};

struct weir_scenario_waypoint {
	double at[2]; /* longitude, latitude */
	bool has_at, has_course, has_distance, has_speed;
	double course_deg, distance_m, speed_kn;
};

struct weir_scenario_event {
	int64_t at_ns, stop_ns, gap_ns, late_ns, for_ns;
	bool has_stop, has_gap, has_late, has_for, has_speed, has_status, has_east, has_north;
	bool reverse;
	double speed_kn, east_m, north_m;
	uint64_t nav_status;
};

struct weir_scenario_device {
	uint64_t mmsi;
	bool has_mmsi, has_interval, has_until, has_status, has_ship_type, has_length, has_beam;
	const char *id;
	int class;                                  /* enum weir_scenario_class */
	int at_end;                                 /* enum weir_scenario_end */
	const char *name, *call_sign, *destination; /* NULL: not said */
	uint64_t ship_type, length_m, beam_m, nav_status;
	int64_t static_ns, interval_ns, from_ns, until_ns;
	double noise_m, speed_kn;
	struct weir_scenario_waypoint *route;
	size_t route_count;                 /* at least 1 */
	struct weir_scenario_event *events; /* in the order of their times */
	size_t event_count;
};

struct weir_scenario {
	const char *start; /* as it was written */
	int64_t start_ns;  /* Unix time; may be changed before it is played */
	int64_t duration_ns;
	uint64_t seed;
	struct weir_scenario_station *stations;
	size_t station_count;             /* at least 1 */
	struct weir_scenario_mark *marks; /* in the order of their times */
	size_t mark_count;
	struct weir_scenario_device *devices;
	size_t device_count;       /* at least 1 */
	struct weir_block *memory; /* all that it points to */
};

/* Returns 0, or a negative errno with at least one problem added: all that could be found. */
int weir_scenario_load(struct weir_scenario **out, const char *file, struct weir_problems *problems);

/* Takes NULL. */
void weir_scenario_free(struct weir_scenario *scenario);

#endif
