/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A large buffer before a file descriptor, into which lines are written in place.
 *
 * It does not know when to flush before the buffer is full: who reads the input does.
 */
#ifndef WEIR_CLI_OUTPUT_H
#define WEIR_CLI_OUTPUT_H

#include <stddef.h>

#define OUTPUT_ROOM 262144

struct output {
	int fd;
	int error; /* errno of the first write that failed; nothing is written any more */
	size_t used;
	char bytes[OUTPUT_ROOM];
};

/* Writes what is there. Returns 0 or a negative errno, which stays. */
int output_flush(struct output *output);

/* Where `most` bytes can be written; output_add() then says how many were. */
char *output_room(struct output *output, size_t most);
void output_add(struct output *output, size_t size);

#endif
