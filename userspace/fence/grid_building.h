/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A grid while it is built, for the files that build it: shapes are drawn into pairs of a cell and a word
 * (grid_pairs.c), the pairs of a second grid become a block (grid_blocks.c), cell by cell (grid_build.c).
 */
#ifndef WEIR_GRID_BUILDING_H
#define WEIR_GRID_BUILDING_H

#include <stdbool.h>

#include "fence/cell.h"
#include "fence/grid.h"
#include "fence/raster.h"

/*
 * What belongs to a cell: the number of a shape; and, marked, what belongs to the shape before it: its edges
 * in the cell, or, two by two, the first edge of a run and how many there are.
 */
struct weir_cell_pair {
	uint32_t cell, word;
};

#define WEIR_EDGE_MARK 0x80000000u

static inline bool weir_pair_is_edge(const struct weir_cell_pair *pair)
{
	return (pair->word & WEIR_EDGE_MARK) != 0;
}

static inline bool weir_pair_is_filled(const struct weir_cell_pair *pair)
{
	return !weir_pair_is_edge(pair) && (pair->word & 1) != 0;
}

static inline bool weir_pair_is_touched(const struct weir_cell_pair *pair)
{
	return !weir_pair_is_edge(pair) && (pair->word & 1) == 0;
}

static inline uint32_t weir_pair_edge(const struct weir_cell_pair *pair)
{
	return pair->word & ~WEIR_EDGE_MARK;
}

/* How many of the pairs, from the second one, belong to the first. */
static inline size_t weir_pair_edges(const struct weir_cell_pair *pairs, size_t count)
{
	size_t edges = 0;

	while (1 + edges < count && weir_pair_is_edge(&pairs[1 + edges]))
		edges++;
	return edges;
}

/* Of the shape, or of the local, whichever was drawn. */
static inline uint32_t weir_pair_number(const struct weir_cell_pair *pair)
{
	return pair->word >> 1;
}

struct weir_grid_building {
	struct weir_grid *grid;
	const struct weir_shapes *shapes;
	struct weir_raster_scratch scratch;
	struct weir_raster raster;  /* of the grid that is being filled */
	uint32_t number;            /* of what is being drawn, for its pairs */
	struct weir_edge_run *runs; /* of what is being drawn, in this window */
	size_t run_count, run_capacity;
	struct weir_cell_pair *pairs; /* what has been drawn */
	size_t pair_count, pair_capacity;
	struct weir_cell_pair *sorted;
	size_t sorted_capacity;
	uint32_t *starts; /* of each cell's pairs in sorted */
	size_t start_capacity;
	bool failed; /* out of memory inside of a callback */

	/* The block that is being made. */
	struct weir_local *locals;
	size_t local_count, local_capacity;
	uint32_t common_count; /* so many of them, and the word that says so, fill all of the block */
	uint32_t *fillers; /* of each local: where a list is that says only that it fills its cell; 0: none
	                      yet */
	size_t filler_capacity;
	uint32_t *lists; /* of each cell: where its list is, in words from the beginning of the locals; 0:
	                    none */
	size_t list_capacity;
	uint16_t *words; /* of the lists */
	size_t word_count, word_capacity;
};

/* Draws a shape into the raster, or that part of it which these pairs are runs of. */
int weir_building_draw(struct weir_grid_building *b, uint32_t shape, uint32_t number);
int weir_building_draw_part(struct weir_grid_building *b, uint32_t shape, uint32_t number,
                            const struct weir_cell_pair *runs, size_t count);

/* Then adds pairs for the edges of what has been drawn, or for runs of them. */
int weir_building_draw_edges(struct weir_grid_building *b);
int weir_building_draw_runs(struct weir_grid_building *b);

/* Brings the pairs into the order of their cells; within a cell the order of the shapes stays. */
int weir_building_sort(struct weir_grid_building *b);

/* Writes the block of the locals and of the sorted pairs, whose numbers are locals. 0 or -ENOMEM. */
int weir_building_block(struct weir_grid_building *b, struct weir_cell *cell);

#endif
