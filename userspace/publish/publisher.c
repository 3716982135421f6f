/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The publisher's thread: takes records from the outlets' rings and gives them to the broker or to the
 * output, sleeps when there is nothing to do, and asks for the status now and then. See publish.h.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker.h"
#include "now.h"
#include "outlet.h"
#include "output.h"
#include "status.h"
#include "subject.h"

#define MS_NS INT64_C(1000000)
#define STATUS_DEFAULT_MS 2000

/* Records taken from one ring before the next one has its turn. */
#define RING_BATCH 256

/* Dozing saves the workers a system call an event; after a quiet while sleeping saves the processor. */
#define DOZE_MS 1
#define SLEEP_MS 50
#define QUIET_NS (20 * MS_NS)

/* How long one look at a slow reader of the output may take. */
#define READER_WAIT_MS 20

enum { RUNNING, STOPPING, STOPPED };

struct weir_publisher {
	struct weir_publisher_options options;
	struct weir_outlet **outlets;
	size_t outlet_count;
	struct weir_voice voice;
	struct weir_bell bell;
	struct weir_tally tally;
	struct weir_broker *broker; /* or, when NULL: */
	struct weir_output output;
	pthread_t thread;
	_Atomic int64_t stop_at_ns; /* monotonic; when stopping has to end */
	uint64_t remaining;
	int64_t status_at_ns;
	int64_t busy_ns;
	pthread_mutex_t reason_lock;
	char reason[512]; /* why alerts don't get out; "" when they do */
	_Atomic int phase;
	bool joined;
	bool said_broken;
	char site[WEIR_SITE_SIZE];
	/* A record for the status, with room for its text. */
	_Alignas(8) char status_record[sizeof(struct weir_record) + WEIR_SUBJECT_MAX + 2 + WEIR_STATUS_MAX];
};

/* ---- The thread's work ---- */

static bool take_record(struct weir_publisher *publisher, const struct weir_record *record)
{
	if (publisher->broker == NULL)
		return weir_output_take(&publisher->output, record);
	weir_broker_take(publisher->broker, record);
	return true;
}

static size_t drain_outlet(struct weir_publisher *publisher, struct weir_outlet *outlet)
{
	size_t taken = 0;

	while (taken < RING_BATCH) {
		const struct weir_record *record = weir_outlet_peek(outlet);
		if (record == NULL || !take_record(publisher, record))
			break;
		weir_outlet_release(outlet);
		taken++;
	}
	return taken;
}

static size_t drain_outlets(struct weir_publisher *publisher)
{
	size_t taken = 0;

	for (size_t i = 0; i < publisher->outlet_count; i++)
		taken += drain_outlet(publisher, publisher->outlets[i]);
	return taken;
}

static bool outlets_empty(struct weir_publisher *publisher)
{
	for (size_t i = 0; i < publisher->outlet_count; i++)
		if (weir_outlet_peek(publisher->outlets[i]) != NULL)
			return false;
	return true;
}

/* The status is a record like any other, so that its message has headers like any other. */
static void publish_status(struct weir_publisher *publisher)
{
	struct weir_record *record = (void *)publisher->status_record;

	memset(record, 0, sizeof(*record));
	record->publish_class = WEIR_PUBLISH_STATUS;
	record->time_ns = weir_now_ns();
	record->subject_length =
	        (uint8_t)weir_subject_of_status(publisher->site, weir_record_subject(record));
	weir_record_id(record)[0] = '\0';
	size_t length = publisher->options.status(publisher->options.context, weir_record_body(record),
	                                          WEIR_STATUS_MAX);
	if (length == 0)
		return;
	record->body_length = (uint32_t)length;
	record->size = (uint32_t)(weir_record_body(record) - (char *)record) + record->body_length;
	weir_tally_add(&publisher->tally.offered[WEIR_PUBLISH_STATUS], 1);
	weir_broker_take(publisher->broker, record);
}

static void tend_status(struct weir_publisher *publisher, int64_t now_ns)
{
	if (publisher->broker == NULL || publisher->options.status == NULL ||
	    now_ns < publisher->status_at_ns)
		return;
	publisher->status_at_ns = now_ns + publisher->options.status_interval_ms * MS_NS;
	publish_status(publisher);
}

static void update_reason(struct weir_publisher *publisher)
{
	char reason[sizeof(publisher->reason)] = "";

	if (publisher->broker != NULL)
		weir_broker_reason(publisher->broker, reason, sizeof(reason));
	else if (publisher->output.error != 0)
		snprintf(reason, sizeof(reason), "output: %s", strerror(publisher->output.error));
	else if (publisher->output.stalled)
		snprintf(reason, sizeof(reason), "output: it takes nothing at the moment");
	pthread_mutex_lock(&publisher->reason_lock);
	memcpy(publisher->reason, reason, sizeof(reason));
	pthread_mutex_unlock(&publisher->reason_lock);
}

