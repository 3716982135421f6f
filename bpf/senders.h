/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who sent a datagram: the allow-list, the rate limit, and what is counted of each sender. Policies of the
 * operator, which know nothing of what a datagram says.
 *
 * What is off is not in the program: weir_policy is known when the verifier looks at it, which removes the
 * branches that are never taken.
 */
#ifndef WEIR_BPF_SENDERS_H
#define WEIR_BPF_SENDERS_H

#include "packet.h"
#include "presence.h"

/* Of a datagram for one of our ports. */
struct sender {
	__u32 ip[4];  /* network byte order; IPv4 as ::ffff:a.b.c.d */
	__u32 length; /* of the payload, in bytes */
};

#define MAPPED __builtin_bswap32(0xffff) /* what stands before an IPv4 address */

static __always_inline int is_ipv4_sender(const struct sender *sender)
{
	return !(sender->ip[0] | sender->ip[1]) && sender->ip[2] == MAPPED;
}

static __always_inline void set_ipv4_sender(struct sender *sender, __u32 ip)
{
	sender->ip[0] = sender->ip[1] = 0;
	sender->ip[2] = MAPPED;
	sender->ip[3] = ip;
}

/* An IP header begins at `at`, and 20 bytes of it, or 40 by IPv6, are there. */
static __always_inline int read_sender(const __u8 *frame, const __u8 *end, __u32 at, struct sender *out)
{
	const __u8 *ip = frame + at;

	if (at > IP_AT_MAX || ip + IPV4_LENGTH > end)
		return 0;
	if (ip[0] >> 4 == 4) {
		set_ipv4_sender(out, load4(ip + 12));
		return 1;
	}
	if (ip + IPV6_LENGTH > end)
		return 0;
	for (int i = 0; i < 4; i++)
		out->ip[i] = load4(ip + 8 + 4 * i);
	return 1;
}

/* 0: it is no datagram for us, or only the stack can tell. */
static __always_inline int find_sender(frame_context *ctx, struct sender *out)
{
	const __u8 *frame = frame_begin(ctx), *end = frame_end(ctx);
	const __u8 *text = frame + ETHERNET_LENGTH + IPV4_LENGTH + UDP_LENGTH;

	if (text <= end && is_plain_packet(frame) && is_our_port(shared_of(ctx), load2(text - 6))) {
		set_ipv4_sender(out, load4(frame + ETHERNET_LENGTH + 12));
		out->length = load2_be(text - 4) - UDP_LENGTH;
		return 1;
	}
	__u64 packet = parse_packet(ctx);
	if (PACKET_REASON(packet) != PACKET_READY || frame + IP_AT_MAX > end)
		return 0;
	out->length = PACKET_LENGTH(packet);
	return read_sender(frame, end, find_ip(frame).at, out);
}

/* Does the rate limit refuse it? Takes the token otherwise. */
static __always_inline int is_over_rate(const struct sender *sender)
{
	const __u64 interval_ns = weir_policy.rate.interval_ns, room_ns = weir_policy.rate.room_ns;
	__u64 now_ns = clock_ns();
	__u64 *full_ns = rate_of(sender->ip);

	/* The first one of two CPUs that both do this counts; the other's datagram costs no token. */
	if (!full_ns) {
		begin_rate(sender->ip, now_ns + interval_ns);
		return 0;
	}
	/* Another CPU may take a token at the same time. Who loses so often passes: the filter fails open. */
	for (int i = 0; i < 4; i++) {
		__u64 before_ns = ONCE(*full_ns);
		__u64 after_ns = weir_rate_take(interval_ns, room_ns, before_ns, now_ns);

		if (!after_ns)
			return 1;
		if (__sync_val_compare_and_swap(full_ns, before_ns, after_ns) == before_ns)
			return 0;
	}
	return 0;
}

/* The reason why a policy refuses the datagram, or 0. */
SEPARATE __u32 judge_policies(frame_context *ctx)
{
	struct sender sender;

	if (!find_sender(ctx, &sender))
		return 0;
	if (weir_policy.allow && !is_allowed(sender.ip, is_ipv4_sender(&sender)))
		return WEIR_REASON_NOT_ALLOWED;
	if (weir_policy.rate.interval_ns && is_over_rate(&sender))
		return WEIR_REASON_RATE_LIMITED;
	return 0;
}

static __always_inline __u32 refuse_sender(frame_context *ctx)
{
	__u32 reason = 0;

	if (weir_policy.allow || weir_policy.rate.interval_ns) {
		reason = judge_policies(ctx);
		OPAQUE(reason); /* the compiler knows what it can be, the verifier does not */
	}
	return reason;
}

#define BIT(reason) (1ULL << (reason))
#define MALFORMED                                                                                            \
	(BIT(WEIR_REASON_CHECKSUM) | BIT(WEIR_REASON_PAYLOAD) | BIT(WEIR_REASON_IDENTITY) |                  \
	 BIT(WEIR_REASON_POSITION))
#define OBSERVED                                                                                             \
	(BIT(WEIR_REASON_OBSERVED) | BIT(WEIR_REASON_OBSERVED_NOT_ALLOWED) |                                 \
	 BIT(WEIR_REASON_OBSERVED_RATE_LIMITED))

static __always_inline enum weir_sender_outcome outcome_of(__u32 reason)
{
	if (reason >= WEIR_REASON_DROPS)
		return reason == WEIR_REASON_NOT_ALLOWED    ? WEIR_SENDER_NOT_ALLOWED
		       : reason == WEIR_REASON_RATE_LIMITED ? WEIR_SENDER_RATE_LIMITED
		                                            : WEIR_SENDER_OUTSIDE;
	if (BIT(reason & 63) & MALFORMED)
		return WEIR_SENDER_MALFORMED;
	return BIT(reason & 63) & OBSERVED ? WEIR_SENDER_OBSERVED : WEIR_SENDER_PASSED;
}

_Static_assert(WEIR_REASONS <= 64, "a bit for each reason");

#ifdef __bpf__

SEPARATE __u32 count_for_sender(frame_context *ctx, __u32 reason)
{
	struct sender sender;

	/* Before Linux 6.8 what nobody calls is verified, too, and the table is not made when it is off. */
	if (!weir_policy.table || !find_sender(ctx, &sender))
		return 0;
	struct weir_sender_counters *counters = counters_of(sender.ip);
	__u32 outcome = outcome_of(reason);
	if (!counters || outcome >= WEIR_SENDER_OUTCOMES)
		return 0;
	counters->packets[outcome]++;
	counters->bytes += sender.length;
	counters->seen_ns = ONCE(shared_of(ctx)->now_ns);
	return 0;
}

static __always_inline void note_sender(frame_context *ctx, __u32 reason)
{
	/* Reasons up to this one say that it was no datagram for us. */
	if (weir_policy.table && reason > WEIR_REASON_PORT)
		count_for_sender(ctx, reason);
}

#endif
#endif
