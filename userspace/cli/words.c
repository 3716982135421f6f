/* SPDX-License-Identifier: BSD-2-Clause */
/* What the subcommands with numeric options share. */
#include "words.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"

bool weir_word_number(const char *word, double least, double most, double *number)
{
	char *end;

	/* strtod() would take blanks, "inf", "nan" and hexadecimal too. */
	for (const char *p = word; *p; p++)
		if (!isdigit((unsigned char)*p) && *p != '.' && *p != '-' && *p != 'e')
			return false;
	double value = strtod(word, &end);
	if (end == word || *end != '\0' || !(value >= least && value <= most))
		return false;
	*number = value;
	return true;
}

/* The year 2200: nanoseconds stay within 64 bits, whatever is added. */
#define TIME_MOST_S 7258118400

bool weir_word_time(const char *word, int64_t *time_ns)
{
	struct tm tm = {0};
	double seconds;
	const char *end = strptime(word, "%Y-%m-%dT%H:%M:%S", &tm);

	if (end && (strcmp(end, "Z") == 0 || *end == '\0'))
		seconds = (double)timegm(&tm);
	else if (!weir_word_number(word, 0, TIME_MOST_S, &seconds))
		return false;
	if (seconds < 0 || seconds > TIME_MOST_S)
		return false;
	*time_ns = llrint(seconds * 1e9);
	return true;
}

int weir_usage(const char *command, const char *what, const char *word)
{
	bool has_word = word[0] != '\0';

	fprintf(stderr, "weir: %s: %s%s%s%s; `weir %s --help` lists the options\n", command, what,
	        has_word ? ": '" : "", word, has_word ? "'" : "", command);
	return WEIR_EXIT_USAGE;
}
