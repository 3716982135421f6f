/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a cell of a grid is written: two bits say what the other thirty mean. Shared by the code that
 * builds the grid and the code that asks it, and by nobody else.
 */
#ifndef WEIR_CELL_H
#define WEIR_CELL_H

#include <stdbool.h>
#include <stdint.h>

#define CELL_VALUE_MAX 0x3fffffffu

enum cell_kind {
	CELL_EMPTY,
	CELL_ENTRY,   /* one entry */
	CELL_LIST,    /* where its list begins */
	CELL_SUBGRID, /* the number of a second grid */
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

struct weir_grid;

/* The longitude of the eastern border of a cell in a second grid. */
double cell_east(const struct weir_grid *grid, uint32_t column, uint32_t side, uint32_t sub_column);

#endif
