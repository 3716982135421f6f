/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The metrics of senders: those that sent most, so that the number of series is bounded whatever arrives.
 */
#include <math.h>

#include "gateway/metrics.h"
#include "gateway/snapshot.h"
#include "prefilter/network.h"

static void print_packets(const struct weir_snapshot *snapshot, FILE *out)
{
	static const char name[] = "weir_sender_packets_total";
	char text[WEIR_NETWORK_TEXT_SIZE];

	weir_metric_family(out, name, "counter",
	                   "Datagrams of a sender by outcome; of the twenty that sent most.");
	for (size_t i = 0; i < snapshot->sender_count; i++)
		for (enum weir_sender_outcome j = 0; j < WEIR_SENDER_OUTCOMES; j++)
			weir_metric_count(out, name, snapshot->senders[i].counters.packets[j],
			                  WEIR_LABELS("sender",
			                              weir_sender_format(snapshot->senders[i].ip, text),
			                              "outcome", weir_sender_outcome_name(j)));
}

void weir_snapshot_print_senders(const struct weir_snapshot *snapshot, FILE *out)
{
	static const char bytes[] = "weir_sender_bytes_total";
	static const char seen[] = "weir_sender_last_seen_timestamp_seconds";
	char text[WEIR_NETWORK_TEXT_SIZE];

	if (snapshot->config->prefilter.senders == 0)
		return;
	weir_metric_family(out, "weir_senders", "gauge", "Senders that are counted one by one.");
	weir_metric_gauge(out, "weir_senders", (double)snapshot->senders_known, NULL);
	print_packets(snapshot, out);
	weir_metric_family(out, bytes, "counter", "Bytes of payload in them.");
	for (size_t i = 0; i < snapshot->sender_count; i++)
		weir_metric_count(out, bytes, snapshot->senders[i].counters.bytes,
		                  WEIR_LABELS("sender", weir_sender_format(snapshot->senders[i].ip, text)));
	weir_metric_family(out, seen, "gauge", "When the last one came, Unix time.");
	for (size_t i = 0; i < snapshot->sender_count; i++)
		weir_metric_gauge(out, seen, round((double)snapshot->senders[i].counters.seen_ns / 1e6) / 1e3,
		                  WEIR_LABELS("sender", weir_sender_format(snapshot->senders[i].ip, text)));
}
