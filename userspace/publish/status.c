/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The status as JSON. See status.h.
 */
#include "status.h"

#include <math.h>
#include <string.h>

#include "text.h"

static void put_name(struct weir_text *text, const char *name)
{
	weir_text_string(text, name);
	weir_text_char(text, ':');
}

static void put_value(struct weir_text *text, const struct weir_status_value *value)
{
	put_name(text, value->name);
	switch (value->kind) {
	case WEIR_STATUS_COUNTER:
		weir_text_unsigned(text, value->count);
		break;
	case WEIR_STATUS_GAUGE:
		weir_text_fixed(text, isfinite(value->gauge) ? value->gauge : 0, 3);
		break;
	case WEIR_STATUS_TEXT:
	default:
		weir_text_string(text, value->text != NULL ? value->text : "");
		break;
	}
}

/* ,"counters":{…}, or nothing where the stage has none of the kind. */
static void put_kind(struct weir_text *text, const struct weir_status_stage *stage,
                     enum weir_status_kind kind, const char *name)
{
	bool any = false;

	for (size_t i = 0; i < stage->value_count; i++) {
		if (stage->values[i].kind != kind)
			continue;
		weir_text_char(text, ',');
		if (!any) {
			put_name(text, name);
			weir_text_char(text, '{');
		}
		any = true;
		put_value(text, &stage->values[i]);
	}
	if (any)
		weir_text_char(text, '}');
}

static void put_stage(struct weir_text *text, const struct weir_status_stage *stage)
{
	weir_text_literal(text, "{\"name\":");
	weir_text_string(text, stage->name);
	put_kind(text, stage, WEIR_STATUS_COUNTER, "counters");
	put_kind(text, stage, WEIR_STATUS_GAUGE, "gauges");
	put_kind(text, stage, WEIR_STATUS_TEXT, "texts");
	weir_text_char(text, '}');
}

static void put_stages(struct weir_text *text, const char *name, const struct weir_status_stage *stages,
                       size_t count)
{
	weir_text_char(text, ',');
	put_name(text, name);
	weir_text_char(text, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			weir_text_char(text, ',');
		put_stage(text, &stages[i]);
	}
	weir_text_char(text, ']');
}

size_t weir_status_json(const struct weir_status *status, char *out, size_t size)
{
	struct weir_text text = weir_text_in(out, size);

	weir_text_literal(&text, "{\"v\":1,\"event\":\"status\"");
	if (status->site != NULL && status->site[0] != '\0') {
		weir_text_literal(&text, ",\"site\":");
		weir_text_string(&text, status->site);
	}
	weir_text_literal(&text, ",\"time\":\"");
	weir_text_time(&text, status->time_ns);
	weir_text_literal(&text, "\",\"version\":");
	weir_text_string(&text, status->version);
	weir_text_literal(&text, ",\"uptime_s\":");
	weir_text_fixed(&text, (double)status->uptime_ns / 1e9, 3);
	weir_text_literal(&text, ",\"ready\":");
	if (status->ready)
		weir_text_literal(&text, "true");
	else
		weir_text_literal(&text, "false");
	if (!status->ready && status->reason != NULL) {
		weir_text_literal(&text, ",\"reason\":");
		weir_text_string(&text, status->reason);
	}
	put_stages(&text, "stages", status->stages, status->stage_count);
	if (status->sender_count > 0)
		put_stages(&text, "senders", status->senders, status->sender_count);
	weir_text_char(&text, '}');
	return weir_text_length(&text);
}

/* The outcomes by which something was lost, of all classes. */
static uint64_t dropped(const struct weir_publish_counters *counters)
{
	static const enum weir_publish_outcome losses[] = {
	        WEIR_PUBLISH_DROPPED_RING, WEIR_PUBLISH_DROPPED_OUTBOX, WEIR_PUBLISH_DROPPED_DISCONNECTED,
	        WEIR_PUBLISH_OVERSIZED,    WEIR_PUBLISH_FAILED,         WEIR_PUBLISH_UNSENT,
	};
	uint64_t sum = 0;

	for (size_t class = 0; class < WEIR_PUBLISH_CLASSES; class ++)
		for (size_t i = 0; i < sizeof(losses) / sizeof(*losses); i++)
			sum += counters->total[class][losses[i]];
	return sum;
}

static uint64_t of_all(const struct weir_publish_counters *counters, enum weir_publish_outcome outcome)
{
	uint64_t sum = 0;

	for (size_t class = 0; class < WEIR_PUBLISH_CLASSES; class ++)
		sum += counters->total[class][outcome];
	return sum;
}

static double milliseconds(const struct weir_delay *delay)
{
	return delay->count != 0 ? (double)delay->sum_ns / 1e6 / (double)delay->count : 0;
}

size_t weir_status_of_publish(const struct weir_publish_counters *counters, bool has_broker,
                              struct weir_status_value *values, size_t capacity)
{
	const char *connection =
	        counters->alerts_connected && counters->positions_connected ? "connected" : "away";
	uint64_t pending = counters->pending[WEIR_PUBLISH_ALERT] + counters->pending[WEIR_PUBLISH_WINDOW] +
	                   counters->pending[WEIR_PUBLISH_LETTER];
	const struct weir_status_value all[] = {
	        {.name = "published", .count = of_all(counters, WEIR_PUBLISH_PUBLISHED)},
	        {.name = "acked", .count = of_all(counters, WEIR_PUBLISH_ACKED)},
	        {.name = "duplicate", .count = of_all(counters, WEIR_PUBLISH_DUPLICATE)},
	        {.name = "dropped", .count = dropped(counters)},
	        {.name = "reconnects", .count = counters->reconnects},
	        {.name = "pending", .kind = WEIR_STATUS_GAUGE, .gauge = (double)pending},
	        {.name = "ring_used_bytes",
	         .kind = WEIR_STATUS_GAUGE,
	         .gauge = (double)counters->ring_used_bytes},
	        {.name = "publish_delay_ms",
	         .kind = WEIR_STATUS_GAUGE,
	         .gauge = milliseconds(&counters->publish_delay)},
	        {.name = "ack_delay_ms",
	         .kind = WEIR_STATUS_GAUGE,
	         .gauge = milliseconds(&counters->ack_delay)},
	        {.name = "broker", .kind = WEIR_STATUS_TEXT, .text = has_broker ? connection : "none"},
	};
	size_t count = sizeof(all) / sizeof(*all);

	_Static_assert(sizeof(all) / sizeof(*all) <= WEIR_STATUS_PUBLISH_VALUES, "the header promises less");
	memcpy(values, all, (count < capacity ? count : capacity) * sizeof(*values));
	return count;
}
