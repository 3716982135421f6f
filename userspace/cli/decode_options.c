/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The options of `weir decode`, and the counters that --stats prints.
 */
#include "cli/decode.h"

#include <inttypes.h>
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

static void print_count(FILE *out, const char *group, const char *name, uint64_t count)
{
	if (count != 0)
		fprintf(out, "%-10s %-12s %12" PRIu64 "\n", group, name, count);
}

void decode_print_stats(FILE *out, const struct weir_decode_counters *counters,
                        const struct decode_printed *printed)
{
	static const char *const datagrams[WEIR_DATAGRAM_OUTCOMES] = {"accepted", "partial", "malformed",
	                                                              "binary"};
	static const char *const sentences[WEIR_SENTENCE_OUTCOMES] = {"message",     "fragment",  "repeated",
	                                                              "unsupported", "malformed", "gps"};
	char name[16];

	for (int i = 0; i < WEIR_DATAGRAM_OUTCOMES; i++)
		print_count(out, "line", datagrams[i], counters->datagrams[i]);
	for (int i = 0; i < WEIR_SENTENCE_OUTCOMES; i++)
		print_count(out, "sentence", sentences[i], counters->sentences[i]);
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "type %d", i);
		print_count(out, "message", name, counters->messages[i]);
	}
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "type %d", i);
		print_count(out, "undecoded", name, counters->undecoded[i]);
	}
	for (int i = 0; i < WEIR_FAULTS; i++)
		print_count(out, "fault", weir_fault_name((enum weir_fault)i), counters->faults[i]);
	print_count(out, "fix", "", counters->fixes);
	print_count(out, "fix", "void", counters->fixes_void);
	print_count(out, "fragment", "lost", counters->fragments_lost);
	print_count(out, "tag_block", "bad", counters->tag_blocks_bad);
	print_count(out, "printed", "", printed->lines);
	print_count(out, "silent", "", printed->silent);
}
