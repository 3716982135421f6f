/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule dwell: who stays for so long, told at the moment, with reports or without.
 */
#include "scenario.h"

#define TEN_MINUTES "\"rules\":[{\"rule\":\"dwell\",\"dwell_s\":600}]"
#define ONE_FIX "\"confirm_fixes\":1," TEN_MINUTES
#define RAISE "600 dwell raise dwell_s=600 limit_s=600\n"

static const struct scenario scenarios[] = {
        {"told when it is due, between two fixes", TEN_MINUTES, "0 s=0 every=180 until=700; 700 tick", RAISE},
        {"told by time alone", TEN_MINUTES, "0; 10; 650 tick", RAISE},
        {"just under is not", TEN_MINUTES, "0; 10; 599.9 tick", ""},
        {"a fix at that moment comes after it", TEN_MINUTES, "0; 10; 600; 610 tick", RAISE},
        {"leaving just before", TEN_MINUTES, "0; 10; 590 x=600; 599 x=700; 1000 tick", ""},
        {"leaving just after", TEN_MINUTES, "0; 10; 590; 601 x=600; 611 x=700; 1000 tick",
         RAISE "611 dwell clear lasted_s=611 reason=left\n"},
        {"a fix outside that is not confirmed holds it back, and one inside tells it", TEN_MINUTES,
         "0; 10; 590 x=600; 660 x=0; 700 tick", "660 dwell raise dwell_s=660 limit_s=600\n"},
        {"counted from the first fix inside, though two are needed", TEN_MINUTES,
         "0 x=600; 10 x=0; 20; 605; 611 tick", "610 dwell raise dwell_s=600 limit_s=600\n"},
        {"one fix is not enough of two", TEN_MINUTES, "0; 700 tick", ""},
        {"one fix is enough of one", ONE_FIX, "0; 700 tick", RAISE},
        {"in and out: each stay counts by itself", TEN_MINUTES,
         "0; 10; 300 x=600; 310 x=700; 320 x=0; 330; 900; 930 tick",
         "920 dwell raise dwell_s=600 limit_s=600\n"},
        {"told once", TEN_MINUTES, "0 every=60 until=7200", RAISE},
        {"given up when silent", TEN_MINUTES, "0; 10; 3000 tick",
         RAISE "1810 dwell clear lasted_s=1810 reason=silent\n"},
        {"in the hole is not in the fence", TEN_MINUTES, "0 x=0 every=60 until=1200", "", SHAPE_HOLLOW},
        {"another device does not keep it there", TEN_MINUTES,
         "0; 10; 300 x=600; 310 x=700; 320 m=7 x=0; 800 m=7", ""},
        {"a GPS device is named though it says nothing", TEN_MINUTES, "0 class=gps; 10; 700 tick",
         "600 truck dwell raise dwell_s=600 limit_s=600\n"},
};

SCENARIO_TEST(stays_give_exactly_these_alerts, scenarios)

int main(void)
{
	Suite *suite = suite_create("dwell");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, stays_give_exactly_these_alerts, 0, SCENARIO_COUNT(scenarios));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
