/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The subcommands of the one binary. Each is a file here, and has the face of a main() of its own:
 * argv[0] is the subcommand's name. Errors go to standard error as "weir: …".
 */
#ifndef WEIR_CLI_CLI_H
#define WEIR_CLI_CLI_H

enum weir_exit {
	WEIR_EXIT_DONE = 0,
	WEIR_EXIT_FAILED = 1,
	WEIR_EXIT_USAGE = 2,
	WEIR_EXIT_CONFIG = 78, /* EX_CONFIG of sysexits.h */
};

int weir_cli_run(int argc, char **argv);
int weir_cli_check(int argc, char **argv);
int weir_cli_decode(int argc, char **argv);
int weir_cli_simulate(int argc, char **argv);
int weir_cli_replay(int argc, char **argv);
int weir_cli_batch(int argc, char **argv);
int weir_cli_fences(int argc, char **argv);
int weir_cli_explain(int argc, char **argv);
int weir_cli_alerts(int argc, char **argv);
int weir_cli_top(int argc, char **argv);

#endif
