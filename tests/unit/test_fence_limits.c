/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What limits a fence: filters, schedules; and the parameters of its rules, with their defaults.
 */
#include <errno.h>
#include <time.h>

#include "fence/export.h"
#include "fence/loader.h"
#include "fence_text.h"
#include "suite.h"

#define FENCE(more)                                                                                          \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[]," more "},\"geometry\":"            \
	"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}}"
#define FILTER(keys) FENCE("\"filter\":{" keys "}")

#define SECOND_NS INT64_C(1000000000)

static const struct weir_report tanker = {
        .mmsi = 244660000,
        .has = WEIR_HAS_SHIP_TYPE | WEIR_HAS_DIMENSIONS | WEIR_HAS_SOG | WEIR_HAS_NAV_STATUS,
        .station_class = WEIR_CLASS_A,
        .ship_type = 80,
        .to_bow_m = 150,
        .to_stern_m = 50,
        .sog_kn = 10,
        .nav_status = 0,
};
static const struct weir_report unknown = {.mmsi = 1, .station_class = WEIR_CLASS_B};
static const struct weir_report truck = {.station_class = WEIR_CLASS_GPS, .has = WEIR_HAS_SOG, .sog_kn = 30};

static const struct filter_case {
	const char *name, *fence;
	bool tanker, unknown, truck;
} filter_cases[] = {
        {"none", FENCE("\"filter\":null"), true, true, true},
        {"an empty one", FILTER(""), true, true, true},
        {"a class", FILTER("\"class\":[\"A\"]"), true, false, false},
        {"two classes", FILTER("\"class\":[\"B\",\"gps\"]"), false, true, true},
        {"a ship type", FILTER("\"ship_type\":[80]"), true, false, false},
        {"ship types up to 79", FILTER("\"ship_type\":[30,\"70-79\"]"), false, false, false},
        {"ship types up to 80", FILTER("\"ship_type\":[\"1-80\"]"), true, false, false},
        {"an MMSI", FILTER("\"mmsi\":[244660000]"), true, false, false},
        {"ranges that overlap", FILTER("\"mmsi\":[\"244660000-244669999\",\"200000000-244665000\",5]"), true,
         false, false},
        {"a range that ends before", FILTER("\"mmsi\":[\"244000000-244659999\"]"), false, false, false},
        {"a range from one", FILTER("\"mmsi\":[\"1-999999999\"]"), true, true, false},
        {"at least 200 m", FILTER("\"min_length_m\":200"), true, false, false},
        {"over 200 m", FILTER("\"min_length_m\":200.5"), false, false, false},
        {"up to 200 m", FILTER("\"max_length_m\":200"), true, false, false},
        {"at least 10 kn", FILTER("\"min_sog_kn\":10"), true, false, true},
        {"from 10 to 20 kn", FILTER("\"min_sog_kn\":10,\"max_sog_kn\":20"), true, false, false},
        {"under way", FILTER("\"nav_status\":[0,8]"), true, false, false},
        {"at anchor", FILTER("\"nav_status\":[\"1-7\"]"), false, false, false},
        {"a tanker that is slow", FILTER("\"ship_type\":[\"80-89\"],\"max_sog_kn\":5"), false, false, false},
};

START_TEST(a_filter_accepts_what_all_of_its_keys_accept)
{
	const struct filter_case *c = &filter_cases[_i];
	struct weir_fences *fences = fences_of(c->fence);
	const struct weir_fence_filter *filter = &weir_fences_get(fences, 0)->filter;

	ck_assert_msg(weir_fence_filter_accepts(filter, &tanker) == c->tanker, "%s: the tanker", c->name);
	ck_assert_msg(weir_fence_filter_accepts(filter, &unknown) == c->unknown, "%s: the unknown one",
	              c->name);
	ck_assert_msg(weir_fence_filter_accepts(filter, &truck) == c->truck, "%s: the truck", c->name);
	weir_fences_free(fences);
}
END_TEST

static int64_t at(const char *text)
{
	struct tm fields = {0};

	ck_assert_ptr_nonnull(strptime(text, "%Y-%m-%dT%H:%M:%SZ", &fields));
	return timegm(&fields) * SECOND_NS;
}

