/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests by NATS, weir.v1.<site>.ctl.<verb>, on their way from the library's thread to whoever answers
 * them, and the answers on their way back to the publisher's thread, which owns the connection. Two
 * bounded queues. Nothing here knows what a verb means.
 */
#ifndef WEIR_PUBLISH_REQUESTS_H
#define WEIR_PUBLISH_REQUESTS_H

#include <nats/nats.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "bell.h"
#include "publish.h"

/* Requests that wait to be taken; a further one is answered with "busy" at once. */
#define WEIR_REQUESTS_MAX 64

/* A request's body that is longer is refused: an acknowledgement has a hundred bytes. */
#define WEIR_REQUEST_BODY_MAX 4096

struct weir_answer {
	char *reply; /* the subject */
	char *body;
	size_t length;
};

struct weir_requests {
	pthread_mutex_t lock;
	struct weir_bell *bell; /* rung for an answer */
	void *context;
	void (*arrived)(void *context);
	size_t waiting_count; /* requests */
	size_t waiting_first;
	struct weir_request waiting[WEIR_REQUESTS_MAX];
	size_t answer_count;
	size_t answer_first;
	struct weir_answer answers[2 * WEIR_REQUESTS_MAX];
	bool made;
};

void weir_requests_init(struct weir_requests *requests, const struct weir_publisher_options *options,
                        struct weir_bell *bell);
void weir_requests_destroy(struct weir_requests *requests);

/* A natsMsgHandler whose closure is the struct weir_requests. */
void weir_requests_on_message(natsConnection *connection, natsSubscription *subscription, natsMsg *message,
                              void *closure);

/* The oldest request; false when there is none. Who takes it answers it, or clears it. */
bool weir_requests_take(struct weir_requests *requests, struct weir_request *out);

/* Queues a copy of the text as the answer, and clears the request. */
void weir_requests_answer(struct weir_requests *requests, struct weir_request *request, const char *json,
                          size_t length);

/* The oldest answer, to be sent and freed by weir_answer_clear(); false when there is none. */
bool weir_requests_take_answer(struct weir_requests *requests, struct weir_answer *out);
void weir_answer_clear(struct weir_answer *answer);

#endif
