/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Entering and leaving fences. A device has entered when so many fixes in a row lay inside, the first
 * fix of all included, and has left when so many in a row lay outside, by more than the buffer.
 *
 * One that lies still at a border does not cross it, however much its position wanders: while its speed is
 * below half a knot or unknown it enters or leaves only if it is farther from where it came to rest than
 * any receiver wanders. After it has left, its presence is kept for as long as it lies there, for the same
 * reason.
 *
 * A fence whose schedule closes, or that turns out not to be for the device, ends without an `exit`: the
 * device did not go anywhere. When it opens, a device that is inside counts as one whose first fix is.
 */
#include "detect/state.h"

/*
 * Two fixes of a receiver with 15 m of noise (standard deviation, on each axis) are farther apart than this
 * once in 70,000.
 */
#define WANDERS_M 100

static bool is_open(const struct weir_detect *detect, uint32_t fence, int64_t time_ns)
{
	return weir_schedule_is_open(weir_fence_at(detect, fence)->schedule, time_ns);
}

static bool lies_still(const struct weir_report *report)
{
	return !(report->has & WEIR_HAS_SOG) || report->sog_kn < WEIR_STILL_KN;
}

/* This is the first fix at rest: the one before it, which the device still has as its latest, was under way.
 */
static bool comes_to_rest(const struct weir_device *device, const struct weir_report *report)
{
	return lies_still(report) && (device->fix.has & WEIR_HAS_SOG) &&
	       (float)device->fix.sog / 10 >= WEIR_STILL_KN;
}

static void note_place(struct weir_presence *presence, const struct weir_report *report)
{
	const struct weir_place fix = weir_place_of(report);

	presence->longitude = fix.longitude;
	presence->latitude = fix.latitude;
}

/* Far enough from where it came to rest for a border to have been crossed. */
static bool has_moved(struct weir_presence *presence, const struct weir_report *report)
{
	return !lies_still(report) ||
	       weir_metres_to(presence->longitude, presence->latitude, report) > WANDERS_M;
}

static void tell(struct weir_detect *detect, const struct weir_passage *passage, uint32_t index,
                 enum weir_rule_kind kind, bool was_inside)
{
	const struct weir_fence *fence = weir_fence_at(detect, index);
	const struct weir_rule *rule = weir_rule_of(fence, kind);

	if (detect->plans[index].series != WEIR_NO_ITEM &&
	    (!was_inside || rule == NULL || rule->initial == WEIR_INITIAL_ENTER))
		weir_windows_crossing(detect, passage, index, kind == WEIR_RULE_ENTER);
	if (rule == NULL || (was_inside && rule->initial == WEIR_INITIAL_SILENT))
		return;
	struct weir_alert alert = {
	        .rule = kind,
	        .severity = rule->severity,
	        .initial = was_inside && rule->initial == WEIR_INITIAL_INSIDE,
	};
	weir_alert_event(detect, passage, fence, &alert);
}

void weir_presence_end(struct weir_detect *detect, struct weir_device *device,
                       const struct weir_passage *passage, uint32_t *link, const char *reason)
{
	uint32_t fence = weir_presence_at(detect, *link)->fence;

	weir_pool_remove(&detect->presences, link);
	weir_watches_end(detect, device, passage, fence, reason);
}

static struct weir_presence *begin(struct weir_detect *detect, const struct weir_device *device,
                                   const struct weir_passage *passage, uint32_t *link, uint32_t index)
{
	struct weir_presence *presence = weir_pool_add(&detect->presences, link);

	if (presence == NULL) {
		detect->counters.untracked++;
		return NULL;
	}
	presence->fence = (uint16_t)index;
	presence->since_ns = passage->time_ns;
	presence->initial = device->fix.has == 0 ||
	                    (detect->plans[index].has_schedule && !is_open(detect, index, device->fix_ns));
	note_place(presence, passage->report);
	return presence;
}

/* The rules that look at each fix inside. */
static void judge_inside(struct weir_detect *detect, struct weir_device *device,
                         const struct weir_passage *passage, struct weir_presence *presence)
{
	static const uint32_t kinds = 1u << WEIR_RULE_DWELL | 1u << WEIR_RULE_SPEED | 1u << WEIR_RULE_ANCHOR |
	                              1u << WEIR_RULE_COURSE | 1u << WEIR_RULE_PROXIMITY;

	if (!(detect->plans[presence->fence].kinds & kinds))
		return;
	const struct weir_fence *fence = weir_fence_at(detect, presence->fence);

	for (size_t i = 0; i < fence->rule_count; i++) {
		const struct weir_rule *rule = &fence->rules[i];

		if (rule->kind == WEIR_RULE_DWELL)
			weir_rule_dwell(detect, device, passage, presence);
		else if (rule->kind == WEIR_RULE_SPEED)
			weir_rule_speed(detect, device, passage, presence->fence, rule);
		else if (rule->kind == WEIR_RULE_ANCHOR)
			weir_rule_anchor(detect, device, passage, presence->fence, rule);
		else if (rule->kind == WEIR_RULE_COURSE)
			weir_rule_course(detect, device, passage, presence->fence, rule);
		else if (rule->kind == WEIR_RULE_PROXIMITY)
			weir_rule_proximity(detect, device, passage, presence->fence, rule);
	}
}