static const struct schedule_case {
	const char *name, *schedule, *when;
	bool is_open;
	const char *next; /* NULL: it never changes any more */
} schedule_cases[] = {
#define OFFICE "\"windows\":[{\"days\":[\"mon-fri\"],\"from\":\"08:00\",\"to\":\"18:00\"}]"
#define AMSTERDAM "\"time_zone\":\"Europe/Amsterdam\","
        {"Monday morning in UTC", OFFICE, "2026-11-23T08:00:00Z", true, "2026-11-23T18:00:00Z"},
        {"a second before", OFFICE, "2026-11-23T07:59:59Z", false, "2026-11-23T08:00:00Z"},
        {"Monday evening", OFFICE, "2026-11-23T18:00:00Z", false, "2026-11-24T08:00:00Z"},
        {"Friday evening", OFFICE, "2026-11-27T18:00:00Z", false, "2026-11-30T08:00:00Z"},
        {"winter in Amsterdam", AMSTERDAM OFFICE, "2026-11-23T07:00:00Z", true, "2026-11-23T17:00:00Z"},
        {"summer in Amsterdam", AMSTERDAM OFFICE, "2026-07-20T05:59:59Z", false, "2026-07-20T06:00:00Z"},
        {"summer in Amsterdam, open", AMSTERDAM OFFICE, "2026-07-20T06:00:00Z", true, "2026-07-20T16:00:00Z"},
        {"the Friday before the clocks change", AMSTERDAM OFFICE, "2026-10-23T16:00:00Z", false,
         "2026-10-26T07:00:00Z"},
        {"summer of 2037 in Amsterdam", AMSTERDAM OFFICE, "2037-07-20T06:00:00Z", true,
         "2037-07-20T16:00:00Z"},
#define NIGHT "\"windows\":[{\"days\":[\"sat\"],\"from\":\"22:00\",\"to\":\"06:00\"}]"
        {"Saturday night", NIGHT, "2026-11-28T23:00:00Z", true, "2026-11-29T06:00:00Z"},
        {"the morning after", NIGHT, "2026-11-29T05:59:59Z", true, "2026-11-29T06:00:00Z"},
        {"the morning before", NIGHT, "2026-11-28T05:00:00Z", false, "2026-11-28T22:00:00Z"},
        {"days that go over the week's end", "\"windows\":[{\"days\":[\"sat-mon\"]}]", "2026-11-23T23:59:59Z",
         true, "2026-11-24T00:00:00Z"},
        {"always, in windows", "\"windows\":[{}]", "2026-11-23T23:59:59Z", true, NULL},
        {"nothing said", "", "2026-11-23T00:00:00Z", true, NULL},
#define MAY "\"valid_from\":\"2026-05-01T00:00:00Z\",\"valid_to\":\"2026-06-01T00:00:00Z\""
        {"before it holds", MAY, "2026-04-30T23:59:59Z", false, "2026-05-01T00:00:00Z"},
        {"as it begins", MAY, "2026-05-01T00:00:00Z", true, "2026-06-01T00:00:00Z"},
        {"as it ends", MAY, "2026-06-01T00:00:00Z", false, NULL},
        {"in local time", AMSTERDAM "\"valid_from\":\"2026-05-01T00:00:00\"", "2026-04-30T22:00:00Z", true,
         NULL},
        {"a window before it holds", MAY "," OFFICE, "2026-04-01T09:00:00Z", false, "2026-05-01T08:00:00Z"},
        {"a window that is cut off", "\"valid_to\":\"2026-11-23T12:00:00Z\"," OFFICE, "2026-11-23T09:00:00Z",
         true, "2026-11-23T12:00:00Z"},
        {"long ago", AMSTERDAM OFFICE, "1970-01-05T07:00:00Z", true, "1970-01-05T17:00:00Z"},
};

