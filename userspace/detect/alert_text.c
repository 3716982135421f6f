/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words of alerts. See alert_text.h.
 */
#include "detect/alert_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define METRES_IN_A_MILE 1852.0

/* Who and where, spelled out. */
struct words {
	char who[96], other[96];
	char whose[368]; /* " of who in place": each where there is one */
	const char *place;
};

static void name_of(char *out, size_t size, const char *id, const char *ship_name)
{
	if (ship_name == NULL)
		snprintf(out, size, "%s", id == NULL ? "" : id);
	else
		snprintf(out, size, "%s (%s)", ship_name, id);
}

/* NAN where the rule measured no such thing. */
static double measure(const struct weir_alert *alert, const char *name)
{
	for (size_t i = 0; i < alert->measure_count; i++)
		if (strcmp(alert->measures[i].name, name) == 0)
			return alert->measures[i].value;
	return NAN;
}

/* "45 s", "5 min", "2.5 h". */
static const char *span(char out[24], double seconds)
{
	if (seconds < 120)
		snprintf(out, 24, "%.0f s", seconds);
	else if (seconds < 7200)
		snprintf(out, 24, "%.0f min", seconds / 60);
	else
		snprintf(out, 24, "%.1f h", seconds / 3600);
	return out;
}

/* "850 m", "12.3 NM". */
static const char *way(char out[24], double metres)
{
	if (metres < METRES_IN_A_MILE)
		snprintf(out, 24, "%.0f m", metres);
	else
		snprintf(out, 24, "%.1f NM", metres / METRES_IN_A_MILE);
	return out;
}

static int put_event(char *out, size_t size, const struct weir_alert *alert, const struct words *words)
{
	char metres[24], seconds[24];

	switch (alert->rule) {
	case WEIR_RULE_ENTER:
		return snprintf(out, size, alert->initial ? "%s is in %s" : "%s entered %s", words->who,
		                words->place);
	case WEIR_RULE_EXIT:
		return snprintf(out, size, "%s left %s", words->who, words->place);
	case WEIR_RULE_CROSS:
		return snprintf(out, size, "%s passed through %s between two fixes", words->who,
		                words->place);
	case WEIR_RULE_GATE:
		return snprintf(out, size, "%s crossed %s %s", words->who, words->place,
		                strcmp(alert->direction, "left_to_right") == 0 ? "from left to right"
		                                                               : "from right to left");
	case WEIR_RULE_JUMP:
		return snprintf(out, size, "%s jumped %s in %s", words->who,
		                way(metres, measure(alert, "distance_m")),
		                span(seconds, measure(alert, "elapsed_s")));
	case WEIR_RULE_DISTRESS:
		return snprintf(out, size, "%s tests its transmitter for distress", words->who);
	default:
		return snprintf(out, size, "%s: %s", words->who, weir_rule_name(alert->rule));
	}
}

static int put_speed(char *out, size_t size, const struct weir_alert *alert, const struct words *words)
{
	bool below = !isnan(measure(alert, "min_sog_kn"));

	return snprintf(out, size, "%s makes %s than %.1f kn in %s", words->who, below ? "less" : "more",
	                below ? measure(alert, "min_sog_kn") : measure(alert, "limit_kn"), words->place);
}

static int put_raise(char *out, size_t size, const struct weir_alert *alert, const struct words *words)
{
	char first[24], second[24];

	switch (alert->rule) {
	case WEIR_RULE_DWELL:
		return snprintf(out, size, "%s has been in %s for %s", words->who, words->place,
		                span(first, measure(alert, "dwell_s")));
	case WEIR_RULE_SPEED:
		return put_speed(out, size, alert, words);
	case WEIR_RULE_ANCHOR:
		return snprintf(out, size, "%s has not moved in %s for %s", words->who, words->place,
		                span(first, measure(alert, "stopped_s")));
	case WEIR_RULE_COURSE:
		return snprintf(out, size, "%s goes against the traffic in %s, %.0f degrees off", words->who,
		                words->place, measure(alert, "off_deg"));
	case WEIR_RULE_GAP:
		return snprintf(out, size, "%s has been silent in %s for %s", words->who, words->place,
		                span(first, measure(alert, "gap_s")));
	case WEIR_RULE_PROXIMITY:
		return snprintf(out, size, "%s and %s will be %s apart in %s in %s", words->who, words->other,
		                way(first, measure(alert, "cpa_m")), span(second, measure(alert, "tcpa_s")),
		                words->place);
	case WEIR_RULE_DENSITY:
		return snprintf(out, size, "%.0f devices are in %s, more than %.0f",
		                measure(alert, "devices"), words->place, measure(alert, "limit_devices"));
	case WEIR_RULE_DISTRESS:
		return snprintf(out, size, "%s signals distress", words->who);
	case WEIR_RULE_IDENTITY:
		return snprintf(out, size, "%s reports from two places, %s apart", words->who,
		                way(first, measure(alert, "distance_m")));
	default:
		return put_event(out, size, alert, words);
	}
}

