/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events as GeoJSON. See geojson.h. Knows the members of a report, not where they came from.
 */
#include "geojson.h"

#include <math.h>

#include "text.h"

/* A GPS fix is good to a few 1e-3 of these; AIS gives tenths. */
#define MEASURE_DECIMALS 3
#define DEGREE_DECIMALS 7

#define key(text, name) weir_text_literal((text), ",\"" name "\":")

static void put_geometry(struct weir_text *text, const struct weir_report *report)
{
	if (report == NULL || !(report->has & WEIR_HAS_POSITION) || !isfinite(report->longitude_deg) ||
	    !isfinite(report->latitude_deg)) {
		weir_text_literal(text, "null");
		return;
	}
	weir_text_literal(text, "{\"type\":\"Point\",\"coordinates\":[");
	weir_text_fixed(text, report->longitude_deg, DEGREE_DECIMALS);
	weir_text_char(text, ',');
	weir_text_fixed(text, report->latitude_deg, DEGREE_DECIMALS);
	weir_text_literal(text, "]}");
}

static void put_identity(struct weir_text *text, const struct weir_event *event, const char *site)
{
	switch (event->kind) {
	case WEIR_EVENT_STATIC:
		weir_text_literal(text, "{\"v\":1,\"event\":\"static\"");
		break;
	case WEIR_EVENT_ALERT:
		weir_text_literal(text, "{\"v\":1,\"event\":\"alert\"");
		break;
	case WEIR_EVENT_POSITION:
	default:
		weir_text_literal(text, "{\"v\":1,\"event\":\"position\"");
		break;
	}
	if (site[0] != '\0') {
		key(text, "site");
		weir_text_string(text, site);
	}
	key(text, "id");
	weir_text_string(text, event->id);
	if (event->time_ns != 0) { /* `weir decode` may know no time */
		key(text, "time");
		weir_text_char(text, '"');
		weir_text_time(text, event->time_ns);
		weir_text_char(text, '"');
	}
	if (event->source != NULL && event->source[0] != '\0') {
		key(text, "source");
		weir_text_string(text, event->source);
	}
	bool reported = event->report != NULL && event->report->has & WEIR_HAS_NAME;
	const char *name = reported ? event->report->name : event->ship_name;
	if (name != NULL) {
		key(text, "name");
		weir_text_string(text, name);
	}
}

static void put_motion(struct weir_text *text, const struct weir_report *report)
{
	if (report->has & WEIR_HAS_SOG && isfinite(report->sog_kn)) {
		key(text, "sog_kn");
		weir_text_fixed(text, (double)report->sog_kn, MEASURE_DECIMALS);
	}
	if (report->has & WEIR_HAS_COG && isfinite(report->cog_deg)) {
		key(text, "cog_deg");
		weir_text_fixed(text, (double)report->cog_deg, MEASURE_DECIMALS);
	}
	if (report->has & WEIR_HAS_HEADING) {
		key(text, "heading_deg");
		weir_text_unsigned(text, report->heading_deg);
	}
	if (report->has & WEIR_HAS_NAV_STATUS) {
		key(text, "nav_status");
		weir_text_unsigned(text, report->nav_status);
	}
}

/* MM-DDThh:mm, or MM-DD where the message leaves the time open (M.1371-5 table 52). */
static void put_eta(struct weir_text *text, const struct weir_report *report)
{
	key(text, "eta");
	weir_text_char(text, '"');
	weir_text_padded(text, report->eta_month, 2);
	weir_text_char(text, '-');
	weir_text_padded(text, report->eta_day, 2);
	if (report->eta_hour < 24 && report->eta_minute < 60) {
		weir_text_char(text, 'T');
		weir_text_padded(text, report->eta_hour, 2);
		weir_text_char(text, ':');
		weir_text_padded(text, report->eta_minute, 2);
	}
	weir_text_char(text, '"');
}

static void put_dimensions(struct weir_text *text, const struct weir_report *report)
{
	key(text, "to_bow_m");
	weir_text_unsigned(text, report->to_bow_m);
	key(text, "to_stern_m");
	weir_text_unsigned(text, report->to_stern_m);
	key(text, "to_port_m");
	weir_text_unsigned(text, report->to_port_m);
	key(text, "to_starboard_m");
	weir_text_unsigned(text, report->to_starboard_m);
}

