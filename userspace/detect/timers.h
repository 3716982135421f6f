/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is due next: a heap of slots, ordered by time, then by key. One entry a slot.
 *
 * An entry may be due earlier than its slot really is: then it comes up, and is put back with its true
 * time. That makes a device that reports all the time cost nothing here.
 */
#ifndef WEIR_TIMERS_H
#define WEIR_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

struct weir_timer {
	int64_t due_ns; /* Unix time, ns */
	uint64_t key;
	uint32_t slot;
};

struct weir_timers {
	struct weir_timer *heap;
	uint32_t *places; /* of each slot in the heap */
	uint32_t count;
};

/* Room for slots 0 to capacity - 1. Returns 0 or -ENOMEM. */
int weir_timers_new(struct weir_timers *timers, uint32_t capacity);

/* Sets the time of a slot, which is there or not. */
void weir_timers_set(struct weir_timers *timers, uint32_t slot, uint64_t key, int64_t due_ns);

/* The time of a slot that is there. */
static inline int64_t weir_timers_due(const struct weir_timers *timers, uint32_t slot)
{
	return timers->heap[timers->places[slot]].due_ns;
}

/* Takes a slot out that is there. */
void weir_timers_remove(struct weir_timers *timers, uint32_t slot);

/* The first entry, or NULL. */
const struct weir_timer *weir_timers_first(const struct weir_timers *timers);

void weir_timers_clear(struct weir_timers *timers);

#endif
