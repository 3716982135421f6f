/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of stations come from senders: what they cost is bounded, and nobody loses what is in use.
 */
#include "detect/stations.h"
#include "detect_bench.h"

#define PLACES (WEIR_STATION_SETS * WEIR_STATION_WAYS)

START_TEST(a_name_has_one_number_for_all_who_use_it)
{
	struct weir_stations stations;

	ck_assert_int_eq(weir_stations_new(&stations), 0);
	uint16_t west = weir_stations_use(&stations, "antenna-west");
	uint16_t east = weir_stations_use(&stations, "antenna-east");

	ck_assert_uint_ne(west, east);
	ck_assert_uint_eq(weir_stations_use(&stations, "antenna-west"), west);
	ck_assert_str_eq(weir_stations_name(&stations, west), "antenna-west");
	ck_assert_str_eq(weir_stations_name(&stations, east), "antenna-east");
	/* What nobody uses for a moment keeps its number for as long as its place is not wanted. */
	weir_stations_leave(&stations, west);
	weir_stations_leave(&stations, west);
	ck_assert_uint_eq(weir_stations_use(&stations, "antenna-west"), west);
	/* The longest name, and one that is longer: it is cut. */
	uint16_t longest = weir_stations_use(&stations, "0123456789abcde");
	ck_assert_str_eq(weir_stations_name(&stations, longest), "0123456789abcde");
	ck_assert_uint_eq(weir_stations_use(&stations, "0123456789abcdef"), longest);
	weir_stations_clear(&stations);
	weir_stations_clear(&stations);
}
END_TEST

START_TEST(names_without_end_take_the_places_of_names_that_nobody_uses)
{
	struct weir_stations stations;

	ck_assert_int_eq(weir_stations_new(&stations), 0);
	uint16_t kept = weir_stations_use(&stations, "antenna-west");
	for (uint32_t i = 0; i < 20 * PLACES; i++) {
		char name[16];

		snprintf(name, sizeof(name), "n%u", i);
		uint16_t number = weir_stations_use(&stations, name);
		ck_assert_uint_ne(number, WEIR_NO_STATION);
		ck_assert_str_eq(weir_stations_name(&stations, number), name);
		weir_stations_leave(&stations, number);
	}
	ck_assert_str_eq(weir_stations_name(&stations, kept), "antenna-west");
	ck_assert_uint_eq(weir_stations_use(&stations, "antenna-west"), kept);
	weir_stations_clear(&stations);
}
END_TEST

START_TEST(a_full_set_refuses_and_is_open_again_when_a_user_leaves)
{
	struct weir_stations stations;
	uint16_t numbers[4 * PLACES];
	uint32_t refused = 0, first = 0;
	char name[16];

	ck_assert_int_eq(weir_stations_new(&stations), 0);
	for (uint32_t i = 0; i < 4 * PLACES; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		numbers[i] = weir_stations_use(&stations, name);
		if (numbers[i] == WEIR_NO_STATION && refused++ == 0)
			first = i;
	}
	ck_assert_uint_ge(refused, 3 * PLACES);
	snprintf(name, sizeof(name), "n%u", first);
	ck_assert_uint_eq(weir_stations_use(&stations, name), WEIR_NO_STATION);
	for (uint32_t i = 0; i < 4 * PLACES; i++)
		if (numbers[i] != WEIR_NO_STATION)
			weir_stations_leave(&stations, numbers[i]);
	ck_assert_uint_ne(weir_stations_use(&stations, name), WEIR_NO_STATION);
	weir_stations_clear(&stations);
}
END_TEST

static void log_heard_by(void *context, const struct weir_event *event)
{
	struct bench *bench = context;

	for (size_t i = 0; i < event->heard_by_count; i++)
		fprintf(bench->file, "%s%s", i == 0 ? "|" : ",", event->heard_by[i]);
}

/* Devices that nobody else hears hold as many names as they like; those in use before them stay. */
START_TEST(invented_names_are_counted_and_drive_out_no_station)
{
	struct bench bench;
	uint64_t said = 0;
	char name[16];

	bench_open(&bench, ONE("1"), &area_box, PLACES * 4, 0);
	weir_detect_free(bench.detect);
	ck_assert_int_eq(
	        weir_detect_new(&bench.detect,
	                        &(struct weir_engine_options){.area = bench.area,
	                                                      .max_devices = PLACES * 4,
	                                                      .duplicate_window_ns = 10 * SECOND},
	                        &(struct weir_engine_sink){.context = &bench, .event = log_heard_by}),
	        0);
	const struct weir_engine_counters *counters = weir_detect_counters(bench.detect);

	hear(&bench, 1, ++said, START, "west");
	hear(&bench, 2, ++said, START, "east");
	for (uint32_t i = 0; i < PLACES * 3; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		hear(&bench, 1000 + i, ++said, START + 1, name);
	}
	ck_assert_uint_ge(counters->stations_untracked, 2 * PLACES);
	hear(&bench, 1, ++said, START + SECOND, "west");
	hear(&bench, 1, said, START + SECOND, "east");
	hear(&bench, 1, ++said, START + 2 * SECOND, "east");
	ck_assert_str_eq(bench_log(&bench), "|west,east");

	/* Those devices fall silent: their names give way. */
	uint64_t before = counters->stations_untracked;
	weir_detect_advance(bench.detect, START + 4000 * SECOND);
	ck_assert_uint_eq(counters->devices, 0);
	for (uint32_t i = 0; i < PLACES / 4; i++) {
		snprintf(name, sizeof(name), "m%u", i);
		hear(&bench, 1000 + i, ++said, START + 4001 * SECOND, name);
	}
	ck_assert_uint_eq(counters->stations_untracked, before);
	bench_close(&bench);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stations");
	TCase *tests = tcase_create("stations");

	tcase_add_test(tests, a_name_has_one_number_for_all_who_use_it);
	tcase_add_test(tests, names_without_end_take_the_places_of_names_that_nobody_uses);
	tcase_add_test(tests, a_full_set_refuses_and_is_open_again_when_a_user_leaves);
	tcase_add_test(tests, invented_names_are_counted_and_drive_out_no_station);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
