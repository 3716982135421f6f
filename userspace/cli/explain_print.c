/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `weir explain` prints: for people one line a datagram, or JSON lines. The verdict is the kernel
 * program's; what is in a sentence is said by the decoder, which takes each line by itself.
 */
#include "cli/explain.h"

#include <ctype.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)
#define LINES_SHOWN 8 /* of a datagram; the count of the others is said */
#define NAME_SIZE 8   /* "!AIVDM" */

static void on_message(void *context, const struct weir_message *message)
{
	struct explanation *explanation = context;

	explanation->has_message = true;
	weir_message_report(message, &explanation->report);
}

static void on_malformed(void *context, const struct weir_malformed *malformed)
{
	struct explanation *explanation = context;

	explanation->has_fault = true;
	explanation->fault = malformed->fault;
}

int explain_begin(struct explanation *explanation)
{
	const struct weir_decode_sink sink = {
	        .context = explanation, .message = on_message, .malformed = on_malformed};

	return weir_decoder_new(&explanation->decoder, NULL, &sink);
}

/* One line of a datagram. */
struct line {
	char name[NAME_SIZE]; /* of the sentence; "": none was found */
	int part, parts;      /* of a message of several sentences; 0: of one */
	bool has_report, has_fault, has_place;
	struct weir_report report;
	enum weir_fault fault;
	struct weir_explained_place place;
};

/* The first '!' or '$' that is not in a TAG block. */
static const uint8_t *find_sentence(const uint8_t *text, size_t length)
{
	const uint8_t *end = text + length;
	const uint8_t *tag = memchr(text, '\\', length);
	const uint8_t *close = tag ? memchr(tag + 1, '\\', (size_t)(end - tag - 1)) : NULL;

	for (const uint8_t *at = close ? close + 1 : text; at < end; at++)
		if (*at == '!' || *at == '$')
			return at;
	return NULL;
}

static void read_name(struct line *line, const uint8_t *text, size_t length)
{
	const uint8_t *at = find_sentence(text, length);
	size_t used = 0;

	if (!at)
		return;
	size_t rest = length - (size_t)(at - text);
	while (used + 1 < NAME_SIZE && used < rest && at[used] != ',' && isprint(at[used])) {
		line->name[used] = (char)at[used];
		used++;
	}
	bool is_vdm = used == 6 && (memcmp(at + 3, "VDM", 3) == 0 || memcmp(at + 3, "VDO", 3) == 0);
	if (is_vdm && rest > 9 && isdigit(at[7]) && isdigit(at[9]) && at[7] > '1') {
		line->parts = at[7] - '0';
		line->part = at[9] - '0';
	}
}

static void read_line(struct explanation *explanation, struct line *line, const uint8_t *text, size_t length)
{
	const struct weir_datagram datagram = {.bytes = text, .length = (uint32_t)length};

	*line = (struct line){0};
	explanation->has_message = explanation->has_fault = false;
	weir_decoder_feed(explanation->decoder, &datagram);
	read_name(line, text, length);
	line->has_fault = explanation->has_fault;
	line->fault = explanation->fault;
	line->has_report = explanation->has_message;
	line->report = explanation->report;
	line->has_place = line->has_report && line->report.has & WEIR_HAS_POSITION;
	if (line->has_place)
		weir_explain_place(explanation->explainer, line->report.longitude_deg,
		                   line->report.latitude_deg, &line->place);
}

/* The next line of the datagram that is not empty. False: there is none. */
static bool next_line(const struct explained *explained, size_t *at, const uint8_t **text, size_t *length)
{
	while (*at < explained->length) {
		const uint8_t *begin = explained->payload + *at;
		size_t rest = explained->length - *at;
		const uint8_t *end = memchr(begin, '\n', rest);

		*length = end ? (size_t)(end - begin) + 1 : rest;
		*at += *length;
		*text = begin;
		if (*length > 2 || (*length > 0 && begin[0] != '\r' && begin[0] != '\n'))
			return true;
	}
	return false;
}

static const char *cell_word(const struct weir_explained_place *place)
{
	if (place->cell == WEIR_CELL_EMPTY)
		return "empty";
	return place->cell == WEIR_CELL_FULL ? "full" : "tile";
}

static size_t format_time(int64_t time_ns, char *out, size_t size)
{
	time_t seconds = (time_t)(time_ns / NS_PER_S);
	struct tm calendar;
	char text[32];

	gmtime_r(&seconds, &calendar);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &calendar);
	return (size_t)snprintf(out, size, "%s.%06" PRId64 "Z", text, time_ns % NS_PER_S / 1000);
}

/* ---- For people ---- */

static void print_line(const struct line *line)
{
	printf(" %s", line->name[0] ? line->name : "no sentence");
	if (line->parts)
		printf(" part %d of %d", line->part, line->parts);
	if (line->has_report)
		printf(" type %u of %09u", line->report.message, line->report.mmsi);
	if (line->has_fault)
		printf(" malformed (%s)", weir_fault_name(line->fault));
	if (!line->has_place)
		return;
	printf(" at %.5f, %.5f in cell %.4f, %.4f (%s", line->report.longitude_deg, line->report.latitude_deg,
	       line->place.west_deg, line->place.south_deg, cell_word(&line->place));
	if (line->place.cell >= WEIR_CELL_TILE)
		printf(", bit %u, %u %s", line->place.column, line->place.row,
		       line->place.covered ? "set" : "clear");
	putchar(')');
}

