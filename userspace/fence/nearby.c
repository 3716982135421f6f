/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The side of a boundary on which a point lies, from the edges nearby. See nearby.h.
 */
#include "fence/nearby.h"
#include "fence/orientation.h"

/* weir_orientation(), but for edges that lie wholly on one side, which is most of them. */
static int side_of(const double a[2], const double b[2], double x, double y)
{
	bool upwards = a[1] < b[1];

	if (a[0] < x && b[0] < x)
		return upwards ? -1 : 1;
	if (a[0] > x && b[0] > x)
		return upwards ? 1 : -1;
	return weir_orientation(a, b, x, y);
}

static bool is_between(double value, double one, double other)
{
	return (one <= value && value <= other) || (other <= value && value <= one);
}

/*
 * An edge at whose height (x, y) lies, ends included. A ray towards the east crosses it if it lies east,
 * and does not touch it with its upper end.
 */
static bool crosses_eastward(const double a[2], const double b[2], double y, int side)
{
	if ((a[1] <= y) == (b[1] <= y))
		return false;
	return (side > 0) == (a[1] < b[1]);
}

/* The same for a ray towards the north: the edge passes x, and owns its western end only. */
static bool crosses_northward(const double a[2], const double b[2], double x, double y)
{
	if ((a[0] <= x) == (b[0] <= x))
		return false;
	if (a[1] < y && b[1] < y)
		return false;
	if (a[1] > y && b[1] > y)
		return true;
	return (weir_orientation(a, b, x, y) < 0) == (a[0] < b[0]);
}

enum weir_side weir_nearby_side(const double (*vertices)[2], const uint32_t *edges, uint32_t count, bool far,
                                double east, double x, double y)
{
	bool inside = far;

	for (uint32_t i = 0; i < count; i++) {
		const double *a = vertices[edges[i]], *b = vertices[edges[i] + 1];

		if (is_between(y, a[1], b[1])) {
			int here = side_of(a, b, x, y), there = side_of(a, b, east, y);

			if (here == 0 && is_between(x, a[0], b[0]))
				return WEIR_SIDE_ON;
			if (there == 0 && is_between(east, a[0], b[0]))
				return WEIR_SIDE_UNKNOWN;
			inside ^= crosses_eastward(a, b, y, here) ^ crosses_eastward(a, b, y, there);
		}
		inside ^= crosses_northward(a, b, east, y);
	}
	return inside ? WEIR_SIDE_IN : WEIR_SIDE_OUT;
}
