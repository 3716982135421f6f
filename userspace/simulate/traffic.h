/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traffic: the transmissions of a fleet in the order of their times, as the sentences that a receiver
 * makes of them. It knows no clock and no socket: who asks for the next transmission decides when.
 *
 * Thread-safety: one thread at a time.
 */
#ifndef WEIR_SIMULATE_TRAFFIC_H
#define WEIR_SIMULATE_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "spoil.h"

struct weir_traffic_options {
	size_t vessels;
	uint64_t seed;
	int64_t start_ns;       /* Unix time */
	bool tag;               /* TAG blocks with c:, s:, and g: where a message has several sentences */
	const char *station;    /* s: of the TAG block, at most 15 characters; NULL: "weir" */
	double malformed_share; /* malformed datagrams for each transmission, 0 to 1 */
};

#define WEIR_TRANSMISSION_LINES_MAX 4

/* Each line is one datagram: a sentence with its line end, a TAG block before it where asked for. */
struct weir_line {
	const char *bytes; /* not NUL-terminated */
	uint32_t length;
};

struct weir_transmission {
	int64_t time_ns;
	uint32_t mmsi;
	bool malformed; /* it is one of enum weir_spoil */
	bool remark;    /* of a scenario: a line of comment for a file, no datagram */
	size_t count;
	struct weir_line lines[WEIR_TRANSMISSION_LINES_MAX];
};

struct weir_traffic_counters {
	uint64_t positions;
	uint64_t statics;
	uint64_t shore;
	uint64_t replaced; /* vessels that left and made room for another */
	uint64_t spoiled[WEIR_SPOILS];
};

struct weir_fleet;
struct weir_traffic;

/* Returns 0, -ENOMEM, or -EINVAL for options out of range. */
int weir_traffic_new(struct weir_traffic **out, const struct weir_traffic_options *options);

/* The time of the next transmission. */
int64_t weir_traffic_due_ns(const struct weir_traffic *traffic);

/*
 * The next transmission; there is always one. Its bytes hold until the next call. Returns 0, or a
 * negative errno of the encoder.
 */
int weir_traffic_next(struct weir_traffic *traffic, struct weir_transmission *transmission);

struct weir_fleet *weir_traffic_fleet(struct weir_traffic *traffic);
const struct weir_traffic_counters *weir_traffic_counters(const struct weir_traffic *traffic);

/* Takes NULL. */
void weir_traffic_free(struct weir_traffic *traffic);

#endif
