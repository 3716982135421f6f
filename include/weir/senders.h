/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract on senders, which are the IP addresses that datagrams come from: whom the gateway hears, how
 * often, and what is counted of each. For the XDP program, its control plane, and the part of user space that
 * applies the same policies to what no filter has seen.
 *
 * Fixed-width types, native byte order unless a comment says otherwise.
 */
#ifndef WEIR_SENDERS_H
#define WEIR_SENDERS_H

#include <linux/types.h>

/* A network: every address whose first prefix_length bits are those of ip. */
struct weir_network {
	__u8 ip[16];        /* network byte order; IPv4 as ::ffff:a.b.c.d, what is behind the prefix zero */
	__u8 is_ipv4;       /* 1: prefix_length counts the bits of the IPv4 address */
	__u8 prefix_length; /* 0 to 32, or 0 to 128 */
};

/* Keys of the two maps of allowed networks (BPF_MAP_TYPE_LPM_TRIE); their values, __u8, mean nothing. */
struct weir_allow_ipv4 {
	__u32 prefix_length;
	__u8 ip[4]; /* network byte order */
};

struct weir_allow_ipv6 {
	__u32 prefix_length;
	__u8 ip[16]; /* network byte order */
};

/*
 * A token bucket for each sender, as the one number that is needed of it: the time when it is full again. A
 * datagram takes a token, which comes back after interval_ns, and is refused where there is none. (The
 * generic cell rate algorithm, ITU-T I.371, in its form of virtual scheduling.)
 */
struct weir_rate {
	__u64 interval_ns; /* 10^9 / datagrams a second; 0: no limit */
	__u64 room_ns;     /* interval_ns times the tokens in a full bucket */
};

#define WEIR_RATE_MAX 1000000 /* a second: the interval is rounded to ns, there by a thousandth at most */

static inline struct weir_rate weir_rate_of(__u64 packets_per_s, __u64 burst)
{
	__u64 interval_ns = packets_per_s ? 1000000000 / packets_per_s : 0;
	struct weir_rate rate = {interval_ns, interval_ns * burst};

	return rate;
}

/* Returns when the bucket is full again once this datagram has taken its token; 0: there is none. */
static inline __u64 weir_rate_take(__u64 interval_ns, __u64 room_ns, __u64 full_ns, __u64 now_ns)
{
	__u64 next_ns = (full_ns > now_ns ? full_ns : now_ns) + interval_ns;

	return next_ns - now_ns <= room_ns ? next_ns : 0;
}

/* What became of a sender's datagrams for the ports of the gateway. */
enum weir_sender_outcome {
	WEIR_SENDER_PASSED,
	WEIR_SENDER_MALFORMED, /* passed: its checksum or its content is wrong */
	WEIR_SENDER_OBSERVED,  /* passed: would be dropped were it not for observe mode */
	WEIR_SENDER_OUTSIDE,
	WEIR_SENDER_NOT_ALLOWED,
	WEIR_SENDER_RATE_LIMITED,
	WEIR_SENDER_OUTCOMES
};

/* Of one sender; in the kernel one a CPU, of which user space takes the sum (and the latest time). */
struct weir_sender_counters {
	__u64 packets[WEIR_SENDER_OUTCOMES];
	__u64 bytes;   /* of UDP payload */
	__u64 seen_ns; /* when the last one came: Unix time, to some tenths of a second */
};

_Static_assert(sizeof(struct weir_sender_counters) == 64, "one cache line");

struct weir_sender {
	__u8 ip[16]; /* network byte order; IPv4 as ::ffff:a.b.c.d */
	struct weir_sender_counters counters;
};

/* What the program is told before it is loaded: what is off costs nothing then. */
struct weir_sender_policy {
	struct weir_rate rate;
	__u32 allow; /* 1: only the allowed networks are heard */
	__u32 table; /* 1: what each sender sends is counted */
};

/* Senders whose buckets are remembered: whoever is forgotten begins again with a full one. */
#define WEIR_RATE_SENDERS 16384

#endif
