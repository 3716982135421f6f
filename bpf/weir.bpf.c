/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The XDP program: one verdict for each frame, and its reason counted. The steps are in the headers, which
 * compile natively as well; the maps, and what keeps a verdict right while the engine lags behind, are in
 * <weir/prefilter.h>.
 */
#include "judge.h"
#include "senders.h"

#include <xdp/xdp_helpers.h>

/* Beside other programs: early, as dropping early is what this is for; what passes goes on to the next. */
struct {
	__uint(priority, 10);
	__uint(XDP_PASS, 1);
} XDP_RUN_CONFIG(weir_prefilter);

static __always_inline int finish(struct xdp_md *ctx, __u32 reason)
{
	count(reason);
	note_sender(ctx, reason);
	return reason >= WEIR_REASON_DROPS ? XDP_DROP : XDP_PASS;
}

/* What a policy would refuse passes in observe mode, and what passes must be remembered as ever. */
static __always_inline int finish_refused(struct xdp_md *ctx, __u32 refusal)
{
	if (!ONCE(weir_shared.observe))
		return finish(ctx, refusal);
	judge_odd(ctx);
	return finish(ctx, refusal - WEIR_REASON_NOT_ALLOWED + WEIR_REASON_OBSERVED_NOT_ALLOWED);
}

SEC("xdp")
int weir_prefilter(struct xdp_md *ctx)
{
	__u32 refusal = refuse_sender(ctx);

	if (refusal)
		return finish_refused(ctx, refusal);
	if (is_dropped_at_a_glance(ctx))
		return finish(ctx, WEIR_REASON_OUTSIDE);
	__u32 reason = judge_odd(ctx);

	if (reason >= WEIR_REASON_DROPS && ONCE(weir_shared.observe))
		reason = WEIR_REASON_OBSERVED;
	return finish(ctx, reason);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
