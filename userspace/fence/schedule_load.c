/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The schedule of a fence, as its file has it. Time zones are read by GLib, once, into tables that hold from
 * 1970 to 2100: nothing of GLib and no environment variable is involved when a schedule is asked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "fence/growing.h"
#include "fence/json_value.h"
#include "fence/loader.h"
#include "fence/schedule.h"

#define FIRST_YEAR_S INT64_C(0)
#define LAST_YEAR_S INT64_C(4102444800) /* 2100-01-01 */
#define STEP_S (7 * 86400)              /* no place changes its clocks twice within a week */
#define WINDOWS_MAX 100
#define EVERY_DAY 0x7f

static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static int32_t ahead_at(GTimeZone *glib, int64_t time_s)
{
	return g_time_zone_get_offset(glib, g_time_zone_find_interval(glib, G_TIME_TYPE_UNIVERSAL, time_s));
}

static bool add_offset(struct weir_time_zone *zone, size_t *capacity, int64_t since_s, int32_t ahead_s)
{
	void *moved = weir_growing(zone->offsets, capacity, zone->offset_count + 1, sizeof(*zone->offsets));

	if (moved == NULL)
		return false;
	zone->offsets = moved;
	zone->offsets[zone->offset_count++] = (struct weir_utc_offset){since_s, ahead_s};
	return true;
}

static bool tabulate(struct weir_time_zone *zone)
{
	size_t capacity = 0;
	int32_t ahead_s = ahead_at(zone->glib, FIRST_YEAR_S);

	if (!add_offset(zone, &capacity, INT64_MIN, ahead_s))
		return false;
	for (int64_t time_s = FIRST_YEAR_S; time_s < LAST_YEAR_S; time_s += STEP_S) {
		int64_t before = time_s, after = time_s + STEP_S;
		int32_t later_s = ahead_at(zone->glib, after);

		if (later_s == ahead_s)
			continue;
		while (after - before > 1) {
			int64_t middle = before + (after - before) / 2;

			if (ahead_at(zone->glib, middle) == ahead_s)
				before = middle;
			else
				after = middle;
		}
		ahead_s = later_s;
		if (!add_offset(zone, &capacity, after, ahead_s))
			return false;
	}
	return true;
}

/* A path must not lead out of the data base of time zones. */
static bool is_zone_name(const char *name)
{
	size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/:");

	return length > 0 && length < 64 && name[length] == '\0' && name[0] != '/';
}

/* The zone of a name, read at most once a set. NULL: there is none, or no memory. */
static struct weir_time_zone *find_zone(struct weir_loader *loader, const char *name)
{
	struct weir_time_zone *zone = loader->set->zones;

	while (zone != NULL && strcmp(zone->name, name) != 0)
		zone = zone->next;
	if (zone != NULL)
		return zone;

	GTimeZone *glib = is_zone_name(name) ? g_time_zone_new_identifier(name) : NULL;
	if (glib == NULL) {
		weir_loader_complain(
		        loader,
		        "unknown 'time_zone' '%s': one such as Europe/Amsterdam or UTC is meant, "
		        "and the package tzdata must be installed",
		        name);
		return NULL;
	}
	zone = calloc(1, sizeof(*zone));
	if (zone == NULL) {
		g_time_zone_unref(glib);
		loader->out_of_memory = true;
		return NULL;
	}
	*zone = (struct weir_time_zone){.name = strdup(name), .glib = glib, .next = loader->set->zones};
	loader->set->zones = zone;
	if (zone->name == NULL || !tabulate(zone)) {
		loader->out_of_memory = true;
		return NULL;
	}
	return zone;
}

void weir_time_zones_free(struct weir_time_zone *zones)
{
	while (zones != NULL) {
		struct weir_time_zone *next = zones->next;

		g_time_zone_unref(zones->glib);
		free(zones->name);
		free(zones->offsets);
		free(zones);
		zones = next;
	}
}

/* "08:30"; "24:00" is the end of a day. */
static bool read_time_of_day(struct weir_loader *loader, const json_t *value, const char *key, int32_t *out_s)
{
	const char *text = json_string_value(value);
	unsigned hour, minute;
	int end = 0;

	if (value == NULL || json_is_null(value))
		return true;
	if (text == NULL || strlen(text) != 5 || strspn(text, "0123456789:") != 5 ||
	    sscanf(text, "%2u:%2u%n", &hour, &minute, &end) != 2 || end != 5 || minute > 59 ||
	    hour * 60 + minute > 24 * 60) {
		weir_loader_complain(loader, "'%s' must be a time of day such as \"08:30\"", key);
		return false;
	}
	*out_s = (int32_t)(hour * 3600 + minute * 60);
	return true;
}

static int day_number(const char *text, size_t length)
{
	for (int i = 0; i < 7; i++)
		if (length == 3 && strncmp(text, days[i], 3) == 0)
			return i;
	return -1;
}

/* "mon", or "fri-mon" with all that lies between. Returns bits, 0 where it is neither. */
static uint8_t read_days(const char *text)
{
	const char *dash = text == NULL ? NULL : strchr(text, '-');
	size_t length = text == NULL ? 0 : dash == NULL ? strlen(text) : (size_t)(dash - text);
	int first = day_number(text, length);
	int last = dash == NULL ? first : day_number(dash + 1, strlen(dash + 1));
	uint8_t bits = 0;

	if (first < 0 || last < 0)
		return 0;
	for (int day = first;; day = (day + 1) % 7) {
		bits |= (uint8_t)(1u << day);
		if (day == last)
			return bits;
	}
}

