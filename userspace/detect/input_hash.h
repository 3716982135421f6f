/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What identifiers are hashed from: texts with their NUL, and integers little-endian, so that an identifier
 * does not depend on the machine.
 */
#ifndef WEIR_INPUT_HASH_H
#define WEIR_INPUT_HASH_H

#include <stdint.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static inline void weir_hash_text(XXH3_state_t *state, const char *text)
{
	XXH3_128bits_update(state, text, strlen(text) + 1);
}

static inline void weir_hash_number(XXH3_state_t *state, int64_t value, int bytes)
{
	uint8_t encoded[8];

	for (int i = 0; i < bytes; i++)
		encoded[i] = (uint8_t)((uint64_t)value >> (8 * i));
	XXH3_128bits_update(state, encoded, (size_t)bytes);
}

/* The first `bytes` of the 128 bits, as anybody would write them. */
static inline void weir_hash_end(const XXH3_state_t *state, uint8_t *out, size_t bytes)
{
	XXH128_canonical_t canonical;

	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
	memcpy(out, canonical.digest, bytes);
}

#endif
