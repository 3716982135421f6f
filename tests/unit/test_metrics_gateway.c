/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is concluded from the gateway's numbers: alive, ready, why not; and that each number is shown.
 */
#include "suite.h"

#include <jansson.h>
#include <string.h>

#include "gateway/snapshot.h"
#include "publish/status.h"

#define SECOND INT64_C(1000000000)

static struct weir_config config;
static struct weir_snapshot snapshot;
static char reason[512];

/* A gateway that does all that it should. */
static void make_good(void)
{
	static const char *servers[] = {"nats://127.0.0.1:4222"};

	config = (struct weir_config){.site = "rtm",
	                              .prefilter = {.mode = WEIR_PREFILTER_AUTO, .interface_count = 1},
	                              .nats = {.servers = servers, .server_count = 1}};
	snapshot = (struct weir_snapshot){
	        .config = &config,
	        .now_ns = 1000 * SECOND,
	        .uptime_ns = 100 * SECOND,
	        .worker = {.tick_ns = 999 * SECOND},
	        .publisher_ready = true,
	        .prefilter = {.mode = WEIR_PREFILTER_NATIVE, .interface_count = 1},
	        .interfaces = {{.name = "eth0", .mode = WEIR_PREFILTER_NATIVE}},
	        .interface_count = 1,
	};
}

static bool ready(void)
{
	return weir_snapshot_ready(&snapshot, reason, sizeof reason);
}

START_TEST(good_is_ready)
{
	ck_assert(weir_snapshot_alive(&snapshot));
	ck_assert(ready());
	ck_assert_str_eq(reason, "");
}
END_TEST

START_TEST(worker_that_hangs_is_not_alive)
{
	snapshot.worker.tick_ns = snapshot.now_ns - WEIR_ALIVE_NS + 1;
	ck_assert(weir_snapshot_alive(&snapshot));
	snapshot.worker.tick_ns = snapshot.now_ns - WEIR_ALIVE_NS;
	ck_assert(!weir_snapshot_alive(&snapshot));
	ck_assert(!ready());
	ck_assert_str_eq(reason, "ingest: the worker makes no progress");
}
END_TEST

static void filter_is(enum weir_prefilter_mode wanted, enum weir_prefilter_mode is, const char *why)
{
	config.prefilter.mode = wanted;
	snapshot.prefilter.mode = is;
	snapshot.interfaces[0].mode = is;
	snprintf(snapshot.interfaces[0].reason, sizeof snapshot.interfaces[0].reason, "%s", why);
}

START_TEST(filter_must_run_as_it_was_asked_to)
{
	filter_is(WEIR_PREFILTER_NATIVE, WEIR_PREFILTER_NATIVE, "");
	ck_assert(ready());
	filter_is(WEIR_PREFILTER_NATIVE, WEIR_PREFILTER_OFF, "the interface is gone");
	ck_assert(!ready());
	ck_assert_str_eq(reason, "prefilter: eth0: off: the interface is gone");
	filter_is(WEIR_PREFILTER_NATIVE, WEIR_PREFILTER_GENERIC, "");
	ck_assert(!ready());
	ck_assert_str_eq(reason, "prefilter: eth0: generic");
	filter_is(WEIR_PREFILTER_GENERIC, WEIR_PREFILTER_GENERIC, "");
	ck_assert(ready());
	filter_is(WEIR_PREFILTER_GENERIC, WEIR_PREFILTER_OFF, "");
	ck_assert(!ready());
}
END_TEST

START_TEST(mode_auto_promises_nothing_but_tells)
{
	filter_is(WEIR_PREFILTER_AUTO, WEIR_PREFILTER_OFF, "no right to");
	ck_assert(ready());
	ck_assert_ptr_nonnull(strstr(reason, "eth0: off: no right to"));
	filter_is(WEIR_PREFILTER_OFF, WEIR_PREFILTER_OFF, "");
	ck_assert(ready());
	ck_assert_str_eq(reason, "");
}
END_TEST

START_TEST(broker_may_be_away_while_the_outbox_has_room)
{
	snapshot.publisher_ready = false;
	snprintf(snapshot.publisher_reason, sizeof snapshot.publisher_reason, "NATS: away");
	ck_assert(ready());
	ck_assert_str_eq(reason, "NATS: away");
	snapshot.publish.pending_bytes[WEIR_PUBLISH_ALERT] = WEIR_ALERT_OUTBOX_BYTES / 2 - 1;
	ck_assert(ready());
	snapshot.publish.pending_bytes[WEIR_PUBLISH_ALERT]++;
	ck_assert(!ready());
	ck_assert_ptr_nonnull(strstr(reason, "NATS: away\nalerts wait: "));
}
END_TEST

