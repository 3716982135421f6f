/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The counters that --stats prints. See stats.h.
 */
#include "cli/stats.h"

#include <inttypes.h>

void stats_count(FILE *out, const char *group, const char *name, uint64_t count)
{
	if (count != 0)
		fprintf(out, "%-10s %-12s %12" PRIu64 "\n", group, name, count);
}

void stats_decode(FILE *out, const struct weir_decode_counters *counters)
{
	static const char *const datagrams[WEIR_DATAGRAM_OUTCOMES] = {"accepted", "partial", "malformed",
	                                                              "binary"};
	static const char *const sentences[WEIR_SENTENCE_OUTCOMES] = {"message",     "fragment",  "repeated",
	                                                              "unsupported", "malformed", "gps"};
	char name[16];

	for (int i = 0; i < WEIR_DATAGRAM_OUTCOMES; i++)
		stats_count(out, "line", datagrams[i], counters->datagrams[i]);
	for (int i = 0; i < WEIR_SENTENCE_OUTCOMES; i++)
		stats_count(out, "sentence", sentences[i], counters->sentences[i]);
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "type %d", i);
		stats_count(out, "message", name, counters->messages[i]);
	}
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "type %d", i);
		stats_count(out, "undecoded", name, counters->undecoded[i]);
	}
	for (int i = 0; i < WEIR_FAULTS; i++)
		stats_count(out, "fault", weir_fault_name((enum weir_fault)i), counters->faults[i]);
	stats_count(out, "fix", "", counters->fixes);
	stats_count(out, "fix", "void", counters->fixes_void);
	stats_count(out, "fragment", "lost", counters->fragments_lost);
	stats_count(out, "tag_block", "bad", counters->tag_blocks_bad);
}

void stats_engine(FILE *out, const struct weir_engine_counters *counters)
{
	for (enum weir_report_outcome i = 0; i < WEIR_REPORT_OUTCOMES; i++)
		stats_count(out, "report", weir_report_outcome_name(i), counters->reports[i]);
	for (enum weir_event_kind i = 0; i < WEIR_EVENT_KINDS; i++)
		stats_count(out, "event", weir_event_kind_name(i), counters->events[i]);
	for (enum weir_rule_kind rule = 0; rule < WEIR_RULE_KINDS; rule++)
		for (enum weir_phase phase = 0; phase < WEIR_PHASES; phase++)
			stats_count(out, weir_rule_name(rule), weir_phase_name(phase),
			            counters->alerts[rule][phase]);
	stats_count(out, "device", "evicted", counters->evicted);
	stats_count(out, "fence", "untracked", counters->untracked);
}
