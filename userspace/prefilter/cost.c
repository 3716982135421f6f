/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the program costs, by the kernel's own clock: it measures while the sysctl kernel.bpf_stats_enabled is
 * 1, and else counts nothing. Behind libxdp's dispatcher, which replaces one of its functions by ours, the
 * kernel measures the dispatcher only; nothing is known then, rather than something wrong.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>

#include "attach.h"
#include "prefilter.h"
#include "weir.skel.h"

/* Asks by the descriptor that we hold, which takes no capability. */
static int measure(const struct attachment *attachment, struct bpf_prog_info *info)
{
	uint32_t size = sizeof(*info);
	int program = bpf_program__fd(attachment->object->progs.weir_prefilter);

	*info = (struct bpf_prog_info){0};
	return bpf_obj_get_info_by_fd(program, info, &size) != 0 ? -errno : 0;
}

int weir_prefilter_cost(struct weir_prefilter *prefilter, uint64_t *run_time_ns, uint64_t *runs)
{
	const struct weir_prefilter_interface *face;
	uint64_t time_sum_ns = 0, count = 0;

	_Static_assert(offsetof(struct attachment, face) == 0, "a face is where its attachment is");
	for (size_t i = 0; (face = weir_prefilter_interface_at(prefilter, i)) != NULL; i++) {
		const struct attachment *attachment = (const struct attachment *)face;
		struct bpf_prog_info info;

		if (attachment->object == NULL)
			continue;
		int error = measure(attachment, &info);
		if (error != 0)
			return error;
		time_sum_ns += info.run_time_ns;
		count += info.run_cnt;
	}
	*run_time_ns = time_sum_ns;
	*runs = count;
	return 0;
}
