/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir check: reads a configuration and its fences as `weir run` would, and tells every problem, or
 * what would be loaded. Touches neither network nor kernel.
 */
#include <getopt.h>
#include <stdio.h>

#include <weir/problem.h>

#include "cli/cli.h"
#include "gateway/setup.h"

static const char help[] =
        "usage: weir check -c FILE\n"
        "\n"
        "Reads the configuration and the fences that it names. Prints every problem with file,\n"
        "line and column and exits with 78; or prints what would be loaded and exits with 0.\n"
        "\n"
        "  -c, --config FILE   the configuration\n"
        "  -q, --quiet         print problems only\n"
        "      --help          this text\n"
        "      --version       print the version\n";

static int check(const char *file, bool quiet)
{
	struct weir_problems problems = {0};
	struct weir_setup setup = {0};

	int error = weir_setup_load(&setup, file, NULL, 0, &problems);
	weir_problems_print(&problems, stderr);
	weir_problems_clear(&problems);
	if (error)
		return WEIR_EXIT_CONFIG;
	if (!quiet)
		weir_setup_print(&setup, stdout);
	weir_setup_clear(&setup);
	return WEIR_EXIT_DONE;
}

int weir_cli_check(int argc, char **argv)
{
	static const struct option options[] = {
	        {"config", required_argument, NULL, 'c'},
	        {"quiet", no_argument, NULL, 'q'},
	        {"help", no_argument, NULL, 'h'},
	        {"version", no_argument, NULL, 'V'},
	        {NULL},
	};
	const char *file = NULL;
	bool quiet = false;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "c:qhV", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			file = optarg;
			break;
		case 'q':
			quiet = true;
			break;
		case 'h':
			fputs(help, stdout);
			return WEIR_EXIT_DONE;
		case 'V':
			puts("weir " WEIR_VERSION);
			return WEIR_EXIT_DONE;
		default:
			fprintf(stderr,
			        "weir: check: unknown option or missing value: '%s'; see `weir check "
			        "--help`\n",
			        argv[optind - 1]);
			return WEIR_EXIT_USAGE;
		}
	}
	if (!file || optind < argc) {
		fprintf(stderr, "weir: check: %s; usage: weir check -c FILE\n",
		        file ? "unexpected argument" : "no configuration given");
		return WEIR_EXIT_USAGE;
	}
	return check(file, quiet);
}
