/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The gateway's own state for the status subject, from a snapshot. Names and form: publish/status.h.
 */
#include "publish/status.h"

#include <stdio.h>
#include <time.h>

#include "gateway/snapshot.h"
#include "prefilter/network.h"
#include "prefilter/ranking.h"

#define KERNEL_VALUES (WEIR_REASONS + 6)
#define PASSED_SIZE 40 /* "passed_" and the longest reason */

static struct weir_status_value counter(const char *name, uint64_t count)
{
	return (struct weir_status_value){.name = name, .kind = WEIR_STATUS_COUNTER, .count = count};
}

static struct weir_status_value gauge(const char *name, double value)
{
	return (struct weir_status_value){.name = name, .kind = WEIR_STATUS_GAUGE, .gauge = value};
}

static struct weir_status_value text(const char *name, const char *value)
{
	return (struct weir_status_value){.name = name, .kind = WEIR_STATUS_TEXT, .text = value};
}

struct kernel {
	struct weir_status_value values[KERNEL_VALUES];
	char names[WEIR_REASONS][PASSED_SIZE];
	char interfaces[WEIR_SNAPSHOT_INTERFACES * 32]; /* "eth0 native, eth1 absent" */
};

static void list_interfaces(const struct weir_snapshot *snapshot, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < snapshot->interface_count && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s %s", i == 0 ? "" : ", ",
		                         snapshot->interfaces[i].name,
		                         weir_prefilter_interface_state(&snapshot->interfaces[i]));
}

/*
 * What a packet has cost in the filter since the previous status, which there is one of in a process; 0 where
 * it is not known. A mean since the start would hide what happens now.
 */
static double ns_per_packet(const struct weir_snapshot *snapshot)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static uint64_t before_ns, before;

	pthread_mutex_lock(&lock);
	if (snapshot->filter_runs < before || snapshot->filter_run_ns < before_ns)
		before_ns = before = 0; /* another program */
	uint64_t runs = snapshot->filter_runs - before;
	uint64_t run_ns = snapshot->filter_run_ns - before_ns;
	before = snapshot->filter_runs;
	before_ns = snapshot->filter_run_ns;
	pthread_mutex_unlock(&lock);
	return runs > 0 ? (double)run_ns / (double)runs : 0;
}

/* Reasons that never occurred are left out: two dozen zeros tell an operator nothing. */
static size_t fill_kernel(const struct weir_snapshot *snapshot, struct kernel *kernel)
{
	uint64_t seen = 0, dropped = 0;
	double cost_ns = ns_per_packet(snapshot);
	size_t count = 2;

	for (int i = 0; i < WEIR_REASONS; i++) {
		uint64_t packets = snapshot->packets[i];

		seen += packets;
		if (i >= WEIR_REASON_DROPS)
			dropped += packets;
		if (packets == 0 || i == WEIR_REASON_OUTSIDE)
			continue;
		if (i > WEIR_REASON_OUTSIDE) {
			kernel->values[count++] = counter(weir_reason_name((enum weir_reason)i), packets);
		} else {
			snprintf(kernel->names[i], PASSED_SIZE, "passed_%s",
			         weir_reason_name((enum weir_reason)i));
			kernel->values[count++] = counter(kernel->names[i], packets);
		}
	}
	kernel->values[0] = counter("seen", seen);
	kernel->values[1] = counter("dropped", dropped);
	if (cost_ns > 0)
		kernel->values[count++] = gauge("ns_per_packet", cost_ns);
	kernel->values[count++] = text("mode", weir_prefilter_mode_name(snapshot->prefilter.mode));
	list_interfaces(snapshot, kernel->interfaces, sizeof kernel->interfaces);
	if (snapshot->interface_count > 0)
		kernel->values[count++] = text("interfaces", kernel->interfaces);
	if (snapshot->prefilter.reason[0] != '\0')
		kernel->values[count++] = text("why", snapshot->prefilter.reason);
	return count;
}

static uint64_t sum(const uint64_t *counts, size_t count)
{
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += counts[i];
	return total;
}

static int64_t unix_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

#define SENDER_VALUES (WEIR_SENDER_OUTCOMES + 3)
#define SENDERS_SHOWN 10

