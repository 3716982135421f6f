/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The io_uring of one worker and its ring of provided buffers. Private to the directory.
 *
 * Every buffer takes a whole datagram of the greatest length, so that none is ever cut. That is cheap:
 * the memory is mapped, not touched, and a sentence of 80 bytes touches one page of its buffer. 256
 * buffers are 17 MB of addresses, 1 to 2 MB resident with sentences, 17 MB after a storm of datagrams
 * of 64 KB, and never more.
 */
#ifndef WEIR_INGEST_RING_H
#define WEIR_INGEST_RING_H

#include <liburing.h>
#include <sys/socket.h>

#include "ingest/ingest.h"

#define WEIR_RING_BUFFERS 256 /* power of two, at most 32,768; measured: see bench_ingest */
#define WEIR_RING_GROUP 0     /* the buffer group's id */

/* For tests and measurements; zero is the built-in value everywhere. */
struct weir_ingest_tuning {
	enum weir_ring_mode best_mode; /* what to try first */
	uint32_t buffers;              /* power of two */
	uint32_t payload_bytes;        /* of a buffer */
};

struct weir_ring {
	struct io_uring uring;
	enum weir_ring_mode mode;
	struct msghdr layout; /* how much room names and control data have in a buffer */
	struct io_uring_buf_ring *slots;
	size_t slots_bytes;
	uint8_t *memory;
	size_t memory_bytes;
	uint32_t buffers;
	uint32_t stride; /* bytes from one buffer to the next */
	uint32_t buffer_bytes;
	uint32_t recycled; /* buffers given back, not yet shown to the kernel */
};

/*
 * Made disabled: the thread that enables it becomes the only one that may submit.
 * Returns 0 or a negative errno with problem.
 */
int weir_ring_open(struct weir_ring *ring, const struct weir_ingest_tuning *tuning, char *problem,
                   size_t problem_size);

static inline uint8_t *weir_ring_buffer(const struct weir_ring *ring, uint16_t id)
{
	return ring->memory + (size_t)id * ring->stride;
}

/* Gives a buffer back; the kernel sees it at weir_ring_publish(). */
void weir_ring_recycle(struct weir_ring *ring, uint16_t id);
void weir_ring_publish(struct weir_ring *ring);

/* Takes one whose opening failed, too. */
void weir_ring_close(struct weir_ring *ring);

/*
 * Why io_uring_setup() may have failed with this errno, and what to do. disabled: the value of
 * kernel.io_uring_disabled, -1 where there is none; filtered: this process has a seccomp filter.
 */
void weir_ring_explain(int error, int disabled, bool filtered, char *problem, size_t problem_size);

/* The same, having looked at this process and machine. */
void weir_ring_explain_here(int error, char *problem, size_t problem_size);

/* weir_ingest_open() with other than the built-in values. tuning may be NULL. */
int weir_ingest_open_tuned(struct weir_ingest **out, const struct weir_ingest_options *options,
                           const struct weir_ingest_tuning *tuning, char *problem, size_t problem_size);

#endif
