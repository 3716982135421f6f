/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Polygons in bands. See shapes.h.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fence/growing.h"
#include "fence/metric.h"
#include "fence/orientation.h"
#include "fence/settled.h"
#include "fence/shapes.h"

/*
 * A band for every twelve vertices, as long as that makes no more than three entries an edge: in a jagged
 * ring, where every edge passes many bands, finer ones would only take memory.
 */
#define VERTICES_PER_BAND 12
#define ENTRIES_PER_EDGE 3

int weir_shapes_add(struct weir_shapes *shapes, uint32_t owner)
{
	void *moved =
	        weir_growing(shapes->shapes, &shapes->capacity, shapes->count + 1, sizeof(*shapes->shapes));
	if (moved == NULL)
		return -ENOMEM;
	shapes->shapes = moved;
	if (shapes->count >= UINT32_MAX / 4)
		return -EOVERFLOW;

	shapes->shapes[shapes->count++] = (struct weir_shape){
	        .west = INFINITY,
	        .south = INFINITY,
	        .east = -INFINITY,
	        .north = -INFINITY,
	        .first_ring = (uint32_t)shapes->ring_count,
	        .first_vertex = (uint32_t)shapes->vertex_count,
	        .owner = owner,
	};
	return 0;
}

static void extend(struct weir_shape *shape, const double vertex[2])
{
	shape->west = fmin(shape->west, vertex[0]);
	shape->east = fmax(shape->east, vertex[0]);
	shape->south = fmin(shape->south, vertex[1]);
	shape->north = fmax(shape->north, vertex[1]);
}

int weir_shapes_add_ring(struct weir_shapes *shapes, const double (*vertices)[2], size_t count)
{
	void *moved = weir_growing(shapes->rings, &shapes->ring_capacity, shapes->ring_count + 1,
	                           sizeof(*shapes->rings));
	if (moved == NULL)
		return -ENOMEM;
	shapes->rings = moved;

	moved = weir_growing(shapes->vertices, &shapes->vertex_capacity, shapes->vertex_count + count,
	                     sizeof(*shapes->vertices));
	if (moved == NULL)
		return -ENOMEM;
	shapes->vertices = moved;

	struct weir_shape *shape = &shapes->shapes[shapes->count - 1];
	if (shapes->vertex_count + count > UINT32_MAX / 4 ||
	    shapes->vertex_count + count - shape->first_vertex > WEIR_SHAPE_VERTICES_MAX)
		return -EOVERFLOW;
	shapes->rings[shapes->ring_count++] =
	        (struct weir_ring){(uint32_t)shapes->vertex_count, (uint32_t)count};
	shape->rings++;
	memcpy(shapes->vertices + shapes->vertex_count, vertices, count * sizeof(*vertices));
	shapes->vertex_count += count;
	for (size_t i = 0; i < count; i++)
		extend(shape, vertices[i]);
	return 0;
}

/* WGS 84: a (1 - e^2) pi / 180, the shortest degree of latitude; a pi / 180, of longitude at the equator. */
#define LATITUDE_DEGREE_M 110574.27
#define LONGITUDE_DEGREE_M 111319.49

/* For what the metric and its rounding may differ from these. */
#define EXTENT_ALLOWANCE 1.001

struct weir_shape weir_line_extent(const double (*vertices)[2], size_t count, double radius_m)
{
	struct weir_shape shape = {
	        .west = INFINITY, .south = INFINITY, .east = -INFINITY, .north = -INFINITY};

	for (size_t i = 0; i < count; i++)
		extend(&shape, vertices[i]);
	double climb = radius_m * EXTENT_ALLOWANCE / LATITUDE_DEGREE_M;
	shape.south -= climb;
	shape.north += climb;
	double highest = fmin(fmax(fabs(shape.south), fabs(shape.north)), 90);
	double turn = radius_m * EXTENT_ALLOWANCE / (LONGITUDE_DEGREE_M * cos(highest * M_PI / 180));
	shape.west -= fmin(turn, 360);
	shape.east += fmin(turn, 360);
	return shape;
}

