/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Polygon and MultiPolygon with holes, checked by GEOS for validity, and repaired by it where that is asked
 * for.
 */
#include <math.h>
#include <stdlib.h>

#include "fence/geometry.h"
#include "fence/geos_shapes.h"
#include "fence/positions.h"

struct polygon_reader {
	struct weir_loader *loader;
	struct weir_geos_frame frame;
	struct weir_positions ring; /* that is being read */
	double shell_west, shell_east;
	size_t polygon, hole; /* where we are, for complaints; from 1, hole 0 is the shell */
};

static void name_ring(struct polygon_reader *reader)
{
	char *where = reader->ring.where;
	size_t size = sizeof(reader->ring.where);

	if (reader->hole == 0)
		snprintf(where, size, "the outer ring of polygon %zu", reader->polygon);
	else
		snprintf(where, size, "hole %zu of polygon %zu", reader->hole, reader->polygon);
}

static bool check_ring(struct polygon_reader *reader)
{
	const struct weir_positions *ring = &reader->ring;
	const double *first = ring->vertices[0], *last = ring->vertices[ring->count - 1];
	double west, east;

	if (first[1] == last[1] && fabs(first[0] - last[0]) == 360) {
		weir_loader_complain(reader->loader,
		                     "%s goes around a pole, which is not available: "
		                     "draw it along the antimeridian and the pole instead",
		                     ring->where);
		return false;
	}
	if (first[0] != last[0] || first[1] != last[1]) {
		weir_loader_complain(reader->loader, "%s is not closed: its last position must be its first",
		                     ring->where);
		return false;
	}
	weir_positions_extent(ring, &west, &east);
	if (east - west > 360) {
		weir_loader_complain(reader->loader, "%s is wider than the earth", ring->where);
		return false;
	}
	if (reader->hole == 0) {
		reader->shell_west = west;
		reader->shell_east = east;
	}
	return true;
}

/* Shells begin between 180 west and 180 east and may reach beyond 180 east, never beyond 180 west. */
static void move_shell(struct polygon_reader *reader)
{
	if (reader->shell_west < -180) {
		weir_positions_turn(&reader->ring, 360);
		reader->shell_west += 360;
		reader->shell_east += 360;
	}
}

/* A hole may have been unwrapped on the other side of the antimeridian than its shell. */
static void move_into_shell(struct polygon_reader *reader)
{
	double x = reader->ring.vertices[0][0];

	if (x > reader->shell_east && x - 360 >= reader->shell_west)
		weir_positions_turn(&reader->ring, -360);
	else if (x < reader->shell_west && x + 360 <= reader->shell_east)
		weir_positions_turn(&reader->ring, 360);
}

static GEOSGeometry *read_ring(struct polygon_reader *reader, const json_t *positions)
{
	name_ring(reader);
	if (!json_is_array(positions) || json_array_size(positions) < 4) {
		weir_loader_complain(reader->loader, "%s must be an array of at least four positions",
		                     reader->ring.where);
		return NULL;
	}
	if (!weir_positions_read(&reader->ring, positions) || !check_ring(reader))
		return NULL;
	if (reader->hole > 0)
		move_into_shell(reader);
	else
		move_shell(reader);

	GEOSGeometry *ring =
	        weir_geos_ring(&reader->frame, (const double(*)[2])reader->ring.vertices, reader->ring.count);
	if (ring == NULL)
		weir_loader_complain(reader->loader, "GEOS can't make a ring: %s",
		                     reader->loader->geos_error);
	return ring;
}

static GEOSGeometry *read_polygon(struct polygon_reader *reader, const json_t *rings)
{
	GEOSContextHandle_t geos = reader->loader->geos;
	size_t count = json_array_size(rings), made = 0;
	GEOSGeometry *polygon = NULL;

	reader->polygon++;
	if (!json_is_array(rings) || count == 0) {
		weir_loader_complain(reader->loader, "polygon %zu must be an array of rings",
		                     reader->polygon);
		return NULL;
	}
	GEOSGeometry **parts = calloc(count, sizeof(GEOSGeometry *));
	if (parts == NULL) {
		reader->loader->out_of_memory = true;
		return NULL;
	}
	for (; made < count; made++) {
		reader->hole = made;
		parts[made] = read_ring(reader, json_array_get(rings, made));
		if (parts[made] == NULL)
			goto out;
	}
	/* It takes the rings, even where it fails. */
	polygon = GEOSGeom_createPolygon_r(geos, parts[0], parts + 1, (unsigned)count - 1);
	made = 0;
	if (polygon == NULL)
		weir_loader_complain(reader->loader, "GEOS can't make polygon %zu: %s", reader->polygon,
		                     reader->loader->geos_error);
out:
	for (size_t i = 0; i < made; i++)
		GEOSGeom_destroy_r(geos, parts[i]);
	free(parts);
	return polygon;
}

