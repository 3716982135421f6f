/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of unfinished messages: what belongs together, what is complete, what is lost. It decides nothing
 * about faults. Where slots are kept is the business of fragment_slots.c.
 */
#include "fragments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <weir/decode.h>

#include "decoder_save.h"
#include "fragment_slots.h"

/* Marks of completed messages: a repetition follows closely, and what is in use should fit a processor's
 * cache. */
#define MARKS_MAX 128

struct fragments {
	int64_t timeout_ns;
	lost_fragment_fn *lost;
	void *context;
	uint64_t *pending;
	struct fragment_slots slots;
};

/* Giving up */

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
	weir_fragment_release(&table->slots, slot);
}

/* Time */

/* Saturates, so that no clock, however wrong, overflows. */
static int64_t distance(int64_t a, int64_t b)
{
	int64_t difference;

	if (__builtin_sub_overflow(a > b ? a : b, a > b ? b : a, &difference))
		return INT64_MAX;
	return difference;
}

/*
 * Also when the clock was set back by more than parts wait: else what was begun before could be completed
 * when the clock comes there again.
 */
static bool timed_out(const struct fragments *table, const struct fragment_slot *slot, int64_t now_ns)
{
	int64_t age = distance(now_ns, slot->received_ns);

	return now_ns > slot->received_ns ? age >= table->timeout_ns : age > table->timeout_ns;
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

/* Finding */

static void make_key(struct key *key, const struct fragment *fragment)
{
	key->sender = *fragment->sender;
	memcpy(key->talker, fragment->talker, sizeof(key->talker));
	key->sequence = fragment->sequence;
	key->channel = fragment->channel;
	key->own_ship = fragment->own_ship;
	key->total = fragment->total;
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
 * The slot that the part belongs to by its key: one of the same group, else one where either has no group. A
 * slot that the part contradicts counts as well: the caller finds out.
 */
static struct fragment_slot *find_by_key(struct fragments *table, const struct key *key, uint32_t hash,
                                         uint32_t group)
{
	struct fragment_slot *fit = NULL;

	for (struct fragment_slot *slot = weir_fragment_first(&table->slots, hash); slot != NULL;
	     slot = weir_fragment_next(&table->slots, slot)) {
		if (slot->hash != hash || memcmp(&slot->key, key, sizeof(*key)) != 0)
			continue;
		if (slot->group == group)
			return slot;
		if (fit == NULL && (slot->group == 0 || group == 0))
			fit = slot;
	}
	return fit;
}

/* The slot of a group that is one message, which lacks the part: its sentences may differ in all the rest. */
static struct fragment_slot *find_by_group(struct fragments *table, const struct fragment *fragment)
{
	uint32_t hash = weir_fragment_group_hash(fragment->sender, fragment->group);

	for (struct fragment_slot *slot = weir_fragment_group_first(&table->slots, hash); slot != NULL;
	     slot = weir_fragment_group_next(&table->slots, slot))
		if (slot->group == fragment->group && slot->key.total == fragment->total &&
		    memcmp(&slot->key.sender, fragment->sender, sizeof(*fragment->sender)) == 0 &&
		    ((slot->list == WAITING && slot->parts[fragment->number - 1].length == 0) ||
		     is_stored(slot, fragment)) &&
		    is_contemporary(table, slot, fragment))
			return slot;
	return NULL;
}

/* Adding */

static struct fragment_slot *take_slot(struct fragments *table, const struct key *key, uint32_t hash,
                                       const struct fragment *fragment)
{
	struct fragment_slots *slots = &table->slots;

	if (weir_fragment_is_full(slots)) {
		struct fragment_slot *mark = weir_fragment_oldest(slots, COMPLETED);

		give_up(table, mark != NULL ? mark : weir_fragment_oldest(slots, WAITING));
	}
	struct fragment_slot *slot = weir_fragment_take(slots, key, hash);

	slot->stamp = fragment->stamp;
	slot->received_ns = fragment->received_ns;
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
	if (fragment->group_is_whole && !slot->group_is_whole && slot->group == fragment->group)
		weir_fragment_enter_group(&table->slots, slot);
	(*table->pending)++;
}

enum fragment_outcome weir_fragments_add(struct fragments *table, const struct fragment *fragment,
                                         struct fragment_slot **completed)
{
	struct fragment_slot *slot;
	struct key key;

	while ((slot = weir_fragment_oldest(&table->slots, WAITING)) != NULL &&
	       timed_out(table, slot, fragment->received_ns))
		give_up(table, slot);
	make_key(&key, fragment);
	uint32_t hash = weir_fragment_hash(&key);

	slot = find_by_key(table, &key, hash, fragment->group);
	if (slot == NULL && fragment->group_is_whole)
		slot = find_by_group(table, fragment);
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
		weir_fragment_release(&table->slots, slot);
		return;
	}
	weir_fragment_move(&table->slots, slot, COMPLETED);
	if (table->slots.listed[COMPLETED] > MARKS_MAX)
		give_up(table, weir_fragment_oldest(&table->slots, COMPLETED));
}

/* The end */

static void give_up_list(struct fragments *table, enum list list, bool all, int64_t now_ns)
{
	struct fragment_slot *next;

	for (struct fragment_slot *slot = weir_fragment_oldest(&table->slots, list); slot != NULL;
	     slot = next) {
		next = weir_fragment_newer(&table->slots, slot);
		if (all || timed_out(table, slot, now_ns))
			give_up(table, slot);
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
	struct fragments *table = calloc(1, sizeof(*table));

	if (table == NULL)
		return -ENOMEM;
	int error = weir_fragment_slots_new(&table->slots, slots);

	if (error != 0) {
		free(table);
		return error;
	}
	table->timeout_ns = timeout_ns;
	table->lost = lost;
	table->context = context;
	table->pending = pending;
	*out = table;
	return 0;
}

void weir_fragments_save(const struct fragments *table, struct weir_saver *saver)
{
	weir_fragment_slots_save(&table->slots, saver);
}

int weir_fragments_load(struct fragments *table, struct weir_loader *loader)
{
	return weir_fragment_slots_load(&table->slots, loader, table->pending);
}

void weir_fragments_free(struct fragments *table)
{
	if (table == NULL)
		return;
	weir_fragment_slots_clear(&table->slots);
	free(table);
}
