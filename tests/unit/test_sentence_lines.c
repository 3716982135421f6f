/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cutting a stream of text into datagrams: by lines, with what belongs together kept together, whatever
 * the pieces in which it is read.
 */
#include "suite.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "decode/lines.h"

#define LONG (WEIR_DATAGRAM_MAX + 1)

static const struct {
	const char *name;
	const char *text;
	const char *datagrams; /* each ends with '|' */
	const char *numbers;   /* of their first lines */
} cases[] = {
        {"nothing", "", "", ""},
        {"a line", "a\n", "a\n|", "1"},
        {"a line without an end", "a", "a|", "1"},
        {"two lines", "a\nb\n", "a\n|b\n|", "12"},
        {"CR LF", "a\r\nb\r\n", "a\r\n|b\r\n|", "12"},
        {"empty lines are left out", "\na\n\r\n\nb\n\n", "a\n|b\n|", "25"},
        {"comments are left out", "# c\na\n#\nb\n# c", "a\n|b\n|", "24"},
        {"a $PGHP line stays with the next", "$PGHP,1*00\na\nb\n", "$PGHP,1*00\na\n|b\n|", "13"},
        {"a lone TAG block stays with the next", "\\c:1*00\\\r\na\nb\n", "\\c:1*00\\\r\na\n|b\n|", "13"},
        {"a TAG block with its sentence does not", "\\c:1*00\\!a\nb\n", "\\c:1*00\\!a\n|b\n|", "12"},
        {"both stay", "$PGHP,1*00\n\\c:1*00\\\na\nb", "$PGHP,1*00\n\\c:1*00\\\na\n|b|", "14"},
        {"an empty line parts them", "$PGHP,1*00\n\na\n", "$PGHP,1*00\n|a\n|", "13"},
        {"a $PGHP line at the end", "a\n$PGHP,1*00\n", "a\n|$PGHP,1*00\n|", "12"},
        {"five $PGHP lines are too many", "$PGHP,\n$PGHP,\n$PGHP,\n$PGHP,\n$PGHP,\na\n",
         "$PGHP,\n$PGHP,\n$PGHP,\n$PGHP,\n$PGHP,\n|a\n|", "16"},
};

/* Feeds the text in pieces of step bytes. */
static void cut(const char *text, size_t step, char *datagrams, char *numbers)
{
	struct weir_lines *lines;
	size_t length = strlen(text);
	size_t at = 0;
	bool more = true;

	ck_assert_int_eq(weir_lines_new(&lines), 0);
	while (more) {
		struct weir_datagram datagram;
		size_t room;
		uint8_t *into = weir_lines_room(lines, &room);
		size_t part = length - at < step ? length - at : step;

		ck_assert_uint_gt(room, 0);
		memcpy(into, text + at, part);
		weir_lines_added(lines, part);
		at += part;
		more = part > 0;
		while (weir_lines_next(lines, &datagram)) {
			memcpy(datagrams, datagram.bytes, datagram.length);
			datagrams += datagram.length;
			*datagrams++ = '|';
			*numbers++ = (char)('0' + weir_lines_number(lines));
		}
	}
	*datagrams = *numbers = '\0';
	weir_lines_free(lines);
}

START_TEST(lines_become_datagrams_whatever_the_pieces)
{
	for (size_t step = 1; step < 12; step++) {
		char datagrams[300], numbers[20];

		cut(cases[_i].text, step, datagrams, numbers);
		ck_assert_msg(strcmp(datagrams, cases[_i].datagrams) == 0, "%s, by %zu: %s", cases[_i].name,
		              step, datagrams);
		ck_assert_msg(strcmp(numbers, cases[_i].numbers) == 0, "%s, by %zu: %s", cases[_i].name, step,
		              numbers);
	}
}
END_TEST

START_TEST(a_line_is_given_as_soon_as_it_is_whole)
{
	struct weir_datagram datagram;
	struct weir_lines *lines;
	size_t room;

	ck_assert_int_eq(weir_lines_new(&lines), 0);
	memcpy(weir_lines_room(lines, &room), "a\nb", 3);
	weir_lines_added(lines, 3);
	ck_assert(weir_lines_next(lines, &datagram));
	ck_assert_uint_eq(datagram.length, 2);
	ck_assert(!weir_lines_next(lines, &datagram));
	memcpy(weir_lines_room(lines, &room), "\n", 1);
	weir_lines_added(lines, 1);
	ck_assert(weir_lines_next(lines, &datagram));
	ck_assert_mem_eq(datagram.bytes, "b\n", 2);
	weir_lines_free(lines);
}
END_TEST

/* Text of so many bytes in one line, then "a". Returns the lengths of the datagrams. */
static unsigned int cut_long(size_t length, size_t step, size_t *lengths)
{
	struct weir_lines *lines;
	char *text = malloc(length + 3);
	unsigned int count = 0;
	size_t at = 0;
	bool more = true;

	memset(text, 'x', length);
	memcpy(text + length, "\na\n", 3);
	length += 3;
	ck_assert_int_eq(weir_lines_new(&lines), 0);
	while (more) {
		struct weir_datagram datagram;
		size_t room;
		uint8_t *into = weir_lines_room(lines, &room);
		size_t part = length - at;

		ck_assert_uint_gt(room, 0);
		part = part < step ? part : step;
		part = part < room ? part : room;
		memcpy(into, text + at, part);
		weir_lines_added(lines, part);
		at += part;
		more = part > 0;
		while (weir_lines_next(lines, &datagram)) {
			ck_assert_uint_lt(count, 4);
			lengths[count++] = datagram.length;
		}
	}
	weir_lines_free(lines);
	free(text);
	return count;
}

START_TEST(a_line_that_is_too_long_is_cut_and_the_next_one_is_whole)
{
	static const size_t sizes[] = {
	        WEIR_DATAGRAM_MAX - 1, WEIR_DATAGRAM_MAX, LONG, LONG + 1, 262143, 262144, 262145, 1u << 20};
	static const size_t steps[] = {997, 4096, 65536, 1u << 20};

	for (size_t size = 0; size < sizeof(sizes) / sizeof(sizes[0]); size++)
		for (size_t step = 0; step < sizeof(steps) / sizeof(steps[0]); step++) {
			size_t lengths[4];

			ck_assert_uint_eq(cut_long(sizes[size], steps[step], lengths), 2);
			ck_assert_uint_eq(lengths[0],
			                  sizes[size] + 1 <= WEIR_DATAGRAM_MAX ? sizes[size] + 1 : LONG);
			ck_assert_uint_eq(lengths[1], 2);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("lines");
	TCase *tcase = tcase_create("lines");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, lines_become_datagrams_whatever_the_pieces, 0,
	                    sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tcase, a_line_is_given_as_soon_as_it_is_whole);
	tcase_add_test(tcase, a_line_that_is_too_long_is_cut_and_the_next_one_is_whole);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
