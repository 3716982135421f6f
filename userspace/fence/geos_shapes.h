/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shapes to polygons of GEOS and back, plainly or scaled.
 */
#ifndef WEIR_GEOS_SHAPES_H
#define WEIR_GEOS_SHAPES_H

#include <geos_c.h>

#include "fence/shapes.h"

/* Units of GEOS's plane a degree; 1, 1 leaves each double as it is. */
struct weir_geos_frame {
	GEOSContextHandle_t geos;
	double x, y;
};

/* NULL: GEOS can't, or no memory. */
GEOSGeometry *weir_geos_ring(const struct weir_geos_frame *frame, const double (*vertices)[2], size_t count);
GEOSGeometry *weir_geos_line(const struct weir_geos_frame *frame, const double (*vertices)[2], size_t count);
GEOSGeometry *weir_geos_polygon(const struct weir_geos_frame *frame, const struct weir_shapes *shapes,
                                const struct weir_shape *shape);

/* Adds the polygons of a Polygon, a MultiPolygon or a collection; other parts have no area. 0 or -ENOMEM...
 */
int weir_shapes_add_geos(struct weir_shapes *shapes, const struct weir_geos_frame *frame,
                         const GEOSGeometry *geometry, uint32_t owner);

#endif
