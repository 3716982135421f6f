/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which fence of one set is which of another, by their ids: see setup.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gateway/setup.h"

struct numbered {
	const char *id;
	uint32_t index;
};

static int by_id(const void *left, const void *right)
{
	return strcmp(((const struct numbered *)left)->id, ((const struct numbered *)right)->id);
}

int weir_fences_renumber(struct weir_renumbering *out, const struct weir_fences *old,
                         const struct weir_fences *new)
{
	size_t old_count = weir_fences_count(old), new_count = weir_fences_count(new);
	struct numbered *ids = calloc(new_count + 1, sizeof *ids);
	uint32_t *numbers = calloc(old_count + 1, sizeof *numbers);
	size_t kept = 0;

	if (!ids || !numbers) {
		free(ids);
		free(numbers);
		return -ENOMEM;
	}
	for (size_t i = 0; i < new_count; i++)
		ids[i] = (struct numbered){weir_fences_get(new, i)->id, (uint32_t)i};
	qsort(ids, new_count, sizeof *ids, by_id);
	for (size_t i = 0; i < old_count; i++) {
		const struct numbered wanted = {.id = weir_fences_get(old, i)->id};
		const struct numbered *found = bsearch(&wanted, ids, new_count, sizeof *ids, by_id);

		numbers[i] = found ? found->index : WEIR_FENCE_GONE;
		kept += found != NULL;
	}
	free(ids);
	*out = (struct weir_renumbering){numbers, new_count - kept, old_count - kept};
	return 0;
}
