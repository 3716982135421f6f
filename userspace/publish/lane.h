/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One way into JetStream: an outbox, the stream that it empties into, and what is known of that stream.
 *
 * The story of an alert: weir_lane_keep() puts it into the outbox; weir_lane_send() publishes it with a
 * subject for the answer; weir_lane_on_ack() takes it out of the outbox when the stream has it, or lets it
 * wait again. A lost connection lets all that were under way wait again.
 *
 * One thread at a time. Knows nothing of how the connection is made.
 */
#ifndef WEIR_PUBLISH_LANE_H
#define WEIR_PUBLISH_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link.h"
#include "outbox.h"
#include "replies.h"
#include "streams.h"
#include "tally.h"
#include "voice.h"

/* What the lanes of a broker share; it outlives them. */
struct weir_lane_means {
	const char *site;
	struct weir_link *link;
	struct weir_replies *replies;
	struct weir_tally *tally;
	const struct weir_voice *voice;
	int64_t ack_timeout_ns;
};

struct weir_lane {
	const struct weir_lane_means *means;
	enum weir_stream_kind stream;
	enum weir_publish_class publish_class;
	struct weir_outbox *outbox;
	struct weir_stream_watch watch;
	int64_t hold_until_ns; /* after a refusal: nothing is sent until then */
	int64_t hold_ns;       /* how long the last hold was */
	int64_t refusal_said_ns;
	int64_t full_said_ns;
};

/* Returns 0, -EINVAL or -ENOMEM. */
int weir_lane_init(struct weir_lane *lane, const struct weir_lane_means *means, enum weir_stream_kind stream,
                   enum weir_publish_class publish_class, size_t outbox_bytes);

/* Keeps a copy of the record, or counts that there is no room. */
void weir_lane_keep(struct weir_lane *lane, const struct weir_record *record);

/* A new connection: asks for the stream anew and sends everything again. Returns how many those are. */
size_t weir_lane_reconnected(struct weir_lane *lane, int64_t now_ns);

/* Asks about the stream, if it is time to. */
void weir_lane_tend_stream(struct weir_lane *lane, int64_t now_ns);

/* What was not acknowledged in time waits again; returns how many. */
size_t weir_lane_expire(struct weir_lane *lane, int64_t now_ns);

/* Sends some of what waits; returns how many. */
size_t weir_lane_send(struct weir_lane *lane, int64_t now_ns);

/* An answer about a record. */
void weir_lane_on_ack(struct weir_lane *lane, const struct weir_reply *reply, int64_t now_ns);

/* An answer about the stream. True if the verdict on it has changed. */
bool weir_lane_on_stream(struct weir_lane *lane, const struct weir_reply *reply, int64_t now_ns);

/* Counts what is left as unsent. */
void weir_lane_give_up(struct weir_lane *lane);

/* Takes a lane of zeros too. */
void weir_lane_destroy(struct weir_lane *lane);

#endif
