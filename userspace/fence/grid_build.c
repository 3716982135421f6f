/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building a grid. What a grid is, and how it is asked: grid.h, grid.c.
 *
 * The sizes are bounded whatever the shapes: a grid of few or of hugely overlapping shapes is coarser,
 * never wrong.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fence/cell.h"
#include "fence/grid.h"
#include "fence/growing.h"
#include "fence/raster.h"

/* First level: about eight cells a shape, 16 to 512 a side, and at most so many entries. */
#define CELLS_PER_SHAPE 8
#define SIDE_MIN 16
#define SIDE_MAX 512
#define ENTRIES_MAX (8u << 20)

/* A tenth of a metre: keeps the smallest cells far above the rounding of a double. */
#define EXTENT_MIN_DEG 1e-6

/*
 * Second level: 400 cells a shape (for 10,000 shapes 2,048 by 2,048 in all, which measured best),
 * shared out by the number of boundaries in each cell of the first.
 */
#define SUB_CELLS_PER_SHAPE 400
#define SUB_CELLS_MIN (64u << 10)
#define SUB_CELLS_MAX (8u << 20)
#define SUB_SIDE_MAX 1024
#define LISTS_MAX (24u << 20)

struct pair {
	uint32_t cell, entry;
};

struct build {
	struct weir_grid *grid;
	const struct weir_shapes *shapes;
	struct weir_raster_scratch scratch;
	struct weir_raster raster; /* of the grid that is being filled */
	uint32_t shape;            /* that is being drawn */
	struct pair *pairs;        /* what has been drawn */
	size_t pair_count, pair_capacity;
	struct pair *sorted;
	size_t sorted_capacity;
	uint32_t *starts; /* of each cell's pairs in sorted */
	size_t start_capacity;
	bool failed; /* out of memory inside of a callback */
};

static void draw_span(void *context, int32_t row, int32_t first, int32_t last, enum weir_cell_kind kind)
{
	struct build *b = context;
	size_t needed = b->pair_count + (size_t)(last - first) + 1;
	void *moved = weir_growing(b->pairs, &b->pair_capacity, needed, sizeof(*b->pairs));

	if (moved == NULL) {
		b->failed = true;
		return;
	}
	b->pairs = moved;
	uint32_t entry = entry_make(b->shape, kind == WEIR_CELL_FILLED);
	uint32_t base = (uint32_t)row * (uint32_t)b->raster.columns;
	for (int32_t column = first; column <= last; column++)
		b->pairs[b->pair_count++] = (struct pair){base + (uint32_t)column, entry};
}

static int draw(struct build *b, uint32_t shape)
{
	b->shape = shape;
	int error = weir_raster_shape(&b->raster, b->shapes, shape, &b->scratch, draw_span, b);

	return b->failed ? -ENOMEM : error;
}

/* Brings the pairs into the order of their cells; within a cell the order of the shapes stays. */
static int sort_pairs(struct build *b)
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

/* Adds a list of the entries; returns where it begins, 0 where there is no room for it. */
static uint32_t add_list(struct build *b, const struct pair *pairs, size_t count, bool filled_only)
{
	struct weir_grid *grid = b->grid;
	void *moved = weir_growing(grid->lists, &grid->list_capacity, grid->list_length + count + 1,
	                           sizeof(*grid->lists));

	if (moved == NULL || grid->list_length + count + 1 > CELL_VALUE_MAX)
		return 0;
	grid->lists = moved;
	uint32_t list = (uint32_t)grid->list_length++;
	for (size_t i = 0; i < count; i++)
		if (!filled_only || entry_filled(pairs[i].entry))
			grid->lists[grid->list_length++] = pairs[i].entry;
	grid->lists[list] = (uint32_t)grid->list_length - list - 1;
	return list;
}

