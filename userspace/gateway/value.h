/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of a configuration: the text of one scalar into a C value, or a sentence about what is wrong.
 * Inner header of the schema reader.
 */
#ifndef WEIR_GATEWAY_VALUE_H
#define WEIR_GATEWAY_VALUE_H

#include "gateway/schema.h"

/* What a value is read with. */
struct weir_value_reader {
	const char *directory; /* of the configuration file, with its final '/'; "" for the current one */
	struct weir_block **memory;
	char why[512]; /* filled where reading fails; goes behind the key: " must be …" */
};

/* `plain`: not quoted, so that it may be a number or a bool. Returns 0 or -EINVAL with reader->why. */
int weir_value_read(struct weir_value_reader *reader, const struct weir_key *key, const char *text,
                    bool plain, void *out);

/* How many bytes an element of the type takes. */
size_t weir_value_size(const struct weir_key *key);

/* A finite decimal number with nothing before or after it. */
bool weir_number_parse(const char *text, double *out);

#endif
