/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The worker: see worker.h. Nothing here knows what is in a datagram or what becomes of an event.
 */
#include "gateway/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct weir_worker {
	struct weir_worker_options options;
	struct weir_engine *engine;
	struct weir_ingest *ingest;
	struct weir_delay socket_delay;           /* the worker's own */
	uint64_t refused[WEIR_SENDER_OUTCOMES];   /* likewise */
	_Atomic(struct weir_chart_order *) order; /* NULL: none */
	struct weir_chart_order *armed; /* the order was there at the tick before; the worker's own */
	pthread_t thread;
	bool started;
	int result;

	pthread_cond_t acknowledged; /* with the lock: there is a result */
	const char *alert_id;        /* under the lock: to be acknowledged; NULL: none */
	int acknowledge_result;      /* the same */

	pthread_cond_t saved;               /* with the lock */
	struct weir_save_order *save_order; /* under the lock; NULL: none, or done */
	bool works;                         /* under the lock: the engine is the thread's */

	pthread_mutex_t lock;                  /* of what others read */
	struct weir_worker_counters published; /* under the lock */
};

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void note_delay(struct weir_delay *delay, int64_t delay_ns)
{
	double seconds = (double)delay_ns / 1e9;
	size_t bucket = 0;

	if (delay_ns < 0) /* the clock was set back in between */
		delay_ns = 0;
	while (bucket < WEIR_DELAY_BOUNDS && seconds > weir_delay_bounds_s[bucket])
		bucket++;
	delay->buckets[bucket]++;
	delay->count++;
	delay->sum_ns += (uint64_t)delay_ns;
}

static void on_datagram(void *context, const struct weir_datagram *datagram)
{
	struct weir_worker *worker = context;

	note_delay(&worker->socket_delay, now_ns(CLOCK_REALTIME) - datagram->received_ns);
	enum weir_sender_outcome outcome = weir_admission_judge(worker->options.admission, datagram);
	if (outcome == WEIR_SENDER_NOT_ALLOWED || outcome == WEIR_SENDER_RATE_LIMITED) {
		worker->refused[outcome]++;
		return;
	}
	weir_outlet_received(worker->options.outlet, datagram->received_ns);
	weir_engine_feed(worker->engine, datagram);
}

static void on_expected(void *context, const struct weir_datagram *datagram)
{
	struct weir_worker *worker = context;

	weir_engine_expect(worker->engine, datagram);
}

/* The lock is held by the caller. */
static void copy_counters(struct weir_worker *worker)
{
	worker->published = (struct weir_worker_counters){
	        .engine = *weir_engine_counters(worker->engine),
	        .decode = *weir_engine_decode_counters(worker->engine),
	        .socket_delay = worker->socket_delay,
	        .tick_ns = now_ns(CLOCK_MONOTONIC),
	};
	memcpy(worker->published.refused, worker->refused, sizeof worker->refused);
}

/* Has everything been handled that the kernel may have received before the order allows it? */
static bool is_due(struct weir_worker *worker, struct weir_chart_order *order, int64_t time_ns, bool drained,
                   int64_t newest_received_ns)
{
	/* A receive time from the future was taken before the clock was set back. */
	if (order->not_before_ns == 0 ||
	    (newest_received_ns >= order->not_before_ns && newest_received_ns <= time_ns))
		return true;
	/* The queues were empty once since the tick before: the order was there already. */
	if (worker->armed == order)
		return drained;
	worker->armed = order;
	return false;
}

static void take_chart(struct weir_worker *worker, struct weir_chart_order *order)
{
	int64_t start_ns = now_ns(CLOCK_MONOTONIC);
	uint64_t one = 1;

	weir_engine_change_chart(worker->engine, order->chart->fences, order->chart->area, order->renumbered);
	order->pause_ns = now_ns(CLOCK_MONOTONIC) - start_ns;
	worker->armed = NULL;
	atomic_store(&worker->order, NULL);
	if (write(worker->options.taken_fd, &one, sizeof one) < 0)
		abort(); /* an eventfd of our own */
}

static void tell_time(struct weir_worker *worker, int64_t time_ns)
{
	if (worker->options.config->engine.clock == WEIR_CLOCK_WALL)
		weir_engine_advance(worker->engine, time_ns);
	else
		weir_engine_received(worker->engine, time_ns);
}

