/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files that load detection's state share.
 */
#ifndef WEIR_DETECT_LOAD_H
#define WEIR_DETECT_LOAD_H

#include "detect/save_records.h"

/* What comes of a device in later sections. */
struct weir_expected {
	uint32_t slot, presences, watches;
};

struct weir_loading {
	struct weir_detect *detect;
	struct weir_loader *loader;
	struct weir_expected *expected; /* of each device */
	uint64_t devices;
};

/* The fences that a state was saved with, until it has met those in force. */
struct weir_former {
	struct weir_plan *plans; /* of fences of which nothing but the id is known */
	struct weir_fence *fences;
	struct weir_saved_fence *ids;
	uint32_t *renumbered; /* see weir_engine_change_chart() */
	uint64_t count;
	struct weir_series *raised; /* of the rule density, by fences and windows that are gone */
	uint64_t raised_count;
};

/* Each takes its sections, and returns what weir_detect_load() does. */
int weir_load_fences(struct weir_loading *loading);
int weir_load_presences(struct weir_loading *loading);
int weir_load_watches(struct weir_loading *loading);
int weir_load_counts(struct weir_loading *loading);

/* [A-Za-z0-9_-]+ */
bool weir_load_is_token(const char *text);

/* The slot of a device that was loaded? */
static inline bool weir_load_is_device(const struct weir_detect *detect, uint32_t slot)
{
	return slot < detect->fresh && detect->devices[slot].key != 0;
}

/* An alert that is due to be told again since more than a day before now_ns is due since then. */
#define WEIR_REPEATS_BACK_NS (86400 * WEIR_SECOND_NS)
static inline void weir_load_limit_repeat(struct weir_watch *watch, int64_t now_ns)
{
	if (watch->repeat_ns < now_ns - WEIR_REPEATS_BACK_NS)
		watch->repeat_ns = now_ns;
}

/* NULL: none. */
void weir_former_free(struct weir_former *former);

#endif
