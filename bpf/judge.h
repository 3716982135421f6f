/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The steps, in order: from a frame to a reason. The plain case is taken first and inline; whatever is odd
 * about a packet or its payload is for functions that are verified by themselves, so that it costs the
 * plain case nothing.
 */
#ifndef WEIR_BPF_JUDGE_H
#define WEIR_BPF_JUDGE_H

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
	__u32 reason = judge_plain_at(ctx, payload, length);
	return reason != WEIR_REASON_UNKNOWN ? reason : judge_payload(ctx, payload, length);
}

#define PLAIN_PAYLOAD (ETHERNET_LENGTH + IPV4_LENGTH + UDP_LENGTH)

static __always_inline __u32 judge_frame(frame_context *ctx)
{
	const __u8 *frame = frame_begin(ctx);
	const __u8 *text = frame + PLAIN_PAYLOAD;

	if (text + PLAIN_LENGTH_MAX <= frame_end(ctx) && is_plain_packet(frame)) {
		if (!is_our_port(shared_of(ctx), load2_be(text - 6)))
			return WEIR_REASON_PORT;
		__u32 length = load2_be(text - 4) - UDP_LENGTH;
		__u32 reason = *text == '\\' ? judge_plain_at(ctx, PLAIN_PAYLOAD, length)
		                             : judge_plain(ctx, text, length);
		if (reason != WEIR_REASON_UNKNOWN)
			return reason;
	}
	return judge_odd(ctx);
}

#endif