static void print_text(struct explanation *explanation, const struct explained *explained)
{
	size_t at = 0, length, count = 0;
	const uint8_t *text;
	char time[64] = "";

	if (explained->time_ns)
		format_time(explained->time_ns, time, sizeof time);
	printf("%s:%" PRIu64 ": %s%s%s %s: %s;", explained->file, explained->number, time, time[0] ? " " : "",
	       weir_reason_verdict(explained->reason), weir_reason_name(explained->reason),
	       weir_reason_text(explained->reason));
	while (explained->has_payload && next_line(explained, &at, &text, &length)) {
		struct line line;

		read_line(explanation, &line, text, length);
		if (count++ >= LINES_SHOWN)
			continue;
		if (count > 1)
			putchar(';');
		print_line(&line);
	}
	if (count > LINES_SHOWN)
		printf("; and %zu more lines", count - LINES_SHOWN);
	if (!explained->has_payload)
		fputs(" no datagram for the gateway", stdout);
	putchar('\n');
}

/* ---- JSON ---- */

static json_t *line_json(const struct line *line)
{
	json_t *object = json_object();

	if (line->name[0])
		json_object_set_new(object, "sentence", json_string(line->name));
	if (line->parts) {
		json_object_set_new(object, "part", json_integer(line->part));
		json_object_set_new(object, "parts", json_integer(line->parts));
	}
	if (line->has_report) {
		char id[16];

		snprintf(id, sizeof id, "%09u", line->report.mmsi);
		json_object_set_new(object, "type", json_integer(line->report.message));
		json_object_set_new(object, "id", json_string(id));
	}
	if (line->has_fault)
		json_object_set_new(object, "fault", json_string(weir_fault_name(line->fault)));
	if (line->has_place)
		json_object_update_new(
		        object, json_pack("{s:[f,f], s:{s:[f,f], s:s, s:[i,i], s:b}}", "coordinates",
		                          line->report.longitude_deg, line->report.latitude_deg, "cell",
		                          "corner", line->place.west_deg, line->place.south_deg, "is",
		                          cell_word(&line->place), "bit", line->place.column, line->place.row,
		                          "covered", (int)line->place.covered));
	return object;
}

static json_t *head_json(const struct explained *explained)
{
	json_t *object = json_object();
	char time[64];

	json_object_set_new(object, "file", json_string(explained->file));
	json_object_set_new(object, "number", json_integer((json_int_t)explained->number));
	if (explained->time_ns) {
		format_time(explained->time_ns, time, sizeof time);
		json_object_set_new(object, "time", json_string(time));
	}
	return object;
}

static void dump(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(10));
	putchar('\n');
	json_decref(object);
}

static void print_json(struct explanation *explanation, const struct explained *explained)
{
	json_t *object = head_json(explained), *lines = json_array();
	size_t at = 0, length;
	const uint8_t *text;

	json_object_set_new(object, "verdict", json_string(weir_reason_verdict(explained->reason)));
	json_object_set_new(object, "reason", json_string(weir_reason_name(explained->reason)));
	json_object_set_new(object, "why", json_string(weir_reason_text(explained->reason)));
	while (explained->has_payload && next_line(explained, &at, &text, &length)) {
		struct line line;

		read_line(explanation, &line, text, length);
		json_array_append_new(lines, line_json(&line));
	}
	json_object_set_new(object, "lines", lines);
	dump(object);
}

/* ---- Either ---- */

void explain_print(struct explanation *explanation, const struct explained *explained)
{
	if (explanation->quiet)
		return;
	if (explanation->json)
		print_json(explanation, explained);
	else
		print_text(explanation, explained);
}

void explain_print_cut(const struct explanation *explanation, const struct explained *explained)
{
	static const char why[] = "the capture kept only a part of this frame: nothing can be said of it";

	if (explanation->quiet)
		return;
	if (explanation->json) {
		json_t *object = head_json(explained);

		json_object_set_new(object, "cut", json_true());
		json_object_set_new(object, "why", json_string(why));
		dump(object);
	} else {
		printf("%s:%" PRIu64 ": %s\n", explained->file, explained->number, why);
	}
}

static void print_json_summary(const struct explanation *explanation, uint64_t dropped)
{
	json_t *reasons = json_object();

	for (int i = 0; i < WEIR_REASONS; i++)
		if (explanation->reasons[i] > 0)
			json_object_set_new(reasons, weir_reason_name((enum weir_reason)i),
			                    json_integer((json_int_t)explanation->reasons[i]));
	dump(json_pack("{s:{s:I, s:I, s:I, s:I, s:o}}", "summary", "datagrams",
	               (json_int_t)explanation->datagrams, "drop", (json_int_t)dropped, "pass",
	               (json_int_t)(explanation->datagrams - dropped), "cut", (json_int_t)explanation->cut,
	               "reasons", reasons));
}

void explain_print_summary(const struct explanation *explanation)
{
	uint64_t dropped = 0;

	for (int i = WEIR_REASON_DROPS; i < WEIR_REASONS; i++)
		dropped += explanation->reasons[i];
	if (explanation->json) {
		print_json_summary(explanation, dropped);
		return;
	}
	printf("%12" PRIu64 " datagrams: %" PRIu64 " dropped, %" PRIu64 " passed\n", explanation->datagrams,
	       dropped, explanation->datagrams - dropped);
	for (int i = 0; i < WEIR_REASONS; i++)
		if (explanation->reasons[i] > 0)
			printf("%12" PRIu64 " %s %-12s %s\n", explanation->reasons[i],
			       weir_reason_verdict((enum weir_reason)i),
			       weir_reason_name((enum weir_reason)i), weir_reason_text((enum weir_reason)i));
	if (explanation->cut > 0)
		printf("%12" PRIu64 " frames of which the capture kept a part only, left out\n",
		       explanation->cut);
}
