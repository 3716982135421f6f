/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir check: reads a configuration and its fences as `weir run` would, and tells every problem, or
 * what would be loaded. Touches neither network nor kernel.
 */
#include <stdbool.h>
#include <stdio.h>

#include <weir/problem.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/words.h"
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

struct request {
	const char *file;
	bool quiet;
};

static int take(void *context, int option, char *value)
{
	struct request *request = context;

	if (option == 'c')
		request->file = value;
	else
		request->quiet = true;
	return 0;
}

int weir_cli_check(int argc, char **argv)
{
	static const struct option table[] = {
	        {"config", required_argument, NULL, 'c'},
	        {"quiet", no_argument, NULL, 'q'},
	        WEIR_OPTIONS_END,
	};
	static const struct weir_options options = {
	        .command = "check", .help = help, .letters = ":c:qhV", .table = table, .take = take};
	struct request request = {0};
	int status;

	if (weir_options_read_config(argc, argv, &options, &request, &request.file, &status) < 0)
		return status;
	return check(request.file, request.quiet);
}
