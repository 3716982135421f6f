/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of GPS sentences one by one. An empty field is a value that is not there; a field that is not
 * empty and does not parse sets bad.
 */
#ifndef WEIR_DECODE_GPS_FIELDS_H
#define WEIR_DECODE_GPS_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "gps_sentence.h"

#define GPS_FIELDS_MAX 16

struct gps_field {
	const char *text;
	uint32_t length;
};

/* A sentence that is being read. */
struct gps_parse {
	struct gps_sentence *out;
	struct gps_field fields[GPS_FIELDS_MAX];
	uint32_t count;
	bool bad;           /* a field does not parse */
	bool off_the_earth; /* a position out of range */
};

/* Splits what stands behind the address, of so many characters. False where there are too many fields. */
bool gps_split(struct gps_parse *parse, const struct frame *frame, uint32_t address);

/* An empty one where the sentence ends sooner. Never NULL. */
const struct gps_field *gps_field(const struct gps_parse *parse, uint32_t index);

/* The only character of a field; '\0': it is empty. */
char gps_letter(struct gps_parse *parse, uint32_t index);

/* 0 to 99, or -1. Reads two characters. */
int gps_two_digits(const char *text);

/* The functions below return false where the field is empty or does not parse; *out is untouched then. */

/* A number with up to six decimals, perhaps negative. */
bool gps_number(struct gps_parse *parse, uint32_t index, double *value);

/* 0 to below 360 degrees; 360 is 0. */
bool gps_direction(struct gps_parse *parse, uint32_t index, double *degrees);

/* ddmm.mmmm, degrees of up to three digits, and in the field behind it the hemisphere, of which the second
 * one is negative. Sets off_the_earth beyond limit degrees. */
bool gps_angle(struct gps_parse *parse, uint32_t index, const char *hemispheres, int limit, double *degrees);

/* hhmmss or hhmmss.sss, into the sentence. */
void gps_time_of_day(struct gps_parse *parse, uint32_t index);

#endif
