/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was malformed, in a file. See rejects.h.
 */
#include "cli/rejects.h"

#include <errno.h>
#include <string.h>

int rejects_open(struct rejects *rejects)
{
	if (rejects->path == NULL)
		return 0;
	rejects->file = fopen(rejects->path, "we");
	if (rejects->file != NULL)
		return 0;
	int error = -errno;
	fprintf(stderr, "weir: %s: can't write %s: %s\n", rejects->command, rejects->path, strerror(-error));
	return error;
}

void rejects_write(struct rejects *rejects, const struct weir_malformed *malformed)
{
	if (rejects->file == NULL)
		return;
	fwrite(malformed->bytes, 1, malformed->length, rejects->file);
	if (malformed->length == 0 || malformed->bytes[malformed->length - 1] != '\n')
		fputc('\n', rejects->file);
}

void rejects_flush(struct rejects *rejects)
{
	if (rejects->file != NULL)
		fflush(rejects->file);
}

int rejects_close(struct rejects *rejects)
{
	if (rejects->file == NULL)
		return 0;
	int failed = ferror(rejects->file);
	failed |= fclose(rejects->file);
	rejects->file = NULL;
	if (failed == 0)
		return 0;
	fprintf(stderr, "weir: %s: can't write %s\n", rejects->command, rejects->path);
	return -EIO;
}
