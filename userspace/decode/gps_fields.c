/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of GPS sentences one by one: numbers, letters, times, angles. Which sentence has which field
 * where is not known here.
 */
#include "gps_fields.h"

#include <string.h>

#include "stamp.h"

/* Splits what stands behind the address. Returns false where there are too many fields. */
bool gps_split(struct gps_parse *parse, const struct frame *frame, uint32_t address)
{
	const char *at = (const char *)frame->text + 1 + address;
	const char *end = (const char *)frame->text + frame->body;

	while (at < end) {
		const char *comma = memchr(at + 1, ',', (size_t)(end - at - 1));
		const char *next = comma != NULL ? comma : end;

		if (parse->count == GPS_FIELDS_MAX)
			return false;
		parse->fields[parse->count++] =
		        (struct gps_field){.text = at + 1, .length = (uint32_t)(next - at - 1)};
		at = next;
	}
	return true;
}

const struct gps_field *gps_field(const struct gps_parse *parse, uint32_t index)
{
	static const struct gps_field none = {.text = "", .length = 0};

	return index < parse->count ? &parse->fields[index] : &none;
}

/* The only character of a field; '\0': it is empty. */
char gps_letter(struct gps_parse *parse, uint32_t index)
{
	const struct gps_field *f = gps_field(parse, index);

	if (f->length > 1)
		parse->bad = true;
	return f->length == 1 ? f->text[0] : '\0';
}

/*
 * Digits with at most one point among them, as an integer of 10^-decimals units; more decimals than that
 * are cut off. Returns false where the field is empty or does not parse.
 */
static bool scaled(struct gps_parse *parse, const struct gps_field *f, uint32_t decimals, int64_t *value)
{
	uint32_t digits = 0, after = 0;
	bool point = false;
	int64_t sum = 0;

	if (f->length == 0)
		return false;
	for (uint32_t i = 0; i < f->length; i++) {
		char c = f->text[i];

		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9' || (!point && ++digits > 9)) {
			parse->bad = true;
			return false;
		}
		if (point && after == decimals)
			continue;
		after += point;
		sum = sum * 10 + (c - '0');
	}
	if (digits == 0 && after == 0) {
		parse->bad = true;
		return false;
	}
	for (; after < decimals; after++)
		sum *= 10;
	*value = sum;
	return true;
}

/* A number with up to six decimals, perhaps negative. */
bool gps_number(struct gps_parse *parse, uint32_t index, double *value)
{
	struct gps_field f = *gps_field(parse, index);
	bool negative = f.length > 0 && f.text[0] == '-';
	int64_t millionths;

	if (negative) {
		f.text++;
		f.length--;
		parse->bad |= f.length == 0;
	}
	if (!scaled(parse, &f, 6, &millionths))
		return false;
	*value = (double)(negative ? -millionths : millionths) / 1e6;
	return true;
}

int gps_two_digits(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return -1;
	return (text[0] - '0') * 10 + (text[1] - '0');
}

/* hhmmss or hhmmss.sss */
void gps_time_of_day(struct gps_parse *parse, uint32_t index)
{
	const struct gps_field *f = gps_field(parse, index);
	int64_t ns;

	if (f->length == 0)
		return;
	if (f->length < 6) {
		parse->bad = true;
		return;
	}
	struct gps_field seconds = {.text = f->text + 4, .length = f->length - 4};
	int hour = gps_two_digits(f->text);
	int minute = gps_two_digits(f->text + 2);

	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || (f->length > 6 && f->text[6] != '.') ||
	    !scaled(parse, &seconds, 9, &ns) || ns >= 61 * NS_PER_SECOND) {
		parse->bad = true;
		return;
	}
	parse->out->has_time = true;
	parse->out->time_of_day_ns = (hour * 60 + minute) * 60 * NS_PER_SECOND + ns;
}

/* ddmm.mmmm, degrees of one, two or three digits, and the hemisphere. Returns false where both are empty. */
bool gps_angle(struct gps_parse *parse, uint32_t index, const char *hemispheres, int limit, double *degrees)
{
	const int64_t minute = 1000000000; /* 10^-9 minutes: finer than any receiver writes */
	const struct gps_field *f = gps_field(parse, index);
	char hemisphere = gps_letter(parse, index + 1);
	int64_t value;

	if (f->length == 0 && hemisphere == '\0')
		return false;
	if (!scaled(parse, f, 9, &value) || (hemisphere != hemispheres[0] && hemisphere != hemispheres[1])) {
		parse->bad = true;
		return false;
	}
	int64_t whole = value / (100 * minute);
	int64_t rest = value % (100 * minute);

	if (rest >= 60 * minute) {
		parse->bad = true;
		return false;
	}
	value = whole * 60 * minute + rest;
	if (value > limit * 60 * minute) {
		parse->off_the_earth = true;
		return false;
	}
	*degrees = (double)(hemisphere == hemispheres[1] ? -value : value) / (60.0 * 1e9);
	return true;
}

/* 360 degrees are 0. Returns false where the field is empty or out of range. */
bool gps_direction(struct gps_parse *parse, uint32_t index, double *degrees)
{
	double value;

	if (!gps_number(parse, index, &value))
		return false;
	if (value < 0 || value > 360) {
		parse->bad = true;
		return false;
	}
	*degrees = value < 360 ? value : 0;
	return true;
}
