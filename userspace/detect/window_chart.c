/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The series of windows that fences ask for, and what remains of them when there are other fences. A series
 * that goes on keeps its slot, so that what the table of devices says of it stays true; its ring moves.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect/state.h"

/* A device is seldom in more windows than these at once, on average. */
#define DEVICES_PER_DEVICE 2
#define DEVICES_MIN 4096

/* The shapes of a fence: its windows, then its density. NULL where there are no more. */
static const struct weir_window_shape *shape_of(const struct weir_fence *fence, size_t number,
                                                bool *is_density)
{
	const struct weir_rule *rule = weir_rule_of(fence, WEIR_RULE_DENSITY);

	*is_density = number >= fence->window_count;
	if (!*is_density)
		return &fence->windows[number];
	return number == fence->window_count && rule != NULL ? &rule->density.window : NULL;
}

static bool is_of_shape(const struct weir_series *series, const struct weir_window_shape *shape,
                        bool is_density)
{
	return series->is_density == is_density && series->shape.window_ns == shape->window_ns &&
	       series->shape.slide_ns == shape->slide_ns && series->shape.lateness_ns == shape->lateness_ns;
}

uint32_t weir_windows_find(const struct weir_detect *detect, uint32_t fence,
                           const struct weir_window_shape *shape, bool is_density)
{
	uint32_t slot = detect->plans[fence].series;

	while (slot != WEIR_NO_ITEM && !is_of_shape(&detect->windows.series[slot], shape, is_density))
		slot = detect->windows.series[slot].next;
	return slot;
}

static bool is_asked_for(const struct weir_fence *fence, const struct weir_series *series)
{
	const struct weir_window_shape *shape;
	bool is_density;

	for (size_t i = 0; (shape = shape_of(fence, i, &is_density)) != NULL; i++)
		if (is_of_shape(series, shape, is_density))
			return true;
	return false;
}

/* Does the series go on with the fences to come? */
static bool goes_on(const struct weir_series *series, const struct weir_fences *fences,
                    const uint32_t *renumbered)
{
	uint32_t now = renumbered[series->watch.fence];

	return now != WEIR_FENCE_GONE && is_asked_for(weir_fences_get(fences, now), series);
}

void weir_windows_end_gone(struct weir_detect *detect, const struct weir_fences *fences,
                           const uint32_t *renumbered)
{
	for (uint32_t slot = 0; slot < detect->windows.capacity; slot++) {
		struct weir_series *series = &detect->windows.series[slot];

		if (series->watch.fence != WEIR_NO_FENCE && !goes_on(series, fences, renumbered))
			weir_rule_density_end(detect, series, "fences");
	}
}

/* How many there will be of what. */
struct needs {
	uint32_t series, panes, most_panes; /* most_panes: of one of them */
};

static struct needs needs_of(const struct weir_fences *fences, size_t count)
{
	struct needs needs = {0};
	const struct weir_window_shape *shape;
	bool is_density;

	for (size_t i = 0; i < count; i++) {
		if (!weir_fences_digests(fences)[i].has_windows)
			continue;
		const struct weir_fence *fence = weir_fences_get(fences, i);

		for (size_t j = 0; (shape = shape_of(fence, j, &is_density)) != NULL; j++) {
			uint32_t panes = weir_window_panes(shape);

			needs.series++;
			needs.panes += panes;
			needs.most_panes = panes > needs.most_panes ? panes : needs.most_panes;
		}
	}
	return needs;
}

/* What is made beside what is in use, with everything that may fail. */
static int make(struct weir_windows *made, const struct weir_windows *old, const struct needs *needs)
{
	*made = (struct weir_windows){
	        .capacity = needs->series > old->capacity ? needs->series : old->capacity,
	        .pane_count = needs->panes,
	        .due_ns = INT64_MAX,
	        .began_ns = old->began_ns,
	};
	if (made->capacity == 0)
		return 0;
	made->series = calloc(made->capacity, sizeof(*made->series));
	made->panes = calloc(made->pane_count + 1, sizeof(*made->panes));
	const struct weir_keys keys = {&made->series->order, sizeof(*made->series), true};
	if (made->series == NULL || made->panes == NULL ||
	    weir_timers_new(&made->timers, made->capacity, &keys) != 0) {
		weir_windows_clear(made);
		return -ENOMEM;
	}
	for (uint32_t slot = 0; slot < made->capacity; slot++)
		made->series[slot].watch.fence = WEIR_NO_FENCE;
	return 0;
}

/* The series that go on, to their slots; the devices of the others are forgotten. */
static void keep(struct weir_detect *detect, struct weir_windows *made, const struct weir_fences *fences,
                 const uint32_t *renumbered)
{
	for (uint32_t slot = 0; slot < detect->windows.capacity; slot++) {
		struct weir_series *series = &detect->windows.series[slot];

		if (series->watch.fence == WEIR_NO_FENCE)
			continue;
		if (!goes_on(series, fences, renumbered)) {
			weir_window_devices_forget(&detect->windows.devices, series, INT64_MAX);
			continue;
		}
		made->series[slot] = *series;
		made->series[slot].watch.fence = renumbered[series->watch.fence];
	}
}

