/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which fences a device is in, or about to be. A presence belongs to one device and one fence, and
 * exists while the device is confirmed inside, or has had fixes inside that do not confirm it yet. All
 * presences come from one pool of fixed size; those of a device form a list in the order of the fences.
 */
#ifndef WEIR_PRESENCE_H
#define WEIR_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

#define WEIR_NO_PRESENCE UINT32_MAX

struct weir_presence {
	uint32_t next; /* of the same device, or free; WEIR_NO_PRESENCE ends the list */
	uint32_t fence;
	uint8_t fixes; /* in a row that say the contrary of `inside` */
	bool inside;   /* confirmed */
};

struct weir_presences {
	struct weir_presence *pool;
	uint32_t capacity, free;
};

/* Returns 0 or -ENOMEM. */
int weir_presences_new(struct weir_presences *presences, uint32_t capacity);

/* Puts a new presence before what *link leads to. NULL where there is no room. */
struct weir_presence *weir_presence_add(struct weir_presences *presences, uint32_t *link, uint32_t fence);

/* Takes out the presence that *link leads to. */
void weir_presence_remove(struct weir_presences *presences, uint32_t *link);

void weir_presences_clear(struct weir_presences *presences);

#endif
