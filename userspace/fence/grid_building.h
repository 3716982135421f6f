/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A grid while it is built, for the files that build it: shapes are drawn into pairs of a cell and a word
 * (grid_pairs.c), the pairs of a cell become lists (grid_lists.c), level by level (grid_build.c).
 */
#ifndef WEIR_GRID_BUILDING_H
#define WEIR_GRID_BUILDING_H

#include <stdbool.h>

#include "fence/cell.h"
#include "fence/grid.h"
#include "fence/raster.h"

/* What belongs to a cell: an entry, or an edge nearby of the entry before it. */
struct weir_cell_pair {
	uint32_t cell, word;
};

#define WEIR_EDGE_MARK 0x80000000u

static inline bool weir_pair_is_edge(const struct weir_cell_pair *pair)
{
	return (pair->word & WEIR_EDGE_MARK) != 0;
}

static inline bool weir_pair_is_touched(const struct weir_cell_pair *pair)
{
	return !weir_pair_is_edge(pair) && !entry_filled(pair->word);
}

struct weir_grid_building {
	struct weir_grid *grid;
	const struct weir_shapes *shapes;
	struct weir_raster_scratch scratch;
	struct weir_raster raster;    /* of the grid that is being filled */
	uint32_t shape;               /* that is being drawn */
	struct weir_cell_pair *pairs; /* what has been drawn */
	size_t pair_count, pair_capacity;
	struct weir_cell_pair *sorted;
	size_t sorted_capacity;
	uint32_t *starts; /* of each cell's pairs in sorted */
	size_t start_capacity;
	uint32_t *contents; /* of the cells of a second grid; then their codes */
	size_t content_capacity;
	uint32_t *table; /* the contents that the codes stand for */
	size_t table_capacity;
	bool failed; /* out of memory inside of a callback */
};

/* Draws a shape into the raster; then, where they are wanted, its edges, which come behind its entries. */
int weir_building_draw(struct weir_grid_building *b, uint32_t shape);
int weir_building_draw_edges(struct weir_grid_building *b);

/* Brings the pairs into the order of their cells; within a cell the order of the shapes stays. */
int weir_building_sort(struct weir_grid_building *b);

/* What a cell with these pairs contains, and its list. With filled_only: of those that fill it. 0 or -ENOMEM.
 */
int weir_building_cell(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t count,
                       uint32_t *content);
int weir_building_common(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t count,
                         uint32_t *list);

/* Writes b->contents of a second grid behind the lists, as codes; common: a list, 0: none. 0 or -ENOMEM. */
int weir_building_codes(struct weir_grid_building *b, struct weir_cell *cell, uint32_t common);

#endif
