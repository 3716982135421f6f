/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of many shapes cover a point.
 *
 * The grid has two levels. A cell of the first holds a list of shapes, or, where boundaries run through
 * it, a second grid, the finer the more boundaries there are. In a list a shape is either filled (it
 * covers the whole cell, nothing more is to be asked) or touched. Touched shapes in a second grid come
 * with their edges nearby (nearby.h); else all of the shape is to be asked.
 *
 * Built once by one thread; then any number of threads may ask. Asking does not allocate.
 */
#ifndef WEIR_GRID_H
#define WEIR_GRID_H

#include "fence/shapes.h"

/* A cell of the first level. cell.h says how it is read. */
struct weir_cell {
	uint32_t content;
	/* Where that is a second grid: */
	uint16_t side;   /* cells in a row, and rows */
	uint8_t width;   /* bytes of a code: 1, 2 or 4 */
	bool has_common; /* its first code stands for a list of those that fill the whole of it */
};

struct weir_grid {
	double west, south, east, north;
	double columns_per_degree, rows_per_degree;
	uint32_t columns, rows;
	struct weir_cell *cells;
	uint32_t *lists;  /* and second grids; see cell.h; list 0 is not used */
	uint32_t *owners; /* of the shapes: close together, so that they stay in the cache */
	size_t list_length, list_capacity;
};

/* The shapes must be finished, and must outlive the grid unchanged. Returns 0 or -ENOMEM. */
int weir_grid_build(struct weir_grid *grid, const struct weir_shapes *shapes);

/*
 * The owners of the shapes that cover the point, ascending, each once. Returns how many there are, which
 * may be more than capacity; only capacity are written. Longitudes that differ by 360 are the same.
 */
size_t weir_grid_locate(const struct weir_grid *grid, const struct weir_shapes *shapes, double longitude_deg,
                        double latitude_deg, uint32_t *owners, size_t capacity);

bool weir_grid_covers(const struct weir_grid *grid, const struct weir_shapes *shapes, double longitude_deg,
                      double latitude_deg);

/*
 * Tells of the owners of shapes whose boundaries run through the cells along a straight way, some of them
 * often, in no order: with the edges (vertices at which they begin) that touch the cell, or NULL for all that
 * the shape has. Where the way meets a boundary, that cell is told, with the edge. Longitudes as they are:
 * not turned by 360 degrees.
 */
typedef void weir_grid_meets(void *context, uint32_t owner, const uint32_t *edges, uint32_t count);
void weir_grid_along(const struct weir_grid *grid, const double from[2], const double to[2],
                     weir_grid_meets *meets, void *context);

size_t weir_grid_bytes(const struct weir_grid *grid);

/* Frees what the grid owns and leaves an empty one, which nothing lies in. */
void weir_grid_clear(struct weir_grid *grid);

#endif
