/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Room for one more item in an array that grows, at load time only.
 */
#ifndef WEIR_GROWING_H
#define WEIR_GROWING_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

/* Makes room for `needed` items of `size` bytes. Returns the array, moved or not; NULL: out of memory. */
static inline void *weir_growing(void *items, size_t *capacity, size_t needed, size_t size)
{
	if (needed <= *capacity && items != NULL)
		return items;

	size_t wanted = *capacity < 16 ? 16 : *capacity + *capacity / 2;
	if (wanted < needed)
		wanted = needed;
	void *moved = reallocarray(items, wanted, size);
	if (moved != NULL)
		*capacity = wanted;
	return moved;
}

#endif
