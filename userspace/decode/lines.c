/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cutting a stream of text into datagrams: one buffer, memchr() for the line ends. It knows of sentences no
 * more than how a line begins.
 */
#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wrapping.h"

#define BUFFER_SIZE ((size_t)256 << 10)
/* $PGHP and TAG lines that stay with the line after them. More in a row are no wrapping. */
#define COMPANIONS_MAX 4

struct weir_lines {
	uint64_t number;   /* lines that were taken */
	uint64_t first;    /* number of the first line of the last datagram */
	size_t begin, end; /* what is in the buffer and not yet taken */
	bool ended;        /* no more input will come */
	bool skipping;     /* the rest of a line that was too long */
	uint8_t bytes[BUFFER_SIZE];
};

int weir_lines_new(struct weir_lines **out)
{
	struct weir_lines *lines = malloc(sizeof(*lines));

	if (lines == NULL)
		return -ENOMEM;
	memset(lines, 0, offsetof(struct weir_lines, bytes));
	*out = lines;
	return 0;
}

void weir_lines_free(struct weir_lines *lines)
{
	free(lines);
}

uint64_t weir_lines_number(const struct weir_lines *lines)
{
	return lines->first;
}

uint8_t *weir_lines_room(struct weir_lines *lines, size_t *size)
{
	if (lines->begin > 0) {
		memmove(lines->bytes, lines->bytes + lines->begin, lines->end - lines->begin);
		lines->end -= lines->begin;
		lines->begin = 0;
	}
	*size = BUFFER_SIZE - lines->end;
	return lines->bytes + lines->end;
}

void weir_lines_added(struct weir_lines *lines, size_t size)
{
	lines->end += size;
	lines->ended = size == 0;
}

/* The length of the line at begin, its end included; 0: its end is not here yet. */
static size_t line_length(const struct weir_lines *lines, size_t begin)
{
	const uint8_t *text = lines->bytes + begin;
	size_t left = lines->end - begin;
	const uint8_t *newline = left > 0 ? memchr(text, '\n', left) : NULL;

	if (newline != NULL)
		return (size_t)(newline - text) + 1;
	return lines->ended ? left : 0;
}

/* A line that says something of the next one: a $PGHP sentence, or a TAG block with nothing behind it. */
static bool is_companion(const uint8_t *text, size_t length)
{
	if (text[0] == '!') /* nearly all are */
		return false;
	uint32_t header = weir_header_length(text, length > UINT32_MAX ? UINT32_MAX : (uint32_t)length);

	text += header;
	length -= header;
	while (length > 0 &&
	       (text[length - 1] == '\n' || text[length - 1] == '\r' || text[length - 1] == ' '))
		length--;
	if (length >= 6 && memcmp(text, "$PGHP,", 6) == 0)
		return true;
	return length >= 2 && text[0] == '\\' && text[length - 1] == '\\';
}

/* Empty lines, comments, the rest of lines that were too long. */
static bool is_left_out(const uint8_t *text, size_t length)
{
	return text[0] == '#' || text[0] == '\n' || (text[0] == '\r' && (length == 1 || text[1] == '\n'));
}

/* Takes lines that nobody wants off the front. Returns the length of the line that is there then, as above.
 */
static size_t leave_out(struct weir_lines *lines)
{
	size_t length;

	while ((length = line_length(lines, lines->begin)) > 0 &&
	       (lines->skipping || is_left_out(lines->bytes + lines->begin, length))) {
		lines->begin += length;
		lines->number += !lines->skipping;
		lines->skipping = false;
	}
	if (length == 0 && lines->skipping)
		lines->begin = lines->end;
	return length;
}

/* Hands over the beginning of a line that is too long; length 0: its end is still to come. */
static void cut_line(struct weir_lines *lines, size_t length, struct weir_datagram *datagram)
{
	datagram->bytes = lines->bytes + lines->begin;
	datagram->length = WEIR_DATAGRAM_MAX + 1;
	lines->skipping = length == 0;
	lines->begin = length == 0 ? lines->end : lines->begin + length;
	lines->first = ++lines->number;
}

bool weir_lines_next(struct weir_lines *lines, struct weir_datagram *datagram)
{
	size_t length = leave_out(lines);
	const uint8_t *text = lines->bytes + lines->begin;
	size_t waiting = lines->end - lines->begin;
	size_t last = length;
	unsigned int count = 1;

	if (length > WEIR_DATAGRAM_MAX || (length == 0 && waiting > WEIR_DATAGRAM_MAX)) {
		cut_line(lines, length, datagram);
		return true;
	}
	if (length == 0)
		return false;
	while (count <= COMPANIONS_MAX && is_companion(text + length - last, last)) {
		size_t next = line_length(lines, lines->begin + length);

		if (next == 0 && !lines->ended && waiting - length <= WEIR_DATAGRAM_MAX)
			return false;
		if (next == 0 || length + next > WEIR_DATAGRAM_MAX || is_left_out(text + length, next))
			break;
		length += next;
		last = next;
		count++;
	}
	datagram->bytes = text;
	datagram->length = (uint32_t)length;
	lines->begin += length;
	lines->first = lines->number + 1;
	lines->number += count;
	return true;
}
