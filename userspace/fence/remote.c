/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far a place is from a fence.
 */
#include <math.h>

#include "fence/loader.h"
#include "fence/metric.h"

static double turned(double longitude_deg, double towards_deg)
{
	return longitude_deg + 360 * round((towards_deg - longitude_deg) / 360);
}

static double boundary_m(const struct weir_shapes *shapes, const struct weir_shape *shape,
                         const struct weir_metric *metric)
{
	double least = INFINITY;

	for (uint32_t r = 0; r < shape->rings; r++) {
		const struct weir_ring *ring = &shapes->rings[shape->first_ring + r];

		for (uint32_t i = ring->first; i + 1 < ring->first + ring->count; i++)
			least = fmin(least, weir_metric_edge_m(metric, shapes->vertices[i],
			                                       shapes->vertices[i + 1]));
	}
	return least;
}

double weir_fences_distance_m(const struct weir_fences *fences, size_t index, double longitude_deg,
                              double latitude_deg)
{
	const struct weir_parts *parts = &fences->parts[index];
	double least = INFINITY;

	for (uint32_t i = parts->first; i < parts->first + parts->count; i++) {
		const struct weir_shape *shape = &fences->shapes.shapes[i];
		double x = turned(longitude_deg, (shape->west + shape->east) / 2);
		struct weir_metric metric = weir_metric_at(x, latitude_deg);

		if (weir_shape_covers(&fences->shapes, i, x, latitude_deg))
			return 0;
		least = fmin(least, boundary_m(&fences->shapes, shape, &metric));
	}
	return least;
}
