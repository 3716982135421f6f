/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule speed: at the limit, just under, just over, for how long, and when it is cleared.
 */
#include "scenario.h"

#define MAX "\"rules\":[{\"rule\":\"speed\",\"max_sog_kn\":10,\"severity\":\"warning\"}]"
#define MAX_AT_ONCE "\"rules\":[{\"rule\":\"speed\",\"max_sog_kn\":10,\"sustain_s\":0}]"
#define MIN "\"rules\":[{\"rule\":\"speed\",\"min_sog_kn\":4,\"sustain_s\":20}]"
#define BAND "\"rules\":[{\"rule\":\"speed\",\"min_sog_kn\":4,\"max_sog_kn\":10,\"sustain_s\":0}]"

static const struct scenario scenarios[] = {
        {"at the limit is not above it", MAX, "0 s=10 every=10 until=300", ""},
        {"a tenth above it is", MAX, "0 s=10.1 every=10 until=60",
         "30 speed raise limit_kn=10 sustained_s=30\n"},
        {"just under 30 seconds are not 30", MAX, "0 s=12; 29.9; 30 s=10; 31 s=12; 60 s=12; 60.5 s=10", ""},
        {"a pause begins the time anew", MAX, "0 s=12 every=10 until=20; 25 s=9; 30 s=12 every=10 until=50",
         ""},
        {"cleared half a knot below", MAX, "0 s=12 every=10 until=30; 40 s=10; 50 s=9.6; 60 s=9.5; 70 s=9.5",
         "30 speed raise limit_kn=10 sustained_s=30\n60 speed clear limit_kn=10 lasted_s=60\n"},
        {"a tenth less than half a knot below is not enough", MAX,
         "0 s=12 every=10 until=30; 40 s=9.6 every=10 until=90",
         "30 speed raise limit_kn=10 sustained_s=30\n"},
        {"raised again after it was cleared", MAX_AT_ONCE, "0 s=12; 10 s=9; 20 s=12",
         "0 speed raise limit_kn=10 sustained_s=0\n10 speed clear limit_kn=10 lasted_s=10\n"
         "20 speed raise limit_kn=10 sustained_s=0\n"},
        {"cleared by leaving, as soon as that is sure", MAX_AT_ONCE, "0 s=12; 10; 20 x=600; 30 x=700",
         "0 speed raise limit_kn=10 sustained_s=0\n30 speed clear lasted_s=30 reason=left\n"},
        {"one fix outside says nothing of the speed", MAX_AT_ONCE, "0 s=12; 10; 20 x=600 s=5; 30 x=0 s=12",
         "0 speed raise limit_kn=10 sustained_s=0\n"},
        {"outside of the fence nobody is too fast", MAX_AT_ONCE, "0 x=600 s=30 every=10 until=100", ""},
        {"in a hole of the fence nobody is too fast", MAX_AT_ONCE, "0 x=0 s=30 every=10 until=100", "",
         SHAPE_HOLLOW},
        {"beside the hole it is", MAX_AT_ONCE, "0 x=300 s=30", "0 speed raise limit_kn=10 sustained_s=0\n",
         SHAPE_HOLLOW},
        {"without a speed nothing is said", MAX, "0 s=12; 10; 20 s=-; 30; 40 s=12; 50 s=-; 60",
         "40 speed raise limit_kn=10 sustained_s=40\n"},
        {"too slow: at the limit is not below it", MIN, "0 s=4 every=10 until=100", ""},
        {"too slow: a tenth below is", MIN, "0 s=3.9 every=10 until=40; 50 s=4.4; 60 s=4.5",
         "20 speed raise min_limit_kn=4 sustained_s=20\n60 speed clear min_limit_kn=4 lasted_s=60\n"},
        {"from too fast to too slow: one ends, the other begins", BAND, "0 s=11; 10 s=3; 20 s=7",
         "0 speed raise limit_kn=10 sustained_s=0\n10 speed clear limit_kn=10 lasted_s=10\n"
         "10 speed raise min_limit_kn=4 sustained_s=0\n20 speed clear min_limit_kn=4 lasted_s=10\n"},
        {"silent: given up, and cleared then", MAX_AT_ONCE, "0 s=12; 5000 tick",
         "0 speed raise limit_kn=10 sustained_s=0\n1800 speed clear lasted_s=1800 reason=silent\n"},
        {"each device is judged by itself", MAX,
         "0 m=1 s=12; 1 m=2 s=8; 20 m=1 s=8; 20 m=2 s=12; 40 m=1 s=12; 50 m=2 s=12",
         "50 000000002 speed raise limit_kn=10 sustained_s=30\n"},
        {"a GPS device too", MAX_AT_ONCE, "0 class=gps s=12; 100 s=3",
         "0 truck speed raise limit_kn=10 sustained_s=0\n100 truck speed clear limit_kn=10 lasted_s=100\n"},
        {"a base station is not judged", MAX_AT_ONCE, "0 class=base s=12 every=10 until=40", ""},
};

SCENARIO_TEST(the_speed_in_a_fence_gives_exactly_these_alerts, scenarios)

int main(void)
{
	Suite *suite = suite_create("speed");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, the_speed_in_a_fence_gives_exactly_these_alerts, 0,
	                    SCENARIO_COUNT(scenarios));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
