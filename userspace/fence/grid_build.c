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

#include "fence/grid_building.h"
#include "fence/growing.h"
#include "fence/nearby.h"
#include "fence/settled.h"

/* First level: up to four cells a shape, 16 to 512 a side, and at most so many entries. */
#define CELLS_PER_SHAPE 4
#define SIDE_MIN 16
#define SIDE_MAX 512
#define ENTRIES_MAX (8u << 20)

/* A tenth of a metre: keeps the smallest cells far above the rounding of a double. */
#define EXTENT_MIN_DEG 1e-6

/*
 * Second level: 180 cells a shape, shared out by the number of boundaries in each cell of the first. More
 * are a little faster, but with these 10,000 polygons of 200 vertices and their index take 50 MB.
 */
#define SUB_CELLS_PER_SHAPE 180
#define SUB_CELLS_MIN (64u << 10)
#define SUB_CELLS_MAX (8u << 20)
#define SUB_SIDE_MAX 1024
#define WORDS_MAX (48u << 20)

static size_t count_touched(const struct weir_cell_pair *pairs, size_t count)
{
	size_t touched = 0;

	for (size_t k = 0; k < count; k++)
		touched += weir_pair_is_touched(&pairs[k]);
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
	        .slack = NEARBY_GROWTH,
	        .columns = (int32_t)side,
	        .rows = (int32_t)side,
	};
}

static int add_local(struct weir_grid_building *b, struct weir_local local)
{
	void *moved = weir_growing(b->locals, &b->local_capacity, b->local_count + 1, sizeof(*b->locals));
	if (moved == NULL)
		return -ENOMEM;
	b->locals = moved;
	b->locals[b->local_count++] = local;
	return 0;
}

/* First those that fill the whole cell, and before them how many these are; none: nothing of it. */
static int add_common(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t count,
                      struct weir_cell *cell)
{
	uint32_t filled = 0;
	int error = 0;

	for (size_t i = 0; i < count; i++)
		filled += weir_pair_is_filled(&pairs[i]);
	b->local_count = 0;
	cell->has_common = filled != 0;
	if (cell->has_common)
		error = add_local(b, (struct weir_local){.owner = filled});
	for (size_t i = 0; i < count && error == 0; i++) {
		uint32_t shape = weir_pair_number(&pairs[i]);

		if (weir_pair_is_filled(&pairs[i]))
			error = add_local(b, (struct weir_local){b->shapes->shapes[shape].owner, shape});
	}
	b->common_count = (uint32_t)b->local_count;
	return error;
}

/* Draws a shape that touches the cell: the first of the pairs, which the others belong to. */
static int draw_touched(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t runs)
{
	uint32_t shape = weir_pair_number(pairs), local = (uint32_t)b->local_count;
	int error = add_local(b, (struct weir_local){b->shapes->shapes[shape].owner, shape});

	if (error != 0)
		return error;
	error = runs == 0 ? weir_building_draw(b, shape, local)
	                  : weir_building_draw_part(b, shape, local, pairs + 1, runs);
	return error != 0 ? error : weir_building_draw_edges(b);
}

/* Makes the second grid of a cell from the shapes that touch and fill it. */
static int fill_cell(struct weir_grid_building *b, uint32_t number, uint32_t side,
                     const struct weir_cell_pair *pairs, size_t count)
{
	struct weir_cell cell = {.side = (uint16_t)side};
	int error = add_common(b, pairs, count, &cell);

	b->raster = sub_raster(b->grid, number, side);
	b->pair_count = 0;
	for (size_t i = 0, runs; i < count && error == 0; i += 1 + runs) {
		runs = weir_pair_edges(pairs + i, count - i);
		if (weir_pair_is_touched(&pairs[i]))
			error = draw_touched(b, pairs + i, runs);
	}
	if (error == 0)
		error = weir_building_sort(b);
	if (error == 0)
		error = weir_building_block(b, &cell);
	if (error == 0)
		b->grid->cells[number] = cell;
	return error;
}

/* The second level: `pairs` and `starts` are those of the first. */
static int fill_cells(struct weir_grid_building *b, const struct weir_cell_pair *pairs,
                      const uint32_t *starts)
{
	size_t cells = (size_t)b->grid->columns * b->grid->rows;
	size_t all_touched = count_touched(pairs, starts[cells]);
	double budget = (double)SUB_CELLS_PER_SHAPE * (double)b->shapes->count;
	int error = 0;

	budget = fmin(fmax(budget, SUB_CELLS_MIN), SUB_CELLS_MAX);
	for (uint32_t i = 0; i < cells && error == 0; i++) {
		const struct weir_cell_pair *mine = pairs + starts[i];
		size_t count = starts[i + 1] - starts[i];
		size_t touched = count_touched(mine, count);
		double side = sqrt(budget * (double)touched / (double)(all_touched + 1));

		side = fmin(fmax(floor(side), 1), SUB_SIDE_MAX);
		if ((double)b->grid->word_count + (double)touched * side * side > WORDS_MAX)
			side = 1;
		if (count != 0)
			error = fill_cell(b, i, (uint32_t)side, mine, count);
	}
	return error;
}

static int build(struct weir_grid_building *b)
{
	struct weir_grid *grid = b->grid;

	choose_size(grid, b->shapes);
	grid->cells = calloc((size_t)grid->columns * grid->rows, sizeof(*grid->cells));
	if (grid->cells == NULL)
		return -ENOMEM;
	grid->word_count = BLOCK_UNIT;

	b->raster = (struct weir_raster){
	        .west = grid->west,
	        .south = grid->south,
	        .columns_per_degree = grid->columns_per_degree,
	        .rows_per_degree = grid->rows_per_degree,
	        .division = 1,
	        .slack = NEARBY_GROWTH, /* as far as any second grid looks beyond the cell */
	        .columns = (int32_t)grid->columns,
	        .rows = (int32_t)grid->rows,
	};
	for (uint32_t i = 0; i < b->shapes->count; i++)
		if (weir_building_draw(b, i, i) != 0 ||
		    (!b->shapes->shapes[i].is_line && weir_building_draw_runs(b) != 0))
			return -ENOMEM;
	if (weir_building_sort(b) != 0)
		return -ENOMEM;

	struct weir_cell_pair *pairs = b->sorted;
	uint32_t *starts = b->starts;
	b->sorted = NULL;
	b->starts = NULL;
	b->sorted_capacity = b->start_capacity = 0;
	int error = fill_cells(b, pairs, starts);
	free(pairs);
	free(starts);
	return error;
}

/* Nothing grows any more. */
static void settle(struct weir_grid *grid)
{
	grid->blocks = weir_settled(grid->blocks, grid->word_count * sizeof(*grid->blocks));
	grid->word_capacity = grid->word_count;
}

int weir_grid_build(struct weir_grid *grid, const struct weir_shapes *shapes)
{
	struct weir_grid made = {0};
	struct weir_grid_building b = {.grid = &made, .shapes = shapes};
	int error = shapes->count == 0 ? 0 : build(&b);
	settle(&made);

	weir_raster_scratch_clear(&b.scratch);
	free(b.pairs);
	free(b.sorted);
	free(b.starts);
	free(b.runs);
	free(b.locals);
	free(b.fillers);
	free(b.lists);
	free(b.words);
	if (error != 0)
		weir_grid_clear(&made);
	else
		*grid = made;
	return error;
}
