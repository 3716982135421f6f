/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir simulate: a scenario, or the AIS traffic of a port, as datagrams or as lines. What happens in them is
 * in userspace/scenario and userspace/simulate; here are options, and what is said in the end.
 */
#include "cli/simulate.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/words.h"
#include "gateway/setup.h"
#include "scenario/play.h"
#include "simulate/fleet.h"

#define NANOSECONDS INT64_C(1000000000)

static const char help[] =
        "usage: weir simulate [SCENARIO] [OPTION...]\n"
        "\n"
        "Plays a scenario, a YAML file that says what devices do (README.md lists its keys); each line has a "
        "TAG\n"
        "block with time and station. Without one: the AIS traffic of Rotterdam's roads and harbours and of "
        "the\n"
        "North Sea around, as an antenna at Hoek van Holland hears it. Datagrams of one sentence each with "
        "--to,\n"
        "else lines. The same scenario gives the same bytes; so do the same options, given --start.\n"
        "\n"
        "      --to HOST:PORT       send UDP datagrams there, in real time\n"
        "      --output FILE        lines to a file (standard output)\n"
        "      --seconds N          how long, in the simulation's time (a scenario to its end; else with "
        "--to for\n"
        "                           ever, without it 60)\n"
        "      --start TIME         of the simulation: Unix seconds, 2026-11-22T05:14:25Z, or now (what the\n"
        "                           scenario says, else now)\n"
        "      --rate N             N times as fast as life; max: as fast as it goes (with --to 1, else "
        "max)\n"
        "      --pps N              N datagrams a second, whatever the simulation's time\n"
        "  -q, --quiet              no summary on standard error\n"
        "\n"
        "Without a scenario only:\n"
        "      --vessels N          how many (300)\n"
        "      --seed N             another fleet for each number (1)\n"
        "      --tag[=STATION]      a TAG block with time and station before each sentence\n"
        "      --malformed PERCENT  so many malformed datagrams for each 100 positions, each kind in turn "
        "(0)\n"
        "\n"
        "      --help               this text\n"
        "      --version            print the version\n";

struct simulation {
	struct simulate_way way;
	double seconds; /* 0: to the end, or for ever */
	bool has_start, quiet;
	const char *of_fleet; /* the last option that a scenario has no use for */
	struct weir_traffic_options traffic;
};

/* ---- A port ---- */

static int64_t traffic_due_ns(void *context)
{
	return weir_traffic_due_ns(context);
}

static int traffic_next(void *context, struct weir_transmission *transmission)
{
	return weir_traffic_next(context, transmission);
}

static void summarise_sent(const struct simulate_sum *sum)
{
	if (sum->sent)
		fprintf(stderr, "weir: sent %" PRIu64 " datagrams, %" PRIu64 " bytes, %" PRIu64 " failed\n",
		        sum->datagrams, sum->bytes, sum->failed);
}

static void summarise_traffic(const struct simulation *simulation, const struct simulate_sum *sum,
                              const struct weir_traffic *traffic)
{
	const struct weir_traffic_counters *counters = weir_traffic_counters(traffic);
	uint64_t malformed = 0;

	for (size_t i = 0; i < WEIR_SPOILS; i++)
		malformed += counters->spoiled[i];
	fprintf(stderr,
	        "weir: simulated %.0f s of %zu vessels: %" PRIu64 " positions, %" PRIu64 " static, %" PRIu64
	        " malformed\n",
	        sum->seconds, simulation->traffic.vessels, counters->positions, counters->statics, malformed);
	summarise_sent(sum);
}

static void set_end(struct simulation *simulation, int64_t start_ns)
{
	simulation->way.start_ns = start_ns;
	simulation->way.end_ns = simulation->seconds > 0
	                                 ? start_ns + llrint(simulation->seconds * (double)NANOSECONDS)
	                                 : INT64_MAX;
}

