/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An outlet and a publisher without a gateway, told by lines on standard input what to do:
 *
 *     position N        N positions, numbered on
 *     static N
 *     alert N
 *     letter N          N dead letters of some bytes each
 *     large N           N dead letters of 65,527 bytes
 *     rate N            from now on so many records a second; 0: as fast as it goes
 *     sleep SECONDS
 *     settle SECONDS    waits until nothing is pending and the rings are empty, so long at most
 *     ready SECONDS     waits until the publisher says that it is ready, so long at most
 *     counters          a line for each class and outcome that is not 0, then "end"
 *     reason            "ready" or "not ready: …"
 *
 *     tool_publish [-s URL]… [-r RING_BYTES] [-o OUTBOX_BYTES] [-a ACK_TIMEOUT_MS] [-w STOP_MS]
 *                  [-i STATUS_MS] [-u USER:PASSWORD] [-k CREDENTIALS]
 *
 * Without -s events go to standard output. Answers go to standard error, as do log lines ("log: …").
 * At the end of the input it stops the publisher; the last line is "remaining N".
 */
#include <inttypes.h>
#include <nats/nats.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <weir/decode.h>

#include "publish/publish.h"

struct driver {
	struct weir_outlet *outlet;
	struct weir_publisher *publisher;
	uint64_t numbers[WEIR_PUBLISH_CLASSES];
	double rate;
};

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void pause_s(double seconds)
{
	struct timespec time = {.tv_sec = (time_t)seconds,
	                        .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};

	nanosleep(&time, NULL);
}

static void on_log(void *context, enum weir_publish_log_level level, const char *text)
{
	(void)context;
	fprintf(stderr, "log: %d %s\n", (int)level, text);
}

static void on_broken(void *context, int error)
{
	(void)context;
	fprintf(stderr, "broken: %s\n", strerror(error));
}

static size_t on_status(void *context, char *out, size_t size)
{
	(void)context;
	return (size_t)snprintf(out, size, "{\"v\":1,\"event\":\"status\"}");
}

static void give_event(struct driver *driver, enum weir_event_kind kind, uint64_t number)
{
	static const char *const fences[] = {"maasmond"};
	struct weir_report report = {
	        .mmsi = 244660000,
	        .has = WEIR_HAS_POSITION | WEIR_HAS_SOG,
	        .message = 1,
	        .longitude_deg = 4.0512345,
	        .latitude_deg = 51.9876543,
	        .sog_kn = 12.3F,
	};
	struct weir_alert alert = {.rule = WEIR_RULE_ENTER,
	                           .phase = WEIR_PHASE_EVENT,
	                           .severity = WEIR_SEVERITY_WARNING,
	                           .fence = "maasmond",
	                           .fence_name = "Maasmond",
	                           .message = "a ship has entered"};
	snprintf(alert.id, sizeof(alert.id), "%032" PRIx64, number);
	struct weir_event event = {
	        .kind = kind,
	        .time_ns = INT64_C(1795324465638000000) + (int64_t)number * 1000000,
	        .id = "244660000",
	        .source = "antenna-west",
	        .report = &report,
	        .fences = fences,
	        .fence_count = 1,
	        .alert = kind == WEIR_EVENT_ALERT ? &alert : NULL,
	};
	weir_outlet_event(driver->outlet, &event);
}

static void give_letter(struct driver *driver, size_t length, uint64_t number)
{
	static uint8_t bytes[WEIR_DATAGRAM_MAX];
	struct weir_malformed malformed = {
	        .fault = WEIR_FAULT_CHECKSUM,
	        .offset = 7,
	        .faults = 2,
	        .bytes = bytes,
	        .length = (uint32_t)length,
	        .received_ns = INT64_C(1795324465638123456) + (int64_t)number,
	        .sender = {.ip = {[10] = 0xff, [11] = 0xff, [12] = 192, [13] = 0, [14] = 2, [15] = 7},
	                   .port = 4711},
	};
	for (size_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)(i * 7 + number);
	weir_outlet_dead_letter(driver->outlet, &malformed);
}

