/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Routes, vessels and the timetable: the parts of the simulation that know no AIS.
 */
#include <errno.h>
#include <math.h>

#include "simulate/fleet.h"
#include "simulate/identity.h"
#include "simulate/reporting.h"
#include "simulate/rotterdam.h"
#include "simulate/route.h"
#include "simulate/timetable.h"
#include "simulate/vessel.h"
#include "suite.h"

#define KNOT (1852.0 / 3600.0)

static struct weir_route *route_of(enum weir_waterway waterway)
{
	const struct weir_chart *chart = weir_chart(waterway);
	struct weir_route *route = NULL;

	ck_assert_int_eq(weir_route_new(&route, chart->waypoints, chart->count), 0);
	return route;
}

static double apart_m(double a_longitude, double a_latitude, double b_longitude, double b_latitude)
{
	double east, north;

	weir_difference(a_longitude, a_latitude, b_longitude, b_latitude, &east, &north);
	return hypot(east, north);
}

START_TEST(a_route_goes_from_its_first_waypoint_to_its_last)
{
	const struct weir_chart *chart = weir_chart((enum weir_waterway)_i);
	const struct weir_waypoint *last = &chart->waypoints[chart->count - 1];
	struct weir_route *route = route_of((enum weir_waterway)_i);
	struct weir_place place;

	weir_route_at(route, -5, &place);
	ck_assert_double_lt(apart_m(place.longitude_deg, place.latitude_deg,
	                            chart->waypoints[0].longitude_deg, chart->waypoints[0].latitude_deg),
	                    0.1);
	weir_route_at(route, 1e9, &place);
	ck_assert_double_lt(
	        apart_m(place.longitude_deg, place.latitude_deg, last->longitude_deg, last->latitude_deg),
	        0.1);
	weir_route_free(route);
}
END_TEST

START_TEST(a_route_has_neither_jumps_nor_kinks)
{
	struct weir_route *route = route_of((enum weir_waterway)_i);
	double length = weir_route_length_m(route);
	struct weir_place before, place;

	weir_route_at(route, 0, &before);
	for (double at = 20; at < length; at += 20) {
		weir_route_at(route, at, &place);
		double moved = apart_m(before.longitude_deg, before.latitude_deg, place.longitude_deg,
		                       place.latitude_deg);
		ck_assert_double_lt(fabs(moved - 20), 1.0);
		/* The sharpest corner is the one around the dam into the Nieuwe Waterweg. */
		ck_assert_double_lt(fabs(weir_course_change(before.course_deg, place.course_deg)), 25.0);
		before = place;
	}
	weir_route_free(route);
}
END_TEST

START_TEST(a_rounded_route_passes_each_waypoint_within_the_fairway)
{
	const struct weir_chart *chart = weir_chart((enum weir_waterway)_i);
	struct weir_route *route = route_of((enum weir_waterway)_i);

	for (size_t i = 0; i < chart->count; i++) {
		const struct weir_waypoint *waypoint = &chart->waypoints[i];
		double away;
		weir_route_nearest_m(route, waypoint->longitude_deg, waypoint->latitude_deg, &away);
		ck_assert_msg(away <= fmax(waypoint->half_width_m, 150), "%s, waypoint %zu: %.0f m off",
		              chart->id, i, away);
	}
	weir_route_free(route);
}
END_TEST

START_TEST(a_route_needs_two_places)
{
	struct weir_waypoint same[] = {{4, 52, 10, 100}, {4, 52, 10, 100}};
	struct weir_route *route = NULL;

	ck_assert_int_eq(weir_route_new(&route, same, 1), -EINVAL);
	ck_assert_int_eq(weir_route_new(&route, same, 2), -EINVAL);
	ck_assert_ptr_null(route);
}
END_TEST

START_TEST(a_vessel_sails_as_far_as_its_speed_says)
{
	struct weir_waypoint line[] = {{3, 52, 20, 100}, {3.5, 52, 20, 100}};
	struct weir_route *route = NULL;
	struct weir_vessel vessel = {.leg_count = 1};

	ck_assert_int_eq(weir_route_new(&route, line, 2), 0);
	vessel.legs[0] = (struct weir_leg){
	        .kind = WEIR_LEG_SAIL, .speed_kn = 12, .route = route, .to_m = weir_route_length_m(route)};
	weir_vessel_begin(&vessel, 1000);
	double longitude = vessel.motion.longitude_deg;
	for (int i = 0; i < 60; i++)
		weir_vessel_advance(&vessel, 10);
	double run = apart_m(longitude, 52, vessel.motion.longitude_deg, vessel.motion.latitude_deg);
	ck_assert_double_lt(fabs(run - 600 * 12 * KNOT), 5);
	ck_assert_double_lt(fabs(vessel.motion.sog_kn - 12), 0.01);
	ck_assert_double_lt(fabs(vessel.motion.cog_deg - 90), 0.5);
	weir_route_free(route);
}
END_TEST

