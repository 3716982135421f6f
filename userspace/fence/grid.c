/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking a grid. It is built in grid_build.c.
 */
#include <stdlib.h>

#include "fence/cell.h"
#include "fence/grid.h"
#include "fence/metric.h"
#include "fence/nearby.h"

/* Who wants to know. Returns true when it has heard enough. */
struct listener {
	bool (*hit)(struct listener *listener, uint32_t owner);
	uint32_t *owners;
	size_t capacity, count;
};

struct question {
	const struct weir_grid *grid;
	const struct weir_shapes *shapes;
	double x, y;
	uint32_t column, side, sub_column; /* of the cell in a second grid */
	struct listener *listener;
};

/* Not inline: the code that builds the grid must get the same double. */
double cell_east(const struct weir_grid *grid, uint32_t column, uint32_t side, uint32_t sub_column)
{
	return grid->west + (column + (sub_column + 1.0) / side) / grid->columns_per_degree;
}

static inline bool tell(const struct question *q, uint32_t shape)
{
	return q->listener->hit(q->listener, q->grid->owners[shape]);
}

/* Whether one of these edges of a line is near enough. */
static bool is_near(const struct question *q, uint32_t shape, const uint32_t *edges, uint32_t count)
{
	const struct weir_metric metric = weir_metric_at(q->x, q->y);
	double radius_m = q->shapes->shapes[shape].radius_m;

	for (uint32_t i = 0; i < count; i++) {
		const double(*v)[2] = (const double(*)[2])(q->shapes->vertices + edges[i]);

		if (weir_metric_edge_m(&metric, v[0], v[1]) <= radius_m)
			return true;
	}
	return false;
}

/* Returns where the next entry is; *covers says what came of this one. */
static const uint32_t *ask_nearby(const struct question *q, const uint32_t *words, uint32_t shape,
                                  bool *covers)
{
	uint32_t count = nearby_count(*words);
	enum weir_side side = WEIR_SIDE_UNKNOWN;

	if (*words != NEARBY_NONE && (*words & NEARBY_LINE) != 0) {
		*covers = is_near(q, shape, words + 1, count);
		return words + 1 + count;
	}
	/* Edges that follow each other share a line of the cache; those that do not are fetched at once. */
	for (uint32_t i = 0; i < count; i += 2)
		__builtin_prefetch(q->shapes->vertices[words[1 + i]]);
	if (*words != NEARBY_NONE)
		side = weir_nearby_side((const double(*)[2])q->shapes->vertices, words + 1, count, *words & 1,
		                        cell_east(q->grid, q->column, q->side, q->sub_column), q->x, q->y);
	*covers = side == WEIR_SIDE_UNKNOWN ? weir_shape_covers(q->shapes, shape, q->x, q->y)
	                                    : side != WEIR_SIDE_OUT;
	return words + 1 + count;
}

static bool ask_list(const struct question *q, uint32_t list)
{
	const uint32_t *words = q->grid->lists + list;
	uint32_t count = *words++;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t entry = *words++;
		bool covers = true;

		if (!entry_filled(entry))
			words = ask_nearby(q, words, entry_shape(entry), &covers);
		if (covers && tell(q, entry_shape(entry)))
			return true;
	}
	return false;
}

static bool ask_entry(const struct question *q, uint32_t entry)
{
	uint32_t shape = entry_shape(entry);

	if (!entry_filled(entry) && !weir_shape_covers(q->shapes, shape, q->x, q->y))
		return false;
	return tell(q, shape);
}

static uint32_t cell_number(double position, uint32_t count)
{
	uint32_t cell = (uint32_t)position;

	return cell < count ? cell : count - 1;
}

static bool ask_cell(const struct question *q, uint32_t cell)
{
	switch (cell_kind(cell)) {
	case CELL_ENTRY:
		return ask_entry(q, cell_value(cell));
	case CELL_LIST:
		return ask_list(q, cell_value(cell));
	case CELL_EMPTY:
	case CELL_SUBGRID:
		break;
	}
	return false;
}

