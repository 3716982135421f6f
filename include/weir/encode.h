/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way back: fields of AIS messages to payload bits, and to NMEA sentences. Made for simulation and
 * for tests: decoding what was encoded gives the same fields.
 *
 * Thread-safety: the functions keep no state.
 */
#ifndef WEIR_ENCODE_H
#define WEIR_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/ais.h>

/* Enough for the bits of any message, with the bytes that struct weir_bits wants to be readable after them.
 */
#define WEIR_AIS_BYTES_MAX ((WEIR_AIS_BITS_MAX + 7) / 8 + 16)

/* Enough for the sentences of any message, with a NUL. */
#define WEIR_AIS_SENTENCES_MAX 512

struct weir_sentence_options {
	const char *talker; /* two characters; NULL: "AI" */
	bool own_ship;      /* VDO rather than VDM */
	char channel;       /* 'A', 'B'; '\0': empty */
	uint8_t sequence;   /* 0 to 9: sequence number of a message in several sentences */
};

/*
 * Writes the bits of a message, most significant first, zero-padded to size_bytes. Values are cut to the
 * width of their field; type and layout must fit. Text is sent in capitals, what six bits can't say as '?'.
 * Returns 0; -EINVAL where type and layout don't fit; -ENOBUFS where size_bytes is too small.
 */
int weir_ais_encode(const struct weir_ais *ais, uint8_t *bits, size_t size_bytes, uint32_t *bit_count);

/*
 * Writes one or more complete sentences "!AIVDM,...*hh\r\n", at most 82 characters each, and a NUL.
 * options may be NULL. Returns the length without the NUL, or -EINVAL, or -ENOBUFS.
 */
int weir_ais_sentences(const struct weir_ais *ais, const struct weir_sentence_options *options, char *out,
                       size_t size);

#endif
