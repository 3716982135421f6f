/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists, buckets, making and freeing. See gps_epoch_table.h.
 */
#include "gps_epoch_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void weir_epoch_unlink(struct epochs *table, struct epoch_list *list, struct epoch *epoch)
{
	*(epoch->older == NO_EPOCH ? &list->oldest : &table->slots[epoch->older].newer) = epoch->newer;
	*(epoch->newer == NO_EPOCH ? &list->newest : &table->slots[epoch->newer].older) = epoch->older;
}

void weir_epoch_append(struct epochs *table, struct epoch_list *list, struct epoch *epoch)
{
	uint32_t index = (uint32_t)(epoch - table->slots);

	epoch->newer = NO_EPOCH;
	epoch->older = list->newest;
	*(epoch->older == NO_EPOCH ? &list->oldest : &table->slots[epoch->older].newer) = index;
	list->newest = index;
}

uint32_t weir_epoch_hash(const struct epoch_source *source)
{
	const uint8_t *bytes = (const uint8_t *)source;
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < sizeof(*source); i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return hash ^ hash >> 15;
}

struct epoch *weir_epoch_find(struct epochs *table, const struct epoch_source *source, uint32_t hash)
{
	for (uint32_t i = table->buckets[hash & table->bucket_mask]; i != NO_EPOCH; i = table->slots[i].chain)
		if (table->slots[i].hash == hash &&
		    memcmp(&table->slots[i].source, source, sizeof(*source)) == 0)
			return &table->slots[i];
	return NULL;
}

void weir_epoch_enter_bucket(struct epochs *table, struct epoch *epoch)
{
	uint32_t *place = &table->buckets[epoch->hash & table->bucket_mask];

	epoch->chain = *place;
	*place = (uint32_t)(epoch - table->slots);
}

void weir_epoch_leave_bucket(struct epochs *table, const struct epoch *epoch)
{
	uint32_t *place = &table->buckets[epoch->hash & table->bucket_mask];

	while (&table->slots[*place] != epoch)
		place = &table->slots[*place].chain;
	*place = epoch->chain;
}

int weir_epochs_new(struct epochs **out, uint32_t slots, int64_t timeout_ns,
                    const struct gps_listener *listener)
{
	uint32_t buckets = 1;

	if (slots == 0 || slots > 1u << 20 || timeout_ns <= 0)
		return -EINVAL;
	while (buckets < 2 * slots)
		buckets *= 2;
	struct epochs *table = calloc(1, sizeof(*table) + slots * sizeof(table->slots[0]));

	if (table == NULL)
		return -ENOMEM;
	table->buckets = malloc(buckets * sizeof(table->buckets[0]));
	if (table->buckets == NULL) {
		free(table);
		return -ENOMEM;
	}
	memset(table->buckets, 0xff, buckets * sizeof(table->buckets[0]));
	table->bucket_mask = buckets - 1;
	table->timeout_ns = timeout_ns;
	table->listener = *listener;
	table->cursor = NO_EPOCH;
	table->open = table->free = (struct epoch_list){NO_EPOCH, NO_EPOCH};
	for (uint32_t i = 0; i < slots; i++)
		weir_epoch_append(table, &table->free, &table->slots[i]);
	*out = table;
	return 0;
}

void weir_epochs_free(struct epochs *table)
{
	if (table == NULL)
		return;
	free(table->buckets);
	free(table);
}
