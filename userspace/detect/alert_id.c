/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Alert identifiers. What they are made of: alert_id.h.
 */
#include <math.h>

#include "detect/alert_id.h"
#include "detect/input_hash.h"

#define SECOND_NS INT64_C(1000000000)
#define MINUTE_NS (60 * SECOND_NS)

static int64_t floor_div(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

int64_t weir_report_minute(const struct weir_report *report, int64_t time_ns)
{
	if (!(report->has & WEIR_HAS_UTC_SECOND))
		return floor_div(time_ns, MINUTE_NS);
	/* The nearest m for which m * 60 + second is the time; half a minute away counts as before it. */
	int64_t offset_ns = time_ns - report->utc_second * SECOND_NS;
	return floor_div(offset_ns + MINUTE_NS / 2 - 1, MINUTE_NS);
}

/* 0 for what the report does not carry, whatever its member holds. */
static int64_t value_of(const struct weir_report *report, uint32_t bit, double value)
{
	return report->has & bit ? llround(value) : 0;
}

static void hash_report(XXH3_state_t *state, const struct weir_report *report)
{
	static const uint32_t used = WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_COG | WEIR_HAS_HEADING |
	                             WEIR_HAS_NAV_STATUS | WEIR_HAS_UTC_SECOND;

	weir_hash_number(state, report->message, 1);
	weir_hash_number(state, report->has & used, 4);
	weir_hash_number(state, value_of(report, WEIR_HAS_POSITION, report->longitude_deg * 1e7), 4);
	weir_hash_number(state, value_of(report, WEIR_HAS_POSITION, report->latitude_deg * 1e7), 4);
	weir_hash_number(state, value_of(report, WEIR_HAS_SOG, (double)report->sog_kn * 10), 4);
	weir_hash_number(state, value_of(report, WEIR_HAS_COG, (double)report->cog_deg * 10), 4);
	weir_hash_number(state, value_of(report, WEIR_HAS_HEADING, report->heading_deg), 4);
	weir_hash_number(state, value_of(report, WEIR_HAS_NAV_STATUS, report->nav_status), 1);
	weir_hash_number(state, value_of(report, WEIR_HAS_UTC_SECOND, report->utc_second), 1);
}

void weir_alert_id_bytes(uint8_t bytes[WEIR_ALERT_ID_BYTES], enum weir_rule_kind rule, const char *fence,
                         const char *device, const struct weir_report *report, int64_t time_ns)
{
	XXH3_state_t state;

	XXH3_128bits_reset(&state);
	weir_hash_text(&state, "weir.alert.1");
	weir_hash_text(&state, weir_rule_name(rule));
	weir_hash_text(&state, fence == NULL ? "-" : fence);
	weir_hash_text(&state, device);
	hash_report(&state, report);
	weir_hash_number(&state, weir_report_minute(report, time_ns), 8);
	weir_hash_end(&state, bytes, WEIR_ALERT_ID_BYTES);
}

void weir_id_text(char *id, const uint8_t *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < count; i++) {
		id[2 * i] = digits[bytes[i] >> 4];
		id[2 * i + 1] = digits[bytes[i] & 15];
	}
	id[2 * count] = '\0';
}

void weir_alert_id_text(char id[WEIR_ALERT_ID_SIZE], const uint8_t bytes[WEIR_ALERT_ID_BYTES])
{
	weir_id_text(id, bytes, WEIR_ALERT_ID_BYTES);
}

void weir_alert_id(char id[WEIR_ALERT_ID_SIZE], enum weir_rule_kind rule, const char *fence,
                   const char *device, const struct weir_report *report, int64_t time_ns)
{
	uint8_t bytes[WEIR_ALERT_ID_BYTES];

	weir_alert_id_bytes(bytes, rule, fence, device, report, time_ns);
	weir_alert_id_text(id, bytes);
}
