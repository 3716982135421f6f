/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames and sentences for tests, made from nothing but the standards: shares no code with what it tests.
 */
#ifndef WEIR_TESTS_FRAMES_H
#define WEIR_TESTS_FRAMES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FRAME_MAX 4096

/* How a payload is wrapped. */
struct shape {
	const char *name;
	int tags;                  /* VLAN tags */
	uint16_t tag_types[3];     /* 0: 0x8100 */
	uint16_t ethertype;        /* 0: what fits ip */
	int ip;                    /* 4 or 6 */
	int header_words;          /* of IPv4: the header length in words; 0: 5 */
	uint16_t flags_and_offset; /* of IPv4 */
	uint8_t protocol;          /* 0: UDP */
	uint16_t port;             /* 0: 10110 */
	uint8_t sender;            /* the last but one byte of the source address */
	int udp_length_error;      /* added to the length in the UDP header */
	int ip_length_error;       /* added to the length in the IP header */
	int padding;               /* bytes behind the IP packet */
	int cut;                   /* bytes missing at the end of the frame */
	uint8_t version;           /* in the IP header; 0: ip */
};

static inline uint8_t *put2(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return at + 2;
}

/* RFC 791: the ones' complement of the ones' complement sum of the header's 16-bit words. */
static inline unsigned int ip_checksum(const uint8_t *header, unsigned int words)
{
	unsigned int sum = 0;

	for (unsigned int i = 0; i < words; i++)
		sum += (unsigned int)header[2 * i] << 8 | header[2 * i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	sum += sum >> 16;
	return ~sum & 0xffff;
}

static inline uint8_t *put_ip(uint8_t *at, const struct shape *shape, unsigned int header,
                              unsigned int inside)
{
	unsigned int version = shape->version ? shape->version : (unsigned int)shape->ip;
	uint8_t protocol = shape->protocol ? shape->protocol : 17;

	if (shape->ip == 6) {
		memset(at, 0, 40);
		at[0] = (uint8_t)(version << 4);
		put2(at + 4, inside + (unsigned int)shape->ip_length_error);
		at[6] = protocol;
		at[7] = 64;
		at[23] = at[39] = 1;
		at[22] = shape->sender;
		return at + 40;
	}
	memset(at, 0, 60);
	at[0] = (uint8_t)(version << 4 | header);
	put2(at + 2, header * 4 + inside + (unsigned int)shape->ip_length_error);
	put2(at + 6, shape->flags_and_offset);
	at[8] = 64;
	at[9] = protocol;
	at[12] = at[16] = 10; /* 10.0.<sender>.1 to 10.0.0.2 */
	at[14] = shape->sender;
	at[15] = 1;
	at[19] = 2;
	put2(at + 10, ip_checksum(at, header * 2));
	return at + header * 4;
}

#define FRAME_SOURCE_PORT 40000

/* Where such a frame comes from: IPv4 as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2). */
static inline void frame_source(uint8_t address[16], const struct shape *shape)
{
	memset(address, 0, 16);
	if (shape->ip == 4) {
		address[10] = address[11] = 0xff;
		address[12] = 10;
	}
	address[14] = shape->sender;
	address[15] = 1;
}

/* Returns the length of the frame. */
static inline uint32_t make_frame(uint8_t *frame, const struct shape *shape, const void *payload,
                                  uint32_t length)
{
	uint8_t *at = frame + 12;
	unsigned int header = shape->header_words ? (unsigned int)shape->header_words : 5;

	memset(frame, 2, 12);
	for (int i = 0; i < shape->tags; i++) {
		at = put2(at, shape->tag_types[i] ? shape->tag_types[i] : 0x8100);
		at = put2(at, 7u + (unsigned int)i);
	}
	at = put2(at, shape->ethertype ? shape->ethertype : shape->ip == 6 ? 0x86dd : 0x0800);
	at = put_ip(at, shape, header, length + 8);
	at = put2(at, FRAME_SOURCE_PORT);
	at = put2(at, shape->port ? shape->port : 10110);
	at = put2(at, length + 8 + (unsigned int)shape->udp_length_error);
	at = put2(at, 0);
	memcpy(at, payload, length);
	memset(at + length, 0, (size_t)shape->padding);
	return (uint32_t)(at + length - frame) + (uint32_t)shape->padding - (uint32_t)shape->cut;
}

static inline uint32_t make_plain_frame(uint8_t *frame, const void *payload, uint32_t length)
{
	return make_frame(frame, &(struct shape){.ip = 4}, payload, length);
}

/* AIS payloads, a bit a byte: slow and plain. */
struct payload {
	uint32_t count;
	uint8_t bits[1100];
};

static inline void set_bits_of(struct payload *payload, uint32_t at, uint32_t width, int64_t value)
{
	for (uint32_t i = 0; i < width; i++)
		payload->bits[at + i] = (uint8_t)(value >> (width - 1 - i) & 1);
}

/* ITU-R M.1371-5: where the position of a type is. 0: it has none. */
struct position_place {
	uint8_t at, longitude, latitude;
};

static inline struct position_place place_of(uint32_t type)
{
	static const struct position_place places[64] = {
	        [1] = {61, 28, 27},   [2] = {61, 28, 27},  [3] = {61, 28, 27},  [9] = {61, 28, 27},
	        [4] = {79, 28, 27},   [11] = {79, 28, 27}, [18] = {57, 28, 27}, [19] = {57, 28, 27},
	        [21] = {164, 28, 27}, [28] = {44, 28, 27}, [17] = {40, 18, 17}, [27] = {44, 18, 17},
	};
	return places[type & 63];
}

/* Position in units of 1/10,000 minute, or 1/10 minute in types 17 and 27. */
static inline void make_report(struct payload *payload, uint32_t count, uint32_t type, uint32_t mmsi,
                               int32_t longitude, int32_t latitude)
{
	struct position_place place = place_of(type);

	memset(payload, 0, sizeof(*payload));
	payload->count = count;
	set_bits_of(payload, 0, 6, type);
	set_bits_of(payload, 8, 30, mmsi);
	if (place.at != 0) {
		set_bits_of(payload, place.at, place.longitude, longitude);
		set_bits_of(payload, place.at + place.longitude, place.latitude, latitude);
	}
}

/* ITU-R M.585: AIS-SART, MOB, EPIRB-AIS. Of what these send nothing is ever dropped. */
static inline bool is_distress_beacon(uint64_t mmsi)
{
	return mmsi / 1000000 == 970 || mmsi / 1000000 == 972 || mmsi / 1000000 == 974;
}

static inline uint32_t armour(char *out, const struct payload *payload)
{
	uint32_t characters = (payload->count + 5) / 6;

	for (uint32_t i = 0; i < characters; i++) {
		unsigned int value = 0;

		for (uint32_t j = 0; j < 6; j++)
			value = value << 1 | (6 * i + j < payload->count ? payload->bits[6 * i + j] : 0u);
		out[i] = (char)(value < 40 ? value + 48 : value + 56);
	}
	out[characters] = '\0';
	return characters;
}

static inline unsigned int xor_of(const char *text, size_t length)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < length; i++)
		sum ^= (uint8_t)text[i];
	return sum;
}

/* head up to the payload, "!AIVDM,1,1,,A,": the rest is added. Returns the length. */
static inline uint32_t make_sentence(char *out, size_t size, const char *head, const struct payload *payload,
                                     const char *line_end)
{
	char body[400];

	armour(body, payload);
	int length = snprintf(out, size, "%s%s,%u", head, body, (6 - payload->count % 6) % 6);
	unsigned int sum = xor_of(out + 1, (size_t)length - 1);

	length += snprintf(out + length, size - (size_t)length, "*%02X%s", sum, line_end);
	return (uint32_t)length;
}

/* Writes the right checksum into a sentence that was changed, where it has one. */
static inline void mend_checksum(char *text, uint32_t length)
{
	static const char digits[] = "0123456789ABCDEF";
	char *star = memchr(text, '*', length);

	if (star == NULL || star == text || star + 3 > text + length)
		return;
	unsigned int sum = xor_of(text + 1, (size_t)(star - text) - 1);
	star[1] = digits[sum >> 4 & 15];
	star[2] = digits[sum & 15];
}

#endif
