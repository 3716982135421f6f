/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many datagrams a second one CPU disposes of that arrive on a veth as if from a wire: by a bare XDP
 * program, by the prefilter, by nftables with a match at a fixed offset, and by the network stack, which
 * finds no socket for them. All take the same frame, in turns, so that a busy machine slows all of them down
 * alike.
 *
 *     bench_prefilter_live [ROUNDS]     default 5
 *
 * In a network namespace of its own, which ends with the process.
 */
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bpf/frames.h"
#include "bpf/live_frames.h"
#include "prefilter/prefilter.h"
#include "weir.skel.h"
#include "yardstick.skel.h"

#define ROUNDS_MAX 51
#define PACKETS 1000000 /* a round: a fraction of a second */

#define OUTSIDE "!AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2C\r\n"
#define TAG "\\s:rtm-west,c:1700000000*69\\"

/* The first eight bytes of the payload, "!AIVDM,1", behind the UDP header of eight. */
#define NFT_RULE "udp dport 10110 @th,64,64 0x21414956444d2c31 counter name dropped drop"

/* One way to treat what arrives. What counts is what arrived, not what was sent. */
struct way {
	const char *name;
	int program;             /* attached natively */
	int counters;            /* the program's; -1: see `handled` */
	size_t words;            /* of the counters, each CPU */
	double (*handled)(void); /* where it is not the program that counts */
	const char *chain;       /* of nftables; NULL: none */
	const char *payload;
	uint32_t packets;
	double rates[ROUNDS_MAX], sent, arrived;
};

static int rounds = 5;

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double sum_over_cpus(int map, size_t words)
{
	uint64_t values[64 * 32];
	uint32_t zero = 0;
	double sum = 0;
	size_t cpus = (size_t)libbpf_num_possible_cpus();

	if (cpus * words > sizeof(values) / sizeof(values[0]) || bpf_map_lookup_elem(map, &zero, values) != 0)
		return -1;
	for (size_t i = 0; i < cpus * words; i++)
		sum += (double)values[i];
	return sum;
}

/* Datagrams that the stack took and found no socket for. */
static double stack_took(void)
{
	FILE *file = fopen("/proc/thread-self/net/snmp", "r");
	char line[512];
	double no_ports = -1, taken;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "Udp: %lf %lf", &taken, &no_ports) == 2)
			break;
	if (file != NULL)
		fclose(file);
	return no_ports;
}

/* "packets 17 bytes 1292" */
static double nft_dropped(void)
{
	FILE *pipe = popen("nft list counters", "r");
	char line[512];
	double packets = -1;

	while (pipe != NULL && fgets(line, sizeof(line), pipe) != NULL) {
		const char *at = strstr(line, "packets ");

		if (at != NULL && sscanf(at, "packets %lf", &packets) == 1)
			break;
	}
	if (pipe != NULL)
		pclose(pipe);
	return packets;
}

static double handled(const struct way *way)
{
	return way->counters >= 0 ? sum_over_cpus(way->counters, way->words) : way->handled();
}

static bool run_shell(const char *command)
{
	return system(command) == 0;
}

/* The table of nftables is there only while it is measured. */
static bool set_up_table(const struct way *way)
{
	char command[400];

	if (way->chain == NULL)
		return true;
	const char *family = strstr(way->chain, "ingress") != NULL ? "netdev" : "ip";

	snprintf(command, sizeof(command),
	         "nft 'table %s bench { counter dropped { }; chain c { type filter hook %s; " NFT_RULE
	         "; }; }'",
	         family, way->chain);
	return run_shell(command);
}

static void run_round(struct way *way, int gate, struct live_frames *sender, int round)
{
	static uint8_t frame[512];
	uint32_t length = make_plain_frame(frame, way->payload, (uint32_t)strlen(way->payload));

	if (!set_up_table(way) || bpf_xdp_attach(gate, way->program, XDP_FLAGS_DRV_MODE, NULL) != 0 ||
	    live_frames_aim(frame, "gate0") != 0) {
		fprintf(stderr, "bench_prefilter_live: %s can't be set up\n", way->name);
		exit(EXIT_FAILURE);
	}
	double before = handled(way), begin = now_s();

	if (live_frames_send(sender, frame, length, way->packets) != 0)
		exit(EXIT_FAILURE);
	double seconds = now_s() - begin, more = handled(way) - before;
	way->rates[round] = more / seconds / 1e6;
	way->sent += way->packets;
	way->arrived += more;
	bpf_xdp_detach(gate, XDP_FLAGS_DRV_MODE, NULL);
	if (way->chain != NULL)
		run_shell("nft flush ruleset");
}

