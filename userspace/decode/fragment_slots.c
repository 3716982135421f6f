/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Slots, buckets, lists. See fragment_slots.h.
 */
#include "fragment_slots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct fragment_slot) * 1024 < 4 << 20, "the default table stays under 4 MB");

static uint32_t index_of(const struct fragment_slots *slots, const struct fragment_slot *slot)
{
	return (uint32_t)(slot - slots->slots);
}

static struct fragment_slot *slot_at(const struct fragment_slots *slots, uint32_t index)
{
	return index == NO_SLOT ? NULL : &slots->slots[index];
}

/* Lists */

static void unlink_slot(struct fragment_slots *slots, struct fragment_slot *slot)
{
	*(slot->older == NO_SLOT ? &slots->oldest[slot->list] : &slots->slots[slot->older].newer) =
	        slot->newer;
	*(slot->newer == NO_SLOT ? &slots->newest[slot->list] : &slots->slots[slot->newer].older) =
	        slot->older;
	slots->listed[slot->list]--;
}

static void append_slot(struct fragment_slots *slots, struct fragment_slot *slot, enum list list)
{
	slot->list = (uint8_t)list;
	slot->newer = NO_SLOT;
	slot->older = slots->newest[list];
	*(slot->older == NO_SLOT ? &slots->oldest[list] : &slots->slots[slot->older].newer) =
	        index_of(slots, slot);
	slots->newest[list] = index_of(slots, slot);
	slots->listed[list]++;
}

bool weir_fragment_is_full(const struct fragment_slots *slots)
{
	return slots->listed[FREE] == 0 && slots->fresh == slots->count;
}

struct fragment_slot *weir_fragment_oldest(const struct fragment_slots *slots, enum list list)
{
	return slot_at(slots, slots->oldest[list]);
}

struct fragment_slot *weir_fragment_newer(const struct fragment_slots *slots,
                                          const struct fragment_slot *slot)
{
	return slot_at(slots, slot->newer);
}

void weir_fragment_move(struct fragment_slots *slots, struct fragment_slot *slot, enum list list)
{
	unlink_slot(slots, slot);
	append_slot(slots, slot, list);
}

/* Buckets */

_Static_assert(sizeof(struct key) == 24, "three words, no padding");
_Static_assert(sizeof(struct weir_address) == 18, "hashed with its group as three words");

static uint32_t hash_words(const uint64_t words[3])
{
	uint64_t hash = 0;

	for (int i = 0; i < 3; i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u; /* 2^64 divided by the golden ratio */
		hash ^= hash >> 32;
	}
	return (uint32_t)hash;
}

uint32_t weir_fragment_hash(const struct key *key)
{
	uint64_t words[3];

	memcpy(words, key, sizeof(words));
	return hash_words(words);
}

uint32_t weir_fragment_group_hash(const struct weir_address *sender, uint32_t group)
{
	uint64_t words[3];

	memcpy(words, sender->ip, sizeof(sender->ip));
	words[2] = (uint64_t)sender->port << 32 | group;
	return hash_words(words);
}

struct fragment_slot *weir_fragment_first(const struct fragment_slots *slots, uint32_t hash)
{
	return slot_at(slots, slots->by_key[hash & slots->bucket_mask]);
}

struct fragment_slot *weir_fragment_next(const struct fragment_slots *slots, const struct fragment_slot *slot)
{
	return slot_at(slots, slot->chain);
}

struct fragment_slot *weir_fragment_group_first(const struct fragment_slots *slots, uint32_t group_hash)
{
	return slot_at(slots, slots->by_group[group_hash & slots->bucket_mask]);
}

struct fragment_slot *weir_fragment_group_next(const struct fragment_slots *slots,
                                               const struct fragment_slot *slot)
{
	return slot_at(slots, slot->group_chain);
}

