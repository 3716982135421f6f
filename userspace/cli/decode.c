/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `weir decode`: NMEA lines in, one JSON object a line out. Constant memory, whatever the input's length; on
 * a pipe a line is printed as soon as its message is complete.
 *
 * It holds no message against a fence and asks no clock: the time of an event is what its line says, and is
 * left out where it says nothing. All lines are received at time 0, which only the decoder's time-outs see.
 */
#include "cli/decode.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <weir/event.h>
#include <weir/gpsd.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/rejects.h"
#include "cli/stats.h"
#include "engine/gps_identity.h"
#include "publish/digits.h"
#include "publish/geojson.h"

#define EPOCH_MS 1000 /* the decoder's default for an epoch without a next one */

struct run {
	struct decode_options options;
	struct weir_decoder *decoder;
	struct weir_lines *lines;
	struct weir_gps_names *gps_names; /* none */
	struct weir_gpsd gpsd;
	struct decode_printed printed;
	struct rejects rejects;
	struct output out;
};

/* What makes a report worth a static event: the same that the gateway keeps of a device. */
#define STATIC_DATA                                                                                          \
	(WEIR_HAS_NAME | WEIR_HAS_CALL_SIGN | WEIR_HAS_SHIP_TYPE | WEIR_HAS_DIMENSIONS | WEIR_HAS_IMO |      \
	 WEIR_HAS_DESTINATION | WEIR_HAS_DRAUGHT | WEIR_HAS_ETA)

/* An epoch of which no line gives the date has a time of day; with time 0 near, it lies here. */
#define DAY_UNKNOWN_NS (86400 * INT64_C(1000000000))

static int64_t time_of(const struct weir_message *message)
{
	bool known = message->time_source == WEIR_TIME_FIX ? message->time_ns > DAY_UNKNOWN_NS
	                                                   : message->time_source != WEIR_TIME_RECEIVED;

	return known ? message->time_ns : 0;
}

static size_t print_geojson(struct run *run, const struct weir_message *message)
{
	struct weir_report report;
	struct weir_gps_identity gps;
	char id[WEIR_ID_SIZE];
	struct weir_event event = {.id = id, .source = message->station, .report = &report};

	weir_message_report(message, &report);
	if (report.has & WEIR_HAS_POSITION)
		event.kind = WEIR_EVENT_POSITION;
	else if (report.has & STATIC_DATA)
		event.kind = WEIR_EVENT_STATIC;
	else
		return 0;
	if (message->kind == WEIR_MESSAGE_FIX) {
		weir_gps_identify(&gps, run->gps_names, message->station, &message->datagram->sender);
		event.id = gps.id;
	} else {
		digits_padded(id, message->ais.mmsi, 9);
		id[9] = '\0';
	}
	event.time_ns = time_of(message);
	char *line = output_room(&run->out, WEIR_GEOJSON_MAX + 1);
	size_t length = weir_geojson(&event, "", line, WEIR_GEOJSON_MAX);
	if (length != 0)
		line[length++] = '\n';
	return length;
}

static void on_message(void *context, const struct weir_message *message)
{
	struct run *run = context;
	size_t length;

	if (run->options.format == DECODE_GPSD)
		length = weir_gpsd_json(&run->gpsd, &message->ais, message->channel,
		                        output_room(&run->out, WEIR_GPSD_LINE_MAX));
	else
		length = print_geojson(run, message);
	output_add(&run->out, length);
	if (length != 0)
		run->printed.lines++;
	else
		run->printed.silent++;
}

static void on_malformed(void *context, const struct weir_malformed *malformed)
{
	rejects_write(&((struct run *)context)->rejects, malformed);
}

static void flush(struct run *run)
{
	output_flush(&run->out);
	rejects_flush(&run->rejects);
}

/*
 * Where reading would block, what has been decoded is due; and where it blocks for as long as an epoch of a
 * GPS device can last, the open ones are over. (No fragment is: nobody says that the rest will not come.)
 */
static bool use_pause(void *context, int fd)
{
	struct run *run = context;

	if (!input_is_idle(fd, 0))
		return true;
	flush(run);
	if (!input_is_idle(fd, EPOCH_MS))
		return true;
	weir_decoder_advance(run->decoder, EPOCH_MS * INT64_C(1000000));
	flush(run);
	return true;
}

/* A failing output is not the input's fault: it ends the reading and is reported later. */
static bool feed(void *context, const struct weir_datagram *datagram)
{
	struct run *run = context;

	weir_decoder_feed(run->decoder, datagram);
	return run->out.error == 0;
}

static int decode_file(struct run *run, const char *file)
{
	const struct input_handler handler = {.context = run, .datagram = feed, .pause = use_pause};
	int result = input_read(file, run->lines, &handler);

	if (result < 0)
		fprintf(stderr, "weir: decode: can't read %s: %s\n", input_name(file), strerror(-result));
	return result;
}

static int start(struct run *run)
{
	const struct weir_decode_sink sink = {
	        .context = run, .message = on_message, .malformed = on_malformed};
	/* gpsd's JSON is of AIS messages alone. */
	const struct weir_decoder_options options = {.fixes = run->options.format == DECODE_GEOJSON,
	                                             .fix_timeout_ns = EPOCH_MS * INT64_C(1000000)};
	int err = weir_decoder_new(&run->decoder, &options, &sink);

	if (err == 0)
		err = weir_gps_names_new(&run->gps_names, NULL, 0);
	if (err == 0)
		err = weir_lines_new(&run->lines);
	if (err != 0) {
		fprintf(stderr, "weir: decode: can't start: %s\n", strerror(-err));
		return err;
	}
	run->rejects = (struct rejects){.command = "decode", .path = run->options.rejects};
	return rejects_open(&run->rejects);
}

static int decode_all(struct run *run)
{
	int status = WEIR_EXIT_DONE;

	if (run->options.file_count == 0)
		status = decode_file(run, "-") < 0 ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
	for (int i = 0; i < run->options.file_count && run->out.error == 0; i++)
		if (decode_file(run, run->options.files[i]) < 0)
			status = WEIR_EXIT_FAILED;
	weir_decoder_flush(run->decoder);
	return status;
}

static int finish(struct run *run, int status)
{
	int err = output_flush(&run->out);

	if (err != 0) {
		fprintf(stderr, "weir: decode: can't write standard output: %s\n", strerror(-err));
		status = WEIR_EXIT_FAILED;
	}
	if (rejects_close(&run->rejects) != 0)
		status = WEIR_EXIT_FAILED;
	if (run->options.stats) {
		stats_decode(stderr, weir_decoder_counters(run->decoder));
		stats_count(stderr, "printed", "", run->printed.lines);
		stats_count(stderr, "silent", "", run->printed.silent);
	}
	return status;
}

int weir_cli_decode(int argc, char **argv)
{
	struct run *run = calloc(1, sizeof(*run));
	int status = WEIR_EXIT_FAILED;

	if (run == NULL) {
		fprintf(stderr, "weir: decode: out of memory\n");
		return status;
	}
	run->out.fd = STDOUT_FILENO;
	if (decode_parse(&run->options, argc, argv, &status) != 0)
		goto out;
	run->gpsd.scaled = !run->options.unscaled;
	run->gpsd.split = run->options.split;
	if (start(run) == 0)
		status = finish(run, decode_all(run));
out:
	weir_lines_free(run->lines);
	weir_gps_names_free(run->gps_names);
	weir_decoder_free(run->decoder);
	free(run);
	return status;
}
