/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Subjects. See subject.h.
 */
#include "subject.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_token_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_' || byte == '-';
}

static char *put_token(char *at, const char *token)
{
	*at++ = '.';
	if (token == NULL || token[0] == '\0') {
		*at++ = '-';
		return at;
	}
	for (size_t i = 0; i < WEIR_TOKEN_MAX && token[i] != '\0'; i++)
		*at++ = is_token_byte(token[i]) ? token[i] : '_';
	return at;
}

#define put_literal(at, literal) ((char *)memcpy((at), "" literal, sizeof(literal) - 1) + sizeof(literal) - 1)

static char *put_root(char *out, const char *site)
{
	return put_token(put_literal(out, "weir.v1"), site);
}

static size_t finish(const char *out, char *at)
{
	*at = '\0';
	return (size_t)(at - out);
}

/* Which of 1,024 equal parts of the range a value lies in. */
static uint32_t part(double value, double from, double width)
{
	double scaled = (value - from) / width * 1024;

	if (!(scaled > 0)) /* NaN too */
		return 0;
	return scaled < 1023 ? (uint32_t)scaled : 1023;
}

void weir_geohash(double longitude_deg, double latitude_deg, char out[WEIR_GEOHASH_LENGTH])
{
	static const char alphabet[] = "0123456789bcdefghjkmnpqrstuvwxyz";
	uint32_t east = part(longitude_deg, -180, 360);
	uint32_t north = part(latitude_deg, -90, 180);
	uint32_t bits = 0;

	/* Twenty bits, the most significant first, alternating, longitude first. */
	for (int i = 9; i >= 0; i--)
		bits = bits << 2 | (east >> i & 1) << 1 | (north >> i & 1);
	for (int i = 0; i < WEIR_GEOHASH_LENGTH; i++)
		out[i] = alphabet[bits >> (15 - 5 * i) & 31];
}

static char *put_cell(char *at, const struct weir_report *report)
{
	char cell[WEIR_GEOHASH_LENGTH];

	weir_geohash(report->longitude_deg, report->latitude_deg, cell);
	for (int i = 0; i < WEIR_GEOHASH_LENGTH; i++) {
		*at++ = '.';
		*at++ = cell[i];
	}
	return at;
}

size_t weir_subject_of_event(const struct weir_event *event, const char *site, char *out)
{
	char *at = put_root(out, site);

	switch (event->kind) {
	case WEIR_EVENT_ALERT:
		at = put_literal(at, ".alert");
		at = put_token(at, weir_severity_name(event->alert->severity));
		at = put_token(at, weir_rule_name(event->alert->rule));
		at = put_token(at, event->alert->fence);
		break;
	case WEIR_EVENT_WINDOW:
		at = put_literal(at, ".window");
		return finish(out, put_token(at, event->window->fence));
	case WEIR_EVENT_STATIC:
		at = put_literal(at, ".static");
		break;
	case WEIR_EVENT_POSITION:
	default:
		at = put_cell(put_literal(at, ".pos"), event->report);
		break;
	}
	return finish(out, put_token(at, event->id));
}

size_t weir_subject_of_fault(enum weir_fault fault, const char *site, char *out)
{
	return finish(out, put_token(put_literal(put_root(out, site), ".dlq"), weir_fault_name(fault)));
}

size_t weir_subject_of_status(const char *site, char *out)
{
	return finish(out, put_literal(put_root(out, site), ".status"));
}

size_t weir_subject_of_requests(const char *site, char *out)
{
	return finish(out, put_literal(put_root(out, site), ".ctl.*"));
}
