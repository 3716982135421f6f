/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The numbers of every stage in one struct, and the verdict on them: alive, ready. What is printed for
 * Prometheus, for probes and on the status subject comes from here.
 */
#ifndef WEIR_GATEWAY_SNAPSHOT_H
#define WEIR_GATEWAY_SNAPSHOT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "gateway/config.h"
#include "gateway/keeper.h"
#include "gateway/worker.h"

/* A worker ticks ten times a second; one that has not for so long hangs. */
#define WEIR_ALIVE_NS INT64_C(5000000000)

#define WEIR_SNAPSHOT_SENDERS 20    /* a series each in /metrics, and more */
#define WEIR_SNAPSHOT_INTERFACES 16 /* as many as a configuration can name */

/* What waits for the broker at most. */
#define WEIR_ALERT_OUTBOX_BYTES (8 * 1024 * 1024)

enum weir_reload_outcome { WEIR_RELOAD_APPLIED, WEIR_RELOAD_REFUSED, WEIR_RELOAD_OUTCOMES };

/* Where numbers come from. prefilter and the lock: see weir_source_detach(). All borrowed. */
struct weir_source {
	const struct weir_config *config;
	const struct weir_fences *fences;
	struct weir_ingest *ingest;
	struct weir_worker *worker;
	struct weir_keeper *keeper; /* NULL: none */
	struct weir_publisher *publisher;
	struct weir_bucket *bucket; /* NULL: none */
	struct weir_prefilter *prefilter;
	struct weir_ingest_counters ingest_last; /* where ingest is NULL: it has been closed */
	struct weir_admission *admission;
	uint64_t reloads[WEIR_RELOAD_OUTCOMES];
	bool last_reload_refused;
	int64_t started_ns;   /* monotonic */
	pthread_mutex_t lock; /* status callback and HTTP are in different threads */
};

struct weir_snapshot {
	const struct weir_config *config;
	int64_t now_ns; /* monotonic */
	int64_t uptime_ns;
	size_t fences;
	uint64_t reloads[WEIR_RELOAD_OUTCOMES];
	bool last_reload_refused;
	struct weir_ingest_counters ingest;
	struct weir_worker_counters worker;
	struct weir_keeper_counters keeper; /* zero where no state is kept */
	struct weir_publish_counters publish;
	uint64_t packets[WEIR_REASONS];
	uint64_t filter_run_ns; /* of filter_runs packets; 0 unless the kernel measures */
	uint64_t filter_runs;
	struct weir_prefilter_status prefilter;
	struct weir_prefilter_interface interfaces[WEIR_SNAPSHOT_INTERFACES];
	size_t interface_count;
	struct weir_sender senders[WEIR_SNAPSHOT_SENDERS]; /* that sent most, most first; Unix time */
	size_t sender_count, senders_known;
	bool publisher_ready;
	char publisher_reason[256];
	bool bucket_unread; /* there is one, and it has not been read yet */
	char bucket_reason[256];
};

/* From any thread. */
void weir_snapshot_take(struct weir_snapshot *out, struct weir_source *source);

/* Its senders, which take longer: the kernel's table, or user space's own where there is no filter. */
void weir_snapshot_take_senders(struct weir_snapshot *snapshot, struct weir_source *source);

/* Has the worker made progress lately? */
bool weir_snapshot_alive(const struct weir_snapshot *snapshot);

/*
 * Does the gateway do what its configuration says? `reason` (NUL-terminated, cut at size) gets one line
 * for each thing that is not as it should be, also for those that do not make it unready.
 */
bool weir_snapshot_ready(const struct weir_snapshot *snapshot, char *reason, size_t size);

/* The pages of the HTTP server, and the JSON of the status subject (without newline; returns its length). */
void weir_snapshot_print_metrics(const struct weir_snapshot *snapshot, FILE *out);
void weir_snapshot_print_senders(const struct weir_snapshot *snapshot, FILE *out);
size_t weir_snapshot_status_json(const struct weir_snapshot *snapshot, char *out, size_t size);

#endif
