/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records to NATS. See broker.h. The story of an alert: weir_broker_take() puts it into an outbox; send()
 * publishes it with a subject for the answer; on_ack() takes it out of the outbox when the stream has it,
 * or lets it wait again. A lost connection lets all that were under way wait again.
 */
#include "broker.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloudevents.h"
#include "link.h"
#include "now.h"
#include "outbox.h"
#include "outlet.h"
#include "replies.h"
#include "streams.h"

#define MS_NS INT64_C(1000000)
#define OUTBOX_DEFAULT ((size_t)8 << 20)
#define ACK_TIMEOUT_DEFAULT_MS 5000
#define ACK_TIMEOUT_DOUBLINGS 4

/*
 * How much may be under way to the broker. Measured on one machine, more does not add to the rate; less
 * means that after an outage not everything is thrown at a broker that has just come back.
 */
#define WINDOW 1024
#define BATCH 256

#define UNSUBSCRIBE_WAIT_MS 2000
#define HOLD_FIRST_NS (250 * MS_NS)
#define HOLD_MOST_NS (8000 * MS_NS)
#define SWEEP_NS (100 * MS_NS)
#define REPEAT_LOG_NS (30000 * MS_NS)

/* One way into JetStream: an outbox and its stream. */
struct lane {
	struct weir_outbox *outbox;
	struct weir_stream_watch watch;
	enum weir_publish_class class;
	int64_t hold_until_ns; /* after a refusal: nothing is sent until then */
	int64_t hold_ns;       /* how long the last hold was */
	int64_t said_ns;       /* when it was last logged that something was refused */
	int64_t full_said_ns;
};

struct weir_broker {
	char site[WEIR_SITE_SIZE];
	char servers[192]; /* for messages */
	int64_t ack_timeout_ns;
	bool bare_positions;
	struct weir_tally *tally;
	struct weir_voice voice;
	struct weir_link positions;
	struct weir_link alerts;
	struct weir_replies replies;
	natsSubscription *subscription; /* to the answers */
	_Atomic bool subscription_ended;
	uint64_t connects_seen;
	int64_t swept_ns;
	int64_t link_said_ns[2];
	struct lane lanes[WEIR_STREAMS];
	_Atomic bool streams_ready;
	bool opened;
};

static void count(struct weir_broker *broker, enum weir_publish_class class,
                  enum weir_publish_outcome outcome)
{
	weir_tally_add(&broker->tally->total[class][outcome], 1);
}

static void update_pending(struct weir_broker *broker, const struct lane *lane)
{
	weir_tally_set(&broker->tally->pending[lane->class], weir_outbox_pending(lane->outbox));
	weir_tally_set(&broker->tally->pending_bytes[lane->class], weir_outbox_bytes(lane->outbox));
}

/* ---- Made and unmade ---- */

/* A list of the servers for messages, without user and password. */
static void name_servers(struct weir_broker *broker, const struct weir_nats_options *options)
{
	size_t used = 0;

	for (size_t i = 0; i < options->server_count && used < sizeof(broker->servers); i++) {
		const char *url = options->servers[i];
		const char *at = strrchr(url, '@');
		const char *host = at != NULL ? at + 1 : url;
		int length = snprintf(broker->servers + used, sizeof(broker->servers) - used, "%s%s",
		                      i > 0 ? ", " : "", host);
		used += length > 0 ? (size_t)length : 0;
	}
}

static int init_links(struct weir_broker *broker, const struct weir_nats_options *nats,
                      struct weir_bell *bell)
{
	char error[WEIR_LINK_ERROR_MAX], name[96];
	const char *own = nats->name != NULL ? nats->name : "weir";

	snprintf(name, sizeof(name), "%s positions", own);
	int failure = weir_link_init(&broker->positions, nats, name, false, bell, error, sizeof(error));
	snprintf(name, sizeof(name), "%s alerts", own);
	if (failure == 0)
		failure = weir_link_init(&broker->alerts, nats, name, true, bell, error, sizeof(error));
	if (failure != 0)
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_ERROR, "nats: %s", error);
	return failure;
}

