/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What fence files may look like, and what is said about those that may not.
 */
#include <errno.h>

#include "fence_text.h"
#include "suite.h"

#define SQUARE "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}"
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define LONG_NAME HUNDRED HUNDRED TEN TEN TEN TEN TEN TEN
#define PROPERTIES(more) "\"properties\":{\"id\":\"a\"," more "}"
#define RULES(rules) PROPERTIES("\"rules\":[" rules "]")
#define LINE(positions) "{\"type\":\"LineString\",\"coordinates\":[" positions "]}"
#define CRS(name, coordinates)                                                                               \
	"{\"type\":\"FeatureCollection\",\"crs\":\"" name                                                    \
	"\",\n\"features\":[\n  {\"type\":\"Feature\"," RULES(                                               \
	        "") ",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[" coordinates "]]}}]}"
#define FEATURE(properties, geometry)                                                                        \
	"{\"type\":\"FeatureCollection\",\n\"features\":[\n  {\"type\":\"Feature\"," properties              \
	",\"geometry\":" geometry "}]}"
#define RING(positions) FEATURE(RULES(""), "{\"type\":\"Polygon\",\"coordinates\":[[" positions "]]}")

struct wrong_case {
	const char *name, *text, *says;
	uint32_t line, column;
};

static const struct wrong_case wrong_cases[] = {
        {"windows that are one", FEATURE(PROPERTIES("\"rules\":[],\"windows\":{\"window_s\":60}"), SQUARE),
         "feature 1 ('a'): 'windows' must be an array", 3, 3},
        {"a window that is a number", FEATURE(PROPERTIES("\"rules\":[],\"windows\":[60]"), SQUARE),
         "each of 'windows' must be an object such as", 3, 3},
        {"a window without its length",
         FEATURE(PROPERTIES("\"rules\":[],\"windows\":[{\"slide_s\":60}]"), SQUARE),
         "each of 'windows' needs 'window_s'", 3, 3},
        {"a window of half a second",
         FEATURE(PROPERTIES("\"rules\":[],\"windows\":[{\"window_s\":0.5}]"), SQUARE),
         "'window_s' must be a number of seconds from 1 to 604800", 3, 3},
        {"a window of a window",
         FEATURE(PROPERTIES("\"rules\":[],\"windows\":[{\"window_s\":60,\"every_s\":6}]"), SQUARE),
         "unknown key 'every_s' in 'windows'", 3, 3},
        {"a slide longer than its window",
         FEATURE(PROPERTIES("\"rules\":[],\"windows\":[{\"window_s\":60,\"slide_s\":61}]"), SQUARE),
         "'slide_s' must not be above 'window_s'", 3, 3},
        {"a slide that does not divide its window",
         FEATURE(PROPERTIES("\"rules\":[],\"windows\":[{\"window_s\":60,\"slide_s\":25}]"), SQUARE),
         "'window_s' must be a whole multiple of 'slide_s'", 3, 3},
        {"more slides than can be kept",
         FEATURE(PROPERTIES("\"rules\":[],\"windows\":[{\"window_s\":149,\"slide_s\":1,\"lateness_s\":1.1}]"),
                 SQUARE),
         "together must not be above 150 times 'slide_s'", 3, 3},
        {"the same window twice",
         FEATURE(PROPERTIES("\"rules\":[],\"windows\":[{\"window_s\":60},{\"window_s\":60,\"slide_s\":60,"
                            "\"lateness_s\":0}]"),
                 SQUARE),
         "two of 'windows' have the same 'window_s' and 'slide_s'", 3, 3},
        {"five windows",
         FEATURE(PROPERTIES(
                         "\"rules\":[],\"windows\":[{\"window_s\":60},{\"window_s\":120},{\"window_s\":180},"
                         "{\"window_s\":240},{\"window_s\":300}]"),
                 SQUARE),
         "'windows' must not be more than 4", 3, 3},
        {"a slip of windows", FEATURE(PROPERTIES("\"rules\":[],\"window\":[]"), SQUARE),
         "unknown property 'window': is 'windows' meant?", 3, 3},
        {"windows of a gate",
         FEATURE(PROPERTIES("\"rules\":[],\"gate\":true,\"windows\":[{\"window_s\":60}]"),
                 LINE("[0,0],[2,2]")),
         "'windows' are for areas: nothing lies in a gate", 3, 3},
        {"a density of a gate",
         FEATURE(PROPERTIES("\"rules\":[{\"rule\":\"density\",\"window_s\":60,\"max_devices\":1}],\"gate\":"
                            "true"),
                 LINE("[0,0],[2,2]")),
         "rule 'density' is for areas; a gate has rule 'gate'", 3, 3},
        {"an unknown rule", FEATURE(RULES("{\"rule\":\"enters\"}"), SQUARE), "unknown rule 'enters'", 3, 3},
        {"a rule without its name", FEATURE(RULES("{\"confirm_fixes\":2}"), SQUARE), "needs a key 'rule'", 3,
         3},
        {"a rule that is a string", FEATURE(RULES("\"enter\""), SQUARE), "must be an object", 3, 3},
        {"an unknown key in a rule", FEATURE(RULES("{\"rule\":\"enter\",\"confirm\":2}"), SQUARE),
         "unknown key 'confirm' in a rule 'enter'", 3, 3},
        {"a parameter of another rule", FEATURE(RULES("{\"rule\":\"exit\",\"dwell_s\":5}"), SQUARE),
         "unknown key 'dwell_s' in a rule 'exit'", 3, 3},
        {"a rule that belongs to no fence", FEATURE(RULES("{\"rule\":\"jump\"}"), SQUARE),
         "rule 'jump' holds everywhere and belongs to no fence", 3, 3},
        {"a rule that is there twice", FEATURE(RULES("{\"rule\":\"exit\"},{\"rule\":\"exit\"}"), SQUARE),
         "rule 'exit' is there twice", 3, 3},
        {"no fix to confirm", FEATURE(RULES("{\"rule\":\"exit\",\"confirm_fixes\":0}"), SQUARE),
         "'confirm_fixes' must be a whole number from 1 to 100", 3, 3},
        {"half a fix to confirm", FEATURE(RULES("{\"rule\":\"exit\",\"confirm_fixes\":1.5}"), SQUARE),
         "'confirm_fixes' must be a whole number", 3, 3},
        {"a severity that is none", FEATURE(RULES("{\"rule\":\"exit\",\"severity\":\"high\"}"), SQUARE),
         "'severity' must be one of info, warning, alarm, emergency", 3, 3},
        {"rules that are no array", FEATURE(PROPERTIES("\"rules\":{}"), SQUARE), "'rules' must be an array",
         3, 3},
        {"no rules", FEATURE("\"properties\":{\"id\":\"a\"}", SQUARE), "a fence needs 'rules'", 3, 3},
        {"a slip of a property", FEATURE(PROPERTIES("\"rules\":[],\"margin\":5"), SQUARE),
         "unknown property 'margin': is 'margin_m' meant?", 3, 3},
        {"a schedule that is a list", FEATURE(PROPERTIES("\"rules\":[],\"schedule\":[]"), SQUARE),
         "'schedule' must be an object, not an array", 3, 3},
        {"a negative margin", FEATURE(PROPERTIES("\"rules\":[],\"margin_m\":-1"), SQUARE),
         "'margin_m' must be a number of metres", 3, 3},
        {"a name that is a number", FEATURE(PROPERTIES("\"rules\":[],\"name\":7"), SQUARE),
         "'name' must be a string, not a number", 3, 3},
        {"a name as long as a book", FEATURE(PROPERTIES("\"rules\":[],\"name\":\"" LONG_NAME "\""), SQUARE),
         "'name' must not be longer than 256 bytes", 3, 3},
        {"no id", FEATURE("\"properties\":{\"rules\":[]}", SQUARE), "feature 1: a fence needs an 'id'", 3, 3},
        {"an id with a dot", FEATURE("\"properties\":{\"id\":\"a.b\",\"rules\":[]}", SQUARE),
         "'id' must be 1 to 64 of the characters", 3, 3},
        {"an empty id", FEATURE("\"properties\":{\"id\":\"\",\"rules\":[]}", SQUARE), "'id' must be 1 to 64",
         3, 3},
        {"an id that is a number", FEATURE("\"properties\":{\"id\":5,\"rules\":[]}", SQUARE),
         "'id' must be a string", 3, 3},
        {"no properties", FEATURE("\"properties\":null", SQUARE), "a fence needs 'properties'", 3, 3},
        {"no geometry", FEATURE(RULES(""), "null"), "a fence needs a 'geometry'", 3, 3},
        {"a point", FEATURE(RULES(""), "{\"type\":\"Point\",\"coordinates\":[0,0]}"),
         "a Point needs 'radius_m'", 3, 3},
        {"points", FEATURE(RULES(""), "{\"type\":\"MultiPoint\",\"coordinates\":[[0,0]]}"),
         "a fence can't be a MultiPoint", 3, 3},
        {"a circle of nothing",
         FEATURE(PROPERTIES("\"rules\":[],\"radius_m\":0"), "{\"type\":\"Point\",\"coordinates\":[0,0]}"),
         "'radius_m' must be a number of metres above 0 up to 200000", 3, 3},
        {"a circle around a pole",
         FEATURE(PROPERTIES("\"rules\":[],\"radius_m\":9000"),
                 "{\"type\":\"Point\",\"coordinates\":[0,89.95]}"),
         "within a degree of a pole", 3, 3},
        {"a square with a radius", FEATURE(PROPERTIES("\"rules\":[],\"radius_m\":9"), SQUARE),
         "'radius_m' is for a Point, not for a Polygon", 3, 3},
        {"a square as a gate", FEATURE(PROPERTIES("\"rules\":[],\"gate\":true"), SQUARE),
         "'gate' is for a LineString, not for a Polygon", 3, 3},
        {"a line that is neither", FEATURE(RULES(""), LINE("[0,0],[1,1]")),
         "either 'half_width_m', and is a corridor then, or \"gate\":true", 3, 3},
        {"a line that is both",
         FEATURE(PROPERTIES("\"rules\":[],\"half_width_m\":9,\"gate\":true"), LINE("[0,0],[1,1]")),
         "either 'half_width_m', and is a corridor then, or \"gate\":true", 3, 3},
        {"a gate of one place", FEATURE(PROPERTIES("\"rules\":[],\"gate\":true"), LINE("[1,1],[1,1]")),
         "the line needs two different positions", 3, 3},
        {"a gate that crosses itself",
         FEATURE(PROPERTIES("\"rules\":[],\"gate\":true"), LINE("[0,0],[2,2],[2,0],[0,2]")),
         "a gate must not cross or touch itself", 3, 3},
        {"a gate that is to be entered",
         FEATURE(PROPERTIES("\"rules\":[{\"rule\":\"enter\"}],\"gate\":true"), LINE("[0,0],[2,2]")),
         "rule 'enter' is for areas; a gate has rule 'gate'", 3, 3},
        {"an open ring", RING("[0,0],[1,0],[1,1],[0,1]"), "the outer ring of polygon 1 is not closed", 3, 3},
        {"three positions", RING("[0,0],[1,0],[0,0]"), "at least four positions", 3, 3},
        {"latitude first", RING("[51,100],[51,101],[52,101],[51,100]"),
         "latitude 100 in position 1 of the outer ring of polygon 1 is beyond 90 degrees", 3, 3},
        {"longitude out of range", RING("[0,0],[181,0],[0,1],[0,0]"), "longitude 181 in position 2", 3, 3},
        {"a position of one number", RING("[0,0],[1],[0,1],[0,0]"), "must be [longitude, latitude]", 3, 3},
        {"a ring that crosses itself", RING("[0,0],[10,10],[10,0],[0,10],[0,0]"),
         "the geometry is not valid: Self-intersection at [5.0000000, 5.0000000]", 3, 3},
        {"a hole outside of its shell",
         FEATURE(RULES(""), "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]],"
                            "[[5,5],[6,5],[6,6],[5,5]]]}"),
         "the geometry is not valid: Hole lies outside shell", 3, 3},
        {"a ring around a pole", RING("[0,80],[90,80],[180,80],[-90,80],[0,80]"), "goes around a pole", 3, 3},
        {"no feature", "{\"type\":\"FeatureCollection\",\"features\":[\n {\"type\":\"Thing\"}]}",
         "feature 1: must be an object of type 'Feature'", 2, 2},
        {"no GeoJSON", "{\"type\":\"Topology\"}", "must be a GeoJSON FeatureCollection", 0, 0},
        {"no JSON", "{\"type\":\n \"FeatureCollection\",,}", "not valid JSON", 2, 22},
        {"the same key twice", "{\"type\":\"Feature\",\n\"type\":\"Feature\"}", "duplicate object key", 2, 6},
        {"an empty file", "", "not valid JSON", 1, 0},
        {"an unknown reference system", CRS("EPSG:99999", "[0,0],[1,0],[1,1],[0,0]"),
         "unknown coordinate reference system 'EPSG:99999'", 0, 0},
        {"a reference system of heights", CRS("EPSG:5709", "[0,0],[1,0],[1,1],[0,0]"),
         "'EPSG:5709' is no system of longitudes and latitudes", 0, 0},
        {"degrees where metres are meant", CRS("EPSG:28992", "[4.1,51.9],[4.2,51.9],[4.2,52],[4.1,51.9]"),
         "outside of the area of use of EPSG:28992 (Netherlands", 3, 3},
        {"a place that is none", CRS("EPSG:4258", "[4.1,95],[4.2,51.9],[4.2,52],[4.1,95]"),
         "can't be a place in EPSG:4258", 3, 3},
        {"a reference system that is a number",
         "{\"type\":\"FeatureCollection\",\"features\":[],\"crs\":28992}",
         "'crs' of a file must be a name such as", 0, 0},
        {"a fence's reference system that is a number",
         FEATURE(PROPERTIES("\"rules\":[],\"crs\":28992"), SQUARE), "'crs' must be a string", 3, 3},
        {"a filter of a class that is none",
         FEATURE(PROPERTIES("\"rules\":[],\"filter\":{\"class\":[\"C\"]}"), SQUARE),
         "'class' must be one of A, B, base", 3, 3},
        {"a slip in a filter", FEATURE(PROPERTIES("\"rules\":[],\"filter\":{\"ship_types\":[70]}"), SQUARE),
         "unknown key 'ship_types' in 'filter'", 3, 3},
        {"a range that runs backwards",
         FEATURE(PROPERTIES("\"rules\":[],\"filter\":{\"ship_type\":[\"79-70\"]}"), SQUARE),
         "'ship_type' must be a list of whole numbers from 1 to 255", 3, 3},
        {"an MMSI of ten digits",
         FEATURE(PROPERTIES("\"rules\":[],\"filter\":{\"mmsi\":[2446600000]}"), SQUARE),
         "'mmsi' must be a list of whole numbers from 1 to 999999999", 3, 3},
        {"limits the wrong way round",
         FEATURE(PROPERTIES("\"rules\":[],\"filter\":{\"min_sog_kn\":9,\"max_sog_kn\":2}"), SQUARE),
         "'min_sog_kn' must not be above 'max_sog_kn'", 3, 3},
        {"a time zone that is none",
         FEATURE(PROPERTIES("\"rules\":[],\"schedule\":{\"time_zone\":\"Europe/Rotterdam\"}"), SQUARE),
         "unknown 'time_zone' 'Europe/Rotterdam'", 3, 3},
        {"a time zone that is a file",
         FEATURE(PROPERTIES("\"rules\":[],\"schedule\":{\"time_zone\":\"/etc/passwd\"}"), SQUARE),
         "unknown 'time_zone'", 3, 3},
        {"a time of day that is none",
         FEATURE(PROPERTIES("\"rules\":[],\"schedule\":{\"windows\":[{\"from\":\"24:30\"}]}"), SQUARE),
         "'from' must be a time of day such as \"08:30\"", 3, 3},
        {"a day that is none",
         FEATURE(PROPERTIES("\"rules\":[],\"schedule\":{\"windows\":[{\"days\":[\"mo\"]}]}"), SQUARE),
         "'days' must be an array of mon, tue", 3, 3},
        {"a schedule that ends before it begins",
         FEATURE(PROPERTIES("\"rules\":[],\"schedule\":{\"valid_from\":\"2026-05-02T00:00:00Z\","
                            "\"valid_to\":\"2026-05-01T00:00:00Z\"}"),
                 SQUARE),
         "'valid_from' must be before 'valid_to'", 3, 3},
        {"a date without a time",
         FEATURE(PROPERTIES("\"rules\":[],\"schedule\":{\"valid_from\":\"2026-05-02\"}"), SQUARE),
         "'valid_from' must be a time such as", 3, 3},
        {"nothing that could be repaired",
         FEATURE(PROPERTIES("\"rules\":[],\"repair\":true"),
                 "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1],[0,0],[1,1],[0,0]]]}"),
         "nothing with an area is left of the geometry", 3, 3},
        {"the same id twice",
         "{\"type\":\"FeatureCollection\",\"features\":[\n{\"type\":\"Feature\"," RULES(
                 "") ",\"geometry\":" SQUARE "},\n\n {\"type\":\"Feature\"," RULES("") ",\"geometry\":" SQUARE
                                                                                       "}]}",
         "the id 'a' is taken by the fence at /tmp/weir-fences-", 4, 2},
};

