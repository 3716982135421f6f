/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policies on senders and the table of them, in the kernel: what the program is told of them before it is
 * loaded, their maps, and reading the table. What they mean is in <weir/senders.h>; what user space does
 * where there is no program is in admission.h.
 */
#ifndef WEIR_PREFILTER_SENDERS_H
#define WEIR_PREFILTER_SENDERS_H

#include "prefilter.h"
#include "ranking.h"

struct weir_bpf; /* the generated skeleton */

/* Before loading. Maps of what is off are not made. Returns 0 or a negative errno. */
int weir_senders_prepare(struct weir_bpf *object, const struct weir_prefilter_options *options);

/* After loading: writes the allowed networks. Returns 0 or a negative errno. */
int weir_senders_fill(const struct weir_bpf *object, const struct weir_prefilter_options *options);

/* Adds every sender of the table. Returns how many there are, or a negative errno. */
int weir_senders_rank(const struct weir_bpf *object, struct ranking *ranking);

#endif
