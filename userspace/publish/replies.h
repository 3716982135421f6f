/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the broker answers, on its way from the library's thread to the publisher's: acknowledgements of
 * messages and answers about streams, in a bounded queue. When it is full, acknowledgements are dropped:
 * the message is then published again and the stream says that it has it.
 */
#ifndef WEIR_PUBLISH_REPLIES_H
#define WEIR_PUBLISH_REPLIES_H

#include <nats/nats.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "bell.h"
#include "streams.h"

enum weir_reply_kind {
	WEIR_REPLY_ACKED,
	WEIR_REPLY_DUPLICATE,
	WEIR_REPLY_NO_STREAM, /* nobody takes in this subject */
	WEIR_REPLY_REFUSED,   /* for now */
	WEIR_REPLY_OVERSIZED, /* for ever */
	WEIR_REPLY_STREAM,    /* about a stream: text, or NULL where nobody answers */
};

struct weir_reply {
	enum weir_reply_kind kind;
	enum weir_stream_kind stream;
	uint64_t number; /* of the record in its outbox */
	/*
	 * Owned by who takes the reply, by free(): of WEIR_REPLY_STREAM the answer, NULL where nobody
	 * answers; of WEIR_REPLY_REFUSED and WEIR_REPLY_OVERSIZED why, NUL-terminated, or NULL.
	 */
	char *text;
	size_t text_length;
};

#define WEIR_REPLIES_MAX 4096

struct weir_replies {
	pthread_mutex_t lock;
	struct weir_bell *bell;
	struct weir_reply *items;
	size_t first;
	size_t count;
	size_t inbox_length;
	char inbox[64]; /* "_INBOX.<unique>" */
};

int weir_replies_init(struct weir_replies *replies, struct weir_bell *bell);
void weir_replies_destroy(struct weir_replies *replies);

#define WEIR_REPLY_SUBJECT_MAX 128

/* The subjects that answers are asked to: what is subscribed to, and for a record, and for a stream. */
void weir_replies_pattern(const struct weir_replies *replies, char out[WEIR_REPLY_SUBJECT_MAX]);
void weir_replies_for_record(const struct weir_replies *replies, enum weir_stream_kind stream,
                             uint64_t number, char out[WEIR_REPLY_SUBJECT_MAX]);
void weir_replies_for_stream(const struct weir_replies *replies, enum weir_stream_kind stream,
                             char out[WEIR_REPLY_SUBJECT_MAX]);

/* A natsMsgHandler whose closure is the struct weir_replies. */
void weir_replies_on_message(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
                             void *closure);

/* The oldest answer; false when there is none. */
bool weir_replies_take(struct weir_replies *replies, struct weir_reply *reply);

/* What an acknowledgement says: sets kind, and text where it is a refusal. */
void weir_reply_parse_ack(const char *json, size_t length, struct weir_reply *reply);

#endif
