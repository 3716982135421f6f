/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeping the engine's state in a file: see keeper.h.
 */
#include "gateway/keeper.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gateway/log.h"
#include "gateway/state_file.h"

#define WHY_SIZE 256
#define TRIES 4 /* a state may outgrow its memory between two */

struct weir_keeper {
	struct weir_worker *worker;
	const char *file;
	int64_t interval_ns;
	uint8_t *bytes; /* the keeper's thread's own; after it, the control thread's */
	size_t capacity;
	bool failing; /* likewise: said already */
	pthread_t thread;
	bool started;

	pthread_cond_t wake; /* with the lock */
	pthread_mutex_t lock;
	bool stop;                            /* under the lock */
	struct weir_keeper_counters counters; /* the same */
};

bool weir_keeper_restore(struct weir_worker *worker, const char *file)
{
	char why[WHY_SIZE];
	size_t length;
	void *bytes;
	int error = weir_state_file_read(file, &bytes, &length);

	if (error == -ENOENT) {
		weir_log_info("engine: no state in %s yet: weir begins with none", file);
		return false;
	}
	if (error) {
		weir_log_error("engine: the state in %s can't be read: %s; weir begins with none", file,
		               strerror(-error));
		return false;
	}
	error = weir_worker_restore(worker, bytes, length, why, sizeof why);
	free(bytes);
	if (!error) {
		struct weir_worker_counters counters;

		weir_worker_counters(worker, &counters);
		weir_log_info("engine: goes on from the state in %s, with %llu devices", file,
		              (unsigned long long)counters.engine.devices);
		return true;
	}
	bool aside = weir_state_file_put_aside(file) == 0;
	weir_log_error("engine: the state in %s is not used: %s; weir begins with none%s%s%s", file, why,
	               aside ? ", and the file is " : "", aside ? file : "", aside ? ".refused" : "");
	return false;
}

/* Memory that the worker will not have to fetch page by page. */
static int make_room(struct weir_keeper *keeper, size_t length)
{
	size_t capacity = length + length / 4;
	uint8_t *bytes = malloc(capacity);

	if (!bytes)
		return -ENOMEM;
	memset(bytes, 0xff, capacity);
	free(keeper->bytes);
	keeper->bytes = bytes;
	keeper->capacity = capacity;
	return 0;
}

static int save(struct weir_keeper *keeper, struct weir_save_order *order)
{
	int error = 0;

	for (int i = 0; i < TRIES && !error; i++) {
		*order = (struct weir_save_order){.bytes = keeper->bytes, .capacity = keeper->capacity};
		error = weir_worker_save(keeper->worker, order);
		if (!error && order->length <= keeper->capacity)
			return weir_state_file_write(keeper->file, keeper->bytes, order->length);
		if (!error)
			error = make_room(keeper, order->length);
	}
	return error ? error : -EAGAIN;
}

static void note(struct weir_keeper *keeper, const struct weir_save_order *order, int error)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	pthread_mutex_lock(&keeper->lock);
	keeper->counters.saves[error ? WEIR_KEEPER_FAILED : WEIR_KEEPER_SAVED]++;
	if (!error) {
		keeper->counters.bytes = order->length;
		keeper->counters.pause_ns = order->pause_ns;
		keeper->counters.saved_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	}
	pthread_mutex_unlock(&keeper->lock);
	if (error && !keeper->failing)
		weir_log_error("engine: its state can't be saved in %s: %s; a restart would begin with what "
		               "is there",
		               keeper->file, strerror(-error));
	else if (!error && keeper->failing)
		weir_log_info("engine: its state is saved in %s again", keeper->file);
	keeper->failing = error != 0;
}

static int save_and_tell(struct weir_keeper *keeper)
{
	struct weir_save_order order;
	int error = save(keeper, &order);

	note(keeper, &order, error);
	return error;
}

/* False: it is time to stop. */
static bool wait_for_turn(struct weir_keeper *keeper)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += keeper->interval_ns / 1000000000;
	until.tv_nsec += keeper->interval_ns % 1000000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&keeper->lock);
	int error = 0;
	while (!keeper->stop && error == 0)
		error = pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until);
	bool stop = keeper->stop;
	pthread_mutex_unlock(&keeper->lock);
	return !stop;
}

static void *work(void *context)
{
	struct weir_keeper *keeper = context;

	while (wait_for_turn(keeper))
		save_and_tell(keeper);
	return NULL;
}

static void init(struct weir_keeper *keeper)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&keeper->wake, &attributes);
	pthread_condattr_destroy(&attributes);
	pthread_mutex_init(&keeper->lock, NULL);
}

int weir_keeper_start(struct weir_keeper **out, struct weir_worker *worker, const char *file,
                      int64_t interval_ns, bool restored)
{
	struct weir_keeper *keeper = calloc(1, sizeof *keeper);

	if (!keeper)
		return -ENOMEM;
	init(keeper);
	keeper->worker = worker;
	keeper->file = file;
	keeper->interval_ns = interval_ns;
	keeper->counters.restored = restored;
	int error = pthread_create(&keeper->thread, NULL, work, keeper);
	if (error) {
		weir_keeper_free(keeper);
		return -error;
	}
	pthread_setname_np(keeper->thread, "weir-keeper");
	keeper->started = true;
	*out = keeper;
	return 0;
}

static void stop(struct weir_keeper *keeper)
{
	pthread_mutex_lock(&keeper->lock);
	keeper->stop = true;
	pthread_cond_signal(&keeper->wake);
	pthread_mutex_unlock(&keeper->lock);
	if (keeper->started)
		pthread_join(keeper->thread, NULL);
	keeper->started = false;
}

void weir_keeper_finish(struct weir_keeper *keeper)
{
	if (!keeper)
		return;
	stop(keeper);
	if (save_and_tell(keeper) != 0)
		weir_worker_flush(keeper->worker);
}

void weir_keeper_counters(struct weir_keeper *keeper, struct weir_keeper_counters *out)
{
	pthread_mutex_lock(&keeper->lock);
	*out = keeper->counters;
	pthread_mutex_unlock(&keeper->lock);
}

void weir_keeper_free(struct weir_keeper *keeper)
{
	if (!keeper)
		return;
	stop(keeper);
	pthread_cond_destroy(&keeper->wake);
	pthread_mutex_destroy(&keeper->lock);
	free(keeper->bytes);
	free(keeper);
}
