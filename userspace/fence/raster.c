/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shapes to cells. See raster.h.
 *
 * Each edge gives, in each row that it passes, an interval of columns. Between two intervals of a row
 * there is no boundary, so that one point in the gap speaks for all of it.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "fence/growing.h"
#include "fence/raster.h"

/* What sort_intervals() counts out: enough for the cells of a second grid. */
#define ROWS_COUNTED 64
#define INTERVALS_COUNTED 4096

static int32_t clamp_cell(double cell, int32_t count)
{
	/* Without floor(), which is a call where the processor is not known to have it. */
	return cell < 0 ? -1 : cell >= count ? count : (int32_t)cell;
}

static int keep(struct weir_raster_scratch *scratch, struct weir_interval interval)
{
	void *moved = weir_growing(scratch->intervals, &scratch->capacity, scratch->count + 1,
	                           sizeof(*scratch->intervals));
	if (moved == NULL)
		return -ENOMEM;
	scratch->intervals = moved;
	scratch->intervals[scratch->count++] = interval;
	return 0;
}

/* An edge in units of cells, from its lower end to its upper one. */
struct cell_edge {
	double x0, y0, x1, y1;
};

static double x_at(const struct cell_edge *edge, double y)
{
	if (y <= edge->y0)
		return edge->x0;
	if (y >= edge->y1)
		return edge->x1;
	double x = edge->x0 + (y - edge->y0) / (edge->y1 - edge->y0) * (edge->x1 - edge->x0);
	return fmin(fmax(x, fmin(edge->x0, edge->x1)), fmax(edge->x0, edge->x1));
}

/* Rows in which an edge passes west or east of the window: that it does is all that the sweep must know. */
struct beside {
	uint64_t west, east; /* bits of rows */
};

/* Bits first to last, 0 <= first <= last < 64. */
static uint64_t bits_between(int32_t first, int32_t last)
{
	return (~UINT64_C(0) >> ((63 - last + first) & 63)) << (first & 63);
}

/* Whether the edge lies beside the window as a whole, and was noted there. */
static bool note_beside(struct beside *beside, const struct weir_raster *raster, const struct cell_edge *edge,
                        int32_t low, int32_t high)
{
	bool is_west = fmax(edge->x0, edge->x1) + raster->slack < 0;

	if (raster->rows > ROWS_COUNTED ||
	    (!is_west && fmin(edge->x0, edge->x1) - raster->slack < raster->columns))
		return false;
	low = low < 0 ? 0 : low;
	high = high < raster->rows ? high : raster->rows - 1;
	if (low <= high)
		*(is_west ? &beside->west : &beside->east) |= bits_between(low, high);
	return true;
}

static int keep_beside(struct weir_raster_scratch *scratch, const struct weir_raster *raster,
                       const struct beside *beside)
{
	for (int32_t row = 0; row < raster->rows && row < ROWS_COUNTED; row++) {
		if ((beside->west >> row & 1) != 0 &&
		    keep(scratch, (struct weir_interval){row, -1, -1, 0}) != 0)
			return -ENOMEM;
		if ((beside->east >> row & 1) != 0 &&
		    keep(scratch, (struct weir_interval){row, raster->columns, raster->columns, 0}) != 0)
			return -ENOMEM;
	}
	return 0;
}

static int keep_edge(struct weir_raster_scratch *scratch, const struct weir_raster *raster,
                     const struct cell_edge *edge, uint32_t vertex, struct beside *beside)
{
	int32_t low = clamp_cell(edge->y0 - raster->slack, raster->rows);
	int32_t high = clamp_cell(edge->y1 + raster->slack, raster->rows);

	if (note_beside(beside, raster, edge, low, high))
		return 0;

	for (int32_t row = low < 0 ? 0 : low; row <= high && row < raster->rows; row++) {
		double xa = edge->x0, xb = edge->x1;

		if (edge->y1 > edge->y0) {
			xa = x_at(edge, row - raster->slack);
			xb = x_at(edge, row + 1 + raster->slack);
		}
		int32_t first = clamp_cell(fmin(xa, xb) - raster->slack, raster->columns);
		int32_t last = clamp_cell(fmax(xa, xb) + raster->slack, raster->columns);
		if (keep(scratch, (struct weir_interval){row, first, last, vertex}) != 0)
			return -ENOMEM;
	}
	return 0;
}

double weir_raster_column(const struct weir_raster *raster, double longitude_deg)
{
	return ((longitude_deg - raster->west) * raster->columns_per_degree - raster->first_column) *
	       raster->division;
}

double weir_raster_row(const struct weir_raster *raster, double latitude_deg)
{
	return ((latitude_deg - raster->south) * raster->rows_per_degree - raster->first_row) *
	       raster->division;
}

double weir_raster_longitude(const struct weir_raster *raster, double column)
{
	return raster->west + (raster->first_column + column / raster->division) / raster->columns_per_degree;
}

double weir_raster_latitude(const struct weir_raster *raster, double row)
{
	return raster->south + (raster->first_row + row / raster->division) / raster->rows_per_degree;
}

