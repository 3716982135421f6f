/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir batch: an archive through the engine, with the configuration of a gateway: the same events as the
 * gateway had, a JSON object a line, in the order in which they came about.
 *
 * Time is what the archive says; what it does not date comes at an even pace. Nothing is sent and no clock is
 * asked, so the same input gives the same bytes.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch/recorded.h"
#include "cli/batch_state.h"
#include "cli/cli.h"
#include "cli/input.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/rejects.h"
#include "cli/stats.h"
#include "cli/words.h"
#include "gateway/setup.h"
#include "publish/geojson.h"

#define NANOSECONDS INT64_C(1000000000)

static const char help[] =
        "usage: weir batch -c FILE [OPTION...] [ARCHIVE...]\n"
        "\n"
        "Reads recorded lines from files or standard input ('-'), holds them against the fences and rules\n"
        "of the configuration, and writes the events that a gateway would publish, a JSON object a line.\n"
        "Time is what the recording says: TAG block, $PGHP, or what USCG receivers append.\n"
        "\n"
        "  -c, --config FILE     the gateway's configuration; what it says of network and broker is not "
        "used\n"
        "      --only KIND,...   events of these kinds: position, static, alert, window\n"
        "                        (all)\n"
        "      --pps N           lines a second of a recording without times (100)\n"
        "      --start TIME      when such a recording begins: ISO 8601 in UTC, or Unix seconds (0)\n"
        "      --rejects FILE    write malformed input to FILE, untouched\n"
        "      --state FILE      goes on from the state in FILE, where there is one, and leaves its own "
        "there: so\n"
        "                        an archive in pieces gives the events that it gives as a whole\n"
        "      --stats           at the end say on standard error what became of the input\n"
        "      --help            this text\n"
        "      --version         print the version\n"
        "\n"
        "Malformed input is counted and does not change the exit status: 0 done, 1 a file can't be read or\n"
        "written, 2 wrong usage, 78 bad configuration.\n";

