/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The watches of a device: finding, beginning, raising, ending. What they watch for is in the files of the
 * rules.
 */
#include <stdio.h>

#include "detect/state.h"

static bool is_before(const struct weir_watch *watch, uint32_t fence, enum weir_rule_kind rule)
{
	return watch->fence != fence ? watch->fence < fence : watch->rule < (uint8_t)rule;
}

uint32_t *weir_watch_link(const struct weir_detect *detect, struct weir_device *device, uint32_t fence,
                          enum weir_rule_kind rule)
{
	uint32_t *link = &device->watches;

	while (*link != WEIR_NO_ITEM && is_before(weir_watch_at(detect, *link), fence, rule))
		link = &weir_watch_at(detect, *link)->next;
	return link;
}

static bool is_of(const struct weir_detect *detect, uint32_t index, uint32_t fence, enum weir_rule_kind rule)
{
	return index != WEIR_NO_ITEM && weir_watch_at(detect, index)->fence == fence &&
	       weir_watch_at(detect, index)->rule == (uint8_t)rule;
}

struct weir_watch *weir_watch_find(const struct weir_detect *detect, const struct weir_device *device,
                                   uint32_t fence, enum weir_rule_kind rule)
{
	for (uint32_t index = device->watches; index != WEIR_NO_ITEM;
	     index = weir_watch_at(detect, index)->next)
		if (is_of(detect, index, fence, rule))
			return weir_watch_at(detect, index);
	return NULL;
}

struct weir_watch *weir_watch_begin(struct weir_detect *detect, struct weir_device *device,
                                    const struct weir_passage *passage, uint32_t fence,
                                    enum weir_rule_kind rule)
{
	uint32_t *link = weir_watch_link(detect, device, fence, rule);

	if (is_of(detect, *link, fence, rule))
		return weir_watch_at(detect, *link);
	struct weir_watch *watch = weir_pool_add(&detect->watches, link);
	if (watch == NULL) {
		detect->counters.untracked++;
		return NULL;
	}
	const struct weir_place fix = weir_place_of(passage->report);
	watch->fence = fence;
	watch->rule = (uint8_t)rule;
	watch->since_ns = watch->seen_ns = passage->time_ns;
	watch->repeat_ns = INT64_MAX;
	watch->longitude = fix.longitude;
	watch->latitude = fix.latitude;
	return watch;
}

void weir_watch_raise(struct weir_detect *detect, const struct weir_passage *passage,
                      struct weir_watch *watch, struct weir_alert *alert)
{
	const struct weir_fence *fence = weir_fence_at(detect, watch->fence);

	char both[2 * WEIR_ID_SIZE];

	snprintf(both, sizeof(both), "%s%s%s", passage->id, alert->other == NULL ? "" : "/",
	         alert->other == NULL ? "" : alert->other);
	weir_alert_id_bytes(watch->id, (enum weir_rule_kind)watch->rule, fence == NULL ? NULL : fence->id,
	                    both, passage->report, passage->time_ns);
	weir_watch_tell_raise(detect, passage, watch, alert);
}

void weir_watch_tell_raise(struct weir_detect *detect, const struct weir_passage *passage,
                           struct weir_watch *watch, struct weir_alert *alert)
{
	watch->raised = true;
	watch->repeat_ns =
	        detect->rules.repeat_ns == 0 ? INT64_MAX : passage->time_ns + detect->rules.repeat_ns;
	watch->severity = (uint8_t)alert->severity;
	alert->rule = (enum weir_rule_kind)watch->rule;
	alert->phase = WEIR_PHASE_RAISE;
	weir_alert_id_text(alert->id, watch->id);
	weir_alert_tell(detect, passage, weir_fence_at(detect, watch->fence), alert);
}

void weir_watch_tell_end(struct weir_detect *detect, const struct weir_passage *passage,
                         const struct weir_watch *watch, struct weir_alert *alert)
{
	alert->rule = (enum weir_rule_kind)watch->rule;
	alert->phase = WEIR_PHASE_CLEAR;
	alert->severity = (enum weir_severity)watch->severity;
	alert->acknowledged = watch->acknowledged;
	weir_alert_id_text(alert->id, watch->id);
	weir_alert_measure(alert, "lasted_s", (double)(passage->time_ns - watch->since_ns) / 1e9);
	weir_alert_tell(detect, passage, weir_fence_at(detect, watch->fence), alert);
}

static void end(struct weir_detect *detect, const struct weir_passage *passage, uint32_t *link,
                struct weir_alert *alert)
{
	const struct weir_watch watch = *weir_watch_at(detect, *link);

	weir_pool_remove(&detect->watches, link);
	if (watch.raised)
		weir_watch_tell_end(detect, passage, &watch, alert);
}

void weir_watch_end_at(struct weir_detect *detect, struct weir_device *device,
                       const struct weir_passage *passage, uint32_t *link, const char *reason)
{
	struct weir_alert alert = {.reason = reason};

	if (weir_watch_at(detect, *link)->rule == WEIR_RULE_PROXIMITY)
		weir_pair_end(detect, device, passage, link, reason);
	else
		end(detect, passage, link, &alert);
}

void weir_watch_end(struct weir_detect *detect, struct weir_device *device,
                    const struct weir_passage *passage, uint32_t fence, enum weir_rule_kind rule,
                    struct weir_alert *alert)
{
	uint32_t *link = weir_watch_link(detect, device, fence, rule);
	struct weir_alert nothing = {0};

	if (is_of(detect, *link, fence, rule))
		end(detect, passage, link, alert == NULL ? &nothing : alert);
}

void weir_watches_end(struct weir_detect *detect, struct weir_device *device,
                      const struct weir_passage *passage, uint32_t fence, const char *reason)
{
	uint32_t *link = weir_watch_link(detect, device, fence, (enum weir_rule_kind)0);

	while (*link != WEIR_NO_ITEM && weir_watch_at(detect, *link)->fence == fence)
		weir_watch_end_at(detect, device, passage, link, reason);
}
