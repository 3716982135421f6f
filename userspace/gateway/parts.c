/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Starting and stopping the parts: see parts.h. What runs in between is in gateway.c.
 */
#include "gateway/parts.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "gateway/privileges.h"

/* ---- What the parts have to say ---- */

static void on_ingest_warning(void *context, const char *text)
{
	(void)context;
	weir_log_warning("ingest: %s", text);
}

static void on_prefilter_log(void *context, enum weir_prefilter_level level, const char *text)
{
	static struct weir_log_site sites[WEIR_LOG_LEVELS];
	static const enum weir_log_level levels[] = {
	        [WEIR_PREFILTER_ERROR] = WEIR_LOG_ERROR,
	        [WEIR_PREFILTER_WARNING] = WEIR_LOG_WARNING,
	        [WEIR_PREFILTER_NOTICE] = WEIR_LOG_INFO,
	        [WEIR_PREFILTER_DEBUG] = WEIR_LOG_DEBUG,
	};

	(void)context;
	weir_log_write(&sites[levels[level]], levels[level], "%s", text);
}

static void on_publisher_log(void *context, enum weir_publish_log_level level, const char *text)
{
	static struct weir_log_site sites[WEIR_LOG_LEVELS];
	static const enum weir_log_level levels[] = {
	        [WEIR_PUBLISH_LOG_ERROR] = WEIR_LOG_ERROR,
	        [WEIR_PUBLISH_LOG_WARNING] = WEIR_LOG_WARNING,
	        [WEIR_PUBLISH_LOG_INFO] = WEIR_LOG_INFO,
	};

	(void)context;
	weir_log_write(&sites[levels[level]], levels[level], "%s", text);
}

static void on_publisher_broken(void *context, int error)
{
	struct weir_parts *parts = context;
	uint64_t one = 1;

	weir_log_error("the output can't be written any more: %s", strerror(error < 0 ? -error : error));
	if (write(parts->broken_fd, &one, sizeof one) < 0)
		weir_log_error("and the gateway can't be told: %s", strerror(errno));
}

/* Wakes the control thread. */
static void announce(int fd, const char *what)
{
	uint64_t one = 1;

	if (write(fd, &one, sizeof one) < 0)
		weir_log_error("%s can't be announced: %s", what, strerror(errno));
}

static void on_request_arrived(void *context)
{
	announce(((struct weir_parts *)context)->asked_fd, "a request");
}

static void on_bucket_changed(void *context)
{
	announce(((struct weir_parts *)context)->bucket_fd, "a change of the bucket of fences");
}

static size_t on_status(void *context, char *out, size_t size)
{
	struct weir_parts *parts = context;
	struct weir_snapshot snapshot;

	weir_snapshot_take(&snapshot, &parts->source);
	weir_snapshot_take_senders(&snapshot, &parts->source);
	return weir_snapshot_status_json(&snapshot, out, size);
}

/* ---- Pages ---- */

static unsigned write_metrics(void *context, FILE *out)
{
	struct weir_snapshot snapshot;

	weir_snapshot_take(&snapshot, context);
	weir_snapshot_take_senders(&snapshot, context);
	weir_snapshot_print_metrics(&snapshot, out);
	return 200;
}

static unsigned write_alive(void *context, FILE *out)
{
	struct weir_snapshot snapshot;

	weir_snapshot_take(&snapshot, context);
	bool alive = weir_snapshot_alive(&snapshot);
	fputs(alive ? "alive\n" : "the worker makes no progress\n", out);
	return alive ? 200 : 503;
}

static unsigned write_ready(void *context, FILE *out)
{
	struct weir_snapshot snapshot;
	char reason[1024];

	weir_snapshot_take(&snapshot, context);
	bool ready = weir_snapshot_ready(&snapshot, reason, sizeof reason);
	fprintf(out, "%s\n%s%s", ready ? "ready" : "not ready", reason, reason[0] ? "\n" : "");
	return ready ? 200 : 503;
}

static const struct weir_http_page pages[] = {
        {"/metrics", WEIR_METRICS_CONTENT_TYPE, write_metrics},
        {"/livez", "text/plain; charset=utf-8", write_alive},
        {"/readyz", "text/plain; charset=utf-8", write_ready},
        {NULL},
};

/* ---- One part each ---- */