START_TEST(output_that_is_gone_is_not_ready)
{
	config.nats.server_count = 0;
	snapshot.publisher_ready = false;
	snprintf(snapshot.publisher_reason, sizeof snapshot.publisher_reason, "output: closed");
	ck_assert(!ready());
	ck_assert_str_eq(reason, "output: closed");
}
END_TEST

START_TEST(reasons_are_cut_and_terminated)
{
	snapshot.publisher_ready = false;
	memset(snapshot.publisher_reason, 'x', sizeof snapshot.publisher_reason - 1);
	for (size_t size = 1; size < 300; size += 13) {
		memset(reason, '!', sizeof reason);
		weir_snapshot_ready(&snapshot, reason, size);
		ck_assert_uint_lt(strlen(reason), size);
		ck_assert_int_eq(reason[size], '!');
	}
}
END_TEST

/* Every counter gets a number of its own; each must be found in the page, at its name. */
START_TEST(each_number_is_shown)
{
	char *page = NULL, line[128];
	size_t size = 0;

	for (unsigned i = 0; i < WEIR_REASONS; i++)
		snapshot.packets[i] = 1000 + i;
	for (unsigned i = 0; i < WEIR_FAULTS; i++) {
		snapshot.worker.decode.letters[i] = 2000 + i;
		snapshot.worker.decode.faults[i] = 3000 + i;
	}
	for (unsigned i = 0; i < WEIR_REPORT_OUTCOMES; i++)
		snapshot.worker.engine.reports[i] = 4000 + i;
	for (unsigned i = 0; i < WEIR_PUBLISH_CLASSES; i++)
		for (unsigned j = 0; j < WEIR_PUBLISH_OUTCOMES; j++)
			snapshot.publish.total[i][j] = 5000 + 100 * i + j;
	snapshot.worker.refused[WEIR_SENDER_NOT_ALLOWED] = 7001;
	snapshot.worker.refused[WEIR_SENDER_RATE_LIMITED] = 7002;
	snapshot.ingest.socket_dropped = 6001;
	snapshot.fences = 6002;
	snapshot.worker.socket_delay.buckets[0] = snapshot.worker.socket_delay.count = 6003;

	FILE *out = open_memstream(&page, &size);
	weir_snapshot_print_metrics(&snapshot, out);
	ck_assert_int_eq(fclose(out), 0);
	for (enum weir_reason i = 0; i < WEIR_REASONS; i++) {
		snprintf(line, sizeof line,
		         "\nweir_prefilter_packets_total{verdict=\"%s\",reason=\"%s\"} %d\n",
		         weir_reason_verdict(i), weir_reason_name(i), 1000 + (int)i);
		ck_assert_msg(strstr(page, line), "%s", line);
	}
	for (enum weir_fault i = 0; i < WEIR_FAULTS; i++) {
		snprintf(line, sizeof line, "\nweir_dlq_total{reason=\"%s\"} %d\n", weir_fault_name(i),
		         2000 + (int)i);
		ck_assert_msg(strstr(page, line), "%s", line);
	}
	for (enum weir_publish_class i = 0; i < WEIR_PUBLISH_CLASSES; i++)
		for (enum weir_publish_outcome j = 0; j < WEIR_PUBLISH_OUTCOMES; j++) {
			snprintf(line, sizeof line, "\nweir_publish_total{class=\"%s\",outcome=\"%s\"} %d\n",
			         weir_publish_class_name(i), weir_publish_outcome_name(j),
			         5000 + 100 * (int)i + (int)j);
			ck_assert_msg(strstr(page, line), "%s", line);
		}
	ck_assert_ptr_nonnull(strstr(page, "\nweir_reports_total{outcome=\"outside\"} 4001\n"));
	ck_assert_ptr_nonnull(strstr(page, "\nweir_socket_datagrams_total{outcome=\"lost\"} 6001\n"));
	ck_assert_ptr_nonnull(strstr(page, "\nweir_datagrams_total{outcome=\"not_allowed\"} 7001\n"));
	ck_assert_ptr_nonnull(strstr(page, "\nweir_datagrams_total{outcome=\"rate_limited\"} 7002\n"));
	ck_assert_ptr_null(strstr(page, "weir_sender"));
	ck_assert_ptr_nonnull(strstr(page, "\nweir_fences 6002\n"));
	ck_assert_ptr_nonnull(
	        strstr(page, "\nweir_delay_seconds_bucket{stage=\"socket\",le=\"+Inf\"} 6003\n"));
	ck_assert_ptr_nonnull(strstr(page, "\nweir_prefilter_mode{interface=\"eth0\",mode=\"native\"} 1\n"));
	free(page);
}
END_TEST

