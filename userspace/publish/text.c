/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers, times and JSON strings into a buffer. See text.h.
 */
#include "text.h"

#include "digits.h"

static const char hex_digits[] = "0123456789abcdef";

/*
 * Numbers are written where they belong when there is room for the longest of them, which is nearly
 * always, and else by way of a buffer of their own.
 */
static char *number_begin(struct weir_text *text, char own[NUMBER_MAX])
{
	return text->end - text->at >= NUMBER_MAX ? text->at : own;
}

static void number_end(struct weir_text *text, const char *start, const char *end)
{
	if (start == text->at)
		text->at += end - start;
	else
		weir_text_bytes(text, start, (size_t)(end - start));
}

void weir_text_unsigned(struct weir_text *text, uint64_t value)
{
	char own[NUMBER_MAX];
	char *start = number_begin(text, own);

	number_end(text, start, digits_unsigned(start, value));
}

void weir_text_padded(struct weir_text *text, uint64_t value, int digits)
{
	char own[NUMBER_MAX];
	char *start = number_begin(text, own);

	digits_padded(start, value, digits);
	number_end(text, start, start + digits);
}

void weir_text_fixed(struct weir_text *text, double value, int decimals)
{
	static const uint64_t powers[] = {1,      10,      100,      1000,      10000,
	                                  100000, 1000000, 10000000, 100000000, 1000000000};
	char own[NUMBER_MAX];
	char *start = number_begin(text, own);

	number_end(text, start, digits_fixed(start, value, decimals, powers[decimals]));
}

struct date {
	int64_t year;
	unsigned month;
	unsigned day;
};

/*
 * Days since 1970-01-01 to the proleptic Gregorian calendar. Years are counted from 1 March, so that
 * the leap day is the last of its year; 719,468 days lie between 0000-03-01 and 1970-01-01.
 */
static struct date date_of(int64_t days)
{
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097; /* days in 400 years */
	unsigned day_of_era = (unsigned)(shifted - era * 146097);
	unsigned year_of_era =
	        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	unsigned month = (5 * day_of_year + 2) / 153; /* 0 is March; five months have 153 days */

	return (struct date){
	        .year = era * 400 + year_of_era + (month >= 10),
	        .month = month < 10 ? month + 3 : month - 9,
	        .day = day_of_year - (153 * month + 2) / 5 + 1,
	};
}

static void put_time(struct weir_text *text, int64_t time_ns, int decimals)
{
	static const char form[20] = {[4] = '-', [7] = '-', [10] = 'T', [13] = ':', [16] = ':', [19] = '.'};
	const int64_t ns_per_day = INT64_C(86400000000000);
	char own[NUMBER_MAX];
	char *out = number_begin(text, own);
	int64_t days = time_ns / ns_per_day;
	int64_t rest = time_ns % ns_per_day;
	if (rest < 0) {
		rest += ns_per_day;
		days--;
	}
	struct date date = date_of(days); /* an int64_t of ns spans 1677 to 2262: four digits do */
	uint32_t seconds = (uint32_t)((uint64_t)rest / 1000000000);
	uint32_t ns = (uint32_t)((uint64_t)rest % 1000000000);

	memcpy(out, form, sizeof(form));
	digits_padded(out, (uint64_t)date.year, 4);
	digits_pair(out + 5, date.month);
	digits_pair(out + 8, date.day);
	digits_pair(out + 11, seconds / 3600);
	digits_pair(out + 14, seconds / 60 % 60);
	digits_pair(out + 17, seconds % 60);
	digits_padded(out + sizeof(form), decimals == 3 ? ns / 1000000 : ns, decimals);
	out[sizeof(form) + (size_t)decimals] = 'Z';
	number_end(text, out, out + sizeof(form) + (size_t)decimals + 1);
}

void weir_text_time(struct weir_text *text, int64_t time_ns)
{
	put_time(text, time_ns, 3);
}

