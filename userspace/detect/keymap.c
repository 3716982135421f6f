/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linear probing; a removal moves what follows back, so that no tombstones pile up.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "detect/keymap.h"

int weir_keymap_new(struct weir_keymap *map, uint32_t capacity)
{
	uint32_t bits = 4;

	assert(capacity >= 1 && capacity <= 1u << 29);
	while ((1u << bits) < 2 * capacity)
		bits++;
	struct weir_keymap_place *places = calloc(1u << bits, sizeof(*places));
	if (places == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < 1u << bits; i++)
		places[i].slot = WEIR_NO_SLOT;
	*map = (struct weir_keymap){.places = places, .mask = (1u << bits) - 1, .shift = 64 - bits};
	return 0;
}

/* Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
static uint32_t home(const struct weir_keymap *map, uint64_t key)
{
	return (uint32_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> map->shift);
}

/* The place of the key, or the free one where it would be put. */
static uint32_t place_of(const struct weir_keymap *map, uint64_t key)
{
	uint32_t place = home(map, key);

	while (map->places[place].slot != WEIR_NO_SLOT && map->places[place].key != key)
		place = (place + 1) & map->mask;
	return place;
}

uint32_t weir_keymap_find(const struct weir_keymap *map, uint64_t key)
{
	return map->places[place_of(map, key)].slot;
}

void weir_keymap_add(struct weir_keymap *map, uint64_t key, uint32_t slot)
{
	uint32_t place = place_of(map, key);

	assert(map->places[place].slot == WEIR_NO_SLOT);
	map->places[place] = (struct weir_keymap_place){key, slot};
}

void weir_keymap_remove(struct weir_keymap *map, uint64_t key)
{
	uint32_t hole = place_of(map, key);

	assert(map->places[hole].slot != WEIR_NO_SLOT);
	for (uint32_t next = (hole + 1) & map->mask; map->places[next].slot != WEIR_NO_SLOT;
	     next = (next + 1) & map->mask) {
		uint32_t wanted = home(map, map->places[next].key);

		/* It may move into the hole unless its home lies between the two. */
		if (((next - wanted) & map->mask) < ((next - hole) & map->mask))
			continue;
		map->places[hole] = map->places[next];
		hole = next;
	}
	map->places[hole].slot = WEIR_NO_SLOT;
}

void weir_keymap_clear(struct weir_keymap *map)
{
	free(map->places);
	*map = (struct weir_keymap){0};
}
