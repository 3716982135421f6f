/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Circles, corridors and gates: what lies in them, how far away they are, and what is met on the way from one
 * fix to the next. PROJ's geodesics are the oracle for metres.
 */
#include <geodesic.h>

#include "fence_text.h"
#include "polygons.h"
#include "suite.h"

#define FEATURE(id, more, geometry)                                                                          \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"" id "\",\"rules\":[]" more                          \
	"},\"geometry\":" geometry "}"
#define FILE_OF(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define POINT(at) "{\"type\":\"Point\",\"coordinates\":[" at "]}"
#define LINE(positions) "{\"type\":\"LineString\",\"coordinates\":[" positions "]}"
#define POLYGON(rings) "{\"type\":\"Polygon\",\"coordinates\":[" rings "]}"
#define SQUARE(id) FEATURE(id, "", POLYGON("[[0,0],[1,0],[1,1],[0,1],[0,0]]"))

#define NAUTICAL_MILE_M 1852.0

static struct geod_geodesic earth;

static void set_up(void)
{
	geod_init(&earth, 6378137, 1 / 298.257223563);
}

static double geodesic_m(const double a[2], const double b[2])
{
	double metres;

	geod_inverse(&earth, a[1], a[0], b[1], b[0], &metres, NULL, NULL);
	return metres;
}

/* From a place into a direction. */
static void go(const double from[2], double azimuth_deg, double metres, double to[2])
{
	geod_direct(&earth, from[1], from[0], azimuth_deg, metres, &to[1], &to[0], NULL);
}

START_TEST(distances_agree_with_the_geodesic_within_a_thousandth)
{
	double worst = 0;

	for (int latitude = -80; latitude <= 80; latitude += 5) {
		for (int azimuth = 0; azimuth < 360; azimuth += 5) {
			for (double miles = 0.01; miles <= 20; miles *= 1.5) {
				double from[2] = {179.9, latitude}, to[2];

				go(from, azimuth, miles * NAUTICAL_MILE_M, to);
				if (fabs(to[1]) > 80)
					continue;
				double ours = weir_distance_m(from[0], from[1], to[0], to[1]);
				worst = fmax(worst, fabs(ours / (miles * NAUTICAL_MILE_M) - 1));
			}
		}
	}
	printf("# farthest from the geodesic: %.2e\n", worst);
	ck_assert_double_lt(worst, 1e-3);
}
END_TEST

START_TEST(a_circle_reaches_as_far_as_its_radius)
{
	static const double radii_m[] = {1, 50, 926, 5000, 37040, 100000};
	static const double centres[][2] = {{4, 52}, {179.999, 0}, {-180, -65}, {20, 79}, {0, 0.0001}};
	uint64_t state = random_seed(0xc1c1e);
	uint32_t index;

	for (size_t c = 0; c < 5; c++) {
		for (size_t r = 0; r < 6; r++) {
			char text[512];

			snprintf(text, sizeof(text), FEATURE("a", ",\"radius_m\":%g", POINT("%g,%g")),
			         radii_m[r], centres[c][0], centres[c][1]);
			struct weir_fences *fences = fences_of(text);
			for (int i = 0; i < 2000; i++) {
				double share = random_between(&state, 0, 2), to[2];

				go(centres[c], random_between(&state, 0, 360), share * radii_m[r], to);
				if (fabs(share - 1) < 1e-3)
					continue;
				size_t count = weir_fences_locate(fences, to[0], to[1], &index, 1);
				double away = weir_fences_distance_m(fences, 0, to[0], to[1]);

				ck_assert_msg((count == 1) == (share < 1), "%g m at [%g, %g]: %.9g of it",
				              radii_m[r], centres[c][0], centres[c][1], share);
				ck_assert_double_eq_tol(away, fmax(share - 1, 0) * radii_m[r],
				                        radii_m[r] * 1e-3);
			}
			weir_fences_free(fences);
		}
	}
}
END_TEST

/* By many points along the edge, which is straight in longitude and latitude. */
static double sampled_m(const double (*line)[2], size_t count, const double place[2])
{
	double least = INFINITY;

	for (size_t i = 0; i + 1 < count; i++) {
		for (int k = 0; k <= 2000; k++) {
			double share = k / 2000.0;
			double on[2] = {line[i][0] + share * (line[i + 1][0] - line[i][0]),
			                line[i][1] + share * (line[i + 1][1] - line[i][1])};

			least = fmin(least, geodesic_m(on, place));
		}
	}
	return least;
}

