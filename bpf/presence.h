/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which devices matter although they are outside of the area. The protocol, and why neither side can
 * undo what the other has said, is in <weir/prefilter.h>.
 */
#ifndef WEIR_BPF_PRESENCE_H
#define WEIR_BPF_PRESENCE_H

#include "maps.h"

#define ONCE(word) (*(volatile __typeof__(word) *)&(word))

/* Most marks are there already, and reading leaves the cache line where it is. */
static __always_inline void set_bits(__u64 *word, __u64 bits)
{
	if ((ONCE(*word) & bits) != bits)
		__sync_fetch_and_or(word, bits);
}

/* A report passes with which the engine may begin to follow the device. */
static __always_inline void mark_device(struct weir_prefilter_shared *shared, __u64 device)
{
	__u32 bucket = weir_presence_bucket(device);
	__u64 bit = WEIR_PRESENCE_EPOCH(ONCE(shared->epoch));

	set_bits(&shared->presence[bucket / WEIR_PRESENCE_PER_WORD],
	         bit << bucket % WEIR_PRESENCE_PER_WORD * 4);
}

/* Something passes in which the engine may find such a report of whatever device. */
static __always_inline void mark_all(struct weir_prefilter_shared *shared)
{
	set_bits(&shared->hold, WEIR_PRESENCE_EPOCH(ONCE(shared->epoch)));
}

/* The verdict for a report that is valid and outside. */
static __always_inline __u32 judge_absence(struct weir_prefilter_shared *shared, __u64 device)
{
	__u32 bucket = weir_presence_bucket(device);
	__u64 word = ONCE(shared->presence[bucket / WEIR_PRESENCE_PER_WORD]);
	__u64 bits = word >> bucket % WEIR_PRESENCE_PER_WORD * 4 & 0xf;
	__u64 hold = ONCE(shared->hold);

	if (!((bits | hold) & 0xf))
		return WEIR_REASON_OUTSIDE;
	if (bits & WEIR_PRESENCE_EPOCHS)
		return WEIR_REASON_RECENT;
	if (hold & WEIR_PRESENCE_EPOCHS)
		return WEIR_REASON_HELD;
	if (bits & WEIR_PRESENCE_FOLLOWED && (ONCE(shared->overflow) || followed_has(device)))
		return WEIR_REASON_FOLLOWED;
	return WEIR_REASON_OUTSIDE;
}

#endif
