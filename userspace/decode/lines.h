/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stream of text, a file or a pipe, cut into datagrams as if each line had come by itself. What a receiver
 * writes on a line of its own for the line after it, a $PGHP sentence or a lone TAG block, stays together
 * with that line. Empty lines and lines that begin with '#' are left out.
 *
 *     struct weir_lines *lines;
 *     if (weir_lines_new(&lines) == 0) {
 *             for (;;) {
 *                     size_t room;
 *                     uint8_t *into = weir_lines_room(lines, &room);
 *                     ssize_t got = read(0, into, room);
 *                     weir_lines_added(lines, got > 0 ? (size_t)got : 0);   // 0: the input has ended
 *                     while (weir_lines_next(lines, &datagram))
 *                             weir_decoder_feed(decoder, &datagram);
 *                     if (got <= 0)
 *                             break;
 *             }
 *             weir_lines_free(lines);
 *     }
 *
 * Constant memory. A line longer than WEIR_DATAGRAM_MAX comes out as its first WEIR_DATAGRAM_MAX + 1 bytes,
 * which the decoder refuses as too_long; the rest of the line is skipped. It reads no files itself.
 */
#ifndef WEIR_DECODE_LINES_H
#define WEIR_DECODE_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/datagram.h>

struct weir_lines;

int weir_lines_new(struct weir_lines **out);

/* Where to put the next bytes, and how many fit: never 0 after weir_lines_next() has said false. */
uint8_t *weir_lines_room(struct weir_lines *lines, size_t *size);

/* So many bytes were put there. 0: the input has ended, and what is left is a line too. */
void weir_lines_added(struct weir_lines *lines, size_t size);

/* Sets bytes and length of the next datagram, and nothing else of it; they hold until the next call of
 * weir_lines_room(). False: more input is needed, or all is done. */
bool weir_lines_next(struct weir_lines *lines, struct weir_datagram *datagram);

/* The line number, from 1, of the first line of the datagram that weir_lines_next() gave last. */
uint64_t weir_lines_number(const struct weir_lines *lines);

/* Takes NULL. */
void weir_lines_free(struct weir_lines *lines);

#endif
