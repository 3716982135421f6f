/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and values. See entries.h.
 */
#include "entries.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void weir_entries_clear(struct weir_entries *entries)
{
	weir_bucket_entries_free(entries->items, entries->count);
	*entries = (struct weir_entries){0};
}

void weir_bucket_entries_free(struct weir_bucket_entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(entries[i].key);
		free(entries[i].value);
	}
	free(entries);
}

/* Where the key is, or would be. */
static size_t find(const struct weir_entries *entries, const char *key, bool *found)
{
	size_t low = 0, high = entries->count;

	*found = false;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(entries->items[middle].key, key);

		if (order == 0) {
			*found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int make_entry(struct weir_bucket_entry *out, const char *key, const char *value, size_t length)
{
	struct weir_bucket_entry entry = {.key = strdup(key), .value = malloc(length + 1), .length = length};

	if (entry.key == NULL || entry.value == NULL) {
		free(entry.key);
		free(entry.value);
		return -ENOMEM;
	}
	memcpy(entry.value, value, length);
	entry.value[length] = '\0';
	*out = entry;
	return 0;
}

int weir_entries_put(struct weir_entries *entries, const char *key, const char *value, size_t length)
{
	struct weir_bucket_entry entry;
	bool found;
	size_t at = find(entries, key, &found);

	if (!found && entries->count == WEIR_BUCKET_KEYS_MAX)
		return -ENOSPC;
	if (!found && entries->count == entries->capacity) {
		size_t capacity = entries->capacity * 2 + 64;
		void *moved = realloc(entries->items, capacity * sizeof(*entries->items));
		if (moved == NULL)
			return -ENOMEM;
		entries->items = moved;
		entries->capacity = capacity;
	}
	int error = make_entry(&entry, key, value, length);
	if (error != 0)
		return error;
	if (found) {
		free(entries->items[at].key);
		free(entries->items[at].value);
	} else {
		memmove(&entries->items[at + 1], &entries->items[at],
		        (entries->count++ - at) * sizeof(*entries->items));
	}
	entries->items[at] = entry;
	return 0;
}

void weir_entries_drop(struct weir_entries *entries, const char *key)
{
	bool found;
	size_t at = find(entries, key, &found);

	if (!found)
		return;
	free(entries->items[at].key);
	free(entries->items[at].value);
	memmove(&entries->items[at], &entries->items[at + 1],
	        (--entries->count - at) * sizeof(*entries->items));
}

int weir_entries_copy(struct weir_entries *out, const struct weir_entries *entries)
{
	struct weir_entries made = {.items = calloc(entries->count + 1, sizeof(*made.items)),
	                            .capacity = entries->count + 1};

	if (made.items == NULL)
		return -ENOMEM;
	for (; made.count < entries->count; made.count++) {
		const struct weir_bucket_entry *entry = &entries->items[made.count];
		if (make_entry(&made.items[made.count], entry->key, entry->value, entry->length) != 0) {
			weir_entries_clear(&made);
			return -ENOMEM;
		}
	}
	*out = made;
	return 0;
}
