/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proximity: two devices that are inside will be within cpa_m of each other in tcpa_s or less, if both keep
 * their course and speed: so by two looks in a row, one at each fix of either. Cleared when they are farther
 * apart than cpa_m and will not come closer, by a quarter more; or when one of them stops, leaves or is lost.
 *
 * Only what moves under its own will is looked at: faster than min_sog_kn, not at anchor, moored or aground,
 * and no tug, tow, pilot or port tender, whose work it is to come close. The position of the other is carried
 * on to the time of the fix; one that is older than a report of a ship at anchor would be says nothing.
 *
 * A pair is watched in both devices; the one that raised it owns the alert, and the other's watch is its
 * mirror.
 */
#include <math.h>

#include <weir/device.h>

#include "detect/state.h"

#define METRES_PER_SECOND_IN_A_KNOT (1852.0 / 3600)

/* Faster ones look far enough ahead by themselves. */
#define OTHERS_KN 30.0
#define STALE_NS (180 * WEIR_SECOND_NS)
#define LOOKS 2
#define CLEAR_OF 1.25
#define CANDIDATES_MAX 512

/* How two devices meet. */
struct encounter {
	double distance_m, cpa_m, tcpa_s; /* tcpa_s < 0: they have passed */
};

/* M.1371-5, table 53: towing, pilot vessel, tug, port tender. */
static bool attends(const struct weir_detect *detect, const struct weir_device *device)
{
	if (device->key & WEIR_DEVICE_GPS)
		return false;
	uint32_t slot = weir_statics_find(&detect->statics, (uint32_t)device->key, device->static_slot);
	if (slot == WEIR_NO_SLOT || !(detect->statics.slots[slot].has & WEIR_HAS_SHIP_TYPE))
		return false;
	uint8_t type = detect->statics.slots[slot].ship_type;
	return type == 31 || type == 32 || type == 50 || type == 52 || type == 53;
}

static bool is_under_way(const struct weir_detect *detect, const struct weir_device *device,
                         const struct weir_place *fix, const struct weir_rule *rule)
{
	bool lies = (fix->has & WEIR_HAS_NAV_STATUS) &&
	            (fix->nav_status == 1 || fix->nav_status == 5 || fix->nav_status == 6);

	return !lies && (fix->has & WEIR_HAS_SOG) && (fix->has & WEIR_HAS_COG) &&
	       fix->sog / 10.0 >= rule->proximity.min_sog_kn - 1e-6 && !attends(detect, device);
}

static struct encounter encounter_of(const struct weir_place *a, const struct weir_place *b, double b_older_s)
{
	double mean = (a->latitude / 1e7 + b->latitude / 1e7) / 2;
	double east = remainder(b->longitude / 1e7 - a->longitude / 1e7, 360);
	double x = copysign(weir_distance_m(0, mean, fabs(east), mean), east);
	double y = copysign(weir_distance_m(0, a->latitude / 1e7, 0, b->latitude / 1e7),
	                    (double)b->latitude - a->latitude);
	double a_speed = a->sog / 10.0 * METRES_PER_SECOND_IN_A_KNOT, a_course = a->cog / 1800.0 * M_PI;
	double b_speed = b->sog / 10.0 * METRES_PER_SECOND_IN_A_KNOT, b_course = b->cog / 1800.0 * M_PI;
	double bx = b_speed * sin(b_course), by = b_speed * cos(b_course);
	double vx = bx - a_speed * sin(a_course), vy = by - a_speed * cos(a_course);

	x += bx * b_older_s;
	y += by * b_older_s;
	double square = vx * vx + vy * vy;
	/* What keeps its place beside the other is as close as it will be. */
	double tcpa_s = square < 1e-4 ? 0 : -(x * vx + y * vy) / square;
	return (struct encounter){
	        .distance_m = hypot(x, y),
	        .cpa_m = hypot(x + vx * tcpa_s, y + vy * tcpa_s),
	        .tcpa_s = tcpa_s,
	};
}

static bool is_close(const struct encounter *encounter, const struct weir_rule *rule, double factor)
{
	return encounter->tcpa_s >= 0 &&
	       encounter->tcpa_s <= (double)rule->proximity.tcpa_ns / 1e9 * factor &&
	       encounter->cpa_m <= rule->proximity.cpa_m * factor;
}

static bool is_inside(const struct weir_detect *detect, const struct weir_device *device, uint32_t fence)
{
	for (uint32_t i = device->presences; i != WEIR_NO_ITEM; i = weir_presence_at(detect, i)->next) {
		const struct weir_presence *presence = weir_presence_at(detect, i);

		if (presence->fence == fence)
			return presence->inside && presence->fixes == 0;
	}
	return false;
}

