/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random polygons for tests and benchmarks, and GEOS as the oracle that says what lies in them.
 */
#ifndef WEIR_TESTS_POLYGONS_H
#define WEIR_TESTS_POLYGONS_H

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <geos_c.h>

/* splitmix64 (S. Vigna, public domain algorithm): the same numbers everywhere. */
static inline uint64_t random_bits(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static inline double random_between(uint64_t *state, double low, double high)
{
	return low + (high - low) * (double)(random_bits(state) >> 11) / 9007199254740992.0;
}

/* The seed of this run: WEIR_SEED from the environment, or the given one. Printed as a TAP comment. */
static inline uint64_t random_seed(uint64_t seed)
{
	const char *text = getenv("WEIR_SEED");

	if (text != NULL)
		seed = strtoull(text, NULL, 0);
	printf("# WEIR_SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
	return seed;
}

/* A polygon with or without a hole; the first ring is the shell. Rings are closed. */
struct polygon {
	double (*rings[2])[2];
	size_t counts[2];
	size_t ring_count;
};

/*
 * A star around (x, y): radii between a third of `radius` and all of it. With unit > 0 its vertices are
 * multiples of 1/unit degrees. A hole is cut out of its middle where asked for.
 */
static inline struct polygon polygon_star(uint64_t *state, double x, double y, double radius, size_t vertices,
                                          double unit, int with_hole)
{
	struct polygon made = {.ring_count = with_hole ? 2 : 1};

	for (size_t r = 0; r < made.ring_count; r++) {
		double outer = r == 0 ? radius : radius / 4, inner = outer / 3;

		made.rings[r] = malloc((vertices + 1) * sizeof(*made.rings[r]));
		made.counts[r] = vertices + 1;
		for (size_t i = 0; i < vertices; i++) {
			double angle = 2 * M_PI * (double)i / (double)vertices;
			double length = r == 0 ? random_between(state, inner + outer / 4, outer)
			                       : random_between(state, inner / 2, inner);
			double *vertex = made.rings[r][i];

			vertex[0] = x + length * cos(angle);
			vertex[1] = y + length * sin(angle);
			for (int axis = 0; axis < 2 && unit > 0; axis++)
				vertex[axis] = round(vertex[axis] * unit) / unit;
		}
		made.rings[r][vertices][0] = made.rings[r][0][0];
		made.rings[r][vertices][1] = made.rings[r][0][1];
	}
	return made;
}

/*
 * What a person draws: bays and headlands, no spikes. Between a quarter of `radius` and all of it around
 * (x, y), by waves of random phase.
 */
static inline struct polygon polygon_drawn(uint64_t *state, double x, double y, double radius,
                                           size_t vertices)
{
	struct polygon made = {.ring_count = 1, .counts = {vertices + 1, 0}};
	double heights[5], phases[5];

	for (int k = 0; k < 5; k++) {
		heights[k] = random_between(state, 0.02, 0.075);
		phases[k] = random_between(state, 0, 2 * M_PI);
	}
	made.rings[0] = malloc((vertices + 1) * sizeof(*made.rings[0]));
	for (size_t i = 0; i < vertices; i++) {
		double angle = 2 * M_PI * (double)i / (double)vertices, length = 0.6;

		for (int k = 0; k < 5; k++)
			length += heights[k] * cos((k + 2) * angle + phases[k]);
		made.rings[0][i][0] = x + radius * length * cos(angle);
		made.rings[0][i][1] = y + radius * length * sin(angle);
	}
	made.rings[0][vertices][0] = made.rings[0][0][0];
	made.rings[0][vertices][1] = made.rings[0][0][1];
	return made;
}

static inline void polygon_free(struct polygon *polygon)
{
	for (size_t r = 0; r < polygon->ring_count; r++)
		free(polygon->rings[r]);
}

static inline GEOSGeometry *polygon_geos(GEOSContextHandle_t geos, const struct polygon *polygon)
{
	GEOSGeometry *rings[2] = {NULL, NULL};

	for (size_t r = 0; r < polygon->ring_count; r++)
		rings[r] = GEOSGeom_createLinearRing_r(
		        geos, GEOSCoordSeq_copyFromBuffer_r(geos, &polygon->rings[r][0][0],
		                                            (unsigned)polygon->counts[r], 0, 0));
	return GEOSGeom_createPolygon_r(geos, rings[0], rings + 1, (unsigned)polygon->ring_count - 1);
}

/* A FeatureCollection; fences are called f0, f1, ... and have these rules ("": none). */
static inline void polygons_write(FILE *file, const struct polygon *polygons, size_t count, const char *rules)
{
	fputs("{\"type\":\"FeatureCollection\",\"features\":[", file);
	for (size_t i = 0; i < count; i++) {
		fprintf(file,
		        "%s\n{\"type\":\"Feature\",\"properties\":{\"id\":\"f%06zu\",\"rules\":[%s]},"
		        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[",
		        i == 0 ? "" : ",", i, rules);
		for (size_t r = 0; r < polygons[i].ring_count; r++) {
			fputs(r == 0 ? "[" : ",[", file);
			for (size_t v = 0; v < polygons[i].counts[r]; v++)
				fprintf(file, "%s[%.17g,%.17g]", v == 0 ? "" : ",",
				        polygons[i].rings[r][v][0], polygons[i].rings[r][v][1]);
			fputs("]", file);
		}
		fputs("]}}", file);
	}
	fputs("]}\n", file);
}

/* GEOS, as a program would use it that has nothing else: an STRtree and prepared geometries. */
struct oracle {
	GEOSContextHandle_t geos;
	GEOSSTRtree *tree;
	GEOSGeometry **geometries;
	const GEOSPreparedGeometry **prepared;
	size_t count;
	/* of the question that is being asked */
	const GEOSGeometry *point;
	uint32_t *found;
	size_t found_count;
};

static inline void oracle_loud(const char *message, void *context)
{
	(void)context;
	fprintf(stderr, "GEOS: %s\n", message);
}

/* Prepares GEOS's own index too, so that the first question costs as much as the others. */
static inline void oracle_new(struct oracle *oracle, const struct polygon *polygons, size_t count)
{
	*oracle = (struct oracle){.geos = GEOS_init_r(), .count = count};
	GEOSContext_setErrorMessageHandler_r(oracle->geos, oracle_loud, NULL);
	oracle->tree = GEOSSTRtree_create_r(oracle->geos, 10);
	oracle->geometries = calloc(count + 1, sizeof(*oracle->geometries));
	oracle->prepared = calloc(count + 1, sizeof(*oracle->prepared));
	for (size_t i = 0; i < count; i++) {
		GEOSGeometry *geometry = polygon_geos(oracle->geos, &polygons[i]);
		const double *inside = polygons[i].rings[0][0];
		GEOSGeometry *point = GEOSGeom_createPointFromXY_r(oracle->geos, inside[0], inside[1]);

		oracle->geometries[i] = geometry;
		oracle->prepared[i] = GEOSPrepare_r(oracle->geos, geometry);
		GEOSPreparedCovers_r(oracle->geos, oracle->prepared[i], point);
		GEOSSTRtree_insert_r(oracle->geos, oracle->tree, geometry, (void *)(uintptr_t)i);
		GEOSGeom_destroy_r(oracle->geos, point);
	}
}

static inline void oracle_candidate(void *item, void *context)
{
	struct oracle *oracle = context;
	uintptr_t index = (uintptr_t)item;

	if (GEOSPreparedCovers_r(oracle->geos, oracle->prepared[index], oracle->point) == 1)
		oracle->found[oracle->found_count++] = (uint32_t)index;
}

/* Which polygons cover the point, in no order. found must have room for all. */
static inline size_t oracle_locate(struct oracle *oracle, double x, double y, uint32_t *found)
{
	GEOSGeometry *point = GEOSGeom_createPointFromXY_r(oracle->geos, x, y);

	oracle->point = point;
	oracle->found = found;
	oracle->found_count = 0;
	GEOSSTRtree_query_r(oracle->geos, oracle->tree, point, oracle_candidate, oracle);
	GEOSGeom_destroy_r(oracle->geos, point);
	return oracle->found_count;
}

static inline void oracle_free(struct oracle *oracle)
{
	for (size_t i = 0; i < oracle->count; i++) {
		GEOSPreparedGeom_destroy_r(oracle->geos, oracle->prepared[i]);
		GEOSGeom_destroy_r(oracle->geos, oracle->geometries[i]);
	}
	free(oracle->prepared);
	free(oracle->geometries);
	GEOSSTRtree_destroy_r(oracle->geos, oracle->tree);
	GEOS_finish_r(oracle->geos);
}

#endif