int weir_shapes_add_line(struct weir_shapes *shapes, uint32_t owner, const double (*vertices)[2],
                         size_t count, double radius_m)
{
	/* A point is an edge from itself to itself. */
	const double point[2][2] = {{vertices[0][0], vertices[0][1]}, {vertices[0][0], vertices[0][1]}};
	int error = weir_shapes_add(shapes, owner);

	if (error == 0)
		error = count == 1 ? weir_shapes_add_ring(shapes, point, 2)
		                   : weir_shapes_add_ring(shapes, vertices, count);
	if (error != 0)
		return error;
	struct weir_shape *shape = &shapes->shapes[shapes->count - 1];
	struct weir_shape extent = weir_line_extent(vertices, count, radius_m);
	shape->west = extent.west;
	shape->south = extent.south;
	shape->east = extent.east;
	shape->north = extent.north;
	shape->is_line = true;
	shape->radius_m = radius_m;
	return 0;
}

static void choose_bands(const struct weir_shapes *shapes, struct weir_shape *shape)
{
	double height = shape->north - shape->south, climbed = 0, bands = 0;

	for (uint32_t r = 0; r < shape->rings; r++) {
		const struct weir_ring *ring = &shapes->rings[shape->first_ring + r];

		bands += ring->count;
		for (uint32_t i = ring->first; i + 1 < ring->first + ring->count; i++)
			climbed += fabs(shapes->vertices[i + 1][1] - shapes->vertices[i][1]);
	}
	/* Each edge has an entry in its first band, and one for each border of bands that it passes. */
	double affordable = (ENTRIES_PER_EDGE - 1) * bands * height / climbed;
	bands = fmin(bands / VERTICES_PER_BAND, affordable);
	shape->bands = bands >= 1 ? (uint32_t)bands : 1; /* also where it is no number */
	shape->bands_per_degree = height > 0 ? shape->bands / height : 0;
	if (!isfinite(shape->bands_per_degree))
		shape->bands_per_degree = 0;
}

/* The run that a band ends with so far. */
struct open_run {
	uint32_t end, count; /* the edge that would continue it; 0: there is none */
};

/* Walks over every edge and every band that it touches, and gathers runs. See gather_runs(). */
static void visit_bands(struct weir_shapes *shapes, const struct weir_shape *shape, struct open_run *open,
                        uint32_t *runs)
{
	uint32_t *bands = shapes->band_ends + shape->first_band;

	for (uint32_t r = 0; r < shape->rings; r++) {
		const struct weir_ring *ring = &shapes->rings[shape->first_ring + r];

		for (uint32_t i = ring->first; i + 1 < ring->first + ring->count; i++) {
			double y0 = shapes->vertices[i][1], y1 = shapes->vertices[i + 1][1];
			uint32_t low = weir_shape_band(shape, fmin(y0, y1));
			uint32_t high = weir_shape_band(shape, fmax(y0, y1));

			for (uint32_t band = low; band <= high; band++) {
				bool continues = open[band].end == i && open[band].count % WEIR_RUN_MAX != 0;

				if (runs == NULL)
					bands[band + 1] += !continues;
				else if (continues)
					runs[bands[band] - 1]++;
				else
					runs[bands[band]++] = (i - shape->first_vertex) << WEIR_RUN_BITS;
				open[band].count = continues ? open[band].count + 1 : 1;
				open[band].end = i + 1;
			}
		}
	}
}

/* With runs NULL they are counted into band_ends, moved up by one; else each is written at its band's cursor.
 */
static int gather_runs(struct weir_shapes *shapes, uint32_t *runs)
{
	struct open_run *open = NULL;
	size_t capacity = 0;

	for (size_t i = 0; i < shapes->count; i++) {
		const struct weir_shape *shape = &shapes->shapes[i];
		void *moved = weir_growing(open, &capacity, shape->bands, sizeof(*open));

		if (moved == NULL) {
			free(open);
			return -ENOMEM;
		}
		open = moved;
		memset(open, 0, shape->bands * sizeof(*open));
		visit_bands(shapes, shape, open, runs);
	}
	free(open);
	return 0;
}

