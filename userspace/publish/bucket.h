/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bucket of NATS' key/value store, watched: what is in it, as it changes. A thread and a connection of its
 * own, since the library's calls for buckets wait for answers. Knows nothing of what the values mean.
 *
 * While the broker is away, what was read last goes on; when it is back, the whole is read anew.
 */
#ifndef WEIR_PUBLISH_BUCKET_H
#define WEIR_PUBLISH_BUCKET_H

#include "publish.h"

/* More keys than this, or a longer value, are refused and said so. */
#define WEIR_BUCKET_KEYS_MAX 65536
#define WEIR_BUCKET_VALUE_MAX (8u << 20)

struct weir_bucket_entry {
	char *key;
	char *value; /* NUL-terminated behind its length */
	size_t length;
};

struct weir_bucket_options {
	const struct weir_nats_options *nats; /* needed during weir_bucket_open() only */
	const char *name;                     /* made where it is absent */
	/* Called in the bucket's thread; must return soon. */
	void *context;
	void (*changed)(void *context); /* it was read, or what is in it has changed */
	void (*log)(void *context, enum weir_publish_log_level level, const char *text);
};

struct weir_bucket;

/* Starts the thread. As weir_publisher_start(): a broker that is away is no error. */
int weir_bucket_open(struct weir_bucket **out, const struct weir_bucket_options *options);

/*
 * From any thread: a copy of what is in the bucket, in the order of its keys, to be freed by
 * weir_bucket_entries_free(). Returns 0, -ENOMEM, or -EAGAIN as long as it has not been read once.
 */
int weir_bucket_read(struct weir_bucket *bucket, struct weir_bucket_entry **entries, size_t *count);
void weir_bucket_entries_free(struct weir_bucket_entry *entries, size_t count);

/* From any thread: has it been read? When not, reason (NUL-terminated, cut at size) says why. */
bool weir_bucket_ready(struct weir_bucket *bucket, char *reason, size_t size);

/* Takes NULL. */
void weir_bucket_close(struct weir_bucket *bucket);

#endif
