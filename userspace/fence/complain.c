/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is wrong with a feature, with its place in its file.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fence/loader.h"

void weir_loader_complain(struct weir_loader *loader, const char *format, ...)
{
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (loader->feature == 0)
		weir_problem_add(loader->problems, loader->file, loader->place.line, loader->place.column,
		                 "%s", text == NULL ? format : text);
	else if (loader->id == NULL)
		weir_problem_add(loader->problems, loader->file, loader->place.line, loader->place.column,
		                 "feature %zu: %s", loader->feature, text == NULL ? format : text);
	else
		weir_problem_add(loader->problems, loader->file, loader->place.line, loader->place.column,
		                 "feature %zu ('%s'): %s", loader->feature, loader->id,
		                 text == NULL ? format : text);
	free(text);
}
