/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which devices matter although they are outside of the area. The protocol, and why neither side can
 * undo what the other has said, is in <weir/prefilter.h>.
 */
#ifndef WEIR_BPF_PRESENCE_H
#define WEIR_BPF_PRESENCE_H

#include "frame.h"

#define ONCE(word) (*(volatile __typeof__(word) *)&(word))

/* Most marks are there already, and reading leaves the cache line where it is. */
static __always_inline void set_bits(__u32 *word, __u32 bits)
{
	if ((ONCE(*word) & bits) != bits)
		__sync_fetch_and_or(word, bits);
}

/* A report passes with which the engine may begin to follow the device. */
SEPARATE int mark_device(frame_context *ctx, __u64 device)
{
	struct weir_prefilter_shared *shared = shared_of(ctx);
	__u32 bucket = weir_presence_bucket(device);
	__u32 bit = WEIR_PRESENCE_EPOCH(ONCE(shared->epoch)) << weir_presence_shift(bucket);

	set_bits(&shared->presence[bucket / WEIR_PRESENCE_PER_WORD], bit);
	return 0; /* the verifier wants such functions to return something */
}

/* Something passes in which the engine may find such a report of whatever device. */
static __always_inline void mark_all(struct weir_prefilter_shared *shared)
{
	set_bits(&shared->hold, WEIR_PRESENCE_EPOCH(ONCE(shared->epoch)));
}

/* A report that is valid and outside, when the device or what shares its bucket may matter. */
SEPARATE __u32 judge_presence(frame_context *ctx, __u64 device, __u32 bits)
{
	const struct weir_prefilter_shared *shared = shared_of(ctx);

	if (bits & WEIR_PRESENCE_EPOCHS)
		return WEIR_REASON_RECENT;
	if (ONCE(shared->hold) & WEIR_PRESENCE_EPOCHS)
		return WEIR_REASON_HELD;
	if (bits & WEIR_PRESENCE_FOLLOWED && (ONCE(shared->overflow) || followed_has(device)))
		return WEIR_REASON_FOLLOWED;
	return WEIR_REASON_OUTSIDE;
}

static __always_inline __u32 presence_at(const struct weir_prefilter_shared *shared, __u32 bucket)
{
	return ONCE(((const __u8 *)shared->presence)[bucket]);
}

/* The verdict for a report that is valid and outside. */
static __always_inline __u32 judge_absence(frame_context *ctx, __u64 device)
{
	const struct weir_prefilter_shared *shared = shared_of(ctx);
	__u32 bits = presence_at(shared, weir_presence_bucket(device));

	if (!(bits | ONCE(shared->hold)))
		return WEIR_REASON_OUTSIDE;
	return judge_presence(ctx, device, bits);
}

#endif
