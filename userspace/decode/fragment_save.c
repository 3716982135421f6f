/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving and loading unfinished messages. Which of two slots is found first depends on the order in which
 * they went into a bucket: so that is saved beside the lists.
 */
#include <errno.h>
#include <stdlib.h>

#include "fragment_slots.h"
#include "saved/saved.h"

struct saved_fragment {
	struct fragment_slot slot;
	uint32_t index; /* its place, by which the sections of the buckets call it */
};

struct saved_index {
	uint32_t index;
};

#define PART(F, T, n)                                                                                        \
	F(T, slot.parts[n].received_ns, ANY, 0)                                                              \
	F(T, slot.parts[n].text, BELOW, FRAGMENT_TEXT_MAX + 1)                                               \
	F(T, slot.parts[n].length, BELOW, FRAGMENT_TEXT_MAX + 1)                                             \
	F(T, slot.parts[n].payload, BELOW, FRAGMENT_TEXT_MAX + 1)                                            \
	F(T, slot.parts[n].payload_length, BELOW, FRAGMENT_TEXT_MAX + 1)                                     \
	F(T, slot.parts[n].fill, BELOW, 6)
#define FRAGMENT(F, T)                                                                                       \
	F(T, slot.key, ANY, 0)                                                                               \
	F(T, slot.hash, REBUILT, 0)                                                                          \
	F(T, slot.group, ANY, 0)                                                                             \
	F(T, slot.group_hash, REBUILT, 0)                                                                    \
	F(T, slot.group_is_whole, REBUILT, 0)                                                                \
	F(T, slot.stamp.time_ns, ANY, 0)                                                                     \
	F(T, slot.stamp.time_source, BELOW, WEIR_TIME_SOURCES)                                               \
	F(T, slot.stamp.station_source, BELOW, WEIR_TIME_SOURCES)                                            \
	F(T, slot.stamp.station, TEXT, 0)                                                                    \
	F(T, slot.received_ns, ANY, 0)                                                                       \
	PART(F, T, 0)                                                                                        \
	PART(F, T, 1)                                                                                        \
	PART(F, T, 2)                                                                                        \
	PART(F, T, 3)                                                                                        \
	PART(F, T, 4)                                                                                        \
	PART(F, T, 5)                                                                                        \
	PART(F, T, 6)                                                                                        \
	PART(F, T, 7)                                                                                        \
	PART(F, T, 8)                                                                                        \
	F(T, slot.count, BELOW, PARTS_MAX + 1)                                                               \
	F(T, slot.last, BELOW, PARTS_MAX + 1)                                                                \
	F(T, slot.list, BELOW, LISTS)                                                                        \
	F(T, slot.used, BELOW, FRAGMENT_TEXT_MAX + 1)                                                        \
	F(T, slot.chain, REBUILT, 0)                                                                         \
	F(T, slot.group_chain, REBUILT, 0)                                                                   \
	F(T, slot.older, REBUILT, 0)                                                                         \
	F(T, slot.newer, REBUILT, 0)                                                                         \
	F(T, slot.text, ANY, 0)                                                                              \
	F(T, index, ANY, 0)
_Static_assert(PARTS_MAX == 9, "as many as there are in the list");
WEIR_SAVED_RECORD(weir_saved_fragments, "unfinished messages", struct saved_fragment, FRAGMENT, 79);

#define INDEX(F, T) F(T, index, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_by_key, "unfinished messages by number", struct saved_index, INDEX, 0);
WEIR_SAVED_RECORD(weir_saved_by_group, "unfinished messages by group", struct saved_index, INDEX, 0);

/* The list of waiting ones, or of marks, the oldest first. */
static void save_list(struct weir_saver *saver, const struct fragment_slots *slots, enum list list)
{
	for (const struct fragment_slot *slot = weir_fragment_oldest(slots, list); slot != NULL;
	     slot = weir_fragment_newer(slots, slot)) {
		const struct saved_fragment saved = {.slot = *slot, .index = (uint32_t)(slot - slots->slots)};

		weir_save(saver, &saved);
	}
}

/* Who went into a bucket last comes first. */
static void save_buckets(struct weir_saver *saver, const struct fragment_slots *slots)
{
	struct saved_index saved;

	weir_save_section(saver, &weir_saved_by_key);
	for (uint32_t bucket = 0; bucket <= slots->bucket_mask; bucket++)
		for (saved.index = slots->by_key[bucket]; saved.index != NO_SLOT;
		     saved.index = slots->slots[saved.index].chain)
			weir_save(saver, &saved);
	weir_save_section(saver, &weir_saved_by_group);
	for (uint32_t bucket = 0; bucket <= slots->bucket_mask; bucket++)
		for (saved.index = slots->by_group[bucket]; saved.index != NO_SLOT;
		     saved.index = slots->slots[saved.index].group_chain)
			weir_save(saver, &saved);
}

