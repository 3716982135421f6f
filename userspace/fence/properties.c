/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The properties of a fence: its id, its name, its rules. Unknown keys are refused where they are ours
 * to define (inside of a rule) or look like a slip of one of ours; anything else is left to the tool
 * that wrote the file.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fence/loader.h"

#define ID_MAX 64
#define NAME_MAX_BYTES 256 /* it stands in every alert of the fence */
#define CONFIRM_FIXES_DEFAULT 2
#define CONFIRM_FIXES_MAX 100
#define MAX_GAP_DEFAULT_NS INT64_C(600000000000)
#define MARGIN_MAX_M 200000.0

static const char *const later_properties[] = {"filter", "schedule", "exit_buffer_m", "max_gap_s", "repair",
                                               "crs",    "radius_m", "half_width_m",  "gate"};
static const char *const later_parameters[] = {"exit_buffer_m", "initial"};

/* A property that begins with one of these is meant for us; a slip must not pass in silence. */
static const struct {
	const char *beginning, *meant;
} ours[] = {
        {"rule", "rules"},
        {"severity", "severity"},
        {"confirm", "confirm_fixes"},
        {"margin", "margin_m"},
};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static bool listed(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, list[i]) == 0)
			return true;
	return false;
}

static const char *type_name(const json_t *value)
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
			weir_loader_complain(loader, "'id' must be a string, not %s", type_name(value));
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
		weir_loader_complain(loader, "'name' must be a string, not %s", type_name(value));
		return false;
	}
	if (json_string_length(value) > NAME_MAX_BYTES) {
		weir_loader_complain(loader, "'name' must not be longer than %d bytes", NAME_MAX_BYTES);
		return false;
	}
	fence->name = copy(loader, json_string_value(value));
	return true;
}

static bool load_severity(struct weir_loader *loader, const json_t *value, enum weir_severity *severity)
{
	if (value == NULL || json_is_null(value))
		return true;
	if (json_is_string(value)) {
		for (unsigned i = 0; i < WEIR_SEVERITIES; i++) {
			if (strcmp(json_string_value(value), weir_severity_name((enum weir_severity)i)) ==
			    0) {
				*severity = (enum weir_severity)i;
				return true;
			}
		}
	}
	weir_loader_complain(loader, "'severity' must be one of info, warning, alarm, emergency");
	return false;
}

static bool load_confirm_fixes(struct weir_loader *loader, const json_t *value, uint32_t *confirm_fixes)
{
	if (value == NULL || json_is_null(value))
		return true;
	json_int_t fixes = json_integer_value(value);
	if (!json_is_integer(value) || fixes < 1 || fixes > CONFIRM_FIXES_MAX) {
		weir_loader_complain(loader, "'confirm_fixes' must be a whole number from 1 to %d",
		                     CONFIRM_FIXES_MAX);
		return false;
	}
	*confirm_fixes = (uint32_t)fixes;
	return true;
}

static bool load_margin(struct weir_loader *loader, const json_t *value, double *margin_m)
{
	if (value == NULL || json_is_null(value))
		return true;
	double margin = json_number_value(value);
	if (!json_is_number(value) || !(margin >= 0 && margin <= MARGIN_MAX_M)) {
		weir_loader_complain(loader, "'margin_m' must be a number of metres from 0 to %.0f",
		                     MARGIN_MAX_M);
		return false;
	}
	*margin_m = margin;
	return true;
}

static bool load_rule_kind(struct weir_loader *loader, const json_t *value, enum weir_rule_kind *kind)
{
	if (!json_is_string(value)) {
		weir_loader_complain(loader, "each of 'rules' needs a key 'rule' with the rule's name");
		return false;
	}

	const char *name = json_string_value(value);
	for (unsigned i = 0; i < WEIR_RULE_KINDS; i++) {
		if (strcmp(name, weir_rule_name((enum weir_rule_kind)i)) == 0) {
			*kind = (enum weir_rule_kind)i;
			if (weir_rule_is_available(*kind))
				return true;
			weir_loader_complain(loader, "rule '%s' is not available in this version", name);
			return false;
		}
	}
	weir_loader_complain(loader, "unknown rule '%s'", name);
	return false;
}

