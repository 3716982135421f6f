/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Buffered output. See output.h.
 */
#include "output.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

int output_flush(struct output *output)
{
	size_t written = 0;

	while (written < output->used && output->error == 0) {
		ssize_t size = write(output->fd, output->bytes + written, output->used - written);

		if (size >= 0)
			written += (size_t)size;
		else if (errno != EINTR)
			output->error = errno;
	}
	output->used = 0;
	return -output->error;
}

char *output_room(struct output *output, size_t most)
{
	assert(most <= OUTPUT_ROOM);
	if (OUTPUT_ROOM - output->used < most)
		output_flush(output);
	return output->bytes + output->used;
}

void output_add(struct output *output, size_t size)
{
	output->used += size;
}
