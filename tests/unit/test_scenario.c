/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenarios: what is refused and where, how devices move, and what they say when. What comes of it in rules
 * is in tests/scenarios.
 */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <weir/decode.h>
#include <weir/fence.h>

#include "scenario/play.h"
#include "scenario/track.h"
#include "suite.h"

#define SECOND INT64_C(1000000000)
#define START_NS (INT64_C(1788998400) * SECOND) /* 2026-09-10T00:00:00Z */
#define HEAD "start: 2026-09-10T00:00:00Z\nduration_s: 1000\n"
#define SHIP HEAD "devices:\n  - mmsi: 244000001\n    interval_s: 10\n"

static int load(struct weir_scenario **out, const char *text, struct weir_problems *problems)
{
	char path[] = "/tmp/weir-scenario-XXXXXX";
	int fd = mkstemp(path);
	size_t length = strlen(text);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, length), (ssize_t)length);
	close(fd);
	int rc = weir_scenario_load(out, path, problems);
	unlink(path);
	return rc;
}

static struct weir_scenario *scenario_of(const char *text)
{
	struct weir_problems problems = {0};
	struct weir_scenario *scenario = NULL;

	int rc = load(&scenario, text, &problems);
	ck_assert_msg(rc == 0, "%s", problems.count > 0 ? problems.items[0].text : "no reason");
	return scenario;
}

static const struct {
	const char *name, *text;
	uint32_t line, column;
	const char *why;
} faults[] = {
        {"a key that is none", SHIP "    colour: red\n    route: [{at: [4, 52]}]\n", 6, 5,
         "unknown key 'colour'"},
        {"a slip", SHIP "    rute: [{at: [4, 52]}]\n    route: [{at: [4, 52]}]\n", 6, 5,
         "did you mean 'route'?"},
        {"no devices", HEAD, 1, 1, "'devices' is missing"},
        {"no route", SHIP, 4, 5, "'route' is missing"},
        {"no such day",
         "start: 2026-02-31T00:00:00Z\nduration_s: 9\ndevices: [{mmsi: 1, route: [{at: [4, 52]}]}]\n", 1, 8,
         "'start' must be a time"},
        {"a class that is none", SHIP "    class: C\n    route: [{at: [4, 52]}]\n", 6, 12,
         "must be one of: A, B, sart, gps"},
        {"a place with three numbers", SHIP "    route: [{at: [4, 52, 1]}]\n", 6, 18,
         "[longitude, latitude]"},
        {"a place off the earth", SHIP "    route: [{at: [52, 104]}]\n", 6, 18,
         "the latitude from -90 to 90"},
        {"a route from nowhere", SHIP "    speed_kn: 5\n    route: [{course_deg: 90, distance_m: 5}]\n", 7,
         13, "a route begins with 'at"},
        {"a waypoint in two ways",
         SHIP "    speed_kn: 5\n    route: [{at: [4, 52]}, {at: [5, 52], course_deg: 1}]\n", 7, 28,
         "a waypoint has 'at', or"},
        {"a course without a distance", SHIP "    speed_kn: 5\n    route: [{at: [4, 52]}, {course_deg: 1}]\n",
         7, 28, "a waypoint has 'at', or"},
        {"a way without a speed", SHIP "    route: [{at: [4, 52]}, {at: [5, 52]}]\n", 4, 5, "no 'speed_kn'"},
        {"a speed to the first waypoint", SHIP "    route: [{at: [4, 52], speed_kn: 4}]\n", 6, 13,
         "the first one has none"},
        {"nothing happens", SHIP "    route: [{at: [4, 52]}]\n    events: [{at_s: 4}]\n", 7, 14,
         "nothing happens here"},
        {"events out of order",
         SHIP "    route: [{at: [4, 52]}]\n    events: [{at_s: 4, gap_s: 1}, {at_s: 3, gap_s: 1}]\n", 7, 35,
         "in the order of their 'at_s'"},
        {"an event before the device",
         SHIP "    from_s: 9\n    route: [{at: [4, 52]}]\n    events: [{at_s: 4, gap_s: 1}]\n", 8, 14,
         "before the device begins"},
        {"half a jump", SHIP "    route: [{at: [4, 52]}]\n    events: [{at_s: 4, east_m: 1}]\n", 7, 14,
         "go together"},
        {"late for how long", SHIP "    route: [{at: [4, 52]}]\n    events: [{at_s: 4, late_s: 1}]\n", 7, 14,
         "'late_s' needs 'for_s'"},
        {"for what", SHIP "    route: [{at: [4, 52]}]\n    events: [{at_s: 4, gap_s: 1, for_s: 1}]\n", 7, 14,
         "'for_s' goes with"},
        {"a truck with an MMSI", HEAD "devices:\n  - mmsi: 5\n    class: gps\n    route: [{at: [4, 52]}]\n",
         4, 5, "has an 'id'"},
        {"a ship with an id", HEAD "devices:\n  - id: a\n    route: [{at: [4, 52]}]\n", 4, 5,
         "has an 'mmsi'"},
        {"a name of a truck that no TAG block holds",
         HEAD "devices:\n  - id: truck-1234567890\n    class: gps\n    route: [{at: [4, 52]}]\n", 4, 5,
         "at most 15"},
        {"a SART that is none", HEAD "devices:\n  - mmsi: 5\n    class: sart\n    route: [{at: [4, 52]}]\n",
         4, 5, "970, 972 or 974"},
        {"a SART with a name",
         HEAD "devices:\n  - mmsi: 970000001\n    class: sart\n    name: A\n    route: [{at: [4, 52]}]\n", 4,
         5, "sends no static data"},
        {"marks out of order",
         HEAD
         "marks: [{at_s: 5, text: a}, {at_s: 4, text: b}]\ndevices: [{mmsi: 1, route: [{at: [4, 52]}]}]\n",
         3, 29, "in the order of their 'at_s'"},
};

