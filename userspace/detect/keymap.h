/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the key of a device to the slot in which it is kept. Fixed size, open addressing; at most half
 * of the places are ever taken.
 */
#ifndef WEIR_KEYMAP_H
#define WEIR_KEYMAP_H

#include <stdbool.h>
#include <stdint.h>

#define WEIR_NO_SLOT UINT32_MAX

struct weir_keymap {
	struct weir_keymap_place {
		uint64_t key;
		uint32_t slot; /* WEIR_NO_SLOT: the place is free */
	} * places;
	uint32_t mask;  /* how many places, less one */
	uint32_t shift; /* of the hash */
};

/* Room for `capacity` keys, 1 to 2^29. Returns 0 or -ENOMEM. */
int weir_keymap_new(struct weir_keymap *map, uint32_t capacity);

/* WEIR_NO_SLOT where the key is not there. */
uint32_t weir_keymap_find(const struct weir_keymap *map, uint64_t key);

/* The key must not be there, and no more than `capacity` keys. */
void weir_keymap_add(struct weir_keymap *map, uint64_t key, uint32_t slot);

/* The key must be there. */
void weir_keymap_remove(struct weir_keymap *map, uint64_t key);

void weir_keymap_clear(struct weir_keymap *map);

#endif
