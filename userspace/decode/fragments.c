/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of unfinished messages: a hash table of fixed size, its slots in two lists ordered by age, one
 * of the messages that wait and one of the marks that completed ones leave. It decides nothing about
 * faults; it says what was lost.
 */
#include "fragments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <weir/decode.h>

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
	uint32_t hash;
	uint32_t group;
	struct stamp stamp;
	int64_t received_ns; /* of the first part that came */
	struct part parts[PARTS_MAX];
	uint8_t count;  /* parts that are here */
	uint8_t last;   /* number of the part that came last */
	uint8_t list;   /* enum list */
	uint16_t used;  /* bytes of text */
	uint32_t chain; /* next slot in the bucket */
	uint32_t older, newer;
	uint8_t text[FRAGMENT_TEXT_MAX];
};

struct fragments {
	int64_t timeout_ns;
	lost_fragment_fn *lost;
	void *context;
	uint64_t *pending;
	uint32_t slot_count;
	uint32_t bucket_mask;
	uint32_t *buckets;
	uint32_t oldest[LISTS], newest[LISTS];
	struct fragment_slot slots[];
};

_Static_assert(sizeof(struct fragment_slot) * 1024 < 4 << 20, "the default table stays under 4 MB");

/* Lists */

static void unlink_slot(struct fragments *table, struct fragment_slot *slot)
{
	*(slot->older == NO_SLOT ? &table->oldest[slot->list] : &table->slots[slot->older].newer) =
	        slot->newer;
	*(slot->newer == NO_SLOT ? &table->newest[slot->list] : &table->slots[slot->newer].older) =
	        slot->older;
}

static void append_slot(struct fragments *table, struct fragment_slot *slot, enum list list)
{
	uint32_t index = (uint32_t)(slot - table->slots);

	slot->list = (uint8_t)list;
	slot->newer = NO_SLOT;
	slot->older = table->newest[list];
	*(slot->older == NO_SLOT ? &table->oldest[list] : &table->slots[slot->older].newer) = index;
	table->newest[list] = index;
}

/* Buckets */

_Static_assert(sizeof(struct key) == 24, "three words, no padding");

static uint32_t key_hash(const struct key *key)
{
	uint64_t words[3];
	uint64_t hash = 0;

	memcpy(words, key, sizeof(words));
	for (int i = 0; i < 3; i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15u; /* 2^64 divided by the golden ratio */
		hash ^= hash >> 32;
	}
	return (uint32_t)hash;
}

static void make_key(struct key *key, const struct fragment *fragment)
{
	key->sender = *fragment->sender;
	memcpy(key->talker, fragment->talker, sizeof(key->talker));
	key->sequence = fragment->sequence;
	key->channel = fragment->channel;
	key->own_ship = fragment->own_ship;
	key->total = fragment->total;
}

static void leave_bucket(struct fragments *table, struct fragment_slot *slot)
{
	uint32_t *place = &table->buckets[slot->hash & table->bucket_mask];

	while (&table->slots[*place] != slot)
		place = &table->slots[*place].chain;
	*place = slot->chain;
}

static void enter_bucket(struct fragments *table, struct fragment_slot *slot)
{
	uint32_t *place = &table->buckets[slot->hash & table->bucket_mask];

	slot->chain = *place;
	*place = (uint32_t)(slot - table->slots);
}

/* Giving up */

static void release(struct fragments *table, struct fragment_slot *slot)
{
	leave_bucket(table, slot);
	unlink_slot(table, slot);
	append_slot(table, slot, FREE);
}

/* Says that the parts are lost, but for the one numbered except (0: none). */
static void lose_parts(struct fragments *table, const struct fragment_slot *slot, uint8_t except)
{
	for (uint8_t i = 0; i < slot->key.total; i++) {
		const struct part *part = &slot->parts[i];

		if (part->length == 0 || i + 1 == except)
			continue;
		table->lost(table->context, &(struct lost_fragment){
		                                    .text = slot->text + part->text,
		                                    .length = part->length,
		                                    .received_ns = part->received_ns,
		                                    .sender = &slot->key.sender,
		                            });
	}
}

