/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A random stream of datagrams: each has its sender, and what belongs together comes in one datagram or in
 * several with others in between: parts of a message, groups, epochs of a GPS receiver, what several stations
 * heard. Some are mutated, cut, concatenated.
 *
 *     static struct chance_stream stream = {.chance = {.state = seed, .corners = corners, .corner_count =
 * 8}}; stream.chance.time_s = now; const struct chance_datagram *datagram = chance_stream_next(&stream);
 */
#ifndef WEIR_TESTS_CHANCE_STREAM_H
#define WEIR_TESTS_CHANCE_STREAM_H

#include "chance_gps.h"

#define CHANCE_DATAGRAM_MAX (10 * CHANCE_LINE_MAX)
#define CHANCE_SENDERS 6 /* the last third of them over IPv6 */
#define CHANCE_LATER 24
#define CHANCE_HEARD 64

struct chance_datagram {
	uint8_t sender; /* 0 to CHANCE_SENDERS - 1 */
	uint32_t length;
	char bytes[CHANCE_DATAGRAM_MAX + 64];
};

/* A line that comes in a datagram of its own, later. */
struct chance_later {
	uint8_t sender;
	uint32_t length;
	char bytes[CHANCE_LINE_MAX];
};

struct chance_stream {
	struct chance chance;
	struct chance_datagram now;
	struct chance_later later[CHANCE_LATER]; /* in the order in which they were made */
	uint32_t later_count;
	char heard[CHANCE_HEARD][CHANCE_LINE_MAX]; /* lines, to be heard again */
	uint32_t heard_length[CHANCE_HEARD];
};

static inline uint8_t chance_sender(struct chance *chance)
{
	return (uint8_t)chance_below(chance, CHANCE_SENDERS);
}

static inline void chance_append(struct chance_datagram *datagram, const char *bytes, uint32_t length)
{
	memcpy(datagram->bytes + datagram->length, bytes, length);
	datagram->length += length;
}

/* Appends the line to this datagram, or makes it one of its own, which comes later. */
static inline void chance_put_line(struct chance_stream *stream, const char *line, uint32_t length,
                                   bool apart, uint8_t sender)
{
	if (!apart || stream->later_count == CHANCE_LATER) {
		chance_append(&stream->now, line, length);
		return;
	}
	struct chance_later *later = &stream->later[stream->later_count++];

	later->sender = sender;
	later->length = length;
	memcpy(later->bytes, line, length);
}

/* A message in several sentences, in order or not, all in one datagram or each in one of its own. */
static inline void chance_parts(struct chance_stream *stream)
{
	struct chance *chance = &stream->chance;
	struct payload payload;
	uint32_t total = 2 + chance_below(chance, 3), cuts[6] = {0}, sequence = chance_below(chance, 10);
	uint32_t group = chance_one_in(chance, 2) ? 1 + chance_below(chance, 40) : 0;
	bool apart = chance_one_in(chance, 2);
	char text[400], line[CHANCE_LINE_MAX];

	chance_payload(chance, &payload);
	uint32_t characters = armour(text, &payload), swap = chance_below(chance, 8);
	if (characters > 240)
		characters = 240;
	for (uint32_t i = 1; i < total; i++)
		cuts[i] = cuts[i - 1] + (chance->rough && chance_one_in(chance, 3)
		                                 ? chance_below(chance, 8)
		                                 : 8 + chance_below(chance, 1 + 2 * characters / total));
	cuts[total] = characters;
	for (uint32_t i = 0; i < total; i++)
		if (cuts[i] > characters)
			cuts[i] = characters;
	for (uint32_t i = 0; i < total; i++) {
		uint32_t part = swap == 0 ? total - 1 - i : i;
		char *at = line;

		if (group)
			at += chance_tag_block(chance, at, i == 0 ? chance_station(chance) : "", group,
			                       part + 1, total);
		char *begin = at;
		at += sprintf(at, "!AIVDM,%u,%u,%u,%c,%.*s,%u", total, part + 1, sequence, "AB"[sequence & 1],
		              (int)(cuts[part + 1] - cuts[part]), text + cuts[part],
		              part + 1 == total ? (6 - payload.count % 6) % 6 : 0);
		at = begin + chance_checksum(begin, (uint32_t)(at - begin));
		at += chance_end(chance, at);
		chance_put_line(stream, line, (uint32_t)(at - line), apart,
		                chance_one_in(chance, 40) ? chance_sender(chance) : stream->now.sender);
	}
}

/* Some sentences of one epoch. Its truck is bound to a sender. */
static inline void chance_epoch_lines(struct chance_stream *stream)
{
	struct chance *chance = &stream->chance;
	struct chance_epoch epoch = chance_epoch(chance);
	bool apart = chance_one_in(chance, 2);
	char line[CHANCE_LINE_MAX];

	if (!chance_one_in(chance, 30))
		stream->now.sender = (uint8_t)(epoch.truck % CHANCE_SENDERS);
	for (uint32_t count = 1 + chance_below(chance, 4); count > 0; count--)
		chance_put_line(stream, line, chance_gps_line(chance, line, &epoch), apart,
		                stream->now.sender);
}

