/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where `weir top` writes: on a terminal lines scroll by above a footer that stays at the bottom, else
 * there are lines and no footer. What was scrolled by stays in the terminal when it ends. Not for two
 * threads at a time.
 */
#ifndef WEIR_CLI_TOP_VIEW_H
#define WEIR_CLI_TOP_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "cli/top_alert.h"
#include "cli/top_status.h"

struct weir_top_view {
	FILE *out;
	bool is_terminal;
	bool has_colour;
	size_t columns;      /* of the terminal when the footer was drawn */
	size_t footer_shown; /* lines of the footer that are on the terminal */
	size_t footer_count;
	char footer[WEIR_TOP_LINES][WEIR_TOP_LINE_MAX];
};

/* plain: lines, even on a terminal. Colour is left out where NO_COLOR is set. */
void weir_top_view_open(struct weir_top_view *view, FILE *out, bool plain);

/* A line that scrolls by. */
void weir_top_view_line(struct weir_top_view *view, enum weir_top_tone tone, const char *line);

/* The new footer; only where is_terminal. */
void weir_top_view_footer(struct weir_top_view *view, char lines[][WEIR_TOP_LINE_MAX], size_t count);

/* Of the terminal now, or WEIR_TOP_WIDE where it is none. */
size_t weir_top_view_columns(const struct weir_top_view *view);

/* There is a footer, and it was drawn for another width than the terminal has now. */
bool weir_top_view_is_resized(const struct weir_top_view *view);

/* Leaves the cursor below everything. */
void weir_top_view_close(struct weir_top_view *view);

#endif
