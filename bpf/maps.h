/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The maps, and what stands in for them where these headers are compiled natively.
 *
 * Natively the caller passes a struct weir_prefilter_shared of its own and says through
 * native_followed which exact keys are in the map; there are no counters.
 */
#ifndef WEIR_BPF_MAPS_H
#define WEIR_BPF_MAPS_H

#include <weir/prefilter.h>

#include "words.h"

#ifdef __bpf__

#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

/* An array map of one value: the program reaches it without a lookup, user space maps it. */
struct weir_prefilter_shared weir_shared;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, WEIR_FOLLOWED_MAX_DEFAULT);
	__type(key, __u64);
	__type(value, __u8);
} weir_followed SEC(".maps");

/* A CPU runs one program of a device queue at a time, with softirqs off: no atomics needed. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct weir_prefilter_counters);
} weir_counters SEC(".maps");

static __always_inline int followed_has(__u64 device)
{
	return bpf_map_lookup_elem(&weir_followed, &device) != 0;
}

static __always_inline void count(__u32 reason)
{
	__u32 zero = 0;
	struct weir_prefilter_counters *counters = bpf_map_lookup_elem(&weir_counters, &zero);

	if (counters && reason < WEIR_REASONS)
		counters->packets[reason]++;
}

#else

static int (*native_followed)(__u64 device);

static inline int followed_has(__u64 device)
{
	return native_followed && native_followed(device);
}

#endif
#endif
