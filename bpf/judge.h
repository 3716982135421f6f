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

/* As many sentences as fit into a frame of 1,500 bytes. */
#define LINES_MAX 30

/* "!AIVDM,1,1,,,<7>,0*hh": too short for the 38 bits that every message has, and nothing else is used. */
#define DATAGRAM_LENGTH_MIN 25

/* The plain sentence at any place. */
SEPARATE __u32 judge_sentence_at(frame_context *ctx, __u32 at, __u32 length)
{
	const __u8 *text = frame_begin(ctx) + (at & WINDOW_MASK);
	const __u8 *end = frame_end(ctx);

	if (at > WINDOW_MASK || text + PLAIN_LENGTH_MAX > end)
		return WEIR_REASON_UNKNOWN;
	return judge_plain(ctx, text, length);
}

/* Any payload. The datagram is dropped when each line in it is a report that could be, or nothing at all. */
SEPARATE __u32 judge_payload(frame_context *ctx, __u32 at, __u32 length)
{
	__u32 end = at + length;
	__u32 verdict = WEIR_REASONS;

	if (length < DATAGRAM_LENGTH_MIN)
		return WEIR_REASON_HARMLESS;
	for (int i = 0; i < LINES_MAX && at < end; i++) {
		__u32 line = judge_line(ctx, at, end, verdict);

		verdict = LINE_REASON(line);
		if (!LINE_LENGTH(line))
			break;
		at += LINE_LENGTH(line);
	}
	if (at < end) {
		mark_all(shared_of(ctx));
		return WEIR_REASON_UNKNOWN;
	}
	return verdict == WEIR_REASON_NOTHING ? WEIR_REASON_HARMLESS : verdict;
}

/* Any packet. */
SEPARATE __u32 judge_odd(frame_context *ctx)
{
	__u64 packet = parse_packet(ctx);
	__u32 payload = PACKET_PAYLOAD(packet), length = PACKET_LENGTH(packet);

	if (PACKET_REASON(packet) != PACKET_READY)
		return PACKET_REASON(packet);
	if (length - PLAIN_LENGTH <= PLAIN_LENGTH_MAX - PLAIN_LENGTH) {
		__u32 reason = judge_sentence_at(ctx, payload, length);

		if (reason != WEIR_REASON_UNKNOWN)
			return reason;
	}
	return judge_payload(ctx, payload, length);
}

#define PLAIN_PAYLOAD (ETHERNET_LENGTH + IPV4_LENGTH + UDP_LENGTH)

static __always_inline __u32 judge_frame(frame_context *ctx)
{
	const __u8 *frame = frame_begin(ctx);
	const __u8 *text = frame + PLAIN_PAYLOAD;
	struct weir_prefilter_shared *shared = shared_of(ctx);

	if (text + PLAIN_LENGTH_MAX <= frame_end(ctx) && is_plain_packet(frame)) {
		if (!is_our_port(shared, load2_be(text - 6)))
			return WEIR_REASON_PORT;
		__u32 reason = judge_plain(ctx, text, load2_be(text - 4) - UDP_LENGTH);
		if (reason != WEIR_REASON_UNKNOWN)
			return reason;
	}
	return judge_odd(ctx);
}

#endif
