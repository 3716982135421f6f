/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading what windows have counted, into the series that the fences in force ask for. Of those that are gone
 * nothing remains but what their rule density raised, to be cleared.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/load.h"

/* The series of the file, and where they go: slots, or WEIR_NO_ITEM. */
struct loading {
	struct weir_loading *all;
	struct weir_windows *windows;
	struct weir_saved_series *saved;
	uint32_t *slots;
	uint64_t count;
};

static bool is_shape(const struct weir_window_shape *shape)
{
	const int64_t most_ns = 1000000 * WEIR_SECOND_NS;

	return shape->slide_ns >= WEIR_SECOND_NS && shape->window_ns >= shape->slide_ns &&
	       shape->window_ns <= most_ns && shape->window_ns % shape->slide_ns == 0 &&
	       shape->lateness_ns >= 0 && shape->lateness_ns <= most_ns &&
	       weir_window_panes(shape) <= WEIR_WINDOW_SLIDES_MAX + 1;
}

/* What is open has not come to its end, and nothing is there of what is not. */
static bool is_sound(const struct weir_saved_series *saved, int64_t now_ns)
{
	if (!is_shape(&saved->shape) || saved->panes > weir_window_panes(&saved->shape))
		return false;
	if (!saved->is_active)
		return saved->panes == 0 && saved->devices == 0 && !saved->raised;
	return saved->first_ns % saved->shape.slide_ns == 0 &&
	       saved->first_ns + saved->shape.window_ns + saved->shape.lateness_ns > now_ns &&
	       (saved->is_density || !saved->raised);
}

static struct weir_watch watch_of(const struct weir_saved_series *saved, uint32_t fence)
{
	struct weir_watch watch = {
	        .fence = fence,
	        .since_ns = saved->raised_ns,
	        .seen_ns = saved->raised_ns,
	        .repeat_ns = saved->repeat_ns,
	        .rule = WEIR_RULE_DENSITY,
	        .severity = saved->severity,
	        .raised = true,
	        .acknowledged = saved->acknowledged,
	};

	memcpy(watch.id, saved->id, sizeof(watch.id));
	return watch;
}

/* Told when the state meets the fences in force. */
static void keep_raised(struct weir_former *former, const struct weir_saved_series *saved)
{
	struct weir_series *series = &former->raised[former->raised_count++];

	*series = (struct weir_series){.shape = saved->shape, .watch = watch_of(saved, saved->fence)};
}

static int take_series(struct loading *loading, uint64_t number)
{
	struct weir_detect *detect = loading->all->detect;
	const struct weir_saved_series *saved = &loading->saved[number];
	struct weir_former *former = detect->former;

	if (saved->fence >= former->count || !is_sound(saved, detect->now_ns))
		return weir_load_refuse(loading->all->loader, -EBADMSG, "a series of windows is none");
	uint32_t fence = former->renumbered[saved->fence];
	uint32_t slot = fence == WEIR_FENCE_GONE
	                        ? WEIR_NO_ITEM
	                        : weir_windows_find(detect, fence, &saved->shape, saved->is_density);
	loading->slots[number] = slot;
	if (slot == WEIR_NO_ITEM) {
		if (saved->raised)
			keep_raised(former, saved);
		return 0;
	}
	struct weir_series *series = &loading->windows->series[slot];
	if (series->since_ns != WEIR_NO_TIME)
		return weir_load_refuse(loading->all->loader, -EBADMSG, "a series of windows is there twice");
	series->since_ns = saved->since_ns;
	if (!saved->is_active)
		return 0;
	series->oldest = saved->first_ns / saved->shape.slide_ns;
	series->latest = series->oldest + (int64_t)saved->panes - 1;
	series->is_active = true;
	series->was_empty = saved->was_empty;
	if (saved->raised) {
		series->watch = watch_of(saved, fence);
		weir_load_limit_repeat(&series->watch, detect->now_ns);
	}
	weir_series_schedule(loading->windows, slot);
	return 0;
}

static int load_series(struct loading *loading)
{
	struct weir_former *former = loading->all->detect->former;
	int error = weir_load_section(loading->all->loader, &weir_saved_series, &loading->count);

	if (error != 0)
		return error;
	loading->saved = calloc(loading->count + 1, sizeof(*loading->saved));
	loading->slots = calloc(loading->count + 1, sizeof(*loading->slots));
	former->raised = calloc(loading->count + 1, sizeof(*former->raised));
	if (loading->saved == NULL || loading->slots == NULL || former->raised == NULL)
		return -ENOMEM;
	for (uint64_t i = 0; error == 0 && i < loading->count; i++) {
		error = weir_load(loading->all->loader, &loading->saved[i]);
		if (error == 0)
			error = take_series(loading, i);
	}
	return error;
}

