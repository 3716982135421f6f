/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving what detection knows: see save_records.h. It goes through every table once, and allocates nothing.
 */
#include "detect/save.h"

#include <weir/device.h>

#include "detect/save_records.h"

static void save_base(struct weir_saver *saver, const struct weir_detect *detect)
{
	struct weir_saved_base base = {.fresh = detect->fresh, .has_begun = weir_detect_has_begun(detect)};

	if (base.has_begun)
		base.now_ns = detect->now_ns;
	weir_save_section(saver, &weir_saved_bases);
	weir_save(saver, &base);
}

static void save_fences(struct weir_saver *saver, const struct weir_detect *detect)
{
	size_t count = detect->fences == NULL ? 0 : weir_fences_count(detect->fences);

	weir_save_section(saver, &weir_saved_fences);
	for (size_t i = 0; i < count; i++) {
		struct weir_saved_fence fence = {""};
		const char *id = weir_fences_get(detect->fences, i)->id;

		memcpy(fence.id, id, strnlen(id, sizeof(fence.id) - 1));
		weir_save(saver, &fence);
	}
}

/* The devices, one after the other, by slot. NULL after the last. */
static const struct weir_device *next_device(const struct weir_detect *detect, uint32_t *slot)
{
	while (*slot < detect->fresh) {
		const struct weir_device *device = &detect->devices[(*slot)++];

		if (device->key != 0)
			return device;
	}
	return NULL;
}

static void save_devices(struct weir_saver *saver, const struct weir_detect *detect)
{
	const struct weir_device *device;
	uint32_t slot = 0;

	weir_save_section(saver, &weir_saved_devices);
	while ((device = next_device(detect, &slot)) != NULL) {
		struct weir_saved_device saved = {.device = *device, .slot = slot - 1};

		if (device->key & WEIR_DEVICE_GPS) /* its name is saved, not the place of it */
			saved.device.static_slot = 0;
		for (uint32_t i = device->presences; i != WEIR_NO_ITEM; i = weir_presence_at(detect, i)->next)
			saved.presences++;
		for (uint32_t i = device->watches; i != WEIR_NO_ITEM; i = weir_watch_at(detect, i)->next)
			saved.watches++;
		weir_save(saver, &saved);
	}
}

static void save_names(struct weir_saver *saver, const struct weir_detect *detect)
{
	const struct weir_device *device;
	uint32_t slot = 0;

	weir_save_section(saver, &weir_saved_ids);
	while ((device = next_device(detect, &slot)) != NULL)
		if (device->key & WEIR_DEVICE_GPS)
			weir_save(saver, detect->statics.slots[device->static_slot].name);
	weir_save_section(saver, &weir_saved_stations);
	slot = 0;
	while ((device = next_device(detect, &slot)) != NULL)
		for (uint8_t i = 0; i < device->heard_by; i++)
			weir_save(saver, weir_stations_name(&detect->stations, device->stations[i]));
}

static void save_lists(struct weir_saver *saver, const struct weir_detect *detect)
{
	const struct weir_device *device;
	uint32_t slot = 0;

	weir_save_section(saver, &weir_saved_presences);
	while ((device = next_device(detect, &slot)) != NULL)
		for (uint32_t i = device->presences; i != WEIR_NO_ITEM; i = weir_presence_at(detect, i)->next)
			weir_save(saver, weir_presence_at(detect, i));
	weir_save_section(saver, &weir_saved_watches);
	slot = 0;
	while ((device = next_device(detect, &slot)) != NULL)
		for (uint32_t i = device->watches; i != WEIR_NO_ITEM; i = weir_watch_at(detect, i)->next)
			weir_save(saver, weir_watch_at(detect, i));
}

static void save_timers(struct weir_saver *saver, const struct weir_timers *timers)
{
	weir_save_section(saver, &weir_saved_timers);
	for (uint32_t i = 0; i < timers->count; i++) {
		const struct weir_saved_timer timer = {.due_ns = timers->due_ns[i], .slot = timers->slots[i]};

		weir_save(saver, &timer);
	}
}

/* The order in which slots are given out, and devices give way. */
static void save_order(struct weir_saver *saver, const struct weir_detect *detect)
{
	struct weir_saved_slot saved;

	weir_save_section(saver, &weir_saved_free_slots);
	for (saved.slot = detect->free_device; saved.slot != WEIR_NO_SLOT;
	     saved.slot = detect->devices[saved.slot].presences)
		weir_save(saver, &saved);
	weir_save_section(saver, &weir_saved_silent);
	for (saved.slot = detect->silent.oldest; saved.slot != WEIR_NO_SLOT;
	     saved.slot = detect->devices[saved.slot].newer)
		weir_save(saver, &saved);
}

/* Who was put into a bucket last is its first. */
static void save_near(struct weir_saver *saver, const struct weir_near *near)
{
	weir_save_section(saver, &weir_saved_near);
	for (uint32_t bucket = 0; bucket <= near->mask; bucket++) {
		uint32_t slot = near->buckets[bucket];

		while (slot != WEIR_NO_SLOT && near->places[slot].next != WEIR_NO_SLOT)
			slot = near->places[slot].next;
		for (; slot != WEIR_NO_SLOT; slot = near->places[slot].previous) {
			const struct weir_saved_near saved = {slot, near->places[slot].cell};

			weir_save(saver, &saved);
		}
	}
}

static void save_statics(struct weir_saver *saver, const struct weir_statics *statics)
{
	weir_save_section(saver, &weir_saved_statics);
	for (uint32_t slot = statics->oldest; slot != WEIR_NO_SLOT; slot = statics->slots[slot].newer)
		weir_save(saver, &statics->slots[slot]);
}

static void save_said(struct weir_saver *saver, const struct weir_duplicates *duplicates)
{
	weir_save_section(saver, &weir_saved_said);
	if (duplicates->window_ns == 0)
		return;
	for (size_t set = 0; set < WEIR_DUPLICATES_SETS; set++)
		for (size_t way = WEIR_DUPLICATES_WAYS; way-- > 0;)
			if (duplicates->sets[set][way].time_ns != INT64_MIN)
				weir_save(saver, &duplicates->sets[set][way]);
}

void weir_detect_save(const struct weir_detect *detect, struct weir_saver *saver)
{
	save_base(saver, detect);
	save_fences(saver, detect);
	save_devices(saver, detect);
	save_names(saver, detect);
	save_lists(saver, detect);
	save_timers(saver, &detect->timers);
	save_order(saver, detect);
	save_near(saver, &detect->near);
	save_statics(saver, &detect->statics);
	save_said(saver, &detect->duplicates);
	weir_windows_save(detect, saver);
}
