/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random datagrams: valid in all wrappings, mutated, truncated, concatenated, with positions at the edges of
 * things. Reproducible from a seed.
 */
#ifndef WEIR_TESTS_CHANCE_H
#define WEIR_TESTS_CHANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "frames.h"

struct chance {
	uint64_t state;
	/* Corners of boxes, in 1/10,000 minute, around which positions are thrown. */
	int32_t (*corners)[2];
	uint32_t corner_count;
	int64_t time_s; /* what TAG blocks and the like say */
	bool lies;      /* some TAG blocks are a day off */
};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t chance_next(struct chance *chance)
{
	uint64_t z = chance->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline uint32_t chance_below(struct chance *chance, uint32_t limit)
{
	return (uint32_t)(chance_next(chance) >> 32) % limit;
}

static inline bool chance_one_in(struct chance *chance, uint32_t n)
{
	return chance_below(chance, n) == 0;
}

/* One of a few ships, a distress beacon now and then, an impossible number seldom. */
static inline uint32_t chance_mmsi(struct chance *chance)
{
	static const uint32_t odd[] = {0,         1,         999999999, 1000000000, 970000001, 972999999,
	                               974123456, 969999999, 971000000, 973000000,  975000000, 1073741823};

	if (chance_one_in(chance, 40))
		return odd[chance_below(chance, sizeof(odd) / sizeof(odd[0]))];
	return 244000000 + 7919 * chance_below(chance, 60);
}

static inline void chance_position(struct chance *chance, int32_t *longitude, int32_t *latitude)
{
	static const int32_t odd[] = {0,         108000000, 108000001,  -108000000, -108000001, 108600000,
	                              108599999, 107999999, -107999999, 54000000,   54000001,   -54000000,
	                              -54000001, 54600000,  53999999,   134217727,  -134217728, 67108863,
	                              -67108864, 1,         -1};
	const int32_t *corner = chance->corners[chance_below(chance, chance->corner_count)];
	const int32_t *other = chance->corners[chance_below(chance, chance->corner_count)];
	int32_t spread = chance_one_in(chance, 2) ? 3 : chance_one_in(chance, 2) ? 20000 : 2000000;

	*longitude = corner[0] + (int32_t)chance_below(chance, (uint32_t)(2 * spread)) - spread;
	*latitude = other[1] + (int32_t)chance_below(chance, (uint32_t)(2 * spread)) - spread;
	if (chance_one_in(chance, 30))
		*longitude = odd[chance_below(chance, sizeof(odd) / sizeof(odd[0]))];
	if (chance_one_in(chance, 30))
		*latitude = odd[chance_below(chance, sizeof(odd) / sizeof(odd[0]))];
}

static inline uint32_t chance_type(struct chance *chance)
{
	static const uint8_t usual[] = {1, 1, 1, 2, 3, 3, 18, 18, 4, 9, 11, 17, 19, 21, 27, 28, 5, 24, 14, 8};

	if (chance_one_in(chance, 20))
		return chance_below(chance, 64);
	return usual[chance_below(chance, sizeof(usual))];
}

static inline uint32_t chance_length(struct chance *chance, uint32_t type)
{
	static const uint16_t nominal[64] = {
	        [5] = 424, [17] = 128, [19] = 312, [21] = 272, [24] = 160, [27] = 96, [8] = 120, [14] = 120};
	static const uint16_t odd[] = {144, 148, 149, 150, 162, 163, 167, 169,
	                               186, 204, 205, 210, 40,  80,  96,  36};

	if (chance_one_in(chance, 12))
		return odd[chance_below(chance, sizeof(odd) / sizeof(odd[0]))];
	if (chance_one_in(chance, 30))
		return 6 + chance_below(chance, 420);
	return nominal[type] ? nominal[type] : 168;
}

static inline void chance_payload(struct chance *chance, struct payload *payload)
{
	uint32_t type = chance_type(chance);
	int32_t longitude, latitude;

	chance_position(chance, &longitude, &latitude);
	if (type == 17 || type == 27) {
		longitude /= 1000;
		latitude /= 1000;
	}
	uint32_t mmsi = chance_mmsi(chance);
	make_report(payload, chance_length(chance, type), type, mmsi, longitude, latitude);
	if (type <= 3 && chance_one_in(chance, 50))
		set_bits_of(payload, 38, 4, 14);
	if (type == 27 && chance_one_in(chance, 50))
		set_bits_of(payload, 40, 4, 14);
}

static inline uint32_t chance_tag_block(struct chance *chance, char *out)
{
	char body[96];
	int length = 0;
	uint32_t kind = chance_below(chance, 8);

	if (kind != 0)
		length += snprintf(body + length, sizeof(body) - (size_t)length, "s:st%u,",
		                   chance_below(chance, 50));
	if (kind == 1)
		length += snprintf(body + length, sizeof(body) - (size_t)length, "g:1-2-%u,",
		                   chance_below(chance, 100));
	int64_t time_s = chance->time_s;
	if (chance->lies && chance_one_in(chance, 8))
		time_s += chance_one_in(chance, 2) ? 86400 : -86400;
	length += snprintf(body + length, sizeof(body) - (size_t)length, "c:%lld", (long long)time_s);
	unsigned int sum = xor_of(body, (size_t)length);

	if (chance_one_in(chance, 20))
		sum ^= 1;
	return (uint32_t)sprintf(out, "\\%s*%02X\\", body, sum);
}

/* One line: a report in one sentence or two, or a sentence of another kind, in its wrapping. */
static inline uint32_t chance_line(struct chance *chance, char *out)
{
	static const char *const heads[] = {"!AIVDM,1,1,,A,", "!AIVDM,1,1,,B,",  "!BSVDM,1,1,,1,",
	                                    "!AIVDO,1,1,,,",  "!AIVDM,1,1,3,A,", "$AIVDM,1,1,,C,",
	                                    "!--VDM,1,1,,A,", "!ABVDM,1,1,9,,",  "!aiVDM,1,1,,A,",
	                                    "!AIVDM,1,1,,E,", "!AIVDM,1,2,,A,",  "!AIVDM,0,1,,A,"};
	static const char *const others[] = {
	        "$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B*5B\r\n",
	        "$GPRMC,083559.00,A,4717.11437,N,00833.91522,E,0.004,77.52,091202,,,A*57\r\n",
	        "!AIVDM,2,1,1,A,55?MbV02;H;s<HtKR20EHE:0@T4@Dn2222222216L961O5Gf0NSQEp6ClRp8,0*1C\r\n",
	        "# a comment\r\n", "\r\n"};
	static const char *const suffixes[] = {",r003669945,1272412824", ",1272412824", " ", ",x", "junk"};
	static const char *const ends[] = {"\r\n", "\r\n", "\r\n", "\n", "", "\r"};
	struct payload payload;
	char *at = out;

	if (chance_one_in(chance, 12)) {
		const char *other = others[chance_below(chance, sizeof(others) / sizeof(others[0]))];

		return (uint32_t)sprintf(out, "%s", other);
	}
	if (chance_one_in(chance, 3))
		at += chance_tag_block(chance, at);
	if (chance_one_in(chance, 60))
		at += sprintf(at, "%lld ", (long long)chance->time_s);
	chance_payload(chance, &payload);
	const char *head =
	        heads[chance_one_in(chance, 3) ? chance_below(chance, 12) : chance_below(chance, 2)];
	const char *end = ends[chance_below(chance, 6)];

	if (chance_one_in(chance, 15) &&
	    (payload.count >= 96 || chance_one_in(chance, 200))) { /* in two parts */
		struct payload part = payload;
		uint32_t first = payload.count / 12 * 6;
		char text[32];
		uint32_t sequence = chance_below(chance, 10);

		part.count = first;
		snprintf(text, sizeof(text), "!AIVDM,2,1,%u,A,", sequence);
		at += make_sentence(at, 400, text, &part, "\r\n");
		part.count = payload.count - first;
		memcpy(part.bits, payload.bits + first, part.count);
		snprintf(text, sizeof(text), "!AIVDM,2,2,%u,A,", sequence);
		return (uint32_t)(at - out) + make_sentence(at, 400, text, &part, end);
	}
	at += make_sentence(at, 400, head, &payload, "");
	if (chance_one_in(chance, 30)) {
		for (char *c = at - 2; c < at; c++) /* a checksum in small letters */
			*c = *c >= 'A' ? (char)(*c + 32) : *c;
	}
	if (chance_one_in(chance, 15))
		at += sprintf(at, "%s",
		              suffixes[chance_below(chance, sizeof(suffixes) / sizeof(suffixes[0]))]);
	at += sprintf(at, "%s", end);
	return (uint32_t)(at - out);
}

static inline uint32_t chance_mutate(struct chance *chance, char *text, uint32_t length, uint32_t room)
{
	uint32_t at = length ? chance_below(chance, length) : 0;

	switch (chance_below(chance, 6)) {
	case 0:
		return at; /* cut */
	case 1:
		if (length)
			text[at] ^= (char)(1u << chance_below(chance, 8));
		break;
	case 2:
		if (length)
			text[at] = (char)chance_below(chance, 256);
		break;
	case 3:
		if (length) {
			memmove(text + at, text + at + 1, length - at - 1);
			length--;
		}
		break;
	case 4:
		if (length < room) {
			memmove(text + at + 1, text + at, length - at);
			text[at] = ",*!$\\\r\n0A:"[chance_below(chance, 10)];
			length++;
		}
		break;
	default:
		if (length)
			text[at] = (char)(32 + chance_below(chance, 95));
	}
	if (length && text[0] == '!' && chance_one_in(chance, 2))
		mend_checksum(text, length);
	return length;
}

#define CHANCE_DATAGRAM_MAX 8192

static inline uint32_t chance_datagram(struct chance *chance, char *out)
{
	uint32_t length = 0;
	uint32_t lines = chance_one_in(chance, 6) ? 2 + chance_below(chance, 9) : 1;

	if (chance_one_in(chance, 20)) {
		memcpy(out, "UdPbC", 6);
		length = 6;
	}
	for (uint32_t i = 0; i < lines; i++)
		length += chance_line(chance, out + length);
	while (chance_one_in(chance, 5))
		length = chance_mutate(chance, out, length, CHANCE_DATAGRAM_MAX);
	return length;
}

static inline void chance_shape(struct chance *chance, struct shape *shape)
{
	*shape = (struct shape){.ip = 4};
	if (!chance_one_in(chance, 4))
		return;
	shape->ip = chance_one_in(chance, 2) ? 6 : 4;
	shape->tags = (int)chance_below(chance, 3);
	shape->header_words = 5 + (int)chance_below(chance, 11);
	shape->padding = (int)chance_below(chance, 20);
}

#endif
