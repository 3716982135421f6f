/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Telling alerts: what all rules share. What a rule measures is filled in by the rule, the sentence for a
 * person comes from alert_text.c.
 */
#include <assert.h>

#include "detect/alert_text.h"
#include "detect/state.h"

const struct weir_rule *weir_rule_of(const struct weir_fence *fence, enum weir_rule_kind kind)
{
	for (size_t i = 0; i < fence->rule_count; i++)
		if (fence->rules[i].kind == kind)
			return &fence->rules[i];
	return NULL;
}

void weir_alert_measure(struct weir_alert *alert, const char *name, double value)
{
	assert(alert->measure_count < WEIR_MEASURES_MAX);
	alert->measures[alert->measure_count++] = (struct weir_measure){name, value};
}

void weir_alert_tell(struct weir_detect *detect, const struct weir_passage *passage,
                     const struct weir_fence *fence, struct weir_alert *alert)
{
	char message[WEIR_MESSAGE_SIZE];

	if (fence != NULL) {
		alert->fence = fence->id;
		alert->fence_name = fence->name;
	}
	weir_alert_text(message, alert, passage->id, passage->ship_name);
	alert->message = message;
	weir_detect_emit(detect, WEIR_EVENT_ALERT, passage, passage->report, alert);
	alert->message = NULL;
}

void weir_alert_event(struct weir_detect *detect, const struct weir_passage *passage,
                      const struct weir_fence *fence, struct weir_alert *alert)
{
	alert->phase = WEIR_PHASE_EVENT;
	weir_alert_id(alert->id, alert->rule, fence == NULL ? NULL : fence->id, passage->id, passage->report,
	              passage->time_ns);
	weir_alert_tell(detect, passage, fence, alert);
}
