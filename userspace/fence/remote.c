/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How far a place is from a fence.
 */
#include <math.h>

#include "fence/loader.h"

static double turned(double longitude_deg, double towards_deg)
{
	return longitude_deg + 360 * round((towards_deg - longitude_deg) / 360);
}

double weir_fences_distance_m(const struct weir_fences *fences, size_t index, double longitude_deg,
                              double latitude_deg)
{
	const struct weir_shapes *shapes =
	        fences->items[index].kind == WEIR_FENCE_GATE ? &fences->gates : &fences->shapes;
	const struct weir_parts *parts = &fences->parts[index];
	double least = INFINITY;

	for (uint32_t i = parts->first; i < parts->first + parts->count; i++) {
		const struct weir_shape *shape = &shapes->shapes[i];
		double x = turned(longitude_deg, (shape->west + shape->east) / 2);

		if (!shape->is_line && weir_shape_covers(shapes, i, x, latitude_deg))
			return 0;
		double distance_m = weir_shape_edges_m(shapes, shape, x, latitude_deg);
		least = fmin(least, shape->is_line ? fmax(distance_m - shape->radius_m, 0) : distance_m);
	}
	return least;
}
