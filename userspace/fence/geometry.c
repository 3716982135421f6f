/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The geometry of a fence: which kind it is, and in which reference system its coordinates are.
 */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "fence/geometry.h"

bool weir_load_crs(struct weir_loader *loader, const char *name, struct weir_crs **out)
{
	int error = 0;

	if (loader->crs_set == NULL)
		loader->crs_set = weir_crs_set_new();
	error = loader->crs_set == NULL ? -ENOMEM : weir_crs_find(loader->crs_set, name, out);
	if (error == -ENOMEM)
		loader->out_of_memory = true;
	else if (error == -ENOENT)
		weir_loader_complain(
		        loader, "unknown coordinate reference system '%s': one such as EPSG:25831 is meant",
		        name);
	else if (error == -ELIBACC)
		weir_loader_complain(loader,
		                     "'%s' needs PROJ, and the library (" WEIR_PROJ_SONAME
		                     ") can't be loaded: is it installed?",
		                     name);
	else if (error != 0)
		weir_loader_complain(loader, "'%s' is no system of longitudes and latitudes or of a map",
		                     name);
	return error == 0;
}

/* A wish that the geometry can't fulfil is a slip. */
static bool check_wishes(struct weir_loader *loader, const char *type)
{
	const struct weir_geometry_wishes *wishes = &loader->wishes;
	bool is_point = strcmp(type, "Point") == 0, is_line = strcmp(type, "LineString") == 0;
	bool good = true;

	if (!isnan(wishes->radius_m) && !is_point) {
		weir_loader_complain(loader, "'radius_m' is for a Point, not for a %s", type);
		good = false;
	}
	if (!isnan(wishes->half_width_m) && !is_line) {
		weir_loader_complain(loader, "'half_width_m' is for a LineString, not for a %s", type);
		good = false;
	}
	if (wishes->is_gate && !is_line) {
		weir_loader_complain(loader, "'gate' is for a LineString, not for a %s", type);
		good = false;
	}
	return good;
}

static void load(struct weir_loader *loader, const char *type, const json_t *coordinates,
                 struct weir_fence *fence, uint32_t owner)
{
	struct weir_crs *crs = loader->file_crs;

	if (loader->wishes.crs != NULL ? !weir_load_crs(loader, loader->wishes.crs, &crs)
	                               : loader->file_crs_failed)
		return;
	if (loader->wishes.failed || !check_wishes(loader, type))
		return;
	if (strcmp(type, "Polygon") == 0 || strcmp(type, "MultiPolygon") == 0)
		weir_load_polygons(loader, crs, coordinates, type[0] == 'M', owner);
	else if (strcmp(type, "Point") == 0)
		weir_load_point(loader, crs, coordinates, owner);
	else if (strcmp(type, "LineString") == 0)
		weir_load_line(loader, crs, coordinates, fence, owner);
	else
		weir_loader_complain(loader,
		                     "a fence can't be a %s: there are Polygon, MultiPolygon, Point with "
		                     "'radius_m', LineString with 'half_width_m' or \"gate\":true",
		                     type);
}

/* Nothing lies in a gate, and only gates are crossed from side to side. */
static void check_rules(struct weir_loader *loader, const struct weir_fence *fence)
{
	for (size_t i = 0; i < fence->rule_count; i++) {
		enum weir_rule_kind kind = fence->rules[i].kind;

		if (fence->kind == WEIR_FENCE_GATE && kind != WEIR_RULE_GATE)
			weir_loader_complain(loader, "rule '%s' is for areas; a gate has rule 'gate'",
			                     weir_rule_name(kind));
		if (fence->kind != WEIR_FENCE_GATE && kind == WEIR_RULE_GATE)
			weir_loader_complain(loader, "rule 'gate' is for a LineString with \"gate\":true");
	}
	if (fence->kind == WEIR_FENCE_GATE && fence->window_count > 0)
		weir_loader_complain(loader, "'windows' are for areas: nothing lies in a gate");
}

void weir_load_geometry(struct weir_loader *loader, const json_t *geometry, struct weir_fence *fence,
                        uint32_t owner)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));

	if (type == NULL) {
		weir_loader_complain(loader, "a fence needs a 'geometry' with a 'type' and 'coordinates'");
		return;
	}
	load(loader, type, json_object_get(geometry, "coordinates"), fence, owner);
	check_rules(loader, fence);
}