static bool ask(struct question *q)
{
	const struct weir_grid *grid = q->grid;

	if (!(q->x >= grid->west && q->x <= grid->east && q->y >= grid->south && q->y <= grid->north))
		return false;

	double x = (q->x - grid->west) * grid->columns_per_degree;
	double y = (q->y - grid->south) * grid->rows_per_degree;
	uint32_t column = cell_number(x, grid->columns), row = cell_number(y, grid->rows);
	const struct weir_cell *cell = &grid->cells[(size_t)row * grid->columns + column];

	if (cell_kind(cell->content) != CELL_SUBGRID)
		return ask_cell(q, cell->content);
	/* What the code stands for is just before it: fetched while the code is. */
	__builtin_prefetch(grid->lists + cell_value(cell->content) - 8);
	if (cell->has_common && ask_list(q, cell_common(grid, cell)))
		return true;
	q->column = column;
	q->side = cell->side;
	q->sub_column = cell_number((x - column) * cell->side, cell->side);
	uint32_t sub_row = cell_number((y - row) * cell->side, cell->side);
	return ask_cell(q, cell_within(grid, cell, (size_t)sub_row * cell->side + q->sub_column));
}

/* A shape may lie beyond 180 degrees, and 180 west is 180 east. */
static void ask_around(const struct weir_grid *grid, const struct weir_shapes *shapes, double longitude_deg,
                       double latitude_deg, struct listener *listener)
{
	struct question q = {
	        .grid = grid,
	        .shapes = shapes,
	        .x = longitude_deg,
	        .y = latitude_deg,
	        .listener = listener,
	};

	if (grid->cells == NULL || ask(&q))
		return;
	if (longitude_deg - 360 >= grid->west) {
		q.x = longitude_deg - 360;
		if (ask(&q))
			return;
	}
	if (longitude_deg + 360 <= grid->east) {
		q.x = longitude_deg + 360;
		ask(&q);
	}
}

/* Keeps the owners in order and drops repeats: two parts of a MultiPolygon may share a point. */
static bool collect(struct listener *listener, uint32_t owner)
{
	size_t kept = listener->count < listener->capacity ? listener->count : listener->capacity;
	size_t place = kept;

	while (place > 0 && listener->owners[place - 1] > owner)
		place--;
	if (place > 0 && listener->owners[place - 1] == owner)
		return false;

	size_t last = kept < listener->capacity ? kept : kept - (kept > 0);
	for (size_t i = last; i > place; i--)
		listener->owners[i] = listener->owners[i - 1];
	if (place < listener->capacity)
		listener->owners[place] = owner;
	listener->count++;
	return false;
}

size_t weir_grid_locate(const struct weir_grid *grid, const struct weir_shapes *shapes, double longitude_deg,
                        double latitude_deg, uint32_t *owners, size_t capacity)
{
	struct listener listener = {.hit = collect, .owners = owners, .capacity = capacity};

	ask_around(grid, shapes, longitude_deg, latitude_deg, &listener);
	return listener.count;
}

static bool enough(struct listener *listener, uint32_t owner)
{
	(void)owner;
	listener->count++;
	return true;
}

bool weir_grid_covers(const struct weir_grid *grid, const struct weir_shapes *shapes, double longitude_deg,
                      double latitude_deg)
{
	struct listener listener = {.hit = enough};

	ask_around(grid, shapes, longitude_deg, latitude_deg, &listener);
	return listener.count > 0;
}

size_t weir_grid_bytes(const struct weir_grid *grid)
{
	return (size_t)grid->columns * grid->rows * sizeof(*grid->cells) +
	       grid->list_length * sizeof(*grid->lists);
}

void weir_grid_clear(struct weir_grid *grid)
{
	free(grid->cells);
	free(grid->lists);
	free(grid->owners);
	*grid = (struct weir_grid){0};
}
