/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The worker: one thread that receives datagrams, feeds the engine, and hands what comes out to its
 * outlet. It never waits for the broker, for a file or for another thread.
 */
#ifndef WEIR_GATEWAY_WORKER_H
#define WEIR_GATEWAY_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/engine.h>

#include "gateway/config.h"
#include "gateway/setup.h"
#include "ingest/ingest.h"
#include "prefilter/admission.h"
#include "prefilter/prefilter.h"
#include "publish/publish.h"

/* All borrowed until weir_worker_free(). */
struct weir_worker_options {
	const struct weir_config *config;
	const struct weir_chart *chart; /* the first one */
	struct weir_prefilter *prefilter;
	struct weir_admission *admission;
	struct weir_outlet *outlet;
	int ended_fd; /* an eventfd that is written to when the worker has ended */
	int taken_fd; /* an eventfd that is written to when the worker has taken a chart */
};

/* Another chart for the engine, to be taken between two datagrams. */
struct weir_chart_order {
	const struct weir_chart *chart;
	const uint32_t *renumbered; /* see weir_engine_change_chart() */
	/*
	 * Not before what the kernel had received by then (Unix time, ns) has been handled: what the filter
	 * dropped earlier, it dropped by the old area. 0: at once.
	 */
	int64_t not_before_ns;
	int64_t pause_ns; /* out: how long the worker took for it */
};

/* The engine's state, to be saved between two datagrams. */
struct weir_save_order {
	void *bytes;
	size_t capacity;
	size_t length;    /* out: see weir_engine_save() */
	int64_t pause_ns; /* out: how long the worker took for it */
};

/* A copy of the worker's numbers, all of the same moment. */
struct weir_worker_counters {
	struct weir_engine_counters engine;
	struct weir_decode_counters decode;
	uint64_t refused[WEIR_SENDER_OUTCOMES]; /* datagrams, by admission.h; not seen by the decoder */
	struct weir_delay socket_delay;         /* kernel receive time to the worker */
	int64_t tick_ns;                        /* monotonic: when they were taken; 0: not started */
};

struct weir_worker;

/* Makes the engine; allocates all that the worker will need. Returns 0 or a negative errno. */
int weir_worker_new(struct weir_worker **out, const struct weir_worker_options *options);

/* As weir_engine_restore(), before the worker is started: what it tells goes to the outlet and the filter. */
int weir_worker_restore(struct weir_worker *worker, const void *bytes, size_t length, char *why,
                        size_t why_size);

/* Starts the thread, which receives from the ingest: borrowed until weir_worker_join(). */
int weir_worker_start(struct weir_worker *worker, struct weir_ingest *ingest);

/* From any thread: as they were at the worker's latest tick. */
void weir_worker_counters(struct weir_worker *worker, struct weir_worker_counters *out);

/*
 * Orders a chart. One at a time: the order and what it points to belong to the worker until
 * weir_worker_has_taken(); the chart before it may be freed then. A worker that has ended takes none.
 */
void weir_worker_order_chart(struct weir_worker *worker, struct weir_chart_order *order);

/* Has it taken what was ordered last? True where nothing was ordered. */
bool weir_worker_has_taken(struct weir_worker *worker);

/*
 * Acknowledges a raised alert, and waits for the worker to have done it, two seconds at most. For one thread
 * at a time. Returns 0, -ENOENT where no alert with that identifier is raised, or -ETIMEDOUT.
 */
int weir_worker_acknowledge(struct weir_worker *worker, const char *alert_id);

/*
 * Saves the state, and waits for the worker to have done it, two seconds at most. For one thread at a time;
 * also where the worker has not been started, or has ended. Returns 0 or -ETIMEDOUT.
 */
int weir_worker_save(struct weir_worker *worker, struct weir_save_order *order);

/* After weir_worker_join(), where the state is not kept after all: as weir_engine_flush(). */
void weir_worker_flush(struct weir_worker *worker);

/*
 * Waits for the thread, which ends after weir_ingest_stop(), or because receiving failed. Returns what
 * weir_ingest_run() did; 0 when it was never started.
 */
int weir_worker_join(struct weir_worker *worker);

/* After weir_worker_join(). Takes NULL. */
void weir_worker_free(struct weir_worker *worker);

#endif
