/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON of the gateway to lines for a person. See top_status.h.
 */
#include "cli/top_status.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Appends to a line of WEIR_TOP_LINE_MAX bytes; what does not fit is cut off. */
static void append(char *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void append(char *line, const char *format, ...)
{
	size_t used = strlen(line);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line + used, WEIR_TOP_LINE_MAX - used, format, arguments);
	va_end(arguments);
}

/*
 * What comes from ships and files must not steer the terminal: control characters, those of C1 in UTF-8
 * too, become blanks.
 */
static void tame(char *line)
{
	for (unsigned char *at = (unsigned char *)line; *at != '\0'; at++) {
		if (*at < ' ' || *at == 0x7f)
			*at = ' ';
		if (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
			at[0] = at[1] = ' ';
	}
}

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

/* 1234567 as 1,234,567. */
static void append_number(char *line, int64_t number)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRId64, number);
	char out[40];
	size_t used = 0;

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
	append(line, "%s", out);
}

/* ---- Rates ---- */

static const json_t *stage_named(const json_t *status, const char *name)
{
	size_t i;
	json_t *stage;

	json_array_foreach(json_object_get(status, "stages"), i,
	                   stage) if (strcmp(text_of(stage, "name"), name) == 0) return stage;
	return NULL;
}

/* A second, or -1 where it is not known. */
static double rate_of(const struct weir_top_status *status, const char *stage, const char *name,
                      json_int_t value)
{
	const json_t *counters = json_object_get(stage_named(status->before, stage), "counters");
	const json_t *before = json_object_get(counters, name);
	double elapsed_s = (double)(status->now_ns - status->before_ns) / 1e9;

	if (status->before == NULL || elapsed_s < 0.05)
		return -1;
	/* A counter that has begun to count meanwhile was 0 and left out. */
	return (double)(value - json_integer_value(before)) / elapsed_s;
}

static void append_name(char *line, const char *name)
{
	append(line, "  ");
	for (; *name != '\0'; name++)
		append(line, "%c", *name == '_' ? ' ' : *name);
	append(line, " ");
}

static void append_counter(const struct weir_top_status *status, const char *stage, const char *name,
                           json_int_t value, char *line)
{
	double rate = rate_of(status, stage, name, value);

	append_name(line, name);
	append_number(line, value);
	if (rate >= 0.05)
		append(line, rate < 10 ? " (%.1f/s)" : " (%.0f/s)", rate);
}

/* ---- Lines ---- */

static void write_stage(const struct weir_top_status *status, const json_t *stage, char *line)
{
	const char *name = text_of(stage, "name"), *key;
	json_t *value;

	line[0] = '\0';
	append(line, "%-8s", name);
	json_object_foreach(json_object_get(stage, "texts"), key, value)
	{
		append(line, "  %s", json_is_string(value) ? json_string_value(value) : "");
	}
	json_object_foreach(json_object_get(stage, "counters"), key, value)
	{
		append_counter(status, name, key, json_integer_value(value), line);
	}
	json_object_foreach(json_object_get(stage, "gauges"), key, value)
	{
		append_name(line, key);
		append(line, "%.10g", json_number_value(value));
	}
	tame(line);
}

static void write_head(const struct weir_top_status *status, char *line)
{
	int64_t uptime_s = (int64_t)json_number_value(json_object_get(status->now, "uptime_s"));

	line[0] = '\0';
	append(line, "weir %s  site %s  up %" PRId64 ":%02d:%02d  ", text_of(status->now, "version"),
	       weir_top_status_site(status), uptime_s / 3600, (int)(uptime_s / 60 % 60),
	       (int)(uptime_s % 60));
	if (json_is_true(json_object_get(status->now, "ready")))
		append(line, "ready");
	else
		append(line, "NOT READY: %s", text_of(status->now, "reason"));
	tame(line);
}

size_t weir_top_status_lines(const struct weir_top_status *status, char lines[][WEIR_TOP_LINE_MAX])
{
	size_t count = 0, i;
	json_t *stage;

	if (status->now == NULL)
		return 0;
	write_head(status, lines[count++]);
	json_array_foreach(json_object_get(status->now, "stages"), i, stage) if (count < WEIR_TOP_LINES)
	        write_stage(status, stage, lines[count++]);
	return count;
}

const char *weir_top_status_site(const struct weir_top_status *status)
{
	return text_of(status->now, "site");
}

bool weir_top_status_take(struct weir_top_status *status, const char *json, size_t length, int64_t time_ns)
{
	json_t *root = json_loadb(json, length, 0, NULL);

	if (strcmp(text_of(root, "event"), "status") != 0 ||
	    !json_is_array(json_object_get(root, "stages"))) {
		json_decref(root);
		return false;
	}
	bool is_anew = json_number_value(json_object_get(root, "uptime_s")) <
	               json_number_value(json_object_get(status->now, "uptime_s"));
	json_decref(status->before);
	status->before = is_anew ? NULL : status->now;
	status->before_ns = status->now_ns;
	if (is_anew)
		json_decref(status->now);
	status->now = root;
	status->now_ns = time_ns;
	return true;
}

void weir_top_status_clear(struct weir_top_status *status)
{
	json_decref(status->before);
	json_decref(status->now);
	*status = (struct weir_top_status){0};
}

/* ---- Alerts ---- */

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

bool weir_top_alert_line(const char *json, size_t length, char line[WEIR_TOP_LINE_MAX],
                         enum weir_top_tone *tone)
{
	json_t *root = json_loadb(json, length, 0, NULL);
	const json_t *alert = json_object_get(root, "properties");
	bool is_alert = strcmp(text_of(alert, "event"), "alert") == 0;

	if (is_alert) {
		const char *time = text_of(alert, "time"), *phase = text_of(alert, "phase");
		const char *severity = text_of(alert, "severity"), *message = text_of(alert, "message");
		const char *name = text_of(alert, "name"), *fence = text_of(alert, "fence");
		bool is_event = phase[0] == '\0' || strcmp(phase, "event") == 0;

		line[0] = '\0';
		append(line, "%.10s %.8sZ  %-9s  %s%s%s  ", time, strlen(time) > 11 ? time + 11 : "",
		       severity, text_of(alert, "rule"), is_event ? "" : " ", is_event ? "" : phase);
		if (message[0] != '\0')
			append(line, "%s  [%s]", message, text_of(alert, "id"));
		else
			append(line, "%s%s%s%s%s", text_of(alert, "id"), name[0] != '\0' ? " " : "", name,
			       fence[0] != '\0' ? "  " : "", fence);
		tame(line);
		*tone = tone_of(severity, phase);
	}
	json_decref(root);
	return is_alert;
}
