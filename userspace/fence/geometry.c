/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The geometry of a fence: Polygon and MultiPolygon with holes, checked by GEOS for validity.
 *
 * A ring that crosses the antimeridian, by an edge of more than 180 degrees, is unwrapped: its
 * longitudes go on beyond 180. (RFC 7946 3.1.9 would have it split in two, which works as well.) An edge
 * of exactly 360 degrees runs along a whole parallel, as the border of a map of the world does.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fence/growing.h"
#include "fence/loader.h"

struct ring {
	double (*vertices)[2];
	size_t count, capacity;
};

struct polygon_reader {
	struct weir_loader *loader;
	uint32_t owner;
	struct ring ring; /* that is being read */
	double shell_west, shell_east;
	size_t polygon, hole; /* where we are, for complaints; from 1, hole 0 is the shell */
};

static const char *ring_name(const struct polygon_reader *reader, char *text, size_t size)
{
	if (reader->hole == 0)
		snprintf(text, size, "the outer ring of polygon %zu", reader->polygon);
	else
		snprintf(text, size, "hole %zu of polygon %zu", reader->hole, reader->polygon);
	return text;
}

static bool read_position(struct polygon_reader *reader, const json_t *position, size_t number,
                          double vertex[2])
{
	char where[64];
	const json_t *longitude = json_array_get(position, 0);
	const json_t *latitude = json_array_get(position, 1);

	ring_name(reader, where, sizeof(where));
	if (!json_is_number(longitude) || !json_is_number(latitude)) {
		weir_loader_complain(reader->loader, "position %zu of %s must be [longitude, latitude]",
		                     number, where);
		return false;
	}
	vertex[0] = json_number_value(longitude);
	vertex[1] = json_number_value(latitude);
	if (!(vertex[0] >= -180 && vertex[0] <= 180)) {
		weir_loader_complain(reader->loader,
		                     "longitude %.7g in position %zu of %s is beyond 180 degrees", vertex[0],
		                     number, where);
		return false;
	}
	if (!(vertex[1] >= -90 && vertex[1] <= 90)) {
		weir_loader_complain(reader->loader,
		                     "latitude %.7g in position %zu of %s is beyond 90 degrees "
		                     "(GeoJSON has the longitude first)",
		                     vertex[1], number, where);
		return false;
	}
	return true;
}

/* The longitude that continues the ring on the shorter way round. */
static double unwrap(double longitude, double previous)
{
	while (longitude - previous > 180 && longitude - previous < 360)
		longitude -= 360;
	while (longitude - previous < -180 && longitude - previous > -360)
		longitude += 360;
	return longitude;
}

static bool read_positions(struct polygon_reader *reader, const json_t *positions)
{
	struct ring *ring = &reader->ring;
	size_t count = json_array_size(positions);
	double offset = 0; /* whole turns that unwrapping has added so far */
	void *moved = weir_growing(ring->vertices, &ring->capacity, count, sizeof(*ring->vertices));

	if (moved == NULL) {
		reader->loader->out_of_memory = true;
		return false;
	}
	ring->vertices = moved;
	ring->count = 0;
	for (size_t i = 0; i < count; i++) {
		double vertex[2];

		if (!read_position(reader, json_array_get(positions, i), i + 1, vertex))
			return false;
		if (i > 0) {
			double wanted = unwrap(vertex[0] + offset, ring->vertices[i - 1][0]);
			offset += wanted - (vertex[0] + offset);
			offset = 360 * round(offset / 360);
		}
		ring->vertices[i][0] = vertex[0] + offset;
		ring->vertices[i][1] = vertex[1];
		ring->count++;
	}
	return true;
}

static bool check_ring(struct polygon_reader *reader)
{
	const struct ring *ring = &reader->ring;
	const double *first = ring->vertices[0], *last = ring->vertices[ring->count - 1];
	char where[64];

	ring_name(reader, where, sizeof(where));
	if (first[1] == last[1] && fabs(first[0] - last[0]) == 360) {
		weir_loader_complain(reader->loader,
		                     "%s goes around a pole, which is not available: "
		                     "draw it along the antimeridian and the pole instead",
		                     where);
		return false;
	}
	if (first[0] != last[0] || first[1] != last[1]) {
		weir_loader_complain(reader->loader, "%s is not closed: its last position must be its first",
		                     where);
		return false;
	}

	double west = INFINITY, east = -INFINITY;
	for (size_t i = 0; i < ring->count; i++) {
		west = fmin(west, ring->vertices[i][0]);
		east = fmax(east, ring->vertices[i][0]);
	}
	if (east - west > 360) {
		weir_loader_complain(reader->loader, "%s is wider than the earth", where);
		return false;
	}
	if (reader->hole == 0) {
		reader->shell_west = west;
		reader->shell_east = east;
	}
	return true;
}

static void turn_ring(struct ring *ring, double degrees)
{
	for (size_t i = 0; i < ring->count; i++)
		ring->vertices[i][0] += degrees;
}

