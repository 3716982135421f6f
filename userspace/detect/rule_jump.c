/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jump and identity. A device jumps if the way from its latest fix to this one asks for a speed that is not
 * possible. Of a device that has jumped the place that it left is remembered for ten minutes: if it comes
 * back there, two devices may go by one identity. One wild position comes back too, so that it takes both
 * places twice: A, B, A, B. While that lasts the jumps themselves are not told. Cleared when it has not
 * jumped for ten minutes.
 */
#include "detect/state.h"

#define JUMP_DEFAULT_KN 60.0 /* above what ships, ferries and pilot boats make */
#define GPS_JUMP_KN 130.0    /* 240 km/h: what drives on a road or on rails */
#define JUMP_MIN_M 1852.0    /* below it, it may be the clocks of two receivers */
#define REMEMBERED_NS (600 * WEIR_SECOND_NS)
#define RETURNS 2 /* to a place that it had left */
#define METRES_PER_SECOND_IN_A_KNOT (1852.0 / 3600)

static double seconds_between(int64_t from_ns, int64_t to_ns)
{
	double seconds = (double)(to_ns - from_ns) / 1e9;

	return seconds < 1 ? 1 : seconds; /* as exact as the time of most messages */
}

static bool is_possible(const struct weir_detect *detect, const struct weir_report *report, double metres,
                        double seconds)
{
	double limit_kn = detect->rules.jump_sog_kn > 0 ? detect->rules.jump_sog_kn : JUMP_DEFAULT_KN;

	if (report->station_class == WEIR_CLASS_GPS && limit_kn < GPS_JUMP_KN)
		limit_kn = GPS_JUMP_KN;
	return metres <= JUMP_MIN_M || metres <= limit_kn * METRES_PER_SECOND_IN_A_KNOT * seconds;
}

static void tell_jump(struct weir_detect *detect, const struct weir_passage *passage, double metres,
                      double seconds)
{
	struct weir_alert alert = {.rule = WEIR_RULE_JUMP, .severity = detect->rules.jump_severity};

	if (!(detect->rules.on & 1u << WEIR_RULE_JUMP))
		return;
	weir_alert_measure(&alert, "distance_m", metres);
	weir_alert_measure(&alert, "elapsed_s", seconds);
	weir_alert_measure(&alert, "implied_kn", metres / seconds / METRES_PER_SECOND_IN_A_KNOT);
	weir_alert_event(detect, passage, NULL, &alert);
}

/* It has jumped. Is that a return to the place that it left by its last jump? */
static bool returns(const struct weir_detect *detect, const struct weir_watch *watch,
                    const struct weir_passage *passage)
{
	double metres = weir_metres_to(watch->longitude, watch->latitude, passage->report);

	return is_possible(detect, passage->report, metres,
	                   seconds_between(watch->seen_ns, passage->time_ns));
}

static void remember(struct weir_watch *watch, const struct weir_device *device)
{
	watch->longitude = device->fix.longitude;
	watch->latitude = device->fix.latitude;
	watch->seen_ns = device->fix_ns;
}

static void jumped(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage,
                   double metres, double seconds)
{
	struct weir_watch *watch = weir_watch_find(detect, device, WEIR_NO_FENCE, WEIR_RULE_IDENTITY);
	struct weir_alert alert = {.severity = detect->rules.identity_severity};

	if (watch == NULL) {
		tell_jump(detect, passage, metres, seconds);
		watch = weir_watch_begin(detect, device, passage, WEIR_NO_FENCE, WEIR_RULE_IDENTITY);
		if (watch != NULL)
			remember(watch, device);
		return;
	}
	bool is_return = returns(detect, watch, passage);
	if (!is_return && !watch->raised) {
		watch->fixes = 0;
		tell_jump(detect, passage, metres, seconds);
	}
	remember(watch, device);
	if (watch->raised || !is_return || ++watch->fixes < RETURNS ||
	    !(detect->rules.on & 1u << WEIR_RULE_IDENTITY))
		return;
	weir_alert_measure(&alert, "distance_m", metres);
	weir_alert_measure(&alert, "elapsed_s", seconds);
	watch->since_ns = passage->time_ns;
	weir_watch_raise(detect, passage, watch, &alert);
}

bool weir_rule_jump(struct weir_detect *detect, struct weir_device *device,
                    const struct weir_passage *passage)
{
	static const uint32_t judged = 1u << WEIR_CLASS_A | 1u << WEIR_CLASS_B | 1u << WEIR_CLASS_GPS;
	const struct weir_report *report = passage->report;

	if (!(detect->rules.on & (1u << WEIR_RULE_JUMP | 1u << WEIR_RULE_IDENTITY)) || device->fix.has == 0 ||
	    !(judged & 1u << report->station_class))
		return false;
	double metres = weir_metres_to(device->fix.longitude, device->fix.latitude, report);
	double seconds = seconds_between(device->fix_ns, passage->time_ns);
	if (is_possible(detect, report, metres, seconds))
		return false;
	jumped(detect, device, passage, metres, seconds);
	return true;
}

int64_t weir_rule_identity_due(const struct weir_detect *detect, const struct weir_device *device)
{
	const struct weir_watch *watch = weir_watch_find(detect, device, WEIR_NO_FENCE, WEIR_RULE_IDENTITY);

	return watch == NULL ? INT64_MAX : watch->seen_ns + REMEMBERED_NS;
}

void weir_rule_identity_ends(struct weir_detect *detect, struct weir_device *device,
                             const struct weir_passage *passage)
{
	weir_watch_end(detect, device, passage, WEIR_NO_FENCE, WEIR_RULE_IDENTITY, NULL);
}