START_TEST(a_corridor_reaches_as_far_as_half_its_width)
{
	static const double line[][2] = {{4, 51}, {4.4, 51.3}, {4.4, 51.3}, {3.9, 51.5}, {4.6, 51.45}};
	struct weir_fences *fences = fences_of(FEATURE(
	        "a", ",\"half_width_m\":3000", LINE("[4,51],[4.4,51.3],[4.4,51.3],[3.9,51.5],[4.6,51.45]")));
	uint64_t state = random_seed(0xc0dd);
	uint32_t index;
	int inside = 0;

	for (int i = 0; i < 600; i++) {
		double place[2] = {random_between(&state, 3.8, 4.8), random_between(&state, 50.9, 51.6)};
		double metres = sampled_m(line, 5, place);

		if (fabs(metres - 3000) < 10)
			continue;
		ck_assert_msg((weir_fences_locate(fences, place[0], place[1], &index, 1) == 1) ==
		                      (metres < 3000),
		              "[%.7f, %.7f] is %.1f m away", place[0], place[1], metres);
		ck_assert_double_eq_tol(weir_fences_distance_m(fences, 0, place[0], place[1]),
		                        fmax(metres - 3000, 0), 10);
		inside += metres < 3000;
	}
	ck_assert_int_gt(inside, 80);
	weir_fences_free(fences);
}
END_TEST

/* The index may not change what the plain question to every fence says. */
START_TEST(the_index_agrees_with_every_circle_and_corridor_one_by_one)
{
	enum { FENCES = 300, POINTS = 40000 };
	uint64_t state = random_seed(0x1de);
	size_t size = FENCES * 400, length = 0, hits = 0;
	char *text = malloc(size);

	length += (size_t)snprintf(text, size, "{\"type\":\"FeatureCollection\",\"features\":[");
	for (int i = 0; i < FENCES; i++) {
		double x = random_between(&state, 0, 2), y = random_between(&state, 60, 61);
		double metres = exp(random_between(&state, log(20), log(20000)));
		const char *comma = i == 0 ? "" : ",";

		if (i % 2 == 0)
			length += (size_t)snprintf(
			        text + length, size - length,
			        "%s" FEATURE("f%03d", ",\"radius_m\":%.3f", POINT("%.9f,%.9f")), comma, i,
			        metres, x, y);
		else
			length += (size_t)snprintf(
			        text + length, size - length,
			        "%s" FEATURE("f%03d", ",\"half_width_m\":%.3f",
			                     LINE("[%.9f,%.9f],[%.9f,%.9f],[%.9f,%.9f]")),
			        comma, i, metres / 10, x, y, x + random_between(&state, -0.3, 0.3), y + 0.1,
			        x + random_between(&state, -0.3, 0.3), y - random_between(&state, 0, 0.1));
	}
	snprintf(text + length, size - length, "]}");
	struct weir_fences *fences = fences_of(text);
	for (int i = 0; i < POINTS; i++) {
		double x = random_between(&state, -0.5, 2.5), y = random_between(&state, 59.8, 61.2);
		uint32_t found[FENCES];
		size_t count = weir_fences_locate(fences, x, y, found, FENCES), next = 0;

		for (uint32_t f = 0; i % 20 == 0 && f < FENCES; f++) {
			bool covers = weir_fences_distance_m(fences, f, x, y) == 0;

			ck_assert_msg(covers == (next < count && found[next] == f),
			              "fence %u at [%.9f, %.9f]", f, x, y);
			next += covers;
		}
		hits += count;
	}
	ck_assert_uint_gt(hits, POINTS / 4);
	weir_fences_free(fences);
	free(text);
}
END_TEST