static int make_cell(struct build *b, const struct pair *pairs, size_t count, uint32_t *cell)
{
	if (count == 0) {
		*cell = cell_make(CELL_EMPTY, 0);
	} else if (count == 1) {
		*cell = cell_make(CELL_ENTRY, pairs[0].entry);
	} else {
		uint32_t list = add_list(b, pairs, count, false);
		if (list == 0)
			return -ENOMEM;
		*cell = cell_make(CELL_LIST, list);
	}
	return 0;
}

static size_t count_touched(const struct pair *pairs, size_t count)
{
	size_t touched = 0;

	for (size_t i = 0; i < count; i++)
		touched += !entry_filled(pairs[i].entry);
	return touched;
}

/* The largest power of two whose square is at most `cells`. */
static uint32_t side_within(double cells, uint32_t max)
{
	uint32_t side = 1;

	while (side < max && 4.0 * side * side <= cells)
		side *= 2;
	return side;
}

/* How many entries a first level of so many cells a side needs at most. */
static double entries_needed(const struct weir_grid *grid, const struct weir_shapes *shapes, uint32_t side)
{
	double columns_per_degree = side / fmax(grid->east - grid->west, EXTENT_MIN_DEG);
	double rows_per_degree = side / fmax(grid->north - grid->south, EXTENT_MIN_DEG);
	double entries = 0;

	for (size_t i = 0; i < shapes->count; i++) {
		const struct weir_shape *shape = &shapes->shapes[i];

		entries += ((shape->east - shape->west) * columns_per_degree + 2) *
		           ((shape->north - shape->south) * rows_per_degree + 2);
	}
	return entries;
}

static void choose_size(struct weir_grid *grid, const struct weir_shapes *shapes)
{
	grid->west = grid->south = INFINITY;
	grid->east = grid->north = -INFINITY;
	for (size_t i = 0; i < shapes->count; i++) {
		grid->west = fmin(grid->west, shapes->shapes[i].west);
		grid->east = fmax(grid->east, shapes->shapes[i].east);
		grid->south = fmin(grid->south, shapes->shapes[i].south);
		grid->north = fmax(grid->north, shapes->shapes[i].north);
	}

	uint32_t side = side_within((double)CELLS_PER_SHAPE * (double)shapes->count, SIDE_MAX);
	if (side < SIDE_MIN)
		side = SIDE_MIN;
	while (side > 1 && entries_needed(grid, shapes, side) > ENTRIES_MAX)
		side /= 2;
	grid->columns = grid->rows = side;
	grid->columns_per_degree = side / fmax(grid->east - grid->west, EXTENT_MIN_DEG);
	grid->rows_per_degree = side / fmax(grid->north - grid->south, EXTENT_MIN_DEG);
}

static struct weir_raster sub_raster(const struct weir_grid *grid, uint32_t cell, uint32_t side)
{
	return (struct weir_raster){
	        .west = grid->west,
	        .south = grid->south,
	        .columns_per_degree = grid->columns_per_degree,
	        .rows_per_degree = grid->rows_per_degree,
	        .first_column = cell % grid->columns,
	        .first_row = (uint32_t)(cell / grid->columns),
	        .division = side,
	        .columns = (int32_t)side,
	        .rows = (int32_t)side,
	};
}

static int fill_subgrid(struct build *b, uint32_t first_cell, size_t cells)
{
	int error = sort_pairs(b);

	for (size_t i = 0; i < cells && error == 0; i++)
		error = make_cell(b, b->sorted + b->starts[i], b->starts[i + 1] - b->starts[i],
		                  &b->grid->sub_cells[first_cell + i]);
	return error;
}

