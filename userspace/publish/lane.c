/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an outbox into a stream. See lane.h.
 */
#include "lane.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cloudevents.h"
#include "now.h"

#define MS_NS INT64_C(1000000)
#define OUTBOX_DEFAULT ((size_t)8 << 20)
#define ACK_TIMEOUT_DOUBLINGS 4

/*
 * How much may be under way to the broker: enough for its full rate, and not everything at once for one
 * that has just come back.
 */
#define WINDOW 1024
#define BATCH 256

#define HOLD_FIRST_NS (250 * MS_NS)
#define HOLD_MOST_NS (8000 * MS_NS)
#define REPEAT_LOG_NS (30000 * MS_NS)

static void count(struct weir_lane *lane, enum weir_publish_outcome outcome)
{
	weir_tally_add(&lane->means->tally->total[lane->publish_class][outcome], 1);
}

static void update_pending(struct weir_lane *lane)
{
	struct weir_tally *tally = lane->means->tally;

	weir_tally_set(&tally->pending[lane->publish_class], weir_outbox_pending(lane->outbox));
	weir_tally_set(&tally->pending_bytes[lane->publish_class], weir_outbox_bytes(lane->outbox));
}

int weir_lane_init(struct weir_lane *lane, const struct weir_lane_means *means, enum weir_stream_kind stream,
                   enum weir_publish_class publish_class, size_t outbox_bytes)
{
	*lane = (struct weir_lane){
	        .means = means,
	        .stream = stream,
	        .publish_class = publish_class,
	        .watch = {.plan = &weir_stream_plans[stream], .site = means->site},
	};
	return weir_outbox_new(&lane->outbox, outbox_bytes != 0 ? outbox_bytes : OUTBOX_DEFAULT);
}

void weir_lane_destroy(struct weir_lane *lane)
{
	weir_outbox_free(lane->outbox);
	lane->outbox = NULL;
}

void weir_lane_keep(struct weir_lane *lane, const struct weir_record *record)
{
	int error = weir_outbox_add(lane->outbox, record);

	if (error == 0) {
		update_pending(lane);
		return;
	}
	count(lane, error == -ENOSPC ? WEIR_PUBLISH_DROPPED_OUTBOX : WEIR_PUBLISH_OVERSIZED);
	if (weir_voice_may(&lane->full_said_ns, weir_steady_ns(), REPEAT_LOG_NS))
		weir_voice_say(lane->means->voice, WEIR_PUBLISH_LOG_ERROR,
		               "the outbox for %s is full with %zu records: new ones are lost until the "
		               "broker takes some",
		               lane->watch.plan->name, weir_outbox_pending(lane->outbox));
}

/* ---- Out ---- */

/* Nothing is sent for a while, twice as long as last time. */
static void hold(struct weir_lane *lane, int64_t now_ns)
{
	if (now_ns < lane->hold_until_ns)
		return; /* one of many refusals of the same moment */
	lane->hold_ns = lane->hold_ns == 0 ? HOLD_FIRST_NS : lane->hold_ns * 2;
	if (lane->hold_ns > HOLD_MOST_NS)
		lane->hold_ns = HOLD_MOST_NS;
	lane->hold_until_ns = now_ns + lane->hold_ns;
}

/* The record's story ends. */
static void settle(struct weir_lane *lane, uint64_t number, enum weir_publish_outcome outcome)
{
	int64_t received_ns;

	if (!weir_outbox_remove(lane->outbox, number, &received_ns))
		return;
	count(lane, outcome);
	update_pending(lane);
	if (outcome == WEIR_PUBLISH_ACKED || outcome == WEIR_PUBLISH_DUPLICATE)
		weir_tally_delay_add(&lane->means->tally->ack_delay, received_ns, weir_now_ns());
}

static void on_sent(struct weir_lane *lane, const struct weir_outbox_entry *entry, int64_t now_ns)
{
	struct weir_tally *tally = lane->means->tally;
	uint32_t doublings =
	        entry->attempts < ACK_TIMEOUT_DOUBLINGS ? entry->attempts : ACK_TIMEOUT_DOUBLINGS;

	weir_tally_add(&tally->sent[lane->publish_class], 1);
	if (entry->attempts > 0)
		weir_tally_add(&tally->repeated[lane->publish_class], 1);
	else
		weir_tally_delay_add(&tally->publish_delay, entry->record->received_ns, weir_now_ns());
	weir_outbox_sent(lane->outbox, entry->number, now_ns + (lane->means->ack_timeout_ns << doublings));
}

/* False when there is no point in going on for now. */
static bool send_one(struct weir_lane *lane, const struct weir_outbox_entry *entry, int64_t now_ns)
{
	struct weir_headers headers;
	char reply[WEIR_REPLY_SUBJECT_MAX];
	const struct weir_record *record = entry->record;

	weir_headers_fill(&headers, record, lane->means->site);
	weir_replies_for_record(lane->means->replies, lane->stream, entry->number, reply);
	natsStatus status = weir_link_publish(lane->means->link, weir_record_subject(record), reply, &headers,
	                                      weir_record_body(record), record->body_length);
	if (status == NATS_MAX_PAYLOAD) {
		weir_voice_say(lane->means->voice, WEIR_PUBLISH_LOG_ERROR,
		               "nats: a message of %" PRIu32 " bytes to %s is larger than the broker's "
		               "max_payload: dropped",
		               record->body_length, weir_record_subject(record));
		settle(lane, entry->number, WEIR_PUBLISH_OVERSIZED);
		return true;
	}
	if (status != NATS_OK) {
		hold(lane, now_ns);
		return false;
	}
	on_sent(lane, entry, now_ns);
	return true;
}

