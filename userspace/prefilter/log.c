/* SPDX-License-Identifier: BSD-2-Clause */
#include "log.h"

#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <xdp/libxdp.h>

static struct prefilter_log library_log;
static bool is_quiet;

__attribute__((format(printf, 3, 0))) static void log_text(const struct prefilter_log *log,
                                                           enum weir_prefilter_level level,
                                                           const char *format, va_list arguments)
{
	char text[512];

	if (log->write == NULL)
		return;
	vsnprintf(text, sizeof(text), format, arguments);
	text[strcspn(text, "\n")] = '\0';
	log->write(log->context, level, text);
}

void weir_prefilter_log(const struct prefilter_log *log, enum weir_prefilter_level level, const char *format,
                        ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_text(log, level, format, arguments);
	va_end(arguments);
}

/* One level lower than they rate it, or two. */
static enum weir_prefilter_level lowered(bool is_warning)
{
	return is_warning && !is_quiet ? WEIR_PREFILTER_NOTICE : WEIR_PREFILTER_DEBUG;
}

__attribute__((format(printf, 2, 0))) static int from_libbpf(enum libbpf_print_level level,
                                                             const char *format, va_list arguments)
{
	if (level != LIBBPF_DEBUG)
		log_text(&library_log, lowered(level == LIBBPF_WARN), format, arguments);
	return 0;
}

__attribute__((format(printf, 2, 0))) static int from_libxdp(enum libxdp_print_level level,
                                                             const char *format, va_list arguments)
{
	if (level != LIBXDP_DEBUG)
		log_text(&library_log, lowered(level == LIBXDP_WARN), format, arguments);
	return 0;
}

void weir_prefilter_quiet(bool quiet)
{
	is_quiet = quiet;
}

void weir_prefilter_listen(const struct prefilter_log *log)
{
	library_log = log != NULL ? *log : (struct prefilter_log){0};
	libbpf_set_print(from_libbpf);
	libxdp_set_print(from_libxdp);
}
