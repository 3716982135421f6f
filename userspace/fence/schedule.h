/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a schedule is made of; for the code that reads it from a file and the code that asks it.
 */
#ifndef WEIR_SCHEDULE_H
#define WEIR_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include <weir/fence.h>

/*
 * Open from a time of day to another one, on the days on which it begins. Where the end is not after the
 * beginning, it is that of the next day.
 */
struct weir_weekly_window {
	uint8_t days;         /* bits; bit 0 is Monday */
	int32_t from_s, to_s; /* seconds after midnight, 0 to 86,400 */
};

/* From a moment on, local time is ahead of UTC by so much. */
struct weir_utc_offset {
	int64_t since_s; /* Unix time */
	int32_t ahead_s;
};

/* A place's clocks. Schedules of a set share them. */
struct weir_time_zone {
	char *name;
	struct _GTimeZone *glib;         /* for reading only */
	struct weir_utc_offset *offsets; /* ascending; the first holds from the beginning of time */
	size_t offset_count;
	struct weir_time_zone *next;
};

struct weir_schedule {
	int64_t valid_from_ns; /* INT64_MIN: always was */
	int64_t valid_to_ns;   /* excluded; INT64_MAX: for ever */
	struct weir_weekly_window *windows;
	size_t window_count;                   /* 0: all the time */
	const struct weir_utc_offset *offsets; /* borrowed from the zone */
	size_t offset_count;                   /* at least 1 */
	const char *zone;                      /* its name; borrowed */
};

void weir_schedule_free(struct weir_schedule *schedule);
void weir_time_zones_free(struct weir_time_zone *zones);

#endif
