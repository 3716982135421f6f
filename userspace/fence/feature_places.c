/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the line and the column at which each feature begins, which the JSON library does not keep.
 * Not a parser: the text is known to be valid JSON.
 */
#include <string.h>

#include "fence/loader.h"

struct scan {
	const char *text, *end;
	uint32_t line;
	const char *line_begin;
};

static struct weir_place place_of(const struct scan *scan)
{
	return (struct weir_place){scan->line, (uint32_t)(scan->text - scan->line_begin) + 1};
}

static void step(struct scan *scan)
{
	if (*scan->text++ == '\n') {
		scan->line++;
		scan->line_begin = scan->text;
	}
}

/* From the opening quote to behind the closing one. True where the string is `word`. */
static bool pass_string(struct scan *scan, const char *word)
{
	const char *begin = ++scan->text;

	while (scan->text < scan->end && *scan->text != '"') {
		if (*scan->text == '\\' && scan->text + 1 < scan->end)
			scan->text++;
		step(scan);
	}
	size_t length = (size_t)(scan->text - begin);
	scan->text += scan->text < scan->end;
	return length == strlen(word) && memcmp(begin, word, length) == 0;
}

static bool a_colon_follows(struct scan *scan)
{
	while (scan->text < scan->end && strchr(" \t\r\n", *scan->text) != NULL)
		step(scan);
	return scan->text < scan->end && *scan->text == ':';
}

size_t weir_feature_places(const char *text, size_t length, struct weir_place *places, size_t capacity)
{
	struct scan scan = {text, text + length, 1, text};
	uint32_t depth = 0;
	bool is_key = false;  /* the last thing seen at depth 1 was the key "features" */
	bool in_list = false; /* within its array */
	size_t found = 0;

	while (scan.text < scan.end) {
		char c = *scan.text;

		if (c == '"') {
			bool matches = pass_string(&scan, "features");
			if (depth == 1 && a_colon_follows(&scan))
				is_key = matches;
			continue;
		}
		if (c == '{' || c == '[') {
			if (c == '[' && depth == 1 && is_key)
				in_list = true;
			if (in_list && depth == 2) {
				if (found < capacity)
					places[found] = place_of(&scan);
				found++;
			}
			depth++;
		} else if (c == '}' || c == ']') {
			depth--;
			if (depth == 1)
				in_list = is_key = false;
		}
		step(&scan);
	}
	return found;
}
