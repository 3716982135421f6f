/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of problems of <weir/problem.h>. It collects; it does not print.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/problem.h>

static void *must(void *memory)
{
	if (memory == NULL) {
		fputs("weir: out of memory while reading the configuration\n", stderr);
		abort();
	}
	return memory;
}

void weir_problem_add(struct weir_problems *problems, const char *file, uint32_t line, uint32_t column,
                      const char *format, ...)
{
	if (problems->count == problems->capacity) {
		problems->capacity = problems->capacity == 0 ? 8 : 2 * problems->capacity;
		problems->items =
		        must(realloc(problems->items, problems->capacity * sizeof(*problems->items)));
	}

	char *text = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);

	problems->items[problems->count++] = (struct weir_problem){
	        .file = file == NULL ? NULL : must(strdup(file)),
	        .line = line,
	        .column = column,
	        .text = must(text),
	};
}

int weir_problem_format(const struct weir_problem *problem, char *out, size_t size)
{
	const char *file = problem->file, *text = problem->text;

	if (file == NULL)
		return snprintf(out, size, "%s", text);
	if (problem->line == 0)
		return snprintf(out, size, "%s: %s", file, text);
	if (problem->column == 0)
		return snprintf(out, size, "%s:%u: %s", file, problem->line, text);
	return snprintf(out, size, "%s:%u:%u: %s", file, problem->line, problem->column, text);
}

void weir_problems_clear(struct weir_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		free(problems->items[i].file);
		free(problems->items[i].text);
	}
	free(problems->items);
	*problems = (struct weir_problems){0};
}
