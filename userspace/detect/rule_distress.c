/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * distress: AIS-SART, MOB and EPIRB-AIS by their MMSI (970, 972, 974: ITU-R M.585), and navigation status 14
 * from anyone. Raised by the first report, wherever it is and whatever else holds; cleared by a report that
 * says otherwise, or when the device is given up as silent.
 *
 * A transmitter under test says navigation status 15 (ITU-R M.1371-5, table 45), which a report does not
 * carry as one: it is told once, as information, and marked. Whatever else such a transmitter says is
 * distress.
 */
#include "detect/state.h"

static bool carries_status(uint8_t message)
{
	return (message >= 1 && message <= 3) || message == 27;
}

static bool is_test(const struct weir_report *report)
{
	return weir_mmsi_is_distress(report->mmsi) && carries_status(report->message) &&
	       !(report->has & WEIR_HAS_NAV_STATUS);
}

static void tell_test(struct weir_detect *detect, struct weir_device *device,
                      const struct weir_passage *passage)
{
	struct weir_alert alert = {.rule = WEIR_RULE_DISTRESS, .severity = WEIR_SEVERITY_INFO, .test = true};

	if (device->tested)
		return;
	device->tested = true;
	weir_alert_event(detect, passage, NULL, &alert);
}

void weir_rule_distress(struct weir_detect *detect, struct weir_device *device,
                        const struct weir_passage *passage)
{
	const struct weir_report *report = passage->report;
	bool speaks = weir_mmsi_is_distress(report->mmsi) || carries_status(report->message);

	if (!speaks || !(detect->rules.on & 1u << WEIR_RULE_DISTRESS))
		return;
	if (is_test(report))
		tell_test(detect, device, passage);
	if (!device->distress || is_test(report)) {
		if (device->watches != WEIR_NO_ITEM)
			weir_watch_end(detect, device, passage, WEIR_NO_FENCE, WEIR_RULE_DISTRESS, NULL);
		return;
	}
	struct weir_watch *watch =
	        weir_watch_begin(detect, device, passage, WEIR_NO_FENCE, WEIR_RULE_DISTRESS);
	if (watch == NULL || watch->raised)
		return;
	struct weir_alert alert = {.severity = WEIR_SEVERITY_EMERGENCY};
	weir_watch_raise(detect, passage, watch, &alert);
}