/* Band by band, so that a shape much taller than the raster costs no more than its part in it. */
static int keep_edges(struct weir_raster_scratch *scratch, const struct weir_raster *raster,
                      const struct weir_shapes *shapes, const struct weir_shape *shape)
{
	/* A tenth of a cell more than the window: bands need no exactness. */
	double south = fmax(weir_raster_latitude(raster, -0.1), shape->south);
	double north = fmin(weir_raster_latitude(raster, raster->rows + 0.1), shape->north);
	struct beside beside = {0, 0};

	if (south > north)
		return 0;
	uint32_t low = weir_shape_band(shape, south), high = weir_shape_band(shape, north);
	for (uint32_t band = low; band <= high; band++) {
		uint32_t i = shapes->band_ends[shape->first_band + band];

		for (; i < shapes->band_ends[shape->first_band + band + 1]; i++) {
			const double(*v)[2] = (const double(*)[2])(shapes->vertices + shapes->edges[i]);
			int lower = v[0][1] <= v[1][1] ? 0 : 1;

			/* An edge in many bands is kept once, in the lowest of those that are looked at. */
			uint32_t begins = weir_shape_band(shape, v[lower][1]);
			if (band != (begins < low ? low : begins))
				continue;

			struct cell_edge edge = {
			        .x0 = weir_raster_column(raster, v[lower][0]),
			        .y0 = weir_raster_row(raster, v[lower][1]),
			        .x1 = weir_raster_column(raster, v[!lower][0]),
			        .y1 = weir_raster_row(raster, v[!lower][1]),
			};
			if (keep_edge(scratch, raster, &edge, shapes->edges[i], &beside) != 0)
				return -ENOMEM;
		}
	}
	return keep_beside(scratch, raster, &beside);
}

/* By row, then by column. Few share a row. */
static void sort_row(struct weir_interval *intervals, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct weir_interval one = intervals[i];
		size_t place = i;

		for (; place > 0 && intervals[place - 1].first > one.first; place--)
			intervals[place] = intervals[place - 1];
		intervals[place] = one;
	}
}

static int compare_intervals(const void *left, const void *right)
{
	const struct weir_interval *a = left, *b = right;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

/* Rows are counted out where they are few; a row of a coast may be long, and is left to the library. */
static int sort_intervals(struct weir_raster_scratch *scratch, int32_t rows)
{
	size_t count = scratch->count;
	uint32_t ends[ROWS_COUNTED + 1] = {0};

	if (rows > ROWS_COUNTED || count > INTERVALS_COUNTED) {
		qsort(scratch->intervals, count, sizeof(*scratch->intervals), compare_intervals);
		return 0;
	}
	void *moved =
	        weir_growing(scratch->sorted, &scratch->sorted_capacity, count + 1, sizeof(*scratch->sorted));
	if (moved == NULL)
		return -ENOMEM;
	scratch->sorted = moved;
	for (size_t i = 0; i < count; i++)
		ends[scratch->intervals[i].row + 1]++;
	for (int32_t row = 0; row < rows; row++)
		ends[row + 1] += ends[row];
	for (size_t i = 0; i < count; i++)
		scratch->sorted[ends[scratch->intervals[i].row]++] = scratch->intervals[i];
	for (int32_t row = 0; row < rows; row++) {
		uint32_t begin = row == 0 ? 0 : ends[row - 1];
		sort_row(scratch->sorted + begin, ends[row] - begin);
	}

	struct weir_interval *swapped = scratch->intervals;
	size_t capacity = scratch->capacity;
	scratch->intervals = scratch->sorted;
	scratch->capacity = scratch->sorted_capacity;
	scratch->sorted = swapped;
	scratch->sorted_capacity = capacity;
	return 0;
}

/* What a row is made of, while it is swept from west to east. */
struct sweep {
	const struct weir_raster *raster;
	const struct weir_shapes *shapes;
	uint32_t shape;
	weir_span *span;
	void *context;
};

static void say(const struct sweep *sweep, int32_t row, int32_t first, int32_t last, enum weir_cell_kind kind)
{
	if (first < 0)
		first = 0;
	if (last >= sweep->raster->columns)
		last = sweep->raster->columns - 1;
	if (first <= last)
		sweep->span(sweep->context, row, first, last, kind);
}

static void say_gap(const struct sweep *sweep, int32_t row, int32_t first, int32_t last)
{
	const struct weir_raster *raster = sweep->raster;

	if (first > last || last < 0 || first >= raster->columns)
		return;
	double x = weir_raster_longitude(raster, first + 0.5), y = weir_raster_latitude(raster, row + 0.5);
	if (weir_shape_covers(sweep->shapes, sweep->shape, x, y))
		say(sweep, row, first, last, WEIR_CELL_FILLED);
}

static void sweep_rows(const struct sweep *sweep, const struct weir_interval *intervals, size_t count)
{
	for (size_t i = 0; i < count;) {
		int32_t row = intervals[i].row;
		int32_t first = intervals[i].first, last = intervals[i].last;

		for (i++; i < count && intervals[i].row == row; i++) {
			if (intervals[i].first > last + 1) {
				say(sweep, row, first, last, WEIR_CELL_TOUCHED);
				say_gap(sweep, row, last + 1, intervals[i].first - 1);
				first = intervals[i].first;
				last = intervals[i].last;
			} else if (intervals[i].last > last) {
				last = intervals[i].last;
			}
		}
		say(sweep, row, first, last, WEIR_CELL_TOUCHED);
	}
}

int weir_raster_shape(const struct weir_raster *raster, const struct weir_shapes *shapes, uint32_t shape,
                      struct weir_raster_scratch *scratch, weir_span *span, void *context)
{
	struct sweep sweep = {raster, shapes, shape, span, context};

	if (shapes->shapes[shape].is_line)
		return weir_raster_line(raster, shapes, shape, scratch, span, context);
	scratch->count = 0;
	if (keep_edges(scratch, raster, shapes, &shapes->shapes[shape]) != 0)
		return -ENOMEM;
	if (scratch->count > 1 && sort_intervals(scratch, raster->rows) != 0)
		return -ENOMEM;
	sweep_rows(&sweep, scratch->intervals, scratch->count);
	return 0;
}

void weir_raster_scratch_clear(struct weir_raster_scratch *scratch)
{
	free(scratch->intervals);
	free(scratch->sorted);
	free(scratch->edges);
	*scratch = (struct weir_raster_scratch){0};
}