/* Makes the second grid of a cell from the shapes whose boundary touches it. */
static int add_subgrid(struct build *b, uint32_t cell, uint32_t side, const struct pair *pairs, size_t count,
                       uint32_t *made)
{
	struct weir_grid *grid = b->grid;
	size_t cells = (size_t)side * side;
	void *moved = weir_growing(grid->subgrids, &grid->subgrid_capacity, grid->subgrid_count + 1,
	                           sizeof(*grid->subgrids));
	if (moved == NULL)
		return -ENOMEM;
	grid->subgrids = moved;
	moved = weir_growing(grid->sub_cells, &grid->sub_cell_capacity, grid->sub_cell_count + cells,
	                     sizeof(*grid->sub_cells));
	if (moved == NULL)
		return -ENOMEM;
	grid->sub_cells = moved;

	struct weir_subgrid sub = {.first_cell = (uint32_t)grid->sub_cell_count, .side = side};
	if (count_touched(pairs, count) < count && (sub.common = add_list(b, pairs, count, true)) == 0)
		return -ENOMEM;

	b->raster = sub_raster(grid, cell, side);
	b->pair_count = 0;
	for (size_t i = 0; i < count; i++)
		if (!entry_filled(pairs[i].entry) && draw(b, entry_shape(pairs[i].entry)) != 0)
			return -ENOMEM;
	if (fill_subgrid(b, sub.first_cell, cells) != 0)
		return -ENOMEM;

	grid->sub_cell_count += cells;
	*made = cell_make(CELL_SUBGRID, (uint32_t)grid->subgrid_count);
	grid->subgrids[grid->subgrid_count++] = sub;
	return 0;
}

/* The second level: `pairs` and `starts` are those of the first. */
static int fill_cells(struct build *b, const struct pair *pairs, const uint32_t *starts)
{
	size_t cells = (size_t)b->grid->columns * b->grid->rows;
	size_t touched = count_touched(pairs, starts[cells]);
	double budget = (double)SUB_CELLS_PER_SHAPE * (double)b->shapes->count;

	budget = fmin(fmax(budget, SUB_CELLS_MIN), SUB_CELLS_MAX);
	for (uint32_t i = 0; i < cells; i++) {
		const struct pair *mine = pairs + starts[i];
		size_t count = starts[i + 1] - starts[i];
		size_t edges = count_touched(mine, count);
		uint32_t side = side_within(budget * (double)edges / (double)(touched + 1), SUB_SIDE_MAX);

		bool room = (double)b->grid->list_length + (double)edges * side * side < LISTS_MAX;
		int error = side > 1 && room ? add_subgrid(b, i, side, mine, count, &b->grid->cells[i])
		                             : make_cell(b, mine, count, &b->grid->cells[i]);
		if (error != 0)
			return error;
	}
	return 0;
}

static int build(struct build *b)
{
	struct weir_grid *grid = b->grid;

	choose_size(grid, b->shapes);
	grid->cells = calloc((size_t)grid->columns * grid->rows, sizeof(*grid->cells));
	if (grid->cells == NULL)
		return -ENOMEM;
	grid->list_length = 1;

	b->raster = (struct weir_raster){
	        .west = grid->west,
	        .south = grid->south,
	        .columns_per_degree = grid->columns_per_degree,
	        .rows_per_degree = grid->rows_per_degree,
	        .division = 1,
	        .columns = (int32_t)grid->columns,
	        .rows = (int32_t)grid->rows,
	};
	for (uint32_t i = 0; i < b->shapes->count; i++)
		if (draw(b, i) != 0)
			return -ENOMEM;
	if (sort_pairs(b) != 0)
		return -ENOMEM;

	struct pair *pairs = b->sorted;
	uint32_t *starts = b->starts;
	b->sorted = NULL;
	b->starts = NULL;
	b->sorted_capacity = b->start_capacity = 0;
	int error = fill_cells(b, pairs, starts);
	free(pairs);
	free(starts);
	return error;
}

int weir_grid_build(struct weir_grid *grid, const struct weir_shapes *shapes)
{
	struct weir_grid made = {0};
	struct build b = {.grid = &made, .shapes = shapes};
	int error = shapes->count == 0 ? 0 : build(&b);

	weir_raster_scratch_clear(&b.scratch);
	free(b.pairs);
	free(b.sorted);
	free(b.starts);
	if (error != 0)
		weir_grid_clear(&made);
	else
		*grid = made;
	return error;
}
