/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir simulate: the AIS traffic of a port, as datagrams or as lines. The port and its ships are in
 * userspace/simulate; here are options, pace and output.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/words.h"
#include "simulate/fleet.h"
#include "simulate/pacer.h"
#include "simulate/sender.h"
#include "simulate/traffic.h"

#define NANOSECONDS INT64_C(1000000000)

static const char help[] =
        "usage: weir simulate [OPTION...]\n"
        "\n"
        "The AIS traffic of Rotterdam's roads and harbours and of the North Sea around, as an antenna at\n"
        "Hoek van Holland hears it: datagrams of one sentence each with --to, else lines on standard "
        "output.\n"
        "The same options give the same bytes, given --start.\n"
        "\n"
        "      --to HOST:PORT       send UDP datagrams there, in real time\n"
        "      --vessels N          how many (300)\n"
        "      --seconds N          how long, in the simulation's time (with --to for ever, else 60)\n"
        "      --seed N             another fleet for each number (1)\n"
        "      --start TIME         of the simulation: Unix seconds or 2026-11-22T05:14:25Z (now)\n"
        "      --rate N             N times as fast as life; max: as fast as it goes (with --to 1, else "
        "max)\n"
        "      --pps N              N datagrams a second, whatever the simulation's time\n"
        "      --tag[=STATION]      a TAG block with time and station before each sentence\n"
        "      --malformed PERCENT  so many malformed datagrams for each 100 positions, each kind in turn "
        "(0)\n"
        "  -q, --quiet              no summary on standard error\n"
        "      --help               this text\n"
        "      --version            print the version\n";

struct simulation {
	const char *to;
	double seconds; /* 0: for ever */
	double rate;    /* 0: as fast as it goes */
	double pps;     /* 0: not by count */
	bool quiet;
	struct weir_traffic_options traffic;
	/* below: while it runs */
	struct weir_sender *sender;
	struct weir_pacer *pacer;
	uint64_t datagrams;
	int64_t last_ns;
	int output_error; /* an errno: why standard output takes nothing any more */
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* The first SIGINT or SIGTERM ends the work in good order. */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = stop};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void note_output_error(struct simulation *simulation)
{
	if (simulation->output_error == 0 && ferror(stdout))
		simulation->output_error = errno != 0 ? errno : EIO;
}

/* Waits until what comes next is due, having sent what came before. False: it is time to stop. */
static bool keep_pace(struct simulation *simulation, int64_t due_ns)
{
	if (simulation->pps > 0)
		due_ns = llrint((double)simulation->datagrams / simulation->pps * (double)NANOSECONDS);
	if (weir_pacer_early(simulation->pacer, due_ns)) {
		if (simulation->sender)
			weir_sender_flush(simulation->sender);
		else if (fflush(stdout) != 0)
			note_output_error(simulation);
	}
	while (!stopped && weir_pacer_early(simulation->pacer, due_ns)) {
		int rc = weir_pacer_wait(simulation->pacer, due_ns);
		if (rc < 0 && rc != -EINTR)
			return false;
	}
	return !stopped;
}

/* 0, or a negative errno: standard output takes nothing any more. */
static int put(struct simulation *simulation, const struct weir_transmission *transmission)
{
	for (size_t i = 0; i < transmission->count; i++) {
		const struct weir_line *line = &transmission->lines[i];
		if (simulation->sender) {
			weir_sender_add(simulation->sender, line->bytes, line->length);
		} else {
			fwrite(line->bytes, 1, line->length, stdout);
			/* Malformed datagrams need not end in a line end; the next line must begin on its
			 * own. */
			if (line->length > 0 && line->bytes[line->length - 1] != '\n')
				putchar('\n');
			note_output_error(simulation);
		}
		simulation->datagrams++;
	}
	return -simulation->output_error;
}

static int run(struct simulation *simulation, struct weir_traffic *traffic)
{
	int64_t start_ns = simulation->traffic.start_ns;
	int64_t end_ns = simulation->seconds > 0
	                         ? start_ns + llrint(simulation->seconds * (double)NANOSECONDS)
	                         : INT64_MAX;
	struct weir_transmission transmission;

	/* Begins now, not with the first transmission. */
	weir_pacer_early(simulation->pacer, simulation->pps > 0 ? 0 : start_ns);
	for (;;) {
		int64_t due_ns = weir_traffic_due_ns(traffic);
		if (due_ns >= end_ns) {
			simulation->last_ns = end_ns;
			return simulation->pps > 0 || keep_pace(simulation, end_ns) || stopped ? 0 : -EIO;
		}
		if (!keep_pace(simulation, due_ns))
			return 0;
		int rc = weir_traffic_next(traffic, &transmission);
		if (rc < 0)
			return rc;
		simulation->last_ns = transmission.time_ns;
		rc = put(simulation, &transmission);
		if (rc < 0)
			return rc;
	}
}

