/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The XDP program on a bench: frames go through BPF_PROG_TEST_RUN and through the same headers compiled
 * natively, each side with memory of its own, and a reason comes out of both.
 */
#ifndef WEIR_TESTS_RIG_H
#define WEIR_TESTS_RIG_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "weir.skel.h"

#define RIG_PORT 10110

struct rig {
	struct weir_bpf *kernel;
	struct weir_prefilter_shared *shared; /* the kernel's */
	struct weir_prefilter_shared *native;
	struct weir_prefilter_counters *counters; /* as last seen, one a CPU */
	int cpus, cpu;
	uint64_t runs;
};

static struct rig rig;

static inline int rig_silence(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

/* A frame is judged on one CPU, so that one counter moves. */
static inline void rig_pin(void)
{
	cpu_set_t set;

	rig.cpu = sched_getcpu();
	CPU_ZERO(&set);
	CPU_SET((unsigned int)rig.cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Takes a program that is loaded. Returns 0 or -ENOMEM. */
static inline int rig_take(struct weir_bpf *kernel)
{
	rig.kernel = kernel;
	rig.runs = 0;
	rig.cpus = libbpf_num_possible_cpus();
	rig.counters = calloc((size_t)rig.cpus, sizeof(*rig.counters));
	rig.native = calloc(1, sizeof(*rig.native));
	if (rig.counters == NULL || rig.native == NULL)
		return -ENOMEM;
	rig.shared = &rig.kernel->bss->weir_shared;
	rig.shared->ports[weir_port_index(RIG_PORT)] = 1;
	memcpy(rig.native, rig.shared, sizeof(*rig.native));
	rig_pin();
	return 0;
}

/* Returns 0, or a negative errno: then BPF can't be had here. */
static inline int rig_open(void)
{
	libbpf_set_print(rig_silence);
	struct weir_bpf *kernel = weir_bpf__open_and_load();

	return kernel != NULL ? rig_take(kernel) : -errno;
}

static inline void rig_close(void)
{
	weir_bpf__destroy(rig.kernel);
	free(rig.counters);
	free(rig.native);
}

/* Copies `member` of the shared memory, which a test has changed, to the native side. */
#define RIG_COPY(member) memcpy(&rig.native->member, &rig.shared->member, sizeof(rig.native->member))

/* Both sides forget which devices matter. */
static inline void rig_forget(void)
{
	memset(rig.shared->presence, 0, sizeof(rig.shared->presence));
	memset(rig.native->presence, 0, sizeof(rig.native->presence));
	rig.shared->hold = rig.native->hold = 0;
	rig.shared->hold_gps = rig.native->hold_gps = 0;
	rig.shared->epoch = rig.native->epoch = 0;
	rig.shared->overflow = rig.native->overflow = 0;
}

/* The whole earth, or nothing of it. */
static inline void rig_fill_area(uint16_t cell)
{
	for (size_t i = 0; i < WEIR_AREA_CELLS; i++)
		rig.shared->areas[0].cells[i] = rig.native->areas[0].cells[i] = cell;
}

static inline int rig_counters(struct weir_prefilter_counters *out)
{
	uint32_t zero = 0;

	return bpf_map_lookup_elem(bpf_map__fd(rig.kernel->maps.weir_counters), &zero, out);
}

/* What the kernel says: a reason, and the action that goes with it; negative when the run failed. */
static inline int rig_kernel(const uint8_t *frame, uint32_t length, int *action)
{
	struct weir_prefilter_counters before = rig.counters[rig.cpu];
	int reason = -1;
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame, .data_size_in = length, .repeat = 1);

	if (rig.runs++ == 0) {
		rig_counters(rig.counters);
		before = rig.counters[rig.cpu];
	}
	int error = bpf_prog_test_run_opts(bpf_program__fd(rig.kernel->progs.weir_prefilter), &run);
	if (error != 0)
		return error;
	*action = (int)run.retval;
	rig_counters(rig.counters);
	for (int i = 0; i < WEIR_REASONS; i++) {
		uint64_t more = rig.counters[rig.cpu].packets[i] - before.packets[i];

		if (more == 0)
			continue;
		if (more != 1 || reason >= 0)
			return -ERANGE; /* not exactly one reason */
		reason = i;
	}
	return reason;
}

static inline int rig_native(const uint8_t *frame, uint32_t length)
{
	static struct window window;
	frame_context ctx = {.window = &window};

	ctx.begin = frame;
	ctx.end = frame + length;
	ctx.shared = rig.native;
	return (int)judge_frame(&ctx);
}

/*
 * Both. Returns the reason when they agree and the action fits it; else a negative number, and says what
 * happened.
 */
static inline int rig_judge(const uint8_t *frame, uint32_t length)
{
	int action = -1;
	int kernel = rig_kernel(frame, length, &action);
	int native = rig_native(frame, length);
	int expected = kernel >= WEIR_REASON_DROPS ? XDP_DROP : XDP_PASS;

	if (kernel == native && action == expected)
		return kernel;
	fprintf(stderr, "kernel: reason %d, action %d; native: reason %d; %u bytes:\n", kernel, action,
	        native, length);
	for (uint32_t i = 0; i < length && i < 300; i++)
		fprintf(stderr, "%02x%s", frame[i], i % 32 == 31 ? "\n" : " ");
	fprintf(stderr, "\n");
	return kernel < 0 ? kernel : -1000;
}

/* Do both remember the same? */
static inline bool rig_remember_alike(void)
{
	return memcmp(rig.shared->presence, rig.native->presence, sizeof(rig.native->presence)) == 0 &&
	       rig.shared->hold == rig.native->hold && rig.shared->hold_gps == rig.native->hold_gps;
}

#endif