START_TEST(a_vessel_keeps_to_starboard_both_ways)
{
	struct weir_waypoint line[] = {{3, 52, 20, 1000}, {3.5, 52, 20, 1000}};
	struct weir_route *route = NULL;

	ck_assert_int_eq(weir_route_new(&route, line, 2), 0);
	for (int backwards = 0; backwards <= 1; backwards++) {
		struct weir_vessel vessel = {.leg_count = 1, .keep_starboard = 0.5};
		double length = weir_route_length_m(route);
		vessel.legs[0] = (struct weir_leg){.kind = WEIR_LEG_SAIL,
		                                   .speed_kn = 12,
		                                   .route = route,
		                                   .from_m = backwards ? length : 0,
		                                   .to_m = backwards ? 0 : length};
		weir_vessel_begin(&vessel, 5000);
		weir_vessel_advance(&vessel, 60);
		double east, north;
		weir_difference(3.25, 52, vessel.motion.longitude_deg, vessel.motion.latitude_deg, &east,
		                &north);
		ck_assert_double_lt(fabs(north - (backwards ? 500 : -500)), 1);
	}
	weir_route_free(route);
}
END_TEST

START_TEST(a_vessel_that_arrives_moors_where_it_came_to_and_goes_back)
{
	struct weir_waypoint line[] = {{3, 52, 20, 100}, {3.02, 52, 20, 100}};
	struct weir_route *route = NULL;
	struct weir_vessel vessel = {.leg_count = 3};

	ck_assert_int_eq(weir_route_new(&route, line, 2), 0);
	double length = weir_route_length_m(route);
	vessel.legs[0] = (struct weir_leg){
	        .kind = WEIR_LEG_SAIL, .speed_kn = 12, .route = route, .from_m = 0, .to_m = length};
	vessel.legs[1] = (struct weir_leg){
	        .kind = WEIR_LEG_STAY, .nav_status = WEIR_STATUS_MOORED, .here = true, .duration_s = 600};
	vessel.legs[2] = (struct weir_leg){
	        .kind = WEIR_LEG_SAIL, .speed_kn = 12, .route = route, .from_m = length, .to_m = 0};
	weir_vessel_begin(&vessel, 0);
	bool moored = false;
	for (int i = 0; i < 3600 && !vessel.done; i++) {
		weir_vessel_advance(&vessel, 2);
		if (vessel.leg != 1)
			continue;
		moored = true;
		ck_assert_int_eq(vessel.motion.nav_status, WEIR_STATUS_MOORED);
		ck_assert_double_lt(fabs(vessel.motion.longitude_deg - 3.02), 1e-4);
	}
	ck_assert(moored);
	ck_assert(vessel.done);
	ck_assert_double_lt(fabs(vessel.motion.longitude_deg - 3.0), 1e-4);
	weir_route_free(route);
}
END_TEST

START_TEST(a_loitering_vessel_stays_in_its_area_at_its_speed)
{
	struct weir_vessel vessel = {.leg_count = 1, .phase = 0.3};

	vessel.legs[0] = (struct weir_leg){.kind = WEIR_LEG_LOITER,
	                                   .speed_kn = 6,
	                                   .longitude_deg = 4,
	                                   .latitude_deg = 52,
	                                   .radius_m = 1000};
	weir_vessel_begin(&vessel, 0);
	for (int i = 0; i < 10000; i++) {
		struct weir_motion before = vessel.motion;
		weir_vessel_advance(&vessel, 2);
		ck_assert_double_le(apart_m(4, 52, vessel.motion.longitude_deg, vessel.motion.latitude_deg),
		                    1001);
		ck_assert_double_le(vessel.motion.sog_kn, 6);
		double moved = apart_m(before.longitude_deg, before.latitude_deg, vessel.motion.longitude_deg,
		                       vessel.motion.latitude_deg);
		double meant = (before.sog_kn + vessel.motion.sog_kn) / 2 * KNOT * 2;
		ck_assert_double_lt(fabs(moved - meant), 0.2);
	}
}
END_TEST

