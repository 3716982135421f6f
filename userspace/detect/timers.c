/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A binary heap that knows where each of its slots is.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/timers.h"

#define NOWHERE UINT32_MAX

int weir_timers_new(struct weir_timers *timers, uint32_t capacity, const struct weir_keys *keys)
{
	struct weir_timers made = {
	        .due_ns = calloc(capacity, sizeof(*made.due_ns)),
	        .slots = calloc(capacity, sizeof(*made.slots)),
	        .places = calloc(capacity, sizeof(*made.places)),
	        .keys = *keys,
	};

	if (made.due_ns == NULL || made.slots == NULL || made.places == NULL) {
		weir_timers_clear(&made);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < capacity; i++)
		made.places[i] = NOWHERE;
	*timers = made;
	return 0;
}

static struct weir_timer timer_at(const struct weir_timers *timers, uint32_t place)
{
	return (struct weir_timer){timers->due_ns[place], timers->slots[place]};
}

static bool is_before(const struct weir_timers *timers, struct weir_timer a, struct weir_timer b)
{
	return a.due_ns != b.due_ns ? a.due_ns < b.due_ns
	                            : weir_key_of(&timers->keys, a.slot) < weir_key_of(&timers->keys, b.slot);
}

static void put(struct weir_timers *timers, uint32_t place, struct weir_timer timer)
{
	timers->due_ns[place] = timer.due_ns;
	timers->slots[place] = timer.slot;
	timers->places[timer.slot] = place;
}

/* Finds the place of an entry, beginning at a place that is free for it, upwards and then downwards. */
static void settle(struct weir_timers *timers, uint32_t place, struct weir_timer timer)
{
	while (place > 0 && is_before(timers, timer, timer_at(timers, (place - 1) / 2))) {
		put(timers, place, timer_at(timers, (place - 1) / 2));
		place = (place - 1) / 2;
	}
	for (;;) {
		uint32_t child = 2 * place + 1;

		if (child >= timers->count)
			break;
		if (child + 1 < timers->count &&
		    is_before(timers, timer_at(timers, child + 1), timer_at(timers, child)))
			child++;
		if (!is_before(timers, timer_at(timers, child), timer))
			break;
		put(timers, place, timer_at(timers, child));
		place = child;
	}
	put(timers, place, timer);
}

void weir_timers_set(struct weir_timers *timers, uint32_t slot, int64_t due_ns)
{
	uint32_t place = timers->places[slot];

	if (place == NOWHERE)
		place = timers->count++;
	settle(timers, place, (struct weir_timer){due_ns, slot});
}

void weir_timers_remove(struct weir_timers *timers, uint32_t slot)
{
	uint32_t place = timers->places[slot];
	struct weir_timer last = timer_at(timers, --timers->count);

	timers->places[slot] = NOWHERE;
	if (last.slot != slot)
		settle(timers, place, last);
}

void weir_timers_clear(struct weir_timers *timers)
{
	free(timers->due_ns);
	free(timers->slots);
	free(timers->places);
	*timers = (struct weir_timers){0};
}
