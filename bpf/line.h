/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of a datagram, wherever it is and whatever its form: a TAG block, a sentence, a suffix, the
 * line's end. This is for what is not plain; see sentence.h for what is.
 *
 * The decoder is lenient and this is not: what is not recognised here counts as not understood.
 */
#ifndef WEIR_BPF_LINE_H
#define WEIR_BPF_LINE_H

#include "gps.h"
#include "plain.h"

/* A verdict and where the next line begins, counted from where this one did; 0: nowhere. */
#define LINE(reason, length) ((__u32)(length) << 8 | (__u32)(reason))
#define LINE_REASON(line) ((line)&0x7f)
#define LINE_LENGTH(line) ((line) >> 8)

/*
 * Goes with the verdict: what stands there may say by whom a GPS sentence further on is sent, or one begins
 * where it was not looked for.
 */
#define LINE_UNSURE 0x80
_Static_assert(WEIR_REASONS < LINE_UNSURE, "reasons and what goes with them");

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

/* The top bits of what is neither a capital nor a digit. */
static __always_inline __u64 bytes_not_address(__u64 word)
{
	__u64 capital = (word + EACH(0x80 - 'A')) & ~(word + EACH(0x80 - 'Z' - 1)) & EACH(0x80);

	return (word | (bytes_not_digits(word) & ~capital)) & EACH(0x80);
}

/* "$GPGSV," and "$PGHP," and the like: an address of five characters or four. */
static __always_inline int has_address(__u64 word)
{
	const __u64 four = 0x0000008080808000ULL;

	if (!begins_sentence(word))
		return 0;
	__u64 errors = bytes_not_address(word);
	if ((word >> 40 & 0xff) == ',')
		return !(errors & four);
	return (word >> 48 & 0xff) == ',' && !(errors & (four | 0x80ULL << 40));
}

/* "$PGHP,": what it says holds for the next message. */
static __always_inline int is_pghp(__u64 word)
{
	return (word & 0xffffffffffffULL) == WORD8('$', 'P', 'G', 'H', 'P', ',', 0, 0);
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

/* A TAG block of 82 bytes at most whose checksum holds. Returns where it ends; 0: there is none. */
static __always_inline __u32 skip_tag_block(frame_context *ctx, const struct window *window)
{
	__u32 end = window_boundary(ctx, 1);

	if (window_byte(window, end) != '\\' || end >= TAG_LENGTH_MAX || !is_checked(ctx, window, 0, end))
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

	return LINE(WEIR_REASON_HARMLESS | LINE_UNSURE, next < length ? next : length);
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
		return LINE(WEIR_REASON_LONG | LINE_UNSURE, at + 1);
	}
	__u32 tail = (__u32)window_word(window, comma); /* ",0*h" */
	__u32 fill = (tail >> 8 & 0xff) - '0';
	if (characters == 0 || fill > 5 || (tail & 0xff00ff) != WORD4(',', 0, '*', 0))
		return harmless(ctx, at, length);
	if (!is_checked(ctx, window, at, comma + 5))
		return LINE(WEIR_REASON_CHECKSUM | LINE_UNSURE, at + 1);

	__u32 next = skip_suffix(ctx, comma + 5);
	__u32 refusal = 0; /* why it would pass even if it is outside */
	if (!is_talker(window_word(window, at)))
		refusal = WEIR_REASON_HARMLESS;
	OPAQUE(refusal);
	if (window_payload(ctx, payload, characters) != 0)
		return LINE(WEIR_REASON_PAYLOAD | LINE_UNSURE, at + 1);
	if (HEAD_TOTAL(head) > 1) {
		if (HEAD_NUMBER(head) == 1)
			mark_sender(ctx, window->bits.word[0], characters);
		return LINE(WEIR_REASON_MULTIPART, next);
	}
	__u32 reason = judge_report(ctx, &window->bits, characters * 6 - fill);
	return LINE(reason == WEIR_REASON_OUTSIDE && refusal ? refusal : reason, next);
}

/* Where the sentence at `at` ends, behind its checksum. 0: it has none, or a wrong one. */
SEPARATE __u32 sentence_end(frame_context *ctx, __u32 at)
{
	const struct window *window = window_of(ctx);

	if (!window)
		return 0;
	/* The engine takes the first '*' for the end. */
	__u32 end = window_find(ctx, at, '*') + 3;
	return window_boundary(ctx, at + 1) >= end && is_checked(ctx, window, at, end) ? end : 0;
}

/* One of which the engine knows no use: no report, and neither VDM nor VDO. */
SEPARATE __u32 judge_other(frame_context *ctx, __u32 at, __u64 word)
{
	__u32 end = has_address(word) ? sentence_end(ctx, at) : 0;

	if (!end)
		return LINE(WEIR_REASON_HARMLESS | LINE_UNSURE, window_boundary(ctx, at + 1));
	return LINE(WEIR_REASON_NOTHING | (is_pghp(word) ? LINE_UNSURE : 0), skip_suffix(ctx, end));
}

