/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Segments against boundaries. See segment.h.
 */
#include <math.h>

#include "fence/metric.h"
#include "fence/orientation.h"
#include "fence/segment.h"

/* How far along the segment the foot of a point is. */
static double foot_of(const struct weir_segment *s, const double p[2])
{
	double dx = s->to[0] - s->from[0], dy = s->to[1] - s->from[1];
	double square = dx * dx + dy * dy;

	if (square == 0)
		return 0;
	return fmin(fmax(((p[0] - s->from[0]) * dx + (p[1] - s->from[1]) * dy) / square, 0), 1);
}

static bool is_in_box(const double p[2], const double a[2], const double b[2])
{
	return p[0] >= fmin(a[0], b[0]) && p[0] <= fmax(a[0], b[0]) && p[1] >= fmin(a[1], b[1]) &&
	       p[1] <= fmax(a[1], b[1]);
}

/* On one line: they meet first at an end of the edge that the segment passes, or where it begins. */
static bool meets_along(const struct weir_segment *s, const double a[2], const double b[2], double *fraction)
{
	double first = INFINITY;

	if (is_in_box(s->from, a, b))
		first = 0;
	if (is_in_box(a, s->from, s->to))
		first = fmin(first, foot_of(s, a));
	if (is_in_box(b, s->from, s->to))
		first = fmin(first, foot_of(s, b));
	if (first > 1)
		return false;
	*fraction = first;
	return true;
}

/* How far along the segment it meets the line through a and b, which its ends lie on different sides of. */
static double fraction_at(const struct weir_segment *s, const double a[2], const double b[2])
{
	double dx = b[0] - a[0], dy = b[1] - a[1];
	double from = fabs(dx * (s->from[1] - a[1]) - dy * (s->from[0] - a[0]));
	double to = fabs(dx * (s->to[1] - a[1]) - dy * (s->to[0] - a[0]));

	return from + to > 0 ? from / (from + to) : 0;
}

bool weir_segment_meets_edge(const struct weir_segment *s, const double a[2], const double b[2],
                             double *fraction)
{
	if (!weir_segment_is_beside(s, a, b))
		return false;

	int side_a = weir_orientation(s->from, s->to, a[0], a[1]);
	int side_b = weir_orientation(s->from, s->to, b[0], b[1]);
	if (side_a * side_b > 0)
		return false;
	int side_from = weir_orientation(a, b, s->from[0], s->from[1]);
	int side_to = weir_orientation(a, b, s->to[0], s->to[1]);
	if (side_from * side_to > 0)
		return false;
	if ((side_a == 0 && side_b == 0) || (side_from == 0 && side_to == 0))
		return meets_along(s, a, b, fraction);

	*fraction = fraction_at(s, a, b);
	return true;
}

/* The runs of a shape in the bands that the segment passes; first == end: there are none. */
struct runs {
	const uint32_t *first, *end;
};

static struct runs runs_along(const struct weir_segment *s, const struct weir_shapes *shapes,
                              const struct weir_shape *shape)
{
	double south = fmin(s->from[1], s->to[1]), north = fmax(s->from[1], s->to[1]);

	if (fmax(s->from[0], s->to[0]) < shape->west || fmin(s->from[0], s->to[0]) > shape->east ||
	    north < shape->south || south > shape->north)
		return (struct runs){NULL, NULL};
	uint32_t low = weir_shape_band(shape, fmax(south, shape->south));
	uint32_t high = weir_shape_band(shape, fmin(north, shape->north));
	const uint32_t *ends = shapes->band_ends + shape->first_band;
	return (struct runs){shapes->runs + ends[low], shapes->runs + ends[high + 1]};
}

bool weir_segment_meets_shape(const struct weir_segment *s, const struct weir_shapes *shapes, uint32_t index,
                              double *fraction)
{
	const struct weir_shape *shape = &shapes->shapes[index];
	struct runs runs = runs_along(s, shapes, shape);
	double first = INFINITY;

	for (const uint32_t *word = runs.first; word < runs.end; word++) {
		struct weir_edge_run run = weir_shape_run(shape, *word);
		const double(*v)[2] = (const double(*)[2])(shapes->vertices + run.first);

		for (uint32_t i = 0; i < run.count; i++) {
			double here;

			if (weir_segment_meets_edge(s, v[i], v[i + 1], &here))
				first = fmin(first, here);
		}
	}
	if (first > 1)
		return false;
	*fraction = first;
	return true;
}

