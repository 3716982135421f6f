/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policies on senders in user space, for what no filter has seen: where there is none, on interfaces that
 * it is not attached to, and for fragments, which the stack has put together. What a filter has let by is let
 * by here.
 *
 *     weir_admission_new(&admission, &options);
 *     weir_admission_judge(admission, datagram);      // for each datagram, by one thread
 *     weir_admission_senders(admission, senders, 20); // from any thread
 *
 * Nothing is allocated after weir_admission_new(). What has been decided of senders is bounded, as in the
 * kernel; the set of senders that one must share a place with is small, and the least recently heard goes.
 */
#ifndef WEIR_PREFILTER_ADMISSION_H
#define WEIR_PREFILTER_ADMISSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/datagram.h>
#include <weir/senders.h>

struct weir_admission_options {
	const struct weir_network *allow; /* copied */
	size_t allow_count;               /* 0: everybody is heard */
	struct weir_rate rate;            /* interval_ns 0: no limit */
	uint32_t senders;                 /* that are counted; 0: none */
	bool observe;                     /* refuse nothing */
};

struct weir_admission;

/* Returns 0 or -ENOMEM. */
int weir_admission_new(struct weir_admission **out, const struct weir_admission_options *options);

/*
 * WEIR_SENDER_PASSED, or why the datagram is not to be used: WEIR_SENDER_NOT_ALLOWED,
 * WEIR_SENDER_RATE_LIMITED; WEIR_SENDER_OBSERVED in observe mode, where it is to be used nevertheless.
 */
enum weir_sender_outcome weir_admission_judge(struct weir_admission *admission,
                                              const struct weir_datagram *datagram);

/*
 * The senders that sent most, most first; the times are Unix time, ns. Returns how many were written;
 * *known: how many there are.
 */
size_t weir_admission_senders(const struct weir_admission *admission, struct weir_sender *out,
                              size_t capacity, size_t *known);

/* Switches observe mode on or off while running; from any thread. */
void weir_admission_observe(struct weir_admission *admission, bool observe);

/* Takes NULL. */
void weir_admission_free(struct weir_admission *admission);

#endif
