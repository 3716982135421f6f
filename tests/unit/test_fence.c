/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which fences cover a point: chosen cases by hand, and millions of random and adversarial points with
 * GEOS as the judge.
 */
#include "fence/loader.h"
#include "fence/orientation.h"
#include "fence_text.h"
#include "polygons.h"
#include "suite.h"

#define FEATURE(id, type, coordinates)                                                                       \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"" id                                                 \
	"\",\"rules\":[]},\"geometry\":{\"type\":\"" type "\",\"coordinates\":" coordinates "}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static const char square_with_hole[] = COLLECTION(
        FEATURE("a", "Polygon", "[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[4,6],[6,6],[6,4],[4,4]]]"));
static const char overlapping[] =
        COLLECTION(FEATURE("a", "Polygon", "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]") "," FEATURE(
                "b", "Polygon",
                "[[[2,2],[6,2],[6,6],[2,6],[2,2]]]") "," FEATURE("c", "Polygon",
                                                                 "[[[3,3],[5,3],[5,5],[3,5],[3,3]]]"));
/* The two parts touch in (2, 2). */
static const char two_parts[] = COLLECTION(FEATURE(
        "a", "MultiPolygon", "[[[[0,0],[2,0],[2,2],[0,2],[0,0]]],[[[2,2],[4,2],[4,4],[2,4],[2,2]]]]"));
static const char unwrapped[] = COLLECTION(FEATURE("a", "Polygon",
                                                   "[[[170,-10],[-170,-10],[-170,10],[170,10],[170,-10]],[[-"
                                                   "179,-1],[-179,1],[-178,1],[-178,-1],[-179,-1]]]"));
static const char split[] = COLLECTION(FEATURE("a", "MultiPolygon",
                                               "[[[[170,-10],[180,-10],[180,10],[170,10],[170,-10]]],[[[-180,"
                                               "-10],[-170,-10],[-170,10],[-180,10],[-180,-10]]]]"));
static const char westward[] =
        COLLECTION(FEATURE("a", "Polygon", "[[[-170,-10],[170,-10],[170,10],[-170,10],[-170,-10]]]"));
static const char whole_earth[] =
        COLLECTION(FEATURE("a", "Polygon", "[[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]]"));

struct point_case {
	const char *name, *fences;
	double longitude, latitude;
	uint32_t expected; /* a bit for each fence */
};

static const struct point_case point_cases[] = {
        {"inside", square_with_hole, 1, 1, 1},
        {"outside", square_with_hole, 11, 5, 0},
        {"outside, level with a vertex", square_with_hole, -1, 10, 0},
        {"in the hole", square_with_hole, 5, 5, 0},
        {"on the hole's edge", square_with_hole, 4, 5, 1},
        {"on the hole's corner", square_with_hole, 6, 6, 1},
        {"east of the hole, level with its edge", square_with_hole, 8, 4, 1},
        {"west of the hole, level with its edge", square_with_hole, 2, 6, 1},
        {"on the west edge", square_with_hole, 0, 5, 1},
        {"on the east edge", square_with_hole, 10, 5, 1},
        {"on the south edge", square_with_hole, 5, 0, 1},
        {"on the north edge", square_with_hole, 5, 10, 1},
        {"on a corner", square_with_hole, 10, 10, 1},
        {"just beyond a corner", square_with_hole, 10.000000000000002, 10, 0},
        {"just within the hole", square_with_hole, 4.000000000000001, 5, 0},
        {"no number", square_with_hole, NAN, 5, 0},
        {"in one of three", overlapping, 1, 1, 1},
        {"in two of three", overlapping, 2.5, 2.5, 3},
        {"in all three", overlapping, 3.5, 3.5, 7},
        {"on three boundaries or within", overlapping, 4, 4, 7},
        {"where two parts touch", two_parts, 2, 2, 1},
        {"in the second part", two_parts, 3, 3, 1},
        {"between the parts", two_parts, 3, 1, 0},
        {"unwrapped: on the antimeridian", unwrapped, 180, 0, 1},
        {"unwrapped: on its other name", unwrapped, -180, 0, 1},
        {"unwrapped: east of it", unwrapped, -175, 0, 1},
        {"unwrapped: west of it", unwrapped, 175, 0, 1},
        {"unwrapped: on the edge in the east", unwrapped, -170, 0, 1},
        {"unwrapped: on the edge in the west", unwrapped, 170, 0, 1},
        {"unwrapped: in the hole", unwrapped, -178.5, 0, 0},
        {"unwrapped: on the far side", unwrapped, 0, 0, 0},
        {"unwrapped: just beyond", unwrapped, -169.999, 0, 0},
        {"split: on the antimeridian", split, 180, 0, 1},
        {"split: on its other name", split, -180, 0, 1},
        {"split: east of it", split, -175, 0, 1},
        {"split: on the far side", split, 0, 0, 0},
        {"drawn westwards: east of it", westward, -175, 0, 1},
        {"drawn westwards: west of it", westward, 175, 0, 1},
        {"drawn westwards: on the far side", westward, 0, 0, 0},
        {"the whole earth: the middle", whole_earth, 0, 0, 1},
        {"the whole earth: its corner", whole_earth, -180, -90, 1},
        {"the whole earth: the north pole", whole_earth, 33, 90, 1},
};

