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

/* Whether this version detects it. A fence file or a configuration that asks for another is refused. */
bool weir_rule_is_available(enum weir_rule_kind rule);

#define WEIR_ID_SIZE 32 /* an MMSI of nine digits, or the name of a GPS device, with its NUL */
#define WEIR_HEARD_BY_MAX 4
#define WEIR_ALERT_ID_SIZE 33 /* 128 bits in hexadecimal, with its NUL */

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

struct weir_event {
	enum weir_event_kind kind;
	int64_t time_ns;    /* event time, Unix ns; 0: unknown */
	const char *id;     /* nine digits, or a GPS device's name: [A-Za-z0-9_-] */
	const char *source; /* station, "" where unknown */
	const struct weir_report *report;
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
	const char *ship_name;          /* joined from static data; NULL where unknown */
	const struct weir_alert *alert; /* for WEIR_EVENT_ALERT, else NULL */
};

#endif
