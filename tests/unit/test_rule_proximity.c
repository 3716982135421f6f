/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rule proximity: who will come too close to whom.
 */
#include "detect/near.h"
#include "polygons.h"
#include "scenario.h"

/* Within 100 m in five minutes. */
#define CLOSE "\"rules\":[{\"rule\":\"proximity\",\"cpa_m\":100,\"tcpa_s\":300}]"
#define SHORT "\"rules\":[{\"rule\":\"proximity\",\"cpa_m\":100,\"tcpa_s\":60}]"

/* 1 goes east and 2 west, each at 2 m/s (3.9 kn; in the reports 3.9), 800 m apart; `y` is how far beside. */
#define MEETING(y)                                                                                           \
	"0 m=1 x=-400 y=0 s=3.9 c=90; 1 m=2 x=400 y=" y " c=270; "                                           \
	"10 m=1 x=-380 y=0 c=90; 11 m=2 x=380 y=" y " c=270; 20 m=1 x=-360 y=0 c=90; "                       \
	"21 m=2 x=360 y=" y " c=270; 30 m=1 x=-340 y=0 c=90;"
#define RAISE(cpa, tcpa, distance, limit_s)                                                                  \
	"20 000000001 proximity raise cpa_m=" cpa " tcpa_s=" tcpa " distance_m=" distance                    \
	" limit_m=100 limit_s=" limit_s " other=000000002\n"

static const struct scenario scenarios[] = {
        {"head on", CLOSE, MEETING("0"), RAISE("0", "180", "720", "300")},
        {"90 m beside", CLOSE, MEETING("90"), RAISE("90", "180", "730", "300")},
        {"110 m beside", CLOSE, MEETING("110"), ""},
        {"too far in the future", SHORT, MEETING("0"), ""},
        {"one look is not enough", CLOSE, "0 m=1 x=-400 s=3.9 c=90; 1 m=2 x=400 c=270; 10 m=1 x=-380 c=0",
         ""},
        {"cleared when one turns away", CLOSE, MEETING("0") "40 m=1 x=-340 y=-20 c=180",
         RAISE("0", "180", "720", "300") "40 000000001 proximity clear lasted_s=29 other=000000002\n"},
        {"cleared on the fix of the other, for the one that raised it", CLOSE,
         MEETING("0") "41 m=2 x=360 y=60 s=12 c=0",
         RAISE("0", "180", "720", "300") "41 000000001 proximity clear lasted_s=30 other=000000002\n"},
        {"a little wider is not clear", CLOSE, MEETING("90") "40 m=1 x=-340 y=-30 c=90",
         RAISE("90", "180", "730", "300")},
        {"cleared when one stops", CLOSE, MEETING("0") "40 m=2 x=340 s=0.9",
         RAISE("0", "180", "720", "300") "40 000000001 proximity clear lasted_s=29 other=000000002\n"},
        {"a knot is enough to be judged", CLOSE,
         "0 m=1 x=-40 s=1 c=90; 1 m=2 x=40 c=270; 10 m=1 x=-40 c=90; 11 m=2 x=40 c=270; 20 m=1 x=-40 c=90",
         "20 000000001 proximity raise cpa_m=0 tcpa_s=73 distance_m=80 limit_m=100 limit_s=300 "
         "other=000000002\n"},
        {"slower is not", CLOSE, "0 m=1 x=-40 s=0.9 c=90; 1 m=2 x=40 c=270; 10 m=1; 11 m=2; 20 m=1; 21 m=2",
         ""},
        {"moored ones are not", CLOSE,
         "0 m=1 x=-40 s=1 n=5 c=90; 1 m=2 x=40 n=0 c=270; 10 m=1 n=5; 11 m=2 n=0; 20 m=1 n=5", ""},
        {"a tug may come close", CLOSE, "0 m=2 type=52;" MEETING("0"), ""},
        {"a tanker may not", CLOSE, "0 m=2 type=80;" MEETING("0"), RAISE("0", "180", "720", "300")},
        {"one outside of the fence is not judged", CLOSE,
         "0 m=1 x=300 s=3.9 c=90; 1 m=2 x=700 c=270; 10 m=1 x=320 c=90; 11 m=2 x=680 c=270; 20 m=1 x=340 "
         "c=90",
         ""},
        {"cleared when one leaves", CLOSE, MEETING("0") "40 m=2 x=600 c=270; 50",
         RAISE("0", "180", "720",
               "300") "50 000000001 proximity clear lasted_s=39 other=000000002 reason=left\n"},
        {"cleared when one is lost", CLOSE, MEETING("0") "300 m=1 x=200 c=90",
         RAISE("0", "180", "720", "300") "300 000000001 proximity clear lasted_s=289 other=000000002\n"},
        {"cleared when both are", CLOSE, MEETING("0") "5000 tick",
         RAISE("0", "180", "720",
               "300") "1821 000000001 proximity clear lasted_s=1810 other=000000002 reason=silent\n"},
        {"three are three pairs", CLOSE,
         "0 m=1 x=-400 y=0 s=3.9 c=90; 1 m=2 x=400 c=270; 2 m=3 x=400 y=50;"
         "10 m=1 x=-380 y=0 c=90; 11 m=2 x=380 c=270; 12 m=3 x=380 y=50;"
         "20 m=1 x=-360 y=0 c=90; 21 m=2 x=360 c=270; 22 m=3 x=360 y=50",
         "20 000000001 proximity raise cpa_m=0 tcpa_s=180 distance_m=720 limit_m=100 limit_s=300 "
         "other=000000002\n"
         "20 000000001 proximity raise cpa_m=50 tcpa_s=180 distance_m=730 limit_m=100 limit_s=300 "
         "other=000000003\n"
         "21 000000002 proximity raise cpa_m=50 tcpa_s=0 distance_m=50 limit_m=100 limit_s=300 "
         "other=000000003\n"},
};

