/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a prefilter consists of, for the files of this directory: load.c makes its maps, interfaces.c keeps
 * the program where it belongs, prefilter.c is the face.
 */
#ifndef WEIR_PREFILTER_STATE_H
#define WEIR_PREFILTER_STATE_H

#include "attach.h"
#include "claim.h"
#include "log.h"
#include "prefilter.h"
#include "turn.h"
#include "watch.h"

struct weir_prefilter {
	struct prefilter_log log;
	enum weir_prefilter_mode mode; /* as asked for; off once loading has failed */
	char reason[160];
	struct weir_bpf *object; /* the first copy: it owns the maps and is attached to nothing */
	struct weir_prefilter_shared *shared;
	bool has_area, attached;
	struct turns turns;
	struct weir_prefilter_counters *per_cpu;
	int cpus;
	struct attachment *attachments;
	size_t interface_count;
	bool held;           /* some interface is without the program */
	struct watch *watch; /* NULL: not attached yet, or nothing can be watched */
	int64_t looked_ns;   /* monotonic: when the interfaces were looked at */
	int asking;          /* the other weir that wants to take over; 0: none */
	int asked_length;    /* of the names that it asks for; negative: not heard yet */
	char asked[WEIR_CLAIM_NAMES_SIZE];
};

static inline bool is_off(const struct weir_prefilter *prefilter)
{
	return prefilter->mode == WEIR_PREFILTER_OFF;
}

/*
 * Loads the first copy of the program and begins turns. On failure returns a negative errno with
 * prefilter->reason filled.
 */
int weir_prefilter_load(struct weir_prefilter *prefilter, const struct weir_prefilter_options *options);

/* Without a filter of our own, one that a killed gateway left would go on dropping by its own area. */
void weir_prefilter_remove_leftovers(struct weir_prefilter *prefilter);

#endif
