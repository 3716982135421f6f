/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A record: one event or dead letter on its way from a worker to the publisher, in one piece of memory
 * without pointers, so that it can lie in a ring, in the outbox, and one day in a file.
 *
 *     struct weir_record | subject NUL | id NUL | body
 */
#ifndef WEIR_PUBLISH_RECORD_H
#define WEIR_PUBLISH_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include <weir/datagram.h>

struct weir_record {
	uint32_t size;              /* of all of it, bytes */
	uint32_t body_length;       /* bytes */
	int64_t received_ns;        /* when the kernel received the datagram; 0: unknown */
	int64_t time_ns;            /* event time; of a dead letter its receive time */
	uint8_t publish_class;      /* enum weir_publish_class */
	uint8_t fault;              /* enum weir_fault, of a dead letter */
	uint8_t subject_length;     /* without NUL */
	uint8_t id_length;          /* without NUL; 0: the id is computed from the content */
	uint32_t offset;            /* of the first faulty sentence, of a dead letter */
	uint32_t faults;            /* faulty sentences, of a dead letter */
	struct weir_address sender; /* of a dead letter */
	uint8_t reserved[2];        /* 0: the content is hashed and may be stored */
};

_Static_assert(sizeof(struct weir_record) == 56, "a record has no hidden padding");

static inline char *weir_record_subject(const struct weir_record *record)
{
	return (char *)record + sizeof(*record);
}

static inline char *weir_record_id(const struct weir_record *record)
{
	return weir_record_subject(record) + record->subject_length + 1;
}

static inline char *weir_record_body(const struct weir_record *record)
{
	return weir_record_id(record) + record->id_length + 1;
}

#endif
