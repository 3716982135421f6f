/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps, in order: from a frame to a reason. The plain case is taken first and inline; whatever is odd
 * about a packet or its payload is for functions that are verified by themselves, so that it costs the
 * plain case nothing.
 */
#ifndef WEIR_BPF_JUDGE_H
#define WEIR_BPF_JUDGE_H

#include "glance.h"
#include "line.h"
#include "packet.h"

/* What has more passes, and holds up dropping for a while. So many sentences fill an Ethernet frame. */
#define LINES_MAX 24

/* "$GPGLL,1,N,1,E*hh": the shortest sentence with which the engine may begin to follow a device. */
#define DATAGRAM_LENGTH_MIN 17

/* Any payload. The datagram is dropped when each line in it is a report that could be, or nothing at all. */
SEPARATE __u32 judge_payload(frame_context *ctx, __u32 at, __u32 length)
{
	__u32 end = at + length;
	__u32 verdict = WEIR_REASONS;

	if (length < DATAGRAM_LENGTH_MIN)
		return WEIR_REASON_HARMLESS;
	for (int i = 0; i < LINES_MAX && at < end; i++) {
		__u32 line = judge_line(ctx, at, end, verdict);

		verdict = line & 0xff;
		if (!LINE_LENGTH(line))
			break;
		at += LINE_LENGTH(line);
	}
	if (at < end) {
		mark_all(shared_of(ctx));
		return WEIR_REASON_UNKNOWN;
	}
	verdict = LINE_REASON(verdict);
	return verdict == WEIR_REASON_NOTHING ? WEIR_REASON_HARMLESS : verdict;
}

/* Any packet. */
SEPARATE __u32 judge_odd(frame_context *ctx)
{
	__u64 packet = parse_packet(ctx);
	__u32 payload = PACKET_PAYLOAD(packet), length = PACKET_LENGTH(packet);

	/* The last to arrive completes the datagram, and what is in it is not seen here. */
	if (PACKET_REASON(packet) == WEIR_REASON_FRAGMENT)
		mark_all(shared_of(ctx));
	if (PACKET_REASON(packet) != PACKET_READY)
		return PACKET_REASON(packet);
	if (is_outside_at(ctx, payload, length))
		return WEIR_REASON_OUTSIDE;
	__u32 reason = judge_plain_at(ctx, payload, length);
	return reason != WEIR_REASON_UNKNOWN ? reason : judge_payload(ctx, payload, length);
}

#define PLAIN_PAYLOAD (ETHERNET_LENGTH + IPV4_LENGTH + UDP_LENGTH)

/* Does the UDP header say that there is a plain sentence and its line's end, and do they? */
static __always_inline int is_plain_datagram(const __u8 *text, const __u8 *end)
{
	__u32 length = load2(text - 4); /* in network byte order */

	if (length == (UDP_LENGTH + PLAIN_LENGTH + 2) << 8)
		return text + PLAIN_LENGTH + 2 <= end && load2(text + PLAIN_LENGTH) == WORD2('\r', '\n');
	if (length == (UDP_LENGTH + PLAIN_LENGTH + 1) << 8)
		return text + PLAIN_LENGTH + 1 <= end && text[PLAIN_LENGTH] == '\n';
	return length == (UDP_LENGTH + PLAIN_LENGTH) << 8;
}

/* Is the frame a datagram that can be dropped at a glance? */
static __always_inline int is_dropped_at_a_glance(frame_context *ctx)
{
	const struct weir_prefilter_shared *shared = shared_of(ctx);
	const __u8 *frame = frame_begin(ctx), *end = frame_end(ctx);
	const __u8 *text = frame + PLAIN_PAYLOAD;

	OPAQUE(shared); /* one register instead of a constant for each use */
	if (text + PLAIN_LENGTH > end || !is_plain_packet(frame) || !is_our_port(shared, load2(text - 6)))
		return 0;
	if (*text == '\\')
		return is_outside_at(ctx, PLAIN_PAYLOAD, load2_be(text - 4) - UDP_LENGTH);
	return is_plain_datagram(text, end) && is_outside_at_a_glance(shared, text);
}

static __always_inline __u32 judge_frame(frame_context *ctx)
{
	return is_dropped_at_a_glance(ctx) ? (__u32)WEIR_REASON_OUTSIDE : judge_odd(ctx);
}

#endif
