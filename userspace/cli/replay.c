/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir replay: sends a recording as it came, each line with its bytes untouched, at the pace of the times in
 * it. It changes nothing and judges nothing; the decoder is asked for times only.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "batch/recorded.h"
#include "cli/cli.h"
#include "cli/input.h"
#include "cli/options.h"
#include "cli/words.h"
#include "simulate/pacer.h"
#include "simulate/sender.h"

#define NANOSECONDS INT64_C(1000000000)

static const char help[] = "usage: weir replay FILE... --to HOST:PORT [OPTION...]\n"
                           "\n"
                           "Sends recorded lines as datagrams; - is standard input. Each line is one, but "
                           "for a $PGHP line or a TAG\n"
                           "block on a line of its own, which stays with the line after it. Empty lines and "
                           "lines that begin with #\n"
                           "are left out. The pace is that of the times in the recording: TAG block, $PGHP, "
                           "or what USCG receivers\n"
                           "append.\n"
                           "\n"
                           "      --to HOST:PORT   where to\n"
                           "      --speed N        N times as fast as recorded (1)\n"
                           "      --fast           as fast as it goes\n"
                           "      --pps N          datagrams a second of a recording without times (100)\n"
                           "      --gap SECONDS    waits no longer than that between two datagrams (60)\n"
                           "      --seconds N      stops after so many seconds of the recording\n"
                           "      --repeat         begins again at the end of the last file\n"
                           "  -q, --quiet          no summary on standard error\n"
                           "      --help           this text\n"
                           "      --version        print the version\n";

