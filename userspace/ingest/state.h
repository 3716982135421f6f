/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an ingest consists of, for the files of this directory: ingest.c opens and closes it, loop.c runs
 * it, listener.c looks after its sockets and their receive requests, receive.c takes what arrives.
 */
#ifndef WEIR_INGEST_STATE_H
#define WEIR_INGEST_STATE_H

#include <stdatomic.h>

#include "ingest/ring.h"
#include "ingest/socket.h"

enum weir_listener_state {
	WEIR_LISTENER_IDLE,    /* its request has ended and is given anew in this turn */
	WEIR_LISTENER_ARMED,   /* receives */
	WEIR_LISTENER_FAILED,  /* its request failed: given anew at the next tick, not at full speed */
	WEIR_LISTENER_LEAVING, /* its request is being cancelled, to open the socket anew */
	WEIR_LISTENER_CLOSED   /* opening anew has failed: tried again every second */
};

struct weir_listener {
	struct weir_endpoint endpoint;
	struct weir_socket socket;
	enum weir_listener_state state;
	bool share; /* SO_REUSEADDR */
	bool armed_before;
	bool complained;   /* of not being able to open anew */
	int64_t newest_ns; /* the largest receive time handled */
	int64_t latest_ns; /* that of the last datagram */
	int64_t empty_ns;  /* what was received before this has been handled, as it was empty then; 0: not
	                      known */
};

/* A look at which sockets were empty. What the ring held by then must be taken before that says something. */
struct weir_look {
	bool pending;
	int64_t time_ns;      /* of day, a moment before */
	uint64_t completions; /* that must have been taken */
	bool empty[WEIR_INGEST_ENDPOINTS_MAX];
};

/* Written by the thread of run() alone, read by any: relaxed atomics, no read-modify-write. */
struct weir_ingest_live {
	_Atomic uint64_t datagrams, bytes, socket_dropped, discarded, truncated, no_buffers, rearmed, errors,
	        reopened, batches, completions, enters, ticks;
};

struct weir_ingest {
	struct weir_listener listeners[WEIR_INGEST_ENDPOINTS_MAX];
	size_t listener_count;
	uint32_t receive_buffer_bytes;
	int64_t tick_min_ns, tick_max_ns, drain_ns;
	void (*warn)(void *context, const char *text);
	void *warn_context;
	struct weir_ring ring;
	int stop_fd; /* an eventfd */
	atomic_bool stop;
	struct weir_ingest_live live;
	_Atomic uint32_t receive_buffer_least;

	/* Of run() only. */
	const struct weir_ingest_handler *handler;
	uint32_t requests; /* whose last completion has not come yet */
	uint32_t handled;  /* datagrams since the last tick */
	bool gather;       /* they come so fast that waiting for several at once pays */
	int64_t taken_ns;  /* time of day of the batch, for a datagram without a time stamp */
	struct weir_look look;
	int64_t ticked_ns; /* monotonic */
	int64_t looked_ns; /* monotonic: when interfaces were last looked at */
};

/* user_data of requests; a listener's is its index. */
#define WEIR_TAG_STOP WEIR_INGEST_ENDPOINTS_MAX
#define WEIR_TAG_CANCEL (WEIR_INGEST_ENDPOINTS_MAX + 1)

static inline void weir_count(_Atomic uint64_t *counter, uint64_t by)
{
	atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + by,
	                      memory_order_relaxed);
}

__attribute__((format(printf, 2, 3))) void weir_ingest_warn(const struct weir_ingest *ingest,
                                                            const char *format, ...);

/* A free submission entry, counted as a request: never NULL, SUBMISSIONS is more than can be wanted. */
struct io_uring_sqe *weir_ingest_request(struct weir_ingest *ingest);

/* listener.c */

int weir_listener_open(struct weir_ingest *ingest, struct weir_listener *listener, uint32_t bind_try_ms,
                       char *problem, size_t problem_size);

/* Gives a receive request for each listener that has none. after_failure: also for those that failed. */
void weir_listeners_arm(struct weir_ingest *ingest, bool after_failure);

/* Its request has ended with this result. */
void weir_listener_ended(struct weir_ingest *ingest, struct weir_listener *listener, int result);

/* Opens anew the sockets whose interface has gone and come back. */
void weir_listeners_mend(struct weir_ingest *ingest);

/* Brings socket_dropped up to date. */
void weir_listeners_count_drops(struct weir_ingest *ingest);

/*
 * Everything that any socket received before this time of day has been handled; 0: not known. With one socket
 * it is the largest receive time handled, with several the smallest over them.
 */
int64_t weir_listeners_handled_ns(struct weir_ingest *ingest, int64_t time_of_day_ns);

/* True when no socket has a datagram queued. */
bool weir_listeners_are_empty(const struct weir_ingest *ingest);

/* receive.c */

/* Takes at most limit completions, hands over their datagrams, gives back the buffers. Returns how many. */
uint32_t weir_receive_batch(struct weir_ingest *ingest, uint32_t limit);

#endif
