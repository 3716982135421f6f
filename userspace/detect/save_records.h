/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sections of detection's saved state, in their order. What may be in each: save_records.c.
 *
 * Tables are saved as what they hold, not as they lie in memory: maps, heaps, lists of free places are built
 * anew. Two things decide the order of later events and are saved as they are: which slot a device has, and
 * which comes first of what was put into a table one after the other.
 */
#ifndef WEIR_DETECT_SAVE_RECORDS_H
#define WEIR_DETECT_SAVE_RECORDS_H

#include "detect/state.h"
#include "saved/saved.h"

#define WEIR_FENCE_ID_SIZE 65 /* see struct weir_fence */

struct weir_saved_base {
	int64_t now_ns;
	uint32_t fresh;
	bool has_begun; /* now_ns is a time */
	uint8_t reserved[3];
};

/* The fences that the numbers in presences and watches mean. */
struct weir_saved_fence {
	char id[WEIR_FENCE_ID_SIZE];
};

struct weir_saved_device {
	struct weir_device device;
	uint32_t slot, presences, watches; /* how many */
	uint32_t reserved;
};

struct weir_saved_id {
	char text[WEIR_ID_SIZE];
};

struct weir_saved_station {
	char name[WEIR_STATION_SIZE];
};

struct weir_saved_slot {
	uint32_t slot;
};

struct weir_saved_timer {
	int64_t due_ns;
	uint32_t slot, reserved;
};

struct weir_saved_near {
	uint32_t slot, cell;
};

struct weir_saved_windows {
	int64_t began_ns;
};

/* One of which there is nothing but since when it counts has neither panes nor devices. */
struct weir_saved_series {
	struct weir_window_shape shape;
	int64_t since_ns;
	int64_t first_ns;             /* where its oldest open window begins */
	int64_t raised_ns, repeat_ns; /* of what density raised */
	uint32_t fence;
	uint32_t panes, devices; /* how many */
	uint8_t id[WEIR_ALERT_ID_BYTES];
	uint8_t severity;
	bool is_active, was_empty, is_density, raised, acknowledged;
	uint8_t reserved[6];
};

struct weir_saved_window_device {
	uint64_t device;
	int32_t latest; /* panes after the first one */
	uint32_t reserved;
};

/* A part of what windows saw of a device: of its ring, as it lies there. */
struct weir_saved_seen {
	uint8_t panes[8];
};

extern const struct weir_saved_record weir_saved_bases; /* one */
extern const struct weir_saved_record weir_saved_fences;
extern const struct weir_saved_record weir_saved_devices;        /* ascending by slot */
extern const struct weir_saved_record weir_saved_ids;            /* of each of them that is a GPS device */
extern const struct weir_saved_record weir_saved_stations;       /* of each, as many as its heard_by says */
extern const struct weir_saved_record weir_saved_presences;      /* of each, as many as it says */
extern const struct weir_saved_record weir_saved_watches;        /* likewise */
extern const struct weir_saved_record weir_saved_timers;         /* in the order of the heap: one a device */
extern const struct weir_saved_record weir_saved_free_slots;     /* the one that is taken first, first */
extern const struct weir_saved_record weir_saved_silent;         /* the oldest first */
extern const struct weir_saved_record weir_saved_near;           /* in the order of putting them there */
extern const struct weir_saved_record weir_saved_statics;        /* the oldest first */
extern const struct weir_saved_record weir_saved_said;           /* of each set, the oldest first */
extern const struct weir_saved_record weir_saved_windows;        /* one */
extern const struct weir_saved_record weir_saved_series;         /* ascending by fence */
extern const struct weir_saved_record weir_saved_panes;          /* of each, as many as it says */
extern const struct weir_saved_record weir_saved_window_devices; /* likewise, the oldest first */
extern const struct weir_saved_record weir_saved_seen;           /* of each, for all panes of its ring */

#endif
