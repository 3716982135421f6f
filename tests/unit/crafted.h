/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sentences made by hand for the tests of the decoder, and what a decoder said of them. The bits are put
 * together here, one at a time, so that the tests share no code with what they test.
 */
#ifndef WEIR_TESTS_CRAFTED_H
#define WEIR_TESTS_CRAFTED_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/decode.h>

#define MMSI 244660000u
#define LONGITUDE 2430740 /* 4.0512333 degrees, 1/10,000 minute */
#define LATITUDE 31192594 /* 51.9876567 degrees */

struct crafted {
	uint8_t bits[1200]; /* one each */
	unsigned int count;
};

static inline void put(struct crafted *c, unsigned int width, int64_t value)
{
	while (width-- > 0)
		c->bits[c->count++] = value >> width & 1;
}

/* The payload characters; the last one is filled up with zero bits. Returns the fill. */
static inline unsigned int armour_text(char *out, const struct crafted *c)
{
	unsigned int at = 0;

	while (at < c->count) {
		unsigned int value = 0;

		for (int i = 0; i < 6; i++, at++)
			value = value * 2 + (at < c->count ? c->bits[at] : 0);
		*out++ = (char)(value < 40 ? value + 48 : value + 56);
	}
	*out = '\0';
	return at - c->count;
}

static inline void craft_position(struct crafted *c, unsigned int type, uint32_t mmsi, int lon, int lat)
{
	memset(c, 0, sizeof(*c));
	put(c, 6, type);
	put(c, 2, 0);
	put(c, 30, mmsi);
	put(c, 4, 0);    /* under way */
	put(c, 8, -128); /* no rate of turn */
	put(c, 10, 123); /* 12.3 kn */
	put(c, 1, 0);
	put(c, 28, lon);
	put(c, 27, lat);
	put(c, 12, 2314); /* 231.4 degrees */
	put(c, 9, 230);
	put(c, 6, 25);
	put(c, 25, 0);
}

static inline void craft_text(struct crafted *c, const char *text, int characters)
{
	for (int i = 0; i < characters; i++)
		put(c, 6, i < (int)strlen(text) ? text[i] & 63 : 0);
}

static inline void craft_static(struct crafted *c, uint32_t mmsi, const char *name)
{
	memset(c, 0, sizeof(*c));
	put(c, 6, 5);
	put(c, 2, 0);
	put(c, 30, mmsi);
	put(c, 2, 0);
	put(c, 30, 9074729);
	craft_text(c, "PABC", 7);
	craft_text(c, name, 20);
	put(c, 8, 70);
	put(c, 30, 0);
	put(c, 4, 1);
	put(c, 20, 0);
	put(c, 8, 71);
	craft_text(c, "ROTTERDAM", 20);
	put(c, 2, 0);
}

/* Room for any text of the tests. */
struct text {
	char bytes[1024];
	uint32_t length;
};

/* Appends "*hh" to what the format gives, over all behind its first character. */
__attribute__((format(printf, 1, 2))) static inline struct text sentence(const char *format, ...)
{
	struct text text;
	unsigned int sum = 0;
	va_list arguments;

	va_start(arguments, format);
	text.length = (uint32_t)vsnprintf(text.bytes, sizeof(text.bytes) - 8, format, arguments);
	va_end(arguments);
	for (uint32_t i = 1; i < text.length; i++)
		sum ^= (uint8_t)text.bytes[i];
	text.length += (uint32_t)snprintf(text.bytes + text.length, 8, "*%02X", sum);
	return text;
}

/* "\...*hh\" around the parameters. */
static inline struct text tag(const char *parameters)
{
	struct text text = sentence("\\%s", parameters);

	text.bytes[text.length++] = '\\';
	text.bytes[text.length] = '\0';
	return text;
}

static inline struct text position_of(uint32_t mmsi)
{
	struct crafted bits;
	char payload[256];

	craft_position(&bits, 1, mmsi, LONGITUDE, LATITUDE);
	armour_text(payload, &bits);
	return sentence("!AIVDM,1,1,,A,%s,0", payload);
}

/* Part number of total of a type 5 in equal parts; sequence '\0': none. */
static inline struct text static_part(uint32_t mmsi, const char *name, int number, int total,
                                      const char *sequence, const char *channel)
{
	struct crafted bits;
	char payload[256];

	craft_static(&bits, mmsi, name);
	int fill = (int)armour_text(payload, &bits);
	int each = ((int)strlen(payload) + total - 1) / total;

	return sentence("!AIVDM,%d,%d,%s,%s,%.*s,%d", total, number, sequence, channel, each,
	                payload + each * (number - 1), number == total ? fill : 0);
}