static int init_lane(struct lane *lane, enum weir_stream_kind stream, enum weir_publish_class class,
                     size_t bytes)
{
	lane->class = class;
	lane->watch.plan = &weir_stream_plans[stream];
	return weir_outbox_new(&lane->outbox, bytes != 0 ? bytes : OUTBOX_DEFAULT);
}

int weir_broker_new(struct weir_broker **out, const struct weir_publisher_options *options,
                    struct weir_tally *tally, struct weir_bell *bell, const struct weir_voice *voice)
{
	struct weir_broker *broker = calloc(1, sizeof(*broker));

	if (broker == NULL)
		return -ENOMEM;
	broker->tally = tally;
	broker->voice = *voice;
	broker->bare_positions = options->bare_positions;
	broker->ack_timeout_ns =
	        MS_NS * (options->ack_timeout_ms > 0 ? options->ack_timeout_ms : ACK_TIMEOUT_DEFAULT_MS);
	name_servers(broker, options->nats);
	int error = weir_site_copy(broker->site, options->site);
	for (size_t i = 0; i < WEIR_STREAMS; i++)
		broker->lanes[i].watch.site = broker->site;
	if (error == 0)
		error = init_lane(&broker->lanes[WEIR_STREAM_ALERTS], WEIR_STREAM_ALERTS, WEIR_PUBLISH_ALERT,
		                  options->alert_outbox_bytes);
	if (error == 0)
		error = init_lane(&broker->lanes[WEIR_STREAM_LETTERS], WEIR_STREAM_LETTERS,
		                  WEIR_PUBLISH_LETTER, options->letter_outbox_bytes);
	if (error == 0)
		error = weir_replies_init(&broker->replies, bell);
	if (error == 0)
		error = init_links(broker, options->nats, bell);
	if (error != 0) {
		weir_broker_free(broker);
		return error;
	}
	*out = broker;
	return 0;
}

static void on_subscription_ended(void *closure)
{
	struct weir_broker *broker = closure;

	atomic_store(&broker->subscription_ended, true);
}

/* Returns when no answer can arrive any more. */
static void unsubscribe(struct weir_broker *broker)
{
	if (broker->subscription == NULL)
		return;
	natsSubscription_Unsubscribe(broker->subscription); /* fails where its connection has closed it */
	for (int i = 0; i < UNSUBSCRIBE_WAIT_MS && !atomic_load(&broker->subscription_ended); i++)
		nats_Sleep(1);
	natsSubscription_Destroy(broker->subscription);
	broker->subscription = NULL;
}

void weir_broker_free(struct weir_broker *broker)
{
	if (broker == NULL)
		return;
	unsubscribe(broker);
	weir_link_destroy(&broker->positions);
	weir_link_destroy(&broker->alerts);
	weir_replies_destroy(&broker->replies);
	for (size_t i = 0; i < WEIR_STREAMS; i++)
		weir_outbox_free(broker->lanes[i].outbox);
	free(broker);
}

/* ---- Records in ---- */

static enum weir_publish_outcome outcome_of(natsStatus status)
{
	switch (status) {
	case NATS_OK:
		return WEIR_PUBLISH_PUBLISHED;
	case NATS_MAX_PAYLOAD:
		return WEIR_PUBLISH_OVERSIZED;
	case NATS_INSUFFICIENT_BUFFER:
	case NATS_CONNECTION_CLOSED:
	case NATS_CONNECTION_DISCONNECTED:
	case NATS_NOT_YET_CONNECTED:
		return WEIR_PUBLISH_DROPPED_DISCONNECTED;
	default:
		return WEIR_PUBLISH_FAILED;
	}
}