static void leave_key(struct fragment_slots *slots, const struct fragment_slot *slot)
{
	uint32_t *place = &slots->by_key[slot->hash & slots->bucket_mask];

	while (&slots->slots[*place] != slot)
		place = &slots->slots[*place].chain;
	*place = slot->chain;
}

static void leave_group(struct fragment_slots *slots, const struct fragment_slot *slot)
{
	uint32_t *place = &slots->by_group[slot->group_hash & slots->bucket_mask];

	while (&slots->slots[*place] != slot)
		place = &slots->slots[*place].group_chain;
	*place = slot->group_chain;
}

void weir_fragment_enter_key(struct fragment_slots *slots, struct fragment_slot *slot)
{
	uint32_t *place = &slots->by_key[slot->hash & slots->bucket_mask];

	slot->chain = *place;
	*place = index_of(slots, slot);
}

void weir_fragment_enter_group(struct fragment_slots *slots, struct fragment_slot *slot)
{
	slot->group_hash = weir_fragment_group_hash(&slot->key.sender, slot->group);
	slot->group_is_whole = true;
	uint32_t *place = &slots->by_group[slot->group_hash & slots->bucket_mask];

	slot->group_chain = *place;
	*place = index_of(slots, slot);
}

/* Taking and giving back */

struct fragment_slot *weir_fragment_take(struct fragment_slots *slots, const struct key *key, uint32_t hash)
{
	bool used_before = slots->newest[FREE] != NO_SLOT;
	struct fragment_slot *slot = &slots->slots[used_before ? slots->newest[FREE] : slots->fresh++];

	if (used_before)
		unlink_slot(slots, slot);
	append_slot(slots, slot, WAITING);
	slot->key = *key;
	slot->hash = hash;
	slot->group = 0;
	slot->group_is_whole = false;
	for (uint8_t i = 0; i < key->total; i++)
		slot->parts[i].length = 0;
	slot->count = 0;
	slot->used = 0;
	weir_fragment_enter_key(slots, slot);
	return slot;
}

void weir_fragment_put(struct fragment_slots *slots, uint32_t index, const struct fragment_slot *content)
{
	struct fragment_slot *slot = &slots->slots[index];

	*slot = *content;
	slot->hash = weir_fragment_hash(&slot->key);
	append_slot(slots, slot, (enum list)content->list);
	if (slots->fresh <= index)
		slots->fresh = index + 1;
}

void weir_fragment_free_rest(struct fragment_slots *slots, const bool *used)
{
	for (uint32_t i = 0; i < slots->fresh; i++)
		if (!used[i])
			append_slot(slots, &slots->slots[i], FREE);
}

void weir_fragment_release(struct fragment_slots *slots, struct fragment_slot *slot)
{
	leave_key(slots, slot);
	if (slot->group_is_whole)
		leave_group(slots, slot);
	weir_fragment_move(slots, slot, FREE);
}

int weir_fragment_slots_new(struct fragment_slots *slots, uint32_t count)
{
	struct fragment_slots made = {0};
	uint32_t buckets = 1;

	while (buckets < 2 * count)
		buckets *= 2;
	made.slots = calloc(count, sizeof(made.slots[0]));
	made.by_key = malloc(2 * buckets * sizeof(made.by_key[0]));
	if (made.slots == NULL || made.by_key == NULL) {
		weir_fragment_slots_clear(&made);
		return -ENOMEM;
	}
	memset(made.by_key, 0xff, 2 * buckets * sizeof(made.by_key[0])); /* NO_SLOT */
	made.by_group = made.by_key + buckets;
	made.count = count;
	made.bucket_mask = buckets - 1;
	for (int list = 0; list < LISTS; list++)
		made.oldest[list] = made.newest[list] = NO_SLOT;
	*slots = made;
	return 0;
}

void weir_fragment_slots_clear(struct fragment_slots *slots)
{
	free(slots->slots);
	free(slots->by_key);
	*slots = (struct fragment_slots){0};
}
