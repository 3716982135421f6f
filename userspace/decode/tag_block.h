/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAG blocks (NMEA 0183 4.10, 7): \s:station,c:1272412824*hh\ before a sentence. Of the parameters, time,
 * source and group are kept; the others are checked for their form and dropped.
 */
#ifndef WEIR_DECODE_TAG_BLOCK_H
#define WEIR_DECODE_TAG_BLOCK_H

#include <stdint.h>

#include "stamp.h"

struct tag_block {
	struct stamp stamp; /* c: and s: */
	uint32_t group;     /* g:1-2-group, or the older form 1G2:group; 0: none */
	uint8_t number;     /* of the line within its group */
	uint8_t total;      /* lines of the group */
};

/*
 * Parses what stands between two backslashes. Returns 0 or -EBADMSG (checksum absent or wrong, or a
 * parameter that does not parse; *out is untouched).
 */
int weir_tag_block_parse(struct tag_block *out, const uint8_t *text, uint32_t length);

/*
 * Where the block ends that begins with the backslash at text: the place of its second backslash; or, where
 * none comes in reach, of what ends it instead: a line's end, the beginning of a sentence, length.
 */
uint32_t weir_tag_block_end(const uint8_t *text, uint32_t length);

/*
 * A time in Unix seconds, with or without a fraction, or, above 99,999,999,999, in milliseconds
 * (NMEA 0183 4.10 allows both), or above 99,999,999,999,999 in microseconds. Returns 0 or -EBADMSG.
 */
int weir_unix_time_parse(int64_t *time_ns, const uint8_t *text, uint32_t length);

#endif
