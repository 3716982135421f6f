/* SPDX-License-Identifier: BSD-2-Clause */
#include "ranking.h"

#include <stdbool.h>
#include <string.h>

uint64_t weir_sender_packets(const struct weir_sender_counters *counters)
{
	uint64_t sum = 0;

	for (int i = 0; i < WEIR_SENDER_OUTCOMES; i++)
		sum += counters->packets[i];
	return sum;
}

static bool is_before(const struct weir_sender *a, const struct weir_sender *b)
{
	uint64_t more = weir_sender_packets(&a->counters), less = weir_sender_packets(&b->counters);

	return more != less ? more > less : memcmp(a->ip, b->ip, sizeof(a->ip)) < 0;
}

void weir_ranking_add(struct ranking *ranking, const struct weir_sender *sender)
{
	size_t at = ranking->count;

	while (at > 0 && is_before(sender, &ranking->senders[at - 1]))
		at--;
	if (at == ranking->capacity)
		return;
	if (ranking->count < ranking->capacity)
		ranking->count++;
	memmove(&ranking->senders[at + 1], &ranking->senders[at],
	        (ranking->count - 1 - at) * sizeof(*sender));
	ranking->senders[at] = *sender;
}
