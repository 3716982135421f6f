/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cells of a grid that a line with its surroundings touches and fills: a block of cells is halved until
 * the distance of its middle says that all of it lies within, or none, or it is a single cell. On its way
 * down a block keeps the edges that its cells can be near to.
 */
#include <errno.h>
#include <math.h>

#include "fence/growing.h"
#include "fence/metric.h"
#include "fence/raster.h"

/*
 * How much farther than the corner of a block its cells may be taken to reach, and by how much distances
 * measured from two places of it may differ: far above the errors of metric.h, of no cost.
 */
#define REACH_ALLOWANCE 1.01
#define METRIC_ALLOWANCE 0.002

/* Degrees: distances from the middle of a larger block say nothing about it. */
#define BLOCK_MAX_DEG 10.0

struct drawing {
	const struct weir_raster *raster;
	const struct weir_shapes *shapes;
	double radius_m;
	struct weir_raster_scratch *scratch;
	weir_span *span;
	void *context;
};

/* Columns and rows from the first up to, without, the end; and its edges in scratch->edges. */
struct block {
	int32_t first_column, end_column, first_row, end_row;
	size_t first_edge, end_edge;
};

static int keep_edge(struct weir_raster_scratch *scratch, uint32_t edge)
{
	void *moved = weir_growing(scratch->edges, &scratch->edge_capacity, scratch->edge_count + 1,
	                           sizeof(*scratch->edges));
	if (moved == NULL)
		return -ENOMEM;
	scratch->edges = moved;
	scratch->edges[scratch->edge_count++] = edge;
	return 0;
}

/* From the middle to the corner that is the farthest. Infinite: the block is too large to say. */
static double reach_m(const struct drawing *d, const struct block *b, const struct weir_metric *metric)
{
	double east = weir_raster_longitude(d->raster, b->end_column) - metric->longitude_deg;
	double north = weir_raster_latitude(d->raster, b->end_row);
	double south = weir_raster_latitude(d->raster, b->first_row);
	double upper[2], lower[2];

	if (east > BLOCK_MAX_DEG / 2 || north - south > BLOCK_MAX_DEG)
		return INFINITY;
	weir_metric_place(metric, metric->longitude_deg + east, fmin(north, 90), upper);
	weir_metric_place(metric, metric->longitude_deg + east, fmax(south, -90), lower);
	return REACH_ALLOWANCE * fmax(hypot(upper[0], upper[1]), hypot(lower[0], lower[1]));
}

enum verdict { NOTHING, SOMETHING, EVERYTHING };

/* Judges a block by the edges of the block that it is a half of, and keeps those that it is near to. */
static int judge(struct drawing *d, struct block *b, enum verdict *verdict)
{
	const struct weir_metric metric =
	        weir_metric_at(weir_raster_longitude(d->raster, (b->first_column + b->end_column) / 2.0),
	                       weir_raster_latitude(d->raster, (b->first_row + b->end_row) / 2.0));
	double reach = reach_m(d, b, &metric);
	size_t first = b->first_edge, end = b->end_edge;

	b->first_edge = d->scratch->edge_count;
	*verdict = NOTHING;
	for (size_t i = first; i < end; i++) {
		uint32_t edge = d->scratch->edges[i];
		const double(*v)[2] = (const double(*)[2])(d->shapes->vertices + edge);
		double distance = isinf(reach) ? 0 : weir_metric_edge_m(&metric, v[0], v[1]);

		if (distance * (1 - METRIC_ALLOWANCE) > d->radius_m + reach)
			continue;
		if (distance * (1 + METRIC_ALLOWANCE) + reach <= d->radius_m) {
			*verdict = EVERYTHING;
			break;
		}
		*verdict = SOMETHING;
		if (keep_edge(d->scratch, edge) != 0)
			return -ENOMEM;
	}
	b->end_edge = d->scratch->edge_count;
	return 0;
}

static int keep_intervals(struct drawing *d, const struct block *b)
{
	struct weir_raster_scratch *scratch = d->scratch;

	for (size_t i = b->first_edge; i < b->end_edge; i++) {
		void *moved = weir_growing(scratch->intervals, &scratch->capacity, scratch->count + 1,
		                           sizeof(*scratch->intervals));
		if (moved == NULL)
			return -ENOMEM;
		scratch->intervals = moved;
		scratch->intervals[scratch->count++] = (struct weir_interval){
		        b->first_row, b->first_column, b->first_column, scratch->edges[i]};
	}
	return 0;
}

static int draw(struct drawing *d, struct block b);

static int draw_halves(struct drawing *d, const struct block *b)
{
	struct block one = *b, other = *b;

	if (b->end_column - b->first_column >= b->end_row - b->first_row)
		one.end_column = other.first_column = b->first_column + (b->end_column - b->first_column) / 2;
	else
		one.end_row = other.first_row = b->first_row + (b->end_row - b->first_row) / 2;
	int error = draw(d, one);
	return error != 0 ? error : draw(d, other);
}

/* The depth is that of halving: some forty at most. */
static int draw(struct drawing *d, struct block b)
{
	size_t edges_before = d->scratch->edge_count;
	enum verdict verdict;
	int error = judge(d, &b, &verdict);

	if (error != 0 || verdict == NOTHING)
		goto out;
	if (verdict == EVERYTHING) {
		for (int32_t row = b.first_row; row < b.end_row; row++)
			d->span(d->context, row, b.first_column, b.end_column - 1, WEIR_CELL_FILLED);
	} else if (b.end_column - b.first_column == 1 && b.end_row - b.first_row == 1) {
		d->span(d->context, b.first_row, b.first_column, b.first_column, WEIR_CELL_TOUCHED);
		error = keep_intervals(d, &b);
	} else {
		error = draw_halves(d, &b);
	}
out:
	d->scratch->edge_count = edges_before;
	return error;
}

static int32_t clamp(double cell, int32_t count)
{
	return cell < 0 ? 0 : cell > count ? count : (int32_t)cell;
}

int weir_raster_line(const struct weir_raster *raster, const struct weir_shapes *shapes, uint32_t index,
                     struct weir_raster_scratch *scratch, weir_span *span, void *context)
{
	const struct weir_shape *shape = &shapes->shapes[index];
	const struct weir_ring *ring = &shapes->rings[shape->first_ring];
	struct drawing d = {raster, shapes, shape->radius_m, scratch, span, context};
	struct block all = {
	        .first_column = clamp(floor(weir_raster_column(raster, shape->west)) - 1, raster->columns),
	        .end_column = clamp(floor(weir_raster_column(raster, shape->east)) + 2, raster->columns),
	        .first_row = clamp(floor(weir_raster_row(raster, shape->south)) - 1, raster->rows),
	        .end_row = clamp(floor(weir_raster_row(raster, shape->north)) + 2, raster->rows),
	};

	scratch->count = scratch->edge_count = 0;
	if (all.first_column >= all.end_column || all.first_row >= all.end_row)
		return 0;
	for (uint32_t i = 0; i + 1 < ring->count; i++)
		if (keep_edge(scratch, ring->first + i) != 0)
			return -ENOMEM;
	all.end_edge = scratch->edge_count;
	return draw(&d, all);
}
