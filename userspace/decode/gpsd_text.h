/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON text without printf: each function appends at a cursor and returns the new one. Rooms are not
 * checked: WEIR_GPSD_LINE_MAX bounds what a message can become.
 *
 * The rounding is printf's, in integers. None of the divisions here can end in a tie, so that the exact
 * binary value that printf rounds never differs from the quotient: thirds have no half.
 */
#ifndef WEIR_DECODE_GPSD_TEXT_H
#define WEIR_DECODE_GPSD_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* "00" to "99" */
extern const char gpsd_pairs[200];

struct gpsd_legend {
	const char *text;
	uint32_t length;
};

#define GPSD_LEGEND(words)                                                                                   \
	{                                                                                                    \
		words, sizeof(words) - 1                                                                     \
	}

static inline char *gpsd_raw(char *to, const char *text, size_t length)
{
	memcpy(to, text, length);
	return to + length;
}

/* A literal. */
#define GPSD_PUT(to, literal) ((to) = gpsd_raw((to), (literal), sizeof(literal) - 1))

static inline char *gpsd_pair(char *to, uint32_t value)
{
	memcpy(to, gpsd_pairs + 2 * value, 2);
	return to + 2;
}

static inline char *gpsd_four(char *to, uint32_t value)
{
	return gpsd_pair(gpsd_pair(to, value / 100), value % 100);
}

static inline char *gpsd_small(char *to, uint32_t value) /* up to 9,999 */
{
	if (value >= 100) {
		to = value >= 1000 ? gpsd_pair(to, value / 100) : (*to = (char)('0' + value / 100), to + 1);
		return gpsd_pair(to, value % 100);
	}
	if (value >= 10)
		return gpsd_pair(to, value);
	*to = (char)('0' + value);
	return to + 1;
}

static inline char *gpsd_unsigned(char *to, uint32_t value)
{
	if (value < 10000)
		return gpsd_small(to, value);
	if (value < 100000000)
		return gpsd_four(gpsd_small(to, value / 10000), value % 10000);
	to = gpsd_small(to, value / 100000000);
	value %= 100000000;
	return gpsd_four(gpsd_four(to, value / 10000), value % 10000);
}

static inline char *gpsd_magnitude(char **to, int32_t value, uint32_t *magnitude)
{
	if (value < 0)
		*(*to)++ = '-';
	*magnitude = value < 0 ? 0u - (uint32_t)value : (uint32_t)value;
	return *to;
}

static inline char *gpsd_signed(char *to, int32_t value)
{
	uint32_t magnitude;

	to = gpsd_magnitude(&to, value, &magnitude);
	return gpsd_unsigned(to, magnitude);
}

/* Tenths, as %.1f prints them. */
static inline char *gpsd_tenths(char *to, int32_t value)
{
	uint32_t magnitude;

	to = gpsd_magnitude(&to, value, &magnitude);
	to = gpsd_unsigned(to, magnitude / 10);
	to[0] = '.';
	to[1] = (char)('0' + magnitude % 10);
	return to + 2;
}

static inline char *gpsd_hundredths(char *to, int32_t value)
{
	uint32_t magnitude;

	to = gpsd_magnitude(&to, value, &magnitude);
	to = gpsd_unsigned(to, magnitude / 100);
	*to = '.';
	return gpsd_pair(to + 1, magnitude % 100);
}

/* 1/600,000 degrees, as %.7f: the seven decimals are fifty thirds of the remainder. */
static inline char *gpsd_fine(char *to, int32_t value)
{
	uint32_t magnitude;

	to = gpsd_magnitude(&to, value, &magnitude);
	to = gpsd_small(to, magnitude / 600000);
	uint32_t decimals = (magnitude % 600000 * 50 + 1) / 3;
	to[0] = '.';
	to[1] = (char)('0' + decimals / 1000000);
	decimals %= 1000000;
	to = gpsd_pair(to + 2, decimals / 10000);
	return gpsd_four(to, decimals % 10000);
}

/* 1/60,000 degrees, as %.6f. */
static inline char *gpsd_thousandth(char *to, int32_t value)
{
	uint32_t magnitude;

	to = gpsd_magnitude(&to, value, &magnitude);
	to = gpsd_small(to, magnitude / 60000);
	uint32_t decimals = (magnitude % 60000 * 50 + 1) / 3;
	*to = '.';
	to = gpsd_pair(to + 1, decimals / 10000);
	return gpsd_four(to, decimals % 10000);
}

/* 1/600 degrees, as %.4f. */
static inline char *gpsd_coarse(char *to, int32_t value)
{
	uint32_t magnitude;

	to = gpsd_magnitude(&to, value, &magnitude);
	to = gpsd_small(to, magnitude / 600);
	*to = '.';
	return gpsd_four(to + 1, (magnitude % 600 * 50 + 1) / 3);
}

/* 1/600 degrees, as %f: six decimals. */
static inline char *gpsd_coarse_long(char *to, int32_t value)
{
	uint32_t magnitude;

	to = gpsd_magnitude(&to, value, &magnitude);
	to = gpsd_small(to, magnitude / 600);
	uint32_t decimals = (magnitude % 600 * 5000 + 1) / 3;
	*to = '.';
	to = gpsd_pair(to + 1, decimals / 10000);
	return gpsd_four(to, decimals % 10000);
}

static inline char *gpsd_bool(char *to, bool value)
{
	return value ? GPSD_PUT(to, "true") : GPSD_PUT(to, "false");
}

/* Six-bit text has no control characters; of the rest JSON wants two escaped. */
static inline char *gpsd_text(char *to, const char *text)
{
	size_t length = strlen(text);

	*to++ = '"';
	if (memchr(text, '"', length) == NULL && memchr(text, '\\', length) == NULL) {
		to = gpsd_raw(to, text, length);
		*to++ = '"';
		return to;
	}
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = *text;
	}
	*to++ = '"';
	return to;
}

static inline char *gpsd_legend(char *to, const struct gpsd_legend *legend)
{
	*to++ = '"';
	to = gpsd_raw(to, legend->text, legend->length);
	*to++ = '"';
	return to;
}

/* "05-15T14:00" */
static inline char *gpsd_time(char *to, uint32_t month, uint32_t day, uint32_t hour, uint32_t minute)
{
	to = gpsd_pair(to, month);
	*to++ = '-';
	to = gpsd_pair(to, day);
	*to++ = 'T';
	to = gpsd_pair(to, hour);
	*to++ = ':';
	return gpsd_pair(to, minute);
}

/* "5-15T14:0": how gpsd prints some. */
static inline char *gpsd_short_time(char *to, uint32_t month, uint32_t day, uint32_t hour, uint32_t minute)
{
	to = gpsd_small(to, month);
	*to++ = '-';
	to = gpsd_small(to, day);
	*to++ = 'T';
	to = gpsd_small(to, hour);
	*to++ = ':';
	return gpsd_small(to, minute);
}

/* "376:7c0556": the number of bits, and the bytes in hexadecimal. */
char *gpsd_data(char *to, const uint8_t *data, uint32_t bits);

#endif
