/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of many shapes cover a point.
 *
 * The grid has two levels. A cell of the first is empty, or holds a second grid, the finer the more
 * boundaries run through it. A cell of that holds a list of shapes, each either filled (it covers the whole
 * cell, nothing more is to be asked) or touched. Touched shapes come with a rough drawing of their boundary
 * nearby, which decides for nearly all points (nearby.h); for the rest the shape itself is asked.
 *
 * Built once by one thread; then any number of threads may ask. Asking does not allocate.
 */
#ifndef WEIR_GRID_H
#define WEIR_GRID_H

#include "fence/shapes.h"

/* A cell of the first level. cell.h says how it is read. */
struct weir_cell {
	uint32_t block; /* where it begins, in units of a cache line; 0: the cell is empty */
	uint16_t side;  /* cells in a row of the second grid, and rows */
	uint8_t shift;
	bool has_common; /* there are shapes that fill the whole cell */
};

struct weir_grid {
	double west, south, east, north;
	double columns_per_degree, rows_per_degree;
	uint32_t columns, rows;
	struct weir_cell *cells;
	uint16_t *blocks; /* see cell.h; the first unit is not used */
	size_t word_count, word_capacity;
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
 * Tells of the owners of shapes whose boundaries run through the cells along a straight way, but for those
 * that do not come near it; some of them often, in no order. Whose boundary the way meets is among them.
 * Longitudes as they are: not turned by 360 degrees.
 */
typedef void weir_grid_meets(void *context, uint32_t owner);
void weir_grid_along(const struct weir_grid *grid, const double from[2], const double to[2],
                     weir_grid_meets *meets, void *context);

size_t weir_grid_bytes(const struct weir_grid *grid);

/* Frees what the grid owns and leaves an empty one, which nothing lies in. */
void weir_grid_clear(struct weir_grid *grid);

#endif
