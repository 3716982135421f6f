/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chained hashing in arrays. See window_devices.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect/pool.h"
#include "detect/window_devices.h"
#include "detect/windows.h"

/* Whole words, as the first members of an item ask for. */
static size_t size_for(uint32_t panes)
{
	return (sizeof(struct weir_window_device) + panes + 7) / 8 * 8;
}

/* Items that were never used are not touched, and cost no memory until they are. */
static int widen(struct weir_window_devices *table, size_t size)
{
	char *items = calloc(table->capacity, size);

	if (items == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < table->fresh; i++)
		memcpy(items + i * size, weir_window_device_at(table, i), table->size);
	free(table->items);
	table->items = items;
	table->size = size;
	return 0;
}

int weir_window_devices_fit(struct weir_window_devices *table, uint32_t capacity, uint32_t panes)
{
	struct weir_window_devices made = {.capacity = capacity, .free = WEIR_NO_ITEM, .shift = 64};
	uint32_t buckets = 1;

	if (table->size != 0)
		return table->size >= size_for(panes) ? 0 : widen(table, size_for(panes));
	for (; buckets < capacity; buckets *= 2)
		made.shift--;
	made.buckets = malloc(buckets * sizeof(*made.buckets));
	if (made.buckets == NULL || widen(&made, size_for(panes)) != 0) {
		free(made.buckets);
		return -ENOMEM;
	}
	memset(made.buckets, 0xff, buckets * sizeof(*made.buckets)); /* WEIR_NO_ITEM */
	*table = made;
	return 0;
}

/* Fibonacci hashing, as in keymap.c; the series goes where no MMSI is. */
static uint32_t *bucket_of(const struct weir_window_devices *table, uint32_t slot, uint64_t device)
{
	uint64_t key = device ^ (uint64_t)slot << 36;

	return &table->buckets[(key * UINT64_C(0x9e3779b97f4a7c15)) >> table->shift];
}

static struct weir_window_device *find(const struct weir_window_devices *table, uint32_t slot,
                                       uint64_t device, uint32_t *index)
{
	for (*index = *bucket_of(table, slot, device); *index != WEIR_NO_ITEM;) {
		struct weir_window_device *item = weir_window_device_at(table, *index);

		if (item->device == device && item->series == slot)
			return item;
		*index = item->next;
	}
	return NULL;
}

/* ---- The list of a series ---- */

static void put_newest(struct weir_window_devices *table, struct weir_series *series, uint32_t index)
{
	struct weir_window_device *item = weir_window_device_at(table, index);

	item->newer = WEIR_NO_ITEM;
	item->older = series->newest_device;
	if (series->newest_device != WEIR_NO_ITEM)
		weir_window_device_at(table, series->newest_device)->newer = index;
	series->newest_device = index;
	if (series->oldest_device == WEIR_NO_ITEM)
		series->oldest_device = index;
}

static void take_out(struct weir_window_devices *table, struct weir_series *series,
                     const struct weir_window_device *item)
{
	if (item->newer == WEIR_NO_ITEM)
		series->newest_device = item->older;
	else
		weir_window_device_at(table, item->newer)->older = item->older;
	if (item->older == WEIR_NO_ITEM)
		series->oldest_device = item->newer;
	else
		weir_window_device_at(table, item->older)->newer = item->newer;
}

/* ---- Items ---- */

static uint32_t take_free(struct weir_window_devices *table)
{
	uint32_t index = table->free;

	if (index != WEIR_NO_ITEM)
		table->free = weir_window_device_at(table, index)->next;
	else if (table->fresh < table->capacity)
		index = table->fresh++;
	return index;
}

static struct weir_window_device *begin(struct weir_window_devices *table, struct weir_series *series,
                                        uint32_t slot, uint64_t device, int64_t pane)
{
	uint32_t index = take_free(table);
	uint32_t *bucket = bucket_of(table, slot, device);

	if (index == WEIR_NO_ITEM)
		return NULL;
	struct weir_window_device *item = weir_window_device_at(table, index);
	memset(item, 0, table->size);
	item->series = slot;
	item->device = device;
	item->latest = pane;
	item->next = *bucket;
	*bucket = index;
	table->used++;
	put_newest(table, series, index);
	return item;
}

