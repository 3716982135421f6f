/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What publishing costs: encoding an event, the worker's part of an event, and events a second through a
 * real nats-server, beside nats.c alone sending the same bytes in the same run. Medians of several.
 *
 * Starts nats-server on a free port of the loopback with a store under /tmp, and leaves nothing behind;
 * without nats-server the part that needs it says so.
 */
#include <inttypes.h>
#include <nats/nats.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "publish/geojson.h"
#include "publish/outlet.h"
#include "publish/publish.h"
#include "publish/subject.h"

#define ROUNDS 5

static int64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* What one thread computes costs processor time: other people's load is not in it. */
static int64_t cpu_ns(void)
{
	return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static double median(double *values)
{
	qsort(values, ROUNDS, sizeof(*values), compare);
	return values[ROUNDS / 2];
}

/* ---- Events that look like traffic ---- */

static struct weir_report report;
static struct weir_alert alert;
static char alert_id[WEIR_ALERT_ID_SIZE];
static const char *const fences[] = {"maasmond"};

static struct weir_event event_of(uint32_t i, bool is_alert)
{
	report = (struct weir_report){
	        .has = WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_COG | WEIR_HAS_HEADING |
	               WEIR_HAS_NAV_STATUS,
	        .message = 1,
	        .longitude_deg = (double)(2400000 + (int32_t)(i * 7919 % 600000)) / 600000,
	        .latitude_deg = (double)(31200000 + (int32_t)(i * 104729 % 300000)) / 600000,
	        .sog_kn = (float)(i % 200) / 10,
	        .cog_deg = (float)(i % 3600) / 10,
	        .heading_deg = (uint16_t)(i % 360),
	};
	if (is_alert) {
		snprintf(alert_id, sizeof(alert_id), "%016x%08x%08x", (unsigned)now_ns(), (unsigned)getpid(),
		         i);
		alert = (struct weir_alert){.rule = WEIR_RULE_ENTER,
		                            .severity = WEIR_SEVERITY_INFO,
		                            .fence = "maasmond",
		                            .fence_name = "Maasmond",
		                            .message = "MARIA has entered Maasmond"};
		memcpy(alert.id, alert_id, sizeof(alert.id));
	}
	return (struct weir_event){.kind = is_alert ? WEIR_EVENT_ALERT : WEIR_EVENT_POSITION,
	                           .time_ns = INT64_C(1795324465638000000) + i * INT64_C(1000000),
	                           .id = "244660000",
	                           .source = "antenna-west",
	                           .report = &report,
	                           .fences = fences,
	                           .fence_count = 1,
	                           .ship_name = "MARIA",
	                           .alert = is_alert ? &alert : NULL};
}

/* ---- Encoding and the worker's part ---- */

#define ENCODED 500000

static size_t printf_geojson(const struct weir_event *event, char *out, size_t size)
{
	time_t seconds = (time_t)(event->time_ns / 1000000000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return (size_t)snprintf(
	        out, size,
	        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[%.7f,%.7f]},"
	        "\"properties\":"
	        "{\"v\":1,\"event\":\"position\",\"site\":\"%s\",\"id\":\"%s\",\"time\":"
	        "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"source\":\"%s\",\"name\":\"%s\",\"msg\":%d,"
	        "\"class\":\"%s\","
	        "\"sog_kn\":%.1f,\"cog_deg\":%.1f,\"heading_deg\":%d,\"nav_status\":%d,\"fences\":[\"%s\"]}}",
	        event->report->longitude_deg, event->report->latitude_deg, "rtm", event->id,
	        tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	        (int)(event->time_ns / 1000000 % 1000), event->source, event->ship_name,
	        event->report->message, "A", (double)event->report->sog_kn, (double)event->report->cog_deg,
	        event->report->heading_deg, event->report->nav_status, event->fences[0]);
}

static double encode_ns(bool by_printf, size_t *length)
{
	static char out[WEIR_GEOJSON_MAX];
	double rounds[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		int64_t start_ns = cpu_ns();
		for (uint32_t i = 0; i < ENCODED; i++) {
			struct weir_event event = event_of(i, false);
			*length = by_printf ? printf_geojson(&event, out, sizeof(out))
			                    : weir_geojson(&event, "rtm", out, sizeof(out));
		}
		rounds[round] = (double)(cpu_ns() - start_ns) / ENCODED;
	}
	return median(rounds);
}

static double subject_ns(void)
{
	char out[WEIR_SUBJECT_MAX + 1];
	double rounds[ROUNDS];

	for (int round = 0; round < ROUNDS; round++) {
		int64_t start_ns = cpu_ns();
		for (uint32_t i = 0; i < ENCODED; i++) {
			struct weir_event event = event_of(i, false);
			weir_subject_of_event(&event, "rtm", out);
		}
		rounds[round] = (double)(cpu_ns() - start_ns) / ENCODED;
	}
	return median(rounds);
}

/* The worker's part alone: the ring is emptied on the side, its cost is not counted. */
static double outlet_ns(void)
{
	struct weir_outlet *outlet = NULL;
	struct weir_outlet_options options = {.site = "rtm"};
	double rounds[ROUNDS];

	if (weir_outlet_new(&outlet, &options) != 0)
		return 0;
	for (int round = 0; round < ROUNDS; round++) {
		int64_t spent_ns = 0;
		for (uint32_t i = 0; i < ENCODED;) {
			int64_t start_ns = cpu_ns();
			for (uint32_t batch = 0; batch < 1000; batch++, i++) {
				struct weir_event event = event_of(i, false);
				weir_outlet_event(outlet, &event);
			}
			spent_ns += cpu_ns() - start_ns;
			while (weir_outlet_peek(outlet) != NULL)
				weir_outlet_release(outlet);
		}
		rounds[round] = (double)spent_ns / ENCODED;
	}
	weir_outlet_free(outlet);
	return median(rounds);
}

/* ---- A broker ---- */

static char store[] = "/tmp/weir-bench-XXXXXX";
static char url[64];
static pid_t server;

static int free_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &length) != 0)
		address.sin_port = 0;
	close(fd);
	return ntohs(address.sin_port);
}