void weir_fragment_slots_save(const struct fragment_slots *slots, struct weir_saver *saver)
{
	weir_save_section(saver, &weir_saved_fragments);
	save_list(saver, slots, WAITING);
	save_list(saver, slots, COMPLETED);
	save_buckets(saver, slots);
}

/* Do its parts lie in its text, one beside the other, and is it in the right list? */
static bool is_sound(const struct fragment_slot *slot)
{
	uint32_t parts = 0, length = 0;

	if (slot->key.total < 2 || slot->key.total > PARTS_MAX || slot->list == FREE || slot->last == 0)
		return false;
	for (uint8_t i = 0; i < PARTS_MAX; i++) {
		const struct part *part = &slot->parts[i];

		if (i >= slot->key.total || part->length == 0)
			continue;
		if (part->text + part->length > slot->used ||
		    part->payload + part->payload_length > part->length)
			return false;
		parts++;
		length += part->length;
	}
	return parts == slot->count && length <= slot->used &&
	       (slot->list == COMPLETED) == (parts == slot->key.total);
}

struct loading {
	struct weir_loader *loader;
	struct fragment_slots *slots;
	bool *there; /* in each place: a slot was loaded */
	uint64_t count;
};

static int load_slots(struct loading *loading, uint64_t *pending)
{
	for (uint64_t i = 0; i < loading->count; i++) {
		struct saved_fragment saved;
		int error = weir_load(loading->loader, &saved);

		if (error != 0)
			return error;
		if (saved.index >= loading->slots->count)
			return weir_load_refuse(loading->loader, -ENOSPC,
			                        "there is no room for its unfinished messages");
		if (!is_sound(&saved.slot) || loading->there[saved.index])
			return weir_load_refuse(loading->loader, -EBADMSG,
			                        "an unfinished message is put together wrongly");
		loading->there[saved.index] = true;
		weir_fragment_put(loading->slots, saved.index, &saved.slot);
		if (saved.slot.list == WAITING)
			*pending += saved.slot.count;
	}
	weir_fragment_free_rest(loading->slots, loading->there);
	return 0;
}

/* The slot that the next record of a section of buckets names; it has not named it before. */
static int load_index(struct loading *loading, bool *seen, struct fragment_slot **out)
{
	struct saved_index saved;
	int error = weir_load(loading->loader, &saved);

	if (error != 0)
		return error;
	if (saved.index >= loading->slots->count || !loading->there[saved.index] || seen[saved.index])
		return weir_load_refuse(loading->loader, -EBADMSG, "an unfinished message is not there");
	seen[saved.index] = true;
	*out = &loading->slots->slots[saved.index];
	return 0;
}

/* Enters the slots that a section names into their buckets, the last one first. */
static int load_buckets(struct loading *loading, const struct weir_saved_record *record, bool all,
                        void (*enter)(struct fragment_slots *, struct fragment_slot *))
{
	uint64_t count = 0;
	int error = weir_load_section(loading->loader, record, &count);

	if (error == 0 && (count > loading->count || (all && count < loading->count)))
		error = weir_load_refuse(loading->loader, -EBADMSG, "the number of %s is wrong",
		                         record->name);
	if (error != 0)
		return error;
	struct fragment_slot **named = calloc(count + 1, sizeof(struct fragment_slot *));
	bool *seen = calloc(loading->slots->count, sizeof(*seen));

	if (named == NULL || seen == NULL)
		error = -ENOMEM;
	for (uint64_t i = 0; error == 0 && i < count; i++)
		error = load_index(loading, seen, &named[i]);
	for (uint64_t i = count; error == 0 && i-- > 0;)
		enter(loading->slots, named[i]);
	free(named);
	free(seen);
	return error;
}

int weir_fragment_slots_load(struct fragment_slots *slots, struct weir_loader *loader, uint64_t *pending)
{
	struct loading loading = {.loader = loader, .slots = slots};
	int error = weir_load_section(loader, &weir_saved_fragments, &loading.count);

	if (error != 0)
		return error;
	loading.there = calloc(slots->count, sizeof(*loading.there));
	if (loading.there == NULL)
		return -ENOMEM;
	error = load_slots(&loading, pending);
	if (error == 0)
		error = load_buckets(&loading, &weir_saved_by_key, true, weir_fragment_enter_key);
	if (error == 0)
		error = load_buckets(&loading, &weir_saved_by_group, false, weir_fragment_enter_group);
	free(loading.there);
	return error;
}