static int open_descriptors(struct weir_parts *parts)
{
	int *const descriptors[] = {&parts->ended_fd, &parts->broken_fd, &parts->taken_fd, &parts->bucket_fd,
	                            &parts->asked_fd};

	for (size_t i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++) {
		*descriptors[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
		if (*descriptors[i] < 0) {
			int error = -errno;
			weir_log_error("no event descriptor: %s", strerror(-error));
			return error;
		}
	}
	return 0;
}

static int open_ingest(struct weir_parts *parts)
{
	const struct weir_config *config = parts->setup->config;
	const struct weir_ingest_options options = {
	        .endpoints = config->ingest.listen,
	        .count = config->ingest.listen_count,
	        .receive_buffer_bytes = (uint32_t)config->ingest.receive_buffer_bytes,
	        .warn = on_ingest_warning,
	};
	char problem[WEIR_INGEST_PROBLEM_SIZE];

	int error = weir_ingest_open(&parts->ingest, &options, problem, sizeof problem);
	if (error)
		weir_log_error("ingest: %s", problem);
	return error;
}

static int open_http(struct weir_parts *parts)
{
	const struct weir_config *config = parts->setup->config;
	char text[WEIR_ENDPOINT_TEXT_SIZE];

	if (!config->http.enabled)
		return 0;
	int error = weir_http_open(&parts->http, &config->http.listen, pages, &parts->source);
	if (error)
		weir_log_error("http: can't listen on %s: %s",
		               weir_endpoint_format(&config->http.listen, text, sizeof text),
		               strerror(-error));
	return error;
}

static size_t collect_ports(const struct weir_config *config, uint16_t *ports)
{
	size_t count = 0;

	for (size_t i = 0; i < config->ingest.listen_count; i++) {
		uint16_t port = config->ingest.listen[i].address.port;
		size_t known = 0;

		while (known < count && ports[known] != port)
			known++;
		if (known == count)
			ports[count++] = port;
	}
	return count;
}

static int open_prefilter(struct weir_parts *parts)
{
	const struct weir_config *config = parts->setup->config;
	uint16_t ports[WEIR_INGEST_ENDPOINTS_MAX];
	const struct weir_prefilter_options options = {
	        .mode = config->prefilter.mode,
	        .interfaces = config->prefilter.interfaces,
	        .interface_count = config->prefilter.interface_count,
	        .ports = ports,
	        .port_count = collect_ports(config, ports),
	        .max_followed = (uint32_t)config->prefilter.max_followed,
	        .fragment_timeout_ns = config->engine.fragment_timeout_ns,
	        .observe = config->prefilter.observe,
	        .gps_devices = config->devices,
	        .gps_device_count = (uint32_t)config->device_count,
	        .allow = config->prefilter.allow,
	        .allow_count = config->prefilter.allow_count,
	        .rate = weir_rate_of(config->prefilter.rate_packets_per_s, config->prefilter.rate_burst),
	        .senders = (uint32_t)config->prefilter.senders,
	        .log = on_prefilter_log,
	};

	int error = weir_prefilter_open(&parts->prefilter, &options);
	if (!error)
		error = weir_prefilter_set_area(parts->prefilter, parts->setup->chart.tiles);
	if (!error && parts->takes_over)
		error = weir_prefilter_take_over(parts->prefilter);
	if (!error)
		error = weir_prefilter_attach(parts->prefilter);
	if (error)
		weir_log_error("prefilter: can't run in mode %s: %s; the lines above say why",
		               weir_prefilter_mode_name(config->prefilter.mode), strerror(-error));
	return error;
}

static int make_admission(struct weir_parts *parts)
{
	const struct weir_config *config = parts->setup->config;
	const struct weir_admission_options options = {
	        .allow = config->prefilter.allow,
	        .allow_count = config->prefilter.allow_count,
	        .rate = weir_rate_of(config->prefilter.rate_packets_per_s, config->prefilter.rate_burst),
	        .senders = (uint32_t)config->prefilter.senders,
	        .observe = config->prefilter.observe,
	};

	int error = weir_admission_new(&parts->admission, &options);
	if (error)
		weir_log_error("prefilter: no memory for its senders: %s", strerror(-error));
	return error;
}

static int drop_privileges(struct weir_parts *parts)
{
	const struct weir_config *config = parts->setup->config;

	if (!config->run_as)
		return 0;
	int error = weir_privileges_drop(config->run_as, config->prefilter.mode != WEIR_PREFILTER_OFF);
	if (error)
		weir_log_error("run_as: can't become %s: %s; only root can", config->run_as,
		               strerror(-error));
	return error;
}

static int open_bucket(struct weir_parts *parts)
{
	const struct weir_config *config = parts->setup->config;
	const struct weir_nats_options nats = weir_config_nats(config);
	const struct weir_bucket_options options = {
	        .nats = &nats,
	        .name = config->fences.bucket,
	        .context = parts,
	        .changed = on_bucket_changed,
	        .log = on_publisher_log,
	};

	if (!config->fences.bucket)
		return 0;
	int error = weir_bucket_open(&parts->bucket, &options);
	pthread_mutex_lock(&parts->source.lock);
	parts->source.bucket = parts->bucket;
	pthread_mutex_unlock(&parts->source.lock);
	if (error)
		weir_log_error("the bucket of fences can't be watched: %s", strerror(-error));
	return error;
}

static int open_publisher(struct weir_parts *parts)
{
	const struct weir_config *config = parts->setup->config;
	const struct weir_nats_options nats = weir_config_nats(config);
	const struct weir_publisher_options options = {
	        .site = config->site,
	        .nats = config->nats.server_count > 0 ? &nats : NULL,
	        .output_fd = STDOUT_FILENO,
	        .alert_outbox_bytes = WEIR_ALERT_OUTBOX_BYTES,
	        .bare_positions = config->nats.server_count > 0 && !config->nats.position_headers,
	        .context = parts,
	        .status = on_status,
	        .log = on_publisher_log,
	        .broken = on_publisher_broken,
	        .request_arrived = on_request_arrived,
	};

	int error = weir_publisher_start(&parts->publisher, &options, &parts->outlet, 1);
	pthread_mutex_lock(&parts->source.lock); /* its thread may be asking for the status already */
	parts->source.publisher = parts->publisher;
	pthread_mutex_unlock(&parts->source.lock);
	if (error)
		weir_log_error("publisher: can't be started: %s", strerror(-error));
	return error;
}

static int make_outlet(struct weir_parts *parts)
{
	const struct weir_outlet_options options = {.site = parts->setup->config->site};

	int error = weir_outlet_new(&parts->outlet, &options);
	if (error)
		weir_log_error("outlet: %s", strerror(-error));
	return error;
}

static int make_worker(struct weir_parts *parts)
{
	const struct weir_worker_options options = {
	        .config = parts->setup->config,
	        .chart = &parts->setup->chart,
	        .prefilter = parts->prefilter,
	        .admission = parts->admission,
	        .outlet = parts->outlet,
	        .ended_fd = parts->ended_fd,
	        .taken_fd = parts->taken_fd,
	};

	int error = weir_worker_new(&parts->worker, &options);
	if (error)
		weir_log_error("engine: can't be made: %s", strerror(-error));
	else if (parts->setup->config->engine.state_file)
		parts->restored = weir_keeper_restore(parts->worker, parts->setup->config->engine.state_file);
	return error;
}

static int start_worker(struct weir_parts *parts)
{
	int error = weir_worker_start(parts->worker, parts->ingest);

	if (error)
		weir_log_error("worker: can't be started: %s", strerror(-error));
	return error;
}

static int start_keeper(struct weir_parts *parts)
{
	const struct weir_config *config = parts->setup->config;

	if (!config->engine.state_file)
		return 0;
	int error = weir_keeper_start(&parts->keeper, parts->worker, config->engine.state_file,
	                              config->engine.state_interval_ns, parts->restored);
	pthread_mutex_lock(&parts->source.lock);
	parts->source.keeper = parts->keeper;
	pthread_mutex_unlock(&parts->source.lock);
	if (error)
		weir_log_error("engine: no thread to keep its state: %s", strerror(-error));
	return error;
}

/* ---- All of them ---- */

static int make_source(struct weir_parts *parts)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	parts->source.config = parts->setup->config;
	parts->source.fences = parts->setup->chart.fences;
	parts->source.ingest = parts->ingest;
	parts->source.worker = parts->worker;
	parts->source.prefilter = parts->prefilter;
	parts->source.admission = parts->admission;
	parts->source.started_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
	return 0;
}

