/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The area of interest: what it covers exactly, that margins are kept in metres of the earth, and that
 * the kernel's picture of it leaves nothing out and does not let in much more.
 */
#include <errno.h>

#include <geodesic.h>

#include "fence_text.h"
#include "polygons.h"
#include "suite.h"

#define FEATURE(id, coordinates)                                                                             \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"" id                                                 \
	"\",\"rules\":[]},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" coordinates "}}"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

/* What the kernel does with a position in AIS units: <weir/area.h>. */
static bool tiles_cover(const struct weir_area_tiles *tiles, int32_t longitude, int32_t latitude)
{
	if (longitude == 180 * WEIR_UNITS_PER_DEGREE)
		longitude = -longitude;
	int32_t x = longitude - WEIR_AREA_WEST, y = latitude - WEIR_AREA_SOUTH;
	uint16_t cell = tiles->cells[weir_area_cell(longitude, latitude)];

	if (cell < WEIR_CELL_TILE)
		return cell == WEIR_CELL_FULL;
	const struct weir_tile *tile = &tiles->tiles[cell - WEIR_CELL_TILE];
	return tile->rows[y % WEIR_UNITS_PER_CELL / WEIR_UNITS_PER_BIT] >>
	               (x % WEIR_UNITS_PER_CELL / WEIR_UNITS_PER_BIT) &
	       1;
}

static struct weir_area *area_of(const struct weir_box *boxes, size_t count, const struct weir_fences *fences)
{
	struct weir_area *area = NULL;

	ck_assert_int_eq(weir_area_new(&area, boxes, count, fences), 0);
	return area;
}

static struct weir_area_tiles *tiles_of(const struct weir_area *area)
{
	struct weir_area_tiles *tiles = malloc(sizeof(*tiles));

	memset(tiles, 0xa5, sizeof(*tiles)); /* whatever was there before must not matter */
	ck_assert_int_eq(weir_area_tiles(area, tiles), 0);
	ck_assert_uint_le(tiles->tile_count, WEIR_TILES_MAX);
	for (size_t i = 0; i < WEIR_AREA_CELLS; i++)
		if (tiles->cells[i] >= WEIR_CELL_TILE + tiles->tile_count)
			ck_abort_msg("cell %zu names tile %u of %u", i, tiles->cells[i], tiles->tile_count);
	return tiles;
}

static const struct weir_box rotterdam = {3.6, 51.8, 4.6, 52.2};
static const struct weir_box pacific = {179, -10, -179, 10};
static const struct weir_box to_the_antimeridian = {170, 80, 180, 90};
static const struct weir_box a_point = {4.5, 52.25, 4.5, 52.25};
static const struct weir_box earth = {-180, -90, 180, 90};

static const struct {
	const char *name;
	const struct weir_box *box;
	double longitude, latitude;
	bool covers;
} box_cases[] = {
        {"in the middle", &rotterdam, 4, 52, true},
        {"on the west border", &rotterdam, 3.6, 52, true},
        {"on the east border", &rotterdam, 4.6, 52, true},
        {"on a corner", &rotterdam, 4.6, 51.8, true},
        {"one unit beyond", &rotterdam, 4.6 + 1 / 600000.0, 52, false},
        {"one unit below", &rotterdam, 4, 51.8 - 1 / 600000.0, false},
        {"no number", &rotterdam, NAN, 52, false},
        {"across: east of it", &pacific, -179.5, 0, true},
        {"across: west of it", &pacific, 179.5, 0, true},
        {"across: on it", &pacific, 180, 0, true},
        {"across: on its other name", &pacific, -180, 0, true},
        {"across: on the far side", &pacific, 0, 0, false},
        {"across: beyond", &pacific, -178.99, 0, false},
        {"up to it: on it", &to_the_antimeridian, 180, 85, true},
        {"up to it: on its other name", &to_the_antimeridian, -180, 85, true},
        {"up to it: beyond", &to_the_antimeridian, -179.99, 85, false},
        {"up to it: the pole", &to_the_antimeridian, 175, 90, true},
        {"a point", &a_point, 4.5, 52.25, true},
        {"beside a point", &a_point, 4.5, 52.25 + 1 / 600000.0, false},
        {"the earth", &earth, -33, 44, true},
        {"its corner", &earth, 180, -90, true},
        {"no box at all", NULL, 1, 1, true},
};

