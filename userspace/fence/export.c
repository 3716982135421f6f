/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences to GeoJSON. See export.h.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "fence/export.h"
#include "fence/export_limits.h"
#include "fence/geos_shapes.h"
#include "fence/loader.h"
#include "fence/proj_library.h"
#include "fence/window_load.h"

/* Of a circle: the chords stray from it by a thousandth of its radius. */
#define CIRCLE_VERTICES 72
#define CORRIDOR_CHORDS 18 /* a quarter of a circle */

/* WGS 84: metres a degree at the equator. */
#define DEGREE_M 111319.49

struct exporter {
	FILE *out;
	const struct weir_fences *fences;
	enum weir_export how;
	GEOSContextHandle_t geos;
	const struct weir_proj *proj;
	struct geod_geodesic earth;
	bool failed; /* GEOS could not, or no memory */
};

/* ---- Geometry ---- */

static GEOSGeometry *circle(struct exporter *e, const double centre[2], double radius_m)
{
	const struct weir_geos_frame frame = {e->geos, 1, 1};
	double ring[CIRCLE_VERTICES + 1][2];

	for (int i = 0; i < CIRCLE_VERTICES; i++) {
		double longitude_deg;

		e->proj->geod_direct(&e->earth, centre[1], centre[0], -360.0 * i / CIRCLE_VERTICES, radius_m,
		                     &ring[i][1], &longitude_deg, NULL);
		ring[i][0] = longitude_deg + 360 * round((centre[0] - longitude_deg) / 360);
	}
	ring[CIRCLE_VERTICES][0] = ring[0][0];
	ring[CIRCLE_VERTICES][1] = ring[0][1];
	return GEOSGeom_createPolygon_r(
	        e->geos, weir_geos_ring(&frame, (const double(*)[2])ring, CIRCLE_VERTICES + 1), NULL, 0);
}

/* In a plane of metres for its middle latitude, and back. */
static GEOSGeometry *corridor(struct exporter *e, const double (*line)[2], size_t count,
                              const struct weir_shape *shape)
{
	double x_m = DEGREE_M * cos((shape->south + shape->north) / 2 * M_PI / 180);
	const struct weir_geos_frame frame = {e->geos, x_m, DEGREE_M}, plain = {e->geos, 1, 1};
	struct weir_shapes made = {0};
	GEOSGeometry *plane = weir_geos_line(&frame, line, count), *buffer = NULL, *polygon = NULL;

	if (plane != NULL)
		buffer = GEOSBuffer_r(e->geos, plane, shape->radius_m, CORRIDOR_CHORDS);
	if (buffer != NULL && weir_shapes_add_geos(&made, &frame, buffer, 0) == 0 && made.count == 1)
		polygon = weir_geos_polygon(&plain, &made, &made.shapes[0]);
	weir_shapes_clear(&made);
	GEOSGeom_destroy_r(e->geos, plane);
	GEOSGeom_destroy_r(e->geos, buffer);
	return polygon;
}

static bool is_circle(const struct weir_shapes *shapes, const struct weir_shape *shape)
{
	const struct weir_ring *ring = &shapes->rings[shape->first_ring];
	const double *a = shapes->vertices[ring->first], *b = shapes->vertices[ring->first + 1];

	return shape->is_line && ring->count == 2 && a[0] == b[0] && a[1] == b[1];
}

static GEOSGeometry *part_geometry(struct exporter *e, const struct weir_shapes *shapes,
                                   const struct weir_shape *shape)
{
	const struct weir_geos_frame frame = {e->geos, 1, 1};
	const struct weir_ring *ring = &shapes->rings[shape->first_ring];
	const double(*line)[2] = (const double(*)[2])(shapes->vertices + ring->first);

	if (!shape->is_line)
		return weir_geos_polygon(&frame, shapes, shape);
	if (shapes == &e->fences->gates)
		return weir_geos_line(&frame, line, ring->count);
	return is_circle(shapes, shape) ? circle(e, line[0], shape->radius_m)
	                                : corridor(e, line, ring->count, shape);
}

static GEOSGeometry *world(struct exporter *e, double west)
{
	const struct weir_geos_frame frame = {e->geos, 1, 1};
	const double ring[5][2] = {{west, -90}, {west + 360, -90}, {west + 360, 90}, {west, 90}, {west, -90}};

	return GEOSGeom_createPolygon_r(e->geos, weir_geos_ring(&frame, ring, 5), NULL, 0);
}

/* ---- Text ---- */

/* Digits of a number: what is loaded again must be the same double. */
static int digits(const struct exporter *e)
{
	return e->how == WEIR_EXPORT_LOADABLE ? 17 : 15;
}