size_t weir_lane_send(struct weir_lane *lane, int64_t now_ns)
{
	struct weir_outbox_entry entry;
	size_t sent = 0;

	if (!weir_link_up(lane->means->link) || !weir_stream_watch_open(&lane->watch) ||
	    now_ns < lane->hold_until_ns)
		return 0;
	while (sent < BATCH && weir_outbox_in_flight(lane->outbox) < WINDOW &&
	       weir_outbox_next(lane->outbox, &entry)) {
		if (!send_one(lane, &entry, now_ns))
			break;
		sent++;
	}
	return sent;
}

size_t weir_lane_expire(struct weir_lane *lane, int64_t now_ns)
{
	return weir_outbox_expire(lane->outbox, now_ns);
}

size_t weir_lane_reconnected(struct weir_lane *lane, int64_t now_ns)
{
	weir_stream_watch_reset(&lane->watch, now_ns);
	lane->hold_ns = 0;
	lane->hold_until_ns = 0;
	return weir_outbox_rewind(lane->outbox);
}

void weir_lane_give_up(struct weir_lane *lane)
{
	struct weir_tally *tally = lane->means->tally;

	weir_tally_add(&tally->total[lane->publish_class][WEIR_PUBLISH_UNSENT],
	               weir_outbox_pending(lane->outbox));
	weir_tally_set(&tally->pending[lane->publish_class], 0);
	weir_tally_set(&tally->pending_bytes[lane->publish_class], 0);
}

/* ---- Answers ---- */

static void on_refusal(struct weir_lane *lane, const struct weir_reply *reply, int64_t now_ns)
{
	hold(lane, now_ns);
	weir_outbox_retry(lane->outbox, reply->number);
	if (weir_voice_may(&lane->refusal_said_ns, now_ns, REPEAT_LOG_NS))
		weir_voice_say(lane->means->voice, WEIR_PUBLISH_LOG_WARNING,
		               "nats: %s refuses: %s; %zu records wait", lane->watch.plan->name,
		               reply->text != NULL ? reply->text : "no stream takes this subject",
		               weir_outbox_pending(lane->outbox));
}

void weir_lane_on_ack(struct weir_lane *lane, const struct weir_reply *reply, int64_t now_ns)
{
	switch (reply->kind) {
	case WEIR_REPLY_ACKED:
		lane->hold_ns = 0;
		settle(lane, reply->number, WEIR_PUBLISH_ACKED);
		break;
	case WEIR_REPLY_DUPLICATE:
		lane->hold_ns = 0;
		settle(lane, reply->number, WEIR_PUBLISH_DUPLICATE);
		break;
	case WEIR_REPLY_OVERSIZED:
		weir_voice_say(lane->means->voice, WEIR_PUBLISH_LOG_ERROR, "nats: %s: %s: dropped",
		               lane->watch.plan->name, reply->text != NULL ? reply->text : "too large");
		settle(lane, reply->number, WEIR_PUBLISH_OVERSIZED);
		break;
	case WEIR_REPLY_NO_STREAM: /* somebody has removed it */
		if (lane->watch.verdict.state == WEIR_STREAM_FIT)
			weir_stream_watch_reset(&lane->watch, now_ns);
		on_refusal(lane, reply, now_ns);
		break;
	default:
		on_refusal(lane, reply, now_ns);
		break;
	}
}

void weir_lane_tend_stream(struct weir_lane *lane, int64_t now_ns)
{
	char subject[WEIR_STREAM_SUBJECT_MAX], body[WEIR_STREAM_REQUEST_MAX], reply[WEIR_REPLY_SUBJECT_MAX];

	if (!weir_link_up(lane->means->link) || !weir_stream_watch_due(&lane->watch, now_ns, subject, body))
		return;
	weir_replies_for_stream(lane->means->replies, lane->stream, reply);
	/* A failure is as good as no answer: asked again later. */
	weir_link_publish(lane->means->link, subject, reply, NULL, body, strlen(body));
}

bool weir_lane_on_stream(struct weir_lane *lane, const struct weir_reply *reply, int64_t now_ns)
{
	bool was_missing = lane->watch.verdict.state == WEIR_STREAM_MISSING;

	if (!weir_stream_watch_reply(&lane->watch, reply->text, reply->text_length, now_ns))
		return false;
	if (lane->watch.verdict.state == WEIR_STREAM_FIT)
		weir_voice_say(lane->means->voice, WEIR_PUBLISH_LOG_INFO, "nats: stream %s %s",
		               lane->watch.plan->name,
		               was_missing ? "was absent and has been made" : "is there and fits");
	return true;
}
