/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kinds of geometry that a fence may have. Each complains about all that is wrong, and adds nothing
 * then.
 */
#ifndef WEIR_GEOMETRY_H
#define WEIR_GEOMETRY_H

#include "fence/crs.h"
#include "fence/loader.h"

void weir_load_polygons(struct weir_loader *loader, struct weir_crs *crs, const json_t *coordinates,
                        bool is_multi, uint32_t owner);
void weir_load_point(struct weir_loader *loader, struct weir_crs *crs, const json_t *coordinates,
                     uint32_t owner);
void weir_load_line(struct weir_loader *loader, struct weir_crs *crs, const json_t *coordinates,
                    struct weir_fence *fence, uint32_t owner);

#endif
