/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Publishing: events and dead letters out, to NATS or to standard output.
 *
 *     worker ──weir_outlet_event()──▶ outlet (a ring of its own) ──▶ publisher thread ──▶ NATS, or a file
 *
 *     weir_outlet_new(&outlet, &(struct weir_outlet_options){.site = "rtm"});      one for each worker
 *     weir_publisher_start(&publisher, &options, &outlet, 1);                      before the workers
 *     ... worker: weir_outlet_received(outlet, ns); engine feeds; its sink calls weir_outlet_event() ...
 *     weir_publisher_stop(publisher, 10000, &remaining);                           after the workers
 *     weir_publisher_free(publisher);
 *     weir_outlet_free(outlet);
 *
 * A worker never blocks and never meets the broker: it encodes into the ring, or is refused and the
 * refusal counted. Positions are refused when the ring is half full, dead letters at three quarters,
 * windows at seven eighths, alerts when there is no room at all.
 *
 * What the publisher promises:
 * - positions and static data: published at once or dropped. While the broker is away they are dropped
 *   and counted, not kept: a position that is delivered late looks like a position of now.
 * - alerts, windows and dead letters: kept until the stream has acknowledged them, through any number of
 *   reconnects, and published again with the same Nats-Msg-Id. Kept in memory: not yet across a crash.
 * - without NATS: events are lines on a descriptor; dead letters are counted and logged.
 */
#ifndef WEIR_PUBLISH_H
#define WEIR_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/event.h>

struct weir_malformed; /* weir/decode.h */

/* ---- The worker's side ---- */

struct weir_outlet;

struct weir_outlet_options {
	const char *site;  /* copied; [A-Za-z0-9_-]{1,32}; "" leaves it out of events, subjects say '-' */
	size_t ring_bytes; /* a power of two, 256 KiB to 1 GiB; 0: 4 MiB */
};

/* Returns 0, -EINVAL or -ENOMEM. */
int weir_outlet_new(struct weir_outlet **out, const struct weir_outlet_options *options);

/*
 * When the kernel received the datagram that is fed next (Unix time, ns); 0 where there is none, as
 * for an archive or a timer. Delays are measured from here. Holds for all events until the next call.
 */
void weir_outlet_received(struct weir_outlet *outlet, int64_t received_ns);

/* Never fail, never block, keep no pointer. One thread at a time for an outlet. */
void weir_outlet_event(struct weir_outlet *outlet, const struct weir_event *event);
void weir_outlet_dead_letter(struct weir_outlet *outlet, const struct weir_malformed *malformed);

/* After weir_publisher_free(). Takes NULL. */
void weir_outlet_free(struct weir_outlet *outlet);

/* ---- What became of it all ---- */

/* The ids of dead letters are made of these numbers: they stay. */
enum weir_publish_class {
	WEIR_PUBLISH_POSITION,
	WEIR_PUBLISH_STATIC,
	WEIR_PUBLISH_ALERT,
	WEIR_PUBLISH_LETTER, /* dead letters: the label is "dlq" */
	WEIR_PUBLISH_STATUS,
	WEIR_PUBLISH_WINDOW,
	WEIR_PUBLISH_CLASSES
};

/* Each record ends as exactly one of these. */
enum weir_publish_outcome {
	WEIR_PUBLISH_PUBLISHED,            /* handed to core NATS, or written */
	WEIR_PUBLISH_ACKED,                /* stored by the stream */
	WEIR_PUBLISH_DUPLICATE,            /* the stream had it already */
	WEIR_PUBLISH_LOGGED,               /* a dead letter without NATS */
	WEIR_PUBLISH_DROPPED_RING,         /* refused by the ring: the publisher did not keep up */
	WEIR_PUBLISH_DROPPED_OUTBOX,       /* the outbox is full */
	WEIR_PUBLISH_DROPPED_DISCONNECTED, /* core NATS without a connection */
	WEIR_PUBLISH_OVERSIZED,            /* larger than can be encoded or than the broker takes */
	WEIR_PUBLISH_FAILED,               /* refused by the library or by the output */
	WEIR_PUBLISH_UNSENT,               /* still here when the publisher stopped */
	WEIR_PUBLISH_OUTCOMES
};

/* Metric labels: "position", "dlq"; "published", "dropped_ring". */
const char *weir_publish_class_name(enum weir_publish_class publish_class);
const char *weir_publish_outcome_name(enum weir_publish_outcome outcome);

/* Upper bounds of the delay histogram in seconds; a last bucket takes what is above them. */
#define WEIR_DELAY_BOUNDS 16
#define WEIR_DELAY_BUCKETS (WEIR_DELAY_BOUNDS + 1)
extern const double weir_delay_bounds_s[WEIR_DELAY_BOUNDS];

struct weir_delay {
	uint64_t buckets[WEIR_DELAY_BUCKETS]; /* not cumulative */
	uint64_t count;
	uint64_t sum_ns;
};

/*
 * A snapshot. At rest, for each class: offered == sum of outcomes + pending (pending is 0 but for
 * alerts, windows and dead letters); in motion what is in the rings comes on top.
 */