/* The rows of M.1371-5, annex 1, tables 1 and 2. */
static const struct {
	const char *name;
	uint8_t status;
	double sog_kn, turn_deg_min, interval_s;
} intervals[] = {
        {"at anchor", 1, 0.2, 0, 180},
        {"moored", 5, 0, 0, 180},
        {"moored, yet faster than 3 kn", 5, 3.1, 0, 10},
        {"0 to 14 kn", 0, 14, 0, 10},
        {"0 to 14 kn and changing course", 0, 10, 20, 10.0 / 3},
        {"0 to 14 kn and changing course to port", 0, 10, -20, 10.0 / 3},
        {"14 to 23 kn", 0, 14.1, 0, 6},
        {"14 to 23 kn and changing course", 0, 20, 15, 2},
        {"above 23 kn", 0, 23.1, 0, 2},
        {"above 23 kn and changing course", 0, 30, 15, 2},
        {"not under command", 2, 1, 0, 10},
};

START_TEST(class_a_reports_as_often_as_table_1_says)
{
	double interval = weir_reporting_interval_a_s(intervals[_i].status, intervals[_i].sog_kn,
	                                              intervals[_i].turn_deg_min);

	ck_assert_msg(fabs(interval - intervals[_i].interval_s) < 1e-9, "%s: %g s", intervals[_i].name,
	              interval);
}
END_TEST

START_TEST(class_b_reports_as_often_as_table_2_says)
{
	ck_assert_double_eq(weir_reporting_interval_b_s(2.0), 180);
	ck_assert_double_eq(weir_reporting_interval_b_s(2.1), 30);
}
END_TEST

START_TEST(the_timetable_gives_entries_in_the_order_of_their_times)
{
	struct weir_timetable *timetable = NULL;
	struct weir_random random;
	struct weir_due last = {-1, 0};

	weir_random_seed(&random, 7);
	ck_assert_int_eq(weir_timetable_new(&timetable, 500), 0);
	for (uint32_t i = 0; i < 500; i++)
		weir_timetable_add(timetable, (struct weir_due){weir_random_below(&random, 100), i});
	for (int i = 0; i < 20000; i++) {
		struct weir_due due = weir_timetable_first(timetable);
		ck_assert(due.time_ns > last.time_ns ||
		          (due.time_ns == last.time_ns && due.number > last.number));
		last = due;
		weir_timetable_move_first(timetable, due.time_ns + 1 + weir_random_below(&random, 100));
	}
	weir_timetable_free(timetable);
}
END_TEST

START_TEST(imo_numbers_have_their_check_digit)
{
	/* IMO 9074729: the example of IMO resolution A.1117(30)'s scheme, 9*7+0*6+7*5+4*4+7*3+2*2 = 139. */
	ck_assert_uint_eq(weir_imo_check_digit(907472), 9);
	ck_assert_uint_eq(weir_imo_check_digit(100000), 7);
}
END_TEST

START_TEST(identities_are_given_once)
{
	enum { COUNT = 2000 };
	static struct weir_identity given[COUNT];
	struct weir_register taken = {0};
	struct weir_random random;

	weir_random_seed(&random, 3);
	for (uint32_t i = 0; i < COUNT; i++)
		weir_identity_invent(&given[i], (enum weir_vessel_kind)(i % WEIR_VESSEL_KINDS), &taken,
		                     &random);
	for (size_t i = 0; i < COUNT; i++) {
		ck_assert_uint_ge(given[i].mmsi, 201000000);
		ck_assert_uint_lt(given[i].mmsi, 776000000); /* the MIDs of ships: 201 to 775 */
		ck_assert_str_ne(given[i].name, "");
		for (size_t j = 0; j < i; j++) {
			ck_assert_uint_ne(given[i].mmsi, given[j].mmsi);
			ck_assert_msg(strcmp(given[i].name, given[j].name) != 0, "%zu and %zu: %s", i, j,
			              given[i].name);
		}
	}
}
END_TEST

/*
 * The coast of Holland from Hoek van Holland to Den Helder, and that of Zeeland and Goeree, simplified:
 * land lies to the east of these lines. Between them is the port, where the fairways are the test.
 */
static const double holland[][2] = {
        {4.150, 52.030}, {4.190, 52.055}, {4.285, 52.120}, {4.430, 52.240}, {4.530, 52.370},
        {4.600, 52.455}, {4.640, 52.620}, {4.690, 52.800}, {4.760, 52.950},
};
static const double zeeland[][2] = {{3.720, 51.550}, {3.720, 51.680}, {3.900, 51.830}};

