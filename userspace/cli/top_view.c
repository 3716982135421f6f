/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The terminal of `weir top`. See top_view.h. Three sequences of ECMA-48 are enough: cursor up, erase to
 * the end of the screen, and colours.
 */
#include "cli/top_view.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_DEFAULT 80
#define ROWS_DEFAULT 24

void weir_top_view_open(struct weir_top_view *view, FILE *out, bool plain)
{
	const char *no_colour = getenv("NO_COLOR");

	*view = (struct weir_top_view){.out = out, .is_terminal = !plain && isatty(fileno(out)) == 1};
	view->has_colour = view->is_terminal && (no_colour == NULL || no_colour[0] == '\0');
}

static struct winsize size_of(const struct weir_top_view *view)
{
	struct winsize size = {0};

	if (ioctl(fileno(view->out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		size.ws_col = COLUMNS_DEFAULT;
	if (size.ws_row < 2)
		size.ws_row = ROWS_DEFAULT;
	return size;
}

size_t weir_top_view_columns(const struct weir_top_view *view)
{
	return view->is_terminal ? size_of(view).ws_col : WEIR_TOP_WIDE;
}

bool weir_top_view_is_resized(const struct weir_top_view *view)
{
	return view->footer_shown > 0 && weir_top_view_columns(view) != view->columns;
}

/* Where the terminal has become narrower meanwhile, it has wrapped lines that were as wide as it was. */
static void erase_footer(struct weir_top_view *view)
{
	size_t rows = 0;

	if (view->footer_shown == 0)
		return;
	size_t columns = size_of(view).ws_col;
	for (size_t i = 0; i < view->footer_shown; i++) {
		size_t width = weir_top_width(view->footer[i]);

		width = width < view->columns ? width : view->columns;
		rows += width > columns ? (width + columns - 1) / columns : 1;
	}
	fprintf(view->out, "\033[%zuA\r\033[J", rows);
	view->footer_shown = 0;
}

/* A line that wraps would make two: each is cut at the terminal's width. */
static void draw_footer(struct weir_top_view *view)
{
	struct winsize size = size_of(view);
	size_t room = (size_t)size.ws_row - 1; /* the cursor stands below */
	size_t count = view->footer_count < room ? view->footer_count : room;

	view->columns = size.ws_col;
	for (size_t i = 0; i < count; i++) {
		const char *style = !view->has_colour ? "" : i == 0 ? "\033[7m" : "\033[2m";
		fprintf(view->out, "%s%.*s%s\n", style, (int)weir_top_fitting(view->footer[i], size.ws_col),
		        view->footer[i], view->has_colour ? "\033[0m" : "");
	}
	view->footer_shown = count;
	fflush(view->out);
}

void weir_top_view_line(struct weir_top_view *view, enum weir_top_tone tone, const char *line)
{
	static const char *const styles[] = {[WEIR_TOP_PLAIN] = "",
	                                     [WEIR_TOP_FAINT] = "\033[2m",
	                                     [WEIR_TOP_WARNING] = "\033[1;33m",
	                                     [WEIR_TOP_ALARM] = "\033[1;31m",
	                                     [WEIR_TOP_EMERGENCY] = "\033[1;31m"};
	bool has_style = view->has_colour && tone != WEIR_TOP_PLAIN;

	erase_footer(view);
	fprintf(view->out, "%s%s%s\n", has_style ? styles[tone] : "", line, has_style ? "\033[0m" : "");
	if (view->is_terminal)
		draw_footer(view);
	fflush(view->out);
}

void weir_top_view_footer(struct weir_top_view *view, char lines[][WEIR_TOP_LINE_MAX], size_t count)
{
	erase_footer(view);
	view->footer_count = count < WEIR_TOP_LINES ? count : WEIR_TOP_LINES;
	memcpy(view->footer, lines, view->footer_count * sizeof(*view->footer));
	draw_footer(view);
}

void weir_top_view_close(struct weir_top_view *view)
{
	view->footer_shown = 0; /* the last footer stays where it is */
	fflush(view->out);
}