static GEOSGeometry *read_polygons(struct polygon_reader *reader, const json_t *polygons)
{
	GEOSContextHandle_t geos = reader->loader->geos;
	size_t count = json_array_size(polygons), made = 0;
	GEOSGeometry *whole = NULL;

	if (!json_is_array(polygons) || count == 0) {
		weir_loader_complain(reader->loader, "a MultiPolygon must be an array of polygons");
		return NULL;
	}
	GEOSGeometry **parts = calloc(count, sizeof(GEOSGeometry *));
	if (parts == NULL) {
		reader->loader->out_of_memory = true;
		return NULL;
	}
	for (; made < count; made++) {
		parts[made] = read_polygon(reader, json_array_get(polygons, made));
		if (parts[made] == NULL)
			goto out;
	}
	whole = GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, parts, (unsigned)count);
	made = 0;
	if (whole == NULL)
		weir_loader_complain(reader->loader, "GEOS can't make a MultiPolygon: %s",
		                     reader->loader->geos_error);
out:
	for (size_t i = 0; i < made; i++)
		GEOSGeom_destroy_r(geos, parts[i]);
	free(parts);
	return whole;
}

static void complain_of_validity(struct weir_loader *loader, const char *reason, const GEOSGeometry *place)
{
	double x = NAN, y = NAN;

	if (place != NULL) {
		GEOSGeomGetX_r(loader->geos, place, &x);
		GEOSGeomGetY_r(loader->geos, place, &y);
	}
	weir_loader_complain(loader,
	                     "the geometry is not valid: %s at [%.7f, %.7f] "
	                     "(\"repair\":true has it repaired as GEOS sees fit)",
	                     reason == NULL ? "unknown reason" : reason, remainder(x, 360), y);
}

/* Returns what is left of the geometry, which it takes; NULL: nothing, or it complained. */
static GEOSGeometry *repaired(struct weir_loader *loader, GEOSGeometry *geometry)
{
	GEOSGeometry *made = GEOSMakeValid_r(loader->geos, geometry);
	double area = 0;

	GEOSGeom_destroy_r(loader->geos, geometry);
	if (made == NULL) {
		weir_loader_complain(loader, "GEOS can't repair the geometry: %s", loader->geos_error);
	} else if (!GEOSArea_r(loader->geos, made, &area) || !(area > 0)) {
		weir_loader_complain(loader, "nothing with an area is left of the geometry after its repair");
		GEOSGeom_destroy_r(loader->geos, made);
		made = NULL;
	}
	return made;
}

static GEOSGeometry *validated(struct weir_loader *loader, GEOSGeometry *geometry)
{
	char *reason = NULL;
	GEOSGeometry *place = NULL;
	char valid = GEOSisValidDetail_r(loader->geos, geometry, 0, &reason, &place);

	if (valid == 0 && loader->wishes.repair) {
		geometry = repaired(loader, geometry);
	} else if (valid != 1) {
		if (valid == 0)
			complain_of_validity(loader, reason, place);
		else
			weir_loader_complain(loader, "GEOS can't check the geometry: %s", loader->geos_error);
		GEOSGeom_destroy_r(loader->geos, geometry);
		geometry = NULL;
	}
	GEOSFree_r(loader->geos, reason);
	GEOSGeom_destroy_r(loader->geos, place);
	return geometry;
}

void weir_load_polygons(struct weir_loader *loader, struct weir_crs *crs, const json_t *coordinates,
                        bool is_multi, uint32_t owner)
{
	struct polygon_reader reader = {
	        .loader = loader,
	        .frame = {loader->geos, 1, 1},
	        .ring = {.loader = loader, .crs = crs},
	};
	GEOSGeometry *made =
	        is_multi ? read_polygons(&reader, coordinates) : read_polygon(&reader, coordinates);

	weir_positions_clear(&reader.ring);
	if (made != NULL)
		made = validated(loader, made);
	if (made == NULL)
		return;
	if (weir_shapes_add_geos(&loader->set->shapes, &reader.frame, made, owner) != 0)
		loader->out_of_memory = true;
	GEOSGeom_destroy_r(loader->geos, made);
}
