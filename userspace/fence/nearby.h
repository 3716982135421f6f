/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * On which side of a shape's boundary a point of a cell lies, from a rough drawing of the boundary in the
 * cell. Points so close to the boundary that the drawing can't tell are left to who knows the boundary
 * itself; for all others the answer is exact.
 *
 * The drawing has 128 units in the cell's width and height, and is what remains of the edges that come
 * within NEARBY_GROWTH of the cell, cut off half a cell beyond it, with their ends rounded to whole
 * units. One goes straight from the point to a corner of the cell of which it is known whether it lies
 * inside, and counts how often that crosses the drawing. Rounding moves no point of the boundary by more
 * than 0.71 units; what it sweeps on its way holds neither the point nor the corner, as both keep farther
 * away, nor does an end of the drawing come into the cell: so the count is odd or even as that of the
 * boundary itself. On the drawing it is taken in whole numbers, without rounding.
 */
#ifndef WEIR_NEARBY_H
#define WEIR_NEARBY_H

#include <stdbool.h>
#include <stdint.h>

/* In cells: 2.5 units. What comes closer to the cell belongs into its drawing. */
#define NEARBY_GROWTH (2.5 / 128)

#define NEARBY_EDGES_MAX 64 /* beyond, asking all edges by bands is faster */

/* At most so many words for so many edges. */
#define NEARBY_WORDS(edges) (3 * (edges))

enum weir_side {
	WEIR_SIDE_OUT,
	WEIR_SIDE_IN,
	WEIR_SIDE_UNKNOWN /* on the boundary, or close to it */
};

/* A point of the cell in sixteenths of a unit. */
struct weir_nearby_point {
	int32_t x, y;
};

/* The place of a point in a cell: 0 is its western or southern border, 1 the eastern or northern one. */
struct weir_nearby_point weir_nearby_point(double x, double y);

/* The corners: bit 0 is set in the east, bit 1 in the north. */
#define NEARBY_CORNERS 4
struct weir_nearby_point weir_nearby_corner(uint32_t corner);

/* words, count: the drawing. inside: whether the corner lies inside. */
enum weir_side weir_nearby_side(const uint16_t *words, uint32_t count, uint32_t corner, bool inside,
                                struct weir_nearby_point point);

/* Whether the drawing comes so close to the point that it can't be judged by it. */
bool weir_nearby_is_near(const uint16_t *words, uint32_t count, struct weir_nearby_point point);

/* A box around a way, in units of the drawing, and one more on each side for its rounding. */
struct weir_nearby_box {
	double west, south, east, north;
};

struct weir_nearby_box weir_nearby_box(const double from[2], const double to[2]);

/* Whether the box around an edge of the drawing meets the box. If not, the boundary meets nothing in it. */
bool weir_nearby_meets_box(const uint16_t *words, uint32_t count, const struct weir_nearby_box *box);

/*
 * Adds an edge to a drawing of *count words with room for three more. from, to: places as above. Edges in the
 * order of the boundary share a vertex.
 */
void weir_nearby_draw(uint16_t *words, uint32_t *count, const double from[2], const double to[2]);

#endif
