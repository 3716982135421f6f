/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a segment meets an edge or the boundary of a shape. Whether it does is exact; the fraction is
 * rounded like any other number.
 */
#ifndef WEIR_SEGMENT_H
#define WEIR_SEGMENT_H

#include <stdbool.h>

#include "fence/shapes.h"

struct weir_segment {
	double from[2], to[2]; /* longitude, latitude */
};

/* Touching counts. *fraction: how far along the segment, 0 to 1, they meet first. */
bool weir_segment_meets_edge(const struct weir_segment *segment, const double a[2], const double b[2],
                             double *fraction);

/* The same for the boundary of a shape. */
bool weir_segment_meets_shape(const struct weir_segment *segment, const struct weir_shapes *shapes,
                              uint32_t shape, double *fraction);

/*
 * How a line that is not closed is crossed: 1 from left to right, seen along it, -1 from right to left, 0 not
 * at all, or as often one way as the other. What lies on an edge's line counts as on its left, on both sides
 * of the question, so that whoever goes through a vertex crosses once.
 */
int weir_segment_crosses_line(const struct weir_segment *segment, const struct weir_shapes *shapes,
                              uint32_t shape, double *fraction);

/* Where it comes within a line's radius first. */
bool weir_segment_nears_line(const struct weir_segment *segment, const struct weir_shapes *shapes,
                             uint32_t shape, double *fraction);

#endif
