/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text at a place that is not known beforehand: a part of the frame, copied to where it may be read in words
 * beyond its end.
 */
#ifndef WEIR_BPF_WINDOW_H
#define WEIR_BPF_WINDOW_H

#include "position.h"

/* A TAG block of 82 characters, and of the sentences that are judged the longest, of 8 * SUM_WORDS. */
#define WINDOW_LENGTH 192

/* Places in a window are masked by this rather than compared: the verifier likes it better. */
#define WINDOW_MASK 0xff

/* What follows the text is zero, as far as a word that begins in the text reaches. */
struct window {
	__u8 text[WINDOW_MASK + 1 + 8 + 8];
	struct payload_bits bits;    /* of the AIS sentence in it */
	__u32 from_west, from_south; /* of the GPS sentence in it */
};

#ifdef __bpf__

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct window);
} weir_window SEC(".maps");

static __always_inline struct window *window_of(frame_context *ctx)
{
	__u32 zero = 0;

	OPAQUE(ctx); /* see shared_of() */
	return bpf_map_lookup_elem(&weir_window, &zero);
}

#else

static inline struct window *window_of(const frame_context *ctx)
{
	return ctx->window;
}

#endif

/* A compiler that has seen `at` compared leaves the mask out, and verifiers of Linux 6.1 to 6.12 can't
 * follow. */
static __always_inline __u32 window_place(__u32 at)
{
	if (!__builtin_constant_p(at))
		OPAQUE(at);
	return at & WINDOW_MASK;
}

static __always_inline __u64 window_word(const struct window *window, __u32 at)
{
	return load8(window->text + window_place(at));
}

static __always_inline __u32 window_byte(const struct window *window, __u32 at)
{
	return window->text[window_place(at)];
}

/* Copies what there is between at and end, a window at most. Returns how much; 0: nothing. */
static __always_inline __u32 fill_window(frame_context *ctx, struct window *window, __u32 at, __u32 end)
{
	__u32 more = end - at - 1; /* than one byte */

	if (at >= end)
		return 0;
	if (more > WINDOW_LENGTH - 1)
		more = WINDOW_LENGTH - 1;
	/* Linux 6.1 learns nothing from a comparison with zero; adding one it understands. */
	OPAQUE(more);
	if (more > WINDOW_LENGTH - 1)
		return 0;
	__u32 length = more + 1;
	if (load_text(ctx, at, window->text, length) != 0)
		return 0;
	store8(window->text + length, 0);
	store8(window->text + length + 8, 0);
	return length;
}

/*
 * The rest are loops over the window. Each is verified by itself: in a row, inline, they would multiply.
 * Where there is no window there is nothing in it.
 */

/* The first place from `at` on where `byte` is, of at most 8 * FIND_WORDS; else at + 8 * FIND_WORDS. */
#define FIND_WORDS 13

SEPARATE __u32 window_find(frame_context *ctx, __u32 at, __u32 byte)
{
	const struct window *window = window_of(ctx);

	if (!window)
		return at + 8 * FIND_WORDS;
	for (int i = 0; i < FIND_WORDS; i++) {
		__u64 found = find_equal(window_word(window, at), (__u8)byte);

		if (found)
			return at + first_found(found);
		at += 8;
		OPAQUE(at);
	}
	return at;
}

#define BOUNDARY_WORDS 13

/*
 * The first place from `at` on, of at most 8 * BOUNDARY_WORDS bytes, where a sentence may begin: '!' or '$'.
 * With `others` all ones, and not zero, where anything may begin or end: also '\\' and what is no printable
 * ASCII, among it the zeros behind the text.
 */
SEPARATE __u32 window_next(frame_context *ctx, __u32 at, __u64 others)
{
	const struct window *window = window_of(ctx);

	if (!window)
		return at;
	for (int i = 0; i < BOUNDARY_WORDS; i++) {
		__u64 word = window_word(window, at);
		__u64 found = (word | (word + EACH(0x80 - 0x7f)) | ~(word + EACH(0x80 - ' '))) & EACH(0x80);

		found = (found | find_equal(word, '\\')) & others;
		found |= find_equal(word, '!') | find_equal(word, '$');
		if (found)
			return at + first_found(found);
		at += 8;
		OPAQUE(at);
	}
	return at;
}

static __always_inline __u32 window_boundary(frame_context *ctx, __u32 at)
{
	return window_next(ctx, at, ~0ULL);
}

static __always_inline __u32 window_sentence(frame_context *ctx, __u32 at)
{
	return window_next(ctx, at, 0);
}

/* The XOR of `length` bytes; 256, which no checksum is, for more than are summed. */
#define SUM_WORDS 13 /* longer than NMEA 0183 allows; GGA with ten decimals has 100 characters */

SEPARATE __u32 window_checksum(frame_context *ctx, __u32 at, __u32 length)
{
	const struct window *window = window_of(ctx);
	__u64 sum = 0;

	if (!window || length >= 8 * SUM_WORDS)
		return 256;
	for (int i = 0; i < SUM_WORDS; i++) {
		__u64 word = window_word(window, at);

		if (length < 8) {
			sum ^= word & ~(~0ULL << (length & 7) * 8);
			break;
		}
		sum ^= word;
		at += 8;
		length -= 8;
		OPAQUE(sum);
		OPAQUE(at);
		OPAQUE(length);
	}
	return fold_xor(sum);
}

/*
 * De-armours `length` characters to window->bits. Returns 0, or -1: one is not in the alphabet. What follows
 * them in the window is overwritten with '0', six zero bits, so that words need no masks.
 */
#define PAYLOAD_LENGTH_MAX 64 /* characters; one sentence of 82 has 62 at most */

SEPARATE int window_payload(frame_context *ctx, __u32 at, __u32 length)
{
	struct window *window = window_of(ctx);
	struct armour_check check = {0, 0};

	if (!window)
		return -1;
	for (__u32 i = 0; i < PAYLOAD_LENGTH_MAX / 8; i++)
		store8(window->text + window_place(at + length + 8 * i), EACH('0'));
	for (__u32 i = 0; i < PAYLOAD_LENGTH_MAX / 8; i++) {
		__u64 values = armour_values(&check, window_word(window, at + 8 * i));

		if (i < PAYLOAD_WORDS)
			window->bits.word[i] = join_values(values);
	}
	return armour_is_legal(&check) ? 0 : -1;
}

#endif
