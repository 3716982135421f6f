/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rough drawings of boundaries. See nearby.h.
 *
 * A word is a vertex, x below and y above; from one to the next goes an edge. LIFT stands between two
 * vertices with no edge.
 */
#include <math.h>
#include <stdlib.h>

#include "fence/nearby.h"

#define FINE 16 /* sixteenths of a unit */
#define UNITS 128
#define WEST 64 /* of the cell in the drawing; its south too */
#define EAST (WEST + UNITS)
#define LIFT 0

/* Drawings are cut off here, in units: rounded, that is a byte and not 0. */
#define CUT_LOW 1.0
#define CUT_HIGH 254.0

/* Sixteenths of a unit: sqrt(1/2) of a unit for the rounding of vertices, sqrt(2) for that of the point. */
#define NEAR 13

struct weir_nearby_point weir_nearby_point(double x, double y)
{
	return (struct weir_nearby_point){(int32_t)(x * (UNITS * FINE)) + WEST * FINE,
	                                  (int32_t)(y * (UNITS * FINE)) + WEST * FINE};
}

struct weir_nearby_point weir_nearby_corner(uint32_t corner)
{
	return (struct weir_nearby_point){((corner & 1) != 0 ? EAST : WEST) * FINE,
	                                  ((corner & 2) != 0 ? EAST : WEST) * FINE};
}

static inline struct weir_nearby_point vertex(uint32_t word)
{
	return (struct weir_nearby_point){(int32_t)(word & 0xff) * FINE, (int32_t)(word >> 8) * FINE};
}

/* Twice the area of the triangle; above 0 where c lies left of the way from a to b. At most 2^26. */
static inline int32_t area(struct weir_nearby_point a, struct weir_nearby_point b, struct weir_nearby_point c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static inline bool is_between(int32_t value, int32_t one, int32_t other)
{
	int32_t low = one < other ? one : other, high = one < other ? other : one;

	return value >= low - FINE && value <= high + FINE;
}

/* Whether c may be within NEAR of the edge; area(a, b, c) is known already. */
static inline bool is_near(struct weir_nearby_point a, struct weir_nearby_point b, struct weir_nearby_point c,
                           int32_t area_c)
{
	return abs(area_c) <= NEAR * (abs(b.x - a.x) + abs(b.y - a.y)) && is_between(c.x, a.x, b.x) &&
	       is_between(c.y, a.y, b.y);
}

enum weir_side weir_nearby_side(const uint16_t *words, uint32_t count, uint32_t corner, bool inside,
                                struct weir_nearby_point p)
{
	const struct weir_nearby_point r = weir_nearby_corner(corner);
	struct weir_nearby_point a = vertex(words[0]);
	bool a_left = area(p, r, a) >= 0;

	for (uint32_t i = 1; i < count; i++) {
		if (words[i] == LIFT) {
			a = vertex(words[++i]);
			a_left = area(p, r, a) >= 0;
			continue;
		}
		struct weir_nearby_point b = vertex(words[i]);
		int32_t area_p = area(a, b, p);
		bool b_left = area(p, r, b) >= 0;

		if (is_near(a, b, p, area_p))
			return WEIR_SIDE_UNKNOWN;
		if (a_left != b_left)
			inside ^= (area_p > 0) != (area(a, b, r) > 0);
		a = b;
		a_left = b_left;
	}
	return inside ? WEIR_SIDE_IN : WEIR_SIDE_OUT;
}

bool weir_nearby_is_near(const uint16_t *words, uint32_t count, struct weir_nearby_point point)
{
	for (uint32_t i = 1; i < count; i++) {
		if (words[i] == LIFT) {
			i++;
			continue;
		}
		struct weir_nearby_point a = vertex(words[i - 1]), b = vertex(words[i]);

		if (is_near(a, b, point, area(a, b, point)))
			return true;
	}
	return false;
}

struct weir_nearby_box weir_nearby_box(const double from[2], const double to[2])
{
	return (struct weir_nearby_box){
	        .west = fmin(from[0], to[0]) * UNITS + WEST - 1,
	        .south = fmin(from[1], to[1]) * UNITS + WEST - 1,
	        .east = fmax(from[0], to[0]) * UNITS + WEST + 1,
	        .north = fmax(from[1], to[1]) * UNITS + WEST + 1,
	};
}

bool weir_nearby_meets_box(const uint16_t *words, uint32_t count, const struct weir_nearby_box *box)
{
	for (uint32_t i = 1; i < count; i++) {
		if (words[i] == LIFT) {
			i++;
			continue;
		}
		int ax = words[i - 1] & 0xff, ay = words[i - 1] >> 8, bx = words[i] & 0xff,
		    by = words[i] >> 8;

		if ((ax >= box->west || bx >= box->west) && (ax <= box->east || bx <= box->east) &&
		    (ay >= box->south || by >= box->south) && (ay <= box->north || by <= box->north))
			return true;
	}
	return false;
}

/* Cuts the part of the edge off that lies beyond a limit of this axis; shares of the edge from its begin. */
static void cut(double from, double to, double *first, double *last)
{
	double length = to - from;

	if (length == 0) {
		if (from < CUT_LOW || from > CUT_HIGH)
			*last = -1;
		return;
	}
	double low = (CUT_LOW - from) / length, high = (CUT_HIGH - from) / length;
	*first = fmax(*first, fmin(low, high));
	*last = fmin(*last, fmax(low, high));
}

static uint16_t word_at(double from_x, double from_y, double to_x, double to_y, double share)
{
	double x = share == 1 ? to_x : from_x + share * (to_x - from_x);
	double y = share == 1 ? to_y : from_y + share * (to_y - from_y);

	return (uint16_t)((uint32_t)(x + 0.5) | (uint32_t)(y + 0.5) << 8);
}

void weir_nearby_draw(uint16_t *words, uint32_t *count, const double from[2], const double to[2])
{
	double from_x = from[0] * UNITS + WEST, from_y = from[1] * UNITS + WEST;
	double to_x = to[0] * UNITS + WEST, to_y = to[1] * UNITS + WEST;
	double first = 0, last = 1;

	cut(from_x, to_x, &first, &last);
	cut(from_y, to_y, &first, &last);
	if (first > last)
		return; /* it is not even close to the cell */
	uint16_t begin = word_at(from_x, from_y, to_x, to_y, first);
	if (*count == 0 || words[*count - 1] != begin) {
		if (*count != 0)
			words[(*count)++] = LIFT;
		words[(*count)++] = begin;
	}
	words[(*count)++] = word_at(from_x, from_y, to_x, to_y, last);
}
