/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines on their way from who made them to who gets them, in the order in which they arrive; those that
 * arrive at one moment in the order in which they were added.
 */
#ifndef WEIR_SCENARIO_ARRIVALS_H
#define WEIR_SCENARIO_ARRIVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weir_arrival {
	int64_t arrives_ns, made_ns; /* since the start */
	bool remark;                 /* a comment, and no datagram */
	uint64_t serial;             /* in the order of adding */
	uint32_t length;
	char bytes[];
};

struct weir_arrivals;

/* Returns 0 or -ENOMEM. */
int weir_arrivals_new(struct weir_arrivals **out);

/* A line that begins with head and goes on with bytes. Out of memory aborts. */
void weir_arrivals_add(struct weir_arrivals *arrivals, const struct weir_arrival *when, const char *head,
                       const char *bytes, size_t length);

/* The first one, or NULL. */
const struct weir_arrival *weir_arrivals_first(const struct weir_arrivals *arrivals);

/* Takes it out; it holds until the next call. There must be one. */
const struct weir_arrival *weir_arrivals_take(struct weir_arrivals *arrivals);

/* Takes NULL. */
void weir_arrivals_free(struct weir_arrivals *arrivals);

#endif
