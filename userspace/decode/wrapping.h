/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What receivers and forwarders put around sentences besides TAG blocks: an epoch before, station and epoch
 * behind, a $PGHP sentence ahead, a header of IEC 61162-450. Nothing here is ever malformed: what does not
 * read as one of these says nothing.
 */
#ifndef WEIR_DECODE_WRAPPING_H
#define WEIR_DECODE_WRAPPING_H

#include <stdint.h>

#include "stamp.h"

/*
 * The header of IEC 61162-450 at the beginning of a datagram: five letters and a NUL. Of those known, only
 * UdPbC announces sentences; RaUdP and RrUdP announce a file, sent once or until it is acknowledged, RpUdP
 * and NkPgN messages of NMEA 2000. (From dissectors and implementations; the standard was not at hand.)
 */
enum weir_header { WEIR_HEADER_NONE, WEIR_HEADER_SENTENCES, WEIR_HEADER_BINARY };
#define WEIR_HEADER_LENGTH 6

enum weir_header weir_header_read(const uint8_t *text, uint32_t length);

static inline uint32_t weir_header_length(const uint8_t *text, uint32_t length)
{
	return weir_header_read(text, length) != WEIR_HEADER_NONE ? WEIR_HEADER_LENGTH : 0;
}

/*
 * What stands between the checksum and the end of the line: USCG receivers append fields such as
 * ",r003669945,1272412824", the station and the Unix time. Fields of other kinds are passed over.
 */
void weir_suffix_read(struct stamp *out, const uint8_t *text, uint32_t length);

/* What stands between the beginning of the line and the sentence: a Unix time, and nothing else. */
void weir_prefix_read(struct stamp *out, const uint8_t *text, uint32_t length);

/* The fields of a $PGHP sentence of type 1, from behind "$PGHP": time and the base station's MMSI. */
void weir_pghp_read(struct stamp *out, const uint8_t *text, uint32_t length);

#endif
