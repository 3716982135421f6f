/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dwell: a device that is confirmed inside has been there for dwell_s since its first fix inside. Raised at
 * that moment, unless its latest fix lies outside; cleared when it has left.
 */
#include "detect/state.h"

static const struct weir_rule *rule_for(const struct weir_detect *detect, const struct weir_device *device,
                                        const struct weir_presence *presence)
{
	const struct weir_rule *rule;

	if (!presence->inside || presence->fixes > 0 || presence->no_room)
		return NULL;
	rule = weir_rule_of(weir_fence_at(detect, presence->fence), WEIR_RULE_DWELL);
	if (rule == NULL || weir_watch_find(detect, device, presence->fence, WEIR_RULE_DWELL) != NULL)
		return NULL;
	return rule;
}

int64_t weir_rule_dwell_due(const struct weir_detect *detect, const struct weir_device *device,
                            const struct weir_presence *presence)
{
	const struct weir_rule *rule = rule_for(detect, device, presence);

	return rule == NULL ? INT64_MAX : presence->since_ns + rule->dwell.dwell_ns;
}

void weir_rule_dwell(struct weir_detect *detect, struct weir_device *device,
                     const struct weir_passage *passage, struct weir_presence *presence)
{
	const struct weir_rule *rule = rule_for(detect, device, presence);

	if (rule == NULL || passage->time_ns - presence->since_ns < rule->dwell.dwell_ns)
		return;
	struct weir_watch *watch =
	        weir_watch_begin(detect, device, passage, presence->fence, WEIR_RULE_DWELL);
	if (watch == NULL) {
		presence->no_room = true;
		return;
	}
	struct weir_alert alert = {.severity = rule->severity};
	watch->since_ns = presence->since_ns;
	weir_alert_measure(&alert, "dwell_s", (double)(passage->time_ns - presence->since_ns) / 1e9);
	weir_alert_measure(&alert, "limit_s", (double)rule->dwell.dwell_ns / 1e9);
	weir_watch_raise(detect, passage, watch, &alert);
}
