/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel filter, compiled natively, with one box: what the fuzz targets that try it share.
 */
#ifndef WEIR_FUZZ_FILTER_H
#define WEIR_FUZZ_FILTER_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <weir/device.h>
#include <weir/fence.h>

#include "bpf/frames.h"
#include "judge.h"

static struct weir_prefilter_shared shared;
static struct window window;
static struct weir_area *area;

static void must(bool condition)
{
	if (!condition)
		abort();
}

/* One box; at its borders the kernel's area is larger than the engine's. */
static void make_filter(void)
{
	static const struct weir_box box = {3.6, 51.8, 4.6, 52.2};
	static struct weir_area_tiles tiles;

	must(weir_area_new(&area, &box, 1, NULL) == 0 && weir_area_tiles(area, &tiles) == 0);
	memcpy(shared.areas[0].cells, tiles.cells, sizeof(tiles.cells));
	memcpy(shared.areas[0].tiles, tiles.tiles, sizeof(tiles.tiles));
	shared.ports[weir_port_index(10110)] = 1;
}

static void check_marked(uint64_t device, bool begins)
{
	uint32_t bucket = weir_presence_bucket(device);
	uint64_t bits = shared.presence[bucket / WEIR_PRESENCE_PER_WORD] >> weir_presence_shift(bucket);

	if (device & WEIR_DEVICE_GPS)
		bits |= shared.hold_gps;
	must(!begins || is_distress_beacon(device) || ((bits | shared.hold) & WEIR_PRESENCE_EPOCHS));
}

#endif