static const struct pass_case {
	const char *name, *fences;
	double from[2], to[2];
	const char *hits; /* "index:direction@fraction" */
} pass_cases[] = {
        {"through a square", SQUARE("a"), {-1, 0.5}, {3, 0.5}, "0:both@0.25"},
        {"by a corner", SQUARE("a"), {-1, 0}, {1, 2}, "0:both@0.5"},
        {"past a corner", SQUARE("a"), {-1, 0.001}, {1, 2.001}, ""},
        {"into a square", SQUARE("a"), {-1, 0.5}, {0.5, 0.5}, ""},
        {"out of a square", SQUARE("a"), {0.5, 0.5}, {3, 0.5}, ""},
        {"up to the border", SQUARE("a"), {-1, 0.5}, {0, 0.5}, ""},
        {"along the border", SQUARE("a"), {-1, 1}, {3, 1}, "0:both@0.25"},
        {"nowhere", SQUARE("a"), {2, 2}, {2, 2}, ""},
        {"the long way round is not the way", SQUARE("a"), {-170, 0.5}, {170, 0.5}, ""},
        {"two squares, the farther one first in the file",
         FILE_OF(FEATURE("a", "", POLYGON("[[2,0],[3,0],[3,1],[2,1],[2,0]]")) "," FEATURE(
                 "b", "", POLYGON("[[0,0],[1,0],[1,1],[0,1],[0,0]]"))),
         {-1, 0.5},
         {4, 0.5},
         "1:both@0.2 0:both@0.6"},
        {"from one part of a fence to the other",
         FEATURE("a", "",
                 "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]],"
                 "[[[2,0],[3,0],[3,1],[2,0]]]]}"),
         {0.9, 0.1},
         {4, 0.1},
         ""},
        {"from hole to outside",
         FEATURE("a", "", POLYGON("[[0,0],[9,0],[9,9],[0,9],[0,0]],[[4,4],[5,4],[5,5],[4,5],[4,4]]")),
         {4.5, 4.5},
         {10.5, 4.5},
         "0:both@0.0833333"},
        {"over the antimeridian",
         FEATURE("a", "", POLYGON("[[179,0],[-179,0],[-179,1],[179,1],[179,0]]")),
         {178, 0.5},
         {-178, 0.5},
         "0:both@0.25"},
        {"over the antimeridian, eastern names",
         FEATURE("a", "", POLYGON("[[179,0],[180,0],[180,1],[179,1],[179,0]]")),
         {-179, 0.5},
         {178, 0.5},
         "0:both@0.333333"},
        {"through a circle",
         FEATURE("a", ",\"radius_m\":11131.949", POINT("1,0")),
         {0, 0},
         {2, 0},
         "0:both@0.45"},
        {"past a circle", FEATURE("a", ",\"radius_m\":11000", POINT("1,0")), {0, 0.1}, {2, 0.1}, ""},
        {"through a corridor",
         FEATURE("a", ",\"half_width_m\":11131.949", LINE("[1,-1],[1,1]")),
         {0, 0},
         {2, 0},
         "0:both@0.45"},
        {"a gate northwards, from its left",
         FEATURE("g", ",\"gate\":true", LINE("[1,-1],[1,1]")),
         {0, 0},
         {2, 0},
         "0:left_to_right@0.5"},
        {"a gate northwards, from its right",
         FEATURE("g", ",\"gate\":true", LINE("[1,-1],[1,1]")),
         {2, 0},
         {-2, 0},
         "0:right_to_left@0.25"},
        {"beside a gate", FEATURE("g", ",\"gate\":true", LINE("[1,-1],[1,1]")), {0, 1.01}, {2, 1.01}, ""},
        {"onto a gate from the left",
         FEATURE("g", ",\"gate\":true", LINE("[1,-1],[1,1]")),
         {0, 0},
         {1, 0},
         ""},
        {"on from a gate",
         FEATURE("g", ",\"gate\":true", LINE("[1,-1],[1,1]")),
         {1, 0},
         {2, 0},
         "0:left_to_right@0"},
        {"onto a gate from the right",
         FEATURE("g", ",\"gate\":true", LINE("[1,-1],[1,1]")),
         {2, 0},
         {1, 0},
         "0:right_to_left@1"},
        {"along a gate", FEATURE("g", ",\"gate\":true", LINE("[1,-1],[1,1]")), {1, -2}, {1, 2}, ""},
        {"through a vertex of a gate",
         FEATURE("g", ",\"gate\":true", LINE("[1,-1],[1,0],[1.5,1]")),
         {0, 0},
         {2, 0},
         "0:left_to_right@0.5"},
        {"to a vertex that juts out, and back",
         FEATURE("g", ",\"gate\":true", LINE("[2,-1],[1,0],[2,1]")),
         {0, -1},
         {2, 1},
         "0:left_to_right@0.5"},
        {"touching a vertex that juts out",
         FEATURE("g", ",\"gate\":true", LINE("[2,-1],[1,0],[2,1]")),
         {1, -1},
         {1, 1},
         ""},
        {"in by one arm and out by the other",
         FEATURE("g", ",\"gate\":true", LINE("[2,-1],[1,0],[2,1]")),
         {1.5, -1},
         {1.5, 1},
         ""},
        {"a gate over the antimeridian",
         FEATURE("g", ",\"gate\":true", LINE("[179,-1],[-179,1]")),
         {180, 0.5},
         {-179, 0},
         "0:left_to_right@0.333333"},
};

