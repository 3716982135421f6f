/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sets of eight, each a queue. See duplicates.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect/duplicates.h"

_Static_assert(WEIR_DUPLICATES_WAYS * sizeof(struct weir_said) == 128, "two lines of 64 bytes");

int weir_duplicates_new(struct weir_duplicates *duplicates, int64_t window_ns)
{
	struct weir_duplicates made = {.window_ns = window_ns};

	if (window_ns != 0) {
		made.sets = aligned_alloc(sizeof(*made.sets), WEIR_DUPLICATES_SETS * sizeof(*made.sets));
		if (made.sets == NULL)
			return -ENOMEM;
		for (size_t set = 0; set < WEIR_DUPLICATES_SETS; set++)
			for (size_t way = 0; way < WEIR_DUPLICATES_WAYS; way++)
				made.sets[set][way] = (struct weir_said){.time_ns = INT64_MIN};
	}
	*duplicates = made;
	return 0;
}

/* Fibonacci hashing: 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming, 6.4). */
static struct weir_said *set_of(const struct weir_duplicates *duplicates, uint64_t hash)
{
	return duplicates->sets[(hash * UINT64_C(0x9e3779b97f4a7c15)) >> 32 & (WEIR_DUPLICATES_SETS - 1)];
}

/* The place of the hash in its set, or the last one. */
static size_t way_of(const struct weir_said *set, uint64_t hash)
{
	size_t way = 0;

	while (way < WEIR_DUPLICATES_WAYS - 1 && (set[way].hash != hash || set[way].time_ns == INT64_MIN))
		way++;
	return way;
}

static bool is_near(int64_t a_ns, int64_t b_ns, int64_t window_ns)
{
	int64_t difference_ns;

	return !__builtin_sub_overflow(a_ns, b_ns, &difference_ns) && difference_ns < window_ns &&
	       difference_ns > -window_ns;
}

bool weir_duplicates_has(const struct weir_duplicates *duplicates, uint64_t hash, int64_t time_ns)
{
	const struct weir_said *set = set_of(duplicates, hash);
	const struct weir_said *said = &set[way_of(set, hash)];

	return said->hash == hash && said->time_ns != INT64_MIN &&
	       is_near(time_ns, said->time_ns, duplicates->window_ns);
}

void weir_duplicates_fetch(const struct weir_duplicates *duplicates, uint64_t hash)
{
	const struct weir_said *set = set_of(duplicates, hash);

	__builtin_prefetch(&set[0]);
	__builtin_prefetch(&set[WEIR_DUPLICATES_WAYS / 2]);
}

void weir_duplicates_note(struct weir_duplicates *duplicates, uint64_t hash, int64_t time_ns)
{
	struct weir_said *set = set_of(duplicates, hash);
	size_t way = way_of(set, hash); /* said long ago, and again; or the one that gives way */

	memmove(&set[1], &set[0], way * sizeof(set[0]));
	set[0] = (struct weir_said){.hash = hash, .time_ns = time_ns};
}

void weir_duplicates_clear(struct weir_duplicates *duplicates)
{
	free(duplicates->sets);
	*duplicates = (struct weir_duplicates){0};
}
