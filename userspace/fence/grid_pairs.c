/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shapes drawn into the cells of a grid. See grid_building.h.
 */
#include <errno.h>
#include <string.h>

#include "fence/grid_building.h"
#include "fence/growing.h"

static void add_pairs(struct weir_grid_building *b, int32_t row, int32_t first, int32_t last, uint32_t word)
{
	size_t needed = b->pair_count + (size_t)(last - first) + 1;
	void *moved = weir_growing(b->pairs, &b->pair_capacity, needed, sizeof(*b->pairs));

	if (moved == NULL) {
		b->failed = true;
		return;
	}
	b->pairs = moved;
	uint32_t base = (uint32_t)row * (uint32_t)b->raster.columns;
	for (int32_t column = first; column <= last; column++)
		b->pairs[b->pair_count++] = (struct weir_cell_pair){base + (uint32_t)column, word};
}

static void draw_span(void *context, int32_t row, int32_t first, int32_t last, enum weir_cell_kind kind)
{
	struct weir_grid_building *b = context;

	add_pairs(b, row, first, last, b->number << 1 | (kind == WEIR_CELL_FILLED));
}

int weir_building_draw(struct weir_grid_building *b, uint32_t shape, uint32_t number)
{
	b->number = number;
	int error = weir_raster_shape(&b->raster, b->shapes, shape, &b->scratch, draw_span, b);

	return b->failed ? -ENOMEM : error;
}

int weir_building_draw_part(struct weir_grid_building *b, uint32_t shape, uint32_t number,
                            const struct weir_cell_pair *runs, size_t count)
{
	b->number = number;
	b->run_count = 0;
	for (size_t i = 0; i < count; i += 2) {
		void *moved = weir_growing(b->runs, &b->run_capacity, b->run_count + 1, sizeof(*b->runs));

		if (moved == NULL)
			return -ENOMEM;
		b->runs = moved;
		b->runs[b->run_count++] =
		        (struct weir_edge_run){weir_pair_edge(&runs[i]), weir_pair_edge(&runs[i + 1])};
	}
	int error = weir_raster_part(&b->raster, b->shapes, shape, b->runs, b->run_count, &b->scratch,
	                             draw_span, b);

	return b->failed ? -ENOMEM : error;
}

/* The interval's columns in the window; none where *first > *last. */
static void clip(const struct weir_grid_building *b, const struct weir_interval *interval, int32_t *first,
                 int32_t *last)
{
	*first = interval->first < 0 ? 0 : interval->first;
	*last = interval->last < b->raster.columns ? interval->last : b->raster.columns - 1;
}

int weir_building_draw_edges(struct weir_grid_building *b)
{
	for (size_t i = 0; i < b->scratch.count; i++) {
		const struct weir_interval *interval = &b->scratch.intervals[i];
		int32_t first, last;

		clip(b, interval, &first, &last);
		if (first <= last)
			add_pairs(b, interval->row, first, last, interval->edge | WEIR_EDGE_MARK);
	}
	return b->failed ? -ENOMEM : 0;
}

/* Of the shape that is being drawn: so many runs are looked back for one that the edge continues. */
#define LOOK_BACK 4

static void add_to_run(struct weir_grid_building *b, int32_t row, int32_t column, uint32_t edge, size_t begin)
{
	uint32_t cell = (uint32_t)row * (uint32_t)b->raster.columns + (uint32_t)column;

	for (size_t i = b->pair_count, n = 0; i >= begin + 2 && n < LOOK_BACK; i -= 2, n++) {
		struct weir_cell_pair *run = &b->pairs[i - 2];

		if (run[0].cell == cell && weir_pair_edge(&run[0]) + weir_pair_edge(&run[1]) == edge) {
			run[1].word++;
			return;
		}
	}
	add_pairs(b, row, column, column, edge | WEIR_EDGE_MARK);
	add_pairs(b, row, column, column, 1 | WEIR_EDGE_MARK);
}

int weir_building_draw_runs(struct weir_grid_building *b)
{
	size_t begin = b->pair_count;

	for (size_t i = 0; i < b->scratch.count && !b->failed; i++) {
		const struct weir_interval *interval = &b->scratch.intervals[i];
		int32_t first, last;

		clip(b, interval, &first, &last);
		for (; first <= last && !b->failed; first++)
			add_to_run(b, interval->row, first, interval->edge, begin);
	}
	return b->failed ? -ENOMEM : 0;
}

int weir_building_sort(struct weir_grid_building *b)
{
	size_t cells = (size_t)b->raster.columns * (size_t)b->raster.rows;
	void *moved = weir_growing(b->starts, &b->start_capacity, cells + 1, sizeof(*b->starts));
	if (moved == NULL)
		return -ENOMEM;
	b->starts = moved;
	moved = weir_growing(b->sorted, &b->sorted_capacity, b->pair_count + 1, sizeof(*b->sorted));
	if (moved == NULL)
		return -ENOMEM;
	b->sorted = moved;

	memset(b->starts, 0, (cells + 1) * sizeof(*b->starts));
	for (size_t i = 0; i < b->pair_count; i++)
		b->starts[b->pairs[i].cell + 1]++;
	for (size_t i = 0; i < cells; i++)
		b->starts[i + 1] += b->starts[i];
	for (size_t i = 0; i < b->pair_count; i++)
		b->sorted[b->starts[b->pairs[i].cell]++] = b->pairs[i];
	memmove(b->starts + 1, b->starts, cells * sizeof(*b->starts));
	b->starts[0] = 0;
	return 0;
}
