/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A line of `weir top`, put together from items that fit whole or not at all, so that no number is ever cut.
 * Knows UTF-8 and what could steer a terminal; knows no terminal.
 */
#ifndef WEIR_CLI_TOP_LINE_H
#define WEIR_CLI_TOP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEIR_TOP_LINE_MAX 1024
#define WEIR_TOP_WIDE ((size_t)1 << 20) /* columns, where there is no terminal */

struct weir_top_line {
	char *text;          /* WEIR_TOP_LINE_MAX bytes, NUL-terminated */
	size_t columns;      /* that it may have */
	const char *lead;    /* before the next item */
	const char *between; /* before those after it */
	bool is_full;        /* an item did not fit: nothing comes after it */
};

/* Begins a line with a name; lead and between are borrowed. */
void weir_top_line_begin(struct weir_top_line *line, char text[WEIR_TOP_LINE_MAX], const char *name,
                         size_t columns, const char *lead, const char *between);

/* Adds an item with its detail, else without, else nothing; then the line is full. */
void weir_top_line_item(struct weir_top_line *line, const char *item, const char *detail);

/* Adds words that may lose their end, with an ellipsis. */
void weir_top_line_words(struct weir_top_line *line, const char *words);

/* Appends by printf to a text of WEIR_TOP_LINE_MAX bytes; what does not fit is cut off. */
void weir_top_append(char *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* 1234567 as 1,234,567. */
void weir_top_append_number(char *text, int64_t number);

/*
 * What comes from ships and files must not steer the terminal: control characters, those of C1 in UTF-8
 * too, become blanks.
 */
void weir_top_tame(char *text);

/*
 * How many bytes of a text of UTF-8 fit into so many columns, a character counted as one: a sequence is
 * not cut in two.
 */
size_t weir_top_fitting(const char *text, size_t columns);

/* Characters of a text of UTF-8. */
size_t weir_top_width(const char *text);

#endif
