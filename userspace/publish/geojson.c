/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events as GeoJSON. See geojson.h. Knows the members of a report, not where they came from.
 */
#include "geojson.h"

#include <math.h>

#include "digits.h"
#include "geojson_window.h"
#include "text.h"

/* A GPS fix is good to a few 1e-3 of these; AIS gives tenths. */
#define MEASURE_DECIMALS 3
#define MEASURE_POWER 1000
#define DEGREE_DECIMALS 7
#define DEGREE_POWER 10000000

/*
 * Nearly all that an event says of a device has a bound: it is written where it belongs without a check at
 * each step. What has none, lists and alerts, comes behind it, and is checked.
 */

/* The longest name is that of an aid to navigation, and a byte may become six. */
#define STRING_MAX 64
#define STRING_ROOM (6 * STRING_MAX + 2)
#define STRINGS 6 /* site, source, name, call sign, destination, id */
/* 37 names and numbers of 40 characters at most, what is between them, and a time. */
#define HEAD_MAX (STRINGS * STRING_ROOM + 37 * NUMBER_MAX + 700)

static inline char *put_bytes(char *to, const char *bytes, size_t length)
{
	memcpy(to, bytes, length);
	return to + length;
}

#define PUT(literal) (to = put_bytes(to, "" literal, sizeof(literal) - 1))
#define KEY(name) PUT(",\"" name "\":")

static char *put_string(char *to, const char *string)
{
	struct weir_text text = weir_text_in(to, STRING_ROOM);

	weir_text_string(&text, string);
	return text.at;
}

/* What JSON needs no escape for. */
static inline char *put_token(char *to, const char *token)
{
	PUT("\"");
	to = put_bytes(to, token, strlen(token));
	return PUT("\"");
}

static inline char *put_measure(char *to, double value)
{
	return digits_fixed(to, value, MEASURE_DECIMALS, MEASURE_POWER);
}

static char *put_geometry(char *to, const struct weir_report *report)
{
	if (report == NULL || !(report->has & WEIR_HAS_POSITION) || !isfinite(report->longitude_deg) ||
	    !isfinite(report->latitude_deg))
		return PUT("null");
	PUT("{\"type\":\"Point\",\"coordinates\":[");
	to = digits_fixed(to, report->longitude_deg, DEGREE_DECIMALS, DEGREE_POWER);
	PUT(",");
	to = digits_fixed(to, report->latitude_deg, DEGREE_DECIMALS, DEGREE_POWER);
	return PUT("]}");
}

static char *put_time(char *to, int64_t time_ns)
{
	struct weir_text text = weir_text_in(to, NUMBER_MAX);

	weir_text_time(&text, time_ns);
	return text.at;
}

static char *put_identity(char *to, const struct weir_event *event, const char *site)
{
	switch (event->kind) {
	case WEIR_EVENT_STATIC:
		PUT("{\"v\":1,\"event\":\"static\"");
		break;
	case WEIR_EVENT_ALERT:
		PUT("{\"v\":1,\"event\":\"alert\"");
		break;
	case WEIR_EVENT_WINDOW:
		PUT("{\"v\":1,\"event\":\"window\"");
		break;
	case WEIR_EVENT_POSITION:
	default:
		PUT("{\"v\":1,\"event\":\"position\"");
		break;
	}
	if (site[0] != '\0') {
		KEY("site");
		to = put_string(to, site);
	}
	if (event->id[0] != '\0') {
		KEY("id");
		to = put_token(to, event->id);
	}
	if (event->time_ns != 0) { /* `weir decode` may know no time */
		PUT(",\"time\":\"");
		to = put_time(to, event->time_ns);
		PUT("\"");
	}
	if (event->source != NULL && event->source[0] != '\0') {
		KEY("source");
		to = put_string(to, event->source);
	}
	bool reported = event->report != NULL && event->report->has & WEIR_HAS_NAME;
	const char *name = reported ? event->report->name : event->ship_name;
	if (name != NULL) {
		KEY("name");
		to = put_string(to, name);
	}
	return to;
}

static char *put_motion(char *to, const struct weir_report *report)
{
	if (report->has & WEIR_HAS_SOG && isfinite(report->sog_kn)) {
		KEY("sog_kn");
		to = put_measure(to, (double)report->sog_kn);
	}
	if (report->has & WEIR_HAS_COG && isfinite(report->cog_deg)) {
		KEY("cog_deg");
		to = put_measure(to, (double)report->cog_deg);
	}
	if (report->has & WEIR_HAS_HEADING) {
		KEY("heading_deg");
		to = digits_small(to, report->heading_deg);
	}
	if (report->has & WEIR_HAS_NAV_STATUS) {
		KEY("nav_status");
		to = digits_small(to, report->nav_status);
	}
	return to;
}

