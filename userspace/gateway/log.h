/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log lines on standard error: "weir: text", or one JSON object a line.
 *
 * Each call site may say WEIR_LOG_BURST lines in WEIR_LOG_WINDOW_NS; what it says beyond that is counted,
 * and the next line that it is allowed to say tells how many there were. A stream of bad input therefore
 * can't fill a disk. Under systemd (JOURNAL_STREAM is set) each line begins with its priority, "<3>".
 *
 * Thread-safety: any thread may log at any time; weir_log_configure() is for the start of the program.
 */
#ifndef WEIR_GATEWAY_LOG_H
#define WEIR_GATEWAY_LOG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum weir_log_level { WEIR_LOG_ERROR, WEIR_LOG_WARNING, WEIR_LOG_INFO, WEIR_LOG_DEBUG, WEIR_LOG_LEVELS };
enum weir_log_format { WEIR_LOG_TEXT, WEIR_LOG_JSON, WEIR_LOG_FORMATS };

#define WEIR_LOG_BURST 20
#define WEIR_LOG_WINDOW_NS INT64_C(10000000000) /* 10 s */

/* The state of one call site; zero is a fresh one. */
struct weir_log_site {
	_Atomic int64_t window_ns; /* when the present window began */
	_Atomic uint32_t said;     /* lines in this window */
	_Atomic uint32_t withheld; /* lines not written since the last one that was */
};

/* What is written from now on. Before it is called: info, text. */
void weir_log_configure(enum weir_log_level level, enum weir_log_format format);

const char *weir_log_level_name(enum weir_log_level level);

/*
 * May the site say one more line at now_ns (monotonic)? If so *withheld is the number of lines
 * that it was refused since the last one.
 */
bool weir_log_admit(struct weir_log_site *site, int64_t now_ns, uint32_t *withheld);

void weir_log_write(struct weir_log_site *site, enum weir_log_level level, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

#define weir_log(level, ...)                                                                                 \
	do {                                                                                                 \
		static struct weir_log_site weir_log_here;                                                   \
		weir_log_write(&weir_log_here, (level), __VA_ARGS__);                                        \
	} while (0)

#define weir_log_error(...) weir_log(WEIR_LOG_ERROR, __VA_ARGS__)
#define weir_log_warning(...) weir_log(WEIR_LOG_WARNING, __VA_ARGS__)
#define weir_log_info(...) weir_log(WEIR_LOG_INFO, __VA_ARGS__)
#define weir_log_debug(...) weir_log(WEIR_LOG_DEBUG, __VA_ARGS__)

#endif
