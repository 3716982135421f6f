/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of a datagram, wherever it is and whatever its form: a TAG block, a sentence, a suffix, the
 * line's end. This is for what is not plain; see sentence.h for what is.
 *
 * The decoder is lenient and this is not: what is not recognised here counts as not understood.
 */
#ifndef WEIR_BPF_LINE_H
#define WEIR_BPF_LINE_H

#include "plain.h"
#include "window.h"

/* A verdict and where the next line begins, counted from where this one did; 0: nowhere. */
#define LINE(reason, length) ((__u32)(length) << 8 | (__u32)(reason))
#define LINE_REASON(line) ((line)&0xff)
#define LINE_LENGTH(line) ((line) >> 8)

static __always_inline int is_digit(__u32 byte)
{
	return byte - '0' <= 9;
}

static __always_inline int begins_sentence(__u64 word)
{
	return (word & 0xff) == '!' || (word & 0xff) == '$';
}

/* "!..VDM," or "!..VDO,". The decoder takes '$' as well. */
static __always_inline int is_vdm(__u64 word)
{
	const __u64 rest = 0x00ffff0000000000ULL | 0x000000ffff000000ULL;

	return begins_sentence(word) && (word & rest & ~((__u64)('M' ^ 'O') << 40)) ==
	                                        (WORD8(0, 0, 0, 'V', 'D', 'M' & 'O', ',', 0) & rest);
}

/* "$PGHP," and the like: proprietary, which is never a report. */
static __always_inline int is_proprietary(__u64 word)
{
	__u64 name = word >> 16 & 0xffffff;

	return (word & 0xffff) == WORD2('$', 'P') && (word >> 40 & 0xff) == ',' &&
	       (__u32)(name & 0xff) - 'A' < 26 && (__u32)(name >> 8 & 0xff) - 'A' < 26 &&
	       (__u32)(name >> 16) - 'A' < 26;
}

/* What a sentence says of itself before its payload: where that begins, and of how many parts it is which. */
#define HEAD(payload, total, number) ((payload) | (total) << 16 | (number) << 24)
#define HEAD_PAYLOAD(head) ((head)&0xffff)
#define HEAD_TOTAL(head) ((head) >> 16 & 0xff)
#define HEAD_NUMBER(head) ((head) >> 24)

/* Reads "1,1,,A," of the sentence at `at`. 0: it is not of this form. */
SEPARATE __u32 parse_head(frame_context *ctx, __u32 at)
{
	const struct window *window = window_of(ctx);

	if (!window)
		return 0;
	__u64 word = window_word(window, at + 7);
	__u32 total = ((__u32)word & 0xff) - '0';
	__u32 number = ((__u32)word >> 16 & 0xff) - '0';

	if ((word & 0xff00ff00) != WORD4(0, ',', 0, ',') || total - 1 > 8 || number - 1 >= total)
		return 0;
	word >>= 32; /* the sequence number and the channel; each may be empty */
	at += 11;
	if (is_digit((__u32)word & 0xff)) {
		word >>= 8;
		at++;
	}
	if ((word & 0xff) != ',')
		return 0;
	word >>= 8;
	at++;
	if (is_channel((__u32)word & 0xff) || ((__u32)word & 0xff) - 'C' < 2) {
		word >>= 8;
		at++;
	}
	return (word & 0xff) == ',' ? HEAD(at + 1, total, number) : 0;
}

#define SENDER_CHARACTERS 7 /* hold bits 0 to 37: type, repeat indicator and MMSI */

/*
 * A message that is not judged, but the engine may begin to follow its sender. `word` is the beginning of its
 * payload, of which `characters` are there.
 */
SEPARATE int mark_sender(frame_context *ctx, __u64 word, __u32 characters)
{
	struct payload_bits bits = {.word = {word}};

	if (!has_position(payload_type(&bits)))
		return 0;
	if (characters < SENDER_CHARACTERS)
		mark_all(shared_of(ctx));
	else if (judge_sender(ctx, word) == WEIR_REASON_OUTSIDE)
		mark_device(ctx, payload_mmsi(&bits));
	return 0;
}

