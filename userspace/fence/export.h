/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences back to GeoJSON, as they are used: in WGS 84, repaired, circles and corridors as polygons, all
 * defaults filled in. For looking at in a GIS, not for loading again.
 */
#ifndef WEIR_EXPORT_H
#define WEIR_EXPORT_H

#include <stdio.h>

#include <jansson.h>

#include <weir/fence.h>

/* A FeatureCollection (RFC 7946). Returns 0, -ENOMEM, or -EIO where the stream failed. */
int weir_fences_export(const struct weir_fences *fences, FILE *out);

/* A rule as a file would have it, with every parameter; NULL: no memory. */
json_t *weir_rule_json(const struct weir_rule *rule);

/* "Polygon", "circle", "corridor", "gate": what a fence was made of. */
const char *weir_fence_shape_name(const struct weir_fences *fences, size_t index);

/*
 * The Features of a file that is known to be a good one, each with its own "crs" where the file names one:
 * texts that can be kept one by one. Stops where visit does not return 0, and returns that; or -ENOMEM, -EIO.
 */
typedef int weir_feature_visit(void *context, const char *id, const char *text);
int weir_fence_features(const char *path, weir_feature_visit *visit, void *context);

#endif
