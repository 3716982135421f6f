/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bits into a message, most significant first. Made for tests and simulation: simple, not fast.
 */
#ifndef WEIR_DECODE_ENCODE_WRITER_H
#define WEIR_DECODE_ENCODE_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct writer {
	uint8_t *bits;
	uint32_t room;     /* in bits */
	uint32_t at;       /* where the next field goes; may run past room */
	uint32_t last_one; /* one behind the last bit that is set */
	uint32_t optional; /* where the part begins that may be left out if it is zero */
	uint32_t length;   /* of the message without that part; 0: there is none yet */
};

static inline void put(struct writer *writer, uint32_t value, uint32_t width)
{
	for (uint32_t i = 0; i < width; i++, writer->at++) {
		if ((value >> (width - 1 - i) & 1) == 0 || writer->at >= writer->room)
			continue;
		writer->bits[writer->at / 8] |= (uint8_t)(0x80 >> writer->at % 8);
		writer->last_one = writer->at + 1;
	}
}

/* M.1371-5 table 47: six bits say '@' to '_' and ' ' to '?'; '@' ends a text. */
static inline uint32_t six_bits(char character)
{
	if (character >= 'a' && character <= 'z')
		character = (char)(character - 'a' + 'A');
	if (character <= '@' && character >= ' ')
		return character == '@' ? '?' : (uint32_t)character;
	return character > '@' && character <= '_' ? (uint32_t)(character - '@') : '?';
}

static inline void put_text(struct writer *writer, const char *text, size_t characters)
{
	size_t length = strnlen(text, characters);

	for (size_t i = 0; i < characters; i++)
		put(writer, i < length ? six_bits(text[i]) : 0, 6);
}

static inline void put_data(struct writer *writer, const uint8_t *data, uint32_t count, uint32_t most)
{
	if (count > most)
		count = most;
	for (uint32_t i = 0; i < count; i++)
		put(writer, data[i / 8] >> (7 - i % 8) & 1, 1);
}

/* What follows may be left out if it turns out to be zero, and so may what was before it, if it was. */
static inline void may_end(struct writer *writer, uint32_t length)
{
	if (writer->length != 0 && writer->last_one <= writer->optional)
		return;
	writer->length = length;
	writer->optional = writer->at;
}

#endif
