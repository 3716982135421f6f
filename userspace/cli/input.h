/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Files of lines, or standard input, read to their end: each line becomes a datagram. See decode/lines.h for
 * what a line is.
 */
#ifndef WEIR_CLI_INPUT_H
#define WEIR_CLI_INPUT_H

#include <stdbool.h>

#include "decode/lines.h"

/* Both say whether to go on. */
struct input_handler {
	void *context;
	bool (*datagram)(void *context, const struct weir_datagram *datagram);
	bool (*pause)(void *context, int fd); /* before each read of the descriptor */
};

/*
 * Reads a file, "-" for standard input. Returns 1 at its end, 0 where the handler said to stop, or a negative
 * errno where it can't be read; what was read by then has been handled.
 */
int input_read(const char *file, struct weir_lines *lines, const struct input_handler *handler);

/* Would reading wait, even after so many milliseconds? */
bool input_is_idle(int fd, int timeout_ms);

/* "standard input", or the file. */
const char *input_name(const char *file);

#endif
