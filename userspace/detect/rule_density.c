/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * density: more than max_devices different devices in a fence within window_s. Told as soon as an open window
 * has one too many, not when it closes; cleared when a window closes that has no more than that, and no open
 * one has. The alert belongs to no device.
 */
#include <string.h>

#include "detect/state.h"

static const struct weir_rule *rule_of(const struct weir_detect *detect, const struct weir_series *series)
{
	return weir_rule_of(weir_fence_at(detect, series->watch.fence), WEIR_RULE_DENSITY);
}

/* A passage of nobody, at a moment. */
static void begin_passage(struct weir_passage *passage, int64_t time_ns)
{
	passage->report = NULL;
	passage->time_ns = time_ns;
	passage->source = "";
	passage->device = 0;
	passage->has_hash = false;
	passage->id[0] = '\0';
	passage->heard_by_count = 0;
	passage->ship_name = NULL;
	passage->located_count = 0;
}

static void measure(struct weir_alert *alert, const struct weir_series *series, const struct weir_rule *rule,
                    uint32_t devices)
{
	weir_alert_measure(alert, "devices", devices);
	weir_alert_measure(alert, "limit_devices", rule->density.max_devices);
	weir_alert_measure(alert, "window_s", (double)series->shape.window_ns / 1e9);
}

static void raise(struct weir_detect *detect, struct weir_series *series, const struct weir_rule *rule,
                  int64_t first_pane, int64_t time_ns)
{
	struct weir_alert alert = {.severity = rule->severity};
	const struct weir_pane *pane = weir_pane_at(&detect->windows, series, first_pane);
	struct weir_passage passage;

	begin_passage(&passage, time_ns);
	measure(&alert, series, rule, pane->devices);
	series->watch.since_ns = series->watch.seen_ns = time_ns;
	series->watch.acknowledged = false;
	weir_window_id_bytes(series->watch.id, series, weir_fence_at(detect, series->watch.fence)->id,
	                     first_pane * series->shape.slide_ns);
	weir_watch_tell_raise(detect, &passage, &series->watch, &alert);
}

/* The first of some open windows that has too many, or one beyond the last. */
static int64_t first_above(const struct weir_detect *detect, const struct weir_series *series, int64_t first,
                           int64_t last, uint32_t most)
{
	while (first <= last && weir_pane_at(&detect->windows, series, first)->devices <= most)
		first++;
	return first;
}

void weir_rule_density_gain(struct weir_detect *detect, const struct weir_passage *passage,
                            struct weir_series *series, const struct weir_window_gain *gain)
{
	const struct weir_rule *rule = rule_of(detect, series);

	if (series->watch.raised)
		return;
	int64_t above = first_above(detect, series, gain->first, gain->last, rule->density.max_devices);
	if (above > gain->last)
		return;
	raise(detect, series, rule, above, passage->time_ns);
	weir_series_schedule(&detect->windows, (uint32_t)(series - detect->windows.series));
}

void weir_rule_density_close(struct weir_detect *detect, struct weir_series *series)
{
	const struct weir_rule *rule = rule_of(detect, series);
	int64_t last = series->latest > series->oldest ? series->latest : series->oldest;
	int64_t above = first_above(detect, series, series->oldest, last, rule->density.max_devices);
	int64_t end_ns = series->oldest * series->shape.slide_ns + series->shape.window_ns;
	struct weir_alert alert = {0};
	struct weir_passage passage;

	if (above <= last && !series->watch.raised) /* other limits by a reload */
		raise(detect, series, rule, above, end_ns);
	if (above <= last || !series->watch.raised)
		return;
	begin_passage(&passage, end_ns);
	measure(&alert, series, rule, weir_pane_at(&detect->windows, series, series->oldest)->devices);
	series->watch.raised = false;
	weir_watch_tell_end(detect, &passage, &series->watch, &alert);
}

void weir_rule_density_repeat(struct weir_detect *detect, struct weir_series *series)
{
	struct weir_passage passage;

	begin_passage(&passage, weir_watch_repeat_due(&series->watch));
	weir_watch_repeat(detect, &passage, &series->watch);
}

void weir_rule_density_end(struct weir_detect *detect, struct weir_series *series, const char *reason)
{
	struct weir_alert alert = {.reason = reason};
	struct weir_passage passage;

	if (!series->watch.raised)
		return;
	begin_passage(&passage, detect->now_ns);
	series->watch.raised = false;
	weir_watch_tell_end(detect, &passage, &series->watch, &alert);
}

struct weir_series *weir_rule_density_find(const struct weir_detect *detect, const char *alert_id)
{
	for (uint32_t slot = 0; slot < detect->windows.capacity; slot++)
		if (weir_watch_has_id(&detect->windows.series[slot].watch, alert_id))
			return &detect->windows.series[slot];
	return NULL;
}

void weir_rule_density_acknowledge(struct weir_detect *detect, struct weir_series *series)
{
	struct weir_passage passage;

	begin_passage(&passage, detect->now_ns);
	weir_watch_acknowledge(detect, &passage, &series->watch);
}
