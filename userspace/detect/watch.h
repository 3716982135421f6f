/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a rule remembers of a device: since when its condition holds, and the alert that it raised. There is
 * one only while there is something to remember. Those of a device form a list in the order of the
 * fences, and in a fence in the order of the rules; those of rules without a fence come last.
 */
#ifndef WEIR_WATCH_H
#define WEIR_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/event.h>

#include "detect/alert_id.h"

struct weir_detect;
struct weir_device;
struct weir_passage;

#define WEIR_NO_FENCE UINT32_MAX

struct weir_watch {
	uint32_t next; /* of the same device, or free */
	uint32_t fence;
	int64_t since_ns;            /* event time at which the condition began */
	int64_t seen_ns;             /* event time at which it was last met; of use to some rules */
	int64_t repeat_ns;           /* event time at which it is told again; INT64_MAX: never */
	int32_t longitude, latitude; /* where the condition began, 1e-7 degrees */
	uint32_t other;              /* proximity: the slot of the other device */
	uint8_t rule;                /* enum weir_rule_kind */
	uint8_t severity;            /* of the alert that was raised */
	uint8_t fixes;
	bool raised : 1, acknowledged : 1;
	bool mirror : 1;                 /* proximity: the other device owns the alert */
	uint8_t id[WEIR_ALERT_ID_BYTES]; /* of the alert that was raised */
};

/* The watch of a rule, or NULL. */
struct weir_watch *weir_watch_find(const struct weir_detect *detect, const struct weir_device *device,
                                   uint32_t fence, enum weir_rule_kind rule);

/*
 * The same, and where there is none a new one that begins with the passage. NULL, and counted, where there is
 * no room.
 */
struct weir_watch *weir_watch_begin(struct weir_detect *detect, struct weir_device *device,
                                    const struct weir_passage *passage, uint32_t fence,
                                    enum weir_rule_kind rule);

/* Tells the alert, whose identifier is that of the passage. The caller fills in what the rule measured. */
void weir_watch_raise(struct weir_detect *detect, const struct weir_passage *passage,
                      struct weir_watch *watch, struct weir_alert *alert);

/* The same, with the identifier that the watch has already. */
void weir_watch_tell_raise(struct weir_detect *detect, const struct weir_passage *passage,
                           struct weir_watch *watch, struct weir_alert *alert);

/* Ends a watch, which may be absent; where it was raised that is told. alert: as above, or NULL. */
void weir_watch_end(struct weir_detect *detect, struct weir_device *device,
                    const struct weir_passage *passage, uint32_t fence, enum weir_rule_kind rule,
                    struct weir_alert *alert);

/* Ends the watch that *link leads to, for a reason that is none of the rules'. */
void weir_watch_end_at(struct weir_detect *detect, struct weir_device *device,
                       const struct weir_passage *passage, uint32_t *link, const char *reason);

/* Tells the end of an alert whose watch has been taken out. */
void weir_watch_tell_end(struct weir_detect *detect, const struct weir_passage *passage,
                         const struct weir_watch *watch, struct weir_alert *alert);

/* acknowledge.c: when the alert is told again, INT64_MAX: never; that it is; and that somebody has seen it.
 */
int64_t weir_watch_repeat_due(const struct weir_watch *watch);
void weir_watch_repeat(struct weir_detect *detect, const struct weir_passage *passage,
                       struct weir_watch *watch);
void weir_watch_acknowledge(struct weir_detect *detect, const struct weir_passage *passage,
                            struct weir_watch *watch);

/* Has it raised the alert with that identifier, and owns it? */
bool weir_watch_has_id(const struct weir_watch *watch, const char *alert_id);

/* The link to the first watch of a rule, or to where it would be put. */
uint32_t *weir_watch_link(const struct weir_detect *detect, struct weir_device *device, uint32_t fence,
                          enum weir_rule_kind rule);

/* Ends all watches of a fence (WEIR_NO_FENCE: those of none), for a reason that is none of the rules'. */
void weir_watches_end(struct weir_detect *detect, struct weir_device *device,
                      const struct weir_passage *passage, uint32_t fence, const char *reason);

#endif
