/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * anchor: for after_s each fix says that the device is at anchor or moored (navigation status 1 or 5), or
 * slower than half a knot, and none lies farther than radius_m from the first. Cleared by a fix that lies
 * farther from it, or that says that the device makes a knot and is neither at anchor nor moored.
 */
#include "detect/state.h"

/* So that a ship that swings at its anchor does not raise and clear. */
#define MOVES_KN (2 * WEIR_STILL_KN)

static bool says_anchored(const struct weir_report *report)
{
	return (report->has & WEIR_HAS_NAV_STATUS) && (report->nav_status == 1 || report->nav_status == 5);
}

static bool is_stopped(const struct weir_report *report)
{
	return says_anchored(report) || ((report->has & WEIR_HAS_SOG) && report->sog_kn < WEIR_STILL_KN);
}

static bool moves(const struct weir_report *report)
{
	return !says_anchored(report) && (report->has & WEIR_HAS_SOG) && report->sog_kn >= MOVES_KN;
}

void weir_rule_anchor(struct weir_detect *detect, struct weir_device *device,
                      const struct weir_passage *passage, uint32_t fence, const struct weir_rule *rule)
{
	const struct weir_report *report = passage->report;
	struct weir_watch *watch = weir_watch_find(detect, device, fence, WEIR_RULE_ANCHOR);

	if (watch != NULL) {
		double metres = weir_metres_to(watch->longitude, watch->latitude, report);
		bool ends = watch->raised ? moves(report) : !is_stopped(report);

		if (ends || metres > rule->anchor.radius_m) {
			struct weir_alert alert = {0};

			weir_alert_measure(&alert, "moved_m", metres);
			weir_watch_end(detect, device, passage, fence, WEIR_RULE_ANCHOR, &alert);
			watch = NULL;
		}
	}
	if (watch == NULL && (!is_stopped(report) || (watch = weir_watch_begin(detect, device, passage, fence,
	                                                                       WEIR_RULE_ANCHOR)) == NULL))
		return;
	if (watch->raised || passage->time_ns - watch->since_ns < rule->anchor.after_ns)
		return;
	struct weir_alert alert = {.severity = rule->severity};
	weir_alert_measure(&alert, "stopped_s", (double)(passage->time_ns - watch->since_ns) / 1e9);
	weir_alert_measure(&alert, "limit_s", (double)rule->anchor.after_ns / 1e9);
	weir_watch_raise(detect, passage, watch, &alert);
}
