/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Windows of time in the properties of a fence and in the rule `density`: the same keys, bounds and defaults.
 */
#ifndef WEIR_WINDOW_LOAD_H
#define WEIR_WINDOW_LOAD_H

#include <jansson.h>

#include "fence/json_value.h"
#include "fence/loader.h"

/* Of two receivers' and a network's delays, and half a minute by which class B may be behind. */
#define WEIR_LATENESS_DEFAULT_NS INT64_C(60000000000)

extern const struct weir_bounds weir_window_bounds;   /* of window_s and slide_s */
extern const struct weir_bounds weir_lateness_bounds; /* of lateness_s */

/* A slide that is 0 becomes the window; then what no key can be checked for alone. */
bool weir_check_window(struct weir_loader *loader, struct weir_window_shape *shape);

/* The fence's property `windows`. */
bool weir_load_windows(struct weir_loader *loader, const json_t *windows, struct weir_fence *fence);

/* One as a file would have it; NULL: no memory. */
json_t *weir_window_json(const struct weir_window_shape *shape);

/* Complains of the fence with which all of the set's windows together become too many. */
void weir_check_windows_together(struct weir_loader *loader);

#endif
