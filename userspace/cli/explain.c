/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir explain: what the kernel filter would do with each datagram of a capture or with each line of a
 * recording, and why. It runs the program's own steps, compiled natively, and touches neither network nor
 * kernel.
 */
#include "cli/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/fence.h>
#include <weir/problem.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/words.h"
#include "decode/lines.h"
#include "gateway/setup.h"
#include "ingest/capture.h"
#include "prefilter/gps_name.h"

static const char help[] =
        "usage: weir explain -c FILE [OPTION...] [FILE...]\n"
        "       weir explain --box W,S,E,N [OPTION...] [FILE...]\n"
        "\n"
        "Says for each datagram what the kernel filter would do with it, and why, and counts the reasons at\n"
        "the end. Reads packet captures (pcap, pcapng; Ethernet, Linux cooked, raw IP) and NMEA lines, each "
        "of\n"
        "which is a datagram; from files or standard input ('-'). Needs no rights.\n"
        "\n"
        "  -c, --config FILE    area, ports and allow-list from a gateway's configuration\n"
        "      --box W,S,E,N    a box of the area of interest, in degrees; more than one is possible\n"
        "      --port N         a port of the gateway, more than one is possible; without it and without -c\n"
        "                       every UDP port is one\n"
        "      --follow ID      the gateway follows this device, an MMSI or the name of a GPS device; more "
        "than\n"
        "                       one is possible\n"
        "      --json           JSON lines, with the counts in the last one\n"
        "  -q, --quiet          the counts only\n"
        "      --help           this text\n"
        "      --version        print the version\n"
        "\n"
        "What a capture can't tell: whom the gateway followed when it began (see --follow), and when it let\n"
        "somebody go. Here a device that was inside passes from then on. What holds up dropping does so for\n"
        "10 s of a capture, and not at all between lines of text, which carry no time of their own.\n";

#define BOXES_MAX 64
#define PORTS_MAX 64
#define FOLLOWED_MAX 1024

/* A turn of the kernel's epochs takes 4 to 14 s; see weir_prefilter_turn(). */
#define HOLD_NS INT64_C(10000000000)

struct request {
	const char *config;
	struct weir_box boxes[BOXES_MAX];
	size_t box_count;
	uint16_t ports[PORTS_MAX];
	size_t port_count;
	uint64_t followed[FOLLOWED_MAX];
	size_t followed_count;
	bool json, quiet;
};

/* ---- Options ---- */

static bool read_box(const char *value, struct weir_box *box)
{
	char copy[128]; /* strsep() cuts it up, and who typed the value wants to see it whole */
	char *text = copy;
	double *const edges[] = {&box->west, &box->south, &box->east, &box->north};
	static const double most[] = {180, 90, 180, 90};

	if (snprintf(copy, sizeof copy, "%s", value) >= (int)sizeof copy)
		return false;
	for (int i = 0; i < 4; i++) {
		char *word = strsep(&text, ",");

		if (!word || !weir_word_number(word, -most[i], most[i], edges[i]))
			return false;
	}
	return !text && box->south <= box->north;
}

static bool take_box(struct request *request, const char *value)
{
	return request->box_count < BOXES_MAX && read_box(value, &request->boxes[request->box_count]) &&
	       ++request->box_count;
}

static bool take_port(struct request *request, const char *value)
{
	double port;

	if (request->port_count == PORTS_MAX || !weir_word_number(value, 1, 65535, &port))
		return false;
	request->ports[request->port_count++] = (uint16_t)port;
	return true;
}

static bool take_followed(struct request *request, const char *value)
{
	uint64_t *key = &request->followed[request->followed_count];
	size_t digits = strspn(value, "0123456789"), length = strlen(value);
	struct weir_gps_sender sender;
	double mmsi;

	if (request->followed_count == FOLLOWED_MAX || length == 0 || length >= WEIR_ID_SIZE)
		return false;
	if (digits < length)
		*key = weir_gps_name(&sender, &(struct weir_gps_device){.id = value});
	else if (weir_word_number(value, 1, 999999999, &mmsi))
		*key = (uint64_t)mmsi;
	else
		return false;
	request->followed_count++;
	return true;
}