/* A fix inside of a fence. Returns where the presence's own link is. */
static uint32_t *fix_inside(struct weir_detect *detect, struct weir_device *device,
                            const struct weir_passage *passage, uint32_t *link, uint32_t index)
{
	const struct weir_plan *plan = &detect->plans[index];
	bool is_there = *link != WEIR_NO_ITEM && weir_presence_at(detect, *link)->fence == index;
	enum weir_heed heed = weir_heed(detect, device, passage, index);
	struct weir_presence *presence;

	if (heed == WEIR_CLOSED || heed == WEIR_REFUSES) {
		if (is_there)
			weir_presence_end(detect, device, passage, link,
			                  heed == WEIR_CLOSED ? "closed" : "filter");
		return link;
	}
	if (heed == WEIR_HEEDS && plan->series != WEIR_NO_ITEM)
		weir_windows_fix(detect, passage, index);
	if (heed == WEIR_IGNORES)
		return is_there ? &weir_presence_at(detect, *link)->next : link;
	if (is_there)
		presence = weir_presence_at(detect, *link);
	else if ((presence = begin(detect, device, passage, link, index)) == NULL)
		return link;

	if (presence->inside) {
		presence->fixes = 0;
		if (!lies_still(passage->report) || comes_to_rest(device, passage->report))
			note_place(presence, passage->report);
	} else if (++presence->fixes >= plan->enter_fixes &&
	           (!presence->left || has_moved(presence, passage->report))) {
		presence->inside = true;
		presence->left = false;
		presence->fixes = 0;
		note_place(presence, passage->report);
		tell(detect, passage, index, WEIR_RULE_ENTER, presence->initial);
	} else if (presence->left && presence->fixes == UINT8_MAX) {
		presence->fixes--; /* counted up to enough, and no further */
	}
	if (!presence->left)
		judge_inside(detect, device, passage, presence);
	return &presence->next;
}

/* A fix outside of the fence of a presence that is not confirmed, or that has left. */
static uint32_t *stays_outside(struct weir_detect *detect, struct weir_device *device,
                               const struct weir_passage *passage, uint32_t *link)
{
	struct weir_presence *presence = weir_presence_at(detect, *link);

	presence->fixes = 0;
	if (presence->left && !has_moved(presence, passage->report))
		return &presence->next;
	weir_presence_end(detect, device, passage, link, "left");
	return link;
}

/* A fix outside of the fence of a presence. Returns the link that leads on. */
static uint32_t *fix_outside(struct weir_detect *detect, struct weir_device *device,
                             const struct weir_passage *passage, uint32_t *link)
{
	struct weir_presence *presence = weir_presence_at(detect, *link);
	const struct weir_plan *plan = &detect->plans[presence->fence];
	const struct weir_report *report = passage->report;
	double buffer_m = (double)plan->exit_buffer_m;

	if (plan->has_schedule && !is_open(detect, presence->fence, passage->time_ns)) {
		weir_presence_end(detect, device, passage, link, "closed");
		return link;
	}
	if (!presence->inside)
		return stays_outside(detect, device, passage, link);
	if (buffer_m > 0 && weir_fences_distance_m(detect->fences, presence->fence, report->longitude_deg,
	                                           report->latitude_deg) <= buffer_m) {
		presence->fixes = 0;
		return &presence->next;
	}
	/* Not where it was under way is it at rest, but here. Farther away it has crossed the border. */
	if (comes_to_rest(device, report) && !has_moved(presence, report))
		note_place(presence, report);
	if (presence->fixes < UINT8_MAX)
		presence->fixes++;
	if (presence->fixes < plan->exit_fixes || !has_moved(presence, report))
		return &presence->next;
	tell(detect, passage, presence->fence, WEIR_RULE_EXIT, false);
	if (!lies_still(report)) {
		weir_presence_end(detect, device, passage, link, "left");
		return link;
	}
	weir_watches_end(detect, device, passage, presence->fence, "left");
	presence->inside = presence->initial = false;
	presence->left = true;
	presence->fixes = 0;
	note_place(presence, report);
	return &presence->next;
}

void weir_detect_crossings(struct weir_detect *detect, struct weir_device *device,
                           const struct weir_passage *passage)
{
	uint32_t *link = &device->presences;
	size_t next = 0;

	if (detect->kinds & 1u << WEIR_RULE_PROXIMITY) /* its rule puts it back */
		weir_near_remove(&detect->near, (uint32_t)(device - detect->devices));

	/* Both are in the order of the fences. */
	while (next < passage->located_count || *link != WEIR_NO_ITEM) {
		bool more = next < passage->located_count;

		if (more && (*link == WEIR_NO_ITEM ||
		             passage->located[next] <= weir_presence_at(detect, *link)->fence))
			link = fix_inside(detect, device, passage, link, passage->located[next++]);
		else
			link = fix_outside(detect, device, passage, link);
	}
}
