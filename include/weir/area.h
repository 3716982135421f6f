/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The area of interest as the kernel knows it: a bitmap in two levels.
 *
 * Level one is a table of one-degree cells, row by row from (180 W, 90 S). A cell is empty, full, or
 * names a tile of 64 by 64 bits; a bit stands for 1/64 of a degree, which is 9,375 units of 1/10,000
 * minute, the unit of AIS positions, so that no rounding is involved. Built by user space, rounded
 * outwards; read by the XDP program and by the same code compiled natively.
 *
 * Used by kernel and user space: fixed-width types only.
 */
#ifndef WEIR_AREA_H
#define WEIR_AREA_H

#include <linux/types.h>

/* 1/10,000 minute: 600,000 a degree (ITU-R M.1371-5 table 45). */
#define WEIR_UNITS_PER_DEGREE 600000
#define WEIR_UNITS_PER_BIT 9375 /* 1/64 degree */

#define WEIR_AREA_COLUMNS 360
#define WEIR_AREA_ROWS 180
#define WEIR_AREA_CELLS (WEIR_AREA_COLUMNS * WEIR_AREA_ROWS)

/* Longitude 180 belongs to the cell of 180 W, latitude 90 to the topmost row. */
#define WEIR_CELL_EMPTY 0
#define WEIR_CELL_FULL 1
#define WEIR_CELL_TILE 2 /* cell - WEIR_CELL_TILE is the index of a tile */

#define WEIR_TILES_MAX 4096
#define WEIR_TILE_ROWS 64

struct weir_tile {
	__u64 rows[WEIR_TILE_ROWS]; /* from the south; bit 0 is the westernmost */
};

_Static_assert(sizeof(struct weir_tile) == 512, "a tile is 64 by 64 bits");

/*
 * What user space hands over. The owner of the memory is the caller; weir_area_tiles() fills it.
 * Cells that would need more than WEIR_TILES_MAX tiles become full: more passes, nothing is lost.
 */
struct weir_area_tiles {
	__u16 cells[WEIR_AREA_CELLS];
	__u32 tile_count;
	struct weir_tile tiles[WEIR_TILES_MAX];
};

#endif
