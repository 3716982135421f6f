/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Payload bits to NMEA sentences: armour, fragments, checksum.
 */
#include <weir/encode.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "decode/ais_bits.h"

/* "!AIVDM,2,1,0,A," and ",0*hh\r\n" leave 60 of the 82 characters that IEC 61162-1 allows a sentence. */
#define PAYLOAD_MAX 60
#define SENTENCE_MAX 82

/* IEC 61993-2, table of the six-bit armour: 0 to 39 are '0' to 'W', 40 to 63 are '`' to 'w'. */
static char armour(uint32_t value)
{
	return (char)(value < 40 ? value + 48 : value + 56);
}

static uint8_t checksum(const char *text, size_t length)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < length; i++)
		sum ^= (uint8_t)text[i];
	return sum;
}

struct part {
	uint32_t number, total;   /* from 1 */
	uint32_t first_bit, bits; /* of the message */
};

/* Writes one sentence and a NUL; room for SENTENCE_MAX + 1. Returns its length. */
static size_t put_sentence(char *out, const struct weir_sentence_options *options, const uint8_t *bits,
                           const struct part *part)
{
	char sequence[2] = {part->total > 1 ? (char)('0' + options->sequence % 10) : '\0', '\0'};
	char channel[2] = {options->channel, '\0'};
	int length =
	        snprintf(out, SENTENCE_MAX + 1, "!%.2s%s,%u,%u,%s,%s,",
	                 options->talker != NULL ? options->talker : "AI", options->own_ship ? "VDO" : "VDM",
	                 part->total, part->number, sequence, channel);
	size_t used = (size_t)length;

	for (uint32_t i = 0; i < part->bits; i += 6)
		out[used++] = armour(ais_unsigned(bits, part->first_bit + i, 6));
	length = snprintf(out + used, SENTENCE_MAX + 1 - used, ",%u", (6 - part->bits % 6) % 6);
	used += (size_t)length;
	length = snprintf(out + used, SENTENCE_MAX + 1 - used, "*%02X\r\n", checksum(out + 1, used - 1));
	return used + (size_t)length;
}

int weir_ais_sentences(const struct weir_ais *ais, const struct weir_sentence_options *options, char *out,
                       size_t size)
{
	static const struct weir_sentence_options defaults = {.channel = 'A'};
	uint8_t bits[WEIR_AIS_BYTES_MAX];
	char text[3 * SENTENCE_MAX + 1]; /* 1,064 bits are 178 characters */
	uint32_t count;
	size_t used = 0;

	int err = weir_ais_encode(ais, bits, sizeof(bits), &count);
	if (err != 0)
		return err;
	if (options == NULL)
		options = &defaults;

	uint32_t total = (count + PAYLOAD_MAX * 6 - 1) / (PAYLOAD_MAX * 6);
	for (uint32_t i = 0; i < total; i++) {
		struct part part = {.number = i + 1, .total = total, .first_bit = i * PAYLOAD_MAX * 6};
		part.bits = i + 1 < total ? PAYLOAD_MAX * 6 : count - part.first_bit;
		used += put_sentence(text + used, options, bits, &part);
	}
	if (used >= size)
		return -ENOBUFS;
	memcpy(out, text, used + 1);
	return (int)used;
}
