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

/* Strictly on one side of both ends of an edge, along an axis. */
static inline bool weir_segment_is_beyond(const struct weir_segment *s, const double a[2], const double b[2],
                                          int axis)
{
	double from = s->from[axis], to = s->to[axis];

	return (from < a[axis] && to < a[axis] && from < b[axis] && to < b[axis]) ||
	       (from > a[axis] && to > a[axis] && from > b[axis] && to > b[axis]);
}

/* Do the boxes around the segment and the edge meet? If not, neither do they. */
static inline bool weir_segment_is_beside(const struct weir_segment *s, const double a[2], const double b[2])
{
	return !weir_segment_is_beyond(s, a, b, 0) && !weir_segment_is_beyond(s, a, b, 1);
}

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
