/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The status of a gateway as `weir top` shows it: a line a stage, what matters first, counters with their
 * rates, from the JSON of publish/status.h. Knows no terminal and no network.
 */
#ifndef WEIR_CLI_TOP_STATUS_H
#define WEIR_CLI_TOP_STATUS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/top_line.h"

#define WEIR_TOP_LINES 16

struct weir_top_status {
	json_t *before;    /* the last status but one: rates are taken from these two */
	json_t *now;       /* NULL: none has come yet */
	int64_t before_ns; /* when they came; monotonic */
	int64_t now_ns;
};

/* Takes a status in. False for what is none; a gateway that has started anew has no rates at first. */
bool weir_top_status_take(struct weir_top_status *status, const char *json, size_t length, int64_t time_ns);

/*
 * Writes up to WEIR_TOP_LINES lines of at most so many columns, NUL-terminated; returns how many. What is
 * zero is left out, but for what should be zero.
 */
size_t weir_top_status_lines(const struct weir_top_status *status, size_t columns,
                             char lines[][WEIR_TOP_LINE_MAX]);

/* What matters of all stages in one line. */
void weir_top_status_compact(const struct weir_top_status *status, char line[WEIR_TOP_LINE_MAX]);

/* The site that the status is of, or "". */
const char *weir_top_status_site(const struct weir_top_status *status);

void weir_top_status_clear(struct weir_top_status *status);

#endif