static void write_position(struct exporter *e, bool is_first, double x, double y)
{
	fprintf(e->out, "%s[%.*g,%.*g]", is_first ? "" : ",", digits(e), x, digits(e), y);
}

static void write_sequence(struct exporter *e, const GEOSGeometry *line, double turn_deg)
{
	const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(e->geos, line);
	unsigned count = 0;

	GEOSCoordSeq_getSize_r(e->geos, sequence, &count);
	fputc('[', e->out);
	for (unsigned i = 0; i < count; i++) {
		double x = NAN, y = NAN;

		GEOSCoordSeq_getXY_r(e->geos, sequence, i, &x, &y);
		write_position(e, i == 0, x - turn_deg, y);
	}
	fputc(']', e->out);
}

/* The parts of a MultiPolygon or a MultiLineString, within one turn of the earth. Returns how many. */
static int write_parts(struct exporter *e, const GEOSGeometry *geometry, double turn_deg, int written)
{
	int type = GEOSGeomTypeId_r(e->geos, geometry);

	if (GEOSisEmpty_r(e->geos, geometry) != 0)
		return written;
	if (type == GEOS_POLYGON) {
		int holes = GEOSGetNumInteriorRings_r(e->geos, geometry);

		fputs(written == 0 ? "[" : ",[", e->out);
		write_sequence(e, GEOSGetExteriorRing_r(e->geos, geometry), turn_deg);
		for (int i = 0; i < holes; i++) {
			fputc(',', e->out);
			write_sequence(e, GEOSGetInteriorRingN_r(e->geos, geometry, i), turn_deg);
		}
		fputc(']', e->out);
		return written + 1;
	}
	if (type == GEOS_LINESTRING) {
		fputs(written == 0 ? "" : ",", e->out);
		write_sequence(e, geometry, turn_deg);
		return written + 1;
	}
	for (int i = 0; type > GEOS_POLYGON && i < GEOSGetNumGeometries_r(e->geos, geometry); i++)
		written = write_parts(e, GEOSGetGeometryN_r(e->geos, geometry, i), turn_deg, written);
	return written;
}

/* What reaches beyond 180 degrees is cut there (RFC 7946 3.1.9). */
static int write_turns(struct exporter *e, GEOSGeometry *part, const struct weir_shape *shape, int written)
{
	for (int turn = -360; turn <= 360; turn += 360) {
		if (shape->east <= turn - 180 || shape->west >= turn + 180)
			continue;
		if (shape->west >= turn - 180 && shape->east <= turn + 180)
			return write_parts(e, part, turn, written);
		GEOSGeometry *box = world(e, turn - 180);
		GEOSGeometry *cut = GEOSIntersection_r(e->geos, part, box);
		if (cut == NULL)
			e->failed = true;
		else
			written = write_parts(e, cut, turn, written);
		GEOSGeom_destroy_r(e->geos, box);
		GEOSGeom_destroy_r(e->geos, cut);
	}
	return written;
}

/* A Point or a LineString, each longitude by its usual name: where they jump, the loader goes on. */
static void write_line(struct exporter *e, const struct weir_shapes *shapes, const struct weir_shape *shape)
{
	const struct weir_ring *ring = &shapes->rings[shape->first_ring];
	bool is_point = is_circle(shapes, shape);

	fputs(is_point ? "{\"type\":\"Point\",\"coordinates\":"
	               : "{\"type\":\"LineString\",\"coordinates\":[",
	      e->out);
	for (uint32_t i = 0; i < (is_point ? 1 : ring->count); i++) {
		const double *vertex = shapes->vertices[ring->first + i];
		double turns = fabs(vertex[0]) <= 180 ? 0 : round(vertex[0] / 360);

		write_position(e, i == 0, vertex[0] - 360 * turns, vertex[1]);
	}
	fputs(is_point ? "}" : "]}", e->out);
}

static void write_geometry(struct exporter *e, size_t index)
{
	const struct weir_fences *fences = e->fences;
	bool is_gate = fences->items[index].kind == WEIR_FENCE_GATE;
	const struct weir_shapes *shapes = is_gate ? &fences->gates : &fences->shapes;
	const struct weir_parts *parts = &fences->parts[index];
	int written = 0;

	if (e->how == WEIR_EXPORT_LOADABLE && shapes->shapes[parts->first].is_line) {
		write_line(e, shapes, &shapes->shapes[parts->first]);
		return;
	}

	fprintf(e->out, "{\"type\":\"%s\",\"coordinates\":[", is_gate ? "MultiLineString" : "MultiPolygon");
	for (uint32_t i = parts->first; i < parts->first + parts->count; i++) {
		GEOSGeometry *part = part_geometry(e, shapes, &shapes->shapes[i]);

		if (part == NULL) {
			e->failed = true;
			continue;
		}
		written = write_turns(e, part, &shapes->shapes[i], written);
		GEOSGeom_destroy_r(e->geos, part);
	}
	fputs("]}", e->out);
}

