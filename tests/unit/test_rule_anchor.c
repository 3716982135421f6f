/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule anchor: who lies at anchor, is moored or has stopped, inside of a radius.
 */
#include "scenario.h"

#define FIVE_MINUTES "\"rules\":[{\"rule\":\"anchor\",\"severity\":\"alarm\"}]"
#define RAISE "300 anchor raise stopped_s=300 limit_s=300\n"

static const struct scenario scenarios[] = {
        {"stopped by its speed", FIVE_MINUTES, "0 s=0.4 every=60 until=600", RAISE},
        {"half a knot is not stopped", FIVE_MINUTES, "0 s=0.5 every=60 until=600", ""},
        {"at anchor by its status, whatever its speed", FIVE_MINUTES, "0 n=1 s=2 every=60 until=600", RAISE},
        {"moored by its status, without a speed", FIVE_MINUTES, "0 n=5 s=- every=60 until=600", RAISE},
        {"another status is not", FIVE_MINUTES, "0 n=6 s=1 every=60 until=600", ""},
        {"without speed and status nothing is said", FIVE_MINUTES, "0 n=- s=- every=60 until=600", ""},
        {"just under five minutes", FIVE_MINUTES, "0 s=0; 299.9; 300 s=1; 310 s=0; 600 s=0; 609 s=1", ""},
        {"told by a fix, not by time alone", FIVE_MINUTES, "0 s=0; 10; 600 tick; 700",
         "700 anchor raise stopped_s=700 limit_s=300\n"},
        {"drifting within the radius", FIVE_MINUTES, "0 s=0.4 x=0 vx=0.3 every=60 until=300", RAISE},
        {"drifting out of the radius begins anew", FIVE_MINUTES, "0 s=0.4 x=0 vx=0.4 every=60 until=560", ""},
        {"swinging does not clear it", FIVE_MINUTES,
         "0 s=0 x=0 every=60 until=300; 360 s=0.9 x=60; 420 s=0 x=-60", RAISE},
        {"a knot clears it", FIVE_MINUTES, "0 s=0 x=0 every=60 until=300; 360 s=1 x=60",
         RAISE "360 anchor clear moved_m=60 lasted_s=360\n"},
        {"a knot does not while it says that it is at anchor", FIVE_MINUTES,
         "0 n=1 s=0 x=0 every=60 until=300; 360 s=1 x=60", RAISE},
        {"leaving the radius clears it", FIVE_MINUTES, "0 n=1 s=0 x=0 every=60 until=300; 360 x=110",
         RAISE "360 anchor clear moved_m=110 lasted_s=360\n"},
        {"leaving the fence clears it", FIVE_MINUTES, "0 n=1 s=0.6 x=450 every=60 until=300; 360 x=510; 370",
         RAISE "370 anchor clear lasted_s=370 reason=left\n"},
        {"outside of the fence anybody may lie", FIVE_MINUTES, "0 s=0 x=600 every=60 until=900", ""},
        {"in the hole too", FIVE_MINUTES, "0 s=0 x=0 every=60 until=900", "", SHAPE_HOLLOW},
        {"a narrower radius and a shorter time",
         "\"rules\":[{\"rule\":\"anchor\",\"after_s\":60,\"radius_m\":20}]",
         "0 s=0 x=0; 30 x=30; 60 x=30; 91 x=30", "91 anchor raise stopped_s=61 limit_s=60\n"},
};

SCENARIO_TEST(stops_give_exactly_these_alerts, scenarios)

int main(void)
{
	Suite *suite = suite_create("anchor");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, stops_give_exactly_these_alerts, 0, SCENARIO_COUNT(scenarios));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