START_TEST(what_is_wrong_is_told_with_its_place)
{
	struct weir_problems problems = {0};
	struct weir_scenario *scenario = NULL;

	int rc = load(&scenario, faults[_i].text, &problems);
	ck_assert_msg(rc == -EINVAL && scenario == NULL, "%s: %d", faults[_i].name, rc);
	ck_assert_msg(problems.count == 1, "%s: %zu problems, the second one '%s'", faults[_i].name,
	              problems.count, problems.count > 1 ? problems.items[1].text : "");
	const struct weir_problem *problem = &problems.items[0];
	ck_assert_msg(strstr(problem->text, faults[_i].why) != NULL, "%s: '%s'", faults[_i].name,
	              problem->text);
	ck_assert_msg(problem->line == faults[_i].line && problem->column == faults[_i].column, "%s: %u:%u",
	              faults[_i].name, problem->line, problem->column);
	weir_problems_clear(&problems);
}
END_TEST

/* ---- Motion ---- */

#define TEN_M_S "19.4384449" /* knots */

static const struct {
	const char *name, *device;
	double at_s;
	double east_m, north_m; /* of its first waypoint, [0, 0] */
	double sog_kn, cog_deg;
	uint8_t status;
} motions[] = {
        {"lies where its only waypoint is", "    route: [{at: [0, 0]}]\n", 500, 0, 0, 0, 0, 0},
        {"goes east",
         "    speed_kn: " TEN_M_S "\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 5000}]\n", 100,
         1000, 0, 19.4384449, 90, 0},
        {"and stays at the end",
         "    speed_kn: " TEN_M_S "\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 500}]\n", 100,
         500, 0, 0, 90, 0},
        {"turns at a waypoint, and has another speed there",
         "    speed_kn: " TEN_M_S "\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 500}, "
         "{course_deg: 0, distance_m: 5000, speed_kn: 38.8768898}]\n",
         100, 500, 1000, 38.8768898, 0, 0},
        {"goes to and fro",
         "    speed_kn: " TEN_M_S
         "\n    at_end: back\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 300}]\n",
         100, 200, 0, 19.4384449, 270, 0},
        {"begins at its from_s",
         "    from_s: 50\n    speed_kn: " TEN_M_S
         "\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 5000}]\n",
         100, 500, 0, 19.4384449, 90, 0},
        {"stops",
         "    speed_kn: " TEN_M_S "\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 5000}]\n"
         "    events: [{at_s: 20, stop_s: 90, nav_status: 1}]\n",
         100, 200, 0, 0, 90, 1},
        {"and goes on, with the status that it had",
         "    speed_kn: " TEN_M_S
         "\n    nav_status: 8\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 5000}]\n"
         "    events: [{at_s: 20, stop_s: 30, nav_status: 1}]\n",
         100, 700, 0, 19.4384449, 90, 8},
        {"stops anew while it is stopped",
         "    speed_kn: " TEN_M_S
         "\n    nav_status: 8\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 5000}]\n"
         "    events: [{at_s: 20, stop_s: 30, nav_status: 1}, {at_s: 40, stop_s: 20, nav_status: 5}]\n",
         100, 600, 0, 19.4384449, 90, 8},
        {"changes its speed, whatever the route says",
         "    speed_kn: " TEN_M_S "\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 5000}]\n    "
         "events: [{at_s: 50, speed_kn: 38.8768898}]\n",
         100, 1500, 0, 38.8768898, 90, 0},
        {"turns round",
         "    speed_kn: " TEN_M_S "\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 5000}]\n    "
         "events: [{at_s: 70, reverse: true}]\n",
         100, 400, 0, 19.4384449, 270, 0},
        {"comes back from the end",
         "    speed_kn: " TEN_M_S "\n    route: [{at: [0, 0]}, {course_deg: 90, distance_m: 500}]\n    "
         "events: [{at_s: 70, reverse: true}]\n",
         100, 200, 0, 19.4384449, 270, 0},
        {"is off by so much",
         "    route: [{at: [0, 0]}]\n    events: [{at_s: 50, east_m: 300, north_m: -400}]\n", 100, 300, -400,
         0, 0, 0},
        {"for so long",
         "    route: [{at: [0, 0]}]\n    events: [{at_s: 50, east_m: 300, north_m: -400, for_s: 50}]\n", 100,
         0, 0, 0, 0, 0},
};

