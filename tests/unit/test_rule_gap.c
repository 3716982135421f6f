/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule gap: who was inside and fell silent, told at the moment, and cleared when heard.
 */
#include "scenario.h"

#define QUARTER "\"rules\":[{\"rule\":\"gap\",\"gap_s\":900}]"
#define TWO_HOURS "\"rules\":[{\"rule\":\"gap\",\"gap_s\":7200}]"

static const struct scenario scenarios[] = {
        {"silent for so long", QUARTER, "0; 10; 2000 tick", "910 gap raise gap_s=900 limit_s=900\n"},
        {"just under is not", QUARTER, "0; 10; 909.9 tick; 909.9; 1800; 1801 x=600", ""},
        {"heard again, inside", QUARTER, "0; 10; 1000",
         "910 gap raise gap_s=900 limit_s=900\n1000 gap clear lasted_s=990\n"},
        {"heard again, outside of everything", QUARTER, "0; 10; 1000 x=9000",
         "910 gap raise gap_s=900 limit_s=900\n1000 gap clear lasted_s=990\n"},
        {"heard again by its static data", QUARTER, "0; 10; 1000 type=70",
         "910 gap raise gap_s=900 limit_s=900\n1000 gap clear lasted_s=990\n"},
        {"silent twice", QUARTER, "0; 10; 1000; 2000 tick",
         "910 gap raise gap_s=900 limit_s=900\n1000 gap clear lasted_s=990\n"
         "1900 gap raise gap_s=900 limit_s=900\n"},
        {"one that was leaving is not missed", QUARTER, "0; 10; 20 x=600; 2000 tick", ""},
        {"one that was outside is not missed", QUARTER, "0 x=600; 10; 2000 tick", ""},
        {"one that was seen inside once is not missed", QUARTER, "0; 2000 tick", ""},
        {"longer than the silence after which others are let go", TWO_HOURS, "0; 10; 7300 tick; 8000",
         "7210 gap raise gap_s=7200 limit_s=7200\n8000 gap clear lasted_s=7990\n"},
        {"given up after a day", QUARTER, "0; 10; 90000 tick",
         "910 gap raise gap_s=900 limit_s=900\n87310 gap clear lasted_s=87300 reason=silent\n"},
        {"those whom nobody would miss are let go as ever", TWO_HOURS, "0 x=600; 10; 7300 tick; 8000", ""},
};

SCENARIO_TEST(silence_gives_exactly_these_alerts, scenarios)

int main(void)
{
	Suite *suite = suite_create("gap");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, silence_gives_exactly_these_alerts, 0, SCENARIO_COUNT(scenarios));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
