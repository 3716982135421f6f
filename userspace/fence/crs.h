/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Coordinates of other reference systems to WGS 84 longitude and latitude, by PROJ: without its network
 * grids, axes in the order x, y (east, north; longitude, latitude) whatever the definition says.
 * Where PROJ knows several ways, it takes the best for each place that the installed grids allow.
 */
#ifndef WEIR_CRS_H
#define WEIR_CRS_H

#include <stdbool.h>

struct weir_crs;
struct weir_crs_set;

/* NULL: out of memory. */
struct weir_crs_set *weir_crs_set_new(void);
void weir_crs_set_free(struct weir_crs_set *set);

/*
 * By its name: "EPSG:25831", "urn:ogc:def:crs:EPSG::25831", and what else PROJ understands. Each is made once
 * and owned by the set. *out is NULL where coordinates need no transformation. Returns 0, -ENOMEM, -ENOENT
 * (unknown), -EINVAL (known, but of no use: no plane and no ellipsoid) or -ELIBACC (PROJ can't be loaded).
 */
int weir_crs_find(struct weir_crs_set *set, const char *name, struct weir_crs **out);

/* False where PROJ has no answer. */
bool weir_crs_to_wgs84(struct weir_crs *crs, const double xy[2], double lonlat[2]);

/* Whether the place lies where the system is meant to be used, or within 0.1 degrees of it. */
bool weir_crs_is_for(const struct weir_crs *crs, const double lonlat[2]);

/* Whether x and y are degrees: then an edge over 180 degrees long goes the other way round. */
bool weir_crs_is_geographic(const struct weir_crs *crs);

/*
 * A line for each system that coordinates came in: its name, and the transformation that PROJ chose for the
 * last of them, with its accuracy where it is known. NULL: no memory, or no system; to be freed by free().
 */
char *weir_crs_set_describe(const struct weir_crs_set *set);

/* "EPSG:25831 (Europe between 0°E and 6°E ...)", for people. */
const char *weir_crs_label(const struct weir_crs *crs);

#endif
