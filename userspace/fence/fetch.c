/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking memory for what a question about a point will need, before the question is put. Nothing comes of it
 * but that the answer is there sooner.
 */
#include "fence/cell.h"
#include "fence/loader.h"

/* The cell of the first level; NULL: the point lies beside the grid, or beyond the antimeridian of it. */
static const struct weir_cell *cell_at(const struct weir_grid *grid, double x, double y, uint32_t *column,
                                       uint32_t *row)
{
	if (grid->cells == NULL ||
	    !(x >= grid->west && x < grid->east && y >= grid->south && y < grid->north))
		return NULL;
	*column = (uint32_t)((x - grid->west) * grid->columns_per_degree);
	*row = (uint32_t)((y - grid->south) * grid->rows_per_degree);
	if (*column >= grid->columns || *row >= grid->rows)
		return NULL;
	return &grid->cells[(size_t)*row * grid->columns + *column];
}

void weir_fences_fetch_cell(const struct weir_fences *fences, double longitude_deg, double latitude_deg)
{
	uint32_t column, row;
	const struct weir_cell *cell = cell_at(&fences->grid, longitude_deg, latitude_deg, &column, &row);

	if (cell != NULL)
		__builtin_prefetch(cell);
}

void weir_fences_fetch_block(const struct weir_fences *fences, double longitude_deg, double latitude_deg)
{
	const struct weir_grid *grid = &fences->grid;
	uint32_t column, row;
	const struct weir_cell *cell = cell_at(grid, longitude_deg, latitude_deg, &column, &row);

	if (cell == NULL || cell->block == 0)
		return;
	const uint16_t *block = cell_block(grid, cell);
	double x = (longitude_deg - grid->west) * grid->columns_per_degree - column;
	double y = (latitude_deg - grid->south) * grid->rows_per_degree - row;
	size_t sub_column = (size_t)(x * cell->side), sub_row = (size_t)(y * cell->side);

	__builtin_prefetch(block + sub_row * cell->side + sub_column);
	__builtin_prefetch(block_locals(block, cell->side));
}
