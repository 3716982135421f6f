/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An engine and what it said, in order: each event as the bytes that subscribers get, each dead letter with
 * all that is said of it, kept as a hash, so that two engines can be held against each other.
 */
#ifndef WEIR_TESTS_WITNESS_H
#define WEIR_TESTS_WITNESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/engine.h>

#include "publish/geojson.h"

struct witness {
	struct weir_engine *engine;
	uint64_t *said;
	size_t count, room;
	uint64_t follows; /* calls */
	void (*follow)(uint64_t device, bool begins);
	const char
	        *name; /* prints the event of this number, which two witnesses disagree about; NULL: none */
	size_t show;
};

/* FNV-1a. */
static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	while (length-- > 0)
		hash = (hash ^ *at++) * 0x100000001b3;
	return hash;
}

/* Text, with what can't be printed as \xhh. */
static inline void print_text(FILE *to, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] >= ' ' && text[i] <= '~')
			fputc(text[i], to);
		else
			fprintf(to, "\\x%02x", (unsigned char)text[i]);
	fputc('\n', to);
}

static inline void witness_add(struct witness *witness, uint64_t hash, const void *text, size_t length)
{
	if (witness->count == witness->room) {
		witness->room = witness->room ? 2 * witness->room : 4096;
		witness->said = realloc(witness->said, witness->room * sizeof(*witness->said));
		if (witness->said == NULL)
			abort();
	}
	if (witness->name != NULL && witness->count == witness->show) {
		printf("# %s, %zu: ", witness->name, witness->count);
		print_text(stdout, text, length);
	}
	witness->said[witness->count++] = hash_bytes(hash, text, length);
}

#define WITNESS_HASH 0xcbf29ce484222325

static inline void witness_event(void *context, const struct weir_event *event)
{
	static char line[WEIR_GEOJSON_MAX];
	size_t length = weir_geojson(event, "site", line, sizeof(line));

	if (length == 0)
		abort();
	witness_add(context, hash_bytes(WITNESS_HASH, &event->time_ns, sizeof(event->time_ns)), line, length);
}

static inline void witness_letter(void *context, const struct weir_malformed *malformed)
{
	uint64_t hash = hash_bytes(WITNESS_HASH, &malformed->fault, sizeof(malformed->fault));

	hash = hash_bytes(hash, &malformed->offset, sizeof(malformed->offset));
	hash = hash_bytes(hash, &malformed->faults, sizeof(malformed->faults));
	hash = hash_bytes(hash, &malformed->received_ns, sizeof(malformed->received_ns));
	hash = hash_bytes(hash, malformed->sender.ip, sizeof(malformed->sender.ip));
	hash = hash_bytes(hash, &malformed->sender.port, sizeof(malformed->sender.port));
	witness_add(context, hash, malformed->bytes, malformed->length);
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
	uint64_t said, follows, accepted, outside, used, messages, parts, gps, left_out, fixes;
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
	        .gps = decode->sentences[WEIR_SENTENCE_GPS],
	        .left_out = decode->sentences[WEIR_SENTENCE_IGNORED],
	        .fixes = decode->fixes + decode->fixes_void,
	};

	for (int i = 0; i < WEIR_REPORT_OUTCOMES; i++)
		trace.used += engine->reports[i];
	trace.used -= trace.outside;
	return trace;
}

/* Nothing but reports outside and GPS sentences that were ignored, and at least one. */
static inline bool was_ignored(struct trace before, struct trace after)
{
	return after.said == before.said && after.follows == before.follows &&
	       after.accepted == before.accepted + 1 && after.used == before.used &&
	       after.outside + after.left_out > before.outside + before.left_out &&
	       after.parts == before.parts && after.gps == before.gps && after.fixes == before.fixes &&
	       after.outside - before.outside == after.messages - before.messages;
}

/*
 * What one engine counted and the other, which has not heard what was ignored, did not: the name of a
 * counter, NULL when there is none.
 */
static inline const char *witness_difference(const struct witness *a, const struct witness *b)
{
	const struct weir_engine_counters *one = weir_engine_counters(a->engine),
	                                  *two = weir_engine_counters(b->engine);
	const struct weir_decode_counters *here = weir_engine_decode_counters(a->engine),
	                                  *there = weir_engine_decode_counters(b->engine);
	static char name[32];

#define SAME(x, y) (memcmp(&(x), &(y), sizeof(x)) == 0)
	for (int i = 0; i < WEIR_REPORT_OUTCOMES; i++)
		if (i != WEIR_REPORT_OUTSIDE && one->reports[i] != two->reports[i]) {
			snprintf(name, sizeof(name), "reports[%d]", i);
			return name;
		}
	if (!SAME(one->events, two->events) || !SAME(one->alerts, two->alerts))
		return "events or alerts";
	if (!SAME(one->windows, two->windows))
		return "windows";
	if (one->letters != two->letters || !SAME(here->letters, there->letters) ||
	    !SAME(here->faults, there->faults))
		return "letters or faults";
	if (one->devices != two->devices || one->followed != two->followed ||
	    one->released != two->released || one->silent != two->silent)
		return "devices";
	if (one->statics != two->statics || one->statics_displaced != two->statics_displaced)
		return "statics";
	if (here->datagrams[WEIR_DATAGRAM_PARTIAL] != there->datagrams[WEIR_DATAGRAM_PARTIAL] ||
	    here->datagrams[WEIR_DATAGRAM_MALFORMED] != there->datagrams[WEIR_DATAGRAM_MALFORMED])
		return "datagrams";
	if (here->fixes_void != there->fixes_void || here->fixes != there->fixes ||
	    here->sentences[WEIR_SENTENCE_GPS] != there->sentences[WEIR_SENTENCE_GPS])
		return "fixes";
	if (here->fragments_joined != there->fragments_joined ||
	    here->fragments_lost != there->fragments_lost)
		return "fragments";
	return NULL;
#undef SAME
}

#endif
