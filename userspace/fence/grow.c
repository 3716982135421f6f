/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Growing by metres, on the safe side. See grow.h.
 *
 * Longitude and latitude are scaled to a plane in which no distance is longer than it is on the
 * ellipsoid: a degree of latitude counts as it does at the equator, where it is shortest, a degree of
 * longitude as it does at the latitude nearest to a pole that the grown shape can reach. What is within
 * the margin on the earth is then within it in the plane, where GEOS draws the buffer.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <geos_c.h>

#include "fence/grow.h"

/* WGS 84: a (1 - e^2) pi / 180, the shortest degree of latitude; a pi / 180, of longitude at the equator. */
#define LATITUDE_DEGREE_M 110574.27
#define LONGITUDE_DEGREE_M 111319.49

/*
 * GEOS puts eight chords into a quarter of a circle, which cut up to 0.5 % off the distance, and drops
 * dents of up to 1 % of it before it begins (JTS BufferParameters). The rest is for rounding.
 */
#define CHORDS 8
#define ALLOWANCE 1.03

/* Above it a degree of longitude is shorter than 2 km, and a plane is no picture of the earth. */
#define LATITUDE_MAX_DEG 89.0

struct frame {
	GEOSContextHandle_t geos;
	double x_m, y_m; /* metres a degree */
};

static GEOSGeometry *ring_to_plane(const struct frame *frame, const struct weir_shapes *shapes,
                                   const struct weir_ring *ring)
{
	double *plane = calloc(ring->count, 2 * sizeof(*plane));

	if (plane == NULL)
		return NULL;
	for (uint32_t i = 0; i < ring->count; i++) {
		plane[2 * i] = shapes->vertices[ring->first + i][0] * frame->x_m;
		plane[2 * i + 1] = shapes->vertices[ring->first + i][1] * frame->y_m;
	}
	GEOSCoordSequence *sequence = GEOSCoordSeq_copyFromBuffer_r(frame->geos, plane, ring->count, 0, 0);
	free(plane);
	return sequence == NULL ? NULL : GEOSGeom_createLinearRing_r(frame->geos, sequence);
}

static GEOSGeometry *shape_to_plane(const struct frame *frame, const struct weir_shapes *shapes,
                                    const struct weir_shape *shape)
{
	GEOSGeometry **rings = calloc(shape->rings, sizeof(GEOSGeometry *));
	uint32_t made = 0;

	if (rings == NULL)
		return NULL;
	for (; made < shape->rings; made++) {
		rings[made] = ring_to_plane(frame, shapes, &shapes->rings[shape->first_ring + made]);
		if (rings[made] == NULL)
			break;
	}
	GEOSGeometry *polygon = NULL;
	if (made == shape->rings)
		polygon = GEOSGeom_createPolygon_r(frame->geos, rings[0], rings + 1, shape->rings - 1);
	else
		while (made > 0)
			GEOSGeom_destroy_r(frame->geos, rings[--made]);
	free(rings);
	return polygon;
}

static int add_ring(struct weir_shapes *grown, const struct frame *frame, const GEOSGeometry *ring)
{
	const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(frame->geos, ring);
	unsigned count = 0;

	if (sequence == NULL || !GEOSCoordSeq_getSize_r(frame->geos, sequence, &count))
		return -ENOMEM;
	double(*vertices)[2] = calloc(count, sizeof(*vertices));
	if (vertices == NULL)
		return -ENOMEM;
	int error = 0;
	if (!GEOSCoordSeq_copyToBuffer_r(frame->geos, sequence, &vertices[0][0], 0, 0))
		error = -ENOMEM;
	for (unsigned i = 0; i < count && error == 0; i++) {
		vertices[i][0] /= frame->x_m;
		vertices[i][1] /= frame->y_m;
	}
	if (error == 0)
		error = weir_shapes_add_ring(grown, (const double(*)[2])vertices, count);
	free(vertices);
	return error;
}

