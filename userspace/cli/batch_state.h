/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far an archive has come, in a file: the engine's state, and that of the clock that a recording is.
 */
#ifndef WEIR_CLI_BATCH_STATE_H
#define WEIR_CLI_BATCH_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/engine.h>

#include "batch/recorded.h"

/* When the next line comes. */
struct batch_clock {
	int64_t received_ns; /* of the latest line */
	uint64_t undated;    /* lines before it had a time */
	bool has_times;      /* the recording has shown a time */
};

/*
 * Both say on standard error what is wrong. Reading a file that is not there is the beginning. Returns 0 or a
 * negative errno; then the engine and the clock, or the file, are what they were.
 */
int batch_state_read(const char *file, struct weir_engine *engine, struct weir_recorded *recorded,
                     struct batch_clock *clock);
int batch_state_write(const char *file, const struct weir_engine *engine,
                      const struct weir_recorded *recorded, const struct batch_clock *clock);

#endif
