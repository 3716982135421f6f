/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the devices are that proximity is about: a hash of cells of a 32nd of a degree, each with a list of
 * slots. A device is in it while it moves in a fence that asks for proximity. Fixed size.
 */
#ifndef WEIR_NEAR_H
#define WEIR_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_NEAR_CELLS (180 * 32 * 360 * 32)

struct weir_near {
	struct weir_near_place {
		uint32_t cell; /* 1 to WEIR_NEAR_CELLS; 0: not in the index */
		uint32_t next, previous;
	} * places;        /* of each slot */
	uint32_t *buckets; /* the first slot */
	uint32_t mask;
};

/* Room for slots 0 to capacity - 1. Returns 0 or -ENOMEM. */
int weir_near_new(struct weir_near *near, uint32_t capacity);

/* Puts a slot where it is now, or moves it there. 1e-7 degrees. */
void weir_near_put(struct weir_near *near, uint32_t slot, int32_t longitude, int32_t latitude);

/* The same, by the number of the cell. */
void weir_near_put_in(struct weir_near *near, uint32_t slot, uint32_t cell);

/* Takes a slot out, which may be in it or not. */
void weir_near_remove(struct weir_near *near, uint32_t slot);

/*
 * Writes slots in the cells that reach within metres of a place, in the order of the cells from the
 * south-west, and in a cell the latest first: what lies farther away is among them. Returns how many there
 * are, at most capacity; *cut is set where there were more.
 */
size_t weir_near_find(const struct weir_near *near, int32_t longitude, int32_t latitude, double metres,
                      uint32_t *slots, size_t capacity, bool *cut);

void weir_near_clear(struct weir_near *near);

#endif
