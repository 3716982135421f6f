/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The properties of a fence: its id, its name, and what hands over to the files for rules, filters and
 * schedules. Unknown keys are refused where they are ours to define (inside of a rule) or look like a
 * slip of one of ours; anything else is left to the tool that wrote the file.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fence/json_value.h"
#include "fence/loader.h"
#include "fence/window_load.h"

#define ID_MAX 64
#define NAME_MAX_BYTES 256 /* it stands in every alert of the fence */
#define CONFIRM_FIXES_DEFAULT 2
#define MAX_GAP_DEFAULT_NS INT64_C(600000000000)

/* Beyond it the plane in which metres are measured is no picture of the earth (metric.h). */
static const struct weir_bounds distance = {"metres", 0, 200000, true};
static const struct weir_bounds margin = {"metres", 0, 200000, false};
static const struct weir_bounds max_gap = {"seconds", 0, 604800, true};

static const char *const known[] = {"id",       "name",   "rules",         "severity",     "confirm_fixes",
                                    "margin_m", "filter", "exit_buffer_m", "max_gap_s",    "schedule",
                                    "repair",   "crs",    "radius_m",      "half_width_m", "gate",
                                    "windows"};

/* A property that begins with one of these is meant for us; a slip must not pass in silence. */
static const struct {
	const char *beginning, *meant;
} ours[] = {
        {"rule", "rules"},
        {"severity", "severity"},
        {"confirm", "confirm_fixes"},
        {"margin", "margin_m"},
        {"filter", "filter"},
        {"schedul", "schedule"},
        {"window", "windows"},
        {"exit_buffer", "exit_buffer_m"},
        {"max_gap", "max_gap_s"},
        {"radius", "radius_m"},
        {"half_width", "half_width_m"},
        {"valid_", "valid_from' or 'valid_to' in 'schedule"},
        {"repair", "repair"},
};

static bool is_id(const char *text)
{
	size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

	return length >= 1 && length <= ID_MAX && text[length] == '\0';
}

static char *copy(struct weir_loader *loader, const char *text)
{
	char *made = strdup(text);

	loader->out_of_memory |= made == NULL;
	return made;
}

static bool load_id(struct weir_loader *loader, const json_t *value, struct weir_fence *fence)
{
	const char *id = loader->given_id;

	if (value != NULL && !json_is_null(value)) {
		if (!json_is_string(value)) {
			weir_loader_complain(loader, "'id' must be a string, not %s", weir_json_type(value));
			return false;
		}
		id = json_string_value(value);
	}
	if (id == NULL) {
		weir_loader_complain(loader, "a fence needs an 'id' in its properties");
		return false;
	}
	if (!is_id(id) || (json_is_string(value) && strlen(id) != json_string_length(value))) {
		weir_loader_complain(loader,
		                     "'id' must be 1 to %d of the characters A-Z a-z 0-9 _ -, "
		                     "because it becomes a part of subjects",
		                     ID_MAX);
		return false;
	}
	if (loader->given_id != NULL && strcmp(loader->given_id, id) != 0) {
		weir_loader_complain(loader, "'id' is '%s', but it is kept under the name '%s'", id,
		                     loader->given_id);
		return false;
	}
	loader->id = id;
	fence->id = copy(loader, id);
	return true;
}

static bool load_name(struct weir_loader *loader, const json_t *value, struct weir_fence *fence)
{
	if (value == NULL || json_is_null(value))
		return true;
	if (!json_is_string(value)) {
		weir_loader_complain(loader, "'name' must be a string, not %s", weir_json_type(value));
		return false;
	}
	if (json_string_length(value) > NAME_MAX_BYTES) {
		weir_loader_complain(loader, "'name' must not be longer than %d bytes", NAME_MAX_BYTES);
		return false;
	}
	fence->name = copy(loader, json_string_value(value));
	return true;
}

bool weir_load_severity(struct weir_loader *loader, const json_t *value, enum weir_severity *severity)
{
	const char *words[WEIR_SEVERITIES];
	unsigned word = *severity;

	for (unsigned i = 0; i < WEIR_SEVERITIES; i++)
		words[i] = weir_severity_name((enum weir_severity)i);
	bool good = weir_read_word(loader, value, "severity", words, WEIR_SEVERITIES, &word);
	*severity = (enum weir_severity)word;
	return good;
}

