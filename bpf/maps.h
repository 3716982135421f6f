/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The maps, and what stands in for them where these headers are compiled natively.
 *
 * Natively the caller passes a struct weir_prefilter_shared of its own and says through
 * native_followed which exact keys are in the map, through native_named_device which GPS devices have names,
 * through native_allowed which senders are; there are no counters and no rates.
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

/* The keys of the GPS devices that the configuration names, by their senders. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, WEIR_GPS_NAMES_MAX);
	__type(key, struct weir_gps_sender);
	__type(value, __u64);
} weir_gps_names SEC(".maps");

/* A CPU runs one program of a device queue at a time, with softirqs off: no atomics needed. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct weir_prefilter_counters);
} weir_counters SEC(".maps");

/* Set before loading; in memory that is frozen then. */
const volatile struct weir_sender_policy weir_policy;

/* Of the maps for senders, those that are not wanted are not made. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct weir_allow_ipv4);
	__type(value, __u8);
} weir_allow_ipv4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1024);
	__type(key, struct weir_allow_ipv6);
	__type(value, __u8);
} weir_allow_ipv6 SEC(".maps");

/*
 * Senders that were found on the allow-list, each at the place that its address gives: most datagrams come
 * from few, and a trie takes its time. The list does not change while the program is loaded.
 */
struct known_sender {
	__u32 ip[4];
	__u32 is_known; /* 0: nobody is here */
};

#define KNOWN_SENDERS 256

struct known_senders {
	struct known_sender senders[KNOWN_SENDERS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct known_senders);
} weir_known_senders SEC(".maps");

/* When a sender's bucket is full again, ns of bpf_ktime_get_ns(). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, WEIR_RATE_SENDERS);
	__type(key, __u32[4]);
	__type(value, __u64);
} weir_rates SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32[4]);
	__type(value, struct weir_sender_counters);
} weir_sender_table SEC(".maps");

static __always_inline int followed_has(__u64 device)
{
	return bpf_map_lookup_elem(&weir_followed, &device) != 0;
}

/* 0: it has no name. */
static __always_inline __u64 named_device(const struct weir_gps_sender *sender)
{
	const __u64 *device = bpf_map_lookup_elem(&weir_gps_names, sender);

	return device ? *device : 0;
}

static __always_inline void count(__u32 reason)
{
	__u32 zero = 0;
	struct weir_prefilter_counters *counters = bpf_map_lookup_elem(&weir_counters, &zero);

	if (counters && reason < WEIR_REASONS)
		counters->packets[reason]++;
}

static __always_inline int is_in_networks(const __u32 ip[4], int is_ipv4)
{
	struct weir_allow_ipv6 key = {.prefix_length = 128};

	if (is_ipv4) {
		struct weir_allow_ipv4 short_key = {.prefix_length = 32};

		STORE(__u32, short_key.ip, ip[3]);
		return bpf_map_lookup_elem(&weir_allow_ipv4, &short_key) != 0;
	}
	for (int i = 0; i < 4; i++)
		STORE(__u32, key.ip + 4 * i, ip[i]);
	return bpf_map_lookup_elem(&weir_allow_ipv6, &key) != 0;
}

/* Where it is if it is there. */
static __always_inline struct known_sender *known_place(const __u32 ip[4])
{
	__u32 zero = 0, mixed = (ip[0] ^ ip[1] ^ ip[2] ^ ip[3]) * 0x9e3779b1; /* 2^32 / golden ratio */
	struct known_senders *known = bpf_map_lookup_elem(&weir_known_senders, &zero);

	return known ? &known->senders[mixed >> 24] : (struct known_sender *)0;
}

static __always_inline int is_allowed(const __u32 ip[4], int is_ipv4)
{
	struct known_sender *place = known_place(ip);

	if (place && place->is_known &&
	    !((place->ip[0] ^ ip[0]) | (place->ip[1] ^ ip[1]) | (place->ip[2] ^ ip[2]) |
	      (place->ip[3] ^ ip[3])))
		return 1;
	if (!is_in_networks(ip, is_ipv4))
		return 0;
	if (place) {
		for (int i = 0; i < 4; i++)
			place->ip[i] = ip[i];
		place->is_known = 1;
	}
	return 1;
}

static __always_inline __u64 clock_ns(void)
{
	return bpf_ktime_get_ns();
}

static __always_inline __u64 *rate_of(const __u32 ip[4])
{
	return bpf_map_lookup_elem(&weir_rates, ip);
}

static __always_inline void begin_rate(const __u32 ip[4], __u64 full_ns)
{
	bpf_map_update_elem(&weir_rates, ip, &full_ns, BPF_NOEXIST);
}

/* Of a sender that may be new; NULL when there is no room at all. */
static __always_inline struct weir_sender_counters *counters_of(const __u32 ip[4])
{
	const struct weir_sender_counters none = {.bytes = 0};
	struct weir_sender_counters *counters = bpf_map_lookup_elem(&weir_sender_table, ip);

	if (counters)
		return counters;
	bpf_map_update_elem(&weir_sender_table, ip, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&weir_sender_table, ip);
}

#else

static int (*native_followed)(__u64 device);

static inline int followed_has(__u64 device)
{
	return native_followed && native_followed(device);
}

static __u64 (*native_named_device)(const struct weir_gps_sender *sender);

static inline __u64 named_device(const struct weir_gps_sender *sender)
{
	return native_named_device ? native_named_device(sender) : 0;
}

static struct weir_sender_policy weir_policy __attribute__((unused));
static int (*native_allowed)(const __u32 ip[4], int is_ipv4);

static inline int is_allowed(const __u32 ip[4], int is_ipv4)
{
	return native_allowed && native_allowed(ip, is_ipv4);
}

/* Nobody is over a rate here: each sender is a new one. */
static inline __u64 clock_ns(void)
{
	return 0;
}

static inline __u64 *rate_of(const __u32 ip[4])
{
	(void)ip;
	return (__u64 *)0;
}

static inline void begin_rate(const __u32 ip[4], __u64 full_ns)
{
	(void)ip;
	(void)full_ns;
}

#endif
#endif