#define POINT_CASES (sizeof(point_cases) / sizeof(*point_cases))

START_TEST(a_point_lies_in_the_fences_that_cover_it)
{
	const struct point_case *c = &point_cases[_i];
	struct weir_fences *fences = fences_of(c->fences);
	uint32_t indices[8], found = 0;
	size_t count = weir_fences_locate(fences, c->longitude, c->latitude, indices, 8);

	ck_assert_uint_le(count, 8);
	for (size_t i = 0; i < count; i++) {
		ck_assert_msg(i == 0 || indices[i] > indices[i - 1], "%s: not ascending", c->name);
		found |= 1u << indices[i];
	}
	ck_assert_msg(found == c->expected, "%s: found %x, not %x", c->name, found, c->expected);
	weir_fences_free(fences);
}
END_TEST

START_TEST(more_fences_than_there_is_room_for_are_counted)
{
	struct weir_fences *fences = fences_of(overlapping);
	uint32_t indices[2] = {77, 77};

	ck_assert_uint_eq(weir_fences_locate(fences, 3.5, 3.5, indices, 1), 3);
	ck_assert_uint_eq(indices[0], 0);
	ck_assert_uint_eq(indices[1], 77);
	ck_assert_uint_eq(weir_fences_locate(fences, 3.5, 3.5, NULL, 0), 3);
	weir_fences_free(fences);
}
END_TEST

/* Doubles next to each other, where plain arithmetic gives wrong signs. */
START_TEST(the_side_of_a_line_is_exact)
{
	uint64_t state = random_seed(0x0713);

	for (int i = 0; i < 200000; i++) {
		double a[2] = {random_between(&state, 3, 5), random_between(&state, 51, 53)};
		double b[2] = {a[0] + ldexp((double)(random_bits(&state) % 4096) - 2048, -48),
		               a[1] + ldexp((double)(random_bits(&state) % 4096) - 2048, -46)};
		double x = a[0] + ldexp((double)(random_bits(&state) % 4096) - 2048, -48);
		double y = a[1] + ldexp((double)(random_bits(&state) % 4096) - 2048, -46);

		/* The differences are exact, and whole numbers of 2^-60. */
		__int128 ux = (__int128)ldexp(b[0] - a[0], 60), uy = (__int128)ldexp(b[1] - a[1], 60);
		__int128 vx = (__int128)ldexp(x - a[0], 60), vy = (__int128)ldexp(y - a[1], 60);
		__int128 cross = ux * vy - uy * vx;
		int expected = (cross > 0) - (cross < 0);

		if (weir_orientation(a, b, x, y) != expected || weir_orientation(b, a, x, y) != -expected)
			ck_abort_msg("%a %a, %a %a, %a %a", a[0], a[1], b[0], b[1], x, y);
	}
	const double far[2] = {-180, -90}, near[2] = {1e-300, 1e-300};
	ck_assert_int_eq(weir_orientation(far, near, 180, 90),
	                 weir_orientation(near, (double[]){180, 90}, -180, -90));
}
END_TEST

