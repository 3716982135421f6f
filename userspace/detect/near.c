/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cells that share a bucket are told apart by their numbers. See near.h.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "detect/keymap.h"
#include "detect/near.h"

#define CELLS_A_DEGREE 32
#define COLUMNS_EACH (180 * CELLS_A_DEGREE) /* east and west of Greenwich */
#define COLUMNS (2 * COLUMNS_EACH)
#define ROWS (180 * CELLS_A_DEGREE)
_Static_assert(ROWS *COLUMNS == WEIR_NEAR_CELLS, "what near.h says");
#define SCALED_A_CELL (10000000 / CELLS_A_DEGREE)
#define METRES_A_CELL (1852.0 * 60 / CELLS_A_DEGREE)

int weir_near_new(struct weir_near *near, uint32_t capacity)
{
	struct weir_near made = {.mask = 15};

	while (made.mask + 1 < capacity)
		made.mask = made.mask * 2 + 1;
	made.places = calloc(capacity, sizeof(*made.places));
	made.buckets = malloc(((size_t)made.mask + 1) * sizeof(*made.buckets));
	if (made.places == NULL || made.buckets == NULL) {
		weir_near_clear(&made);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i <= made.mask; i++)
		made.buckets[i] = WEIR_NO_SLOT;
	*near = made;
	return 0;
}

static int32_t row_of(int32_t latitude)
{
	int32_t row = (latitude + 900000000) / SCALED_A_CELL;

	return row < ROWS ? row : ROWS - 1;
}

static int32_t column_of(int32_t longitude)
{
	return (int32_t)(((int64_t)longitude + 1800000000) / SCALED_A_CELL) % COLUMNS;
}

static uint32_t cell_at(int32_t row, int32_t column)
{
	return 1 + (uint32_t)row * COLUMNS + (uint32_t)column;
}

/* Fibonacci hashing, as in keymap.c. */
static uint32_t *bucket_of(const struct weir_near *near, uint32_t cell)
{
	return &near->buckets[(uint32_t)(cell * UINT64_C(0x9e3779b97f4a7c15) >> 40) & near->mask];
}

void weir_near_remove(struct weir_near *near, uint32_t slot)
{
	struct weir_near_place *place = &near->places[slot];

	if (place->cell == 0)
		return;
	if (place->previous == WEIR_NO_SLOT)
		*bucket_of(near, place->cell) = place->next;
	else
		near->places[place->previous].next = place->next;
	if (place->next != WEIR_NO_SLOT)
		near->places[place->next].previous = place->previous;
	place->cell = 0;
}

void weir_near_put_in(struct weir_near *near, uint32_t slot, uint32_t cell)
{
	struct weir_near_place *place = &near->places[slot];

	if (place->cell == cell)
		return;
	weir_near_remove(near, slot);
	uint32_t *bucket = bucket_of(near, cell);
	*place = (struct weir_near_place){cell, *bucket, WEIR_NO_SLOT};
	if (*bucket != WEIR_NO_SLOT)
		near->places[*bucket].previous = slot;
	*bucket = slot;
}

void weir_near_put(struct weir_near *near, uint32_t slot, int32_t longitude, int32_t latitude)
{
	weir_near_put_in(near, slot, cell_at(row_of(latitude), column_of(longitude)));
}

size_t weir_near_find(const struct weir_near *near, int32_t longitude, int32_t latitude, double metres,
                      uint32_t *slots, size_t capacity, bool *cut)
{
	double narrow = cos((fabs(latitude / 1e7) + metres / METRES_A_CELL / CELLS_A_DEGREE) * M_PI / 180);
	int32_t up = (int32_t)(metres / METRES_A_CELL) + 1;
	double across = narrow > 0.01 ? metres / METRES_A_CELL / narrow + 1 : COLUMNS_EACH;
	int32_t aside = across < COLUMNS_EACH - 1 ? (int32_t)across : COLUMNS_EACH - 1;
	int32_t row = row_of(latitude), column = column_of(longitude);
	size_t count = 0;

	for (int32_t r = row - up < 0 ? 0 : row - up; r <= row + up && r < ROWS; r++) {
		for (int32_t c = column - aside; c <= column + aside; c++) {
			uint32_t cell = cell_at(r, (c + COLUMNS) % COLUMNS);

			for (uint32_t slot = *bucket_of(near, cell); slot != WEIR_NO_SLOT;
			     slot = near->places[slot].next) {
				if (near->places[slot].cell != cell)
					continue;
				if (count == capacity) {
					*cut = true;
					return count;
				}
				slots[count++] = slot;
			}
		}
	}
	return count;
}

void weir_near_clear(struct weir_near *near)
{
	free(near->places);
	free(near->buckets);
	*near = (struct weir_near){0};
}
