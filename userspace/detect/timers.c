/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A binary heap that knows where each of its slots is.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/timers.h"

#define NOWHERE UINT32_MAX

int weir_timers_new(struct weir_timers *timers, uint32_t capacity)
{
	struct weir_timers made = {
	        .heap = calloc(capacity, sizeof(*made.heap)),
	        .places = calloc(capacity, sizeof(*made.places)),
	};

	if (made.heap == NULL || made.places == NULL) {
		weir_timers_clear(&made);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < capacity; i++)
		made.places[i] = NOWHERE;
	*timers = made;
	return 0;
}

static bool is_before(const struct weir_timer *a, const struct weir_timer *b)
{
	return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->key < b->key;
}

static void put(struct weir_timers *timers, uint32_t place, struct weir_timer timer)
{
	timers->heap[place] = timer;
	timers->places[timer.slot] = place;
}

/* Finds the place of an entry, beginning at a place that is free for it, upwards and then downwards. */
static void settle(struct weir_timers *timers, uint32_t place, struct weir_timer timer)
{
	while (place > 0 && is_before(&timer, &timers->heap[(place - 1) / 2])) {
		put(timers, place, timers->heap[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	for (;;) {
		uint32_t child = 2 * place + 1;

		if (child >= timers->count)
			break;
		if (child + 1 < timers->count && is_before(&timers->heap[child + 1], &timers->heap[child]))
			child++;
		if (!is_before(&timers->heap[child], &timer))
			break;
		put(timers, place, timers->heap[child]);
		place = child;
	}
	put(timers, place, timer);
}

void weir_timers_set(struct weir_timers *timers, uint32_t slot, uint64_t key, int64_t due_ns)
{
	uint32_t place = timers->places[slot];

	if (place == NOWHERE)
		place = timers->count++;
	settle(timers, place, (struct weir_timer){due_ns, key, slot});
}

void weir_timers_remove(struct weir_timers *timers, uint32_t slot)
{
	uint32_t place = timers->places[slot];
	struct weir_timer last = timers->heap[--timers->count];

	timers->places[slot] = NOWHERE;
	if (last.slot != slot)
		settle(timers, place, last);
}

const struct weir_timer *weir_timers_first(const struct weir_timers *timers)
{
	return timers->count == 0 ? NULL : &timers->heap[0];
}

void weir_timers_clear(struct weir_timers *timers)
{
	free(timers->heap);
	free(timers->places);
	*timers = (struct weir_timers){0};
}
