/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The area of interest as the kernel knows it: a bitmap in two levels.
 *
 * Level one is a table of cells, row by row from the south-western one. A cell is empty, full, or names a
 * tile of 64 by 64 bits; a bit stands for 2^13 units of 1/10,000 minute, the unit of AIS positions: 0.014
 * degrees, 1.5 km. So the column of a position is what stands in the upper bits of its longitude, and need
 * not be calculated. The meridian of 180 degrees and the poles lie within the outermost bits. Built by user
 * space, rounded outwards; read by the XDP program and by the same code compiled natively.
 *
 * Used by kernel and user space: fixed-width types only.
 */
#ifndef WEIR_AREA_H
#define WEIR_AREA_H

#include <linux/types.h>

/* 1/10,000 minute: 600,000 a degree (ITU-R M.1371-5 table 45). */
#define WEIR_UNITS_PER_DEGREE 600000
#define WEIR_UNITS_PER_BIT (1 << 13)
#define WEIR_UNITS_PER_CELL (1 << 19) /* 0.87 degrees */

/* So many cells on each side of the meridian of Greenwich and of the equator. */
#define WEIR_AREA_COLUMNS_EACH 206
#define WEIR_AREA_ROWS_EACH 103
#define WEIR_AREA_COLUMNS (2 * WEIR_AREA_COLUMNS_EACH)
#define WEIR_AREA_ROWS (2 * WEIR_AREA_ROWS_EACH)

/* Where the table begins, in units. */
#define WEIR_AREA_WEST (-WEIR_AREA_COLUMNS_EACH * WEIR_UNITS_PER_CELL)
#define WEIR_AREA_SOUTH (-WEIR_AREA_ROWS_EACH * WEIR_UNITS_PER_CELL)

_Static_assert(-WEIR_AREA_WEST >= 180 * WEIR_UNITS_PER_DEGREE &&
                       -WEIR_AREA_SOUTH >= 90 * WEIR_UNITS_PER_DEGREE,
               "the earth is in the table");
_Static_assert(-WEIR_AREA_WEST - 180 * WEIR_UNITS_PER_DEGREE < WEIR_UNITS_PER_BIT &&
                       -WEIR_AREA_SOUTH - 90 * WEIR_UNITS_PER_DEGREE < WEIR_UNITS_PER_BIT,
               "and but a part of a bit more");
#define WEIR_AREA_CELLS (WEIR_AREA_COLUMNS * WEIR_AREA_ROWS)

#define WEIR_CELL_EMPTY 0
#define WEIR_CELL_FULL 1
#define WEIR_CELL_TILE 2 /* cell - WEIR_CELL_TILE is the index of a tile */

/* The cell of a position in units, 180 W to 180 E (which is looked up as 180 W) and 90 S to 90 N. */
static inline __u32 weir_area_cell(__s32 longitude, __s32 latitude)
{
	__u32 x = (__u32)(longitude - WEIR_AREA_WEST), y = (__u32)(latitude - WEIR_AREA_SOUTH);

	return y / WEIR_UNITS_PER_CELL * WEIR_AREA_COLUMNS + x / WEIR_UNITS_PER_CELL;
}

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