static void publish_core(struct weir_broker *broker, const struct weir_record *record)
{
	struct weir_headers headers;
	bool bare = broker->bare_positions && record->publish_class != WEIR_PUBLISH_STATUS;

	if (!weir_link_up(&broker->positions)) {
		count(broker, record->publish_class, WEIR_PUBLISH_DROPPED_DISCONNECTED);
		return;
	}
	if (!bare)
		weir_headers_fill(&headers, record, broker->site);
	natsStatus status =
	        weir_link_publish(&broker->positions, weir_record_subject(record), NULL,
	                          bare ? NULL : &headers, weir_record_body(record), record->body_length);
	count(broker, record->publish_class, outcome_of(status));
	if (status == NATS_OK)
		weir_tally_delay_add(&broker->tally->publish_delay, record->received_ns, weir_now_ns());
}

static void keep(struct weir_broker *broker, struct lane *lane, const struct weir_record *record)
{
	int error = weir_outbox_add(lane->outbox, record);

	if (error == 0) {
		update_pending(broker, lane);
		return;
	}
	count(broker, lane->class, error == -ENOSPC ? WEIR_PUBLISH_DROPPED_OUTBOX : WEIR_PUBLISH_OVERSIZED);
	if (weir_voice_may(&lane->full_said_ns, weir_steady_ns(), REPEAT_LOG_NS))
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_ERROR,
		               "the outbox for %s is full with %zu records: new ones are lost until the "
		               "broker takes some",
		               lane->watch.plan->name, weir_outbox_pending(lane->outbox));
}

void weir_broker_take(struct weir_broker *broker, const struct weir_record *record)
{
	switch (record->publish_class) {
	case WEIR_PUBLISH_ALERT:
		keep(broker, &broker->lanes[WEIR_STREAM_ALERTS], record);
		break;
	case WEIR_PUBLISH_LETTER:
		keep(broker, &broker->lanes[WEIR_STREAM_LETTERS], record);
		break;
	default:
		publish_core(broker, record);
		break;
	}
}

/* ---- Records out ---- */

/* Nothing is sent for a while, twice as long as last time. */
static void hold(struct lane *lane, int64_t now_ns)
{
	if (now_ns < lane->hold_until_ns)
		return; /* one of many refusals of the same moment */
	lane->hold_ns = lane->hold_ns == 0 ? HOLD_FIRST_NS : lane->hold_ns * 2;
	if (lane->hold_ns > HOLD_MOST_NS)
		lane->hold_ns = HOLD_MOST_NS;
	lane->hold_until_ns = now_ns + lane->hold_ns;
}

static void discard(struct weir_broker *broker, struct lane *lane, uint64_t number,
                    enum weir_publish_outcome outcome)
{
	int64_t received_ns;

	if (!weir_outbox_remove(lane->outbox, number, &received_ns))
		return;
	count(broker, lane->class, outcome);
	update_pending(broker, lane);
	if (outcome == WEIR_PUBLISH_ACKED || outcome == WEIR_PUBLISH_DUPLICATE)
		weir_tally_delay_add(&broker->tally->ack_delay, received_ns, weir_now_ns());
}

/* False when there is no point in going on for now. */
static bool send_one(struct weir_broker *broker, struct lane *lane, const struct weir_outbox_entry *entry,
                     int64_t now_ns)
{
	struct weir_headers headers;
	char reply[WEIR_REPLY_SUBJECT_MAX];
	const struct weir_record *record = entry->record;
	uint32_t doublings =
	        entry->attempts < ACK_TIMEOUT_DOUBLINGS ? entry->attempts : ACK_TIMEOUT_DOUBLINGS;

	weir_headers_fill(&headers, record, broker->site);
	weir_replies_for_record(&broker->replies, (enum weir_stream_kind)(lane - broker->lanes),
	                        entry->number, reply);
	natsStatus status = weir_link_publish(&broker->alerts, weir_record_subject(record), reply, &headers,
	                                      weir_record_body(record), record->body_length);
	if (status == NATS_MAX_PAYLOAD) {
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_ERROR,
		               "nats: a message of %" PRIu32 " bytes to %s is larger than the broker's "
		               "max_payload: dropped",
		               record->body_length, weir_record_subject(record));
		discard(broker, lane, entry->number, WEIR_PUBLISH_OVERSIZED);
		return true;
	}
	if (status != NATS_OK) {
		hold(lane, now_ns);
		return false;
	}
	weir_tally_add(&broker->tally->sent[lane->class], 1);
	if (entry->attempts > 0)
		weir_tally_add(&broker->tally->repeated[lane->class], 1);
	else
		weir_tally_delay_add(&broker->tally->publish_delay, record->received_ns, weir_now_ns());
	weir_outbox_sent(lane->outbox, entry->number, now_ns + (broker->ack_timeout_ns << doublings));
	return true;
}

