/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events on their way out of detection.
 */
#include "detect/state.h"

void weir_detect_emit(struct weir_detect *detect, enum weir_event_kind kind,
                      const struct weir_passage *passage, const struct weir_report *report,
                      const struct weir_alert *alert)
{
	const struct weir_event event = {
	        .kind = kind,
	        .time_ns = passage->time_ns,
	        .id = passage->id,
	        .source = passage->source,
	        .report = report,
	        .heard_by = passage->heard_by,
	        .heard_by_count = kind == WEIR_EVENT_POSITION ? passage->heard_by_count : 0,
	        .fences = passage->fence_ids,
	        .fence_count = kind == WEIR_EVENT_STATIC ? 0 : passage->located_count,
	        .ship_name = passage->ship_name,
	        .alert = alert,
	};

	detect->counters.events[kind]++;
	if (alert != NULL)
		detect->counters.alerts[alert->rule][alert->phase]++;
	if (detect->sink.event != NULL)
		detect->sink.event(detect->sink.context, &event);
}

void weir_detect_emit_window(struct weir_detect *detect, const struct weir_window_result *result)
{
	const struct weir_event event = {
	        .kind = WEIR_EVENT_WINDOW,
	        .time_ns = result->end_ns,
	        .id = "",
	        .source = "",
	        .window = result,
	};

	detect->counters.events[WEIR_EVENT_WINDOW]++;
	if (detect->sink.event != NULL)
		detect->sink.event(detect->sink.context, &event);
}