static int take(void *context, int option, char *value)
{
	struct request *request = context;
	bool good = true;

	if (option == 'c')
		request->config = value;
	else if (option == 'b')
		good = take_box(request, value);
	else if (option == 'p')
		good = take_port(request, value);
	else if (option == 'f')
		good = take_followed(request, value);
	else if (option == 'j')
		request->json = true;
	else
		request->quiet = true;
	return good ? 0 : weir_usage("explain", "not a good value, or too many", value);
}

/* ---- Input ---- */

static void judged(struct explanation *explanation, struct explained *explained)
{
	explanation->datagrams++;
	explanation->reasons[explained->reason]++;
	explain_print(explanation, explained);
}

static int explain_capture(struct explanation *explanation, const char *name, FILE *file)
{
	char problem[WEIR_CAPTURE_PROBLEM_SIZE];
	struct weir_capture *capture = NULL;
	struct explained explained = {.file = name};
	struct weir_frame frame;
	int64_t held_ns = 0;

	int got = weir_capture_open(&capture, file, problem);
	while (got >= 0 && (got = weir_capture_next(capture, &frame, problem)) == 1) {
		explained.number++;
		explained.time_ns = frame.time_ns;
		if (frame.cut) {
			explanation->cut++;
			explain_print_cut(explanation, &explained);
			continue;
		}
		bool held = weir_explainer_is_held(explanation->explainer);
		if (held && frame.time_ns - held_ns >= HOLD_NS)
			weir_explainer_release(explanation->explainer);
		held = weir_explainer_is_held(explanation->explainer);
		explained.has_payload =
		        weir_explain_payload(explanation->explainer, frame.bytes, frame.length,
		                             &explained.payload, &explained.length);
		explained.reason = weir_explain_frame(explanation->explainer, frame.bytes, frame.length);
		if (!held)
			held_ns = frame.time_ns;
		judged(explanation, &explained);
	}
	if (got < 0)
		fprintf(stderr, "weir: explain: %s: %s\n", name, problem);
	weir_capture_close(capture);
	return got;
}

static int explain_lines(struct explanation *explanation, const char *name, FILE *file)
{
	struct weir_lines *lines = NULL;
	struct weir_datagram datagram = {0};
	struct explained explained = {.file = name, .has_payload = true};
	size_t got = 1;

	int error = weir_lines_new(&lines);
	while (!error && got > 0) {
		size_t room;
		uint8_t *into = weir_lines_room(lines, &room);

		got = fread(into, 1, room, file);
		weir_lines_added(lines, got);
		while (weir_lines_next(lines, &datagram)) {
			explained.number = weir_lines_number(lines);
			explained.payload = datagram.bytes;
			explained.length = datagram.length;
			explained.reason = weir_explain_datagram(explanation->explainer, datagram.bytes,
			                                         datagram.length);
			weir_explainer_release(explanation->explainer);
			judged(explanation, &explained);
		}
	}
	if (!error && ferror(file))
		error = -EIO;
	if (error)
		fprintf(stderr, "weir: explain: %s: %s\n", name, strerror(-error));
	weir_lines_free(lines);
	if (file != stdin)
		fclose(file);
	return error;
}

static int explain_file(struct explanation *explanation, const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *file = standard ? stdin : fopen(path, "re");
	uint8_t magic[WEIR_CAPTURE_MAGIC];
	size_t length = 0;

	if (file)
		length = fread(magic, 1, sizeof magic, file);
	if (!file || ferror(file)) {
		int error = -errno;
		fprintf(stderr, "weir: explain: can't read %s: %s\n", path, strerror(-error));
		if (file)
			fclose(file);
		return error;
	}
	bool is_capture = length == sizeof magic && weir_capture_is_one(magic);
	/* They were just read, so that glibc only steps back in its buffer, also on a pipe. */
	while (length > 0)
		ungetc(magic[--length], file);
	return is_capture ? explain_capture(explanation, standard ? "standard input" : path, file)
	                  : explain_lines(explanation, standard ? "standard input" : path, file);
}

/* ---- The area ---- */

static int new_explainer(struct weir_explainer **out, const struct request *request,
                         struct weir_explainer_options options)
{
	if (request->port_count > 0) {
		options.ports = request->ports;
		options.port_count = request->port_count;
	}
	int error = weir_explainer_new(out, &options);

