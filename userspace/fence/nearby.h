/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a point lies in a shape, from the few edges of the shape that touch the cell around the point,
 * and one bit that stands for all the others.
 *
 * From the point one goes east to the cell's border, then along the border to its north-eastern corner.
 * How often that crosses the boundary says whether the point lies on the same side of it as the corner,
 * and only edges that touch the cell can be crossed. The bit is what the corner and the edges far away
 * contribute; it is the same for all points of the cell.
 */
#ifndef WEIR_NEARBY_H
#define WEIR_NEARBY_H

#include <stdbool.h>
#include <stdint.h>

enum weir_side {
	WEIR_SIDE_OUT,
	WEIR_SIDE_IN,
	WEIR_SIDE_ON,     /* on the boundary, which belongs to the shape */
	WEIR_SIDE_UNKNOWN /* the way leads along the boundary: ask all edges of the shape */
};

/*
 * edges: vertices at which they begin. far: the bit, true or false. east: the longitude of the cell's
 * eastern border, always the same for the same cell.
 */
enum weir_side weir_nearby_side(const double (*vertices)[2], const uint32_t *edges, uint32_t count, bool far,
                                double east, double x, double y);

#endif
