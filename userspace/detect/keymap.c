/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Linear probing; a removal moves what follows back, so that no tombstones pile up. The bits of the hash in a
 * place spare all but one in 128 looks into slots of other keys.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "detect/keymap.h"

#define TAKEN (UINT32_C(1) << 31)

int weir_keymap_new(struct weir_keymap *map, uint32_t capacity, const struct weir_keys *keys)
{
	uint32_t bits = 4;

	assert(capacity >= 1 && capacity <= WEIR_SLOTS_MAX);
	while ((1u << bits) < 2 * capacity)
		bits++;
	uint32_t *places = calloc(1u << bits, sizeof(*places));
	if (places == NULL)
		return -ENOMEM;
	*map = (struct weir_keymap){
	        .places = places, .mask = (1u << bits) - 1, .shift = 64 - bits, .keys = *keys};
	return 0;
}

static uint64_t hash(uint64_t key)
{
	return key * WEIR_KEYMAP_FACTOR;
}

static uint32_t home(const struct weir_keymap *map, uint64_t key)
{
	return (uint32_t)(hash(key) >> map->shift);
}

/* What a place of the key holds above the slot: bits that do not decide its home. */
static uint32_t tag_of(uint64_t key)
{
	return TAKEN | ((uint32_t)(hash(key) >> 32) & 0x7f) << WEIR_SLOT_BITS;
}

static uint32_t slot_at(const struct weir_keymap *map, uint32_t place)
{
	return map->places[place] & (WEIR_SLOTS_MAX - 1);
}

/* The place of the key, or the free one at which the search for it ends. */
static uint32_t place_of(const struct weir_keymap *map, uint64_t key)
{
	uint32_t tag = tag_of(key);

	for (uint32_t place = home(map, key);; place = (place + 1) & map->mask) {
		uint32_t found = map->places[place];

		if (found == 0 ||
		    ((found ^ tag) < WEIR_SLOTS_MAX && weir_key_of(&map->keys, slot_at(map, place)) == key))
			return place;
	}
}

uint32_t weir_keymap_find(const struct weir_keymap *map, uint64_t key)
{
	uint32_t place = place_of(map, key);

	return map->places[place] == 0 ? WEIR_NO_SLOT : slot_at(map, place);
}

uint32_t weir_keymap_guess(const struct weir_keymap *map, uint64_t key)
{
	uint32_t tag = tag_of(key);

	for (uint32_t place = home(map, key); map->places[place] != 0; place = (place + 1) & map->mask)
		if ((map->places[place] ^ tag) < WEIR_SLOTS_MAX)
			return slot_at(map, place);
	return WEIR_NO_SLOT;
}

void weir_keymap_add(struct weir_keymap *map, uint64_t key, uint32_t slot)
{
	uint32_t place = home(map, key);

	while (map->places[place] != 0)
		place = (place + 1) & map->mask;
	map->places[place] = tag_of(key) | slot;
}

void weir_keymap_remove(struct weir_keymap *map, uint64_t key)
{
	uint32_t hole = place_of(map, key);

	assert(map->places[hole] != 0);
	for (uint32_t next = (hole + 1) & map->mask; map->places[next] != 0; next = (next + 1) & map->mask) {
		uint32_t wanted = home(map, weir_key_of(&map->keys, slot_at(map, next)));

		/* It may move into the hole unless its home lies between the two. */
		if (((next - wanted) & map->mask) < ((next - hole) & map->mask))
			continue;
		map->places[hole] = map->places[next];
		hole = next;
	}
	map->places[hole] = 0;
}

void weir_keymap_clear(struct weir_keymap *map)
{
	free(map->places);
	*map = (struct weir_keymap){0};
}
