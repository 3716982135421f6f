/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a position in the area of interest? Two loads at most, whatever the area is made of.
 */
#ifndef WEIR_BPF_AREA_H
#define WEIR_BPF_AREA_H

#include "presence.h"

#define LONGITUDE_MAX (180 * WEIR_UNITS_PER_DEGREE)
#define LATITUDE_MAX (90 * WEIR_UNITS_PER_DEGREE)

/*
 * units / 9,375 by multiplication: BPF would divide. 2^44 / 9,375 rounded up is less than 9,375 / 2^44
 * too large, so that the quotient is exact below 2^44 / 9,375, which is 1.8e9; here are 2.16e8 at most.
 */
static __always_inline __u32 units_to_bits(__u32 units)
{
	return (__u32)((__u64)units * 1876499845ULL >> 44);
}

_Static_assert(1876499845ULL == (1ULL << 44) / WEIR_UNITS_PER_BIT + 1, "the rounded quotient");

/* from_west and from_south count in units from 180 W and 90 S, and lie below 180 E and 90 N. */
static __always_inline int area_covers(const struct weir_prefilter_shared *shared, __u32 from_west,
                                       __u32 from_south)
{
	const struct weir_prefilter_area *area = &shared->areas[ONCE(shared->area) & 1];
	__u32 x = units_to_bits(from_west);
	__u32 y = units_to_bits(from_south);
	__u32 index = y / 64 * WEIR_AREA_COLUMNS + x / 64;

	if (index >= WEIR_AREA_CELLS) /* can't be; the verifier can't know */
		return 1;
	__u32 cell = area->cells[index];
	if (cell < WEIR_CELL_TILE)
		return cell != WEIR_CELL_EMPTY;
	cell -= WEIR_CELL_TILE;
	if (cell >= WEIR_TILES_MAX)
		return 1;
	return area->tiles[cell].rows[y & 63] >> (x & 63) & 1;
}

#endif
