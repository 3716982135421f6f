/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loading fences and area anew: see reload.h.
 */
#include "gateway/reload.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "gateway/block.h"

enum state { IDLE, LOADING, EXCHANGING };

#define RESTART_SIZE 512

struct weir_reload {
	struct weir_reload_options options;
	enum state state;
	bool again; /* asked for while one was under way */
	int loaded_fd;
	pthread_t thread;
	_Atomic bool loaded; /* the thread is done with what follows */
	int error;
	struct weir_setup setup; /* the new one */
	struct weir_problems problems;
	struct weir_renumbering renumbering; /* of the fences in force */
	struct weir_area_tiles *joined;
	struct weir_chart_order order;
};

/* ---- The loading thread ---- */

/* The configuration and its files, and what is in the bucket. */
static int load_setup(struct weir_reload *reload, const char *file, const char *bucket,
                      const struct weir_bucket_entry *entries, size_t count)
{
	struct weir_fence_text *texts = calloc(count + 1, sizeof *texts);
	struct weir_block *names = NULL;

	if (!texts)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(bucket) + strlen(entries[i].key) + 2;
		char *name = weir_block_alloc(&names, size);

		snprintf(name, size, "%s/%s", bucket, entries[i].key);
		texts[i] = (struct weir_fence_text){.name = name,
		                                    .id = entries[i].key,
		                                    .text = entries[i].value,
		                                    .length = entries[i].length};
	}
	int error = weir_setup_load(&reload->setup, file, texts, count, &reload->problems);
	weir_blocks_free(names);
	free(texts);
	return error;
}

static int load(struct weir_reload *reload)
{
	const struct weir_parts *parts = reload->options.parts;
	const struct weir_setup *running = parts->setup;
	struct weir_bucket_entry *entries = NULL;
	size_t count = 0;

	if (parts->bucket && weir_bucket_read(parts->bucket, &entries, &count) == -ENOMEM)
		return -ENOMEM;
	int error = load_setup(reload, running->config->file, running->config->fences.bucket, entries, count);
	weir_bucket_entries_free(entries, count);
	if (error)
		return error;
	reload->joined = malloc(sizeof *reload->joined);
	if (!reload->joined)
		return -ENOMEM;
	weir_area_tiles_join(running->chart.tiles, reload->setup.chart.tiles, reload->joined);
	return weir_fences_renumber(&reload->renumbering, running->chart.fences, reload->setup.chart.fences);
}

/* Loading takes seconds of a processor where fences are many: the worker comes first. */
#define LOADING_NICE 5

static void *run(void *context)
{
	struct weir_reload *reload = context;
	uint64_t one = 1;

	setpriority(PRIO_PROCESS, (id_t)gettid(), LOADING_NICE); /* of this thread alone, in Linux */
	reload->error = load(reload);
	atomic_store(&reload->loaded, true);
	if (write(reload->loaded_fd, &one, sizeof one) < 0)
		abort(); /* an eventfd of our own */
	return NULL;
}

/* ---- The control thread ---- */

static void forget(struct weir_reload *reload)
{
	weir_setup_clear(&reload->setup);
	weir_problems_clear(&reload->problems);
	free(reload->renumbering.numbers);
	free(reload->joined);
	reload->renumbering = (struct weir_renumbering){0};
	reload->joined = NULL;
	reload->state = IDLE;
}

static void begin(struct weir_reload *reload);

static void end(struct weir_reload *reload, int error, const char *restart)
{
	const struct weir_setup *running = reload->options.parts->setup;
	const struct weir_reload_result result = {
	        .error = error,
	        .problems = &reload->problems,
	        .file = running->config->file,
	        .fences = weir_fences_count(running->chart.fences),
	        .added = reload->renumbering.added,
	        .gone = reload->renumbering.gone,
	        .pause_ns = reload->order.pause_ns,
	        .restart = restart,
	};
	bool again = reload->again;

	reload->options.ended(reload->options.context, &result);
	forget(reload);
	reload->again = false;
	if (again)
		begin(reload);
}