static void end(struct weir_window_devices *table, struct weir_series *series, uint32_t index)
{
	struct weir_window_device *item = weir_window_device_at(table, index);
	uint32_t *link = bucket_of(table, item->series, item->device);

	while (*link != index)
		link = &weir_window_device_at(table, *link)->next;
	*link = item->next;
	take_out(table, series, item);
	item->next = table->free;
	table->free = index;
	table->used--;
}

struct weir_window_device *weir_window_devices_put(struct weir_window_devices *table,
                                                   struct weir_series *series, uint32_t slot, uint64_t device,
                                                   int64_t latest)
{
	uint32_t index;

	if (find(table, slot, device, &index) != NULL)
		return NULL;
	return begin(table, series, slot, device, latest);
}

void weir_window_devices_forget(struct weir_window_devices *table, struct weir_series *series, int64_t pane)
{
	while (series->oldest_device != WEIR_NO_ITEM &&
	       weir_window_device_at(table, series->oldest_device)->latest < pane)
		end(table, series, series->oldest_device);
}

/* ---- Panes ---- */

static uint8_t *seen_at(struct weir_window_device *item, const struct weir_series *series, int64_t pane)
{
	int64_t place = pane % (int64_t)series->pane_count;

	return &item->seen[place < 0 ? place + (int64_t)series->pane_count : place];
}

/* Panes after the latest one are not known to be empty: the ring has been there before. */
static void move_on(struct weir_window_devices *table, struct weir_series *series,
                    struct weir_window_device *item, uint32_t index, int64_t pane)
{
	if (pane - item->latest >= (int64_t)series->pane_count)
		memset(item->seen, 0, series->pane_count);
	else
		for (int64_t next = item->latest + 1; next <= pane; next++)
			*seen_at(item, series, next) = 0;
	item->latest = pane;
	take_out(table, series, item);
	put_newest(table, series, index);
}

/* The open windows with the pane, but without another one in which the device was seen so. */
static struct weir_window_gain gain_of(struct weir_window_device *item, const struct weir_series *series,
                                       int64_t pane, uint8_t classes)
{
	int64_t reach = (int64_t)series->panes - 1;
	struct weir_window_gain gain = {.first = pane - reach, .last = pane};

	if (gain.first < series->oldest)
		gain.first = series->oldest;
	for (int64_t before = pane - 1; before >= gain.first; before--)
		if (*seen_at(item, series, before) & classes)
			gain.first = before + 1;
	for (int64_t after = pane + 1; after <= pane + reach && after <= item->latest; after++) {
		if (!(*seen_at(item, series, after) & classes))
			continue;
		gain.last = after - reach - 1;
		break;
	}
	return gain;
}

bool weir_window_devices_see(struct weir_window_devices *table, struct weir_series *series, uint32_t slot,
                             uint64_t device, int64_t pane, uint8_t station_class,
                             struct weir_window_gain *all, struct weir_window_gain *of_class)
{
	const struct weir_window_gain none = {0, -1};
	const uint8_t bit = (uint8_t)(1u << station_class);
	uint32_t index;
	struct weir_window_device *item = find(table, slot, device, &index);

	*all = *of_class = none;
	if (item == NULL && (item = begin(table, series, slot, device, pane)) == NULL)
		return false;
	if (pane > item->latest)
		move_on(table, series, item, index, pane);
	uint8_t *seen = seen_at(item, series, pane);
	if (*seen & bit)
		return true;
	if (*seen == 0)
		*all = gain_of(item, series, pane, UINT8_MAX);
	*of_class = gain_of(item, series, pane, bit);
	*seen |= bit;
	return true;
}

void weir_window_devices_clear(struct weir_window_devices *table)
{
	free(table->items);
	free(table->buckets);
	*table = (struct weir_window_devices){0};
}
