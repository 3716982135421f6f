/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel's own verdicts on the frames of a capture, by BPF_PROG_TEST_RUN: one reason a line. What
 * `weir explain` says of the same file is held against it.
 *
 *     tool_judge CAPTURE PORT WEST SOUTH EAST NORTH
 *
 * Exit status 77: BPF programs can't be loaded here.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/fence.h>

#include "ingest/capture.h"
#include "prefilter/prefilter.h"
#include "weir.skel.h"

static int silent(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static int fill_area(struct weir_prefilter_shared *shared, char **edges)
{
	struct weir_box box = {.west = strtod(edges[0], NULL),
	                       .south = strtod(edges[1], NULL),
	                       .east = strtod(edges[2], NULL),
	                       .north = strtod(edges[3], NULL)};
	struct weir_area_tiles *tiles = calloc(1, sizeof *tiles);
	struct weir_area *area = NULL;
	int error = tiles ? weir_area_new(&area, &box, 1, NULL) : -ENOMEM;

	if (!error)
		error = weir_area_tiles(area, tiles);
	if (!error) {
		memcpy(shared->areas[0].cells, tiles->cells, sizeof tiles->cells);
		memcpy(shared->areas[0].tiles, tiles->tiles, tiles->tile_count * sizeof tiles->tiles[0]);
	}
	weir_area_free(area);
	free(tiles);
	return error;
}

static void sum(int map, struct weir_prefilter_counters *per_cpu, uint64_t out[WEIR_REASONS])
{
	uint32_t zero = 0;
	int cpus = libbpf_num_possible_cpus();

	memset(out, 0, WEIR_REASONS * sizeof out[0]);
	if (bpf_map_lookup_elem(map, &zero, per_cpu) != 0)
		return;
	for (int cpu = 0; cpu < cpus; cpu++)
		for (int reason = 0; reason < WEIR_REASONS; reason++)
			out[reason] += per_cpu[cpu].packets[reason];
}

static int judge_all(struct weir_bpf *object, struct weir_capture *capture)
{
	struct weir_prefilter_counters *per_cpu = calloc((size_t)libbpf_num_possible_cpus(), sizeof *per_cpu);
	int program = bpf_program__fd(object->progs.weir_prefilter);
	int counters = bpf_map__fd(object->maps.weir_counters);
	char problem[WEIR_CAPTURE_PROBLEM_SIZE];
	uint64_t before[WEIR_REASONS], after[WEIR_REASONS];
	struct weir_frame frame;
	int got = -1;

	if (!per_cpu)
		return 1;
	sum(counters, per_cpu, before);
	while ((got = weir_capture_next(capture, &frame, problem)) == 1) {
		LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame.bytes,
		            .data_size_in = (uint32_t)frame.length, .repeat = 1);
		int error = bpf_prog_test_run_opts(program, &run);

		sum(counters, per_cpu, after);
		for (int reason = 0; reason < WEIR_REASONS && !error; reason++)
			if (after[reason] != before[reason])
				printf("%s %s\n", run.retval == XDP_DROP ? "drop" : "pass",
				       weir_reason_name((enum weir_reason)reason));
		if (error)
			printf("error %d\n", error);
		memcpy(before, after, sizeof before);
	}
	free(per_cpu);
	return got != 0;
}

int main(int argc, char **argv)
{
	char problem[WEIR_CAPTURE_PROBLEM_SIZE];
	struct weir_capture *capture = NULL;

	if (argc != 7)
		return 2;
	libbpf_set_print(silent);
	struct weir_bpf *object = weir_bpf__open_and_load();
	if (!object)
		return 77;
	uint16_t port = (uint16_t)strtoul(argv[2], NULL, 10);
	object->bss->weir_shared.ports[weir_port_index(port)] = 1;
	FILE *file = fopen(argv[1], "re");
	int status = !file || fill_area(&object->bss->weir_shared, argv + 3) != 0 ||
	             weir_capture_open(&capture, file, problem) != 0;
	if (status == 0)
		status = judge_all(object, capture);
	weir_capture_close(capture);
	weir_bpf__destroy(object);
	return status;
}