struct senders {
	struct weir_status_stage stages[SENDERS_SHOWN];
	struct weir_status_value values[SENDERS_SHOWN][SENDER_VALUES];
	char names[SENDERS_SHOWN][WEIR_NETWORK_TEXT_SIZE];
};

static size_t fill_senders(const struct weir_snapshot *snapshot, int64_t now_ns, struct senders *senders)
{
	size_t shown = snapshot->sender_count < SENDERS_SHOWN ? snapshot->sender_count : SENDERS_SHOWN;

	for (size_t i = 0; i < shown; i++) {
		const struct weir_sender *sender = &snapshot->senders[i];
		struct weir_status_value *values = senders->values[i];
		int64_t idle_ns = now_ns - (int64_t)sender->counters.seen_ns;
		size_t count = 0;

		values[count++] = counter("packets", weir_sender_packets(&sender->counters));
		values[count++] = counter("bytes", sender->counters.bytes);
		for (enum weir_sender_outcome j = WEIR_SENDER_MALFORMED; j < WEIR_SENDER_OUTCOMES; j++)
			if (sender->counters.packets[j] > 0)
				values[count++] =
				        counter(weir_sender_outcome_name(j), sender->counters.packets[j]);
		values[count++] = gauge("idle_s", idle_ns > 0 ? (double)idle_ns / 1e9 : 0);
		senders->stages[i] = (struct weir_status_stage){
		        weir_sender_format(sender->ip, senders->names[i]), values, count};
	}
	return shown;
}

size_t weir_snapshot_status_json(const struct weir_snapshot *snapshot, char *out, size_t size)
{
	const struct weir_decode_counters *decode = &snapshot->worker.decode;
	const struct weir_engine_counters *engine = &snapshot->worker.engine;
	struct kernel kernel;
	struct senders senders;
	int64_t now_ns = unix_ns();
	struct weir_status_value publish[WEIR_STATUS_PUBLISH_VALUES];
	const struct weir_status_value socket[] = {
	        counter("received", snapshot->ingest.datagrams),
	        counter("lost", snapshot->ingest.socket_dropped),
	        counter("truncated", snapshot->ingest.truncated),
	        counter("not_allowed", snapshot->worker.refused[WEIR_SENDER_NOT_ALLOWED]),
	        counter("rate_limited", snapshot->worker.refused[WEIR_SENDER_RATE_LIMITED]),
	};
	const struct weir_status_value decoded[] = {
	        counter("sentences", sum(decode->sentences, WEIR_SENTENCE_OUTCOMES)),
	        counter("messages", sum(decode->messages, 64)),
	        counter("malformed", decode->sentences[WEIR_SENTENCE_MALFORMED]),
	};
	const struct weir_status_value detected[] = {
	        counter("positions", engine->events[WEIR_EVENT_POSITION]),
	        counter("alerts", engine->events[WEIR_EVENT_ALERT]),
	        counter("outside", engine->reports[WEIR_REPORT_OUTSIDE]),
	        gauge("devices", (double)engine->devices),
	        gauge("followed", (double)engine->followed),
	        gauge("fences", (double)snapshot->fences),
	};
	const struct weir_status_stage stages[] = {
	        {"kernel", kernel.values, fill_kernel(snapshot, &kernel)},
	        {"socket", socket, sizeof socket / sizeof socket[0]},
	        {"decode", decoded, sizeof decoded / sizeof decoded[0]},
	        {"engine", detected, sizeof detected / sizeof detected[0]},
	        {"publish", publish,
	         weir_status_of_publish(&snapshot->publish, snapshot->config->nats.server_count > 0, publish,
	                                WEIR_STATUS_PUBLISH_VALUES)},
	};
	char reason[512];
	bool ready = weir_snapshot_ready(snapshot, reason, sizeof reason);
	const struct weir_status status = {
	        .site = snapshot->config->site,
	        .version = WEIR_VERSION,
	        .time_ns = now_ns,
	        .uptime_ns = snapshot->uptime_ns,
	        .ready = ready,
	        .reason = ready ? NULL : reason,
	        .stages = stages,
	        .stage_count = sizeof stages / sizeof stages[0],
	        .senders = senders.stages,
	        .sender_count = fill_senders(snapshot, now_ns, &senders),
	};

	return weir_status_json(&status, out, size);
}