/* Is there nothing behind the checksum, at `end` of a window with `length` bytes of text? */
static __always_inline int is_line_end(const struct window *window, __u32 end, __u32 length)
{
	__u32 byte = window_byte(window, end);

	return end == length || byte == '\r' || byte == '\n' || byte == '\\' || begins_sentence(byte);
}

/*
 * The GPS sentence of this kind behind a TAG block of `at` bytes. `unsure`: the lines before it may say by
 * whom it is.
 */
SEPARATE __u32 judge_gps(frame_context *ctx, __u32 at, __u32 kind, __u32 length_unsure)
{
	const struct window *window = window_of(ctx);
	__u32 length = length_unsure >> 8, is_sure = !(length_unsure & LINE_UNSURE);

	if (!window)
		return LINE(WEIR_REASON_UNKNOWN, 0);
	struct gps_devices devices = find_gps_devices(ctx, window, at);
	if (!devices.first)
		is_sure = 0;
	__u32 field = read_gps(ctx, at, kind);
	__u32 reason = FIELD_REASON(field);
	__u32 end = reason ? sentence_end(ctx, at) : FIELD_NEXT(field) + 3;
	if (!end || (!reason && !is_checked(ctx, window, at, end))) {
		mark_gps(ctx, &devices, is_sure); /* or it is longer than what is summed up here */
		return LINE(WEIR_REASON_CHECKSUM | LINE_UNSURE, at + 1);
	}
	if (!is_talker(window_word(window, at)))
		reason = WEIR_REASON_HARMLESS;
	if (!is_line_end(window, end, length)) {
		reason = WEIR_REASON_HARMLESS;
		if (window_byte(window, end) == ',') /* a suffix may name the station */
			is_sure = 0;
	}
	__u32 next = skip_suffix(ctx, end), unsure = is_sure ? 0 : LINE_UNSURE;
	if (reason) {
		if (reason != WEIR_REASON_NO_POSITION || !is_timeless(window, at, kind))
			mark_gps(ctx, &devices, is_sure);
		return LINE(reason | unsure, next);
	}
	reason = judge_gps_devices(ctx, devices.first, devices.second, kind < GPS_WITH_PLACE);
	if (!is_sure) {
		if (reason == WEIR_REASON_INSIDE)
			mark_gps(ctx, &devices, 0);
		else
			reason = WEIR_REASON_HARMLESS;
	}
	return LINE(reason | unsure, next);
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

	return LINE((begins_sentence(word) || (word & 0xff) == '\\' ? WEIR_REASON_NOTHING
	                                                            : WEIR_REASON_HARMLESS) |
	                    LINE_UNSURE,
	            next);
}

static __always_inline __u32 judge_odd_line(frame_context *ctx, __u32 at, __u32 end, __u32 verdict)
{
	struct window *window = window_of(ctx);
	__u32 begin = 0, is_first = LINE_REASON(verdict) == WEIR_REASONS;

	__u32 length = window ? fill_window(ctx, window, at, end) : 0;
	if (!window || !length)
		return LINE(WEIR_REASON_UNKNOWN, 0);
	__u64 word = window_word(window, 0);
	if ((word & 0xff) == '\\') {
		begin = skip_tag_block(ctx, window);
		if (!begin)
			return harmless(ctx, 0, length);
		OPAQUE(begin);
		word = window_word(window, begin);
	}
	if (!begins_sentence(word))
		return begin ? judge_tag_line(window, begin) : judge_beginning(ctx, window, is_first, length);
	if (is_vdm(word))
		return judge_vdm(ctx, begin, length);
	__u32 kind = gps_kind(word);
	if (kind < GPS_KINDS)
		return judge_gps(ctx, begin, kind, length << 8 | (verdict & LINE_UNSURE));
	return judge_other(ctx, begin, word);
}

/* A plain line among others is judged in place. */
static __always_inline __u32 judge_any_line(frame_context *ctx, __u32 at, __u32 end, __u32 verdict)
{
	if (end - at >= PLAIN_LENGTH_MAX) {
		if (is_outside_at(ctx, at, PLAIN_LENGTH_MAX))
			return LINE(WEIR_REASON_OUTSIDE, PLAIN_LENGTH_MAX);
	}
	return judge_odd_line(ctx, at, end, verdict);
}

/*
 * The line at `at` of the frame; `end` is where the payload of the datagram ends. `verdict` is that of the
 * lines before, WEIR_REASONS for the first one; what comes back is the one with this line: the first reason
 * to pass stands, a line with nothing in it changes nothing, and a GPS sentence without a place little.
 */
SEPARATE __u32 judge_line(frame_context *ctx, __u32 at, __u32 end, __u32 verdict)
{
	__u32 line = judge_any_line(ctx, at, end, verdict);
	__u32 unsure = (verdict | line) & LINE_UNSURE, reason = LINE_REASON(line);

	verdict = LINE_REASON(verdict);
	if (verdict < WEIR_REASON_NOTHING || (verdict < WEIR_REASONS && reason == WEIR_REASON_NOTHING) ||
	    (verdict == WEIR_REASON_OUTSIDE && reason == WEIR_REASON_UNFOLLOWED))
		reason = verdict;
	return LINE(reason | unsure, LINE_LENGTH(line));
}

#endif