void weir_text_time_ns(struct weir_text *text, int64_t time_ns)
{
	put_time(text, time_ns, 9);
}

/*
 * The length of the UTF-8 sequence at bytes (RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF), or 0. The terminating NUL is no continuation byte, so that nothing beyond it is read.
 */
static size_t sequence_length(const uint8_t *bytes)
{
	uint8_t low = 0x80, high = 0xbf;
	size_t length;

	if (bytes[0] >= 0xc2 && bytes[0] <= 0xdf) {
		length = 2;
	} else if (bytes[0] >= 0xe0 && bytes[0] <= 0xef) {
		length = 3;
		low = bytes[0] == 0xe0 ? 0xa0 : 0x80;
		high = bytes[0] == 0xed ? 0x9f : 0xbf;
	} else if (bytes[0] >= 0xf0 && bytes[0] <= 0xf4) {
		length = 4;
		low = bytes[0] == 0xf0 ? 0x90 : 0x80;
		high = bytes[0] == 0xf4 ? 0x8f : 0xbf;
	} else {
		return 0;
	}
	if (bytes[1] < low || bytes[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return 0;
	return length;
}

static void escape(struct weir_text *text, uint8_t byte)
{
	static const char short_form[32] = {
	        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};

	if (byte == '"' || byte == '\\') {
		weir_text_char(text, '\\');
		weir_text_char(text, (char)byte);
	} else if (short_form[byte] != '\0') {
		weir_text_char(text, '\\');
		weir_text_char(text, short_form[byte]);
	} else {
		weir_text_literal(text, "\\u00");
		weir_text_char(text, hex_digits[byte >> 4]);
		weir_text_char(text, hex_digits[byte & 15]);
	}
}

void weir_text_token(struct weir_text *text, const char *token)
{
	weir_text_char(text, '"');
	weir_text_bytes(text, token, strlen(token));
	weir_text_char(text, '"');
}

/* What stands for itself in a JSON string: all of ASCII but control characters, quote and backslash. */
static bool is_plain(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

/* The same of eight bytes at once; may say no of a plain one that stands behind one that is not. */
static bool are_plain(const uint8_t bytes[8])
{
	const uint64_t ones = 0x0101010101010101, tops = 0x80 * ones;
	uint64_t word, quote, backslash;

	memcpy(&word, bytes, sizeof(word));
	quote = word ^ ones * '"';
	backslash = word ^ ones * '\\';
	/* A byte below n borrows from its top bit when n is taken off (n at most 0x80). */
	return ((word | (word - ones * 0x20) | (quote - ones) | (backslash - ones)) & tops) == 0;
}

void weir_text_string(struct weir_text *text, const char *string)
{
	const uint8_t *at = (const uint8_t *)string;
	size_t left = strlen(string);

	weir_text_char(text, '"');
	if (left <= (size_t)(text->end - text->at))
		for (; left >= 8 && are_plain(at); left -= 8, at += 8, text->at += 8)
			memcpy(text->at, at, 8);
	while (*at != '\0') {
		char *out = text->at;
		while (is_plain(*at) && out < text->end)
			*out++ = (char)*at++;
		text->at = out;
		if (*at >= 0x80) {
			size_t length = sequence_length(at);
			if (length != 0)
				weir_text_bytes(text, (const char *)at, length);
			else
				weir_text_literal(text, "\xef\xbf\xbd"); /* U+FFFD */
			at += length != 0 ? length : 1;
		} else if (*at != '\0') { /* plain and no room: weir_text_char() says so */
			if (is_plain(*at))
				weir_text_char(text, (char)*at++);
			else
				escape(text, *at++);
		}
	}
	weir_text_char(text, '"');
}

void weir_text_hex(struct weir_text *text, const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		weir_text_char(text, hex_digits[bytes[i] >> 4]);
		weir_text_char(text, hex_digits[bytes[i] & 15]);
	}
}