/* What most reports do not have at all: one test for the common case. */
#define VOYAGE                                                                                               \
	(WEIR_HAS_IMO | WEIR_HAS_SHIP_TYPE | WEIR_HAS_DIMENSIONS | WEIR_HAS_DRAUGHT | WEIR_HAS_DESTINATION | \
	 WEIR_HAS_ETA)

static void put_voyage(struct weir_text *text, const struct weir_report *report)
{
	if (report->has & WEIR_HAS_IMO) {
		key(text, "imo");
		weir_text_unsigned(text, report->imo);
	}
	if (report->has & WEIR_HAS_SHIP_TYPE) {
		key(text, "ship_type");
		weir_text_unsigned(text, report->ship_type);
	}
	if (report->has & WEIR_HAS_DIMENSIONS)
		put_dimensions(text, report);
	if (report->has & WEIR_HAS_DRAUGHT && isfinite(report->draught_m)) {
		key(text, "draught_m");
		weir_text_fixed(text, (double)report->draught_m, MEASURE_DECIMALS);
	}
	if (report->has & WEIR_HAS_DESTINATION) {
		key(text, "destination");
		weir_text_string(text, report->destination);
	}
	if (report->has & WEIR_HAS_ETA)
		put_eta(text, report);
}

static void put_raw(struct weir_text *text, const struct weir_report *report, enum weir_report_has field,
                    const char *name, uint32_t value, bool *first)
{
	if (!(report->reserved & field))
		return;
	weir_text_char(text, *first ? '{' : ',');
	*first = false;
	weir_text_string(text, name);
	weir_text_char(text, ':');
	weir_text_unsigned(text, value);
}

/* The integers of the message that are reserved or out of range: flagged, and kept as they came. */
static void put_reserved(struct weir_text *text, const struct weir_report *report)
{
	const uint32_t eta[] = {report->eta_month, report->eta_day, report->eta_hour, report->eta_minute};
	static const char *const names[] = {"eta_month", "eta_day", "eta_hour", "eta_minute"};
	bool first = true;

	key(text, "reserved");
	put_raw(text, report, WEIR_HAS_COG, "cog", report->cog_raw, &first);
	put_raw(text, report, WEIR_HAS_HEADING, "heading", report->heading_raw, &first);
	put_raw(text, report, WEIR_HAS_NAV_STATUS, "nav_status", report->nav_status, &first);
	put_raw(text, report, WEIR_HAS_SHIP_TYPE, "ship_type", report->ship_type, &first);
	put_raw(text, report, WEIR_HAS_IMO, "imo", report->imo, &first);
	for (size_t i = 0; i < 4; i++)
		put_raw(text, report, WEIR_HAS_ETA, names[i], eta[i], &first);
	weir_text_char(text, '}');
}

static void put_report(struct weir_text *text, const struct weir_report *report)
{
	if (report->has & WEIR_HAS_CALL_SIGN) {
		key(text, "call_sign");
		weir_text_string(text, report->call_sign);
	}
	if (report->message != 0) { /* 0 is GPS: there is no type */
		key(text, "msg");
		weir_text_unsigned(text, report->message);
	}
	key(text, "class");
	weir_text_string(text, weir_class_name(report->station_class));
	put_motion(text, report);
	if (report->has & VOYAGE)
		put_voyage(text, report);
	if (report->reserved != 0)
		put_reserved(text, report);
}

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

size_t weir_geojson(const struct weir_event *event, const char *site, char *out, size_t size)
{
	struct weir_text text = weir_text_in(out, size);

	weir_text_literal(&text, "{\"type\":\"Feature\",\"geometry\":");
	put_geometry(&text, event->report);
	weir_text_literal(&text, ",\"properties\":");
	put_identity(&text, event, site);
	if (event->report != NULL)
		put_report(&text, event->report);
	put_heard_by(&text, event);
	put_fences(&text, event);
	if (event->alert != NULL)
		put_alert(&text, event->alert);
	weir_text_literal(&text, "}}");
	return weir_text_length(&text);
}
