/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shapes grown by a distance in metres.
 */
#ifndef WEIR_GROW_H
#define WEIR_GROW_H

#include <weir/fence.h>

#include "fence/shapes.h"

/*
 * Adds to `grown` what covers every point on the earth within margin_m of the shape, and somewhat more:
 * a few per cent all around, and where the shape stretches over many degrees of latitude, more towards
 * the east and the west of its part nearest to the equator. A margin of 0 adds the shape as it is.
 *
 * Near a pole, or where it would go around the earth, the result is not a shape but a box of all
 * longitudes: then *is_box is set and *box filled, and nothing is added. Returns 0 or -ENOMEM.
 */
int weir_grow_shape(struct weir_shapes *grown, const struct weir_shapes *shapes, uint32_t shape,
                    double margin_m, struct weir_box *box, bool *is_box);

#endif