static void summarise(const struct simulation *simulation, const struct weir_traffic *traffic)
{
	const struct weir_traffic_counters *counters = weir_traffic_counters(traffic);
	uint64_t malformed = 0;

	for (size_t i = 0; i < WEIR_SPOILS; i++)
		malformed += counters->spoiled[i];
	fprintf(stderr,
	        "weir: simulated %.0f s of %zu vessels: %" PRIu64 " positions, %" PRIu64 " static, %" PRIu64
	        " malformed\n",
	        (double)(simulation->last_ns - simulation->traffic.start_ns) / (double)NANOSECONDS,
	        simulation->traffic.vessels, counters->positions, counters->statics, malformed);
	if (simulation->sender) {
		const struct weir_sender_counters *sent = weir_sender_counters(simulation->sender);
		fprintf(stderr, "weir: sent %" PRIu64 " datagrams, %" PRIu64 " bytes, %" PRIu64 " failed\n",
		        sent->datagrams, sent->bytes, sent->failed);
	}
}

static int simulate(struct simulation *simulation)
{
	struct weir_traffic *traffic = NULL;
	int rc = weir_traffic_new(&traffic, &simulation->traffic);

	if (rc == 0)
		rc = weir_pacer_new(&simulation->pacer, simulation->pps > 0 ? 1 : simulation->rate);
	if (rc < 0) {
		fprintf(stderr, "weir: can't begin to simulate: %s\n", strerror(-rc));
		goto out;
	}
	if (simulation->to) {
		rc = weir_sender_open(&simulation->sender, simulation->to);
		if (rc < 0) {
			fprintf(stderr, "weir: can't send to '%s': %s\n", simulation->to,
			        rc == -EINVAL ? WEIR_SENDER_WANTS : strerror(-rc));
			goto out;
		}
	}
	catch_signals();
	rc = run(simulation, traffic);
	if (simulation->sender)
		weir_sender_flush(simulation->sender);
	else if (fflush(stdout) != 0 && rc == 0)
		rc = -errno;
	if (rc == -EPIPE) /* whoever read it has had enough */
		rc = 0;
	if (rc < 0)
		fprintf(stderr, "weir: the simulation ended early: %s\n", strerror(-rc));
	else if (!simulation->quiet)
		summarise(simulation, traffic);
out:
	weir_sender_close(simulation->sender);
	weir_pacer_free(simulation->pacer);
	weir_traffic_free(traffic);
	return rc < 0 ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

/* True where the value of an option is good. */
static bool read_option(struct simulation *simulation, int option, const char *value)
{
	struct weir_traffic_options *traffic = &simulation->traffic;
	double number;

	switch (option) {
	case 't':
		simulation->to = value;
		return true;
	case 'n':
		if (!weir_word_number(value, 1, WEIR_FLEET_MAX, &number))
			return false;
		traffic->vessels = (size_t)number;
		return true;
	case 's':
		return weir_word_number(value, 0.001, 1e9, &simulation->seconds);
	case 'e':
		if (!weir_word_number(value, 0, 9e15, &number))
			return false;
		traffic->seed = (uint64_t)number;
		return true;
	case 'b':
		return weir_word_time(value, &traffic->start_ns);
	case 'r':
		if (strcmp(value, "max") == 0) {
			simulation->rate = 0;
			return true;
		}
		return weir_word_number(value, 0.001, 1e6, &simulation->rate);
	case 'p':
		return weir_word_number(value, 0.001, 1e8, &simulation->pps);
	case 'g':
		traffic->tag = true;
		traffic->station = value;
		return !value || (strlen(value) >= 1 && strlen(value) <= 15 && !strpbrk(value, ",*\\!$"));
	case 'm':
		if (!weir_word_number(value, 0, 100, &number))
			return false;
		traffic->malformed_share = number / 100;
		return true;
	default:
		simulation->quiet = true;
		return true;
	}
}

static const struct option table[] = {
        {"to", required_argument, NULL, 't'},
        {"vessels", required_argument, NULL, 'n'},
        {"seconds", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 'e'},
        {"start", required_argument, NULL, 'b'},
        {"rate", required_argument, NULL, 'r'},
        {"pps", required_argument, NULL, 'p'},
        {"tag", optional_argument, NULL, 'g'},
        {"malformed", required_argument, NULL, 'm'},
        {"quiet", no_argument, NULL, 'q'},
        WEIR_OPTIONS_END,
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
	        .rate = -1,
	        .traffic = {.vessels = 300, .seed = 1, .start_ns = time(NULL) * NANOSECONDS},
	};
	int status;

	int first = weir_options_read(argc, argv, &options, &simulation, &status);
	if (first < 0)
		return status;
	if (first < argc)
		return weir_usage("simulate", "unexpected", argv[first]);
	if (simulation.rate < 0)
		simulation.rate = simulation.to ? 1 : 0;
	if (simulation.seconds <= 0 && !simulation.to)
		simulation.seconds = 60;
	return simulate(&simulation);
}