/* What one fix has to do with the rule of one fence. */
struct look {
	struct weir_detect *detect;
	struct weir_device *device;
	const struct weir_passage *passage;
	struct weir_place fix;
	uint32_t slot, fence;
	const struct weir_rule *rule;
};

/* False where the other is of no concern. */
static bool meet(const struct look *look, uint32_t slot, struct encounter *out)
{
	const struct weir_device *other = &look->detect->devices[slot];
	int64_t older_ns = look->passage->time_ns - other->fix_ns;

	if (slot == look->slot || older_ns > STALE_NS || older_ns < -STALE_NS ||
	    !is_inside(look->detect, other, look->fence) ||
	    !is_under_way(look->detect, other, &other->fix, look->rule))
		return false;
	*out = encounter_of(&look->fix, &other->fix, (double)older_ns / 1e9);
	return true;
}

static void raise(const struct look *look, struct weir_watch *watch, const struct encounter *encounter)
{
	struct weir_device *other = &look->detect->devices[watch->other];
	struct weir_watch *mirror = weir_pair_find(look->detect, other, look->fence, look->slot);
	struct weir_alert alert = {.severity = look->rule->severity};
	char id[WEIR_ID_SIZE];

	weir_device_name(look->detect, other, id, &alert.other_name);
	alert.other = id;
	weir_alert_measure(&alert, "cpa_m", encounter->cpa_m);
	weir_alert_measure(&alert, "tcpa_s", encounter->tcpa_s);
	weir_alert_measure(&alert, "distance_m", encounter->distance_m);
	weir_alert_measure(&alert, "limit_m", look->rule->proximity.cpa_m);
	weir_alert_measure(&alert, "limit_s", (double)look->rule->proximity.tcpa_ns / 1e9);
	watch->mirror = false;
	mirror->mirror = mirror->raised = true;
	weir_watch_raise(look->detect, look->passage, watch, &alert);
}

/* One look more at a pair. Returns false where it has ended. */
static bool look_again(const struct look *look, struct weir_watch *watch)
{
	struct encounter encounter;
	bool met = meet(look, watch->other, &encounter);

	if (watch->raised)
		return met && (encounter.distance_m <= look->rule->proximity.cpa_m ||
		               is_close(&encounter, look->rule, CLEAR_OF));
	if (!met || !is_close(&encounter, look->rule, 1))
		return false;
	struct weir_device *other = &look->detect->devices[watch->other];
	struct weir_watch *mirror = weir_pair_find(look->detect, other, look->fence, look->slot);
	mirror->fixes = ++watch->fixes;
	if (watch->fixes >= LOOKS)
		raise(look, watch, &encounter);
	return true;
}

static void look_at_pairs(const struct look *look)
{
	uint32_t *link = &look->device->watches;

	while (*link != WEIR_NO_ITEM) {
		struct weir_watch *watch = weir_watch_at(look->detect, *link);

		if (watch->fence != look->fence || watch->rule != WEIR_RULE_PROXIMITY ||
		    look_again(look, watch))
			link = &watch->next;
		else
			weir_pair_end(look->detect, look->device, look->passage, link, NULL);
	}
}

static void look_around(const struct look *look)
{
	uint32_t slots[CANDIDATES_MAX];
	double speed = (OTHERS_KN + look->fix.sog / 10.0) * METRES_PER_SECOND_IN_A_KNOT;
	double metres = look->rule->proximity.cpa_m + speed * (double)look->rule->proximity.tcpa_ns / 1e9;
	bool cut = false;
	size_t count = weir_near_find(&look->detect->near, look->fix.longitude, look->fix.latitude, metres,
	                              slots, CANDIDATES_MAX, &cut);

	look->detect->counters.untracked += cut;
	for (size_t i = 0; i < count; i++) {
		struct encounter encounter;

		if (meet(look, slots[i], &encounter) && is_close(&encounter, look->rule, 1) &&
		    weir_pair_find(look->detect, look->device, look->fence, slots[i]) == NULL)
			weir_pair_begin(look->detect, look->device, look->passage, look->fence, slots[i]);
	}
}

void weir_rule_proximity(struct weir_detect *detect, struct weir_device *device,
                         const struct weir_passage *passage, uint32_t fence, const struct weir_rule *rule)
{
	const struct look look = {
	        .detect = detect,
	        .device = device,
	        .passage = passage,
	        .fix = weir_place_of(passage->report),
	        .slot = (uint32_t)(device - detect->devices),
	        .fence = fence,
	        .rule = rule,
	};

	if (!is_inside(detect, device, fence))
		return;
	if (!is_under_way(detect, device, &look.fix, rule)) {
		weir_pairs_end(detect, device, passage, fence);
		return;
	}
	weir_near_put(&detect->near, look.slot, look.fix.longitude, look.fix.latitude);
	look_at_pairs(&look);
	look_around(&look);
}
