/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saving what windows have counted: see save_records.h. The table of devices is saved by its series, in the
 * order in which its entries give their room back.
 */
#include "detect/save_records.h"

/* The series after another one, NULL for the first, in the order of the fences. NULL after the last. */
static const struct weir_series *next_series(const struct weir_detect *detect,
                                             const struct weir_series *series)
{
	size_t count = detect->fences == NULL ? 0 : weir_fences_count(detect->fences);
	uint32_t slot = series == NULL ? WEIR_NO_ITEM : series->next;
	size_t fence = series == NULL ? 0 : (size_t)series->watch.fence + 1;

	for (; slot == WEIR_NO_ITEM && fence < count; fence++)
		slot = detect->plans[fence].series;
	return slot == WEIR_NO_ITEM ? NULL : &detect->windows.series[slot];
}

static uint32_t count_devices(const struct weir_windows *windows, const struct weir_series *series)
{
	uint32_t count = 0;

	for (uint32_t i = series->oldest_device; i != WEIR_NO_ITEM;
	     i = weir_window_device_at(&windows->devices, i)->newer)
		count++;
	return count;
}

static void save_series(const struct weir_detect *detect, const struct weir_series *series,
                        struct weir_saver *saver)
{
	const struct weir_windows *windows = &detect->windows;
	struct weir_saved_series saved = {
	        .shape = series->shape,
	        .since_ns = series->since_ns > windows->began_ns ? series->since_ns : windows->began_ns,
	        .fence = series->watch.fence,
	        .devices = count_devices(windows, series),
	        .is_active = series->is_active,
	        .is_density = series->is_density,
	        .raised = series->watch.raised,
	};

	if (series->watch.raised) {
		saved.raised_ns = series->watch.since_ns;
		saved.repeat_ns = series->watch.repeat_ns;
		saved.severity = series->watch.severity;
		saved.acknowledged = series->watch.acknowledged;
		memcpy(saved.id, series->watch.id, sizeof(saved.id));
	}
	if (series->is_active) {
		saved.was_empty = series->was_empty;
		saved.first_ns = series->oldest * series->shape.slide_ns;
		saved.panes = (uint32_t)(series->latest - series->oldest + 1);
	}
	weir_save(saver, &saved);
}

static void save_devices(const struct weir_windows *windows, const struct weir_series *series,
                         struct weir_saver *saver)
{
	for (uint32_t i = series->oldest_device; i != WEIR_NO_ITEM;) {
		const struct weir_window_device *item = weir_window_device_at(&windows->devices, i);
		const struct weir_saved_window_device saved = {
		        .device = item->device,
		        .latest = (int32_t)(item->latest - series->oldest),
		};

		weir_save(saver, &saved);
		i = item->newer;
	}
}

static void save_seen(const struct weir_windows *windows, const struct weir_series *series,
                      struct weir_saver *saver)
{
	for (uint32_t i = series->oldest_device; i != WEIR_NO_ITEM;) {
		const struct weir_window_device *item = weir_window_device_at(&windows->devices, i);

		for (uint32_t at = 0; at < series->pane_count; at += sizeof(struct weir_saved_seen)) {
			size_t left = series->pane_count - at;
			struct weir_saved_seen saved = {{0}};

			memcpy(saved.panes, &item->seen[at], left < sizeof(saved) ? left : sizeof(saved));
			weir_save(saver, &saved);
		}
		i = item->newer;
	}
}

void weir_windows_save(const struct weir_detect *detect, struct weir_saver *saver)
{
	const struct weir_windows *windows = &detect->windows;
	const struct weir_series *series;

	weir_save_section(saver, &weir_saved_windows);
	if (windows->began_ns == WEIR_NO_TIME) /* and nothing was counted */
		return;
	weir_save(saver, &(struct weir_saved_windows){windows->began_ns});
	weir_save_section(saver, &weir_saved_series);
	for (series = next_series(detect, NULL); series != NULL; series = next_series(detect, series))
		save_series(detect, series, saver);
	weir_save_section(saver, &weir_saved_panes);
	for (series = next_series(detect, NULL); series != NULL; series = next_series(detect, series))
		for (int64_t i = series->oldest; series->is_active && i <= series->latest; i++)
			weir_save(saver, weir_pane_at(windows, series, i));
	weir_save_section(saver, &weir_saved_window_devices);
	for (series = next_series(detect, NULL); series != NULL; series = next_series(detect, series))
		save_devices(windows, series, saver);
	weir_save_section(saver, &weir_saved_seen);
	for (series = next_series(detect, NULL); series != NULL; series = next_series(detect, series))
		save_seen(windows, series, saver);
}
