/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting, and telling what was counted. See windows.h.
 */
#include <math.h>

#include "detect/state.h"

static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

static int64_t later(int64_t time_ns, int64_t by_ns)
{
	return time_ns > INT64_MAX - by_ns ? INT64_MAX : time_ns + by_ns;
}

static int64_t end_of(const struct weir_series *series, int64_t first_pane)
{
	return later(first_pane * series->shape.slide_ns, series->shape.window_ns);
}

/* ---- When ---- */

/* The oldest open window; INT64_MAX: there is none. */
static int64_t closes_ns(const struct weir_series *series)
{
	if (!series->is_active)
		return INT64_MAX;
	return later(end_of(series, series->oldest), series->shape.lateness_ns);
}

void weir_series_schedule(struct weir_windows *windows, uint32_t slot)
{
	const struct weir_series *series = &windows->series[slot];

	int64_t due_ns = closes_ns(series), repeat_ns = weir_watch_repeat_due(&series->watch);

	weir_timers_set(&windows->timers, slot, repeat_ns < due_ns ? repeat_ns : due_ns);
	windows->due_ns = windows->timers.due_ns[0];
}

/* Nothing was counted for a while: windows that have gone by meanwhile are not open any more. */
static void wake(struct weir_detect *detect, struct weir_series *series)
{
	int64_t open = floor_div(detect->now_ns - series->shape.lateness_ns, series->shape.slide_ns) -
	               (int64_t)series->panes + 1;

	if (open > series->oldest)
		series->oldest = open;
	series->latest = series->oldest - 1;
	series->is_active = series->was_empty = true;
	weir_series_schedule(&detect->windows, (uint32_t)(series - detect->windows.series));
}

/* ---- In ---- */

/* The pane of the passage, to count in; NULL where all of its windows have closed. *outcome: so far. */
static struct weir_pane *open_pane(struct weir_detect *detect, struct weir_series *series, int64_t time_ns,
                                   int64_t *pane, enum weir_window_outcome *outcome)
{
	if (time_ns > detect->now_ns) /* a sender's clock is ahead, and counts for no more than now */
		time_ns = detect->now_ns;
	*pane = floor_div(time_ns, series->shape.slide_ns);
	if (!series->is_active)
		wake(detect, series);
	*outcome =
	        *pane - (int64_t)series->panes + 1 < series->oldest ? WEIR_WINDOW_LATE : WEIR_WINDOW_COUNTED;
	if (*pane < series->oldest)
		return NULL;
	if (*pane > series->latest)
		series->latest = *pane;
	return weir_pane_at(&detect->windows, series, *pane);
}

static void add_fix(struct weir_tally_of_class *tally, const struct weir_report *report)
{
	tally->fixes++;
	if (!(report->has & WEIR_HAS_SOG))
		return;
	uint32_t sog = (uint32_t)lroundf(report->sog_kn * 1000);
	tally->sog_fixes++;
	tally->sog_sum += sog;
	if (sog > tally->sog_most)
		tally->sog_most = sog;
}

/* Its device in the windows that are open; false where there is no room for it. */
static bool add_device(struct weir_detect *detect, const struct weir_passage *passage,
                       struct weir_series *series, int64_t pane)
{
	struct weir_windows *windows = &detect->windows;
	uint8_t station_class = passage->report->station_class;
	struct weir_window_gain all, of_class;

	bool fits = weir_window_devices_see(&windows->devices, series, (uint32_t)(series - windows->series),
	                                    passage->device, pane, station_class, &all, &of_class);
	if (!fits) {
		all = (struct weir_window_gain){pane - (int64_t)series->panes + 1, pane};
		for (int64_t i = all.first < series->oldest ? series->oldest : all.first; i <= all.last; i++)
			weir_pane_at(windows, series, i)->overflowed = true;
		return false;
	}
	for (int64_t i = of_class.first; i <= of_class.last; i++)
		weir_pane_at(windows, series, i)->classes[station_class].devices++;
	for (int64_t i = all.first; i <= all.last; i++)
		weir_pane_at(windows, series, i)->devices++;
	detect->counters.window_devices = windows->devices.used;
	if (series->is_density && all.first <= all.last)
		weir_rule_density_gain(detect, passage, series, &all);
	return true;
}

void weir_windows_fix(struct weir_detect *detect, const struct weir_passage *passage, uint32_t fence)
{
	struct weir_windows *windows = &detect->windows;

	for (uint32_t slot = detect->plans[fence].series; slot != WEIR_NO_ITEM;
	     slot = windows->series[slot].next) {
		struct weir_series *series = &windows->series[slot];
		enum weir_window_outcome outcome;
		int64_t pane;
		struct weir_pane *counted = open_pane(detect, series, passage->time_ns, &pane, &outcome);

		if (counted != NULL) {
			add_fix(&counted->classes[passage->report->station_class], passage->report);
			if (!add_device(detect, passage, series, pane) && outcome == WEIR_WINDOW_COUNTED)
				outcome = WEIR_WINDOW_NO_ROOM;
		}
		detect->counters.windows[outcome]++;
	}
}

