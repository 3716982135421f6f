/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The loop of one worker: wait, take a batch, tick; at the stop, drain. Private timing, no receiving:
 * that is receive.c.
 */
#include "ingest/state.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)
#define BATCH_MAX 256 /* completions in a turn, then timers */

/*
 * Above this rate a turn waits for many datagrams, but not for long. Measured with datagrams sent one by
 * one at 50,000 a second: 3.2 us of CPU a datagram instead of 8.1, for a delay of 0.5 ms at most. With
 * fewer datagrams the first one wakes the worker.
 */
#define GATHER_PER_S 10000
#define GATHER_COUNT 128 /* half of the buffers: they do not run out while waiting */
#define GATHER_NS 500000

#define LOOK_NS NS_PER_S        /* how often interfaces are looked at */
#define DRAIN_WAIT_NS 1000000   /* a turn's wait while draining */
#define CANCEL_WAIT_NS NS_PER_S /* cancelling takes microseconds: a bound, not an expectation */

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

void weir_ingest_warn(const struct weir_ingest *ingest, const char *format, ...)
{
	char text[WEIR_INGEST_PROBLEM_SIZE];
	va_list arguments;

	if (ingest->warn == NULL)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	ingest->warn(ingest->warn_context, text);
}

struct io_uring_sqe *weir_ingest_request(struct weir_ingest *ingest)
{
	ingest->requests++;
	return io_uring_get_sqe(&ingest->ring.uring);
}

/* Submits what there is, and waits for a completion for wait_ns at most. */
static int wait_ns(struct weir_ingest *ingest, int64_t wait)
{
	struct io_uring *uring = &ingest->ring.uring;
	bool gather = ingest->gather && wait > GATHER_NS;
	struct __kernel_timespec limit = {.tv_sec = wait / NS_PER_S, .tv_nsec = wait % NS_PER_S};
	struct io_uring_cqe *cqe;

	if (gather)
		limit = (struct __kernel_timespec){.tv_nsec = GATHER_NS};

	if (io_uring_cq_ready(uring) == 0 || io_uring_sq_ready(uring) != 0)
		weir_count(&ingest->live.enters, 1);
	int result = io_uring_submit_and_wait_timeout(uring, &cqe, gather ? GATHER_COUNT : 1, &limit, NULL);
	/* Time over, a signal, or the kernel wants its completions taken first: all of them go on. */
	if (result >= 0 || result == -ETIME || result == -EINTR || result == -EAGAIN || result == -EBUSY)
		return 0;
	weir_ingest_warn(ingest, "io_uring: waiting for datagrams has failed: %s", strerror(-result));
	return result;
}

/* Everything that was queued a moment ago has been handled. In this order: poll() itself may complete. */
static bool is_drained(const struct weir_ingest *ingest)
{
	return weir_listeners_are_empty(ingest) && io_uring_cq_ready(&ingest->ring.uring) == 0;
}

static bool tick(struct weir_ingest *ingest, int64_t now)
{
	const struct weir_ingest_handler *handler = ingest->handler;
	int64_t time_of_day = clock_ns(CLOCK_REALTIME);
	bool drained = is_drained(ingest);

	weir_listeners_count_drops(ingest);
	int64_t handled_ns = weir_listeners_handled_ns(ingest, time_of_day);
	ingest->gather = ingest->handled * NS_PER_S > GATHER_PER_S * (now - ingest->ticked_ns);
	ingest->handled = 0;
	ingest->ticked_ns = now;
	weir_count(&ingest->live.ticks, 1);
	if (handler->tick != NULL)
		handler->tick(handler->context, time_of_day, drained, handled_ns);
	return drained;
}

static int64_t tick_due_ns(const struct weir_ingest *ingest)
{
	return ingest->ticked_ns + (ingest->handled != 0 ? ingest->tick_min_ns : ingest->tick_max_ns);
}

