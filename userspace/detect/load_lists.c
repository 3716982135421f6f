/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading the presences and the watches of devices: each in the order that the files of the rules rely on,
 * and each watch of a pair with the other one.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/load.h"

static int no_room(struct weir_loading *loading, const char *what)
{
	return weir_load_refuse(loading->loader, -ENOSPC,
	                        "it holds more %s than there is room for with so few devices", what);
}

static int load_presences_of(struct weir_loading *loading, const struct weir_expected *expected)
{
	struct weir_detect *detect = loading->detect;
	uint32_t *link = &detect->devices[expected->slot].presences;
	uint64_t first = 0;

	for (uint32_t i = 0; i < expected->presences; i++) {
		struct weir_presence saved, *presence;
		int error = weir_load(loading->loader, &saved);

		if (error != 0)
			return error;
		if (saved.fence < first || saved.fence >= detect->former->count)
			return weir_load_refuse(loading->loader, -EBADMSG, "a presence is in no fence");
		presence = weir_pool_add(&detect->presences, link);
		if (presence == NULL)
			return no_room(loading, "presences");
		saved.next = presence->next;
		*presence = saved;
		link = &presence->next;
		first = (uint64_t)saved.fence + 1;
	}
	return 0;
}

int weir_load_presences(struct weir_loading *loading)
{
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_presences, &count);

	for (uint64_t i = 0; error == 0 && i < loading->devices; i++)
		error = load_presences_of(loading, &loading->expected[i]);
	return error;
}

/* Where a watch stands in a list. Several are there of a pair's rule only. */
static uint64_t rank_of(const struct weir_watch *watch)
{
	return ((uint64_t)watch->fence << 8 | watch->rule) + 1;
}

static bool is_in_place(const struct weir_former *former, const struct weir_watch *watch, uint64_t last)
{
	uint64_t rank = rank_of(watch);

	if (watch->fence != WEIR_NO_FENCE && watch->fence >= former->count)
		return false;
	return rank > last || (rank == last && watch->rule == WEIR_RULE_PROXIMITY);
}

static int load_watches_of(struct weir_loading *loading, const struct weir_expected *expected)
{
	struct weir_detect *detect = loading->detect;
	uint32_t *link = &detect->devices[expected->slot].watches;
	uint64_t last = 0;

	for (uint32_t i = 0; i < expected->watches; i++) {
		struct weir_watch saved, *watch;
		int error = weir_load(loading->loader, &saved);

		if (error != 0)
			return error;
		if (!is_in_place(detect->former, &saved, last))
			return weir_load_refuse(loading->loader, -EBADMSG, "a watch is of no fence");
		watch = weir_pool_add(&detect->watches, link);
		if (watch == NULL)
			return no_room(loading, "watches");
		saved.next = watch->next;
		*watch = saved;
		link = &watch->next;
		last = rank_of(&saved);
	}
	return 0;
}

/* Each other device is met once in a fence, and knows of it. seen: of each slot, the rank of its watch here.
 */
static bool are_pairs(const struct weir_detect *detect, uint32_t slot, uint64_t *seen)
{
	for (uint32_t i = detect->devices[slot].watches; i != WEIR_NO_ITEM;
	     i = weir_watch_at(detect, i)->next) {
		const struct weir_watch *watch = weir_watch_at(detect, i);

		if (watch->rule != WEIR_RULE_PROXIMITY)
			continue;
		if (watch->other == slot || !weir_load_is_device(detect, watch->other) ||
		    seen[watch->other] == rank_of(watch) ||
		    weir_pair_find(detect, &detect->devices[watch->other], watch->fence, slot) == NULL)
			return false;
		seen[watch->other] = rank_of(watch);
	}
	for (uint32_t i = detect->devices[slot].watches; i != WEIR_NO_ITEM;
	     i = weir_watch_at(detect, i)->next)
		if (weir_watch_at(detect, i)->rule == WEIR_RULE_PROXIMITY)
			seen[weir_watch_at(detect, i)->other] = 0;
	return true;
}

static int check_pairs(struct weir_loading *loading)
{
	uint64_t *seen = calloc((size_t)loading->detect->fresh + 1, sizeof(*seen));
	int error = 0;

	if (seen == NULL)
		return -ENOMEM;
	for (uint64_t i = 0; error == 0 && i < loading->devices; i++)
		if (!are_pairs(loading->detect, loading->expected[i].slot, seen))
			error = weir_load_refuse(loading->loader, -EBADMSG, "a pair of devices is none");
	free(seen);
	return error;
}

int weir_load_watches(struct weir_loading *loading)
{
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_watches, &count);

	for (uint64_t i = 0; error == 0 && i < loading->devices; i++)
		error = load_watches_of(loading, &loading->expected[i]);
	return error != 0 ? error : check_pairs(loading);
}
