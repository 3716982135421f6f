/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a second grid contains, written down as a block. See grid_building.h; how it is read: cell.h.
 */
#include <errno.h>
#include <string.h>

#include "fence/grid_building.h"
#include "fence/growing.h"
#include "fence/nearby.h"

#define LOCAL_WORDS (sizeof(struct weir_local) / sizeof(uint16_t))

static void write_word(struct weir_grid_building *b, uint32_t word)
{
	b->words[b->word_count++] = (uint16_t)word;
}

static void write_two(struct weir_grid_building *b, uint32_t value)
{
	write_word(b, value & UINT16_MAX);
	write_word(b, value >> 16);
}

/* Where a vertex is in a cell, 0 to 1 between its borders. */
static void place_in(const struct weir_raster *raster, uint32_t cell, const double vertex[2], double place[2])
{
	uint32_t columns = (uint32_t)raster->columns;

	place[0] = weir_raster_column(raster, vertex[0]) - cell % columns;
	place[1] = weir_raster_row(raster, vertex[1]) - (uint32_t)(cell / columns);
}

/* The drawing of a boundary. Returns its head. */
static uint16_t write_boundary(struct weir_grid_building *b, uint32_t cell, uint32_t shape,
                               const struct weir_cell_pair *edges, size_t edge_count)
{
	const struct weir_raster *raster = &b->raster;
	uint32_t columns = (uint32_t)raster->columns, count = 0;
	uint16_t *words = b->words + b->word_count;
	double from[2], to[2];

	for (size_t i = 0; i < edge_count; i++) {
		uint32_t edge = weir_pair_edge(&edges[i]);

		if (i == 0 || edge != weir_pair_edge(&edges[i - 1]) + 1)
			place_in(raster, cell, b->shapes->vertices[edge], from);
		else
			memcpy(from, to, sizeof(from));
		place_in(raster, cell, b->shapes->vertices[edge + 1], to);
		weir_nearby_draw(words, &count, from, to);
	}
	for (uint32_t corner = 0; corner < NEARBY_CORNERS && count > 0; corner++) {
		if (weir_nearby_is_near(words, count, weir_nearby_corner(corner)))
			continue;
		double x = weir_raster_longitude(raster, cell % columns + (corner & 1));
		double y = weir_raster_latitude(raster, (uint32_t)(cell / columns) + (corner >> 1));

		b->word_count += count;
		return head_make(HEAD_BOUNDARY, count, corner, weir_shape_covers(b->shapes, shape, x, y));
	}
	return head_make(HEAD_WHOLE, 0, 0, false);
}

static uint16_t write_line(struct weir_grid_building *b, const struct weir_cell_pair *edges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_two(b, weir_pair_edge(&edges[i]));
	return head_make(HEAD_LINE, 2 * (uint32_t)count, 0, false);
}

/* What the pairs begin with: a shape, and its edges, of which there may be none. */
static void write_entry(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t edge_count,
                        bool is_last)
{
	uint32_t local = weir_pair_number(pairs), shape = b->locals[local].shape;
	uint32_t flags = (weir_pair_is_filled(pairs) ? ENTRY_FILLED : 0) | (is_last ? ENTRY_LAST : 0);

	write_word(b, (local < ENTRY_FAR ? local : ENTRY_FAR) << 2 | flags);
	if (local >= ENTRY_FAR)
		write_two(b, local);
	if (weir_pair_is_filled(pairs))
		return;
	size_t head = b->word_count++;
	b->words[head] = head_make(HEAD_WHOLE, 0, 0, false);
	if (edge_count == 0 || edge_count > NEARBY_EDGES_MAX)
		return;
	b->words[head] = b->shapes->shapes[shape].is_line
	                         ? write_line(b, pairs + 1, edge_count)
	                         : write_boundary(b, pairs->cell, shape, pairs + 1, edge_count);
}

