/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gap: a device that is confirmed inside, by its latest fix too, was not heard for gap_s. Raised at that
 * moment; cleared when it is heard, wherever it is then, or when it is given up.
 */
#include "detect/state.h"

static const struct weir_rule *rule_for(const struct weir_detect *detect, const struct weir_device *device,
                                        const struct weir_presence *presence)
{
	const struct weir_rule *rule;

	if (!presence->inside || presence->fixes > 0 || presence->no_room)
		return NULL;
	rule = weir_rule_of(weir_fence_at(detect, presence->fence), WEIR_RULE_GAP);
	if (rule == NULL || weir_watch_find(detect, device, presence->fence, WEIR_RULE_GAP) != NULL)
		return NULL;
	return rule;
}

int64_t weir_rule_gap_due(const struct weir_detect *detect, const struct weir_device *device,
                          const struct weir_presence *presence)
{
	const struct weir_rule *rule = rule_for(detect, device, presence);

	return rule == NULL ? INT64_MAX : device->last_ns + rule->gap.gap_ns;
}

void weir_rule_gap(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage,
                   struct weir_presence *presence)
{
	const struct weir_rule *rule = rule_for(detect, device, presence);

	if (rule == NULL)
		return;
	struct weir_watch *watch = weir_watch_begin(detect, device, passage, presence->fence, WEIR_RULE_GAP);
	if (watch == NULL) {
		presence->no_room = true;
		return;
	}
	struct weir_alert alert = {.severity = rule->severity};
	watch->since_ns = device->last_ns;
	weir_alert_measure(&alert, "gap_s", (double)(passage->time_ns - device->last_ns) / 1e9);
	weir_alert_measure(&alert, "limit_s", (double)rule->gap.gap_ns / 1e9);
	weir_watch_raise(detect, passage, watch, &alert);
}

void weir_rule_gap_ends(struct weir_detect *detect, struct weir_device *device,
                        const struct weir_passage *passage)
{
	for (uint32_t i = device->presences; i != WEIR_NO_ITEM; i = weir_presence_at(detect, i)->next)
		weir_watch_end(detect, device, passage, weir_presence_at(detect, i)->fence, WEIR_RULE_GAP,
		               NULL);
}
