/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading a subcommand's options: --help, --version and what is wrong with a command line are the same for
 * all.
 */
#ifndef WEIR_CLI_OPTIONS_H
#define WEIR_CLI_OPTIONS_H

#include <getopt.h>

/* The end of every table of long options. */
/* clang-format off */
#define WEIR_OPTIONS_END {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}
/* clang-format on */

struct weir_options {
	const char *command; /* "check" */
	const char *help;
	const char *letters;        /* as getopt_long() takes them; with ":" in front, "hV" behind */
	const struct option *table; /* ends with WEIR_OPTIONS_END */
	/* One option and its value (NULL: it has none). Returns 0, or the exit status, having said why. */
	int (*take)(void *context, int option, char *value);
};

/*
 * Returns the index in argv of the first argument that is no option. A negative number: the command ends
 * here, with *status.
 */
int weir_options_read(int argc, char **argv, const struct weir_options *options, void *context, int *status);

/*
 * The same for a command that takes no arguments but options, and needs a configuration: *file is what take()
 * was given for it. Returns 0, or a negative number as above.
 */
int weir_options_read_config(int argc, char **argv, const struct weir_options *options, void *context,
                             const char *const *file, int *status);

#endif
