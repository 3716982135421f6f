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

int weir_building_draw_edges(struct weir_grid_building *b)
{
	for (size_t i = 0; i < b->scratch.count; i++) {
		const struct weir_interval *interval = &b->scratch.intervals[i];
		int32_t first = interval->first < 0 ? 0 : interval->first;
		int32_t last = interval->last < b->raster.columns ? interval->last : b->raster.columns - 1;

		if (first <= last)
			add_pairs(b, interval->row, first, last, interval->edge | WEIR_EDGE_MARK);
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
