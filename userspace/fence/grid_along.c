/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which shapes a way may meet: those in the cells that it passes. See grid.h.
 */
#include <math.h>

#include "fence/cell.h"
#include "fence/grid.h"
#include "fence/nearby.h"

/* In cells; as of WEIR_RASTER_SLACK, far above rounding and far below what costs anything. */
#define SLACK 1e-6

/* A way in units of cells, from its lower end to its upper one, and who is told of shapes. */
struct walk {
	const struct weir_grid *grid;
	weir_grid_meets *meets;
	void *context;
	double x0, y0, x1, y1;
};

static double x_at(const struct walk *w, double y)
{
	if (y <= w->y0)
		return w->x0;
	if (y >= w->y1)
		return w->x1;
	return w->x0 + (y - w->y0) / (w->y1 - w->y0) * (w->x1 - w->x0);
}

/*
 * A list of a cell in a second grid. No boundary runs through a cell that a shape fills, and the boundaries
 * that are drawn there say whether they come near the way.
 */
static void tell_list(const struct walk *w, const uint16_t *words, const struct weir_local *locals,
                      const struct weir_nearby_box *way)
{
	uint32_t entry;

	do {
		entry = *words++;
		uint32_t local = entry_local(entry, &words);

		if ((entry & ENTRY_FILLED) != 0)
			continue;
		uint32_t head = *words++;
		if (head_kind(head) != HEAD_BOUNDARY || weir_nearby_meets_box(words, head_words(head), way))
			w->meets(w->context, locals[local].owner);
		words += head_words(head);
	} while ((entry & ENTRY_LAST) == 0);
}

struct span {
	uint32_t first, last; /* none where first > last */
};

/* Cells of `side` that lie between two places, the slack included. */
static struct span span_between(double low, double high, uint32_t side)
{
	double first = floor(low - SLACK), last = floor(high + SLACK);

	if (last < 0 || first >= side)
		return (struct span){1, 0};
	return (struct span){first < 0 ? 0 : (uint32_t)first, last >= side ? side - 1 : (uint32_t)last};
}

static struct span columns_of(const struct walk *w, uint32_t row, uint32_t side)
{
	double xa = x_at(w, row - SLACK), xb = x_at(w, row + 1 + SLACK);

	return span_between(fmin(xa, xb), fmax(xa, xb), side);
}

/* The part of the way in a cell of the first level. */
static void walk_cell(const struct walk *w, const struct weir_cell *cell, uint32_t column, uint32_t row)
{
	const uint16_t *block = cell_block(w->grid, cell);
	const struct weir_local *locals = block_locals(block, cell->side);
	struct walk inner = *w;

	inner.x0 = (w->x0 - column) * cell->side;
	inner.x1 = (w->x1 - column) * cell->side;
	inner.y0 = (w->y0 - row) * cell->side;
	inner.y1 = (w->y1 - row) * cell->side;
	struct span rows = span_between(inner.y0, inner.y1, cell->side);
	for (uint32_t r = rows.first; r <= rows.last && rows.first <= rows.last; r++) {
		struct span columns = columns_of(&inner, r, cell->side);

		for (uint32_t c = columns.first; c <= columns.last; c++) {
			const uint16_t *list = block_list(block, cell, (size_t)r * cell->side + c);

			if (list == NULL)
				continue;
			const double from[2] = {inner.x0 - c, inner.y0 - r},
			             to[2] = {inner.x1 - c, inner.y1 - r};
			const struct weir_nearby_box way = weir_nearby_box(from, to);
			tell_list(w, list, locals, &way);
		}
	}
}

void weir_grid_along(const struct weir_grid *grid, const double from[2], const double to[2],
                     weir_grid_meets *meets, void *context)
{
	const double *lower = from[1] <= to[1] ? from : to, *upper = from[1] <= to[1] ? to : from;

	if (grid->cells == NULL || upper[1] < grid->south || lower[1] > grid->north ||
	    fmax(from[0], to[0]) < grid->west || fmin(from[0], to[0]) > grid->east)
		return;
	struct walk w = {
	        .grid = grid,
	        .meets = meets,
	        .context = context,
	        .x0 = (lower[0] - grid->west) * grid->columns_per_degree,
	        .y0 = (lower[1] - grid->south) * grid->rows_per_degree,
	        .x1 = (upper[0] - grid->west) * grid->columns_per_degree,
	        .y1 = (upper[1] - grid->south) * grid->rows_per_degree,
	};
	/* What lies on the grid's last border belongs to its last cell. */
	struct span rows = span_between(fmin(w.y0, grid->rows - 0.5), w.y1, grid->rows);
	for (uint32_t row = rows.first; row <= rows.last; row++) {
		struct span columns = columns_of(&w, row, grid->columns);

		for (uint32_t column = columns.first; column <= columns.last; column++) {
			const struct weir_cell *cell = &grid->cells[(size_t)row * grid->columns + column];

			if (cell->block != 0)
				walk_cell(&w, cell, column, row);
		}
	}
}