/* What a decoder said. */
struct heard_letter {
	enum weir_fault fault;
	uint32_t offset, faults, length;
	char text[600];
};

struct ear {
	struct weir_decoder *decoder;
	struct weir_address sender;
	int64_t now_ns;
	unsigned int message_count, letter_count;
	struct weir_message messages[64]; /* the latest ones: number n is at n % 64 */
	struct heard_letter letters[64];
	uint64_t fed;
};

static inline void ear_message(void *context, const struct weir_message *message)
{
	struct ear *ear = context;

	ear->messages[ear->message_count++ % 64] = *message;
}

static inline void ear_letter(void *context, const struct weir_malformed *malformed)
{
	struct ear *ear = context;
	struct heard_letter *letter = &ear->letters[ear->letter_count++ % 64];
	uint32_t length = malformed->length < 599 ? malformed->length : 599;

	letter->fault = malformed->fault;
	letter->offset = malformed->offset;
	letter->faults = malformed->faults;
	letter->length = malformed->length;
	if (length > 0)
		memcpy(letter->text, malformed->bytes, length);
	letter->text[length] = '\0';
}

#define RECEIVED_NS (INT64_C(1795324465) * 1000000000)

static inline void ear_open_with(struct ear *ear, const struct weir_decoder_options *options)
{
	struct weir_decode_sink sink = {.context = ear, .message = ear_message, .malformed = ear_letter};

	memset(ear, 0, sizeof(*ear));
	ear->now_ns = RECEIVED_NS;
	ear->sender.port = 10110;
	ck_assert_int_eq(weir_decoder_new(&ear->decoder, options, &sink), 0);
}

static inline void ear_open(struct ear *ear)
{
	ear_open_with(ear, NULL);
}

/* In a heap copy of exactly the length, so that a sanitizer sees every byte read too many. */
static inline void ear_feed(struct ear *ear, const void *bytes, size_t length)
{
	uint8_t *copy = malloc(length > 0 ? length : 1);

	ck_assert_ptr_nonnull(copy);
	memcpy(copy, bytes, length);
	weir_decoder_feed(ear->decoder, &(struct weir_datagram){.bytes = copy,
	                                                        .length = (uint32_t)length,
	                                                        .received_ns = ear->now_ns,
	                                                        .sender = ear->sender});
	ear->fed++;
	free(copy);
}

static inline void ear_feed_text(struct ear *ear, const char *text)
{
	ear_feed(ear, text, strlen(text));
}

static inline uint64_t sum_of(const uint64_t *values, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += values[i];
	return sum;
}

/* The sums that <weir/decode.h> promises, and that every callback was counted. */
static inline void ear_check_sums(const struct ear *ear)
{
	const struct weir_decode_counters *c = weir_decoder_counters(ear->decoder);
	uint64_t messages = sum_of(c->messages, 64);

	ck_assert_uint_eq(sum_of(c->datagrams, WEIR_DATAGRAM_OUTCOMES), ear->fed);
	ck_assert_uint_eq(messages, c->sentences[WEIR_SENTENCE_MESSAGE]);
	ck_assert_uint_eq(sum_of(c->time_sources, WEIR_TIME_SOURCES), messages + c->fixes);
	ck_assert_uint_eq(c->sentences[WEIR_SENTENCE_FRAGMENT],
	                  c->fragments_pending + c->fragments_joined + c->fragments_lost);
	ck_assert_uint_eq(c->sentences[WEIR_SENTENCE_MALFORMED], sum_of(c->faults, WEIR_FAULTS));
	ck_assert_uint_eq(sum_of(c->letters, WEIR_FAULTS), ear->letter_count);
	ck_assert_uint_eq(c->datagrams[WEIR_DATAGRAM_PARTIAL] + c->datagrams[WEIR_DATAGRAM_MALFORMED] +
	                          c->fragments_lost,
	                  ear->letter_count);
	ck_assert_uint_eq(messages - sum_of(c->undecoded, 64) + c->fixes, ear->message_count);
}

/* Flushes, checks that nothing waits and that the sums hold, and frees. */
static inline void ear_close(struct ear *ear)
{
	ear_check_sums(ear);
	weir_decoder_flush(ear->decoder);
	ck_assert_uint_eq(weir_decoder_counters(ear->decoder)->fragments_pending, 0);
	ear_check_sums(ear);
	weir_decoder_free(ear->decoder);
	ear->decoder = NULL;
}

#endif
