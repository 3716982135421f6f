/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a schedule is open. Local time comes from a table that was made when the schedule was read
 * (schedule_load.c): asking it is plain arithmetic, for any number of threads.
 */
#include <stdlib.h>

#include "fence/schedule.h"

#define SECOND_NS INT64_C(1000000000)
#define DAY_S 86400
#define WEEK_DAYS 7
#define THURSDAY 3 /* 1 January 1970, with Monday as 0 */

static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

static int32_t ahead_at(const struct weir_schedule *schedule, int64_t time_s)
{
	size_t low = 0, high = schedule->offset_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (schedule->offsets[middle].since_s <= time_s)
			low = middle;
		else
			high = middle;
	}
	return schedule->offsets[low].ahead_s;
}

static bool window_is_open(const struct weir_weekly_window *window, unsigned weekday, int64_t second)
{
	bool today = window->days >> weekday & 1;
	bool yesterday = window->days >> (weekday + WEEK_DAYS - 1) % WEEK_DAYS & 1;

	if (window->from_s < window->to_s)
		return today && second >= window->from_s && second < window->to_s;
	return (today && second >= window->from_s) || (yesterday && second < window->to_s);
}

static bool week_is_open(const struct weir_schedule *schedule, int64_t time_s)
{
	int64_t local_s = time_s + ahead_at(schedule, time_s);
	int64_t day = floor_div(local_s, DAY_S);
	unsigned weekday = (unsigned)((day % WEEK_DAYS + WEEK_DAYS + THURSDAY) % WEEK_DAYS);

	for (size_t i = 0; i < schedule->window_count; i++)
		if (window_is_open(&schedule->windows[i], weekday, local_s - day * DAY_S))
			return true;
	return schedule->window_count == 0;
}

bool weir_schedule_is_open(const struct weir_schedule *schedule, int64_t time_ns)
{
	return schedule == NULL || (time_ns >= schedule->valid_from_ns && time_ns < schedule->valid_to_ns &&
	                            week_is_open(schedule, floor_div(time_ns, SECOND_NS)));
}

/*
 * Windows begin and end at full minutes. A week and a day of them shows all that can happen; what it does
 * not show, windows that an hour of summer time swallows and the like, the next call will.
 */
static int64_t next_week_change(const struct weir_schedule *schedule, int64_t time_ns)
{
	const int64_t now_s = floor_div(time_ns, SECOND_NS);
	const int64_t end_s = now_s + (WEEK_DAYS + 1) * DAY_S;
	const bool is_open = week_is_open(schedule, now_s);
	int64_t before = now_s, after = floor_div(now_s, 60) * 60 + 60;

	while (after < end_s && week_is_open(schedule, after) == is_open) {
		before = after;
		after += 60;
	}
	if (after >= end_s)
		return INT64_MAX;
	/* Local mean times of long ago are not ahead by full minutes. */
	while (after - before > 1) {
		int64_t middle = before + (after - before) / 2;

		if (week_is_open(schedule, middle) == is_open)
			before = middle;
		else
			after = middle;
	}
	return after * SECOND_NS;
}

int64_t weir_schedule_next_change(const struct weir_schedule *schedule, int64_t time_ns)
{
	if (schedule == NULL || time_ns >= schedule->valid_to_ns)
		return INT64_MAX;
	if (time_ns < schedule->valid_from_ns) {
		time_ns = schedule->valid_from_ns;
		if (weir_schedule_is_open(schedule, time_ns))
			return time_ns;
	}
	int64_t change = schedule->window_count == 0 ? INT64_MAX : next_week_change(schedule, time_ns);
	if (change < schedule->valid_to_ns)
		return change;
	return weir_schedule_is_open(schedule, time_ns) ? schedule->valid_to_ns : INT64_MAX;
}

void weir_schedule_free(struct weir_schedule *schedule)
{
	if (schedule == NULL)
		return;
	free(schedule->windows);
	free(schedule);
}
