/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The control thread: signals, HTTP, systemd. See gateway.h; how the parts are started: parts.c.
 */
#include "gateway/gateway.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "gateway/parts.h"
#include "gateway/privileges.h"
#include "gateway/reload.h"
#include "gateway/requests.h"

/* How long alerts and dead letters may wait for their acknowledgement at the end. */
#define DRAIN_MS 10000

/* How often a full table of devices is told. */
#define REFUSED_EVERY_NS INT64_C(30000000000)

/* The loop's slowest beat: the watchdog is fed from it. */
#define BEAT_MS 1000

struct control {
	struct weir_parts parts;
	struct weir_reload *reload;
	struct weir_desk desk;
	int signals; /* a signalfd */
	bool stopping;
	bool hands_over;      /* another gateway takes the place of this one */
	int error;            /* why it ended; 0: it was asked to */
	uint64_t watchdog_us; /* 0: systemd does not watch */
	int64_t fed_ns;       /* when it was fed last */
	uint64_t refused;     /* reports of new devices, as far as that was said */
	int64_t refused_ns;   /* when it was said */
};

static void signal_set(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
}

/* Before any thread is started: they inherit the mask. */
static int open_signals(struct control *control)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	signal_set(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	control->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (control->signals >= 0)
		return 0;
	int error = -errno;
	weir_log_error("no signal descriptor: %s", strerror(-error));
	return error;
}

static void begin_stop(struct control *control, const char *why)
{
	if (control->stopping)
		return;
	control->stopping = true;
	weir_log_info("stopping: %s", why);
	sd_notify(0, "STOPPING=1");
	weir_ingest_stop(control->parts.ingest);
}

static void fail(struct control *control, int error, const char *why)
{
	control->error = control->error ? control->error : error;
	begin_stop(control, why);
}

/* The operator is done with waiting. The kernel filter must not stay behind; all else may. */
static void stop_hard(const struct control *control)
{
	const struct weir_config *config = control->parts.setup->config;

	weir_log_error("stopping at once: what was not delivered is lost");
	if (config->run_as)
		weir_privileges_raise();
	if (config->prefilter.mode != WEIR_PREFILTER_OFF)
		for (size_t i = 0; i < config->prefilter.interface_count; i++)
			weir_prefilter_detach(config->prefilter.interfaces[i], NULL, NULL);
	_exit(1);
}

/* It is in force, or it was refused. */
static void on_reload_ended(void *context, const struct weir_reload_result *result)
{
	struct control *control = context;

	for (size_t i = 0; i < result->problems->count; i++) {
		char text[1024];

		weir_problem_format(&result->problems->items[i], text, sizeof text);
		weir_log_error("%s", text);
	}
	if (result->error)
		weir_log_error("%s: refused; the gateway goes on with what it had", result->file);
	else
		weir_log_info(
		        "reloaded: %zu fence%s, %zu of them new, %zu gone; the worker paused for %.3f ms",
		        result->fences, result->fences == 1 ? "" : "s", result->added, result->gone,
		        (double)result->pause_ns / 1e6);
	if (result->restart[0] != '\0')
		weir_log_warning("changed, and needs a restart: %s", result->restart);
	weir_parts_note_reload(&control->parts, result->error == 0);
	weir_desk_tell_reload(&control->desk, result);
	sd_notifyf(0, "READY=1\nSTATUS=Site %s, %zu fence%s", control->parts.setup->config->site,
	           result->fences, result->fences == 1 ? "" : "s");
}

static void begin_reload(struct control *control)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld",
	           (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
	weir_log_info("loading %s anew", control->parts.setup->config->file);
	weir_reload_ask(control->reload);
}

static void follow_bucket(struct control *control)
{
	uint64_t count;

	if (read(control->parts.bucket_fd, &count, sizeof count) != (ssize_t)sizeof count)
		return;
	weir_log_info("the fences in the bucket %s are there, or have changed",
	              control->parts.setup->config->fences.bucket);
	begin_reload(control);
}

static void handle_signals(struct control *control)
{
	struct signalfd_siginfo info;

	while (read(control->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP)
			begin_reload(control);
		else if (control->stopping)
			stop_hard(control);
		else
			begin_stop(control, info.ssi_signo == SIGINT ? "SIGINT" : "SIGTERM");
	}
}

/* systemd is fed only while the worker makes progress, so that it restarts a gateway that hangs. */
static void feed_watchdog(struct control *control)
{
	struct weir_snapshot snapshot;

	if (control->watchdog_us == 0)
		return;
	weir_snapshot_take(&snapshot, &control->parts.source);
	if (snapshot.now_ns - control->fed_ns < (int64_t)control->watchdog_us * 1000 / 3)
		return;
	control->fed_ns = snapshot.now_ns;
	if (weir_snapshot_alive(&snapshot))
		sd_notify(0, "WATCHDOG=1");
}

/* Vessels are missed from then on: a counter alone would not be loud enough. */
static void tell_refused_devices(struct control *control)
{
	struct weir_worker_counters counters;

	weir_worker_counters(control->parts.worker, &counters);
	uint64_t refused = counters.engine.reports[WEIR_REPORT_TABLE_FULL];
	if (refused == control->refused ||
	    (control->refused > 0 && counters.tick_ns - control->refused_ns < REFUSED_EVERY_NS))
		return;
	weir_log_error("engine: the table of %" PRIu64 " devices is full: %" PRIu64
	               " reports of further ones were not used; raise 'engine: max_devices', or find out who "
	               "sends so many",
	               control->parts.setup->config->engine.max_devices, refused - control->refused);
	control->refused = refused;
	control->refused_ns = counters.tick_ns;
}