/* A group: what the TAG block of the first line says holds for the others as well. */
static inline void chance_group(struct chance_stream *stream)
{
	struct chance *chance = &stream->chance;
	uint32_t group = 1 + chance_below(chance, 40), total = 2 + chance_below(chance, 2);
	bool apart = chance_one_in(chance, 3);
	char line[CHANCE_LINE_MAX];

	for (uint32_t i = 1; i <= total; i++) {
		struct payload payload;
		char *at = line + chance_tag_block(chance, line, i == 1 ? chance_station(chance) : "", group,
		                                   i, total);

		chance_payload(chance, &payload);
		at += chance_sentence(chance, at, &payload);
		at += chance_end(chance, at);
		chance_put_line(stream, line, (uint32_t)(at - line), apart, stream->now.sender);
	}
}

/* A report, which another station may have heard as well. */
static inline void chance_report(struct chance_stream *stream)
{
	struct chance *chance = &stream->chance;
	char line[CHANCE_LINE_MAX];
	uint32_t length, place = chance_below(chance, CHANCE_HEARD);

	if (stream->heard_length[place] && chance_one_in(chance, 8)) {
		length = chance_one_in(chance, 2)
		                 ? chance_tag_block(chance, line, chance_station(chance), 0, 0, 0)
		                 : 0;
		memcpy(line + length, stream->heard[place], stream->heard_length[place]);
		chance_append(&stream->now, line, length + stream->heard_length[place]);
		return;
	}
	length = chance_report_line(chance, line);
	if (*line == '!' && length < CHANCE_LINE_MAX / 2) {
		memcpy(stream->heard[place], line, length);
		stream->heard_length[place] = length;
	}
	chance_append(&stream->now, line, length);
}

static inline void chance_line(struct chance_stream *stream)
{
	struct chance *chance = &stream->chance;
	char line[CHANCE_LINE_MAX];

	if (chance->gps && !chance_one_in(chance, 4)) {
		chance_epoch_lines(stream);
		return;
	}
	switch (chance_below(chance, 32)) {
	case 0:
		chance_parts(stream);
		break;
	case 1:
		chance_epoch_lines(stream);
		break;
	case 2:
		chance_group(stream);
		break;
	case 3:
	case 4:
		chance_append(&stream->now, line, chance_other_line(chance, line));
		break;
	default:
		chance_report(stream);
	}
}

static inline uint32_t chance_mutate(struct chance *chance, char *text, uint32_t length)
{
	uint32_t at = length ? chance_below(chance, length) : 0;

	if (length == 0)
		return 0;
	switch (chance_below(chance, 6)) {
	case 0:
		return at; /* cut */
	case 1:
		text[at] ^= (char)(1u << chance_below(chance, 8));
		break;
	case 2:
		text[at] = (char)chance_below(chance, 256);
		break;
	case 3:
		memmove(text + at, text + at + 1, length - at - 1);
		length--;
		break;
	case 4:
		memmove(text + at + 1, text + at, length - at);
		text[at] = ",*!$\\\r\n0A:"[chance_below(chance, 10)];
		length++;
		break;
	default:
		text[at] = (char)(32 + chance_below(chance, 95));
	}
	if (length && chance_one_in(chance, 2)) {
		char *begin = memchr(text, chance->gps ? '$' : '!', length);

		if (begin != NULL)
			mend_checksum(begin, length - (uint32_t)(begin - text));
	}
	return length;
}

/* The lines of one datagram; what comes of them later is in the stream. */
static inline void chance_make(struct chance_stream *stream)
{
	struct chance *chance = &stream->chance;
	uint32_t most = chance->rough ? 10 : 3;
	uint32_t lines = chance_one_in(chance, 8) ? 2 + chance_below(chance, most - 1) : 1;

	stream->now.sender = chance_sender(chance);
	stream->now.length = 0;
	if (chance_one_in(chance, 20))
		chance_append(&stream->now, "UdPbC", 6);
	while (lines-- > 0 && stream->now.length < CHANCE_DATAGRAM_MAX - 5 * CHANCE_LINE_MAX)
		chance_line(stream);
}

static inline void chance_take_later(struct chance_stream *stream)
{
	/* Mostly in order. */
	uint32_t place =
	        chance_one_in(&stream->chance, 6) ? chance_below(&stream->chance, stream->later_count) : 0;

	const struct chance_later *later = &stream->later[place];

	stream->now.sender = later->sender;
	stream->now.length = 0;
	chance_append(&stream->now, later->bytes, later->length);
	stream->later_count--;
	memmove(&stream->later[place], &stream->later[place + 1],
	        (stream->later_count - place) * sizeof(stream->later[0]));
}

static inline const struct chance_datagram *chance_stream_next(struct chance_stream *stream)
{
	if (stream->later_count > 0 && chance_one_in(&stream->chance, 2))
		chance_take_later(stream);
	else
		chance_make(stream);
	/* After what is odd about a GPS sentence, nothing of GPS is dropped for a while. */
	uint32_t seldom = stream->chance.gps && !stream->chance.rough ? 400 : 8;
	for (uint32_t most = 30; most > 0 && chance_one_in(&stream->chance, seldom); most--)
		stream->now.length = chance_mutate(&stream->chance, stream->now.bytes, stream->now.length);
	return &stream->now;
}

/* A packet around it: what the sender's packets look like. */
static inline struct shape chance_shape(struct chance *chance, const struct chance_datagram *datagram)
{
	struct shape shape = {.ip = datagram->sender >= CHANCE_SENDERS * 2 / 3 ? 6 : 4,
	                      .sender = datagram->sender};

	if (!chance_one_in(chance, 4))
		return shape;
	shape.tags = (int)chance_below(chance, 3);
	shape.header_words = 5 + (int)chance_below(chance, 11);
	shape.padding = (int)chance_below(chance, 20);
	return shape;
}

#endif
