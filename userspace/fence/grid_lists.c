/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the cells of a grid contain, written down. See grid_building.h; how it is read: cell.h.
 */
#include <errno.h>
#include <string.h>

#include "fence/grid_building.h"
#include "fence/growing.h"
#include "fence/nearby.h"

#define LOOK_BACK 32
#define LINE_WORDS 16 /* a line of the cache has 64 bytes */

/*
 * The bit that stands for the edges that are not nearby: asked of all edges, at a point of the cell that
 * lies on no boundary and whose way to the corner doesn't either. NEARBY_NONE: no such point was found.
 */
static uint32_t nearby_word(const struct weir_grid_building *b, uint32_t cell, uint32_t shape,
                            const uint32_t *edges, uint32_t count)
{
	static const double samples[][2] = {{0.5, 0.5}, {0.37, 0.61}, {0.71, 0.29}, {0.13, 0.83}};
	const struct weir_raster *raster = &b->raster;
	if (b->shapes->shapes[shape].is_line)
		return count > NEARBY_MAX ? NEARBY_NONE : NEARBY_LINE | nearby_make(count, false);

	uint32_t column = cell % (uint32_t)raster->columns, row = cell / (uint32_t)raster->columns;
	double east = cell_east(b->grid, (uint32_t)raster->first_column, (uint32_t)raster->columns, column);

	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples) && count <= NEARBY_MAX; i++) {
		double x = weir_raster_longitude(raster, column + samples[i][0]);
		double y = weir_raster_latitude(raster, row + samples[i][1]);
		enum weir_side side = weir_nearby_side((const double(*)[2])b->shapes->vertices, edges, count,
		                                       false, east, x, y);

		if (side == WEIR_SIDE_IN || side == WEIR_SIDE_OUT)
			return nearby_make(count, weir_shape_covers(b->shapes, shape, x, y) !=
			                                  (side == WEIR_SIDE_IN));
	}
	return NEARBY_NONE;
}

/* Writes the entry that the pairs begin with, and its edges, of which there may be none. */
static void write_entry(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t edge_count)
{
	struct weir_grid *grid = b->grid;

	grid->lists[grid->list_length++] = pairs->word;
	if (entry_filled(pairs->word))
		return;
	uint32_t *word = &grid->lists[grid->list_length++], *edges = word + 1;
	*word = NEARBY_NONE;
	if (edge_count == 0 || edge_count > NEARBY_MAX)
		return;
	for (size_t i = 0; i < edge_count; i++)
		edges[i] = pairs[1 + i].word & ~WEIR_EDGE_MARK;
	*word = nearby_word(b, pairs->cell, entry_shape(pairs->word), edges, (uint32_t)edge_count);
	if (*word != NEARBY_NONE)
		grid->list_length += edge_count;
}

/* Adds a list of the entries; returns where it begins, 0 where there is no room for it. */
static uint32_t add_list(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t count,
                         bool filled_only)
{
	struct weir_grid *grid = b->grid;
	size_t most = grid->list_length + 2 * count + 1;
	void *moved = weir_growing(grid->lists, &grid->list_capacity, most, sizeof(*grid->lists));

	if (moved == NULL || most > CELL_VALUE_MAX)
		return 0;
	grid->lists = moved;
	uint32_t list = (uint32_t)grid->list_length++, entries = 0;
	for (size_t i = 0, edges; i < count; i += 1 + edges) {
		for (edges = 0; i + 1 + edges < count && weir_pair_is_edge(&pairs[i + 1 + edges]);)
			edges++;
		if (filled_only && weir_pair_is_touched(&pairs[i]))
			continue;
		write_entry(b, &pairs[i], edges);
		entries++;
	}
	grid->lists[list] = entries;
	return list;
}

int weir_building_cell(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t count,
                       uint32_t *cell)
{
	if (count == 0) {
		*cell = cell_make(CELL_EMPTY, 0);
	} else if (count == 1) {
		*cell = cell_make(CELL_ENTRY, pairs[0].word);
	} else {
		uint32_t list = add_list(b, pairs, count, false);
		if (list == 0)
			return -ENOMEM;
		*cell = cell_make(CELL_LIST, list);
	}
	return 0;
}

int weir_building_common(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t count,
                         uint32_t *list)
{
	*list = add_list(b, pairs, count, true);
	return *list == 0 ? -ENOMEM : 0;
}

/*
 * The code of what a cell contains: 0 where that is nothing, else its place in the table, from 1. Many cells
 * are filled by the same shape and contain the same; looking back a little finds it.
 */
static uint32_t code_of(struct weir_grid_building *b, uint32_t *count, uint32_t content)
{
	uint32_t oldest = *count > LOOK_BACK ? *count - LOOK_BACK : 0;

	if (cell_kind(content) == CELL_EMPTY)
		return 0;
	for (uint32_t i = *count; i > oldest && cell_kind(content) == CELL_ENTRY;
	     i--) /* a list has no kind */
		if (b->table[i - 1] == content)
			return i;
	b->table[(*count)++] = content;
	return *count;
}

static void write_code(uint32_t *block, size_t index, uint32_t width, uint32_t code)
{
	if (width == 1)
		((uint8_t *)block)[index] = (uint8_t)code;
	else if (width == 2)
		memcpy((char *)block + 2 * index, &(uint16_t){(uint16_t)code}, 2);
	else
		block[index] = code;
}

int weir_building_codes(struct weir_grid_building *b, struct weir_cell *cell, uint32_t common)
{
	struct weir_grid *grid = b->grid;
	size_t cells = (size_t)cell->side * cell->side;
	uint32_t count = 0;
	void *moved = weir_growing(b->table, &b->table_capacity, cells + 1, sizeof(*b->table));

	if (moved == NULL)
		return -ENOMEM;
	b->table = moved;
	cell->has_common = common != 0;
	if (common != 0)
		b->table[count++] = common;
	for (size_t i = 0; i < cells; i++)
		b->contents[i] = code_of(b, &count, b->contents[i]);
	cell->width = count <= UINT8_MAX ? 1 : count <= UINT16_MAX ? 2 : 4;

	/* Codes begin with a line of the cache; the table ends where they begin. */
	size_t begin = (grid->list_length + count + LINE_WORDS - 1) / LINE_WORDS * LINE_WORDS;
	size_t end = begin + (cells * cell->width + sizeof(uint32_t) - 1) / sizeof(uint32_t);
	moved = weir_growing(grid->lists, &grid->list_capacity, end, sizeof(*grid->lists));
	if (moved == NULL || end > CELL_VALUE_MAX)
		return -ENOMEM;
	grid->lists = moved;
	memset(grid->lists + grid->list_length, 0, (end - grid->list_length) * sizeof(*grid->lists));
	for (uint32_t i = 0; i < count; i++)
		grid->lists[begin - 1 - i] = b->table[i];
	for (size_t i = 0; i < cells; i++)
		write_code(grid->lists + begin, i, cell->width, b->contents[i]);
	grid->list_length = end;
	cell->content = cell_make(CELL_SUBGRID, (uint32_t)begin);
	return 0;
}