static int simulate_traffic(struct simulation *simulation)
{
	struct weir_traffic *traffic = NULL;
	struct simulate_sum sum;
	int rc = weir_traffic_new(&traffic, &simulation->traffic);

	if (rc < 0) {
		fprintf(stderr, "weir: can't begin to simulate: %s\n", strerror(-rc));
		return WEIR_EXIT_FAILED;
	}
	const struct simulate_source source = {traffic, traffic_due_ns, traffic_next};
	if (simulation->seconds <= 0 && !simulation->way.to)
		simulation->seconds = 60;
	set_end(simulation, simulation->traffic.start_ns);
	rc = simulate_play(&source, &simulation->way, &sum);
	if (rc == 0 && !simulation->quiet)
		summarise_traffic(simulation, &sum, traffic);
	weir_traffic_free(traffic);
	return rc < 0 ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

/* ---- A scenario ---- */

static int64_t play_due_ns(void *context)
{
	return weir_play_due_ns(context);
}

static int play_next(void *context, struct weir_transmission *transmission)
{
	return weir_play_next(context, transmission);
}

static int play_scenario(struct simulation *simulation, const struct weir_scenario *scenario)
{
	struct weir_play *play = NULL;
	struct simulate_sum sum;
	int rc = weir_play_new(&play, scenario);

	if (rc < 0) {
		fprintf(stderr, "weir: can't begin to simulate: %s\n",
		        rc == -ENOTSUP ? "the PROJ library can't be loaded" : strerror(-rc));
		return rc;
	}
	const struct simulate_source source = {play, play_due_ns, play_next};
	set_end(simulation, scenario->start_ns);
	rc = simulate_play(&source, &simulation->way, &sum);
	const struct weir_play_counters *counters = weir_play_counters(play);
	if (rc == 0 && !simulation->quiet) {
		fprintf(stderr,
		        "weir: simulated %.0f s of %zu devices: %" PRIu64 " positions, %" PRIu64
		        " other messages, %" PRIu64 " datagrams, %" PRIu64 " of them late\n",
		        sum.seconds, scenario->device_count, counters->positions, counters->others,
		        counters->datagrams, counters->late);
		summarise_sent(&sum);
	}
	weir_play_free(play);
	return rc;
}

static int simulate_scenario(struct simulation *simulation, const char *file)
{
	struct weir_problems problems = {0};
	struct weir_scenario *scenario = NULL;
	int rc = weir_scenario_load(&scenario, file, &problems);

	weir_problems_print(&problems, stderr);
	weir_problems_clear(&problems);
	if (rc < 0)
		return WEIR_EXIT_CONFIG;
	if (simulation->has_start)
		scenario->start_ns = simulation->traffic.start_ns;
	rc = play_scenario(simulation, scenario);
	weir_scenario_free(scenario);
	return rc < 0 ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

/* ---- Options ---- */

static bool read_start(struct simulation *simulation, const char *text)
{
	simulation->has_start = true;
	return strcmp(text, "now") == 0 || weir_word_time(text, &simulation->traffic.start_ns);
}

/* Those of the fleet. True where the value is good. */
static bool read_fleet_option(struct simulation *simulation, int option, const char *value)
{
	struct weir_traffic_options *traffic = &simulation->traffic;
	double number;

	switch (option) {
	case 'n':
		simulation->of_fleet = "--vessels";
		if (!weir_word_number(value, 1, WEIR_FLEET_MAX, &number))
			return false;
		traffic->vessels = (size_t)number;
		return true;
	case 'e':
		simulation->of_fleet = "--seed";
		if (!weir_word_number(value, 0, 9e15, &number))
			return false;
		traffic->seed = (uint64_t)number;
		return true;
	case 'g':
		simulation->of_fleet = "--tag";
		traffic->tag = true;
		traffic->station = value;
		return !value || (strlen(value) >= 1 && strlen(value) <= 15 && !strpbrk(value, ",*\\!$"));
	default:
		simulation->of_fleet = "--malformed";
		if (!weir_word_number(value, 0, 100, &number))
			return false;
		traffic->malformed_share = number / 100;
		return true;
	}
}

/* True where the value of an option is good. */
static bool read_option(struct simulation *simulation, int option, const char *value)
{
	struct simulate_way *way = &simulation->way;

	switch (option) {
	case 't':
		way->to = value;
		return true;
	case 'o':
		way->output = value;
		return true;
	case 's':
		return weir_word_number(value, 0.001, 1e9, &simulation->seconds);
	case 'b':
		return read_start(simulation, value);
	case 'r':
		if (strcmp(value, "max") == 0) {
			way->rate = 0;
			return true;
		}
		return weir_word_number(value, 0.001, 1e6, &way->rate);
	case 'p':
		return weir_word_number(value, 0.001, 1e8, &way->pps);
	case 'q':
		simulation->quiet = true;
		return true;
	default:
		return read_fleet_option(simulation, option, value);
	}
}

static const struct option table[] = {
        {"to", required_argument, NULL, 't'},      {"output", required_argument, NULL, 'o'},
        {"vessels", required_argument, NULL, 'n'}, {"seconds", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 'e'},    {"start", required_argument, NULL, 'b'},
        {"rate", required_argument, NULL, 'r'},    {"pps", required_argument, NULL, 'p'},
        {"tag", optional_argument, NULL, 'g'},     {"malformed", required_argument, NULL, 'm'},
        {"quiet", no_argument, NULL, 'q'},         WEIR_OPTIONS_END,
};

static int take(void *context, int option, char *value)
{
	return read_option(context, option, value) ? 0 : weir_usage("simulate", "not a good value", value);
}

static const struct weir_options options = {
        .command = "simulate", .help = help, .letters = ":qhV", .table = table, .take = take};

int weir_cli_simulate(int argc, char **argv)
{
	struct simulation simulation = {
	        .way = {.rate = -1},
	        .traffic = {.vessels = 300, .seed = 1, .start_ns = time(NULL) * NANOSECONDS},
	};
	int status;

	int first = weir_options_read(argc, argv, &options, &simulation, &status);
	if (first < 0)
		return status;
	if (first + 1 < argc)
		return weir_usage("simulate", "unexpected", argv[first + 1]);
	if (simulation.way.to && simulation.way.output)
		return weir_usage("simulate", "goes with no --to", "--output");
	if (simulation.way.rate < 0)
		simulation.way.rate = simulation.way.to ? 1 : 0;
	if (first == argc)
		return simulate_traffic(&simulation);
	if (simulation.of_fleet)
		return weir_usage("simulate", "goes with no scenario", simulation.of_fleet);
	return simulate_scenario(&simulation, argv[first]);
}
