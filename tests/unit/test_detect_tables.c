/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What detection keeps: static data, devices, how long, and what becomes of every report.
 */
#include <weir/device.h>

#include "detect_bench.h"

START_TEST(static_data_is_told_on_change_while_followed)
{
	struct bench bench;
	const struct weir_engine_counters *counters;

	bench_open(&bench, ONE("1"), &area_box, 16, 0);
	counters = weir_detect_counters(bench.detect);
	static_at(&bench, 7, "OLD NAME", START);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 0); /* nobody follows it */
	report_at(&bench, 7, 'o', START + 1);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 1);
	static_at(&bench, 7, "OLD NAME", START + 2);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 1); /* the same */
	static_at(&bench, 7, "NEW NAME", START + 3);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 2);
	ck_assert_int_eq(static_at(&bench, 7, "OLD NAME", START + 2), WEIR_REPORT_LATE);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 2);
	report_at(&bench, 7, 'o', START + 4);
	ck_assert_ptr_nonnull(strstr(bench_log(&bench),
	                             "1789000000000000004 000000007  1 0.5000000 0.5000000 name=NEW NAME"));
	bench_close(&bench);
}
END_TEST

START_TEST(static_data_of_several_messages_is_joined)
{
	struct bench bench;
	struct weir_report part_b = {.mmsi = 7,
	                             .has = WEIR_HAS_CALL_SIGN | WEIR_HAS_SHIP_TYPE,
	                             .message = 24,
	                             .ship_type = 70,
	                             .call_sign = "PA1234"};

	bench_open(&bench, ONE("1"), &area_box, 16, 0);
	bench.with_ids = false;
	report_at(&bench, 7, 'o', START);
	static_at(&bench, 7, "ZEEHOND", START + 1);
	ck_assert_int_eq(weir_detect_report(bench.detect, &part_b, START + 2, "west"), WEIR_REPORT_USED);
	char expected[160];
	snprintf(expected, sizeof(expected),
	         "1 1789000000000000002 000000007 west 24 0.0000000 0.0000000 name=ZEEHOND %x ZEEHOND\n",
	         WEIR_HAS_NAME | WEIR_HAS_CALL_SIGN | WEIR_HAS_SHIP_TYPE);
	ck_assert_ptr_nonnull(strstr(bench_log(&bench), expected));
	bench_close(&bench);
}
END_TEST

START_TEST(old_static_data_gives_way_when_the_table_is_full)
{
	struct bench bench;
	const struct weir_engine_counters *counters;

	bench_open(&bench, ONE("1"), &area_box, 4, 0);
	counters = weir_detect_counters(bench.detect);
	for (uint32_t mmsi = 1; mmsi <= 4; mmsi++)
		static_at(&bench, mmsi, "SHIP", START + mmsi);
	static_at(&bench, 1, "SHIP", START + 5); /* heard again: 2 is the oldest now */
	static_at(&bench, 5, "SHIP", START + 6);
	ck_assert_uint_eq(counters->statics, 4);
	ck_assert_uint_eq(counters->statics_displaced, 1);
	report_at(&bench, 1, 'o', START + 7);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 1);
	report_at(&bench, 2, 'o', START + 8);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 1);
	bench_close(&bench);
}
END_TEST

static void gps_at(struct bench *bench, const char *id, double longitude, int64_t time_ns)
{
	const struct weir_report fix = {.has = WEIR_HAS_POSITION,
	                                .station_class = WEIR_CLASS_GPS,
	                                .longitude_deg = longitude,
	                                .latitude_deg = 1.1};
	const uint64_t key = WEIR_DEVICE_GPS | (unsigned char)id[4];

	ck_assert_int_eq(
	        weir_detect_hear(
	                bench->detect,
	                &(struct weir_hearing){.report = &fix, .time_ns = time_ns, .id = id, .device = key}),
	        WEIR_REPORT_USED);
}