static int wait_ms(const struct control *control)
{
	int http = control->parts.http ? weir_http_timeout(control->parts.http) : -1;
	uint64_t beat = control->watchdog_us > 0 && control->watchdog_us / 4000 < BEAT_MS
	                        ? control->watchdog_us / 4000
	                        : BEAT_MS;

	return http >= 0 && (uint64_t)http < beat ? http : (int)beat;
}

static void run_loop(struct control *control)
{
	struct pollfd polled[] = {
	        {.fd = control->signals, .events = POLLIN},
	        {.fd = control->parts.ended_fd, .events = POLLIN},
	        {.fd = control->parts.broken_fd, .events = POLLIN},
	        {.fd = control->parts.asked_fd, .events = POLLIN},
	        {.fd = control->parts.taken_fd, .events = POLLIN},
	        {.fd = weir_reload_descriptor(control->reload), .events = POLLIN},
	        {.fd = control->parts.bucket_fd, .events = POLLIN},
	        {.fd = control->parts.http ? weir_http_descriptor(control->parts.http) : -1,
	         .events = POLLIN},
	        {.fd = weir_parts_descriptor(&control->parts), .events = POLLIN},
	};

	for (;;) {
		if (poll(polled, sizeof polled / sizeof polled[0], wait_ms(control)) < 0 && errno != EINTR)
			fail(control, -errno, "waiting for events has become impossible");
		handle_signals(control);
		if (polled[1].revents & POLLIN)
			return;
		if (polled[2].revents & POLLIN) {
			polled[2].fd = -1; /* said once */
			fail(control, -EPIPE, "the output is gone");
		}
		follow_bucket(control);
		weir_desk_work(&control->desk);
		weir_reload_step(control->reload);
		if (control->parts.http)
			weir_http_work(control->parts.http);
		weir_parts_work(&control->parts);
		if (!control->stopping && weir_parts_are_asked_for(&control->parts)) {
			control->hands_over = true;
			begin_stop(control, "another weir takes over");
		}
		feed_watchdog(control);
		tell_refused_devices(control);
	}
}

static void tell_ready(const struct control *control)
{
	const struct weir_config *config = control->parts.setup->config;
	char text[WEIR_ENDPOINT_TEXT_SIZE];

	for (size_t i = 0; i < config->ingest.listen_count; i++)
		weir_log_info("listening on udp %s",
		              weir_endpoint_format(&config->ingest.listen[i], text, sizeof text));
	if (config->http.enabled)
		weir_log_info("http on %s", weir_endpoint_format(&config->http.listen, text, sizeof text));
	size_t fences = weir_fences_count(control->parts.setup->chart.fences);
	weir_log_info("weir " WEIR_VERSION " runs: site %s, %zu fence%s", config->site, fences,
	              fences == 1 ? "" : "s");
	sd_notifyf(0, "READY=1\nSTATUS=Site %s, %zu fence%s", config->site, fences, fences == 1 ? "" : "s");
}

/* From here on a second signal ends the process by its default. */
static void drain(struct control *control)
{
	struct weir_snapshot snapshot;
	uint64_t remaining = 0;
	sigset_t set;

	weir_snapshot_take(&snapshot, &control->parts.source);
	if (control->hands_over)
		weir_parts_hand_over(&control->parts);
	else
		weir_parts_detach(&control->parts);
	signal_set(&set);
	sigdelset(&set, SIGHUP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	if (weir_publisher_stop(control->parts.publisher, DRAIN_MS, &remaining)) {
		weir_log_error("%" PRIu64
		               " alerts and dead letters were not acknowledged in time: they are lost",
		               remaining);
		control->error = control->error ? control->error : -ETIMEDOUT;
	}
	weir_log_info("stopped: %" PRIu64 " datagrams received, %" PRIu64 " lost in the socket, %" PRIu64
	              " alerts",
	              snapshot.ingest.datagrams, snapshot.ingest.socket_dropped,
	              snapshot.worker.engine.events[WEIR_EVENT_ALERT]);
}

static int open_reload(struct control *control)
{
	const struct weir_reload_options options = {
	        .parts = &control->parts, .context = control, .ended = on_reload_ended};

	int error = weir_reload_new(&control->reload, &options);
	if (error)
		weir_log_error("reload: can't be made ready: %s", strerror(-error));
	control->desk = (struct weir_desk){.parts = &control->parts, .reload = control->reload};
	return error;
}

int weir_gateway_run(struct weir_setup *setup, bool takes_over)
{
	struct control control = {.signals = -1};

	weir_log_configure(setup->config->log.level, setup->config->log.format);
	int error = open_signals(&control);
	if (!error)
		error = open_reload(&control);
	if (!error)
		error = weir_parts_start(&control.parts, setup, takes_over);
	if (error)
		goto out;
	if (sd_watchdog_enabled(0, &control.watchdog_us) <= 0)
		control.watchdog_us = 0;
	tell_ready(&control);
	run_loop(&control);
	error = weir_parts_join_worker(&control.parts);
	if (error)
		weir_log_error("receiving has become impossible: %s", strerror(-error));
	drain(&control);
	weir_desk_close(&control.desk);
	weir_parts_stop(&control.parts);
	error = error ? error : control.error;
out:
	weir_reload_free(control.reload);
	if (control.signals >= 0)
		close(control.signals);
	return error;
}