static int put_clear(char *out, size_t size, const struct weir_alert *alert, const struct words *words)
{
	switch (alert->rule) {
	case WEIR_RULE_SPEED:
		return snprintf(out, size, "%s keeps to the speed limit in %s again", words->who,
		                words->place);
	case WEIR_RULE_ANCHOR:
		return snprintf(out, size, "%s moves again in %s", words->who, words->place);
	case WEIR_RULE_COURSE:
		return snprintf(out, size, "%s goes with the traffic in %s again", words->who, words->place);
	case WEIR_RULE_GAP:
		return snprintf(out, size, "%s, silent in %s, is heard again", words->who, words->place);
	case WEIR_RULE_PROXIMITY:
		return snprintf(out, size, "%s and %s are clear of each other in %s", words->who,
		                words->other, words->place);
	case WEIR_RULE_DENSITY:
		return snprintf(out, size, "%.0f devices are in %s, not more than %.0f",
		                measure(alert, "devices"), words->place, measure(alert, "limit_devices"));
	case WEIR_RULE_DISTRESS:
		return snprintf(out, size, "%s no longer signals distress", words->who);
	case WEIR_RULE_IDENTITY:
		return snprintf(out, size, "%s reports from one place again", words->who);
	default:
		return snprintf(out, size, "%s: %s is over", words->who, weir_rule_name(alert->rule));
	}
}

static const char *in_words(const char *reason)
{
	static const struct {
		const char *reason, *words;
	} known[] = {
	        {"left", "it left"},
	        {"silent", "it is not heard any more"},
	        {"closed", "the fence is not in force now"},
	        {"filter", "the fence is not for it"},
	        {"full", "too many devices are followed"},
	        {"fences", "the fences were changed"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i].reason, reason) == 0)
			return known[i].words;
	return reason;
}

static void put_end(char *out, size_t size, const struct weir_alert *alert, const struct words *words)
{
	snprintf(out, size, "The alert '%s'%s is over: %s", weir_rule_name(alert->rule), words->whose,
	         in_words(alert->reason));
}

static void put_standing(char *out, size_t size, const struct weir_alert *alert, const struct words *words)
{
	snprintf(out, size, "The alert '%s'%s %s", weir_rule_name(alert->rule), words->whose,
	         alert->acknowledged ? "is acknowledged" : "waits to be acknowledged");
}

void weir_alert_text(char message[WEIR_MESSAGE_SIZE], const struct weir_alert *alert, const char *id,
                     const char *ship_name)
{
	struct words words = {.place = alert->fence_name == NULL ? alert->fence : alert->fence_name};

	name_of(words.who, sizeof(words.who), id, ship_name);
	name_of(words.other, sizeof(words.other), alert->other, alert->other_name);
	snprintf(words.whose, sizeof(words.whose), "%s%s%s%s", words.who[0] != '\0' ? " of " : "", words.who,
	         words.place != NULL ? " in " : "", words.place != NULL ? words.place : "");
	if (alert->phase == WEIR_PHASE_RAISE && (alert->repeated || alert->acknowledged))
		put_standing(message, WEIR_MESSAGE_SIZE, alert, &words);
	else if (alert->reason != NULL)
		put_end(message, WEIR_MESSAGE_SIZE, alert, &words);
	else if (alert->phase == WEIR_PHASE_EVENT)
		put_event(message, WEIR_MESSAGE_SIZE, alert, &words);
	else if (alert->phase == WEIR_PHASE_RAISE)
		put_raise(message, WEIR_MESSAGE_SIZE, alert, &words);
	else
		put_clear(message, WEIR_MESSAGE_SIZE, alert, &words);
}
