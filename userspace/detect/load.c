/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading what detection knew: see save_records.h. Nothing in the file is trusted: what could make detection
 * go astray is refused here, or by the tables of what may be in a member.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include <weir/device.h>

#include "detect/load.h"
#include "detect/save.h"

bool weir_load_is_token(const char *text)
{
	static const char characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

	return text[0] != '\0' && text[strspn(text, characters)] == '\0';
}

static int load_base(struct weir_loading *loading)
{
	struct weir_detect *detect = loading->detect;
	struct weir_saved_base base;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_bases, &count);

	if (error == 0)
		error = weir_load(loading->loader, &base);
	if (error != 0)
		return error;
	if (base.fresh > detect->capacity)
		return weir_load_refuse(loading->loader, -ENOSPC,
		                        "it needs room for %" PRIu32
		                        " devices, and there is room for %" PRIu32,
		                        base.fresh, detect->capacity);
	if (base.has_begun && loading->loader->latest_ns != 0 && base.now_ns > loading->loader->latest_ns)
		return weir_load_refuse(loading->loader, -ERANGE,
		                        "it was saved by a clock that is %.0f s ahead",
		                        (double)(base.now_ns - loading->loader->latest_ns) / 1e9);
	detect->fresh = base.fresh;
	if (base.has_begun)
		detect->now_ns = base.now_ns;
	return 0;
}

static int take_device(struct weir_loading *loading, const struct weir_saved_device *saved, uint32_t first)
{
	struct weir_detect *detect = loading->detect;
	const struct weir_device *device = &saved->device;

	if (saved->slot < first || saved->slot >= detect->fresh)
		return weir_load_refuse(loading->loader, -EBADMSG, "a device has no place");
	if (device->key == 0 || weir_keymap_find(&detect->map, device->key) != WEIR_NO_SLOT)
		return weir_load_refuse(loading->loader, -EBADMSG, "a device is there twice");
	detect->devices[saved->slot] = *device;
	detect->devices[saved->slot].presences = WEIR_NO_ITEM;
	detect->devices[saved->slot].watches = WEIR_NO_ITEM;
	detect->distressed += device->distress;
	detect->counters.devices = ++detect->counters.followed;
	weir_keymap_add(&detect->map, device->key, saved->slot);
	return 0;
}

static int load_devices(struct weir_loading *loading)
{
	uint32_t first = 0;
	int error = weir_load_section(loading->loader, &weir_saved_devices, &loading->devices);

	if (error != 0)
		return error;
	loading->expected = calloc(loading->devices + 1, sizeof(*loading->expected));
	if (loading->expected == NULL)
		return -ENOMEM;
	for (uint64_t i = 0; i < loading->devices; i++) {
		struct weir_saved_device saved;

		if ((error = weir_load(loading->loader, &saved)) != 0 ||
		    (error = take_device(loading, &saved, first)) != 0)
			return error;
		loading->expected[i] = (struct weir_expected){saved.slot, saved.presences, saved.watches};
		first = saved.slot + 1;
	}
	return 0;
}

static int load_ids(struct weir_loading *loading)
{
	struct weir_detect *detect = loading->detect;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_ids, &count);

	for (uint64_t i = 0; error == 0 && i < loading->devices; i++) {
		struct weir_device *device = &detect->devices[loading->expected[i].slot];
		struct weir_saved_id saved;

		if (!(device->key & WEIR_DEVICE_GPS))
			continue;
		if ((error = weir_load(loading->loader, &saved)) != 0)
			return error;
		if (!weir_load_is_token(saved.text))
			return weir_load_refuse(loading->loader, -EBADMSG, "a GPS device has no name");
		device->static_slot = weir_statics_take(&detect->statics, saved.text);
	}
	return error;
}

static int load_stations(struct weir_loading *loading)
{
	struct weir_detect *detect = loading->detect;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_stations, &count);

	for (uint64_t i = 0; error == 0 && i < loading->devices; i++) {
		struct weir_device *device = &detect->devices[loading->expected[i].slot];

		for (uint8_t n = 0; error == 0 && n < device->heard_by; n++) {
			struct weir_saved_station saved;

			if ((error = weir_load(loading->loader, &saved)) != 0)
				return error;
			device->stations[n] = weir_stations_use(&detect->stations, saved.name);
			if (device->stations[n] == WEIR_NO_STATION)
				return weir_load_refuse(loading->loader, -EBADMSG, "too many stations");
		}
	}
	return error;
}

