/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON of the gateway to lines for a person. See top_status.h.
 */
#include "cli/top_status.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_COLUMNS 7 /* "publish" */
#define FIRSTS 5
#define REASONS_MAX 64
#define PASSED "passed_"

/* What is said first of each stage, in this order: see publish/status.h. */
static const struct stage_kind {
	const char *name;
	const char *firsts[FIRSTS];
} kinds[] = {
        {"kernel", {"mode", "seen", "dropped", "ns_per_packet", "why"}},
        {"socket", {"received", "lost"}},
        {"decode", {"sentences", "malformed"}},
        {"engine", {"devices", "followed", "positions", "alerts"}},
        {"publish", {"broker", "published", "acked", "dropped", "pending"}},
};

static const char *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
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
	return ((double)value - (double)json_integer_value(before)) / elapsed_s;
}

/* ---- Items ---- */

/* A stage on its way to its line. */
struct writer {
	const struct weir_top_status *status;
	const json_t *stage;
	const char *name;
	struct weir_top_line *line;
};

static void append_words(char *item, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		weir_top_append(item, "%c", name[i] == '_' ? ' ' : name[i]);
}

/* Zeros tell an operator nothing, but for those that tell that all is well. */
static bool is_worth_a_zero(const char *name)
{
	return strcmp(name, "lost") == 0 || strcmp(name, "dropped") == 0 || strcmp(name, "pending") == 0;
}

static void write_counter(const struct writer *to, const char *name, const json_t *number)
{
	json_int_t value = json_integer_value(number);
	json_int_t seen = json_integer_value(json_object_get(json_object_get(to->stage, "counters"), "seen"));
	double rate = rate_of(to->status, to->name, name, value);
	char item[WEIR_TOP_LINE_MAX] = "", detail[WEIR_TOP_LINE_MAX] = "";

	if (value == 0 && !is_worth_a_zero(name))
		return;
	append_words(item, name, strlen(name));
	weir_top_append(item, " ");
	weir_top_append_number(item, value);
	if (strcmp(name, "dropped") == 0 && seen > 0) {
		weir_top_append(detail, " (%.1f %%)", 100 * (double)value / (double)seen);
	} else if (rate >= 9.95) {
		weir_top_append(detail, " (");
		weir_top_append_number(detail, (int64_t)fmin(round(rate), 1e15));
		weir_top_append(detail, "/s)");
	} else if (rate >= 0.05) {
		weir_top_append(detail, " (%.1f/s)", rate);
	}
	weir_top_line_item(to->line, item, detail);
}

static void append_gauge(char *item, double value)
{
	if (fabs(value) >= 1e15)
		weir_top_append(item, "%.3g", value);
	else if (fabs(value) >= 999 || value == trunc(value))
		weir_top_append_number(item, (int64_t)round(value));
	else
		weir_top_append(item, "%.3g", value);
}

/* A name that ends in its unit gives it to the number: ack_delay_ms 1.2 is "ack delay 1.2 ms". */
static void write_gauge(const struct writer *to, const char *name, double value)
{
	static const char *const units[] = {"ms", "bytes"};
	const char *unit = strrchr(name, '_');
	char item[WEIR_TOP_LINE_MAX] = "";
	bool has_unit = false;

	if (value == 0 && !is_worth_a_zero(name))
		return;
	if (strcmp(name, "ns_per_packet") == 0) {
		append_gauge(item, fabs(value) < 1e15 ? round(value) : value);
		weir_top_append(item, " ns/packet");
		weir_top_line_item(to->line, item, "");
		return;
	}
	for (size_t i = 0; unit != NULL && i < sizeof(units) / sizeof(*units); i++)
		has_unit = has_unit || strcmp(unit + 1, units[i]) == 0;
	append_words(item, name, has_unit ? (size_t)(unit - name) : strlen(name));
	weir_top_append(item, " ");
	append_gauge(item, value);
	if (has_unit)
		weir_top_append(item, " %s", unit + 1);
	weir_top_line_item(to->line, item, "");
}

static void write_text(const struct writer *to, const char *text)
{
	if (text[0] != '\0')
		weir_top_line_words(to->line, text);
}

/* ---- Why packets passed ---- */

struct passed {
	const char *reason;
	json_int_t count;
};

