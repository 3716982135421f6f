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

/* Is it a plain datagram for us? The text of its payload, or NULL. */
static __always_inline const __u8 *plain_text(struct xdp_md *ctx)
{
	const __u8 *frame = frame_begin(ctx), *end = frame_end(ctx);
	const __u8 *text = frame + PLAIN_PAYLOAD;

	if (text + PLAIN_LENGTH > end || !is_plain_packet(frame) ||
	    !is_our_port(&weir_shared, load2(text - 6)) || !is_plain_datagram(text, end))
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

	return finish(text && is_plain_form(text));
}

SEC("xdp")
int step_checksum(struct xdp_md *ctx)
{
	const __u8 *text = plain_text(ctx);

	return finish(text && is_plain_form(text) && is_plain_checksum(text));
}

SEC("xdp")
int step_alphabet(struct xdp_md *ctx)
{
	const __u8 *text = plain_text(ctx);
	struct armour_check check = {0, 0};

	if (!text || !is_plain_form(text) || !is_plain_checksum(text))
		return finish(1);
	__u64 values = armour_values(&check, load8(text + 14)) ^ armour_values(&check, load8(text + 22)) ^
	               armour_values(&check, load8(text + 30));
	armour_values(&check, load8(text + 34));
	return finish(armour_is_legal(&check) ? (__u32)values : 2);
}

SEC("xdp")
int step_devices(struct xdp_md *ctx)
{
	const __u8 *text = plain_text(ctx);
	struct armour_check check = {0, 0};

	if (!text || !is_plain_form(text) || !is_plain_checksum(text))
		return finish(1);
	__u64 first = armour_values(&check, load8(text + 14));
	__u64 device = first & WEIR_SPREAD_MMSI;
	if (glance_is_special(first, device) || glance_is_present(&weir_shared, device))
		return finish(3);
	__u64 values = armour_values(&check, load8(text + 22)) ^ armour_values(&check, load8(text + 30));
	armour_values(&check, load8(text + 34));
	return finish(armour_is_legal(&check) ? (__u32)(values ^ first) : 2);
}

SEC("xdp")
int step_all(struct xdp_md *ctx)
{
	return finish(judge_frame(ctx));
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
