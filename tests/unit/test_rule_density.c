/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule density: at the limit, just under, just over, in windows that slide, and when it is cleared.
 * A scenario begins 1,600 s behind a full hour, which is 40 s behind a full minute, and 100 s behind a full
 * five minutes.
 */
#include <errno.h>

#include "scenario.h"

#define DENSITY(parameters) "\"rules\":[{\"rule\":\"density\",\"severity\":\"warning\"," parameters "}]"
#define TWO DENSITY("\"window_s\":60,\"max_devices\":2")
#define TWO_AT_ONCE DENSITY("\"window_s\":60,\"max_devices\":2,\"lateness_s\":0")
#define SLIDING DENSITY("\"window_s\":300,\"slide_s\":60,\"max_devices\":2,\"lateness_s\":0")
#define NOBODY DENSITY("\"window_s\":60,\"max_devices\":0,\"lateness_s\":0")
#define RAISE(time, window) #time "  density raise devices=3 limit_devices=2 window_s=" #window "\n"
#define CLEAR(time, devices, window, lasted)                                                                 \
#time "  density clear devices=" #devices " limit_devices=2 window_s=" #window " lasted_s=" #lasted  \
	      "\n"

static const struct scenario scenarios[] = {
        {"at the limit is not above it", TWO, "20 m=1; 21 m=2; 30 m=1; 31 m=2; 200 tick", ""},
        {"one more is, and it is told at once", TWO_AT_ONCE, "20 m=1; 21 m=2; 22 m=3; 30 m=3; 79.9 m=1",
         RAISE(22, 60)},
        {"the same one again is not one more", TWO, "20 m=1 every=5 until=70; 71 m=2; 75 m=2; 78 m=1", ""},
        {"two in one window and one in the next are not three", TWO,
         "20 m=1; 79.999 m=2; 80 m=3; 81 m=1; 300 tick", ""},
        {"three in the next are", TWO, "20 m=1; 79.999 m=2; 80 m=3; 81 m=1; 82 m=2; 83 m=2", RAISE(82, 60)},
        {"cleared at the end of a window with no more than the limit", TWO_AT_ONCE,
         "20 m=1; 21 m=2; 22 m=3; 80 m=1; 85 m=2; 139.9 tick; 140 tick; 150 m=1",
         RAISE(22, 60) CLEAR(140, 2, 60, 118)},
        {"told when time has passed that end by the lateness, with the time of the end", TWO,
         "20 m=1; 21 m=2; 22 m=3; 80 m=1; 85 m=2; 199.9 m=1; 200 m=1", RAISE(22, 60) CLEAR(140, 2, 60, 118)},
        {"cleared when nobody is there any more", TWO_AT_ONCE, "20 m=1; 21 m=2; 22 m=3; 2000 tick",
         RAISE(22, 60) CLEAR(140, 0, 60, 118)},
        {"not cleared as long as each window has too many", TWO_AT_ONCE,
         "20 m=1; 21 m=2; 22 m=3; 80 m=1; 81 m=2; 82 m=3; 140 m=1; 141 m=2; 142 m=3; 200 m=1; 201 m=2; 300 "
         "tick",
         RAISE(22, 60) CLEAR(260, 2, 60, 238)},
        {"raised again after it was cleared", TWO_AT_ONCE,
         "20 m=1; 21 m=2; 22 m=3; 140 m=1; 141 m=2; 142 m=3; 150 tick",
         RAISE(22, 60) CLEAR(140, 0, 60, 118) RAISE(142, 60)},
        {"sliding: three within five minutes, none of which came in the same minute", SLIDING,
         "30 m=1; 130 m=2; 250 m=3; 260 tick", RAISE(250, 300)},
        {"sliding: when the first one is five slides back, it is not there any more", SLIDING,
         "30 m=1; 130 m=2; 320 m=3; 330 tick", ""},
        {"sliding: in its last slide it is", SLIDING, "30 m=1; 130 m=2; 319.9 m=3; 330 tick",
         RAISE(319.9, 300)},
        {"sliding: cleared by the first window without the first one", SLIDING,
         "30 m=1; 130 m=2; 250 m=3; 319 tick; 380 tick; 600 tick", RAISE(250, 300) CLEAR(380, 2, 300, 130)},
        {"outside of the fence nobody counts", TWO,
         "20 m=1; 21 m=2; 22 m=3 x=600; 23 m=4 x=-501; 24 m=5 y=900", ""},
        {"nor in its hole", TWO, "20 m=1 x=300; 21 m=2; 22 m=3 x=0; 23 m=4", "", SHAPE_HOLLOW},
        {"nobody at all may be there", NOBODY, "20 m=1 x=600; 21 x=0; 200 tick",
         "21  density raise devices=1 limit_devices=0 window_s=60\n"
         "140  density clear devices=0 limit_devices=0 window_s=60 lasted_s=119\n"},
        {"base stations do not count, GPS devices do", TWO,
         "20 m=1; 21 m=2 class=base; 22 m=3 class=base; 23 m=4 class=A; 24 m=5 class=gps", RAISE(24, 60)},
        {"one fix of each is enough, wherever it goes then", TWO_AT_ONCE,
         "20 m=1; 21 m=1 x=600; 22 m=2 x=0; 23 m=2 x=600; 24 m=3 x=0", RAISE(24, 60)},
        {"the filter of the fence says who counts",
         "\"filter\":{\"class\":[\"A\"]},\"rules\":[{\"rule\":\"density\",\"window_s\":60,\"max_devices\":0}"
         "]",
         "20 class=B; 30 class=B", ""},
        {"an alarm is told again until it is cleared",
         "\"rules\":[{\"rule\":\"density\",\"window_s\":60,\"max_devices\":2,\"lateness_s\":0,"
         "\"severity\":\"alarm\"}]",
         "20 m=1; 21 m=2; 22 m=3; 300 tick",
         RAISE(22, 60) "82  density raise lasted_s=60 repeated\n" CLEAR(140, 0, 60, 118),
         NULL,
         {.repeat_ns = 60 * SECOND}},
        {"a warning is told once",
         TWO_AT_ONCE,
         "20 m=1; 21 m=2; 22 m=3; 135 tick",
         RAISE(22, 60),
         NULL,
         {.repeat_ns = 60 * SECOND}},
        {"beside the rules of devices",
         "\"rules\":[{\"rule\":\"enter\"},{\"rule\":\"density\",\"window_s\":60,"
         "\"max_devices\":0}]",
         "20; 30", "20  density raise devices=1 limit_devices=0 window_s=60\n30 enter event\n"},
};

