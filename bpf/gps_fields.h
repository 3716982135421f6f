/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of a GPS sentence that is in the window, one at a time. Stricter than the decoder: what is not
 * written as receivers write it is not understood, and the decoder may still make something of it.
 *
 * A field is looked at as a whole, in two words with zeros behind its end, and what is wrong with any of its
 * characters is one word: no character costs a branch.
 */
#ifndef WEIR_BPF_GPS_FIELDS_H
#define WEIR_BPF_GPS_FIELDS_H

#include "window.h"

/* What came of a field: where the next one begins, behind the comma or '*'; or a reason to read no further.
 */
#define FIELD(next) ((__u32)(next) << 8)
#define FIELD_STOPS(reason) ((__u32)(reason)) /* not 0, WEIR_REASON_NOT_IP, which no field has */
#define FIELD_NEXT(field) ((field) >> 8)
#define FIELD_REASON(field) ((field)&0xff)
#define FIELD_ODD FIELD_STOPS(WEIR_REASON_HARMLESS)

#define FIELD_LENGTH_MAX 15

struct field {
	__u64 low, high; /* the first eight characters and the others, zeros behind the end */
	__u32 length;    /* FIELD_LENGTH_MAX + 1: too long */
};

/* Top bits, exact for every byte: those that are equal, digits, outside of a range of ASCII. */
static __always_inline __u64 bytes_equal(__u64 word, __u8 byte)
{
	__u64 difference = word ^ EACH(byte);

	return ~(((difference & EACH(0x7f)) + EACH(0x7f)) | difference) & EACH(0x80);
}

static __always_inline __u64 bytes_not_digits(__u64 word)
{
	__u64 values = word ^ EACH('0');

	return (((values & EACH(0x7f)) + EACH(0x80 - 10)) | values) & EACH(0x80);
}

/* Ones in the first `count` bytes, of 0 to 8. */
static __always_inline __u64 first_bytes(__u32 count)
{
	return ~(~0ULL << 4 * count << 4 * count);
}

static __always_inline struct field read_field(const struct window *window, __u32 at)
{
	__u64 low = window_word(window, at), high = window_word(window, at + 8);
	__u32 in_low = first_found(find_equal(low, ',') | find_equal(low, '*'));
	__u32 in_high = first_found(find_equal(high, ',') | find_equal(high, '*')) & (0 - (in_low >> 3));

	return (struct field){low & first_bytes(in_low), high & first_bytes(in_high), in_low + in_high};
}

/* Digits, as values, and zeros behind the end; what is no digit comes out as errors, a top bit each. */
struct digits {
	__u64 low, high;
	__u64 low_errors, high_errors;
};

static __always_inline struct digits read_digits(const struct field *field)
{
	__u32 in_low = field->length < 8 ? field->length : 8;
	__u64 low = first_bytes(in_low), high = first_bytes(field->length - in_low);

	return (struct digits){
	        .low = (field->low ^ EACH('0')) & low,
	        .high = (field->high ^ EACH('0')) & high,
	        .low_errors = bytes_not_digits(field->low) & low,
	        .high_errors = bytes_not_digits(field->high) & high,
	};
}

static __always_inline __u32 byte_of(__u64 word, __u32 place)
{
	return (__u32)(word >> 8 * place) & 0xff;
}

/* Two digits at each even place: their value at that place, nothing at the others. */
static __always_inline __u64 pair_values(__u64 digits)
{
	return (digits & 0x00ff00ff00ff00ffULL) * 10 + (digits >> 8 & 0x00ff00ff00ff00ffULL);
}

/* "hhmmss" or "hhmmss.ss", or nothing. */
static __always_inline int is_time_of_day(const struct field *field)
{
	struct digits digits = read_digits(field);
	__u64 limits = (__u64)(0x80 - 24) | (__u64)(0x80 - 60) << 16 | (__u64)(0x80 - 61) << 32;
	__u64 point = field->length > 6 ? 0x80ULL << 48 : 0;

	if (field->length == 0)
		return 1;
	if (field->length < 6 || field->length > FIELD_LENGTH_MAX || digits.low_errors != point ||
	    digits.high_errors || (point && byte_of(field->low, 6) != '.'))
		return 0;
	return !((pair_values(digits.low & 0xffffffffffffULL) + limits) & 0x0080008000800080ULL);
}

/* Day, month and year of the century from 2000 on, as the decoder checks them. */
static __always_inline int is_date(__u32 day, __u32 month, __u32 year)
{
	/* No table: clang 14 gives one of sixteen bytes a section of its own, and a BTF that no kernel takes.
	 */
	__u32 days = 30 + ((month ^ month >> 3) & 1);

	if (month == 2)
		days = (year & 3) == 0 ? 29 : 28;
	return month - 1 < 12 && day - 1 < days;
}

/* "ddmmyy" or nothing. */
static __always_inline int is_short_date(const struct field *field)
{
	struct digits digits = read_digits(field);
	__u64 pairs = pair_values(digits.low);

	if (field->length == 0)
		return 1;
	return field->length == 6 && !digits.low_errors &&
	       is_date(byte_of(pairs, 0), byte_of(pairs, 2), byte_of(pairs, 4));
}

