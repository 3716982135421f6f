/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a cell of a grid is written: two bits say what the other thirty mean. Shared by the code that
 * builds the grid and the code that asks it, and by nobody else.
 */
#ifndef WEIR_CELL_H
#define WEIR_CELL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "fence/grid.h"

#define CELL_VALUE_MAX 0x3fffffffu

enum cell_kind {
	CELL_EMPTY,
	CELL_ENTRY,   /* one entry */
	CELL_LIST,    /* where its list begins */
	CELL_SUBGRID, /* where the codes of its second grid begin */
};

static inline uint32_t cell_make(enum cell_kind kind, uint32_t value)
{
	return (uint32_t)kind << 30 | value;
}

static inline enum cell_kind cell_kind(uint32_t cell)
{
	return (enum cell_kind)(cell >> 30);
}

static inline uint32_t cell_value(uint32_t cell)
{
	return cell & CELL_VALUE_MAX;
}

/*
 * A list is a count and so many entries. An entry says which shape, and whether it fills the cell. One in
 * a list that does not is followed by a word that tells the edges nearby, and these: nearby_make(), or
 * NEARBY_NONE and no edges.
 */
#define NEARBY_NONE UINT32_MAX
#define NEARBY_MAX 64          /* edges; beyond, bands are faster */
#define NEARBY_LINE (1u << 31) /* the edges are those of a line, and a distance decides */

static inline uint32_t nearby_make(uint32_t count, bool far)
{
	return count << 1 | (far ? 1 : 0);
}

static inline uint32_t nearby_count(uint32_t word)
{
	return word == NEARBY_NONE ? 0 : (word & ~NEARBY_LINE) >> 1;
}

static inline uint32_t entry_make(uint32_t shape, bool filled)
{
	return shape << 1 | (filled ? 1 : 0);
}

static inline uint32_t entry_shape(uint32_t entry)
{
	return entry >> 1;
}

static inline bool entry_filled(uint32_t entry)
{
	return entry & 1;
}

/*
 * The cells of a second grid are codes, row by row: 0 is empty, k stands for the k-th word before the codes.
 * So a look-up touches one line of the cache for the code, and few for what it stands for, close by.
 */
static inline uint32_t cell_within(const struct weir_grid *grid, const struct weir_cell *cell, size_t index)
{
	const uint32_t *codes = grid->lists + cell_value(cell->content);
	uint32_t code;

	if (cell->width == 1) {
		code = ((const uint8_t *)codes)[index];
	} else if (cell->width == 2) {
		uint16_t half;
		memcpy(&half, (const char *)codes + 2 * index, sizeof(half));
		code = half;
	} else {
		code = codes[index];
	}
	return code == 0 ? cell_make(CELL_EMPTY, 0) : *(codes - code);
}

/* The list of those that fill all of a second grid. */
static inline uint32_t cell_common(const struct weir_grid *grid, const struct weir_cell *cell)
{
	return *(grid->lists + cell_value(cell->content) - 1);
}

/* The longitude of the eastern border of a cell in a second grid. */
double cell_east(const struct weir_grid *grid, uint32_t column, uint32_t side, uint32_t sub_column);

#endif
