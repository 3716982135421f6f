/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of a fence, as its file has them: kinds, parameters, bounds and defaults; and back. What they
 * mean is up to detection.
 */
#include <math.h>
#include <string.h>

#include "fence/export.h"
#include "fence/json_value.h"
#include "fence/loader.h"
#include "fence/window_load.h"

#define SECOND_NS INT64_C(1000000000)

/* ITU-R M.1371-5 has speeds up to 102.2 kn; GPS devices on wheels and wings may be faster. */
static const struct weir_bounds speed = {"knots", 0, 1000, true};
static const struct weir_bounds distance = {"metres", 0, 200000, true};
static const struct weir_bounds buffer = {"metres", 0, 200000, false};
static const struct weir_bounds week = {"seconds", 0, 604800, true};
static const struct weir_bounds course = {"degrees", 0, 359.9999999, false};
static const struct weir_bounds tolerance = {"degrees", 0, 179.9999999, true};

static const char *const initials[] = {
        [WEIR_INITIAL_ENTER] = "enter",
        [WEIR_INITIAL_INSIDE] = "inside",
        [WEIR_INITIAL_SILENT] = "silent",
};
static const char *const directions[] = {
        [WEIR_GATE_BOTH] = "both",
        [WEIR_GATE_LEFT_TO_RIGHT] = "left_to_right",
        [WEIR_GATE_RIGHT_TO_LEFT] = "right_to_left",
};

/* A parameter of a rule. What is not required has its default from defaults_of(). */
struct parameter {
	enum weir_rule_kind rule;
	const char *key;
	size_t offset; /* in struct weir_rule */
	enum { NUMBER, SECONDS, COUNT, INITIAL, DIRECTION } type;
	bool is_required;
	const struct weir_bounds *bounds; /* of numbers and seconds */
	uint32_t low, high;               /* of counts */
};

#define AT(member) offsetof(struct weir_rule, member)

static const struct parameter parameters[] = {
        {WEIR_RULE_ENTER, "confirm_fixes", AT(confirm_fixes), COUNT, .low = 1,
         .high = WEIR_CONFIRM_FIXES_MAX},
        {WEIR_RULE_ENTER, "exit_buffer_m", AT(exit_buffer_m), NUMBER, .bounds = &buffer},
        {WEIR_RULE_ENTER, "initial", AT(initial), INITIAL},
        {WEIR_RULE_EXIT, "confirm_fixes", AT(confirm_fixes), COUNT, .low = 1, .high = WEIR_CONFIRM_FIXES_MAX},
        {WEIR_RULE_EXIT, "exit_buffer_m", AT(exit_buffer_m), NUMBER, .bounds = &buffer},
        {WEIR_RULE_CROSS, "max_gap_s", AT(cross.max_gap_ns), SECONDS, .bounds = &week},
        {WEIR_RULE_DWELL, "dwell_s", AT(dwell.dwell_ns), SECONDS, true, .bounds = &week},
        {WEIR_RULE_SPEED, "max_sog_kn", AT(speed.max_sog_kn), NUMBER, .bounds = &speed},
        {WEIR_RULE_SPEED, "min_sog_kn", AT(speed.min_sog_kn), NUMBER, .bounds = &speed},
        {WEIR_RULE_SPEED, "sustain_s", AT(speed.sustain_ns), SECONDS,
         .bounds = &(const struct weir_bounds){"seconds", 0, 86400, false}},
        {WEIR_RULE_ANCHOR, "after_s", AT(anchor.after_ns), SECONDS, .bounds = &week},
        {WEIR_RULE_ANCHOR, "radius_m", AT(anchor.radius_m), NUMBER, .bounds = &distance},
        {WEIR_RULE_GATE, "direction", AT(gate.direction), DIRECTION},
        {WEIR_RULE_GATE, "max_gap_s", AT(gate.max_gap_ns), SECONDS, .bounds = &week},
        {WEIR_RULE_COURSE, "course_deg", AT(course.course_deg), NUMBER, true, .bounds = &course},
        {WEIR_RULE_COURSE, "tolerance_deg", AT(course.tolerance_deg), NUMBER, .bounds = &tolerance},
        {WEIR_RULE_COURSE, "min_sog_kn", AT(course.min_sog_kn), NUMBER,
         .bounds = &(const struct weir_bounds){"knots", 0, 1000, false}},
        {WEIR_RULE_COURSE, "fixes", AT(course.fixes), COUNT, .low = 1, .high = WEIR_CONFIRM_FIXES_MAX},
        {WEIR_RULE_GAP, "gap_s", AT(gap.gap_ns), SECONDS, true, .bounds = &week},
        {WEIR_RULE_PROXIMITY, "cpa_m", AT(proximity.cpa_m), NUMBER, true, .bounds = &distance},
        {WEIR_RULE_PROXIMITY, "tcpa_s", AT(proximity.tcpa_ns), SECONDS, true,
         .bounds = &(const struct weir_bounds){"seconds", 0, 86400, true}},
        {WEIR_RULE_PROXIMITY, "min_sog_kn", AT(proximity.min_sog_kn), NUMBER,
         .bounds = &(const struct weir_bounds){"knots", 0, 1000, false}},
        {WEIR_RULE_DENSITY, "window_s", AT(density.window.window_ns), SECONDS, true,
         .bounds = &weir_window_bounds},
        {WEIR_RULE_DENSITY, "slide_s", AT(density.window.slide_ns), SECONDS, .bounds = &weir_window_bounds},
        {WEIR_RULE_DENSITY, "lateness_s", AT(density.window.lateness_ns), SECONDS,
         .bounds = &weir_lateness_bounds},
        {WEIR_RULE_DENSITY, "max_devices", AT(density.max_devices), COUNT, true, .high = 1000000},
};

