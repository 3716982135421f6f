/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of a running gateway: who is started after whom, and what each is given.
 */
#ifndef WEIR_GATEWAY_PARTS_H
#define WEIR_GATEWAY_PARTS_H

#include <stdint.h>

#include "gateway/http.h"
#include "gateway/keeper.h"
#include "gateway/metrics.h"
#include "gateway/setup.h"
#include "gateway/snapshot.h"
#include "publish/bucket.h"

struct weir_parts {
	bool takes_over;          /* from a gateway that runs: see weir_prefilter_take_over() */
	struct weir_setup *setup; /* borrowed; its chart changes by a reload */
	struct weir_ingest *ingest;
	struct weir_prefilter *prefilter;
	struct weir_admission *admission;
	struct weir_outlet *outlet;
	struct weir_worker *worker;
	struct weir_keeper *keeper; /* NULL: not configured */
	bool restored;              /* the engine began with a saved state */
	struct weir_publisher *publisher;
	struct weir_bucket *bucket; /* NULL: not configured */
	struct weir_http *http;     /* NULL: not configured */
	struct weir_source source;
	int ended_fd;  /* readable when the worker has ended */
	int broken_fd; /* readable when the output can't be written any more */
	int taken_fd;  /* readable when the worker has taken a chart */
	int bucket_fd; /* readable when the bucket of fences was read or has changed */
	int asked_fd;  /* readable when a request waits to be taken from the publisher */
};

/*
 * Sockets are bound before the kernel filter is attached, so that what it passes has a place; both
 * before any thread runs. Returns 0 or a negative errno; the log has said why, and nothing is left.
 */
int weir_parts_start(struct weir_parts *parts, struct weir_setup *setup, bool takes_over);

/*
 * After weir_ingest_stop(), or when the worker ended by itself: joins it, and keeps its state where that is
 * configured. Returns what it did.
 */
int weir_parts_join_worker(struct weir_parts *parts);

/*
 * Looks after the kernel filter when the interfaces have changed; from the control thread, every second or
 * two and when the descriptor is readable. -1: there is nothing to look after.
 */
int weir_parts_descriptor(const struct weir_parts *parts);
void weir_parts_work(struct weir_parts *parts);

/* Does another gateway ask to take over? */
bool weir_parts_are_asked_for(struct weir_parts *parts);

/*
 * Instead of weir_parts_detach(), after the worker has been joined: closes the sockets and leaves the kernel
 * filter to the gateway that has asked for it.
 */
void weir_parts_hand_over(struct weir_parts *parts);

/* Detaches the kernel filter. */
void weir_parts_detach(struct weir_parts *parts);

/* Counts a reload, for /metrics and the status. */
void weir_parts_note_reload(struct weir_parts *parts, bool good);

/* What is left, in reverse order. The worker has been joined. */
void weir_parts_stop(struct weir_parts *parts);

#endif
