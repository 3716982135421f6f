/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What limits a fence, as a file would have it; for export.c.
 */
#ifndef WEIR_EXPORT_LIMITS_H
#define WEIR_EXPORT_LIMITS_H

#include <jansson.h>

#include <weir/fence.h>

/* NULL: no memory. */
json_t *weir_filter_json(const struct weir_fence_filter *filter);
json_t *weir_schedule_json(const struct weir_schedule *schedule);

#endif