/* Sleeps where the rate says that it is too early for the next one. */
static void keep_pace(const struct driver *driver, int64_t start_ns, uint64_t done)
{
	if (driver->rate <= 0)
		return;
	double due_s = (double)done / driver->rate;
	double elapsed_s = (double)(now_ns(CLOCK_MONOTONIC) - start_ns) / 1e9;
	if (due_s > elapsed_s + 0.0005)
		pause_s(due_s - elapsed_s);
}

static void give(struct driver *driver, enum weir_publish_class class, uint64_t count, size_t length)
{
	int64_t start_ns = now_ns(CLOCK_MONOTONIC);

	for (uint64_t i = 0; i < count; i++) {
		uint64_t number = ++driver->numbers[class];
		weir_outlet_received(driver->outlet, now_ns(CLOCK_REALTIME));
		if (class == WEIR_PUBLISH_LETTER)
			give_letter(driver, length, number);
		else
			give_event(driver,
			           class == WEIR_PUBLISH_POSITION ? WEIR_EVENT_POSITION
			           : class == WEIR_PUBLISH_STATIC ? WEIR_EVENT_STATIC
			                                          : WEIR_EVENT_ALERT,
			           number);
		keep_pace(driver, start_ns, i + 1);
	}
}

static bool is_settled(struct driver *driver)
{
	struct weir_publish_counters counters;

	weir_publisher_counters(driver->publisher, &counters);
	return counters.ring_used_bytes == 0 && counters.pending[WEIR_PUBLISH_ALERT] == 0 &&
	       counters.pending[WEIR_PUBLISH_LETTER] == 0;
}

static bool is_ready(struct driver *driver)
{
	char reason[512];

	return weir_publisher_ready(driver->publisher, reason, sizeof(reason));
}

static void wait_for(struct driver *driver, bool (*condition)(struct driver *), double seconds)
{
	int64_t end_ns = now_ns(CLOCK_MONOTONIC) + (int64_t)(seconds * 1e9);

	while (!condition(driver) && now_ns(CLOCK_MONOTONIC) < end_ns)
		pause_s(0.005);
	fprintf(stderr, "%s\n", condition(driver) ? "yes" : "no");
}

static void show_counters(struct driver *driver)
{
	struct weir_publish_counters counters;

	weir_publisher_counters(driver->publisher, &counters);
	for (int class = 0; class < WEIR_PUBLISH_CLASSES; class ++) {
		const char *name = weir_publish_class_name((enum weir_publish_class) class);
		uint64_t sum = counters.pending[class];
		for (int outcome = 0; outcome < WEIR_PUBLISH_OUTCOMES; outcome++) {
			sum += counters.total[class][outcome];
			if (counters.total[class][outcome] != 0)
				fprintf(stderr, "%s %s %" PRIu64 "\n", name,
				        weir_publish_outcome_name((enum weir_publish_outcome)outcome),
				        counters.total[class][outcome]);
		}
		if (counters.offered[class] != 0)
			fprintf(stderr,
			        "%s offered %" PRIu64 "\n%s pending %" PRIu64 "\n%s accounted %" PRIu64
			        "\n%s repeated %" PRIu64 "\n",
			        name, counters.offered[class], name, counters.pending[class], name, sum, name,
			        counters.repeated[class]);
	}
	fprintf(stderr,
	        "delays published %" PRIu64 "\ndelays acked %" PRIu64 "\nreconnects %" PRIu64 "\nend\n",
	        counters.publish_delay.count, counters.ack_delay.count, counters.reconnects);
}

static void show_reason(struct driver *driver)
{
	char reason[512];

	if (weir_publisher_ready(driver->publisher, reason, sizeof(reason)))
		fprintf(stderr, "ready\n");
	else
		fprintf(stderr, "not ready: %s\n", reason);
}