START_TEST(a_box_covers_its_borders_too)
{
	const struct weir_box *box = box_cases[_i].box;
	double x = box_cases[_i].longitude, y = box_cases[_i].latitude;
	struct weir_area *area = area_of(box, box == NULL ? 0 : 1, NULL);

	ck_assert_msg(weir_area_covers(area, x, y) == box_cases[_i].covers, "%s", box_cases[_i].name);
	if (box_cases[_i].covers) {
		struct weir_area_tiles *tiles = tiles_of(area);
		ck_assert_msg(tiles_cover(tiles, (int32_t)lround(x * WEIR_UNITS_PER_DEGREE),
		                          (int32_t)lround(y * WEIR_UNITS_PER_DEGREE)),
		              "%s: not for the kernel", box_cases[_i].name);
		free(tiles);
	}
	weir_area_free(area);
}
END_TEST

START_TEST(impossible_boxes_are_refused)
{
	static const struct weir_box wrong[] = {{0, 2, 1, 1}, {-181, 0, 1, 1}, {0, 0, 1, 91}, {NAN, 0, 1, 1}};
	struct weir_area *area = NULL;

	for (size_t i = 0; i < 4; i++)
		ck_assert_int_eq(weir_area_new(&area, &wrong[i], 1, NULL), -EINVAL);
	ck_assert_ptr_null(area);
	weir_area_free(NULL);
}
END_TEST

START_TEST(an_area_of_whole_cells_needs_no_tile_inside)
{
	const double cell = (double)WEIR_UNITS_PER_CELL / WEIR_UNITS_PER_DEGREE;

	/* A unit of the border belongs to the next cell: a rim of tiles, and nothing else. */
	struct weir_area *area =
	        area_of(&(struct weir_box){-30 * cell, -20 * cell, 40 * cell, 60 * cell}, 1, NULL);
	struct weir_area_tiles *tiles = tiles_of(area);

	ck_assert_uint_eq(tiles->tile_count, 2 * 72 + 2 * 80);
	weir_area_free(area);
	area = area_of(&earth, 1, NULL);
	ck_assert_int_eq(weir_area_tiles(area, tiles), 0);
	ck_assert_uint_eq(tiles->tile_count, 0);
	weir_area_free(area);
	free(tiles);
}
END_TEST

/* Every position that the area covers, the kernel's picture covers; and the other way round it is tight. */
static void check_superset(const struct weir_area *area, const struct weir_area_tiles *tiles, uint64_t *state,
                           const struct weir_box *around, long points)
{
	for (long i = 0; i < points; i++) {
		int32_t x = (int32_t)lround(random_between(state, around->west, around->east) *
		                            WEIR_UNITS_PER_DEGREE);
		int32_t y = (int32_t)lround(random_between(state, around->south, around->north) *
		                            WEIR_UNITS_PER_DEGREE);

		if (i % 4 == 1) /* on the border of a bit, or a unit beside it */
			x = x / WEIR_UNITS_PER_BIT * WEIR_UNITS_PER_BIT + (int32_t)(random_bits(state) % 3) -
			    1;
		if (i % 4 == 2)
			y = y / WEIR_UNITS_PER_BIT * WEIR_UNITS_PER_BIT + (int32_t)(random_bits(state) % 3) -
			    1;
		if (abs(x) > 180 * WEIR_UNITS_PER_DEGREE || abs(y) > 90 * WEIR_UNITS_PER_DEGREE)
			continue;
		if (weir_area_covers(area, x / 600000.0, y / 600000.0) && !tiles_cover(tiles, x, y))
			ck_abort_msg("%d %d is in the area and not in the tiles", x, y);
	}
}