void weir_windows_crossing(struct weir_detect *detect, const struct weir_passage *passage, uint32_t fence,
                           bool enters)
{
	struct weir_windows *windows = &detect->windows;

	for (uint32_t slot = detect->plans[fence].series; slot != WEIR_NO_ITEM;
	     slot = windows->series[slot].next) {
		struct weir_series *series = &windows->series[slot];
		enum weir_window_outcome outcome;
		int64_t pane;

		if (series->is_density)
			continue;
		struct weir_pane *counted = open_pane(detect, series, passage->time_ns, &pane, &outcome);
		if (counted != NULL && enters)
			counted->classes[passage->report->station_class].enters++;
		else if (counted != NULL)
			counted->classes[passage->report->station_class].exits++;
		if (!enters) /* the fix that enters has been counted */
			detect->counters.windows[outcome]++;
	}
}

/* ---- Out ---- */

/* A class of the window that closes. */
static void put_together(const struct weir_detect *detect, const struct weir_series *series,
                         int station_class, struct weir_tally_of_class *sum)
{
	int64_t last = series->oldest + (int64_t)series->panes - 1;

	*sum = (struct weir_tally_of_class){0};
	for (int64_t i = series->oldest; i <= last && i <= series->latest; i++) {
		const struct weir_tally_of_class *tally =
		        &weir_pane_at(&detect->windows, series, i)->classes[station_class];

		sum->fixes += tally->fixes;
		sum->sog_fixes += tally->sog_fixes;
		sum->sog_sum += tally->sog_sum;
		sum->sog_most = tally->sog_most > sum->sog_most ? tally->sog_most : sum->sog_most;
		sum->enters += tally->enters;
		sum->exits += tally->exits;
	}
	sum->devices = weir_pane_at(&detect->windows, series, series->oldest)->classes[station_class].devices;
}

static void add(struct weir_tally_of_class *all, const struct weir_tally_of_class *one)
{
	all->fixes += one->fixes;
	all->sog_fixes += one->sog_fixes;
	all->sog_sum += one->sog_sum;
	all->sog_most = one->sog_most > all->sog_most ? one->sog_most : all->sog_most;
	all->enters += one->enters;
	all->exits += one->exits;
}

static struct weir_window_counts counts_of(const struct weir_tally_of_class *tally)
{
	struct weir_window_counts counts = {
	        .devices = tally->devices,
	        .enters = tally->enters,
	        .exits = tally->exits,
	        .fixes = tally->fixes,
	        .sog_fixes = tally->sog_fixes,
	};

	if (tally->sog_fixes > 0) {
		counts.mean_sog_kn = (double)tally->sog_sum / tally->sog_fixes / 1000;
		counts.max_sog_kn = tally->sog_most / 1000.0;
	}
	return counts;
}

/* Returns whether there was anything in it. */
static bool summarise(const struct weir_detect *detect, const struct weir_series *series,
                      struct weir_window_result *result)
{
	const struct weir_pane *first = weir_pane_at(&detect->windows, series, series->oldest);
	struct weir_tally_of_class all = {.devices = first->devices}, sum;

	for (int i = 0; i < WEIR_CLASSES; i++) {
		put_together(detect, series, i, &sum);
		result->classes[i] = counts_of(&sum);
		add(&all, &sum);
	}
	result->all = counts_of(&all);
	result->overflowed = first->overflowed;
	return all.fixes > 0 || all.enters > 0 || all.exits > 0;
}

static void tell(struct weir_detect *detect, const struct weir_series *series,
                 struct weir_window_result *result)
{
	const struct weir_fence *fence = weir_fence_at(detect, series->watch.fence);
	int64_t began_ns = detect->windows.began_ns;

	if (series->since_ns > began_ns)
		began_ns = series->since_ns;
	result->fence = fence->id;
	result->fence_name = fence->name;
	result->start_ns = series->oldest * series->shape.slide_ns;
	result->end_ns = end_of(series, series->oldest);
	result->slide_ns = series->shape.slide_ns;
	result->partial = result->start_ns < began_ns;
	weir_window_identify(result, series);
	weir_detect_emit_window(detect, result);
}

/* The oldest open window of a series. */
static void close_window(struct weir_detect *detect, struct weir_series *series)
{
	struct weir_window_result result = {0};
	bool is_empty = !summarise(detect, series, &result);

	if (series->is_density)
		weir_rule_density_close(detect, series);
	else if (!is_empty || !series->was_empty)
		tell(detect, series, &result);
	*weir_pane_at(&detect->windows, series, series->oldest) = (struct weir_pane){0};
	series->oldest++;
	weir_window_devices_forget(&detect->windows.devices, series, series->oldest);
	detect->counters.window_devices = detect->windows.devices.used;
	series->was_empty = is_empty;
	series->is_active = series->oldest <= series->latest || !is_empty;
}

void weir_windows_fire(struct weir_detect *detect)
{
	struct weir_windows *windows = &detect->windows;
	uint32_t slot = windows->timers.slots[0];
	struct weir_series *series = &windows->series[slot];

	if (closes_ns(series) <= windows->due_ns)
		close_window(detect, series);
	else if (weir_watch_repeat_due(&series->watch) <= windows->due_ns)
		weir_rule_density_repeat(detect, series);
	weir_series_schedule(windows, slot); /* it may also have come up for what is no longer due */
}
