/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which cells of a regular grid a shape touches, and which it fills. Rounded outwards: every cell whose
 * closed square, grown by the raster's slack, meets the boundary is said to be touched (and now and then one
 * that misses it by a little); a cell that is said to be filled lies in the shape as a whole, and one of
 * which nothing is said lies outside as a whole.
 */
#ifndef WEIR_RASTER_H
#define WEIR_RASTER_H

#include "fence/shapes.h"

/* The least slack: far above the rounding errors of the arithmetic, far below what costs anything. */
#define WEIR_RASTER_SLACK 1e-6

/*
 * A window on a grid, and how often each of the grid's cells is divided in it. The column of a longitude
 * is ((longitude - west) * columns_per_degree - first_column) * division: who looks a point up must
 * calculate the same, step by step, so that rounding is the same too.
 */
struct weir_raster {
	double west, south; /* degrees, of the grid's cell (0, 0) */
	double columns_per_degree, rows_per_degree;
	double first_column, first_row;
	double division;
	double slack;          /* in divided cells; at least WEIR_RASTER_SLACK */
	int32_t columns, rows; /* of the window, divided; what lies outside of it is left out */
};

/* The place of degrees in the window, in divided columns and rows. */
double weir_raster_column(const struct weir_raster *raster, double longitude_deg);
double weir_raster_row(const struct weir_raster *raster, double latitude_deg);

/* Degrees of a place in the window, in divided columns and rows. */
double weir_raster_longitude(const struct weir_raster *raster, double column);
double weir_raster_latitude(const struct weir_raster *raster, double row);

enum weir_cell_kind { WEIR_CELL_TOUCHED, WEIR_CELL_FILLED };

/* Cells first to last (inclusive) of a row. */
typedef void weir_span(void *context, int32_t row, int32_t first, int32_t last, enum weir_cell_kind kind);

/* Columns first to last (which may lie beside the raster) of a row, through which an edge passes. */
struct weir_interval {
	int32_t row, first, last;
	uint32_t edge; /* the vertex at which it begins */
};

/* Memory that calls share; starts as { 0 }. */
struct weir_raster_scratch {
	struct weir_interval
	        *intervals; /* after a call: of all its edges, those of polygons as they follow */
	size_t count, capacity;
	struct weir_interval *sorted; /* by row, then by column */
	size_t sorted_capacity;
	uint8_t *rows[2]; /* what a row's cells are, of this row and of the one before it */
	size_t row_capacity[2];
	uint32_t *edges; /* of lines: see raster_line.c */
	size_t edge_count, edge_capacity;
};

/* Cells come once each; those of polygons row by row from the south, west to east. Returns 0 or -ENOMEM. */
int weir_raster_shape(const struct weir_raster *raster, const struct weir_shapes *shapes, uint32_t shape,
                      struct weir_raster_scratch *scratch, weir_span *span, void *context);

/* The same of a polygon of which only these edges come into the window. */
int weir_raster_part(const struct weir_raster *raster, const struct weir_shapes *shapes, uint32_t shape,
                     const struct weir_edge_run *runs, size_t run_count, struct weir_raster_scratch *scratch,
                     weir_span *span, void *context);

/* The part of weir_raster_shape() for lines: intervals are single cells, each with an edge close to it. */
int weir_raster_line(const struct weir_raster *raster, const struct weir_shapes *shapes, uint32_t shape,
                     struct weir_raster_scratch *scratch, weir_span *span, void *context);

void weir_raster_scratch_clear(struct weir_raster_scratch *scratch);

#endif
