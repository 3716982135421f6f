/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a cell of a grid is written down. Shared by the code that builds the grid and the code that asks it,
 * and by nobody else.
 *
 * What is in a cell of the first level is a block of 16-bit words:
 *
 *   codes    one for each cell of the second grid, row by row: 0 is empty, else the cell's list begins
 *            `code << shift` words after the beginning of the locals
 *   locals   the shapes that are in the block, as struct weir_local. Where some fill the whole block, the
 *            first of these says how many do, and they follow
 *   lists    entries, the last of them marked. An entry says which local, and whether it fills the cell.
 *            One that does not is followed by a head, and by as many words as that says
 *
 * So a look-up touches a line of the cache for the code, one for the local, and one or two for a list that is
 * more than a shape that fills the cell.
 */
#ifndef WEIR_CELL_H
#define WEIR_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "fence/grid.h"

#define BLOCK_UNIT 32 /* words: a line of the cache has 64 bytes */

struct weir_local {
	uint32_t owner, shape;
};

static inline const uint16_t *cell_block(const struct weir_grid *grid, const struct weir_cell *cell)
{
	return grid->blocks + (size_t)cell->block * BLOCK_UNIT;
}

/* Words of the codes; what follows is aligned to its own size. */
static inline size_t block_codes(uint32_t side)
{
	return ((size_t)side * side + 3) / 4 * 4;
}

static inline const struct weir_local *block_locals(const uint16_t *block, uint32_t side)
{
	return (const struct weir_local *)(const void *)(block + block_codes(side));
}

/* The list of a cell of the second grid; NULL: nothing is there. */
static inline const uint16_t *block_list(const uint16_t *block, const struct weir_cell *cell, size_t index)
{
	uint32_t code = block[index];

	return code == 0 ? NULL : block + block_codes(cell->side) + ((size_t)code << cell->shift);
}

#define ENTRY_FILLED 1u
#define ENTRY_LAST 2u
#define ENTRY_FAR (UINT16_MAX >> 2) /* the local does not fit: it is in the two words that follow */

static inline uint32_t two_words(const uint16_t *words)
{
	return words[0] | (uint32_t)words[1] << 16;
}

/* Reads the local of the entry that was read last. */
static inline uint32_t entry_local(uint32_t entry, const uint16_t **words)
{
	uint32_t local = entry >> 2;

	if (local == ENTRY_FAR) {
		local = two_words(*words);
		*words += 2;
	}
	return local;
}

/*
 * A head: what follows it, and how many words that are.
 */
enum head_kind {
	HEAD_WHOLE,    /* nothing: all of the shape is to be asked */
	HEAD_BOUNDARY, /* the boundary nearby; see nearby.h */
	HEAD_LINE,     /* edges of a line, of which the nearest decides; each two words, the lower first */
};

#define HEAD_WORDS_MAX 0x1ffu
#define HEAD_INSIDE (1u << 11) /* of HEAD_BOUNDARY: the corner lies inside */

static inline uint16_t head_make(enum head_kind kind, uint32_t words, uint32_t corner, bool inside)
{
	return (uint16_t)(words | (uint32_t)kind << 9 | (inside ? HEAD_INSIDE : 0) | corner << 12);
}

static inline enum head_kind head_kind(uint32_t head)
{
	return (enum head_kind)(head >> 9 & 3);
}

static inline uint32_t head_words(uint32_t head)
{
	return head & HEAD_WORDS_MAX;
}

static inline uint32_t head_corner(uint32_t head)
{
	return head >> 12;
}

#endif
