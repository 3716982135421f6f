/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the two files of `weir decode` share: options, and what became of the messages here.
 */
#ifndef WEIR_CLI_DECODE_H
#define WEIR_CLI_DECODE_H

#include <stdbool.h>
#include <stdint.h>

enum decode_format { DECODE_GEOJSON, DECODE_GPSD };

struct decode_options {
	enum decode_format format;
	bool unscaled;
	bool split;
	bool stats;
	const char *rejects; /* NULL: malformed input is only counted */
	char **files;        /* "-": standard input; none: the same */
	int file_count;
};

/* Returns 0 to go on; else *status is the exit status. */
int decode_parse(struct decode_options *options, int argc, char **argv, int *status);

struct decode_printed {
	uint64_t lines;  /* printed */
	uint64_t silent; /* messages with nothing to print: no position and no static data, or half of a 24 */
};

#endif
