/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line of a datagram, wherever it is and whatever its form: a TAG block, a sentence, a suffix, the
 * line's end. This is for what is not plain; see sentence.h for what is.
 *
 * The decoder is lenient and this is not: what is not recognised here counts as not understood.
 */
#ifndef WEIR_BPF_LINE_H
#define WEIR_BPF_LINE_H

#include "sentence.h"
#include "window.h"

/* A verdict and where the next line begins, counted from where this one did. */
#define LINE(reason, length) ((__u32)(length) << 8 | (__u32)(reason))
#define LINE_REASON(line) ((line)&0xff)
#define LINE_LENGTH(line) ((line) >> 8)

/* What a sentence says of itself before its payload. */
struct head {
	__u32 total, number; /* parts, 1 to 9 */
	__u32 payload;       /* where it begins */
};

static __always_inline int is_digit(__u32 byte)
{
	return byte - '0' <= 9;
}

/*
 * A sentence that is surely neither VDM nor VDO. What looks like one and is not of the form below is not
 * understood.
 */
static __always_inline int is_other(__u64 word)
{
	__u64 start = word & 0xff;
	__u64 formatter = word >> 24 & 0xffffff & ~(__u64)('M' ^ 'O') << 16;

	return (start == '!' || start == '$') && formatter != ('V' | 'D' << 8 | ('M' & 'O') << 16);
}

/* "!AIVDM," or "!AIVDO,", with '$' as well: the decoder takes it. */
static __always_inline int is_vdm(__u64 word)
{
	__u64 rest = word & ~WORD4(0, 0xff, 0xff, 0) & ~((__u64)('M' ^ 'O') << 40) & ~(0xffULL << 56);

	return (rest == WORD8('!', 0, 0, 'V', 'D', 'M' & 'O', ',', 0) ||
	        rest == WORD8('$', 0, 0, 'V', 'D', 'M' & 'O', ',', 0)) &&
	       is_talker(word);
}

/* Reads "1,1,,A," from behind the address. Returns 0, or -1 when it is not of this form. */
static __always_inline int parse_head(const struct window *window, __u32 at, struct head *head)
{
	__u64 word = window_word(window, at + 7);
	__u32 bytes = (__u32)word;

	if ((bytes & 0xff00ff00) != (WORD4(0, ',', 0, ',') & 0xff00ff00))
		return -1;
	head->total = (bytes & 0xff) - '0';
	head->number = (bytes >> 16 & 0xff) - '0';
	if (head->total - 1 > 8 || head->number - 1 >= head->total)
		return -1;

	word >>= 32; /* the sequence number and the channel; each may be empty */
	at += 11;
	if (is_digit((__u32)word & 0xff)) {
		word >>= 8;
		at++;
	}
	if (((__u32)word & 0xff) != ',')
		return -1;
	word >>= 8;
	at++;
	if (is_channel((__u32)word & 0xff) || ((__u32)word & 0xff) - 'C' < 2) {
		word >>= 8;
		at++;
	}
	if (((__u32)word & 0xff) != ',')
		return -1;
	head->payload = at + 1;
	return 0;
}

/* A fragment: its message is not judged, but with its first part the engine may begin to follow. */
static __always_inline __u32 judge_part(struct weir_prefilter_shared *shared, const struct payload_bits *bits,
                                        __u32 number)
{
	__u32 type = payload_type(bits);

	if (number == 1 && judge_sender(shared, bits) == WEIR_REASON_OUTSIDE && has_position(type))
		mark_device(shared, payload_mmsi(bits));
	return WEIR_REASON_MULTIPART;
}

/*
 * The end of the line, from behind the checksum on: a suffix that begins with a comma or none, then the
 * line's end or none. Returns where the next line begins; 0: beyond what can be seen.
 */
static __always_inline __u32 skip_line_end(context *ctx, const struct window *window, __u32 at, __u32 length)
{
	if (window_byte(window, at) == ',')
		at = window_boundary(ctx, at);
	if (window_byte(window, at) == '\r')
		at++;
	if (window_byte(window, at) == '\n')
		at++;
	OPAQUE(at);
	return at > length ? 0 : at;
}

/* A sentence that is no VDM and no VDO: nothing in it is used. */
static __always_inline __u32 skip_sentence(context *ctx, const struct window *window, __u32 at, __u32 length)
{
	__u32 end = window_boundary(ctx, at + 1);

	return end >= WINDOW_LENGTH ? 0 : skip_line_end(ctx, window, end, length);
}

#define TAG_BLOCK_MAX 82 /* both backslashes included (NMEA 0183 4.10) */

/* A TAG block whose checksum holds. Returns where it ends; 0: not understood. */
static __always_inline __u32 skip_tag_block(context *ctx, const struct window *window)
{
	__u32 end = window_boundary(ctx, 1);

	if (window_byte(window, end) != '\\' || end < 5 || end >= TAG_BLOCK_MAX ||
	    window_byte(window, end - 3) != '*')
		return 0;
	__u32 checksum = window_checksum(ctx, 1, end - 4);
	return is_checksum((__u32)window_word(window, end - 2) & 0xffff, checksum) ? end + 1 : 0;
}

/* The VDM or VDO at `at`. */
SEPARATE __u32 judge_sentence(context *ctx, __u32 at, __u32 length)
{
	const struct window *window = window_of(ctx);
	struct head head;

	if (!window || parse_head(window, at, &head) != 0)
		return LINE(WEIR_REASON_UNKNOWN, 0);

	__u32 comma = window_find(ctx, head.payload, ',');
	__u32 characters = comma - head.payload;
	__u32 tail = (__u32)window_word(window, comma); /* ",0*h" */
	__u32 fill = (tail >> 8 & 0xff) - '0';
	__u32 next = skip_line_end(ctx, window, comma + 5, length);

	if (characters == 0 || characters >= PAYLOAD_LENGTH_MAX || fill > 5 ||
	    (tail & 0xff00ff) != WORD4(',', 0, '*', 0) || !next)
		return LINE(WEIR_REASON_UNKNOWN, 0);
	__u32 checksum = window_checksum(ctx, at + 1, comma + 1 - at);
	if (!is_checksum((__u32)window_word(window, comma + 3) & 0xffff, checksum))
		return LINE(WEIR_REASON_CHECKSUM, next);
	if (window_payload(ctx, head.payload, characters) != 0)
		return LINE(WEIR_REASON_PAYLOAD, next);
	if (head.total > 1)
		return LINE(judge_part(shared_of(ctx), &window->bits, head.number), next);
	return LINE(judge_report(shared_of(ctx), &window->bits, characters * 6 - fill), next);
}

/* The line at `at` of the frame; `end` is where the payload of the datagram ends. */
SEPARATE __u32 judge_line(context *ctx, __u32 at, __u32 end)
{
	struct window *window = window_of(ctx);

	if (!window)
		return LINE(WEIR_REASON_UNKNOWN, 0);
	__u32 length = fill_window(ctx, window, at, end);
	__u32 begin = 0;

	if (window_byte(window, 0) == '\\') {
		begin = skip_tag_block(ctx, window);
		if (!begin)
			return LINE(WEIR_REASON_UNKNOWN, 0);
	}
	OPAQUE(begin);
	__u64 word = window_word(window, begin);
	if (is_vdm(word))
		return judge_sentence(ctx, begin, length);
	__u32 next = is_other(word) ? skip_sentence(ctx, window, begin, length) : 0;
	return next ? LINE(WEIR_REASON_HARMLESS, next) : LINE(WEIR_REASON_UNKNOWN, 0);
}

#endif