struct batch {
	const char *config;
	unsigned kinds; /* that are written: bits 1 << enum weir_event_kind */
	double pps;
	int64_t start_ns;
	const char *state; /* NULL: none is kept */
	bool stats;
	struct rejects rejects;
	/* below: while it runs */
	struct weir_setup setup;
	struct weir_engine *engine;
	struct weir_recorded *recorded;
	struct weir_lines *lines;
	struct batch_clock clock;
	struct output out;
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void on_event(void *context, const struct weir_event *event)
{
	struct batch *batch = context;

	if (!(batch->kinds & 1u << event->kind))
		return;
	char *line = output_room(&batch->out, WEIR_GEOJSON_MAX + 1);
	size_t length = weir_geojson_line(event, batch->setup.config->site, line);
	if (length != 0)
		line[length++] = '\n';
	output_add(&batch->out, length);
}

static void on_dead_letter(void *context, const struct weir_malformed *malformed)
{
	rejects_write(&((struct batch *)context)->rejects, malformed);
}

/*
 * When the line was received. The stations of a recording don't agree on the time, so what is a little late
 * came with the line before it; what is later than any such delay belongs to another day.
 */
static int64_t time_of_reception(struct batch *batch, const struct weir_datagram *datagram)
{
	const int64_t most_late_ns = 60 * NANOSECONDS;
	int64_t time_ns;

	if (weir_recorded_time(batch->recorded, datagram, &time_ns)) {
		bool late = batch->clock.has_times && time_ns < batch->clock.received_ns &&
		            batch->clock.received_ns - time_ns <= most_late_ns;
		batch->clock.has_times = true;
		return late ? batch->clock.received_ns : time_ns;
	}
	if (batch->clock.has_times)
		return batch->clock.received_ns;
	return batch->start_ns + llround((double)++batch->clock.undated * (double)NANOSECONDS / batch->pps);
}

static bool on_line(void *context, const struct weir_datagram *line)
{
	struct batch *batch = context;
	struct weir_datagram datagram = *line;

	batch->clock.received_ns = datagram.received_ns = time_of_reception(batch, line);
	weir_engine_received(batch->engine, batch->clock.received_ns);
	weir_engine_feed(batch->engine, &datagram);
	return batch->out.error == 0;
}

/* What was found out is due before waiting for more. */
static bool on_pause(void *context, int fd)
{
	struct batch *batch = context;

	if (input_is_idle(fd, 0)) {
		output_flush(&batch->out);
		rejects_flush(&batch->rejects);
	}
	return !stopped;
}

/* 1: go on with the next file, 0: stop, or a negative errno. */
static int work_through(struct batch *batch, const char *file)
{
	const struct input_handler handler = {.context = batch, .datagram = on_line, .pause = on_pause};
	int result = input_read(file, batch->lines, &handler);

	if (result < 0)
		fprintf(stderr, "weir: batch: can't read %s: %s\n", input_name(file), strerror(-result));
	return result;
}

static int make_engine(struct batch *batch)
{
	const struct weir_config *config = batch->setup.config;
	struct weir_engine_options options = weir_setup_engine(config, &batch->setup.chart);
	const struct weir_engine_sink sink = {
	        .context = batch, .event = on_event, .dead_letter = on_dead_letter};

	/* There is no clock beside that of the archive, unless somebody asks for one. */
	options.time_of_reception = false;
	if (!config->engine.has_clock_bound)
		options.decoder.clock_bound_ns = 0;
	return weir_engine_new(&batch->engine, &options, &sink);
}

static int open_all(struct batch *batch)
{
	int error = make_engine(batch);

	if (error == 0)
		error = weir_recorded_new(&batch->recorded);
	if (error == 0)
		error = weir_lines_new(&batch->lines);
	if (error) {
		fprintf(stderr, "weir: batch: can't start: %s\n", strerror(-error));
		return error;
	}
	error = rejects_open(&batch->rejects);
	if (error == 0 && batch->state)
		error = batch_state_read(batch->state, batch->engine, batch->recorded, &batch->clock);
	return error;
}

static int work(struct batch *batch, char **files, int count)
{
	static char *standard[] = {"-"};
	struct sigaction action = {.sa_handler = stop};
	int status = WEIR_EXIT_DONE;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (count == 0) {
		files = standard;
		count = 1;
	}
	for (int i = 0; i < count; i++) {
		int result = work_through(batch, files[i]);

		if (result < 0)
			status = WEIR_EXIT_FAILED;
		if (result == 0)
			break;
	}
	if (!batch->state)
		weir_engine_flush(batch->engine);
	return status;
}

/* Only of what was worked through and told: what was not is to be given once more. */
static int keep_state(struct batch *batch, int status)
{
	if (!batch->state || status != WEIR_EXIT_DONE)
		return status;
	if (stopped) {
		fprintf(stderr, "weir: batch: stopped in the middle: the state in %s is not touched\n",
		        batch->state);
		return WEIR_EXIT_FAILED;
	}
	int error = batch_state_write(batch->state, batch->engine, batch->recorded, &batch->clock);
	return error ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

static int finish(struct batch *batch, int status)
{
	int error = output_flush(&batch->out);

	if (error) {
		fprintf(stderr, "weir: batch: can't write standard output: %s\n", strerror(-error));
		status = WEIR_EXIT_FAILED;
	}
	if (rejects_close(&batch->rejects) != 0)
		status = WEIR_EXIT_FAILED;
	if (batch->stats) {
		stats_decode(stderr, weir_engine_decode_counters(batch->engine));
		stats_engine(stderr, weir_engine_counters(batch->engine));
	}
	return keep_state(batch, status);
}

static int run(struct batch *batch, char **files, int count)
{
	struct weir_problems problems = {0};
	int status = WEIR_EXIT_FAILED;

	int error = weir_setup_load(&batch->setup, batch->config, NULL, 0, &problems);
	weir_problems_print(&problems, stderr);
	weir_problems_clear(&problems);
	if (error)
		return WEIR_EXIT_CONFIG;
	if (open_all(batch) == 0)
		status = finish(batch, work(batch, files, count));
	rejects_close(&batch->rejects);
	weir_lines_free(batch->lines);
	weir_recorded_free(batch->recorded);
	weir_engine_free(batch->engine);
	weir_setup_clear(&batch->setup);
	return status;
}

static bool read_kinds(const char *words, unsigned *kinds)
{
	unsigned found = 0;

	for (const char *word = words;; word++) {
		size_t length = strcspn(word, ",");
		enum weir_event_kind kind = 0;

		while (kind < WEIR_EVENT_KINDS && (strncmp(word, weir_event_kind_name(kind), length) != 0 ||
		                                   weir_event_kind_name(kind)[length] != '\0'))
			kind++;
		if (kind == WEIR_EVENT_KINDS)
			return false;
		found |= 1u << kind;
		word += length;
		if (*word == '\0')
			break;
	}
	*kinds = found;
	return true;
}

enum { OPTION_ONLY = 256, OPTION_PPS, OPTION_START, OPTION_REJECTS, OPTION_STATE, OPTION_STATS };

static int take(void *context, int option, char *value)
{
	struct batch *batch = context;
	bool good = true;

	switch (option) {
	case 'c':
		batch->config = value;
		break;
	case OPTION_ONLY:
		good = read_kinds(value, &batch->kinds);
		break;
	case OPTION_PPS:
		good = weir_word_number(value, 0.001, 1e8, &batch->pps);
		break;
	case OPTION_START:
		good = weir_word_time(value, &batch->start_ns);
		break;
	case OPTION_REJECTS:
		batch->rejects.path = value;
		break;
	case OPTION_STATE:
		batch->state = value;
		break;
	default:
		batch->stats = true;
		break;
	}
	return good ? 0 : weir_usage("batch", "not a good value", value);
}

static const struct option table[] = {
        {"config", required_argument, NULL, 'c'},
        {"only", required_argument, NULL, OPTION_ONLY},
        {"pps", required_argument, NULL, OPTION_PPS},
        {"start", required_argument, NULL, OPTION_START},
        {"rejects", required_argument, NULL, OPTION_REJECTS},
        {"state", required_argument, NULL, OPTION_STATE},
        {"stats", no_argument, NULL, OPTION_STATS},
        WEIR_OPTIONS_END,
};

static const struct weir_options options = {
        .command = "batch", .help = help, .letters = ":c:hV", .table = table, .take = take};

int weir_cli_batch(int argc, char **argv)
{
	/* Large: it holds the output's buffer. */
	static struct batch batch = {.kinds = ~0u, .pps = 100, .rejects.command = "batch"};
	int status;

	batch.out.fd = STDOUT_FILENO;
	int first = weir_options_read(argc, argv, &options, &batch, &status);
	if (first < 0)
		return status;
	if (!batch.config)
		return weir_usage("batch", "no configuration given", "-c FILE");
	return run(&batch, argv + first, argc - first);
}