/* A bit may be set only where the area comes within a bit of it: looked at in a lattice of 5 by 5 points. */
static void check_tight(const struct weir_area *area, const struct weir_area_tiles *tiles, uint64_t *state,
                        const struct weir_box *around)
{
	int loose = 0, looked = 0;

	for (int i = 0; i < 20000; i++) {
		double x = random_between(state, around->west, around->east);
		double y = random_between(state, around->south, around->north);
		bool near = false;

		if (!tiles_cover(tiles, (int32_t)(x * WEIR_UNITS_PER_DEGREE),
		                 (int32_t)(y * WEIR_UNITS_PER_DEGREE)))
			continue;
		for (int j = 0; j < 25 && !near; j++)
			near = weir_area_covers(area, x + (j % 5 - 2) / 100.0, y + (j / 5 - 2) / 100.0);
		looked++;
		loose += !near;
	}
	ck_assert_int_gt(looked, 100);
	ck_assert_msg(loose * 50 <= looked, "%d of %d positions in tiles are far from the area", loose,
	              looked);
}

START_TEST(the_kernels_area_leaves_nothing_out)
{
	static const struct {
		const char *name;
		struct weir_box around;
		double radius;
		size_t count;
		double margin_m;
	} sets[] = {
	        {"a harbour", {3, 51, 5, 53}, 0.1, 20, 500},
	        {"no margin", {3, 51, 5, 53}, 0.1, 20, 0},
	        {"a sea", {-10, 40, 10, 60}, 3, 40, 20000},
	        {"the north", {-30, 70, 30, 85}, 2, 20, 5000},
	        {"the antimeridian", {176, -5, 180, 5}, 0.3, 10, 150000},
	};
	uint64_t state = random_seed(0xa4ea + (uint64_t)_i);
	struct polygon polygons[64];
	struct weir_fences *fences = NULL;
	struct weir_problems problems = {0};
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	for (size_t i = 0; i < sets[_i].count; i++) {
		const struct weir_box *b = &sets[_i].around;
		polygons[i] = polygon_star(
		        &state, random_between(&state, b->west + sets[_i].radius, b->east - sets[_i].radius),
		        random_between(&state, b->south, b->north), sets[_i].radius, 40, 0, 1);
	}
	polygons_write(file, polygons, sets[_i].count, "");
	fclose(file);
	ck_assert_int_eq(fences_from_text(&fences, text, sets[_i].margin_m, &problems), 0);
	struct weir_area *area = area_of(NULL, 0, fences);
	struct weir_area_tiles *tiles = tiles_of(area);

	struct weir_box around = sets[_i].around;
	around.west -= 4;
	around.east += 4;
	around.south -= 2;
	around.north += 2;
	check_superset(area, tiles, &state, &around, 200000);
	if (around.east > 180) /* the other side of the antimeridian */
		check_superset(area, tiles, &state,
		               &(struct weir_box){-180, around.south, -176, around.north}, 200000);
	else
		check_tight(area, tiles, &state, &sets[_i].around);
	for (size_t i = 0; i < sets[_i].count; i++)
		polygon_free(&polygons[i]);
	free(tiles);
	free(text);
	weir_area_free(area);
	weir_fences_free(fences);
}
END_TEST