struct weir_publish_counters {
	uint64_t offered[WEIR_PUBLISH_CLASSES];
	uint64_t total[WEIR_PUBLISH_CLASSES][WEIR_PUBLISH_OUTCOMES];
	uint64_t pending[WEIR_PUBLISH_CLASSES]; /* in the outbox, not acknowledged */
	uint64_t pending_bytes[WEIR_PUBLISH_CLASSES];
	uint64_t sent[WEIR_PUBLISH_CLASSES];     /* handed to JetStream, repetitions included */
	uint64_t repeated[WEIR_PUBLISH_CLASSES]; /* of these, repetitions */
	uint64_t ring_used_bytes;                /* of all outlets */
	uint64_t ring_size_bytes;
	uint64_t reconnects;             /* of both connections */
	struct weir_delay publish_delay; /* kernel receive time to publish */
	struct weir_delay ack_delay;     /* kernel receive time to acknowledgement */
	bool positions_connected;
	bool alerts_connected;
	bool streams_ready; /* the streams exist and fit */
};

/* ---- The publisher ---- */

struct weir_nats_options {
	const char *const *servers;   /* nats://host:port, tls://host:port; user:password@ is possible */
	size_t server_count;          /* at least 1 */
	const char *name;             /* of the connections, for the broker's monitoring; NULL: "weir" */
	const char *credentials_file; /* NULL where not used, as all that follow */
	const char *nkey;             /* the public key that nkey_seed_file belongs to */
	const char *nkey_seed_file;
	const char *user;
	const char *password;
	const char *token;
	const char *ca_file; /* PEM; any of these three switches TLS on */
	const char *certificate_file;
	const char *key_file;
};

enum weir_publish_log_level { WEIR_PUBLISH_LOG_ERROR, WEIR_PUBLISH_LOG_WARNING, WEIR_PUBLISH_LOG_INFO };

/*
 * A request that arrived on ctl.<verb>. Who takes it answers it, once, by weir_publisher_answer(), or lets
 * it go by weir_request_clear(): then the one who asked waits in vain.
 */
struct weir_request {
	char verb[32];
	char *reply;
	char *body; /* NUL-terminated */
	size_t length;
};

void weir_request_clear(struct weir_request *request);

struct weir_publisher_options {
	const char *site;                     /* copied; as for the outlets */
	const struct weir_nats_options *nats; /* NULL: write lines to output_fd. Needed during start only */
	int output_fd;                        /* 1 for standard output; not closed */

	size_t alert_outbox_bytes;  /* 0: 8 MiB */
	size_t window_outbox_bytes; /* 0: 8 MiB */
	size_t letter_outbox_bytes; /* 0: 8 MiB */
	int64_t ack_timeout_ms;     /* published again after; doubled up to 16 times; 0: 5,000 */
	bool bare_positions;        /* positions and static data without CloudEvents headers: cheaper */

	/*
	 * The callbacks run in the publisher's thread and must return soon. Each may be NULL.
	 * status fills JSON text, without newline, and returns its length, 0 for nothing to say
	 * (see status.h); it is asked every status_interval_ms (0: 2,000).
	 * log gets one line without newline; NULL: standard error.
	 * broken: the output can't be written any more (EPIPE); said once.
	 */
	void *context;
	int64_t status_interval_ms;
	size_t (*status)(void *context, char *out, size_t size);
	void (*log)(void *context, enum weir_publish_log_level level, const char *text);
	void (*broken)(void *context, int error);
	/*
	 * A request waits to be taken by weir_publisher_take_request(). Called in a thread of the library,
	 * and must not block. NULL: nobody listens for requests.
	 */
	void (*request_arrived)(void *context);
};

struct weir_publisher;

/*
 * Starts the thread. A broker that can't be reached is no error: it is tried for ever. What can't
 * ever work (an unreadable credentials file, a malformed URL) is: -EINVAL or -EACCES with the reason
 * logged. Also -ENOMEM, -EAGAIN (no thread). The outlets are borrowed until weir_publisher_free().
 */
int weir_publisher_start(struct weir_publisher **out, const struct weir_publisher_options *options,
                         struct weir_outlet *const *outlets, size_t outlet_count);

/*
 * Publishes what is in the rings, flushes, and waits for acknowledgements, timeout_ms in all at most
 * (plus what one blocked write costs, 2 s). No outlet may be used any more. *remaining, unless NULL,
 * is what was given up: alerts, windows and dead letters that no stream has acknowledged, lines that were not
 * written, what was in the rings. Returns 0, or -ETIMEDOUT when something remained. A second call returns
 * what the first did.
 */
int weir_publisher_stop(struct weir_publisher *publisher, int64_t timeout_ms, uint64_t *remaining);

/* From any thread. */
void weir_publisher_counters(const struct weir_publisher *publisher, struct weir_publish_counters *counters);

/*
 * From any thread: is there anything in the way of alerts? When not ready, reason (NUL-terminated, cut
 * at size) says what: "NATS: no connection to nats://…", "stream WEIR_ALERTS: …", "output: …".
 */
bool weir_publisher_ready(struct weir_publisher *publisher, char *reason, size_t size);

/* From any thread. The oldest request; false when there is none. */
bool weir_publisher_take_request(struct weir_publisher *publisher, struct weir_request *out);

/* From any thread. Takes the request over; json is copied. */
void weir_publisher_answer(struct weir_publisher *publisher, struct weir_request *request, const char *json,
                           size_t length);

/* Stops it at once when it still runs. Takes NULL. */
void weir_publisher_free(struct weir_publisher *publisher);

#endif
