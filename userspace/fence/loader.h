/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the GeoJSON loader share: the set that is being built, and where a problem is.
 */
#ifndef WEIR_LOADER_H
#define WEIR_LOADER_H

#include <stdbool.h>

#include <geos_c.h>
#include <jansson.h>

#include <weir/fence.h>

#include "fence/grid.h"
#include "fence/schedule.h"
#include "fence/shapes.h"

/* The shapes of a fence, which lie next to each other. */
struct weir_parts {
	uint32_t first, count;
};

struct weir_fences {
	struct weir_fence *items;
	size_t count, capacity;
	struct weir_shapes shapes; /* owner: index of the fence */
	struct weir_shapes gates;  /* the same, of gates */
	struct weir_fence_digest *digests;
	struct weir_parts *parts; /* of each fence, in shapes or in gates */
	struct weir_grid grid;    /* of the shapes */
	struct weir_grid gate_grid;
	struct weir_time_zone *zones;
	char *transformations; /* see weir_crs_set_describe() */
};

/* Fixes in a row that can be asked for. */
#define WEIR_CONFIRM_FIXES_MAX 100

/* Properties that say how a geometry is to be read. */
struct weir_geometry_wishes {
	double radius_m, half_width_m; /* NAN: absent */
	bool is_gate, repair;
	bool failed;     /* one of them was wrong: what the geometry should be is not known */
	const char *crs; /* NULL: that of the file */
};

/* Where a text begins, as an editor counts: from 1, columns in bytes. */
struct weir_place {
	uint32_t line, column;
};

struct weir_crs;

struct weir_loader {
	struct weir_fences *set;
	struct weir_problems *problems;
	double margin_m; /* default */
	GEOSContextHandle_t geos;
	char geos_error[256];
	bool out_of_memory;
	struct weir_crs_set *crs_set; /* NULL until one is needed */

	/* The feature that is being read. */
	const char *file;
	struct weir_crs *file_crs; /* NULL: WGS 84 */
	bool file_crs_failed;
	struct weir_place place;
	size_t feature;       /* from 1, in its file */
	const char *given_id; /* of a text that is one fence; NULL: its properties say it */
	const char *id;       /* NULL until it is known */
	struct weir_geometry_wishes wishes;

	/* The file and the place of each fence in the set, for what is wrong between two of them. */
	struct weir_origin {
		const char *file;
		struct weir_place place;
	} * origins;
	size_t origin_capacity;
};

/* Adds a problem of the current feature. */
void weir_loader_complain(struct weir_loader *loader, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/*
 * The parts of a feature. They complain about all that is wrong and return true where nothing was, or
 * where memory ran out (loader->out_of_memory).
 */
bool weir_load_properties(struct weir_loader *loader, const json_t *properties, struct weir_fence *fence);
bool weir_load_severity(struct weir_loader *loader, const json_t *value, enum weir_severity *severity);
bool weir_load_rules(struct weir_loader *loader, const json_t *rules, struct weir_fence *fence,
                     enum weir_severity severity);
bool weir_load_filter(struct weir_loader *loader, const json_t *json, struct weir_fence_filter *filter);
bool weir_load_schedule(struct weir_loader *loader, const json_t *json, struct weir_fence *fence);
void weir_load_geometry(struct weir_loader *loader, const json_t *geometry, struct weir_fence *fence,
                        uint32_t owner);

/* A reference system by its name; NULL where it is that of WGS 84. False: it is of no use, which was told. */
bool weir_load_crs(struct weir_loader *loader, const char *name, struct weir_crs **out);

/* Puts the fences into the order of their ids, which are different. Returns 0 or -ENOMEM. */
int weir_fences_sort(struct weir_fences *set);

/*
 * Everything of a rule but its kind, which is known already, available or not. The fence gives defaults.
 * False where something was wrong.
 */
bool weir_load_rule_parameters(struct weir_loader *loader, const json_t *json, const struct weir_fence *fence,
                               struct weir_rule *rule);

/*
 * Where each feature of a GeoJSON text begins. The text must be valid JSON. Writes at most capacity
 * places, leaves the others alone, and returns the number of features found.
 */
size_t weir_feature_places(const char *text, size_t length, struct weir_place *places, size_t capacity);

#endif