/* From each vertex and edge, in every direction, as far as the margin by PROJ's geodesic. */
START_TEST(a_margin_is_kept_in_metres_of_the_earth)
{
	static const struct {
		double longitude, latitude, radius, margin_m;
	} places[] = {
	        {4, 52, 0.05, 500},     {4, 52, 0.05, 50000},  {-122, 0, 1, 2000},
	        {20, 70, 3, 1000},      {-60, -55, 10, 9000},  {10, 84, 2, 20000},
	        {179.9, 10, 0.5, 5000}, {30, 88.5, 0.1, 1000}, {30, 88.9, 0.05, 100000},
	};
	uint64_t state = random_seed(0x3e7e + (uint64_t)_i);
	struct polygon star =
	        polygon_star(&state, places[_i].longitude, places[_i].latitude, places[_i].radius, 24, 0, 1);
	struct weir_fences *fences = NULL;
	struct weir_problems problems = {0};
	struct geod_geodesic earth_model;
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	int far_outside = 0;

	for (size_t r = 0; r < star.ring_count; r++)
		for (size_t i = 0; i < star.counts[r]; i++)
			star.rings[r][i][0] = fmin(star.rings[r][i][0], 180);
	polygons_write(file, &star, 1, "");
	fclose(file);
	ck_assert_msg(fences_from_text(&fences, text, places[_i].margin_m, &problems) == 0, "%s",
	              problems.count == 0 ? "" : problems.items[0].text);
	struct weir_area *area = area_of(NULL, 0, fences);
	struct weir_area_tiles *tiles = tiles_of(area);

	geod_init(&earth_model, 6378137, 1 / 298.257223563);
	for (int i = 0; i < 40000; i++) {
		size_t ring = random_bits(&state) % 2;
		size_t at = random_bits(&state) % (star.counts[ring] - 1);
		const double *a = star.rings[ring][at], *b = star.rings[ring][at + 1];
		double share = random_between(&state, 0, 1), azimuth = random_between(&state, 0, 360), x, y;

		geod_direct(&earth_model, a[1] + share * (b[1] - a[1]), a[0] + share * (b[0] - a[0]), azimuth,
		            places[_i].margin_m * (1 - 1e-9), &y, &x, NULL);
		if (!weir_area_covers(area, x, y))
			ck_abort_msg("%.7f %.7f is not covered", x, y);
		if (!tiles_cover(tiles, (int32_t)lround(x * WEIR_UNITS_PER_DEGREE),
		                 (int32_t)lround(y * WEIR_UNITS_PER_DEGREE)))
			ck_abort_msg("%.7f %.7f is not in the tiles", x, y);

		/* Nor does it grow without limit: ten times as far from all of it is outside. */
		geod_direct(&earth_model, places[_i].latitude, places[_i].longitude, azimuth,
		            2.5 * places[_i].radius * 111320 + 10 * places[_i].margin_m, &y, &x, NULL);
		far_outside += !weir_area_covers(area, x, y);
	}
	if (places[_i].latitude < 88)
		ck_assert_int_eq(far_outside, 40000);
	polygon_free(&star);
	free(tiles);
	free(text);
	weir_area_free(area);
	weir_fences_free(fences);
}
END_TEST

START_TEST(a_fence_without_margin_is_the_area_itself)
{
	struct weir_fences *fences = fences_of(COLLECTION(
	        FEATURE("a", "[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[4,6],[6,6],[6,4],[4,4]]]")));
	struct weir_area *area = area_of(&rotterdam, 1, fences);

	weir_fences_free(fences); /* need not outlive it */
	ck_assert(weir_area_covers(area, 10, 10));
	ck_assert(weir_area_covers(area, 4, 5));
	ck_assert(!weir_area_covers(area, 5, 5));
	ck_assert(!weir_area_covers(area, 10 + 1e-12, 5));
	ck_assert(weir_area_covers(area, 4, 52));
	weir_area_free(area);
}
END_TEST

START_TEST(where_tiles_run_out_whole_cells_pass)
{
	/* 6,000 specks, each in a cell of its own. */
	static struct weir_box specks[6000];

	for (int i = 0; i < 6000; i++) {
		double x = -170.5 + i % 300, y = -60.5 + i / 300;
		specks[i] = (struct weir_box){x, y, x + 0.001, y + 0.001};
	}
	for (int i = 0; i < 6000; i++)
		if (specks[i].west > 179)
			specks[i].west -= 180, specks[i].east -= 180, specks[i].south += 40,
			        specks[i].north += 40;
	struct weir_area *area = area_of(specks, 6000, NULL);
	struct weir_area_tiles *tiles = tiles_of(area);

	ck_assert_uint_eq(tiles->tile_count, WEIR_TILES_MAX);
	for (int i = 0; i < 6000; i++)
		if (!tiles_cover(tiles, (int32_t)lround(specks[i].east * WEIR_UNITS_PER_DEGREE),
		                 (int32_t)lround(specks[i].north * WEIR_UNITS_PER_DEGREE)))
			ck_abort_msg("speck %d is left out", i);
	free(tiles);
	weir_area_free(area);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("area of interest");
	TCase *tests = tcase_create("area");

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, a_box_covers_its_borders_too, 0, sizeof(box_cases) / sizeof(*box_cases));
	tcase_add_test(tests, impossible_boxes_are_refused);
	tcase_add_test(tests, an_area_of_whole_cells_needs_no_tile_inside);
	tcase_add_loop_test(tests, the_kernels_area_leaves_nothing_out, 0, 5);
	tcase_add_loop_test(tests, a_margin_is_kept_in_metres_of_the_earth, 0, 9);
	tcase_add_test(tests, a_fence_without_margin_is_the_area_itself);
	tcase_add_test(tests, where_tiles_run_out_whole_cells_pass);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