static void add_senders(size_t count, uint64_t packets)
{
	config.prefilter.senders = 1024;
	snapshot.senders_known = snapshot.sender_count = count;
	for (size_t i = 0; i < count; i++) {
		struct weir_sender *sender = &snapshot.senders[i];

		*sender = (struct weir_sender){.ip = {0x20, 0x01, 0x0d, 0xb8, [15] = (uint8_t)i}};
		for (int j = 0; j < WEIR_SENDER_OUTCOMES; j++)
			sender->counters.packets[j] = packets + (uint64_t)j;
		sender->counters.bytes = 8000 + i;
		sender->counters.seen_ns = 1800000000123456789;
	}
}

START_TEST(senders_are_shown_with_canonical_addresses)
{
	static const char *const expected[] = {
	        "\nweir_senders 2\n",
	        "\nweir_sender_packets_total{sender=\"2001:db8::1\",outcome=\"passed\"} 100\n",
	        "\nweir_sender_packets_total{sender=\"192.0.2.7\",outcome=\"malformed\"} 101\n",
	        "\nweir_sender_packets_total{sender=\"192.0.2.7\",outcome=\"observed\"} 102\n",
	        "\nweir_sender_packets_total{sender=\"192.0.2.7\",outcome=\"outside\"} 103\n",
	        "\nweir_sender_packets_total{sender=\"192.0.2.7\",outcome=\"not_allowed\"} 104\n",
	        "\nweir_sender_packets_total{sender=\"192.0.2.7\",outcome=\"rate_limited\"} 105\n",
	        "\nweir_sender_bytes_total{sender=\"192.0.2.7\"} 8000\n",
	        "\nweir_sender_last_seen_timestamp_seconds{sender=\"192.0.2.7\"} 1800000000.123\n",
	};
	char *page = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&page, &size);

	add_senders(2, 100);
	memcpy(snapshot.senders[0].ip, (const uint8_t[16]){[10] = 0xff, 0xff, 192, 0, 2, 7}, 16);
	weir_snapshot_print_metrics(&snapshot, out);
	ck_assert_int_eq(fclose(out), 0);
	for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
		ck_assert_msg(strstr(page, expected[i]), "%s", expected[i]);
	free(page);
}
END_TEST

static json_t *stage_of(json_t *status, const char *name)
{
	json_t *stage;
	size_t i;

	json_array_foreach(json_object_get(status, "stages"), i, stage)
	{
		if (strcmp(json_string_value(json_object_get(stage, "name")), name) == 0)
			return stage;
	}
	ck_abort_msg("no stage %s", name);
	return NULL;
}

static json_int_t counter_of(json_t *status, const char *stage, const char *name)
{
	return json_integer_value(
	        json_object_get(json_object_get(stage_of(status, stage), "counters"), name));
}

