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

#include "fence/geos_shapes.h"
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

/* Buffers of one polygon are one polygon; a failure of GEOS costs precision, never coverage. */
static int add_buffer(struct weir_shapes *grown, const struct weir_geos_frame *frame,
                      const GEOSGeometry *plane, double margin_m, uint32_t owner, bool *failed)
{
	GEOSGeometry *buffer = GEOSBuffer_r(frame->geos, plane, margin_m * ALLOWANCE, CHORDS);
	int error = 0;

	*failed = buffer == NULL || GEOSGeomTypeId_r(frame->geos, buffer) != GEOS_POLYGON ||
	          GEOSisEmpty_r(frame->geos, buffer) != 0;
	if (!*failed)
		error = weir_shapes_add_geos(grown, frame, buffer, owner);
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

static int grow_line(struct weir_shapes *grown, const struct weir_shapes *shapes,
                     const struct weir_shape *shape, double margin_m)
{
	const struct weir_ring *ring = &shapes->rings[shape->first_ring];

	return weir_shapes_add_line(grown, shape->owner, (const double(*)[2])(shapes->vertices + ring->first),
	                            ring->count, shape->radius_m + margin_m * ALLOWANCE);
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
		return shape->is_line ? grow_line(grown, shapes, shape, 0) : copy_shape(grown, shapes, shape);

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

	if (shape->is_line)
		return grow_line(grown, shapes, shape, margin_m);
	struct weir_geos_frame frame = {GEOS_init_r(), x_m, LATITUDE_DEGREE_M};
	if (frame.geos == NULL)
		return -ENOMEM;
	GEOSGeometry *plane = weir_geos_polygon(&frame, shapes, shape);
	bool failed = true;
	int error = 0;
	if (plane != NULL) {
		error = add_buffer(grown, &frame, plane, margin_m, shape->owner, &failed);
		GEOSGeom_destroy_r(frame.geos, plane);
	}
	GEOS_finish_r(frame.geos);
	return error == 0 && failed ? add_rectangle(grown, &bounds, shape->owner) : error;
}