/* Metres from [0, 0], from the length of the geodesic; both lie on an axis or near it. */
static double metres_off(const struct weir_track_state *state, double east_m, double north_m)
{
	/* Degrees in a metre on the equator, WGS 84. */
	double east = state->longitude_deg * 111319.49, north = state->latitude_deg * 110574.28;

	return hypot(east - east_m, north - north_m);
}

START_TEST(devices_go_where_they_are_said_to)
{
	char text[1024];

	snprintf(text, sizeof(text), "%s%s", SHIP, motions[_i].device);
	struct weir_scenario *scenario = scenario_of(text);
	struct weir_track *track = NULL;
	struct weir_track_state state;
	ck_assert_int_eq(weir_track_new(&track, &scenario->devices[0]), 0);
	/* In one go, and in steps: the same. */
	for (int64_t at_s = scenario->devices[0].from_ns / SECOND; at_s < (int64_t)motions[_i].at_s;
	     at_s += 7)
		weir_track_advance(track, at_s * SECOND, &state);
	weir_track_advance(track, (int64_t)motions[_i].at_s * SECOND, &state);
	ck_assert_msg(metres_off(&state, motions[_i].east_m, motions[_i].north_m) < 0.05, "%s: at %.7f %.7f",
	              motions[_i].name, state.longitude_deg, state.latitude_deg);
	ck_assert_msg(fabs(state.sog_kn - motions[_i].sog_kn) < 1e-6, "%s: %f kn", motions[_i].name,
	              state.sog_kn);
	ck_assert_msg(fabs(state.cog_deg - motions[_i].cog_deg) < 1e-3, "%s: course %f", motions[_i].name,
	              state.cog_deg);
	ck_assert_msg(state.nav_status == motions[_i].status, "%s: status %u", motions[_i].name,
	              state.nav_status);
	weir_track_free(track);
	weir_scenario_free(scenario);
}
END_TEST

