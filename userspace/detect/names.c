/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words for severities, rules and phases: subject tokens, JSON values, metric labels.
 */
#include <assert.h>

#include <weir/event.h>

static const char *const severities[] = {
        [WEIR_SEVERITY_INFO] = "info",
        [WEIR_SEVERITY_WARNING] = "warning",
        [WEIR_SEVERITY_ALARM] = "alarm",
        [WEIR_SEVERITY_EMERGENCY] = "emergency",
};

static const char *const rules[] = {
        [WEIR_RULE_ENTER] = "enter",
        [WEIR_RULE_EXIT] = "exit",
};

static const char *const phases[] = {
        [WEIR_PHASE_EVENT] = "event",
        [WEIR_PHASE_RAISE] = "raise",
        [WEIR_PHASE_CLEAR] = "clear",
};

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static_assert(LENGTH(severities) == WEIR_SEVERITIES, "a severity has no name");
static_assert(LENGTH(rules) == WEIR_RULE_KINDS, "a rule has no name");
static_assert(LENGTH(phases) == WEIR_PHASES, "a phase has no name");

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
