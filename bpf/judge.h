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

/* What has more passes, and holds up dropping for a while. */
#define LINES_MAX 24

/* "!AIVDM,1,1,,,<7>,0*hh": too short for the 38 bits that every message has, and nothing else is used. */
#define DATAGRAM_LENGTH_MIN 25

#define TAG_LENGTH_MIN 13 /* "\\c:000000*hh\\": eight characters at least before the checksum */
#define TAG_LENGTH_MAX 82 /* both backslashes included (NMEA 0183 4.10) */

/* What can't be in a TAG block without something else beginning: the top bit of each such byte. */
static __always_inline __u64 tag_errors(__u64 word)
{
	return word | ~(word + EACH(0x80 - '%')) | find_equal(word, '\\');
}

/*
 * The TAG block in front of a sentence of `rest` bytes that ends the datagram, as nearly every one comes: its
 * place is known, and only its checksum and its characters are to be looked at. Returns its length; 0: it is
 * of another form.
 */
SEPARATE __u32 skip_plain_tag(frame_context *ctx, __u32 at, __u32 length)
{
	const __u8 *text = frame_begin(ctx) + (at & WINDOW_MASK);
	const __u8 *end = frame_end(ctx);
	const __u8 *last = text + ((length - 12) & WINDOW_MASK); /* eight characters and "*hh\\" */
	const __u8 *next = text + 1;
	__u64 sum = 0, errors = 0;

	if (length < TAG_LENGTH_MIN || length > TAG_LENGTH_MAX || last + 12 > end)
		return 0;
	__u32 tail = load4(last + 8);
	if ((tail & 0xff0000ff) != WORD4('*', 0, 0, '\\'))
		return 0;
	length -= 5;
	for (int i = 0; i < (TAG_LENGTH_MAX - 5) / 8 && length >= 8 && next + 8 <= end; i++) {
		__u64 word = load8(next);

		sum ^= word;
		errors |= tag_errors(word);
		next += 8;
		length -= 8;
	}
	/* The last eight characters, of which those that are not summed up yet are the upper ones. */
	errors |= tag_errors(load8(last));
	if (length)
		sum ^= load8(last) >> ((64 - 8 * length) & 63);
	if (errors & EACH(0x80) || !is_checksum(tail >> 8 & 0xffff, fold_xor(sum)))
		return 0;
	return (__u32)(last + 12 - text);
}

/* 1 when the two are equal, else 0; by arithmetic, as a branch would go on twice. */
static __always_inline __u32 equal(__u32 a, __u32 b)
{
	__u32 difference = a ^ b;

	OPAQUE(difference);
	return (difference - 1) >> 31 & ~difference >> 31;
}

/* How much of the end of a datagram a plain sentence would be. */
static __always_inline __u32 plain_length(const __u8 *text, const __u8 *end, __u32 length)
{
	const __u8 *last = text + ((length - 2) & WINDOW_MASK);

	if (last + 2 > end)
		return PLAIN_LENGTH;
	return PLAIN_LENGTH + equal(last[1], '\n') + equal(load2(last), WORD2('\r', '\n'));
}

/* The plain sentence at any place, with or without a plain TAG block. WEIR_REASON_UNKNOWN: it is not plain.
 */
SEPARATE __u32 judge_plain_at(frame_context *ctx, __u32 at, __u32 length)
{
	const __u8 *end = frame_end(ctx);
	const __u8 *text = frame_begin(ctx) + (at & WINDOW_MASK);

	if (at > WINDOW_MASK || length < PLAIN_LENGTH || length > TAG_LENGTH_MAX + PLAIN_LENGTH_MAX ||
	    text + PLAIN_LENGTH > end)
		return WEIR_REASON_UNKNOWN;
	if (*text == '\\') {
		__u32 rest = plain_length(text, end, length);
		__u32 tag = skip_plain_tag(ctx, at, length - rest);

		if (!tag || ONCE(shared_of(ctx)->clock_bound))
			return WEIR_REASON_UNKNOWN;
		at += tag;
		length = rest;
	}
	if (length - PLAIN_LENGTH > PLAIN_LENGTH_MAX - PLAIN_LENGTH)
		return WEIR_REASON_UNKNOWN;
	text = frame_begin(ctx) + (at & WINDOW_MASK);
	if (at > WINDOW_MASK || text + PLAIN_LENGTH_MAX > frame_end(ctx))
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