static bool load_days(struct weir_loader *loader, const json_t *value, uint8_t *out)
{
	uint8_t bits = 0;

	if (value == NULL || json_is_null(value))
		return true;
	for (size_t i = 0; i < json_array_size(value); i++) {
		uint8_t some = read_days(json_string_value(json_array_get(value, i)));

		if (some == 0) {
			bits = 0;
			break;
		}
		bits |= some;
	}
	if (bits == 0) {
		weir_loader_complain(loader,
		                     "'days' must be an array of mon, tue, wed, thu, fri, sat, sun, or "
		                     "of ranges such as \"mon-fri\"");
		return false;
	}
	*out = bits;
	return true;
}

static bool check_keys(struct weir_loader *loader, const json_t *json, const char *const *known, size_t count,
                       const char *where)
{
	const char *key;
	json_t *value;
	bool good = true;

	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		if (weir_is_listed(key, known, count))
			continue;
		good = false;
		weir_loader_complain(loader, "unknown key '%s' in %s", key, where);
	}
	return good;
}

static bool load_window(struct weir_loader *loader, const json_t *json, struct weir_weekly_window *window)
{
	static const char *const known[] = {"days", "from", "to"};

	*window = (struct weir_weekly_window){.days = EVERY_DAY, .to_s = 86400};
	if (!json_is_object(json)) {
		weir_loader_complain(loader, "each of 'windows' must be an object such as "
		                             "{\"days\":[\"mon-fri\"],\"from\":\"08:00\",\"to\":\"18:00\"}");
		return false;
	}
	bool good = check_keys(loader, json, known, WEIR_LENGTH(known), "a window of 'schedule'");
	good &= load_days(loader, json_object_get(json, "days"), &window->days);
	good &= read_time_of_day(loader, json_object_get(json, "from"), "from", &window->from_s);
	good &= read_time_of_day(loader, json_object_get(json, "to"), "to", &window->to_s);
	return good;
}

static bool load_windows(struct weir_loader *loader, const json_t *json, struct weir_schedule *schedule)
{
	size_t count = json_array_size(json);
	bool good = true;

	if (json == NULL || json_is_null(json))
		return true;
	if (!json_is_array(json) || count == 0 || count > WINDOWS_MAX) {
		weir_loader_complain(loader, "'windows' must be an array of 1 to %d windows", WINDOWS_MAX);
		return false;
	}
	schedule->windows = calloc(count, sizeof(*schedule->windows));
	if (schedule->windows == NULL) {
		loader->out_of_memory = true;
		return true;
	}
	for (size_t i = 0; i < count; i++)
		good &= load_window(loader, json_array_get(json, i), &schedule->windows[i]);
	schedule->window_count = count;
	return good;
}

static bool load_moment(struct weir_loader *loader, const json_t *value, const char *key, GTimeZone *zone,
                        int64_t *out_ns)
{
	const char *text = json_string_value(value);

	if (value == NULL || json_is_null(value))
		return true;
	GDateTime *moment = text == NULL ? NULL : g_date_time_new_from_iso8601(text, zone);
	if (moment == NULL || g_date_time_get_year(moment) > 2200) {
		weir_loader_complain(loader,
		                     "'%s' must be a time such as \"2026-05-01T00:00:00Z\" (RFC 3339), or "
		                     "without Z in the time zone of the schedule",
		                     key);
		if (moment != NULL)
			g_date_time_unref(moment);
		return false;
	}
	*out_ns = g_date_time_to_unix(moment) * INT64_C(1000000000) +
	          g_date_time_get_microsecond(moment) * INT64_C(1000);
	g_date_time_unref(moment);
	return true;
}

static bool load(struct weir_loader *loader, const json_t *json, struct weir_schedule *schedule)
{
	static const char *const known[] = {"time_zone", "windows", "valid_from", "valid_to"};
	const json_t *zone_name = json_object_get(json, "time_zone");
	const char *name = "UTC";

	if (!json_is_object(json)) {
		weir_loader_complain(loader, "'schedule' must be an object, not %s", weir_json_type(json));
		return false;
	}
	bool good = check_keys(loader, json, known, WEIR_LENGTH(known), "'schedule'");
	if (zone_name != NULL && !json_is_null(zone_name))
		name = json_is_string(zone_name) ? json_string_value(zone_name) : "";
	const struct weir_time_zone *zone = find_zone(loader, name);
	if (zone == NULL)
		return false;
	schedule->offsets = zone->offsets;
	schedule->offset_count = zone->offset_count;
	schedule->zone = zone->name;
	good &= load_windows(loader, json_object_get(json, "windows"), schedule);
	good &= load_moment(loader, json_object_get(json, "valid_from"), "valid_from", zone->glib,
	                    &schedule->valid_from_ns);
	good &= load_moment(loader, json_object_get(json, "valid_to"), "valid_to", zone->glib,
	                    &schedule->valid_to_ns);
	if (good && schedule->valid_from_ns >= schedule->valid_to_ns) {
		weir_loader_complain(loader, "'valid_from' must be before 'valid_to'");
		good = false;
	}
	return good;
}

bool weir_load_schedule(struct weir_loader *loader, const json_t *json, struct weir_fence *fence)
{
	if (json == NULL || json_is_null(json))
		return true;
	struct weir_schedule *schedule = calloc(1, sizeof(*schedule));
	if (schedule == NULL) {
		loader->out_of_memory = true;
		return true;
	}
	schedule->valid_from_ns = INT64_MIN;
	schedule->valid_to_ns = INT64_MAX;
	fence->schedule = schedule;
	return load(loader, json, schedule);
}
