/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The publisher's counters as they are counted: atomics with one writer each, so that a plain load and
 * store do, without a locked instruction; any thread may read them. What others see is the snapshot,
 * struct weir_publish_counters.
 */
#ifndef WEIR_PUBLISH_TALLY_H
#define WEIR_PUBLISH_TALLY_H

#include <stdatomic.h>
#include <stdint.h>

#include "publish.h"

typedef _Atomic uint64_t weir_tally_counter;

struct weir_tally_delay {
	weir_tally_counter buckets[WEIR_DELAY_BUCKETS];
	weir_tally_counter sum_ns;
};

/* Written by the publisher's thread alone. */
struct weir_tally {
	weir_tally_counter offered[WEIR_PUBLISH_CLASSES]; /* what did not come through an outlet: status */
	weir_tally_counter total[WEIR_PUBLISH_CLASSES][WEIR_PUBLISH_OUTCOMES];
	weir_tally_counter pending[WEIR_PUBLISH_CLASSES];
	weir_tally_counter pending_bytes[WEIR_PUBLISH_CLASSES];
	weir_tally_counter sent[WEIR_PUBLISH_CLASSES];
	weir_tally_counter repeated[WEIR_PUBLISH_CLASSES];
	struct weir_tally_delay publish_delay;
	struct weir_tally_delay ack_delay;
};

static inline void weir_tally_add(weir_tally_counter *counter, uint64_t value)
{
	uint64_t old = atomic_load_explicit(counter, memory_order_relaxed);

	atomic_store_explicit(counter, old + value, memory_order_relaxed);
}

static inline void weir_tally_set(weir_tally_counter *counter, uint64_t value)
{
	atomic_store_explicit(counter, value, memory_order_relaxed);
}

static inline uint64_t weir_tally_get(const weir_tally_counter *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

/* received_ns 0 is not counted; a delay below zero (the clock was set) counts as none. */
void weir_tally_delay_add(struct weir_tally_delay *delay, int64_t received_ns, int64_t now_ns);

/* Adds to the snapshot, which the caller has set to zero. */
void weir_tally_snapshot(const struct weir_tally *tally, struct weir_publish_counters *counters);

#endif
