/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the publisher has to say to an operator: one line at a time, to the owner's log or to standard
 * error. Decides nothing about how often; who may repeat himself uses weir_voice_may().
 */
#ifndef WEIR_PUBLISH_VOICE_H
#define WEIR_PUBLISH_VOICE_H

#include <stdbool.h>
#include <stdint.h>

#include "publish.h"

struct weir_voice {
	void *context;
	void (*log)(void *context, enum weir_publish_log_level level, const char *text); /* NULL: stderr */
};

void weir_voice_say(const struct weir_voice *voice, enum weir_publish_log_level level, const char *format,
                    ...) __attribute__((format(printf, 3, 4)));

/* At most one in interval_ns: true when it may be said now; *last_ns (0: never) is then set. */
bool weir_voice_may(int64_t *last_ns, int64_t now_ns, int64_t interval_ns);

#endif