int weir_shapes_finish(struct weir_shapes *shapes)
{
	size_t bands = 0;

	shapes->vertices = weir_settled(shapes->vertices, shapes->vertex_count * sizeof(*shapes->vertices));
	shapes->vertex_capacity = shapes->vertex_count;

	for (size_t i = 0; i < shapes->count; i++) {
		choose_bands(shapes, &shapes->shapes[i]);
		shapes->shapes[i].first_band = (uint32_t)bands;
		bands += shapes->shapes[i].bands;
	}
	if (bands >= UINT32_MAX)
		return -EOVERFLOW;
	shapes->band_count = bands;
	shapes->band_ends = calloc(bands + 1, sizeof(*shapes->band_ends));
	if (shapes->band_ends == NULL || gather_runs(shapes, NULL) != 0)
		return -ENOMEM;

	uint64_t total = 0;
	for (size_t i = 0; i <= bands; i++) {
		total += shapes->band_ends[i];
		if (total > UINT32_MAX)
			return -EOVERFLOW;
		shapes->band_ends[i] = (uint32_t)total;
	}

	shapes->run_count = (size_t)total;
	shapes->runs = calloc(shapes->run_count + 1, sizeof(*shapes->runs));
	if (shapes->runs == NULL || gather_runs(shapes, shapes->runs) != 0)
		return -ENOMEM;

	/* Each cursor now stands where the next band begins: move them back by one. */
	memmove(shapes->band_ends + 1, shapes->band_ends, bands * sizeof(*shapes->band_ends));
	shapes->band_ends[0] = 0;
	return 0;
}

/* What an edge means to the ray from (x, y) towards the east. */
enum meeting { MISSES, CROSSES, TOUCHES };

static inline enum meeting meet(const double a[2], const double b[2], double x, double y)
{
	if (a[0] < x && b[0] < x)
		return MISSES;
	if ((a[1] > y && b[1] > y) || (a[1] < y && b[1] < y))
		return MISSES;
	if (a[1] == b[1]) /* along the ray */
		return fmin(a[0], b[0]) <= x && x <= fmax(a[0], b[0]) ? TOUCHES : MISSES;

	int side;
	if (a[0] > x && b[0] > x)
		side = a[1] < b[1] ? 1 : -1; /* the whole edge lies east of the point */
	else
		side = weir_orientation(a, b, x, y);
	if (side == 0)
		return TOUCHES;

	/* An edge owns its lower end only, so that a vertex is not met twice. */
	if (a[1] < b[1])
		return b[1] != y && side > 0 ? CROSSES : MISSES;
	return a[1] != y && side < 0 ? CROSSES : MISSES;
}

double weir_shape_edges_m(const struct weir_shapes *shapes, const struct weir_shape *shape, double x,
                          double y)
{
	const struct weir_metric metric = weir_metric_at(x, y);
	double least = INFINITY;

	for (uint32_t r = 0; r < shape->rings; r++) {
		const struct weir_ring *ring = &shapes->rings[shape->first_ring + r];

		for (uint32_t i = ring->first; i + 1 < ring->first + ring->count; i++)
			least = fmin(least, weir_metric_edge_m(&metric, shapes->vertices[i],
			                                       shapes->vertices[i + 1]));
	}
	return least;
}

bool weir_shape_covers(const struct weir_shapes *shapes, uint32_t index, double x, double y)
{
	const struct weir_shape *shape = &shapes->shapes[index];

	if (!(x >= shape->west && x <= shape->east && y >= shape->south && y <= shape->north))
		return false;

	if (shape->is_line)
		return weir_shape_edges_m(shapes, shape, x, y) <= shape->radius_m;
	uint32_t band = shape->first_band + weir_shape_band(shape, y);
	uint32_t end = shapes->band_ends[band + 1];
	bool inside = false;

	for (uint32_t i = shapes->band_ends[band]; i < end; i++) {
		struct weir_edge_run run = weir_shape_run(shape, shapes->runs[i]);
		const double(*v)[2] = (const double(*)[2])(shapes->vertices + run.first);

		for (uint32_t k = 0; k < run.count; k++) {
			enum meeting meeting = meet(v[k], v[k + 1], x, y);

			if (meeting == TOUCHES)
				return true;
			inside ^= meeting == CROSSES;
		}
	}
	return inside;
}

void weir_shapes_clear(struct weir_shapes *shapes)
{
	free(shapes->shapes);
	free(shapes->rings);
	free(shapes->vertices);
	free(shapes->band_ends);
	free(shapes->runs);
	*shapes = (struct weir_shapes){0};
}
