/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines on a descriptor. See output.h.
 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "now.h"

#define LETTERS_EVERY_NS INT64_C(10000000000)
#define STALL_EVERY_NS INT64_C(10000000000)
#define DISK_RETRY_NS INT64_C(500000000)

int weir_output_init(struct weir_output *output, int fd, struct weir_tally *tally,
                     const struct weir_voice *voice)
{
	struct stat status;

	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fstat(fd, &status) != 0)
		return -errno;
	if ((flags & O_ACCMODE) == O_RDONLY) /* known now, not with the first event */
		return -EBADF;
	memset(output, 0, sizeof(*output));
	output->buffer = malloc(WEIR_OUTPUT_BUFFER);
	if (output->buffer == NULL)
		return -ENOMEM;
	output->fd = fd;
	/* poll() promises a pipe room for PIPE_BUF bytes; a larger write may block for ever. */
	output->step = S_ISREG(status.st_mode) ? WEIR_OUTPUT_BUFFER : PIPE_BUF;
	output->tally = tally;
	output->voice = *voice;
	return 0;
}

void weir_output_destroy(struct weir_output *output)
{
	free(output->buffer);
	output->buffer = NULL;
}

bool weir_output_take(struct weir_output *output, const struct weir_record *record)
{
	size_t length = record->body_length;

	if (record->publish_class == WEIR_PUBLISH_LETTER) {
		output->letters[record->fault]++;
		weir_tally_add(&output->tally->total[WEIR_PUBLISH_LETTER][WEIR_PUBLISH_LOGGED], 1);
		return true;
	}
	if (output->error != 0) {
		weir_tally_add(&output->tally->total[record->publish_class][WEIR_PUBLISH_FAILED], 1);
		return true;
	}
	if (output->used + length + 1 > WEIR_OUTPUT_BUFFER || output->line_count == WEIR_OUTPUT_LINES)
		return false;
	memcpy(output->buffer + output->used, weir_record_body(record), length);
	output->buffer[output->used + length] = '\n';
	output->used += length + 1;
	output->lines[output->line_count++] = (struct weir_output_line){
	        .end = (uint32_t)output->used, .publish_class = record->publish_class};
	weir_tally_delay_add(&output->tally->publish_delay, record->received_ns, weir_now_ns());
	return true;
}

static void say_stall(struct weir_output *output, const char *why)
{
	if (weir_voice_may(&output->stall_said_ns, weir_steady_ns(), STALL_EVERY_NS))
		weir_voice_say(&output->voice, WEIR_PUBLISH_LOG_WARNING, "output: %s; trying again", why);
}

/* False when it can't go on now. */
static bool write_step(struct weir_output *output, int timeout_ms)
{
	struct pollfd pollfd = {.fd = output->fd, .events = POLLOUT};
	size_t length = output->used - output->start;

	if (poll(&pollfd, 1, timeout_ms) == 0) {
		if (timeout_ms > 0)
			say_stall(output, "its reader does not read");
		return false;
	}
	ssize_t written = write(output->fd, output->buffer + output->start,
	                        length < output->step ? length : output->step);
	if (written >= 0) {
		output->start += (size_t)written;
		return true;
	}
	switch (errno) {
	case EINTR:
		return true;
	case EAGAIN:
		return false;
	case ENOSPC:
	case EDQUOT:
		say_stall(output, strerror(errno));
		output->retry_at_ns = weir_steady_ns() + DISK_RETRY_NS;
		return false;
	default:
		output->error = errno;
		return false;
	}
}

/* The lines that end at or before an offset are done with. Returns how many. */
static size_t settle_lines(struct weir_output *output, size_t end, enum weir_publish_outcome outcome)
{
	size_t done = 0;

	for (; done < output->line_count && output->lines[done].end <= end; done++)
		weir_tally_add(&output->tally->total[output->lines[done].publish_class][outcome], 1);
	output->line_count -= done;
	memmove(output->lines, output->lines + done, output->line_count * sizeof(*output->lines));
	return done;
}

/* What has been written makes room. */
static void compact(struct weir_output *output)
{
	memmove(output->buffer, output->buffer + output->start, output->used - output->start);
	for (size_t i = 0; i < output->line_count; i++)
		output->lines[i].end -= (uint32_t)output->start;
	output->used -= output->start;
	output->start = 0;
}

size_t weir_output_give_up(struct weir_output *output)
{
	size_t lines = settle_lines(output, output->used, WEIR_PUBLISH_UNSENT);

	output->start = output->used;
	compact(output);
	return lines;
}

bool weir_output_flush(struct weir_output *output, int timeout_ms)
{
	output->stalled = false;
	if (output->retry_at_ns != 0 && weir_steady_ns() < output->retry_at_ns) {
		output->stalled = true;
		return false;
	}
	output->retry_at_ns = 0;
	while (output->start < output->used && output->error == 0) {
		if (!write_step(output, timeout_ms)) {
			output->stalled = output->error == 0;
			break;
		}
	}
	settle_lines(output, output->start, WEIR_PUBLISH_PUBLISHED);
	if (output->error != 0) {
		settle_lines(output, output->used, WEIR_PUBLISH_FAILED);
		output->start = output->used;
	}
	compact(output);
	return output->used == 0;
}

void weir_output_say_letters(struct weir_output *output, bool now)
{
	char line[256];
	size_t used = 0;
	uint64_t sum = 0;

	for (size_t i = 0; i < WEIR_FAULTS; i++)
		sum += output->letters[i];
	if (sum == 0)
		return;
	int64_t interval_ns = now ? 0 : LETTERS_EVERY_NS;
	if (!weir_voice_may(&output->letters_said_ns, weir_steady_ns(), interval_ns))
		return;
	for (size_t i = 0; i < WEIR_FAULTS && used < sizeof(line); i++) {
		if (output->letters[i] == 0)
			continue;
		used += (size_t)snprintf(line + used, sizeof(line) - used, "%s%s %llu", used > 0 ? ", " : "",
		                         weir_fault_name((enum weir_fault)i),
		                         (unsigned long long)output->letters[i]);
		output->letters[i] = 0;
	}
	weir_voice_say(&output->voice, WEIR_PUBLISH_LOG_WARNING,
	               "%llu malformed datagrams (%s): without nats: in the configuration they are not kept",
	               (unsigned long long)sum, line);
}
