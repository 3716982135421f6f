/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir fences: files of fences checked, listed, drawn as they are used, and put into a bucket of NATS.
 */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <weir/fence.h>

#include "cli/cli.h"
#include "cli/fences.h"
#include "cli/words.h"
#include "fence/export.h"
#include "gateway/setup.h"

static const char help[] =
        "usage: weir fences check|list|export|push [OPTION...] FILE...\n"
        "\n"
        "  check    print every problem with file, line and column, or what would be loaded\n"
        "  list     print the fences, one a line\n"
        "  export   print them as GeoJSON in WGS 84 as they are used: repaired, circles and corridors as\n"
        "           polygons, defaults filled in\n"
        "           --loadable: as a file that 'check' takes, with circles and lines as they were read\n"
        "  push     put them into the bucket that gateways take fences from, one key a fence\n"
        "\n"
        "  -c, --config FILE    files, margin, servers and credentials from a gateway's configuration\n"
        "      --margin-m N     default margin of the area of interest around each fence (0)\n"
        "  -s, --server URL     of the broker (nats://127.0.0.1:4222); more than one is possible\n"
        "      --creds FILE     NATS credentials\n"
        "      --bucket NAME    (weir_fences)\n"
        "      --prune          delete the keys of the bucket that none of the files has\n"
        "      --help           this text\n"
        "      --version        print the version\n"
        "\n"
        "Exit status: 0 done, 1 failed, 2 wrong usage, 78 a problem in a file.\n";

static const char *severest(const struct weir_fence *fence)
{
	enum weir_severity most = WEIR_SEVERITY_INFO;

	for (size_t i = 0; i < fence->rule_count; i++)
		if (fence->rules[i].severity > most)
			most = fence->rules[i].severity;
	return fence->rule_count == 0 ? "-" : weir_severity_name(most);
}

static void print_rules(const struct weir_fence *fence)
{
	for (size_t i = 0; i < fence->rule_count; i++)
		printf("%s%s", i == 0 ? "" : ",", weir_rule_name(fence->rules[i].kind));
	if (fence->rule_count == 0)
		putchar('-');
	if (fence->window_count > 0)
		printf(" +%zu window%s", fence->window_count, fence->window_count == 1 ? "" : "s");
}

static void print_list(const struct weir_fences *fences)
{
	int width = 2;

	for (size_t i = 0; i < weir_fences_count(fences); i++) {
		int length = (int)strlen(weir_fences_get(fences, i)->id);
		width = length > width ? length : width;
	}
	printf("%-*s  %-8s  %8s  %-9s  %-8s  %s\n", width, "ID", "SHAPE", "MARGIN_M", "SEVERITY", "LIMITS",
	       "RULES");
	for (size_t i = 0; i < weir_fences_count(fences); i++) {
		const struct weir_fence *fence = weir_fences_get(fences, i);
		const char *limits = fence->filter.has != 0 && fence->schedule != NULL ? "both"
		                     : fence->filter.has != 0                          ? "filter"
		                     : fence->schedule != NULL                         ? "schedule"
		                                                                       : "-";

		printf("%-*s  %-8s  %8.6g  %-9s  %-8s  ", width, fence->id, weir_fence_shape_name(fences, i),
		       fence->margin_m, severest(fence), limits);
		print_rules(fence);
		if (fence->name != NULL)
			printf("  (%s)", fence->name);
		putchar('\n');
	}
}

static int export(const struct weir_fences_command *command, const struct weir_fences *fences)
{
	int error = weir_fences_export(fences, command->loadable ? WEIR_EXPORT_LOADABLE : WEIR_EXPORT_DRAWN,
	                               stdout);

	if (error == 0)
		return WEIR_EXIT_DONE;
	fprintf(stderr, "weir: fences: can't export: %s\n", strerror(-error));
	return WEIR_EXIT_FAILED;
}

static int carry_out(const char *verb, const struct weir_fences_command *command,
                     const struct weir_fences *fences)
{
	if (strcmp(verb, "push") == 0)
		return weir_fences_push(command);
	if (strcmp(verb, "export") == 0)
		return export(command, fences);
	print_list(fences);
	fputs(weir_fences_transformations(fences), stdout);
	if (strcmp(verb, "check") == 0)
		printf("%zu fence%s, no problem\n", weir_fences_count(fences),
		       weir_fences_count(fences) == 1 ? "" : "s");
	return WEIR_EXIT_DONE;
}

static int run(const char *verb, const struct weir_fences_command *command)
{
	const struct weir_fence_options wanted = {
	        .files = command->files,
	        .file_count = command->file_count,
	        .margin_m = isnan(command->margin_m) ? 0 : command->margin_m,
	};
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;
	int error = weir_fences_load(&fences, &wanted, &problems);

	weir_problems_print(&problems, stderr);
	if (error != 0 && problems.count == 0)
		fprintf(stderr, "weir: fences: %s\n", strerror(-error));
	weir_problems_clear(&problems);
	if (error != 0)
		return WEIR_EXIT_CONFIG;
	int result = carry_out(verb, command, fences);
	weir_fences_free(fences);
	return result;
}