static bool set_up_veth(void)
{
	return unshare(CLONE_NEWNET) == 0 &&
	       run_shell("ip link add feeder0 type veth peer name gate0 && ip link set feeder0 up && "
	                 "ip link set gate0 up && ip link set lo up && ip addr add 10.0.0.2/24 dev gate0");
}

static void print(struct way *ways, size_t count)
{
	for (size_t i = 0; i < count; i++)
		qsort(ways[i].rates, (size_t)rounds, sizeof(double), compare);
	printf("  %-44s Mpackets/s   of the yardstick   lost on the veth\n", "frames over a veth, one CPU");
	for (size_t i = 0; i < count; i++)
		printf("  %-44s %6.2f       %5.2f              %5.1f %%\n", ways[i].name,
		       ways[i].rates[rounds / 2], ways[i].rates[rounds / 2] / ways[0].rates[rounds / 2],
		       100 * (1 - ways[i].arrived / ways[i].sent));
}

__attribute__((format(printf, 2, 0))) static int silent(enum libbpf_print_level level, const char *format,
                                                        va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

int main(int argc, char **argv)
{
	struct live_frames sender;

	if (argc > 1)
		rounds = (int)strtol(argv[1], NULL, 10);
	if (rounds < 1 || rounds > ROUNDS_MAX)
		rounds = 5;
	libbpf_set_print(silent);
	struct yardstick_bpf *yardstick = yardstick_bpf__open_and_load();
	struct weir_bpf *ours = weir_bpf__open_and_load();
	if (yardstick == NULL || ours == NULL || !set_up_veth() ||
	    live_frames_open(&sender, if_nametoindex("feeder0")) != 0) {
		fprintf(stderr, "bench_prefilter_live: frames can't be sent here\n");
		return EXIT_FAILURE;
	}
	ours->bss->weir_shared.ports[weir_port_index(10110)] = 1;
	int pass = bpf_program__fd(yardstick->progs.empty_pass);
	int weir = bpf_program__fd(ours->progs.weir_prefilter);
	int verdicts = bpf_map__fd(ours->maps.weir_counters);
	static struct way ways[] = {
	        {.name = "XDP: count and drop", .words = 1, .packets = PACKETS, .payload = OUTSIDE},
	        {.name = "weir: outside, dropped", .packets = PACKETS, .payload = OUTSIDE},
	        {.name = "weir: outside, with a TAG block, dropped",
	         .packets = PACKETS,
	         .payload = TAG OUTSIDE},
	        {.name = "nftables: ingress, fixed offset, dropped",
	         .chain = "ingress device gate0 priority 0",
	         .handled = nft_dropped,
	         .packets = PACKETS / 4,
	         .payload = OUTSIDE},
	        {.name = "nftables: prerouting raw, the same",
	         .chain = "prerouting priority raw",
	         .handled = nft_dropped,
	         .packets = PACKETS / 4,
	         .payload = OUTSIDE},
	        {.name = "the stack, no socket there",
	         .handled = stack_took,
	         .packets = PACKETS / 10,
	         .payload = OUTSIDE},
	};
	const size_t count = sizeof(ways) / sizeof(ways[0]);

	for (size_t i = 0; i < count; i++) {
		ways[i].program = i == 0  ? bpf_program__fd(yardstick->progs.count_and_drop)
		                  : i < 3 ? weir
		                          : pass;
		ways[i].counters = i == 0 ? bpf_map__fd(yardstick->maps.dropped) : i < 3 ? verdicts : -1;
		if (i == 1 || i == 2)
			ways[i].words = WEIR_REASONS;
	}
	for (int round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++)
			run_round(&ways[i], (int)if_nametoindex("gate0"), &sender, round);
	print(ways, count);
	const int middle = rounds / 2;
	printf("  PROPORTION the prefilter disposes of %.1f times as many as nftables, %.0f times as many as "
	       "the "
	       "stack\n",
	       ways[1].rates[middle] / ways[3].rates[middle], ways[1].rates[middle] / ways[5].rates[middle]);
	live_frames_close(&sender);
	return EXIT_SUCCESS;
}