#define FOUND_MAX 4096

static void compare(struct weir_fences *fences, struct oracle *oracle, double x, double y)
{
	static uint32_t ours[FOUND_MAX], theirs[FOUND_MAX];
	static unsigned char marked[FOUND_MAX];
	size_t count = weir_fences_locate(fences, x, y, ours, FOUND_MAX);
	size_t expected = oracle_locate(oracle, x, y, theirs);

	/* A ck_assert writes to a file each time: too slow for millions. */
	if (count != expected)
		ck_abort_msg("at %.17g %.17g: %zu fences, GEOS says %zu", x, y, count, expected);
	for (size_t i = 0; i < count; i++)
		marked[ours[i]] = 1;
	for (size_t i = 0; i < count; i++)
		if (!marked[theirs[i]])
			ck_abort_msg("at %.17g %.17g: not in fence %u", x, y, theirs[i]);
	for (size_t i = 0; i < count; i++)
		marked[ours[i]] = 0;
}

struct set_case {
	const char *name;
	size_t count, vertices;
	double west, south, east, north, radius, unit;
	int holes;
	int points;
};

static const struct set_case set_cases[] = {
        {"one", 1, 200, 4, 52, 4, 52, 0.3, 0, 1, 140000},
        {"a harbour", 100, 50, 3.9, 51.8, 4.6, 52.1, 0.03, 600000, 1, 180000},
        {"coarse coordinates", 60, 12, 0, 0, 40, 40, 12, 1, 1, 180000},
        {"very coarse coordinates", 30, 8, 0, 0, 10, 10, 6, 1, 0, 140000},
        {"the world", 300, 80, -170, -80, 170, 80, 8, 1000, 1, 140000},
        {"tiny and far apart", 50, 30, -179, -80, 179, 80, 1e-4, 0, 0, 50000},
        {"a cluster, and one far away", 400, 60, 4.0, 51.9, 4.2, 52.0, 0.01, 0, 1, 140000},
        {"heaped upon each other", 120, 100, 10, 10, 10.01, 10.01, 1, 0, 0, 16000},
        {"long rings", 5, 2000, 0, 0, 10, 10, 4, 0, 1, 50000},
};

static struct polygon *make_set(const struct set_case *c, uint64_t *state, GEOSContextHandle_t geos)
{
	struct polygon *polygons = calloc(c->count, sizeof(*polygons));

	for (size_t i = 0; i < c->count; i++) {
		for (;;) {
			double x = random_between(state, c->west, c->east);
			double y = random_between(state, c->south, c->north);

			if (i == 0 && c->count == 400)
				x = -120;
			polygons[i] = polygon_star(state, x, y, c->radius, c->vertices, c->unit, c->holes);
			GEOSGeometry *geometry = polygon_geos(geos, &polygons[i]);
			char valid = GEOSisValid_r(geos, geometry);
			GEOSGeom_destroy_r(geos, geometry);
			if (valid == 1)
				break;
			polygon_free(&polygons[i]); /* rounding has folded it */
		}
	}
	return polygons;
}