static int turn(struct weir_ingest *ingest)
{
	int64_t now = clock_ns(CLOCK_MONOTONIC);
	int64_t due = tick_due_ns(ingest);

	weir_listeners_arm(ingest, false);
	int error = wait_ns(ingest, due > now ? due - now : 0);
	if (error != 0)
		return error;
	weir_receive_batch(ingest, BATCH_MAX);
	now = clock_ns(CLOCK_MONOTONIC);
	if (now < tick_due_ns(ingest))
		return 0;
	if (now - ingest->looked_ns >= LOOK_NS) {
		weir_listeners_mend(ingest);
		ingest->looked_ns = now;
	}
	tick(ingest, now);
	weir_listeners_arm(ingest, true);
	return 0;
}

static int begin(struct weir_ingest *ingest, const struct weir_ingest_handler *handler)
{
	/* io_uring_enable_rings() is declared by liburing 2.3, but its shared library lacks it. */
	int error = io_uring_register((unsigned int)ingest->ring.uring.ring_fd, IORING_REGISTER_ENABLE_RINGS,
	                              NULL, 0);

	if (error != 0) {
		weir_ingest_warn(ingest, "io_uring: starting has failed: %s", strerror(-error));
		return error;
	}
	io_uring_register_ring_fd(&ingest->ring.uring); /* saves a look-up at each call; works without */
	ingest->handler = handler;
	ingest->ticked_ns = ingest->looked_ns = clock_ns(CLOCK_MONOTONIC);
	struct io_uring_sqe *sqe = weir_ingest_request(ingest);
	io_uring_prep_poll_add(sqe, ingest->stop_fd, POLLIN);
	io_uring_sqe_set_data64(sqe, WEIR_TAG_STOP);
	return 0;
}

/* With new arrivals refused the queues are finite: this ends, the time limit is for a slow handler. */
static int drain(struct weir_ingest *ingest)
{
	int64_t end = clock_ns(CLOCK_MONOTONIC) + ingest->drain_ns;
	int error = 0;

	for (size_t i = 0; i < ingest->listener_count; i++)
		if (ingest->listeners[i].socket.fd >= 0)
			weir_socket_refuse_new(&ingest->listeners[i].socket);
	while (error == 0 && !is_drained(ingest) && clock_ns(CLOCK_MONOTONIC) < end) {
		weir_listeners_arm(ingest, true);
		error = wait_ns(ingest, DRAIN_WAIT_NS);
		weir_receive_batch(ingest, BATCH_MAX);
	}
	return error;
}

/* Takes back every request, so that the sockets are free as soon as they are closed. */
static void end(struct weir_ingest *ingest)
{
	int64_t limit = clock_ns(CLOCK_MONOTONIC) + CANCEL_WAIT_NS;
	struct io_uring_sqe *sqe = weir_ingest_request(ingest);

	io_uring_prep_cancel64(sqe, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
	io_uring_sqe_set_data64(sqe, WEIR_TAG_CANCEL);
	while (ingest->requests != 0 && clock_ns(CLOCK_MONOTONIC) < limit &&
	       wait_ns(ingest, DRAIN_WAIT_NS) == 0)
		weir_receive_batch(ingest, BATCH_MAX);
	io_uring_unregister_ring_fd(&ingest->ring.uring);
	for (size_t i = 0; i < ingest->listener_count; i++)
		if (ingest->listeners[i].socket.fd >= 0)
			weir_count(&ingest->live.discarded,
			           weir_socket_discard(&ingest->listeners[i].socket));
	tick(ingest, clock_ns(CLOCK_MONOTONIC));
}

int weir_ingest_run(struct weir_ingest *ingest, const struct weir_ingest_handler *handler)
{
	int error = begin(ingest, handler);

	if (error != 0)
		return error;
	while (error == 0 && !atomic_load_explicit(&ingest->stop, memory_order_relaxed))
		error = turn(ingest);
	if (error == 0)
		error = drain(ingest);
	end(ingest);
	return error;
}
