/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages of fences. See fences_answer.h.
 */
#include "gateway/fences_answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fence/export.h"

/* What a rule and its braces take at most is far below; names are what is long. */
#define LISTED_BYTES 128
#define LISTED_RULE_BYTES 48

#define MESSAGE_MAX ((1u << 20) - 4096)

static json_t *problem(const char *what)
{
	return json_pack("{s:b, s:s}", "ok", 0, "error", what);
}

static json_t *describe_fence(const struct weir_fence *fence)
{
	json_t *rules = json_array();
	json_t *json = json_pack("{s:s, s:f}", "id", fence->id, "margin_m", fence->margin_m);

	for (size_t i = 0; i < fence->rule_count; i++)
		json_array_append_new(rules,
		                      json_pack("{s:s, s:s}", "rule", weir_rule_name(fence->rules[i].kind),
		                                "severity", weir_severity_name(fence->rules[i].severity)));
	if (fence->name)
		json_object_set_new(json, "name", json_string(fence->name));
	json_object_set_new(json, "rules", rules);
	return json;
}

/* How much of a page the fence takes, at most twice as much as it does. */
static size_t listed_bytes(const struct weir_fence *fence)
{
	return LISTED_BYTES + (fence->name ? strlen(fence->name) : 0) + fence->rule_count * LISTED_RULE_BYTES;
}

static json_t *list(const struct weir_fences *fences, size_t *index)
{
	json_t *made = json_array();

	for (size_t bytes = 0; *index < weir_fences_count(fences) && bytes < WEIR_FENCES_PAGE; ++*index) {
		const struct weir_fence *fence = weir_fences_get(fences, *index);

		bytes += listed_bytes(fence);
		json_array_append_new(made, describe_fence(fence));
	}
	return made;
}

/* NULL: no memory, or more than a message holds: *size says it. */
static json_t *draw(const struct weir_fences *fences, size_t *index, size_t *size)
{
	char *text = NULL;
	json_t *made = NULL;
	FILE *out = open_memstream(&text, size);

	if (out == NULL)
		return NULL;
	int error = weir_fences_export_some(fences, WEIR_EXPORT_DRAWN, index, WEIR_FENCES_PAGE, out);
	if (fclose(out) == 0 && error == 0 && *size <= MESSAGE_MAX)
		made = json_loadb(text, *size, 0, NULL);
	free(text);
	return made;
}

/* Those in force are in the order of their ids: the first one that is not before it. */
static size_t index_of(const struct weir_fences *fences, const char *id)
{
	size_t index = 0;

	while (index < weir_fences_count(fences) && strcmp(weir_fences_get(fences, index)->id, id) < 0)
		index++;
	return index;
}

static json_t *page(const struct weir_fences *fences, bool geojson, size_t first)
{
	size_t index = first, size = 0;
	json_t *content = geojson ? draw(fences, &index, &size) : list(fences, &index);

	if (content == NULL && size > MESSAGE_MAX)
		return json_pack(
		        "{s:b, s:o}", "ok", 0, "error",
		        json_sprintf("the fence '%s' is too large for a message; 'weir fences export' "
		                     "draws it",
		                     weir_fences_get(fences, index - 1)->id));
	if (content == NULL)
		return problem("the fences can't be drawn now");
	json_t *answer = json_pack("{s:b, s:o}", "ok", 1, geojson ? "geojson" : "fences", content);
	if (index < weir_fences_count(fences))
		json_object_set_new(answer, "next", json_string(weir_fences_get(fences, index)->id));
	return answer;
}

json_t *weir_fences_answer(const struct weir_fences *fences, const char *body)
{
	json_t *asked = body == NULL || *body == '\0' ? json_object() : json_loads(body, 0, NULL), *answer;
	const char *from = NULL;
	int geojson = 0;

	if (json_unpack(asked, "{s?b, s?s !}", "geojson", &geojson, "from", &from) != 0)
		answer = problem(
		        "the body must be empty, or an object such as {\"geojson\":true,\"from\":\"<id>\"}");
	else
		answer = page(fences, geojson != 0, from == NULL ? 0 : index_of(fences, from));
	json_decref(asked);
	return answer;
}
