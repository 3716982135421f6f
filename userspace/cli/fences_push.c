/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir fences push: fences into a bucket of NATS, from which gateways take them.
 */
#include <errno.h>
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/fences.h"
#include "fence/export.h"
#include "publish/bell.h"
#include "publish/link.h"
#include "publish/now.h"

#define CONNECT_NS INT64_C(10000000000)
#define LOOK_MS 100
#define BUCKET_DEFAULT "weir_fences"

struct push {
	kvStore *store;
	const char *bucket;
	char **pushed; /* ids, for pruning */
	size_t count, capacity;
};

static int fail(const char *what, const char *which, natsStatus status)
{
	const char *detail = nats_GetLastError(NULL);

	fprintf(stderr, "weir: fences: %s '%s': %s\n", what, which,
	        detail != NULL && detail[0] != '\0' ? detail : natsStatus_GetText(status));
	return WEIR_EXIT_FAILED;
}

static int wait_for(struct weir_link *link, struct weir_bell *bell, const char *server)
{
	int64_t end_ns = weir_steady_ns() + CONNECT_NS;
	char error[WEIR_LINK_ERROR_MAX] = "";

	weir_link_open(link, weir_steady_ns());
	while (!weir_link_up(link) && !atomic_load(&link->closed) && weir_steady_ns() < end_ns) {
		weir_bell_prepare(bell, WEIR_BELL_ASLEEP);
		weir_bell_wait(bell, LOOK_MS);
	}
	if (weir_link_up(link))
		return WEIR_EXIT_DONE;
	weir_link_error(link, error, sizeof(error));
	fprintf(stderr, "weir: fences: nats: %s: %s\n", server, error[0] != '\0' ? error : "no answer");
	return WEIR_EXIT_FAILED;
}

static natsStatus open_store(struct push *push, jsCtx *js)
{
	kvConfig config;
	natsStatus status = js_KeyValue(&push->store, js, push->bucket);

	if (status != NATS_NOT_FOUND)
		return status;
	kvConfig_Init(&config);
	config.Bucket = push->bucket;
	return js_CreateKeyValue(&push->store, js, &config);
}

/* A fence that is there already, as it is, is left alone: whoever watches is not troubled. */
static bool is_there(struct push *push, const char *id, const char *text)
{
	kvEntry *entry = NULL;
	bool same = kvStore_Get(&entry, push->store, id) == NATS_OK && kvEntry_ValueString(entry) != NULL &&
	            strcmp(kvEntry_ValueString(entry), text) == 0;

	kvEntry_Destroy(entry);
	return same;
}

static int push_one(void *context, const char *id, const char *text)
{
	struct push *push = context;
	uint64_t revision = 0;

	if (push->count == push->capacity) {
		size_t capacity = push->capacity == 0 ? 64 : 2 * push->capacity;
		char **moved = reallocarray(push->pushed, capacity, sizeof(*moved));
		if (moved == NULL)
			return -ENOMEM;
		push->pushed = moved;
		push->capacity = capacity;
	}
	push->pushed[push->count] = strdup(id);
	if (push->pushed[push->count++] == NULL)
		return -ENOMEM;
	if (is_there(push, id, text)) {
		printf("%s is unchanged\n", id);
		return 0;
	}
	natsStatus status = kvStore_PutString(&revision, push->store, id, text);
	if (status != NATS_OK) {
		fail("can't put", id, status);
		return -EIO;
	}
	printf("%s is revision %llu\n", id, (unsigned long long)revision);
	return 0;
}

static bool was_pushed(const struct push *push, const char *key)
{
	for (size_t i = 0; i < push->count; i++)
		if (strcmp(push->pushed[i], key) == 0)
			return true;
	return false;
}

static int prune(struct push *push)
{
	kvKeysList keys = {0};
	natsStatus status = kvStore_Keys(&keys, push->store, NULL);
	int result = WEIR_EXIT_DONE;

	if (status == NATS_NOT_FOUND)
		return WEIR_EXIT_DONE;
	if (status != NATS_OK)
		return fail("can't list the keys of bucket", push->bucket, status);
	for (int i = 0; i < keys.Count && result == WEIR_EXIT_DONE; i++) {
		if (was_pushed(push, keys.Keys[i]))
			continue;
		status = kvStore_Delete(push->store, keys.Keys[i]);
		if (status != NATS_OK)
			result = fail("can't delete", keys.Keys[i], status);
		else
			printf("%s is deleted\n", keys.Keys[i]);
	}
	kvKeysList_Destroy(&keys);
	return result;
}

static int push_files(struct push *push, const struct weir_fences_command *command, jsCtx *js)
{
	natsStatus status = open_store(push, js);

	if (status != NATS_OK)
		return fail("can't open bucket", push->bucket, status);
	for (size_t i = 0; i < command->file_count; i++) {
		int error = weir_fence_features(command->files[i], push_one, push);

		if (error != 0) {
			fprintf(stderr, "weir: fences: %s: %s\n", command->files[i], strerror(-error));
			return WEIR_EXIT_FAILED;
		}
	}
	return command->prune ? prune(push) : WEIR_EXIT_DONE;
}

int weir_fences_push(const struct weir_fences_command *command)
{
	struct push push = {.bucket = command->bucket != NULL ? command->bucket : BUCKET_DEFAULT};
	struct weir_bell bell;
	struct weir_link link;
	char error[WEIR_LINK_ERROR_MAX];
	jsCtx *js = NULL;
	int result = WEIR_EXIT_FAILED, failure = weir_bell_init(&bell);

	if (failure != 0) {
		fprintf(stderr, "weir: fences: %s\n", strerror(-failure));
		return result;
	}
	if (weir_link_init(&link, &command->nats, "weir fences", false, &bell, error, sizeof(error)) != 0) {
		fprintf(stderr, "weir: fences: nats: %s\n", error);
		weir_bell_destroy(&bell);
		return result;
	}
	result = wait_for(&link, &bell, command->nats.servers[0]);
	if (result == WEIR_EXIT_DONE) {
		natsStatus status = natsConnection_JetStream(&js, link.connection, NULL);
		result = status == NATS_OK ? push_files(&push, command, js)
		                           : fail("no JetStream at", command->nats.servers[0], status);
	}
	kvStore_Destroy(push.store);
	jsCtx_Destroy(js);
	weir_link_destroy(&link);
	weir_bell_destroy(&bell);
	for (size_t i = 0; i < push.count; i++)
		free(push.pushed[i]);
	free(push.pushed);
	return result;
}
