/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Digests of fences. See digest.h.
 */
#include "fence/digest.h"

struct weir_fence_digest weir_fence_digest_of(const struct weir_fence *fence)
{
	struct weir_fence_digest digest = {
	        .fence = fence,
	        .id = fence->id,
	        .exit_buffer_m = (float)fence->exit_buffer_m,
	        .enter_fixes = (uint8_t)fence->confirm_fixes,
	        .exit_fixes = (uint8_t)fence->confirm_fixes,
	        .has_filter = fence->filter.has != 0,
	        .has_schedule = fence->schedule != NULL,
	        .has_windows = fence->window_count > 0,
	};

	for (size_t i = 0; i < fence->rule_count; i++) {
		const struct weir_rule *rule = &fence->rules[i];

		digest.kinds |= 1u << rule->kind;
		if (rule->kind == WEIR_RULE_ENTER) {
			digest.enter_fixes = (uint8_t)rule->confirm_fixes;
		} else if (rule->kind == WEIR_RULE_EXIT) {
			digest.exit_fixes = (uint8_t)rule->confirm_fixes;
			digest.exit_buffer_m = (float)rule->exit_buffer_m;
		} else if (rule->kind == WEIR_RULE_DWELL) {
			digest.dwell_ns = rule->dwell.dwell_ns;
		} else if (rule->kind == WEIR_RULE_GAP) {
			digest.gap_ns = rule->gap.gap_ns;
		} else if (rule->kind == WEIR_RULE_DENSITY) {
			digest.has_windows = true;
		}
	}
	return digest;
}