/*
 * The filter comes before the sockets: the engine must hear of nothing that the filter has not judged, since
 * the filter passes what concerns a device that it has passed before. So does the engine, which may follow
 * devices from its beginning.
 */
int weir_parts_start(struct weir_parts *parts, struct weir_setup *setup, bool takes_over)
{
	static int (*const steps[])(struct weir_parts *) = {
	        open_descriptors, open_prefilter, make_admission,  make_outlet, make_worker,
	        open_ingest,      open_http,      drop_privileges, make_source, open_publisher,
	        start_worker,     start_keeper,   open_bucket,
	};
	int error = 0;

	*parts = (struct weir_parts){.setup = setup,
	                             .takes_over = takes_over,
	                             .ended_fd = -1,
	                             .broken_fd = -1,
	                             .taken_fd = -1,
	                             .bucket_fd = -1,
	                             .asked_fd = -1};
	pthread_mutex_init(&parts->source.lock, NULL);
	for (size_t i = 0; i < sizeof steps / sizeof steps[0] && !error; i++)
		error = steps[i](parts);
	if (error)
		weir_parts_stop(parts);
	return error;
}

int weir_parts_join_worker(struct weir_parts *parts)
{
	int error = weir_worker_join(parts->worker);

	weir_keeper_finish(parts->keeper);
	return error;
}

