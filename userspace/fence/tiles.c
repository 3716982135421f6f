/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The area of interest as the kernel gets it: <weir/area.h>. Rounded outwards; where tiles run out, by
 * whole cells.
 *
 * Shapes are drawn twice, in cells and in their bits. The first drawing finds the cells that lie within a
 * shape as a whole, so that the second needs tiles along boundaries only. The earth's circumference is no
 * whole number of bits, so that what goes over the antimeridian is drawn once for each side of it.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "fence/exact_area.h"
#include "fence/raster.h"

#define BITS 64 /* a cell, in each direction */
#define COLUMNS (WEIR_AREA_COLUMNS * BITS)
#define ROWS (WEIR_AREA_ROWS * BITS)

/* Shapes reach from 180 W, less their margin, once and a half around: how often they may be turned. */
#define FIRST_TURN (-1)
#define LAST_TURN 2

/* Looking for full tiles in vain is not repeated for ever. */
#define SQUEEZES_MAX 8

struct drawing {
	struct weir_area_tiles *tiles;
	int squeezes;
};

/* Turns full tiles into full cells, and gives their room back. */
static void squeeze(struct weir_area_tiles *tiles)
{
	uint16_t moved_to[WEIR_TILES_MAX];
	uint32_t kept = 0;

	for (uint32_t i = 0; i < tiles->tile_count; i++) {
		uint64_t all = ~UINT64_C(0);

		for (int row = 0; row < WEIR_TILE_ROWS; row++)
			all &= tiles->tiles[i].rows[row];
		if (all == ~UINT64_C(0)) {
			moved_to[i] = WEIR_CELL_FULL;
			continue;
		}
		moved_to[i] = (uint16_t)(WEIR_CELL_TILE + kept);
		tiles->tiles[kept++] = tiles->tiles[i];
	}
	for (uint32_t i = 0; i < WEIR_AREA_CELLS; i++)
		if (tiles->cells[i] >= WEIR_CELL_TILE)
			tiles->cells[i] = moved_to[tiles->cells[i] - WEIR_CELL_TILE];
	tiles->tile_count = kept;
}

/* The tile of a cell; NULL where the cell is full, or has become so because there is no tile left. */
static struct weir_tile *tile_of(struct drawing *drawing, uint32_t cell)
{
	struct weir_area_tiles *tiles = drawing->tiles;

	if (tiles->cells[cell] == WEIR_CELL_FULL)
		return NULL;
	if (tiles->cells[cell] == WEIR_CELL_EMPTY) {
		if (tiles->tile_count == WEIR_TILES_MAX && drawing->squeezes++ < SQUEEZES_MAX)
			squeeze(tiles);
		if (tiles->tile_count == WEIR_TILES_MAX) {
			tiles->cells[cell] = WEIR_CELL_FULL;
			return NULL;
		}
		memset(&tiles->tiles[tiles->tile_count], 0, sizeof(struct weir_tile));
		tiles->cells[cell] = (uint16_t)(WEIR_CELL_TILE + tiles->tile_count++);
	}
	return &tiles->tiles[tiles->cells[cell] - WEIR_CELL_TILE];
}

static uint32_t cell_at(int32_t column, int32_t row)
{
	return (uint32_t)(row * WEIR_AREA_COLUMNS + column);
}

/* Bits first to last (of 0 to 63) set. */
static uint64_t bits_between(int32_t first, int32_t last)
{
	return (~UINT64_C(0) >> (63 - (last - first))) << first;
}

static void draw_cell(struct drawing *drawing, uint32_t cell)
{
	uint16_t *value = &drawing->tiles->cells[cell];

	if (*value == WEIR_CELL_EMPTY)
		*value = WEIR_CELL_FULL;
	else if (*value >= WEIR_CELL_TILE) /* squeezed later */
		memset(&drawing->tiles->tiles[*value - WEIR_CELL_TILE], 0xff, sizeof(struct weir_tile));
}

/* The part of a range that falls into a cell, in its bits. */
struct part {
	int32_t first, last;
};

static struct part part_of(int32_t first, int32_t last, int32_t cell)
{
	int32_t begin = first - cell * BITS, end = last - cell * BITS;

	return (struct part){begin < 0 ? 0 : begin, end > BITS - 1 ? BITS - 1 : end};
}

static bool is_whole(struct part part)
{
	return part.first == 0 && part.last == BITS - 1;
}

