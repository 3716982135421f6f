/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading the words of a command line.
 */
#ifndef WEIR_CLI_WORDS_H
#define WEIR_CLI_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* A decimal number from least to most, and nothing behind it. *number is untouched where it is none. */
bool weir_word_number(const char *word, double least, double most, double *number);

/* ISO 8601 in UTC, or Unix seconds, up to the year 2200; as Unix time in ns. */
bool weir_word_time(const char *word, int64_t *time_ns);

/* Says what is wrong with a word and where help is; returns WEIR_EXIT_USAGE. */
int weir_usage(const char *command, const char *what, const char *word);

#endif
