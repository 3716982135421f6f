/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bucket, watched. See bucket.h.
 */
#include "bucket.h"

#include <errno.h>
#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bell.h"
#include "entries.h"
#include "link.h"
#include "now.h"
#include "voice.h"

#define WAIT_MS 100 /* for a change; also how long many changes may take to become one */
#define AGAIN_NS INT64_C(5000000000)
#define REPEAT_LOG_NS INT64_C(30000000000)

struct weir_bucket {
	char name[64];
	void *context;
	void (*changed)(void *context);
	struct weir_voice voice;
	struct weir_bell bell;
	struct weir_link link;
	pthread_t thread;
	_Atomic bool stopping;

	/* The thread's own. */
	jsCtx *js;
	kvStore *store;
	kvWatcher *watcher;
	uint64_t connects_seen;
	int64_t again_ns;
	int64_t said_ns;
	struct weir_entries next; /* what the watcher has told so far */
	bool is_whole;            /* all that was there when it began has come */
	bool is_news;

	pthread_mutex_t lock; /* of what follows */
	struct weir_entries now;
	bool was_read;
	char reason[WEIR_LINK_ERROR_MAX];
};

/* ---- The thread ---- */

static void note(struct weir_bucket *bucket, const char *what, const char *detail)
{
	char reason[WEIR_LINK_ERROR_MAX];

	snprintf(reason, sizeof(reason), "%s%s%s", what, detail != NULL ? ": " : "",
	         detail != NULL ? detail : "");
	pthread_mutex_lock(&bucket->lock);
	memcpy(bucket->reason, reason, sizeof(reason));
	pthread_mutex_unlock(&bucket->lock);
	if (weir_voice_may(&bucket->said_ns, weir_steady_ns(), REPEAT_LOG_NS))
		weir_voice_say(&bucket->voice, WEIR_PUBLISH_LOG_WARNING, "nats: bucket %s: %s", bucket->name,
		               reason);
}

static void close_watch(struct weir_bucket *bucket)
{
	kvWatcher_Destroy(bucket->watcher);
	kvStore_Destroy(bucket->store);
	jsCtx_Destroy(bucket->js);
	bucket->watcher = NULL;
	bucket->store = NULL;
	bucket->js = NULL;
	weir_entries_clear(&bucket->next);
	bucket->is_whole = false;
}

static natsStatus open_store(struct weir_bucket *bucket)
{
	kvConfig config;

	natsStatus status = js_KeyValue(&bucket->store, bucket->js, bucket->name);
	if (status != NATS_NOT_FOUND)
		return status;
	kvConfig_Init(&config);
	config.Bucket = bucket->name;
	status = js_CreateKeyValue(&bucket->store, bucket->js, &config);
	if (status == NATS_OK)
		weir_voice_say(&bucket->voice, WEIR_PUBLISH_LOG_INFO, "nats: bucket %s made", bucket->name);
	return status;
}

/* Begins to watch, from all that there is. */
static void open_watch(struct weir_bucket *bucket)
{
	close_watch(bucket);
	natsStatus status = natsConnection_JetStream(&bucket->js, bucket->link.connection, NULL);
	if (status == NATS_OK)
		status = open_store(bucket);
	if (status == NATS_OK)
		status = kvStore_WatchAll(&bucket->watcher, bucket->store, NULL);
	if (status == NATS_OK)
		return;
	note(bucket, "can't be watched", natsStatus_GetText(status));
	close_watch(bucket);
	bucket->again_ns = weir_steady_ns() + AGAIN_NS;
}

/* What the watcher has told becomes what is read. */
static void publish(struct weir_bucket *bucket)
{
	struct weir_entries copied;

	if (weir_entries_copy(&copied, &bucket->next) != 0) {
		note(bucket, "no memory", NULL);
		return;
	}
	pthread_mutex_lock(&bucket->lock);
	struct weir_entries old = bucket->now;
	bucket->now = copied;
	bucket->was_read = true;
	bucket->reason[0] = '\0';
	pthread_mutex_unlock(&bucket->lock);
	weir_entries_clear(&old);
	bucket->is_news = false;
	bucket->changed(bucket->context);
}

static void take(struct weir_bucket *bucket, kvEntry *entry)
{
	const char *key = kvEntry_Key(entry);
	size_t length = (size_t)kvEntry_ValueLen(entry);
	int error = 0;

	if (kvEntry_Operation(entry) != kvOp_Put)
		weir_entries_drop(&bucket->next, key);
	else if (length > WEIR_BUCKET_VALUE_MAX)
		error = -EFBIG;
	else
		error = weir_entries_put(&bucket->next, key, kvEntry_Value(entry), length);
	if (error != 0)
		note(bucket, key, strerror(-error));
	bucket->is_news = true;
}