static size_t send(struct weir_broker *broker, struct lane *lane, int64_t now_ns)
{
	struct weir_outbox_entry entry;
	size_t sent = 0;

	if (!weir_link_up(&broker->alerts) || !weir_stream_watch_open(&lane->watch) ||
	    now_ns < lane->hold_until_ns)
		return 0;
	while (sent < BATCH && weir_outbox_in_flight(lane->outbox) < WINDOW &&
	       weir_outbox_next(lane->outbox, &entry)) {
		if (!send_one(broker, lane, &entry, now_ns))
			break;
		sent++;
	}
	return sent;
}

/* ---- Answers ---- */

static void on_refusal(struct weir_broker *broker, struct lane *lane, const struct weir_reply *reply,
                       int64_t now_ns)
{
	hold(lane, now_ns);
	weir_outbox_retry(lane->outbox, reply->number);
	if (weir_voice_may(&lane->said_ns, now_ns, REPEAT_LOG_NS))
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_WARNING,
		               "nats: %s refuses: %s; %zu records wait", lane->watch.plan->name,
		               reply->text != NULL ? reply->text : "no stream takes this subject",
		               weir_outbox_pending(lane->outbox));
}

static void on_ack(struct weir_broker *broker, struct lane *lane, const struct weir_reply *reply,
                   int64_t now_ns)
{
	switch (reply->kind) {
	case WEIR_REPLY_ACKED:
	case WEIR_REPLY_DUPLICATE:
		lane->hold_ns = 0;
		discard(broker, lane, reply->number,
		        reply->kind == WEIR_REPLY_ACKED ? WEIR_PUBLISH_ACKED : WEIR_PUBLISH_DUPLICATE);
		break;
	case WEIR_REPLY_OVERSIZED:
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_ERROR, "nats: %s: %s: dropped",
		               lane->watch.plan->name, reply->text != NULL ? reply->text : "too large");
		discard(broker, lane, reply->number, WEIR_PUBLISH_OVERSIZED);
		break;
	case WEIR_REPLY_NO_STREAM: /* somebody has removed it */
		if (lane->watch.verdict.state == WEIR_STREAM_FIT)
			weir_stream_watch_reset(&lane->watch, now_ns);
		on_refusal(broker, lane, reply, now_ns);
		break;
	case WEIR_REPLY_REFUSED:
	default:
		on_refusal(broker, lane, reply, now_ns);
		break;
	}
}

/* What ails the broker as a whole is said of one stream. */
static bool is_said(const struct weir_broker *broker, const struct lane *lane)
{
	for (size_t i = 0; i < WEIR_STREAMS; i++)
		if (&broker->lanes[i] != lane &&
		    strcmp(broker->lanes[i].watch.verdict.reason, lane->watch.verdict.reason) == 0)
			return true;
	return false;
}

static void on_stream(struct weir_broker *broker, struct lane *lane, const struct weir_reply *reply,
                      int64_t now_ns)
{
	const struct weir_stream_watch *watch = &lane->watch;
	bool was_missing = watch->verdict.state == WEIR_STREAM_MISSING;

	if (!weir_stream_watch_reply(&lane->watch, reply->text, reply->text_length, now_ns))
		return;
	if (watch->verdict.state == WEIR_STREAM_FIT)
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_INFO, "nats: stream %s %s", watch->plan->name,
		               was_missing ? "was absent and has been made" : "is there and fits");
	else if (watch->verdict.reason[0] != '\0' && !is_said(broker, lane))
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_ERROR, "nats: %s", watch->verdict.reason);
}

