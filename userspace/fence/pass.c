/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lies on the way from one fix to the next.
 */
#include <math.h>

#include "fence/loader.h"
#include "fence/segment.h"

struct passage {
	const struct weir_fences *fences;
	struct weir_segment segment;
	struct weir_fence_pass *hits;
	size_t capacity, count;
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

static bool part_covers(const struct weir_fences *fences, uint32_t shape, const double place[2])
{
	return weir_shape_covers(&fences->shapes, shape, place[0], place[1]);
}

/* All parts of an area; the segment is moved by whole turns to where a part may be. */
static void try_area(struct passage *p, uint32_t index)
{
	const struct weir_parts *parts = &p->fences->parts[index];
	struct weir_fence_pass hit = {index, WEIR_GATE_BOTH, INFINITY};

	for (uint32_t i = parts->first; i < parts->first + parts->count; i++) {
		for (int turn = -1; turn <= 1; turn++) {
			struct weir_segment moved = p->segment;
			double fraction;

			moved.from[0] += 360 * turn;
			moved.to[0] += 360 * turn;
			if (part_covers(p->fences, i, moved.from) || part_covers(p->fences, i, moved.to))
				return;
			if (weir_segment_meets_shape(&moved, &p->fences->shapes, i, &fraction))
				hit.fraction = fmin(hit.fraction, fraction);
		}
	}
	if (hit.fraction <= 1)
		insert(p, &hit);
}

static double unwrapped(double longitude_deg, double from_deg)
{
	double turn = longitude_deg - from_deg;

	return turn > 180 ? longitude_deg - 360 : turn < -180 ? longitude_deg + 360 : longitude_deg;
}

size_t weir_fences_pass(const struct weir_fences *fences, double from_longitude_deg, double from_latitude_deg,
                        double to_longitude_deg, double to_latitude_deg, struct weir_fence_pass *hits,
                        size_t capacity)
{
	struct passage p = {
	        .fences = fences,
	        .segment = {{from_longitude_deg, from_latitude_deg},
	                    {unwrapped(to_longitude_deg, from_longitude_deg), to_latitude_deg}},
	        .hits = hits,
	        .capacity = capacity,
	};

	for (uint32_t i = 0; i < fences->count; i++)
		try_area(&p, i);
	return p.count;
}
