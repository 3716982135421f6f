/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log lines: see log.h. A line is put together on the stack and leaves by one write(), so that the
 * lines of different threads do not mix. A line that does not fit is cut.
 */
#include "gateway/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static _Atomic int threshold = WEIR_LOG_INFO;
static _Atomic int shape = WEIR_LOG_TEXT;

static const struct {
	const char *name;
	int priority; /* syslog(3) */
} levels[] = {
        [WEIR_LOG_ERROR] = {"error", 3},
        [WEIR_LOG_WARNING] = {"warning", 4},
        [WEIR_LOG_INFO] = {"info", 6},
        [WEIR_LOG_DEBUG] = {"debug", 7},
};
_Static_assert(sizeof levels / sizeof levels[0] == WEIR_LOG_LEVELS, "a name for each level");

void weir_log_configure(enum weir_log_level level, enum weir_log_format format)
{
	atomic_store(&threshold, (int)level);
	atomic_store(&shape, (int)format);
}

const char *weir_log_level_name(enum weir_log_level level)
{
	return levels[level].name;
}

/*
 * Two threads at the border of a window may both begin it, and one line more or less is said then:
 * that does not matter, so nothing here is stronger than relaxed.
 */
bool weir_log_admit(struct weir_log_site *site, int64_t now_ns, uint32_t *withheld)
{
	int64_t began = atomic_load_explicit(&site->window_ns, memory_order_relaxed);

	if (began == 0 || now_ns - began >= WEIR_LOG_WINDOW_NS) {
		atomic_store_explicit(&site->window_ns, now_ns, memory_order_relaxed);
		atomic_store_explicit(&site->said, 0, memory_order_relaxed);
	}
	if (atomic_fetch_add_explicit(&site->said, 1, memory_order_relaxed) >= WEIR_LOG_BURST) {
		atomic_fetch_add_explicit(&site->withheld, 1, memory_order_relaxed);
		return false;
	}
	*withheld = atomic_exchange_explicit(&site->withheld, 0, memory_order_relaxed);
	return true;
}

struct line {
	char bytes[LINE_MAX_BYTES];
	size_t length;
	bool full;
};

/* Two bytes stay free: the end of a JSON object, or the newline. */
static void add(struct line *line, const char *text, size_t length)
{
	size_t room = sizeof line->bytes - 4 - line->length;

	if (length > room) { /* half an escape sequence would be worse than none */
		line->full = true;
		return;
	}
	memcpy(line->bytes + line->length, text, length);
	line->length += length;
}

static void add_text(struct line *line, const char *text)
{
	add(line, text, strlen(text));
}

/* Control characters could forge a second line or steer a terminal. */
static void add_plain(struct line *line, const char *text)
{
	for (; *text && !line->full; text++) {
		char c = (unsigned char)*text < 0x20 || *text == 0x7f ? ' ' : *text;
		add(line, &c, 1);
	}
}

static void add_json(struct line *line, const char *text)
{
	for (; *text && !line->full; text++) {
		char escaped[8];
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\') {
			add(line, (char[]){'\\', (char)c}, 2);
		} else if (c < 0x20 || c == 0x7f) {
			snprintf(escaped, sizeof escaped, "\\u%04x", c);
			add(line, escaped, 6);
		} else {
			add(line, text, 1);
		}
	}
}

static void add_time(struct line *line)
{
	struct timespec now;
	struct tm utc;
	char text[40];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	size_t length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + length, sizeof text - length, ".%03ldZ", now.tv_nsec / 1000000);
	add_text(line, text);
}

static void compose(struct line *line, enum weir_log_level level, const char *message)
{
	char priority[8];

	if (getenv("JOURNAL_STREAM")) {
		snprintf(priority, sizeof priority, "<%d>", levels[level].priority);
		add_text(line, priority);
	}
	if (atomic_load(&shape) == WEIR_LOG_JSON) {
		add_text(line, "{\"time\":\"");
		add_time(line);
		add_text(line, "\",\"level\":\"");
		add_text(line, levels[level].name);
		add_text(line, "\",\"message\":\"");
		add_json(line, message);
		memcpy(line->bytes + line->length, "\"}", 2);
		line->length += 2;
	} else {
		add_text(line, level == WEIR_LOG_WARNING ? "weir: warning: " : "weir: ");
		add_plain(line, message);
	}
	line->bytes[line->length++] = '\n';
}

void weir_log_write(struct weir_log_site *site, enum weir_log_level level, const char *format, ...)
{
	char message[LINE_MAX_BYTES / 2];
	struct line line = {.length = 0};
	struct timespec now;
	uint32_t withheld = 0;
	va_list arguments;

	if ((int)level > atomic_load(&threshold))
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!weir_log_admit(site, (int64_t)now.tv_sec * 1000000000 + now.tv_nsec, &withheld))
		return;
	va_start(arguments, format);
	int length = vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	if (withheld > 0 && length >= 0 && (size_t)length < sizeof message)
		snprintf(message + length, sizeof message - (size_t)length,
		         " (%u more like this were not logged)", withheld);
	compose(&line, level, message);
	/* A log that can't be written has nobody to be told. */
	if (write(STDERR_FILENO, line.bytes, line.length) < 0)
		return;
}