/* "\r\n", either of them, or none. Returns where the next line begins. */
static __always_inline __u32 skip_line_end(const struct window *window, __u32 at)
{
	if (window_byte(window, at) == '\r')
		at++;
	if (window_byte(window, at) == '\n')
		at++;
	return at;
}

/*
 * The rest of the line, from behind the checksum on: a suffix that begins with a comma or none, then the
 * line's end. Returns where the next line begins.
 */
SEPARATE __u32 skip_suffix(frame_context *ctx, __u32 at)
{
	const struct window *window = window_of(ctx);

	if (!window)
		return at;
	if (window_byte(window, at) == ',')
		at = window_boundary(ctx, at);
	return skip_line_end(window, at);
}

/* Is the text from `at` to `end`, "!...*hh", a sentence whose checksum holds? */
static __always_inline int is_checked(frame_context *ctx, const struct window *window, __u32 at, __u32 end)
{
	if (end - at < 5 || window_byte(window, end - 3) != '*')
		return 0;
	return is_checksum((__u32)window_word(window, end - 2) & 0xffff,
	                   window_checksum(ctx, at + 1, end - at - 4));
}

/* A TAG block of at most 64 bytes whose checksum holds. Returns where it ends; 0: there is none. */
static __always_inline __u32 skip_tag_block(frame_context *ctx, const struct window *window)
{
	__u32 end = window_boundary(ctx, 1);

	if (window_byte(window, end) != '\\' || end > 8 * BOUNDARY_WORDS || !is_checked(ctx, window, 0, end))
		return 0;
	return end + 1;
}

/*
 * The datagram passes, and what is left to do is to find what the engine may begin to follow a device from:
 * only a sentence can be that, and only '!' and '$' begin one. `length` is that of the text in the window.
 */
static __always_inline __u32 harmless(frame_context *ctx, __u32 at, __u32 length)
{
	__u32 next = window_sentence(ctx, at + 1);

	return LINE(WEIR_REASON_HARMLESS, next < length ? next : length);
}

/*
 * The VDM or VDO at `at` of a window with `length` bytes of text. What the decoder refuses is harmless; but
 * nothing that begins a sentence for it may be stepped over.
 */
SEPARATE __u32 judge_vdm(frame_context *ctx, __u32 at, __u32 length)
{
	const struct window *window = window_of(ctx);
	__u32 head = parse_head(ctx, at);
	__u32 payload = HEAD_PAYLOAD(head);

	if (!window || !head)
		return harmless(ctx, at, length);

	__u32 comma = window_find(ctx, payload, ',');
	if (comma > length) /* what was in the window before is still there */
		comma = length;
	__u32 characters = comma - payload;
	if (comma < payload)
		return harmless(ctx, at, length);
	if (characters >= PAYLOAD_LENGTH_MAX) {
		if (window_payload(ctx, payload, PAYLOAD_LENGTH_MAX / 2) == 0)
			mark_sender(ctx, window->bits.word[0], characters);
		return LINE(WEIR_REASON_LONG, at + 1);
	}
	__u32 tail = (__u32)window_word(window, comma); /* ",0*h" */
	__u32 fill = (tail >> 8 & 0xff) - '0';
	if (characters == 0 || fill > 5 || (tail & 0xff00ff) != WORD4(',', 0, '*', 0))
		return harmless(ctx, at, length);
	if (!is_checked(ctx, window, at, comma + 5))
		return LINE(WEIR_REASON_CHECKSUM, at + 1);

	__u32 next = skip_suffix(ctx, comma + 5);
	__u32 refusal = 0; /* why it would pass even if it is outside */
	if (!is_talker(window_word(window, at)))
		refusal = WEIR_REASON_HARMLESS;
	OPAQUE(refusal);
	if (window_payload(ctx, payload, characters) != 0)
		return LINE(WEIR_REASON_PAYLOAD, at + 1);
	if (HEAD_TOTAL(head) > 1) {
		if (HEAD_NUMBER(head) == 1)
			mark_sender(ctx, window->bits.word[0], characters);
		return LINE(WEIR_REASON_MULTIPART, next);
	}
	__u32 reason = judge_report(ctx, &window->bits, characters * 6 - fill);
	return LINE(reason == WEIR_REASON_OUTSIDE && refusal ? refusal : reason, next);
}

