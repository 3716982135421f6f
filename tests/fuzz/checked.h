/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the fuzz targets of the decoder hold against each input: the sums of its counters, and that what it
 * hands over is what its header promises. A promise that is broken ends the program.
 */
#ifndef WEIR_TESTS_FUZZ_CHECKED_H
#define WEIR_TESTS_FUZZ_CHECKED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/decode.h>

#define MUST(condition)                                                                                      \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);              \
			abort();                                                                             \
		}                                                                                            \
	} while (0)

struct checked {
	struct weir_decoder *decoder;
	uint64_t fed, messages, letters;
};

static inline void check_station(const char *station)
{
	MUST(memchr(station, '\0', 16) != NULL);
	for (; *station != '\0'; station++)
		MUST(*station >= ' ' && *station <= '~');
}

static inline void check_fix(const struct weir_fix *fix)
{
	MUST(fix->latitude_deg >= -90 && fix->latitude_deg <= 90);
	MUST(fix->longitude_deg >= -180 && fix->longitude_deg <= 180);
	MUST(fix->sog_kn >= 0 && fix->sog_kn < 1e9);
	MUST(fix->cog_deg >= 0 && fix->cog_deg < 360);
	MUST(fix->heading_deg >= 0 && fix->heading_deg < 360);
	MUST(fix->satellites <= 99);
	MUST(fix->sentences != 0);
}

static inline void checked_message(void *context, const struct weir_message *message)
{
	struct checked *checked = context;

	checked->messages++;
	MUST(message->time_source < WEIR_TIME_SOURCES);
	check_station(message->station);
	if (message->kind == WEIR_MESSAGE_FIX) {
		check_fix(&message->fix);
		return;
	}
	MUST(message->offset < message->datagram->length);
	MUST(message->fragments >= 1 && message->fragments <= 9);
	MUST(strlen(message->talker) == 2);
	MUST(message->ais.mmsi >= 1 && message->ais.mmsi <= 999999999);
	MUST(message->ais.type >= 1 && message->ais.type <= 28);
}

static inline void checked_malformed(void *context, const struct weir_malformed *malformed)
{
	struct checked *checked = context;
	volatile uint8_t byte = 0;

	checked->letters++;
	MUST((unsigned int)malformed->fault < WEIR_FAULTS);
	MUST(malformed->faults >= 1);
	MUST(malformed->offset <= malformed->length);
	for (uint32_t i = 0; i < malformed->length; i++)
		byte = malformed->bytes[i];
	(void)byte;
}

static inline uint64_t sum_of(const uint64_t *values, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

static inline void check_sums(const struct checked *checked)
{
	const struct weir_decode_counters *c = weir_decoder_counters(checked->decoder);
	uint64_t messages = sum_of(c->messages, 64);

	MUST(sum_of(c->datagrams, WEIR_DATAGRAM_OUTCOMES) == checked->fed);
	MUST(messages == c->sentences[WEIR_SENTENCE_MESSAGE]);
	MUST(sum_of(c->time_sources, WEIR_TIME_SOURCES) == messages + c->fixes);
	MUST(c->sentences[WEIR_SENTENCE_FRAGMENT] ==
	     c->fragments_pending + c->fragments_joined + c->fragments_lost);
	MUST(c->sentences[WEIR_SENTENCE_MALFORMED] == sum_of(c->faults, WEIR_FAULTS));
	MUST(sum_of(c->letters, WEIR_FAULTS) == checked->letters);
	MUST(c->datagrams[WEIR_DATAGRAM_PARTIAL] + c->datagrams[WEIR_DATAGRAM_MALFORMED] +
	             c->fragments_lost ==
	     checked->letters);
	MUST(messages - sum_of(c->undecoded, 64) + c->fixes == checked->messages);
}

static inline void checked_open(struct checked *checked, const struct weir_decoder_options *options)
{
	struct weir_decode_sink sink = {
	        .context = checked, .message = checked_message, .malformed = checked_malformed};

	memset(checked, 0, sizeof(*checked));
	MUST(weir_decoder_new(&checked->decoder, options, &sink) == 0);
}

/* In a copy of exactly the length, so that the sanitizer sees every byte read too many. */
static inline void checked_feed(struct checked *checked, const uint8_t *bytes, size_t length, int64_t time_ns,
                                uint8_t sender)
{
	uint8_t *copy = malloc(length > 0 ? length : 1);

	MUST(copy != NULL);
	memcpy(copy, bytes, length);
	checked->fed++;
	weir_decoder_feed(checked->decoder, &(struct weir_datagram){.bytes = copy,
	                                                            .length = (uint32_t)length,
	                                                            .received_ns = time_ns,
	                                                            .sender = {.port = sender}});
	check_sums(checked);
	free(copy);
}

static inline void checked_close(struct checked *checked)
{
	weir_decoder_flush(checked->decoder);
	check_sums(checked);
	MUST(weir_decoder_counters(checked->decoder)->fragments_pending == 0);
	weir_decoder_free(checked->decoder);
}

#endif
