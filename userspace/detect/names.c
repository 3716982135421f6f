/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words for events, severities, rules, phases and what becomes of reports: subject tokens, JSON values,
 * metric labels.
 */
#include <assert.h>

#include <weir/engine.h>

static const char *const kinds[] = {
        [WEIR_EVENT_POSITION] = "position",
        [WEIR_EVENT_STATIC] = "static",
        [WEIR_EVENT_ALERT] = "alert",
        [WEIR_EVENT_WINDOW] = "window",
};

static const char *const severities[] = {
        [WEIR_SEVERITY_INFO] = "info",
        [WEIR_SEVERITY_WARNING] = "warning",
        [WEIR_SEVERITY_ALARM] = "alarm",
        [WEIR_SEVERITY_EMERGENCY] = "emergency",
};

static const char *const rules[] = {
        [WEIR_RULE_ENTER] = "enter",     [WEIR_RULE_EXIT] = "exit",
        [WEIR_RULE_CROSS] = "cross",     [WEIR_RULE_DWELL] = "dwell",
        [WEIR_RULE_SPEED] = "speed",     [WEIR_RULE_ANCHOR] = "anchor",
        [WEIR_RULE_GATE] = "gate",       [WEIR_RULE_COURSE] = "course",
        [WEIR_RULE_GAP] = "gap",         [WEIR_RULE_PROXIMITY] = "proximity",
        [WEIR_RULE_DENSITY] = "density", [WEIR_RULE_DISTRESS] = "distress",
        [WEIR_RULE_JUMP] = "jump",       [WEIR_RULE_IDENTITY] = "identity",
};

static const char *const phases[] = {
        [WEIR_PHASE_EVENT] = "event",
        [WEIR_PHASE_RAISE] = "raise",
        [WEIR_PHASE_CLEAR] = "clear",
};

static const char *const report_outcomes[] = {
        [WEIR_REPORT_USED] = "used",
        [WEIR_REPORT_OUTSIDE] = "outside",
        [WEIR_REPORT_NO_POSITION] = "no_position",
        [WEIR_REPORT_LATE] = "late",
        [WEIR_REPORT_TABLE_FULL] = "table_full",
        [WEIR_REPORT_UNUSED] = "unused",
        [WEIR_REPORT_DUPLICATE] = "duplicate",
        [WEIR_REPORT_TIMESTAMP] = "timestamp",
};

static const char *const window_outcomes[] = {
        [WEIR_WINDOW_COUNTED] = "counted",
        [WEIR_WINDOW_LATE] = "late",
        [WEIR_WINDOW_NO_ROOM] = "no_room",
};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static_assert(LENGTH(kinds) == WEIR_EVENT_KINDS, "a kind of event has no name");
static_assert(LENGTH(severities) == WEIR_SEVERITIES, "a severity has no name");
static_assert(LENGTH(rules) == WEIR_RULE_KINDS, "a rule has no name");
static_assert(LENGTH(report_outcomes) == WEIR_REPORT_OUTCOMES, "an outcome has no name");
static_assert(LENGTH(window_outcomes) == WEIR_WINDOW_OUTCOMES, "an outcome has no name");
static_assert(LENGTH(phases) == WEIR_PHASES, "a phase has no name");

const char *weir_event_kind_name(enum weir_event_kind kind)
{
	assert((unsigned)kind < WEIR_EVENT_KINDS);
	return kinds[kind];
}

const char *weir_severity_name(enum weir_severity severity)
{
	assert((unsigned)severity < WEIR_SEVERITIES);
	return severities[severity];
}

const char *weir_rule_name(enum weir_rule_kind rule)
{
	assert((unsigned)rule < WEIR_RULE_KINDS);
	return rules[rule];
}

const char *weir_phase_name(enum weir_phase phase)
{
	assert((unsigned)phase < WEIR_PHASES);
	return phases[phase];
}

const char *weir_report_outcome_name(enum weir_report_outcome outcome)
{
	assert((unsigned)outcome < WEIR_REPORT_OUTCOMES);
	return report_outcomes[outcome];
}

const char *weir_window_outcome_name(enum weir_window_outcome outcome)
{
	assert((unsigned)outcome < WEIR_WINDOW_OUTCOMES);
	return window_outcomes[outcome];
}
