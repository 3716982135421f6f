/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is due next: a heap of slots, ordered by time, then by their keys. One entry a slot.
 *
 * An entry may be due earlier than its slot really is: then it comes up, and is put back with its true
 * time. That makes a device that reports all the time cost nothing here.
 */
#ifndef WEIR_TIMERS_H
#define WEIR_TIMERS_H

#include <stdbool.h>
#include <stdint.h>

#include "detect/keymap.h"

struct weir_timer {
	int64_t due_ns; /* Unix time, ns */
	uint32_t slot;
};

/* The heap in two arrays, without the gaps that an array of the above would have. */
struct weir_timers {
	int64_t *due_ns;
	uint32_t *slots;
	uint32_t *places; /* of each slot in the heap */
	uint32_t count;
	struct weir_keys keys;
};

/* Room for slots 0 to capacity - 1. Returns 0 or -ENOMEM. */
int weir_timers_new(struct weir_timers *timers, uint32_t capacity, const struct weir_keys *keys);

/* Sets the time of a slot, which is there or not. */
void weir_timers_set(struct weir_timers *timers, uint32_t slot, int64_t due_ns);

static inline bool weir_timers_has(const struct weir_timers *timers, uint32_t slot)
{
	return timers->places[slot] != UINT32_MAX;
}

/* The time of a slot that is there. */
static inline int64_t weir_timers_due(const struct weir_timers *timers, uint32_t slot)
{
	return timers->due_ns[timers->places[slot]];
}

/* Takes a slot out that is there, and still has its key. */
void weir_timers_remove(struct weir_timers *timers, uint32_t slot);

/* The first entry; false: there is none. */
static inline bool weir_timers_first(const struct weir_timers *timers, struct weir_timer *first)
{
	if (timers->count == 0)
		return false;
	*first = (struct weir_timer){timers->due_ns[0], timers->slots[0]};
	return true;
}

void weir_timers_clear(struct weir_timers *timers);

#endif
