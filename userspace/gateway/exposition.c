/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The metrics of the gateway, from a snapshot. How the format is written: metrics.c.
 */
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "gateway/metrics.h"
#include "gateway/snapshot.h"

static const char *const datagram_outcomes[] = {
        [WEIR_DATAGRAM_ACCEPTED] = "accepted",
        [WEIR_DATAGRAM_PARTIAL] = "partial",
        [WEIR_DATAGRAM_MALFORMED] = "malformed",
        [WEIR_DATAGRAM_BINARY] = "binary",
};
_Static_assert(sizeof datagram_outcomes / sizeof datagram_outcomes[0] == WEIR_DATAGRAM_OUTCOMES,
               "a label each");

static const char *const sentence_outcomes[] = {
        [WEIR_SENTENCE_MESSAGE] = "message",     [WEIR_SENTENCE_FRAGMENT] = "fragment",
        [WEIR_SENTENCE_REPEATED] = "repeated",   [WEIR_SENTENCE_UNSUPPORTED] = "unsupported",
        [WEIR_SENTENCE_MALFORMED] = "malformed", [WEIR_SENTENCE_GPS] = "gps",
        [WEIR_SENTENCE_IGNORED] = "ignored",
};
_Static_assert(sizeof sentence_outcomes / sizeof sentence_outcomes[0] == WEIR_SENTENCE_OUTCOMES,
               "a label each");

static const char *const reload_outcomes[] = {
        [WEIR_RELOAD_APPLIED] = "applied", [WEIR_RELOAD_REFUSED] = "refused"};
_Static_assert(sizeof reload_outcomes / sizeof reload_outcomes[0] == WEIR_RELOAD_OUTCOMES, "a label each");

/* A family of one label, its values in the order of an enum. */
static void print_family(FILE *out, const char *name, const char *help, const char *label,
                         const char *const *values, const uint64_t *counts, size_t count)
{
	weir_metric_family(out, name, "counter", help);
	for (size_t i = 0; i < count; i++)
		weir_metric_count(out, name, counts[i], WEIR_LABELS(label, values[i]));
}

static void print_counter(FILE *out, const char *name, const char *help, uint64_t count)
{
	weir_metric_family(out, name, "counter", help);
	weir_metric_count(out, name, count, NULL);
}

static void print_gauge(FILE *out, const char *name, const char *help, double value)
{
	weir_metric_family(out, name, "gauge", help);
	weir_metric_gauge(out, name, value, NULL);
}

static void print_prefilter(const struct weir_snapshot *snapshot, FILE *out)
{
	static const char packets[] = "weir_prefilter_packets_total";
	static const char modes[] = "weir_prefilter_mode";

	weir_metric_family(out, packets, "counter",
	                   "Packets that the kernel filter saw, by verdict and reason.");
	for (enum weir_reason i = 0; i < WEIR_REASONS; i++)
		weir_metric_count(
		        out, packets, snapshot->packets[i],
		        WEIR_LABELS("verdict", weir_reason_verdict(i), "reason", weir_reason_name(i)));
	weir_metric_family(out, modes, "gauge",
	                   "1 for the mode in which the kernel filter runs on an interface.");
	for (size_t i = 0; i < snapshot->interface_count; i++)
		for (size_t state = 0; state < WEIR_PREFILTER_STATES; state++)
			weir_metric_count(out, modes,
			                  strcmp(weir_prefilter_interface_state(&snapshot->interfaces[i]),
			                         weir_prefilter_state_name(state)) == 0,
			                  WEIR_LABELS("interface", snapshot->interfaces[i].name, "mode",
			                              weir_prefilter_state_name(state)));
	print_gauge(out, "weir_prefilter_held",
	            "1 while an interface is without the kernel filter, so that nothing is dropped.",
	            snapshot->prefilter.held);
	print_gauge(out, "weir_prefilter_followed",
	            "Devices whose reports the kernel filter passes wherever they are.",
	            (double)snapshot->prefilter.followed);
	print_counter(out, "weir_prefilter_followed_refused_total",
	              "Devices that found no room in the kernel's map of followed devices.",
	              snapshot->prefilter.followed_refused);
	print_counter(out, "weir_prefilter_turns_total", "Completed turns of the kernel filter's epochs.",
	              snapshot->prefilter.turns);
}

