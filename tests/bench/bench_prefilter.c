/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a verdict of the prefilter costs, beside a program that does nothing and one that only counts and
 * drops: ns a packet by BPF_PROG_TEST_RUN, medians of many short runs taken in turn, so that a busy machine
 * slows all of them down alike. What arrives on an interface is measured by bench_prefilter_live.
 *
 *     bench_prefilter [ROUNDS]     default 31
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/frames.h"
#include "prefilter/prefilter.h"
#include "prefilter/senders.h"
#include "steps.skel.h"
#include "weir.skel.h"
#include "yardstick.skel.h"

#define REPEAT 100000 /* packets a run: a few milliseconds */
#define ROUNDS_MAX 301

#define OUTSIDE "!AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2C\r\n"

#define GPS_TAG "\\s:truck-208,c:1700000755*51\\"
#define GPS_RMC "$GPRMC,083559.00,A,4717.11437,N,00833.91522,E,0.004,77.52,091202,,,A*57\r\n"
#define GPS_GGA "$GPGGA,110124,5505.330990,N,03858.587325,E,2,09,0.9,2177.0,M,14.0,M,,*7D\r\n"
#define GPS_VTG "$GPVTG,86.2,T,86.2,M,152.6,N,282.7,K,D*29\r\n"

static int rounds = 31;

/* Something to measure: a program and the frame that it gets. */
struct subject {
	const char *name;
	int program;
	uint8_t frame[512];
	uint32_t length;
	int action; /* what it must say */
	double ns[ROUNDS_MAX];
	double median;
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double run_once(const struct subject *subject)
{
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = subject->frame, .data_size_in = subject->length,
	            .repeat = REPEAT);

	if (bpf_prog_test_run_opts(subject->program, &run) != 0 || (int)run.retval != subject->action) {
		fprintf(stderr, "bench_prefilter: %s: action %u instead of %d\n", subject->name, run.retval,
		        subject->action);
		exit(EXIT_FAILURE);
	}
	return run.duration;
}

static void measure(struct subject *subjects, size_t count)
{
	for (int round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++)
			subjects[i].ns[round] = run_once(&subjects[i]);
	for (size_t i = 0; i < count; i++) {
		qsort(subjects[i].ns, (size_t)rounds, sizeof(double), compare);
		subjects[i].median = subjects[i].ns[rounds / 2];
	}
}

static void set_frame(struct subject *subject, const struct shape *shape, const char *payload)
{
	subject->length = make_frame(subject->frame, shape, payload, (uint32_t)strlen(payload));
}

static uint32_t report(char *out, size_t size, uint32_t type, uint32_t count, int32_t longitude,
                       int32_t latitude)
{
	struct payload payload;

	make_report(&payload, count, type, 244660000, longitude, latitude);
	return make_sentence(out, size, "!AIVDM,1,1,,A,", &payload, "\r\n");
}

/* An area of tiles with every other bit set: what ten thousand fences make of it, and worse. */
static void fill_area(struct weir_prefilter_shared *shared)
{
	for (uint32_t i = 0; i < WEIR_AREA_CELLS; i++)
		shared->areas[0].cells[i] = (uint16_t)(WEIR_CELL_TILE + i % WEIR_TILES_MAX);
	for (uint32_t i = 0; i < WEIR_TILES_MAX; i++)
		for (uint32_t row = 0; row < WEIR_TILE_ROWS; row++)
			shared->areas[0].tiles[i].rows[row] = 0x5555555555555555;
}

static struct weir_bpf *load(void)
{
	struct weir_bpf *object = weir_bpf__open_and_load();

	if (object != NULL)
		object->bss->weir_shared.ports[weir_port_index(10110)] = 1;
	return object;
}

static void print(const struct subject *subject, double yardstick, const char *unit)
{
	printf("  %-44s %6.1f %s   %5.2f\n", subject->name, subject->median, unit,
	       subject->median / yardstick);
}