static size_t tend_output(struct weir_publisher *publisher, bool is_idle)
{
	struct weir_output *output = &publisher->output;
	size_t before = output->used;

	/* A buffer that is half empty can wait while there is more to come. */
	if (is_idle || before > WEIR_OUTPUT_BUFFER / 2)
		weir_output_flush(output, READER_WAIT_MS);
	weir_output_say_letters(output, false);
	if (output->error != 0 && !publisher->said_broken) {
		publisher->said_broken = true;
		weir_voice_say(&publisher->voice, WEIR_PUBLISH_LOG_ERROR, "output: %s",
		               strerror(output->error));
		if (publisher->options.broken != NULL)
			publisher->options.broken(publisher->options.context, output->error);
	}
	return before - output->used;
}

static void rest(struct weir_publisher *publisher, int64_t now_ns)
{
	bool is_quiet = now_ns - publisher->busy_ns > QUIET_NS;
	bool is_stalled = publisher->broker == NULL && publisher->output.stalled;

	weir_bell_prepare(&publisher->bell, is_quiet && !is_stalled ? WEIR_BELL_ASLEEP : WEIR_BELL_DOZING);
	if (is_stalled) /* the rings are not empty, and it would not help to look at them */
		weir_bell_wait(&publisher->bell, SLEEP_MS);
	else
		weir_bell_wait(&publisher->bell,
		               outlets_empty(publisher) ? (is_quiet ? SLEEP_MS : DOZE_MS) : 0);
}

static bool is_finished(struct weir_publisher *publisher, size_t done, int64_t now_ns)
{
	if (atomic_load(&publisher->phase) != STOPPING)
		return false;
	if (now_ns >= atomic_load(&publisher->stop_at_ns))
		return true;
	if (done > 0 || !outlets_empty(publisher))
		return false;
	return publisher->broker != NULL ? weir_broker_pending(publisher->broker) == 0
	                                 : publisher->output.used == 0;
}

/* What is still in the rings when time is up. */
static uint64_t give_up_rings(struct weir_publisher *publisher)
{
	uint64_t left = 0;

	for (size_t i = 0; i < publisher->outlet_count; i++) {
		const struct weir_record *record;
		while ((record = weir_outlet_peek(publisher->outlets[i])) != NULL) {
			weir_tally_add(&publisher->tally.total[record->publish_class][WEIR_PUBLISH_UNSENT],
			               1);
			weir_outlet_release(publisher->outlets[i]);
			left++;
		}
	}
	return left;
}

static void finish(struct weir_publisher *publisher)
{
	int64_t left_ms = (atomic_load(&publisher->stop_at_ns) - weir_steady_ns()) / MS_NS;

	publisher->remaining = give_up_rings(publisher);
	if (publisher->broker != NULL) {
		weir_broker_flush(publisher->broker, left_ms);
		publisher->remaining += weir_broker_pending(publisher->broker);
		weir_broker_give_up(publisher->broker);
	} else {
		publisher->remaining += weir_output_give_up(&publisher->output);
		weir_output_say_letters(&publisher->output, true);
	}
}

static void *run(void *argument)
{
	struct weir_publisher *publisher = argument;

	for (;;) {
		size_t done = drain_outlets(publisher);
		int64_t now_ns = weir_steady_ns();
		if (publisher->broker != NULL)
			done += weir_broker_work(publisher->broker);
		else
			done += tend_output(publisher, done == 0);
		tend_status(publisher, now_ns);
		if (is_finished(publisher, done, now_ns))
			break;
		if (done > 0) {
			publisher->busy_ns = now_ns;
			continue;
		}
		update_reason(publisher);
		rest(publisher, now_ns);
	}
	finish(publisher);
	update_reason(publisher);
	atomic_store(&publisher->phase, STOPPED);
	return NULL;
}

/* ---- Face ---- */

static int init_sink(struct weir_publisher *publisher)
{
	const struct weir_publisher_options *options = &publisher->options;

	if (options->nats == NULL)
		return weir_output_init(&publisher->output, options->output_fd, &publisher->tally,
		                        &publisher->voice);
	if (options->nats->server_count == 0)
		return -EINVAL;
	int error = weir_broker_new(&publisher->broker, options, &publisher->tally, &publisher->bell,
	                            &publisher->voice);
	publisher->options.nats = NULL; /* not ours to keep */
	return error;
}

static void free_parts(struct weir_publisher *publisher)
{
	weir_broker_free(publisher->broker);
	weir_output_destroy(&publisher->output);
	pthread_mutex_destroy(&publisher->reason_lock);
	weir_bell_destroy(&publisher->bell);
	free(publisher->outlets);
	free(publisher);
}

static int make(struct weir_publisher **out, const struct weir_publisher_options *options,
                struct weir_outlet *const *outlets, size_t outlet_count)
{
	struct weir_publisher *publisher = calloc(1, sizeof(*publisher));