static bool obey(struct driver *driver, const char *line)
{
	char verb[16];
	double value = 0;

	if (sscanf(line, "%15s %lf", verb, &value) < 1)
		return true;
	if (strcmp(verb, "position") == 0)
		give(driver, WEIR_PUBLISH_POSITION, (uint64_t)value, 0);
	else if (strcmp(verb, "static") == 0)
		give(driver, WEIR_PUBLISH_STATIC, (uint64_t)value, 0);
	else if (strcmp(verb, "alert") == 0)
		give(driver, WEIR_PUBLISH_ALERT, (uint64_t)value, 0);
	else if (strcmp(verb, "letter") == 0)
		give(driver, WEIR_PUBLISH_LETTER, (uint64_t)value, 60);
	else if (strcmp(verb, "large") == 0)
		give(driver, WEIR_PUBLISH_LETTER, (uint64_t)value, WEIR_DATAGRAM_MAX);
	else if (strcmp(verb, "rate") == 0)
		driver->rate = value;
	else if (strcmp(verb, "sleep") == 0)
		pause_s(value);
	else if (strcmp(verb, "settle") == 0)
		wait_for(driver, is_settled, value);
	else if (strcmp(verb, "ready") == 0)
		wait_for(driver, is_ready, value);
	else if (strcmp(verb, "counters") == 0)
		show_counters(driver);
	else if (strcmp(verb, "reason") == 0)
		show_reason(driver);
	else
		return false;
	return true;
}

#define SERVERS_MAX 8

struct settings {
	const char *servers[SERVERS_MAX];
	struct weir_nats_options nats;
	struct weir_outlet_options outlet;
	struct weir_publisher_options publisher;
	int64_t stop_ms;
};

static bool parse(int argc, char **argv, struct settings *settings)
{
	int option;

	while ((option = getopt(argc, argv, "s:r:o:a:w:i:u:k:")) != -1) {
		if (option == 's' && settings->nats.server_count < SERVERS_MAX)
			settings->servers[settings->nats.server_count++] = optarg;
		else if (option == 'r')
			settings->outlet.ring_bytes = strtoul(optarg, NULL, 0);
		else if (option == 'o')
			settings->publisher.alert_outbox_bytes = settings->publisher.letter_outbox_bytes =
			        strtoul(optarg, NULL, 0);
		else if (option == 'a')
			settings->publisher.ack_timeout_ms = strtol(optarg, NULL, 10);
		else if (option == 'w')
			settings->stop_ms = strtol(optarg, NULL, 10);
		else if (option == 'i')
			settings->publisher.status_interval_ms = strtol(optarg, NULL, 10);
		else if (option == 'u') {
			settings->nats.user = strtok(optarg, ":");
			settings->nats.password = strtok(NULL, ":");
		} else if (option == 'k')
			settings->nats.credentials_file = optarg;
		else
			return false;
	}
	settings->nats.servers = settings->servers;
	settings->publisher.nats = settings->nats.server_count > 0 ? &settings->nats : NULL;
	return true;
}

int main(int argc, char **argv)
{
	static struct settings settings = {
	        .outlet = {.site = "rtm"},
	        .publisher = {.site = "rtm", .output_fd = 1, .log = on_log, .broken = on_broken},
	        .stop_ms = 10000,
	};
	struct driver driver = {0};
	char line[128];
	uint64_t remaining;

	if (!parse(argc, argv, &settings))
		return 2;
	if (settings.publisher.status_interval_ms > 0)
		settings.publisher.status = on_status;
	int error = weir_outlet_new(&driver.outlet, &settings.outlet);
	if (error == 0)
		error = weir_publisher_start(&driver.publisher, &settings.publisher, &driver.outlet, 1);
	if (error != 0) {
		fprintf(stderr, "start: %s\n", strerror(-error));
		weir_outlet_free(driver.outlet);
		return 1;
	}
	fprintf(stderr, "started\n");
	while (fgets(line, sizeof(line), stdin) != NULL)
		if (!obey(&driver, line))
			fprintf(stderr, "what is %s", line);
	weir_publisher_stop(driver.publisher, settings.stop_ms, &remaining);
	show_counters(&driver);
	fprintf(stderr, "remaining %" PRIu64 "\n", remaining);
	weir_publisher_free(driver.publisher);
	weir_outlet_free(driver.outlet);
	nats_Close();
	return 0;
}
