/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's place is a distance along its route. Time passes in pieces that end where something changes: at
 * an event, at the end of a stop, at a waypoint.
 */
#include "scenario/track.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "fence/proj_library.h"

#define METRES_PER_SECOND_PER_KNOT (1852.0 / 3600.0)
#define NANOSECONDS 1e9

/* WGS 84 (NIMA TR8350.2, 3.2). */
#define EQUATOR_M 6378137.0
#define FLATTENING (1 / 298.257223563)

/* Going to and fro on a shorter route would be nothing but turning. */
#define SHORTEST_M 10

struct leg {
	double longitude_deg, latitude_deg, course_deg; /* of its beginning */
	double length_m, speed_kn;
};

struct weir_track {
	const struct weir_scenario_device *device;
	const struct weir_proj *proj;
	struct geod_geodesic earth;
	int64_t at_ns;
	size_t next_event;
	size_t leg;     /* the one that it is on */
	double along_m; /* from the beginning of that leg */
	bool backwards;
	bool ended;     /* it stays where the route ends */
	bool left;      /* it is seen no more */
	bool has_speed; /* an event has said one */
	double speed_kn;
	uint8_t nav_status, status_after; /* now; and after the stop */
	int64_t stopped_until_ns, silent_until_ns, off_until_ns, late_until_ns;
	int64_t late_ns;
	double east_m, north_m; /* how far off its positions are, until off_until_ns */
	double length_m;        /* of all legs */
	size_t leg_count;
	struct leg legs[]; /* one fewer than waypoints; the one of a single waypoint has no length */
};

static double normal(double course_deg)
{
	double course = fmod(course_deg, 360.0);

	return course < 0 ? course + 360.0 : course;
}

/* Where a leg ends, and that the next one begins there. */
static void lay(struct weir_track *track, size_t index, double place[2], double *speed_kn)
{
	const struct weir_scenario_waypoint *to = &track->device->route[index + 1];
	struct leg *leg = &track->legs[index];

	if (to->has_speed)
		*speed_kn = to->speed_kn;
	*leg = (struct leg){.longitude_deg = place[0],
	                    .latitude_deg = place[1],
	                    .course_deg = to->course_deg,
	                    .length_m = to->distance_m,
	                    .speed_kn = *speed_kn};
	if (to->has_at) {
		track->proj->geod_inverse(&track->earth, place[1], place[0], to->at[1], to->at[0],
		                          &leg->length_m, &leg->course_deg, NULL);
		place[0] = to->at[0];
		place[1] = to->at[1];
	} else {
		track->proj->geod_direct(&track->earth, place[1], place[0], leg->course_deg, leg->length_m,
		                         &place[1], &place[0], NULL);
	}
	track->length_m += leg->length_m;
}

int weir_track_new(struct weir_track **out, const struct weir_scenario_device *device)
{
	const struct weir_proj *proj = weir_proj_library();
	size_t legs = device->route_count > 1 ? device->route_count - 1 : 1;
	struct weir_track *track = calloc(1, sizeof *track + legs * sizeof track->legs[0]);

	if (!proj || !track) {
		free(track);
		return proj ? -ENOMEM : -ENOTSUP;
	}
	track->device = device;
	track->proj = proj;
	track->at_ns = device->from_ns;
	track->nav_status = (uint8_t)device->nav_status;
	track->stopped_until_ns = track->silent_until_ns = INT64_MIN;
	track->off_until_ns = track->late_until_ns = INT64_MIN;
	track->leg_count = legs;
	proj->geod_init(&track->earth, EQUATOR_M, FLATTENING);
	double place[2] = {device->route[0].at[0], device->route[0].at[1]}, speed_kn = device->speed_kn;
	track->legs[0] = (struct leg){place[0], place[1], 0, 0, 0};
	for (size_t i = 0; i + 1 < device->route_count; i++)
		lay(track, i, place, &speed_kn);
	*out = track;
	return 0;
}

static void turn_round(struct weir_track *track)
{
	track->backwards = !track->backwards;
	track->ended = false;
}

static void apply(struct weir_track *track, const struct weir_scenario_event *event)
{
	bool was_stopped = track->stopped_until_ns > event->at_ns;

	if (event->has_stop) {
		track->stopped_until_ns = event->at_ns + event->stop_ns;
		track->status_after = was_stopped ? track->status_after : track->nav_status;
	}
	if (event->has_status) {
		track->nav_status = (uint8_t)event->nav_status;
		if (was_stopped && !event->has_stop)
			track->status_after = track->nav_status;
	}
	if (event->has_gap)
		track->silent_until_ns = event->at_ns + event->gap_ns;
	if (event->has_late) {
		track->late_ns = event->late_ns;
		track->late_until_ns = event->at_ns + event->for_ns;
	}
	if (event->has_east) {
		track->east_m = event->east_m;
		track->north_m = event->north_m;
		track->off_until_ns = event->for_ns > 0 ? event->at_ns + event->for_ns : INT64_MAX;
	}
	if (event->has_speed) {
		track->has_speed = true;
		track->speed_kn = event->speed_kn;
	}
	if (event->reverse)
		turn_round(track);
}

