/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the decoder share: its state, how a message leaves it, how a fault does.
 */
#ifndef WEIR_DECODE_DECODER_H
#define WEIR_DECODE_DECODER_H

#include <weir/decode.h>

#include "armour.h"
#include "fragments.h"
#include "gps_epochs.h"
#include "plain.h"
#include "sentence.h"
#include "stamp.h"

struct weir_decoder {
	struct weir_decode_sink sink;
	struct weir_decode_counters counters;
	struct payload_readers payload_readers;
	struct fragments *fragments;
	struct epochs *epochs;       /* NULL: GPS sentences are of no use */
	struct gps_sentence held[2]; /* of the datagram that is being read: see read_gps() */
	enum weir_fault lost_fault;  /* what the loss of a fragment is called just now */
	int64_t clock_bound_ns;      /* 0: none */
	int64_t second_bound_ns;     /* 0: none */
	struct weir_message message;
	uint8_t bits[ARMOUR_ROOM(FRAGMENT_TEXT_MAX)];
	uint8_t payload[8 + FRAGMENT_TEXT_MAX]; /* weir_dearmour() reads words that begin earlier */
};

/* A VDM or VDO sentence with what its wrapping says of it. */
struct heard {
	const struct weir_datagram *datagram;
	const struct frame *frame;
	const struct vdm *vdm;
	const struct stamp *stamp;
	uint32_t group;                    /* of its TAG block; 0: none */
	uint8_t group_number, group_total; /* the line's number in it, and how many there are */
	uint32_t offset;                   /* in the datagram, of its TAG block or of itself */
};

/* A message in one sentence, whose bits are in decoder->bits. Returns 0, or -EBADMSG and why. */
int weir_decoder_single(struct weir_decoder *decoder, const struct heard *heard, enum weir_fault *fault);

/* One part of several, whose characters are known to be legal. Returns 0, or -EBADMSG and why. */
int weir_decoder_part(struct weir_decoder *decoder, const struct heard *heard, enum weir_fault *fault);

/* Decodes and hands over the message whose wrapping is in decoder->message and whose count bits are in
 * decoder->bits. Returns 0, or -EBADMSG and why. */
int weir_decoder_deliver(struct weir_decoder *decoder, uint32_t count, enum weir_fault *fault);

void weir_decoder_letter(struct weir_decoder *decoder, const struct weir_malformed *malformed);

/* The faults of one datagram. */
struct faults {
	uint32_t count;
	enum weir_fault first;
	uint32_t offset; /* of the first */
};

void weir_decoder_fault(struct weir_decoder *decoder, struct faults *faults, enum weir_fault fault,
                        uint32_t offset);

/* Counts the datagram, in which good sentences were well formed, and sends its dead letter. */
void weir_decoder_account(struct weir_decoder *decoder, const struct weir_datagram *datagram,
                          const struct faults *faults, uint32_t good);

/* What a message that is expected says of itself. */
struct weir_glance {
	uint32_t mmsi;
	bool has_position;
	double longitude_deg, latitude_deg;
	uint32_t count; /* of bits */
	uint8_t bits[ARMOUR_ROOM(SENTENCE_MAX)];
};

/* False where that can't be seen at a glance. */
bool weir_decoder_glance(const struct weir_decoder *decoder, const struct weir_datagram *datagram,
                         struct weir_glance *out);

/* The general way to read a datagram: any wrapping, any number of sentences. */
void weir_decoder_read(struct weir_decoder *decoder, const struct weir_datagram *datagram);

#endif
