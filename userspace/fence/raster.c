/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shapes to cells. See raster.h.
 *
 * Each edge gives, in each row that it passes, an interval of columns. Between two intervals of a row
 * there is no boundary, so that one point in the gap speaks for all of it; and where two gaps lie upon each
 * other, one speaks for both.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fence/growing.h"
#include "fence/raster.h"

/* What is counted out when intervals are sorted: enough for nearly all shapes. */
#define ROWS_COUNTED 256
#define INTERVALS_COUNTED 4096

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

static int keep_edge(struct weir_raster_scratch *scratch, const struct weir_raster *raster,
                     const struct weir_shapes *shapes, uint32_t vertex)
{
	const double(*v)[2] = (const double(*)[2])(shapes->vertices + vertex);
	int lower = v[0][1] <= v[1][1] ? 0 : 1;
	const struct cell_edge edge = {
	        .x0 = weir_raster_column(raster, v[lower][0]),
	        .y0 = weir_raster_row(raster, v[lower][1]),
	        .x1 = weir_raster_column(raster, v[!lower][0]),
	        .y1 = weir_raster_row(raster, v[!lower][1]),
	};
	int32_t low = clamp_cell(edge.y0 - raster->slack, raster->rows);
	int32_t high = clamp_cell(edge.y1 + raster->slack, raster->rows);

	for (int32_t row = low < 0 ? 0 : low; row <= high && row < raster->rows; row++) {
		double xa = edge.x0, xb = edge.x1;

		if (edge.y1 > edge.y0) {
			xa = x_at(&edge, row - raster->slack);
			xb = x_at(&edge, row + 1 + raster->slack);
		}
		int32_t first = clamp_cell(fmin(xa, xb) - raster->slack, raster->columns);
		int32_t last = clamp_cell(fmax(xa, xb) + raster->slack, raster->columns);
		if (keep(scratch, (struct weir_interval){row, first, last, vertex}) != 0)
			return -ENOMEM;
	}
	return 0;
}