static const char *direction_name(enum weir_gate_direction direction)
{
	return direction == WEIR_GATE_BOTH            ? "both"
	       : direction == WEIR_GATE_LEFT_TO_RIGHT ? "left_to_right"
	                                              : "right_to_left";
}

START_TEST(what_lies_on_the_way_is_told_in_order)
{
	const struct pass_case *c = &pass_cases[_i];
	struct weir_fences *fences = fences_of(c->fences);
	struct weir_fence_pass hits[4];
	char text[256] = "";
	size_t count = weir_fences_pass(fences, c->from[0], c->from[1], c->to[0], c->to[1], NULL, 0, hits, 4);

	for (size_t i = 0, length = 0; i < count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%u:%s@%.6g",
		                           i == 0 ? "" : " ", hits[i].fence,
		                           direction_name(hits[i].direction), hits[i].fraction);
	if (strstr(c->name, "circle") != NULL || strstr(c->name, "corridor") != NULL) {
		ck_assert_msg((count == 1) == (*c->hits != '\0'), "%s: %zu hits", c->name, count);
		ck_assert(count == 0 || fabs(hits[0].fraction - 0.45) < 1e-4);
	} else {
		ck_assert_msg(strcmp(text, c->hits) == 0, "%s: '%s' instead of '%s'", c->name, text, c->hits);
	}
	weir_fences_free(fences);
}
END_TEST

/* A grid that left a cell out would show here: every fence is tried against GEOS. */
START_TEST(what_lies_on_the_way_agrees_with_geos)
{
	enum { FENCES = 400, WAYS = 1500 };
	static struct polygon polygons[FENCES];
	uint64_t state = random_seed(0x9a55);
	struct oracle oracle;
	char *text = NULL;
	size_t size = 0, met = 0;
	FILE *file = open_memstream(&text, &size);

	for (int i = 0; i < FENCES; i++)
		polygons[i] = polygon_star(&state, random_between(&state, 0, 2), random_between(&state, 0, 2),
		                           0.1, 20, 0, i % 5 == 0);
	polygons_write(file, polygons, FENCES, "");
	fclose(file);
	struct weir_fences *fences = fences_of(text);
	oracle_new(&oracle, polygons, FENCES);
	for (int w = 0; w < WAYS; w++) {
		double reach = w % 10 == 0 ? 2 : 0.05;
		double from[2] = {random_between(&state, -0.2, 2.2), random_between(&state, -0.2, 2.2)};
		double to[2] = {from[0] + random_between(&state, -reach, reach),
		                from[1] + random_between(&state, -reach, reach)};
		struct weir_fence_pass hits[FENCES];
		uint32_t covering[FENCES];
		size_t known = w % 2 == 0 ? 0 : weir_fences_locate(fences, to[0], to[1], covering, FENCES);
		size_t count = weir_fences_pass(fences, from[0], from[1], to[0], to[1], covering, known, hits,
		                                FENCES),
		       want = 0;
		const double ends[4] = {from[0], from[1], to[0], to[1]};
		GEOSGeometry *way = GEOSGeom_createLineString_r(
		        oracle.geos, GEOSCoordSeq_copyFromBuffer_r(oracle.geos, ends, 2, 0, 0));
		GEOSGeometry *a = GEOSGeom_createPointFromXY_r(oracle.geos, from[0], from[1]);
		GEOSGeometry *b = GEOSGeom_createPointFromXY_r(oracle.geos, to[0], to[1]);

		for (uint32_t f = 0; f < FENCES; f++) {
			char name[8];
			snprintf(name, sizeof(name), "f%06u", f);
			bool expected = GEOSPreparedIntersects_r(oracle.geos, oracle.prepared[f], way) == 1 &&
			                GEOSPreparedCovers_r(oracle.geos, oracle.prepared[f], a) != 1 &&
			                GEOSPreparedCovers_r(oracle.geos, oracle.prepared[f], b) != 1;
			bool got = false;

			for (size_t i = 0; i < count; i++)
				got |= strcmp(weir_fences_get(fences, hits[i].fence)->id, name) == 0;
			ck_assert_msg(got == expected, "way %d, %s", w, name);
			want += expected;
		}
		ck_assert_uint_eq(count, want);
		for (size_t i = 1; i < count; i++)
			ck_assert(hits[i - 1].fraction <= hits[i].fraction);
		met += want;
		GEOSGeom_destroy_r(oracle.geos, way);
		GEOSGeom_destroy_r(oracle.geos, a);
		GEOSGeom_destroy_r(oracle.geos, b);
	}
	ck_assert_uint_gt(met, 300);
	oracle_free(&oracle);
	weir_fences_free(fences);
	for (int i = 0; i < FENCES; i++)
		polygon_free(&polygons[i]);
	free(text);
}
END_TEST

