/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events as lines on a descriptor, where there is no broker. Written when a buffer is full and when there
 * is nothing else to do. A reader that is slow is waited for in short steps, a full disk is tried again;
 * the rings fill meanwhile, and refuse by class. A reader that has gone is the end of the output.
 *
 * Dead letters are counted and, now and then, logged: binary noise has no place between JSON lines.
 */
#ifndef WEIR_PUBLISH_OUTPUT_H
#define WEIR_PUBLISH_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/fault.h>

#include "record.h"
#include "tally.h"
#include "voice.h"

#define WEIR_OUTPUT_BUFFER ((size_t)64 << 10)

#define WEIR_OUTPUT_LINES 1024

/* A line in the buffer: it counts as published when its last byte has been written. */
struct weir_output_line {
	uint32_t end;
	uint8_t publish_class;
};

struct weir_output {
	int fd;
	size_t step;  /* the most that one write() may carry without blocking for long */
	int error;    /* EPIPE and the like: nothing more can be written */
	bool stalled; /* the last write had no effect: a full disk, a slow reader */
	size_t start;
	size_t used;
	char *buffer;
	size_t line_count;
	struct weir_output_line lines[WEIR_OUTPUT_LINES];
	uint64_t letters[WEIR_FAULTS]; /* since the last line about them */
	int64_t letters_said_ns;
	int64_t stall_said_ns;
	int64_t retry_at_ns; /* after ENOSPC */
	struct weir_tally *tally;
	struct weir_voice voice;
};

int weir_output_init(struct weir_output *output, int fd, struct weir_tally *tally,
                     const struct weir_voice *voice);

/* False when there is no room for it now: keep it, weir_output_flush(), try again. */
bool weir_output_take(struct weir_output *output, const struct weir_record *record);

/*
 * Writes what it can, waiting up to timeout_ms for a reader. True when the buffer is empty afterwards, or
 * the output has ended (error is set then; what was in the buffer is lost).
 */
bool weir_output_flush(struct weir_output *output, int timeout_ms);

/* Says how many dead letters there were, if it is time to, or now is true. */
void weir_output_say_letters(struct weir_output *output, bool now);

/* What is in the buffer will not be written any more: counted as unsent. Returns how many lines. */
size_t weir_output_give_up(struct weir_output *output);

void weir_output_destroy(struct weir_output *output);

#endif
