/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Positions of a geometry: checked, brought to WGS 84, unwrapped where they cross the antimeridian.
 */
#ifndef WEIR_POSITIONS_H
#define WEIR_POSITIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "fence/loader.h"

struct weir_positions {
	struct weir_loader *loader;
	struct weir_crs *crs; /* NULL: WGS 84 */
	char where[64];       /* "hole 1 of polygon 2", for complaints */
	double (*vertices)[2];
	size_t count, capacity;
	double turned_deg; /* whole turns that unwrapping has added so far */
};

/*
 * Reads a list of positions into vertices. What was read before is gone. Between two positions an edge is
 * straight in the coordinates of the file; where that is not straight in longitude and latitude,
 * vertices are added. False where something was wrong, which was told, or memory ran out.
 */
bool weir_positions_read(struct weir_positions *positions, const json_t *list);

/* Reads one. */
bool weir_positions_read_one(struct weir_positions *positions, const json_t *position);

/* The longitudes that are there now. */
void weir_positions_extent(const struct weir_positions *positions, double *west, double *east);

void weir_positions_turn(struct weir_positions *positions, double degrees);

void weir_positions_clear(struct weir_positions *positions);

#endif
