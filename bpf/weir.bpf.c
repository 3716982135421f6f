/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The XDP program: one verdict for each frame, and its reason counted. The steps are in the headers, which
 * compile natively as well; the maps, and what keeps a verdict right while the engine lags behind, are in
 * <weir/prefilter.h>.
 */
#include "judge.h"

#include <xdp/xdp_helpers.h>

/* Beside other programs: early, as dropping early is what this is for; what passes goes on to the next. */
struct {
	__uint(priority, 10);
	__uint(XDP_PASS, 1);
} XDP_RUN_CONFIG(weir_prefilter);

SEC("xdp")
int weir_prefilter(struct xdp_md *ctx)
{
	__u32 reason = judge_frame(ctx);

	if (reason >= WEIR_REASON_DROPS && ONCE(weir_shared.observe))
		reason = WEIR_REASON_OBSERVED;
	count(reason);
	return reason >= WEIR_REASON_DROPS ? XDP_DROP : XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