static char *put_two(char *to, uint32_t value)
{
	digits_padded(to, value, 2);
	return to + 2;
}

/* MM-DDThh:mm, or MM-DD where the message leaves the time open (M.1371-5 table 52). */
static char *put_eta(char *to, const struct weir_report *report)
{
	PUT(",\"eta\":\"");
	to = put_two(to, report->eta_month);
	PUT("-");
	to = put_two(to, report->eta_day);
	if (report->eta_hour < 24 && report->eta_minute < 60) {
		PUT("T");
		to = put_two(to, report->eta_hour);
		PUT(":");
		to = put_two(to, report->eta_minute);
	}
	return PUT("\"");
}

static char *put_dimensions(char *to, const struct weir_report *report)
{
	KEY("to_bow_m");
	to = digits_small(to, report->to_bow_m);
	KEY("to_stern_m");
	to = digits_small(to, report->to_stern_m);
	KEY("to_port_m");
	to = digits_small(to, report->to_port_m);
	KEY("to_starboard_m");
	return digits_small(to, report->to_starboard_m);
}

/* What most reports do not have at all: one test for the common case. */
#define VOYAGE                                                                                               \
	(WEIR_HAS_IMO | WEIR_HAS_SHIP_TYPE | WEIR_HAS_DIMENSIONS | WEIR_HAS_DRAUGHT | WEIR_HAS_DESTINATION | \
	 WEIR_HAS_ETA)

static char *put_voyage(char *to, const struct weir_report *report)
{
	if (report->has & WEIR_HAS_IMO) {
		KEY("imo");
		to = digits_unsigned(to, report->imo);
	}
	if (report->has & WEIR_HAS_SHIP_TYPE) {
		KEY("ship_type");
		to = digits_small(to, report->ship_type);
	}
	if (report->has & WEIR_HAS_DIMENSIONS)
		to = put_dimensions(to, report);
	if (report->has & WEIR_HAS_DRAUGHT && isfinite(report->draught_m)) {
		KEY("draught_m");
		to = put_measure(to, (double)report->draught_m);
	}
	if (report->has & WEIR_HAS_DESTINATION) {
		KEY("destination");
		to = put_string(to, report->destination);
	}
	if (report->has & WEIR_HAS_ETA)
		to = put_eta(to, report);
	return to;
}

/* The integers of the message that are reserved or out of range: flagged, and kept as they came. */
static char *put_reserved(char *to, const struct weir_report *report)
{
	const struct {
		const char *name;
		uint32_t field;
		uint32_t value;
	} raw[] = {
	        {"cog", WEIR_HAS_COG, report->cog_raw},
	        {"heading", WEIR_HAS_HEADING, report->heading_raw},
	        {"nav_status", WEIR_HAS_NAV_STATUS, report->nav_status},
	        {"ship_type", WEIR_HAS_SHIP_TYPE, report->ship_type},
	        {"imo", WEIR_HAS_IMO, report->imo},
	        {"eta_month", WEIR_HAS_ETA, report->eta_month},
	        {"eta_day", WEIR_HAS_ETA, report->eta_day},
	        {"eta_hour", WEIR_HAS_ETA, report->eta_hour},
	        {"eta_minute", WEIR_HAS_ETA, report->eta_minute},
	};
	char separator = '{';

	KEY("reserved");
	for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++) {
		if (!(report->reserved & raw[i].field))
			continue;
		*to++ = separator;
		separator = ',';
		to = put_token(to, raw[i].name);
		PUT(":");
		to = digits_unsigned(to, raw[i].value);
	}
	return PUT("}");
}

static char *put_report(char *to, const struct weir_report *report)
{
	if (report->has & WEIR_HAS_CALL_SIGN) {
		KEY("call_sign");
		to = put_string(to, report->call_sign);
	}
	if (report->message != 0) { /* 0 is GPS: there is no type */
		KEY("msg");
		to = digits_small(to, report->message);
	}
	KEY("class");
	to = put_token(to, weir_class_name(report->station_class));
	to = put_motion(to, report);
	if (report->has & VOYAGE)
		to = put_voyage(to, report);
	if (report->reserved != 0)
		to = put_reserved(to, report);
	return to;
}

