/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which XDP program is on a network interface, and whose it is. Removes what a killed gateway left, and
 * nothing of anybody else.
 */
#ifndef WEIR_PREFILTER_OCCUPANT_H
#define WEIR_PREFILTER_OCCUPANT_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stdint.h>

#include "log.h"

/* What is on an interface now. */
struct occupant {
	uint32_t id;    /* of the program; 0: nobody */
	uint32_t flags; /* the mode that it is attached in: XDP_FLAGS_DRV_MODE or XDP_FLAGS_SKB_MODE */
	char name[BPF_OBJ_NAME_LEN];
};

/* Its id and mode, for which no capability is needed. Returns 0 or a negative errno. */
int weir_occupant_id(int index, struct occupant *out);

/* Its name too. */
int weir_occupant_find(int index, struct occupant *out);

bool weir_occupant_is_ours(const struct occupant *occupant);

/* libxdp's, which runs several programs. */
bool weir_occupant_is_dispatcher(const struct occupant *occupant);

/* Takes away this very program. -EEXIST when another one is there by now. */
int weir_occupant_detach(int index, const struct occupant *occupant);

/* Does the dispatcher there run the program with this id? */
bool weir_dispatcher_runs(int index, uint32_t id);

/* Removes the program of ours that the dispatcher runs, but for the one with the id to keep. Returns how
 * many. */
int weir_dispatcher_remove_stale(int index, uint32_t keep, const struct prefilter_log *log);

/* As weir_prefilter_detach(), for callers that listen to the libraries already. */
int weir_remove_leftover(const char *interface, const struct prefilter_log *log);

#endif
