/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events: what the engine has to tell. Pointers hold for the duration of the call that hands an
 * event over; who wants to keep one encodes it.
 */
#ifndef WEIR_EVENT_H
#define WEIR_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/report.h>

enum weir_event_kind {
	WEIR_EVENT_POSITION, /* an accepted position inside the area of interest */
	WEIR_EVENT_STATIC,   /* name, type, size, destination, on change */
	WEIR_EVENT_ALERT,
	WEIR_EVENT_WINDOW, /* what was counted in a fence in a window of time */
	WEIR_EVENT_KINDS
};

enum weir_severity {
	WEIR_SEVERITY_INFO,
	WEIR_SEVERITY_WARNING,
	WEIR_SEVERITY_ALARM,
	WEIR_SEVERITY_EMERGENCY,
	WEIR_SEVERITIES
};

/*
 * What can be told of a device. The parameters of each, and where they come from: <weir/fence.h>. The last
 * three hold everywhere and belong to no fence.
 */
enum weir_rule_kind {
	WEIR_RULE_ENTER,
	WEIR_RULE_EXIT,
	WEIR_RULE_CROSS,     /* passed through an area between two fixes */
	WEIR_RULE_DWELL,     /* stayed */
	WEIR_RULE_SPEED,     /* too fast, or too slow */
	WEIR_RULE_ANCHOR,    /* lies at anchor, moored or stopped */
	WEIR_RULE_GATE,      /* crossed a line */
	WEIR_RULE_COURSE,    /* against the traffic */
	WEIR_RULE_GAP,       /* fell silent inside */
	WEIR_RULE_PROXIMITY, /* will come too close to another one */
	WEIR_RULE_DENSITY,   /* too many in a fence */
	WEIR_RULE_DISTRESS,  /* SART, MOB, EPIRB, or navigation status 14 */
	WEIR_RULE_JUMP,      /* a speed that is not possible */
	WEIR_RULE_IDENTITY,  /* one MMSI in two places */
	WEIR_RULE_KINDS
};

enum weir_phase { WEIR_PHASE_EVENT, WEIR_PHASE_RAISE, WEIR_PHASE_CLEAR, WEIR_PHASES };

/* Subject tokens, JSON values, metric labels: "alert", "info", "enter", "raise". */
const char *weir_event_kind_name(enum weir_event_kind kind);
const char *weir_severity_name(enum weir_severity severity);
const char *weir_rule_name(enum weir_rule_kind rule);
const char *weir_phase_name(enum weir_phase phase);

#define WEIR_ID_SIZE 32 /* an MMSI of nine digits, or the name of a GPS device, with its NUL */
#define WEIR_HEARD_BY_MAX 4
#define WEIR_ALERT_ID_SIZE 33   /* 128 bits in hexadecimal, with its NUL */
#define WEIR_CONTENT_ID_SIZE 17 /* 64 bits */

/* A number that a rule measured or was held against, named with its unit: "limit_kn", "cpa_m". */
struct weir_measure {
	const char *name; /* a key of JSON as it is */
	double value;
};

#define WEIR_MEASURES_MAX 6

struct weir_alert {
	char id[WEIR_ALERT_ID_SIZE]; /* computed from the input alone */
	enum weir_rule_kind rule;
	enum weir_phase phase;
	enum weir_severity severity;
	const char *fence;      /* NULL where none is involved */
	const char *fence_name; /* NULL where the fence has none */
	const char *message;    /* one sentence for a person */
	struct weir_measure measures[WEIR_MEASURES_MAX];
	size_t measure_count;
	const char *direction;  /* of a gate: "left_to_right", "right_to_left"; else NULL */
	const char *other;      /* the id of the other device, where there is one */
	const char *other_name; /* its ship's name, where it is known */
	/*
	 * Why an alert was cleared, where it was not its condition that ended: "left" (the fence), "silent"
	 * (the device was let go), "closed" (the fence's schedule), "filter" (the fence is not for such
	 * devices), "full" (another device took its place in the table), "fences" (the fence or the rule is
	 * no more).
	 */
	const char *reason;
	bool initial;      /* enter: was inside from the start */
	bool inferred;     /* from the way between two fixes */
	bool test;         /* distress: a transmitter under test */
	bool repeated;     /* raise: told before, and nobody has acknowledged it */
	bool acknowledged; /* somebody has */
};

/* Of all devices, or of those of one class. */
struct weir_window_counts {
	uint32_t devices; /* with a fix that counts: each once */
	uint32_t enters, exits;
	uint64_t fixes;     /* that lay inside, and that the fence is for */
	uint64_t sog_fixes; /* of these, fixes with a speed; 0: the next two say nothing */
	double mean_sog_kn, max_sog_kn;
};

/*
 * A fence's window is told once, when time has passed its end by its lateness, with all that came until
 * then. One in which there was nothing is told if there was something in the one before it, and not else.
 */
struct weir_window_result {
	char id[WEIR_ALERT_ID_SIZE]; /* of the fence, window_ns, slide_ns and start_ns, whatever was counted
	                              */
	char content[WEIR_CONTENT_ID_SIZE]; /* of what was counted: the same where the same is told again */
	const char *fence, *fence_name;     /* fence_name: NULL where it has none */
	int64_t start_ns, end_ns, slide_ns; /* from start_ns to before end_ns, by event time */
	struct weir_window_counts all, classes[WEIR_CLASSES]; /* of a fix: its report's station_class */
	bool partial;    /* it began before counting did: after a start, or when the fence was new */
	bool overflowed; /* there was no room for more devices: `devices` are too few, the rest is exact */
};

struct weir_event {
	enum weir_event_kind kind;
	int64_t time_ns;    /* event time, Unix ns; 0: unknown; of a window its end */
	const char *id;     /* nine digits, or a GPS device's name: [A-Za-z0-9_-]; "": of no device */
	const char *source; /* station, "" where unknown */
	const struct weir_report *report; /* NULL: of none, as a window, and an alert of rule density */
	/*
	 * Of a position: the stations that heard the device's position before this one, in the order in which
	 * they were heard, the first one being the source of that event, at most WEIR_HEARD_BY_MAX; none
	 * unless at least two did. (Of this position it is not known yet who else will have heard it, and an
	 * event does not wait.)
	 */
	const char *const *heard_by;
	size_t heard_by_count;
	const char *const *fences; /* ids of the fences that the position lies in */
	size_t fence_count;
	const char *ship_name;                   /* joined from static data; NULL where unknown */
	const struct weir_alert *alert;          /* for WEIR_EVENT_ALERT, else NULL */
	const struct weir_window_result *window; /* for WEIR_EVENT_WINDOW, else NULL */
};

#endif
