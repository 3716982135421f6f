/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A ring in the order of noting, and an index into it. See duplicates.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/duplicates.h"

int weir_duplicates_new(struct weir_duplicates *duplicates, int64_t window_ns)
{
	struct weir_duplicates made = {.window_ns = window_ns};

	if (window_ns != 0) {
		int error = weir_keymap_new(&made.map, WEIR_DUPLICATES_MAX);

		if (error != 0)
			return error;
		made.ring = calloc(WEIR_DUPLICATES_MAX, sizeof(*made.ring));
		if (made.ring == NULL) {
			weir_keymap_clear(&made.map);
			return -ENOMEM;
		}
	}
	*duplicates = made;
	return 0;
}

static bool is_near(int64_t a_ns, int64_t b_ns, int64_t window_ns)
{
	int64_t difference_ns;

	return !__builtin_sub_overflow(a_ns, b_ns, &difference_ns) && difference_ns < window_ns &&
	       difference_ns > -window_ns;
}

bool weir_duplicates_has(const struct weir_duplicates *duplicates, uint64_t hash, int64_t time_ns)
{
	uint32_t place = weir_keymap_find(&duplicates->map, hash);

	return place != WEIR_NO_SLOT &&
	       is_near(time_ns, duplicates->ring[place].time_ns, duplicates->window_ns);
}

void weir_duplicates_note(struct weir_duplicates *duplicates, uint64_t hash, int64_t time_ns)
{
	struct weir_said *said = &duplicates->ring[duplicates->next];
	uint32_t before = weir_keymap_find(&duplicates->map, hash);

	if (before != WEIR_NO_SLOT) { /* said long ago, and again */
		weir_keymap_remove(&duplicates->map, hash);
		duplicates->ring[before].is_kept = false;
	}
	if (said->is_kept)
		weir_keymap_remove(&duplicates->map, said->hash);
	*said = (struct weir_said){.hash = hash, .time_ns = time_ns, .is_kept = true};
	weir_keymap_add(&duplicates->map, hash, duplicates->next);
	duplicates->next = (duplicates->next + 1) % WEIR_DUPLICATES_MAX;
}

void weir_duplicates_clear(struct weir_duplicates *duplicates)
{
	free(duplicates->ring);
	weir_keymap_clear(&duplicates->map);
	*duplicates = (struct weir_duplicates){0};
}
