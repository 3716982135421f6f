/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filters and schedules back to JSON, as a file would have them.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "fence/export_limits.h"
#include "fence/schedule.h"

#define SECOND_NS INT64_C(1000000000)
#define WEEK_DAYS 7

static json_t *range_json(uint32_t first, uint32_t last)
{
	return first == last ? json_integer(first) : json_sprintf("%" PRIu32 "-%" PRIu32, first, last);
}

/* The bits of words as ranges. */
static json_t *bits_json(const uint64_t *words, uint32_t count)
{
	json_t *list = json_array();

	for (uint32_t bit = 0, last; bit < count; bit = last + 1) {
		last = bit;
		if (!(words[bit / 64] >> bit % 64 & 1))
			continue;
		while (last + 1 < count && (words[(last + 1) / 64] >> (last + 1) % 64 & 1))
			last++;
		json_array_append_new(list, range_json(bit, last));
	}
	return list;
}

static void set_limit(json_t *json, const char *key, double value)
{
	if (isfinite(value))
		json_object_set_new(json, key, json_real(value));
}

json_t *weir_filter_json(const struct weir_fence_filter *filter)
{
	json_t *made = json_object(), *classes = json_array(), *mmsis = json_array();

	for (unsigned i = 0; i < WEIR_CLASSES; i++)
		if (filter->classes >> i & 1)
			json_array_append_new(classes, json_string(weir_class_name((enum weir_class)i)));
	for (size_t i = 0; i < filter->mmsi_count; i++)
		json_array_append_new(mmsis, range_json(filter->mmsis[i].first, filter->mmsis[i].last));
	if (filter->has & WEIR_FILTER_CLASSES)
		json_object_set(made, "class", classes);
	if (filter->has & WEIR_FILTER_SHIP_TYPES)
		json_object_set_new(made, "ship_type", bits_json(filter->ship_types, 256));
	if (filter->has & WEIR_FILTER_MMSIS)
		json_object_set(made, "mmsi", mmsis);
	if (filter->has & WEIR_FILTER_NAV_STATUSES)
		json_object_set_new(made, "nav_status", bits_json(&(uint64_t){filter->nav_statuses}, 16));
	if (filter->has & WEIR_FILTER_LENGTH) {
		set_limit(made, "min_length_m", filter->min_length_m);
		set_limit(made, "max_length_m", filter->max_length_m);
	}
	if (filter->has & WEIR_FILTER_SOG) {
		set_limit(made, "min_sog_kn", filter->min_sog_kn);
		set_limit(made, "max_sog_kn", filter->max_sog_kn);
	}
	json_decref(classes);
	json_decref(mmsis);
	return made;
}

static json_t *time_of_day_json(int32_t seconds)
{
	return json_sprintf("%02d:%02d", seconds / 3600, seconds / 60 % 60);
}

static json_t *window_json(const struct weir_weekly_window *window)
{
	static const char *const days[WEEK_DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	json_t *list = json_array();

	for (int day = 0; day < WEEK_DAYS; day++)
		if (window->days >> day & 1)
			json_array_append_new(list, json_string(days[day]));
	return json_pack("{s:o,s:o,s:o}", "days", list, "from", time_of_day_json(window->from_s), "to",
	                 time_of_day_json(window->to_s));
}

static json_t *moment_json(int64_t time_ns)
{
	int64_t rest_ns = (time_ns % SECOND_NS + SECOND_NS) % SECOND_NS;
	time_t seconds = (time_t)((time_ns - rest_ns) / SECOND_NS);
	struct tm moment;
	char text[32];

	gmtime_r(&seconds, &moment);
	if (strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &moment) == 0)
		return NULL;
	return rest_ns == 0 ? json_sprintf("%sZ", text)
	                    : json_sprintf("%s.%06dZ", text, (int)(rest_ns / 1000));
}

json_t *weir_schedule_json(const struct weir_schedule *schedule)
{
	json_t *made = json_pack("{s:s}", "time_zone", schedule->zone), *windows = json_array();

	for (size_t i = 0; i < schedule->window_count; i++)
		json_array_append_new(windows, window_json(&schedule->windows[i]));
	if (schedule->window_count > 0)
		json_object_set(made, "windows", windows);
	if (schedule->valid_from_ns != INT64_MIN)
		json_object_set_new(made, "valid_from", moment_json(schedule->valid_from_ns));
	if (schedule->valid_to_ns != INT64_MAX)
		json_object_set_new(made, "valid_to", moment_json(schedule->valid_to_ns));
	json_decref(windows);
	return made;
}
