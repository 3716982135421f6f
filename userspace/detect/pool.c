/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Items that are free form a list like any other. See pool.h.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "detect/pool.h"

static uint32_t *next_of(const struct weir_pool *pool, uint32_t index)
{
	return weir_pool_at(pool, index);
}

int weir_pool_new(struct weir_pool *pool, uint32_t capacity, size_t size)
{
	struct weir_pool made = {.items = calloc(capacity, size), .size = size, .capacity = capacity};

	assert(capacity >= 1 && size >= sizeof(uint32_t));
	if (made.items == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < capacity; i++)
		*next_of(&made, i) = i + 1 < capacity ? i + 1 : WEIR_NO_ITEM;
	*pool = made;
	return 0;
}

void *weir_pool_add(struct weir_pool *pool, uint32_t *link)
{
	uint32_t index = pool->free;

	if (index == WEIR_NO_ITEM)
		return NULL;
	uint32_t *item = next_of(pool, index);
	pool->free = *item;
	pool->used++;
	if (index >= pool->fresh)
		pool->fresh = index + 1;
	memset(item, 0, pool->size);
	*item = *link;
	*link = index;
	return item;
}

void weir_pool_remove(struct weir_pool *pool, uint32_t *link)
{
	uint32_t index = *link;
	uint32_t *item = next_of(pool, index);

	*link = *item;
	*item = pool->free;
	pool->free = index;
	pool->used--;
}

void weir_pool_clear(struct weir_pool *pool)
{
	free(pool->items);
	*pool = (struct weir_pool){0};
}