static void give_up(struct fragments *table, struct fragment_slot *slot)
{
	if (slot->list == WAITING) {
		*table->pending -= slot->count;
		lose_parts(table, slot, 0);
	}
	release(table, slot);
}

/* Adding */

/* Saturates, so that no clock, however wrong, overflows. */
static int64_t distance(int64_t a, int64_t b)
{
	int64_t difference;

	if (__builtin_sub_overflow(a > b ? a : b, a > b ? b : a, &difference))
		return INT64_MAX;
	return difference;
}

static bool timed_out(const struct fragments *table, const struct fragment_slot *slot, int64_t now_ns)
{
	return now_ns > slot->received_ns && distance(now_ns, slot->received_ns) >= table->timeout_ns;
}

static bool is_contemporary(const struct fragments *table, const struct fragment_slot *slot,
                            const struct fragment *fragment)
{
	if (slot->stamp.time_source != WEIR_TIME_RECEIVED &&
	    fragment->stamp.time_source != WEIR_TIME_RECEIVED &&
	    distance(slot->stamp.time_ns, fragment->stamp.time_ns) > table->timeout_ns)
		return false;
	return distance(slot->received_ns, fragment->received_ns) <= table->timeout_ns;
}

static bool is_stored(const struct fragment_slot *slot, const struct fragment *fragment)
{
	const struct part *part = &slot->parts[fragment->number - 1];

	return part->length > 0 && part->payload_length == fragment->payload_length &&
	       part->fill == fragment->fill &&
	       memcmp(slot->text + part->text + part->payload, fragment->text + fragment->payload,
	              part->payload_length) == 0;
}

/*
 * The slot that the part belongs to: one of the same group, else one where either has no group. A slot
 * that the part contradicts counts as well: the caller finds out.
 */
static struct fragment_slot *find(struct fragments *table, const struct key *key, uint32_t hash,
                                  uint32_t group)
{
	struct fragment_slot *fit = NULL;

	for (uint32_t i = table->buckets[hash & table->bucket_mask]; i != NO_SLOT;
	     i = table->slots[i].chain) {
		struct fragment_slot *slot = &table->slots[i];

		if (slot->hash != hash || memcmp(&slot->key, key, sizeof(*key)) != 0)
			continue;
		if (slot->group == group)
			return slot;
		if (fit == NULL && (slot->group == 0 || group == 0))
			fit = slot;
	}
	return fit;
}

static struct fragment_slot *take_slot(struct fragments *table, const struct key *key, uint32_t hash,
                                       const struct fragment *fragment)
{
	if (table->oldest[FREE] == NO_SLOT) {
		enum list list = table->oldest[COMPLETED] != NO_SLOT ? COMPLETED : WAITING;

		give_up(table, &table->slots[table->oldest[list]]);
	}
	struct fragment_slot *slot = &table->slots[table->oldest[FREE]];

	unlink_slot(table, slot);
	slot->key = *key;
	slot->hash = hash;
	slot->group = fragment->group;
	slot->stamp = fragment->stamp;
	slot->received_ns = fragment->received_ns;
	for (uint8_t i = 0; i < key->total; i++)
		slot->parts[i].length = 0;
	slot->count = 0;
	slot->used = 0;
	enter_bucket(table, slot);
	append_slot(table, slot, WAITING);
	return slot;
}

static void store(struct fragments *table, struct fragment_slot *slot, const struct fragment *fragment)
{
	slot->parts[fragment->number - 1] = (struct part){
	        .received_ns = fragment->received_ns,
	        .text = slot->used,
	        .length = fragment->text_length,
	        .payload = fragment->payload,
	        .payload_length = fragment->payload_length,
	        .fill = fragment->fill,
	};
	memcpy(slot->text + slot->used, fragment->text, fragment->text_length);
	slot->used = (uint16_t)(slot->used + fragment->text_length);
	slot->last = fragment->number;
	slot->count++;
	stamp_complete(&slot->stamp, &fragment->stamp);
	if (slot->group == 0)
		slot->group = fragment->group;
	(*table->pending)++;
}

enum fragment_outcome weir_fragments_add(struct fragments *table, const struct fragment *fragment,
                                         struct fragment_slot **completed)
{
	struct key key;

