/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading fences and area anew while the gateway runs.
 *
 *     idle ──ask──▶ loading      a thread reads the configuration and all that it names
 *          ──good─▶ widening     the kernel passes what either area needs
 *                   exchanging   the worker takes the new chart, between two datagrams, once it has handled
 *                                what was filtered by the old area alone
 *          ──done─▶ idle         the kernel has the new area; the old chart is freed
 *
 * What is bad is refused, with all its problems, and the old goes on. Of the configuration, the keys that
 * live says are applied; a change of another one is named in a warning, and needs a restart.
 *
 * For the control thread, which calls weir_reload_step() whenever one of the descriptors is readable.
 */
#ifndef WEIR_GATEWAY_RELOAD_H
#define WEIR_GATEWAY_RELOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/problem.h>

#include "gateway/parts.h"

struct weir_reload;

/* What became of one. */
struct weir_reload_result {
	int error; /* 0: it is in force */
	const struct weir_problems *problems;
	const char *file;    /* of problems that name none */
	size_t fences;       /* in force now */
	size_t added;        /* of these, new */
	size_t gone;         /* that were there before */
	int64_t pause_ns;    /* of the worker */
	const char *restart; /* keys that have changed and need one, separated by commas; "" */
};

struct weir_reload_options {
	struct weir_parts *parts;
	/* Called by weir_reload_step() once for each reload, also for those that were asked for meanwhile. */
	void *context;
	void (*ended)(void *context, const struct weir_reload_result *result);
};

int weir_reload_new(struct weir_reload **out, const struct weir_reload_options *options);

/* Readable when a step is due; the other descriptor is the parts' taken_fd. */
int weir_reload_descriptor(const struct weir_reload *reload);

/* Begins. While one is under way another follows it, however often that is asked for. */
void weir_reload_ask(struct weir_reload *reload);

/* Is one under way? */
bool weir_reload_is_busy(const struct weir_reload *reload);

void weir_reload_step(struct weir_reload *reload);

/* The worker has ended. Waits for the loading thread. Takes NULL. */
void weir_reload_free(struct weir_reload *reload);

#endif