static bool check_rule_keys(struct weir_loader *loader, const json_t *rule)
{
	static const char *const known[] = {"rule", "severity", "confirm_fixes"};
	const char *key;
	json_t *value;
	bool good = true;

	json_object_foreach((json_t *)(uintptr_t)rule, key, value)
	{
		if (listed(key, known, LENGTH(known)))
			continue;
		good = false;
		if (listed(key, later_parameters, LENGTH(later_parameters)))
			weir_loader_complain(loader, "the parameter '%s' is not available in this version",
			                     key);
		else
			weir_loader_complain(loader, "unknown key '%s' in a rule", key);
	}
	return good;
}

static bool load_rule(struct weir_loader *loader, const json_t *rule, struct weir_fence *fence,
                      enum weir_severity severity)
{
	struct weir_rule made = {.severity = severity, .confirm_fixes = fence->confirm_fixes};

	if (!json_is_object(rule)) {
		weir_loader_complain(loader,
		                     "each of 'rules' must be an object such as {\"rule\":\"enter\"}");
		return false;
	}
	if (!load_rule_kind(loader, json_object_get(rule, "rule"), &made.kind))
		return false; /* what its keys should be is not known */

	bool good = check_rule_keys(loader, rule);
	good &= load_severity(loader, json_object_get(rule, "severity"), &made.severity);
	good &= load_confirm_fixes(loader, json_object_get(rule, "confirm_fixes"), &made.confirm_fixes);
	for (size_t i = 0; i < fence->rule_count; i++) {
		if (fence->rules[i].kind == made.kind) {
			weir_loader_complain(loader, "rule '%s' is there twice", weir_rule_name(made.kind));
			return false;
		}
	}
	if (good)
		fence->rules[fence->rule_count++] = made;
	return good;
}

/* No kind can be there twice, so that there is always room for all rules. */
_Static_assert((int)WEIR_RULE_KINDS <= WEIR_FENCE_RULES_MAX, "a fence has room for every kind of rule");

static bool load_rules(struct weir_loader *loader, const json_t *rules, struct weir_fence *fence,
                       enum weir_severity severity)
{
	bool good = true;

	if (rules == NULL || json_is_null(rules)) {
		weir_loader_complain(loader, "a fence needs 'rules' in its properties, "
		                             "such as [{\"rule\":\"enter\"},{\"rule\":\"exit\"}]");
		return false;
	}
	if (!json_is_array(rules)) {
		weir_loader_complain(loader, "'rules' must be an array, not %s", type_name(rules));
		return false;
	}
	for (size_t i = 0; i < json_array_size(rules); i++)
		good &= load_rule(loader, json_array_get(rules, i), fence, severity);
	return good;
}

static bool check_property(struct weir_loader *loader, const char *key, const json_t *value)
{
	static const char *const known[] = {"id", "name", "rules", "severity", "confirm_fixes", "margin_m"};

	if (json_is_null(value) || listed(key, known, LENGTH(known)))
		return true; /* GIS tools write null for what is absent */
	if (listed(key, later_properties, LENGTH(later_properties))) {
		weir_loader_complain(loader, "the property '%s' is not available in this version", key);
		return false;
	}
	for (size_t i = 0; i < LENGTH(ours); i++) {
		if (strncmp(key, ours[i].beginning, strlen(ours[i].beginning)) == 0) {
			weir_loader_complain(loader, "unknown property '%s': is '%s' meant?", key,
			                     ours[i].meant);
			return false;
		}
	}
	return true;
}

bool weir_load_properties(struct weir_loader *loader, const json_t *properties, struct weir_fence *fence)
{
	enum weir_severity severity = WEIR_SEVERITY_INFO;
	const char *key;
	json_t *value;

	fence->confirm_fixes = CONFIRM_FIXES_DEFAULT;
	fence->max_gap_ns = MAX_GAP_DEFAULT_NS;
	fence->margin_m = loader->margin_m;
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
	good &= load_margin(loader, json_object_get(properties, "margin_m"), &fence->margin_m);
	good &= load_severity(loader, json_object_get(properties, "severity"), &severity);
	good &= load_confirm_fixes(loader, json_object_get(properties, "confirm_fixes"),
	                           &fence->confirm_fixes);
	good &= load_rules(loader, json_object_get(properties, "rules"), fence, severity);
	return good;
}