static size_t take_replies(struct weir_broker *broker, int64_t now_ns)
{
	struct weir_reply reply;
	size_t taken = 0;

	for (; taken < WEIR_REPLIES_MAX && weir_replies_take(&broker->replies, &reply); taken++) {
		struct lane *lane = &broker->lanes[reply.stream];
		if (reply.kind == WEIR_REPLY_STREAM)
			on_stream(broker, lane, &reply, now_ns);
		else
			on_ack(broker, lane, &reply, now_ns);
		free(reply.text);
	}
	return taken;
}

/* ---- Connections and streams ---- */

static void open_alerts(struct weir_broker *broker, int64_t now_ns)
{
	char pattern[WEIR_REPLY_SUBJECT_MAX];

	unsubscribe(broker);
	weir_link_open(&broker->alerts, now_ns);
	if (broker->alerts.connection == NULL)
		return;
	atomic_store(&broker->subscription_ended, false);
	weir_replies_pattern(&broker->replies, pattern);
	natsStatus status = natsConnection_Subscribe(&broker->subscription, broker->alerts.connection,
	                                             pattern, weir_replies_on_message, &broker->replies);
	if (status == NATS_OK)
		status =
		        natsSubscription_SetOnCompleteCB(broker->subscription, on_subscription_ended, broker);
	if (status != NATS_OK)
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_ERROR,
		               "nats: no subscription for answers: %s", natsStatus_GetText(status));
}

static void say_link(struct weir_broker *broker, struct weir_link *link, const char *what, int64_t *said_ns,
                     int64_t now_ns)
{
	char error[WEIR_LINK_ERROR_MAX];

	if (weir_link_news(link, error, sizeof(error)) && weir_voice_may(said_ns, now_ns, REPEAT_LOG_NS))
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_WARNING,
		               "nats: %s: %s (%s); trying again until it works", what, error,
		               broker->servers);
}

static void on_alerts_connected(struct weir_broker *broker, int64_t now_ns)
{
	size_t again = 0;

	for (size_t i = 0; i < WEIR_STREAMS; i++) {
		struct lane *lane = &broker->lanes[i];
		again += weir_outbox_rewind(lane->outbox);
		weir_stream_watch_reset(&lane->watch, now_ns);
		lane->hold_ns = 0;
		lane->hold_until_ns = 0;
	}
	broker->link_said_ns[0] = broker->link_said_ns[1] = 0;
	weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_INFO,
	               "nats: connected to %s; %zu records wait, %zu of them are sent again", broker->servers,
	               weir_broker_pending(broker), again);
}

static void tend_links(struct weir_broker *broker, int64_t now_ns)
{
	if (!broker->opened) {
		broker->opened = true;
		open_alerts(broker, now_ns);
		weir_link_open(&broker->positions, now_ns);
	}
	if (atomic_load(&broker->alerts.closed) && now_ns >= broker->alerts.retry_at_ns)
		open_alerts(broker, now_ns);
	if (atomic_load(&broker->positions.closed) && now_ns >= broker->positions.retry_at_ns)
		weir_link_open(&broker->positions, now_ns);
	say_link(broker, &broker->alerts, "alerts", &broker->link_said_ns[0], now_ns);
	say_link(broker, &broker->positions, "positions", &broker->link_said_ns[1], now_ns);
	uint64_t connects = atomic_load(&broker->alerts.connects);
	if (connects != broker->connects_seen) {
		broker->connects_seen = connects;
		on_alerts_connected(broker, now_ns);
	}
}

