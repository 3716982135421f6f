/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pools of fixed size, whose items form lists. An item begins with a uint32_t: the next item of its list, or
 * the next free one. What an item means is not known here.
 */
#ifndef WEIR_POOL_H
#define WEIR_POOL_H

#include <stddef.h>
#include <stdint.h>

#define WEIR_NO_ITEM UINT32_MAX /* ends a list */

struct weir_pool {
	void *items;
	size_t size; /* of an item, bytes */
	uint32_t capacity, free, used;
	uint32_t fresh; /* no item from this one on was ever taken */
};

/* Returns 0 or -ENOMEM. */
int weir_pool_new(struct weir_pool *pool, uint32_t capacity, size_t size);

static inline void *weir_pool_at(const struct weir_pool *pool, uint32_t index)
{
	return (char *)pool->items + index * pool->size;
}

/* Puts a new item, all zero, before what *link leads to. NULL where there is no room. */
void *weir_pool_add(struct weir_pool *pool, uint32_t *link);

/* Takes out the item that *link leads to. */
void weir_pool_remove(struct weir_pool *pool, uint32_t *link);

void weir_pool_clear(struct weir_pool *pool);

#endif