START_TEST(a_schedule_is_open_when_its_place_says_so)
{
	const struct schedule_case *c = &schedule_cases[_i];
	char text[1024];

	snprintf(text, sizeof(text), FENCE("\"schedule\":{%s}"), c->schedule);
	struct weir_fences *fences = fences_of(text);
	const struct weir_schedule *schedule = weir_fences_get(fences, 0)->schedule;
	ck_assert_ptr_nonnull(schedule);
	ck_assert_msg(weir_schedule_is_open(schedule, at(c->when)) == c->is_open, "%s", c->name);
	int64_t next = weir_schedule_next_change(schedule, at(c->when));
	ck_assert_msg(next == (c->next == NULL ? INT64_MAX : at(c->next)), "%s: next at %lld", c->name,
	              (long long)(next / SECOND_NS));
	if (c->next != NULL) {
		ck_assert(weir_schedule_is_open(schedule, next) != c->is_open);
		ck_assert(weir_schedule_is_open(schedule, next - 1) == c->is_open);
	}
	weir_fences_free(fences);
}
END_TEST

START_TEST(no_schedule_is_always_open)
{
	ck_assert(weir_schedule_is_open(NULL, 0));
	ck_assert_int_eq(weir_schedule_next_change(NULL, 0), INT64_MAX);
}
END_TEST

/* A rule as JSON read with all defaults, and written again. Detection need not have it yet. */
static const struct rule_case {
	const char *json;
	enum weir_rule_kind kind;
	const char *becomes; /* what is wrong with it, where it does not begin with { */
} rule_cases[] = {
        {"{}", WEIR_RULE_ENTER,
         "{\"confirm_fixes\":2,\"exit_buffer_m\":0.0,\"initial\":\"enter\",\"rule\":\"enter\",\"severity\":"
         "\"info\"}"},
        {"{\"initial\":\"silent\",\"confirm_fixes\":1,\"exit_buffer_m\":50}", WEIR_RULE_ENTER,
         "{\"confirm_fixes\":1,\"exit_buffer_m\":50.0,\"initial\":\"silent\",\"rule\":\"enter\",\"severity\":"
         "\"info\"}"},
        {"{\"severity\":\"alarm\"}", WEIR_RULE_EXIT,
         "{\"confirm_fixes\":2,\"exit_buffer_m\":0.0,\"rule\":\"exit\",\"severity\":\"alarm\"}"},
        {"{}", WEIR_RULE_CROSS, "{\"max_gap_s\":600.0,\"rule\":\"cross\",\"severity\":\"info\"}"},
        {"{\"dwell_s\":0.5}", WEIR_RULE_DWELL, "{\"dwell_s\":0.5,\"rule\":\"dwell\",\"severity\":\"info\"}"},
        {"{}", WEIR_RULE_DWELL, "rule 'dwell' needs 'dwell_s'"},
        {"{\"dwell_s\":0}", WEIR_RULE_DWELL, "'dwell_s' must be a number of seconds above 0 up to 604800"},
        {"{\"max_sog_kn\":10}", WEIR_RULE_SPEED,
         "{\"max_sog_kn\":10.0,\"rule\":\"speed\",\"severity\":\"info\",\"sustain_s\":30.0}"},
        {"{\"min_sog_kn\":3,\"sustain_s\":0}", WEIR_RULE_SPEED,
         "{\"min_sog_kn\":3.0,\"rule\":\"speed\",\"severity\":\"info\",\"sustain_s\":0.0}"},
        {"{}", WEIR_RULE_SPEED, "rule 'speed' needs 'max_sog_kn' or 'min_sog_kn'"},
        {"{\"min_sog_kn\":3,\"max_sog_kn\":3}", WEIR_RULE_SPEED, "'min_sog_kn' must be below 'max_sog_kn'"},
        {"{}", WEIR_RULE_ANCHOR,
         "{\"after_s\":300.0,\"radius_m\":100.0,\"rule\":\"anchor\",\"severity\":\"info\"}"},
        {"{}", WEIR_RULE_GATE,
         "{\"direction\":\"both\",\"max_gap_s\":600.0,\"rule\":\"gate\",\"severity\":\"info\"}"},
        {"{\"direction\":\"right_to_left\"}", WEIR_RULE_GATE,
         "{\"direction\":\"right_to_left\",\"max_gap_s\":600.0,\"rule\":\"gate\",\"severity\":\"info\"}"},
        {"{\"direction\":\"north\"}", WEIR_RULE_GATE,
         "'direction' must be one of both, left_to_right, right_to_left"},
        {"{\"course_deg\":225}", WEIR_RULE_COURSE,
         "{\"course_deg\":225.0,\"fixes\":3,\"min_sog_kn\":2.0,\"rule\":\"course\",\"severity\":\"info\","
         "\"tolerance_deg\":45.0}"},
        {"{\"course_deg\":360}", WEIR_RULE_COURSE, "'course_deg' must be a number of degrees"},
        {"{\"gap_s\":1800}", WEIR_RULE_GAP, "{\"gap_s\":1800.0,\"rule\":\"gap\",\"severity\":\"info\"}"},
        {"{\"cpa_m\":926,\"tcpa_s\":600}", WEIR_RULE_PROXIMITY,
         "{\"cpa_m\":926.0,\"min_sog_kn\":1.0,\"rule\":\"proximity\",\"severity\":\"info\",\"tcpa_s\":600."
         "0}"},
        {"{\"window_s\":60,\"max_devices\":0}", WEIR_RULE_DENSITY,
         "{\"lateness_s\":60.0,\"max_devices\":0,\"rule\":\"density\",\"severity\":\"info\",\"slide_s\":60.0,"
         "\"window_s\":60.0}"},
        {"{\"window_s\":60,\"slide_s\":61,\"max_devices\":5}", WEIR_RULE_DENSITY,
         "'slide_s' must not be above 'window_s'"},
        {"{\"window_s\":60,\"slide_s\":20,\"lateness_s\":0,\"max_devices\":7}", WEIR_RULE_DENSITY,
         "{\"lateness_s\":0.0,\"max_devices\":7,\"rule\":\"density\",\"severity\":\"info\",\"slide_s\":20.0,"
         "\"window_s\":60.0}"},
        {"{\"window_s\":60,\"slide_s\":50,\"max_devices\":5}", WEIR_RULE_DENSITY,
         "'window_s' must be a whole multiple of 'slide_s'"},
        {"{\"window_s\":60}", WEIR_RULE_DENSITY, "rule 'density' needs 'max_devices'"},
};

