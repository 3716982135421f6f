/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reference systems by PROJ. See crs.h.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fence/crs.h"
#include "fence/proj_library.h"

/* Areas of use are given to a hundredth of a degree, and coast lines do not keep to them. */
#define AREA_SLACK_DEG 0.1

struct weir_crs {
	const struct weir_proj *proj;
	char *name, *label;
	PJ *to_wgs84;
	bool is_geographic, has_area;
	double west, south, east, north; /* of its use; west > east crosses the antimeridian */
	struct weir_crs *next;
};

struct weir_crs_set {
	const struct weir_proj *proj; /* NULL until it is needed */
	PJ_CONTEXT *context;
	struct weir_crs *first;
};

static void say_nothing(void *context, int level, const char *text)
{
	(void)context;
	(void)level;
	(void)text;
}

struct weir_crs_set *weir_crs_set_new(void)
{
	return calloc(1, sizeof(struct weir_crs_set));
}

static int load_proj(struct weir_crs_set *set)
{
	const struct weir_proj *proj = weir_proj_library();

	if (set->proj != NULL)
		return 0;
	if (proj == NULL)
		return -ELIBACC;
	set->context = proj->context_create();
	if (set->context == NULL)
		return -ENOMEM;
	proj->context_set_enable_network(set->context, 0);
	proj->log_func(set->context, NULL, say_nothing);
	set->proj = proj;
	return 0;
}

static void free_crs(struct weir_crs *crs)
{
	if (crs == NULL)
		return;
	crs->proj->destroy(crs->to_wgs84);
	free(crs->name);
	free(crs->label);
	free(crs);
}

void weir_crs_set_free(struct weir_crs_set *set)
{
	if (set == NULL)
		return;
	while (set->first != NULL) {
		struct weir_crs *next = set->first->next;

		free_crs(set->first);
		set->first = next;
	}
	if (set->proj != NULL)
		set->proj->context_destroy(set->context);
	free(set);
}

char *weir_crs_set_describe(const struct weir_crs_set *set)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = set == NULL || set->first == NULL ? NULL : open_memstream(&text, &length);

	if (out == NULL)
		return NULL;
	for (const struct weir_crs *crs = set->first; crs != NULL; crs = crs->next) {
		PJ_PROJ_INFO info = crs->proj->pj_info(crs->to_wgs84);

		fprintf(out, "%s: %s", crs->name, info.description == NULL ? "?" : info.description);
		if (info.accuracy >= 0)
			fprintf(out, ", accurate to %g m", info.accuracy);
		fputc('\n', out);
	}
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

/* What needs no transformation, so that the doubles of the file stay as they are. */
static bool is_wgs84(const char *name)
{
	static const char *const names[] = {"OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84",
	                                    "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326",
	                                    "urn:ogc:def:crs:EPSG::4326"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool is_of_use(PJ_TYPE type)
{
	return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS ||
	       type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_COMPOUND_CRS || type == PJ_TYPE_BOUND_CRS;
}

static int describe(PJ_CONTEXT *context, const PJ *definition, const char *name, struct weir_crs *crs)
{
	const struct weir_proj *proj = crs->proj;
	const char *area = NULL;

	crs->is_geographic = proj->get_type(definition) == PJ_TYPE_GEOGRAPHIC_2D_CRS ||
	                     proj->get_type(definition) == PJ_TYPE_GEOGRAPHIC_3D_CRS;
	/* -1000: unknown */
	crs->has_area = proj->get_area_of_use(context, definition, &crs->west, &crs->south, &crs->east,
	                                      &crs->north, &area) != 0 &&
	                crs->west > -1000;
	crs->name = strdup(name);
	if (area == NULL)
		crs->label = strdup(name);
	else if (asprintf(&crs->label, "%s (%s)", name, area) < 0)
		crs->label = NULL;
	return crs->name == NULL || crs->label == NULL ? -ENOMEM : 0;
}

static int make(PJ_CONTEXT *context, const char *name, struct weir_crs *crs)
{
	const struct weir_proj *proj = crs->proj;
	PJ *definition = proj->create(context, name), *target = proj->create(context, "OGC:CRS84"),
	   *raw = NULL;
	int error = -ENOENT;

	if (definition == NULL || !proj->is_crs(definition) || target == NULL)
		goto out;
	error = -EINVAL;
	if (!is_of_use(proj->get_type(definition)))
		goto out;
	raw = proj->create_crs_to_crs_from_pj(context, definition, target, NULL, NULL);
	if (raw == NULL)
		goto out;
	crs->to_wgs84 = proj->normalize_for_visualization(context, raw);
	error = crs->to_wgs84 == NULL ? -EINVAL : describe(context, definition, name, crs);
out:
	proj->destroy(raw);
	proj->destroy(target);
	proj->destroy(definition);
	return error;
}

int weir_crs_find(struct weir_crs_set *set, const char *name, struct weir_crs **out)
{
	struct weir_crs *crs = set->first;

	if (is_wgs84(name)) {
		*out = NULL;
		return 0;
	}
	while (crs != NULL && strcmp(crs->name, name) != 0)
		crs = crs->next;
	if (crs == NULL) {
		int error = load_proj(set);
		if (error != 0)
			return error;
		crs = calloc(1, sizeof(*crs));
		if (crs == NULL)
			return -ENOMEM;
		crs->proj = set->proj;
		error = make(set->context, name, crs);
		if (error != 0) {
			free_crs(crs);
			return error;
		}
		crs->next = set->first;
		set->first = crs;
	}
	*out = crs;
	return 0;
}

bool weir_crs_to_wgs84(struct weir_crs *crs, const double xy[2], double lonlat[2])
{
	PJ_COORD made = {.xyzt = {xy[0], xy[1], 0, HUGE_VAL}};

	made = crs->proj->trans(crs->to_wgs84, PJ_FWD, made);

	if (!isfinite(made.xy.x) || !isfinite(made.xy.y) || fabs(made.xy.y) > 90)
		return false;
	lonlat[0] = fabs(made.xy.x) > 180 ? remainder(made.xy.x, 360) : made.xy.x;
	lonlat[1] = made.xy.y;
	return true;
}

bool weir_crs_is_for(const struct weir_crs *crs, const double lonlat[2])
{
	double x = lonlat[0], west = crs->west - AREA_SLACK_DEG, east = crs->east + AREA_SLACK_DEG;

	if (!crs->has_area)
		return true;
	if (lonlat[1] < crs->south - AREA_SLACK_DEG || lonlat[1] > crs->north + AREA_SLACK_DEG)
		return false;
	return crs->west <= crs->east ? x >= west && x <= east : x >= west || x <= east;
}

bool weir_crs_is_geographic(const struct weir_crs *crs)
{
	return crs->is_geographic;
}

const char *weir_crs_label(const struct weir_crs *crs)
{
	return crs->label;
}
