/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of `weir simulate`: options in simulate.c, pace and output in simulate_play.c.
 */
#ifndef WEIR_CLI_SIMULATE_H
#define WEIR_CLI_SIMULATE_H

#include <stdbool.h>
#include <stdint.h>

#include "simulate/traffic.h"

/* What gives transmissions in the order of their times. */
struct simulate_source {
	void *context;
	int64_t (*due_ns)(void *context); /* INT64_MAX: that was all */
	int (*next)(void *context, struct weir_transmission *transmission);
};

/* How and where they go. */
struct simulate_way {
	const char *to;     /* HOST:PORT; NULL: output */
	const char *output; /* a file; NULL: standard output */
	double rate;        /* 0: as fast as it goes */
	double pps;         /* 0: not by count */
	int64_t start_ns, end_ns;
};

/* What went. */
struct simulate_sum {
	double seconds; /* of the simulation's time */
	bool sent;      /* by UDP; then: */
	uint64_t datagrams, bytes, failed;
};

/*
 * Plays it to the end, or until SIGINT or SIGTERM. Returns 0 or a negative errno, having said on standard
 * error what was wrong.
 */
int simulate_play(const struct simulate_source *source, const struct simulate_way *way,
                  struct simulate_sum *sum);

#endif