#define WRONG_CASES (sizeof(wrong_cases) / sizeof(*wrong_cases))

START_TEST(a_wrong_file_is_refused_with_reason_and_place)
{
	const struct wrong_case *c = &wrong_cases[_i];
	struct weir_problems problems = {0};
	struct weir_fences *fences = (struct weir_fences *)&problems;
	int error = fences_from_text(&fences, c->text, 0, &problems);

	ck_assert_msg(error == -EINVAL, "%s: error %d", c->name, error);
	ck_assert_msg(fences == (struct weir_fences *)&problems, "%s: the output was touched", c->name);
	ck_assert_msg(problems.count == 1, "%s: %zu problems, the first: %s", c->name, problems.count,
	              problems.count == 0 ? "" : problems.items[0].text);
	ck_assert_msg(strstr(problems.items[0].text, c->says) != NULL, "%s: said: %s", c->name,
	              problems.items[0].text);
	ck_assert_msg(problems.items[0].line == c->line, "%s: line %u", c->name, problems.items[0].line);
	ck_assert_msg(problems.items[0].column == c->column, "%s: column %u", c->name,
	              problems.items[0].column);
	weir_problems_clear(&problems);
}
END_TEST

START_TEST(all_problems_are_told_in_one_go)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	int error = fences_from_text(&fences,
	                             "{\"type\":\"FeatureCollection\",\"features\":[\n"
	                             "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[{"
	                             "\"rule\":\"gap\"},{\"rule\":\"x\"}],"
	                             "\"severity\":3},\"geometry\":null},\n"
	                             "{\"note\":\"} \\\" ] {\", "
	                             "\"type\":\"Feature\",\"properties\":{\"rules\":[]},\"geometry\":" SQUARE
	                             "},\n\n"
	                             "   {\"type\":\"Feature\"," RULES(
	                                     "") ",\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[]}}]}",
	                             0, &problems);

	ck_assert_int_eq(error, -EINVAL);
	ck_assert_ptr_null(fences);
	ck_assert_uint_eq(problems.count, 7);
	ck_assert_uint_eq(problems.items[0].line, 2);
	ck_assert_uint_eq(problems.items[4].line, 3);
	ck_assert_uint_eq(problems.items[5].line, 5);
	ck_assert_uint_eq(problems.items[5].column, 4);
	weir_problems_clear(&problems);
}
END_TEST