/* Shells begin between 180 west and 180 east and may reach beyond 180 east, never beyond 180 west. */
static void move_shell(struct polygon_reader *reader)
{
	if (reader->shell_west < -180) {
		turn_ring(&reader->ring, 360);
		reader->shell_west += 360;
		reader->shell_east += 360;
	}
}

/* A hole may have been unwrapped on the other side of the antimeridian than its shell. */
static void move_into_shell(struct polygon_reader *reader)
{
	double x = reader->ring.vertices[0][0];

	if (x > reader->shell_east && x - 360 >= reader->shell_west)
		turn_ring(&reader->ring, -360);
	else if (x < reader->shell_west && x + 360 <= reader->shell_east)
		turn_ring(&reader->ring, 360);
}

static GEOSGeometry *make_ring(struct polygon_reader *reader)
{
	GEOSContextHandle_t geos = reader->loader->geos;
	GEOSCoordSequence *sequence = GEOSCoordSeq_copyFromBuffer_r(geos, &reader->ring.vertices[0][0],
	                                                            (unsigned)reader->ring.count, 0, 0);
	GEOSGeometry *ring = sequence == NULL ? NULL : GEOSGeom_createLinearRing_r(geos, sequence);

	if (ring == NULL)
		weir_loader_complain(reader->loader, "GEOS can't make a ring: %s",
		                     reader->loader->geos_error);
	return ring;
}

static GEOSGeometry *read_ring(struct polygon_reader *reader, const json_t *positions)
{
	char where[64];

	if (!json_is_array(positions) || json_array_size(positions) < 4) {
		weir_loader_complain(reader->loader, "%s must be an array of at least four positions",
		                     ring_name(reader, where, sizeof(where)));
		return NULL;
	}
	if (!read_positions(reader, positions) || !check_ring(reader))
		return NULL;
	if (reader->hole > 0)
		move_into_shell(reader);
	else
		move_shell(reader);

	int error = weir_shapes_add_ring(&reader->loader->set->shapes,
	                                 (const double(*)[2])reader->ring.vertices, reader->ring.count);
	if (error != 0) {
		reader->loader->out_of_memory = true;
		return NULL;
	}
	return make_ring(reader);
}

static GEOSGeometry *read_polygon(struct polygon_reader *reader, const json_t *rings)
{
	GEOSContextHandle_t geos = reader->loader->geos;
	size_t count = json_array_size(rings), made = 0;

	reader->polygon++;
	if (!json_is_array(rings) || count == 0) {
		weir_loader_complain(reader->loader, "polygon %zu must be an array of rings",
		                     reader->polygon);
		return NULL;
	}
	GEOSGeometry **parts = calloc(count, sizeof(GEOSGeometry *));
	GEOSGeometry *polygon = NULL;
	if (parts == NULL || weir_shapes_add(&reader->loader->set->shapes, reader->owner) != 0) {
		reader->loader->out_of_memory = true;
		goto out;
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

	if (!json_is_array(polygons) || count == 0) {
		weir_loader_complain(reader->loader, "a MultiPolygon must be an array of polygons");
		return NULL;
	}
	GEOSGeometry **parts = calloc(count, sizeof(GEOSGeometry *));
	GEOSGeometry *whole = NULL;
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

static bool check_validity(struct weir_loader *loader, const GEOSGeometry *geometry)
{
	char *reason = NULL;
	GEOSGeometry *place = NULL;
	double x = NAN, y = NAN;
	char valid = GEOSisValidDetail_r(loader->geos, geometry, 0, &reason, &place);

	if (valid == 1)
		return true;
	if (place != NULL) {
		GEOSGeomGetX_r(loader->geos, place, &x);
		GEOSGeomGetY_r(loader->geos, place, &y);
	}
	if (valid == 0)
		weir_loader_complain(loader, "the geometry is not valid: %s at [%.7f, %.7f]",
		                     reason == NULL ? "unknown reason" : reason, remainder(x, 360), y);
	else
		weir_loader_complain(loader, "GEOS can't check the geometry: %s", loader->geos_error);
	GEOSFree_r(loader->geos, reason);
	GEOSGeom_destroy_r(loader->geos, place);
	return false;
}

bool weir_load_geometry(struct weir_loader *loader, const json_t *geometry, uint32_t owner)
{
	struct polygon_reader reader = {.loader = loader, .owner = owner};
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *coordinates = json_object_get(geometry, "coordinates");
	GEOSGeometry *made = NULL;

	if (type == NULL) {
		weir_loader_complain(loader, "a fence needs a 'geometry' with a 'type' and 'coordinates'");
		return false;
	}
	if (strcmp(type, "Polygon") == 0)
		made = read_polygon(&reader, coordinates);
	else if (strcmp(type, "MultiPolygon") == 0)
		made = read_polygons(&reader, coordinates);
	else
		weir_loader_complain(loader,
		                     "geometry of type '%s' is not available in this version: "
		                     "a fence is a Polygon or a MultiPolygon",
		                     type);
	bool good = made != NULL && check_validity(loader, made);

	if (made != NULL)
		GEOSGeom_destroy_r(loader->geos, made);
	free(reader.ring.vertices);
	return good;
}