/* A point that is likely to hit something: a vertex, an edge, the border of a cell. */
static void adversarial(const struct set_case *c, const struct weir_fences *fences,
                        const struct polygon *polygons, uint64_t *state, double point[2])
{
	const struct polygon *polygon = &polygons[random_bits(state) % c->count];
	size_t ring = random_bits(state) % polygon->ring_count;
	size_t i = random_bits(state) % (polygon->counts[ring] - 1);
	const double *a = polygon->rings[ring][i], *b = polygon->rings[ring][i + 1];
	const struct weir_grid *grid = &fences->grid;
	const struct weir_cell *cell = &grid->cells[random_bits(state) % (grid->columns * grid->rows)];
	uint32_t division = cell->side == 0 ? 1 : cell->side;

	switch (random_bits(state) % 6) {
	case 0: /* a vertex */
		point[0] = a[0];
		point[1] = a[1];
		break;
	case 1: /* near an edge, exactly on it where the arithmetic allows */
		point[0] = (a[0] + b[0]) / 2;
		point[1] = (a[1] + b[1]) / 2;
		break;
	case 2: { /* one step beside an edge */
		double share = random_between(state, 0, 1);
		point[0] = nextafter(a[0] + share * (b[0] - a[0]), random_bits(state) & 1 ? 400 : -400);
		point[1] = a[1] + share * (b[1] - a[1]);
		break;
	}
	case 3: /* level with a vertex */
		point[0] = random_between(state, grid->west, grid->east);
		point[1] = a[1];
		break;
	case 4: /* on the border of a cell */
		point[0] = grid->west + round((a[0] - grid->west) * grid->columns_per_degree * division) /
		                                division / grid->columns_per_degree;
		point[1] = random_between(state, fmin(a[1], b[1]), fmax(a[1], b[1]));
		break;
	default: /* on the lattice of AIS positions, close by */
		point[0] = round((a[0] + random_between(state, -1e-4, 1e-4)) * 600000) / 600000;
		point[1] = round((a[1] + random_between(state, -1e-4, 1e-4)) * 600000) / 600000;
		break;
	}
}

START_TEST(locating_agrees_with_geos_everywhere)
{
	const struct set_case *c = &set_cases[_i];
	uint64_t state = random_seed(0x5eed + (uint64_t)_i);
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	struct oracle oracle;
	char *text = NULL;
	size_t length = 0;
	GEOSContextHandle_t geos = GEOS_init_r();
	struct polygon *polygons = make_set(c, &state, geos);
	FILE *file = open_memstream(&text, &length);

	polygons_write(file, polygons, c->count, "");
	fclose(file);
	ck_assert_msg(fences_from_text(&fences, text, 0, &problems) == 0, "%s: %s", c->name,
	              problems.count == 0 ? "" : problems.items[0].text);
	oracle_new(&oracle, polygons, c->count);

	/* A million points in all sets; WEIR_POINTS=10 asks for ten times as many. */
	const char *times = getenv("WEIR_POINTS");
	long points = c->points * (times == NULL ? 1 : strtol(times, NULL, 10));

	for (long i = 0; i < points; i++) {
		double point[2] = {random_between(&state, c->west - c->radius, c->east + c->radius),
		                   random_between(&state, c->south - c->radius, c->north + c->radius)};

		if (i % 2 == 0)
			adversarial(c, fences, polygons, &state, point);
		if (point[0] < -180 || point[0] > 180)
			continue; /* would be the same as a point 360 degrees away, which GEOS does not know
			           */
		compare(fences, &oracle, point[0], point[1]);
	}

	oracle_free(&oracle);
	weir_fences_free(fences);
	for (size_t i = 0; i < c->count; i++)
		polygon_free(&polygons[i]);
	free(polygons);
	free(text);
	GEOS_finish_r(geos);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fences");
	TCase *points = tcase_create("points"), *oracle = tcase_create("GEOS");

	tcase_add_loop_test(points, a_point_lies_in_the_fences_that_cover_it, 0, POINT_CASES);
	tcase_add_test(points, more_fences_than_there_is_room_for_are_counted);
	tcase_add_test(points, the_side_of_a_line_is_exact);
	suite_add_tcase(suite, points);
	tcase_set_timeout(oracle, 1800);
	tcase_add_loop_test(oracle, locating_agrees_with_geos_everywhere, 0,
	                    sizeof(set_cases) / sizeof(*set_cases));
	suite_add_tcase(suite, oracle);
	return suite_main(suite);
}