static void print_ingest(const struct weir_snapshot *snapshot, FILE *out)
{
	const struct weir_ingest_counters *ingest = &snapshot->ingest;
	static const char *const labels[] = {"received", "lost", "discarded"};
	const uint64_t outcomes[] = {ingest->datagrams, ingest->socket_dropped, ingest->discarded};

	print_family(out, "weir_socket_datagrams_total",
	             "Datagrams that reached the sockets: received; lost in them, as their queue was full; "
	             "discarded "
	             "at the end.",
	             "outcome", labels, outcomes, 3);
	print_counter(out, "weir_ingest_bytes_total", "Bytes of payload received.", ingest->bytes);
	print_counter(out, "weir_ingest_truncated_total", "Datagrams that were longer than a buffer.",
	              ingest->truncated);
	print_counter(out, "weir_ingest_no_buffers_total",
	              "Times that receiving paused as every buffer was in use.", ingest->no_buffers);
	print_counter(out, "weir_ingest_rearmed_total", "Receive requests given anew.", ingest->rearmed);
	print_counter(out, "weir_ingest_errors_total", "Receive requests that failed.", ingest->errors);
	print_counter(out, "weir_ingest_reopened_total",
	              "Sockets made anew as their interface had come back.", ingest->reopened);
	print_counter(out, "weir_ingest_batches_total", "Rounds with at least one datagram.",
	              ingest->batches);
	print_counter(out, "weir_ingest_enters_total", "Calls of io_uring_enter().", ingest->enters);
	print_gauge(out, "weir_ingest_receive_buffer_bytes", "The smallest receive buffer that a socket got.",
	            ingest->receive_buffer_bytes);
}

static void print_messages(const struct weir_decode_counters *decode, FILE *out)
{
	static const char name[] = "weir_messages_total";
	static const char undecoded[] = "weir_messages_undecoded_total";
	char type[4];

	weir_metric_family(out, name, "counter", "Complete AIS messages by type.");
	for (unsigned i = 0; i < 64; i++) {
		snprintf(type, sizeof type, "%u", i);
		if (decode->messages[i] > 0)
			weir_metric_count(out, name, decode->messages[i], WEIR_LABELS("type", type));
	}
	weir_metric_family(out, undecoded, "counter", "Of these, messages of a type that is not decoded.");
	for (unsigned i = 0; i < 64; i++) {
		snprintf(type, sizeof type, "%u", i);
		if (decode->undecoded[i] > 0)
			weir_metric_count(out, undecoded, decode->undecoded[i], WEIR_LABELS("type", type));
	}
}

/* Those that a policy on senders refused are no business of the decoder. */
static void print_datagrams(const struct weir_worker_counters *worker, FILE *out)
{
	static const enum weir_sender_outcome refused[] = {WEIR_SENDER_NOT_ALLOWED, WEIR_SENDER_RATE_LIMITED};
	static const char name[] = "weir_datagrams_total";

	print_family(out, name,
	             "Datagrams by outcome: partial ones hold a malformed sentence, binary ones none; "
	             "not_allowed and rate_limited ones were not looked at.",
	             "outcome", datagram_outcomes, worker->decode.datagrams, WEIR_DATAGRAM_OUTCOMES);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		weir_metric_count(out, name, worker->refused[refused[i]],
		                  WEIR_LABELS("outcome", weir_sender_outcome_name(refused[i])));
}

static void print_decode(const struct weir_decode_counters *decode, uint64_t refused, FILE *out)
{
	const char *faults[WEIR_FAULTS];
	uint64_t letters[WEIR_FAULTS];

	for (int i = 0; i < WEIR_FAULTS; i++) {
		faults[i] = weir_fault_name((enum weir_fault)i);
		letters[i] = decode->letters[i] + (i == WEIR_FAULT_TIMESTAMP ? refused : 0);
	}
	print_family(out, "weir_sentences_total", "Sentences by outcome.", "outcome", sentence_outcomes,
	             decode->sentences, WEIR_SENTENCE_OUTCOMES);
	print_family(out, "weir_faults_total", "Malformed sentences by reason.", "reason", faults,
	             decode->faults, WEIR_FAULTS);
	print_family(out, "weir_dlq_total", "Dead letters by reason: at most one for a datagram.", "reason",
	             faults, letters, WEIR_FAULTS);
	print_messages(decode, out);
	print_gauge(out, "weir_fragments_pending", "Fragments that wait for the rest of their message.",
	            (double)decode->fragments_pending);
	print_counter(out, "weir_fragments_joined_total", "Fragments that became part of a message.",
	              decode->fragments_joined);
	print_counter(out, "weir_fragments_lost_total", "Fragments that timed out or were displaced.",
	              decode->fragments_lost);
	print_counter(out, "weir_fixes_total", "GPS fixes.", decode->fixes);
	print_counter(out, "weir_fixes_void_total", "GPS epochs without a valid position.",
	              decode->fixes_void);
	print_counter(out, "weir_tag_blocks_bad_total",
	              "TAG blocks ignored because of their checksum or form.", decode->tag_blocks_bad);
}

