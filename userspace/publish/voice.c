/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines for the log. See voice.h.
 */
#include "voice.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_MAX_BYTES 512

void weir_voice_say(const struct weir_voice *voice, enum weir_publish_log_level level, const char *format,
                    ...)
{
	char line[LINE_MAX_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (voice->log != NULL)
		voice->log(voice->context, level, line);
	else
		fprintf(stderr, "weir: %s\n", line);
}

bool weir_voice_may(int64_t *last_ns, int64_t now_ns, int64_t interval_ns)
{
	if (*last_ns != 0 && now_ns - *last_ns < interval_ns)
		return false;
	*last_ns = now_ns;
	return true;
}