START_TEST(status_tells_each_stage)
{
	static char text[WEIR_STATUS_MAX];

	for (unsigned i = 0; i < WEIR_REASONS; i++)
		snapshot.packets[i] = 1;
	snapshot.packets[WEIR_REASON_OUTSIDE] = 7;
	snapshot.packets[WEIR_REASON_NOT_ALLOWED] = 23;
	snapshot.packets[WEIR_REASON_RATE_LIMITED] = 29;
	snapshot.worker.refused[WEIR_SENDER_NOT_ALLOWED] = 31;
	snapshot.ingest.datagrams = 11;
	snapshot.worker.decode.sentences[WEIR_SENTENCE_MALFORMED] = 13;
	snapshot.worker.engine.events[WEIR_EVENT_ALERT] = 17;
	size_t length = weir_snapshot_status_json(&snapshot, text, sizeof text);
	ck_assert_uint_gt(length, 0);
	json_t *status = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_ptr_nonnull(status);
	ck_assert(json_is_true(json_object_get(status, "ready")));
	ck_assert_ptr_null(json_object_get(status, "reason"));
	ck_assert_int_eq(counter_of(status, "kernel", "seen"), WEIR_REASONS - 3 + 7 + 23 + 29);
	ck_assert_int_eq(counter_of(status, "kernel", "dropped"),
	                 WEIR_REASONS - WEIR_REASON_DROPS - 3 + 7 + 23 + 29);
	ck_assert_int_eq(counter_of(status, "kernel", "not_allowed"), 23);
	ck_assert_int_eq(counter_of(status, "kernel", "rate_limited"), 29);
	ck_assert_int_eq(counter_of(status, "socket", "not_allowed"), 31);
	ck_assert_ptr_null(json_object_get(status, "senders"));
	ck_assert_int_eq(counter_of(status, "kernel", "passed_inside"), 1);
	ck_assert_int_eq(counter_of(status, "socket", "received"), 11);
	ck_assert_int_eq(counter_of(status, "decode", "malformed"), 13);
	ck_assert_int_eq(counter_of(status, "engine", "alerts"), 17);
	json_decref(status);
}
END_TEST

START_TEST(status_tells_the_ten_senders_that_sent_most)
{
	static char text[WEIR_STATUS_MAX];

	add_senders(WEIR_SNAPSHOT_SENDERS, 100);
	size_t length = weir_snapshot_status_json(&snapshot, text, sizeof text);
	json_t *status = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
	json_t *senders = json_object_get(status, "senders"), *first = json_array_get(senders, 0);
	json_t *counters = json_object_get(first, "counters");

	ck_assert_uint_eq(json_array_size(senders), 10);
	ck_assert_str_eq(json_string_value(json_object_get(first, "name")), "2001:db8::");
	ck_assert_int_eq(json_integer_value(json_object_get(counters, "packets")), 615);
	ck_assert_int_eq(json_integer_value(json_object_get(counters, "bytes")), 8000);
	ck_assert_int_eq(json_integer_value(json_object_get(counters, "not_allowed")), 104);
	ck_assert_ptr_nonnull(json_object_get(json_object_get(first, "gauges"), "idle_s"));
	json_decref(status);
}
END_TEST

START_TEST(status_fits_at_its_worst)
{
	static char text[WEIR_STATUS_MAX];

	memset(&snapshot.packets, 0xff, sizeof snapshot.packets);
	memset(&snapshot.ingest, 0xff, sizeof snapshot.ingest);
	memset(snapshot.worker.decode.sentences, 0xff, sizeof snapshot.worker.decode.sentences);
	memset(snapshot.publish.total, 0xff, sizeof snapshot.publish.total);
	snapshot.publisher_ready = false;
	memset(snapshot.publisher_reason, '"', sizeof snapshot.publisher_reason - 1);
	memset(snapshot.prefilter.reason, '\\', sizeof snapshot.prefilter.reason - 1);
	snapshot.prefilter.mode = WEIR_PREFILTER_OFF;
	add_senders(WEIR_SNAPSHOT_SENDERS, UINT64_MAX - 10);
	for (size_t i = 0; i < WEIR_SNAPSHOT_SENDERS; i++)
		memset(snapshot.senders[i].ip, 0xab, 16);
	ck_assert_uint_gt(weir_snapshot_status_json(&snapshot, text, sizeof text), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gateway state");
	TCase *cases = tcase_create("gateway state");

	tcase_add_checked_fixture(cases, make_good, NULL);
	tcase_add_test(cases, good_is_ready);
	tcase_add_test(cases, worker_that_hangs_is_not_alive);
	tcase_add_test(cases, filter_must_run_as_it_was_asked_to);
	tcase_add_test(cases, mode_auto_promises_nothing_but_tells);
	tcase_add_test(cases, broker_may_be_away_while_the_outbox_has_room);
	tcase_add_test(cases, output_that_is_gone_is_not_ready);
	tcase_add_test(cases, reasons_are_cut_and_terminated);
	tcase_add_test(cases, each_number_is_shown);
	tcase_add_test(cases, status_tells_each_stage);
	tcase_add_test(cases, senders_are_shown_with_canonical_addresses);
	tcase_add_test(cases, status_tells_the_ten_senders_that_sent_most);
	tcase_add_test(cases, status_fits_at_its_worst);
	suite_add_tcase(suite, cases);
	return suite_main(suite);
}
