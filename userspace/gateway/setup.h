/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a gateway is set up from: the configuration, and the chart: the fences that it names, and the area of
 * interest of both. `weir check` stops here; `weir run` goes on from here, and may be given another chart
 * while it runs.
 */
#ifndef WEIR_GATEWAY_SETUP_H
#define WEIR_GATEWAY_SETUP_H

#include <stdio.h>

#include <weir/area.h>
#include <weir/engine.h>
#include <weir/fence.h>
#include <weir/problem.h>

#include "gateway/config.h"

struct weir_chart {
	struct weir_fences *fences; /* never NULL; may be empty */
	struct weir_area *area;
	struct weir_area_tiles *tiles; /* the same area, for the kernel */
};

struct weir_setup {
	struct weir_config *config;
	struct weir_chart chart;
};

/*
 * Reads a configuration and all that it names, and fences that come as texts beside its files. Returns 0, or
 * a negative errno with at least one problem: all that could be found. *out is untouched on failure.
 */
int weir_setup_load(struct weir_setup *out, const char *file, const struct weir_fence_text *texts,
                    size_t text_count, struct weir_problems *problems);

/* What the engine is made with, for a gateway and for an archive alike. It borrows from both. */
struct weir_engine_options weir_setup_engine(const struct weir_config *config,
                                             const struct weir_chart *chart);

/* Fences of one set by their numbers in another. */
struct weir_renumbering {
	uint32_t *numbers; /* of each fence of the old set, as weir_engine_change_chart() wants it */
	size_t added;      /* fences of the new set that the old one has not */
	size_t gone;       /* the other way round */
};

/* Returns 0 or -ENOMEM. The caller frees numbers. */
int weir_fences_renumber(struct weir_renumbering *out, const struct weir_fences *old,
                         const struct weir_fences *new);

/* Writes "weir: FILE:LINE:COLUMN: text" for each problem. */
void weir_problems_print(const struct weir_problems *problems, FILE *out);

/* Says what would be loaded, for a person. */
void weir_setup_print(const struct weir_setup *setup, FILE *out);

/* Take an empty one. */
void weir_chart_clear(struct weir_chart *chart);
void weir_setup_clear(struct weir_setup *setup);

#endif
