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

struct weir_schedule {
	int64_t valid_from_ns; /* INT64_MIN: always was */
	int64_t valid_to_ns;   /* excluded; INT64_MAX: for ever */
	struct weir_weekly_window *windows;
	size_t window_count;             /* 0: all the time */
	struct weir_utc_offset *offsets; /* ascending; before the first: as the first */
	size_t offset_count;             /* 0: UTC */
};

void weir_schedule_free(struct weir_schedule *schedule);

#endif
