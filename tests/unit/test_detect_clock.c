/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where time is that of reception, a sender whose clock is ahead moves it for nobody else.
 */
#include "detect_bench.h"

#define AHEAD (595 * SECOND)

#define FENCES                                                                                               \
	COLLECTION("{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":["                          \
	           "{\"rule\":\"gap\",\"gap_s\":300},{\"rule\":\"dwell\",\"dwell_s\":300}],"                 \
	           "\"windows\":[{\"window_s\":10,\"lateness_s\":5}]},"                                      \
	           "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}}")

struct tally {
	struct weir_detect *detect;
	struct weir_fences *fences;
	unsigned alerts; /* of the ship whose clock is right */
	unsigned windows, ship_windows;
};

static void count(void *context, const struct weir_event *event)
{
	struct tally *tally = context;

	tally->alerts += event->kind == WEIR_EVENT_ALERT && strcmp(event->id, "244660001") == 0;
	tally->windows += event->kind == WEIR_EVENT_WINDOW;
	tally->ship_windows += event->kind == WEIR_EVENT_WINDOW && event->window->all.devices == 2;
}

static void open_tally(struct tally *tally, bool time_of_reception)
{
	*tally = (struct tally){.fences = fences_of(FENCES)};
	const struct weir_engine_options options = {.fences = tally->fences,
	                                            .time_of_reception = time_of_reception};
	const struct weir_engine_sink sink = {.context = tally, .event = count};

	ck_assert_int_eq(weir_detect_new(&tally->detect, &options, &sink), 0);
}

/* A ship inside, received at that time, with a clock that is ahead by so much. */
static enum weir_report_outcome hear_ship(struct tally *tally, uint32_t mmsi, int64_t received_ns,
                                          int64_t ahead_ns)
{
	struct weir_report report = position(mmsi, 1.1, 1.1);

	return weir_detect_hear(tally->detect, &(struct weir_hearing){.report = &report,
	                                                              .time_ns = received_ns + ahead_ns,
	                                                              .received_ns = received_ns});
}

static void close_tally(struct tally *tally)
{
	weir_detect_free(tally->detect);
	weir_fences_free(tally->fences);
}

/* Two ships each second for two minutes; after five seconds the clock of one is ahead. */
static void play(struct tally *tally)
{
	for (int second = 0; second < 120; second++) {
		ck_assert_int_eq(hear_ship(tally, 244660001, START + second * SECOND, 0), WEIR_REPORT_USED);
		ck_assert_int_eq(hear_ship(tally, 244660002, START + second * SECOND, second < 5 ? 0 : AHEAD),
		                 WEIR_REPORT_USED);
	}
}

START_TEST(a_clock_that_is_ahead_raises_nothing_for_others)
{
	struct tally tally;

	open_tally(&tally, true);
	play(&tally);
	ck_assert_uint_eq(tally.alerts, 0);
	weir_detect_advance(tally.detect, START + 290 * SECOND);
	ck_assert_uint_eq(tally.alerts, 0);
	weir_detect_advance(tally.detect, START + 301 * SECOND);
	ck_assert_uint_eq(tally.alerts, 1);
	close_tally(&tally);
}
END_TEST

START_TEST(windows_count_all_the_while)
{
	struct tally tally;

	open_tally(&tally, true);
	play(&tally);
	const struct weir_engine_counters *counters = weir_detect_counters(tally.detect);
	ck_assert_uint_eq(counters->windows[WEIR_WINDOW_COUNTED], 240);
	ck_assert_uint_eq(counters->windows[WEIR_WINDOW_LATE], 0);
	ck_assert_uint_ge(tally.windows, 10);
	ck_assert_uint_eq(tally.ship_windows, tally.windows);
	close_tally(&tally);
}
END_TEST

START_TEST(a_recording_has_no_time_but_its_own)
{
	struct tally tally;

	open_tally(&tally, false);
	play(&tally);
	ck_assert_uint_gt(tally.alerts, 0);
	close_tally(&tally);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("clocks");
	TCase *tests = tcase_create("clocks");

	tcase_add_test(tests, a_clock_that_is_ahead_raises_nothing_for_others);
	tcase_add_test(tests, windows_count_all_the_while);
	tcase_add_test(tests, a_recording_has_no_time_but_its_own);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