START_TEST(a_file_that_is_not_there_says_so)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	const char *files[] = {"tests/data/no-such-file.geojson"};
	int error = weir_fences_load(&fences, &(struct weir_fence_options){.files = files, .file_count = 1},
	                             &problems);

	ck_assert_int_eq(error, -ENOENT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].file, files[0]);
	ck_assert_ptr_nonnull(strstr(problems.items[0].text, "No such file"));
	weir_problems_clear(&problems);
}
END_TEST

START_TEST(what_a_gis_tool_writes_is_read)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	const char *files[] = {"tests/data/harbour.geojson"};
	int error = weir_fences_load(
	        &fences, &(struct weir_fence_options){.files = files, .file_count = 1, .margin_m = 500},
	        &problems);

	ck_assert_msg(error == 0, "%s", problems.count == 0 ? "" : problems.items[0].text);
	ck_assert_uint_eq(weir_fences_count(fences), 2);

	const struct weir_fence *fence = weir_fences_get(fences, 1);
	ck_assert_str_eq(fence->id, "maasmond");
	ck_assert_str_eq(fence->name, "Maasmond");
	ck_assert(fence->margin_m == 500);
	ck_assert_uint_eq(fence->rule_count, 2);
	ck_assert_int_eq(fence->rules[0].kind, WEIR_RULE_ENTER);
	ck_assert_int_eq(fence->rules[0].severity, WEIR_SEVERITY_WARNING);
	ck_assert_uint_eq(fence->rules[0].confirm_fixes, 2);
	ck_assert_int_eq(fence->rules[1].kind, WEIR_RULE_EXIT);
	ck_assert_int_eq(fence->rules[1].severity, WEIR_SEVERITY_ALARM);
	ck_assert_uint_eq(fence->rules[1].confirm_fixes, 3);

	fence = weir_fences_get(fences, 0); /* in the order of the ids */
	ck_assert_str_eq(fence->id, "anchorages_4");
	ck_assert_ptr_null(fence->name);
	ck_assert(fence->margin_m == 250.5);
	ck_assert_uint_eq(fence->rules[0].confirm_fixes, 1);
	ck_assert_int_eq(fence->rules[0].severity, WEIR_SEVERITY_INFO);
	weir_fences_free(fences);
}
END_TEST

