/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the key of a device to the slot in which it is kept. Fixed size, open addressing; at most half
 * of the places are ever taken. The keys themselves are in the slots: a place has four bytes.
 */
#ifndef WEIR_KEYMAP_H
#define WEIR_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_NO_SLOT UINT32_MAX
#define WEIR_SLOT_BITS 24 /* of a place */
#define WEIR_SLOTS_MAX (1u << WEIR_SLOT_BITS)

/* Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
#define WEIR_KEYMAP_FACTOR UINT64_C(0x9e3779b97f4a7c15)

/* Where the keys lie. */
struct weir_keys {
	const void *first; /* that of slot 0: a uint64_t or, where it is narrow, a uint32_t */
	uint32_t stride;   /* bytes to that of the next slot */
	bool is_narrow;
};

static inline uint64_t weir_key_of(const struct weir_keys *keys, uint32_t slot)
{
	const void *key = (const char *)keys->first + (size_t)slot * keys->stride;

	return keys->is_narrow ? *(const uint32_t *)key : *(const uint64_t *)key;
}

struct weir_keymap {
	uint32_t *places; /* a slot and, above it, eight bits of its key's hash; 0: free */
	uint32_t mask;    /* how many places, less one */
	uint32_t shift;   /* of the hash */
	struct weir_keys keys;
};

/* Room for `capacity` keys, 1 to WEIR_SLOTS_MAX, of the slots below it. Returns 0 or -ENOMEM. */
int weir_keymap_new(struct weir_keymap *map, uint32_t capacity, const struct weir_keys *keys);

/* WEIR_NO_SLOT where the key is not there. */
uint32_t weir_keymap_find(const struct weir_keymap *map, uint64_t key);

/* Asks memory for where the search for a key begins. */
static inline void weir_keymap_fetch(const struct weir_keymap *map, uint64_t key)
{
	__builtin_prefetch(&map->places[(key * WEIR_KEYMAP_FACTOR) >> map->shift]);
}

/* As weir_keymap_find(), without a look into slots: seldom the slot of another key. */
uint32_t weir_keymap_guess(const struct weir_keymap *map, uint64_t key);

/* The slot has the key already. It must not be there, and no more than `capacity` of them. */
void weir_keymap_add(struct weir_keymap *map, uint64_t key, uint32_t slot);

/* The key must be there, and its slot still have it. */
void weir_keymap_remove(struct weir_keymap *map, uint64_t key);

void weir_keymap_clear(struct weir_keymap *map);

#endif
