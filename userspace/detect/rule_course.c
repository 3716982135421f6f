/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * course: so many fixes in a row go in another direction than course_deg, by more than tolerance_deg, at
 * min_sog_kn or faster. Cleared by as many in a row that do not. A fix without a course or a speed says
 * nothing.
 */
#include <math.h>

#include "detect/state.h"

/* 0 to 180. */
static double difference_deg(double a_deg, double b_deg)
{
	double off = fabs(fmod(a_deg - b_deg, 360));

	return off > 180 ? 360 - off : off;
}

void weir_rule_course(struct weir_detect *detect, struct weir_device *device,
                      const struct weir_passage *passage, uint32_t fence, const struct weir_rule *rule)
{
	const struct weir_report *report = passage->report;
	struct weir_watch *watch = weir_watch_find(detect, device, fence, WEIR_RULE_COURSE);

	if (~report->has & (WEIR_HAS_SOG | WEIR_HAS_COG))
		return;
	/* In tenths: what AIS says exactly a float does not. */
	double off_deg = round(difference_deg((double)report->cog_deg, rule->course.course_deg) * 100) / 100;
	bool against = off_deg > rule->course.tolerance_deg &&
	               (double)report->sog_kn >= rule->course.min_sog_kn - 1e-6;
	struct weir_alert alert = {.severity = rule->severity};

	weir_alert_measure(&alert, "course_deg", rule->course.course_deg);
	weir_alert_measure(&alert, "off_deg", off_deg);
	if (watch == NULL && (!against || (watch = weir_watch_begin(detect, device, passage, fence,
	                                                            WEIR_RULE_COURSE)) == NULL))
		return;
	if (against == watch->raised) { /* what goes on */
		watch->fixes = 0;
		return;
	}
	if (!against && !watch->raised) {
		weir_watch_end(detect, device, passage, fence, WEIR_RULE_COURSE, NULL);
		return;
	}
	if (++watch->fixes < rule->course.fixes)
		return;
	watch->fixes = 0;
	if (watch->raised)
		weir_watch_end(detect, device, passage, fence, WEIR_RULE_COURSE, &alert);
	else
		weir_watch_raise(detect, passage, watch, &alert);
}