static bool east_of(const double (*line)[2], size_t count, double longitude, double latitude)
{
	for (size_t i = 0; i + 1 < count; i++) {
		const double *a = line[i], *b = line[i + 1];
		if (latitude < a[1] || latitude > b[1])
			continue;
		return longitude > a[0] + (b[0] - a[0]) * (latitude - a[1]) / (b[1] - a[1]);
	}
	return false;
}

/* Runs the fleet and calls check for each vessel once a minute. */
static void run_fleet(int minutes, void (*check)(const struct weir_vessel *vessel))
{
	struct weir_fleet *fleet = NULL;

	ck_assert_int_eq(weir_fleet_new(&fleet, 600, 42, 0), 0);
	for (int minute = 0; minute < minutes; minute++)
		for (size_t i = 0; i < weir_fleet_count(fleet); i++) {
			struct weir_vessel *vessel = weir_fleet_vessel(fleet, i);
			weir_vessel_advance(vessel, 60);
			if (vessel->done)
				weir_fleet_replace(fleet, i);
			check(vessel);
		}
	weir_fleet_free(fleet);
}

static void check_water(const struct weir_vessel *vessel)
{
	const struct weir_motion *motion = &vessel->motion;
	bool harbour_of_ijmuiden = motion->latitude_deg > 52.46 && motion->latitude_deg < 52.47;

	if (harbour_of_ijmuiden)
		return;
	ck_assert_msg(!east_of(holland, sizeof(holland) / sizeof(holland[0]), motion->longitude_deg,
	                       motion->latitude_deg) &&
	                      !east_of(zeeland, sizeof(zeeland) / sizeof(zeeland[0]), motion->longitude_deg,
	                               motion->latitude_deg),
	              "%s is ashore at %.4f %.4f", vessel->identity.name, motion->longitude_deg,
	              motion->latitude_deg);
}

START_TEST(no_vessel_is_ashore)
{
	run_fleet(240, check_water);
}
END_TEST

static void check_fairway(const struct weir_vessel *vessel)
{
	const struct weir_leg *leg = &vessel->legs[vessel->leg];
	struct weir_place place;
	double away;

	if (leg->kind != WEIR_LEG_SAIL)
		return;
	double at = weir_route_nearest_m(leg->route, vessel->motion.longitude_deg,
	                                 vessel->motion.latitude_deg, &away);
	weir_route_at(leg->route, at, &place);
	ck_assert_msg(away <= place.half_width_m + 1, "%s is %.0f m off its route", vessel->identity.name,
	              away);
	ck_assert_double_le(vessel->motion.sog_kn, leg->speed_kn + 0.1);
}

START_TEST(vessels_stay_within_their_fairway_and_their_speed)
{
	run_fleet(240, check_fairway);
}
END_TEST

static Suite *motion_suite(void)
{
	Suite *suite = suite_create("motion");
	TCase *routes = tcase_create("routes");
	TCase *vessels = tcase_create("vessels");
	TCase *fleet = tcase_create("fleet");

	tcase_add_loop_test(routes, a_route_goes_from_its_first_waypoint_to_its_last, 0, WEIR_WATERWAYS);
	tcase_add_loop_test(routes, a_route_has_neither_jumps_nor_kinks, 0, WEIR_WATERWAYS);
	tcase_add_loop_test(routes, a_rounded_route_passes_each_waypoint_within_the_fairway, 0,
	                    WEIR_WATERWAYS);
	tcase_add_test(routes, a_route_needs_two_places);
	suite_add_tcase(suite, routes);
	tcase_add_test(vessels, a_vessel_sails_as_far_as_its_speed_says);
	tcase_add_test(vessels, a_vessel_keeps_to_starboard_both_ways);
	tcase_add_test(vessels, a_vessel_that_arrives_moors_where_it_came_to_and_goes_back);
	tcase_add_test(vessels, a_loitering_vessel_stays_in_its_area_at_its_speed);
	tcase_add_loop_test(vessels, class_a_reports_as_often_as_table_1_says, 0,
	                    sizeof(intervals) / sizeof(intervals[0]));
	tcase_add_test(vessels, class_b_reports_as_often_as_table_2_says);
	suite_add_tcase(suite, vessels);
	tcase_add_test(fleet, the_timetable_gives_entries_in_the_order_of_their_times);
	tcase_add_test(fleet, imo_numbers_have_their_check_digit);
	tcase_add_test(fleet, identities_are_given_once);
	tcase_add_test(fleet, no_vessel_is_ashore);
	tcase_add_test(fleet, vessels_stay_within_their_fairway_and_their_speed);
	tcase_set_timeout(fleet, 60);
	suite_add_tcase(suite, fleet);
	return suite;
}

int main(void)
{
	return suite_main(motion_suite());
}
