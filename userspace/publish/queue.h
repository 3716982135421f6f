/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bounded ring of bytes for one producer thread and one consumer thread, without locks.
 *
 * Entries are contiguous: what does not fit before the ring's end begins at its start, and the rest of
 * the lap is skipped. The producer reserves the most that an entry may need, writes, and commits what it
 * took; the consumer looks at the oldest entry in place and releases it.
 *
 * Does not know what is in an entry, does not wait, does not wake anybody.
 */
#ifndef WEIR_PUBLISH_QUEUE_H
#define WEIR_PUBLISH_QUEUE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_CACHE_LINE 64

/*
 * Positions only grow; they are taken modulo size. Each side keeps a copy of the other's, and has a cache
 * line of its own: what one side writes is not next to what the other one does.
 */
struct weir_queue {
	_Alignas(WEIR_CACHE_LINE) uint8_t *bytes;
	size_t size; /* a power of two */
	uint8_t pad_shared[WEIR_CACHE_LINE - 16];
	_Atomic uint64_t head; /* written by the producer, as the two that follow */
	uint64_t tail_seen;
	uint64_t reserved_at;
	uint8_t pad_producer[WEIR_CACHE_LINE - 24];
	_Atomic uint64_t tail; /* written by the consumer, as the next one */
	uint64_t head_seen;
	uint8_t pad_consumer[WEIR_CACHE_LINE - 16];
};

_Static_assert(sizeof(struct weir_queue) == 3 * WEIR_CACHE_LINE, "three lines: shared, producer, consumer");

/* size is a power of two, at least 4,096. Returns 0, -EINVAL or -ENOMEM. */
int weir_queue_init(struct weir_queue *queue, size_t size);

/* Takes a ring of zeros too. */
void weir_queue_destroy(struct weir_queue *queue);

/*
 * Producer: room for an entry of up to length bytes, 8-byte aligned, if afterwards no more than limit
 * bytes of the ring are in use (an entry costs 8 bytes more); NULL if there is not.
 */
void *weir_queue_reserve(struct weir_queue *queue, size_t length, size_t limit);

/* Producer: the reserved entry has length bytes, no more than were reserved, and can be seen. */
void weir_queue_commit(struct weir_queue *queue, size_t length);

/* Consumer: the oldest entry, or NULL. It stays until it is released. */
const void *weir_queue_peek(struct weir_queue *queue, size_t *length);
void weir_queue_release(struct weir_queue *queue);

/* Any thread: bytes in use, a moment ago. */
size_t weir_queue_used(const struct weir_queue *queue);

#endif