/* In the order of the heap, which so becomes the same. */
static int load_timers(struct weir_loading *loading)
{
	struct weir_detect *detect = loading->detect;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_timers, &count);

	for (uint64_t i = 0; error == 0 && i < loading->devices; i++) {
		struct weir_saved_timer timer;

		if ((error = weir_load(loading->loader, &timer)) != 0)
			return error;
		if (!weir_load_is_device(detect, timer.slot) || weir_timers_has(&detect->timers, timer.slot))
			return weir_load_refuse(loading->loader, -EBADMSG, "a timer is of no device");
		weir_timers_set(&detect->timers, timer.slot, timer.due_ns);
	}
	return error;
}

static int load_free_slots(struct weir_loading *loading)
{
	struct weir_detect *detect = loading->detect;
	uint32_t *link = &detect->free_device;
	struct weir_saved_slot saved;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_free_slots, &count);

	if (error == 0 && count != detect->fresh - loading->devices)
		return weir_load_refuse(loading->loader, -EBADMSG, "slots of devices are lost");
	for (uint64_t i = 0; error == 0 && i < count; i++) {
		if ((error = weir_load(loading->loader, &saved)) != 0)
			return error;
		/* One that is in the list leads on already, or is its end. */
		if (saved.slot >= detect->fresh || detect->devices[saved.slot].key != 0 ||
		    detect->devices[saved.slot].watches == WEIR_NO_ITEM)
			return weir_load_refuse(loading->loader, -EBADMSG, "a slot is free twice");
		*link = saved.slot;
		link = &detect->devices[saved.slot].presences;
		*link = WEIR_NO_SLOT;
		detect->devices[saved.slot].watches = WEIR_NO_ITEM;
	}
	return error;
}

static int load_silent(struct weir_loading *loading)
{
	struct weir_detect *detect = loading->detect;
	struct weir_saved_slot saved;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_silent, &count);

	for (uint64_t i = 0; error == 0 && i < count; i++) {
		if ((error = weir_load(loading->loader, &saved)) != 0)
			return error;
		if (!weir_load_is_device(detect, saved.slot) || detect->devices[saved.slot].is_silent)
			return weir_load_refuse(loading->loader, -EBADMSG, "a silent device is none");
		weir_device_falls_silent(detect, &detect->devices[saved.slot]);
	}
	return error;
}

static int load_near(struct weir_loading *loading)
{
	struct weir_detect *detect = loading->detect;
	struct weir_saved_near saved;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_near, &count);

	for (uint64_t i = 0; error == 0 && i < count; i++) {
		if ((error = weir_load(loading->loader, &saved)) != 0)
			return error;
		if (saved.cell == 0 || !weir_load_is_device(detect, saved.slot))
			return weir_load_refuse(loading->loader, -EBADMSG, "a place is of no device");
		weir_near_put_in(&detect->near, saved.slot, saved.cell);
	}
	return error;
}

static int load_statics(struct weir_loading *loading)
{
	struct weir_statics *statics = &loading->detect->statics;
	struct weir_static saved;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_statics, &count);

	for (uint64_t i = 0; error == 0 && i < count; i++) {
		if ((error = weir_load(loading->loader, &saved)) != 0)
			return error;
		/* Where there is less room than before, the oldest give way, as they would have. */
		if (!weir_statics_add(statics, &saved))
			return weir_load_refuse(loading->loader, -EBADMSG, "static data is there twice");
	}
	statics->displaced = 0;
	loading->detect->counters.statics = statics->count;
	return error;
}

static int load_said(struct weir_loading *loading)
{
	struct weir_duplicates *duplicates = &loading->detect->duplicates;
	struct weir_said saved;
	uint64_t count;
	int error = weir_load_section(loading->loader, &weir_saved_said, &count);

	for (uint64_t i = 0; error == 0 && i < count; i++) {
		error = weir_load(loading->loader, &saved);
		if (error == 0 && duplicates->window_ns != 0)
			weir_duplicates_note(duplicates, saved.hash, saved.time_ns);
	}
	return error;
}

int weir_detect_load(struct weir_detect *detect, struct weir_loader *loader)
{
	static int (*const steps[])(struct weir_loading *) = {
	        load_base,           weir_load_fences,  load_devices, load_ids,         load_stations,
	        weir_load_presences, weir_load_watches, load_timers,  load_free_slots,  load_silent,
	        load_near,           load_statics,      load_said,    weir_load_counts,
	};
	struct weir_loading loading = {.detect = detect, .loader = loader};
	int error = 0;

	for (size_t i = 0; error == 0 && i < sizeof(steps) / sizeof(*steps); i++)
		error = steps[i](&loading);
	free(loading.expected);
	return error;
}