/* Writes the list of a cell's pairs, aligned; its place, in words from the locals, goes to *list. */
static int write_list(struct weir_grid_building *b, const struct weir_cell_pair *pairs, size_t count,
                      uint32_t align, uint32_t *list)
{
	size_t base = b->local_count * LOCAL_WORDS;
	size_t begin = (base + b->word_count + align - 1) / align * align - base;
	uint32_t *filler = NULL;

	if (count == 1 && weir_pair_is_filled(pairs))
		filler = &b->fillers[weir_pair_number(pairs)];
	if (filler != NULL && *filler != 0) {
		*list = *filler;
		return 0;
	}
	/* Two words for a shape and two more for a far one; three for an edge. */
	void *moved = weir_growing(b->words, &b->word_capacity, begin + 4 * count, sizeof(*b->words));
	if (moved == NULL)
		return -ENOMEM;
	b->words = moved;
	memset(b->words + b->word_count, 0, (begin - b->word_count) * sizeof(*b->words));
	b->word_count = begin;
	for (size_t i = 0, edges; i < count; i += 1 + edges) {
		edges = weir_pair_edges(pairs + i, count - i);
		write_entry(b, &pairs[i], edges, i + 1 + edges == count);
	}
	*list = (uint32_t)(base + begin);
	if (filler != NULL)
		*filler = *list;
	return 0;
}

/* The lists of all cells. -E2BIG: codes can't reach as far; a larger shift is needed. */
static int write_lists(struct weir_grid_building *b, size_t cells, uint32_t shift)
{
	b->word_count = 0;
	memset(b->fillers, 0, b->local_count * sizeof(*b->fillers));
	/* The shortest lists, which most cells have, are close to the locals. */
	for (uint32_t local = b->common_count; local < b->local_count; local++) {
		const struct weir_cell_pair pair = {0, local << 1 | 1};
		uint32_t list;

		if (write_list(b, &pair, 1, 1u << shift, &list) != 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < cells; i++) {
		size_t count = b->starts[i + 1] - b->starts[i];

		b->lists[i] = 0;
		if (count == 0)
			continue;
		if (write_list(b, b->sorted + b->starts[i], count, 1u << shift, &b->lists[i]) != 0)
			return -ENOMEM;
		if (b->lists[i] >> shift > UINT16_MAX)
			return -E2BIG;
	}
	return 0;
}

static int make_room(struct weir_grid_building *b, size_t cells)
{
	void *moved = weir_growing(b->lists, &b->list_capacity, cells, sizeof(*b->lists));

	if (moved == NULL)
		return -ENOMEM;
	b->lists = moved;
	moved = weir_growing(b->fillers, &b->filler_capacity, b->local_count, sizeof(*b->fillers));
	if (moved == NULL)
		return -ENOMEM;
	b->fillers = moved;
	return 0;
}

/* Appends codes, locals and lists to the grid. */
static int append(struct weir_grid_building *b, struct weir_cell *cell, size_t cells)
{
	struct weir_grid *grid = b->grid;
	size_t begin = (grid->word_count + BLOCK_UNIT - 1) / BLOCK_UNIT * BLOCK_UNIT;
	size_t locals = begin + block_codes(cell->side), lists = locals + b->local_count * LOCAL_WORDS;
	size_t end = lists + b->word_count;

	if (begin / BLOCK_UNIT > UINT32_MAX)
		return -ENOMEM;
	void *moved = weir_growing(grid->blocks, &grid->word_capacity, end, sizeof(*grid->blocks));
	if (moved == NULL)
		return -ENOMEM;
	grid->blocks = moved;
	memset(grid->blocks + grid->word_count, 0, (locals - grid->word_count) * sizeof(*grid->blocks));
	for (size_t i = 0; i < cells; i++)
		grid->blocks[begin + i] = (uint16_t)(b->lists[i] >> cell->shift);
	memcpy(grid->blocks + locals, b->locals, b->local_count * sizeof(*b->locals));
	memcpy(grid->blocks + lists, b->words, b->word_count * sizeof(*b->words));
	grid->word_count = end;
	cell->block = (uint32_t)(begin / BLOCK_UNIT);
	return 0;
}

int weir_building_block(struct weir_grid_building *b, struct weir_cell *cell)
{
	size_t cells = (size_t)cell->side * cell->side;
	int error = make_room(b, cells);

	if (error != 0)
		return error;
	for (cell->shift = 0; cell->shift < 16; cell->shift++) {
		error = write_lists(b, cells, cell->shift);
		if (error != -E2BIG)
			break;
	}
	return error == 0 ? append(b, cell, cells) : error;
}
