/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The outbox in memory: an arena of bytes used as a ring, and a ring of slots that describe it. Records
 * leave in any order; memory is freed in the order in which it was taken. See outbox.h.
 */
#include "outbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BYTES_MIN ((size_t)256 << 10)

/* The smallest record is about as large: the slots don't run out before the bytes do. */
#define BYTES_PER_SLOT 128

enum slot_state { SLOT_WAITING, SLOT_IN_FLIGHT, SLOT_DONE };

struct slot {
	int64_t deadline_ns;
	uint64_t at;   /* in the arena; grows for ever, taken modulo its size */
	uint32_t size; /* of the record */
	uint32_t attempts;
	enum slot_state state;
};

struct weir_outbox {
	uint8_t *arena;
	size_t arena_size;
	struct slot *slots;
	size_t slot_count;  /* a power of two */
	uint64_t first;     /* the number of the oldest slot in use */
	uint64_t last;      /* the next number */
	uint64_t scan;      /* no slot before this one waits */
	uint64_t arena_end; /* where the next record goes */
	size_t pending;
	size_t in_flight;
	size_t bytes;
};

static struct slot *slot_of(const struct weir_outbox *outbox, uint64_t number)
{
	return &outbox->slots[number & (outbox->slot_count - 1)];
}

static const struct weir_record *record_of(const struct weir_outbox *outbox, const struct slot *slot)
{
	return (const void *)(outbox->arena + slot->at % outbox->arena_size);
}

/* The slot of a record that is still there, else NULL. */
static struct slot *find(const struct weir_outbox *outbox, uint64_t number)
{
	if (number < outbox->first || number >= outbox->last)
		return NULL;
	struct slot *slot = slot_of(outbox, number);
	return slot->state != SLOT_DONE ? slot : NULL;
}

static void *map(size_t size)
{
	/* Pages that no record has reached cost nothing. */
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory != MAP_FAILED ? memory : NULL;
}

int weir_outbox_new(struct weir_outbox **out, size_t bytes)
{
	if (bytes < BYTES_MIN)
		return -EINVAL;
	struct weir_outbox *outbox = calloc(1, sizeof(*outbox));
	if (outbox == NULL)
		return -ENOMEM;
	outbox->arena_size = bytes & ~(size_t)7;
	outbox->slot_count = 1024;
	while (outbox->slot_count < bytes / BYTES_PER_SLOT)
		outbox->slot_count *= 2;
	outbox->arena = map(outbox->arena_size);
	outbox->slots = map(outbox->slot_count * sizeof(struct slot));
	if (outbox->arena == NULL || outbox->slots == NULL) {
		weir_outbox_free(outbox);
		return -ENOMEM;
	}
	*out = outbox;
	return 0;
}

void weir_outbox_free(struct weir_outbox *outbox)
{
	if (outbox == NULL)
		return;
	if (outbox->slots != NULL)
		munmap(outbox->slots, outbox->slot_count * sizeof(struct slot));
	if (outbox->arena != NULL)
		munmap(outbox->arena, outbox->arena_size);
	free(outbox);
}

int weir_outbox_add(struct weir_outbox *outbox, const struct weir_record *record)
{
	size_t size = (record->size + (size_t)7) & ~(size_t)7;

	if (size > outbox->arena_size)
		return -EMSGSIZE;
	if (outbox->first == outbox->last)
		outbox->arena_end = 0; /* begin anew, in memory that is warm */
	uint64_t at = outbox->arena_end;
	size_t lap_rest = outbox->arena_size - (size_t)(at % outbox->arena_size);
	if (size > lap_rest)
		at += lap_rest; /* records are contiguous */
	uint64_t oldest = outbox->first == outbox->last ? at : slot_of(outbox, outbox->first)->at;
	if (at + size - oldest > outbox->arena_size || outbox->last - outbox->first == outbox->slot_count)
		return -ENOSPC;

	memcpy(outbox->arena + at % outbox->arena_size, record, record->size);
	*slot_of(outbox, outbox->last) = (struct slot){.at = at, .size = record->size, .state = SLOT_WAITING};
	outbox->last++;
	outbox->arena_end = at + size;
	outbox->pending++;
	outbox->bytes += record->size;
	return 0;
}

bool weir_outbox_next(struct weir_outbox *outbox, struct weir_outbox_entry *entry)
{
	while (outbox->scan < outbox->last && slot_of(outbox, outbox->scan)->state != SLOT_WAITING)
		outbox->scan++;
	if (outbox->scan == outbox->last)
		return false;
	const struct slot *slot = slot_of(outbox, outbox->scan);
	*entry = (struct weir_outbox_entry){
	        .number = outbox->scan, .record = record_of(outbox, slot), .attempts = slot->attempts};
	return true;
}

void weir_outbox_sent(struct weir_outbox *outbox, uint64_t number, int64_t deadline_ns)
{
	struct slot *slot = find(outbox, number);

	if (slot == NULL)
		return;
	if (slot->state == SLOT_WAITING)
		outbox->in_flight++;
	slot->state = SLOT_IN_FLIGHT;
	slot->deadline_ns = deadline_ns;
	slot->attempts++;
}

bool weir_outbox_remove(struct weir_outbox *outbox, uint64_t number, int64_t *received_ns)
{
	struct slot *slot = find(outbox, number);

	if (slot == NULL)
		return false;
	if (slot->state == SLOT_IN_FLIGHT)
		outbox->in_flight--;
	*received_ns = record_of(outbox, slot)->received_ns;
	slot->state = SLOT_DONE;
	outbox->pending--;
	outbox->bytes -= slot->size;
	while (outbox->first < outbox->last && slot_of(outbox, outbox->first)->state == SLOT_DONE)
		outbox->first++;
	if (outbox->scan < outbox->first)
		outbox->scan = outbox->first;
	return true;
}

static void wait_again(struct weir_outbox *outbox, uint64_t number, struct slot *slot)
{
	slot->state = SLOT_WAITING;
	outbox->in_flight--;
	if (number < outbox->scan)
		outbox->scan = number;
}

void weir_outbox_retry(struct weir_outbox *outbox, uint64_t number)
{
	struct slot *slot = find(outbox, number);

	if (slot != NULL && slot->state == SLOT_IN_FLIGHT)
		wait_again(outbox, number, slot);
}

size_t weir_outbox_expire(struct weir_outbox *outbox, int64_t now_ns)
{
	size_t expired = 0;

	for (uint64_t number = outbox->first; number < outbox->last && outbox->in_flight > 0; number++) {
		struct slot *slot = slot_of(outbox, number);
		if (slot->state != SLOT_IN_FLIGHT || slot->deadline_ns > now_ns)
			continue;
		wait_again(outbox, number, slot);
		expired++;
	}
	return expired;
}

size_t weir_outbox_rewind(struct weir_outbox *outbox)
{
	return weir_outbox_expire(outbox, INT64_MAX);
}

size_t weir_outbox_pending(const struct weir_outbox *outbox)
{
	return outbox->pending;
}

size_t weir_outbox_in_flight(const struct weir_outbox *outbox)
{
	return outbox->in_flight;
}

size_t weir_outbox_bytes(const struct weir_outbox *outbox)
{
	return outbox->bytes;
}
