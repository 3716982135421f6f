/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The gateway's own state as the JSON of weir.v1.<site>.status: what `weir top` draws.
 *
 *     {"v":1,"event":"status","site":"rtm","time":"2026-11-22T05:14:25.638Z","version":"0.1.0",
 *      "uptime_s":12.345,"ready":false,"reason":"NATS: no connection to nats://127.0.0.1:4222",
 *      "stages":[
 *       {"name":"kernel","counters":{"seen":1,"dropped":1},"gauges":{"ns_per_packet":41.5},
 *        "texts":{"mode":"native"}},…]}
 *
 * `reason` is left out when ready, `counters`, `gauges` and `texts` where a stage has none. Counters
 * only ever grow while the gateway runs, so that a reader can take rates; gauges go up and down.
 *
 * The stages and the names that `weir top` knows, in the order of the way of a datagram. A stage may
 * carry more, all are shown; and fewer: what has no meaning (no prefilter attached) is left out.
 *
 *     kernel  counters: seen, dropped, of these not_allowed and rate_limited, and passed_<reason> for each
 *             reason of passing
 *             gauges: ns_per_packet        texts: mode (native, generic, off), why (when off)
 *     socket  counters: received, lost (SO_RXQ_OVFL), truncated, not_allowed, rate_limited (both refused by
 *             user space)
 *     decode  counters: sentences, messages, malformed
 *     engine  counters: positions, alerts, outside      gauges: devices, followed, fences
 *     publish counters: published, acked, dropped       gauges: pending, ring_used_bytes
 *             texts: broker (connected, away, none)
 *
 * Where senders are counted one by one, `senders` follows: [{"name":"192.0.2.7","counters":{"packets":3,
 * "bytes":147,"outside":1},"gauges":{"idle_s":0.4}},…]. packets is the sum over all outcomes; outcomes that
 * never occurred, and the usual one, `passed`, are left out.
 *
 * Thread-safe; nothing allocates.
 */
#ifndef WEIR_PUBLISH_STATUS_H
#define WEIR_PUBLISH_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "publish.h"

enum weir_status_kind { WEIR_STATUS_COUNTER, WEIR_STATUS_GAUGE, WEIR_STATUS_TEXT };

struct weir_status_value {
	const char *name; /* [a-z0-9_]+ */
	enum weir_status_kind kind;
	uint64_t count;   /* WEIR_STATUS_COUNTER */
	double gauge;     /* WEIR_STATUS_GAUGE; three decimals are shown */
	const char *text; /* WEIR_STATUS_TEXT */
};

struct weir_status_stage {
	const char *name;
	const struct weir_status_value *values;
	size_t value_count;
};

struct weir_status {
	const char *site;
	const char *version;
	int64_t time_ns;
	int64_t uptime_ns;
	bool ready;
	const char *reason; /* NULL when ready */
	const struct weir_status_stage *stages;
	size_t stage_count;
	const struct weir_status_stage
	        *senders;    /* named by their addresses; those that sent most, most first */
	size_t sender_count; /* 0: left out */
};

#define WEIR_STATUS_MAX 16384

/* Writes the JSON without newline and NUL; returns its length, 0 when size bytes are too few. */
size_t weir_status_json(const struct weir_status *status, char *out, size_t size);

/*
 * The publish stage from the publisher's own counters, for a struct weir_status. Writes at most
 * capacity values and returns how many there are (WEIR_STATUS_PUBLISH_VALUES at most).
 */
#define WEIR_STATUS_PUBLISH_VALUES 16
size_t weir_status_of_publish(const struct weir_publish_counters *counters, bool has_broker,
                              struct weir_status_value *values, size_t capacity);

#endif
