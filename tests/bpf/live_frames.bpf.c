/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sender of live_frames.h: each frame goes to the interface whose index is set before loading.
 */
#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_helpers.h>

const volatile __u32 target;

SEC("xdp")
int redirect_frame(struct xdp_md *ctx)
{
	(void)ctx;
	return (int)bpf_redirect(target, 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