	for (size_t i = 0; i < request->followed_count && !error; i++)
		error = weir_explainer_follow(*out, request->followed[i]);
	return error;
}

static int from_config(struct weir_explainer **out, const struct request *request)
{
	struct weir_problems problems = {0};
	struct weir_setup setup = {0};
	uint16_t ports[WEIR_INGEST_ENDPOINTS_MAX];
	size_t count = 0;

	int error = weir_setup_load(&setup, request->config, NULL, 0, &problems);
	weir_problems_print(&problems, stderr);
	weir_problems_clear(&problems);
	if (error)
		return WEIR_EXIT_CONFIG;
	for (; count < setup.config->ingest.listen_count; count++)
		ports[count] = setup.config->ingest.listen[count].address.port;
	error = new_explainer(
	        out, request,
	        (struct weir_explainer_options){.area = setup.chart.tiles,
	                                        .ports = ports,
	                                        .port_count = count,
	                                        .gps_devices = setup.config->devices,
	                                        .gps_device_count = (uint32_t)setup.config->device_count});
	if (!error)
		error = weir_explainer_allow(*out, setup.config->prefilter.allow,
		                             setup.config->prefilter.allow_count);
	weir_setup_clear(&setup);
	return error ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

static int from_boxes(struct weir_explainer **out, const struct request *request)
{
	static uint16_t every_port[65535];
	struct weir_area *area = NULL;
	struct weir_area_tiles *tiles = calloc(1, sizeof *tiles);

	for (size_t i = 0; i < 65535; i++)
		every_port[i] = (uint16_t)(i + 1);
	int error = tiles ? weir_area_new(&area, request->boxes, request->box_count, NULL) : -ENOMEM;
	if (!error)
		error = weir_area_tiles(area, tiles);
	if (!error)
		error = new_explainer(out, request,
		                      (struct weir_explainer_options){
		                              .area = tiles, .ports = every_port, .port_count = 65535});
	weir_area_free(area);
	free(tiles);
	return error ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

static int explain(const struct request *request, char **files, int count)
{
	static char standard[] = "-";
	char *none[] = {standard};
	struct explanation explanation = {.json = request->json, .quiet = request->quiet};

	int status = request->config ? from_config(&explanation.explainer, request)
	                             : from_boxes(&explanation.explainer, request);
	if (status == WEIR_EXIT_CONFIG)
		return status;
	if (status || explain_begin(&explanation)) {
		fputs("weir: explain: out of memory\n", stderr);
		status = WEIR_EXIT_FAILED;
		goto out;
	}
	if (count == 0) {
		files = none;
		count = 1;
	}
	for (int i = 0; i < count; i++)
		if (explain_file(&explanation, files[i]) < 0)
			status = WEIR_EXIT_FAILED;
	explain_print_summary(&explanation);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fprintf(stderr, "weir: explain: can't write standard output: %s\n", strerror(errno));
		status = WEIR_EXIT_FAILED;
	}
out:
	weir_decoder_free(explanation.decoder);
	weir_explainer_free(explanation.explainer);
	return status;
}

int weir_cli_explain(int argc, char **argv)
{
	static const struct option table[] = {
	        {"config", required_argument, NULL, 'c'},
	        {"box", required_argument, NULL, 'b'},
	        {"port", required_argument, NULL, 'p'},
	        {"follow", required_argument, NULL, 'f'},
	        {"json", no_argument, NULL, 'j'},
	        {"quiet", no_argument, NULL, 'q'},
	        WEIR_OPTIONS_END,
	};
	static const struct weir_options options = {
	        .command = "explain", .help = help, .letters = ":c:qhV", .table = table, .take = take};
	static struct request request;
	int status;

	int first = weir_options_read(argc, argv, &options, &request, &status);
	if (first < 0)
		return status;
	if (request.config && request.box_count > 0)
		return weir_usage("explain", "not beside -c FILE", "--box");
	if (!request.config && request.box_count == 0)
		return weir_usage("explain", "missing", "-c FILE or --box W,S,E,N");
	return explain(&request, argv + first, argc - first);
}