/* ---- Properties ---- */

const char *weir_fence_shape_name(const struct weir_fences *fences, size_t index)
{
	if (fences->items[index].kind == WEIR_FENCE_GATE)
		return "gate";
	const struct weir_shape *shape = &fences->shapes.shapes[fences->parts[index].first];
	if (!shape->is_line)
		return "polygon";
	return is_circle(&fences->shapes, shape) ? "circle" : "corridor";
}

const char *weir_fences_transformations(const struct weir_fences *fences)
{
	return fences->transformations == NULL ? "" : fences->transformations;
}

static double seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

static json_t *properties_json(const struct weir_fences *fences, size_t index)
{
	const struct weir_fence *fence = &fences->items[index];
	const char *shape = weir_fence_shape_name(fences, index);
	json_t *rules = json_array(), *windows = json_array();
	json_t *made = json_pack("{s:s,s:s,s:f,s:i,s:f,s:f}", "id", fence->id, "shape", shape, "margin_m",
	                         fence->margin_m, "confirm_fixes", (int)fence->confirm_fixes, "exit_buffer_m",
	                         fence->exit_buffer_m, "max_gap_s", seconds(fence->max_gap_ns));

	if (made == NULL || rules == NULL || windows == NULL)
		goto out;
	if (fence->name != NULL)
		json_object_set_new(made, "name", json_string(fence->name));
	if (fence->kind == WEIR_FENCE_AREA && shape[0] == 'c')
		json_object_set_new(made, shape[1] == 'i' ? "radius_m" : "half_width_m",
		                    json_real(fences->shapes.shapes[fences->parts[index].first].radius_m));
	if (fence->kind == WEIR_FENCE_GATE)
		json_object_set_new(made, "gate", json_true());
	if (fence->filter.has != 0)
		json_object_set_new(made, "filter", weir_filter_json(&fence->filter));
	if (fence->schedule != NULL)
		json_object_set_new(made, "schedule", weir_schedule_json(fence->schedule));
	for (size_t i = 0; i < fence->rule_count; i++)
		json_array_append_new(rules, weir_rule_json(&fence->rules[i]));
	json_object_set(made, "rules", rules);
	for (size_t i = 0; i < fence->window_count; i++)
		json_array_append_new(windows, weir_window_json(&fence->windows[i]));
	if (fence->window_count > 0)
		json_object_set(made, "windows", windows);
out:
	json_decref(rules);
	json_decref(windows);
	return made;
}

static void write_feature(struct exporter *e, size_t index, bool is_first)
{
	json_t *properties = properties_json(e->fences, index);
	size_t flags = JSON_COMPACT | JSON_REAL_PRECISION((size_t)digits(e));

	fputs(is_first ? "\n{\"type\":\"Feature\",\"properties\":"
	               : ",\n{\"type\":\"Feature\",\"properties\":",
	      e->out);
	if (properties == NULL || json_dumpf(properties, e->out, flags) != 0)
		e->failed = true;
	json_decref(properties);
	fputs(",\"geometry\":", e->out);
	write_geometry(e, index);
	fputc('}', e->out);
}

int weir_fences_export_some(const struct weir_fences *fences, enum weir_export how, size_t *index,
                            size_t max_bytes, FILE *out)
{
	struct exporter e = {.out = out, .fences = fences, .how = how, .geos = GEOS_init_r()};
	size_t first = *index, i = first;
	long begin = ftell(out);

	if (e.geos == NULL)
		return -ENOMEM;
	e.proj = weir_proj_library();
	if (e.proj == NULL) {
		GEOS_finish_r(e.geos);
		return -ELIBACC;
	}
	e.proj->geod_init(&e.earth, 6378137, 1 / 298.257223563);
	fputs("{\"type\":\"FeatureCollection\",\"features\":[", out);
	for (; i < fences->count; i++) {
		/* What can't say where it is, a pipe, is not limited. */
		if (i > first && begin >= 0 && (size_t)(ftell(out) - begin) > max_bytes)
			break;
		write_feature(&e, i, i == first);
	}
	fputs("\n]}\n", out);
	GEOS_finish_r(e.geos);
	if (fflush(out) != 0 || ferror(out))
		return -EIO;
	if (e.failed)
		return -ENOMEM;
	*index = i;
	return 0;
}

int weir_fences_export(const struct weir_fences *fences, enum weir_export how, FILE *out)
{
	size_t index = 0;

	return weir_fences_export_some(fences, how, &index, SIZE_MAX, out);
}
