/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fences that detection uses: what rules they have between them; and other fences and another area while
 * devices are followed. What is known stays with the fence that it is about; no device is judged before its
 * next report.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/state.h"

static struct weir_plan plan_of(const struct weir_fence *fence)
{
	struct weir_plan plan = {
	        .fence = fence,
	        .series = WEIR_NO_ITEM,
	        .exit_buffer_m = (float)fence->exit_buffer_m,
	        .enter_fixes = (uint8_t)fence->confirm_fixes,
	        .exit_fixes = (uint8_t)fence->confirm_fixes,
	        .has_filter = fence->filter.has != 0,
	        .has_schedule = fence->schedule != NULL,
	};

	for (size_t i = 0; i < fence->rule_count; i++) {
		const struct weir_rule *rule = &fence->rules[i];

		plan.kinds |= 1u << rule->kind;
		if (rule->kind == WEIR_RULE_ENTER)
			plan.enter_fixes = (uint8_t)rule->confirm_fixes;
		if (rule->kind == WEIR_RULE_EXIT) {
			plan.exit_fixes = (uint8_t)rule->confirm_fixes;
			plan.exit_buffer_m = (float)rule->exit_buffer_m;
		}
	}
	return plan;
}

int weir_detect_use_fences(struct weir_detect *detect, struct weir_fences *fences, const uint32_t *renumbered)
{
	size_t count = fences == NULL ? 0 : weir_fences_count(fences);
	struct weir_plan *plans = calloc(count + 1, sizeof(*plans));

	if (plans == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		plans[i] = plan_of(weir_fences_get(fences, i));
	if (weir_windows_use(detect, fences, plans, renumbered) != 0) {
		free(plans);
		return -ENOMEM;
	}
	free(detect->plans);
	detect->plans = plans;
	detect->fences = fences;
	detect->kinds = 0;
	detect->has_schedules = false;
	for (size_t i = 0; i < count; i++) {
		detect->kinds |= plans[i].kinds;
		detect->has_schedules |= plans[i].has_schedule;
	}
	return 0;
}

/* Of a rule that belongs to no fence. What jump remembers, identity goes by. */
static bool is_off(const struct weir_detect *detect, uint8_t rule)
{
	uint32_t on = detect->rules.on;

	if (on & 1u << WEIR_RULE_JUMP)
		on |= 1u << WEIR_RULE_IDENTITY;
	return !(on & 1u << rule);
}

/* Is the watch about a fence or a rule that there is no more? */
static bool is_gone(const struct weir_detect *detect, const struct weir_watch *watch,
                    const struct weir_fences *fences, const uint32_t *renumbered)
{
	if (watch->fence == WEIR_NO_FENCE)
		return is_off(detect, watch->rule);
	uint32_t now = renumbered[watch->fence];
	return now == WEIR_FENCE_GONE ||
	       weir_rule_of(weir_fences_get(fences, now), (enum weir_rule_kind)watch->rule) == NULL;
}

/* Clears the alerts of fences and rules that are gone. The fences so far are still in use. */
static void end_watches(struct weir_detect *detect, struct weir_device *device,
                        const struct weir_fences *fences, const uint32_t *renumbered)
{
	uint32_t *link = &device->watches;
	struct weir_passage passage;
	struct weir_report report;

	while (*link != WEIR_NO_ITEM) {
		if (!is_gone(detect, weir_watch_at(detect, *link), fences, renumbered)) {
			link = &weir_watch_at(detect, *link)->next;
			continue;
		}
		weir_device_passage(detect, device, weir_device_moment(detect, device), &passage, &report);
		weir_watch_end_at(detect, device, &passage, link, "fences");
	}
}

/* Takes out the presences in fences that are gone, and gives what remains its new numbers. */
static void renumber(struct weir_detect *detect, struct weir_device *device, const uint32_t *renumbered)
{
	uint32_t *link = &device->presences;

	while (*link != WEIR_NO_ITEM) {
		struct weir_presence *presence = weir_presence_at(detect, *link);
		uint32_t now = renumbered[presence->fence];

		if (now == WEIR_FENCE_GONE) {
			weir_pool_remove(&detect->presences, link);
			continue;
		}
		presence->fence = (uint16_t)now;
		link = &presence->next;
	}
	for (uint32_t i = device->watches; i != WEIR_NO_ITEM; i = weir_watch_at(detect, i)->next)
		if (weir_watch_at(detect, i)->fence != WEIR_NO_FENCE)
			weir_watch_at(detect, i)->fence = renumbered[weir_watch_at(detect, i)->fence];
}

void weir_chart_move(struct weir_detect *detect, const struct weir_fences *fences, const uint32_t *renumbered)
{
	/* A pair of devices is known to both: all alerts end before any fence has another number. */
	for (uint32_t slot = 0; slot < detect->fresh; slot++)
		if (detect->devices[slot].key != 0)
			end_watches(detect, &detect->devices[slot], fences, renumbered);
	for (uint32_t slot = 0; slot < detect->fresh; slot++)
		if (detect->devices[slot].key != 0)
			renumber(detect, &detect->devices[slot], renumbered);
}

void weir_chart_schedule(struct weir_detect *detect)
{
	for (uint32_t slot = 0; slot < detect->fresh; slot++)
		if (detect->devices[slot].key != 0)
			weir_device_schedule(detect, &detect->devices[slot]);
}

void weir_detect_change_chart(struct weir_detect *detect, struct weir_fences *fences,
                              const struct weir_area *area, const uint32_t *renumbered)
{
	weir_chart_move(detect, fences, renumbered);
	weir_windows_end_gone(detect, fences, renumbered);
	detect->area = area;
	if (weir_detect_use_fences(detect, fences, renumbered) != 0)
		abort(); /* some bytes a fence and a pane, beside the fences that have just been made */
	weir_chart_schedule(detect);
}
