/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The status of a gateway as `weir top` shows it: a line a stage, counters with their rates, from the JSON
 * of publish/status.h. And an alert as a line, from its GeoJSON. Knows no terminal and no network.
 */
#ifndef WEIR_CLI_TOP_STATUS_H
#define WEIR_CLI_TOP_STATUS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_TOP_LINES 16
#define WEIR_TOP_LINE_MAX 512

struct weir_top_status {
	json_t *before;    /* the last status but one: rates are taken from these two */
	json_t *now;       /* NULL: none has come yet */
	int64_t before_ns; /* when they came; monotonic */
	int64_t now_ns;
};

/* Takes a status in. False for what is none; a gateway that has started anew has no rates at first. */
bool weir_top_status_take(struct weir_top_status *status, const char *json, size_t length, int64_t time_ns);

/* Writes up to WEIR_TOP_LINES lines, NUL-terminated; returns how many. */
size_t weir_top_status_lines(const struct weir_top_status *status, char lines[][WEIR_TOP_LINE_MAX]);

/* The site that the status is of, or "". */
const char *weir_top_status_site(const struct weir_top_status *status);

void weir_top_status_clear(struct weir_top_status *status);

enum weir_top_tone { WEIR_TOP_PLAIN, WEIR_TOP_FAINT, WEIR_TOP_WARNING, WEIR_TOP_ALARM, WEIR_TOP_EMERGENCY };

/* An alert as one line. False for what is none. */
bool weir_top_alert_line(const char *json, size_t length, char line[WEIR_TOP_LINE_MAX],
                         enum weir_top_tone *tone);

#endif
