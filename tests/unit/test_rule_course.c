/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule course: who goes against the traffic, in three fixes.
 */
#include "scenario.h"

#define NORTH "\"rules\":[{\"rule\":\"course\",\"course_deg\":0}]"
#define NARROW "\"rules\":[{\"rule\":\"course\",\"course_deg\":350,\"tolerance_deg\":20,\"min_sog_kn\":5}]"
#define RAISE(off) "20 course raise course_deg=0 off_deg=" off "\n"

static const struct scenario scenarios[] = {
        {"with the traffic", NORTH, "0 c=0 every=10 until=100", ""},
        {"at the tolerance, to the right", NORTH, "0 c=45 every=10 until=100", ""},
        {"at the tolerance, to the left", NORTH, "0 c=315 every=10 until=100", ""},
        {"a tenth beyond it, to the right", NORTH, "0 c=45.1 every=10 until=50", RAISE("45.1")},
        {"a tenth beyond it, to the left", NORTH, "0 c=314.9 every=10 until=50", RAISE("45.1")},
        {"against it", NORTH, "0 c=180 every=10 until=50", RAISE("180")},
        {"two fixes are not three", NORTH, "0 c=180; 10; 20 c=0; 30 c=180; 40; 50 c=0", ""},
        {"slower than two knots says nothing of traffic", NORTH, "0 c=180 s=1.9 every=10 until=100", ""},
        {"two knots do", NORTH, "0 c=180 s=2 every=10 until=50", RAISE("180")},
        {"cleared by three fixes with the traffic", NORTH,
         "0 c=180 every=10 until=20; 30 c=0; 40 c=180; 50 c=10; 60; 70",
         RAISE("180") "70 course clear course_deg=0 off_deg=10 lasted_s=70\n"},
        {"cleared by leaving", NORTH, "0 c=180 every=10 until=20; 30 x=600; 40 x=700",
         RAISE("180") "40 course clear lasted_s=40 reason=left\n"},
        {"without a course nothing is said", NORTH, "0 c=180; 10; 20 c=-; 30 c=180",
         "30 course raise "
         "course_deg=0 "
         "off_deg=180\n"},
        {"another direction, tolerance and speed", NARROW,
         "0 c=10 s=5 every=10 until=50; 60 c=10.1 every=10 until=80",
         "80 course raise course_deg=350 off_deg=20.1\n"},
        {"in the hole all courses are free", NORTH, "0 x=0 c=180 every=10 until=50", "", SHAPE_HOLLOW},
};

SCENARIO_TEST(courses_give_exactly_these_alerts, scenarios)

int main(void)
{
	Suite *suite = suite_create("course");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, courses_give_exactly_these_alerts, 0, SCENARIO_COUNT(scenarios));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
