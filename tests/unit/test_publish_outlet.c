/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The worker's end and the publisher without a broker: what becomes of every record, the shares of the
 * classes in the ring, lines on a descriptor that is slow, full or gone; the status.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <weir/decode.h>

#include "publish/outlet.h"
#include "publish/status.h"
#include "suite.h"

#define RING ((size_t)256 << 10)

static struct weir_outlet *outlet;
static uint8_t noise[WEIR_DATAGRAM_MAX];

static void setup(void)
{
	ck_assert_int_eq(
	        weir_outlet_new(&outlet, &(struct weir_outlet_options){.site = "rtm", .ring_bytes = RING}),
	        0);
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (uint8_t)(i * 31);
}

static void teardown(void)
{
	weir_outlet_free(outlet);
}

static void give(enum weir_event_kind kind)
{
	struct weir_report report = {.has = WEIR_HAS_POSITION,
	                             .message = 1,
	                             .longitude_deg = 4.0512345,
	                             .latitude_deg = 51.9876543};
	struct weir_alert alert = {.id = "ab", .fence = "f", .phase = WEIR_PHASE_RAISE};
	struct weir_event event = {.kind = kind,
	                           .time_ns = INT64_C(1795324465638000000),
	                           .id = "244660000",
	                           .source = "",
	                           .report = &report,
	                           .alert = kind == WEIR_EVENT_ALERT ? &alert : NULL};

	weir_outlet_event(outlet, &event);
}

static void give_letter(uint32_t length)
{
	struct weir_malformed malformed = {.fault = WEIR_FAULT_FRAMING,
	                                   .offset = 3,
	                                   .faults = 1,
	                                   .bytes = length != 0 ? noise : NULL,
	                                   .length = length,
	                                   .received_ns = 77};

	weir_outlet_dead_letter(outlet, &malformed);
}

START_TEST(a_site_that_is_no_token_is_refused)
{
	struct weir_outlet *other = NULL;

	ck_assert_int_eq(weir_outlet_new(&other, &(struct weir_outlet_options){.site = "a.b"}), -EINVAL);
	ck_assert_int_eq(weir_outlet_new(&other, &(struct weir_outlet_options){.site = "r\xc3\xb6m"}),
	                 -EINVAL);
	ck_assert_int_eq(
	        weir_outlet_new(&other,
	                        &(struct weir_outlet_options){.site = "a123456789012345678901234567890123"}),
	        -EINVAL);
	ck_assert_int_eq(
	        weir_outlet_new(&other, &(struct weir_outlet_options){.site = "a", .ring_bytes = 300000}),
	        -EINVAL);
	ck_assert_ptr_null(other);
	weir_outlet_free(NULL);
}
END_TEST

START_TEST(a_record_carries_all_that_its_message_needs)
{
	weir_outlet_received(outlet, 4711);
	give(WEIR_EVENT_ALERT);
	const struct weir_record *record = weir_outlet_peek(outlet);
	ck_assert_ptr_nonnull(record);
	ck_assert_int_eq(record->publish_class, WEIR_PUBLISH_ALERT);
	ck_assert_int_eq(record->received_ns, 4711);
	ck_assert_int_eq(record->time_ns, INT64_C(1795324465638000000));
	ck_assert_str_eq(weir_record_subject(record), "weir.v1.rtm.alert.info.enter.f.244660000");
	ck_assert_str_eq(weir_record_id(record), "ab-raise");
	ck_assert_uint_eq(record->body_length,
	                  strlen("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","
	                         "\"coordinates\":[4.0512345,51.9876543]},\"properties\":"
	                         "{\"v\":1,\"event\":\"alert\",\"site\":\"rtm\",\"id\":"
	                         "\"244660000\",\"time\":\"2026-11-22T05:14:25.638Z\","
	                         "\"msg\":1,\"class\":\"A\",\"alert_id\":\"ab\",\"rule\":"
	                         "\"enter\",\"phase\":\"raise\",\"severity\":\"info\","
	                         "\"fence\":\"f\"}}"));
	weir_outlet_release(outlet);
	ck_assert_ptr_null(weir_outlet_peek(outlet));
}
END_TEST