START_TEST(static_data_gives_way_to_the_ids_of_gps_devices_and_they_to_nothing)
{
	struct bench bench;
	const struct weir_engine_counters *counters;

	bench_open(&bench, COLLECTION(FEATURE("a", "{\"rule\":\"gap\",\"gap_s\":60}", SQUARE)), &area_box, 2,
	           0);
	counters = weir_detect_counters(bench.detect);
	static_at(&bench, 1, "SHIP", START);
	static_at(&bench, 2, "SHIP", START + 1);
	gps_at(&bench, "bus-a", 0.5, START + 2);
	ck_assert_uint_eq(counters->statics, 1);
	ck_assert_uint_eq(counters->statics_displaced, 1);
	gps_at(&bench, "bus-b", 0.5, START + 3);
	ck_assert_uint_eq(counters->statics, 0);
	static_at(&bench, 3, "SHIP", START + 4); /* there is room for none */
	ck_assert_uint_eq(counters->statics, 0);
	ck_assert_uint_eq(counters->statics_displaced, 3);
	/* What is due is told without a report: the id is known by what is kept. */
	gps_at(&bench, "bus-a", 1.1, START + 5);
	gps_at(&bench, "bus-a", 1.1, START + 6);
	weir_detect_advance(bench.detect, START + 100 * SECOND);
	ck_assert_ptr_nonnull(strstr(bench_log(&bench), "bus-a has been silent in a"));
	gps_at(&bench, "bus-b", 50, START + 101 * SECOND); /* leaves */
	static_at(&bench, 3, "SHIP", START + 102 * SECOND);
	ck_assert_uint_eq(counters->statics, 1);
	ck_assert_uint_eq(counters->statics_displaced, 3);
	ck_assert_ptr_null(strstr(bench_log(&bench), "name=SHIP"));
	bench_close(&bench);
}
END_TEST

START_TEST(a_full_table_refuses_new_devices_and_counts_them)
{
	struct bench bench;
	const struct weir_engine_counters *counters;

	bench_open(&bench, ONE("1"), &area_box, 2, 0);
	bench.brief = true;
	counters = weir_detect_counters(bench.detect);
	ck_assert_int_eq(report_at(&bench, 1, 'o', START), WEIR_REPORT_USED);
	ck_assert_int_eq(report_at(&bench, 2, 'o', START), WEIR_REPORT_USED);
	ck_assert_int_eq(report_at(&bench, 3, 'i', START), WEIR_REPORT_TABLE_FULL);
	ck_assert_int_eq(report_at(&bench, 3, 'x', START), WEIR_REPORT_OUTSIDE);
	ck_assert_uint_eq(counters->devices, 2);
	ck_assert_int_eq(report_at(&bench, 2, 'x', START), WEIR_REPORT_USED); /* makes room */
	ck_assert_int_eq(report_at(&bench, 3, 'i', START), WEIR_REPORT_USED);
	/* Those that fell silent make room too, without a call of advance. */
	ck_assert_int_eq(report_at(&bench, 4, 'i', START + 1800 * SECOND), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "(()(Ea))(Ea");
	ck_assert_uint_eq(counters->devices, 1);
	ck_assert_uint_eq(counters->released, 3);
	ck_assert_uint_eq(counters->silent, 2);
	bench_close(&bench);
}
END_TEST

START_TEST(distress_is_followed_wherever_it_is)
{
	struct bench bench;
	struct weir_report sart = position(970123456, 5, 5);
	struct weir_report ship = position(244660000, 5, 5);

	bench_open(&bench, ONE("1"), &area_box, 16, 0);
	bench.brief = true;
	ck_assert_int_eq(weir_detect_report(bench.detect, &sart, START, ""), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "(");
	ck_assert_uint_eq(weir_detect_counters(bench.detect)->events[WEIR_EVENT_POSITION], 0);
	weir_detect_report(bench.detect, &sart, START + SECOND, "");
	ck_assert_str_eq(bench_log(&bench), "(");

	ship.nav_status = 14;
	ck_assert_int_eq(weir_detect_report(bench.detect, &ship, START + SECOND, ""), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "((");
	ship.nav_status = 0;
	ck_assert_int_eq(weir_detect_report(bench.detect, &ship, START + 2 * SECOND, ""), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "(()");
	ck_assert_int_eq(weir_detect_report(bench.detect, &ship, START + 3 * SECOND, ""),
	                 WEIR_REPORT_OUTSIDE);
	weir_detect_advance(bench.detect, START + 1801 * SECOND);
	ck_assert_str_eq(bench_log(&bench), "(())");
	bench_close(&bench);
}
END_TEST

START_TEST(devices_fall_silent_in_the_order_of_their_time)
{
	struct bench bench;
	static const uint32_t order[] = {30, 10, 20, 40};

	bench_open(&bench, ONE("1"), &area_box, 16, 60 * SECOND);
	for (int i = 0; i < 4; i++)
		report_at(&bench, order[i], 'o', START + (i < 3 ? 0 : -5) * SECOND);
	report_at(&bench, 20, 'o', START + 10 * SECOND);
	weir_detect_advance(bench.detect, START + 59 * SECOND);
	ck_assert_ptr_null(strstr(bench_log(&bench), "ends"));
	weir_detect_advance(bench.detect, START + 70 * SECOND);
	const char *ends = strstr(bench_log(&bench), "follow 10 ends");
	/* Equal times go by the key; 40 was heard at the same time of the engine, although its clock is slow.
	 */
	ck_assert_str_eq(ends, "follow 10 ends\nfollow 30 ends\nfollow 40 ends\nfollow 20 ends\n");
	bench_close(&bench);
}
END_TEST

