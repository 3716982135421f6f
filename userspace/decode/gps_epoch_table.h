/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where epochs are kept, found and ordered: for the files of gps_epochs.h. It decides nothing about what
 * belongs together.
 */
#ifndef WEIR_DECODE_GPS_EPOCH_TABLE_H
#define WEIR_DECODE_GPS_EPOCH_TABLE_H

#include "gps_epochs.h"

#define NO_EPOCH UINT32_MAX

struct epoch_source {
	struct weir_address sender;
	char station[sizeof(((struct stamp *)0)->station)];
};

struct epoch {
	struct epoch_source source;
	uint64_t key; /* what gps_begin_fn said */
	uint32_t hash;
	uint32_t chain;        /* next epoch in the bucket */
	uint32_t older, newer; /* in the list of its kind, open or free */
	bool has_position, is_void;
	char talker[2];
	uint8_t count;             /* sentences */
	struct gps_sentence whole; /* what the sentences say together; its time is the epoch's */
	struct stamp stamp;        /* of the first sentence */
	int64_t opened_ns;         /* when its first sentence was received */
	struct weir_datagram last; /* sender and time of reception of its last sentence, bytes of `text` */
	uint8_t text[SENTENCE_MAX + 3]; /* the sentence that gave the position */
};

struct epoch_list {
	uint32_t oldest, newest;
};

struct epochs {
	int64_t timeout_ns;
	struct gps_listener listener;
	struct epoch_list open, free;
	uint32_t cursor; /* the epoch that weir_epochs_advance() looks at next */
	uint32_t bucket_mask;
	uint32_t *buckets;
	struct epoch slots[];
};

void weir_epoch_unlink(struct epochs *table, struct epoch_list *list, struct epoch *epoch);

/* As the newest. */
void weir_epoch_append(struct epochs *table, struct epoch_list *list, struct epoch *epoch);

uint32_t weir_epoch_hash(const struct epoch_source *source);
struct epoch *weir_epoch_find(struct epochs *table, const struct epoch_source *source, uint32_t hash);

/* By its hash. */
void weir_epoch_enter_bucket(struct epochs *table, struct epoch *epoch);
void weir_epoch_leave_bucket(struct epochs *table, const struct epoch *epoch);

#endif
