/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * speed: faster than max_sog_kn, or slower than min_sog_kn, in each fix for sustain_s. Cleared by a fix that
 * keeps half a knot inside of the limit. What is exactly at the limit keeps to it. A fix without a speed
 * says nothing.
 */
#include <math.h>

#include "detect/state.h"

/* So that a ship that runs at the limit does not raise and clear with each fix. */
#define HYSTERESIS_KN 0.5

enum side { WITHIN, ABOVE, BELOW };

/* AIS gives tenths: 10.0 as a float is 10, and 10.1 is not. */
static double speed_of(const struct weir_report *report)
{
	return round((double)report->sog_kn * 1000) / 1000;
}

static enum side side_of(const struct weir_rule *rule, double sog_kn)
{
	if (sog_kn > rule->speed.max_sog_kn)
		return ABOVE;
	if (sog_kn < rule->speed.min_sog_kn)
		return BELOW;
	return WITHIN;
}

static bool still_holds(const struct weir_rule *rule, enum side side, double sog_kn)
{
	if (side == ABOVE)
		return sog_kn > rule->speed.max_sog_kn - HYSTERESIS_KN;
	return sog_kn < rule->speed.min_sog_kn + HYSTERESIS_KN;
}

static void measure_limit(struct weir_alert *alert, const struct weir_rule *rule, enum side side)
{
	if (side == ABOVE)
		weir_alert_measure(alert, "limit_kn", rule->speed.max_sog_kn);
	else
		weir_alert_measure(alert, "min_limit_kn", rule->speed.min_sog_kn);
}

void weir_rule_speed(struct weir_detect *detect, struct weir_device *device,
                     const struct weir_passage *passage, uint32_t fence, const struct weir_rule *rule)
{
	struct weir_watch *watch = weir_watch_find(detect, device, fence, WEIR_RULE_SPEED);
	struct weir_alert alert = {.severity = rule->severity};

	if (!(passage->report->has & WEIR_HAS_SOG))
		return;
	double sog_kn = speed_of(passage->report);
	enum side side = side_of(rule, sog_kn);

	if (watch != NULL) { /* `fixes` holds the side */
		enum side was = (enum side)watch->fixes;

		if (watch->raised ? !still_holds(rule, was, sog_kn) : side != was) {
			measure_limit(&alert, rule, was);
			weir_watch_end(detect, device, passage, fence, WEIR_RULE_SPEED, &alert);
			watch = NULL;
		}
	}
	if (watch == NULL) {
		if (side == WITHIN ||
		    (watch = weir_watch_begin(detect, device, passage, fence, WEIR_RULE_SPEED)) == NULL)
			return;
		watch->fixes = (uint8_t)side;
	}
	if (watch->raised || passage->time_ns - watch->since_ns < rule->speed.sustain_ns)
		return;
	alert = (struct weir_alert){.severity = rule->severity};
	measure_limit(&alert, rule, side);
	weir_alert_measure(&alert, "sustained_s", (double)(passage->time_ns - watch->since_ns) / 1e9);
	weir_watch_raise(detect, passage, watch, &alert);
}
