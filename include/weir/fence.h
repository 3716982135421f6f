/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences: areas on the map with rules, read from GeoJSON; and the area of interest.
 *
 * A set of fences and an area are immutable once built. Thread-safety: any number of threads may
 * read an area; locating in a set of fences is for one thread at a time.
 */
#ifndef WEIR_FENCE_H
#define WEIR_FENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/area.h>
#include <weir/event.h>
#include <weir/problem.h>

struct weir_rule {
	enum weir_rule_kind kind;
	enum weir_severity severity;
	uint32_t confirm_fixes; /* at least 1; default 2 */
};

#define WEIR_FENCE_RULES_MAX 16

struct weir_fence {
	const char *id;         /* [A-Za-z0-9_-]{1,64}: it is a subject token */
	const char *name;       /* NULL where the file has none */
	double margin_m;        /* how far the area of interest reaches beyond the fence, at least */
	uint32_t confirm_fixes; /* what holds for entering or leaving where no rule says otherwise */
	struct weir_rule rules[WEIR_FENCE_RULES_MAX];
	size_t rule_count;
};

struct weir_fences;

struct weir_fence_options {
	const char *const *files;
	size_t file_count;
	double margin_m; /* default of the area's margin around each fence, metres */
};

/*
 * Reads the files. Every fault in them is added to problems with its place; with any fault it
 * returns -EINVAL (-ENOENT, -EACCES where a file can't be read) and *out is untouched.
 */
int weir_fences_load(struct weir_fences **out, const struct weir_fence_options *options,
                     struct weir_problems *problems);

size_t weir_fences_count(const struct weir_fences *fences);
const struct weir_fence *weir_fences_get(const struct weir_fences *fences, size_t index);

/*
 * The indices of the fences that cover the point (the boundary belongs to the fence), ascending.
 * Returns how many there are, which may be more than capacity; only capacity are written.
 */
size_t weir_fences_locate(struct weir_fences *fences, double longitude_deg, double latitude_deg,
                          uint32_t *indices, size_t capacity);

void weir_fences_free(struct weir_fences *fences);

/* Degrees, WGS 84; west > east crosses the antimeridian; borders belong to the box. */
struct weir_box {
	double west, south, east, north;
};

struct weir_area;

/*
 * The exact area of interest: the boxes and every fence grown by its margin. With neither boxes
 * nor fences it is the whole earth. fences may be NULL, and need not outlive the area.
 */
int weir_area_new(struct weir_area **out, const struct weir_box *boxes, size_t box_count,
                  const struct weir_fences *fences);

bool weir_area_covers(const struct weir_area *area, double longitude_deg, double latitude_deg);

/*
 * The same area for the kernel, rounded outwards: whatever weir_area_covers() accepts, it accepts.
 * Returns 0, or -ENOMEM, after which the content of tiles is undefined.
 */
int weir_area_tiles(const struct weir_area *area, struct weir_area_tiles *tiles);

void weir_area_free(struct weir_area *area);

#endif
