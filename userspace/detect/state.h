/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of detection, for the files of this directory.
 */
#ifndef WEIR_DETECT_STATE_H
#define WEIR_DETECT_STATE_H

#include "detect/detect.h"
#include "detect/duplicates.h"
#include "detect/keymap.h"
#include "detect/near.h"
#include "detect/place.h"
#include "detect/pool.h"
#include "detect/presence.h"
#include "detect/statics.h"
#include "detect/stations.h"
#include "detect/timers.h"
#include "detect/watch.h"
#include "detect/windows.h"

/* Fences that one position may lie in; what is above is counted as untracked. */
#define WEIR_LOCATED_MAX 256

#define WEIR_SECOND_NS INT64_C(1000000000)

/* Below it a device lies still, knots (the limit of MarineTraffic's 'stopped', and of the anchor rule). */
#define WEIR_STILL_KN 0.5f

/* A followed device. */
struct weir_device {
	uint64_t key;          /* see <weir/device.h>; 0: free */
	int64_t last_ns;       /* event time of its latest used report */
	int64_t fix_ns;        /* event time of its latest position */
	int64_t heard_ns;      /* the engine's time when it was heard last */
	int64_t silent_ns;     /* the engine's time when it will have been silent for too long */
	uint64_t said;         /* the hash of its latest position, whose stations are kept */
	uint32_t presences;    /* the first one, or WEIR_NO_ITEM; while free, the next free device */
	uint32_t watches;      /* the first one, or WEIR_NO_ITEM */
	uint32_t static_slot;  /* where its static data was found last, a hint; of a GPS device its id's place
	                        */
	uint32_t newer, older; /* devices, in the order in which they were heard */
	struct weir_place fix; /* its latest position; has == 0: none yet */
	uint16_t stations[WEIR_HEARD_BY_MAX]; /* that heard it and have a name */
	uint8_t heard_by;                     /* how many these are */
	bool inside_area;                     /* its latest fix */
	bool distress;
	bool is_silent; /* for long: among those that give way to others */
	bool tested;    /* a transmitter for distress, and its test was told */
	uint8_t reserved[3];
};

/* Devices that have been silent for long, in the order in which they were heard: slots, or WEIR_NO_SLOT. */
struct weir_silent {
	uint32_t newest, oldest;
};

/* What is asked of a fence at each fix in it, in one place. */
struct weir_plan {
	const struct weir_fence *fence;
	const char *id;  /* the fence's */
	uint32_t kinds;  /* of its rules, bits 1 << enum weir_rule_kind */
	uint32_t series; /* the first one of its windows, or WEIR_NO_ITEM */
	float exit_buffer_m;
	uint8_t enter_fixes, exit_fixes;
	bool has_filter, has_schedule, has_windows; /* windows or density */
};

struct weir_detect {
	const struct weir_area *area; /* NULL: everywhere */
	struct weir_fences *fences;   /* NULL: none */
	struct weir_plan *plans;      /* of each fence */
	struct weir_former *former;   /* NULL unless a state has just been loaded: see load.h */
	uint32_t kinds;               /* of the rules that any fence has, bits 1 << enum weir_rule_kind */
	bool has_schedules;           /* any fence has one */
	struct weir_site_rules rules; /* without a fence */
	struct weir_engine_sink sink;
	int64_t silence_ns;
	int64_t now_ns;         /* the engine's time */
	bool time_of_reception; /* it does not run ahead of that */

	struct weir_device *devices;
	uint32_t capacity, free_device;
	uint32_t fresh;      /* the first slot that was never taken */
	uint32_t reserve;    /* devices for which only distress finds room */
	uint32_t distressed; /* devices in distress */
	struct weir_silent silent;
	struct weir_keymap map;
	struct weir_timers timers;
	struct weir_pool presences; /* struct weir_presence */
	struct weir_pool watches;   /* struct weir_watch */
	struct weir_near near;      /* where those are that proximity is about */
	struct weir_statics statics;
	struct weir_stations stations;
	struct weir_duplicates duplicates;
	struct weir_windows windows;
	struct weir_engine_counters counters;
};