static bool is_stopped(const struct weir_track *track)
{
	return track->stopped_until_ns > track->at_ns;
}

static double speed_kn(const struct weir_track *track)
{
	if (track->ended || is_stopped(track))
		return 0;
	return track->has_speed ? track->speed_kn : track->legs[track->leg].speed_kn;
}

/* At the end of a leg: on to the next one, or what becomes of those that have come to the end. */
static void next_leg(struct weir_track *track)
{
	if (track->backwards ? track->leg > 0 : track->leg + 1 < track->leg_count) {
		track->leg = track->backwards ? track->leg - 1 : track->leg + 1;
		track->along_m = track->backwards ? track->legs[track->leg].length_m : 0;
	} else if (track->device->at_end == WEIR_SCENARIO_BACK && track->length_m >= SHORTEST_M) {
		turn_round(track);
	} else {
		track->ended = true;
		track->left = track->device->at_end == WEIR_SCENARIO_LEAVE;
	}
}

/* The rest of the leg in the direction that it goes. */
static double left_m(const struct weir_track *track)
{
	return track->backwards ? track->along_m : track->legs[track->leg].length_m - track->along_m;
}

static void move(struct weir_track *track, double seconds)
{
	double speed_m_s = speed_kn(track) * METRES_PER_SECOND_PER_KNOT;

	while (seconds > 0 && speed_m_s > 0) {
		double metres = speed_m_s * seconds, left = left_m(track);
		double way = fmin(metres, left);

		track->along_m += track->backwards ? -way : way;
		if (metres < left)
			return;
		seconds -= left / speed_m_s;
		next_leg(track);
		speed_m_s = speed_kn(track) * METRES_PER_SECOND_PER_KNOT;
	}
}

int64_t weir_track_next_change_ns(const struct weir_track *track)
{
	int64_t next_ns = track->next_event < track->device->event_count
	                          ? track->device->events[track->next_event].at_ns
	                          : INT64_MAX;

	return is_stopped(track) && track->stopped_until_ns < next_ns ? track->stopped_until_ns : next_ns;
}

/* Moves on to a time at or before the next change, and does what changes then. */
static void step(struct weir_track *track, int64_t at_ns)
{
	bool stopped = is_stopped(track);

	move(track, (double)(at_ns - track->at_ns) / NANOSECONDS);
	track->at_ns = at_ns;
	if (stopped && !is_stopped(track))
		track->nav_status = track->status_after;
	while (track->next_event < track->device->event_count &&
	       track->device->events[track->next_event].at_ns <= at_ns)
		apply(track, &track->device->events[track->next_event++]);
}

static void look(const struct weir_track *track, struct weir_track_state *state)
{
	const struct leg *leg = &track->legs[track->leg];
	double longitude, latitude, course;

	track->proj->geod_direct(&track->earth, leg->latitude_deg, leg->longitude_deg, leg->course_deg,
	                         track->along_m, &latitude, &longitude, &course);
	*state = (struct weir_track_state){
	        .longitude_deg = longitude,
	        .latitude_deg = latitude,
	        .sog_kn = speed_kn(track),
	        .cog_deg = normal(track->backwards ? course + 180 : course),
	        .nav_status = track->nav_status,
	        .silent = track->left || track->silent_until_ns > track->at_ns,
	        .late_ns = track->late_until_ns > track->at_ns ? track->late_ns : 0,
	};
	if (track->off_until_ns > track->at_ns)
		track->proj->geod_direct(&track->earth, latitude, longitude,
		                         atan2(track->east_m, track->north_m) * 180 / M_PI,
		                         hypot(track->east_m, track->north_m), &state->latitude_deg,
		                         &state->longitude_deg, NULL);
}

void weir_track_advance(struct weir_track *track, int64_t at_ns, struct weir_track_state *state)
{
	for (;;) {
		int64_t next_ns = weir_track_next_change_ns(track);

		if (next_ns > at_ns)
			break;
		step(track, next_ns);
	}
	step(track, at_ns);
	look(track, state);
}

void weir_track_free(struct weir_track *track)
{
	free(track);
}