static bool is_left(const double a[2], const double b[2], const double p[2])
{
	return weir_orientation(a, b, p[0], p[1]) >= 0;
}

/* 1 from left to right, -1 from right to left, 0 not at all. */
static int crosses_edge(const struct weir_segment *s, const double a[2], const double b[2])
{
	bool from_left = is_left(a, b, s->from);

	if (from_left == is_left(a, b, s->to) || is_left(s->from, s->to, a) == is_left(s->from, s->to, b))
		return 0;
	return from_left ? 1 : -1;
}

/* An edge is in several bands, and is crossed only once: it is not asked by bands. */
int weir_segment_crosses_line(const struct weir_segment *s, const struct weir_shapes *shapes, uint32_t index,
                              double *fraction)
{
	const struct weir_shape *shape = &shapes->shapes[index];
	const struct weir_ring *ring = &shapes->rings[shape->first_ring];
	double first[2] = {INFINITY, INFINITY}; /* of either direction */
	int sum = 0;

	if (runs_along(s, shapes, shape).first == NULL)
		return 0;
	for (uint32_t i = ring->first; i + 1 < ring->first + ring->count; i++) {
		const double *a = shapes->vertices[i], *b = shapes->vertices[i + 1];
		int crossing = crosses_edge(s, a, b);

		sum += crossing;
		if (crossing != 0)
			first[crossing > 0] = fmin(first[crossing > 0], fraction_at(s, a, b));
	}
	if (sum == 0)
		return 0;
	*fraction = first[sum > 0];
	return sum > 0 ? 1 : -1;
}

static double distance_at(const struct weir_segment *s, double fraction, const double a[2], const double b[2])
{
	struct weir_metric metric = weir_metric_at(s->from[0] + fraction * (s->to[0] - s->from[0]),
	                                           s->from[1] + fraction * (s->to[1] - s->from[1]));

	return weir_metric_edge_m(&metric, a, b);
}

/* Along a straight way the distance from an edge first falls, then rises: thirds find the least one. */
static double nearest_fraction(const struct weir_segment *s, const double a[2], const double b[2])
{
	double low = 0, high = 1;

	for (int i = 0; i < 60 && high - low > 1e-9; i++) {
		double third = (high - low) / 3;

		if (distance_at(s, low + third, a, b) <= distance_at(s, high - third, a, b))
			high -= third;
		else
			low += third;
	}
	return (low + high) / 2;
}

/* Within radius_m at `near`: where it was so first. */
static double first_fraction(const struct weir_segment *s, const double a[2], const double b[2],
                             double radius_m, double near)
{
	double far = 0;

	if (distance_at(s, 0, a, b) <= radius_m)
		return 0;
	while (near - far > 1e-12) {
		double middle = (near + far) / 2;

		if (distance_at(s, middle, a, b) <= radius_m)
			near = middle;
		else
			far = middle;
	}
	return near;
}

bool weir_segment_nears_line(const struct weir_segment *s, const struct weir_shapes *shapes, uint32_t index,
                             double *fraction)
{
	const struct weir_shape *shape = &shapes->shapes[index];
	const struct weir_ring *ring = &shapes->rings[shape->first_ring];
	double first = INFINITY;

	if (runs_along(s, shapes, shape).first == NULL)
		return false;
	for (uint32_t i = ring->first; i + 1 < ring->first + ring->count; i++) {
		const double *a = shapes->vertices[i], *b = shapes->vertices[i + 1];
		double near = nearest_fraction(s, a, b);

		if (distance_at(s, near, a, b) <= shape->radius_m)
			first = fmin(first, first_fraction(s, a, b, shape->radius_m, near));
	}
	if (first > 1)
		return false;
	*fraction = first;
	return true;
}