static void bench_verdicts(void)
{
	struct yardstick_bpf *yardstick = yardstick_bpf__open_and_load();
	struct weir_bpf *empty = load(), *full = load();

	if (yardstick == NULL || empty == NULL || full == NULL) {
		fprintf(stderr, "bench_prefilter: BPF programs can't be loaded here\n");
		exit(EXIT_FAILURE);
	}
	fill_area(&full->bss->weir_shared);
	int ours = bpf_program__fd(empty->progs.weir_prefilter);
	char tagged[200] = "\\s:rtm-west,c:1700000000*";
	char pair[200], inside[100], odd[100], text[100];

	snprintf(tagged + strlen(tagged), 10, "%02X\\", xor_of(tagged + 1, strlen(tagged) - 2));
	strncat(tagged, OUTSIDE, sizeof(tagged) - strlen(tagged) - 1);
	snprintf(pair, sizeof(pair), "%s%s", OUTSIDE, OUTSIDE);
	report(inside, sizeof(inside), 1, 168, 0, 0); /* in a bit of the full area that is set */
	report(odd, sizeof(odd), 27, 96, 0, 0);
	report(text, sizeof(text), 14, 168, 0, 0);

	const struct shape plain = {.ip = 4}, vlan = {.ip = 4, .tags = 1}, six = {.ip = 6},
	                   tcp = {.ip = 4, .protocol = 6};
	static struct subject subjects[15];
	const struct {
		const char *name;
		int program;
		const struct shape *shape;
		const char *payload;
		int action;
	} table[] = {
	        {"nothing, pass", bpf_program__fd(yardstick->progs.empty_pass), &plain, OUTSIDE, XDP_PASS},
	        {"count and drop: the yardstick", bpf_program__fd(yardstick->progs.count_and_drop), &plain,
	         OUTSIDE, XDP_DROP},
	        {"outside, plain, an empty area", ours, &plain, OUTSIDE, XDP_DROP},
	        {"outside, plain, tiles everywhere", bpf_program__fd(full->progs.weir_prefilter), &plain,
	         OUTSIDE, XDP_DROP},
	        {"inside, plain, tiles everywhere", bpf_program__fd(full->progs.weir_prefilter), &plain,
	         inside, XDP_PASS},
	        {"outside, IPv4 in a VLAN", ours, &vlan, OUTSIDE, XDP_DROP},
	        {"outside, IPv6", ours, &six, OUTSIDE, XDP_DROP},
	        {"outside, with a TAG block", ours, &plain, tagged, XDP_DROP},
	        {"outside, two sentences", ours, &plain, pair, XDP_DROP},
	        {"outside, type 27", ours, &plain, odd, XDP_DROP},
	        {"a type without position", ours, &plain, text, XDP_PASS},
	        {"GPS: RMC outside", ours, &plain, GPS_RMC, XDP_DROP},
	        {"GPS: RMC outside, with a TAG block", ours, &plain, GPS_TAG GPS_RMC, XDP_DROP},
	        {"GPS: RMC, GGA and VTG outside", ours, &plain, GPS_RMC GPS_GGA GPS_VTG, XDP_DROP},
	        {"TCP", ours, &tcp, OUTSIDE, XDP_PASS},
	};
	const size_t count = sizeof(table) / sizeof(table[0]);

	for (size_t i = 0; i < count; i++) {
		subjects[i].name = table[i].name;
		subjects[i].program = table[i].program;
		subjects[i].action = table[i].action;
		set_frame(&subjects[i], table[i].shape, table[i].payload);
	}
	measure(subjects, count);
	printf("  %-44s ns, median   of the yardstick\n", "verdict");
	for (size_t i = 0; i < count; i++)
		print(&subjects[i], subjects[1].median, "ns");
	printf("  PROPORTION plain: %.2f times the yardstick, with tiles everywhere %.2f (at most 1.7); TAG "
	       "block: %.2f (at most 3)\n",
	       subjects[2].median / subjects[1].median, subjects[3].median / subjects[1].median,
	       subjects[7].median / subjects[1].median);
	yardstick_bpf__destroy(yardstick);
	weir_bpf__destroy(empty);
	weir_bpf__destroy(full);
}

