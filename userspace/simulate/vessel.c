/* SPDX-License-Identifier: BSD-2-Clause */
/* How a vessel moves in each kind of leg. */
#include "vessel.h"

#include <math.h>

#define METRES_PER_SECOND_PER_KNOT (1852.0 / 3600.0)
#define RADIANS (M_PI / 180.0)

/* A loaded ship of 150 m needs some five minutes from stop to 12 kn. */
#define ACCELERATION_M_S2 0.02

/* Speed and course are followed in steps no longer than this. */
#define STEP_S 5.0

static const struct weir_leg *current(const struct weir_vessel *vessel)
{
	return &vessel->legs[vessel->leg];
}

/* The pace that the place, the intention and the remaining way allow. */
static double wanted_kn(const struct weir_leg *leg, const struct weir_place *place, double left_m)
{
	double stopping = sqrt(2 * ACCELERATION_M_S2 * fmax(left_m, 0)) / METRES_PER_SECOND_PER_KNOT;

	return fmax(fmin(fmin(leg->speed_kn, place->limit_kn), stopping), 1.0);
}

/* Finds where the vessel is on its route, and puts it there, to starboard of the middle. */
static void place_on_route(struct weir_vessel *vessel)
{
	const struct weir_leg *leg = current(vessel);
	struct weir_motion *motion = &vessel->motion;
	struct weir_place *place = &vessel->place;

	weir_route_at(leg->route, vessel->distance_m, place);
	if (leg->to_m < leg->from_m)
		place->course_deg = weir_course_normal(place->course_deg + 180.0);
	double aside = vessel->keep_starboard * place->half_width_m;
	double abeam = (place->course_deg + 90.0) * RADIANS;
	motion->longitude_deg = place->longitude_deg;
	motion->latitude_deg = place->latitude_deg;
	weir_offset(&motion->longitude_deg, &motion->latitude_deg, aside * sin(abeam), aside * cos(abeam));
	motion->cog_deg = place->course_deg;
	motion->heading_deg = weir_course_normal(place->course_deg + vessel->leeway_deg);
}

static void sail(struct weir_vessel *vessel, double seconds)
{
	const struct weir_leg *leg = current(vessel);
	struct weir_motion *motion = &vessel->motion;
	double sign = leg->to_m < leg->from_m ? -1 : 1;
	double wanted = wanted_kn(leg, &vessel->place, sign * (leg->to_m - vessel->distance_m));
	double change = ACCELERATION_M_S2 / METRES_PER_SECOND_PER_KNOT * seconds;
	double course_before = vessel->place.course_deg;

	motion->sog_kn += fmin(fmax(wanted - motion->sog_kn, -change), change);
	vessel->distance_m += sign * motion->sog_kn * METRES_PER_SECOND_PER_KNOT * seconds;
	if (sign * (leg->to_m - vessel->distance_m) < 0)
		vessel->distance_m = leg->to_m;
	place_on_route(vessel);
	motion->turn_deg_min = weir_course_change(course_before, vessel->place.course_deg) / seconds * 60.0;
}

/* Moored, or swinging around the anchor with the tide: a quarter turn and back in some six hours. */
static void stay(struct weir_vessel *vessel)
{
	const struct weir_leg *leg = current(vessel);
	struct weir_motion *motion = &vessel->motion;
	double swing =
	        leg->radius_m > 0 ? 45.0 * sin(2 * M_PI * (vessel->leg_s / 21600.0 + vessel->phase)) : 0;
	double away = (leg->heading_deg + swing + 180.0) * RADIANS;

	motion->longitude_deg = leg->longitude_deg;
	motion->latitude_deg = leg->latitude_deg;
	weir_offset(&motion->longitude_deg, &motion->latitude_deg, leg->radius_m * sin(away),
	            leg->radius_m * cos(away));
	motion->sog_kn = 0;
	motion->turn_deg_min = 0;
	motion->heading_deg = weir_course_normal(leg->heading_deg + swing);
	motion->cog_deg = motion->heading_deg;
}

