/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keeper: a thread that has the worker save the engine's state now and then, and writes it to a file; and
 * the other way round at the start. The worker pauses for the copy in memory, never for the file.
 */
#ifndef WEIR_GATEWAY_KEEPER_H
#define WEIR_GATEWAY_KEEPER_H

#include <stdbool.h>
#include <stdint.h>

#include "gateway/worker.h"

enum weir_keeper_outcome { WEIR_KEEPER_SAVED, WEIR_KEEPER_FAILED, WEIR_KEEPER_OUTCOMES };

struct weir_keeper_counters {
	uint64_t saves[WEIR_KEEPER_OUTCOMES];
	uint64_t bytes;   /* of the latest that was saved */
	int64_t saved_ns; /* when that was, Unix time; 0: never */
	int64_t pause_ns; /* for how long the worker paused for it */
	bool restored;    /* the gateway began with a saved state */
};

struct weir_keeper;

/*
 * Into the worker's engine, which has not begun: the state in the file. Whatever is wrong with the file is
 * logged, and the engine begins without; a file that is refused is put aside. Returns whether it was used.
 */
bool weir_keeper_restore(struct weir_worker *worker, const char *file);

/* Starts the thread, which saves every interval. file and worker are borrowed. Returns 0 or a negative errno.
 */
int weir_keeper_start(struct weir_keeper **out, struct weir_worker *worker, const char *file,
                      int64_t interval_ns, bool restored);

/*
 * The worker has been joined: saves once more. Where that fails, what the engine holds of unfinished messages
 * becomes dead letters instead. Takes NULL.
 */
void weir_keeper_finish(struct weir_keeper *keeper);

/* From any thread. */
void weir_keeper_counters(struct weir_keeper *keeper, struct weir_keeper_counters *out);

/* Takes NULL. */
void weir_keeper_free(struct weir_keeper *keeper);

#endif