static void tend_streams(struct weir_broker *broker, int64_t now_ns)
{
	char subject[WEIR_STREAM_SUBJECT_MAX], body[WEIR_STREAM_REQUEST_MAX], reply[WEIR_REPLY_SUBJECT_MAX];
	bool ready = true;

	for (size_t i = 0; i < WEIR_STREAMS; i++) {
		struct weir_stream_watch *watch = &broker->lanes[i].watch;
		if (weir_link_up(&broker->alerts) && weir_stream_watch_due(watch, now_ns, subject, body)) {
			weir_replies_for_stream(&broker->replies, (enum weir_stream_kind)i, reply);
			weir_link_publish(&broker->alerts, subject, reply, NULL, body, strlen(body));
		}
		ready = ready && weir_stream_watch_open(watch);
	}
	atomic_store_explicit(&broker->streams_ready, ready, memory_order_relaxed);
}

size_t weir_broker_work(struct weir_broker *broker)
{
	int64_t now_ns = weir_steady_ns();
	size_t done = 0;

	tend_links(broker, now_ns);
	done += take_replies(broker, now_ns);
	tend_streams(broker, now_ns);
	if (now_ns - broker->swept_ns >= SWEEP_NS) {
		broker->swept_ns = now_ns;
		for (size_t i = 0; i < WEIR_STREAMS; i++)
			done += weir_outbox_expire(broker->lanes[i].outbox, now_ns);
	}
	for (size_t i = 0; i < WEIR_STREAMS; i++)
		done += send(broker, &broker->lanes[i], now_ns);
	return done;
}

/* ---- Questions and the end ---- */

size_t weir_broker_pending(const struct weir_broker *broker)
{
	size_t pending = 0;

	for (size_t i = 0; i < WEIR_STREAMS; i++)
		pending += weir_outbox_pending(broker->lanes[i].outbox);
	return pending;
}

void weir_broker_flush(struct weir_broker *broker, int64_t timeout_ms)
{
	weir_link_flush(&broker->positions, timeout_ms);
}

void weir_broker_give_up(struct weir_broker *broker)
{
	for (size_t i = 0; i < WEIR_STREAMS; i++) {
		struct lane *lane = &broker->lanes[i];
		size_t left = weir_outbox_pending(lane->outbox);
		weir_tally_add(&broker->tally->total[lane->class][WEIR_PUBLISH_UNSENT], left);
		weir_tally_set(&broker->tally->pending[lane->class], 0);
		weir_tally_set(&broker->tally->pending_bytes[lane->class], 0);
	}
}

void weir_broker_reason(struct weir_broker *broker, char *reason, size_t size)
{
	char error[WEIR_LINK_ERROR_MAX];

	if (!weir_link_up(&broker->alerts)) {
		weir_link_error(&broker->alerts, error, sizeof(error));
		snprintf(reason, size, "NATS: no connection to %s%s%s", broker->servers,
		         error[0] != '\0' ? ": " : "", error);
		return;
	}
	reason[0] = '\0';
	for (size_t i = 0; i < WEIR_STREAMS && reason[0] == '\0'; i++) {
		const struct weir_stream_watch *watch = &broker->lanes[i].watch;
		if (weir_stream_watch_open(watch))
			continue;
		if (watch->verdict.reason[0] != '\0')
			snprintf(reason, size, "NATS: %s", watch->verdict.reason);
		else
			snprintf(reason, size, "NATS: stream %s is being looked for", watch->plan->name);
	}
	if (reason[0] == '\0' && !weir_link_up(&broker->positions))
		snprintf(reason, size, "NATS: no connection for positions to %s", broker->servers);
}

void weir_broker_state(const struct weir_broker *broker, struct weir_broker_state *state)
{
	uint64_t alerts = atomic_load(&broker->alerts.connects);
	uint64_t positions = atomic_load(&broker->positions.connects);

	*state = (struct weir_broker_state){
	        .positions_connected = weir_link_up(&broker->positions),
	        .alerts_connected = weir_link_up(&broker->alerts),
	        .streams_ready = atomic_load_explicit(&broker->streams_ready, memory_order_relaxed),
	        .reconnects = (alerts > 0 ? alerts - 1 : 0) + (positions > 0 ? positions - 1 : 0),
	};
}
