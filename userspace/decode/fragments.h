/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of unfinished messages: VDM and VDO sentences that are one part of several.
 *
 * Parts belong together that came from one sender with the same TAG group, where the group is the message and
 * nothing else; and such with the same talker, sequence number, channel and total, unless their TAG blocks
 * name different groups. Never where their times differ by more than the time-out.
 * A part that contradicts a stored one (same number, other payload) begins a new message, and the old one
 * is lost. Lost parts are handed to the owner one by one, in the order of their part numbers.
 *
 * Two clocks: parts are compared with each other by their event time where both have one; the table
 * itself ages by the time of reception of the parts in it and by fragments_advance(), so that a sender
 * whose clock lies can't age the parts of another.
 *
 * A message that has been completed leaves a mark for the time-out, or until 128 others have been completed:
 * the last part, once more, is then a repetition and not the beginning of something that never ends.
 */
#ifndef WEIR_DECODE_FRAGMENTS_H
#define WEIR_DECODE_FRAGMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/datagram.h>

#include "stamp.h"

#define PARTS_MAX 9            /* one digit (IEC 61162-1, VDM) */
#define FRAGMENT_TEXT_MAX 2048 /* of all sentences of a message together, their TAG blocks included */

/* One part, as its sentence says. Pointers are the caller's. */
struct fragment {
	const struct weir_address *sender;
	char talker[2];
	char sequence; /* '0' to '9', or '\0' */
	char channel;  /* '\0': empty */
	bool own_ship;
	uint8_t total;       /* 2 to 9 */
	uint8_t number;      /* 1 to total */
	uint32_t group;      /* of the TAG block; 0: none */
	bool group_is_whole; /* the group has as many lines as the message parts, and this is the same of both
	                      */
	struct stamp stamp;
	int64_t received_ns;
	const uint8_t *text;  /* the sentence, TAG block included */
	uint16_t text_length; /* at most FRAGMENT_TEXT_MAX */
	uint16_t payload;     /* where in text the payload begins */
	uint16_t payload_length;
	uint8_t fill; /* bits */
};

/* A part that was given up. */
struct lost_fragment {
	const uint8_t *text;
	uint32_t length;
	int64_t received_ns;
	const struct weir_address *sender;
};

typedef void lost_fragment_fn(void *context, const struct lost_fragment *lost);

enum fragment_outcome {
	FRAGMENT_STORED,
	FRAGMENT_REPEATED,
	FRAGMENT_COMPLETED, /* read it with fragments_payload() and the like, then fragments_done() */
	FRAGMENT_NO_ROOM,   /* the sentences together are longer than a message can be */
};

struct fragments;
struct fragment_slot;

/* Keeps in *pending how many parts wait. Returns 0, -ENOMEM or -EINVAL. */
int weir_fragments_new(struct fragments **out, uint32_t slots, int64_t timeout_ns, uint64_t *pending,
                       lost_fragment_fn *lost, void *context);
void weir_fragments_free(struct fragments *table);

enum fragment_outcome weir_fragments_add(struct fragments *table, const struct fragment *fragment,
                                         struct fragment_slot **completed);

/* Of a completed message: its payload put together (room for FRAGMENT_TEXT_MAX) and the fill bits of its last
 * part; its stamp. */
uint32_t weir_fragments_payload(const struct fragment_slot *slot, uint8_t *out, uint8_t *fill);
const struct stamp *weir_fragments_stamp(const struct fragment_slot *slot);

/*
 * A completed message was used (bad false), or proved malformed: then its parts, but for the one that
 * completed it, are lost.
 */
void weir_fragments_done(struct fragments *table, struct fragment_slot *slot, bool bad);

/* Gives up what was received timeout_ns before time_ns or earlier. */
void weir_fragments_advance(struct fragments *table, int64_t time_ns);

void weir_fragments_flush(struct fragments *table);

#endif