START_TEST(a_window_is_the_same_message_where_it_says_the_same)
{
	struct weir_window_result window = {.id = "0123456789abcdef0123456789abcdef",
	                                    .content = "0011223344556677",
	                                    .fence = "f",
	                                    .end_ns = INT64_C(3600000000000)};
	const struct weir_event event = {.kind = WEIR_EVENT_WINDOW,
	                                 .time_ns = window.end_ns,
	                                 .id = "",
	                                 .source = "",
	                                 .window = &window};

	weir_outlet_event(outlet, &event);
	const struct weir_record *record = weir_outlet_peek(outlet);
	ck_assert_ptr_nonnull(record);
	ck_assert_int_eq(record->publish_class, WEIR_PUBLISH_WINDOW);
	ck_assert_int_eq(record->time_ns, window.end_ns);
	ck_assert_str_eq(weir_record_subject(record), "weir.v1.rtm.window.f");
	ck_assert_str_eq(weir_record_id(record), "0123456789abcdef0123456789abcdef-0011223344556677");
	weir_outlet_release(outlet);
}
END_TEST

START_TEST(a_dead_letter_keeps_its_bytes_whatever_its_size)
{
	static const uint32_t lengths[] = {0, 1, 60, 1472, 65507, WEIR_DATAGRAM_MAX};

	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		give_letter(lengths[i]);
		const struct weir_record *record = weir_outlet_peek(outlet);
		ck_assert_ptr_nonnull(record);
		ck_assert_int_eq(record->publish_class, WEIR_PUBLISH_LETTER);
		ck_assert_int_eq(record->fault, WEIR_FAULT_FRAMING);
		ck_assert_uint_eq(record->offset, 3);
		ck_assert_int_eq(record->time_ns, 77);
		ck_assert_uint_eq(record->body_length, lengths[i]);
		ck_assert_mem_eq(weir_record_body(record), noise, lengths[i]);
		weir_outlet_release(outlet);
	}
}
END_TEST

static uint64_t dropped(enum weir_publish_class class)
{
	return weir_tally_get(&outlet->dropped[class]);
}

START_TEST(positions_leave_room_for_dead_letters_and_these_for_alerts)
{
	while (dropped(WEIR_PUBLISH_POSITION) == 0)
		give(WEIR_EVENT_POSITION);
	size_t used = weir_queue_used(&outlet->queue);
	ck_assert_uint_le(used, RING / 2);
	ck_assert_uint_gt(used, RING / 2 - 20000);
	give(WEIR_EVENT_STATIC);
	ck_assert_uint_eq(dropped(WEIR_PUBLISH_STATIC), 1);
	while (dropped(WEIR_PUBLISH_LETTER) == 0)
		give_letter(500);
	used = weir_queue_used(&outlet->queue);
	ck_assert_uint_le(used, RING / 4 * 3);
	ck_assert_uint_gt(used, RING / 4 * 3 - 2000);
	uint64_t alerts = 0;
	for (; dropped(WEIR_PUBLISH_ALERT) == 0; alerts++)
		give(WEIR_EVENT_ALERT);
	ck_assert_uint_gt(alerts, 90);
	ck_assert_uint_gt(weir_queue_used(&outlet->queue), RING - 20000);
}
END_TEST

START_TEST(an_event_too_large_is_counted_and_an_alert_goes_without_its_fences)
{
	static char long_id[2000];
	const char *fences[10];
	struct weir_report report = {.has = WEIR_HAS_POSITION};
	struct weir_alert alert = {.id = "ab", .fence = "f"};
	struct weir_event event = {
	        .id = "1", .source = "", .report = &report, .fences = fences, .fence_count = 10};

	memset(long_id, 'x', sizeof(long_id) - 1);
	for (size_t i = 0; i < 10; i++)
		fences[i] = long_id;
	weir_outlet_event(outlet, &event);
	ck_assert_uint_eq(weir_tally_get(&outlet->oversized[WEIR_PUBLISH_POSITION]), 1);
	ck_assert_ptr_null(weir_outlet_peek(outlet));
	event.kind = WEIR_EVENT_ALERT;
	event.alert = &alert;
	weir_outlet_event(outlet, &event);
	const struct weir_record *record = weir_outlet_peek(outlet);
	ck_assert_ptr_nonnull(record);
	ck_assert_ptr_null(memmem(weir_record_body(record), record->body_length, "fences", 6));
	ck_assert_ptr_nonnull(memmem(weir_record_body(record), record->body_length, "\"fence\":\"f\"", 11));
}
END_TEST

