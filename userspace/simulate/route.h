/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A route: where ships go, as waypoints with a speed limit and the width of the fairway. Its corners
 * are rounded, so that a ship that follows it turns as ships turn.
 *
 * Thread-safety: a route does not change once it is made.
 */
#ifndef WEIR_SIMULATE_ROUTE_H
#define WEIR_SIMULATE_ROUTE_H

#include <stddef.h>

struct weir_waypoint {
	double longitude_deg, latitude_deg; /* WGS 84 */
	double limit_kn;                    /* the most that is usual from here on */
	double half_width_m;                /* of the water that may be used to either side */
};

/* A point of a route and what holds there. */
struct weir_place {
	double longitude_deg, latitude_deg;
	double course_deg; /* true, 0 to 360 */
	double limit_kn;
	double half_width_m;
};

struct weir_route;

/* Returns 0, -ENOMEM, or -EINVAL for fewer than two waypoints or two at one place. The waypoints are copied.
 */
int weir_route_new(struct weir_route **out, const struct weir_waypoint *waypoints, size_t count);

double weir_route_length_m(const struct weir_route *route);

/* The point at a distance from the beginning; beyond the ends it is the end. */
void weir_route_at(const struct weir_route *route, double distance_m, struct weir_place *place);

/* The distance along the route of its point nearest to a position; *away_m is how far off that is. */
double weir_route_nearest_m(const struct weir_route *route, double longitude_deg, double latitude_deg,
                            double *away_m);

/* Takes NULL. */
void weir_route_free(struct weir_route *route);

/*
 * Moves a position by metres east and north. A local flat earth with the mean radius: good to some
 * decimetres over the few kilometres that it is used for here.
 */
void weir_offset(double *longitude_deg, double *latitude_deg, double east_m, double north_m);

/* Metres east and north from one position to another, in the same flat earth. */
void weir_difference(double from_longitude_deg, double from_latitude_deg, double to_longitude_deg,
                     double to_latitude_deg, double *east_m, double *north_m);

/* Brings an angle into 0 to 360. */
double weir_course_normal(double course_deg);

/* From one course to another the shorter way round: -180 to 180 degrees. */
double weir_course_change(double from_deg, double to_deg);

#endif
