/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule cross: areas between two fixes.
 */
#include "scenario.h"

#define CROSS "\"rules\":[{\"rule\":\"cross\"},{\"rule\":\"exit\"}]"
#define CROSSED "60 cross event elapsed_s=60 distance_m=1200 inferred\n"

static const struct scenario scenarios[] = {
        {"passed through", CROSS, "0 x=-600; 60 x=600", CROSSED},
        {"passed through a corner", CROSS, "0 x=300 y=-600; 60 x=600 y=-300",
         "60 cross event elapsed_s=60 distance_m=420 inferred\n"},
        {"passed by", CROSS, "0 x=-600 y=600; 60 x=600 y=600", ""},
        {"seen inside: not inferred", CROSS, "0 x=-600; 30 x=0; 60 x=600", ""},
        {"inside before: it leaves", CROSS, "0 x=0; 10; 20 x=-600; 40 x=600", "40 exit event\n"},
        {"just ten minutes apart", CROSS, "0 x=-600; 600 x=600",
         "600 cross event elapsed_s=600 distance_m=1200 inferred\n"},
        {"more than ten minutes apart", CROSS, "0 x=-600; 600.1 x=600", ""},
        {"as far apart as the rule says", "\"rules\":[{\"rule\":\"cross\",\"max_gap_s\":50}]",
         "0 x=-600; 51 x=600; 101 x=-600", "101 cross event elapsed_s=50 distance_m=1200 inferred\n"},
        {"a report without a position between", CROSS, "0 x=-600; 30 p=-; 60 p=1 x=600", CROSSED},
        {"through the hole passes through the fence", CROSS, "0 x=-600; 60 x=600", CROSSED, SHAPE_HOLLOW},
        {"from the hole outwards", CROSS, "0 x=0; 60 x=600",
         "60 cross event elapsed_s=60 distance_m=600 inferred\n", SHAPE_HOLLOW},
        {"a jump goes nowhere in between",
         CROSS,
         "0 x=-3000; 10 x=3000",
         "10 jump event distance_m=6000 elapsed_s=10 implied_kn=1170\n",
         NULL,
         {1u << WEIR_RULE_JUMP}},
};

SCENARIO_TEST(ways_between_fixes_give_exactly_these_alerts, scenarios)

int main(void)
{
	Suite *suite = suite_create("cross");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, ways_between_fixes_give_exactly_these_alerts, 0,
	                    SCENARIO_COUNT(scenarios));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
