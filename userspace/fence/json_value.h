/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of properties: what is read, in which bounds, and what is said about others. All functions leave
 * *out alone and return true where the value is absent or null (GIS tools write null for what is
 * absent); they complain, leave it alone and return false where it is wrong.
 */
#ifndef WEIR_JSON_VALUE_H
#define WEIR_JSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

struct weir_loader;

#define WEIR_LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* A number: what it counts ("metres"), and from where to where; `above` leaves `low` itself out. */
struct weir_bounds {
	const char *unit;
	double low, high;
	bool above;
};

bool weir_is_listed(const char *word, const char *const *list, size_t count);

/* "an array", for complaints. */
const char *weir_json_type(const json_t *value);

bool weir_read_number(struct weir_loader *loader, const json_t *value, const char *key,
                      const struct weir_bounds *bounds, double *out);

/* Seconds to nanoseconds. */
bool weir_read_seconds(struct weir_loader *loader, const json_t *value, const char *key,
                       const struct weir_bounds *bounds, int64_t *out_ns);

bool weir_read_count(struct weir_loader *loader, const json_t *value, const char *key, uint32_t low,
                     uint32_t high, uint32_t *out);

bool weir_read_flag(struct weir_loader *loader, const json_t *value, const char *key, bool *out);

/* One of the words; its number. */
bool weir_read_word(struct weir_loader *loader, const json_t *value, const char *key,
                    const char *const *words, size_t count, unsigned *out);

/* A whole number or "from-to", both ends included and from low to high. */
struct weir_range {
	uint32_t first, last;
};

bool weir_read_range(struct weir_loader *loader, const json_t *value, const char *key, uint32_t low,
                     uint32_t high, struct weir_range *out);

#endif