SCENARIO_TEST(encounters_give_exactly_these_alerts, scenarios)

#define DEVICES 2000

START_TEST(the_index_finds_what_is_near)
{
	uint64_t seed = random_seed(0x4ea4);
	struct weir_near near;
	static int32_t places[DEVICES][2];
	static uint32_t found[DEVICES];

	ck_assert_int_eq(weir_near_new(&near, DEVICES), 0);
	for (int round = 0; round < 20; round++) {
		double middle = random_between(&seed, -180, 180), latitude = random_between(&seed, -80, 80);

		for (uint32_t i = 0; i < DEVICES; i++) {
			double east = remainder(middle + random_between(&seed, -2, 2), 360);

			places[i][0] = (int32_t)(east * 1e7);
			places[i][1] = (int32_t)((latitude + random_between(&seed, -1, 1)) * 1e7);
			if (i % 7 == 0)
				weir_near_remove(&near, i);
			else
				weir_near_put(&near, i, places[i][0], places[i][1]);
		}
		double metres = random_between(&seed, 100, 30000);
		bool cut = false;
		size_t count =
		        weir_near_find(&near, places[1][0], places[1][1], metres, found, DEVICES, &cut);
		ck_assert(!cut);
		for (uint32_t i = 0; i < DEVICES; i++) {
			size_t times = 0;

			for (size_t k = 0; k < count; k++)
				times += found[k] == i;
			ck_assert_uint_le(times, i % 7 != 0);
			if (i % 7 != 0 && weir_distance_m(places[1][0] / 1e7, places[1][1] / 1e7,
			                                  places[i][0] / 1e7, places[i][1] / 1e7) < metres)
				ck_assert_uint_eq(times, 1);
		}
	}
	weir_near_clear(&near);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("proximity");
	TCase *tests = tcase_create("scenarios");

	tcase_add_loop_test(tests, encounters_give_exactly_these_alerts, 0, SCENARIO_COUNT(scenarios));
	tcase_add_test(tests, the_index_finds_what_is_near);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