/* ---- Options ---- */

static int take_config(struct weir_fences_command *command)
{
	struct weir_problems problems = {0};
	int error = weir_config_load(&command->config, command->config_file, &problems);
	bool is_bad = error != 0 || problems.count > 0;

	weir_problems_print(&problems, stderr);
	weir_problems_clear(&problems);
	if (is_bad)
		return WEIR_EXIT_CONFIG;
	const struct weir_config *config = command->config;
	if (command->file_count == 0) {
		command->files = (const char *const *)config->fences.files;
		command->file_count = config->fences.file_count;
	}
	if (isnan(command->margin_m))
		command->margin_m = config->fences.margin_m;
	if (command->bucket == NULL)
		command->bucket = config->fences.bucket;
	if (command->nats.server_count == 0 && config->nats.server_count > 0)
		command->nats = weir_config_nats(config);
	return WEIR_EXIT_DONE;
}

static int complete(struct weir_fences_command *command)
{
	if (command->config_file != NULL) {
		int result = take_config(command);
		if (result != WEIR_EXIT_DONE)
			return result;
	}
	if (command->nats.server_count == 0) {
		command->servers[0] = "nats://127.0.0.1:4222";
		command->nats.server_count = 1;
		command->nats.servers = command->servers;
	}
	if (command->file_count == 0)
		return weir_usage("fences", "no file of fences given",
		                  command->config_file != NULL ? command->config_file : "");
	return WEIR_EXIT_DONE;
}

enum { OPTION_MARGIN = 256, OPTION_CREDS, OPTION_BUCKET, OPTION_PRUNE, OPTION_LOADABLE };

static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        {"server", required_argument, NULL, 's'},
        {"margin-m", required_argument, NULL, OPTION_MARGIN},
        {"creds", required_argument, NULL, OPTION_CREDS},
        {"bucket", required_argument, NULL, OPTION_BUCKET},
        {"prune", no_argument, NULL, OPTION_PRUNE},
        {"loadable", no_argument, NULL, OPTION_LOADABLE},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
};

static int take_option(struct weir_fences_command *command, int option)
{
	switch (option) {
	case 'c':
		command->config_file = optarg;
		return WEIR_EXIT_DONE;
	case 's':
		if (command->nats.server_count == WEIR_FENCES_SERVERS_MAX)
			return weir_usage("fences", "too many servers", optarg);
		command->servers[command->nats.server_count++] = optarg;
		command->nats.servers = command->servers;
		return WEIR_EXIT_DONE;
	case OPTION_MARGIN:
		if (!weir_word_number(optarg, 0, 200000, &command->margin_m))
			return weir_usage("fences", "--margin-m wants metres from 0 to 200000", optarg);
		return WEIR_EXIT_DONE;
	case OPTION_CREDS:
		command->nats.credentials_file = optarg;
		return WEIR_EXIT_DONE;
	case OPTION_BUCKET:
		command->bucket = optarg;
		return WEIR_EXIT_DONE;
	case OPTION_LOADABLE:
		command->loadable = true;
		return WEIR_EXIT_DONE;
	default:
		command->prune = true;
		return WEIR_EXIT_DONE;
	}
}

static bool is_verb(const char *word)
{
	static const char *const verbs[] = {"check", "list", "export", "push"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (strcmp(word, verbs[i]) == 0)
			return true;
	return false;
}

int weir_cli_fences(int argc, char **argv)
{
	struct weir_fences_command command = {.margin_m = NAN};
	int option, result = WEIR_EXIT_DONE;

	opterr = 0;
	while (result == WEIR_EXIT_DONE &&
	       (option = getopt_long(argc, argv, "c:s:hV", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return WEIR_EXIT_DONE;
		}
		if (option == 'V') {
			puts("weir " WEIR_VERSION);
			return WEIR_EXIT_DONE;
		}
		result = option == '?'
		                 ? weir_usage("fences", "unknown option or missing value", argv[optind - 1])
		                 : take_option(&command, option);
	}
	if (result == WEIR_EXIT_DONE && (optind == argc || !is_verb(argv[optind])))
		result = weir_usage("fences", "say check, list, export or push",
		                    optind == argc ? "" : argv[optind]);
	if (result == WEIR_EXIT_DONE) {
		command.files = (const char *const *)argv + optind + 1;
		command.file_count = (size_t)(argc - optind - 1);
		result = complete(&command);
	}
	if (result == WEIR_EXIT_DONE)
		result = run(argv[optind], &command);
	weir_config_free(command.config);
	return result;
}
