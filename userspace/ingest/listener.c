/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Listeners: a socket each, and the multishot request that receives from it. What is received goes
 * past this file.
 */
#include "ingest/state.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

int weir_listener_open(struct weir_ingest *ingest, struct weir_listener *listener, uint32_t bind_try_ms,
                       char *problem, size_t problem_size)
{
	const struct weir_socket_options options = {
	        .receive_buffer_bytes = ingest->receive_buffer_bytes,
	        .share = listener->share,
	        .bind_try_ms = bind_try_ms,
	};
	int error = weir_socket_open(&listener->socket, &listener->endpoint, &options, problem, problem_size);

	if (error != 0)
		return error;
	uint32_t got = listener->socket.receive_buffer_bytes;
	if (got < atomic_load_explicit(&ingest->receive_buffer_least, memory_order_relaxed)) {
		atomic_store_explicit(&ingest->receive_buffer_least, got, memory_order_relaxed);
		weir_ingest_warn(
		        ingest,
		        "the receive buffer is %u bytes instead of %u, bursts may be lost: run `sysctl "
		        "net.core.rmem_max=%u`, or grant CAP_NET_ADMIN",
		        got, ingest->receive_buffer_bytes, ingest->receive_buffer_bytes);
	}
	return 0;
}

static void arm(struct weir_ingest *ingest, struct weir_listener *listener)
{
	uint64_t index = (uint64_t)(listener - ingest->listeners);
	struct io_uring_sqe *sqe = weir_ingest_request(ingest);

	io_uring_prep_recvmsg_multishot(sqe, listener->socket.fd, &ingest->ring.layout, 0);
	io_uring_sqe_set_data64(sqe, index);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = WEIR_RING_GROUP;
	weir_count(&ingest->live.rearmed, listener->armed_before);
	listener->armed_before = true;
	listener->state = WEIR_LISTENER_ARMED;
}

void weir_listeners_arm(struct weir_ingest *ingest, bool after_failure)
{
	for (size_t i = 0; i < ingest->listener_count; i++) {
		struct weir_listener *listener = &ingest->listeners[i];
		if (listener->state == WEIR_LISTENER_IDLE ||
		    (listener->state == WEIR_LISTENER_FAILED && after_failure))
			arm(ingest, listener);
	}
}

/* Now that nobody receives from the old socket. A second one might not be allowed to bind beside it. */
static void open_anew(struct weir_ingest *ingest, struct weir_listener *listener)
{
	char problem[WEIR_INGEST_PROBLEM_SIZE];
	int error;

	weir_socket_close(&listener->socket);
	error = weir_listener_open(ingest, listener, 0, problem, sizeof(problem));
	if (error == 0) {
		weir_count(&ingest->live.reopened, 1);
		weir_ingest_warn(ingest, "interface %s has come back: listening on it again",
		                 listener->endpoint.interface);
	} else if (!listener->complained) {
		weir_ingest_warn(ingest, "%s; trying again every second", problem);
	}
	listener->complained = error != 0;
	listener->armed_before = false;
	listener->state = error == 0 ? WEIR_LISTENER_IDLE : WEIR_LISTENER_CLOSED;
}

/*
 * A request ends when there was no buffer (ENOBUFS), with an empty datagram (the kernel takes that for
 * the end of a stream), or on an error. Nothing is lost: what arrives meanwhile is queued.
 */
void weir_listener_ended(struct weir_ingest *ingest, struct weir_listener *listener, int result)
{
	if (listener->state == WEIR_LISTENER_LEAVING) {
		open_anew(ingest, listener);
		return;
	}
	if (result >= 0 || result == -ENOBUFS || result == -EINTR || result == -EAGAIN) {
		listener->state = WEIR_LISTENER_IDLE;
	} else {
		listener->state = WEIR_LISTENER_FAILED;
		if (result != -ECANCELED)
			weir_count(&ingest->live.errors, 1);
	}
	if (result == -ENOBUFS)
		weir_count(&ingest->live.no_buffers, 1);
}

