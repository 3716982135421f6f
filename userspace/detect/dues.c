/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is due for a device without a report of it: the ends of stays, of silences, of schedules. Each is
 * found from the device's state when it is asked for; nothing is kept of it but when the device comes up
 * next.
 *
 * A moment has an event time, by the device's own clock, which the event bears; and it comes at the engine's
 * time that is as far from when the device was heard last.
 */
#include "detect/state.h"

/* Rules of fences that something may be due for. */
#define TIMED (1u << WEIR_RULE_DWELL | 1u << WEIR_RULE_GAP)

enum due_kind { DUE_NOTHING, DUE_CLOSING, DUE_DWELL, DUE_GAP, DUE_IDENTITY, DUE_REPEAT };

struct due {
	enum due_kind kind;
	int64_t event_ns;
	uint32_t presence; /* its number in the device's list */
};

static void keep_first(struct due *first, enum due_kind kind, int64_t event_ns, uint32_t presence)
{
	if (event_ns < first->event_ns)
		*first = (struct due){kind, event_ns, presence};
}

static int64_t closing_of(const struct weir_detect *detect, const struct weir_device *device,
                          const struct weir_presence *presence)
{
	return weir_schedule_next_change(weir_fence_at(detect, presence->fence)->schedule, device->last_ns);
}

static struct due next_of(const struct weir_detect *detect, const struct weir_device *device)
{
	struct due first = {DUE_NOTHING, INT64_MAX, 0};
	uint32_t number = 0;

	if (detect->kinds & TIMED || detect->has_schedules) {
		for (uint32_t i = device->presences; i != WEIR_NO_ITEM; number++) {
			const struct weir_presence *presence = weir_presence_at(detect, i);
			const struct weir_plan *plan = &detect->plans[presence->fence];

			if (plan->has_schedule)
				keep_first(&first, DUE_CLOSING, closing_of(detect, device, presence), number);
			if (plan->kinds & TIMED) {
				keep_first(&first, DUE_DWELL, weir_rule_dwell_due(detect, device, presence),
				           number);
				keep_first(&first, DUE_GAP, weir_rule_gap_due(detect, device, presence),
				           number);
			}
			i = presence->next;
		}
	}
	if (device->watches != WEIR_NO_ITEM) {
		keep_first(&first, DUE_IDENTITY, weir_rule_identity_due(detect, device), 0);
		if (detect->rules.repeat_ns != 0)
			keep_first(&first, DUE_REPEAT, weir_repeat_due(detect, device), 0);
	}
	return first;
}

int64_t weir_dues_next(const struct weir_detect *detect, const struct weir_device *device)
{
	if (device->presences == WEIR_NO_ITEM && device->watches == WEIR_NO_ITEM)
		return INT64_MAX;
	const struct due due = next_of(detect, device);
	return due.kind == DUE_NOTHING ? INT64_MAX : weir_device_due(device, due.event_ns);
}

static uint32_t *link_to(const struct weir_detect *detect, struct weir_device *device, uint32_t number)
{
	uint32_t *link = &device->presences;

	while (number-- > 0)
		link = &weir_presence_at(detect, *link)->next;
	return link;
}

static void fire(struct weir_detect *detect, struct weir_device *device, const struct due *due)
{
	struct weir_passage passage;
	struct weir_report report;
	bool of_presence = due->kind != DUE_IDENTITY && due->kind != DUE_REPEAT;
	uint32_t *link = of_presence ? link_to(detect, device, due->presence) : NULL;

	weir_device_passage(detect, device, due->event_ns, &passage, &report);
	switch (due->kind) {
	case DUE_CLOSING:
		weir_presence_end(detect, device, &passage, link, "closed");
		break;
	case DUE_DWELL:
		weir_rule_dwell(detect, device, &passage, weir_presence_at(detect, *link));
		break;
	case DUE_GAP:
		weir_rule_gap(detect, device, &passage, weir_presence_at(detect, *link));
		break;
	case DUE_IDENTITY:
		weir_rule_identity_ends(detect, device, &passage);
		break;
	case DUE_REPEAT:
		weir_repeat(detect, device, &passage);
		break;
	case DUE_NOTHING:
		break;
	}
}

void weir_dues_fire(struct weir_detect *detect, struct weir_device *device, int64_t due_ns)
{
	for (;;) {
		const struct due due = next_of(detect, device);

		if (due.kind == DUE_NOTHING || weir_device_due(device, due.event_ns) > due_ns)
			return;
		fire(detect, device, &due);
	}
}
