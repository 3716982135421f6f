/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cross and gate: what lies on the way from the device's latest fix to this one, which is taken to be
 * straight. Nothing is remembered but the fix.
 *
 * cross is for areas that neither fix lies in. A device of which more is known, since it was inside or is
 * about to have left, does not pass through. A gate is not crossed by a device that lies still: less than
 * half a knot, and less than a receiver wanders.
 */
#include "detect/state.h"

#define PASSES_MAX 64

/* As in crossing.c: no receiver wanders farther. */
#define WANDERS_M 100

static bool has_presence(const struct weir_detect *detect, const struct weir_device *device, uint32_t fence)
{
	for (uint32_t i = device->presences; i != WEIR_NO_ITEM; i = weir_presence_at(detect, i)->next)
		if (weir_presence_at(detect, i)->fence == fence)
			return true;
	return false;
}

static const char *direction_name(enum weir_gate_direction direction)
{
	return direction == WEIR_GATE_LEFT_TO_RIGHT ? "left_to_right" : "right_to_left";
}

/* The rule that the passing is for, or NULL. */
static const struct weir_rule *rule_for(const struct weir_detect *detect, const struct weir_device *device,
                                        const struct weir_passage *passage,
                                        const struct weir_fence_pass *pass, double way_m)
{
	const struct weir_fence *fence = weir_fence_at(detect, pass->fence);
	int64_t elapsed_ns = passage->time_ns - device->fix_ns;
	const struct weir_rule *rule;

	if (fence->kind == WEIR_FENCE_AREA) {
		rule = weir_rule_of(fence, WEIR_RULE_CROSS);
		if (rule == NULL || elapsed_ns > rule->cross.max_gap_ns ||
		    has_presence(detect, device, pass->fence))
			return NULL;
	} else {
		const struct weir_report *report = passage->report;
		bool still = (report->has & WEIR_HAS_SOG) && report->sog_kn < WEIR_STILL_KN;

		rule = weir_rule_of(fence, WEIR_RULE_GATE);
		if (rule == NULL || elapsed_ns > rule->gate.max_gap_ns || (still && way_m <= WANDERS_M) ||
		    (rule->gate.direction != WEIR_GATE_BOTH && rule->gate.direction != pass->direction))
			return NULL;
	}
	return weir_heed(detect, device, passage, pass->fence) == WEIR_HEEDS ? rule : NULL;
}

static void tell(struct weir_detect *detect, const struct weir_device *device,
                 const struct weir_passage *passage, const struct weir_fence_pass *pass,
                 const struct weir_rule *rule, double way_m)
{
	struct weir_alert alert = {.rule = rule->kind, .severity = rule->severity};

	if (rule->kind == WEIR_RULE_GATE)
		alert.direction = direction_name(pass->direction);
	else
		alert.inferred = true;
	weir_alert_measure(&alert, "elapsed_s", (double)(passage->time_ns - device->fix_ns) / 1e9);
	weir_alert_measure(&alert, "distance_m", way_m);
	weir_alert_event(detect, passage, weir_fence_at(detect, pass->fence), &alert);
}

void weir_rule_passing(struct weir_detect *detect, struct weir_device *device,
                       const struct weir_passage *passage)
{
	const struct weir_report *report = passage->report;
	struct weir_fence_pass passes[PASSES_MAX];

	if (!(detect->kinds & (1u << WEIR_RULE_CROSS | 1u << WEIR_RULE_GATE)) || device->fix.has == 0)
		return;
	size_t count = weir_fences_pass(detect->fences, weir_place_degrees(device->fix.longitude),
	                                weir_place_degrees(device->fix.latitude), report->longitude_deg,
	                                report->latitude_deg, passage->located, passage->located_count,
	                                passes, PASSES_MAX);
	if (count > PASSES_MAX) {
		detect->counters.untracked += count - PASSES_MAX;
		count = PASSES_MAX;
	}
	double way_m = count == 0 ? 0 : weir_metres_to(device->fix.longitude, device->fix.latitude, report);
	for (size_t i = 0; i < count; i++) {
		const struct weir_rule *rule = rule_for(detect, device, passage, &passes[i], way_m);

		if (rule != NULL)
			tell(detect, device, passage, &passes[i], rule, way_m);
	}
}
