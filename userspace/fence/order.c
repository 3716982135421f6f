/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of a set of fences: that of their ids, whatever file they come from and wherever they stand in
 * it. So two sets agree on the order of the fences that both have.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fence/loader.h"

struct ranked {
	struct weir_fence fence;
	uint32_t before; /* its index as loaded */
};

static int by_id(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	return strcmp(a->fence.id, b->fence.id);
}

static void rename_owners(struct weir_shapes *shapes, const uint32_t *after)
{
	for (size_t i = 0; i < shapes->count; i++)
		shapes->shapes[i].owner = after[shapes->shapes[i].owner];
}

int weir_fences_sort(struct weir_fences *set)
{
	struct ranked *ranked = calloc(set->count + 1, sizeof(*ranked));
	uint32_t *after = calloc(set->count + 1, sizeof(*after));
	int error = ranked == NULL || after == NULL ? -ENOMEM : 0;

	if (error != 0)
		goto out;
	for (uint32_t i = 0; i < set->count; i++)
		ranked[i] = (struct ranked){set->items[i], i};
	qsort(ranked, set->count, sizeof(*ranked), by_id);
	for (uint32_t i = 0; i < set->count; i++) {
		set->items[i] = ranked[i].fence;
		after[ranked[i].before] = i;
	}
	rename_owners(&set->shapes, after);
	rename_owners(&set->gates, after);
out:
	free(ranked);
	free(after);
	return error;
}