static void print_engine(const struct weir_snapshot *snapshot, FILE *out)
{
	const struct weir_engine_counters *engine = &snapshot->worker.engine;
	static const char alerts[] = "weir_alerts_total";
	const char *kinds[WEIR_EVENT_KINDS], *outcomes[WEIR_REPORT_OUTCOMES];
	const char *window_outcomes[WEIR_WINDOW_OUTCOMES];

	for (enum weir_report_outcome i = 0; i < WEIR_REPORT_OUTCOMES; i++)
		outcomes[i] = weir_report_outcome_name(i);
	for (enum weir_window_outcome i = 0; i < WEIR_WINDOW_OUTCOMES; i++)
		window_outcomes[i] = weir_window_outcome_name(i);
	for (enum weir_event_kind kind = 0; kind < WEIR_EVENT_KINDS; kind++)
		kinds[kind] = weir_event_kind_name(kind);
	print_family(out, "weir_reports_total", "AIS messages and fixes by what the engine made of them.",
	             "outcome", outcomes, engine->reports, WEIR_REPORT_OUTCOMES);
	print_family(out, "weir_events_total", "Events by kind.", "kind", kinds, engine->events,
	             WEIR_EVENT_KINDS);
	weir_metric_family(out, alerts, "counter", "Alerts by rule and phase.");
	for (enum weir_rule_kind rule = 0; rule < WEIR_RULE_KINDS; rule++)
		for (enum weir_phase phase = 0; phase < WEIR_PHASES; phase++)
			weir_metric_count(
			        out, alerts, engine->alerts[rule][phase],
			        WEIR_LABELS("rule", weir_rule_name(rule), "phase", weir_phase_name(phase)));
	print_family(out, "weir_window_fixes_total",
	             "Fixes inside of a fence, and exits, by what became of them in each of its windows and "
	             "its density.",
	             "outcome", window_outcomes, engine->windows, WEIR_WINDOW_OUTCOMES);
	print_gauge(out, "weir_window_devices", "Devices that open windows have seen, once for each.",
	            (double)engine->window_devices);
	print_counter(out, "weir_distress_clock_off_total",
	              "Distress reports used with the time of reception, as the sender's clock lied.",
	              engine->distress_clock_off);
	print_gauge(out, "weir_devices", "Devices in the table.", (double)engine->devices);
	print_gauge(out, "weir_devices_followed",
	            "Of these, devices that are followed: what they report is used wherever they are.",
	            (double)engine->followed);
	print_counter(out, "weir_devices_released_total", "Devices let go since the start.",
	              engine->released);
	print_counter(out, "weir_devices_silent_total", "Of these, devices that fell silent.",
	              engine->silent);
	print_counter(out, "weir_devices_evicted_total", "Of these, devices that gave way to others.",
	              engine->evicted);
	print_counter(out, "weir_fences_untracked_total",
	              "Fences that a device lay in and that there was no room to remember.",
	              engine->untracked);
	print_counter(out, "weir_stations_untracked_total",
	              "Stations that heard a position and that there was no room to remember.",
	              engine->stations_untracked);
	print_gauge(out, "weir_fences", "Fences loaded.", (double)snapshot->fences);
	print_family(out, "weir_reloads_total", "Reloads of fences and area by what became of them.",
	             "outcome", reload_outcomes, snapshot->reloads, WEIR_RELOAD_OUTCOMES);
	print_gauge(out, "weir_reload_last_refused", "1: the last reload was refused, the old goes on.",
	            snapshot->last_reload_refused);
}

static void print_state(const struct weir_snapshot *snapshot, FILE *out)
{
	static const char *const outcomes[] = {
	        [WEIR_KEEPER_SAVED] = "saved", [WEIR_KEEPER_FAILED] = "failed"};
	const struct weir_keeper_counters *keeper = &snapshot->keeper;

	print_family(out, "weir_state_saves_total",
	             "Times that the engine's state was to be written to its file.", "outcome", outcomes,
	             keeper->saves, WEIR_KEEPER_OUTCOMES);
	print_gauge(out, "weir_state_bytes", "Length of the state that was saved last.",
	            (double)keeper->bytes);
	print_gauge(out, "weir_state_saved_timestamp_seconds", "When it was saved, Unix time; 0: not yet.",
	            (double)keeper->saved_ns / 1e9);
	print_gauge(out, "weir_state_pause_seconds", "How long the worker paused for it.",
	            (double)keeper->pause_ns / 1e9);
	print_gauge(out, "weir_state_restored", "1: the gateway began with a saved state.", keeper->restored);
}

static void print_delays(const struct weir_snapshot *snapshot, FILE *out)
{
	static const char name[] = "weir_delay_seconds";
	const struct weir_delay *delays[] = {&snapshot->worker.socket_delay, &snapshot->publish.publish_delay,
	                                     &snapshot->publish.ack_delay};
	static const char *const stages[] = {"socket", "publish", "ack"};

	weir_metric_family(
	        out, name, "histogram",
	        "Seconds from the kernel's receive time to the worker, to publishing, to acknowledgement.");
	for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++) {
		const struct weir_metric_histogram histogram = {.bounds = weir_delay_bounds_s,
		                                                .buckets = delays[i]->buckets,
		                                                .bound_count = WEIR_DELAY_BOUNDS,
		                                                .sum = (double)delays[i]->sum_ns / 1e9};
		weir_metric_series(out, name, &histogram, "stage", stages[i]);
	}
}

