/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a position in the area of interest? Two loads at most, whatever the area is made of.
 */
#ifndef WEIR_BPF_AREA_H
#define WEIR_BPF_AREA_H

#include "presence.h"

#define LONGITUDE_MAX (180 * WEIR_UNITS_PER_DEGREE)
#define LATITUDE_MAX (90 * WEIR_UNITS_PER_DEGREE)

/* Of a place, counted in units from 180 W and from 90 S. */
static __always_inline __u32 area_column(__u32 from_west)
{
	return (from_west - LONGITUDE_MAX - (__u32)WEIR_AREA_WEST) / WEIR_UNITS_PER_BIT;
}

static __always_inline __u32 area_row(__u32 from_south)
{
	return (from_south - LATITUDE_MAX - (__u32)WEIR_AREA_SOUTH) / WEIR_UNITS_PER_BIT;
}

/* The bit in column x and row y, of the whole table. */
static __always_inline int area_covers(const struct weir_prefilter_shared *shared, __u32 x, __u32 y)
{
	const struct weir_prefilter_area *area = &shared->areas[ONCE(shared->area) & 1];
	__u32 index = y / 64 * WEIR_AREA_COLUMNS + x / 64;

	/* It can't be. The compiler knows and leaves the test out; verifiers of Linux 6.1 and later don't. */
	OPAQUE(index);
	if (index >= WEIR_AREA_CELLS)
		return 1;
	__u32 cell = area->cells[index];
	if (cell == WEIR_CELL_EMPTY)
		return 0;
	cell -= WEIR_CELL_TILE;
	if (cell >= WEIR_TILES_MAX) /* also a full cell */
		return 1;
	return area->tiles[cell].rows[y & 63] >> (x & 63) & 1;
}

#endif
