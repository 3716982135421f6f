/* SPDX-License-Identifier: BSD-2-Clause */
/* What the subcommands with numeric options share. */
#include "words.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "scenario/instant.h"

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

bool weir_word_time(const char *word, int64_t *time_ns)
{
	double seconds;

	if (weir_instant_read(word, time_ns))
		return true;
	if (!weir_word_number(word, 0, (double)WEIR_INSTANT_MOST_S, &seconds))
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