START_TEST(each_rule_has_its_parameters_and_defaults)
{
	const struct rule_case *c = &rule_cases[_i];
	struct weir_problems problems = {0};
	struct weir_loader loader = {.problems = &problems};
	const struct weir_fence fence = {.confirm_fixes = 2, .max_gap_ns = 600 * SECOND_NS};
	struct weir_rule rule = {.kind = c->kind};
	json_t *json = json_loads(c->json, 0, NULL);

	bool good = weir_load_rule_parameters(&loader, json, &fence, &rule);
	ck_assert_msg(good == (c->becomes[0] == '{'), "%s", c->json);
	if (good) {
		json_t *again = weir_rule_json(&rule);
		char *text = json_dumps(again, JSON_COMPACT | JSON_SORT_KEYS);

		ck_assert_str_eq(text, c->becomes);
		free(text);
		json_decref(again);
	} else {
		ck_assert_uint_eq(problems.count, 1);
		ck_assert_msg(strstr(problems.items[0].text, c->becomes) != NULL, "said: %s",
		              problems.items[0].text);
	}
	json_decref(json);
	weir_problems_clear(&problems);
}
END_TEST

START_TEST(a_rule_takes_what_it_does_not_say_from_its_fence)
{
	struct weir_fences *fences = fences_of(
	        "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"confirm_fixes\":4,"
	        "\"exit_buffer_m\":30,\"severity\":\"warning\",\"max_gap_s\":90,"
	        "\"rules\":[{\"rule\":\"enter\"},{\"rule\":\"exit\",\"exit_buffer_m\":5}]},\"geometry\":"
	        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}}");
	const struct weir_fence *fence = weir_fences_get(fences, 0);

	ck_assert_int_eq(fence->max_gap_ns, 90 * SECOND_NS);
	ck_assert(fence->exit_buffer_m == 30);
	ck_assert_uint_eq(fence->rules[0].confirm_fixes, 4);
	ck_assert(fence->rules[0].exit_buffer_m == 30);
	ck_assert(fence->rules[1].exit_buffer_m == 5);
	ck_assert_int_eq(fence->rules[1].severity, WEIR_SEVERITY_WARNING);
	weir_fences_free(fences);
}
END_TEST