static void watch(struct weir_bucket *bucket)
{
	kvEntry *entry = NULL;

	natsStatus status = kvWatcher_Next(&entry, bucket->watcher, WAIT_MS);
	if (status == NATS_TIMEOUT) {
		if (bucket->is_whole && bucket->is_news)
			publish(bucket);
	} else if (status != NATS_OK) {
		note(bucket, "the watch has ended", natsStatus_GetText(status));
		close_watch(bucket);
		bucket->again_ns = weir_steady_ns() + AGAIN_NS;
	} else if (entry == NULL) { /* all that there was has come */
		bucket->is_whole = true;
		publish(bucket);
	} else {
		take(bucket, entry);
		kvEntry_Destroy(entry);
	}
}

static void tend_link(struct weir_bucket *bucket)
{
	char error[WEIR_LINK_ERROR_MAX];
	int64_t now_ns = weir_steady_ns();

	if (bucket->link.connection == NULL && now_ns >= bucket->link.retry_at_ns) {
		weir_link_open(&bucket->link, now_ns);
	} else if (atomic_load(&bucket->link.closed) && now_ns >= bucket->link.retry_at_ns) {
		close_watch(bucket);
		weir_link_open(&bucket->link, now_ns);
	}
	if (weir_link_news(&bucket->link, error, sizeof(error)))
		note(bucket, "no connection", error);
	uint64_t connects = atomic_load(&bucket->link.connects);
	if (weir_link_up(&bucket->link) &&
	    (connects != bucket->connects_seen || (bucket->watcher == NULL && now_ns >= bucket->again_ns))) {
		bucket->connects_seen = connects;
		open_watch(bucket);
	}
}

static void *run(void *argument)
{
	struct weir_bucket *bucket = argument;

	while (!atomic_load(&bucket->stopping)) {
		tend_link(bucket);
		if (bucket->watcher != NULL) {
			watch(bucket);
			continue;
		}
		weir_bell_prepare(&bucket->bell, WEIR_BELL_ASLEEP);
		weir_bell_wait(&bucket->bell, WAIT_MS);
	}
	close_watch(bucket);
	return NULL;
}

/* ---- Face ---- */

static void free_bucket(struct weir_bucket *bucket)
{
	weir_link_destroy(&bucket->link);
	weir_bell_destroy(&bucket->bell);
	weir_entries_clear(&bucket->now);
	pthread_mutex_destroy(&bucket->lock);
	free(bucket);
}

static int init_link(struct weir_bucket *bucket, const struct weir_nats_options *nats)
{
	char error[WEIR_LINK_ERROR_MAX], name[96];

	snprintf(name, sizeof(name), "%s %s", nats->name != NULL ? nats->name : "weir", bucket->name);
	int failure = weir_link_init(&bucket->link, nats, name, false, &bucket->bell, error, sizeof(error));
	if (failure != 0)
		weir_voice_say(&bucket->voice, WEIR_PUBLISH_LOG_ERROR, "nats: %s", error);
	return failure;
}

int weir_bucket_open(struct weir_bucket **out, const struct weir_bucket_options *options)
{
	struct weir_bucket *bucket = calloc(1, sizeof(*bucket));
	sigset_t all, before;

	if (bucket == NULL)
		return -ENOMEM;
	if ((size_t)snprintf(bucket->name, sizeof(bucket->name), "%s", options->name) >=
	    sizeof(bucket->name)) {
		free(bucket);
		return -EINVAL;
	}
	bucket->bell.fd = -1;
	bucket->context = options->context;
	bucket->changed = options->changed;
	bucket->voice = (struct weir_voice){.context = options->context, .log = options->log};
	snprintf(bucket->reason, sizeof(bucket->reason), "not read yet");
	pthread_mutex_init(&bucket->lock, NULL);
	int error = weir_bell_init(&bucket->bell);
	if (error == 0)
		error = init_link(bucket, options->nats);
	if (error == 0) {
		/* Signals are for the control thread. */
		sigfillset(&all);
		pthread_sigmask(SIG_SETMASK, &all, &before);
		error = -pthread_create(&bucket->thread, NULL, run, bucket);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	if (error != 0) {
		free_bucket(bucket);
		return error;
	}
	pthread_setname_np(bucket->thread, "weir-bucket");
	*out = bucket;
	return 0;
}

int weir_bucket_read(struct weir_bucket *bucket, struct weir_bucket_entry **entries, size_t *count)
{
	struct weir_entries copied = {0};

	pthread_mutex_lock(&bucket->lock);
	int error = bucket->was_read ? weir_entries_copy(&copied, &bucket->now) : -EAGAIN;
	pthread_mutex_unlock(&bucket->lock);
	if (error != 0)
		return error;
	*entries = copied.items;
	*count = copied.count;
	return 0;
}

bool weir_bucket_ready(struct weir_bucket *bucket, char *reason, size_t size)
{
	pthread_mutex_lock(&bucket->lock);
	bool ready = bucket->was_read;
	snprintf(reason, size, "%s", bucket->reason);
	pthread_mutex_unlock(&bucket->lock);
	return ready;
}

void weir_bucket_close(struct weir_bucket *bucket)
{
	if (bucket == NULL)
		return;
	atomic_store(&bucket->stopping, true);
	weir_bell_ring(&bucket->bell, true);
	pthread_join(bucket->thread, NULL);
	free_bucket(bucket);
}
