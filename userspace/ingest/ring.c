/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Setting up and taking down the io_uring and its buffers. What is received is none of its business.
 */
#include "ingest/ring.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define CACHE_LINE 64
#define SUBMISSIONS 256 /* two for each endpoint and the stop, at once */
#define COMPLETIONS_MIN 1024

/* A completion is in need of a buffer, or ends a request: with twice the buffers there is always room. */
static unsigned int completion_slots(uint32_t buffers)
{
	return buffers * 2 > COMPLETIONS_MIN ? buffers * 2 : COMPLETIONS_MIN;
}

static int open_uring(struct weir_ring *ring, enum weir_ring_mode best)
{
	static const unsigned int flags[] = {
	        [WEIR_RING_DEFER] = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
	        [WEIR_RING_COOP] = IORING_SETUP_COOP_TASKRUN,
	        [WEIR_RING_PLAIN] = 0,
	};
	_Static_assert(sizeof(flags) / sizeof(flags[0]) == WEIR_RING_MODES, "flags for each mode");
	int error = -EINVAL;

	/* A kernel that lacks a mode says EINVAL. */
	for (enum weir_ring_mode mode = best; mode < WEIR_RING_MODES && error == -EINVAL; mode++) {
		struct io_uring_params params = {
		        .flags = flags[mode] | IORING_SETUP_R_DISABLED | IORING_SETUP_CQSIZE,
		        .cq_entries = completion_slots(ring->buffers),
		};
		error = io_uring_queue_init_params(SUBMISSIONS, &ring->uring, &params);
		ring->mode = mode;
	}
	if (error != 0)
		ring->uring.ring_fd = -1;
	return error;
}

/* Multishot recvmsg came with Linux 6.0, as did this operation, which a probe can see. */
static bool kernel_is_new_enough(struct weir_ring *ring)
{
	struct io_uring_probe *probe = io_uring_get_probe_ring(&ring->uring);
	bool new_enough = probe != NULL && io_uring_opcode_supported(probe, IORING_OP_SEND_ZC);

	io_uring_free_probe(probe);
	return new_enough;
}

static void *map(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int map_buffers(struct weir_ring *ring, uint32_t payload_bytes)
{
	/* Rounded up, so that control data and payload, which follow the name, are aligned to 8 bytes. */
	ring->layout.msg_namelen = (sizeof(struct sockaddr_in6) + 7) / 8 * 8;
	ring->layout.msg_controllen = CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(uint32_t));
	size_t bytes = sizeof(struct io_uring_recvmsg_out) + ring->layout.msg_namelen +
	               ring->layout.msg_controllen + payload_bytes;

	/* An odd number of cache lines apart, so that the starts of the buffers share out all cache sets. */
	ring->buffer_bytes = (uint32_t)bytes;
	ring->stride = (uint32_t)((bytes + CACHE_LINE - 1) / CACHE_LINE | 1) * CACHE_LINE;
	ring->memory_bytes = (size_t)ring->stride * ring->buffers;
	ring->memory = map(ring->memory_bytes);
	ring->slots_bytes = ring->buffers * sizeof(struct io_uring_buf);
	ring->slots = map(ring->slots_bytes);
	if (ring->memory == NULL || ring->slots == NULL)
		return -ENOMEM;
	/* With huge pages the first sentences would make all of it resident. */
	madvise(ring->memory, ring->memory_bytes, MADV_NOHUGEPAGE);
	return 0;
}

static int register_buffers(struct weir_ring *ring)
{
	struct io_uring_buf_reg registration = {
	        .ring_addr = (uint64_t)(uintptr_t)ring->slots,
	        .ring_entries = ring->buffers,
	        .bgid = WEIR_RING_GROUP,
	};
	int error = io_uring_register_buf_ring(&ring->uring, &registration, 0);

	if (error != 0)
		return error;
	io_uring_buf_ring_init(ring->slots);
	for (uint32_t id = 0; id < ring->buffers; id++)
		weir_ring_recycle(ring, (uint16_t)id);
	weir_ring_publish(ring);
	return 0;
}

int weir_ring_open(struct weir_ring *ring, const struct weir_ingest_tuning *tuning, char *problem,
                   size_t problem_size)
{
	struct weir_ring opened = {.buffers = tuning->buffers != 0 ? tuning->buffers : WEIR_RING_BUFFERS};
	uint32_t payload_bytes = tuning->payload_bytes != 0 ? tuning->payload_bytes : WEIR_DATAGRAM_MAX;
	int error = open_uring(&opened, tuning->best_mode);

	if (error != 0) {
		weir_ring_explain_here(error, problem, problem_size);
		return error;
	}
	if (!kernel_is_new_enough(&opened)) {
		error = -EOPNOTSUPP;
		snprintf(problem, problem_size,
		         "this kernel's io_uring can't receive many datagrams with one request: Linux 6.0 or "
		         "newer is "
		         "needed (Debian 12 has 6.1)");
		goto out;
	}
	error = map_buffers(&opened, payload_bytes);
	if (error == 0)
		error = register_buffers(&opened);
	if (error != 0)
		snprintf(problem, problem_size, "receive buffers of io_uring: %s", strerror(-error));
out:
	if (error != 0)
		weir_ring_close(&opened);
	else
		*ring = opened;
	return error;
}

void weir_ring_recycle(struct weir_ring *ring, uint16_t id)
{
	io_uring_buf_ring_add(ring->slots, weir_ring_buffer(ring, id), ring->buffer_bytes, id,
	                      io_uring_buf_ring_mask(ring->buffers), (int)ring->recycled);
	ring->recycled++;
}

void weir_ring_publish(struct weir_ring *ring)
{
	io_uring_buf_ring_advance(ring->slots, (int)ring->recycled);
	ring->recycled = 0;
}

void weir_ring_close(struct weir_ring *ring)
{
	if (ring->uring.ring_fd >= 0)
		io_uring_queue_exit(&ring->uring);
	ring->uring.ring_fd = -1;
	if (ring->memory != NULL)
		munmap(ring->memory, ring->memory_bytes);
	if (ring->slots != NULL)
		munmap(ring->slots, ring->slots_bytes);
	ring->memory = NULL;
	ring->slots = NULL;
}