/* The slot of a series that goes on, else a free one; *free_slot: none is free before it. */
static uint32_t slot_for(const struct weir_windows *made, const uint32_t *kept,
                         const struct weir_window_shape *shape, bool is_density, uint32_t *free_slot)
{
	for (uint32_t slot = *kept; slot != WEIR_NO_ITEM; slot = made->series[slot].next)
		if (is_of_shape(&made->series[slot], shape, is_density))
			return slot;
	while (made->series[*free_slot].watch.fence != WEIR_NO_FENCE)
		++*free_slot;
	return *free_slot;
}

static void begin(struct weir_series *series, uint32_t fence, const struct weir_window_shape *shape,
                  bool is_density, int64_t now_ns)
{
	*series = (struct weir_series){
	        .shape = *shape,
	        .pane_count = weir_window_panes(shape),
	        .panes = (uint32_t)(shape->window_ns / shape->slide_ns),
	        .oldest = INT64_MIN / 2,
	        .since_ns = now_ns,
	        .newest_device = WEIR_NO_ITEM,
	        .oldest_device = WEIR_NO_ITEM,
	        .is_density = is_density,
	        .watch = {.fence = fence, .rule = WEIR_RULE_DENSITY, .repeat_ns = INT64_MAX},
	};
}

/* Its ring, in the order of the series; with what was in it. */
static void place(const struct weir_windows *old, struct weir_windows *made, uint32_t slot, bool is_new)
{
	struct weir_series *series = &made->series[slot];

	if (!is_new && series->is_active)
		memcpy(&made->panes[made->pane_count], &old->panes[series->first_pane],
		       series->pane_count * sizeof(*made->panes));
	series->first_pane = made->pane_count;
	series->order = made->used++;
	made->pane_count += series->pane_count;
}

/* The series of a fence, in the order of its shapes; kept: those that go on. */
static uint32_t string(struct weir_detect *detect, struct weir_windows *made, uint32_t index,
                       const struct weir_fence *fence, uint32_t kept, uint32_t *free_slot)
{
	uint32_t slots[WEIR_FENCE_WINDOWS_MAX + 1], first = WEIR_NO_ITEM;
	const struct weir_window_shape *shape;
	bool is_density;
	size_t count = 0;

	for (; (shape = shape_of(fence, count, &is_density)) != NULL; count++) {
		assert(made->series != NULL); /* there is room for each that is asked for */
		uint32_t slot = slot_for(made, &kept, shape, is_density, free_slot);
		bool is_new = made->series[slot].watch.fence == WEIR_NO_FENCE;

		if (is_new)
			begin(&made->series[slot], index, shape, is_density, detect->now_ns);
		place(&detect->windows, made, slot, is_new);
		slots[count] = slot;
	}
	/* Not before: the list of those that go on is read until here. */
	for (size_t i = count; i > 0; i--) {
		made->series[slots[i - 1]].next = first;
		first = slots[i - 1];
	}
	return first;
}

/* For each fence to come the series that go on: a list, by their `next`. */
static void list_kept(struct weir_windows *made, struct weir_plan *plans)
{
	for (uint32_t slot = 0; slot < made->capacity; slot++) {
		struct weir_series *series = &made->series[slot];

		if (series->watch.fence == WEIR_NO_FENCE)
			continue;
		series->next = plans[series->watch.fence].series;
		plans[series->watch.fence].series = slot;
	}
}

static uint32_t devices_for(const struct weir_detect *detect)
{
	uint32_t wanted = DEVICES_PER_DEVICE * detect->capacity;

	return wanted < DEVICES_MIN ? DEVICES_MIN : wanted;
}

int weir_windows_use(struct weir_detect *detect, const struct weir_fences *fences, struct weir_plan *plans,
                     const uint32_t *renumbered)
{
	size_t count = fences == NULL ? 0 : weir_fences_count(fences);
	struct needs needs = needs_of(fences, count);
	struct weir_windows made;
	uint32_t free_slot = 0;

	if (make(&made, &detect->windows, &needs) != 0)
		return -ENOMEM;
	if (needs.series > 0 &&
	    weir_window_devices_fit(&detect->windows.devices, devices_for(detect), needs.most_panes) != 0) {
		weir_windows_clear(&made);
		return -ENOMEM;
	}
	if (renumbered != NULL)
		keep(detect, &made, fences, renumbered);
	list_kept(&made, plans);
	made.pane_count = 0;
	for (uint32_t i = 0; i < count; i++)
		if (plans[i].has_windows)
			plans[i].series = string(detect, &made, i, weir_fences_get(fences, i),
			                         plans[i].series, &free_slot);
	made.devices = detect->windows.devices;
	detect->windows.devices = (struct weir_window_devices){0};
	weir_windows_clear(&detect->windows);
	detect->windows = made;
	for (uint32_t slot = 0; slot < made.capacity; slot++)
		if (made.series[slot].is_active || made.series[slot].watch.raised)
			weir_series_schedule(&detect->windows, slot);
	detect->counters.window_devices = detect->windows.devices.used;
	return 0;
}

void weir_windows_clear(struct weir_windows *windows)
{
	free(windows->series);
	free(windows->panes);
	weir_window_devices_clear(&windows->devices);
	weir_timers_clear(&windows->timers);
	*windows = (struct weir_windows){.due_ns = INT64_MAX, .began_ns = WEIR_NO_TIME};
}
