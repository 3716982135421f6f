/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Windows of time: what is counted of a fence in each, by event time.
 *
 * Windows that overlap share their parts: time is cut into panes, one slide long, and a window is so many
 * panes in a row. What adds up (fixes, speeds, enters, exits) is kept by pane and put together when a window
 * closes. How many different devices there were does not add up: it is counted for each open window, when a
 * device is seen in it for the first time. The panes of all open windows lie in a ring, and so do the counts
 * of devices, by the first pane of their window.
 *
 * A window closes when the engine's time has passed its end by its lateness, with or without reports. The
 * same windows carry the rule density, which is told as soon as an open window has too many.
 *
 * All of this is in arrays, without pointers into them.
 */
#ifndef WEIR_WINDOWS_H
#define WEIR_WINDOWS_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/event.h>
#include <weir/fence.h>

#include "detect/timers.h"
#include "detect/watch.h"
#include "detect/window_devices.h"

struct weir_plan;

/* What adds up, of one class. */
struct weir_tally_of_class {
	uint64_t sog_sum;                    /* thousandths of a knot: whole numbers add up in any order */
	uint32_t fixes, sog_fixes, sog_most; /* sog_most: thousandths */
	uint32_t enters, exits;
	uint32_t devices; /* of the window that begins with the pane */
};

struct weir_pane {
	struct weir_tally_of_class classes[WEIR_CLASSES];
	uint32_t devices;    /* of the window that begins here, of all classes */
	bool overflowed;     /* and some found no room */
	uint8_t reserved[3]; /* 0: panes are saved as they are */
};

/* The windows of one shape of one fence, or of its rule density. */
struct weir_series {
	struct weir_window_shape shape;
	uint32_t next;       /* of the same fence, or WEIR_NO_ITEM */
	uint32_t first_pane; /* where its ring begins */
	uint32_t pane_count; /* in its ring */
	uint32_t panes;      /* in a window */
	int64_t oldest;      /* the first pane of the oldest open window; pane p begins at p * slide_ns */
	int64_t latest;      /* the last pane in which something was counted, or oldest - 1 */
	int64_t since_ns;    /* the engine's time when it was new */
	uint32_t newest_device, oldest_device;
	uint32_t order; /* among all series: by fence, then as its properties have them */
	bool is_active; /* something was counted in an open window, or is due to be told */
	bool was_empty; /* the window that closed last */
	bool is_density;
	struct weir_watch
	        watch; /* watch.fence: of the series, WEIR_NO_FENCE: the slot is free; else of density */
};

struct weir_windows {
	struct weir_series *series;
	uint32_t capacity; /* of series, free ones among them */
	uint32_t used;
	struct weir_pane *panes;
	uint32_t pane_count;
	struct weir_window_devices devices;
	struct weir_timers timers; /* of the series that are active */
	int64_t due_ns;            /* the first of them, or INT64_MAX */
	int64_t began_ns;          /* the engine's time when it had one first */
};

struct weir_detect;
struct weir_passage;

/* No time has come yet: before any that a message can have. */
#define WEIR_NO_TIME (INT64_MIN / 2)

/* A fix that lies in the fence, which is for it; it may be older than others of its device. */
void weir_windows_fix(struct weir_detect *detect, const struct weir_passage *passage, uint32_t fence);

/* It is the one that confirms entering or leaving. */
void weir_windows_crossing(struct weir_detect *detect, const struct weir_passage *passage, uint32_t fence,
                           bool enters);

/* Does what is due first: detect->windows.due_ns has come. */
void weir_windows_fire(struct weir_detect *detect);

/* window_chart.c */

/*
 * The windows of other fences, noted in their plans; renumbered as for weir_engine_change_chart(), NULL:
 * there were none. Series whose fence and shape are still there go on. Returns 0 or -ENOMEM, and nothing has
 * changed.
 */
int weir_windows_use(struct weir_detect *detect, const struct weir_fences *fences, struct weir_plan *plans,
                     const uint32_t *renumbered);

/* Clears what the rule density of fences and shapes raised that are gone. Before the above. */
void weir_windows_end_gone(struct weir_detect *detect, const struct weir_fences *fences,
                           const uint32_t *renumbered);

/* save_windows.c, load_windows.c: a part of weir_detect_save() and weir_detect_load(). */
struct weir_saver;
void weir_windows_save(const struct weir_detect *detect, struct weir_saver *saver);

/* The series of a fence with that shape, or WEIR_NO_ITEM. */
uint32_t weir_windows_find(const struct weir_detect *detect, uint32_t fence,
                           const struct weir_window_shape *shape, bool is_density);

void weir_windows_clear(struct weir_windows *windows);

/* The place of a pane, which is one of an open window. */
static inline struct weir_pane *weir_pane_at(const struct weir_windows *windows,
                                             const struct weir_series *series, int64_t pane)
{
	int64_t place = pane % (int64_t)series->pane_count;

	return &windows->panes[series->first_pane +
	                       (uint32_t)(place < 0 ? place + (int64_t)series->pane_count : place)];
}

/* When it comes up next, INT64_MAX: never. */
void weir_series_schedule(struct weir_windows *windows, uint32_t slot);

/* window_id.c */

/* The identifier of the window that begins at that time, or of the alert that it raised. */
void weir_window_id_bytes(uint8_t bytes[WEIR_ALERT_ID_BYTES], const struct weir_series *series,
                          const char *fence, int64_t start_ns);

/* Fills in the identifiers of a result. */
void weir_window_identify(struct weir_window_result *result, const struct weir_series *series);

/* rule_density.c */

/* An open window has a device more; or the oldest one closes, at the passage's time. */
void weir_rule_density_gain(struct weir_detect *detect, const struct weir_passage *passage,
                            struct weir_series *series, const struct weir_window_gain *gain);
void weir_rule_density_close(struct weir_detect *detect, struct weir_series *series);
void weir_rule_density_repeat(struct weir_detect *detect, struct weir_series *series);
void weir_rule_density_end(struct weir_detect *detect, struct weir_series *series, const char *reason);

/* The series that raised an alert, or NULL; and somebody has seen it. */
struct weir_series *weir_rule_density_find(const struct weir_detect *detect, const char *alert_id);
void weir_rule_density_acknowledge(struct weir_detect *detect, struct weir_series *series);

#endif