/* A sentence that is no VDM and no VDO, at `at`. */
SEPARATE __u32 judge_other(frame_context *ctx, __u32 at, __u64 word)
{
	const struct window *window = window_of(ctx);
	__u32 end = window_boundary(ctx, at + 1);

	/* The engine takes the first '*' for the end. */
	if (window && is_proprietary(word) && window_find(ctx, at, '*') == end - 3 &&
	    is_checked(ctx, window, at, end))
		return LINE(WEIR_REASON_NOTHING, skip_suffix(ctx, end));
	return LINE(WEIR_REASON_HARMLESS, end);
}

/* Where a line may begin with something else than a sentence. */
static __always_inline __u32 judge_beginning(frame_context *ctx, const struct window *window, __u32 is_first,
                                             __u32 length)
{
	__u64 word = window_word(window, 0);
	__u32 byte = (__u32)word & 0xff;

	if (is_first && (word & 0xffffffffffffULL) == WORD8('U', 'd', 'P', 'b', 'C', 0, 0, 0))
		return LINE(WEIR_REASON_NOTHING, 6); /* IEC 61162-450 */
	if (byte == '\r' || byte == '\n')
		return LINE(WEIR_REASON_NOTHING, skip_line_end(window, 0));
	return harmless(ctx, 0, length);
}

/*
 * A TAG block on a line of its own, or before another: it says something of the next sentence. Where none
 * comes it passes, as the decoder looks into it and may find it malformed.
 */
static __always_inline __u32 judge_tag_line(const struct window *window, __u32 begin)
{
	__u32 next = skip_line_end(window, begin);
	__u64 word = window_word(window, next);

	return LINE(begins_sentence(word) || (word & 0xff) == '\\' ? WEIR_REASON_NOTHING
	                                                           : WEIR_REASON_HARMLESS,
	            next);
}

static __always_inline __u32 judge_odd_line(frame_context *ctx, __u32 at, __u32 end, __u32 verdict)
{
	struct window *window = window_of(ctx);
	__u32 begin = 0, is_first = verdict == WEIR_REASONS;

	__u32 length = window ? fill_window(ctx, window, at, end) : 0;
	if (!window || !length)
		return LINE(WEIR_REASON_UNKNOWN, 0);
	__u64 word = window_word(window, 0);
	if (verdict < WEIR_REASON_NOTHING && !begins_sentence(word))
		return harmless(ctx, 0, length);
	if ((word & 0xff) == '\\') {
		begin = skip_tag_block(ctx, window);
		if (!begin)
			return harmless(ctx, 0, length);
		OPAQUE(begin);
		word = window_word(window, begin);
	}
	if (!begins_sentence(word))
		return begin ? judge_tag_line(window, begin) : judge_beginning(ctx, window, is_first, length);
	return is_vdm(word) ? judge_vdm(ctx, begin, length) : judge_other(ctx, begin, word);
}

/* A plain line among others is judged in place. */
static __always_inline __u32 judge_any_line(frame_context *ctx, __u32 at, __u32 end, __u32 verdict)
{
	if (end - at >= PLAIN_LENGTH_MAX) {
		__u32 reason = judge_plain_at(ctx, at, PLAIN_LENGTH_MAX);

		if (reason != WEIR_REASON_UNKNOWN)
			return LINE(reason, PLAIN_LENGTH_MAX);
	}
	return judge_odd_line(ctx, at, end, verdict);
}

/*
 * The line at `at` of the frame; `end` is where the payload of the datagram ends. `verdict` is that of the
 * lines before, WEIR_REASONS for the first one; what comes back is the one with this line: the first reason
 * to pass stands, and a line with nothing in it changes nothing.
 */
SEPARATE __u32 judge_line(frame_context *ctx, __u32 at, __u32 end, __u32 verdict)
{
	__u32 line = judge_any_line(ctx, at, end, verdict);

	if (verdict < WEIR_REASON_NOTHING ||
	    (verdict < WEIR_REASONS && LINE_REASON(line) == WEIR_REASON_NOTHING))
		return LINE(verdict, LINE_LENGTH(line));
	return line;
}

#endif