/* A text beside the files: its id comes from where it is kept. */
static const struct {
	const char *name, *id, *properties, *says;
} texts[] = {
        {"its properties may leave the id out", "quay", "{\"rules\":[{\"rule\":\"enter\"}]}", NULL},
        {"or say the same", "quay", "{\"id\":\"quay\",\"rules\":[{\"rule\":\"enter\"}]}", NULL},
        {"but no other one", "quay", "{\"id\":\"pier\",\"rules\":[{\"rule\":\"enter\"}]}",
         "'id' is 'pier', but it is kept under the name 'quay'"},
        {"what can't be a token is no id", "qu.ay", "{\"rules\":[{\"rule\":\"enter\"}]}",
         "'id' must be 1 to 64 of the characters"},
        {"nor may a file have it too", "maasmond", "{\"rules\":[{\"rule\":\"enter\"}]}",
         "the id 'maasmond' is taken by the fence at tests/data/harbour.geojson"},
};

START_TEST(a_text_is_a_fence_beside_those_of_the_files)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	const char *files[] = {"tests/data/harbour.geojson"};
	char text[512];
	int length = snprintf(text, sizeof(text),
	                      "{\"type\":\"Feature\",\"properties\":%s,\"geometry\":" SQUARE "}",
	                      texts[_i].properties);
	struct weir_fence_text one = {
	        .name = "bucket/quay", .id = texts[_i].id, .text = text, .length = (size_t)length};
	int error = weir_fences_load(
	        &fences,
	        &(struct weir_fence_options){.files = files, .file_count = 1, .texts = &one, .text_count = 1},
	        &problems);

	if (texts[_i].says == NULL) {
		ck_assert_msg(error == 0, "%s: %s", texts[_i].name,
		              problems.count ? problems.items[0].text : "");
		ck_assert_uint_eq(weir_fences_count(fences), 3);
		ck_assert_str_eq(weir_fences_get(fences, 2)->id, texts[_i].id);
	} else {
		ck_assert_msg(error == -EINVAL, "%s", texts[_i].name);
		ck_assert_uint_eq(problems.count, 1);
		ck_assert_str_eq(problems.items[0].file, "bucket/quay");
		ck_assert_msg(strstr(problems.items[0].text, texts[_i].says) != NULL, "%s: %s",
		              texts[_i].name, problems.items[0].text);
	}
	weir_problems_clear(&problems);
	weir_fences_free(fences);
}
END_TEST

