/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of a plain report, cut off after each step, so that the difference between two programs is the cost
 * of a step. The steps are those of the real program; only the order in which they are told apart is ours.
 */
#include "judge.h"

static __always_inline int finish(__u32 value)
{
	count(value & 15);
	return XDP_DROP;
}

/* Is it a plain packet for us? The text of its payload, or NULL. */
static __always_inline const __u8 *plain_text(struct xdp_md *ctx)
{
	const __u8 *frame = frame_begin(ctx);
	const __u8 *text = frame + PLAIN_PAYLOAD;

	if (text + PLAIN_LENGTH_MAX > frame_end(ctx) || !is_plain_packet(frame) ||
	    !is_our_port(&weir_shared, load2_be(text - 6)))
		return (const __u8 *)0;
	return text;
}

SEC("xdp")
int step_packet(struct xdp_md *ctx)
{
	return finish(plain_text(ctx) != 0);
}

SEC("xdp")
int step_grammar(struct xdp_md *ctx)
{
	const __u8 *text = plain_text(ctx);

	return finish(text && is_plain_sentence(text, load2_be(text - 4) - UDP_LENGTH));
}

SEC("xdp")
int step_checksum(struct xdp_md *ctx)
{
	const __u8 *text = plain_text(ctx);

	return finish(text && is_plain_sentence(text, load2_be(text - 4) - UDP_LENGTH) &&
	              is_plain_checksum(text));
}

SEC("xdp")
int step_payload(struct xdp_md *ctx)
{
	const __u8 *text = plain_text(ctx);
	struct payload_bits bits = {{0}};

	if (!text || !is_plain_sentence(text, load2_be(text - 4) - UDP_LENGTH) || !is_plain_checksum(text) ||
	    !plain_payload(text, &bits))
		return finish(1);
	return finish((__u32)(bits.word[0] ^ bits.word[1] ^ bits.word[2]));
}

SEC("xdp")
int step_all(struct xdp_md *ctx)
{
	return finish(judge_frame(ctx));
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
