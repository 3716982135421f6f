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

#define LINES_MAX 8

/* Shorter than "!AIVDM,1,1,,,<12>,0*hh": too short for any message of a device, and nothing else is used. */
#define DATAGRAM_LENGTH_MIN 30

/* The plain sentence at any place. */
SEPARATE __u32 judge_sentence_at(context *ctx, __u32 at, __u32 length)
{
	const __u8 *text = frame_begin(ctx) + (at & WINDOW_MASK);
	const __u8 *end = frame_end(ctx);

	if (at > WINDOW_MASK || text + PLAIN_LENGTH_MAX > end)
		return WEIR_REASON_UNKNOWN;
	return judge_plain(shared_of(ctx), text, length);
}

/* Any payload. The datagram is dropped when each of its lines could be. */
SEPARATE __u32 judge_payload(context *ctx, __u32 at, __u32 length)
{
	__u32 end = at + length;
	__u32 verdict = WEIR_REASON_OUTSIDE;

	if (length < DATAGRAM_LENGTH_MIN)
		return WEIR_REASON_HARMLESS;
	for (int i = 0; i < LINES_MAX && at < end; i++) {
		__u32 line = judge_line(ctx, at, end);
		__u32 reason = LINE_REASON(line);

		if (reason != WEIR_REASON_OUTSIDE && verdict == WEIR_REASON_OUTSIDE)
			verdict = reason;
		if (reason == WEIR_REASON_UNKNOWN)
			break;
		at += LINE_LENGTH(line);
	}
	if (at < end) {
		mark_all(shared_of(ctx));
		return WEIR_REASON_UNKNOWN;
	}
	return verdict;
}

/* Any packet. */
SEPARATE __u32 judge_odd(context *ctx)
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

static __always_inline __u32 judge_frame(context *ctx)
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
