/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring between a worker and the publisher. See queue.h.
 */
#include "queue.h"

#include <errno.h>
#include <sys/mman.h>

/* Before each entry. An entry of length SKIP fills what is left of the lap. */
struct frame {
	uint32_t length;
	uint32_t reserved;
};

#define SKIP UINT32_MAX

_Static_assert(sizeof(struct frame) == 8, "entries are aligned to 8 bytes");

static size_t framed(size_t length)
{
	return sizeof(struct frame) + ((length + 7) & ~(size_t)7);
}

static struct frame *frame_at(const struct weir_queue *queue, uint64_t position)
{
	return (struct frame *)(void *)(queue->bytes + (position & (queue->size - 1)));
}

int weir_queue_init(struct weir_queue *queue, size_t size)
{
	if (size < 4096 || (size & (size - 1)) != 0)
		return -EINVAL;
	/* mmap() and not malloc(): pages that no lap has reached yet cost nothing. */
	void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (bytes == MAP_FAILED)
		return -ENOMEM;
	*queue = (struct weir_queue){.bytes = bytes, .size = size};
	return 0;
}

void weir_queue_destroy(struct weir_queue *queue)
{
	if (queue->bytes != NULL)
		munmap(queue->bytes, queue->size);
	queue->bytes = NULL;
}

void *weir_queue_reserve(struct weir_queue *queue, size_t length, size_t limit)
{
	uint64_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);
	size_t needed = framed(length);
	size_t lap_rest = queue->size - (size_t)(head & (queue->size - 1));
	size_t skipped = needed > lap_rest ? lap_rest : 0;

	if (limit > queue->size)
		limit = queue->size;
	if (needed > queue->size || skipped + needed > limit)
		return NULL;
	uint64_t room = limit - skipped - needed;
	if (head - queue->tail_seen > room) {
		queue->tail_seen = atomic_load_explicit(&queue->tail, memory_order_acquire);
		if (head - queue->tail_seen > room)
			return NULL;
	}
	if (skipped != 0) /* not seen by the consumer before the commit moves head beyond it */
		frame_at(queue, head)->length = SKIP;
	queue->reserved_at = head + skipped;
	return frame_at(queue, queue->reserved_at) + 1;
}

void weir_queue_commit(struct weir_queue *queue, size_t length)
{
	frame_at(queue, queue->reserved_at)->length = (uint32_t)length;
	atomic_store_explicit(&queue->head, queue->reserved_at + framed(length), memory_order_release);
}

const void *weir_queue_peek(struct weir_queue *queue, size_t *length)
{
	uint64_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);

	if (tail == queue->head_seen) {
		queue->head_seen = atomic_load_explicit(&queue->head, memory_order_acquire);
		if (tail == queue->head_seen)
			return NULL;
	}
	const struct frame *frame = frame_at(queue, tail);
	if (frame->length == SKIP) {
		tail += queue->size - (tail & (queue->size - 1));
		atomic_store_explicit(&queue->tail, tail, memory_order_release);
		frame = frame_at(queue, tail); /* a skip and the entry after it are committed together */
	}
	*length = frame->length;
	return frame + 1;
}

void weir_queue_release(struct weir_queue *queue)
{
	uint64_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);

	tail += framed(frame_at(queue, tail)->length);
	atomic_store_explicit(&queue->tail, tail, memory_order_release);
}

size_t weir_queue_used(const struct weir_queue *queue)
{
	/* tail first: it can't pass a head that is read later */
	uint64_t tail = atomic_load_explicit(&queue->tail, memory_order_acquire);
	uint64_t head = atomic_load_explicit(&queue->head, memory_order_acquire);
	uint64_t used = head - tail;

	return used < queue->size ? (size_t)used : queue->size;
}
