/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Headers, prefixes and suffixes of sentences. It looks for the few forms that say when and by whom a
 * sentence was heard, and ignores the rest.
 */
#include "wrapping.h"

#include <string.h>

#include "calendar.h"
#include "tag_block.h"

/* Fewer digits are counters and signal levels: nine digits are the year 1973. */
#define EPOCH_DIGITS_MIN 9

enum weir_header weir_header_read(const uint8_t *text, uint32_t length)
{
	/* Implementations do not agree on the case of the last letter of some. */
	static const char binary[][WEIR_HEADER_LENGTH] = {"RaUdP", "RaUdp", "RrUdP", "RrUdp",
	                                                  "RpUdP", "RpUdp", "NkPgN"};

	if (length < WEIR_HEADER_LENGTH || text[WEIR_HEADER_LENGTH - 1] != '\0')
		return WEIR_HEADER_NONE;
	if (memcmp(text, "UdPbC", WEIR_HEADER_LENGTH) == 0)
		return WEIR_HEADER_SENTENCES;
	for (size_t i = 0; i < sizeof(binary) / sizeof(binary[0]); i++)
		if (memcmp(text, binary[i], WEIR_HEADER_LENGTH) == 0)
			return WEIR_HEADER_BINARY;
	return WEIR_HEADER_NONE;
}

static bool is_digit(uint8_t character)
{
	return character >= '0' && character <= '9';
}

static bool is_separator(uint8_t character)
{
	return character == ' ' || character == '\t' || character == ',' || character == ';' ||
	       character == ':' || character == '|';
}

static bool is_alphanumeric(uint8_t character)
{
	return is_digit(character) || (character >= 'a' && character <= 'z') ||
	       (character >= 'A' && character <= 'Z');
}

static bool read_epoch(struct stamp *stamp, const uint8_t *text, uint32_t length,
                       enum weir_time_source source)
{
	if (length < EPOCH_DIGITS_MIN)
		return false;
	for (int i = 0; i < EPOCH_DIGITS_MIN; i++)
		if (!is_digit(text[i]))
			return false;
	if (weir_unix_time_parse(&stamp->time_ns, text, length) != 0)
		return false;
	stamp->time_source = (uint8_t)source;
	return true;
}

/* "r003669945" and "rnhjel" name a receiver, "b003669710" a base station. */
static bool is_station(const uint8_t *text, uint32_t length)
{
	if (length < 2 || (text[0] != 'r' && text[0] != 'b'))
		return false;
	for (uint32_t i = 1; i < length; i++)
		if (!is_alphanumeric(text[i]) && text[i] != '-' && text[i] != '_')
			return false;
	return true;
}

void weir_suffix_read(struct stamp *out, const uint8_t *text, uint32_t length)
{
	memset(out, 0, sizeof(*out));
	while (length > 0 && text[0] == ',') {
		const uint8_t *comma = memchr(text + 1, ',', length - 1);
		uint32_t field = comma != NULL ? (uint32_t)(comma - text) - 1 : length - 1;

		if (is_station(text + 1, field))
			stamp_station(out, WEIR_TIME_SUFFIX, text + 1, field);
		else
			read_epoch(out, text + 1, field, WEIR_TIME_SUFFIX);
		text += field + 1;
		length -= field + 1;
	}
}

void weir_prefix_read(struct stamp *out, const uint8_t *text, uint32_t length)
{
	memset(out, 0, sizeof(*out));
	while (length > 0 && is_separator(text[length - 1]))
		length--;
	read_epoch(out, text, length, WEIR_TIME_PREFIX);
}

/* A whole number of up to nine digits in the next field; -1: another thing. Moves *text behind its comma. */
static int next_number(const uint8_t **text, const uint8_t *end)
{
	int value = 0;
	int digits = 0;

	for (; *text < end && **text != ','; (*text)++) {
		if (digits >= 0 && digits < 9 && is_digit(**text)) {
			value = value * 10 + (**text - '0');
			digits++;
		} else {
			digits = -1;
		}
	}
	if (*text < end)
		(*text)++;
	return digits > 0 ? value : -1;
}

void weir_pghp_read(struct stamp *out, const uint8_t *text, uint32_t length)
{
	enum { TYPE, YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, MILLISECOND, COUNTRY, REGION, NUMBERS };
	const uint8_t *end = text + length;
	int value[NUMBERS];

	memset(out, 0, sizeof(*out));
	if (length == 0 || *text++ != ',')
		return;
	for (int i = 0; i < NUMBERS; i++)
		value[i] = next_number(&text, end);
	if (value[TYPE] != 1)
		return;
	const uint8_t *comma = memchr(text, ',', (size_t)(end - text));
	uint32_t station = (uint32_t)((comma != NULL ? comma : end) - text);

	stamp_station(out, WEIR_TIME_PGHP, text, station);
	/* A leap second counts as the one after it, as in Unix time. */
	if (!is_date(value[YEAR], value[MONTH], value[DAY]) || value[HOUR] < 0 || value[HOUR] > 23 ||
	    value[MINUTE] < 0 || value[MINUTE] > 59 || value[SECOND] < 0 || value[SECOND] > 60 ||
	    value[MILLISECOND] < 0 || value[MILLISECOND] > 999)
		return;
	int64_t seconds = days_of_date(value[YEAR], value[MONTH], value[DAY]) * SECONDS_PER_DAY +
	                  value[HOUR] * 3600 + value[MINUTE] * 60 + value[SECOND];

	out->time_ns = seconds * NS_PER_SECOND + value[MILLISECOND] * INT64_C(1000000);
	out->time_source = WEIR_TIME_PGHP;
}