static void leave(struct weir_ingest *ingest, struct weir_listener *listener)
{
	uint64_t index = (uint64_t)(listener - ingest->listeners);
	struct io_uring_sqe *sqe = weir_ingest_request(ingest);

	io_uring_prep_cancel64(sqe, index, 0);
	io_uring_sqe_set_data64(sqe, WEIR_TAG_CANCEL);
	listener->state = WEIR_LISTENER_LEAVING;
}

void weir_listeners_mend(struct weir_ingest *ingest)
{
	for (size_t i = 0; i < ingest->listener_count; i++) {
		struct weir_listener *listener = &ingest->listeners[i];
		if (listener->state == WEIR_LISTENER_CLOSED)
			open_anew(ingest, listener);
		else if ((listener->state == WEIR_LISTENER_ARMED ||
		          listener->state == WEIR_LISTENER_LEAVING) &&
		         weir_socket_is_deaf(&listener->socket, &listener->endpoint))
			leave(ingest, listener);
	}
}

void weir_listeners_count_drops(struct weir_ingest *ingest)
{
	for (size_t i = 0; i < ingest->listener_count; i++) {
		struct weir_socket *socket = &ingest->listeners[i].socket;
		uint32_t counter;
		if (socket->fd >= 0 && weir_socket_read_drops(socket, &counter) == 0)
			weir_count(&ingest->live.socket_dropped, weir_socket_dropped(socket, counter));
	}
}

static void look(struct weir_ingest *ingest, int64_t time_of_day_ns)
{
	struct weir_look *look = &ingest->look;
	struct pollfd polled[WEIR_INGEST_ENDPOINTS_MAX];

	for (size_t i = 0; i < ingest->listener_count; i++)
		polled[i] = (struct pollfd){.fd = ingest->listeners[i].socket.fd, .events = POLLIN};
	if (poll(polled, ingest->listener_count, 0) < 0)
		return;
	for (size_t i = 0; i < ingest->listener_count; i++)
		look->empty[i] = (polled[i].revents & POLLIN) == 0;
	/* In this order: poll() itself may complete. */
	look->completions = atomic_load_explicit(&ingest->live.completions, memory_order_relaxed) +
	                    io_uring_cq_ready(&ingest->ring.uring);
	look->time_ns = time_of_day_ns;
	look->pending = true;
}

/* With one socket its own datagrams say it all. */
static void look_for_empty(struct weir_ingest *ingest, int64_t time_of_day_ns)
{
	struct weir_look *look_before = &ingest->look;

	if (look_before->pending && atomic_load_explicit(&ingest->live.completions, memory_order_relaxed) >=
	                                    look_before->completions) {
		for (size_t i = 0; i < ingest->listener_count; i++)
			if (look_before->empty[i])
				ingest->listeners[i].empty_ns = look_before->time_ns;
		look_before->pending = false;
	}
	if (!look_before->pending && ingest->listener_count > 1)
		look(ingest, time_of_day_ns);
}

int64_t weir_listeners_handled_ns(struct weir_ingest *ingest, int64_t time_of_day_ns)
{
	int64_t newest_ns = 0, handled_ns = INT64_MAX;

	look_for_empty(ingest, time_of_day_ns);
	for (size_t i = 0; i < ingest->listener_count; i++) {
		struct weir_listener *listener = &ingest->listeners[i];

		if (listener->newest_ns > time_of_day_ns) /* the clock was set back */
			listener->newest_ns = listener->latest_ns;
		if (listener->empty_ns > time_of_day_ns)
			listener->empty_ns = 0;
		int64_t own_ns =
		        listener->newest_ns > listener->empty_ns ? listener->newest_ns : listener->empty_ns;
		if (listener->newest_ns > newest_ns)
			newest_ns = listener->newest_ns;
		if (own_ns < handled_ns)
			handled_ns = own_ns;
	}
	return handled_ns < newest_ns ? handled_ns : newest_ns;
}

bool weir_listeners_are_empty(const struct weir_ingest *ingest)
{
	struct pollfd polled[WEIR_INGEST_ENDPOINTS_MAX];

	for (size_t i = 0; i < ingest->listener_count; i++)
		polled[i] = (struct pollfd){.fd = ingest->listeners[i].socket.fd, .events = POLLIN};
	return poll(polled, ingest->listener_count, 0) == 0;
}
