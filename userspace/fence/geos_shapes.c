/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shapes and GEOS. See geos_shapes.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "fence/geos_shapes.h"

static GEOSCoordSequence *sequence_of(const struct weir_geos_frame *frame, const double (*vertices)[2],
                                      size_t count)
{
	double *plane = calloc(count, 2 * sizeof(*plane));

	if (plane == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		plane[2 * i] = vertices[i][0] * frame->x;
		plane[2 * i + 1] = vertices[i][1] * frame->y;
	}
	GEOSCoordSequence *sequence =
	        GEOSCoordSeq_copyFromBuffer_r(frame->geos, plane, (unsigned)count, 0, 0);
	free(plane);
	return sequence;
}

GEOSGeometry *weir_geos_ring(const struct weir_geos_frame *frame, const double (*vertices)[2], size_t count)
{
	GEOSCoordSequence *sequence = sequence_of(frame, vertices, count);

	return sequence == NULL ? NULL : GEOSGeom_createLinearRing_r(frame->geos, sequence);
}

GEOSGeometry *weir_geos_line(const struct weir_geos_frame *frame, const double (*vertices)[2], size_t count)
{
	GEOSCoordSequence *sequence = sequence_of(frame, vertices, count);

	return sequence == NULL ? NULL : GEOSGeom_createLineString_r(frame->geos, sequence);
}

GEOSGeometry *weir_geos_polygon(const struct weir_geos_frame *frame, const struct weir_shapes *shapes,
                                const struct weir_shape *shape)
{
	GEOSGeometry **rings = calloc(shape->rings, sizeof(GEOSGeometry *));
	GEOSGeometry *polygon = NULL;
	uint32_t made = 0;

	if (rings == NULL)
		return NULL;
	for (; made < shape->rings; made++) {
		const struct weir_ring *ring = &shapes->rings[shape->first_ring + made];

		rings[made] = weir_geos_ring(frame, (const double(*)[2])(shapes->vertices + ring->first),
		                             ring->count);
		if (rings[made] == NULL)
			break;
	}
	if (made == shape->rings) /* it takes the rings, even where it fails */
		polygon = GEOSGeom_createPolygon_r(frame->geos, rings[0], rings + 1, shape->rings - 1);
	else
		while (made > 0)
			GEOSGeom_destroy_r(frame->geos, rings[--made]);
	free(rings);
	return polygon;
}

static int add_ring(struct weir_shapes *shapes, const struct weir_geos_frame *frame, const GEOSGeometry *ring)
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
		vertices[i][0] /= frame->x;
		vertices[i][1] /= frame->y;
	}
	if (error == 0)
		error = weir_shapes_add_ring(shapes, (const double(*)[2])vertices, count);
	free(vertices);
	return error;
}

static int add_polygon(struct weir_shapes *shapes, const struct weir_geos_frame *frame,
                       const GEOSGeometry *polygon, uint32_t owner)
{
	int error = weir_shapes_add(shapes, owner);
	int holes = GEOSGetNumInteriorRings_r(frame->geos, polygon);

	if (error == 0)
		error = add_ring(shapes, frame, GEOSGetExteriorRing_r(frame->geos, polygon));
	for (int i = 0; i < holes && error == 0; i++)
		error = add_ring(shapes, frame, GEOSGetInteriorRingN_r(frame->geos, polygon, i));
	return error;
}

int weir_shapes_add_geos(struct weir_shapes *shapes, const struct weir_geos_frame *frame,
                         const GEOSGeometry *geometry, uint32_t owner)
{
	int type = GEOSGeomTypeId_r(frame->geos, geometry), error = 0;

	if (GEOSisEmpty_r(frame->geos, geometry) != 0)
		return 0;
	if (type == GEOS_POLYGON)
		return add_polygon(shapes, frame, geometry, owner);
	if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION)
		return 0;
	for (int i = 0; i < GEOSGetNumGeometries_r(frame->geos, geometry) && error == 0; i++)
		error = weir_shapes_add_geos(shapes, frame, GEOSGetGeometryN_r(frame->geos, geometry, i),
		                             owner);
	return error;
}
