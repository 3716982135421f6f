/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of a followed device: when it begins, when it ends, and what is due in between. What a report
 * does to it is decided elsewhere.
 */
#include "detect/state.h"

static void tell_follow(struct weir_detect *detect, uint64_t key, bool begins)
{
	if (detect->sink.follow != NULL)
		detect->sink.follow(detect->sink.context, key, begins);
}

struct weir_device *weir_device_begin(struct weir_detect *detect, uint64_t key)
{
	uint32_t slot = detect->free_device;

	if (slot == WEIR_NO_SLOT)
		return NULL;
	struct weir_device *device = &detect->devices[slot];
	detect->free_device = device->presences;
	*device = (struct weir_device){
	        .key = key,
	        .presences = WEIR_NO_PRESENCE,
	        .static_slot = WEIR_NO_SLOT,
	};
	weir_keymap_add(&detect->map, key, slot);
	detect->counters.devices++;
	detect->counters.followed++;
	tell_follow(detect, key, true);
	return device;
}

void weir_device_end(struct weir_detect *detect, struct weir_device *device)
{
	uint32_t slot = (uint32_t)(device - detect->devices);
	uint64_t key = device->key;

	while (device->presences != WEIR_NO_PRESENCE)
		weir_presence_remove(&detect->presences, &device->presences);
	weir_keymap_remove(&detect->map, key);
	weir_timers_remove(&detect->timers, slot);
	device->key = 0;
	device->presences = detect->free_device;
	detect->free_device = slot;
	detect->counters.devices--;
	detect->counters.followed--;
	detect->counters.released++;
	tell_follow(detect, key, false);
}

void weir_detect_advance(struct weir_detect *detect, int64_t time_ns)
{
	const struct weir_timer *first;

	while ((first = weir_timers_first(&detect->timers)) != NULL && first->due_ns <= time_ns) {
		struct weir_device *device = &detect->devices[first->slot];

		if (device->silent_ns > first->due_ns) { /* it was heard since */
			weir_timers_set(&detect->timers, first->slot, device->key, device->silent_ns);
			continue;
		}
		detect->counters.silent++;
		weir_device_end(detect, device);
	}
	if (time_ns > detect->now_ns)
		detect->now_ns = time_ns;
}

bool weir_detect_follows(const struct weir_detect *detect, uint64_t device)
{
	return weir_keymap_find(&detect->map, device) != WEIR_NO_SLOT;
}

struct weir_device *weir_device_at(struct weir_detect *detect, uint64_t key, int64_t time_ns)
{
	uint32_t slot = weir_keymap_find(&detect->map, key);

	if (slot == WEIR_NO_SLOT || detect->devices[slot].silent_ns <= time_ns)
		return NULL;
	return &detect->devices[slot];
}
