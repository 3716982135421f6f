/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario being played: its datagrams one by one, in the order in which they arrive. It knows no clock and
 * no socket: who asks for the next one decides when.
 *
 * Thread-safety: one thread at a time.
 */
#ifndef WEIR_SCENARIO_PLAY_H
#define WEIR_SCENARIO_PLAY_H

#include <stdint.h>

#include "scenario/scenario.h"
#include "simulate/traffic.h"

struct weir_play_counters {
	uint64_t positions, others; /* transmissions; what nobody heard does not count */
	uint64_t datagrams;
	uint64_t late; /* of these, out of their order */
};

struct weir_play;

/* Borrows the scenario. Returns 0, -ENOMEM, or -ENOTSUP where PROJ can't be loaded. */
int weir_play_new(struct weir_play **out, const struct weir_scenario *scenario);

/* When the next one arrives, Unix time; INT64_MAX: that was all. */
int64_t weir_play_due_ns(struct weir_play *play);

/*
 * The next one; there must be one. It has one line, a datagram, or a comment for files where remark is set.
 * Its bytes hold until the next call. Returns 0, or a negative errno of the encoder.
 */
int weir_play_next(struct weir_play *play, struct weir_transmission *transmission);

const struct weir_play_counters *weir_play_counters(const struct weir_play *play);

/* Takes NULL. */
void weir_play_free(struct weir_play *play);

#endif
