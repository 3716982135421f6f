/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an area is made of; for the code that asks it and the code that draws it for the kernel.
 */
#ifndef WEIR_EXACT_AREA_H
#define WEIR_EXACT_AREA_H

#include <weir/fence.h>

#include "fence/grid.h"
#include "fence/shapes.h"

struct weir_area {
	bool everywhere; /* neither boxes nor fences were given */
	struct weir_box *boxes;
	size_t box_count;
	struct weir_shapes grown;
	struct weir_grid grid; /* of the grown shapes */
};

#endif
