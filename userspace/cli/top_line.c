/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lines from items. See top_line.h.
 */
#include "cli/top_line.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MIN 12      /* columns: less of a sentence says nothing */
#define ELLIPSIS "\u2026" /* three bytes, one column */

void weir_top_append(char *text, const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text + used, WEIR_TOP_LINE_MAX - used, format, arguments);
	va_end(arguments);
}

void weir_top_append_number(char *text, int64_t number)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRId64, number);
	char out[40];
	size_t used = 0;

	for (int i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
	weir_top_append(text, "%s", out);
}

void weir_top_tame(char *text)
{
	for (unsigned char *at = (unsigned char *)text; *at != '\0'; at++) {
		if (*at < ' ' || *at == 0x7f)
			*at = ' ';
		if (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
			at[0] = at[1] = ' ';
	}
}

size_t weir_top_fitting(const char *text, size_t columns)
{
	size_t at = 0;

	while (text[at] != '\0') {
		if (((unsigned char)text[at] & 0xc0) != 0x80 && columns-- == 0)
			break;
		at++;
	}
	return at;
}

size_t weir_top_width(const char *text)
{
	size_t width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

void weir_top_line_begin(struct weir_top_line *line, char text[WEIR_TOP_LINE_MAX], const char *name,
                         size_t columns, const char *lead, const char *between)
{
	*line = (struct weir_top_line){.text = text, .columns = columns, .lead = lead, .between = between};
	text[0] = '\0';
	weir_top_append(text, "%s", name);
	weir_top_tame(text);
	text[weir_top_fitting(text, columns)] = '\0';
}

static bool fits(const struct weir_top_line *line, const char *piece)
{
	return weir_top_width(line->text) + weir_top_width(line->lead) + weir_top_width(piece) <=
	               line->columns &&
	       strlen(line->text) + strlen(line->lead) + strlen(piece) < WEIR_TOP_LINE_MAX;
}

static void add(struct weir_top_line *line, const char *piece)
{
	weir_top_append(line->text, "%s%s", line->lead, piece);
	line->lead = line->between;
}

void weir_top_line_item(struct weir_top_line *line, const char *item, const char *detail)
{
	char piece[WEIR_TOP_LINE_MAX] = "";

	if (line->is_full)
		return;
	weir_top_append(piece, "%s%s", item, detail);
	weir_top_tame(piece);
	if (!fits(line, piece)) {
		piece[0] = '\0';
		weir_top_append(piece, "%s", item);
		weir_top_tame(piece);
	}
	line->is_full = !fits(line, piece);
	if (!line->is_full)
		add(line, piece);
}

void weir_top_line_words(struct weir_top_line *line, const char *words)
{
	char piece[WEIR_TOP_LINE_MAX] = "";
	size_t used = weir_top_width(line->text) + weir_top_width(line->lead);
	size_t bytes = strlen(line->text) + strlen(line->lead) + sizeof(ELLIPSIS);

	if (line->is_full)
		return;
	weir_top_append(piece, "%s", words);
	weir_top_tame(piece);
	if (fits(line, piece)) {
		add(line, piece);
		return;
	}
	line->is_full = true;
	if (used + WORDS_MIN > line->columns || bytes + WORDS_MIN > WEIR_TOP_LINE_MAX)
		return;
	size_t keep = line->columns - used - 1;
	size_t room = (WEIR_TOP_LINE_MAX - bytes) / 4; /* bytes of a character, at most */
	piece[weir_top_fitting(piece, keep < room || strlen(piece) <= room ? keep : room)] = '\0';
	weir_top_append(piece, "%s", ELLIPSIS);
	add(line, piece);
}
