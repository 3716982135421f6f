/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the control plane says what it does, and the detour that the messages of libbpf and libxdp take.
 */
#ifndef WEIR_PREFILTER_LOG_H
#define WEIR_PREFILTER_LOG_H

#include "prefilter.h"

struct prefilter_log {
	void (*write)(void *context, enum weir_prefilter_level level, const char *text); /* may be NULL */
	void *context;
};

void weir_prefilter_log(const struct prefilter_log *log, enum weir_prefilter_level level, const char *format,
                        ...) __attribute__((format(printf, 3, 4)));

/*
 * libbpf and libxdp have one print function a process: from now on theirs lead to log, a warning as a notice
 * and a notice as debug text. NULL: silence.
 */
void weir_prefilter_listen(const struct prefilter_log *log);

/* While something is tried that may well fail, even their warnings are debug text. */
void weir_prefilter_quiet(bool quiet);

#endif
