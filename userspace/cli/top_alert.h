/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An alert as `weir top` shows it, from its GeoJSON. Knows no terminal and no network.
 */
#ifndef WEIR_CLI_TOP_ALERT_H
#define WEIR_CLI_TOP_ALERT_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/top_line.h"

enum weir_top_tone { WEIR_TOP_PLAIN, WEIR_TOP_FAINT, WEIR_TOP_WARNING, WEIR_TOP_ALARM, WEIR_TOP_EMERGENCY };

struct weir_top_alert {
	char date[12]; /* 2026-11-22, UTC; "" where the alert has none */
	char line[WEIR_TOP_LINE_MAX];
	enum weir_top_tone tone;
};

/* False, and out untouched, for what is no alert. */
bool weir_top_alert_read(const char *json, size_t length, struct weir_top_alert *out);

#endif
