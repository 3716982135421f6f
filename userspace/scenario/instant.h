/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An instant as people write it.
 */
#ifndef WEIR_SCENARIO_INSTANT_H
#define WEIR_SCENARIO_INSTANT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * "2026-11-22T05:14:25Z", in UTC with or without the Z, from 1970 to 2200: with the longest simulation there
 * is, nanoseconds stay within 64 bits. False where it is none.
 */
bool weir_instant_read(const char *text, int64_t *time_ns);

/* The latest that is read, Unix seconds. */
#define WEIR_INSTANT_MOST_S INT64_C(7258118400)

#endif
