/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Asking memory for what a report will need, before it is judged. With so many devices nearly nothing of one
 * is in the processor's cache when it is heard; what leads to what must be waited for, but for several
 * reports at a time. Nothing comes of it but that the report is judged sooner: whatever is wrong here decides
 * nothing.
 */
#include "detect/state.h"

static void fetch_tables(const struct weir_detect *detect, const struct weir_coming *coming)
{
	weir_keymap_fetch(&detect->map, coming->device);
	if (coming->has_position && detect->fences != NULL)
		weir_fences_fetch_cell(detect->fences, coming->longitude_deg, coming->latitude_deg);
	if (detect->duplicates.window_ns != 0)
		weir_duplicates_fetch(&detect->duplicates, weir_saying_hash(&coming->said));
}

static void fetch_device(const struct weir_detect *detect, const struct weir_coming *coming)
{
	uint32_t slot = weir_keymap_guess(&detect->map, coming->device);

	if (slot != WEIR_NO_SLOT) {
		const char *device = (const char *)&detect->devices[slot];

		__builtin_prefetch(device);
		__builtin_prefetch(device + sizeof(struct weir_device) - 1);
		__builtin_prefetch(&detect->timers.places[slot]);
	}
	if (coming->has_position && detect->fences != NULL)
		weir_fences_fetch_block(detect->fences, coming->longitude_deg, coming->latitude_deg);
}

static void fetch_lists(const struct weir_detect *detect, const struct weir_coming *coming)
{
	uint32_t slot = weir_keymap_guess(&detect->map, coming->device);

	if (slot == WEIR_NO_SLOT)
		return;
	const struct weir_device *device = &detect->devices[slot];
	if (device->presences != WEIR_NO_ITEM && device->presences < detect->presences.capacity)
		__builtin_prefetch(weir_presence_at(detect, device->presences));
	if (device->watches != WEIR_NO_ITEM && device->watches < detect->watches.capacity)
		__builtin_prefetch(weir_watch_at(detect, device->watches));
}

static void fetch_plan(const struct weir_detect *detect, const struct weir_coming *coming)
{
	uint32_t slot = weir_keymap_guess(&detect->map, coming->device);
	uint32_t presence = slot == WEIR_NO_SLOT ? WEIR_NO_ITEM : detect->devices[slot].presences;

	if (presence < detect->presences.capacity)
		__builtin_prefetch(&detect->plans[weir_presence_at(detect, presence)->fence]);
}

void weir_detect_fetch(const struct weir_detect *detect, const struct weir_coming *coming, int step)
{
	if (coming->device == 0)
		return;
	switch (step) {
	case 0:
		fetch_tables(detect, coming);
		break;
	case 1:
		fetch_device(detect, coming);
		break;
	case 2:
		fetch_lists(detect, coming);
		break;
	default:
		fetch_plan(detect, coming);
		break;
	}
}

#define LINE 64 /* of the cache */

void weir_detect_fetch_rules(const struct weir_detect *detect, const struct weir_passage *passage)
{
	for (size_t i = 0; i < passage->located_count; i++) {
		const struct weir_fence *fence = detect->plans[passage->located[i]].fence;
		size_t size = (size_t)__builtin_popcount(detect->plans[passage->located[i]].kinds) *
		              sizeof(fence->rules[0]);

		__builtin_prefetch(&fence->rule_count);
		for (size_t at = 0; at < size; at += LINE)
			__builtin_prefetch((const char *)fence->rules + at);
	}
}
