/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fences that detection uses: what rules they have between them; and other fences and another area while
 * devices are followed. What is known stays with the fence that it is about; no device is judged before its
 * next report.
 */
#include <errno.h>
#include <stdlib.h>

#include "detect/state.h"

static struct weir_plan plan_of(const struct weir_fence_digest *digest)
{
	return (struct weir_plan){
	        .fence = digest->fence,
	        .id = digest->id,
	        .series = WEIR_NO_ITEM,
	        .kinds = digest->kinds,
	        .exit_buffer_m = digest->exit_buffer_m,
	        .enter_fixes = digest->enter_fixes,
	        .exit_fixes = digest->exit_fixes,
	        .has_filter = digest->has_filter,
	        .has_schedule = digest->has_schedule,
	        .has_windows = digest->has_windows,
	};
}

int weir_detect_use_fences(struct weir_detect *detect, struct weir_fences *fences, const uint32_t *renumbered)
{
	size_t count = fences == NULL ? 0 : weir_fences_count(fences);
	struct weir_plan *plans = calloc(count + 1, sizeof(*plans));

	if (plans == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		plans[i] = plan_of(&weir_fences_digests(fences)[i]);
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
	return now == WEIR_FENCE_GONE || !(weir_fences_digests(fences)[now].kinds & 1u << watch->rule);
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

/* Takes out the presences in fences that are gone. */
static void end_presences(struct weir_detect *detect, struct weir_device *device, const uint32_t *renumbered)
{
	uint32_t *link = &device->presences;

	while (*link != WEIR_NO_ITEM) {
		struct weir_presence *presence = weir_presence_at(detect, *link);

		if (renumbered[presence->fence] == WEIR_FENCE_GONE)
			weir_pool_remove(&detect->presences, link);
		else
			link = &presence->next;
	}
}

/*
 * Gives what is about fences their new numbers. One item of a pool after the other, whosesoever it is: that
 * takes a tenth of going from device to device. Free ones say nothing of use, and may say any number.
 */
static void renumber(struct weir_detect *detect, const uint32_t *renumbered, size_t count)
{
	for (uint32_t i = 0; i < detect->presences.fresh; i++) {
		struct weir_presence *presence = weir_presence_at(detect, i);

		if (presence->fence < count)
			presence->fence = (uint16_t)renumbered[presence->fence];
	}
	for (uint32_t i = 0; i < detect->watches.fresh; i++) {
		struct weir_watch *watch = weir_watch_at(detect, i);

		if (watch->fence < count)
			watch->fence = renumbered[watch->fence];
	}
}

void weir_chart_move(struct weir_detect *detect, const struct weir_fences *fences, const uint32_t *renumbered,
                     size_t count)
{
	/* A pair of devices is known to both: all alerts end before any fence has another number. */
	for (uint32_t slot = 0; slot < detect->fresh; slot++) {
		if (detect->devices[slot].key == 0)
			continue;
		end_watches(detect, &detect->devices[slot], fences, renumbered);
		end_presences(detect, &detect->devices[slot], renumbered);
	}
	renumber(detect, renumbered, count);
}

void weir_chart_schedule(struct weir_detect *detect)
{
	for (uint32_t slot = 0; slot < detect->fresh; slot++)
		if (detect->devices[slot].key != 0)
			weir_device_schedule(detect, &detect->devices[slot]);
}

/* What a change means to the devices that something is known of with a fence. */
enum meaning {
	ENDS = 1 << 0,   /* the fence is gone, or a rule of it */
	RETIMES = 1 << 1 /* what is due, or when, is another */
};

struct change {
	const struct weir_fences *fences; /* the new ones */
	const uint32_t *renumbered;
	size_t count;       /* of the fences so far */
	uint8_t *meanings;  /* for each of them, bits of enum meaning */
	bool any, moves;    /* there is a meaning; there is another number */
	uint32_t *affected; /* slots of devices */
	size_t affected_count;
};

static uint8_t meaning_of(const struct weir_fence_digest *before, const struct weir_fence_digest *now)
{
	uint8_t meaning = 0;

	if (before->kinds & ~now->kinds)
		meaning |= ENDS;
	/* Schedules are not compared: that is as much as finding out what they mean. */
	if (before->dwell_ns != now->dwell_ns || before->gap_ns != now->gap_ns || before->has_schedule ||
	    now->has_schedule)
		meaning |= RETIMES;
	return meaning;
}

static void compare(struct change *change, const struct weir_fences *before)
{
	for (size_t i = 0; i < change->count; i++) {
		uint32_t now = change->renumbered[i];

		change->meanings[i] = now == WEIR_FENCE_GONE
		                              ? ENDS | RETIMES
		                              : meaning_of(&weir_fences_digests(before)[i],
		                                           &weir_fences_digests(change->fences)[now]);
		change->any |= change->meanings[i] != 0;
		change->moves |= now != i;
	}
}

/* Is anything known of a device with a fence that the change means something to? Of free items, maybe. */
static bool concerns_any(const struct weir_detect *detect, const struct change *change)
{
	for (uint32_t i = 0; i < detect->presences.fresh; i++) {
		uint32_t fence = weir_presence_at(detect, i)->fence;

		if (fence < change->count && change->meanings[fence] != 0)
			return true;
	}
	for (uint32_t i = 0; i < detect->watches.fresh; i++) {
		uint32_t fence = weir_watch_at(detect, i)->fence;

		if (fence < change->count && change->meanings[fence] != 0)
			return true;
	}
	return false;
}

static bool concerns(const struct weir_detect *detect, const struct change *change,
                     const struct weir_device *device)
{
	uint8_t meanings = 0;

	for (uint32_t i = device->presences; i != WEIR_NO_ITEM; i = weir_presence_at(detect, i)->next)
		meanings |= change->meanings[weir_presence_at(detect, i)->fence];
	for (uint32_t i = device->watches; i != WEIR_NO_ITEM; i = weir_watch_at(detect, i)->next)
		if (weir_watch_at(detect, i)->fence != WEIR_NO_FENCE)
			meanings |= change->meanings[weir_watch_at(detect, i)->fence];
	return meanings != 0;
}

static void end_what_is_gone(struct weir_detect *detect, struct change *change)
{
	for (uint32_t slot = 0; slot < detect->fresh; slot++) {
		struct weir_device *device = &detect->devices[slot];

		if (device->key == 0 || !concerns(detect, change, device))
			continue;
		change->affected[change->affected_count++] = slot;
		end_watches(detect, device, change->fences, change->renumbered);
		end_presences(detect, device, change->renumbered);
	}
}

/* A reload must not hold up the stream: what it takes grows with what has changed, not with the devices. */
void weir_detect_change_chart(struct weir_detect *detect, struct weir_fences *fences,
                              const struct weir_area *area, const uint32_t *renumbered)
{
	struct change change = {
	        .fences = fences,
	        .renumbered = renumbered,
	        .count = detect->fences == NULL ? 0 : weir_fences_count(detect->fences),
	};

	change.meanings = calloc(change.count + 1, sizeof(*change.meanings));
	change.affected = malloc(((size_t)detect->fresh + 1) * sizeof(*change.affected));
	if (change.meanings == NULL || change.affected == NULL)
		abort(); /* a few bytes a fence and a device, beside the fences that have just been made */
	compare(&change, detect->fences);
	if (change.any && concerns_any(detect, &change))
		end_what_is_gone(detect, &change);
	if (change.moves)
		renumber(detect, renumbered, change.count);
	weir_windows_end_gone(detect, fences, renumbered);
	detect->area = area;
	if (weir_detect_use_fences(detect, fences, renumbered) != 0)
		abort(); /* as above, and some bytes a pane */
	for (size_t i = 0; i < change.affected_count; i++)
		weir_device_schedule(detect, &detect->devices[change.affected[i]]);
	free(change.meanings);
	free(change.affected);
}
