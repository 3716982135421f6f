/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of properties. See json_value.h.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fence/json_value.h"
#include "fence/loader.h"

bool weir_is_listed(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

const char *weir_json_type(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		break;
	}
	return "null";
}

static bool is_absent(const json_t *value)
{
	return value == NULL || json_is_null(value);
}

bool weir_read_number(struct weir_loader *loader, const json_t *value, const char *key,
                      const struct weir_bounds *bounds, double *out)
{
	double number = json_number_value(value);

	if (is_absent(value))
		return true;
	if (!json_is_number(value) || !(number >= bounds->low && number <= bounds->high) ||
	    (bounds->above && number == bounds->low)) {
		weir_loader_complain(loader, "'%s' must be a number of %s %s %.10g %s %.10g", key,
		                     bounds->unit, bounds->above ? "above" : "from", bounds->low,
		                     bounds->above ? "up to" : "to", bounds->high);
		return false;
	}
	*out = number;
	return true;
}

bool weir_read_seconds(struct weir_loader *loader, const json_t *value, const char *key,
                       const struct weir_bounds *bounds, int64_t *out_ns)
{
	double seconds = NAN;

	if (!weir_read_number(loader, value, key, bounds, &seconds))
		return false;
	if (!isnan(seconds))
		*out_ns = llround(seconds * 1e9);
	return true;
}

bool weir_read_count(struct weir_loader *loader, const json_t *value, const char *key, uint32_t low,
                     uint32_t high, uint32_t *out)
{
	json_int_t number = json_integer_value(value);

	if (is_absent(value))
		return true;
	if (!json_is_integer(value) || number < low || number > high) {
		weir_loader_complain(loader, "'%s' must be a whole number from %u to %u", key, low, high);
		return false;
	}
	*out = (uint32_t)number;
	return true;
}

bool weir_read_flag(struct weir_loader *loader, const json_t *value, const char *key, bool *out)
{
	if (is_absent(value))
		return true;
	if (!json_is_boolean(value)) {
		weir_loader_complain(loader, "'%s' must be true or false, not %s", key,
		                     weir_json_type(value));
		return false;
	}
	*out = json_is_true(value);
	return true;
}

bool weir_read_word(struct weir_loader *loader, const json_t *value, const char *key,
                    const char *const *words, size_t count, unsigned *out)
{
	const char *word = json_string_value(value);
	char list[256] = "";
	size_t length = 0;

	if (is_absent(value))
		return true;
	for (unsigned i = 0; i < count; i++) {
		if (word != NULL && strcmp(word, words[i]) == 0) {
			*out = i;
			return true;
		}
		length += (size_t)snprintf(list + length, sizeof(list) - length, "%s%s", i == 0 ? "" : ", ",
		                           words[i]);
	}
	weir_loader_complain(loader, "'%s' must be one of %s", key, list);
	return false;
}

static bool parse_number(const char *text, char **end, uint32_t *out)
{
	errno = 0;
	unsigned long number = strtoul(text, end, 10);

	if (*text < '0' || *text > '9' || errno != 0 || number > UINT32_MAX)
		return false;
	*out = (uint32_t)number;
	return true;
}

bool weir_read_range(struct weir_loader *loader, const json_t *value, const char *key, uint32_t low,
                     uint32_t high, struct weir_range *out)
{
	struct weir_range range = {1, 0};

	if (json_is_integer(value)) {
		json_int_t number = json_integer_value(value);
		if (number >= low && number <= high)
			range.first = range.last = (uint32_t)number;
	} else if (json_is_string(value)) {
		char *end = NULL;
		bool good = parse_number(json_string_value(value), &end, &range.first);

		range.last = range.first;
		if (good && *end == '-')
			good = parse_number(end + 1, &end, &range.last);
		if (!good || *end != '\0')
			range = (struct weir_range){1, 0};
	}
	if (range.first > range.last || range.first < low || range.last > high) {
		weir_loader_complain(
		        loader,
		        "'%s' must be a list of whole numbers from %u to %u, or of ranges such as "
		        "\"%u-%u\"",
		        key, low, high, low, high);
		return false;
	}
	*out = range;
	return true;
}
