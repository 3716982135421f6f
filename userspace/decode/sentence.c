/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Framing and fields. What ends a sentence is its checksum; where that does not come, the end of the line,
 * the beginning of the next sentence or TAG block, or a byte that no sentence has.
 */
#include "sentence.h"

#include <errno.h>
#include <string.h>

#include "vectors.h"

enum character { ORDINARY, STAR, BOUNDARY, LINE_END, ILLEGAL };

/* NMEA 0183 4.10, 5.1: printable ASCII, of which these are reserved. '^' and '~' occur and do no harm. */
static const uint8_t classes[256] = {
        [0 ... 9] = ILLEGAL, [11 ... 12] = ILLEGAL,   [14 ... 31] = ILLEGAL, ['\r'] = LINE_END,
        ['\n'] = LINE_END,   ['!'] = BOUNDARY,        ['$'] = BOUNDARY,      ['*'] = STAR,
        ['\\'] = BOUNDARY,   [127 ... 255] = ILLEGAL,
};

uint32_t weir_find_special(const uint8_t *text, uint32_t at, uint32_t limit)
{
#ifdef TEXT_VECTORS
	for (; at + 16 <= limit; at += 16) {
		uint32_t special = vector_special(vector_load(text + at), '*', '!', '$', '\\');

		if (special != 0)
			return at + (uint32_t)__builtin_ctz(special);
	}
#endif
	for (; at + 8 <= limit; at += 8) {
		uint64_t word = load_word(text + at);
		uint64_t special = unprintable(word) | equal_bytes(word, '*') | equal_bytes(word, '!') |
		                   equal_bytes(word, '$') | equal_bytes(word, '\\');

		if (special != 0)
			return at + (uint32_t)__builtin_ctzll(special) / 8;
	}
	while (at < limit && classes[text[at]] == ORDINARY)
		at++;
	return at;
}

static uint8_t sum_of_bytes(const uint8_t *text, size_t length)
{
#ifdef TEXT_VECTORS
	return xor_bytes_vectors(text, length);
#else
	return xor_bytes(text, length);
#endif
}

/* There is no checksum: a sentence with all of its fields lacks it, any other one was cut. */
static enum weir_fault cut_or_unchecked(const uint8_t *text, uint32_t length)
{
	uint32_t commas = 0;

	for (uint32_t i = 0; i < length; i++)
		commas += text[i] == ',';
	bool is_vdm = length > 6 && text[0] == '!' && memcmp(text + 3, "VD", 2) == 0;

	return commas >= (is_vdm ? 6 : 1) ? WEIR_FAULT_CHECKSUM : WEIR_FAULT_FRAMING;
}

int weir_sentence_frame(struct frame *frame, enum weir_fault *fault, const uint8_t *text, uint32_t length)
{
	uint32_t limit = length < SENTENCE_MAX ? length : SENTENCE_MAX;
	uint32_t at = limit > 1 ? weir_find_special(text, 1, limit) : limit;

	frame->text = text;
	frame->body = at;
	frame->length = at;
	if (at == limit || classes[text[at]] != STAR) {
		if (at == SENTENCE_MAX)
			*fault = WEIR_FAULT_TOO_LONG;
		else if (at < limit && classes[text[at]] == ILLEGAL)
			*fault = WEIR_FAULT_CHARSET;
		else
			*fault = cut_or_unchecked(text, at);
		return -EBADMSG;
	}
	*fault = WEIR_FAULT_CHECKSUM;
	if (length - at < 3)
		return -EBADMSG;
	int sum = hex_byte(text + at + 1);

	if (sum >= 0)
		frame->length = at + 3;
	return sum == sum_of_bytes(text + 1, at - 1) ? 0 : -EBADMSG;
}

uint32_t weir_sentence_address(const struct frame *frame)
{
	const uint8_t *comma = memchr(frame->text, ',', frame->body);
	uint32_t length = (comma != NULL ? (uint32_t)(comma - frame->text) : frame->body) - 1;

	for (uint32_t i = 1; i <= length; i++) {
		uint8_t c = frame->text[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-')
			return 0;
	}
	return length;
}

bool weir_vdm_is_channel(uint8_t character)
{
	return (character >= 'A' && character <= 'D') || character == '1' || character == '2';
}

static bool is_part_number(uint8_t character)
{
	return character >= '1' && character <= '9';
}

/* A field of at most one character and the comma behind it; *text moves on. The field, '\0': empty; -1. */
static int short_field(const uint8_t **text, const uint8_t *end)
{
	const uint8_t *at = *text;

	if (at < end && *at == ',') {
		*text = at + 1;
		return '\0';
	}
	if (end - at < 2 || at[1] != ',')
		return -1;
	*text = at + 2;
	return at[0];
}

int weir_vdm_parse(struct vdm *out, enum weir_fault *fault, const struct frame *frame)
{
	const uint8_t *end = frame->text + frame->body;
	const uint8_t *at = frame->text + 6;

	*fault = WEIR_FAULT_FIELDS;
	if (at >= end || *at++ != ',')
		return -EBADMSG;
	int total = short_field(&at, end);
	int number = total < 0 ? -1 : short_field(&at, end);
	int sequence = number < 0 ? -1 : short_field(&at, end);
	int channel = sequence < 0 ? -1 : short_field(&at, end);

	if (channel < 0 || !is_part_number((uint8_t)total) || !is_part_number((uint8_t)number) ||
	    number > total || (sequence != '\0' && (sequence < '0' || sequence > '9')) ||
	    (channel != '\0' && !weir_vdm_is_channel((uint8_t)channel)))
		return -EBADMSG;
	const uint8_t *comma = memchr(at, ',', (size_t)(end - at));

	if (comma == NULL || memchr(comma + 1, ',', (size_t)(end - comma - 1)) != NULL)
		return -EBADMSG;
	*fault = WEIR_FAULT_PAYLOAD;
	if (comma == at || end - comma != 2 || comma[1] < '0' || comma[1] > '5' ||
	    (number < total && comma[1] != '0'))
		return -EBADMSG;
	out->payload = at;
	out->payload_length = (uint32_t)(comma - at);
	out->total = (uint8_t)(total - '0');
	out->number = (uint8_t)(number - '0');
	out->fill = (uint8_t)(comma[1] - '0');
	out->sequence = (char)sequence;
	out->channel = (char)channel;
	return 0;
}
