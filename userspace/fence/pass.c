/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lies on the way from one fix to the next.
 */
#include <math.h>

#include "fence/loader.h"
#include "fence/segment.h"

/* Fences that were tried already. What is above is tried again, and found twice. */
#define TRIED_MAX 512

struct passage {
	const struct weir_fences *fences;
	struct weir_segment segment;
	const uint32_t *covering; /* that an end is known to lie in */
	size_t covering_count;
	struct weir_fence_pass *hits;
	size_t capacity, count;
	const struct weir_shapes *shapes; /* that are being tried: areas, or gates */
	uint32_t tried[TRIED_MAX];
	size_t tried_count;
};

static bool comes_before(const struct weir_fence_pass *a, const struct weir_fence_pass *b)
{
	return a->fraction != b->fraction ? a->fraction < b->fraction : a->fence < b->fence;
}

static void insert(struct passage *p, const struct weir_fence_pass *hit)
{
	size_t kept = p->count < p->capacity ? p->count : p->capacity;
	size_t place = kept;

	while (place > 0 && comes_before(hit, &p->hits[place - 1]))
		place--;
	for (size_t i = kept < p->capacity ? kept : p->capacity - (p->capacity > 0); i > place; i--)
		p->hits[i] = p->hits[i - 1];
	if (place < p->capacity)
		p->hits[place] = *hit;
	p->count++;
}

static struct weir_segment turned(const struct weir_segment *segment, int turns)
{
	struct weir_segment moved = *segment;

	moved.from[0] += 360 * turns;
	moved.to[0] += 360 * turns;
	return moved;
}

/* Does an end of the way lie in the area? Turned by 360 degrees it may. */
static bool covers_end(const struct passage *p, const struct weir_parts *parts)
{
	for (uint32_t i = parts->first; i < parts->first + parts->count; i++) {
		for (int turns = -1; turns <= 1; turns++) {
			struct weir_segment moved = turned(&p->segment, turns);

			if (weir_shape_covers(p->shapes, i, moved.from[0], moved.from[1]) ||
			    weir_shape_covers(p->shapes, i, moved.to[0], moved.to[1]))
				return true;
		}
	}
	return false;
}

/* Where the way meets a part first; INFINITY: nowhere. */
static double meets_at(const struct passage *p, uint32_t part)
{
	const struct weir_shape *shape = &p->shapes->shapes[part];
	double first = INFINITY;

	for (int turns = -1; turns <= 1; turns++) {
		struct weir_segment moved = turned(&p->segment, turns);
		double fraction = INFINITY;

		if (shape->is_line ? weir_segment_nears_line(&moved, p->shapes, part, &fraction)
		                   : weir_segment_meets_shape(&moved, p->shapes, part, &fraction))
			first = fmin(first, fraction);
	}
	return first;
}

/* Of polygons few are met, and their ends are asked for then only; of lines the ends are what is cheap. */
static void try_area(struct passage *p, uint32_t index)
{
	const struct weir_parts *parts = &p->fences->parts[index];
	bool is_line = p->shapes->shapes[parts->first].is_line;
	struct weir_fence_pass hit = {index, WEIR_GATE_BOTH, INFINITY};

	if (is_line && covers_end(p, parts))
		return;
	for (uint32_t i = parts->first; i < parts->first + parts->count; i++)
		hit.fraction = fmin(hit.fraction, meets_at(p, i));
	if (hit.fraction <= 1 && (is_line || !covers_end(p, parts)))
		insert(p, &hit);
}

static void try_gate(struct passage *p, uint32_t index)
{
	for (int turns = -1; turns <= 1; turns++) {
		struct weir_segment moved = turned(&p->segment, turns);
		struct weir_fence_pass hit = {.fence = index};
		int crossing = weir_segment_crosses_line(&moved, p->shapes, p->fences->parts[index].first,
		                                         &hit.fraction);

		if (crossing == 0)
			continue;
		hit.direction = crossing > 0 ? WEIR_GATE_LEFT_TO_RIGHT : WEIR_GATE_RIGHT_TO_LEFT;
		insert(p, &hit);
		return;
	}
}

static bool is_among(uint32_t index, const uint32_t *indices, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (indices[i] == index)
			return true;
	return false;
}

static void try_fence(void *context, uint32_t index)
{
	struct passage *p = context;

	if (is_among(index, p->covering, p->covering_count) || is_among(index, p->tried, p->tried_count))
		return;
	if (p->tried_count < TRIED_MAX)
		p->tried[p->tried_count++] = index;
	if (p->fences->items[index].kind == WEIR_FENCE_GATE)
		try_gate(p, index);
	else
		try_area(p, index);
}

static void try_all(struct passage *p, const struct weir_shapes *shapes, const struct weir_grid *grid)
{
	p->shapes = shapes;
	for (int turns = -1; turns <= 1; turns++) {
		struct weir_segment moved = turned(&p->segment, turns);

		weir_grid_along(grid, moved.from, moved.to, try_fence, p);
	}
}

static double unwrapped(double longitude_deg, double from_deg)
{
	double turn = longitude_deg - from_deg;

	return turn > 180 ? longitude_deg - 360 : turn < -180 ? longitude_deg + 360 : longitude_deg;
}

size_t weir_fences_pass(const struct weir_fences *fences, double from_longitude_deg, double from_latitude_deg,
                        double to_longitude_deg, double to_latitude_deg, const uint32_t *covering,
                        size_t covering_count, struct weir_fence_pass *hits, size_t capacity)
{
	struct passage p; /* not all of it is written */

	p.fences = fences;
	p.segment = (struct weir_segment){{from_longitude_deg, from_latitude_deg},
	                                  {unwrapped(to_longitude_deg, from_longitude_deg), to_latitude_deg}};
	p.covering = covering;
	p.covering_count = covering_count;
	p.hits = hits;
	p.capacity = capacity;
	p.count = p.tried_count = 0;
	try_all(&p, &fences->shapes, &fences->grid);
	try_all(&p, &fences->gates, &fences->gate_grid);
	return p.count;
}
