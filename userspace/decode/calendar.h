/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates to Unix time and back, without a time zone, a locale or a clock.
 */
#ifndef WEIR_DECODE_CALENDAR_H
#define WEIR_DECODE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define SECONDS_PER_DAY 86400

static inline bool is_leap_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static inline bool is_date(int year, int month, int day)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return year >= 1970 && year <= 2261 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= days[month - 1] + (month == 2 && is_leap_year(year));
}

/* Days from 1970-01-01 to a date for which is_date() holds. */
static inline int64_t days_of_date(int year, int month, int day)
{
	static const uint16_t before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
	int past = year - 1;
	int leap_days = past / 4 - past / 100 + past / 400 - 477; /* 477 of them before 1970 */

	return (int64_t)(year - 1970) * 365 + leap_days + before[month - 1] +
	       (month > 2 && is_leap_year(year)) + day - 1;
}

#endif
