/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of open epochs: one for each source of GPS sentences that is in the middle of one. It puts fixes
 * together; <weir/gps.h> says by which rules. Nothing of an epoch outlives it.
 *
 * Datagrams that carry positions may be kept from the decoder as long as all of them are outside of the area
 * of interest. Hence: an epoch is closed by its own source or by epochs_advance() and by nobody else; and a
 * sentence without a time joins an open epoch, never one that is to come in another datagram.
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

struct epochs;

/* Returns 0, -ENOMEM or -EINVAL. */
int weir_epochs_new(struct epochs **out, uint32_t slots, int64_t timeout_ns, gps_fix_fn *fix, void *context);
void weir_epochs_free(struct epochs *table);

/* Adds a sentence to the epoch that is open, or closes that and opens the next. Returns whether it is part of
 * one: a sentence without a time may find none open. */
bool weir_epochs_add(struct epochs *table, const struct gps_heard *heard);

/* The Unix time of a sentence's time of day, by its date or else the day that puts it nearest to near_ns. */
int64_t weir_gps_time(const struct gps_sentence *sentence, int64_t near_ns);

/* Closes the epochs whose last sentence came timeout_ns before time_ns or earlier. */
void weir_epochs_advance(struct epochs *table, int64_t time_ns);

void weir_epochs_flush(struct epochs *table);

#endif
