/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entering and leaving fences. A device has entered when so many fixes in a row lay inside, the first
 * fix of all included, and has left when so many in a row lay outside: what lies at the border with a
 * little noise neither enters nor leaves.
 */
#include <stdio.h>

#include "detect/alert_id.h"
#include "detect/state.h"

/* A ship's name, an id of nine digits, a fence's name and the words between. */
#define MESSAGE_SIZE 512

static const struct weir_rule *rule_of(const struct weir_fence *fence, enum weir_rule_kind kind)
{
	for (size_t i = 0; i < fence->rule_count; i++)
		if (fence->rules[i].kind == kind)
			return &fence->rules[i];
	return NULL;
}

static bool is_confirmed(const struct weir_fence *fence, enum weir_rule_kind kind, uint32_t fixes)
{
	const struct weir_rule *rule = rule_of(fence, kind);

	return fixes >= (rule == NULL ? fence->confirm_fixes : rule->confirm_fixes);
}

static void alert(struct weir_detect *detect, const struct weir_passage *passage,
                  const struct weir_fence *fence, enum weir_rule_kind kind)
{
	const struct weir_rule *rule = rule_of(fence, kind);
	char message[MESSAGE_SIZE];

	if (rule == NULL)
		return;
	const char *verb = kind == WEIR_RULE_ENTER ? "entered" : "left";
	const char *place = fence->name == NULL ? fence->id : fence->name;
	if (passage->ship_name == NULL)
		snprintf(message, sizeof(message), "%s %s %s", passage->id, verb, place);
	else
		snprintf(message, sizeof(message), "%s (%s) %s %s", passage->ship_name, passage->id, verb,
		         place);

	struct weir_alert made = {
	        .rule = kind,
	        .phase = WEIR_PHASE_EVENT,
	        .severity = rule->severity,
	        .fence = fence->id,
	        .fence_name = fence->name,
	        .message = message,
	};
	weir_alert_id(made.id, kind, fence->id, passage->id, passage->report, passage->time_ns);
	weir_detect_emit(detect, WEIR_EVENT_ALERT, passage, passage->report, &made);
}

/* A fix inside of a fence. Returns where the presence's own link is. */
static uint32_t *fix_inside(struct weir_detect *detect, const struct weir_passage *passage, uint32_t *link,
                            uint32_t index)
{
	const struct weir_fence *fence = weir_fences_get(detect->fences, index);
	struct weir_presence *presence;

	if (*link != WEIR_NO_PRESENCE && detect->presences.pool[*link].fence == index) {
		presence = &detect->presences.pool[*link];
	} else {
		presence = weir_presence_add(&detect->presences, link, index);
		if (presence == NULL) {
			detect->counters.untracked++;
			return link;
		}
	}
	if (presence->inside) {
		presence->fixes = 0;
	} else if (is_confirmed(fence, WEIR_RULE_ENTER, ++presence->fixes)) {
		presence->inside = true;
		presence->fixes = 0;
		alert(detect, passage, fence, WEIR_RULE_ENTER);
	}
	return &presence->next;
}

/* A fix outside of the fence of a presence. Returns the link that leads on. */
static uint32_t *fix_outside(struct weir_detect *detect, const struct weir_passage *passage, uint32_t *link)
{
	struct weir_presence *presence = &detect->presences.pool[*link];
	const struct weir_fence *fence = weir_fences_get(detect->fences, presence->fence);

	if (!presence->inside) {
		weir_presence_remove(&detect->presences, link);
		return link;
	}
	if (!is_confirmed(fence, WEIR_RULE_EXIT, ++presence->fixes))
		return &presence->next;
	weir_presence_remove(&detect->presences, link);
	alert(detect, passage, fence, WEIR_RULE_EXIT);
	return link;
}

void weir_detect_crossings(struct weir_detect *detect, struct weir_device *device,
                           const struct weir_passage *passage)
{
	uint32_t *link = &device->presences;
	size_t next = 0;

	/* Both are in the order of the fences. */
	while (next < passage->located_count || *link != WEIR_NO_PRESENCE) {
		bool more = next < passage->located_count;

		if (more && (*link == WEIR_NO_PRESENCE ||
		             passage->located[next] <= detect->presences.pool[*link].fence))
			link = fix_inside(detect, passage, link, passage->located[next++]);
		else
			link = fix_outside(detect, passage, link);
	}
}
