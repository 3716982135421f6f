/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program on one network interface: who is there, attach, replace, detach. Knows nothing of areas and
 * devices; whoever calls it has filled the maps before.
 */
#ifndef WEIR_PREFILTER_ATTACH_H
#define WEIR_PREFILTER_ATTACH_H

#include "log.h"
#include "prefilter.h"

struct weir_bpf;    /* the generated skeleton */
struct xdp_program; /* libxdp's */

struct attachment {
	struct weir_prefilter_interface face;
	int index;               /* of the interface; 0: there is none */
	struct weir_bpf *object; /* a copy of the program that shares the maps of the first one */
	struct xdp_program *program;
	int claim;      /* see claim.h; 0: none */
	uint32_t flags; /* XDP_FLAGS_DRV_MODE or XDP_FLAGS_SKB_MODE, as attached */
};

/*
 * Attaches to attachment->face.name in this mode or, when it is auto, in the best that can be had. A program
 * of ours that a killed gateway left is replaced; that of a living one, and somebody else's, stays alone.
 * Returns 0, or a negative errno with face.reason filled.
 */
int weir_attach(struct attachment *attachment, const struct weir_bpf *maps, enum weir_prefilter_mode mode,
                const struct prefilter_log *log);

/* Takes one that is not attached. */
void weir_detach(struct attachment *attachment, const struct prefilter_log *log);

#endif
