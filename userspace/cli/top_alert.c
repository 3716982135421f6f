/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Alerts to lines: time of day, severity, message. See top_alert.h.
 */
#include "cli/top_alert.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static enum weir_top_tone tone_of(const char *severity, const char *phase)
{
	static const struct {
		const char *severity;
		enum weir_top_tone tone;
	} tones[] = {
	        {"warning", WEIR_TOP_WARNING}, {"alarm", WEIR_TOP_ALARM}, {"emergency", WEIR_TOP_EMERGENCY}};

	if (strcmp(phase, "clear") == 0)
		return WEIR_TOP_FAINT;
	for (size_t i = 0; i < sizeof(tones) / sizeof(*tones); i++)
		if (strcmp(severity, tones[i].severity) == 0)
			return tones[i].tone;
	return WEIR_TOP_PLAIN;
}

/* The message is for people, and names the ship; what has none is told from its parts. */
static void append_message(char *line, const json_t *alert, const char *phase)
{
	const char *message = text_of(alert, "message"), *id = text_of(alert, "id");
	const char *name = text_of(alert, "name"), *fence = text_of(alert, "fence");
	bool is_event = phase[0] == '\0' || strcmp(phase, "event") == 0;

	if (message[0] != '\0') {
		weir_top_append(line, "%s%s", strcmp(phase, "clear") == 0 ? "clear: " : "", message);
		if (strstr(message, id) == NULL)
			weir_top_append(line, "  [%s]", id);
		return;
	}
	weir_top_append(line, "%s%s%s  %s%s%s%s%s", text_of(alert, "rule"), is_event ? "" : " ",
	                is_event ? "" : phase, id, name[0] != '\0' ? " " : "", name,
	                fence[0] != '\0' ? "  " : "", fence);
}

bool weir_top_alert_read(const char *json, size_t length, struct weir_top_alert *out)
{
	json_t *root = json_loadb(json, length, 0, NULL);
	const json_t *alert = json_object_get(root, "properties");
	bool is_alert = strcmp(text_of(alert, "event"), "alert") == 0;

	if (is_alert) {
		const char *time = text_of(alert, "time"), *phase = text_of(alert, "phase");
		const char *severity = text_of(alert, "severity");
		bool has_time = strlen(time) >= 19; /* 2026-11-22T05:14:25 */

		snprintf(out->date, sizeof(out->date), "%.10s", has_time ? time : "");
		weir_top_tame(out->date);
		out->line[0] = '\0';
		weir_top_append(out->line, "%.8s  %-9s  ", has_time ? time + 11 : "--:--:--", severity);
		append_message(out->line, alert, phase);
		weir_top_tame(out->line);
		out->tone = tone_of(severity, phase);
	}
	json_decref(root);
	return is_alert;
}
