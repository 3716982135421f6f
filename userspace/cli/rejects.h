/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file of what was malformed, its bytes untouched, a line each.
 */
#ifndef WEIR_CLI_REJECTS_H
#define WEIR_CLI_REJECTS_H

#include <stdio.h>

#include <weir/decode.h>

struct rejects {
	const char *command; /* for messages */
	const char *path;    /* NULL: nothing is written */
	FILE *file;
};

/* Returns 0, or a negative errno after a message on standard error. */
int rejects_open(struct rejects *rejects);

void rejects_write(struct rejects *rejects, const struct weir_malformed *malformed);
void rejects_flush(struct rejects *rejects);

/* Returns 0, or -EIO after a message where not everything could be written. */
int rejects_close(struct rejects *rejects);

#endif