static bool check_property(struct weir_loader *loader, const char *key, const json_t *value)
{
	if (json_is_null(value) || weir_is_listed(key, known, WEIR_LENGTH(known)))
		return true; /* GIS tools write null for what is absent */
	for (size_t i = 0; i < WEIR_LENGTH(ours); i++) {
		if (strncmp(key, ours[i].beginning, strlen(ours[i].beginning)) == 0) {
			weir_loader_complain(loader, "unknown property '%s': is '%s' meant?", key,
			                     ours[i].meant);
			return false;
		}
	}
	return true;
}

static bool load_wishes(struct weir_loader *loader, const json_t *properties)
{
	struct weir_geometry_wishes *wishes = &loader->wishes;
	const json_t *crs = json_object_get(properties, "crs");
	bool good = true;

	good &= weir_read_number(loader, json_object_get(properties, "radius_m"), "radius_m", &distance,
	                         &wishes->radius_m);
	good &= weir_read_number(loader, json_object_get(properties, "half_width_m"), "half_width_m",
	                         &distance, &wishes->half_width_m);
	good &= weir_read_flag(loader, json_object_get(properties, "gate"), "gate", &wishes->is_gate);
	good &= weir_read_flag(loader, json_object_get(properties, "repair"), "repair", &wishes->repair);
	if (crs != NULL && !json_is_null(crs) && !json_is_string(crs)) {
		weir_loader_complain(loader, "'crs' must be a string such as \"EPSG:25831\", not %s",
		                     weir_json_type(crs));
		good = false;
	}
	wishes->crs = json_string_value(crs);
	wishes->failed = !good;
	return good;
}

/* What rules take as their defaults. */
static bool load_defaults(struct weir_loader *loader, const json_t *properties, struct weir_fence *fence)
{
	bool good = true;

	fence->confirm_fixes = CONFIRM_FIXES_DEFAULT;
	fence->max_gap_ns = MAX_GAP_DEFAULT_NS;
	good &= weir_read_count(loader, json_object_get(properties, "confirm_fixes"), "confirm_fixes", 1,
	                        WEIR_CONFIRM_FIXES_MAX, &fence->confirm_fixes);
	good &= weir_read_number(loader, json_object_get(properties, "exit_buffer_m"), "exit_buffer_m",
	                         &margin, &fence->exit_buffer_m);
	good &= weir_read_seconds(loader, json_object_get(properties, "max_gap_s"), "max_gap_s", &max_gap,
	                          &fence->max_gap_ns);
	return good;
}

bool weir_load_properties(struct weir_loader *loader, const json_t *properties, struct weir_fence *fence)
{
	enum weir_severity severity = WEIR_SEVERITY_INFO;
	const char *key;
	json_t *value;

	loader->wishes = (struct weir_geometry_wishes){.radius_m = NAN, .half_width_m = NAN};
	if (!json_is_object(properties)) {
		weir_loader_complain(loader, "a fence needs 'properties' with an 'id' and 'rules'");
		return false;
	}

	bool good = load_id(loader, json_object_get(properties, "id"), fence);
	json_object_foreach((json_t *)(uintptr_t)properties, key, value)
	{
		good &= check_property(loader, key, value);
	}
	good &= load_name(loader, json_object_get(properties, "name"), fence);
	fence->margin_m = NAN;
	good &= weir_read_number(loader, json_object_get(properties, "margin_m"), "margin_m", &margin,
	                         &fence->margin_m);
	good &= weir_load_severity(loader, json_object_get(properties, "severity"), &severity);
	good &= load_defaults(loader, properties, fence);
	good &= load_wishes(loader, properties);
	good &= weir_load_filter(loader, json_object_get(properties, "filter"), &fence->filter);
	good &= weir_load_schedule(loader, json_object_get(properties, "schedule"), fence);
	good &= weir_load_rules(loader, json_object_get(properties, "rules"), fence, severity);
	good &= weir_load_windows(loader, json_object_get(properties, "windows"), fence);
	return good;
}
