/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Metres around a point. See metric.h.
 */
#include <math.h>

#include <weir/fence.h>

#include "fence/metric.h"

/* WGS 84 (EPSG 7030): the semi-major axis and the square of the eccentricity, f (2 - f). */
#define AXIS_M 6378137.0
#define FLATTENING (1 / 298.257223563)
#define ECCENTRICITY2 (FLATTENING * (2 - FLATTENING))
#define RADIANS (M_PI / 180)

/* Up to so many radians apart, the series below are exact to 1e-9; farther away libm is asked. */
#define NEAR 0.04

/* Degrees: an edge is looked at in pieces no longer than this, which are nearly straight in the plane. */
#define PIECE_DEG 1.0
/* Degrees: a piece shorter than this bends by less than a centimetre. */
#define STRAIGHT_DEG 0.002
#define REFINEMENTS 4

struct weir_metric weir_metric_at(double longitude_deg, double latitude_deg)
{
	return (struct weir_metric){
	        .longitude_deg = longitude_deg,
	        .latitude_deg = latitude_deg,
	        .sine = sin(latitude_deg * RADIANS),
	        .cosine = cos(latitude_deg * RADIANS),
	};
}

/* Of an angle: near 0 by its series, to the term of the fifth and the fourth power. */
static double near_sine(double angle)
{
	double square = angle * angle;

	return fabs(angle) > NEAR ? sin(angle) : angle * (1 - square / 6 * (1 - square / 20));
}

static double near_cosine(double angle)
{
	double square = angle * angle;

	return fabs(angle) > NEAR ? cos(angle) : 1 - square / 2 * (1 - square / 12);
}

/* Half of the arc in two directions, as sines, and the radii that belong to them. */
struct arc {
	double east, north;
	double prime_vertical_m, meridian_m;
};

static struct arc arc_to(const struct weir_metric *metric, double turn_deg, double latitude_deg)
{
	double half_turn = turn_deg * (RADIANS / 2);
	double half_climb = (latitude_deg - metric->latitude_deg) * (RADIANS / 2);
	double sine = near_sine(half_climb), cosine = near_cosine(half_climb);
	double middle_sine = metric->sine * cosine + metric->cosine * sine;
	double middle_cosine = metric->cosine * cosine - metric->sine * sine;
	/* a / sqrt(1 - e2 sin2) and a (1 - e2) / (1 - e2 sin2)^1.5 as series; the next term is 1e-9. */
	double u = ECCENTRICITY2 * middle_sine * middle_sine;

	return (struct arc){
	        .east = near_sine(half_turn) * middle_cosine,
	        .north = near_cosine(half_turn) * sine,
	        .prime_vertical_m = AXIS_M * (1 + u * (1.0 / 2 + u * (3.0 / 8 + u * (5.0 / 16)))),
	        .meridian_m =
	                AXIS_M * (1 - ECCENTRICITY2) * (1 + u * (3.0 / 2 + u * (15.0 / 8 + u * (35.0 / 16)))),
	};
}

static double shorter_turn(double degrees)
{
	return fabs(degrees) > 180 ? remainder(degrees, 360) : degrees;
}

static void place_arc(const struct arc *arc, double place_m[2])
{
	place_m[0] = 2 * arc->prime_vertical_m * arc->east;
	place_m[1] = 2 * arc->meridian_m * arc->north;

	/* So far these are chords. */
	double square = arc->east * arc->east + arc->north * arc->north;
	double longer = 1 + square / 6;
	if (square > NEAR * NEAR) {
		double chord = fmin(sqrt(square), 1);
		longer = asin(chord) / chord;
	}
	place_m[0] *= longer;
	place_m[1] *= longer;
}

void weir_metric_place(const struct weir_metric *metric, double longitude_deg, double latitude_deg,
                       double place_m[2])
{
	struct arc arc = arc_to(metric, shorter_turn(longitude_deg - metric->longitude_deg), latitude_deg);

	place_arc(&arc, place_m);
}

double weir_distance_m(double longitude1_deg, double latitude1_deg, double longitude2_deg,
                       double latitude2_deg)
{
	struct weir_metric metric = weir_metric_at(longitude1_deg, latitude1_deg);
	double place_m[2];

	weir_metric_place(&metric, longitude2_deg, latitude2_deg, place_m);
	return sqrt(place_m[0] * place_m[0] + place_m[1] * place_m[1]);
}

/* The place at a share of the way from a to b. */
static void place_between(const struct weir_metric *metric, const double a[2], const double b[2],
                          double share, double place_m[2])
{
	struct arc arc = arc_to(metric, a[0] + share * (b[0] - a[0]) - metric->longitude_deg,
	                        a[1] + share * (b[1] - a[1]));

	place_arc(&arc, place_m);
}

static double clamp_share(double share)
{
	return share < 0 ? 0 : share > 1 ? 1 : share;
}

/*
 * The place of a piece that is nearest to the origin: first on the chord, then, as the piece bends a little
 * away from it, by Gauss and Newton: on the tangent at the nearest place found so far.
 */
static double piece_m(const struct weir_metric *metric, const double a[2], const double b[2],
                      const double from[2], const double to[2])
{
	double along[2] = {to[0] - from[0], to[1] - from[1]};
	double square = along[0] * along[0] + along[1] * along[1];
	double share = square == 0 ? 0 : clamp_share(-(from[0] * along[0] + from[1] * along[1]) / square);
	double place[2] = {from[0] + share * along[0], from[1] + share * along[1]};

	if (share == 0)
		return sqrt(from[0] * from[0] + from[1] * from[1]);
	if (fabs(b[0] - a[0]) < STRAIGHT_DEG && fabs(b[1] - a[1]) < STRAIGHT_DEG)
		return sqrt(place[0] * place[0] + place[1] * place[1]);

	double least = INFINITY;
	for (int i = 0; i < REFINEMENTS; i++) {
		const double step = 1e-4;
		double ahead[2];

		place_between(metric, a, b, share, place);
		place_between(metric, a, b, share + step, ahead);
		least = fmin(least, sqrt(place[0] * place[0] + place[1] * place[1]));
		double tangent[2] = {(ahead[0] - place[0]) / step, (ahead[1] - place[1]) / step};
		square = tangent[0] * tangent[0] + tangent[1] * tangent[1];
		double next = clamp_share(share - (place[0] * tangent[0] + place[1] * tangent[1]) / square);
		if (!(fabs(next - share) * sqrt(square) > 1e-3))
			break;
		share = next;
	}
	return least;
}

double weir_metric_edge_m(const struct weir_metric *metric, const double a[2], const double b[2])
{
	double length = fmax(fabs(b[0] - a[0]), fabs(b[1] - a[1]));
	int pieces = length > PIECE_DEG ? (int)ceil(length / PIECE_DEG) : 1;
	double begin[2] = {a[0], a[1]}, from[2], least = INFINITY;

	place_between(metric, a, b, 0, from);
	for (int i = 1; i <= pieces; i++) {
		double share = (double)i / pieces, to[2];
		double end[2] = {a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])};

		place_between(metric, begin, end, 1, to);
		least = fmin(least, piece_m(metric, begin, end, from, to));
		begin[0] = end[0];
		begin[1] = end[1];
		from[0] = to[0];
		from[1] = to[1];
	}
	return least;
}
