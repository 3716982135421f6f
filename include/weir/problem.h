/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Problems found in what an operator wrote: configuration and fence files. They are collected, so
 * that all of them can be shown in one go, each with its place.
 */
#ifndef WEIR_PROBLEM_H
#define WEIR_PROBLEM_H

#include <stddef.h>
#include <stdint.h>

struct weir_problem {
	char *file;      /* NULL where there is none */
	uint32_t line;   /* from 1; 0: unknown */
	uint32_t column; /* from 1; 0: unknown */
	char *text;      /* what is wrong and what to do */
};

struct weir_problems {
	struct weir_problem *items;
	size_t count;
	size_t capacity;
};

/* Adds a problem. Out of memory aborts: this runs at load time only. */
void weir_problem_add(struct weir_problems *problems, const char *file, uint32_t line, uint32_t column,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Writes "FILE:LINE:COLUMN: text", without what is unknown, cut at size. As snprintf(). */
int weir_problem_format(const struct weir_problem *problem, char *out, size_t size);

/* Frees the items and leaves an empty, reusable list. Takes an empty list too. */
void weir_problems_clear(struct weir_problems *problems);

#endif
