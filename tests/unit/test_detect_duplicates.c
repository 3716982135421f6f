/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What several stations hear is one report, and who they were is kept.
 */
#include "detect/duplicates.h"
#include "detect_bench.h"
#include "polygons.h"

static void log_heard_by(void *context, const struct weir_event *event)
{
	struct bench *bench = context;

	if (event->kind == WEIR_EVENT_POSITION)
		fputc('|', bench->file);
	for (size_t i = 0; i < event->heard_by_count; i++)
		fprintf(bench->file, "%s%s", i == 0 ? "" : ",", event->heard_by[i]);
}

static void bench_open_with_window(struct bench *bench, int64_t window_ns)
{
	bench_open(bench, ONE("1"), &area_box, 16, 0);
	weir_detect_free(bench->detect);
	ck_assert_int_eq(weir_detect_new(&bench->detect,
	                                 &(struct weir_engine_options){.area = bench->area,
	                                                               .duplicate_window_ns = window_ns},
	                                 &(struct weir_engine_sink){.context = bench, .event = log_heard_by}),
	                 0);
}

START_TEST(four_stations_are_kept_of_the_latest_position)
{
	static const char *const sources[] = {"a", "b", "a", "", "c", "d", "e", "f"};
	struct bench bench;

	bench_open_with_window(&bench, 10 * SECOND);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		hear(&bench, 1, 1, START, sources[i]);
	ck_assert_str_eq(bench_log(&bench), "|");
	/* Another device's is not this one's; nor is what was said before the latest. */
	hear(&bench, 2, 2, START, "g");
	hear(&bench, 1, 3, START + SECOND, "h");
	ck_assert_int_eq(hear(&bench, 1, 1, START, "i"), WEIR_REPORT_DUPLICATE);
	hear(&bench, 1, 4, START + 2 * SECOND, "k");
	ck_assert_str_eq(bench_log(&bench), "|||a,b,c,d|");
	bench_close(&bench);
}
END_TEST

START_TEST(without_a_window_nothing_is_a_duplicate)
{
	struct bench bench;

	bench_open_with_window(&bench, 0);
	ck_assert_int_eq(hear(&bench, 1, 1, START, "a"), WEIR_REPORT_USED);
	ck_assert_int_eq(hear(&bench, 1, 1, START, "b"), WEIR_REPORT_USED);
	ck_assert_int_eq(hear(&bench, 1, 1, START, "b"), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "|||");
	bench_close(&bench);
}
END_TEST

/* With hashes as good as random: what has gone of the latest so many is what the header says, and no more. */
START_TEST(the_latest_messages_are_compared)
{
	static const struct {
		uint64_t latest, lost_max;
	} cases[] = {{20000, 0}, {65536, 65536 / 40}};
	struct weir_duplicates duplicates;

	ck_assert_int_eq(weir_duplicates_new(&duplicates, 10 * SECOND), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint64_t total = 1000000;
		uint64_t state = 7 + i, lost = 0, found_old = 0;
		uint64_t *hashes = malloc(total * sizeof(*hashes));

		for (uint64_t n = 0; n < total; n++) {
			hashes[n] = random_bits(&state);
			ck_assert(!weir_duplicates_has(&duplicates, hashes[n], START));
			weir_duplicates_note(&duplicates, hashes[n], START);
			ck_assert(weir_duplicates_has(&duplicates, hashes[n], START));
		}
		for (uint64_t n = total - cases[i].latest; n < total; n++)
			lost += !weir_duplicates_has(&duplicates, hashes[n], START);
		for (uint64_t n = 0; n < total / 2; n++)
			found_old += weir_duplicates_has(&duplicates, hashes[n], START);
		ck_assert_msg(lost <= cases[i].lost_max, "%llu of %llu", (unsigned long long)lost,
		              (unsigned long long)cases[i].latest);
		ck_assert_uint_eq(found_old, 0);
		free(hashes);
	}
	weir_duplicates_clear(&duplicates);
}
END_TEST

START_TEST(what_is_said_again_after_the_window_is_kept_anew)
{
	struct weir_duplicates duplicates;

	ck_assert_int_eq(weir_duplicates_new(&duplicates, 10 * SECOND), 0);
	ck_assert(!weir_duplicates_has(&duplicates, 0, 0)); /* an empty place is no message */
	ck_assert(!weir_duplicates_has(&duplicates, 0, INT64_MIN));
	weir_duplicates_note(&duplicates, 77, START);
	ck_assert(weir_duplicates_has(&duplicates, 77, START + 10 * SECOND - 1));
	ck_assert(weir_duplicates_has(&duplicates, 77, START - 10 * SECOND + 1));
	ck_assert(!weir_duplicates_has(&duplicates, 77, START + 10 * SECOND));
	weir_duplicates_note(&duplicates, 77, START + 10 * SECOND);
	ck_assert(weir_duplicates_has(&duplicates, 77, START + 10 * SECOND));
	ck_assert(!weir_duplicates_has(&duplicates, 77, START));
	/* It was not put there twice: seven more of its set leave it in place, and eight do not. */
	unsigned int same_set = 0;
	for (uint64_t hash = 78; same_set < WEIR_DUPLICATES_WAYS; hash++) {
		struct weir_said before = duplicates.sets[(77 * UINT64_C(0x9e3779b97f4a7c15)) >> 32 &
		                                          (WEIR_DUPLICATES_SETS - 1)][0];

		weir_duplicates_note(&duplicates, hash, START + 10 * SECOND);
		same_set += duplicates
		                    .sets[(77 * UINT64_C(0x9e3779b97f4a7c15)) >> 32 &
		                          (WEIR_DUPLICATES_SETS - 1)][0]
		                    .hash != before.hash;
		ck_assert_int_eq(weir_duplicates_has(&duplicates, 77, START + 10 * SECOND),
		                 same_set < WEIR_DUPLICATES_WAYS);
	}
	weir_duplicates_clear(&duplicates);
	weir_duplicates_clear(&duplicates);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("duplicates");
	TCase *tests = tcase_create("duplicates");

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, four_stations_are_kept_of_the_latest_position);
	tcase_add_test(tests, without_a_window_nothing_is_a_duplicate);
	tcase_add_test(tests, the_latest_messages_are_compared);
	tcase_add_test(tests, what_is_said_again_after_the_window_is_kept_anew);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
