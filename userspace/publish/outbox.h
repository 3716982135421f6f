/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The outbox: records that a stream has not acknowledged yet, oldest first, in bounded memory.
 *
 *     add ──▶ waiting ──next, sent──▶ in flight ──remove──▶ gone
 *                ▲                        │
 *                └──── retry, expire, rewind
 *
 * A record has a number, which is never used again. What is known of a record is its number and its
 * bytes: a database can stand behind the same face. Knows no NATS and no clock; one thread at a time.
 */
#ifndef WEIR_PUBLISH_OUTBOX_H
#define WEIR_PUBLISH_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

struct weir_outbox;

struct weir_outbox_entry {
	uint64_t number;
	const struct weir_record *record; /* until the next change of the outbox */
	uint32_t attempts;                /* how often it was sent before */
};

/* Room for so many bytes of records, at least 256 KiB. Returns 0, -EINVAL or -ENOMEM. */
int weir_outbox_new(struct weir_outbox **out, size_t bytes);

/* Copies the record. Returns 0, -ENOSPC when the outbox is full, -EMSGSIZE when it could never fit. */
int weir_outbox_add(struct weir_outbox *outbox, const struct weir_record *record);

/* The oldest record that waits; false when none does. It goes on waiting until it is sent. */
bool weir_outbox_next(struct weir_outbox *outbox, struct weir_outbox_entry *entry);

/* The record of that number is in flight, and waits again when it is still there at deadline_ns. */
void weir_outbox_sent(struct weir_outbox *outbox, uint64_t number, int64_t deadline_ns);

/*
 * The record is done with: *received_ns is its record's. Returns false for one that is not there any
 * more: an acknowledgement may come twice.
 */
bool weir_outbox_remove(struct weir_outbox *outbox, uint64_t number, int64_t *received_ns);

/* The record waits again. Nothing happens for one that is not there any more. */
void weir_outbox_retry(struct weir_outbox *outbox, uint64_t number);

/* Those in flight whose deadline has come wait again. Returns how many. */
size_t weir_outbox_expire(struct weir_outbox *outbox, int64_t now_ns);

/* All that are in flight wait again: the connection was lost. Returns how many. */
size_t weir_outbox_rewind(struct weir_outbox *outbox);

size_t weir_outbox_pending(const struct weir_outbox *outbox); /* waiting and in flight */
size_t weir_outbox_in_flight(const struct weir_outbox *outbox);
size_t weir_outbox_bytes(const struct weir_outbox *outbox); /* of the pending records */

/* Takes NULL. */
void weir_outbox_free(struct weir_outbox *outbox);

#endif
