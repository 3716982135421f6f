/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule gate: lines between two fixes, and in which direction.
 */
#include "scenario.h"

#define GATE(more) "\"rules\":[{\"rule\":\"gate\"" more "}],\"gate\":true"

static const struct scenario scenarios[] = {
        {"a gate, eastwards", GATE(""), "0 x=-100; 60 x=100",
         "60 gate event elapsed_s=60 distance_m=200 left_to_right\n", SHAPE_GATE},
        {"a gate, westwards", GATE(""), "0 x=100; 60 x=-100",
         "60 gate event elapsed_s=60 distance_m=200 right_to_left\n", SHAPE_GATE},
        {"a gate, there and back", GATE(""), "0 x=-100; 60 x=100; 120 x=-100",
         "60 gate event elapsed_s=60 distance_m=200 left_to_right\n"
         "120 gate event elapsed_s=60 distance_m=200 right_to_left\n",
         SHAPE_GATE},
        {"beside the gate", GATE(""), "0 x=-100 y=510; 60 x=100", "", SHAPE_GATE},
        {"up to the gate and back", GATE(""), "0 x=-100; 60 x=-1; 120 x=-100", "", SHAPE_GATE},
        {"the other direction is not asked for", GATE(",\"direction\":\"left_to_right\""),
         "0 x=100; 60 x=-100; 120 x=100", "120 gate event elapsed_s=60 distance_m=200 left_to_right\n",
         SHAPE_GATE},
        {"the other one is", GATE(",\"direction\":\"right_to_left\""), "0 x=100; 60 x=-100; 120 x=100",
         "60 gate event elapsed_s=60 distance_m=200 right_to_left\n", SHAPE_GATE},
        {"who lies at the gate does not cross it", GATE(""),
         "0 s=0.4 x=-10; 10 x=10; 20 x=-10; 30 x=10; 40 x=-10", "", SHAPE_GATE},
        {"who goes at half a knot does", GATE(""), "0 s=0.5 x=-5; 10 x=5",
         "10 gate event elapsed_s=10 distance_m=10 left_to_right\n", SHAPE_GATE},
        {"too long between the fixes", GATE(",\"max_gap_s\":30"), "0 x=-100; 31 x=100", "", SHAPE_GATE},
        {"for those whom the gate is for", "\"filter\":{\"min_sog_kn\":8}," GATE(""),
         "0 s=7.9 x=-100; 60 x=100; 120 s=8 x=-100",
         "120 gate event elapsed_s=60 distance_m=200 right_to_left\n", SHAPE_GATE},
};

SCENARIO_TEST(gates_on_the_way_give_exactly_these_alerts, scenarios)

int main(void)
{
	Suite *suite = suite_create("gate");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, gates_on_the_way_give_exactly_these_alerts, 0, SCENARIO_COUNT(scenarios));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
