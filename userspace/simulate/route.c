/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A route is kept as a chain of points with the distance of each from the beginning. A corner becomes a
 * quadratic Bézier curve from a point before the waypoint to one after it, cut into short chords.
 */
#include "route.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EARTH_RADIUS_M 6371008.8 /* mean radius of WGS 84 */
#define RADIANS (M_PI / 180.0)

#define TURN_RADIUS_M 700.0  /* what a ship of 150 m needs in a fairway: four to five lengths */
#define CHORDS_PER_CORNER 12 /* 10 degrees of change a chord at most, where the turn is 120 degrees */
#define BLEND_M 100.0 /* the course of a chord passes into that of the next over so much to either side */

struct point {
	double longitude_deg, latitude_deg;
	double distance_m; /* from the beginning */
	double limit_kn;
	double half_width_m;
};

struct weir_route {
	size_t count;
	struct point points[];
};

void weir_offset(double *longitude_deg, double *latitude_deg, double east_m, double north_m)
{
	double metres_per_degree = EARTH_RADIUS_M * RADIANS;

	*longitude_deg += east_m / (metres_per_degree * cos(*latitude_deg * RADIANS));
	*latitude_deg += north_m / metres_per_degree;
}

void weir_difference(double from_longitude_deg, double from_latitude_deg, double to_longitude_deg,
                     double to_latitude_deg, double *east_m, double *north_m)
{
	double metres_per_degree = EARTH_RADIUS_M * RADIANS;
	double middle = (from_latitude_deg + to_latitude_deg) / 2 * RADIANS;

	*east_m = (to_longitude_deg - from_longitude_deg) * metres_per_degree * cos(middle);
	*north_m = (to_latitude_deg - from_latitude_deg) * metres_per_degree;
}

double weir_course_normal(double course_deg)
{
	double course = fmod(course_deg, 360.0);

	return course < 0 ? course + 360.0 : course;
}

double weir_course_change(double from_deg, double to_deg)
{
	return weir_course_normal(to_deg - from_deg + 180.0) - 180.0;
}

static double length_m(const struct point *a, const struct point *b)
{
	double east, north;

	weir_difference(a->longitude_deg, a->latitude_deg, b->longitude_deg, b->latitude_deg, &east, &north);
	return hypot(east, north);
}

static double bearing_deg(const struct point *a, const struct point *b)
{
	double east, north;

	weir_difference(a->longitude_deg, a->latitude_deg, b->longitude_deg, b->latitude_deg, &east, &north);
	return weir_course_normal(atan2(east, north) / RADIANS);
}

static double mix(double a, double b, double share)
{
	return a + (b - a) * share;
}

static struct point between(const struct point *a, const struct point *b, double share)
{
	return (struct point){
	        .longitude_deg = mix(a->longitude_deg, b->longitude_deg, share),
	        .latitude_deg = mix(a->latitude_deg, b->latitude_deg, share),
	        .distance_m = mix(a->distance_m, b->distance_m, share),
	        .limit_kn = mix(a->limit_kn, b->limit_kn, share),
	        .half_width_m = mix(a->half_width_m, b->half_width_m, share),
	};
}

static void append(struct weir_route *route, struct point point)
{
	const struct point *last = route->count > 0 ? &route->points[route->count - 1] : NULL;

	point.distance_m = last ? last->distance_m + length_m(last, &point) : 0;
	route->points[route->count++] = point;
}

/* Replaces the corner at b by a curve. Half of each leg is left to the next corner. */
static void round_corner(struct weir_route *route, const struct point *a, const struct point *b,
                         const struct point *c)
{
	double before = length_m(a, b), after = length_m(b, c);
	double half_turn = fabs(weir_course_change(bearing_deg(a, b), bearing_deg(b, c))) / 2 * RADIANS;
	double cut = TURN_RADIUS_M * tan(fmin(half_turn, 60 * RADIANS));

	cut = fmin(cut, 0.45 * fmin(before, after));
	if (cut < 1.0) { /* as good as straight */
		append(route, *b);
		return;
	}
	struct point start = between(b, a, cut / before);
	struct point end = between(b, c, cut / after);
	for (int i = 0; i <= CHORDS_PER_CORNER; i++) {
		double share = (double)i / CHORDS_PER_CORNER;
		struct point in = between(&start, b, share);
		struct point out = between(b, &end, share);
		append(route, between(&in, &out, share));
	}
}

