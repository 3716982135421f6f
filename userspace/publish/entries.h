/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys and their values, sorted by key: what a bucket holds.
 */
#ifndef WEIR_PUBLISH_ENTRIES_H
#define WEIR_PUBLISH_ENTRIES_H

#include "bucket.h"

struct weir_entries {
	struct weir_bucket_entry *items;
	size_t count;
	size_t capacity;
};

/* Copies both. Returns 0, -ENOMEM, or -ENOSPC beyond WEIR_BUCKET_KEYS_MAX. */
int weir_entries_put(struct weir_entries *entries, const char *key, const char *value, size_t length);

/* A key that is not there is no fault. */
void weir_entries_drop(struct weir_entries *entries, const char *key);

/* Returns 0 or -ENOMEM. */
int weir_entries_copy(struct weir_entries *out, const struct weir_entries *entries);

void weir_entries_clear(struct weir_entries *entries);

#endif