static char *put_head(char *to, const struct weir_event *event, const char *site)
{
	PUT("{\"type\":\"Feature\",\"geometry\":");
	to = put_geometry(to, event->report);
	PUT(",\"properties\":");
	to = put_identity(to, event, site);
	return event->report != NULL ? put_report(to, event->report) : to;
}

#define key(text, name) weir_text_literal((text), ",\"" name "\":")

/* The stations that heard the position before this one: see <weir/event.h>. */
static void put_heard_by(struct weir_text *text, const struct weir_event *event)
{
	if (event->heard_by_count == 0)
		return;
	key(text, "heard_by");
	for (size_t i = 0; i < event->heard_by_count; i++) {
		weir_text_char(text, i == 0 ? '[' : ',');
		weir_text_string(text, event->heard_by[i]);
	}
	weir_text_char(text, ']');
}

static void put_fences(struct weir_text *text, const struct weir_event *event)
{
	if (event->fence_count == 0)
		return;
	key(text, "fences");
	for (size_t i = 0; i < event->fence_count; i++) {
		weir_text_char(text, i == 0 ? '[' : ',');
		weir_text_string(text, event->fences[i]);
	}
	weir_text_char(text, ']');
}

/* Limits, speeds, distances and times: three decimals are finer than anything that is measured. */
static void put_measures(struct weir_text *text, const struct weir_alert *alert)
{
	for (size_t i = 0; i < alert->measure_count; i++) {
		const struct weir_measure *measure = &alert->measures[i];

		if (!isfinite(measure->value))
			continue;
		weir_text_char(text, ',');
		weir_text_string(text, measure->name);
		weir_text_char(text, ':');
		weir_text_fixed(text, measure->value, MEASURE_DECIMALS);
	}
}

/* Each only where it holds. */
static void put_marks(struct weir_text *text, const struct weir_alert *alert)
{
	if (alert->initial)
		weir_text_literal(text, ",\"initial\":true");
	if (alert->inferred)
		weir_text_literal(text, ",\"inferred\":true");
	if (alert->test)
		weir_text_literal(text, ",\"test\":true");
	if (alert->repeated)
		weir_text_literal(text, ",\"repeated\":true");
	if (alert->acknowledged)
		weir_text_literal(text, ",\"ack\":true");
}

static void put_word(struct weir_text *text, const char *name, const char *value)
{
	if (value == NULL)
		return;
	weir_text_char(text, ',');
	weir_text_string(text, name);
	weir_text_char(text, ':');
	weir_text_string(text, value);
}

static void put_alert(struct weir_text *text, const struct weir_alert *alert)
{
	put_word(text, "alert_id", alert->id);
	put_word(text, "rule", weir_rule_name(alert->rule));
	put_word(text, "phase", weir_phase_name(alert->phase));
	put_word(text, "severity", weir_severity_name(alert->severity));
	put_word(text, "fence", alert->fence);
	put_word(text, "fence_name", alert->fence_name);
	put_word(text, "message", alert->message);
	put_measures(text, alert);
	put_word(text, "direction", alert->direction);
	put_word(text, "other", alert->other);
	put_word(text, "other_name", alert->other_name);
	put_word(text, "reason", alert->reason);
	put_marks(text, alert);
}

static bool is_short(const char *string)
{
	return string == NULL || string[0] == '\0' || strnlen(string, STRING_MAX + 1) <= STRING_MAX;
}

size_t weir_geojson(const struct weir_event *event, const char *site, char *out, size_t size)
{
	struct weir_text text = weir_text_in(out, size);

	if (!is_short(site) || !is_short(event->source) || !is_short(event->ship_name))
		return 0;
	if (size >= HEAD_MAX) {
		text.at = put_head(out, event, site);
	} else { /* it may fit all the same */
		char head[HEAD_MAX];

		size_t head_length = (size_t)(put_head(head, event, site) - head);
		weir_text_bytes(&text, head, head_length);
	}
	put_heard_by(&text, event);
	put_fences(&text, event);
	if (event->alert != NULL)
		put_alert(&text, event->alert);
	if (event->window != NULL)
		weir_geojson_window(&text, event->window);
	weir_text_literal(&text, "}}");
	return weir_text_length(&text);
}

size_t weir_geojson_line(const struct weir_event *event, const char *site, char *out)
{
	size_t length = weir_geojson(event, site, out, WEIR_GEOJSON_MAX);

	if (length == 0 && event->kind == WEIR_EVENT_ALERT) {
		struct weir_event without_fences = *event;
		without_fences.fence_count = 0;
		length = weir_geojson(&without_fences, site, out, WEIR_GEOJSON_MAX);
	}
	return length;
}
