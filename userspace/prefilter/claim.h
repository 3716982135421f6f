/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which gateway an interface belongs to: what tells the program of a living gateway from one that a killed
 * gateway left behind. It says nothing about the programs of others.
 */
#ifndef WEIR_PREFILTER_CLAIM_H
#define WEIR_PREFILTER_CLAIM_H

/*
 * Claims the interface for as long as the descriptor stays open; the kernel gives it back when the process
 * ends, however it ends. Returns the descriptor, -EBUSY when a gateway that lives has claimed it, or another
 * negative errno.
 */
int weir_claim_interface(int index);

#endif
