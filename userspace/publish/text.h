/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing text into a buffer of fixed size without stdio: numbers, times, JSON strings.
 *
 * A text that would not fit is marked full and stays so: write everything, then ask
 * weir_text_length() once. Nothing is NUL-terminated. Knows no events.
 */
#ifndef WEIR_PUBLISH_TEXT_H
#define WEIR_PUBLISH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct weir_text {
	char *start;
	char *at;
	char *end;
	bool full;
};

static inline struct weir_text weir_text_in(char *out, size_t size)
{
	return (struct weir_text){.start = out, .at = out, .end = out + size};
}

static inline void weir_text_bytes(struct weir_text *text, const char *bytes, size_t length)
{
	if (length > (size_t)(text->end - text->at)) {
		text->full = true;
		text->end = text->at; /* nothing shorter may follow what is missing */
		return;
	}
	memcpy(text->at, bytes, length);
	text->at += length;
}

/* A string literal: its length is known to the compiler. */
#define weir_text_literal(text, literal) weir_text_bytes((text), "" literal, sizeof(literal) - 1)

static inline void weir_text_char(struct weir_text *text, char byte)
{
	weir_text_bytes(text, &byte, 1);
}

/* What was written, or 0 when it did not all fit. */
static inline size_t weir_text_length(const struct weir_text *text)
{
	return text->full ? 0 : (size_t)(text->at - text->start);
}

void weir_text_unsigned(struct weir_text *text, uint64_t value);

/* Exactly so many digits, leading zeros included; the value must fit. At most 20. */
void weir_text_padded(struct weir_text *text, uint64_t value, int digits);

/*
 * The number as "%.<decimals>f" would write it, without trailing zeros, and zero without a sign.
 * decimals: 0 to 9. A magnitude of 2^53 / 10^decimals or more loses digits and at 9.2e18 / 10^decimals
 * saturates; NaN is written as 0: callers leave out what is not finite.
 */
void weir_text_fixed(struct weir_text *text, double value, int decimals);

/* 2026-11-22T05:14:25.638Z; what is finer than a millisecond is cut off, towards the past. */
void weir_text_time(struct weir_text *text, int64_t time_ns);

/* The same with nine digits of a second: nothing is cut off. */
void weir_text_time_ns(struct weir_text *text, int64_t time_ns);

/* A JSON string (RFC 8259) with its quotes. A byte that is not valid UTF-8 becomes U+FFFD. */
void weir_text_string(struct weir_text *text, const char *string);

/* The same for what has no character that JSON would want escaped, such as a subject token. */
void weir_text_token(struct weir_text *text, const char *token);

/* So many bytes in lower-case hexadecimal. */
void weir_text_hex(struct weir_text *text, const uint8_t *bytes, size_t length);

#endif
