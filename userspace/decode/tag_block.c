/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAG blocks: checksum, parameters. Where a block begins and ends is the business of the framing.
 */
#include "tag_block.h"

#include <errno.h>
#include <string.h>

#include "sentence.h"
#include "words.h"

#define TAG_BLOCK_MAX 255 /* NMEA 0183 4.10 says 80 characters; more does no harm */

#define SECONDS_MAX INT64_C(99999999999) /* the year 5138; as milliseconds that is 1973 */
#define MILLISECONDS_MAX (SECONDS_MAX * 1000)
#define MICROSECONDS_MAX (MILLISECONDS_MAX * 1000)

/* Reads digits, at most 17 of them; returns how many. */
static uint32_t read_digits(int64_t *value, const uint8_t *text, uint32_t length)
{
	uint32_t digits = 0;

	*value = 0;
	while (digits < length && digits < 17 && text[digits] >= '0' && text[digits] <= '9')
		*value = *value * 10 + (text[digits++] - '0');
	return digits;
}

int weir_unix_time_parse(int64_t *time_ns, const uint8_t *text, uint32_t length)
{
	int64_t value, fraction = 0;
	int64_t scale = NS_PER_SECOND;
	uint32_t digits = read_digits(&value, text, length);

	if (digits == 0)
		return -EBADMSG;
	if (digits < length) {
		uint32_t decimals = read_digits(&fraction, text + digits + 1, length - digits - 1);

		if (text[digits] != '.' || decimals == 0 || decimals > 9 || digits + 1 + decimals != length ||
		    value > SECONDS_MAX)
			return -EBADMSG;
		for (; decimals < 9; decimals++)
			fraction *= 10;
	}
	if (value > MICROSECONDS_MAX)
		return -EBADMSG;
	if (value > MILLISECONDS_MAX)
		scale = 1000;
	else if (value > SECONDS_MAX)
		scale = 1000000;
	/* 64 bits of nanoseconds reach until 2262. */
	if (__builtin_mul_overflow(value, scale, &value) || __builtin_add_overflow(value, fraction, &value))
		return -EBADMSG;
	*time_ns = value;
	return 0;
}

/* "1-2-33". A group may be called 0, hence the 1 that is added: 0 means none here. */
static int parse_group(struct tag_block *tag, const uint8_t *text, uint32_t length)
{
	int64_t parts[3];
	uint32_t at = 0;

	for (int i = 0; i < 3; i++) {
		uint32_t digits = read_digits(&parts[i], text + at, length - at);

		at += digits;
		if (digits == 0 || digits > 9 || (i < 2 && (at >= length || text[at++] != '-')))
			return -EBADMSG;
	}
	if (at != length || parts[0] < 1 || parts[0] > parts[1] || parts[1] > UINT8_MAX)
		return -EBADMSG;
	tag->number = (uint8_t)parts[0];
	tag->total = (uint8_t)parts[1];
	tag->group = (uint32_t)parts[2] + 1;
	return 0;
}

/* The form of IEC 62320-1: code "1G2", value "33". Returns 0, or -ENOENT where the code is another one. */
static int parse_old_group(struct tag_block *tag, const uint8_t *code, uint32_t code_length,
                           const uint8_t *value, uint32_t length)
{
	int64_t group;

	if (code_length != 3 || code[1] != 'G' || code[0] < '1' || code[0] > '9' || code[2] < code[0] ||
	    code[2] > '9')
		return -ENOENT;
	uint32_t digits = read_digits(&group, value, length);

	if (digits == 0 || digits > 9 || digits != length)
		return -EBADMSG;
	tag->number = (uint8_t)(code[0] - '0');
	tag->total = (uint8_t)(code[2] - '0');
	tag->group = (uint32_t)group + 1;
	return 0;
}

static int parse_parameter(struct tag_block *tag, const uint8_t *text, uint32_t length)
{
	const uint8_t *colon = memchr(text, ':', length);

	if (colon == NULL)
		return -EBADMSG;
	uint32_t code_length = (uint32_t)(colon - text);
	const uint8_t *value = colon + 1;
	uint32_t value_length = length - code_length - 1;

	if (code_length != 1) {
		int old = parse_old_group(tag, text, code_length, value, value_length);

		return old == -ENOENT ? 0 : old;
	}
	switch (text[0]) {
	case 'c':
		tag->stamp.time_source = WEIR_TIME_TAG;
		return weir_unix_time_parse(&tag->stamp.time_ns, value, value_length);
	case 's':
		stamp_station(&tag->stamp, WEIR_TIME_TAG, value, value_length);
		return 0;
	case 'g':
		return parse_group(tag, value, value_length);
	default:
		return 0;
	}
}

static bool is_printable(const uint8_t *text, uint32_t length)
{
	uint32_t at = 0;

	for (; at + 8 <= length; at += 8)
		if (unprintable(load_word(text + at)) != 0)
			return false;
	for (; at < length; at++)
		if (text[at] < ' ' || text[at] > '~')
			return false;
	return true;
}

int weir_tag_block_parse(struct tag_block *out, const uint8_t *text, uint32_t length)
{
	struct tag_block tag = {0};

	if (length < 3 || !is_printable(text, length) || text[length - 3] != '*' ||
	    hex_byte(text + length - 2) != xor_bytes(text, length - 3))
		return -EBADMSG;
	length -= 3;
	for (uint32_t at = 0; at < length;) {
		const uint8_t *comma = memchr(text + at, ',', length - at);
		uint32_t end = comma != NULL ? (uint32_t)(comma - text) : length;
		int error = parse_parameter(&tag, text + at, end - at);

		if (error != 0)
			return error;
		at = end + 1;
	}
	*out = tag;
	return 0;
}

uint32_t weir_tag_block_end(const uint8_t *text, uint32_t length)
{
	uint32_t limit = length < TAG_BLOCK_MAX ? length : TAG_BLOCK_MAX;
	uint32_t at = 1;

	while ((at = weir_find_special(text, at, limit)) < limit && !weir_is_boundary(text[at]))
		at++;
	return at;
}
