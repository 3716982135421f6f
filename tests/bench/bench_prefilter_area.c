/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a verdict costs by what the area of interest is made of: one box, or ten thousand fences, for the same
 * plain reports from outside of both, at many places; beside the program that counts and drops. Medians of
 * short runs of BPF_PROG_TEST_RUN, taken in turns.
 *
 *     bench_prefilter_area [ROUNDS]     default 15
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/fence.h>
#include <weir/prefilter.h>

#include "bpf/chance.h"
#include "bpf/frames.h"
#include "fence_text.h"
#include "weir.skel.h"
#include "yardstick.skel.h"

#define FENCES 10000
#define PLACES 64
#define REPEAT 2000
#define ROUNDS_MAX 101

/* Where the fences are: so densely that there is hardly a cell of the kernel's bitmap without one. */
#define WEST (-10)
#define EAST 30
#define SOUTH 40
#define NORTH 65

static struct place {
	uint8_t frame[128];
	uint32_t length;
} places[PLACES];

static struct weir_bpf *load(const struct weir_box *box, const struct weir_fences *fences)
{
	static struct weir_area_tiles tiles;
	struct weir_bpf *object = weir_bpf__open_and_load();
	struct weir_area *area = NULL;

	if (object == NULL || weir_area_new(&area, box, box != NULL, fences) != 0 ||
	    weir_area_tiles(area, &tiles) != 0) {
		fprintf(stderr, "bench_prefilter_area: the program can't be loaded here\n");
		exit(EXIT_FAILURE);
	}
	struct weir_prefilter_shared *shared = &object->bss->weir_shared;

	shared->ports[weir_port_index(10110)] = 1;
	memcpy(shared->areas[0].cells, tiles.cells, sizeof(tiles.cells));
	memcpy(shared->areas[0].tiles, tiles.tiles, sizeof(tiles.tiles));
	weir_area_free(area);
	return object;
}

/* Squares of some 500 m. */
static struct weir_fences *many_fences(struct chance *chance)
{
	const size_t each = 300;
	char *text = malloc(FENCES * each + 100), *at = text;

	if (text == NULL)
		abort();
	at += sprintf(at, "{\"type\":\"FeatureCollection\",\"features\":[");
	for (uint32_t i = 0; i < FENCES; i++) {
		double x = WEST + chance_below(chance, (EAST - WEST) * 1000) / 1000.0;
		double y = SOUTH + chance_below(chance, (NORTH - SOUTH) * 1000) / 1000.0;

		at += sprintf(
		        at,
		        "%s{\"type\":\"Feature\",\"properties\":{\"id\":\"f%u\",\"rules\":[{\"rule\":"
		        "\"enter\"}]},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%.3f,%.3f],[%.3f,"
		        "%.3f],[%.3f,%.3f],[%.3f,%.3f],[%.3f,%.3f]]]}}",
		        i ? "," : "", i, x, y, x + 0.005, y, x + 0.005, y + 0.005, x, y + 0.005, x, y);
	}
	sprintf(at, "]}");
	struct weir_fences *fences = fences_of(text);
	free(text);
	return fences;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* ns of one packet; negative where the program does something else with it. */
static double run_at(int program, const struct place *place, int repeat)
{
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = place->frame, .data_size_in = place->length,
	            .repeat = repeat);

	if (bpf_prog_test_run_opts(program, &run) != 0 || run.retval != XDP_DROP)
		return -1;
	return run.duration;
}

static double run_everywhere(int program)
{
	double sum = 0;

	for (size_t i = 0; i < PLACES; i++)
		sum += run_at(program, &places[i], REPEAT);
	return sum / PLACES;
}

/* Places that are outside of both areas. */
static void choose_places(struct chance *chance, int one, int other)
{
	for (size_t i = 0; i < PLACES;) {
		struct payload payload;
		char text[200];

		make_report(&payload, 168, 1, 244660000 + (uint32_t)i,
		            WEST * 600000 + (int32_t)chance_below(chance, (EAST - WEST) * 600000),
		            SOUTH * 600000 + (int32_t)chance_below(chance, (NORTH - SOUTH) * 600000));
		uint32_t length = make_sentence(text, sizeof(text), "!AIVDM,1,1,,A,", &payload, "\r\n");
		places[i].length = make_plain_frame(places[i].frame, text, length);
		i += run_at(one, &places[i], 1) >= 0 && run_at(other, &places[i], 1) >= 0;
	}
}

__attribute__((format(printf, 2, 0))) static int silent(enum libbpf_print_level level, const char *format,
                                                        va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

int main(int argc, char **argv)
{
	static const struct weir_box box = {3.6, 51.8, 4.6, 52.2};
	static double ns[3][ROUNDS_MAX];
	struct chance chance = {.state = 7};
	int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 15;

	if (rounds < 1 || rounds > ROUNDS_MAX)
		rounds = 15;
	libbpf_set_print(silent);
	struct weir_fences *fences = many_fences(&chance);
	struct yardstick_bpf *yardstick = yardstick_bpf__open_and_load();
	struct weir_bpf *one = load(&box, NULL), *many = load(NULL, fences);
	if (yardstick == NULL)
		return EXIT_FAILURE;
	const int programs[] = {bpf_program__fd(yardstick->progs.count_and_drop),
	                        bpf_program__fd(one->progs.weir_prefilter),
	                        bpf_program__fd(many->progs.weir_prefilter)};
	const char *const names[] = {"count and drop: the yardstick", "outside of one box",
	                             "outside of 10,000 fences"};

	choose_places(&chance, programs[1], programs[2]);
	for (int round = 0; round < rounds; round++)
		for (int i = 0; i < 3; i++)
			ns[i][round] = run_everywhere(programs[i]);
	for (int i = 0; i < 3; i++) {
		qsort(ns[i], (size_t)rounds, sizeof(double), compare);
		printf("  %-44s %6.1f ns   %5.2f\n", names[i], ns[i][rounds / 2],
		       ns[i][rounds / 2] / ns[0][rounds / 2]);
	}
	printf("  PROPORTION 10,000 fences: %.2f times one box\n", ns[2][rounds / 2] / ns[1][rounds / 2]);
	weir_fences_free(fences);
	return EXIT_SUCCESS;
}
