/* SPDX-License-Identifier: BSD-2-Clause */
/* The children of entry i are 2i + 1 and 2i + 2; none is earlier than its parent. */
#include "timetable.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

struct weir_timetable {
	size_t capacity, count;
	struct weir_due entries[];
};

int weir_timetable_new(struct weir_timetable **out, size_t capacity)
{
	struct weir_timetable *timetable =
	        calloc(1, sizeof(*timetable) + capacity * sizeof(timetable->entries[0]));

	if (!timetable)
		return -ENOMEM;
	timetable->capacity = capacity;
	*out = timetable;
	return 0;
}

static bool before(const struct weir_due *a, const struct weir_due *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->number < b->number;
}

static void swap(struct weir_due *a, struct weir_due *b)
{
	struct weir_due kept = *a;

	*a = *b;
	*b = kept;
}

void weir_timetable_add(struct weir_timetable *timetable, struct weir_due due)
{
	struct weir_due *entries = timetable->entries;
	size_t i = timetable->count++;

	assert(i < timetable->capacity);
	entries[i] = due;
	for (; i > 0 && before(&entries[i], &entries[(i - 1) / 2]); i = (i - 1) / 2)
		swap(&entries[i], &entries[(i - 1) / 2]);
}

struct weir_due weir_timetable_first(const struct weir_timetable *timetable)
{
	assert(timetable->count > 0);
	return timetable->entries[0];
}

void weir_timetable_move_first(struct weir_timetable *timetable, int64_t time_ns)
{
	struct weir_due *entries = timetable->entries;
	size_t i = 0;

	assert(timetable->count > 0);
	entries[0].time_ns = time_ns;
	for (;;) {
		size_t first = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < timetable->count; child++)
			if (before(&entries[child], &entries[first]))
				first = child;
		if (first == i)
			return;
		swap(&entries[i], &entries[first]);
		i = first;
	}
}

void weir_timetable_free(struct weir_timetable *timetable)
{
	free(timetable);
}
