/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keeps pace: waits until what is due in the time of a simulation or a recording is due in the time of
 * the clock on the wall, as many times faster as is asked for.
 *
 * It sleeps a millisecond at least or not at all, so that a fast pace costs no more wake-ups than a
 * thousand a second.
 */
#ifndef WEIR_SIMULATE_PACER_H
#define WEIR_SIMULATE_PACER_H

#include <stdbool.h>
#include <stdint.h>

struct weir_pacer;

/* rate: times faster than life; 0: never waits. Returns 0 or a negative errno. */
int weir_pacer_new(struct weir_pacer **out, double rate);

/* Whether something due then has to be waited for: a chance to send what has come together. */
bool weir_pacer_early(struct weir_pacer *pacer, int64_t due_ns);

/*
 * Waits until something is due. The first call sets what time it is. Returns 0; -EINTR where a signal
 * came; it may also return early by itself, so call it until weir_pacer_early() is false.
 */
int weir_pacer_wait(struct weir_pacer *pacer, int64_t due_ns);

/* Takes NULL. */
void weir_pacer_free(struct weir_pacer *pacer);

#endif
