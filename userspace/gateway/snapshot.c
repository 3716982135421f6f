/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Snapshots: see snapshot.h. Takes numbers; exposition.c and status.c write them down.
 */
#include "gateway/snapshot.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "publish/bucket.h"

static int64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void take_prefilter(struct weir_snapshot *out, struct weir_prefilter *prefilter)
{
	const struct weir_prefilter_interface *interface;

	if (!prefilter)
		return;
	if (weir_prefilter_counters(prefilter, out->packets))
		memset(out->packets, 0, sizeof out->packets);
	weir_prefilter_cost(prefilter, &out->filter_run_ns, &out->filter_runs); /* else it is not known */
	weir_prefilter_status(prefilter, &out->prefilter);
	while (out->interface_count < WEIR_SNAPSHOT_INTERFACES &&
	       (interface = weir_prefilter_interface_at(prefilter, out->interface_count)))
		out->interfaces[out->interface_count++] = *interface;
}

void weir_snapshot_take(struct weir_snapshot *out, struct weir_source *source)
{
	pthread_mutex_lock(&source->lock);
	*out = (struct weir_snapshot){
	        .config = source->config,
	        .fences = weir_fences_count(source->fences),
	        .last_reload_refused = source->last_reload_refused,
	        .prefilter = {.mode = WEIR_PREFILTER_OFF},
	};
	memcpy(out->reloads, source->reloads, sizeof out->reloads);
	out->bucket_unread = source->bucket && !weir_bucket_ready(source->bucket, out->bucket_reason,
	                                                          sizeof out->bucket_reason);
	/* Against the stream: what came out is then never more than what is said to have gone in. */
	if (source->publisher) {
		weir_publisher_counters(source->publisher, &out->publish);
		out->publisher_ready = weir_publisher_ready(source->publisher, out->publisher_reason,
		                                            sizeof out->publisher_reason);
	}
	weir_worker_counters(source->worker, &out->worker);
	if (source->keeper)
		weir_keeper_counters(source->keeper, &out->keeper);
	if (source->ingest)
		weir_ingest_read_counters(source->ingest, &out->ingest);
	else
		out->ingest = source->ingest_last;
	take_prefilter(out, source->prefilter);
	out->now_ns = monotonic_ns();
	out->uptime_ns = out->now_ns - source->started_ns;
	pthread_mutex_unlock(&source->lock);
}

void weir_snapshot_take_senders(struct weir_snapshot *snapshot, struct weir_source *source)
{
	struct weir_prefilter_status status = {.mode = WEIR_PREFILTER_OFF};
	int count = 0;

	if (source->config->prefilter.senders == 0)
		return;
	pthread_mutex_lock(&source->lock);
	if (source->prefilter)
		weir_prefilter_status(source->prefilter, &status);
	if (status.mode != WEIR_PREFILTER_OFF)
		count = weir_prefilter_senders(source->prefilter, snapshot->senders, WEIR_SNAPSHOT_SENDERS,
		                               &snapshot->senders_known);
	else
		count = (int)weir_admission_senders(source->admission, snapshot->senders,
		                                    WEIR_SNAPSHOT_SENDERS, &snapshot->senders_known);
	pthread_mutex_unlock(&source->lock);
	snapshot->sender_count = count > 0 ? (size_t)count : 0;
}

bool weir_snapshot_alive(const struct weir_snapshot *snapshot)
{
	return snapshot->now_ns - snapshot->worker.tick_ns < WEIR_ALIVE_NS;
}

struct lines {
	char *text;
	size_t size;
	size_t used;
};

static void say(struct lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct lines *lines, const char *format, ...)
{
	va_list arguments;

	if (lines->used + 1 >= lines->size)
		return;
	if (lines->used > 0)
		lines->text[lines->used++] = '\n';
	va_start(arguments, format);
	int length = vsnprintf(lines->text + lines->used, lines->size - lines->used, format, arguments);
	va_end(arguments);
	if (length > 0)
		lines->used += (size_t)length;
	if (lines->used >= lines->size)
		lines->used = lines->size - 1;
}

/* Mode auto promises nothing; native and generic do. */
static bool judge_prefilter(const struct weir_snapshot *snapshot, struct lines *lines)
{
	enum weir_prefilter_mode wanted = snapshot->config->prefilter.mode;
	bool ready = true;

	if (wanted == WEIR_PREFILTER_OFF)
		return true;
	if (snapshot->prefilter.mode == WEIR_PREFILTER_OFF && snapshot->prefilter.reason[0] != '\0')
		say(lines, "prefilter: off: %s", snapshot->prefilter.reason);
	for (size_t i = 0; i < snapshot->interface_count; i++) {
		const struct weir_prefilter_interface *interface = &snapshot->interfaces[i];
		bool as_wanted = wanted == WEIR_PREFILTER_AUTO || interface->mode == wanted;

		if (!as_wanted || interface->reason[0] != '\0')
			say(lines, "prefilter: %s: %s%s%s", interface->name,
			    weir_prefilter_interface_state(interface), interface->reason[0] ? ": " : "",
			    interface->reason);
		ready = ready && as_wanted;
	}
	if (snapshot->prefilter.held && snapshot->interface_count > 1)
		say(lines, "prefilter: nothing is dropped while an interface is without the filter");
	return ready && (wanted == WEIR_PREFILTER_AUTO || snapshot->prefilter.mode == wanted);
}

/* While the outbox has room, a broker that is away costs no alert. Half of it is the time to act. */
static bool judge_publisher(const struct weir_snapshot *snapshot, struct lines *lines)
{
	uint64_t pending = snapshot->publish.pending_bytes[WEIR_PUBLISH_ALERT];

	if (snapshot->publisher_ready)
		return true;
	say(lines, "%s", snapshot->publisher_reason);
	if (snapshot->config->nats.server_count == 0)
		return false;
	if (pending < WEIR_ALERT_OUTBOX_BYTES / 2)
		return true;
	say(lines, "alerts wait: %llu bytes of at most %d", (unsigned long long)pending,
	    WEIR_ALERT_OUTBOX_BYTES);
	return false;
}

bool weir_snapshot_ready(const struct weir_snapshot *snapshot, char *reason, size_t size)
{
	struct lines lines = {.text = reason, .size = size};

	reason[0] = '\0';
	bool worker = weir_snapshot_alive(snapshot);
	if (!worker)
		say(&lines, "ingest: the worker makes no progress");
	bool prefilter = judge_prefilter(snapshot, &lines);
	bool publisher = judge_publisher(snapshot, &lines);
	if (snapshot->bucket_reason[0] != '\0')
		say(&lines, "fences: bucket %s: %s", snapshot->config->fences.bucket,
		    snapshot->bucket_reason);
	if (snapshot->last_reload_refused)
		say(&lines,
		    "reload: the last one was refused, the log says why; what was there before goes on");
	return worker && prefilter && publisher && !snapshot->bucket_unread;
}
