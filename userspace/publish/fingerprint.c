/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SipHash-2-4-128. See fingerprint.h.
 */
#include "fingerprint.h"

#include <endian.h>
#include <string.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

static uint64_t load(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

static void store(uint8_t *bytes, uint64_t word)
{
	word = htole64(word);
	memcpy(bytes, &word, sizeof(word));
}

static uint64_t rotate(uint64_t word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static void rounds(struct state *s, int count)
{
	while (count-- > 0) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = rotate(s->v1, 13) ^ s->v0;
		s->v3 = rotate(s->v3, 16) ^ s->v2;
		s->v0 = rotate(s->v0, 32);
		s->v2 += s->v1;
		s->v0 += s->v3;
		s->v1 = rotate(s->v1, 17) ^ s->v2;
		s->v3 = rotate(s->v3, 21) ^ s->v0;
		s->v2 = rotate(s->v2, 32);
	}
}

static void absorb(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	rounds(s, 2);
	s->v0 ^= word;
}

void weir_fingerprint(const void *bytes, size_t length, const uint8_t key[16],
                      uint8_t out[WEIR_FINGERPRINT_BYTES])
{
	const uint8_t *at = bytes;
	uint64_t k0 = load(key), k1 = load(key + 8);
	struct state s = {
	        .v0 = k0 ^ UINT64_C(0x736f6d6570736575),
	        .v1 = k1 ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
	        .v2 = k0 ^ UINT64_C(0x6c7967656e657261),
	        .v3 = k1 ^ UINT64_C(0x7465646279746573),
	};

	for (size_t left = length / 8; left > 0; left--, at += 8)
		absorb(&s, load(at));
	/* The last word: what is left, and the length's lowest byte on top. */
	uint64_t last = (uint64_t)length << 56;
	for (size_t i = 0; i < (length & 7); i++)
		last |= (uint64_t)at[i] << (8 * i);
	absorb(&s, last);

	s.v2 ^= 0xee;
	rounds(&s, 4);
	store(out, s.v0 ^ s.v1 ^ s.v2 ^ s.v3);
	s.v1 ^= 0xdd;
	rounds(&s, 4);
	store(out + 8, s.v0 ^ s.v1 ^ s.v2 ^ s.v3);
}