	for (uint32_t i; (i = table->oldest[WAITING]) != NO_SLOT;) {
		if (!timed_out(table, &table->slots[i], fragment->received_ns))
			break;
		give_up(table, &table->slots[i]);
	}
	make_key(&key, fragment);
	uint32_t hash = key_hash(&key);
	struct fragment_slot *slot = find(table, &key, hash, fragment->group);

	if (slot != NULL) {
		bool same = is_contemporary(table, slot, fragment);
		bool stored = same && is_stored(slot, fragment);

		if (stored && (slot->list == WAITING || slot->last == fragment->number))
			return FRAGMENT_REPEATED;
		if (!same || slot->list == COMPLETED || slot->parts[fragment->number - 1].length > 0) {
			give_up(table, slot);
			slot = NULL;
		}
	}
	if (slot == NULL)
		slot = take_slot(table, &key, hash, fragment);
	if (slot->used + fragment->text_length > FRAGMENT_TEXT_MAX) {
		give_up(table, slot);
		return FRAGMENT_NO_ROOM;
	}
	store(table, slot, fragment);
	if (slot->count < fragment->total)
		return FRAGMENT_STORED;
	*completed = slot;
	return FRAGMENT_COMPLETED;
}

uint32_t weir_fragments_payload(const struct fragment_slot *slot, uint8_t *out, uint8_t *fill)
{
	uint32_t length = 0;

	for (uint8_t i = 0; i < slot->key.total; i++) {
		const struct part *part = &slot->parts[i];

		memcpy(out + length, slot->text + part->text + part->payload, part->payload_length);
		length += part->payload_length;
		*fill = part->fill;
	}
	return length;
}

const struct stamp *weir_fragments_stamp(const struct fragment_slot *slot)
{
	return &slot->stamp;
}

void weir_fragments_done(struct fragments *table, struct fragment_slot *slot, bool bad)
{
	*table->pending -= slot->count;
	if (bad) {
		lose_parts(table, slot, slot->last);
		slot->list = WAITING;
		release(table, slot);
		return;
	}
	unlink_slot(table, slot);
	append_slot(table, slot, COMPLETED);
}

/* Time */

static void give_up_list(struct fragments *table, enum list list, bool all, int64_t now_ns)
{
	for (uint32_t i = table->oldest[list], next; i != NO_SLOT; i = next) {
		next = table->slots[i].newer;
		if (all || timed_out(table, &table->slots[i], now_ns))
			give_up(table, &table->slots[i]);
	}
}

void weir_fragments_advance(struct fragments *table, int64_t time_ns)
{
	give_up_list(table, WAITING, false, time_ns);
	give_up_list(table, COMPLETED, false, time_ns);
}

void weir_fragments_flush(struct fragments *table)
{
	give_up_list(table, WAITING, true, 0);
	give_up_list(table, COMPLETED, true, 0);
}

int weir_fragments_new(struct fragments **out, uint32_t slots, int64_t timeout_ns, uint64_t *pending,
                       lost_fragment_fn *lost, void *context)
{
	if (slots == 0 || slots > 1u << 20 || timeout_ns <= 0)
		return -EINVAL;
	uint32_t buckets = 1;

	while (buckets < 2 * slots)
		buckets *= 2;
	struct fragments *table = calloc(1, sizeof(*table) + slots * sizeof(table->slots[0]));

	if (table == NULL)
		return -ENOMEM;
	table->buckets = malloc(buckets * sizeof(table->buckets[0]));
	if (table->buckets == NULL) {
		free(table);
		return -ENOMEM;
	}
	memset(table->buckets, 0xff, buckets * sizeof(table->buckets[0]));
	table->bucket_mask = buckets - 1;
	table->slot_count = slots;
	table->timeout_ns = timeout_ns;
	table->pending = pending;
	table->lost = lost;
	table->context = context;
	for (int list = 0; list < LISTS; list++)
		table->oldest[list] = table->newest[list] = NO_SLOT;
	for (uint32_t i = 0; i < slots; i++)
		append_slot(table, &table->slots[i], FREE);
	*out = table;
	return 0;
}

void weir_fragments_free(struct fragments *table)
{
	if (table == NULL)
		return;
	free(table->buckets);
	free(table);
}
