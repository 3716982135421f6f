/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fences for tests, from text instead of files.
 */
#ifndef WEIR_TESTS_FENCE_TEXT_H
#define WEIR_TESTS_FENCE_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weir/fence.h>

/* What weir_fences_load() says to a file with this text. The file is gone afterwards. */
static inline int fences_from_text(struct weir_fences **out, const char *text, double margin_m,
                                   struct weir_problems *problems)
{
	char path[] = "/tmp/weir-fences-XXXXXX";
	const char *files[] = {path};
	int descriptor = mkstemp(path);
	FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");

	if (file == NULL)
		abort();
	fputs(text, file);
	fclose(file);
	int error = weir_fences_load(
	        out, &(struct weir_fence_options){.files = files, .file_count = 1, .margin_m = margin_m},
	        problems);
	unlink(path);
	return error;
}

/* For fences that are right: anything else ends the program, with the problems on standard error. */
static inline struct weir_fences *fences_of(const char *text)
{
	struct weir_problems problems = {0};
	struct weir_fences *fences = NULL;

	if (fences_from_text(&fences, text, 0, &problems) != 0) {
		for (size_t i = 0; i < problems.count; i++)
			fprintf(stderr, "%u:%u: %s\n", problems.items[i].line, problems.items[i].column,
			        problems.items[i].text);
		abort();
	}
	weir_problems_clear(&problems);
	return fences;
}

#endif
