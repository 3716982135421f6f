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
#include "fence/nearby.h"
#include "fence/raster.h"
#include "fence/settled.h"

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

/* What belongs to a cell: an entry, or an edge nearby of the entry before it. */
struct pair {
	uint32_t cell, word;
};

#define EDGE_MARK 0x80000000u

static bool is_edge(const struct pair *pair)
{
	return (pair->word & EDGE_MARK) != 0;
}

static bool is_touched(const struct pair *pair)
{
	return !is_edge(pair) && !entry_filled(pair->word);
}

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

static void add_pairs(struct build *b, int32_t row, int32_t first, int32_t last, uint32_t word)
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
		b->pairs[b->pair_count++] = (struct pair){base + (uint32_t)column, word};
}

static void draw_span(void *context, int32_t row, int32_t first, int32_t last, enum weir_cell_kind kind)
{
	struct build *b = context;

	add_pairs(b, row, first, last, entry_make(b->shape, kind == WEIR_CELL_FILLED));
}

static int draw(struct build *b, uint32_t shape)
{
	b->shape = shape;
	int error = weir_raster_shape(&b->raster, b->shapes, shape, &b->scratch, draw_span, b);

	return b->failed ? -ENOMEM : error;
}

/* After draw(): the edges of the same shape, so that they come behind its entries. */
static int draw_edges(struct build *b)
{
	for (size_t i = 0; i < b->scratch.count; i++) {
		const struct weir_interval *interval = &b->scratch.intervals[i];
		int32_t first = interval->first < 0 ? 0 : interval->first;
		int32_t last = interval->last < b->raster.columns ? interval->last : b->raster.columns - 1;

		if (first <= last)
			add_pairs(b, interval->row, first, last, interval->edge | EDGE_MARK);
	}
	return b->failed ? -ENOMEM : 0;
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

/*
 * The bit that stands for the edges that are not nearby: asked of all edges, at a point of the cell that
 * lies on no boundary and whose way to the corner doesn't either. NEARBY_NONE: no such point was found.
 */
static uint32_t nearby_word(const struct build *b, uint32_t cell, uint32_t shape, const uint32_t *edges,
                            uint32_t count)
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
static void write_entry(struct build *b, const struct pair *pairs, size_t edge_count)
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
		edges[i] = pairs[1 + i].word & ~EDGE_MARK;
	*word = nearby_word(b, pairs->cell, entry_shape(pairs->word), edges, (uint32_t)edge_count);
	if (*word != NEARBY_NONE)
		grid->list_length += edge_count;
}

/* Adds a list of the entries; returns where it begins, 0 where there is no room for it. */
static uint32_t add_list(struct build *b, const struct pair *pairs, size_t count, bool filled_only)
{
	struct weir_grid *grid = b->grid;
	size_t most = grid->list_length + 2 * count + 1;
	void *moved = weir_growing(grid->lists, &grid->list_capacity, most, sizeof(*grid->lists));

	if (moved == NULL || most > CELL_VALUE_MAX)
		return 0;
	grid->lists = moved;
	uint32_t list = (uint32_t)grid->list_length++, entries = 0;
	for (size_t i = 0, edges; i < count; i += 1 + edges) {
		for (edges = 0; i + 1 + edges < count && is_edge(&pairs[i + 1 + edges]);)
			edges++;
		if (filled_only && is_touched(&pairs[i]))
			continue;
		write_entry(b, &pairs[i], edges);
		entries++;
	}
	grid->lists[list] = entries;
	return list;
}

static int make_cell(struct build *b, const struct pair *pairs, size_t count, uint32_t *cell)
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

static size_t count_touched(const struct pair *pairs, size_t count)
{
	size_t touched = 0;

	for (size_t i = 0; i < count; i++)
		touched += is_touched(&pairs[i]);
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
		if (is_touched(&pairs[i]) && (draw(b, entry_shape(pairs[i].word)) != 0 || draw_edges(b) != 0))
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
	grid->owners = calloc(b->shapes->count, sizeof(*grid->owners));
	if (grid->cells == NULL || grid->owners == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < b->shapes->count; i++)
		grid->owners[i] = b->shapes->shapes[i].owner;
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

/* Nothing grows any more. */
static void settle(struct weir_grid *grid)
{
	grid->sub_cells = weir_settled(grid->sub_cells, grid->sub_cell_count * sizeof(*grid->sub_cells));
	grid->subgrids = weir_settled(grid->subgrids, grid->subgrid_count * sizeof(*grid->subgrids));
	grid->lists = weir_settled(grid->lists, grid->list_length * sizeof(*grid->lists));
	grid->sub_cell_capacity = grid->sub_cell_count;
	grid->subgrid_capacity = grid->subgrid_count;
	grid->list_capacity = grid->list_length;
}

int weir_grid_build(struct weir_grid *grid, const struct weir_shapes *shapes)
{
	struct weir_grid made = {0};
	struct build b = {.grid = &made, .shapes = shapes};
	int error = shapes->count == 0 ? 0 : build(&b);
	settle(&made);

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