START_TEST(a_text_is_one_feature)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	static const char text[] = "{\"type\":\"FeatureCollection\",\"features\":[]}";
	struct weir_fence_text one = {
	        .name = "bucket/quay", .id = "quay", .text = text, .length = sizeof(text) - 1};

	ck_assert_int_eq(weir_fences_load(&fences,
	                                  &(struct weir_fence_options){.texts = &one, .text_count = 1},
	                                  &problems),
	                 -EINVAL);
	ck_assert_str_eq(problems.items[0].text, "must be a GeoJSON Feature");
	weir_problems_clear(&problems);
}
END_TEST

START_TEST(a_single_feature_is_a_file_too)
{
	struct weir_fences *fences =
	        fences_of("{\"type\":\"Feature\"," RULES("{\"rule\":\"enter\"}") ",\"geometry\":" SQUARE "}");

	ck_assert_uint_eq(weir_fences_count(fences), 1);
	weir_fences_free(fences);
}
END_TEST

START_TEST(no_files_give_an_empty_set)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	uint32_t index;

	ck_assert_int_eq(weir_fences_load(&fences, &(struct weir_fence_options){0}, &problems), 0);
	ck_assert_uint_eq(weir_fences_count(fences), 0);
	ck_assert_uint_eq(weir_fences_locate(fences, 0, 0, &index, 1), 0);
	weir_fences_free(fences);
	weir_fences_free(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("GeoJSON fences");
	TCase *tests = tcase_create("files");

	tcase_add_loop_test(tests, a_wrong_file_is_refused_with_reason_and_place, 0, WRONG_CASES);
	tcase_add_test(tests, all_problems_are_told_in_one_go);
	tcase_add_test(tests, a_file_that_is_not_there_says_so);
	tcase_add_test(tests, what_a_gis_tool_writes_is_read);
	tcase_add_loop_test(tests, a_text_is_a_fence_beside_those_of_the_files, 0,
	                    (int)(sizeof(texts) / sizeof(*texts)));
	tcase_add_test(tests, a_text_is_one_feature);
	tcase_add_test(tests, a_single_feature_is_a_file_too);
	tcase_add_test(tests, no_files_give_an_empty_set);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