/* Those that the file knows nothing of are new now. */
static void begin_others(const struct loading *loading)
{
	for (uint32_t slot = 0; slot < loading->windows->capacity; slot++)
		if (loading->windows->series[slot].since_ns == WEIR_NO_TIME)
			loading->windows->series[slot].since_ns = loading->all->detect->now_ns;
}

static int load_panes(struct loading *loading)
{
	uint64_t count;
	int error = weir_load_section(loading->all->loader, &weir_saved_panes, &count);

	for (uint64_t i = 0; i < loading->count; i++) {
		for (uint32_t n = 0; error == 0 && n < loading->saved[i].panes; n++) {
			struct weir_pane pane;

			error = weir_load(loading->all->loader, &pane);
			if (error != 0 || loading->slots[i] == WEIR_NO_ITEM)
				continue;
			const struct weir_series *series = &loading->windows->series[loading->slots[i]];
			*weir_pane_at(loading->windows, series, series->oldest + n) = pane;
		}
	}
	return error;
}

static int take_device(struct loading *loading, uint32_t slot, const struct weir_saved_window_device *saved)
{
	struct weir_series *series = &loading->windows->series[slot];
	struct weir_window_devices *table = &loading->windows->devices;

	if (table->used == table->capacity)
		return weir_load_refuse(loading->all->loader, -ENOSPC,
		                        "its windows hold more devices than there is room for with so few");
	if (weir_window_devices_put(table, series, slot, saved->device, series->oldest + saved->latest) ==
	    NULL)
		return weir_load_refuse(loading->all->loader, -EBADMSG, "a device is in a window twice");
	return 0;
}

static int load_devices(struct loading *loading)
{
	uint64_t count;
	int error = weir_load_section(loading->all->loader, &weir_saved_window_devices, &count);

	for (uint64_t i = 0; i < loading->count; i++) {
		for (uint32_t n = 0; error == 0 && n < loading->saved[i].devices; n++) {
			struct weir_saved_window_device saved;

			error = weir_load(loading->all->loader, &saved);
			if (error == 0 && loading->slots[i] != WEIR_NO_ITEM)
				error = take_device(loading, loading->slots[i], &saved);
		}
	}
	loading->all->detect->counters.window_devices = loading->windows->devices.used;
	return error;
}

/* What was seen of one device; item: NULL where its series is gone. */
static int load_ring(struct loading *loading, uint32_t panes, struct weir_window_device *item)
{
	for (uint32_t at = 0; at < panes; at += sizeof(struct weir_saved_seen)) {
		struct weir_saved_seen saved;
		size_t left = panes - at;
		int error = weir_load(loading->all->loader, &saved);

		if (error != 0)
			return error;
		if (item != NULL)
			memcpy(&item->seen[at], saved.panes, left < sizeof(saved) ? left : sizeof(saved));
	}
	return 0;
}

static int load_seen(struct loading *loading)
{
	const struct weir_window_devices *table = &loading->windows->devices;
	uint64_t count;
	int error = weir_load_section(loading->all->loader, &weir_saved_seen, &count);

	for (uint64_t i = 0; i < loading->count; i++) {
		uint32_t slot = loading->slots[i], panes = weir_window_panes(&loading->saved[i].shape);
		uint32_t next = slot == WEIR_NO_ITEM ? slot : loading->windows->series[slot].oldest_device;

		for (uint32_t n = 0; error == 0 && n < loading->saved[i].devices; n++) {
			struct weir_window_device *item =
			        next == WEIR_NO_ITEM ? NULL : weir_window_device_at(table, next);

			error = load_ring(loading, panes, item);
			next = item == NULL ? next : item->newer;
		}
	}
	return error;
}

int weir_load_counts(struct weir_loading *all)
{
	struct loading loading = {.all = all, .windows = &all->detect->windows};
	struct weir_saved_windows saved;
	uint64_t count;
	int error = weir_load_section(all->loader, &weir_saved_windows, &count);

	if (error != 0 || count == 0)
		return error;
	error = weir_load(all->loader, &saved);
	loading.windows->began_ns = saved.began_ns;
	if (error == 0)
		error = load_series(&loading);
	begin_others(&loading);
	if (error == 0)
		error = load_panes(&loading);
	if (error == 0)
		error = load_devices(&loading);
	if (error == 0)
		error = load_seen(&loading);
	free(loading.saved);
	free(loading.slots);
	return error;
}
