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
	double place_x, place_y; /* in the cell of the second grid, 0 to 1 */
	struct listener *listener;
};

static inline bool tell(const struct question *q, const struct weir_local *local)
{
	return q->listener->hit(q->listener, local->owner);
}

/* Whether one of these edges of a line is near enough. */
static bool is_near(const struct question *q, uint32_t shape, const uint16_t *words, uint32_t count)
{
	const struct weir_metric metric = weir_metric_at(q->x, q->y);
	double radius_m = q->shapes->shapes[shape].radius_m;

	for (uint32_t i = 0; i < count; i += 2) {
		const double(*v)[2] = (const double(*)[2])(q->shapes->vertices + two_words(words + i));

		if (weir_metric_edge_m(&metric, v[0], v[1]) <= radius_m)
			return true;
	}
	return false;
}

static bool ask_nearby(const struct question *q, uint32_t shape, const uint16_t *words, uint32_t head)
{
	enum weir_side side = WEIR_SIDE_UNKNOWN;

	if (head_kind(head) == HEAD_LINE)
		return is_near(q, shape, words, head_words(head));
	if (head_kind(head) == HEAD_BOUNDARY)
		side = weir_nearby_side(words, head_words(head), head_corner(head), (head & HEAD_INSIDE) != 0,
		                        weir_nearby_point(q->place_x, q->place_y));
	return side == WEIR_SIDE_UNKNOWN ? weir_shape_covers(q->shapes, shape, q->x, q->y)
	                                 : side == WEIR_SIDE_IN;
}

static bool ask_list(const struct question *q, const uint16_t *words, const struct weir_local *locals)
{
	uint32_t entry;

	do {
		entry = *words++;
		const struct weir_local *local = &locals[entry_local(entry, &words)];
		bool covers = true;

		if ((entry & ENTRY_FILLED) == 0) {
			uint32_t head = *words++;

			covers = ask_nearby(q, local->shape, words, head);
			words += head_words(head);
		}
		if (covers && tell(q, local))
			return true;
	} while ((entry & ENTRY_LAST) == 0);
	return false;
}

static bool ask_common(const struct question *q, const struct weir_local *locals)
{
	for (uint32_t i = 1; i <= locals[0].owner; i++)
		if (tell(q, &locals[i]))
			return true;
	return false;
}

static uint32_t cell_number(double position, uint32_t count)
{
	uint32_t cell = (uint32_t)position;

	return cell < count ? cell : count - 1;
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
	if (cell->block == 0)
		return false;

	/* Fetched while the code is. */
	const uint16_t *block = cell_block(grid, cell);
	const struct weir_local *locals = block_locals(block, cell->side);
	__builtin_prefetch(locals);
	x = (x - column) * cell->side;
	y = (y - row) * cell->side;
	uint32_t sub_column = cell_number(x, cell->side), sub_row = cell_number(y, cell->side);
	const uint16_t *list = block_list(block, cell, (size_t)sub_row * cell->side + sub_column);
	if (cell->has_common && ask_common(q, locals))
		return true;
	if (list == NULL)
		return false;
	q->place_x = x - sub_column;
	q->place_y = y - sub_row;
	return ask_list(q, list, locals);
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
	       grid->word_count * sizeof(*grid->blocks);
}

void weir_grid_clear(struct weir_grid *grid)
{
	free(grid->cells);
	free(grid->blocks);
	*grid = (struct weir_grid){0};
}
