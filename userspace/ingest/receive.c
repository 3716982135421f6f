/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From completions to datagrams: the path that every datagram takes. No allocation, no system call.
 */
#include "ingest/state.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <time.h>

static int64_t time_of_day_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void read_sender(struct weir_address *out, const struct io_uring_recvmsg_out *header, const void *name)
{
	if (header->namelen >= sizeof(struct sockaddr_in6) &&
	    ((const struct sockaddr *)name)->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = name;
		memcpy(out->ip, &v6->sin6_addr, 16);
		out->port = ntohs(v6->sin6_port);
	} else if (header->namelen >= sizeof(struct sockaddr_in)) {
		const struct sockaddr_in *v4 = name;
		out->ip[10] = out->ip[11] = 0xff;
		memcpy(out->ip + 12, &v4->sin_addr, 4);
		out->port = ntohs(v4->sin_port);
	}
}

/* The time stamp comes with each datagram; the count of losses once there has been one. */
static void read_control(struct weir_ingest *ingest, struct weir_socket *socket, int64_t *received_ns,
                         struct io_uring_recvmsg_out *header)
{
	struct msghdr *layout = &ingest->ring.layout;
	struct cmsghdr *control = io_uring_recvmsg_cmsg_firsthdr(header, layout);

	for (; control != NULL; control = io_uring_recvmsg_cmsg_nexthdr(header, layout, control)) {
		if (control->cmsg_level != SOL_SOCKET)
			continue;
		if (control->cmsg_type == SO_TIMESTAMPNS) {
			struct timespec stamp;
			memcpy(&stamp, CMSG_DATA(control), sizeof(stamp));
			*received_ns = (int64_t)stamp.tv_sec * 1000000000 + stamp.tv_nsec;
		} else if (control->cmsg_type == SO_RXQ_OVFL) {
			uint32_t counter;
			memcpy(&counter, CMSG_DATA(control), sizeof(counter));
			weir_count(&ingest->live.socket_dropped, weir_socket_dropped(socket, counter));
		}
	}
}

static void deliver(struct weir_ingest *ingest, struct weir_listener *listener, uint8_t *buffer, int length)
{
	struct msghdr *layout = &ingest->ring.layout;
	struct io_uring_recvmsg_out *header = io_uring_recvmsg_validate(buffer, length, layout);

	assert(header != NULL); /* the kernel writes header, name and control room before any payload */
	struct weir_datagram datagram = {
	        .bytes = io_uring_recvmsg_payload(header, layout),
	        .length = io_uring_recvmsg_payload_length(header, length, layout),
	        .received_ns = ingest->taken_ns,
	};
	read_sender(&datagram.sender, header, io_uring_recvmsg_name(header));
	read_control(ingest, &listener->socket, &datagram.received_ns, header);
	if ((header->flags & MSG_TRUNC) != 0)
		weir_count(&ingest->live.truncated, 1);
	listener->latest_ns = datagram.received_ns;
	if (datagram.received_ns > listener->newest_ns)
		listener->newest_ns = datagram.received_ns;
	weir_count(&ingest->live.datagrams, 1);
	weir_count(&ingest->live.bytes, datagram.length);
	ingest->handler->datagram(ingest->handler->context, &datagram);
}

/* What has arrived and is not delivered yet; for what is not there, nothing. */
static void expect(struct weir_ingest *ingest, struct io_uring_cqe *const *cqes, uint32_t count,
                   uint32_t index)
{
	struct msghdr *layout = &ingest->ring.layout;

	if (index >= count || (cqes[index]->flags & IORING_CQE_F_BUFFER) == 0)
		return;
	uint8_t *buffer =
	        weir_ring_buffer(&ingest->ring, (uint16_t)(cqes[index]->flags >> IORING_CQE_BUFFER_SHIFT));
	struct io_uring_recvmsg_out *header = io_uring_recvmsg_validate(buffer, cqes[index]->res, layout);

	assert(header != NULL); /* as in deliver() */
	const struct weir_datagram datagram = {
	        .bytes = io_uring_recvmsg_payload(header, layout),
	        .length = io_uring_recvmsg_payload_length(header, cqes[index]->res, layout),
	};
	ingest->handler->expect(ingest->handler->context, &datagram);
}

/* Returns true when it brought a datagram. */
static bool take(struct weir_ingest *ingest, const struct io_uring_cqe *cqe)
{
	bool filled = (cqe->flags & IORING_CQE_F_BUFFER) != 0;
	bool last = (cqe->flags & IORING_CQE_F_MORE) == 0;
	struct weir_listener *listener =
	        cqe->user_data < ingest->listener_count ? &ingest->listeners[cqe->user_data] : NULL;

	if (filled) {
		uint16_t id = (uint16_t)(cqe->flags >> IORING_CQE_BUFFER_SHIFT);
		deliver(ingest, listener, weir_ring_buffer(&ingest->ring, id), cqe->res);
		weir_ring_recycle(&ingest->ring, id);
	}
	if (last) {
		ingest->requests--;
		if (listener != NULL)
			weir_listener_ended(ingest, listener, cqe->res);
	}
	return filled;
}

uint32_t weir_receive_batch(struct weir_ingest *ingest, uint32_t limit)
{
	struct io_uring *uring = &ingest->ring.uring;
	struct io_uring_cqe *cqes[WEIR_RING_BUFFERS];
	uint32_t ahead = ingest->handler->ahead;
	uint32_t filled = 0;

	if (io_uring_cq_ready(uring) == 0)
		return 0;
	uint32_t count =
	        io_uring_peek_batch_cqe(uring, cqes, limit < WEIR_RING_BUFFERS ? limit : WEIR_RING_BUFFERS);

	ingest->taken_ns = time_of_day_ns();
	for (uint32_t i = 0; i < ahead; i++)
		expect(ingest, cqes, count, i);
	for (uint32_t i = 0; i < count; i++) {
		if (ahead > 0)
			expect(ingest, cqes, count, i + ahead);
		filled += take(ingest, cqes[i]);
	}
	io_uring_cq_advance(uring, count);
	weir_ring_publish(&ingest->ring);
	weir_count(&ingest->live.completions, count);
	weir_count(&ingest->live.batches, filled != 0);
	ingest->handled += filled;
	return count;
}