struct replay {
	const char *to;
	double speed; /* 0: as fast as it goes */
	double pps;
	double gap_s;
	double seconds; /* 0: to the end */
	bool repeat, quiet;
	/* below: while it runs */
	struct weir_sender *sender;
	struct weir_pacer *pacer;
	struct weir_lines *lines;
	struct weir_recorded *recorded;
	bool has_times;     /* the recording has shown a time */
	int64_t newest_ns;  /* recorded time: how far the recording has come */
	int64_t elapsed_ns; /* since the beginning, gaps cut short */
	uint64_t timed;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void note_time(struct replay *replay, int64_t time_ns)
{
	int64_t most_ns = llrint(replay->gap_s * (double)NANOSECONDS);
	int64_t gap_ns = replay->has_times ? time_ns - replay->newest_ns : 0;

	replay->has_times = true;
	replay->timed++;
	/* The stations of a recording don't agree on the time: what is a little late goes at once. */
	if (gap_ns < 0 && -gap_ns <= most_ns)
		return;
	if (gap_ns > 0)
		replay->elapsed_ns += gap_ns < most_ns ? gap_ns : most_ns;
	replay->newest_ns = time_ns;
}

/* Waits until the datagram is due. False: it is time to stop. */
static bool keep_pace(struct replay *replay, const struct weir_datagram *datagram)
{
	int64_t time_ns;

	if (weir_recorded_time(replay->recorded, datagram, &time_ns))
		note_time(replay, time_ns);
	else if (!replay->has_times)
		replay->elapsed_ns += llrint((double)NANOSECONDS / replay->pps);
	if (replay->seconds > 0 && (double)replay->elapsed_ns >= replay->seconds * (double)NANOSECONDS)
		return false;
	if (weir_pacer_early(replay->pacer, replay->elapsed_ns))
		weir_sender_flush(replay->sender);
	while (!stopped && weir_pacer_early(replay->pacer, replay->elapsed_ns)) {
		int rc = weir_pacer_wait(replay->pacer, replay->elapsed_ns);
		if (rc < 0 && rc != -EINTR)
			return false;
	}
	return !stopped;
}

static bool play(void *context, const struct weir_datagram *datagram)
{
	struct replay *replay = context;

	if (!keep_pace(replay, datagram))
		return false;
	weir_sender_add(replay->sender, datagram->bytes, datagram->length);
	return true;
}

static bool goes_on(void *context, int fd)
{
	(void)context;
	(void)fd;
	return !stopped;
}

/* 1: go on with the next file, 0: stop, or a negative errno. */
static int play_file(struct replay *replay, const char *file)
{
	const struct input_handler handler = {.context = replay, .datagram = play, .pause = goes_on};
	int result = input_read(file, replay->lines, &handler);

	if (result < 0)
		fprintf(stderr, "weir: %s: %s\n", input_name(file), strerror(-result));
	return stopped && result > 0 ? 0 : result;
}

static int play_files(struct replay *replay, char **files, int count)
{
	struct sigaction action = {.sa_handler = stop};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	do {
		uint64_t before = weir_sender_counters(replay->sender)->datagrams;
		for (int i = 0; i < count; i++) {
			int rc = play_file(replay, files[i]);
			if (rc <= 0)
				return rc;
		}
		weir_sender_flush(replay->sender);
		/* Nothing in them, or standard input, which does not begin again. */
		if (weir_sender_counters(replay->sender)->datagrams == before)
			return 0;
	} while (replay->repeat);
	return 0;
}

static int open_all(struct replay *replay)
{
	int rc = weir_recorded_new(&replay->recorded);

	if (rc == 0)
		rc = weir_lines_new(&replay->lines);
	if (rc == 0)
		rc = weir_pacer_new(&replay->pacer, replay->speed);
	if (rc < 0) {
		fprintf(stderr, "weir: can't begin to replay: %s\n", strerror(-rc));
		return rc;
	}
	rc = weir_sender_open(&replay->sender, replay->to);
	if (rc < 0)
		fprintf(stderr, "weir: can't send to '%s': %s\n", replay->to,
		        rc == -EINVAL ? WEIR_SENDER_WANTS : strerror(-rc));
	return rc;
}

static int replay_files(struct replay *replay, char **files, int count)
{
	int rc = open_all(replay);

	if (rc == 0)
		rc = play_files(replay, files, count);
	if (replay->sender) {
		weir_sender_flush(replay->sender);
		const struct weir_sender_counters *sent = weir_sender_counters(replay->sender);
		if (!replay->quiet && rc >= 0)
			fprintf(stderr,
			        "weir: replayed %.1f s, %" PRIu64 " datagrams with a time\n"
			        "weir: sent %" PRIu64 " datagrams, %" PRIu64 " bytes, %" PRIu64 " failed\n",
			        (double)replay->elapsed_ns / (double)NANOSECONDS, replay->timed,
			        sent->datagrams, sent->bytes, sent->failed);
	}
	weir_sender_close(replay->sender);
	weir_pacer_free(replay->pacer);
	weir_lines_free(replay->lines);
	weir_recorded_free(replay->recorded);
	return rc < 0 ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

/* True where the value of an option is good. */
static bool read_option(struct replay *replay, int option, const char *value)
{
	switch (option) {
	case 't':
		replay->to = value;
		return true;
	case 's':
		return weir_word_number(value, 0.001, 1e6, &replay->speed);
	case 'f':
		replay->speed = 0;
		return true;
	case 'p':
		return weir_word_number(value, 0.001, 1e8, &replay->pps);
	case 'g':
		return weir_word_number(value, 0, 1e9, &replay->gap_s);
	case 'n':
		return weir_word_number(value, 0.001, 1e9, &replay->seconds);
	case 'r':
		replay->repeat = true;
		return true;
	default:
		replay->quiet = true;
		return true;
	}
}

static const struct option table[] = {
        {"to", required_argument, NULL, 't'},
        {"speed", required_argument, NULL, 's'},
        {"fast", no_argument, NULL, 'f'},
        {"pps", required_argument, NULL, 'p'},
        {"gap", required_argument, NULL, 'g'},
        {"seconds", required_argument, NULL, 'n'},
        {"repeat", no_argument, NULL, 'r'},
        {"quiet", no_argument, NULL, 'q'},
        WEIR_OPTIONS_END,
};

static int take(void *context, int option, char *value)
{
	return read_option(context, option, value) ? 0 : weir_usage("replay", "not a good value", value);
}

static const struct weir_options options = {
        .command = "replay", .help = help, .letters = ":qhV", .table = table, .take = take};

int weir_cli_replay(int argc, char **argv)
{
	struct replay replay = {.speed = 1, .pps = 100, .gap_s = 60};
	int status;

	int first = weir_options_read(argc, argv, &options, &replay, &status);
	if (first < 0)
		return status;
	if (first == argc)
		return weir_usage("replay", "missing", "FILE");
	if (!replay.to)
		return weir_usage("replay", "missing", "--to HOST:PORT");
	return replay_files(&replay, argv + first, argc - first);
}