/* A decimal number, or nothing; perhaps with a sign. */
static __always_inline int is_number(const struct field *field, int may_be_negative)
{
	struct digits digits = read_digits(field);
	__u64 minus = may_be_negative && (field->low & 0xff) == '-' ? 0x80 : 0;
	__u64 low_points = bytes_equal(field->low, '.'), high_points = bytes_equal(field->high, '.');
	__u64 points = low_points >> 7 | high_points >> 6;
	__u32 others = (minus ? 1u : 0u) + (points ? 1u : 0u);

	if (field->length == 0)
		return 1;
	/* Nine digits are as many as the decoder takes before the point. */
	return digits.low_errors == (low_points | minus) && digits.high_errors == high_points &&
	       !(points & (points - 1)) && field->length - others - 1 < 9;
}

/* A direction below 360 degrees, or nothing. */
static __always_inline int is_direction(const struct field *field)
{
	__u64 digits = read_digits(field).low;
	__u32 whole = first_found(bytes_equal(field->low, '.'));

	if (whole > field->length)
		whole = field->length;
	if (whole > 3 || !is_number(field, 0))
		return 0;
	digits = (digits & first_bytes(whole)) << 8 * (3 - whole);
	return byte_of(digits, 0) * 100 + byte_of(digits, 1) * 10 + byte_of(digits, 2) < 360;
}

/* Up to two digits, or nothing. */
static __always_inline int is_count(const struct field *field)
{
	return field->length <= 2 && !read_digits(field).low_errors;
}

/* Printable ASCII that neither begins nor ends anything. */
static __always_inline int is_harmless_text(const struct field *field)
{
	__u32 in_low = field->length < 8 ? field->length : 8;
	__u64 low = field->low | (EACH(' ') & ~first_bytes(in_low));
	__u64 high = field->high | (EACH(' ') & ~first_bytes(field->length - in_low));
	__u64 errors = low | high | (low + EACH(0x80 - 0x7f)) | (high + EACH(0x80 - 0x7f)) |
	               ~(low + EACH(0x80 - ' ')) | ~(high + EACH(0x80 - ' '));

	errors |= find_equal(low, '!') | find_equal(low, '$') | find_equal(low, '\\');
	errors |= find_equal(high, '!') | find_equal(high, '$') | find_equal(high, '\\');
	return field->length <= FIELD_LENGTH_MAX && !(errors & EACH(0x80));
}

#define LETTER(letter) (1u << ((letter) - 'A'))

/* Is the letter among these? Of what is none, no. */
static __always_inline int is_among(__u32 letter, __u32 letters)
{
	letter -= 'A';
	return letter < 26 && letters >> letter & 1;
}

#define MODES_VALID (LETTER('A') | LETTER('D') | LETTER('P') | LETTER('R') | LETTER('F') | LETTER('E'))
#define MODES_VOID (LETTER('N') | LETTER('M') | LETTER('S'))

/* A mode, which may be missing: FIELD_STOPS() or 0. */
static __always_inline __u32 mode_stops(const struct field *field)
{
	__u32 letter = (__u32)field->low & 0xff;

	if (field->length == 0 || (field->length == 1 && is_among(letter, MODES_VALID)))
		return 0;
	return field->length == 1 && is_among(letter, MODES_VOID) ? WEIR_REASON_NO_POSITION
	                                                          : WEIR_REASON_HARMLESS;
}

/* The mode of each system: one of them is to be valid, the others too, or none. */
static __always_inline __u32 modes_stop(const struct field *field)
{
	__u64 low = field->low, none = bytes_equal(low, 'N');
	__u64 valid = bytes_equal(low, 'A') | bytes_equal(low, 'D') | bytes_equal(low, 'P') |
	              bytes_equal(low, 'R') | bytes_equal(low, 'F') | bytes_equal(low, 'E');

	if (field->length > 8 || (none | valid) != (first_bytes(field->length) & EACH(0x80)))
		return WEIR_REASON_HARMLESS;
	return valid ? 0 : WEIR_REASON_NO_POSITION;
}

/* 'A' or 'V'; without any the position is none, or not, by the sentence. */
static __always_inline __u32 status_stops(const struct field *field, int is_needed)
{
	__u32 letter = (__u32)field->low & 0xff;

	if (field->length == 0)
		return is_needed ? WEIR_REASON_NO_POSITION : 0;
	if (field->length != 1 || (letter != 'A' && letter != 'V'))
		return WEIR_REASON_HARMLESS;
	return letter == 'A' ? 0 : WEIR_REASON_NO_POSITION;
}

/* The quality of GGA: 0 is none, 7 and 8 are entered by hand and simulated. */
static __always_inline __u32 quality_stops(const struct field *field)
{
	__u32 quality = ((__u32)field->low & 0xff) - '0';

	if (field->length == 0)
		return WEIR_REASON_NO_POSITION;
	if (field->length != 1 || quality > 9)
		return WEIR_REASON_HARMLESS;
	return 0x181 >> quality & 1 ? WEIR_REASON_NO_POSITION : 0;
}

#endif