int weir_route_new(struct weir_route **out, const struct weir_waypoint *waypoints, size_t count)
{
	if (count < 2)
		return -EINVAL;

	struct point *corners = calloc(count, sizeof(*corners));
	struct weir_route *route =
	        calloc(1, sizeof(*route) + count * (CHORDS_PER_CORNER + 1) * sizeof(route->points[0]));
	int rc = -ENOMEM;

	if (!corners || !route)
		goto out;
	for (size_t i = 0; i < count; i++)
		corners[i] = (struct point){
		        .longitude_deg = waypoints[i].longitude_deg,
		        .latitude_deg = waypoints[i].latitude_deg,
		        .limit_kn = waypoints[i].limit_kn,
		        .half_width_m = waypoints[i].half_width_m,
		};
	rc = -EINVAL;
	for (size_t i = 1; i < count; i++)
		if (length_m(&corners[i - 1], &corners[i]) < 1.0)
			goto out;

	append(route, corners[0]);
	for (size_t i = 1; i + 1 < count; i++)
		round_corner(route, &corners[i - 1], &corners[i], &corners[i + 1]);
	append(route, corners[count - 1]);
	*out = route;
	route = NULL;
	rc = 0;
out:
	free(route);
	free(corners);
	return rc;
}

double weir_route_length_m(const struct weir_route *route)
{
	return route->points[route->count - 1].distance_m;
}

/* The index of the point at which the chord that holds the distance begins. */
static size_t chord_at(const struct weir_route *route, double distance_m)
{
	size_t low = 0, high = route->count - 1;

	while (low + 1 < high) {
		size_t middle = (low + high) / 2;
		if (route->points[middle].distance_m <= distance_m)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/*
 * The course at a distance. Around a point it changes evenly from that of one chord to that of the next,
 * so that the rate of turn has no spikes.
 */
static double course_at(const struct weir_route *route, size_t chord, double share)
{
	const struct point *p = &route->points[chord];
	double course = bearing_deg(&p[0], &p[1]);
	double zone = fmin(0.5, BLEND_M / (p[1].distance_m - p[0].distance_m));

	if (share < zone && chord > 0) {
		double turn = weir_course_change(bearing_deg(&p[-1], &p[0]), course);
		return course - turn * (zone - share) / zone / 2;
	}
	if (share > 1 - zone && chord + 2 < route->count) {
		double turn = weir_course_change(course, bearing_deg(&p[1], &p[2]));
		return course + turn * (share - (1 - zone)) / zone / 2;
	}
	return course;
}

void weir_route_at(const struct weir_route *route, double distance_m, struct weir_place *place)
{
	double distance = fmin(fmax(distance_m, 0), weir_route_length_m(route));
	size_t chord = chord_at(route, distance);
	const struct point *a = &route->points[chord], *b = a + 1;
	double chord_m = b->distance_m - a->distance_m;
	double share = chord_m > 0 ? (distance - a->distance_m) / chord_m : 0;
	struct point point = between(a, b, share);

	*place = (struct weir_place){
	        .longitude_deg = point.longitude_deg,
	        .latitude_deg = point.latitude_deg,
	        .course_deg = weir_course_normal(course_at(route, chord, share)),
	        .limit_kn = a->limit_kn,
	        .half_width_m = point.half_width_m,
	};
}

double weir_route_nearest_m(const struct weir_route *route, double longitude_deg, double latitude_deg,
                            double *away_m)
{
	double nearest = 0, least = INFINITY;

	for (size_t i = 0; i + 1 < route->count; i++) {
		const struct point *a = &route->points[i], *b = a + 1;
		double leg_east, leg_north, east, north;

		weir_difference(a->longitude_deg, a->latitude_deg, b->longitude_deg, b->latitude_deg,
		                &leg_east, &leg_north);
		weir_difference(a->longitude_deg, a->latitude_deg, longitude_deg, latitude_deg, &east,
		                &north);
		double squared = leg_east * leg_east + leg_north * leg_north;
		double share = squared > 0 ? (east * leg_east + north * leg_north) / squared : 0;
		share = fmin(fmax(share, 0), 1);
		double away = hypot(east - share * leg_east, north - share * leg_north);
		if (away < least) {
			least = away;
			nearest = mix(a->distance_m, b->distance_m, share);
		}
	}
	*away_m = least;
	return nearest;
}

void weir_route_free(struct weir_route *route)
{
	free(route);
}
