/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counting, and the names of what is counted. See tally.h and publish.h.
 */
#include "tally.h"

/* From a hundred microseconds, an undisturbed publish, to the ten seconds of a broker's restart. */
const double weir_delay_bounds_s[WEIR_DELAY_BOUNDS] = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
};

static const char *const class_names[] = {
        [WEIR_PUBLISH_POSITION] = "position", [WEIR_PUBLISH_STATIC] = "static",
        [WEIR_PUBLISH_ALERT] = "alert",       [WEIR_PUBLISH_LETTER] = "dlq",
        [WEIR_PUBLISH_STATUS] = "status",     [WEIR_PUBLISH_WINDOW] = "window",
};
_Static_assert(sizeof(class_names) / sizeof(*class_names) == WEIR_PUBLISH_CLASSES, "a class has no name");

static const char *const outcome_names[] = {
        [WEIR_PUBLISH_PUBLISHED] = "published",
        [WEIR_PUBLISH_ACKED] = "acked",
        [WEIR_PUBLISH_DUPLICATE] = "duplicate",
        [WEIR_PUBLISH_LOGGED] = "logged",
        [WEIR_PUBLISH_DROPPED_RING] = "dropped_ring",
        [WEIR_PUBLISH_DROPPED_OUTBOX] = "dropped_outbox",
        [WEIR_PUBLISH_DROPPED_DISCONNECTED] = "dropped_disconnected",
        [WEIR_PUBLISH_OVERSIZED] = "oversized",
        [WEIR_PUBLISH_FAILED] = "failed",
        [WEIR_PUBLISH_UNSENT] = "unsent",
};
_Static_assert(sizeof(outcome_names) / sizeof(*outcome_names) == WEIR_PUBLISH_OUTCOMES,
               "an outcome has no name");

const char *weir_publish_class_name(enum weir_publish_class publish_class)
{
	return class_names[publish_class];
}

const char *weir_publish_outcome_name(enum weir_publish_outcome outcome)
{
	return outcome_names[outcome];
}

void weir_tally_delay_add(struct weir_tally_delay *delay, int64_t received_ns, int64_t now_ns)
{
	if (received_ns == 0)
		return;
	int64_t delay_ns = now_ns > received_ns ? now_ns - received_ns : 0;
	double delay_s = (double)delay_ns / 1e9;
	size_t bucket = 0;
	while (bucket < WEIR_DELAY_BOUNDS && delay_s > weir_delay_bounds_s[bucket])
		bucket++;
	weir_tally_add(&delay->buckets[bucket], 1);
	weir_tally_add(&delay->sum_ns, (uint64_t)delay_ns);
}

static void snapshot_delay(const struct weir_tally_delay *from, struct weir_delay *delay)
{
	for (size_t i = 0; i < WEIR_DELAY_BUCKETS; i++) {
		delay->buckets[i] = weir_tally_get(&from->buckets[i]);
		delay->count += delay->buckets[i];
	}
	delay->sum_ns = weir_tally_get(&from->sum_ns);
}

void weir_tally_snapshot(const struct weir_tally *tally, struct weir_publish_counters *counters)
{
	for (size_t class = 0; class < WEIR_PUBLISH_CLASSES; class ++) {
		for (size_t outcome = 0; outcome < WEIR_PUBLISH_OUTCOMES; outcome++)
			counters->total[class][outcome] += weir_tally_get(&tally->total[class][outcome]);
		counters->offered[class] += weir_tally_get(&tally->offered[class]);
		counters->pending[class] += weir_tally_get(&tally->pending[class]);
		counters->pending_bytes[class] += weir_tally_get(&tally->pending_bytes[class]);
		counters->sent[class] += weir_tally_get(&tally->sent[class]);
		counters->repeated[class] += weir_tally_get(&tally->repeated[class]);
	}
	snapshot_delay(&tally->publish_delay, &counters->publish_delay);
	snapshot_delay(&tally->ack_delay, &counters->ack_delay);
}