static bool start_server(void)
{
	char port[16];
	natsConnection *connection = NULL;

	if (mkdtemp(store) == NULL)
		return false;
	snprintf(port, sizeof(port), "%d", free_port());
	snprintf(url, sizeof(url), "nats://127.0.0.1:%s", port);
	server = fork();
	if (server == 0) {
		if (freopen("/dev/null", "w", stderr) == NULL)
			_exit(127);
		execlp("nats-server", "nats-server", "-a", "127.0.0.1", "-p", port, "-js", "-sd", store,
		       (char *)NULL);
		execl("/usr/sbin/nats-server", "nats-server", "-a", "127.0.0.1", "-p", port, "-js", "-sd",
		      store, (char *)NULL);
		_exit(127);
	}
	for (int i = 0; i < 250; i++) {
		if (natsConnection_ConnectTo(&connection, url) == NATS_OK) {
			natsConnection_Destroy(connection);
			return true;
		}
		nats_Sleep(20);
	}
	return false;
}

static void stop_server(void)
{
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	pid_t remover = fork();
	if (remover == 0) {
		execlp("rm", "rm", "-rf", store, (char *)NULL);
		_exit(127);
	}
	waitpid(remover, NULL, 0);
}

/* ---- Through the broker ---- */

static void quiet(void *context, enum weir_publish_log_level level, const char *text)
{
	(void)context;
	if (level == WEIR_PUBLISH_LOG_ERROR)
		fprintf(stderr, "%s\n", text);
}

struct course {
	struct weir_outlet *outlet;
	struct weir_publisher *publisher;
};

static bool start_course(struct course *course, bool bare)
{
	const char *servers[] = {url};
	struct weir_nats_options nats = {.servers = servers, .server_count = 1};
	struct weir_publisher_options options = {
	        .site = "bench", .nats = &nats, .log = quiet, .bare_positions = bare};
	struct weir_outlet_options outlet_options = {.site = "bench"};
	char reason[256];

	if (weir_outlet_new(&course->outlet, &outlet_options) != 0 ||
	    weir_publisher_start(&course->publisher, &options, &course->outlet, 1) != 0)
		return false;
	for (int i = 0; i < 500; i++) {
		if (weir_publisher_ready(course->publisher, reason, sizeof(reason)))
			return true;
		nats_Sleep(10);
	}
	fprintf(stderr, "not ready: %s\n", reason);
	return false;
}

static uint64_t stop_course(struct course *course, struct weir_publish_counters *counters)
{
	uint64_t remaining = 0;

	weir_publisher_stop(course->publisher, 30000, &remaining);
	weir_publisher_counters(course->publisher, counters);
	weir_publisher_free(course->publisher);
	weir_outlet_free(course->outlet);
	return remaining;
}

/* So many events, never more than the ring takes: what is measured is the publisher, not its refusals. */
static double course_rate(bool is_alert, bool bare, uint32_t count)
{
	struct course course = {0};
	struct weir_publish_counters counters;
	size_t limit = is_alert ? ((size_t)3 << 20) : ((size_t)3 << 19);

	if (!start_course(&course, bare))
		return 0;
	int64_t start_ns = now_ns();
	for (uint32_t i = 0; i < count; i++) {
		struct weir_event event = event_of(i, is_alert);
		while (weir_queue_used(&course.outlet->queue) > limit)
			sched_yield();
		/* An alert must find room in the outbox too. */
		if (is_alert && i % 1024 == 0)
			do {
				weir_publisher_counters(course.publisher, &counters);
				sched_yield();
			} while (counters.pending_bytes[WEIR_PUBLISH_ALERT] > ((size_t)4 << 20));
		weir_outlet_event(course.outlet, &event);
	}
	uint64_t remaining = stop_course(&course, &counters);
	double seconds = (double)(now_ns() - start_ns) / 1e9;
	uint64_t done = is_alert ? counters.total[WEIR_PUBLISH_ALERT][WEIR_PUBLISH_ACKED]
	                         : counters.total[WEIR_PUBLISH_POSITION][WEIR_PUBLISH_PUBLISHED];
	if (done != count || remaining != 0)
		fprintf(stderr, "only %" PRIu64 " of %u arrived\n", done, count);
	return (double)done / seconds;
}