/* Columns first to last of rows south to north, in bits of the table; what lies beside it is left out. */
static void draw_bits(struct drawing *drawing, int32_t first, int32_t last, int32_t south, int32_t north)
{
	first = first < 0 ? 0 : first;
	last = last >= COLUMNS ? COLUMNS - 1 : last;
	south = south < 0 ? 0 : south;
	north = north >= ROWS ? ROWS - 1 : north;
	if (first > last)
		return;

	for (int32_t row = south / BITS; row <= north / BITS; row++) {
		struct part rows = part_of(south, north, row);

		for (int32_t column = first / BITS; column <= last / BITS; column++) {
			struct part columns = part_of(first, last, column);
			uint32_t cell = cell_at(column, row);

			if (is_whole(rows) && is_whole(columns)) {
				draw_cell(drawing, cell);
				continue;
			}
			struct weir_tile *tile = tile_of(drawing, cell);
			for (int32_t bit = rows.first; tile != NULL && bit <= rows.last; bit++)
				tile->rows[bit] |= bits_between(columns.first, columns.last);
		}
	}
}

/* The bit in which a longitude or a latitude lies, in a table that begins so many units from zero. */
static int32_t bit_of(double degrees, double begin, double slack)
{
	return (int32_t)floor((degrees * WEIR_UNITS_PER_DEGREE - begin) / WEIR_UNITS_PER_BIT + slack);
}

static void draw_box(struct drawing *drawing, const struct weir_box *box)
{
	double east = box->west <= box->east ? box->east : box->east + 360;

	for (int turn = -1; turn <= 1; turn++)
		draw_bits(drawing, bit_of(box->west + 360 * turn, WEIR_AREA_WEST, -WEIR_RASTER_SLACK),
		          bit_of(east + 360 * turn, WEIR_AREA_WEST, WEIR_RASTER_SLACK),
		          bit_of(box->south, WEIR_AREA_SOUTH, -WEIR_RASTER_SLACK),
		          bit_of(box->north, WEIR_AREA_SOUTH, WEIR_RASTER_SLACK));
}

static void span_cells(void *context, int32_t row, int32_t first, int32_t last, enum weir_cell_kind kind)
{
	struct drawing *drawing = context;

	for (int32_t column = first; column <= last && kind == WEIR_CELL_FILLED; column++)
		draw_cell(drawing, cell_at(column, row));
}

static void span_bits(void *context, int32_t row, int32_t first, int32_t last, enum weir_cell_kind kind)
{
	(void)kind; /* rounded outwards: touched counts as filled */
	draw_bits(context, first, last, row, row);
}

/* Does a shape lie east or west of all columns? */
static bool is_beside(const struct weir_raster *raster, const struct weir_shape *shape)
{
	return shape->east < weir_raster_longitude(raster, -1) ||
	       shape->west > weir_raster_longitude(raster, raster->columns + 1);
}

/* In cells, each divided so often in each direction. */
static int draw_shapes(struct drawing *drawing, const struct weir_shapes *shapes, int32_t division,
                       weir_span *span)
{
	struct weir_raster_scratch scratch = {0};
	struct weir_raster raster = {
	        .south = (double)WEIR_AREA_SOUTH / WEIR_UNITS_PER_DEGREE,
	        .columns_per_degree = (double)WEIR_UNITS_PER_DEGREE / WEIR_UNITS_PER_CELL,
	        .rows_per_degree = (double)WEIR_UNITS_PER_DEGREE / WEIR_UNITS_PER_CELL,
	        .division = division,
	        .slack = WEIR_RASTER_SLACK,
	        .columns = WEIR_AREA_COLUMNS * division,
	        .rows = WEIR_AREA_ROWS * division,
	};
	int error = 0;

	for (uint32_t i = 0; i < shapes->count && error == 0; i++)
		for (int turn = FIRST_TURN; turn <= LAST_TURN && error == 0; turn++) {
			raster.west = (double)WEIR_AREA_WEST / WEIR_UNITS_PER_DEGREE + 360 * turn;
			if (is_beside(&raster, &shapes->shapes[i]))
				continue;
			error = weir_raster_shape(&raster, shapes, i, &scratch, span, drawing);
		}
	weir_raster_scratch_clear(&scratch);
	return error;
}

int weir_area_tiles(const struct weir_area *area, struct weir_area_tiles *tiles)
{
	struct drawing drawing = {.tiles = tiles};
	int error = 0;

	/* `tiles` has two megabytes and belongs to the caller: drawing elsewhere first would double that. */
	memset(tiles->cells, 0, sizeof(tiles->cells));
	tiles->tile_count = 0;
	if (area->everywhere)
		for (uint32_t i = 0; i < WEIR_AREA_CELLS; i++)
			tiles->cells[i] = WEIR_CELL_FULL;

	error = draw_shapes(&drawing, &area->grown, 1, span_cells);
	for (size_t i = 0; i < area->box_count; i++)
		draw_box(&drawing, &area->boxes[i]);
	if (error == 0)
		error = draw_shapes(&drawing, &area->grown, BITS, span_bits);
	squeeze(tiles);
	return error;
}