static void print_outbox(const struct weir_publish_counters *publish, FILE *out)
{
	static const char pending[] = "weir_outbox_pending";
	static const char bytes[] = "weir_outbox_pending_bytes";
	static const enum weir_publish_class kept[] = {WEIR_PUBLISH_ALERT, WEIR_PUBLISH_WINDOW,
	                                               WEIR_PUBLISH_LETTER};
	const size_t count = sizeof kept / sizeof kept[0];

	weir_metric_family(out, pending, "gauge",
	                   "Alerts, windows and dead letters that no stream has acknowledged yet.");
	for (size_t i = 0; i < count; i++)
		weir_metric_count(out, pending, publish->pending[kept[i]],
		                  WEIR_LABELS("class", weir_publish_class_name(kept[i])));
	weir_metric_family(out, bytes, "gauge", "Their size.");
	for (size_t i = 0; i < count; i++)
		weir_metric_count(out, bytes, publish->pending_bytes[kept[i]],
		                  WEIR_LABELS("class", weir_publish_class_name(kept[i])));
}

static void print_publish(const struct weir_snapshot *snapshot, FILE *out)
{
	const struct weir_publish_counters *publish = &snapshot->publish;
	static const char offered[] = "weir_publish_offered_total";
	static const char total[] = "weir_publish_total";

	weir_metric_family(out, offered, "counter",
	                   "Events and dead letters offered to the publisher, by class.");
	for (enum weir_publish_class i = 0; i < WEIR_PUBLISH_CLASSES; i++)
		weir_metric_count(out, offered, publish->offered[i],
		                  WEIR_LABELS("class", weir_publish_class_name(i)));
	weir_metric_family(out, total, "counter", "What became of them.");
	for (enum weir_publish_class i = 0; i < WEIR_PUBLISH_CLASSES; i++)
		for (enum weir_publish_outcome j = 0; j < WEIR_PUBLISH_OUTCOMES; j++)
			weir_metric_count(out, total, publish->total[i][j],
			                  WEIR_LABELS("class", weir_publish_class_name(i), "outcome",
			                              weir_publish_outcome_name(j)));
	print_outbox(publish, out);
	print_gauge(out, "weir_ring_used_bytes", "Filled part of the rings between workers and publisher.",
	            (double)publish->ring_used_bytes);
	print_counter(out, "weir_nats_reconnects_total", "Reconnections to NATS.", publish->reconnects);
	print_gauge(out, "weir_nats_connected", "1 while both connections to NATS stand.",
	            publish->positions_connected && publish->alerts_connected);
}

static long resident_pages(void)
{
	long resident = 0;
	FILE *statm = fopen("/proc/self/statm", "re");

	if (statm && fscanf(statm, "%*s %ld", &resident) != 1)
		resident = 0;
	if (statm)
		fclose(statm);
	return resident;
}

static void print_process(const struct weir_snapshot *snapshot, FILE *out)
{
	struct rusage usage = {0};

	getrusage(RUSAGE_SELF, &usage);
	weir_metric_family(out, "weir_build_info", "gauge", "1; the labels say what runs.");
	weir_metric_count(out, "weir_build_info", 1,
	                  WEIR_LABELS("version", WEIR_VERSION, "ring",
	                              weir_ring_mode_name(snapshot->ingest.ring_mode), "site",
	                              snapshot->config->site));
	print_gauge(out, "weir_uptime_seconds", "Seconds since the start.",
	            (double)snapshot->uptime_ns / 1e9);
	weir_metric_family(out, "process_cpu_seconds_total", "counter", "User and system time spent.");
	weir_metric_gauge(out, "process_cpu_seconds_total",
	                  (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	                          (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
	                  NULL);
	print_gauge(out, "process_resident_memory_bytes", "Resident memory.",
	            (double)resident_pages() * (double)sysconf(_SC_PAGESIZE));
}

void weir_snapshot_print_metrics(const struct weir_snapshot *snapshot, FILE *out)
{
	print_process(snapshot, out);
	print_prefilter(snapshot, out);
	weir_snapshot_print_senders(snapshot, out);
	print_ingest(snapshot, out);
	print_datagrams(&snapshot->worker, out);
	print_decode(&snapshot->worker.decode, snapshot->worker.engine.letters, out);
	print_engine(snapshot, out);
	print_publish(snapshot, out);
	print_state(snapshot, out);
	print_delays(snapshot, out);
}
