/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records to NATS: positions, static data and the status by core NATS on one connection; alerts,
 * windows and dead letters through outboxes and JetStream on another, until the stream has acknowledged them.
 *
 * One thread at a time, the publisher's; nothing here waits, but for what weir_link_open() and a publish
 * to a broker that does not read may take.
 */
#ifndef WEIR_PUBLISH_BROKER_H
#define WEIR_PUBLISH_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bell.h"
#include "record.h"
#include "requests.h"
#include "tally.h"
#include "voice.h"

struct weir_broker;

/* What the options say is checked and kept; nothing is connected yet. 0, -EINVAL, -EACCES, -ENOMEM. */
int weir_broker_new(struct weir_broker **out, const struct weir_publisher_options *options,
                    struct weir_tally *tally, struct weir_bell *bell, const struct weir_voice *voice);

/* Publishes the record, or keeps a copy of it in an outbox, or counts why not. */
void weir_broker_take(struct weir_broker *broker, const struct weir_record *record);

/*
 * Does what there is to do: connections, answers, streams, the outboxes. Returns how much it did, 0 when
 * it may be left alone until the bell rings or 50 ms have passed.
 */
size_t weir_broker_work(struct weir_broker *broker);

/* Records that are neither acknowledged nor given up. */
size_t weir_broker_pending(const struct weir_broker *broker);

/* Waits until what was published by core NATS has been read. */
void weir_broker_flush(struct weir_broker *broker, int64_t timeout_ms);

/* Counts what is left as unsent. */
void weir_broker_give_up(struct weir_broker *broker);

/* What is in the way of alerts, "" for nothing. */
void weir_broker_reason(struct weir_broker *broker, char *reason, size_t size);

/* From any thread. */
struct weir_broker_state {
	bool positions_connected;
	bool alerts_connected;
	bool streams_ready;
	uint64_t reconnects;
};
void weir_broker_state(const struct weir_broker *broker, struct weir_broker_state *state);

/* The requests that arrived by the connection of the alerts; from any thread. */
struct weir_requests *weir_broker_requests(struct weir_broker *broker);

/* Takes NULL. */
void weir_broker_free(struct weir_broker *broker);

#endif
