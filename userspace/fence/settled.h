/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An array that has grown to its final size: into memory of that size, in large pages where it is large. Who
 * asks at random places would else miss the table of pages as often as the cache.
 */
#ifndef WEIR_SETTLED_H
#define WEIR_SETTLED_H

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define WEIR_LARGE_PAGE ((size_t)2 << 20) /* of x86-64, and of arm64 with pages of 4 KiB */

/* Returns the array, moved or not; to be freed by free(). It takes NULL, too. Never fails. */
static inline void *weir_settled(void *items, size_t bytes)
{
	if (items == NULL || bytes == 0)
		return items;
	if (bytes < WEIR_LARGE_PAGE) {
		void *cut = realloc(items, bytes);
		if (cut != NULL)
			items = cut;
		return items;
	}
	size_t rounded = (bytes + WEIR_LARGE_PAGE - 1) / WEIR_LARGE_PAGE * WEIR_LARGE_PAGE;
	void *made = aligned_alloc(WEIR_LARGE_PAGE, rounded);
	if (made == NULL)
		return items;
	madvise(made, rounded, MADV_HUGEPAGE); /* where it is refused, small pages do */
	memcpy(made, items, bytes);
	free(items);
	return made;
}

#endif
