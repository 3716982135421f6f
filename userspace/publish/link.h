/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One connection to the broker that never gives up: made in the background, remade whenever it is lost,
 * for as long as it takes, and made anew where the library itself has given up (refused credentials).
 *
 * A link says what state it is in; what to do about it is the caller's affair. While a link is away the
 * library keeps next to nothing that is published (see RECONNECT_BUFFER in link.c).
 */
#ifndef WEIR_PUBLISH_LINK_H
#define WEIR_PUBLISH_LINK_H

#include <nats/nats.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "bell.h"
#include "cloudevents.h"
#include "publish.h"

#define WEIR_LINK_ERROR_MAX 256

struct weir_link {
	natsOptions *options;
	natsConnection *connection;
	struct weir_bell *bell;
	_Atomic bool connected;
	_Atomic bool closed;       /* the library has given up */
	_Atomic uint64_t connects; /* grows with each connection that was made */
	_Atomic bool news;         /* error below is new */
	pthread_mutex_t lock;      /* of error: the library's threads write it */
	char error[WEIR_LINK_ERROR_MAX];
	int64_t retry_at_ns; /* after closed: when to begin anew; monotonic */
};

/*
 * Checks the options and keeps what they say; no connection yet. name is the connection's, send_asap
 * trades throughput for delay. Returns 0; on -EINVAL, -EACCES or -ENOMEM error says why.
 */
int weir_link_init(struct weir_link *link, const struct weir_nats_options *options, const char *name,
                   bool send_asap, struct weir_bell *bell, char *error, size_t error_size);

/* Begins to connect, or begins anew when the library has given up. May take seconds. */
void weir_link_open(struct weir_link *link, int64_t now_ns);

/* True once for each new error text, which is copied. */
bool weir_link_news(struct weir_link *link, char *error, size_t size);
void weir_link_error(struct weir_link *link, char *error, size_t size);

static inline bool weir_link_up(const struct weir_link *link)
{
	return atomic_load_explicit(&link->connected, memory_order_acquire);
}

/*
 * Publishes one message; reply and headers may be NULL. May block for WRITE_DEADLINE_MS when the broker
 * has stopped reading.
 */
natsStatus weir_link_publish(struct weir_link *link, const char *subject, const char *reply,
                             const struct weir_headers *headers, const char *body, size_t length);

/* Waits until the broker has read what was published, timeout_ms at most; needs a connection. */
void weir_link_flush(struct weir_link *link, int64_t timeout_ms);

/* Ends the connection; subscriptions on it must have been destroyed. Takes a link of zeros too. */
void weir_link_destroy(struct weir_link *link);

#endif