int weir_parts_descriptor(const struct weir_parts *parts)
{
	return parts->prefilter ? weir_prefilter_descriptor(parts->prefilter) : -1;
}

void weir_parts_work(struct weir_parts *parts)
{
	bool has_user = parts->setup->config->run_as;

	if (!parts->prefilter || !weir_prefilter_wants_work(parts->prefilter))
		return;
	if (has_user)
		weir_privileges_raise();
	pthread_mutex_lock(&parts->source.lock); /* others read what becomes of the interfaces */
	weir_prefilter_work(parts->prefilter);
	pthread_mutex_unlock(&parts->source.lock);
	if (has_user)
		weir_privileges_lower();
}

/* What the status says until the end is what was known now. */
static void close_sources(struct weir_parts *parts, bool sockets)
{
	pthread_mutex_lock(&parts->source.lock);
	parts->source.prefilter = NULL;
	if (sockets && parts->ingest) {
		weir_ingest_read_counters(parts->ingest, &parts->source.ingest_last);
		parts->source.ingest = NULL;
	}
	pthread_mutex_unlock(&parts->source.lock);
}

bool weir_parts_are_asked_for(struct weir_parts *parts)
{
	return parts->prefilter && weir_prefilter_is_asked_for(parts->prefilter);
}

void weir_parts_hand_over(struct weir_parts *parts)
{
	close_sources(parts, true);
	weir_http_close(parts->http);
	parts->http = NULL;
	weir_ingest_close(parts->ingest);
	parts->ingest = NULL;
	if (parts->setup->config->run_as)
		weir_privileges_raise();
	weir_prefilter_hand_over(parts->prefilter);
	weir_prefilter_close(parts->prefilter);
	parts->prefilter = NULL;
}

void weir_parts_detach(struct weir_parts *parts)
{
	close_sources(parts, false);
	if (parts->prefilter && parts->setup->config->run_as)
		weir_privileges_raise();
	weir_prefilter_close(parts->prefilter);
	parts->prefilter = NULL;
}

void weir_parts_note_reload(struct weir_parts *parts, bool good)
{
	pthread_mutex_lock(&parts->source.lock);
	parts->source.reloads[good ? WEIR_RELOAD_APPLIED : WEIR_RELOAD_REFUSED]++;
	parts->source.last_reload_refused = !good;
	pthread_mutex_unlock(&parts->source.lock);
}

static void close_bucket(struct weir_parts *parts)
{
	pthread_mutex_lock(&parts->source.lock);
	parts->source.bucket = NULL;
	pthread_mutex_unlock(&parts->source.lock);
	weir_bucket_close(parts->bucket);
}

void weir_parts_stop(struct weir_parts *parts)
{
	weir_parts_detach(parts);
	weir_http_close(parts->http);
	close_bucket(parts);
	weir_publisher_free(parts->publisher);
	weir_keeper_free(parts->keeper);
	weir_worker_free(parts->worker);
	weir_admission_free(parts->admission);
	weir_outlet_free(parts->outlet);
	weir_ingest_close(parts->ingest);
	pthread_mutex_destroy(&parts->source.lock);
	const int descriptors[] = {parts->ended_fd, parts->broken_fd, parts->taken_fd, parts->bucket_fd,
	                           parts->asked_fd};
	for (size_t i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++)
		if (descriptors[i] >= 0)
			close(descriptors[i]);
}
