/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options of `weir decode`.
 */
#include "cli/decode.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/words.h"

static const char help[] =
        "usage: weir decode [OPTION...] [FILE...]\n"
        "\n"
        "Reads NMEA lines from files or standard input ('-'), TAG blocks and IEC 61162-450 headers\n"
        "too, and writes one JSON object a line.\n"
        "\n"
        "GPS sentences become positions too, in geojson: of the station that their TAG block names, or\n"
        "else of 'gps'.\n"
        "\n"
        "  --format geojson   events as the gateway publishes them (default): positions and static data\n"
        "  --format gpsd      the JSON of `gpsdecode -j`\n"
        "  --unscaled         with gpsd: the integers of the message, as `gpsdecode -u -j`\n"
        "  --split24          with gpsd: each part of message 24 by itself, as `gpsdecode -s`\n"
        "  --rejects FILE     write malformed input to FILE, untouched\n"
        "  --stats            at the end say on standard error what became of the input\n"
        "  --help             this text\n"
        "  --version          print the version\n"
        "\n"
        "Malformed input is counted and does not change the exit status: 0 done, 1 a file can't be\n"
        "read or written, 2 wrong usage.\n";

enum { OPTION_FORMAT = 256, OPTION_UNSCALED, OPTION_SPLIT, OPTION_REJECTS, OPTION_STATS };

static const struct option long_options[] = {
        {"format", required_argument, NULL, OPTION_FORMAT},
        {"unscaled", no_argument, NULL, OPTION_UNSCALED},
        {"split24", no_argument, NULL, OPTION_SPLIT},
        {"rejects", required_argument, NULL, OPTION_REJECTS},
        {"stats", no_argument, NULL, OPTION_STATS},
        WEIR_OPTIONS_END,
};

static int parse_format(struct decode_options *options, const char *name)
{
	if (strcmp(name, "geojson") == 0)
		options->format = DECODE_GEOJSON;
	else if (strcmp(name, "gpsd") == 0)
		options->format = DECODE_GPSD;
	else
		return weir_usage("decode", "no such format", name);
	return 0;
}

static int take(void *context, int option, char *value)
{
	struct decode_options *options = context;

	switch (option) {
	case OPTION_FORMAT:
		return parse_format(options, value);
	case OPTION_UNSCALED:
		options->unscaled = true;
		return 0;
	case OPTION_SPLIT:
		options->split = true;
		return 0;
	case OPTION_REJECTS:
		options->rejects = value;
		return 0;
	default:
		options->stats = true;
		return 0;
	}
}

int decode_parse(struct decode_options *options, int argc, char **argv, int *status)
{
	static const struct weir_options reader = {
	        .command = "decode", .help = help, .letters = ":hV", .table = long_options, .take = take};

	memset(options, 0, sizeof(*options));
	int first = weir_options_read(argc, argv, &reader, options, status);
	if (first < 0)
		return 1;
	options->files = argv + first;
	options->file_count = argc - first;
	if ((options->unscaled || options->split) && options->format != DECODE_GPSD) {
		*status = weir_usage("decode", "only with --format gpsd",
		                     options->unscaled ? "--unscaled" : "--split24");
		return 1;
	}
	return 0;
}