/* ---- The publisher without a broker ---- */

static int logged;
static _Atomic int broken_by;
static char last_log[600];

static void on_log(void *context, enum weir_publish_log_level level, const char *text)
{
	(void)context;
	(void)level;
	logged++;
	snprintf(last_log, sizeof(last_log), "%s", text);
}

static void on_broken(void *context, int error)
{
	(void)context;
	broken_by = error;
}

static struct weir_publisher *start(int fd)
{
	struct weir_publisher *publisher = NULL;

	ck_assert_int_eq(weir_publisher_start(
	                         &publisher,
	                         &(struct weir_publisher_options){
	                                 .site = "rtm", .output_fd = fd, .log = on_log, .broken = on_broken},
	                         &outlet, 1),
	                 0);
	return publisher;
}

static void check_sums(struct weir_publisher *publisher)
{
	struct weir_publish_counters counters;

	weir_publisher_counters(publisher, &counters);
	for (size_t class = 0; class < WEIR_PUBLISH_CLASSES; class ++) {
		uint64_t sum = counters.pending[class];
		for (size_t outcome = 0; outcome < WEIR_PUBLISH_OUTCOMES; outcome++)
			sum += counters.total[class][outcome];
		ck_assert_uint_eq(sum, counters.offered[class]);
	}
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

START_TEST(events_are_lines_and_dead_letters_are_counted_and_logged)
{
	char path[] = "/tmp/weir-publish-XXXXXX";
	int fd = mkstemp(path);
	struct weir_publisher *publisher = start(fd);
	struct weir_publish_counters counters;
	uint64_t remaining = 1;

	for (int i = 0; i < 1000; i++) {
		weir_outlet_received(outlet, i + 1);
		give(WEIR_EVENT_POSITION);
		if (i % 100 == 0) {
			give(WEIR_EVENT_ALERT);
			give_letter(60);
		}
		if (i % 50 == 0)
			pause_ms(2);
	}
	ck_assert_int_eq(weir_publisher_stop(publisher, 5000, &remaining), 0);
	ck_assert_uint_eq(remaining, 0);
	weir_publisher_counters(publisher, &counters);
	check_sums(publisher);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_POSITION][WEIR_PUBLISH_PUBLISHED], 1000);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_ALERT][WEIR_PUBLISH_PUBLISHED], 10);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_LETTER][WEIR_PUBLISH_LOGGED], 10);
	ck_assert_uint_eq(counters.publish_delay.count, 1010);
	ck_assert_ptr_nonnull(strstr(last_log, "malformed datagrams (framing"));
	ck_assert_int_eq(weir_publisher_stop(publisher, 0, &remaining), 0);
	weir_publisher_free(publisher);

	FILE *lines = fdopen(fd, "r");
	char text[2048];
	int count = 0;
	rewind(lines);
	for (; fgets(text, sizeof(text), lines) != NULL; count++) {
		ck_assert_int_eq(strncmp(text, "{\"type\":\"Feature\"", 17), 0);
		ck_assert_str_eq(text + strlen(text) - 3, "}}\n");
	}
	ck_assert_int_eq(count, 1010);
	fclose(lines);
	unlink(path);
}
END_TEST

START_TEST(a_reader_that_goes_away_is_told_to_the_owner_and_counted)
{
	int ends[2];
	struct weir_publish_counters counters;
	char reason[256];

	ck_assert_int_eq(pipe(ends), 0);
	struct weir_publisher *publisher = start(ends[1]);
	close(ends[0]);
	give(WEIR_EVENT_POSITION);
	for (int i = 0; i < 200 && broken_by == 0; i++)
		pause_ms(10);
	ck_assert_int_eq(broken_by, EPIPE);
	for (int i = 0; i < 200 && weir_publisher_ready(publisher, reason, sizeof(reason)); i++)
		pause_ms(10);
	ck_assert_str_eq(reason, "output: Broken pipe");
	give(WEIR_EVENT_ALERT);
	ck_assert_int_eq(weir_publisher_stop(publisher, 2000, NULL), 0);
	weir_publisher_counters(publisher, &counters);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_ALERT][WEIR_PUBLISH_FAILED], 1);
	check_sums(publisher);
	weir_publisher_free(publisher);
	close(ends[1]);
}
END_TEST

