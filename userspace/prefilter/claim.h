/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which gateway an interface belongs to: what tells the program of a living gateway from one that a killed
 * gateway left behind; and how that gateway is asked to hand over. It says nothing about the programs of
 * others.
 */
#ifndef WEIR_PREFILTER_CLAIM_H
#define WEIR_PREFILTER_CLAIM_H

#include <stddef.h>

/*
 * Claims the interface for as long as the descriptor stays open; the kernel gives it back when the process
 * ends, however it ends. Returns the descriptor, -EBUSY when a gateway that lives has claimed it, or another
 * negative errno.
 */
int weir_claim_interface(int index);

/* Names of interfaces, NUL-terminated, one after the other: as many as a configuration can have. */
#define WEIR_CLAIM_NAMES_SIZE 512

/*
 * Asks the gateway that has claimed the interface to leave these, with its program on them, and waits until
 * it has closed its sockets too. Returns 0, also when it died over it; -ENOENT: there is none; -EACCES: it
 * belongs to another user; -ETIMEDOUT; or another negative errno.
 */
int weir_claim_ask(int index, const char *names, size_t length, int timeout_ms);

/* Is somebody asking who may? Returns a descriptor for the two below, -EAGAIN, or another negative errno. */
int weir_claim_accept(int claim);

/* What is asked for. Returns how many bytes of names, -EAGAIN when it has not arrived yet, or a negative
 * errno. */
int weir_claim_hear(int asking, char names[WEIR_CLAIM_NAMES_SIZE]);

/* It is done. Closes the descriptor. */
void weir_claim_grant(int asking);

#endif
