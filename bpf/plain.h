/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plain sentence wherever it is in a frame, with a TAG block before it or without: read in place, without
 * a copy. See sentence.h for what is plain.
 */
#ifndef WEIR_BPF_PLAIN_H
#define WEIR_BPF_PLAIN_H

#include "glance.h"

/* Places in a frame are masked by this, as the verifier wants to know how far they can be. */
#define PLACE_MASK 0x7ff

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
static __always_inline __u32 plain_tag_length(const __u8 *text, const __u8 *end, __u32 length)
{
	const __u8 *last = text + ((length - 12) & PLACE_MASK); /* eight characters and "*hh\\" */
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
	const __u8 *last = text + ((length - 2) & PLACE_MASK);

	if (last + 2 > end)
		return PLAIN_LENGTH;
	return PLAIN_LENGTH + equal(last[1], '\n') + equal(load2(last), WORD2('\r', '\n'));
}

/* Is the payload at `at`, of `length` bytes, a plain sentence, with a TAG block or without, that is dropped?
 */
SEPARATE int is_outside_at(frame_context *ctx, __u32 at, __u32 length)
{
	const struct weir_prefilter_shared *shared = shared_of(ctx);
	const __u8 *end = frame_end(ctx);
	const __u8 *text = frame_begin(ctx) + (at & PLACE_MASK);

	if (at > PLACE_MASK || length < PLAIN_LENGTH || length > TAG_LENGTH_MAX + PLAIN_LENGTH_MAX ||
	    text + PLAIN_LENGTH > end)
		return 0;
	__u32 rest = plain_length(text, end, length);
	if (*text == '\\') {
		__u32 tag = plain_tag_length(text, end, length - rest);

		text += tag & PLACE_MASK;
		if (!tag || text + PLAIN_LENGTH > end)
			return 0;
	} else if (length != rest) {
		return 0;
	}
	OPAQUE(shared);
	return is_outside_at_a_glance(shared, text);
}

/* The plain sentence at any place, with or without a plain TAG block. WEIR_REASON_UNKNOWN: it is not plain.
 */
SEPARATE __u32 judge_plain_at(frame_context *ctx, __u32 at, __u32 length)
{
	const __u8 *end = frame_end(ctx);
	const __u8 *text = frame_begin(ctx) + (at & PLACE_MASK);

	if (at > PLACE_MASK || length < PLAIN_LENGTH || length > TAG_LENGTH_MAX + PLAIN_LENGTH_MAX ||
	    text + PLAIN_LENGTH > end)
		return WEIR_REASON_UNKNOWN;
	if (*text == '\\') {
		__u32 rest = plain_length(text, end, length);
		__u32 tag = plain_tag_length(text, end, length - rest);

		if (!tag)
			return WEIR_REASON_UNKNOWN;
		at += tag;
		length = rest;
	}
	if (length - PLAIN_LENGTH > PLAIN_LENGTH_MAX - PLAIN_LENGTH)
		return WEIR_REASON_UNKNOWN;
	text = frame_begin(ctx) + (at & PLACE_MASK);
	if (at > PLACE_MASK || text + PLAIN_LENGTH_MAX > frame_end(ctx))
		return WEIR_REASON_UNKNOWN;
	return judge_plain(ctx, text, length);
}

#endif