START_TEST(a_route_over_the_antimeridian_goes_the_short_way)
{
	struct weir_scenario *scenario = scenario_of(
	        SHIP "    speed_kn: " TEN_M_S "\n    route: [{at: [179.99, 52]}, {at: [-179.99, 52]}]\n");
	struct weir_track *track = NULL;
	struct weir_track_state state;

	ck_assert_int_eq(weir_track_new(&track, &scenario->devices[0]), 0);
	weir_track_advance(track, 0, &state);
	ck_assert_double_eq_tol(state.cog_deg, 90, 0.1);
	weir_track_advance(track, 100 * SECOND, &state);
	ck_assert_double_lt(state.longitude_deg, -179.9);
	ck_assert_double_eq_tol(weir_distance_m(179.99, 52, state.longitude_deg, state.latitude_deg), 1000,
	                        0.01);
	weir_track_free(track);
	weir_scenario_free(scenario);
}
END_TEST

/* ---- What is said ---- */

struct heard {
	int count;
	int64_t times_s[64]; /* of positions, since the start */
	struct weir_report last;
	int statics, texts, malformed;
};

static void on_message(void *context, const struct weir_message *message)
{
	struct heard *heard = context;
	struct weir_report report;

	weir_message_report(message, &report);
	heard->statics += (report.has & WEIR_HAS_SHIP_TYPE) != 0;
	heard->texts += report.message == 14;
	if (!(report.has & WEIR_HAS_POSITION))
		return;
	ck_assert_int_lt(heard->count, 64);
	heard->times_s[heard->count++] = (message->time_ns - START_NS) / SECOND;
	heard->last = report;
}

static void on_malformed(void *context, const struct weir_malformed *malformed)
{
	(void)malformed;
	((struct heard *)context)->malformed++;
}

/* Plays a scenario into a decoder; the lines in one string. */
static struct heard play(const char *text, char **lines)
{
	struct weir_scenario *scenario = scenario_of(text);
	struct heard heard = {0};
	const struct weir_decode_sink sink = {
	        .context = &heard, .message = on_message, .malformed = on_malformed};
	const struct weir_decoder_options options = {.fixes = true};
	struct weir_decoder *decoder = NULL;
	struct weir_play *played = NULL;
	struct weir_transmission transmission;
	size_t length;
	FILE *file = open_memstream(lines, &length);
	int64_t before_ns = INT64_MIN;

	ck_assert_int_eq(weir_decoder_new(&decoder, &options, &sink), 0);
	ck_assert_int_eq(weir_play_new(&played, scenario), 0);
	while (weir_play_due_ns(played) != INT64_MAX) {
		int64_t due_ns = weir_play_due_ns(played);
		ck_assert_int_eq(weir_play_next(played, &transmission), 0);
		ck_assert_int_eq(transmission.time_ns, due_ns);
		ck_assert_int_ge(due_ns, before_ns);
		before_ns = due_ns;
		const struct weir_line *line = &transmission.lines[0];
		fwrite(line->bytes, 1, line->length, file);
		if (!transmission.remark)
			weir_decoder_feed(
			        decoder, &(struct weir_datagram){(const uint8_t *)line->bytes, line->length});
	}
	ck_assert_int_eq(weir_play_next(played, &transmission), -ENODATA);
	weir_decoder_flush(decoder);
	fclose(file);
	weir_decoder_free(decoder);
	weir_play_free(played);
	weir_scenario_free(scenario);
	ck_assert_int_eq(heard.malformed, 0);
	return heard;
}

