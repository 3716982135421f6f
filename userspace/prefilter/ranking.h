/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The few that sent most, out of many: the order in which senders are shown.
 */
#ifndef WEIR_PREFILTER_RANKING_H
#define WEIR_PREFILTER_RANKING_H

#include <stddef.h>
#include <stdint.h>

#include <weir/senders.h>

struct ranking {
	struct weir_sender *senders; /* most packets first; where they are equal, by address */
	size_t count, capacity;
};

/* Of one sender, all outcomes together. */
uint64_t weir_sender_packets(const struct weir_sender_counters *counters);

/* Puts the sender at its place; the last one falls off where there is no room. */
void weir_ranking_add(struct ranking *ranking, const struct weir_sender *sender);

#endif
