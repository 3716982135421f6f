/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of open epochs: one for each source of GPS sentences that is in the middle of one. It puts fixes
 * together; <weir/gps.h> says by which rules. Nothing of an epoch outlives it.
 *
 * What begins no epoch may be kept from the decoder. Hence such a sentence leaves no trace here; an epoch is
 * closed by its own source, by weir_epochs_advance() or for want of room, and by nobody else; and a sentence
 * without a time joins an open epoch, never one that is to come in another datagram.
 */
#ifndef WEIR_DECODE_GPS_EPOCHS_H
#define WEIR_DECODE_GPS_EPOCHS_H

#include <weir/datagram.h>

#include "gps_sentence.h"
#include "stamp.h"

/* A GPS sentence with what its wrapping says of it. */
struct gps_heard {
	const struct gps_sentence *sentence;
	const struct stamp *stamp;
	const struct weir_address *sender;
	int64_t received_ns;
	const uint8_t *text; /* NULL for one without a position, whose text is gone */
	uint32_t length;     /* at most SENTENCE_MAX */
	char talker[2];
};

/* A fix, or an epoch that had no position: then fix is NULL. */
struct gps_fix {
	const struct weir_fix *fix;
	const struct weir_datagram *datagram; /* sender and time of reception of the last sentence; bytes of
	                                         that with the position */
	struct stamp stamp;                   /* time and station */
	char talker[2];                       /* of the position */
	uint8_t sentences;                    /* how many, at most 255 */
};

typedef void gps_fix_fn(void *context, const struct gps_fix *fix);

/* Is an epoch to be begun with this sentence, which has a time or a position? Its key, or 0: no. */
typedef uint64_t gps_begin_fn(void *context, const struct gps_heard *heard);

/* Both are called from within the functions below, and may call weir_epochs_forget(). */
struct gps_listener {
	void *context;
	gps_begin_fn *begin;
	gps_fix_fn *fix;
};

struct epochs;

/* Returns 0, -ENOMEM or -EINVAL. */
int weir_epochs_new(struct epochs **out, uint32_t slots, int64_t timeout_ns,
                    const struct gps_listener *listener);
void weir_epochs_free(struct epochs *table);

/* Adds a sentence to the epoch that is open, or closes that and opens the next. Returns whether it is part of
 * one: a sentence without a time may find none open, and one with a time may begin none. */
bool weir_epochs_add(struct epochs *table, const struct gps_heard *heard);

/* The Unix time of a sentence's time of day, by its date or else the day that puts it nearest to near_ns. */
int64_t weir_gps_time(const struct gps_sentence *sentence, int64_t near_ns);

/* Closes the epochs whose last sentence came timeout_ns before time_ns or earlier. */
void weir_epochs_advance(struct epochs *table, int64_t time_ns);

void weir_epochs_flush(struct epochs *table);

/* Gives up the epochs that were begun with this key. Nothing is said of them. */
void weir_epochs_forget(struct epochs *table, uint64_t key);

#endif