/* The defaults are those of the README's table of rules, which says where they come from. */
static void defaults_of(struct weir_rule *rule, const struct weir_fence *fence)
{
	switch (rule->kind) {
	case WEIR_RULE_ENTER:
	case WEIR_RULE_EXIT:
		rule->confirm_fixes = fence->confirm_fixes;
		rule->exit_buffer_m = fence->exit_buffer_m;
		rule->initial = WEIR_INITIAL_ENTER;
		break;
	case WEIR_RULE_CROSS:
		rule->cross.max_gap_ns = fence->max_gap_ns;
		break;
	case WEIR_RULE_SPEED:
		rule->speed.max_sog_kn = rule->speed.min_sog_kn = NAN;
		rule->speed.sustain_ns = 30 * SECOND_NS;
		break;
	case WEIR_RULE_ANCHOR:
		rule->anchor.after_ns = 300 * SECOND_NS;
		rule->anchor.radius_m = 100;
		break;
	case WEIR_RULE_GATE:
		rule->gate.direction = WEIR_GATE_BOTH;
		rule->gate.max_gap_ns = fence->max_gap_ns;
		break;
	case WEIR_RULE_COURSE:
		rule->course.tolerance_deg = 45;
		rule->course.min_sog_kn = 2;
		rule->course.fixes = 3;
		break;
	case WEIR_RULE_PROXIMITY:
		rule->proximity.min_sog_kn = 1;
		break;
	case WEIR_RULE_DENSITY:
		rule->density.window.lateness_ns = WEIR_LATENESS_DEFAULT_NS;
		break;
	default: /* all parameters are required, or there are none */
		break;
	}
}

static bool read_parameter(struct weir_loader *loader, const json_t *value, const struct parameter *p,
                           struct weir_rule *rule)
{
	void *at = (char *)rule + p->offset;
	unsigned word;
	bool good;

	if (p->is_required && (value == NULL || json_is_null(value))) {
		weir_loader_complain(loader, "rule '%s' needs '%s'", weir_rule_name(rule->kind), p->key);
		return false;
	}
	switch (p->type) {
	case NUMBER:
		return weir_read_number(loader, value, p->key, p->bounds, at);
	case SECONDS:
		return weir_read_seconds(loader, value, p->key, p->bounds, at);
	case COUNT:
		return weir_read_count(loader, value, p->key, p->low, p->high, at);
	case INITIAL:
		word = rule->initial;
		good = weir_read_word(loader, value, p->key, initials, WEIR_LENGTH(initials), &word);
		rule->initial = (enum weir_initial)word;
		return good;
	case DIRECTION:
		word = rule->gate.direction;
		good = weir_read_word(loader, value, p->key, directions, WEIR_LENGTH(directions), &word);
		rule->gate.direction = (enum weir_gate_direction)word;
		return good;
	}
	return false;
}

static bool is_parameter(enum weir_rule_kind rule, const char *key)
{
	for (size_t i = 0; i < WEIR_LENGTH(parameters); i++)
		if (parameters[i].rule == rule && strcmp(parameters[i].key, key) == 0)
			return true;
	return false;
}

static bool check_keys(struct weir_loader *loader, const json_t *json, enum weir_rule_kind rule)
{
	static const char *const always[] = {"rule", "severity"};
	const char *key;
	json_t *value;
	bool good = true;

	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		if (weir_is_listed(key, always, WEIR_LENGTH(always)) || is_parameter(rule, key))
			continue;
		good = false;
		weir_loader_complain(loader, "unknown key '%s' in a rule '%s'", key, weir_rule_name(rule));
	}
	return good;
}

