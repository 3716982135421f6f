/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/options.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/words.h"

static int end(int *status, int with)
{
	*status = with;
	return -1;
}

int weir_options_read(int argc, char **argv, const struct weir_options *options, void *context, int *status)
{
	int option;

	opterr = 0;
	optind = 0; /* glibc begins anew with 0 */
	while ((option = getopt_long(argc, argv, options->letters, options->table, NULL)) != -1) {
		int failed;

		switch (option) {
		case 'h':
			fputs(options->help, stdout);
			return end(status, WEIR_EXIT_DONE);
		case 'V':
			puts("weir " WEIR_VERSION);
			return end(status, WEIR_EXIT_DONE);
		case ':':
			return end(status, weir_usage(options->command, "no value for", argv[optind - 1]));
		case '?':
			return end(status, weir_usage(options->command, "unknown option", argv[optind - 1]));
		default:
			failed = options->take(context, option, optarg);
			if (failed)
				return end(status, failed);
		}
	}
	return optind;
}

int weir_options_read_config(int argc, char **argv, const struct weir_options *options, void *context,
                             const char *const *file, int *status)
{
	int first = weir_options_read(argc, argv, options, context, status);

	if (first < 0)
		return first;
	if (first < argc)
		return end(status, weir_usage(options->command, "unexpected argument", argv[first]));
	if (!*file)
		return end(status, weir_usage(options->command, "no configuration given", "-c FILE"));
	return 0;
}