START_TEST(a_fence_more_than_there_is_room_for_is_a_problem)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	fputs("{\"type\":\"FeatureCollection\",\"features\":[", file);
	for (int i = 0; i <= WEIR_FENCES_MAX; i++)
		fprintf(file,
		        "%s\n{\"type\":\"Feature\",\"properties\":{\"id\":\"f%d\",\"rules\":[],"
		        "\"radius_m\":1},\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,1]}}",
		        i == 0 ? "" : ",", i);
	fputs("]}", file);
	fclose(file);
	ck_assert_int_eq(fences_from_text(&fences, text, 0, &problems), -EINVAL);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_uint_eq(problems.items[0].line, 65537);
	ck_assert_str_eq(problems.items[0].text, "65536 fences are too many: there is room for 65535");
	weir_problems_clear(&problems);
	free(text);
}
END_TEST

START_TEST(a_fence_has_windows_with_their_defaults)
{
	struct weir_fences *fences = fences_of(
	        "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[],\"windows\":["
	        "{\"window_s\":3600},{\"window_s\":600,\"slide_s\":60,\"lateness_s\":0}]},\"geometry\":"
	        "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}}");
	const struct weir_fence *fence = weir_fences_get(fences, 0);
	const struct weir_window_shape *tumbling = &fence->windows[0], *sliding = &fence->windows[1];

	ck_assert_uint_eq(fence->window_count, 2);
	ck_assert_int_eq(tumbling->window_ns, 3600 * SECOND_NS);
	ck_assert_int_eq(tumbling->slide_ns, 3600 * SECOND_NS);
	ck_assert_int_eq(tumbling->lateness_ns, 60 * SECOND_NS);
	ck_assert_uint_eq(weir_window_panes(tumbling), 3);
	ck_assert_int_eq(sliding->slide_ns, 60 * SECOND_NS);
	ck_assert_int_eq(sliding->lateness_ns, 0);
	ck_assert_uint_eq(weir_window_panes(sliding), 11);
	weir_fences_free(fences);
}
END_TEST

START_TEST(windows_of_all_fences_together_have_a_bound_that_names_the_fence)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	/* 151 slides in each: 1,736 of them are possible. */
	fprintf(file, "{\"type\":\"FeatureCollection\",\"features\":[");
	for (int i = 1; i <= 1740; i++)
		fprintf(file,
		        "%s\n{\"type\":\"Feature\",\"properties\":{\"id\":\"f%d\",\"rules\":[],\"windows\":["
		        "{\"window_s\":90,\"slide_s\":1}]},\"geometry\":{\"type\":\"Polygon\","
		        "\"coordinates\":"
		        "[[[0,0],[1,0],[1,1],[0,0]]]}}",
		        i == 1 ? "" : ",", i);
	fprintf(file, "]}");
	fclose(file);
	ck_assert_int_eq(fences_from_text(&fences, text, 0, &problems), -EINVAL);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_uint_eq(problems.items[0].line, 1 + 1737);
	ck_assert_ptr_nonnull(
	        strstr(problems.items[0].text, "need 262287 slides at once, 262144 are possible"));
	weir_problems_clear(&problems);
	free(text);
}
END_TEST

#define COUNT(cases) (sizeof(cases) / sizeof(*(cases)))

int main(void)
{
	Suite *suite = suite_create("limits of fences");
	TCase *tests = tcase_create("filters, schedules, parameters");

	tcase_add_loop_test(tests, a_filter_accepts_what_all_of_its_keys_accept, 0, COUNT(filter_cases));
	tcase_add_loop_test(tests, a_schedule_is_open_when_its_place_says_so, 0, COUNT(schedule_cases));
	tcase_add_test(tests, no_schedule_is_always_open);
	tcase_add_loop_test(tests, each_rule_has_its_parameters_and_defaults, 0, COUNT(rule_cases));
	tcase_add_test(tests, a_fence_has_windows_with_their_defaults);
	tcase_add_test(tests, windows_of_all_fences_together_have_a_bound_that_names_the_fence);
	tcase_add_test(tests, a_rule_takes_what_it_does_not_say_from_its_fence);
	tcase_add_test(tests, a_fence_more_than_there_is_room_for_is_a_problem);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
