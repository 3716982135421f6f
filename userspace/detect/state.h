/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of detection, for the files of this directory.
 */
#ifndef WEIR_DETECT_STATE_H
#define WEIR_DETECT_STATE_H

#include "detect/detect.h"
#include "detect/duplicates.h"
#include "detect/keymap.h"
#include "detect/presence.h"
#include "detect/statics.h"
#include "detect/timers.h"

/* Fences that one position may lie in; what is above is counted as untracked. */
#define WEIR_LOCATED_MAX 256

#define WEIR_STATION_SIZE sizeof(((struct weir_message *)0)->station)

/* A followed device. */
struct weir_device {
	uint64_t key;         /* see <weir/device.h>; 0: free */
	int64_t last_ns;      /* event time of its latest used report */
	int64_t silent_ns;    /* when it will have been silent for too long */
	uint32_t presences;   /* the first one, or WEIR_NO_PRESENCE; while free, the next free device */
	uint32_t static_slot; /* where its static data was found last; a hint */
	uint64_t said;        /* the hash of its latest position, whose stations are kept */
	uint8_t heard_by;     /* how many of these have a name */
	bool inside_area;     /* its latest fix */
	bool distress;
};

/* The stations that heard a device's latest position: as many as its heard_by says. */
struct weir_stations {
	char names[WEIR_HEARD_BY_MAX][WEIR_STATION_SIZE];
};

struct weir_detect {
	const struct weir_area *area; /* NULL: everywhere */
	struct weir_fences *fences;   /* NULL: none */
	struct weir_engine_sink sink;
	int64_t silence_ns;
	int64_t now_ns; /* the engine's time */

	struct weir_device *devices;
	struct weir_stations *stations; /* of each device */
	uint32_t capacity, free_device;
	struct weir_keymap map;
	struct weir_timers timers;
	struct weir_presences presences;
	struct weir_statics statics;
	struct weir_duplicates duplicates;
	struct weir_engine_counters counters;
};

/* A report on its way through, and what is found out about it. */
struct weir_passage {
	const struct weir_report *report;
	int64_t time_ns;
	const char *source;
	uint64_t device;
	bool has_hash; /* hash: of what the message says */
	uint64_t hash;
	char id[WEIR_ID_SIZE];
	size_t heard_by_count; /* of the position before this one */
	const char *heard_by[WEIR_HEARD_BY_MAX];
	const char *ship_name;              /* NULL: unknown */
	uint32_t located[WEIR_LOCATED_MAX]; /* the fences that its position lies in, ascending */
	size_t located_count;
	const char *fence_ids[WEIR_LOCATED_MAX];
};

/* Begins to follow a device. Returns NULL where the table is full. */
struct weir_device *weir_device_begin(struct weir_detect *detect, uint64_t key);

/* Lets it go, with all that is kept of it. */
void weir_device_end(struct weir_detect *detect, struct weir_device *device);

/*
 * The device, if it is followed at that time. One that will have been silent for too long by then counts
 * as let go, although time has not moved yet: it must not, should the report turn out to be ignored.
 */
struct weir_device *weir_device_at(struct weir_detect *detect, uint64_t key, int64_t time_ns);

/* Holds the position against the fences and the device's presences; tells what was confirmed. */
void weir_detect_crossings(struct weir_detect *detect, struct weir_device *device,
                           const struct weir_passage *passage);

/* Notes in the passage which stations heard the position before, where they are at least two. */
void weir_stations_recall(const struct weir_detect *detect, const struct weir_device *device,
                          struct weir_passage *passage);

/* One more has heard the latest position. */
void weir_stations_add(struct weir_detect *detect, struct weir_device *device, const char *source);

/* The passage's position is the latest one now. */
void weir_stations_begin(struct weir_detect *detect, struct weir_device *device,
                         const struct weir_passage *passage);

/* Hands an event to the sink and counts it. alert is NULL unless it is one. */
void weir_detect_emit(struct weir_detect *detect, enum weir_event_kind kind,
                      const struct weir_passage *passage, const struct weir_report *report,
                      const struct weir_alert *alert);

#endif
