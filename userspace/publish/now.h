/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The clocks: the time of day for delays since the kernel's timestamp, which is of that clock, and one
 * that is never set for time-outs.
 */
#ifndef WEIR_PUBLISH_NOW_H
#define WEIR_PUBLISH_NOW_H

#include <stdint.h>
#include <time.h>

static inline int64_t weir_clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t weir_now_ns(void)
{
	return weir_clock_ns(CLOCK_REALTIME);
}

static inline int64_t weir_steady_ns(void)
{
	return weir_clock_ns(CLOCK_MONOTONIC);
}

#endif
