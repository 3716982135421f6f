/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAG blocks (NMEA 0183 4.10), as receivers write them before a sentence.
 */
#ifndef WEIR_SIMULATE_TAG_H
#define WEIR_SIMULATE_TAG_H

#include <stddef.h>
#include <stdint.h>

/* Enough for one, with its NUL. */
#define WEIR_TAG_MAX 112

struct weir_tag {
	const char *station;         /* s:, at most 15 characters; NULL: left out */
	int64_t time_ns;             /* c:, Unix time: seconds, with milliseconds where there are any */
	uint32_t part, parts, group; /* g:, where parts is above 1 */
};

/* "\g:1-2-17,s:weir,c:1763787000*5C\". Returns its length. */
size_t weir_tag_write(const struct weir_tag *tag, char out[WEIR_TAG_MAX]);

#endif
