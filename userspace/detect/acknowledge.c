/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What people do with alerts that are raised: acknowledge them. An alarm or an emergency that nobody has
 * acknowledged is told again at an interval, where that is asked for.
 */
#include <errno.h>
#include <string.h>

#include "detect/state.h"

int64_t weir_watch_repeat_due(const struct weir_watch *watch)
{
	bool is_repeated = watch->raised && !watch->acknowledged && !watch->mirror &&
	                   watch->severity >= WEIR_SEVERITY_ALARM;

	return is_repeated ? watch->repeat_ns : INT64_MAX;
}

/* The same alert once more, without what was measured then. */
static void tell_again(struct weir_detect *detect, const struct weir_passage *passage,
                       const struct weir_watch *watch)
{
	struct weir_alert alert = {
	        .rule = (enum weir_rule_kind)watch->rule,
	        .phase = WEIR_PHASE_RAISE,
	        .severity = (enum weir_severity)watch->severity,
	        .acknowledged = watch->acknowledged,
	        .repeated = !watch->acknowledged,
	};

	weir_alert_id_text(alert.id, watch->id);
	weir_alert_measure(&alert, "lasted_s", (double)(passage->time_ns - watch->since_ns) / 1e9);
	weir_alert_tell(detect, passage, weir_fence_at(detect, watch->fence), &alert);
}

void weir_watch_repeat(struct weir_detect *detect, const struct weir_passage *passage,
                       struct weir_watch *watch)
{
	watch->repeat_ns = passage->time_ns + detect->rules.repeat_ns;
	tell_again(detect, passage, watch);
}

int64_t weir_repeat_due(const struct weir_detect *detect, const struct weir_device *device)
{
	int64_t due_ns = INT64_MAX;

	for (uint32_t i = device->watches; i != WEIR_NO_ITEM; i = weir_watch_at(detect, i)->next) {
		int64_t repeat_ns = weir_watch_repeat_due(weir_watch_at(detect, i));

		if (repeat_ns < due_ns)
			due_ns = repeat_ns;
	}
	return due_ns;
}

void weir_repeat(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage)
{
	for (uint32_t i = device->watches; i != WEIR_NO_ITEM; i = weir_watch_at(detect, i)->next) {
		struct weir_watch *watch = weir_watch_at(detect, i);

		if (weir_watch_repeat_due(watch) <= passage->time_ns)
			weir_watch_repeat(detect, passage, watch);
	}
}

bool weir_watch_has_id(const struct weir_watch *watch, const char *alert_id)
{
	char id[WEIR_ALERT_ID_SIZE];

	if (!watch->raised || watch->mirror)
		return false;
	weir_alert_id_text(id, watch->id);
	return strcmp(id, alert_id) == 0;
}

/* Seldom asked for: everything is looked through. */
static struct weir_watch *find(const struct weir_detect *detect, const char *alert_id,
                               struct weir_device **device)
{
	for (uint32_t slot = 0; slot < detect->fresh; slot++) {
		if (detect->devices[slot].key == 0)
			continue;
		for (uint32_t i = detect->devices[slot].watches; i != WEIR_NO_ITEM;
		     i = weir_watch_at(detect, i)->next) {
			if (!weir_watch_has_id(weir_watch_at(detect, i), alert_id))
				continue;
			*device = &detect->devices[slot];
			return weir_watch_at(detect, i);
		}
	}
	return NULL;
}

void weir_watch_acknowledge(struct weir_detect *detect, const struct weir_passage *passage,
                            struct weir_watch *watch)
{
	if (watch->acknowledged)
		return;
	watch->acknowledged = true;
	tell_again(detect, passage, watch);
}

int weir_detect_acknowledge(struct weir_detect *detect, const char *alert_id, int64_t time_ns)
{
	struct weir_passage passage;
	struct weir_report report;
	struct weir_device *device;

	weir_detect_advance(detect, time_ns);
	struct weir_watch *watch = find(detect, alert_id, &device);
	if (watch != NULL) {
		weir_device_passage(detect, device, weir_device_moment(detect, device), &passage, &report);
		weir_watch_acknowledge(detect, &passage, watch);
		return 0;
	}
	struct weir_series *series = weir_rule_density_find(detect, alert_id);
	if (series == NULL)
		return -ENOENT;
	weir_rule_density_acknowledge(detect, series);
	return 0;
}
