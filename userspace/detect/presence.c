/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool of presences. When one begins and ends is decided in crossing.c.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/presence.h"

int weir_presences_new(struct weir_presences *presences, uint32_t capacity)
{
	struct weir_presence *pool = calloc(capacity, sizeof(*pool));

	if (pool == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < capacity; i++)
		pool[i].next = i + 1 < capacity ? i + 1 : WEIR_NO_PRESENCE;
	*presences = (struct weir_presences){.pool = pool, .capacity = capacity, .free = 0};
	return 0;
}

struct weir_presence *weir_presence_add(struct weir_presences *presences, uint32_t *link, uint32_t fence)
{
	uint32_t slot = presences->free;

	if (slot == WEIR_NO_PRESENCE)
		return NULL;
	struct weir_presence *presence = &presences->pool[slot];
	presences->free = presence->next;
	*presence = (struct weir_presence){.next = *link, .fence = fence};
	*link = slot;
	return presence;
}

void weir_presence_remove(struct weir_presences *presences, uint32_t *link)
{
	uint32_t slot = *link;

	*link = presences->pool[slot].next;
	presences->pool[slot].next = presences->free;
	presences->free = slot;
}

void weir_presences_clear(struct weir_presences *presences)
{
	free(presences->pool);
	*presences = (struct weir_presences){0};
}