static int by_count(const void *left, const void *right)
{
	const struct passed *a = left, *b = right;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->reason, b->reason);
}

static bool is_passed(const char *name)
{
	return strncmp(name, PASSED, sizeof(PASSED) - 1) == 0;
}

static void write_passed(const struct writer *to)
{
	struct passed all[REASONS_MAX] = {{0}};
	size_t count = 0;
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(to->stage, "counters"), key, value)
	{
		if (count < REASONS_MAX && is_passed(key) && json_integer_value(value) != 0)
			all[count++] = (struct passed){key + sizeof(PASSED) - 1, json_integer_value(value)};
	}
	qsort(all, count, sizeof(*all), by_count);
	for (size_t i = 0; i < count; i++) {
		char item[WEIR_TOP_LINE_MAX] = "";

		weir_top_append(item, "%s", i == 0 ? "passed: " : "");
		append_words(item, all[i].reason, strlen(all[i].reason));
		weir_top_append(item, " ");
		weir_top_append_number(item, all[i].count);
		weir_top_line_item(to->line, item, "");
	}
}

/* ---- Stages ---- */

static const struct stage_kind *kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static bool is_first(const struct stage_kind *kind, const char *name)
{
	for (size_t i = 0; kind != NULL && i < FIRSTS && kind->firsts[i] != NULL; i++)
		if (strcmp(kind->firsts[i], name) == 0)
			return true;
	return false;
}

static void write_firsts(const struct writer *to, const struct stage_kind *kind)
{
	const json_t *counters = json_object_get(to->stage, "counters");
	const json_t *gauges = json_object_get(to->stage, "gauges");

	for (size_t i = 0; kind != NULL && i < FIRSTS && kind->firsts[i] != NULL; i++) {
		const char *name = kind->firsts[i];
		const json_t *counter = json_object_get(counters, name);
		const json_t *value = json_object_get(gauges, name);

		if (counter != NULL)
			write_counter(to, name, counter);
		else if (value != NULL)
			write_gauge(to, name, json_number_value(value));
		else
			write_text(to, text_of(json_object_get(to->stage, "texts"), name));
	}
}

static void write_others(const struct writer *to, const struct stage_kind *kind)
{
	const char *key;
	json_t *value;

	json_object_foreach(json_object_get(to->stage, "texts"), key, value)
	{
		if (!is_first(kind, key) && json_is_string(value))
			write_text(to, json_string_value(value));
	}
	json_object_foreach(json_object_get(to->stage, "counters"), key, value)
	{
		if (!is_first(kind, key) && !is_passed(key))
			write_counter(to, key, value);
	}
	json_object_foreach(json_object_get(to->stage, "gauges"), key, value)
	{
		if (!is_first(kind, key))
			write_gauge(to, key, json_number_value(value));
	}
	write_passed(to);
}

static void write_stage(const struct weir_top_status *status, const json_t *stage, size_t columns, char *text)
{
	const char *name = text_of(stage, "name");
	size_t width = weir_top_width(name);
	char lead[16];
	struct weir_top_line line;
	const struct writer writer = {status, stage, name, &line};

	snprintf(lead, sizeof(lead), "%*s", (int)(2 + (width < NAME_COLUMNS ? NAME_COLUMNS - width : 0)), "");
	weir_top_line_begin(&line, text, name, columns, lead, "  ");
	write_firsts(&writer, kind_of(name));
	write_others(&writer, kind_of(name));
}

/* ---- Senders ---- */

#define SENDERS_NAME "senders"

static json_int_t packets_of(const json_t *sender)
{
	return json_integer_value(json_object_get(json_object_get(sender, "counters"), "packets"));
}

/* A second, or -1 where it is not known. */
static double sender_rate(const struct weir_top_status *status, const json_t *sender)
{
	double elapsed_s = (double)(status->now_ns - status->before_ns) / 1e9;
	size_t i;
	json_t *before;

	json_array_foreach(json_object_get(status->before, SENDERS_NAME), i, before)
	{
		if (strcmp(text_of(before, "name"), text_of(sender, "name")) == 0 && elapsed_s >= 0.05)
			return (double)(packets_of(sender) - packets_of(before)) / elapsed_s;
	}
	return -1;
}

