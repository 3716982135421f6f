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

/* A frame of 1,500 bytes has thirty sentences at most, and each may have a line of its own before it. */
#define LINES_MAX 64

/* "!AIVDM,1,1,,,<7>,0*hh": too short for the 38 bits that every message has, and nothing else is used. */
#define DATAGRAM_LENGTH_MIN 25

/* The plain sentence at any place. */
SEPARATE __u32 judge_sentence_at(frame_context *ctx, __u32 at, __u32 length)
{
	const __u8 *text = frame_begin(ctx) + (at & WINDOW_MASK);
	const __u8 *end = frame_end(ctx);

	if (at > WINDOW_MASK || text + PLAIN_LENGTH_MAX > end)
		return WEIR_REASON_UNKNOWN;
	return judge_plain(shared_of(ctx), text, length);
}

/* Any payload. The datagram is dropped when each line in it is a report that could be, or nothing at all. */
SEPARATE __u32 judge_payload(frame_context *ctx, __u32 at, __u32 length)
{
	__u32 end = at + length;
	__u32 verdict = WEIR_REASON_NOTHING;

	if (length < DATAGRAM_LENGTH_MIN)
		return WEIR_REASON_HARMLESS;
	for (__u32 i = 0; i < LINES_MAX && at < end; i++) {
		__u32 line = judge_line(ctx, at, end, i == 0);
		__u32 reason = LINE_REASON(line);

		if (!LINE_LENGTH(line))
			break;
		at += LINE_LENGTH(line);
		if (verdict >= WEIR_REASON_NOTHING && reason != WEIR_REASON_NOTHING)
			verdict = reason;
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
	const __u8 *frame = frame_begin(ctx);
	const __u8 *end = frame_end(ctx);
	struct packet packet;
	__u32 reason = parse_packet(shared_of(ctx), frame, end, &packet);

	if (reason != PACKET_READY)
		return reason;
	if (packet.length - PLAIN_LENGTH <= PLAIN_LENGTH_MAX - PLAIN_LENGTH) {
		reason = judge_sentence_at(ctx, packet.payload, packet.length);
		if (reason != WEIR_REASON_UNKNOWN)
			return reason;
	}
	return judge_payload(ctx, packet.payload, packet.length);
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
		__u32 reason = judge_plain(shared, text, load2_be(text - 4) - UDP_LENGTH);
		if (reason != WEIR_REASON_UNKNOWN)
			return reason;
	}
	return judge_odd(ctx);
}

#endif
