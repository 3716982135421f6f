/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program on one network interface: attach, replace, detach. Knows nothing of areas and devices; whoever
 * calls it has filled the maps before. When to attach again: interfaces.c.
 */
#ifndef WEIR_PREFILTER_ATTACH_H
#define WEIR_PREFILTER_ATTACH_H

#include "log.h"
#include "prefilter.h"

struct weir_bpf;    /* the generated skeleton */
struct xdp_program; /* libxdp's */

/* What an attempt to attach depends on: while it stays as it is, another one would end alike. */
struct circumstances {
	int index; /* of the interface; 0: there is none */
	uint32_t occupant;
	int mtu;
};

struct attachment {
	struct weir_prefilter_interface face;
	int index;               /* of the interface; 0: there is none */
	struct weir_bpf *object; /* a copy of the program that shares the maps of the first one; NULL: none */
	struct xdp_program *program;
	int claim;                  /* see claim.h; 0: none */
	uint32_t flags;             /* XDP_FLAGS_DRV_MODE or XDP_FLAGS_SKB_MODE, as attached */
	uint32_t occupant;          /* the program on the interface: ours, or the dispatcher that runs it */
	struct circumstances tried; /* of the last attempt that failed */
	int64_t removed_ns;         /* monotonic: when somebody took the program away; 0: never */
	bool left_alone;            /* somebody did so twice */
};

static inline bool is_attached(const struct attachment *attachment)
{
	return attachment->object != NULL;
}

/* Of attachment->face.name, as they are now. */
void weir_circumstances(const struct attachment *attachment, struct circumstances *out);

/*
 * Attaches to attachment->face.name in this mode or, when it is auto, in the best that can be had. A program
 * of ours that a killed gateway left is replaced; that of a living one, and somebody else's, stays alone.
 * Returns 0, or a negative errno with face.reason filled.
 */
int weir_attach(struct attachment *attachment, const struct weir_bpf *maps, enum weir_prefilter_mode mode,
                const struct prefilter_log *log);

/* What has become of the program. */
enum attachment_fate {
	FATE_ATTACHED,
	FATE_GONE,    /* the interface is */
	FATE_RENAMED, /* it has another name by now, or another one has its name */
	FATE_REMOVED, /* somebody took the program away */
	FATE_REPLACED /* and put another one there */
};

/* Takes one that is attached. What can't be found out counts as FATE_ATTACHED. */
enum attachment_fate weir_attachment_fate(struct attachment *attachment);

/* The program is not there any more. face.reason becomes this text. */
void weir_attachment_forget(struct attachment *attachment, const char *reason);

/* Takes one that is not attached. */
void weir_detach(struct attachment *attachment, const struct prefilter_log *log);

#endif