/* The lock is held by the caller. */
static void acknowledge(struct weir_worker *worker, int64_t time_ns)
{
	if (worker->alert_id == NULL)
		return;
	worker->acknowledge_result = weir_engine_acknowledge(worker->engine, worker->alert_id, time_ns);
	worker->alert_id = NULL;
	pthread_cond_signal(&worker->acknowledged);
}

static void save(const struct weir_worker *worker, struct weir_save_order *order)
{
	int64_t start_ns = now_ns(CLOCK_MONOTONIC);

	order->length = weir_engine_save(worker->engine, order->bytes, order->capacity);
	order->pause_ns = now_ns(CLOCK_MONOTONIC) - start_ns;
}

/* The lock is held by the caller. */
static void take_save_order(struct weir_worker *worker)
{
	if (worker->save_order == NULL)
		return;
	save(worker, worker->save_order);
	worker->save_order = NULL;
	pthread_cond_signal(&worker->saved);
}

static void on_tick(void *context, int64_t time_ns, bool drained, int64_t newest_received_ns)
{
	struct weir_worker *worker = context;
	/* While datagrams are queued, time has come only as far as the newest one that was handled. */
	int64_t engine_time_ns = drained ? time_ns : newest_received_ns;

	struct weir_chart_order *order = atomic_load_explicit(&worker->order, memory_order_acquire);

	weir_outlet_received(worker->options.outlet, 0);
	if (order && is_due(worker, order, time_ns, drained, newest_received_ns))
		take_chart(worker, order);
	/* Before the turn, which relies on nothing being put together any more that came before it. */
	if (engine_time_ns > 0)
		tell_time(worker, engine_time_ns);
	weir_prefilter_turn(worker->options.prefilter, time_ns, drained, newest_received_ns);
	/* A reader that holds the lock gets the numbers of the tick before: the worker never waits. */
	if (pthread_mutex_trylock(&worker->lock) == 0) {
		acknowledge(worker,
		            worker->options.config->engine.clock == WEIR_CLOCK_WALL ? engine_time_ns : 0);
		copy_counters(worker);
		take_save_order(worker);
		pthread_mutex_unlock(&worker->lock);
	}
}

static void on_event(void *context, const struct weir_event *event)
{
	weir_outlet_event(((struct weir_worker *)context)->options.outlet, event);
}

static void on_dead_letter(void *context, const struct weir_malformed *malformed)
{
	weir_outlet_dead_letter(((struct weir_worker *)context)->options.outlet, malformed);
}

static void on_follow(void *context, uint64_t device, bool begins)
{
	weir_prefilter_follow(((struct weir_worker *)context)->options.prefilter, device, begins);
}

static void *work(void *context)
{
	struct weir_worker *worker = context;
	const struct weir_ingest_handler handler = {.context = worker,
	                                            .datagram = on_datagram,
	                                            .tick = on_tick,
	                                            .expect = on_expected,
	                                            .ahead = WEIR_ENGINE_AHEAD};
	uint64_t one = 1;

	worker->result = weir_ingest_run(worker->ingest, &handler);
	weir_outlet_received(worker->options.outlet, 0);
	if (!worker->options.config->engine.state_file) /* else it is for the next one to go on with */
		weir_engine_flush(worker->engine);
	pthread_mutex_lock(&worker->lock);
	copy_counters(worker);
	take_save_order(worker);
	worker->works = false;
	pthread_mutex_unlock(&worker->lock);
	if (write(worker->options.ended_fd, &one, sizeof one) < 0)
		abort(); /* an eventfd of our own that counts to one */
	return NULL;
}

static int make_engine(struct weir_worker *worker)
{
	const struct weir_engine_options options =
	        weir_setup_engine(worker->options.config, worker->options.chart);
	const struct weir_engine_sink sink = {
	        .context = worker,
	        .event = on_event,
	        .dead_letter = on_dead_letter,
	        .follow = on_follow,
	};

	return weir_engine_new(&worker->engine, &options, &sink);
}