	if (publisher == NULL)
		return -ENOMEM;
	int error = weir_site_copy(publisher->site, options->site);
	if (error == 0)
		error = weir_bell_init(&publisher->bell);
	if (error != 0) {
		free(publisher);
		return error;
	}
	pthread_mutex_init(&publisher->reason_lock, NULL);
	snprintf(publisher->reason, sizeof(publisher->reason), "publisher: starting");
	publisher->options = *options;
	if (publisher->options.status_interval_ms <= 0)
		publisher->options.status_interval_ms = STATUS_DEFAULT_MS;
	publisher->voice = (struct weir_voice){.context = options->context, .log = options->log};
	publisher->outlet_count = outlet_count;
	publisher->outlets = calloc(outlet_count + 1, sizeof(void *));
	error = publisher->outlets != NULL ? init_sink(publisher) : -ENOMEM;
	if (error != 0) {
		free_parts(publisher);
		return error;
	}
	for (size_t i = 0; i < outlet_count; i++) {
		publisher->outlets[i] = outlets[i];
		outlets[i]->bell = &publisher->bell;
	}
	*out = publisher;
	return 0;
}

int weir_publisher_start(struct weir_publisher **out, const struct weir_publisher_options *options,
                         struct weir_outlet *const *outlets, size_t outlet_count)
{
	struct weir_publisher *publisher;
	sigset_t all, before;

	/*
	 * The library's threads and ours inherit an empty ear for signals: those are for the control
	 * thread. That goes for SIGPIPE too: a reader that has gone is EPIPE and not the end.
	 */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = make(&publisher, options, outlets, outlet_count);
	if (error == 0) {
		error = -pthread_create(&publisher->thread, NULL, run, publisher);
		if (error != 0) {
			publisher->joined = true;
			weir_publisher_free(publisher);
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (error != 0)
		return error;
	pthread_setname_np(publisher->thread, "weir-publish");
	*out = publisher;
	return 0;
}

int weir_publisher_stop(struct weir_publisher *publisher, int64_t timeout_ms, uint64_t *remaining)
{
	if (!publisher->joined) {
		atomic_store(&publisher->stop_at_ns, weir_steady_ns() + timeout_ms * MS_NS);
		atomic_store(&publisher->phase, STOPPING);
		weir_bell_ring(&publisher->bell, true);
		pthread_join(publisher->thread, NULL);
		publisher->joined = true;
	}
	if (remaining != NULL)
		*remaining = publisher->remaining;
	return publisher->remaining == 0 ? 0 : -ETIMEDOUT;
}

void weir_publisher_free(struct weir_publisher *publisher)
{
	if (publisher == NULL)
		return;
	weir_publisher_stop(publisher, 0, NULL);
	for (size_t i = 0; i < publisher->outlet_count; i++)
		if (publisher->outlets[i] != NULL)
			publisher->outlets[i]->bell = NULL;
	free_parts(publisher);
}

static void add_outlet(const struct weir_outlet *outlet, struct weir_publish_counters *counters)
{
	for (size_t class = 0; class < WEIR_PUBLISH_CLASSES; class ++) {
		counters->offered[class] += weir_tally_get(&outlet->offered[class]);
		counters->total[class][WEIR_PUBLISH_DROPPED_RING] += weir_tally_get(&outlet->dropped[class]);
		counters->total[class][WEIR_PUBLISH_OVERSIZED] += weir_tally_get(&outlet->oversized[class]);
	}
	counters->ring_used_bytes += weir_queue_used(&outlet->queue);
	counters->ring_size_bytes += outlet->queue.size;
}

void weir_publisher_counters(const struct weir_publisher *publisher, struct weir_publish_counters *counters)
{
	struct weir_broker_state state = {0};

	memset(counters, 0, sizeof(*counters));
	weir_tally_snapshot(&publisher->tally, counters);
	for (size_t i = 0; i < publisher->outlet_count; i++)
		add_outlet(publisher->outlets[i], counters);
	if (publisher->broker != NULL)
		weir_broker_state(publisher->broker, &state);
	counters->reconnects = state.reconnects;
	counters->positions_connected = state.positions_connected;
	counters->alerts_connected = state.alerts_connected;
	counters->streams_ready = state.streams_ready;
}

bool weir_publisher_take_request(struct weir_publisher *publisher, struct weir_request *out)
{
	return publisher->broker != NULL && weir_requests_take(weir_broker_requests(publisher->broker), out);
}

void weir_publisher_answer(struct weir_publisher *publisher, struct weir_request *request, const char *json,
                           size_t length)
{
	weir_requests_answer(weir_broker_requests(publisher->broker), request, json, length);
}

bool weir_publisher_ready(struct weir_publisher *publisher, char *reason, size_t size)
{
	pthread_mutex_lock(&publisher->reason_lock);
	bool ready = publisher->reason[0] == '\0';
	snprintf(reason, size, "%s", publisher->reason);
	pthread_mutex_unlock(&publisher->reason_lock);
	return ready;
}
