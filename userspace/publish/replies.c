/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers of the broker. See replies.h. The subject of an answer says what it is about:
 *
 *     _INBOX.<unique>.m.<stream>.<number>    a message, by its number in the outbox
 *     _INBOX.<unique>.s.<stream>.0           a stream
 */
#include "replies.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "message size exceeds maximum allowed" (nats-server, server/errors.json) */
#define ERR_MESSAGE_TOO_LARGE 10054

int weir_replies_init(struct weir_replies *replies, struct weir_bell *bell)
{
	natsInbox *inbox = NULL;

	memset(replies, 0, sizeof(*replies));
	replies->items = calloc(WEIR_REPLIES_MAX, sizeof(*replies->items));
	if (replies->items == NULL || natsInbox_Create(&inbox) != NATS_OK) {
		free(replies->items);
		replies->items = NULL;
		return -ENOMEM;
	}
	snprintf(replies->inbox, sizeof(replies->inbox), "%s", (const char *)inbox);
	replies->inbox_length = strlen(replies->inbox);
	natsInbox_Destroy(inbox);
	replies->bell = bell;
	pthread_mutex_init(&replies->lock, NULL);
	return 0;
}

void weir_replies_destroy(struct weir_replies *replies)
{
	struct weir_reply reply;

	if (replies->items == NULL)
		return;
	while (weir_replies_take(replies, &reply))
		free(reply.text);
	free(replies->items);
	replies->items = NULL;
	pthread_mutex_destroy(&replies->lock);
}

void weir_replies_pattern(const struct weir_replies *replies, char out[WEIR_REPLY_SUBJECT_MAX])
{
	snprintf(out, WEIR_REPLY_SUBJECT_MAX, "%s.*.*.*", replies->inbox);
}

void weir_replies_for_record(const struct weir_replies *replies, enum weir_stream_kind stream,
                             uint64_t number, char out[WEIR_REPLY_SUBJECT_MAX])
{
	snprintf(out, WEIR_REPLY_SUBJECT_MAX, "%s.m.%d.%" PRIu64, replies->inbox, (int)stream, number);
}

void weir_replies_for_stream(const struct weir_replies *replies, enum weir_stream_kind stream,
                             char out[WEIR_REPLY_SUBJECT_MAX])
{
	snprintf(out, WEIR_REPLY_SUBJECT_MAX, "%s.s.%d.0", replies->inbox, (int)stream);
}

static void refuse(struct weir_reply *reply, enum weir_reply_kind kind, const char *why, int code)
{
	reply->kind = kind;
	if (asprintf(&reply->text, "%s (error %d)", why, code) < 0)
		reply->text = NULL;
}

void weir_reply_parse_ack(const char *json, size_t length, struct weir_reply *reply)
{
	json_t *root = json_loadb(json, length, 0, NULL);
	const json_t *error = json_object_get(root, "error");

	if (json_is_object(error)) {
		const char *why = json_string_value(json_object_get(error, "description"));
		int code = (int)json_integer_value(json_object_get(error, "err_code"));
		refuse(reply, code == ERR_MESSAGE_TOO_LARGE ? WEIR_REPLY_OVERSIZED : WEIR_REPLY_REFUSED,
		       why != NULL ? why : "no description", code);
	} else if (json_integer_value(json_object_get(root, "seq")) > 0) {
		bool duplicate = json_is_true(json_object_get(root, "duplicate"));
		reply->kind = duplicate ? WEIR_REPLY_DUPLICATE : WEIR_REPLY_ACKED;
	} else { /* an answer by somebody who is no stream is no delivery */
		refuse(reply, WEIR_REPLY_REFUSED, "the answer is no acknowledgement", 0);
	}
	json_decref(root);
}

static void put(struct weir_replies *replies, const struct weir_reply *reply)
{
	bool full;

	pthread_mutex_lock(&replies->lock);
	full = replies->count == WEIR_REPLIES_MAX;
	if (!full)
		replies->items[(replies->first + replies->count++) % WEIR_REPLIES_MAX] = *reply;
	pthread_mutex_unlock(&replies->lock);
	if (full)
		free(reply->text);
	weir_bell_ring(replies->bell, true);
}

bool weir_replies_take(struct weir_replies *replies, struct weir_reply *reply)
{
	bool any;

	pthread_mutex_lock(&replies->lock);
	any = replies->count > 0;
	if (any) {
		*reply = replies->items[replies->first];
		replies->first = (replies->first + 1) % WEIR_REPLIES_MAX;
		replies->count--;
	}
	pthread_mutex_unlock(&replies->lock);
	return any;
}

static void parse_stream(natsMsg *message, struct weir_reply *reply)
{
	size_t length = (size_t)natsMsg_GetDataLength(message);

	reply->kind = WEIR_REPLY_STREAM;
	if (natsMsg_IsNoResponders(message))
		return;
	reply->text = malloc(length + 1);
	if (reply->text == NULL)
		return; /* as if nobody had answered: asked again later */
	memcpy(reply->text, natsMsg_GetData(message), length);
	reply->text_length = length;
}

void weir_replies_on_message(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
                             void *closure)
{
	struct weir_replies *replies = closure;
	struct weir_reply reply = {0};
	char about;
	int stream;

	(void)connection;
	(void)subscription;
	const char *subject = natsMsg_GetSubject(message);
	if (strlen(subject) > replies->inbox_length &&
	    sscanf(subject + replies->inbox_length, ".%c.%d.%" SCNu64, &about, &stream, &reply.number) == 3 &&
	    stream >= 0 && stream < WEIR_STREAMS) {
		reply.stream = (enum weir_stream_kind)stream;
		if (about == 's')
			parse_stream(message, &reply);
		else if (natsMsg_IsNoResponders(message))
			reply.kind = WEIR_REPLY_NO_STREAM;
		else
			weir_reply_parse_ack(natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message),
			                     &reply);
		put(replies, &reply);
	}
	natsMsg_Destroy(message);
}