/* What no parameter can be checked for alone. */
static bool check_together(struct weir_loader *loader, struct weir_rule *rule)
{
	if (rule->kind == WEIR_RULE_SPEED) {
		double low = rule->speed.min_sog_kn, high = rule->speed.max_sog_kn;

		if (isnan(low) && isnan(high)) {
			weir_loader_complain(loader, "rule 'speed' needs 'max_sog_kn' or 'min_sog_kn'");
			return false;
		}
		if (low >= high) {
			weir_loader_complain(loader, "'min_sog_kn' must be below 'max_sog_kn'");
			return false;
		}
	}
	return rule->kind != WEIR_RULE_DENSITY || weir_check_window(loader, &rule->density.window);
}

bool weir_load_rule_parameters(struct weir_loader *loader, const json_t *json, const struct weir_fence *fence,
                               struct weir_rule *rule)
{
	bool good = check_keys(loader, json, rule->kind);

	defaults_of(rule, fence);
	good &= weir_load_severity(loader, json_object_get(json, "severity"), &rule->severity);
	for (size_t i = 0; i < WEIR_LENGTH(parameters); i++)
		if (parameters[i].rule == rule->kind)
			good &= read_parameter(loader, json_object_get(json, parameters[i].key),
			                       &parameters[i], rule);
	return good && check_together(loader, rule);
}

static bool load_kind(struct weir_loader *loader, const json_t *value, enum weir_rule_kind *kind)
{
	const char *name = json_string_value(value);

	if (name == NULL) {
		weir_loader_complain(loader, "each of 'rules' needs a key 'rule' with the rule's name");
		return false;
	}
	for (unsigned i = 0; i < WEIR_RULE_KINDS; i++) {
		if (strcmp(name, weir_rule_name((enum weir_rule_kind)i)) != 0)
			continue;
		*kind = (enum weir_rule_kind)i;
		if (i == WEIR_RULE_DISTRESS || i == WEIR_RULE_JUMP || i == WEIR_RULE_IDENTITY)
			weir_loader_complain(loader, "rule '%s' holds everywhere and belongs to no fence",
			                     name);
		else
			return true;
		return false;
	}
	weir_loader_complain(loader, "unknown rule '%s'", name);
	return false;
}

static bool load_rule(struct weir_loader *loader, const json_t *json, struct weir_fence *fence,
                      enum weir_severity severity)
{
	struct weir_rule made = {.severity = severity};

	if (!json_is_object(json)) {
		weir_loader_complain(loader,
		                     "each of 'rules' must be an object such as {\"rule\":\"enter\"}");
		return false;
	}
	if (!load_kind(loader, json_object_get(json, "rule"), &made.kind))
		return false; /* what its keys should be is not known */

	bool good = weir_load_rule_parameters(loader, json, fence, &made);
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

bool weir_load_rules(struct weir_loader *loader, const json_t *rules, struct weir_fence *fence,
                     enum weir_severity severity)
{
	bool good = true;

	if (rules == NULL || json_is_null(rules)) {
		weir_loader_complain(loader, "a fence needs 'rules' in its properties, "
		                             "such as [{\"rule\":\"enter\"},{\"rule\":\"exit\"}]");
		return false;
	}
	if (!json_is_array(rules)) {
		weir_loader_complain(loader, "'rules' must be an array, not %s", weir_json_type(rules));
		return false;
	}
	for (size_t i = 0; i < json_array_size(rules); i++)
		good &= load_rule(loader, json_array_get(rules, i), fence, severity);
	return good;
}

static json_t *parameter_json(const struct parameter *p, const struct weir_rule *rule)
{
	const void *at = (const char *)rule + p->offset;

	switch (p->type) {
	case NUMBER:
		return isnan(*(const double *)at) ? NULL : json_real(*(const double *)at);
	case SECONDS:
		return json_real((double)*(const int64_t *)at / 1e9);
	case COUNT:
		return json_integer(*(const uint32_t *)at);
	case INITIAL:
		return json_string(initials[rule->initial]);
	case DIRECTION:
		return json_string(directions[rule->gate.direction]);
	}
	return NULL;
}

json_t *weir_rule_json(const struct weir_rule *rule)
{
	json_t *made = json_pack("{s:s,s:s}", "rule", weir_rule_name(rule->kind), "severity",
	                         weir_severity_name(rule->severity));

	for (size_t i = 0; made != NULL && i < WEIR_LENGTH(parameters); i++) {
		json_t *value =
		        parameters[i].rule == rule->kind ? parameter_json(&parameters[i], rule) : NULL;

		if (value != NULL)
			json_object_set_new(made, parameters[i].key, value);
	}
	return made;
}
