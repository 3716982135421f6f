/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The exact area of interest: boxes and grown fences. Its picture for the kernel is made in tiles.c.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fence/exact_area.h"
#include "fence/grow.h"
#include "fence/loader.h"

static int add_grown(struct weir_area *area, const struct weir_fences *fences,
                     const struct weir_shapes *shapes)
{
	for (uint32_t i = 0; i < shapes->count; i++) {
		const struct weir_fence *fence = &fences->items[shapes->shapes[i].owner];
		bool is_box;
		struct weir_box box;

		int error = weir_grow_shape(&area->grown, shapes, i, fence->margin_m, &box, &is_box);
		if (error != 0)
			return error;
		if (is_box)
			area->boxes[area->box_count++] = box;
	}
	return 0;
}

static int add_fences(struct weir_area *area, const struct weir_fences *fences)
{
	int error = add_grown(area, fences, &fences->shapes);

	if (error == 0)
		error = add_grown(area, fences, &fences->gates);
	if (error == 0)
		error = weir_shapes_finish(&area->grown);
	return error != 0 ? error : weir_grid_build(&area->grid, &area->grown);
}

static bool is_box(const struct weir_box *box)
{
	return fabs(box->west) <= 180 && fabs(box->east) <= 180 && box->south >= -90 && box->north <= 90 &&
	       box->south <= box->north;
}

int weir_area_new(struct weir_area **out, const struct weir_box *boxes, size_t box_count,
                  const struct weir_fences *fences)
{
	size_t most = box_count + (fences == NULL ? 0 : fences->shapes.count + fences->gates.count);
	struct weir_area *area = calloc(1, sizeof(*area));
	int error = -ENOMEM;

	if (area == NULL)
		return -ENOMEM;
	area->boxes = calloc(most + 1, sizeof(*area->boxes));
	if (area->boxes == NULL)
		goto out;
	for (size_t i = 0; i < box_count; i++) {
		if (!is_box(&boxes[i])) {
			error = -EINVAL;
			goto out;
		}
		area->boxes[area->box_count++] = boxes[i];
	}
	area->everywhere = most == 0;
	error = fences == NULL ? 0 : add_fences(area, fences);
out:
	if (error == 0)
		*out = area;
	else
		weir_area_free(area);
	return error;
}

static bool box_covers(const struct weir_box *box, double longitude_deg, double latitude_deg)
{
	if (!(latitude_deg >= box->south && latitude_deg <= box->north))
		return false;
	if (box->west <= box->east)
		return longitude_deg >= box->west && longitude_deg <= box->east;
	return longitude_deg >= box->west || longitude_deg <= box->east;
}

bool weir_area_covers(const struct weir_area *area, double longitude_deg, double latitude_deg)
{
	if (area->everywhere)
		return true;
	for (size_t i = 0; i < area->box_count; i++) {
		if (box_covers(&area->boxes[i], longitude_deg, latitude_deg))
			return true;
		/* The antimeridian has two names. */
		if (fabs(longitude_deg) == 180 && box_covers(&area->boxes[i], -longitude_deg, latitude_deg))
			return true;
	}
	return weir_grid_covers(&area->grid, &area->grown, longitude_deg, latitude_deg);
}

void weir_area_free(struct weir_area *area)
{
	if (area == NULL)
		return;
	free(area->boxes);
	weir_grid_clear(&area->grid);
	weir_shapes_clear(&area->grown);
	free(area);
}
