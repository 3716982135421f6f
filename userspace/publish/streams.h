/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The JetStream streams that alerts, windows and dead letters go to: what they must be like, whether they
 * are, and how they are made where they are absent. A stream that is there is never altered: one that would
 * not keep what it is sent is unfit, and an operator is told why.
 *
 * This file knows the JetStream API's subjects and JSON, no connection: requests go out through the
 * owner, replies come in as text.
 */
#ifndef WEIR_PUBLISH_STREAMS_H
#define WEIR_PUBLISH_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weir_stream_plan {
	const char *name;
	const char *subjects;
	const char *example; /* a subject that it must take in */
	int64_t max_age_ns;
	int64_t max_bytes;         /* -1: none */
	int64_t max_message_bytes; /* the least that a limit on messages must allow */
	int64_t duplicate_window_ns;
};

enum weir_stream_kind { WEIR_STREAM_ALERTS, WEIR_STREAM_WINDOWS, WEIR_STREAM_LETTERS, WEIR_STREAMS };
extern const struct weir_stream_plan weir_stream_plans[WEIR_STREAMS];

enum weir_stream_state {
	WEIR_STREAM_UNKNOWN, /* nobody has asked, or the answer was not an answer */
	WEIR_STREAM_FIT,
	WEIR_STREAM_MISSING, /* to be made */
	WEIR_STREAM_UNFIT,   /* there and not what is needed, or can't be made */
	WEIR_STREAM_NO_JETSTREAM,
};

#define WEIR_STREAM_REASON_MAX 256

struct weir_stream_verdict {
	enum weir_stream_state state;
	char reason[WEIR_STREAM_REASON_MAX]; /* "" for FIT and MISSING */
};

/* The verdict on the reply to a request for information or to make the stream; "" is a site too. */
void weir_stream_judge(const struct weir_stream_plan *plan, const char *site, const char *json, size_t length,
                       struct weir_stream_verdict *verdict);

/* Does a subject match a pattern with NATS wildcards? */
bool weir_subject_matches(const char *pattern, const char *subject);

/* What is to be asked next, for one stream. */
struct weir_stream_watch {
	const struct weir_stream_plan *plan;
	const char *site;
	struct weir_stream_verdict verdict;
	int64_t ask_at_ns;   /* monotonic; when the next request is due */
	bool asked;          /* a request is under way; its time-out is ask_at_ns */
	uint32_t unanswered; /* requests in a row */
};

#define WEIR_STREAM_SUBJECT_MAX 64
#define WEIR_STREAM_REQUEST_MAX 768

/* Begins anew: after a connection, or when a publish found no stream. */
void weir_stream_watch_reset(struct weir_stream_watch *watch, int64_t now_ns);

/*
 * True when a request is due: it is written to subject and body (NUL-terminated), and counts as sent.
 */
bool weir_stream_watch_due(struct weir_stream_watch *watch, int64_t now_ns,
                           char subject[WEIR_STREAM_SUBJECT_MAX], char body[WEIR_STREAM_REQUEST_MAX]);

/* The reply; json NULL: the broker says that nobody answers such requests. True if the verdict changed. */
bool weir_stream_watch_reply(struct weir_stream_watch *watch, const char *json, size_t length,
                             int64_t now_ns);

/*
 * May messages be sent? Yes when the stream is fit; and when nobody answers questions about it, as for an
 * account that may publish and nothing else: the acknowledgement will tell.
 */
bool weir_stream_watch_open(const struct weir_stream_watch *watch);

#endif
