/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir run: the gateway in the foreground. Also cleans up after one that was killed.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <weir/problem.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/words.h"
#include "gateway/gateway.h"

static const char help[] =
        "usage: weir run -c FILE\n"
        "       weir run --takeover -c FILE\n"
        "       weir run --detach -c FILE\n"
        "\n"
        "Runs the gateway in the foreground until SIGTERM or SIGINT; a second one stops at once.\n"
        "Without 'nats:' in its configuration events go to standard output, one line each.\n"
        "\n"
        "  -c, --config FILE   the configuration\n"
        "      --takeover      take the place of the gateway that filters these interfaces: it stops, and "
        "its\n"
        "                      filter is replaced without a gap\n"
        "      --detach        remove the kernel filter that a killed gateway left, and end\n"
        "      --help          this text\n"
        "      --version       print the version\n";

static void print_level(void *context, enum weir_prefilter_level level, const char *text)
{
	(void)context;
	if (level <= WEIR_PREFILTER_WARNING)
		fprintf(stderr, "weir: %s\n", text);
}

static int detach(const struct weir_config *config)
{
	int status = WEIR_EXIT_DONE;

	for (size_t i = 0; i < config->prefilter.interface_count; i++) {
		const char *interface = config->prefilter.interfaces[i];
		int removed = weir_prefilter_detach(interface, print_level, NULL);

		if (removed < 0) {
			fprintf(stderr, "weir: %s: the kernel filter stays: %s\n", interface,
			        removed == -EBUSY ? "the gateway that attached it runs; stop that"
			                          : strerror(-removed));
			status = WEIR_EXIT_FAILED;
		} else {
			printf("%s: %s\n", interface,
			       removed ? "kernel filter removed" : "no kernel filter of weir");
		}
	}
	if (config->prefilter.interface_count == 0)
		puts("no interfaces under 'prefilter:'");
	return status;
}

/* A fence that became invalid is no reason to leave the filter where it is. */
static int run_detach(const char *file)
{
	struct weir_problems problems = {0};
	struct weir_config *config = NULL;

	weir_config_load(&config, file, &problems);
	bool good = problems.count == 0;
	weir_problems_print(&problems, stderr);
	weir_problems_clear(&problems);
	int status = good ? detach(config) : WEIR_EXIT_CONFIG;
	weir_config_free(config);
	return status;
}

static int run(const char *file, bool takes_over)
{
	struct weir_problems problems = {0};
	struct weir_setup setup = {0};

	int error = weir_setup_load(&setup, file, NULL, 0, &problems);
	weir_problems_print(&problems, stderr);
	weir_problems_clear(&problems);
	if (error)
		return WEIR_EXIT_CONFIG;
	error = weir_gateway_run(&setup, takes_over);
	weir_setup_clear(&setup);
	return error ? WEIR_EXIT_FAILED : WEIR_EXIT_DONE;
}

struct request {
	const char *file;
	bool detaches, takes_over;
};

static int take(void *context, int option, char *value)
{
	struct request *request = context;

	if (option == 'c')
		request->file = value;
	else if (option == 't')
		request->takes_over = true;
	else
		request->detaches = true;
	return 0;
}

int weir_cli_run(int argc, char **argv)
{
	static const struct option table[] = {
	        {"config", required_argument, NULL, 'c'},
	        {"takeover", no_argument, NULL, 't'},
	        {"detach", no_argument, NULL, 'd'},
	        WEIR_OPTIONS_END,
	};
	static const struct weir_options options = {
	        .command = "run", .help = help, .letters = ":c:hV", .table = table, .take = take};
	struct request request = {0};
	int status;

	if (weir_options_read_config(argc, argv, &options, &request, &request.file, &status) < 0)
		return status;
	return request.detaches ? run_detach(request.file) : run(request.file, request.takes_over);
}