static int keep_run(struct weir_raster_scratch *scratch, const struct weir_raster *raster,
                    const struct weir_shapes *shapes, struct weir_edge_run run)
{
	int error = 0;

	for (uint32_t i = 0; i < run.count && error == 0; i++)
		error = keep_edge(scratch, raster, shapes, run.first + i);
	return error;
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
static int sort_intervals(struct weir_raster_scratch *scratch)
{
	size_t count = scratch->count;
	uint32_t ends[ROWS_COUNTED + 1] = {0};
	int32_t low = INT32_MAX, high = INT32_MIN;
	void *moved =
	        weir_growing(scratch->sorted, &scratch->sorted_capacity, count + 1, sizeof(*scratch->sorted));

	if (moved == NULL)
		return -ENOMEM;
	scratch->sorted = moved;
	for (size_t i = 0; i < count; i++) {
		low = scratch->intervals[i].row < low ? scratch->intervals[i].row : low;
		high = scratch->intervals[i].row > high ? scratch->intervals[i].row : high;
	}
	if (count == 0)
		return 0;
	if (high - low >= ROWS_COUNTED || count > INTERVALS_COUNTED) {
		memcpy(scratch->sorted, scratch->intervals, count * sizeof(*scratch->sorted));
		qsort(scratch->sorted, count, sizeof(*scratch->sorted), compare_intervals);
		return 0;
	}
	int32_t rows = high - low + 1;
	for (size_t i = 0; i < count; i++)
		ends[scratch->intervals[i].row - low + 1]++;
	for (int32_t row = 0; row < rows; row++)
		ends[row + 1] += ends[row];
	for (size_t i = 0; i < count; i++)
		scratch->sorted[ends[scratch->intervals[i].row - low]++] = scratch->intervals[i];
	for (int32_t row = 0; row < rows; row++) {
		uint32_t begin = row == 0 ? 0 : ends[row - 1];
		sort_row(scratch->sorted + begin, ends[row] - begin);
	}
	return 0;
}

/* What a row is made of, while it is swept from west to east. */
struct sweep {
	const struct weir_raster *raster;
	const struct weir_shapes *shapes;
	uint32_t shape;
	weir_span *span;
	void *context;
	uint8_t *row, *below; /* of each cell enum what; NULL: not kept */
};

enum what { TOUCHED, INSIDE, OUTSIDE };

static void say(const struct sweep *sweep, int32_t row, int32_t first, int32_t last, enum weir_cell_kind kind)
{
	if (first < 0)
		first = 0;
	if (last >= sweep->raster->columns)
		last = sweep->raster->columns - 1;
	if (first > last)
		return;
	if (sweep->row != NULL)
		memset(sweep->row + first, kind == WEIR_CELL_FILLED ? INSIDE : TOUCHED,
		       (size_t)(last - first) + 1);
	sweep->span(sweep->context, row, first, last, kind);
}

static enum what ask_gap(const struct sweep *sweep, int32_t row, int32_t first)
{
	double x = weir_raster_longitude(sweep->raster, first + 0.5);
	double y = weir_raster_latitude(sweep->raster, row + 0.5);

	return weir_shape_covers(sweep->shapes, sweep->shape, x, y) ? INSIDE : OUTSIDE;
}

static void say_gap(const struct sweep *sweep, int32_t row, int32_t first, int32_t last)
{
	const struct weir_raster *raster = sweep->raster;
	enum what what = TOUCHED;

	if (first > last || last < 0 || first >= raster->columns)
		return;
	for (int32_t column = first; sweep->row != NULL && row > 0 && column <= last && what == TOUCHED;
	     column++)
		what = (enum what)sweep->below[column];
	if (what == TOUCHED)
		what = ask_gap(sweep, row, first);
	if (what == INSIDE)
		say(sweep, row, first, last, WEIR_CELL_FILLED);
	else if (sweep->row != NULL)
		memset(sweep->row + first, OUTSIDE, (size_t)(last - first) + 1);
}

/* The intervals of a row, of which there is at least one. Returns how many; *end: the column behind them. */
static size_t sweep_row(const struct sweep *sweep, const struct weir_interval *intervals, size_t count,
                        int32_t *end)
{
	int32_t row = intervals->row, begin = intervals->first, last = intervals->last;
	size_t i = 1;

	for (; i < count && intervals[i].row == row; i++) {
		if (intervals[i].first > last + 1) {
			say(sweep, row, begin, last, WEIR_CELL_TOUCHED);
			say_gap(sweep, row, last + 1, intervals[i].first - 1);
			begin = intervals[i].first;
			last = intervals[i].last;
		} else if (intervals[i].last > last) {
			last = intervals[i].last;
		}
	}
	say(sweep, row, begin, last, WEIR_CELL_TOUCHED);
	*end = last + 1;
	return i;
}

int weir_raster_shape(const struct weir_raster *raster, const struct weir_shapes *shapes, uint32_t index,
                      struct weir_raster_scratch *scratch, weir_span *span, void *context)
{
	const struct weir_shape *shape = &shapes->shapes[index];
	struct sweep sweep = {raster, shapes, index, span, context, NULL, NULL};
	int error = 0;

	if (shape->is_line)
		return weir_raster_line(raster, shapes, index, scratch, span, context);
	scratch->count = 0;
	for (uint32_t r = 0; r < shape->rings && error == 0; r++) {
		const struct weir_ring *ring = &shapes->rings[shape->first_ring + r];

		error = keep_run(scratch, raster, shapes,
		                 (struct weir_edge_run){ring->first, ring->count - 1});
	}
	if (error == 0)
		error = sort_intervals(scratch);
	for (size_t i = 0; i < scratch->count && error == 0;) {
		int32_t end;

		i += sweep_row(&sweep, scratch->sorted + i, scratch->count - i, &end);
	}
	return error;
}

static int make_rows(struct weir_raster_scratch *scratch, size_t columns)
{
	for (int i = 0; i < 2; i++) {
		void *moved = weir_growing(scratch->rows[i], &scratch->row_capacity[i], columns, 1);

		if (moved == NULL)
			return -ENOMEM;
		scratch->rows[i] = moved;
	}
	return 0;
}

int weir_raster_part(const struct weir_raster *raster, const struct weir_shapes *shapes, uint32_t shape,
                     const struct weir_edge_run *runs, size_t run_count, struct weir_raster_scratch *scratch,
                     weir_span *span, void *context)
{
	struct sweep sweep = {raster, shapes, shape, span, context, NULL, NULL};
	int error = make_rows(scratch, (size_t)raster->columns);

	scratch->count = 0;
	for (size_t i = 0; i < run_count && error == 0; i++)
		error = keep_run(scratch, raster, shapes, runs[i]);
	if (error == 0)
		error = sort_intervals(scratch);
	if (error != 0)
		return error;
	size_t i = 0;
	for (int32_t row = 0; row < raster->rows; row++) {
		int32_t end = 0;

		sweep.row = scratch->rows[row & 1];
		sweep.below = scratch->rows[!(row & 1)];
		if (i < scratch->count && scratch->sorted[i].row == row) {
			say_gap(&sweep, row, 0, scratch->sorted[i].first - 1);
			i += sweep_row(&sweep, scratch->sorted + i, scratch->count - i, &end);
		}
		say_gap(&sweep, row, end, raster->columns - 1);
	}
	return 0;
}

void weir_raster_scratch_clear(struct weir_raster_scratch *scratch)
{
	free(scratch->intervals);
	free(scratch->sorted);
	free(scratch->rows[0]);
	free(scratch->rows[1]);
	free(scratch->edges);
	*scratch = (struct weir_raster_scratch){0};
}