static void bench_steps(void)
{
	struct steps_bpf *steps = steps_bpf__open_and_load();
	struct yardstick_bpf *yardstick = yardstick_bpf__open_and_load();

	if (steps == NULL || yardstick == NULL)
		exit(EXIT_FAILURE);
	steps->bss->weir_shared.ports[weir_port_index(10110)] = 1;
	static struct subject subjects[] = {{.name = "count and drop"},     {.name = "+ packet and port"},
	                                    {.name = "+ grammar"},          {.name = "+ checksum"},
	                                    {.name = "+ alphabet"},         {.name = "+ devices"},
	                                    {.name = "+ position and area"}};
	struct bpf_program *const programs[] = {yardstick->progs.count_and_drop,
	                                        steps->progs.step_packet,
	                                        steps->progs.step_grammar,
	                                        steps->progs.step_checksum,
	                                        steps->progs.step_alphabet,
	                                        steps->progs.step_devices,
	                                        steps->progs.step_all};
	const size_t count = sizeof(subjects) / sizeof(subjects[0]);

	for (size_t i = 0; i < count; i++) {
		subjects[i].program = bpf_program__fd(programs[i]);
		subjects[i].action = XDP_DROP;
		set_frame(&subjects[i], &(struct shape){.ip = 4}, OUTSIDE);
	}
	measure(subjects, count);
	printf("\n  %-44s ns, median   of which the step\n", "the plain case, step by step");
	for (size_t i = 0; i < count; i++)
		printf("  %-44s %6.1f ns   %5.1f\n", subjects[i].name, subjects[i].median,
		       i == 0 ? subjects[0].median : subjects[i].median - subjects[i - 1].median);
	steps_bpf__destroy(steps);
	yardstick_bpf__destroy(yardstick);
}

/* Policies on senders, with everything that they need in the same program; a policy that is off is no part of
 * it. */

#define NETWORKS 250

static struct weir_bpf *load_with(const struct weir_prefilter_options *options)
{
	struct weir_bpf *object = weir_bpf__open();

	if (object == NULL || weir_senders_prepare(object, options) != 0 || weir_bpf__load(object) != 0 ||
	    weir_senders_fill(object, options) != 0)
		exit(EXIT_FAILURE);
	object->bss->weir_shared.ports[weir_port_index(10110)] = 1;
	return object;
}

static void bench_senders(void)
{
	static struct weir_network networks[NETWORKS];
	const struct weir_rate rate = {1, UINT32_MAX}; /* never empty, never full */
	const struct {
		const char *name;
		struct weir_prefilter_options options;
	} table[] = {
	        {"nothing of it", {.allow = NULL}},
	        {"allow-list of one network", {.allow = networks, .allow_count = 1}},
	        {"allow-list of 250 networks", {.allow = networks, .allow_count = NETWORKS}},
	        {"rate limit", {.rate = rate}},
	        {"table of senders", {.senders = 1024}},
	        {"all three", {.allow = networks, .allow_count = NETWORKS, .rate = rate, .senders = 1024}},
	};
	enum { COUNT = sizeof(table) / sizeof(table[0]) };
	static struct subject subjects[COUNT + 1] = {{.name = "count and drop"}};
	struct yardstick_bpf *yardstick = yardstick_bpf__open_and_load();
	struct weir_bpf *objects[COUNT];

	if (yardstick == NULL)
		exit(EXIT_FAILURE);
	for (unsigned i = 0; i < NETWORKS; i++) /* 10.0.0.0/24, where frames come from, and its neighbours */
		networks[i] = (struct weir_network){
		        {[10] = 0xff, 0xff, 10, 0, (uint8_t)i}, .is_ipv4 = 1, .prefix_length = 24};
	subjects[0].program = bpf_program__fd(yardstick->progs.count_and_drop);
	for (size_t i = 0; i < COUNT; i++) {
		objects[i] = load_with(&table[i].options);
		subjects[i + 1].name = table[i].name;
		subjects[i + 1].program = bpf_program__fd(objects[i]->progs.weir_prefilter);
	}
	for (size_t i = 0; i <= COUNT; i++) {
		subjects[i].action = XDP_DROP;
		set_frame(&subjects[i], &(struct shape){.ip = 4}, OUTSIDE);
	}
	measure(subjects, COUNT + 1);
	printf("\n  %-44s ns, median   more than nothing\n", "policies on senders, outside, plain");
	for (size_t i = 0; i <= COUNT; i++)
		printf("  %-44s %6.1f ns   %5.1f\n", subjects[i].name, subjects[i].median,
		       subjects[i].median - subjects[1].median);
	for (size_t i = 0; i < COUNT; i++)
		weir_bpf__destroy(objects[i]);
	yardstick_bpf__destroy(yardstick);
}

__attribute__((format(printf, 2, 0))) static int silent(enum libbpf_print_level level, const char *format,
                                                        va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

int main(int argc, char **argv)
{
	if (argc > 1)
		rounds = (int)strtol(argv[1], NULL, 10);
	if (rounds < 1 || rounds > ROUNDS_MAX)
		rounds = 31;
	libbpf_set_print(silent);
	bench_verdicts();
	bench_steps();
	bench_senders();
	return EXIT_SUCCESS;
}
