/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * weir: finds the subcommand and hands over. What a subcommand does is in the file of its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
        {"run", weir_cli_run, "run the gateway: -c FILE"},
        {"check", weir_cli_check, "check a configuration and say what would be loaded: -c FILE"},
        {"decode", weir_cli_decode, "NMEA lines in, one JSON object a line out"},
        {"simulate", weir_cli_simulate, "the AIS traffic of a port, to UDP or to standard output"},
        {"replay", weir_cli_replay, "send a recording, at its own pace or as fast as it goes"},
        {"batch", weir_cli_batch, "an archive through fences and rules: -c FILE ARCHIVE..."},
        {"fences", weir_cli_fences, "check, list, draw and distribute files of fences"},
        {"explain", weir_cli_explain, "what the kernel filter would do with a capture, and why"},
        {"alerts", weir_cli_alerts, "print the alerts that a broker keeps, each once"},
        {"top", weir_cli_top, "show what a gateway does: alerts and counters, live"},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static void print_help(FILE *out)
{
	fputs("usage: weir COMMAND [OPTION...]\n"
	      "\n"
	      "A geofencing gateway for AIS and NMEA telemetry over UDP.\n"
	      "\n"
	      "Commands:\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s%s\n", commands[i].name, commands[i].what);
	fputs("\n"
	      "  --help      this text; after a command: its options\n"
	      "  --version   print the version\n"
	      "\n"
	      "Exit status: 0 done, 1 failed, 2 wrong usage, 78 bad configuration.\n",
	      out);
}

static int fail_usage(const char *what, const char *word)
{
	fprintf(stderr, "weir: %s%s%s%s; `weir --help` lists the commands\n", what, word ? " '" : "",
	        word ? word : "", word ? "'" : "");
	return WEIR_EXIT_USAGE;
}

/*
 * What was handed over closed would be given to the next socket, and lines meant for the operator would go
 * into that. Opened the wrong way round, so that using it fails as on a closed one.
 */
static void hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			return;
}

int main(int argc, char **argv)
{
	hold_standard_descriptors();
	if (argc < 2)
		return fail_usage("no command given", NULL);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		puts("weir " WEIR_VERSION);
		return WEIR_EXIT_DONE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return WEIR_EXIT_DONE;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	return fail_usage(argv[1][0] == '-' ? "unknown option" : "unknown command", argv[1]);
}
