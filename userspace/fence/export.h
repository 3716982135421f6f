/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences back to GeoJSON, as they are used: in WGS 84, repaired, all defaults filled in. Drawn, for looking
 * at in a GIS: circles and corridors as polygons. Or as a file would have them: loaded again, they are the
 * same.
 */
#ifndef WEIR_EXPORT_H
#define WEIR_EXPORT_H

#include <stdio.h>

#include <jansson.h>

#include <weir/fence.h>

enum weir_export { WEIR_EXPORT_DRAWN, WEIR_EXPORT_LOADABLE };

/* A FeatureCollection (RFC 7946). Returns 0, -ENOMEM, or -EIO where the stream failed. */
int weir_fences_export(const struct weir_fences *fences, enum weir_export how, FILE *out);

/*
 * The same of the fences from *index on, until more than so many bytes are written or there are no more;
 * *index becomes that of the first one that was left out.
 */
int weir_fences_export_some(const struct weir_fences *fences, enum weir_export how, size_t *index,
                            size_t max_bytes, FILE *out);

/* A rule as a file would have it, with every parameter; NULL: no memory. */
json_t *weir_rule_json(const struct weir_rule *rule);

/* "Polygon", "circle", "corridor", "gate": what a fence was made of. */
const char *weir_fence_shape_name(const struct weir_fences *fences, size_t index);

/* How coordinates in other systems came to WGS 84, a line each; "" where none did. See crs.h. */
const char *weir_fences_transformations(const struct weir_fences *fences);

/*
 * The Features of a file that is known to be a good one, each with its own "crs" where the file names one:
 * texts that can be kept one by one. Stops where visit does not return 0, and returns that; or -ENOMEM, -EIO.
 */
typedef int weir_feature_visit(void *context, const char *id, const char *text);
int weir_fence_features(const char *path, weir_feature_visit *visit, void *context);

#endif
