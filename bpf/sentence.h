/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The plain case: a datagram that is one sentence of one part with 28 characters of payload, as nearly
 * every position report comes,
 *
 *     0      3       11 13  14                           42 44 45
 *     !AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2C\r\n
 *
 * Every place is fixed, so that eight bytes at a time are compared, summed up and decoded.
 */
#ifndef WEIR_BPF_SENTENCE_H
#define WEIR_BPF_SENTENCE_H

#include "position.h"

#define PLAIN_LENGTH 47 /* without the line's end */
#define PLAIN_LENGTH_MAX 49
#define PLAIN_TAIL 42 /* ",0*h" */

/* Two capitals. */
static __always_inline int is_talker(__u64 first)
{
	__u32 one = (__u32)(first >> 8) & 0xff;
	__u32 two = (__u32)(first >> 16) & 0xff;

	return one - 'A' < 26 && two - 'A' < 26;
}

/* A or B, 1 or 2. */
static __always_inline int is_channel(__u32 channel)
{
	return channel - 'A' < 2 || channel - '1' < 2;
}

/* "!AIVDM,1", or with another talker, or of the own ship. */
static __always_inline int is_plain_head(__u64 first)
{
	const __u64 fixed = ~WORD4(0, 0xff, 0xff, 0) & ~((__u64)('M' ^ 'O') << 40);

	return first == WORD8('!', 'A', 'I', 'V', 'D', 'M', ',', '1') ||
	       ((first & fixed) == (WORD8('!', 0, 0, 'V', 'D', 'M', ',', '1') & fixed) && is_talker(first));
}

/* ",1,1,,A," or ",1,1,,B,". */
static __always_inline int is_plain_middle(__u64 second)
{
	return second == WORD8(',', '1', ',', '1', ',', ',', 'A', ',') ||
	       second == WORD8(',', '1', ',', '1', ',', ',', 'B', ',');
}

/* The line's end: "\r\n", "\n" or none; `behind` is what follows the checksum. */
static __always_inline int is_plain_end(__u32 length, __u32 behind)
{
	__u32 missing = (PLAIN_LENGTH_MAX - length) * 8;

	return missing <= 16 && (behind & 0xffff >> missing) == WORD2('\r', '\n') >> missing;
}

/* 47 bytes of text are readable: are they of this form, but for the checksum and the payload? */
static __always_inline int is_plain_form(const __u8 *text)
{
	return is_plain_head(load8(text)) && is_plain_middle(load8(text + 6)) &&
	       (load4(text + PLAIN_TAIL) & 0xffffff) == WORD4(',', '0', '*', 0);
}

/* 49 are, and `length` are all of the datagram. */
static __always_inline int is_plain_sentence(const __u8 *text, __u32 length)
{
	return is_plain_form(text) && is_plain_end(length, load2(text + PLAIN_LENGTH));
}

static __always_inline int is_plain_checksum(const __u8 *text)
{
	__u64 sum = load8(text) ^ load8(text + 6) ^ load8(text + 14) ^ load8(text + 22) ^ load8(text + 30) ^
	            load4(text + 38);

	/* What the first two have in common, ",1", falls out; what must not count is put in again. */
	return is_checksum(load2(text + 45), fold_xor(sum) ^ '!' ^ '1' ^ '0');
}

/* Returns whether each character is in the alphabet. */
static __always_inline int plain_payload(const __u8 *text, struct payload_bits *bits)
{
	struct armour_check check = {0, 0};

	bits->word[0] = join_values(armour_values(&check, load8(text + 14)));
	bits->word[1] = join_values(armour_values(&check, load8(text + 22)));
	bits->word[2] = join_values(armour_values(&check, load8(text + 30)));
	armour_values(&check, load8(text + 34)); /* the last four and four of those before */
	return armour_is_legal(&check);
}

/*
 * Returns a reason; WEIR_REASON_UNKNOWN when the datagram is not of this form. A wrong checksum or payload is
 * not of this form: another sentence may begin in the middle of such a one.
 */
static __always_inline __u32 judge_plain(frame_context *ctx, const __u8 *text, __u32 length)
{
	struct payload_bits bits = {{0}};

	if (!is_plain_sentence(text, length) || !is_plain_checksum(text) || !plain_payload(text, &bits))
		return WEIR_REASON_UNKNOWN;
	return judge_plain_report(ctx, &bits);
}

#endif