/* ---- The yardstick: nats.c alone, with the same subject and body ---- */

static char body[WEIR_GEOJSON_MAX], subject[WEIR_SUBJECT_MAX + 1];

static size_t make_message(uint32_t i, bool is_alert)
{
	struct weir_event event = event_of(i, is_alert);

	weir_subject_of_event(&event, "bench", subject);
	return weir_geojson(&event, "bench", body, sizeof(body));
}

static double raw_core_rate(uint32_t count, bool with_headers)
{
	natsConnection *connection = NULL;
	size_t length = make_message(1, false);
	static const char *const names[] = {"ce-specversion", "ce-id",   "ce-type",
	                                    "ce-source",      "ce-time", "ce-datacontenttype"};

	if (natsConnection_ConnectTo(&connection, url) != NATS_OK)
		return 0;
	int64_t start_ns = now_ns();
	for (uint32_t i = 0; i < count; i++) {
		natsMsg *message = NULL;
		if (!with_headers) {
			natsConnection_Publish(connection, subject, body, (int)length);
			continue;
		}
		natsMsg_Create(&message, subject, NULL, body, (int)length);
		for (size_t h = 0; h < sizeof(names) / sizeof(*names); h++)
			natsMsgHeader_Set(message, names[h], "0123456789abcdef0123456789ab");
		natsConnection_PublishMsg(connection, message);
		natsMsg_Destroy(message);
	}
	natsConnection_Flush(connection);
	double seconds = (double)(now_ns() - start_ns) / 1e9;
	natsConnection_Destroy(connection);
	return count / seconds;
}

static double raw_stream_rate(uint32_t count)
{
	natsConnection *connection = NULL;
	jsCtx *js = NULL;
	jsOptions options;
	size_t length = make_message(1, true);

	jsOptions_Init(&options);
	options.PublishAsync.MaxPending = 1024;
	if (natsConnection_ConnectTo(&connection, url) != NATS_OK ||
	    natsConnection_JetStream(&js, connection, &options) != NATS_OK)
		return 0;
	int64_t start_ns = now_ns();
	for (uint32_t i = 0; i < count; i++) {
		char id[64];
		jsPubOptions publish;
		jsPubOptions_Init(&publish);
		snprintf(id, sizeof(id), "%x-%" PRIx64 "-%x", (unsigned)getpid(), (uint64_t)start_ns, i);
		publish.MsgId = id;
		js_PublishAsync(js, subject, body, (int)length, &publish);
	}
	js_PublishAsyncComplete(js, NULL);
	double seconds = (double)(now_ns() - start_ns) / 1e9;
	jsCtx_Destroy(js);
	natsConnection_Destroy(connection);
	return count / seconds;
}

#define POSITIONS 300000
#define ALERTS 40000
#define BROKER_ROUNDS 3

static double median_of(double (*one)(void))
{
	double rounds[BROKER_ROUNDS];

	for (int i = 0; i < BROKER_ROUNDS; i++)
		rounds[i] = one();
	qsort(rounds, BROKER_ROUNDS, sizeof(*rounds), compare);
	return rounds[BROKER_ROUNDS / 2];
}

static double bare_positions(void)
{
	return course_rate(false, true, POSITIONS);
}

static double full_positions(void)
{
	return course_rate(false, false, POSITIONS);
}

static double alerts(void)
{
	return course_rate(true, false, ALERTS);
}

static double raw_bare(void)
{
	return raw_core_rate(POSITIONS, false);
}

static double raw_headers(void)
{
	return raw_core_rate(POSITIONS, true);
}

static double raw_alerts(void)
{
	return raw_stream_rate(ALERTS);
}

static void compare_rates(const char *what, double ours, double theirs)
{
	printf("%-44s %10.0f /s   nats.c alone %10.0f /s   ratio %.2f\n", what, ours, theirs, ours / theirs);
}

int main(void)
{
	size_t length = 0, printf_length = 0;
	double ours = encode_ns(false, &length), theirs = encode_ns(true, &printf_length);

	printf("%-44s %10.0f ns   snprintf %14.0f ns   ratio %.2f (%zu bytes)\n",
	       "encode a position as GeoJSON", ours, theirs, ours / theirs, length);
	printf("%-44s %10.0f ns\n", "its subject", subject_ns());
	printf("%-44s %10.0f ns\n", "the worker's part: weir_outlet_event()", outlet_ns());
	if (!start_server()) {
		printf("through NATS: skipped, nats-server does not start\n");
		stop_server();
		return 0;
	}
	compare_rates("positions, core NATS, CloudEvents headers", median_of(full_positions),
	              median_of(raw_headers));
	compare_rates("positions, core NATS, bare", median_of(bare_positions), median_of(raw_bare));
	compare_rates("alerts, JetStream to file, acknowledged", median_of(alerts), median_of(raw_alerts));
	stop_server();
	nats_Close();
	return 0;
}
