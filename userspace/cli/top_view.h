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

#include "cli/top_status.h"

struct weir_top_view {
	FILE *out;
	bool is_terminal;
	bool has_colour;
	size_t footer_shown; /* lines of the footer that are on the terminal */
	size_t footer_count;
	char footer[WEIR_TOP_LINES][WEIR_TOP_LINE_MAX];
};

/* plain: lines, even on a terminal. Colour is left out where NO_COLOR is set. */
void weir_top_view_open(struct weir_top_view *view, FILE *out, bool plain);

/* A line that scrolls by. */
void weir_top_view_line(struct weir_top_view *view, enum weir_top_tone tone, const char *line);

/* On a terminal the new footer; else one line with all of it. */
void weir_top_view_footer(struct weir_top_view *view, char lines[][WEIR_TOP_LINE_MAX], size_t count);

/* Leaves the cursor below everything. */
void weir_top_view_close(struct weir_top_view *view);

/*
 * How many bytes of a line of UTF-8 fit into so many columns, a character counted as one: a sequence is
 * not cut in two.
 */
size_t weir_top_fitting(const char *line, size_t columns);

#endif
