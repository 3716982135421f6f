/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two areas for the kernel as one: what is passed while one gives way to the other.
 */
#include <string.h>

#include <weir/fence.h>

static const struct weir_tile *tile_of(const struct weir_area_tiles *tiles, uint32_t cell)
{
	return tiles->cells[cell] < WEIR_CELL_TILE ? NULL
	                                           : &tiles->tiles[tiles->cells[cell] - WEIR_CELL_TILE];
}

void weir_area_tiles_join(const struct weir_area_tiles *one, const struct weir_area_tiles *other,
                          struct weir_area_tiles *out)
{
	out->tile_count = 0;
	for (uint32_t cell = 0; cell < WEIR_AREA_CELLS; cell++) {
		const struct weir_tile *a = tile_of(one, cell), *b = tile_of(other, cell);

		if (one->cells[cell] == WEIR_CELL_FULL || other->cells[cell] == WEIR_CELL_FULL) {
			out->cells[cell] = WEIR_CELL_FULL;
		} else if (a == NULL && b == NULL) {
			out->cells[cell] = WEIR_CELL_EMPTY;
		} else if (out->tile_count == WEIR_TILES_MAX) {
			out->cells[cell] = WEIR_CELL_FULL;
		} else {
			struct weir_tile *joined = &out->tiles[out->tile_count];

			*joined = a != NULL ? *a : *b;
			if (a != NULL && b != NULL)
				for (int row = 0; row < WEIR_TILE_ROWS; row++)
					joined->rows[row] |= b->rows[row];
			out->cells[cell] = (uint16_t)(WEIR_CELL_TILE + out->tile_count++);
		}
	}
}