/* Two slow oscillations at right angles whose periods are not commensurable: up and down an area. */
static void loiter(struct weir_vessel *vessel)
{
	const struct weir_leg *leg = current(vessel);
	struct weir_motion *motion = &vessel->motion;
	double pace = leg->speed_kn * METRES_PER_SECOND_PER_KNOT / leg->radius_m;
	double slow = 0.618 * pace;
	double a = pace * vessel->leg_s + 2 * M_PI * vessel->phase;
	double b = slow * vessel->leg_s + 34.0 * vessel->phase;
	double east_m_s = leg->radius_m * 0.7 * pace * cos(a);
	double north_m_s = -leg->radius_m * 0.7 * slow * sin(b);
	double squared = east_m_s * east_m_s + north_m_s * north_m_s;
	double east_m_s2 = -leg->radius_m * 0.7 * pace * pace * sin(a);
	double north_m_s2 = -leg->radius_m * 0.7 * slow * slow * cos(b);

	motion->longitude_deg = leg->longitude_deg;
	motion->latitude_deg = leg->latitude_deg;
	weir_offset(&motion->longitude_deg, &motion->latitude_deg, leg->radius_m * 0.7 * sin(a),
	            leg->radius_m * 0.7 * cos(b));
	motion->sog_kn = sqrt(squared) / METRES_PER_SECOND_PER_KNOT;
	motion->cog_deg = weir_course_normal(atan2(east_m_s, north_m_s) / RADIANS);
	motion->heading_deg = weir_course_normal(motion->cog_deg + vessel->leeway_deg);
	/* The derivative of the course, atan2(east, north). Nearly at rest it means nothing. */
	motion->turn_deg_min =
	        squared > 0.25 ? (east_m_s2 * north_m_s - north_m_s2 * east_m_s) / squared / RADIANS * 60.0
	                       : 0;
}

static bool leg_is_over(const struct weir_vessel *vessel)
{
	const struct weir_leg *leg = current(vessel);

	if (leg->kind == WEIR_LEG_SAIL)
		return fabs(leg->to_m - vessel->distance_m) < 1.0;
	return leg->duration_s > 0 && vessel->leg_s >= leg->duration_s;
}

/* Takes up a leg, start_m along its way where it is one of sailing. */
static void begin_leg(struct weir_vessel *vessel, size_t index, double start_m)
{
	struct weir_leg *leg = &vessel->legs[index];

	if (leg->kind == WEIR_LEG_STAY && leg->here) {
		leg->longitude_deg = vessel->motion.longitude_deg;
		leg->latitude_deg = vessel->motion.latitude_deg;
		leg->heading_deg = vessel->motion.heading_deg;
	}
	vessel->leg = index;
	vessel->leg_s = 0;
	vessel->motion.nav_status = leg->nav_status;
	vessel->motion.turn_deg_min = 0;
	switch (leg->kind) {
	case WEIR_LEG_SAIL:
		vessel->distance_m = leg->from_m + (leg->to_m < leg->from_m ? -start_m : start_m);
		place_on_route(vessel);
		break;
	case WEIR_LEG_STAY:
		stay(vessel);
		break;
	case WEIR_LEG_LOITER:
		loiter(vessel);
		break;
	}
}

static void next_leg(struct weir_vessel *vessel)
{
	if (vessel->leg + 1 < vessel->leg_count)
		begin_leg(vessel, vessel->leg + 1, 0);
	else if (vessel->repeats)
		begin_leg(vessel, 0, 0);
	else
		vessel->done = true;
}

static void step(struct weir_vessel *vessel, double seconds)
{
	switch (current(vessel)->kind) {
	case WEIR_LEG_SAIL:
		sail(vessel, seconds);
		break;
	case WEIR_LEG_STAY:
		stay(vessel);
		break;
	case WEIR_LEG_LOITER:
		loiter(vessel);
		break;
	}
}

void weir_vessel_begin(struct weir_vessel *vessel, double start_m)
{
	vessel->done = false;
	begin_leg(vessel, 0, start_m);
	const struct weir_leg *leg = current(vessel);
	if (leg->kind == WEIR_LEG_SAIL) /* it has been under way for long */
		vessel->motion.sog_kn = wanted_kn(leg, &vessel->place, fabs(leg->to_m - vessel->distance_m));
}

void weir_vessel_advance(struct weir_vessel *vessel, double seconds)
{
	while (seconds > 0 && !vessel->done) {
		double part = current(vessel)->kind == WEIR_LEG_SAIL ? fmin(seconds, STEP_S) : seconds;

		vessel->leg_s += part;
		seconds -= part;
		step(vessel, part);
		if (leg_is_over(vessel))
			next_leg(vessel);
	}
}
