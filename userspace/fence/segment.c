/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Segments against boundaries. See segment.h.
 */
#include <math.h>

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

bool weir_segment_meets_edge(const struct weir_segment *s, const double a[2], const double b[2],
                             double *fraction)
{
	if (fmax(s->from[0], s->to[0]) < fmin(a[0], b[0]) || fmin(s->from[0], s->to[0]) > fmax(a[0], b[0]) ||
	    fmax(s->from[1], s->to[1]) < fmin(a[1], b[1]) || fmin(s->from[1], s->to[1]) > fmax(a[1], b[1]))
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

	double dx = b[0] - a[0], dy = b[1] - a[1];
	double from = fabs(dx * (s->from[1] - a[1]) - dy * (s->from[0] - a[0]));
	double to = fabs(dx * (s->to[1] - a[1]) - dy * (s->to[0] - a[0]));
	*fraction = from + to > 0 ? from / (from + to) : 0;
	return true;
}

bool weir_segment_meets_shape(const struct weir_segment *s, const struct weir_shapes *shapes, uint32_t index,
                              double *fraction)
{
	const struct weir_shape *shape = &shapes->shapes[index];
	double south = fmin(s->from[1], s->to[1]), north = fmax(s->from[1], s->to[1]);
	double first = INFINITY;

	if (fmax(s->from[0], s->to[0]) < shape->west || fmin(s->from[0], s->to[0]) > shape->east ||
	    north < shape->south || south > shape->north)
		return false;
	uint32_t low = weir_shape_band(shape, fmax(south, shape->south));
	uint32_t high = weir_shape_band(shape, fmin(north, shape->north));
	const uint32_t *ends = shapes->band_ends + shape->first_band;
	for (uint32_t i = ends[low]; i < ends[high + 1]; i++) {
		const double(*v)[2] = (const double(*)[2])(shapes->vertices + shapes->edges[i]);
		double here;

		if (weir_segment_meets_edge(s, v[0], v[1], &here))
			first = fmin(first, here);
	}
	if (first > 1)
		return false;
	*fraction = first;
	return true;
}
