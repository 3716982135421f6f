/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The properties of a window's result, for geojson.c.
 */
#ifndef WEIR_PUBLISH_GEOJSON_WINDOW_H
#define WEIR_PUBLISH_GEOJSON_WINDOW_H

#include <weir/event.h>

#include "text.h"

/* Each with a comma before it. */
void weir_geojson_window(struct weir_text *text, const struct weir_window_result *window);

#endif
