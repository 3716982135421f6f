/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Polygons with holes, in degrees, and whether a point lies in one: the boundary belongs to the shape,
 * holes do not, their boundaries do. Exact: no tolerance anywhere. And lines with all that lies within
 * so many metres of them (metric.h), of which a circle is the shortest and a gate the thinnest.
 *
 * A shape knows nothing of fences, of the earth's roundness or of the antimeridian; a ring that crosses
 * that is stored unwrapped, with longitudes beyond 180 (or below -180).
 *
 * Built once by one thread; then any number of threads may ask.
 */
#ifndef WEIR_SHAPES_H
#define WEIR_SHAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weir_shape {
	double west, south, east, north;
	double bands_per_degree;
	uint32_t first_band; /* in band_ends, after which `bands` follow */
	uint32_t bands;
	uint32_t first_ring, rings;
	uint32_t first_vertex;
	uint32_t owner;  /* whatever the caller means by it */
	bool is_line;    /* one "ring", which need not be closed */
	double radius_m; /* of a line */
};

struct weir_ring {
	uint32_t first, count; /* vertices; the last repeats the first */
};

/* Edges one after the other, by the vertex at which the first of them begins. */
struct weir_edge_run {
	uint32_t first, count;
};

/*
 * Each shape is cut into horizontal bands. A band lists the edges that touch it, as runs of edges that
 * follow each other, so that a ray towards the east meets only a handful of them.
 */
struct weir_shapes {
	struct weir_shape *shapes;
	struct weir_ring *rings;
	double (*vertices)[2]; /* longitude, latitude */
	uint32_t *band_ends;   /* band b's runs are [band_ends[b], band_ends[b + 1]) */
	uint32_t *runs;        /* see weir_shape_run() */
	size_t count, capacity;
	size_t ring_count, ring_capacity;
	size_t vertex_count, vertex_capacity;
	size_t band_count, run_count;
};

/* A run in a word: the lower bits are the count less one, the upper ones the first edge, from the shape's
 * first. */
#define WEIR_RUN_BITS 7
#define WEIR_RUN_MAX (1u << WEIR_RUN_BITS)
#define WEIR_SHAPE_VERTICES_MAX (UINT32_MAX >> WEIR_RUN_BITS)

static inline struct weir_edge_run weir_shape_run(const struct weir_shape *shape, uint32_t word)
{
	return (struct weir_edge_run){shape->first_vertex + (word >> WEIR_RUN_BITS),
	                              (word & (WEIR_RUN_MAX - 1)) + 1};
}

/* Adds a shape without rings, then rings to the shape that was added last. 0 or -ENOMEM, -EOVERFLOW. */
int weir_shapes_add(struct weir_shapes *shapes, uint32_t owner);
int weir_shapes_add_ring(struct weir_shapes *shapes, const double (*vertices)[2], size_t count);

/* What a line of so many vertices extends over; only its four sides are filled in. */
struct weir_shape weir_line_extent(const double (*vertices)[2], size_t count, double radius_m);

/* A line of one vertex is a point. 0 or -ENOMEM, -EOVERFLOW. */
int weir_shapes_add_line(struct weir_shapes *shapes, uint32_t owner, const double (*vertices)[2],
                         size_t count, double radius_m);

/* Makes the bands. No shape can be added after it. 0 or -ENOMEM, -EOVERFLOW. */
int weir_shapes_finish(struct weir_shapes *shapes);

/* Metres to the nearest edge of a shape, closed or not. */
double weir_shape_edges_m(const struct weir_shapes *shapes, const struct weir_shape *shape, double x,
                          double y);

bool weir_shape_covers(const struct weir_shapes *shapes, uint32_t shape, double x, double y);

/* The band of a latitude within the shape; monotone, so that an edge lies in the bands between its ends'. */
static inline uint32_t weir_shape_band(const struct weir_shape *shape, double y)
{
	uint32_t band = (uint32_t)((y - shape->south) * shape->bands_per_degree);

	return band < shape->bands ? band : shape->bands - 1;
}

/* Frees what the shapes own and leaves an empty, reusable set. */
void weir_shapes_clear(struct weir_shapes *shapes);

#endif
