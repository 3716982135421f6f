/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Records to NATS. See broker.h. Alerts, windows and dead letters have a lane each (lane.h); here is what the
 * lanes share, the connections, and what goes out by core NATS.
 */
#include "broker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cloudevents.h"
#include "lane.h"
#include "link.h"
#include "now.h"
#include "outlet.h"
#include "replies.h"
#include "requests.h"
#include "subject.h"

#define MS_NS INT64_C(1000000)
#define ACK_TIMEOUT_DEFAULT_MS 5000
#define UNSUBSCRIBE_WAIT_MS 2000
#define SWEEP_NS (100 * MS_NS)
#define REPEAT_LOG_NS (30000 * MS_NS)

/* What the connection of the alerts listens to. */
enum { EAR_REPLIES, EAR_REQUESTS, WEIR_EARS };

struct weir_ear {
	natsSubscription *subscription; /* NULL: none */
	_Atomic bool ended;
};

struct weir_broker {
	char site[WEIR_SITE_SIZE];
	char servers[192]; /* for messages */
	struct weir_lane_means means;
	bool bare_positions;
	struct weir_tally *tally;
	struct weir_voice voice;
	struct weir_link positions;
	struct weir_link alerts;
	struct weir_replies replies;
	struct weir_requests requests;
	struct weir_ear ears[WEIR_EARS];
	uint64_t connects_seen;
	int64_t swept_ns;
	int64_t link_said_ns[2];
	struct weir_lane lanes[WEIR_STREAMS];
	_Atomic bool streams_ready;
	bool opened;
};

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

static int init_lanes(struct weir_broker *broker, const struct weir_publisher_options *options)
{
	int64_t timeout_ms = options->ack_timeout_ms > 0 ? options->ack_timeout_ms : ACK_TIMEOUT_DEFAULT_MS;

	broker->means = (struct weir_lane_means){
	        .site = broker->site,
	        .link = &broker->alerts,
	        .replies = &broker->replies,
	        .tally = broker->tally,
	        .voice = &broker->voice,
	        .ack_timeout_ns = timeout_ms * MS_NS,
	};
	int error = weir_lane_init(&broker->lanes[WEIR_STREAM_ALERTS], &broker->means, WEIR_STREAM_ALERTS,
	                           WEIR_PUBLISH_ALERT, options->alert_outbox_bytes);
	if (error == 0)
		error = weir_lane_init(&broker->lanes[WEIR_STREAM_WINDOWS], &broker->means,
		                       WEIR_STREAM_WINDOWS, WEIR_PUBLISH_WINDOW,
		                       options->window_outbox_bytes);
	if (error == 0)
		error = weir_lane_init(&broker->lanes[WEIR_STREAM_LETTERS], &broker->means,
		                       WEIR_STREAM_LETTERS, WEIR_PUBLISH_LETTER,
		                       options->letter_outbox_bytes);
	return error;
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
	weir_requests_init(&broker->requests, options, bell);
	name_servers(broker, options->nats);
	int error = weir_site_copy(broker->site, options->site);
	if (error == 0)
		error = init_lanes(broker, options);
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
	struct weir_ear *ear = closure;

	atomic_store(&ear->ended, true);
}

/* Returns when nothing can arrive any more. */
static void unsubscribe(struct weir_ear *ear)
{
	if (ear->subscription == NULL)
		return;
	natsSubscription_Unsubscribe(ear->subscription); /* fails where its connection has closed it */
	for (int i = 0; i < UNSUBSCRIBE_WAIT_MS && !atomic_load(&ear->ended); i++)
		nats_Sleep(1);
	natsSubscription_Destroy(ear->subscription);
	ear->subscription = NULL;
}

void weir_broker_free(struct weir_broker *broker)
{
	if (broker == NULL)
		return;
	for (size_t i = 0; i < WEIR_EARS; i++)
		unsubscribe(&broker->ears[i]);
	weir_link_destroy(&broker->positions);
	weir_link_destroy(&broker->alerts);
	weir_replies_destroy(&broker->replies);
	weir_requests_destroy(&broker->requests);
	for (size_t i = 0; i < WEIR_STREAMS; i++)
		weir_lane_destroy(&broker->lanes[i]);
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
	weir_tally_counter *total = broker->tally->total[record->publish_class];
	struct weir_headers headers;
	bool bare = broker->bare_positions && record->publish_class != WEIR_PUBLISH_STATUS;

	if (!weir_link_up(&broker->positions)) {
		weir_tally_add(&total[WEIR_PUBLISH_DROPPED_DISCONNECTED], 1);
		return;
	}
	if (!bare)
		weir_headers_fill(&headers, record, broker->site);
	natsStatus status =
	        weir_link_publish(&broker->positions, weir_record_subject(record), NULL,
	                          bare ? NULL : &headers, weir_record_body(record), record->body_length);
	weir_tally_add(&total[outcome_of(status)], 1);
	if (status == NATS_OK)
		weir_tally_delay_add(&broker->tally->publish_delay, record->received_ns, weir_now_ns());
}

void weir_broker_take(struct weir_broker *broker, const struct weir_record *record)
{
	switch (record->publish_class) {
	case WEIR_PUBLISH_ALERT:
		weir_lane_keep(&broker->lanes[WEIR_STREAM_ALERTS], record);
		break;
	case WEIR_PUBLISH_WINDOW:
		weir_lane_keep(&broker->lanes[WEIR_STREAM_WINDOWS], record);
		break;
	case WEIR_PUBLISH_LETTER:
		weir_lane_keep(&broker->lanes[WEIR_STREAM_LETTERS], record);
		break;
	default:
		publish_core(broker, record);
		break;
	}
}

