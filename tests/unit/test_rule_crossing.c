/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules enter and exit, and what all rules of a fence share: who it is for, when it is in force, what a
 * border is to one that lies at it.
 */
#include "polygons.h"
#include "scenario.h"

#define BOTH "{\"rule\":\"enter\"},{\"rule\":\"exit\"}"
#define RULES "\"rules\":[" BOTH "]"
#define INITIAL(how) "\"rules\":[{\"rule\":\"enter\",\"initial\":\"" how "\"},{\"rule\":\"exit\"}]"
#define FILTER(filter) "\"filter\":{" filter "}," RULES
#define SPEED_TOO "\"rules\":[" BOTH ",{\"rule\":\"speed\",\"max_sog_kn\":5,\"sustain_s\":0}]"
/* 2026-09-10 is a Thursday. */
#define OPEN_UNTIL_1_UTC                                                                                     \
	"\"schedule\":{\"time_zone\":\"UTC\",\"windows\":[{\"days\":[\"thu\"],\"from\":\"00:00\",\"to\":"    \
	"\"01:"                                                                                              \
	"00\"},"                                                                                             \
	"{\"days\":[\"thu\"],\"from\":\"02:00\",\"to\":\"03:00\"}]}"
#define CLOSES 2000 /* seconds after the start */

static const struct scenario scenarios[] = {
        {"in and out", RULES, "0 x=-600; 10 x=-400; 20; 30 x=-600; 40", "20 enter event\n40 exit event\n"},
        {"half a metre inside the border", RULES, "0 x=-600; 10 x=-499.5; 20", "20 enter event\n"},
        {"half a metre outside of it", RULES, "0 x=-600; 10 x=-500.5; 20", ""},
        {"into the hole is out", RULES, "0 x=-600; 10 x=-300; 20; 30 x=0; 40; 50 x=300; 60",
         "20 enter event\n40 exit event\n60 enter event\n", SHAPE_HOLLOW},

        {"beyond the buffer, and not before, it has left", "\"exit_buffer_m\":100," RULES,
         "0 x=0; 10; 20 x=550; 30 x=598; 40 x=602; 50 x=590; 60 x=610; 70 x=620",
         "10 enter event\n70 exit event\n"},
        {"the buffer of the rule", "\"rules\":[{\"rule\":\"exit\",\"exit_buffer_m\":50,\"confirm_fixes\":1}]",
         "0 x=0; 10; 20 x=549; 30 x=551", "30 exit event\n"},

        {"a first fix inside is an entry", INITIAL("enter"), "0 x=0; 10; 20 x=600; 30",
         "10 enter event\n30 exit event\n"},
        {"a first fix inside is told as one", INITIAL("inside"), "0 x=0; 10; 20 x=600; 30",
         "10 enter event initial\n30 exit event\n"},
        {"a first fix inside is not told", INITIAL("silent"), "0 x=0; 10; 20 x=600; 30", "30 exit event\n"},
        {"an entry is one, whatever first fixes are", INITIAL("silent"), "0 x=600; 10 x=0; 20",
         "20 enter event\n"},
        {"the second entry is one", INITIAL("silent"), "0 x=0; 10; 20 x=600; 30; 40 x=0; 50",
         "30 exit event\n50 enter event\n"},
        {"a device that was given up is new", INITIAL("inside"), "0 x=0; 10; 2000 x=0; 2010",
         "10 enter event initial\n2010 enter event initial\n"},

        {"it lies where its first fix at rest was, not where it was under way last", RULES,
         "0 x=400 s=8; 10 x=440; 20 x=495 s=0; 30 x=545; 40", "10 enter event\n"},
        {"the same, when that one is outside", RULES, "0 x=400 s=8; 10 x=440; 20 x=505 s=0; 30 x=545; 40",
         "10 enter event\n"},
        {"who comes to rest far outside has left", RULES, "0 x=400 s=8; 10 x=440; 20 x=560 s=0; 30",
         "10 enter event\n30 exit event\n"},

        {"for class B: A is not judged", FILTER("\"class\":[\"B\"]"), "0 x=0; 10; 20 class=B m=7; 30",
         "30 000000007 enter event\n"},
        {"for a base station, if it asks for them", FILTER("\"class\":[\"base\"]"), "0 class=base x=0; 10",
         "10 enter event\n"},
        {"not for one, if it does not ask", RULES, "0 class=base x=0; 10; 20 class=aton m=7; 30", ""},
        {"for tankers: a type that is not known is none", FILTER("\"ship_type\":[80]"),
         "0 x=0; 10; 20 type=80; 30 x=0; 40", "40 enter event\n"},
        {"a type that changes ends it without an exit", FILTER("\"ship_type\":[80]"),
         "0 type=80; 1 x=0; 11; 20 type=70; 30 x=0; 40 x=600; 50", "11 enter event\n"},
        {"for long ships", FILTER("\"min_length_m\":100"), "0 len=99; 1 x=0; 11; 20 len=100; 30 x=0; 40",
         "40 enter event\n"},
        {"for some MMSIs", FILTER("\"mmsi\":[\"244660000-244660009\"]"),
         "0 m=244660010 x=0; 10; 20 m=244660000; 30", "30 enter event\n"},
        {"for fast ones: slowing down is not leaving", FILTER("\"min_sog_kn\":5"),
         "0 s=4 x=0; 10; 20 s=5; 30; 40 s=1; 50; 60 x=600; 70", "30 enter event\n70 exit event\n"},
        {"for those under way", FILTER("\"nav_status\":[0]"),
         "0 n=5 x=0; 10; 20 n=0; 30; 40 n=5; 50; 60 x=600 n=0; 70", "30 enter event\n70 exit event\n"},

        {"closed: nobody is judged", OPEN_UNTIL_1_UTC "," RULES, "2100 x=0; 2110; 2120 x=600; 2130", ""},
        {"closing while inside: no exit, and what was raised is cleared at that moment",
         OPEN_UNTIL_1_UTC "," SPEED_TOO, "0 x=0; 10; 1000; 1900; 2100; 2200 x=600; 2210",
         "0 speed raise limit_kn=5 sustained_s=0\n10 enter event\n"
         "2000 speed clear lasted_s=2000 reason=closed\n"},
        {"opening with a ship inside: it is there from the start", OPEN_UNTIL_1_UTC "," INITIAL("inside"),
         "0 x=0; 10; 1900; 2100; 3700; 5400; 5610; 5620; 5630 x=600; 5640",
         "10 enter event initial\n5620 enter event initial\n5640 exit event\n"},
};

