/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Alarms that are raised: told again, and acknowledged.
 */
#include <errno.h>

#include "scenario.h"

#define ALARM "\"rules\":[{\"rule\":\"speed\",\"max_sog_kn\":5,\"sustain_s\":0,\"severity\":\"alarm\"}]"
#define WARNING "\"rules\":[{\"rule\":\"speed\",\"max_sog_kn\":5,\"sustain_s\":0,\"severity\":\"warning\"}]"
#define EVERY_MINUTE                                                                                         \
	{                                                                                                    \
		.repeat_ns = 60 * SECOND                                                                     \
	}

static const struct scenario repeats[] = {
        {"an alarm that nobody acknowledges is told each minute, until it is over", ALARM,
         "0 x=0; 10; 130; 150 s=4; 500 tick",
         "0 speed raise limit_kn=5 sustained_s=0\n60 speed raise lasted_s=60 repeated\n"
         "120 speed raise lasted_s=120 repeated\n150 speed clear limit_kn=5 lasted_s=150\n",
         NULL, EVERY_MINUTE},
        {"a warning is told once", WARNING, "0 x=0; 10; 130; 500 tick",
         "0 speed raise limit_kn=5 sustained_s=0\n", NULL, EVERY_MINUTE},
        {"so is an alarm where that is enough", ALARM, "0 x=0; 10; 130; 500 tick",
         "0 speed raise limit_kn=5 sustained_s=0\n"},
};

SCENARIO_TEST(alarms_are_repeated, repeats)

static char raised_id[WEIR_ALERT_ID_SIZE];

static void keep_id(void *context, const struct weir_event *event)
{
	if (event->alert != NULL)
		memcpy(raised_id, event->alert->id, sizeof(raised_id));
	stage_event(context, event);
}

START_TEST(an_alarm_that_is_acknowledged_is_not_repeated)
{
	static const struct scenario once = {"once", ALARM, "", "", NULL, EVERY_MINUTE};
	struct stage stage;

	stage_open(&stage, &once, &scenario_ways[0]);
	weir_detect_free(stage.detect);
	ck_assert_int_eq(weir_detect_new(&stage.detect,
	                                 &(struct weir_engine_options){.area = stage.area,
	                                                               .fences = stage.fences,
	                                                               .rules = once.rules},
	                                 &(struct weir_engine_sink){.context = &stage, .event = keep_id}),
	                 0);
	stage_play(&stage, "0 x=0 s=12");
	ck_assert_int_eq(weir_detect_acknowledge(stage.detect, "0123456789abcdef0123456789abcdef",
	                                         SCENARIO_START + 70 * SECOND),
	                 -ENOENT);
	char id[WEIR_ALERT_ID_SIZE];
	memcpy(id, raised_id, sizeof(id));
	ck_assert_int_eq(weir_detect_acknowledge(stage.detect, id, SCENARIO_START + 80 * SECOND), 0);
	ck_assert_int_eq(weir_detect_acknowledge(stage.detect, id, SCENARIO_START + 90 * SECOND), 0);
	stage_play(&stage, "200 x=0 s=12; 210 s=3");
	ck_assert_str_eq(stage.log,
	                 "0 speed raise limit_kn=5 sustained_s=0\n60 speed raise lasted_s=60 repeated\n"
	                 "80 speed raise lasted_s=80 ack\n"
	                 "210 speed clear limit_kn=5 lasted_s=210 ack\n");
	ck_assert_str_eq(raised_id, id);
	ck_assert_int_eq(weir_detect_acknowledge(stage.detect, id, SCENARIO_START + 220 * SECOND), -ENOENT);
	stage_close(&stage);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("acknowledge");
	TCase *tests = tcase_create("alarms");

	tcase_add_loop_test(tests, alarms_are_repeated, 0, SCENARIO_COUNT(repeats));
	tcase_add_test(tests, an_alarm_that_is_acknowledged_is_not_repeated);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