/* ---- Answers ---- */

/* What ails the broker as a whole is said of one stream. */
static bool is_said(const struct weir_broker *broker, const struct weir_lane *lane)
{
	for (size_t i = 0; i < WEIR_STREAMS; i++)
		if (&broker->lanes[i] != lane &&
		    strcmp(broker->lanes[i].watch.verdict.reason, lane->watch.verdict.reason) == 0)
			return true;
	return false;
}

static void on_stream(struct weir_broker *broker, const struct weir_reply *reply, int64_t now_ns)
{
	struct weir_lane *lane = &broker->lanes[reply->stream];

	if (weir_lane_on_stream(lane, reply, now_ns) && lane->watch.verdict.reason[0] != '\0' &&
	    !is_said(broker, lane))
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_ERROR, "nats: %s",
		               lane->watch.verdict.reason);
}

static size_t take_replies(struct weir_broker *broker, int64_t now_ns)
{
	struct weir_reply reply;
	size_t taken = 0;

	for (; taken < WEIR_REPLIES_MAX && weir_replies_take(&broker->replies, &reply); taken++) {
		if (reply.kind == WEIR_REPLY_STREAM)
			on_stream(broker, &reply, now_ns);
		else
			weir_lane_on_ack(&broker->lanes[reply.stream], &reply, now_ns);
		free(reply.text);
	}
	return taken;
}

/* ---- Connections and streams ---- */

static void listen_to(struct weir_broker *broker, struct weir_ear *ear, const char *pattern,
                      natsMsgHandler handler, void *closure, const char *what)
{
	atomic_store(&ear->ended, false);
	natsStatus status = natsConnection_Subscribe(&ear->subscription, broker->alerts.connection, pattern,
	                                             handler, closure);
	if (status == NATS_OK)
		status = natsSubscription_SetOnCompleteCB(ear->subscription, on_subscription_ended, ear);
	if (status != NATS_OK)
		weir_voice_say(&broker->voice, WEIR_PUBLISH_LOG_ERROR, "nats: no subscription for %s: %s",
		               what, natsStatus_GetText(status));
}

static void open_alerts(struct weir_broker *broker, int64_t now_ns)
{
	char pattern[WEIR_REPLY_SUBJECT_MAX], verbs[WEIR_SUBJECT_MAX + 1];

	for (size_t i = 0; i < WEIR_EARS; i++)
		unsubscribe(&broker->ears[i]);
	weir_link_open(&broker->alerts, now_ns);
	if (broker->alerts.connection == NULL)
		return;
	weir_replies_pattern(&broker->replies, pattern);
	listen_to(broker, &broker->ears[EAR_REPLIES], pattern, weir_replies_on_message, &broker->replies,
	          "answers");
	if (broker->requests.arrived == NULL)
		return;
	weir_subject_of_requests(broker->site, verbs);
	listen_to(broker, &broker->ears[EAR_REQUESTS], verbs, weir_requests_on_message, &broker->requests,
	          "requests");
}

/* What is not sent now is not sent: who asked has given up by the time that the connection is back. */
static size_t send_answers(struct weir_broker *broker)
{
	struct weir_answer answer;
	size_t sent = 0;

	for (; weir_requests_take_answer(&broker->requests, &answer); sent++) {
		natsStatus status = weir_link_publish(&broker->alerts, answer.reply, NULL, NULL, answer.body,
		                                      answer.length);
		if (status == NATS_MAX_PAYLOAD) {
			static const char too_long[] =
			        "{\"ok\":false,\"error\":\"the answer is longer than the broker takes\"}";
			weir_link_publish(&broker->alerts, answer.reply, NULL, NULL, too_long,
			                  sizeof(too_long) - 1);
		}
		weir_answer_clear(&answer);
	}
	return sent;
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

	for (size_t i = 0; i < WEIR_STREAMS; i++)
		again += weir_lane_reconnected(&broker->lanes[i], now_ns);
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
	bool ready = true;

	for (size_t i = 0; i < WEIR_STREAMS; i++) {
		weir_lane_tend_stream(&broker->lanes[i], now_ns);
		ready = ready && weir_stream_watch_open(&broker->lanes[i].watch);
	}
	atomic_store_explicit(&broker->streams_ready, ready, memory_order_relaxed);
}

size_t weir_broker_work(struct weir_broker *broker)
{
	int64_t now_ns = weir_steady_ns();
	size_t done = 0;

	tend_links(broker, now_ns);
	done += take_replies(broker, now_ns);
	done += send_answers(broker);
	tend_streams(broker, now_ns);
	if (now_ns - broker->swept_ns >= SWEEP_NS) {
		broker->swept_ns = now_ns;
		for (size_t i = 0; i < WEIR_STREAMS; i++)
			done += weir_lane_expire(&broker->lanes[i], now_ns);
	}
	for (size_t i = 0; i < WEIR_STREAMS; i++)
		done += weir_lane_send(&broker->lanes[i], now_ns);
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

struct weir_requests *weir_broker_requests(struct weir_broker *broker)
{
	return &broker->requests;
}

void weir_broker_flush(struct weir_broker *broker, int64_t timeout_ms)
{
	weir_link_flush(&broker->positions, timeout_ms);
}

void weir_broker_give_up(struct weir_broker *broker)
{
	for (size_t i = 0; i < WEIR_STREAMS; i++)
		weir_lane_give_up(&broker->lanes[i]);
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