#define SHORT "start: 2026-09-10T00:00:00Z\nduration_s: 60\n"

static const struct {
	const char *name, *text;
	int count;
	int64_t times_s[16];
} sayings[] = {
        {"each ten seconds, not at the end",
         SHORT "devices: [{mmsi: 1, interval_s: 10, route: [{at: [4, 52]}]}]\n",
         6,
         {0, 10, 20, 30, 40, 50}},
        {"from and until",
         SHORT "devices: [{mmsi: 1, interval_s: 10, from_s: 15, until_s: 35, route: [{at: [4, 52]}]}]\n",
         2,
         {15, 25}},
        {"not in a gap",
         SHORT
         "devices: [{mmsi: 1, interval_s: 10, route: [{at: [4, 52]}], events: [{at_s: 20, gap_s: 20}]}]\n",
         4,
         {0, 10, 40, 50}},
        {"late, and with its time",
         SHORT "devices: [{mmsi: 1, interval_s: 10, route: [{at: [4, 52]}], events: [{at_s: 20, late_s: 25, "
               "for_s: 1}]}]\n",
         6,
         {0, 10, 30, 40, 20, 50}},
        {"by two stations",
         SHORT "stations: [{name: a}, {name: b, delay_s: 12, clock_s: 3}]\n"
               "devices: [{mmsi: 1, interval_s: 30, route: [{at: [4, 52]}]}]\n",
         4,
         {0, 3, 30, 33}},
        {"no more when it has left",
         SHORT "devices: [{mmsi: 1, interval_s: 10, at_end: leave, speed_kn: 20, route: [{at: [4, 52]}, "
               "{course_deg: 90, distance_m: 250}]}]\n",
         3,
         {0, 10, 20}},
        {"class A as fast as it goes",
         SHORT "devices: [{mmsi: 1, speed_kn: 15, route: [{at: [4, 52]}, {at: [5, 52]}]}]\n",
         10,
         {0, 6, 12, 18, 24, 30, 36, 42, 48, 54}},
        {"and when something happens",
         SHORT
         "devices: [{mmsi: 1, nav_status: 1, route: [{at: [4, 52]}], events: [{at_s: 33, nav_status: 0}]}]\n",
         4,
         {0, 33, 43, 53}},
        {"class B",
         SHORT "devices: [{mmsi: 1, class: B, speed_kn: 5, route: [{at: [4, 52]}, {at: [5, 52]}]}]\n",
         2,
         {0, 30}},
        {"GPS",
         SHORT "devices: [{id: truck, class: gps, interval_s: 20, route: [{at: [4, 52]}]}]\n",
         3,
         {0, 20, 40}},
        {"a SART in bursts, with a text instead of two of them",
         SHORT "devices: [{mmsi: 970000001, class: sart, route: [{at: [4, 52]}]}]\n",
         6,
         {0, 2, 4, 6, 12, 14}},
};

START_TEST(devices_speak_when_they_are_said_to)
{
	char *lines = NULL;
	struct heard heard = play(sayings[_i].text, &lines);

	ck_assert_msg(heard.count == sayings[_i].count, "%s: %d positions\n%s", sayings[_i].name, heard.count,
	              lines);
	for (int i = 0; i < heard.count; i++)
		ck_assert_msg(heard.times_s[i] == sayings[_i].times_s[i], "%s: number %d at %lld",
		              sayings[_i].name, i, (long long)heard.times_s[i]);
	free(lines);
}
END_TEST

