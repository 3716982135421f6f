/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences that are given by a distance from a point or from a line, and gates, which are a line.
 */
#include <math.h>

#include "fence/geometry.h"
#include "fence/geos_shapes.h"
#include "fence/positions.h"

/* Nearer to a pole than this degrees of longitude are too short for metres to be measured in them. */
#define LATITUDE_MAX_DEG 89.0

static bool check_extent(struct weir_loader *loader, const struct weir_shape *shape)
{
	if (fabs(shape->south) > LATITUDE_MAX_DEG || fabs(shape->north) > LATITUDE_MAX_DEG) {
		weir_loader_complain(loader,
		                     "the fence comes within a degree of a pole, which is not available");
		return false;
	}
	if (shape->east - shape->west >= 360) {
		weir_loader_complain(loader, "the fence is wider than the earth");
		return false;
	}
	return true;
}

/* As of shells: beginning between 180 west and 180 east. */
static void add(struct weir_loader *loader, struct weir_shapes *shapes, struct weir_positions *positions,
                double radius_m, uint32_t owner)
{
	struct weir_shape shape =
	        weir_line_extent((const double(*)[2])positions->vertices, positions->count, radius_m);

	if (!check_extent(loader, &shape))
		return;
	weir_positions_turn(positions, 360 * ceil((-180 - shape.west) / 360));
	if (weir_shapes_add_line(shapes, owner, (const double(*)[2])positions->vertices, positions->count,
	                         radius_m) != 0)
		loader->out_of_memory = true;
}

void weir_load_point(struct weir_loader *loader, struct weir_crs *crs, const json_t *coordinates,
                     uint32_t owner)
{
	struct weir_positions positions = {.loader = loader, .crs = crs, .where = "the point"};

	if (isnan(loader->wishes.radius_m))
		weir_loader_complain(loader, "a Point needs 'radius_m', and is a circle then");
	else if (weir_positions_read_one(&positions, coordinates))
		add(loader, &loader->set->shapes, &positions, loader->wishes.radius_m, owner);
	weir_positions_clear(&positions);
}

static bool has_length(const struct weir_positions *positions)
{
	for (size_t i = 1; i < positions->count; i++)
		if (positions->vertices[i][0] != positions->vertices[0][0] ||
		    positions->vertices[i][1] != positions->vertices[0][1])
			return true;
	weir_loader_complain(positions->loader, "the line needs two different positions");
	return false;
}

/* A gate has two sides only where it neither crosses nor touches itself. */
static bool is_simple(struct weir_loader *loader, const struct weir_positions *positions)
{
	struct weir_geos_frame frame = {loader->geos, 1, 1};
	GEOSGeometry *line =
	        weir_geos_line(&frame, (const double(*)[2])positions->vertices, positions->count);
	bool simple = line != NULL && GEOSisSimple_r(loader->geos, line) == 1;

	if (line != NULL)
		GEOSGeom_destroy_r(loader->geos, line);
	if (!simple)
		weir_loader_complain(loader, "a gate must not cross or touch itself");
	return simple;
}

void weir_load_line(struct weir_loader *loader, struct weir_crs *crs, const json_t *coordinates,
                    struct weir_fence *fence, uint32_t owner)
{
	const struct weir_geometry_wishes *wishes = &loader->wishes;
	struct weir_positions positions = {.loader = loader, .crs = crs, .where = "the line"};

	fence->kind = wishes->is_gate ? WEIR_FENCE_GATE : WEIR_FENCE_AREA;
	if (isnan(wishes->half_width_m) != wishes->is_gate)
		weir_loader_complain(loader,
		                     "a LineString needs either 'half_width_m', and is a corridor then, "
		                     "or \"gate\":true");
	else if (!json_is_array(coordinates) || json_array_size(coordinates) < 2)
		weir_loader_complain(loader, "a LineString must be an array of at least two positions");
	else if (!weir_positions_read(&positions, coordinates) || !has_length(&positions))
		; /* it was told */
	else if (!wishes->is_gate)
		add(loader, &loader->set->shapes, &positions, wishes->half_width_m, owner);
	else if (is_simple(loader, &positions))
		add(loader, &loader->set->gates, &positions, 0, owner);
	weir_positions_clear(&positions);
}
