/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sentences of NMEA 0183: where one begins and ends in a datagram, whether its checksum holds, and the
 * fields of VDM and VDO. It knows no TAG blocks and keeps no state.
 */
#ifndef WEIR_DECODE_SENTENCE_H
#define WEIR_DECODE_SENTENCE_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/fault.h>

/*
 * From the '!' or '$', the '*' comes sooner than this. NMEA 0183 says 82 characters with the line end; the
 * longest AIS message in one sentence has 178 in its payload alone, and such are on the air.
 */
#define SENTENCE_MAX 255

struct frame {
	const uint8_t *text; /* at the '!' or '$' */
	uint32_t body;       /* characters from there to the '*' */
	uint32_t length;     /* the checksum included */
};

/*
 * Finds the end of the sentence that begins at text, of which length bytes are left in the datagram, and
 * checks it. Returns 0 and the frame; or -EBADMSG and why, and in frame->length how many bytes, at least
 * one, belong to the faulty thing.
 */
int weir_sentence_frame(struct frame *frame, enum weir_fault *fault, const uint8_t *text, uint32_t length);

/*
 * The place, from at on and before limit, of the first character that is no ordinary one of a sentence: '*',
 * '!', '$', a backslash, a line end, or what is not printable ASCII. limit where there is none.
 */
uint32_t weir_find_special(const uint8_t *text, uint32_t at, uint32_t limit);

/* Where a sentence ends that has no checksum: a line's end, the beginning of a sentence or a TAG block. */
static inline bool weir_is_boundary(uint8_t character)
{
	return character == '\n' || character == '\r' || character == '!' || character == '$' ||
	       character == '\\';
}

/* The address field: "AIVDM". Its length; 0 where it is none (empty, or with characters other than upper
 * case letters, digits and '-'). */
uint32_t weir_sentence_address(const struct frame *frame);

struct vdm {
	const uint8_t *payload;
	uint32_t payload_length; /* at least 1 */
	uint8_t total, number;   /* 1 to 9; number <= total */
	uint8_t fill;            /* 0 to 5; 0 but in the last part */
	char sequence;           /* '0' to '9'; '\0': empty */
	char channel;            /* 'A' to 'D', '1', '2'; '\0': empty */
};

/* Reads the fields of a frame whose address has five characters. Returns 0, or -EBADMSG and why. */
int weir_vdm_parse(struct vdm *out, enum weir_fault *fault, const struct frame *frame);

bool weir_vdm_is_channel(uint8_t character);

#endif