START_TEST(what_is_said_is_what_is_written)
{
	char *lines = NULL;
	struct heard heard = play(
	        SHORT
	        "devices: [{mmsi: 244660001, name: EXAMPLE, ship_type: 71, length_m: 101, interval_s: 30, "
	        "nav_status: 3, speed_kn: 12.3, route: [{at: [-4.5, -52.25]}, {course_deg: 123.4, "
	        "distance_m: 1}, "
	        "{course_deg: 123.4, distance_m: 9000}]}]\n",
	        &lines);

	ck_assert_int_eq(heard.statics, 1);
	ck_assert_uint_eq(heard.last.mmsi, 244660001);
	ck_assert_uint_eq(heard.last.nav_status, 3);
	ck_assert_double_eq_tol((double)heard.last.sog_kn, 12.3, 1e-5);
	ck_assert_double_eq_tol((double)heard.last.cog_deg, 123.4, 1e-4);
	ck_assert_double_eq_tol(
	        weir_distance_m(-4.5, -52.25, heard.last.longitude_deg, heard.last.latitude_deg),
	        12.3 * 1852 / 3600 * 30, 0.2);
	free(lines);
	heard = play(SHORT "devices: [{id: truck, class: gps, interval_s: 30, speed_kn: 12.3, route: [{at: "
	                   "[-4.5, -52.25]}, "
	                   "{course_deg: 270, distance_m: 9000}]}]\n",
	             &lines);
	ck_assert_double_eq_tol(
	        weir_distance_m(-4.5, -52.25, heard.last.longitude_deg, heard.last.latitude_deg),
	        12.3 * 1852 / 3600 * 30, 0.05);
	ck_assert_double_lt(heard.last.longitude_deg, -4.5);
	ck_assert_double_eq_tol((double)heard.last.sog_kn, 12.3, 1e-5);
	ck_assert_double_eq_tol((double)heard.last.cog_deg, 270, 1e-4);
	free(lines);
}
END_TEST

START_TEST(noise_has_its_size_and_is_the_same_each_time)
{
	static const char text[] =
	        "start: 2026-09-10T00:00:00Z\nduration_s: 60\nseed: 5\n"
	        "devices: [{mmsi: 1, interval_s: 1, noise_m: 15, route: [{at: [180, 52]}]}]\n";
	char *one = NULL, *other = NULL;
	struct heard heard = play(text, &one);

	play(text, &other);
	ck_assert_str_eq(one, other);
	ck_assert_int_eq(heard.count, 60);
	double metres = weir_distance_m(180, 52, heard.last.longitude_deg, heard.last.latitude_deg);
	ck_assert_msg(metres > 0.2 && metres < 90, "%f m", metres);
	free(one);
	free(other);
}
END_TEST

START_TEST(a_mark_is_a_comment_in_its_place)
{
	char *lines = NULL;

	play(SHORT "marks: [{at_s: 10, text: reload a.geojson}]\n"
	           "devices: [{mmsi: 1, interval_s: 10, until_s: 30, route: [{at: [4, 52]}]}]\n",
	     &lines);
	const char *mark = strstr(lines, "\n# reload a.geojson\n");
	ck_assert_ptr_nonnull(mark);
	/* After what was said at its time. */
	ck_assert_ptr_nonnull(strstr(mark, "c:1788998420"));
	ck_assert_ptr_null(strstr(mark, "c:1788998410"));
	free(lines);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("scenario");
	TCase *tests = tcase_create("scenario");

	tcase_add_loop_test(tests, what_is_wrong_is_told_with_its_place, 0,
	                    (int)(sizeof(faults) / sizeof(*faults)));
	tcase_add_loop_test(tests, devices_go_where_they_are_said_to, 0,
	                    (int)(sizeof(motions) / sizeof(*motions)));
	tcase_add_test(tests, a_route_over_the_antimeridian_goes_the_short_way);
	tcase_add_loop_test(tests, devices_speak_when_they_are_said_to, 0,
	                    (int)(sizeof(sayings) / sizeof(*sayings)));
	tcase_add_test(tests, what_is_said_is_what_is_written);
	tcase_add_test(tests, noise_has_its_size_and_is_the_same_each_time);
	tcase_add_test(tests, a_mark_is_a_comment_in_its_place);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
