/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The slots of the table of unfinished messages: where they are kept, found and ordered. A hash table of
 * fixed size whose slots are in lists by age, one of the messages that wait and one of the marks that
 * completed ones leave. It decides nothing about what belongs together.
 */
#ifndef WEIR_DECODE_FRAGMENT_SLOTS_H
#define WEIR_DECODE_FRAGMENT_SLOTS_H

#include "fragments.h"

struct weir_saver;
struct weir_loader;

#define NO_SLOT UINT32_MAX

struct key {
	struct weir_address sender;
	char talker[2];
	char sequence;
	char channel;
	uint8_t own_ship;
	uint8_t total;
};

struct part {
	int64_t received_ns;
	uint16_t text, length; /* the sentence in the slot's text; length 0: not here yet */
	uint16_t payload, payload_length;
	uint8_t fill;
};

enum list { FREE, WAITING, COMPLETED, LISTS };

struct fragment_slot {
	struct key key;
	uint32_t hash;       /* of the key */
	uint32_t group;      /* of the TAG blocks; 0: none */
	uint32_t group_hash; /* of sender and group */
	bool group_is_whole; /* the group is this message and nothing else: found by group too */
	struct stamp stamp;
	int64_t received_ns; /* of the first part that came */
	struct part parts[PARTS_MAX];
	uint8_t count;        /* parts that are here */
	uint8_t last;         /* number of the part that came last */
	uint8_t list;         /* enum list */
	uint16_t used;        /* bytes of text */
	uint32_t chain;       /* next slot in the bucket of the key */
	uint32_t group_chain; /* next slot in the bucket of the group */
	uint32_t older, newer;
	uint8_t text[FRAGMENT_TEXT_MAX];
};

struct fragment_slots {
	struct fragment_slot *slots;
	uint32_t count;
	uint32_t fresh; /* the first slot that was never taken: memory that nobody needed is never touched */
	uint32_t listed[LISTS];
	uint32_t bucket_mask;
	uint32_t *by_key, *by_group; /* the first slot in each bucket, or NO_SLOT */
	uint32_t oldest[LISTS], newest[LISTS];
};

int weir_fragment_slots_new(struct fragment_slots *slots, uint32_t count);
void weir_fragment_slots_clear(struct fragment_slots *slots);

/* As weir_fragments_save() and weir_fragments_load(); adds to *pending how many parts wait. */
void weir_fragment_slots_save(const struct fragment_slots *slots, struct weir_saver *saver);
int weir_fragment_slots_load(struct fragment_slots *slots, struct weir_loader *loader, uint64_t *pending);

uint32_t weir_fragment_hash(const struct key *key);
uint32_t weir_fragment_group_hash(const struct weir_address *sender, uint32_t group);

/* No slot can be taken. */
bool weir_fragment_is_full(const struct fragment_slots *slots);

/* The oldest slot of a list, NULL where it is empty; the one after it. */
struct fragment_slot *weir_fragment_oldest(const struct fragment_slots *slots, enum list list);
struct fragment_slot *weir_fragment_newer(const struct fragment_slots *slots,
                                          const struct fragment_slot *slot);

/* The first slot in the bucket of a hash, and the next ones, NULL after the last. */
struct fragment_slot *weir_fragment_first(const struct fragment_slots *slots, uint32_t hash);
struct fragment_slot *weir_fragment_next(const struct fragment_slots *slots,
                                         const struct fragment_slot *slot);
struct fragment_slot *weir_fragment_group_first(const struct fragment_slots *slots, uint32_t group_hash);
struct fragment_slot *weir_fragment_group_next(const struct fragment_slots *slots,
                                               const struct fragment_slot *slot);

/* Takes a free slot, of which there is one, for the key; it waits, and is the newest that does. It is the one
 * that was freed last, and likely to be in the cache. */
struct fragment_slot *weir_fragment_take(struct fragment_slots *slots, const struct key *key, uint32_t hash);

/*
 * For a table that is new: a slot gets this content and is the newest of its list, and in no bucket yet;
 * then, once for all, what lies between those that are used is free.
 */
void weir_fragment_put(struct fragment_slots *slots, uint32_t index, const struct fragment_slot *content);
void weir_fragment_free_rest(struct fragment_slots *slots, const bool *used);

/* It is found by its key from now on. */
void weir_fragment_enter_key(struct fragment_slots *slots, struct fragment_slot *slot);

/* The slot's group is known now, and it is the message and nothing else. */
void weir_fragment_enter_group(struct fragment_slots *slots, struct fragment_slot *slot);

void weir_fragment_move(struct fragment_slots *slots, struct fragment_slot *slot, enum list list);

/* Out of the buckets, and free. */
void weir_fragment_release(struct fragment_slots *slots, struct fragment_slot *slot);

#endif