int weir_worker_new(struct weir_worker **out, const struct weir_worker_options *options)
{
	struct weir_worker *worker = calloc(1, sizeof *worker);

	if (!worker)
		return -ENOMEM;
	worker->options = *options;
	pthread_mutex_init(&worker->lock, NULL);
	pthread_cond_init(&worker->acknowledged, NULL);
	pthread_cond_init(&worker->saved, NULL);
	int error = make_engine(worker);
	if (error)
		weir_worker_free(worker);
	else
		*out = worker;
	return error;
}

/* A clock that was stepped back a little since the state was saved. */
#define CLOCK_SLACK_NS (10 * INT64_C(1000000000))

int weir_worker_restore(struct weir_worker *worker, const void *bytes, size_t length, char *why,
                        size_t why_size)
{
	/* By a clock that was ahead, everything would be late until this one has caught up. */
	int64_t latest_ns = worker->options.config->engine.clock == WEIR_CLOCK_WALL
	                            ? now_ns(CLOCK_REALTIME) + CLOCK_SLACK_NS
	                            : 0;
	int error = weir_engine_restore(worker->engine, bytes, length, latest_ns, why, why_size);

	pthread_mutex_lock(&worker->lock);
	copy_counters(worker);
	pthread_mutex_unlock(&worker->lock);
	return error;
}

int weir_worker_start(struct weir_worker *worker, struct weir_ingest *ingest)
{
	worker->ingest = ingest;
	pthread_mutex_lock(&worker->lock);
	copy_counters(worker); /* its progress is counted from here */
	worker->works = true;
	pthread_mutex_unlock(&worker->lock);
	int error = pthread_create(&worker->thread, NULL, work, worker);

	if (error) {
		worker->works = false;
		return -error;
	}
	pthread_setname_np(worker->thread, "weir-worker");
	worker->started = true;
	return 0;
}

void weir_worker_counters(struct weir_worker *worker, struct weir_worker_counters *out)
{
	pthread_mutex_lock(&worker->lock);
	*out = worker->published;
	pthread_mutex_unlock(&worker->lock);
}

void weir_worker_order_chart(struct weir_worker *worker, struct weir_chart_order *order)
{
	atomic_store_explicit(&worker->order, order, memory_order_release);
}

bool weir_worker_has_taken(struct weir_worker *worker)
{
	return atomic_load_explicit(&worker->order, memory_order_acquire) == NULL;
}

/* Ticks come many times a second. */
#define WAIT_S 2

int weir_worker_acknowledge(struct weir_worker *worker, const char *alert_id)
{
	struct timespec until;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_S;
	pthread_mutex_lock(&worker->lock);
	worker->alert_id = alert_id;
	while (worker->alert_id != NULL && error == 0)
		error = pthread_cond_timedwait(&worker->acknowledged, &worker->lock, &until);
	int result = worker->alert_id == NULL ? worker->acknowledge_result : -ETIMEDOUT;
	worker->alert_id = NULL;
	pthread_mutex_unlock(&worker->lock);
	return result;
}

int weir_worker_save(struct weir_worker *worker, struct weir_save_order *order)
{
	struct timespec until;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_S;
	pthread_mutex_lock(&worker->lock);
	worker->save_order = order;
	if (!worker->works)
		take_save_order(worker);
	while (worker->save_order != NULL && error == 0)
		error = pthread_cond_timedwait(&worker->saved, &worker->lock, &until);
	bool done = worker->save_order == NULL;
	worker->save_order = NULL;
	pthread_mutex_unlock(&worker->lock);
	return done ? 0 : -ETIMEDOUT;
}

void weir_worker_flush(struct weir_worker *worker)
{
	weir_engine_flush(worker->engine);
	pthread_mutex_lock(&worker->lock);
	copy_counters(worker);
	pthread_mutex_unlock(&worker->lock);
}

int weir_worker_join(struct weir_worker *worker)
{
	if (worker->started)
		pthread_join(worker->thread, NULL);
	worker->started = false;
	return worker->result;
}

void weir_worker_free(struct weir_worker *worker)
{
	if (!worker)
		return;
	weir_engine_free(worker->engine);
	pthread_cond_destroy(&worker->acknowledged);
	pthread_cond_destroy(&worker->saved);
	pthread_mutex_destroy(&worker->lock);
	free(worker);
}