START_TEST(a_reader_that_does_not_read_costs_positions_first_and_no_alert)
{
	int ends[2];
	struct weir_publish_counters counters;
	static char sink[65536];
	uint64_t positions = 0, alerts = 0;

	ck_assert_int_eq(pipe(ends), 0);
	struct weir_publisher *publisher = start(ends[1]);
	for (int i = 0; i < 3000; i++) /* several times what pipe, buffer and half a ring hold */
		give(WEIR_EVENT_POSITION);
	for (int i = 0; i < 50; i++)
		give(WEIR_EVENT_ALERT);
	pause_ms(100);
	weir_publisher_counters(publisher, &counters);
	ck_assert_uint_gt(counters.total[WEIR_PUBLISH_POSITION][WEIR_PUBLISH_DROPPED_RING], 100);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_ALERT][WEIR_PUBLISH_DROPPED_RING], 0);

	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 100; i++) {
		ssize_t got;
		while ((got = read(ends[0], sink, sizeof(sink))) > 0)
			for (ssize_t at = 0; at + 17 < got; at++) {
				positions += memcmp(sink + at, "\"event\":\"position", 17) == 0;
				alerts += memcmp(sink + at, "\"event\":\"alert\"", 15) == 0;
			}
		pause_ms(10);
	}
	ck_assert_int_eq(weir_publisher_stop(publisher, 2000, NULL), 0);
	weir_publisher_counters(publisher, &counters);
	check_sums(publisher);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_ALERT][WEIR_PUBLISH_PUBLISHED], 50);
	ck_assert_uint_ge(alerts, 45); /* those that a read() has cut in two are not seen */
	ck_assert_uint_gt(positions, 100);
	weir_publisher_free(publisher);
	close(ends[0]);
	close(ends[1]);
}
END_TEST

START_TEST(a_full_disk_is_tried_again_and_stopping_does_not_hang)
{
	int fd = open("/dev/full", O_WRONLY);
	struct weir_publish_counters counters;
	char reason[256];

	if (fd < 0)
		return; /* a machine without /dev/full */
	struct weir_publisher *publisher = start(fd);
	for (int i = 0; i < 2000; i++)
		give(WEIR_EVENT_POSITION);
	give(WEIR_EVENT_ALERT);
	for (int i = 0; i < 200; i++) {
		weir_publisher_ready(publisher, reason, sizeof(reason));
		if (strncmp(reason, "output:", 7) == 0)
			break;
		pause_ms(10);
	}
	ck_assert_str_eq(reason, "output: it takes nothing at the moment");
	ck_assert_ptr_nonnull(strstr(last_log, "No space left on device"));
	weir_publisher_counters(publisher, &counters);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_ALERT][WEIR_PUBLISH_DROPPED_RING], 0);
	uint64_t remaining = 0;
	ck_assert_int_eq(weir_publisher_stop(publisher, 300, &remaining), -ETIMEDOUT);
	weir_publisher_counters(publisher, &counters);
	check_sums(publisher);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_ALERT][WEIR_PUBLISH_UNSENT], 1);
	ck_assert_uint_eq(counters.total[WEIR_PUBLISH_POSITION][WEIR_PUBLISH_PUBLISHED], 0);
	ck_assert_uint_eq(remaining, 1 + counters.total[WEIR_PUBLISH_POSITION][WEIR_PUBLISH_UNSENT]);
	weir_publisher_free(publisher);
	close(fd);
}
END_TEST