/* "192.0.2.7 1,234 (12/s; outside 56, malformed 7)" */
static void write_sender(const struct weir_top_status *status, const json_t *sender,
                         struct weir_top_line *line)
{
	char item[WEIR_TOP_LINE_MAX] = "", detail[WEIR_TOP_LINE_MAX] = "";
	double rate = sender_rate(status, sender);
	const char *key, *between = " (";
	json_t *value;

	weir_top_append(item, "%s ", text_of(sender, "name"));
	weir_top_append_number(item, packets_of(sender));
	if (rate >= 0.05) {
		weir_top_append(detail, rate < 9.95 ? " (%.1f/s" : " (%.0f/s", rate < 1e15 ? rate : 1e15);
		between = "; ";
	}
	json_object_foreach(json_object_get(sender, "counters"), key, value)
	{
		if (strcmp(key, "packets") == 0 || strcmp(key, "bytes") == 0)
			continue;
		weir_top_append(detail, "%s", between);
		append_words(detail, key, strlen(key));
		weir_top_append(detail, " ");
		weir_top_append_number(detail, json_integer_value(value));
		between = ", ";
	}
	if (detail[0] != '\0')
		weir_top_append(detail, ")");
	weir_top_line_item(line, item, detail);
}

static bool write_senders(const struct weir_top_status *status, size_t columns, char *text)
{
	const json_t *senders = json_object_get(status->now, SENDERS_NAME);
	struct weir_top_line line;
	size_t i;
	json_t *sender;

	if (json_array_size(senders) == 0)
		return false;
	weir_top_line_begin(&line, text, SENDERS_NAME, columns, "  ", "  ");
	json_array_foreach(senders, i, sender) write_sender(status, sender, &line);
	return true;
}

static void write_head(const struct weir_top_status *status, size_t columns, char *text)
{
	double uptime = json_number_value(json_object_get(status->now, "uptime_s"));
	int64_t uptime_s = uptime > 0 && uptime < 1e12 ? (int64_t)uptime : 0;
	char item[WEIR_TOP_LINE_MAX] = "";
	struct weir_top_line line;

	weir_top_append(item, "weir %s", text_of(status->now, "version"));
	weir_top_line_begin(&line, text, item, columns, "  ", "  ");
	item[0] = '\0';
	weir_top_append(item, "site %s", weir_top_status_site(status));
	weir_top_line_words(&line, item);
	item[0] = '\0';
	weir_top_append(item, "up %" PRId64 ":%02d:%02d", uptime_s / 3600, (int)(uptime_s / 60 % 60),
	                (int)(uptime_s % 60));
	weir_top_line_item(&line, item, "");
	item[0] = '\0';
	if (json_is_true(json_object_get(status->now, "ready")))
		weir_top_append(item, "ready");
	else
		weir_top_append(item, "NOT READY: %s", text_of(status->now, "reason"));
	weir_top_line_words(&line, item);
}

size_t weir_top_status_lines(const struct weir_top_status *status, size_t columns,
                             char lines[][WEIR_TOP_LINE_MAX])
{
	size_t count = 0, i;
	json_t *stage;

	if (status->now == NULL)
		return 0;
	write_head(status, columns, lines[count++]);
	json_array_foreach(json_object_get(status->now, "stages"), i, stage) if (count < WEIR_TOP_LINES)
	        write_stage(status, stage, columns, lines[count++]);
	if (count < WEIR_TOP_LINES && write_senders(status, columns, lines[count]))
		count++;
	return count;
}

void weir_top_status_compact(const struct weir_top_status *status, char text[WEIR_TOP_LINE_MAX])
{
	struct weir_top_line line, part;
	char part_text[WEIR_TOP_LINE_MAX];
	size_t i;
	json_t *stage;

	write_head(status, WEIR_TOP_WIDE, part_text);
	weir_top_line_begin(&line, text, part_text, WEIR_TOP_WIDE, " | ", " | ");
	json_array_foreach(json_object_get(status->now, "stages"), i, stage)
	{
		const char *name = text_of(stage, "name");
		const struct writer writer = {status, stage, name, &part};

		weir_top_line_begin(&part, part_text, name, WEIR_TOP_WIDE, ": ", ", ");
		write_firsts(&writer, kind_of(name));
		if (part.lead == part.between) /* something was said of it */
			weir_top_line_item(&line, part_text, "");
	}
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
