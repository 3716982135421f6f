/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules without a fence: distress, jump, identity.
 */
#include "scenario.h"

#define NO_RULES "\"rules\":[]"
#define DISTRESS                                                                                             \
	{                                                                                                    \
		1u << WEIR_RULE_DISTRESS                                                                     \
	}
#define JUMPS                                                                                                \
	{                                                                                                    \
		1u << WEIR_RULE_JUMP | 1u << WEIR_RULE_IDENTITY                                              \
	}
#define SART "970123456 distress "

static const struct scenario scenarios[] = {
        {"a SART is told at once, wherever it is", NO_RULES, "0 m=970123456 n=14 x=90000",
         "0 " SART "raise\n", NULL, DISTRESS},
        {"MOB and EPIRB too", NO_RULES, "0 m=972123456 n=14; 1 m=974123456 n=14",
         "0 972123456 distress raise\n1 974123456 distress raise\n", NULL, DISTRESS},
        {"without a position too", NO_RULES, "0 m=970123456 n=14 p=-", "0 " SART "raise\n", NULL, DISTRESS},
        {"told once, and cleared when it is silent", NO_RULES,
         "0 m=970123456 n=14 every=60 until=600; 3000 tick",
         "0 " SART "raise\n2400 " SART "clear lasted_s=2400 reason=silent\n", NULL, DISTRESS},
        {"a test is told as one, once", NO_RULES, "0 m=970123456 n=- every=10 until=100",
         "0 " SART "event test\n", NULL, DISTRESS},
        {"a test that becomes distress", NO_RULES, "0 m=970123456 n=-; 10 n=14",
         "0 " SART "event test\n10 " SART "raise\n", NULL, DISTRESS},
        {"distress that turns out to be a test", NO_RULES, "0 m=970123456 n=14; 10 n=-",
         "0 " SART "raise\n10 " SART "event test\n10 " SART "clear lasted_s=10\n", NULL, DISTRESS},
        {"any other status of a SART is distress", NO_RULES, "0 m=970123456 n=0", "0 " SART "raise\n", NULL,
         DISTRESS},
        {"a ship with status 14, outside of the area", NO_RULES, "0 n=14 x=90000", "0 distress raise\n", NULL,
         DISTRESS},
        {"a ship that takes it back", NO_RULES, "0 n=14 x=90000; 10 n=0",
         "0 distress raise\n10 distress clear lasted_s=10\n", NULL, DISTRESS},
        {"a ship without a status tests nothing", NO_RULES, "0 n=-; 10", "", NULL, DISTRESS},
        {"switched off, nothing is told", NO_RULES, "0 n=14; 10 m=970123456", ""},
        {"as fast as can be is no jump", NO_RULES, "0 x=-2000; 130 x=2000", "", NULL, JUMPS},
        {"faster is", NO_RULES, "0 x=-2000; 129 x=2000",
         "129 jump event distance_m=4000 elapsed_s=129 implied_kn=60\n", NULL, JUMPS},
        {"less than a mile may be the clocks", NO_RULES, "0 x=0; 1 x=1840", "", NULL, JUMPS},
        {"another limit",
         NO_RULES,
         "0 x=-2000; 129 x=2000; 259 x=-2000; 352 x=2000",
         "352 jump event distance_m=4000 elapsed_s=93 implied_kn=80\n",
         NULL,
         {1u << WEIR_RULE_JUMP, .jump_sog_kn = 80}},
        {"a truck may go at 130 knots", NO_RULES, "0 class=gps x=-2000; 60 x=2000", "", NULL, JUMPS},
        {"an aircraft may go at any", NO_RULES, "0 class=aircraft x=-2000; 10 x=2000", "", NULL, JUMPS},
        {"one wild position is one jump", NO_RULES, "0 x=0; 10 x=4000; 20 x=0; 30; 3000 tick",
         "10 jump event distance_m=4000 elapsed_s=10 implied_kn=780\n", NULL, JUMPS},
        {"one identity in two places", NO_RULES, "0 x=0; 10 x=4000; 20 x=0; 30 x=4000; 40 x=0; 50; 700 tick",
         "10 jump event distance_m=4000 elapsed_s=10 implied_kn=780\n"
         "30 identity raise distance_m=4000 elapsed_s=10\n630 identity clear lasted_s=600\n",
         NULL, JUMPS},
        {"three places are jumps", NO_RULES, "0 x=0; 10 x=4000; 20 x=0 y=3000; 30 x=-4000 y=0",
         "10 jump event distance_m=4000 elapsed_s=10 implied_kn=780\n"
         "20 jump event distance_m=5000 elapsed_s=10 implied_kn=970\n"
         "30 jump event distance_m=5000 elapsed_s=10 implied_kn=970\n",
         NULL, JUMPS},
};

SCENARIO_TEST(what_belongs_to_no_fence_gives_exactly_these_alerts, scenarios)

int main(void)
{
	Suite *suite = suite_create("everywhere");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, what_belongs_to_no_fence_gives_exactly_these_alerts, 0,
	                    SCENARIO_COUNT(scenarios));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