START_TEST(what_can_t_ever_work_is_refused_at_the_start)
{
	static const char *const servers[] = {"nats://127.0.0.1:1"};
	struct weir_nats_options nats = {.servers = servers, .server_count = 1};
	struct weir_publisher_options options = {.site = "rtm", .nats = &nats, .log = on_log};
	struct weir_publisher *publisher = NULL;

	nats.credentials_file = "/nonexistent/weir.creds";
	ck_assert_int_eq(weir_publisher_start(&publisher, &options, &outlet, 1), -EINVAL);
	ck_assert_str_eq(last_log, "nats: /nonexistent/weir.creds: No such file or directory");
	nats.credentials_file = NULL;
	nats.certificate_file = "/dev/null";
	ck_assert_int_eq(weir_publisher_start(&publisher, &options, &outlet, 1), -EINVAL);
	ck_assert_str_eq(last_log, "nats: a TLS certificate and its key come together");
	nats.certificate_file = NULL;
	nats.server_count = 0;
	ck_assert_int_eq(weir_publisher_start(&publisher, &options, &outlet, 1), -EINVAL);
	nats.server_count = 1;
	options.site = "not.a.site";
	ck_assert_int_eq(weir_publisher_start(&publisher, &options, &outlet, 1), -EINVAL);
	ck_assert_ptr_null(publisher);
	weir_publisher_free(NULL);
}
END_TEST

/* ---- The status ---- */

START_TEST(the_status_has_its_documented_form)
{
	static const struct weir_status_value kernel[] = {
	        {.name = "seen", .count = 12},
	        {.name = "ns_per_packet", .kind = WEIR_STATUS_GAUGE, .gauge = 41.5},
	        {.name = "dropped", .count = 7},
	        {.name = "mode", .kind = WEIR_STATUS_TEXT, .text = "native"}};
	static const struct weir_status_stage stages[] = {
	        {.name = "kernel", .values = kernel, .value_count = 4}, {.name = "empty"}};
	struct weir_status status = {.site = "rtm",
	                             .version = "0.1.0",
	                             .time_ns = INT64_C(1795324465638000000),
	                             .uptime_ns = INT64_C(12345000000),
	                             .reason = "NATS: away",
	                             .stages = stages,
	                             .stage_count = 2};
	char text[WEIR_STATUS_MAX + 1];
	size_t length = weir_status_json(&status, text, WEIR_STATUS_MAX);

	text[length] = '\0';
	ck_assert_str_eq(
	        text, "{\"v\":1,\"event\":\"status\",\"site\":\"rtm\",\"time\":\"2026-11-22T05:14:25.638Z\","
	              "\"version\":\"0.1.0\",\"uptime_s\":12.345,\"ready\":false,\"reason\":\"NATS: away\","
	              "\"stages\":[{\"name\":\"kernel\",\"counters\":{\"seen\":12,\"dropped\":7},\"gauges\":"
	              "{\"ns_per_packet\":41.5},\"texts\":{\"mode\":\"native\"}},{\"name\":\"empty\"}]}");
	for (size_t size = 0; size < length; size++)
		ck_assert_uint_eq(weir_status_json(&status, text, size), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("outlet and publisher");
	TCase *tests = tcase_create("outlet");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 30);
	tcase_add_test(tests, a_site_that_is_no_token_is_refused);
	tcase_add_test(tests, a_record_carries_all_that_its_message_needs);
	tcase_add_test(tests, a_window_is_the_same_message_where_it_says_the_same);
	tcase_add_test(tests, a_dead_letter_keeps_its_bytes_whatever_its_size);
	tcase_add_test(tests, positions_leave_room_for_dead_letters_and_these_for_alerts);
	tcase_add_test(tests, an_event_too_large_is_counted_and_an_alert_goes_without_its_fences);
	tcase_add_test(tests, events_are_lines_and_dead_letters_are_counted_and_logged);
	tcase_add_test(tests, a_reader_that_goes_away_is_told_to_the_owner_and_counted);
	tcase_add_test(tests, a_reader_that_does_not_read_costs_positions_first_and_no_alert);
	tcase_add_test(tests, a_full_disk_is_tried_again_and_stopping_does_not_hang);
	tcase_add_test(tests, what_can_t_ever_work_is_refused_at_the_start);
	tcase_add_test(tests, the_status_has_its_documented_form);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