START_TEST(an_outcome_is_counted_for_every_report)
{
	struct bench bench;
	const struct weir_engine_counters *counters;
	struct weir_report text = {.mmsi = 7, .message = 14};
	uint64_t sum = 0;

	bench_open(&bench, ONE("1"), &area_box, 1, 0);
	weir_detect_free(bench.detect);
	ck_assert_int_eq(weir_detect_new(&bench.detect,
	                                 &(struct weir_engine_options){.area = bench.area,
	                                                               .fences = bench.fences,
	                                                               .max_devices = 1,
	                                                               .duplicate_window_ns = SECOND},
	                                 &(struct weir_engine_sink){0}),
	                 0);
	counters = weir_detect_counters(bench.detect);
	hear(&bench, 7, 1, START, "");
	hear(&bench, 7, 1, START, "");
	struct weir_report inside = position(7, 1.5, 1.5);
	weir_detect_hear(bench.detect, &(struct weir_hearing){.report = &inside,
	                                                      .time_ns = START + SECOND,
	                                                      .received_ns = START,
	                                                      .clock_off = true});
	report_at(&bench, 7, 'i', START - 1);
	report_at(&bench, 8, 'i', START);
	report_at(&bench, 8, 'x', START);
	weir_detect_report(bench.detect, &(struct weir_report){.mmsi = 8, .message = 1}, START, "");
	weir_detect_report(bench.detect, &text, START, "");
	for (int i = 0; i < WEIR_REPORT_OUTCOMES; i++) {
		ck_assert_msg(counters->reports[i] == 1, "outcome %d: %" PRIu64, i, counters->reports[i]);
		sum += counters->reports[i];
	}
	ck_assert_uint_eq(sum, WEIR_REPORT_OUTCOMES);
	ck_assert_uint_eq(counters->alerts[WEIR_RULE_ENTER][WEIR_PHASE_EVENT], 1);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_ALERT], 1);
	bench_close(&bench);
}
END_TEST

START_TEST(an_ignored_report_does_not_move_time)
{
	struct bench bench;

	bench_open(&bench, ONE("1"), &area_box, 16, 60 * SECOND);
	bench.brief = true;
	report_at(&bench, 1, 'o', START);
	/* By then 1 has been silent for too long, but nothing says so that counts. */
	ck_assert_int_eq(report_at(&bench, 2, 'x', START + 100 * SECOND), WEIR_REPORT_OUTSIDE);
	ck_assert_int_eq(report_at(&bench, 1, 'x', START + 100 * SECOND), WEIR_REPORT_OUTSIDE);
	ck_assert_str_eq(bench_log(&bench), "(");
	ck_assert_int_eq(report_at(&bench, 1, 'o', START + 10 * SECOND), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "(");
	ck_assert_int_eq(report_at(&bench, 1, 'o', START + 100 * SECOND), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "()(");
	bench_close(&bench);
}
END_TEST

START_TEST(impossible_options_are_refused)
{
	struct weir_detect *detect = NULL;
	struct weir_engine_sink sink = {0};

	ck_assert_int_eq(weir_detect_new(&detect, &(struct weir_engine_options){.silence_ns = -1}, &sink),
	                 -EINVAL);
	ck_assert_int_eq(
	        weir_detect_new(&detect, &(struct weir_engine_options){.max_devices = UINT32_MAX}, &sink),
	        -EINVAL);
	ck_assert_ptr_null(detect);
	weir_detect_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tables");
	TCase *tests = tcase_create("tables");

	tcase_add_test(tests, static_data_is_told_on_change_while_followed);
	tcase_add_test(tests, static_data_of_several_messages_is_joined);
	tcase_add_test(tests, old_static_data_gives_way_when_the_table_is_full);
	tcase_add_test(tests, static_data_gives_way_to_the_ids_of_gps_devices_and_they_to_nothing);
	tcase_add_test(tests, a_full_table_refuses_new_devices_and_counts_them);
	tcase_add_test(tests, distress_is_followed_wherever_it_is);
	tcase_add_test(tests, devices_fall_silent_in_the_order_of_their_time);
	tcase_add_test(tests, an_outcome_is_counted_for_every_report);
	tcase_add_test(tests, an_ignored_report_does_not_move_time);
	tcase_add_test(tests, impossible_options_are_refused);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
