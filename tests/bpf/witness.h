/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An engine and what it said: each event and each dead letter as one number, in order, so that two engines
 * can be held against each other.
 */
#ifndef WEIR_TESTS_WITNESS_H
#define WEIR_TESTS_WITNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <weir/engine.h>

struct witness {
	struct weir_engine *engine;
	uint64_t *said;
	size_t count, room;
	uint64_t follows; /* calls */
	void (*follow)(uint64_t device, bool begins);
};

/* FNV-1a. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	while (length-- > 0)
		hash = (hash ^ *at++) * 0x100000001b3;
	return hash;
}

static inline uint64_t hash_text(uint64_t hash, const char *text)
{
	return text == NULL ? hash_bytes(hash, "", 1) : hash_bytes(hash, text, strlen(text) + 1);
}

static inline void witness_add(struct witness *witness, uint64_t hash)
{
	if (witness->count == witness->room) {
		witness->room = witness->room ? 2 * witness->room : 65536;
		witness->said = realloc(witness->said, witness->room * sizeof(*witness->said));
		if (witness->said == NULL)
			abort();
	}
	witness->said[witness->count++] = hash;
}

static inline void witness_event(void *context, const struct weir_event *event)
{
	const struct weir_report *report = event->report;
	uint64_t hash = hash_bytes(0xcbf29ce484222325, &event->time_ns, sizeof(event->time_ns));

	hash = hash_bytes(hash, &event->kind, sizeof(event->kind));
	hash = hash_text(hash_text(hash_text(hash, event->id), event->source), event->ship_name);
	for (size_t i = 0; i < event->fence_count; i++)
		hash = hash_text(hash, event->fences[i]);
	if (report != NULL) {
		hash = hash_bytes(hash, &report->has, sizeof(report->has));
		hash = hash_bytes(hash, &report->message, sizeof(report->message));
		hash = hash_bytes(hash, &report->longitude_deg, sizeof(report->longitude_deg));
		hash = hash_bytes(hash, &report->latitude_deg, sizeof(report->latitude_deg));
	}
	if (event->alert != NULL) {
		hash = hash_text(hash_text(hash, event->alert->id), event->alert->fence);
		hash = hash_bytes(hash, &event->alert->rule, sizeof(event->alert->rule));
		hash = hash_bytes(hash, &event->alert->phase, sizeof(event->alert->phase));
	}
	witness_add(context, hash);
}

static inline void witness_letter(void *context, const struct weir_malformed *malformed)
{
	uint64_t hash = hash_bytes(0xcbf29ce484222325, malformed->bytes, malformed->length);

	hash = hash_bytes(hash, &malformed->fault, sizeof(malformed->fault));
	hash = hash_bytes(hash, &malformed->received_ns, sizeof(malformed->received_ns));
	witness_add(context, hash);
}

static inline void witness_follow(void *context, uint64_t device, bool begins)
{
	struct witness *witness = context;

	witness->follows++;
	if (witness->follow != NULL)
		witness->follow(device, begins);
}

static inline int witness_open(struct witness *witness, const struct weir_engine_options *options)
{
	const struct weir_engine_sink sink = {
	        .context = witness,
	        .event = witness_event,
	        .dead_letter = witness_letter,
	        .follow = witness_follow,
	};

	return weir_engine_new(&witness->engine, options, &sink);
}

static inline void witness_close(struct witness *witness)
{
	weir_engine_free(witness->engine);
	free(witness->said);
	*witness = (struct witness){0};
}

/* What a datagram did, as the difference between two of these. */
struct trace {
	uint64_t said, follows, accepted, outside, used, messages, parts;
};

static inline struct trace witness_trace(const struct witness *witness)
{
	const struct weir_decode_counters *decode = weir_engine_decode_counters(witness->engine);
	const struct weir_engine_counters *engine = weir_engine_counters(witness->engine);
	struct trace trace = {
	        .said = witness->count,
	        .follows = witness->follows,
	        .accepted = decode->datagrams[WEIR_DATAGRAM_ACCEPTED],
	        .outside = engine->reports[WEIR_REPORT_OUTSIDE],
	        .messages = decode->sentences[WEIR_SENTENCE_MESSAGE],
	        .parts = decode->sentences[WEIR_SENTENCE_FRAGMENT] + decode->fragments_joined,
	};

	for (int i = 0; i < WEIR_REPORT_OUTCOMES; i++)
		trace.used += engine->reports[i];
	trace.used -= trace.outside;
	return trace;
}

/* Nothing but reports outside that were ignored, and at least one. */
static inline bool was_ignored(struct trace before, struct trace after)
{
	return after.said == before.said && after.follows == before.follows &&
	       after.accepted == before.accepted + 1 && after.used == before.used &&
	       after.outside > before.outside && after.parts == before.parts &&
	       after.outside - before.outside == after.messages - before.messages;
}

#endif