SCENARIO_TEST(borders_give_exactly_these_alerts, scenarios)

/* A normal distribution by the sum of twelve uniform ones. */
static double noise(uint64_t *seed, double deviation_m)
{
	double sum = -6;

	for (int i = 0; i < 12; i++)
		sum += random_between(seed, 0, 1);
	return sum * deviation_m;
}

static const struct {
	const char *name, *speed;
	double every_s;
} berths[] = {
        {"a report every three minutes", "s=0.1", 180},
        {"a report every ten seconds", "s=0", 10},
        {"no speed at all", "s=-", 10},
        {"status moored", "s=0.2 n=5", 10},
};
#define BERTHS 4
#define SEEDS 50

START_TEST(a_ship_that_lies_on_the_border_for_an_hour_gives_two_alerts_at_most)
{
	static const struct scenario lying = {"lying", RULES, "", ""};
	uint64_t seed = random_seed((uint64_t)_i + 0x60de);
	struct stage stage;
	char text[128];

	stage_open(&stage, &lying, &scenario_ways[0]);
	/* Coming from outside, or from inside, at eight knots. */
	for (int i = 10; i > 0; i--) {
		snprintf(text, sizeof(text), "%d x=%d s=8", (10 - i) * 10, 500 + (_i % 2 ? -40 : 40) * i);
		stage_play(&stage, text);
	}
	for (double time_s = 100; time_s < 3700; time_s += berths[_i % BERTHS].every_s) {
		snprintf(text, sizeof(text), "%f x=%f y=%f %s", time_s, 500 + noise(&seed, 15),
		         noise(&seed, 15), berths[_i % BERTHS].speed);
		stage_play(&stage, text);
	}
	const struct weir_engine_counters *c = weir_detect_counters(stage.detect);
	ck_assert_msg(c->events[WEIR_EVENT_ALERT] <= 2, "%s: %s", berths[_i % BERTHS].name, stage.log);
	/* When it leaves for good, that is told. */
	uint64_t before = c->alerts[WEIR_RULE_EXIT][WEIR_PHASE_EVENT];
	uint64_t entered = c->alerts[WEIR_RULE_ENTER][WEIR_PHASE_EVENT];
	stage_play(&stage, "4000 x=600 s=8 vx=10 every=10 until=4050");
	ck_assert_uint_le(c->alerts[WEIR_RULE_EXIT][WEIR_PHASE_EVENT], before + 1);
	ck_assert_uint_eq(c->alerts[WEIR_RULE_EXIT][WEIR_PHASE_EVENT], entered);
	stage_close(&stage);
}
END_TEST

START_TEST(the_table_gives_way_to_new_devices_by_silence)
{
	static const struct scenario crowd = {"crowd", SPEED_TOO, "", ""};
	struct stage stage;
	char text[64];

	stage_open(&stage, &crowd, &scenario_ways[0]);
	const struct weir_engine_counters *c = weir_detect_counters(stage.detect);
	/* 64 places, of which one is kept for distress. */
	for (int i = 1; i <= 63; i++) {
		snprintf(text, sizeof(text), "%d m=%d x=0 s=12", i, i);
		stage_play(&stage, text);
	}
	stage_play(&stage, "100 m=1 x=0");
	ck_assert_uint_eq(c->devices, 63);
	stage_play(&stage, "361 m=99 x=0"); /* 2 was silent for 359 s: that is not long */
	ck_assert_uint_eq(c->reports[WEIR_REPORT_TABLE_FULL], 1);
	ck_assert_uint_eq(c->evicted, 0);
	stage_play(&stage, "362 m=98 x=0");
	ck_assert_uint_eq(c->evicted, 1);
	ck_assert_uint_eq(c->devices, 63);
	ck_assert_ptr_nonnull(strstr(stage.log, "362 000000002 speed clear lasted_s=360 reason=full\n"));
	/* Distress has a place, and then takes one from anybody. */
	stage_play(&stage, "363 m=970000001 n=14; 363 m=970000002; 363 m=970000003");
	ck_assert_uint_eq(c->devices, 64);
	ck_assert_uint_eq(c->evicted, 3);
	/* A flood of them does not drive out more than half of the others. */
	for (int i = 0; i < 200; i++) {
		snprintf(text, sizeof(text), "364 m=%d x=0", 970001000 + i);
		stage_play(&stage, text);
	}
	stage_play(&stage, "365 m=60 n=0; 365 m=1");
	ck_assert_uint_eq(c->devices, 64);
	ck_assert_uint_eq(c->reports[WEIR_REPORT_TABLE_FULL], 1);
	stage_close(&stage);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("crossing");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, borders_give_exactly_these_alerts, 0, SCENARIO_COUNT(scenarios));
	tcase_add_loop_test(tests, a_ship_that_lies_on_the_border_for_an_hour_gives_two_alerts_at_most, 0,
	                    BERTHS * SEEDS);
	tcase_add_test(tests, the_table_gives_way_to_new_devices_by_silence);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