SCENARIO_TEST(a_crowd_in_a_fence_gives_exactly_these_alerts, scenarios)

/* ---- The alert itself ---- */

static struct weir_alert told[8];
static char sentences[8][256];
static size_t told_count;

static void keep_alert(void *context, const struct weir_event *event)
{
	(void)context;
	if (event->kind != WEIR_EVENT_ALERT)
		return;
	ck_assert_uint_lt(told_count, 8);
	ck_assert_str_eq(event->id, "");
	ck_assert_ptr_null(event->report);
	snprintf(sentences[told_count], sizeof(sentences[0]), "%s", event->alert->message);
	told[told_count++] = *event->alert;
}

static void open_keeping(struct stage *stage, const struct scenario *scenario)
{
	stage_open(stage, scenario, &scenario_ways[0]);
	weir_detect_free(stage->detect);
	ck_assert_int_eq(weir_detect_new(&stage->detect,
	                                 &(struct weir_engine_options){.fences = stage->fences,
	                                                               .rules = scenario->rules},
	                                 &(struct weir_engine_sink){.event = keep_alert}),
	                 0);
	told_count = 0;
}

static const struct scenario alarming = {
        .properties = "\"rules\":[{\"rule\":\"density\",\"window_s\":60,\"max_devices\":2,\"lateness_s\":0,"
                      "\"severity\":\"alarm\"}]",
        .rules = {.repeat_ns = 10 * SECOND}};

START_TEST(an_alert_is_acknowledged_by_its_identifier_and_keeps_it)
{
	struct stage stage;

	open_keeping(&stage, &alarming);
	stage_play(&stage, "20 m=1 x=0; 21 m=2; 22 m=3");
	ck_assert_int_eq(weir_detect_acknowledge(stage.detect, "0123456789abcdef0123456789abcdef",
	                                         SCENARIO_START + 25 * SECOND),
	                 -ENOENT);
	ck_assert_int_eq(weir_detect_acknowledge(stage.detect, told[0].id, SCENARIO_START + 35 * SECOND), 0);
	ck_assert_int_eq(weir_detect_acknowledge(stage.detect, told[0].id, SCENARIO_START + 40 * SECOND), 0);
	stage_play(&stage, "200 tick");
	ck_assert_uint_eq(told_count, 4);
	ck_assert(told[0].phase == WEIR_PHASE_RAISE && !told[0].repeated && !told[0].acknowledged);
	ck_assert(told[1].phase == WEIR_PHASE_RAISE && told[1].repeated && !told[1].acknowledged);
	ck_assert(told[2].phase == WEIR_PHASE_RAISE && !told[2].repeated && told[2].acknowledged);
	ck_assert(told[3].phase == WEIR_PHASE_CLEAR && told[3].acknowledged);
	for (size_t i = 0; i < told_count; i++) {
		ck_assert_str_eq(told[i].id, told[0].id);
		ck_assert_int_eq(told[i].severity, WEIR_SEVERITY_ALARM);
		ck_assert_str_eq(told[i].fence, "f");
	}
	ck_assert_str_eq(sentences[0], "3 devices are in Basin, more than 2");
	ck_assert_str_eq(sentences[1], "The alert 'density' in Basin waits to be acknowledged");
	ck_assert_str_eq(sentences[2], "The alert 'density' in Basin is acknowledged");
	ck_assert_str_eq(sentences[3], "0 devices are in Basin, not more than 2");
	ck_assert_int_eq(weir_detect_acknowledge(stage.detect, told[0].id, SCENARIO_START + 300 * SECOND),
	                 -ENOENT);
	stage_close(&stage);
}
END_TEST