static int add_polygon(struct weir_shapes *grown, const struct frame *frame, const GEOSGeometry *polygon,
                       uint32_t owner)
{
	int error = weir_shapes_add(grown, owner);
	int holes = GEOSGetNumInteriorRings_r(frame->geos, polygon);

	if (error == 0)
		error = add_ring(grown, frame, GEOSGetExteriorRing_r(frame->geos, polygon));
	for (int i = 0; i < holes && error == 0; i++)
		error = add_ring(grown, frame, GEOSGetInteriorRingN_r(frame->geos, polygon, i));
	return error;
}

/* Buffers of one polygon are one polygon; a failure of GEOS costs precision, never coverage. */
static int add_buffer(struct weir_shapes *grown, const struct frame *frame, const GEOSGeometry *plane,
                      double margin_m, uint32_t owner, bool *failed)
{
	GEOSGeometry *buffer = GEOSBuffer_r(frame->geos, plane, margin_m * ALLOWANCE, CHORDS);
	int error = 0;

	*failed = buffer == NULL || GEOSGeomTypeId_r(frame->geos, buffer) != GEOS_POLYGON ||
	          GEOSisEmpty_r(frame->geos, buffer) != 0;
	if (!*failed)
		error = add_polygon(grown, frame, buffer, owner);
	if (buffer != NULL)
		GEOSGeom_destroy_r(frame->geos, buffer);
	return error;
}

static int add_rectangle(struct weir_shapes *grown, const struct weir_box *box, uint32_t owner)
{
	const double ring[5][2] = {{box->west, box->south},
	                           {box->east, box->south},
	                           {box->east, box->north},
	                           {box->west, box->north},
	                           {box->west, box->south}};
	int error = weir_shapes_add(grown, owner);

	return error != 0 ? error : weir_shapes_add_ring(grown, ring, 5);
}

static int copy_shape(struct weir_shapes *grown, const struct weir_shapes *shapes,
                      const struct weir_shape *shape)
{
	int error = weir_shapes_add(grown, shape->owner);

	for (uint32_t i = 0; i < shape->rings && error == 0; i++) {
		const struct weir_ring *ring = &shapes->rings[shape->first_ring + i];

		error = weir_shapes_add_ring(grown, (const double(*)[2])(shapes->vertices + ring->first),
		                             ring->count);
	}
	return error;
}

int weir_grow_shape(struct weir_shapes *grown, const struct weir_shapes *shapes, uint32_t index,
                    double margin_m, struct weir_box *box, bool *is_box)
{
	const struct weir_shape *shape = &shapes->shapes[index];
	double latitude_margin = margin_m * ALLOWANCE / LATITUDE_DEGREE_M;
	double south = shape->south - latitude_margin, north = shape->north + latitude_margin;
	double highest = fmax(fabs(south), fabs(north));

	*is_box = false;
	if (margin_m <= 0)
		return copy_shape(grown, shapes, shape);

	double x_m = LONGITUDE_DEGREE_M * cos(fmin(highest, LATITUDE_MAX_DEG) * M_PI / 180);
	double longitude_margin = margin_m * ALLOWANCE / x_m;
	struct weir_box bounds = {shape->west - longitude_margin, south, shape->east + longitude_margin,
	                          north};
	if (highest >= LATITUDE_MAX_DEG || bounds.east - bounds.west >= 360) {
		*is_box = true;
		*box = (struct weir_box){-180, south < -LATITUDE_MAX_DEG ? -90 : south, 180,
		                         north > LATITUDE_MAX_DEG ? 90 : north};
		return 0;
	}

	struct frame frame = {GEOS_init_r(), x_m, LATITUDE_DEGREE_M};
	if (frame.geos == NULL)
		return -ENOMEM;
	GEOSGeometry *plane = shape_to_plane(&frame, shapes, shape);
	bool failed = true;
	int error = 0;
	if (plane != NULL) {
		error = add_buffer(grown, &frame, plane, margin_m, shape->owner, &failed);
		GEOSGeom_destroy_r(frame.geos, plane);
	}
	GEOS_finish_r(frame.geos);
	return error == 0 && failed ? add_rectangle(grown, &bounds, shape->owner) : error;
}
