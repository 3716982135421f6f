/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Nanoseconds to find the fences of a point: ours, and beside it GEOS with an STRtree and prepared
 * geometries, on the same points, in turns, each after a first run that is not counted. Both find all fences
 * of a point, not only one; what they find is compared. GEOS is given a new point geometry each time, since
 * GEOS 3.11 has no question that takes bare coordinates. Random points are the worst case for caches; tracks
 * are ships that move 60 metres at a time.
 */
#include <stdbool.h>

#include "fence/grid.h"
#include "polygons.h"
#include "stopwatch.h"

#define SIZE_DEG 10.0
#define COVERAGE 0.6
#define VERTICES 200
#define POINTS 200000
#define SHIPS 5000

struct set {
	struct polygon *polygons;
	size_t count;
	struct weir_shapes shapes;
	struct weir_grid grid;
	struct oracle oracle;
	double build_s, geos_build_s;
};

static void must(int error)
{
	if (error != 0)
		abort();
}

static void make_set(struct set *set, size_t count, bool jagged, uint64_t *state)
{
	double radius = sqrt(COVERAGE * SIZE_DEG * SIZE_DEG / (2 * (double)count));

	*set = (struct set){.count = count, .polygons = calloc(count, sizeof(*set->polygons))};
	for (size_t i = 0; i < count; i++) {
		double x = random_between(state, 0, SIZE_DEG), y = random_between(state, 0, SIZE_DEG);

		set->polygons[i] = jagged ? polygon_star(state, x, y, radius, VERTICES, 0, 0)
		                          : polygon_drawn(state, x, y, radius * 1.3, VERTICES);
	}

	double before = cpu_seconds();
	oracle_new(&set->oracle, set->polygons, count);
	set->geos_build_s = cpu_seconds() - before;
	before = cpu_seconds();
	for (size_t i = 0; i < count; i++) {
		const struct polygon *polygon = &set->polygons[i];

		must(weir_shapes_add(&set->shapes, (uint32_t)i));
		must(weir_shapes_add_ring(&set->shapes, (const double(*)[2])polygon->rings[0],
		                          polygon->counts[0]));
	}
	must(weir_shapes_finish(&set->shapes));
	must(weir_grid_build(&set->grid, &set->shapes));
	set->build_s = cpu_seconds() - before;
}

static void free_set(struct set *set)
{
	oracle_free(&set->oracle);
	weir_grid_clear(&set->grid);
	weir_shapes_clear(&set->shapes);
	for (size_t i = 0; i < set->count; i++)
		polygon_free(&set->polygons[i]);
	free(set->polygons);
}

static void random_points(double (*points)[2], uint64_t *state)
{
	for (size_t i = 0; i < POINTS; i++) {
		points[i][0] = random_between(state, 0, SIZE_DEG);
		points[i][1] = random_between(state, 0, SIZE_DEG);
	}
}

/* The ships report in turn; each moves on by 60 m in its own direction. */
static void track_points(double (*points)[2], uint64_t *state)
{
	for (size_t i = 0; i < SHIPS; i++) {
		double x = random_between(state, 0, SIZE_DEG), y = random_between(state, 0, SIZE_DEG);
		double course = random_between(state, 0, 2 * M_PI), step = 60 / 111320.0;

		for (size_t n = i; n < POINTS; n += SHIPS) {
			points[n][0] = x += step * sin(course);
			points[n][1] = y += step * cos(course);
		}
	}
}

static double ours_ns(struct set *set, const double (*points)[2], size_t *hits)
{
	uint32_t found[64];
	double before = cpu_seconds();

	*hits = 0;
	for (size_t i = 0; i < POINTS; i++)
		*hits += weir_grid_locate(&set->grid, &set->shapes, points[i][0], points[i][1], found, 64);
	return (cpu_seconds() - before) / POINTS * 1e9;
}

static double geos_ns(struct set *set, const double (*points)[2], size_t *hits)
{
	uint32_t found[4096];
	double before = cpu_seconds();

	*hits = 0;
	for (size_t i = 0; i < POINTS; i++)
		*hits += oracle_locate(&set->oracle, points[i][0], points[i][1], found);
	return (cpu_seconds() - before) / POINTS * 1e9;
}

static void compare(struct set *set, const char *name, const double (*points)[2])
{
	double ours[BENCH_RUNS], theirs[BENCH_RUNS];
	size_t our_hits = 0, their_hits = 0;

	ours_ns(set, points, &our_hits);
	geos_ns(set, points, &their_hits);
	for (int run = 0; run < BENCH_RUNS; run++) {
		ours[run] = ours_ns(set, points, &our_hits);
		theirs[run] = geos_ns(set, points, &their_hits);
	}
	double a = median(ours, BENCH_RUNS), b = median(theirs, BENCH_RUNS);
	printf("%6zu x %d, %-7s ours %6.0f ns/point   GEOS STRtree, prepared %6.0f   ratio %5.1f   hits "
	       "%zu%s\n",
	       set->count, VERTICES, name, a, b, b / a, our_hits,
	       our_hits == their_hits ? "" : "   DIFFERENT HITS");
}

static size_t shapes_bytes(const struct weir_shapes *shapes)
{
	return shapes->count * sizeof(*shapes->shapes) + shapes->ring_count * sizeof(*shapes->rings) +
	       (shapes->band_count + 1 + shapes->run_count) * sizeof(uint32_t);
}

/* With a number: only that set of polygons. */
int main(int argc, char **argv)
{
	static const size_t counts[] = {1, 100, 10000, 10000};
	double(*points)[2] = calloc(POINTS, sizeof(*points));
	uint64_t state = random_seed(0xbe7c);

	for (size_t i = 0; i < 4; i++) {
		struct set set;

		if (argc > 1 && i != strtoul(argv[1], NULL, 10))
			continue;

		if (i == 3)
			puts("the same with jagged polygons, as no one draws them:");
		make_set(&set, counts[i], i == 3, &state);
		random_points(points, &state);
		compare(&set, "random", (const double(*)[2])points);
		track_points(points, &state);
		compare(&set, "tracks", (const double(*)[2])points);
		printf("%6zu x %d, built in %.2f s (GEOS %.2f s): grid %.1f MB, bands %.1f MB, vertices "
		       "%.1f MB\n",
		       set.count, VERTICES, set.build_s, set.geos_build_s,
		       (double)weir_grid_bytes(&set.grid) / 1e6, (double)shapes_bytes(&set.shapes) / 1e6,
		       (double)(set.shapes.vertex_count * sizeof(*set.shapes.vertices)) / 1e6);
		free_set(&set);
	}
	free(points);
	return 0;
}