static void begin(struct weir_reload *reload)
{
	reload->state = LOADING;
	atomic_store(&reload->loaded, false);
	int error = -pthread_create(&reload->thread, NULL, run, reload);
	if (error) {
		weir_problem_add(&reload->problems, NULL, 0, 0, "no thread to load it: %s", strerror(-error));
		end(reload, error, "");
	}
}

static int64_t unix_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool is_filtering(const struct weir_parts *parts)
{
	struct weir_prefilter_status status;

	weir_prefilter_status(parts->prefilter, &status);
	return status.mode != WEIR_PREFILTER_OFF;
}

static void on_loaded(struct weir_reload *reload)
{
	struct weir_parts *parts = reload->options.parts;

	pthread_join(reload->thread, NULL);
	int error = reload->error;
	if (!error)
		error = weir_prefilter_set_area(parts->prefilter, reload->joined);
	if (error) {
		if (reload->problems.count == 0)
			weir_problem_add(&reload->problems, NULL, 0, 0, "it can't be loaded: %s",
			                 strerror(-error));
		end(reload, error, "");
		return;
	}
	reload->state = EXCHANGING;
	reload->order = (struct weir_chart_order){
	        .chart = &reload->setup.chart,
	        .renumbered = reload->renumbering.numbers,
	        .not_before_ns = is_filtering(parts) ? unix_ns() : 0,
	};
	weir_worker_order_chart(parts->worker, &reload->order);
}

static void on_taken(struct weir_reload *reload)
{
	struct weir_parts *parts = reload->options.parts;
	struct weir_chart old = parts->setup->chart;
	char restart[RESTART_SIZE];

	pthread_mutex_lock(&parts->source.lock);
	parts->setup->chart = reload->setup.chart;
	parts->source.fences = parts->setup->chart.fences;
	pthread_mutex_unlock(&parts->source.lock);
	reload->setup.chart = old; /* and so it is freed with what is not needed any more */
	weir_prefilter_set_area(parts->prefilter, parts->setup->chart.tiles); /* a valid one: it was joined */
	weir_config_differences(parts->setup->config, reload->setup.config, restart, sizeof restart);
	weir_prefilter_observe(parts->prefilter, reload->setup.config->prefilter.observe);
	weir_admission_observe(parts->admission, reload->setup.config->prefilter.observe);
	weir_log_configure(reload->setup.config->log.level, parts->setup->config->log.format);
	end(reload, 0, restart);
}

void weir_reload_step(struct weir_reload *reload)
{
	uint64_t count;

	if (read(reload->loaded_fd, &count, sizeof count) < 0 && errno != EAGAIN)
		weir_log_error("reload: %s", strerror(errno));
	if (read(reload->options.parts->taken_fd, &count, sizeof count) < 0 && errno != EAGAIN)
		weir_log_error("reload: %s", strerror(errno));
	if (reload->state == LOADING && atomic_load(&reload->loaded))
		on_loaded(reload);
	else if (reload->state == EXCHANGING && weir_worker_has_taken(reload->options.parts->worker))
		on_taken(reload);
}

void weir_reload_ask(struct weir_reload *reload)
{
	if (reload->state == IDLE)
		begin(reload);
	else
		reload->again = true;
}

bool weir_reload_is_busy(const struct weir_reload *reload)
{
	return reload->state != IDLE;
}

int weir_reload_descriptor(const struct weir_reload *reload)
{
	return reload->loaded_fd;
}

int weir_reload_new(struct weir_reload **out, const struct weir_reload_options *options)
{
	struct weir_reload *reload = calloc(1, sizeof *reload);

	if (!reload)
		return -ENOMEM;
	reload->options = *options;
	reload->loaded_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (reload->loaded_fd < 0) {
		int error = -errno;
		free(reload);
		return error;
	}
	*out = reload;
	return 0;
}

void weir_reload_free(struct weir_reload *reload)
{
	if (!reload)
		return;
	if (reload->state == LOADING)
		pthread_join(reload->thread, NULL);
	forget(reload);
	close(reload->loaded_fd);
	free(reload);
}