/* Whatever the fence is: points within its margin belong to the area of interest, points far off don't. */
START_TEST(the_area_of_interest_surrounds_circles_corridors_and_gates)
{
	static const char *const fences_texts[] = {
	        FEATURE("a", ",\"margin_m\":2000,\"radius_m\":3000", POINT("179.99,60")),
	        FEATURE("a", ",\"margin_m\":2000,\"half_width_m\":500", LINE("[179.9,60],[-179.9,60.1]")),
	        FEATURE("a", ",\"margin_m\":2000,\"gate\":true", LINE("[179.9,60],[-179.9,60.1]")),
	};
	static struct weir_area_tiles tiles;
	uint64_t state = random_seed(0xa4ea);

	for (size_t i = 0; i < 3; i++) {
		struct weir_fences *fences = fences_of(fences_texts[i]);
		struct weir_area *area = NULL;
		int inside = 0;

		ck_assert_int_eq(weir_area_new(&area, NULL, 0, fences), 0);
		ck_assert_int_eq(weir_area_tiles(area, &tiles), 0);
		for (int n = 0; n < 20000; n++) {
			double x = random_between(&state, 179.7, 180.3),
			       y = random_between(&state, 59.8, 60.3);
			x = x > 180 ? x - 360 : x;
			double away = weir_fences_distance_m(fences, 0, x, y);

			if (away <= 2000)
				ck_assert_msg(weir_area_covers(area, x, y), "%zu: [%.7f, %.7f]", i, x, y);
			if (away > 2100)
				ck_assert_msg(!weir_area_covers(area, x, y), "%zu: [%.7f, %.7f]", i, x, y);
			inside += away <= 2000;
		}
		ck_assert_int_gt(inside, 500);
		weir_area_free(area);
		weir_fences_free(fences);
	}
}
END_TEST

START_TEST(a_gate_has_room_for_a_fix_on_either_side)
{
	struct weir_fences *fences =
	        fences_of(FILE_OF(FEATURE("a", ",\"gate\":true", LINE("[0,0],[1,1]")) "," FEATURE(
	                "b", ",\"gate\":true,\"margin_m\":50", LINE("[0,0],[1,1]")) "," SQUARE("c")));

	ck_assert(weir_fences_get(fences, 0)->margin_m == NAUTICAL_MILE_M);
	ck_assert(weir_fences_get(fences, 1)->margin_m == 50);
	ck_assert(weir_fences_get(fences, 2)->margin_m == 0);
	ck_assert_int_eq(weir_fences_get(fences, 0)->kind, WEIR_FENCE_GATE);
	ck_assert_uint_eq(weir_fences_locate(fences, 0.5, 0.5, NULL, 0), 1);
	weir_fences_free(fences);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("kinds of fences");
	TCase *tests = tcase_create("circles, corridors, gates");

	tcase_set_timeout(tests, 120);
	tcase_add_unchecked_fixture(tests, set_up, NULL);
	tcase_add_test(tests, distances_agree_with_the_geodesic_within_a_thousandth);
	tcase_add_test(tests, a_circle_reaches_as_far_as_its_radius);
	tcase_add_test(tests, a_corridor_reaches_as_far_as_half_its_width);
	tcase_add_test(tests, the_index_agrees_with_every_circle_and_corridor_one_by_one);
	tcase_add_loop_test(tests, what_lies_on_the_way_is_told_in_order, 0,
	                    sizeof(pass_cases) / sizeof(*pass_cases));
	tcase_add_test(tests, what_lies_on_the_way_agrees_with_geos);
	tcase_add_test(tests, the_area_of_interest_surrounds_circles_corridors_and_gates);
	tcase_add_test(tests, a_gate_has_room_for_a_fix_on_either_side);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