START_TEST(each_alert_has_an_identifier_of_its_own)
{
	struct stage stage;
	struct scenario once = alarming;
	char ids[2][WEIR_ALERT_ID_SIZE];

	once.rules.repeat_ns = 0;
	for (int i = 0; i < 2; i++) { /* twice the same */
		open_keeping(&stage, &once);
		stage_play(&stage, "20 m=1 x=0; 21 m=2; 22 m=3; 25 tick");
		memcpy(ids[i], told[0].id, sizeof(ids[i]));
		stage_play(&stage, "140 m=1; 141 m=2; 142 m=3");
		ck_assert_str_ne(told[told_count - 1].id, told[0].id);
		stage_close(&stage);
	}
	ck_assert_str_eq(ids[0], ids[1]);
}
END_TEST

/* The same square with other rules. */
static struct weir_fences *with(struct stage *stage, const char *properties)
{
	struct scenario other = *stage->scenario;
	const struct scenario *was = stage->scenario;

	other.properties = properties;
	stage->scenario = &other;
	char *text = stage_geojson(stage);
	struct weir_fences *fences = fences_of(text);
	free(text);
	stage->scenario = was;
	return fences;
}

#define LIMIT(most)                                                                                          \
	"\"rules\":[{\"rule\":\"density\",\"window_s\":60,\"max_devices\":" #most ",\"lateness_s\":0}]"

static const struct {
	const char *name, *properties;
	size_t alerts; /* by the end of the window */
	enum weir_phase last;
	const char *reason;
} reloads[] = {
        {"without the rule it ends at once", "\"rules\":[]", 2, WEIR_PHASE_CLEAR, "fences"},
        {"with another window it ends at once",
         "\"rules\":[{\"rule\":\"density\",\"window_s\":120,\"max_devices\":5}]", 2, WEIR_PHASE_CLEAR,
         "fences"},
        {"with the same limit it goes on", LIMIT(2), 1, WEIR_PHASE_RAISE, NULL},
        {"with a higher limit it ends with the window", LIMIT(3), 2, WEIR_PHASE_CLEAR, NULL},
};

START_TEST(a_reload_keeps_the_alert_as_long_as_there_is_the_rule)
{
	struct stage stage;

	open_keeping(&stage, &alarming);
	stage_play(&stage, "20 m=1 x=0; 21 m=2; 22 m=3; 24 tick");
	struct weir_fences *fences = with(&stage, reloads[_i].properties);
	weir_detect_change_chart(stage.detect, fences, NULL, (const uint32_t[]){0});
	stage_play(&stage, "25 m=1; 80 m=1; 80.1 m=2; 80.2 m=3");
	size_t repeated = 0;
	for (size_t i = 0; i < told_count; i++)
		repeated += told[i].repeated;
	ck_assert_msg(told_count - repeated == reloads[_i].alerts, "%s: %zu", reloads[_i].name, told_count);
	const struct weir_alert *last = &told[told_count - 1];
	ck_assert_msg(last->phase == reloads[_i].last, "%s", reloads[_i].name);
	if (reloads[_i].reason != NULL)
		ck_assert_str_eq(last->reason, reloads[_i].reason);
	else
		ck_assert_ptr_null(last->reason);
	weir_detect_free(stage.detect);
	stage.detect = NULL;
	weir_fences_free(fences);
	stage_close(&stage);
}
END_TEST

START_TEST(a_lower_limit_raises_when_the_window_closes)
{
	struct stage stage;

	open_keeping(&stage, &alarming);
	stage_play(&stage, "20 m=1 x=0; 21 m=2");
	ck_assert_uint_eq(told_count, 0);
	struct weir_fences *fences = with(&stage, LIMIT(1));
	weir_detect_change_chart(stage.detect, fences, NULL, (const uint32_t[]){0});
	stage_play(&stage, "79 m=1; 80 tick");
	ck_assert_uint_eq(told_count, 1);
	ck_assert(told[0].phase == WEIR_PHASE_RAISE);
	stage_play(&stage, "140 tick");
	ck_assert_uint_eq(told_count, 2);
	ck_assert(told[1].phase == WEIR_PHASE_CLEAR);
	weir_detect_free(stage.detect);
	stage.detect = NULL;
	weir_fences_free(fences);
	stage_close(&stage);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("density");
	TCase *tests = tcase_create("density");

	tcase_add_loop_test(tests, a_crowd_in_a_fence_gives_exactly_these_alerts, 0,
	                    SCENARIO_COUNT(scenarios));
	tcase_add_test(tests, an_alert_is_acknowledged_by_its_identifier_and_keeps_it);
	tcase_add_test(tests, each_alert_has_an_identifier_of_its_own);
	tcase_add_loop_test(tests, a_reload_keeps_the_alert_as_long_as_there_is_the_rule, 0,
	                    sizeof(reloads) / sizeof(*reloads));
	tcase_add_test(tests, a_lower_limit_raises_when_the_window_closes);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