/* A report on its way through, or a moment that has come for a device; and what is found out about it. */
struct weir_passage {
	const struct weir_report *report;
	int64_t time_ns;  /* event time */
	int64_t heard_ns; /* of a report: what it moves the engine's time to */
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

/* detect.c */

/* Hands an event to the sink and counts it. alert is NULL unless it is one. */
void weir_detect_emit(struct weir_detect *detect, enum weir_event_kind kind,
                      const struct weir_passage *passage, const struct weir_report *report,
                      const struct weir_alert *alert);

uint64_t weir_saying_hash(const struct weir_saying *said);

/* The counters of static data become what its table says. */
void weir_detect_count_statics(struct weir_detect *detect);

/* The same with a window's result. */
void weir_detect_emit_window(struct weir_detect *detect, const struct weir_window_result *result);

/* fetch.c: asks memory for the rules of the fences that the position lies in. */
void weir_detect_fetch_rules(const struct weir_detect *detect, const struct weir_passage *passage);

/* Nine digits (ITU-R M.585). */
void weir_write_mmsi(char id[WEIR_ID_SIZE], uint32_t mmsi);

/* device.c */

/*
 * Begins to follow the device of the passage. Where the table is full, the one that was silent for the
 * longest gives way, if it was silent for long; for a device in distress always. Returns NULL where there is
 * no room.
 */
struct weir_device *weir_device_begin(struct weir_detect *detect, const struct weir_passage *passage,
                                      bool distress);

/* It has been silent for long, for less long than those of which that was said before. */
void weir_device_falls_silent(struct weir_detect *detect, struct weir_device *device);

/* It is heard now, in distress or not. */
void weir_device_heard(struct weir_detect *detect, struct weir_device *device, bool distress);

/* Is there anything for which it must be followed? */
static inline bool weir_device_is_needed(const struct weir_device *device)
{
	return device->inside_area || device->distress || device->presences != WEIR_NO_ITEM ||
	       device->watches != WEIR_NO_ITEM;
}

/* Lets it go, with all that is kept of it; what was raised is cleared for the reason. */
void weir_device_end(struct weir_detect *detect, struct weir_device *device, const char *reason);

/*
 * The device, if it is followed at that time. One that will have been silent for too long by then counts
 * as let go, although time has not moved yet: it must not, should the report turn out to be ignored.
 */
struct weir_device *weir_device_at(struct weir_detect *detect, uint64_t key, int64_t time_ns);

/* Sees to it that the device comes up when something is due for it. */
void weir_device_schedule(struct weir_detect *detect, struct weir_device *device);

/* A passage without a report, of a moment that has come by event time: report gets the latest fix. */
void weir_device_passage(const struct weir_detect *detect, const struct weir_device *device, int64_t time_ns,
                         struct weir_passage *passage, struct weir_report *report);

/* The id (WEIR_ID_SIZE bytes) and the ship's name, NULL where it is not known. */
void weir_device_name(const struct weir_detect *detect, const struct weir_device *device, char *id,
                      const char **ship_name);

/* The engine's time that a moment of the device's own time means: a sender's clock may be behind. */
static inline int64_t weir_device_due(const struct weir_device *device, int64_t event_ns)
{
	return event_ns + (device->heard_ns - device->last_ns);
}

/* Now, by the device's own time. */
static inline int64_t weir_device_moment(const struct weir_detect *detect, const struct weir_device *device)
{
	return device->last_ns + (detect->now_ns - device->heard_ns);
}

/* chart.c */

/* NULL: none. renumbered: as for weir_engine_change_chart(), NULL at the start. Returns 0 or -ENOMEM. */
int weir_detect_use_fences(struct weir_detect *detect, struct weir_fences *fences,
                           const uint32_t *renumbered);

/*
 * Tells the ends of alerts of fences and rules that there are no more, and renumbers what remains. count: of
 * the fences so far.
 */
void weir_chart_move(struct weir_detect *detect, const struct weir_fences *fences, const uint32_t *renumbered,
                     size_t count);

/* Rules that are new may be due. */
void weir_chart_schedule(struct weir_detect *detect);

/* dues.c */

/* The engine's time at which something is due for the device, apart from silence; INT64_MAX: nothing is. */
int64_t weir_dues_next(const struct weir_detect *detect, const struct weir_device *device);

/* Does what is due at that time. */
void weir_dues_fire(struct weir_detect *detect, struct weir_device *device, int64_t due_ns);

/* What the fence at the presence's or the watch's index says. */
static inline const struct weir_fence *weir_fence_at(const struct weir_detect *detect, uint32_t index)
{
	return index == WEIR_NO_FENCE ? NULL : detect->plans[index].fence;
}

/* alert.c */

/* The rule of a kind that the fence has, or NULL. */
const struct weir_rule *weir_rule_of(const struct weir_fence *fence, enum weir_rule_kind kind);

/* Tells an alert of the passage. Its identifier, rule, phase, severity and measures are filled in. */
void weir_alert_tell(struct weir_detect *detect, const struct weir_passage *passage,
                     const struct weir_fence *fence, struct weir_alert *alert);

/* Tells one that has the phase `event`: it gets the identifier of the passage. */
void weir_alert_event(struct weir_detect *detect, const struct weir_passage *passage,
                      const struct weir_fence *fence, struct weir_alert *alert);

void weir_alert_measure(struct weir_alert *alert, const char *name, double value);

/* crossing.c */

/* Holds the position against the fences and the device's presences; tells what was confirmed. */
void weir_detect_crossings(struct weir_detect *detect, struct weir_device *device,
                           const struct weir_passage *passage);

static inline struct weir_presence *weir_presence_at(const struct weir_detect *detect, uint32_t index)
{
	return weir_pool_at(&detect->presences, index);
}

/* Ends the presence that *link leads to and all that is watched in it, without an `exit`. */
void weir_presence_end(struct weir_detect *detect, struct weir_device *device,
                       const struct weir_passage *passage, uint32_t *link, const char *reason);

static inline struct weir_watch *weir_watch_at(const struct weir_detect *detect, uint32_t index)
{
	return weir_pool_at(&detect->watches, index);
}

/* heed.c */

enum weir_heed {
	WEIR_HEEDS,   /* the fence is for the device, and its report counts */
	WEIR_IGNORES, /* the fence is for the device, but not while it moves like that */
	WEIR_CLOSED,  /* the fence is not in force now */
	WEIR_REFUSES  /* the fence is not for the device */
};

/* Does the fence care for the report? By its filter and its schedule. */
enum weir_heed weir_heed(const struct weir_detect *detect, const struct weir_device *device,
                         const struct weir_passage *passage, uint32_t fence);

/* rule_*.c */

/* A fix that lies in the fence of a presence. */
void weir_rule_dwell(struct weir_detect *detect, struct weir_device *device,
                     const struct weir_passage *passage, struct weir_presence *presence);
void weir_rule_speed(struct weir_detect *detect, struct weir_device *device,
                     const struct weir_passage *passage, uint32_t fence, const struct weir_rule *rule);
void weir_rule_anchor(struct weir_detect *detect, struct weir_device *device,
                      const struct weir_passage *passage, uint32_t fence, const struct weir_rule *rule);
void weir_rule_course(struct weir_detect *detect, struct weir_device *device,
                      const struct weir_passage *passage, uint32_t fence, const struct weir_rule *rule);

void weir_rule_proximity(struct weir_detect *detect, struct weir_device *device,
                         const struct weir_passage *passage, uint32_t fence, const struct weir_rule *rule);

/* pair.c: the watches of two devices, other: a slot. NULL where there is none. */
struct weir_watch *weir_pair_find(const struct weir_detect *detect, struct weir_device *device,
                                  uint32_t fence, uint32_t other);
void weir_pair_begin(struct weir_detect *detect, struct weir_device *device,
                     const struct weir_passage *passage, uint32_t fence, uint32_t other);

/* Ends one, or all of a fence; what was raised is told. reason: NULL where it is the rule's own. */
void weir_pair_end(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage,
                   uint32_t *link, const char *reason);
void weir_pairs_end(struct weir_detect *detect, struct weir_device *device,
                    const struct weir_passage *passage, uint32_t fence);

/* When it is due by event time, INT64_MAX: never; and that it is. */
int64_t weir_rule_dwell_due(const struct weir_detect *detect, const struct weir_device *device,
                            const struct weir_presence *presence);
int64_t weir_rule_gap_due(const struct weir_detect *detect, const struct weir_device *device,
                          const struct weir_presence *presence);
void weir_rule_gap(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage,
                   struct weir_presence *presence);

/* A device that was silent is heard. */
void weir_rule_gap_ends(struct weir_detect *detect, struct weir_device *device,
                        const struct weir_passage *passage);

/* The way from the device's latest fix to this one: cross and gate. */
void weir_rule_passing(struct weir_detect *detect, struct weir_device *device,
                       const struct weir_passage *passage);

/* Where no fence is involved. Returns whether the way to this fix was not possible. */
void weir_rule_distress(struct weir_detect *detect, struct weir_device *device,
                        const struct weir_passage *passage);
bool weir_rule_jump(struct weir_detect *detect, struct weir_device *device,
                    const struct weir_passage *passage);
int64_t weir_rule_identity_due(const struct weir_detect *detect, const struct weir_device *device);
void weir_rule_identity_ends(struct weir_detect *detect, struct weir_device *device,
                             const struct weir_passage *passage);

/* Metres from where a fix, a watch or a presence was to where the report is. */
static inline double weir_metres_to(int32_t longitude, int32_t latitude, const struct weir_report *report)
{
	return weir_distance_m(weir_place_degrees(longitude), weir_place_degrees(latitude),
	                       report->longitude_deg, report->latitude_deg);
}

/* acknowledge.c */

/* The event time at which an alert of the device is told again, INT64_MAX: never; and that it is. */
int64_t weir_repeat_due(const struct weir_detect *detect, const struct weir_device *device);
void weir_repeat(struct weir_detect *detect, struct weir_device *device, const struct weir_passage *passage);

/* heard_by.c */

/* Notes in the passage which stations heard the position before, where they are at least two. */
void weir_heard_by_recall(const struct weir_detect *detect, const struct weir_device *device,
                          struct weir_passage *passage);

/* One more has heard the latest position. */
void weir_heard_by_add(struct weir_detect *detect, struct weir_device *device, const char *source);

/* The passage's position is the latest one now. */
void weir_heard_by_begin(struct weir_detect *detect, struct weir_device *device,
                         const struct weir_passage *passage);

/* The device is let go. */
void weir_heard_by_forget(struct weir_detect *detect, struct weir_device *device);

#endif
