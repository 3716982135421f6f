/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log lines: their form, their levels, and that no call site can flood the log.
 */
#include "suite.h"

#include <string.h>
#include <unistd.h>

#include "gateway/log.h"

static char written[65536];
static int saved = -1;
static FILE *capture;

static void begin(void)
{
	capture = tmpfile();
	ck_assert_ptr_nonnull(capture);
	saved = dup(STDERR_FILENO);
	ck_assert_int_ge(dup2(fileno(capture), STDERR_FILENO), 0);
}

static void end(void)
{
	ck_assert_int_ge(dup2(saved, STDERR_FILENO), 0);
	close(saved);
	rewind(capture);
	size_t length = fread(written, 1, sizeof written - 1, capture);
	written[length] = '\0';
	fclose(capture);
}

static void reset(void)
{
	unsetenv("JOURNAL_STREAM");
	weir_log_configure(WEIR_LOG_INFO, WEIR_LOG_TEXT);
}

START_TEST(text_begins_with_weir)
{
	begin();
	weir_log_info("listening on %d", 7);
	weir_log_warning("slow");
	weir_log_error("gone");
	end();
	ck_assert_str_eq(written, "weir: listening on 7\nweir: warning: slow\nweir: gone\n");
}
END_TEST

START_TEST(levels_below_the_threshold_are_silent)
{
	weir_log_configure(WEIR_LOG_WARNING, WEIR_LOG_TEXT);
	begin();
	weir_log_debug("a");
	weir_log_info("b");
	weir_log_warning("c");
	weir_log_error("d");
	end();
	ck_assert_str_eq(written, "weir: warning: c\nweir: d\n");
}
END_TEST

START_TEST(control_characters_cannot_forge_lines)
{
	begin();
	weir_log_info("name \"%s\"", "A\nweir: forged\x1b[31m\x7f");
	end();
	ck_assert_str_eq(written, "weir: name \"A weir: forged [31m \"\n");
}
END_TEST

START_TEST(json_is_one_object_a_line)
{
	weir_log_configure(WEIR_LOG_INFO, WEIR_LOG_JSON);
	begin();
	weir_log_warning("a \"quoted\" \\ %s", "line\nend");
	end();
	ck_assert_ptr_nonnull(strstr(written, "{\"time\":\"20"));
	ck_assert_ptr_nonnull(strstr(written, "Z\",\"level\":\"warning\",\"message\":\"a \\\"quoted\\\" \\\\ "
	                                      "line\\u000aend\"}\n"));
	ck_assert_ptr_eq(strchr(written, '\n'), written + strlen(written) - 1);
}
END_TEST

START_TEST(journal_gets_a_priority)
{
	setenv("JOURNAL_STREAM", "8:1", 1);
	begin();
	weir_log_error("gone");
	weir_log_info("here");
	end();
	ck_assert_str_eq(written, "<3>weir: gone\n<6>weir: here\n");
}
END_TEST

START_TEST(long_lines_are_cut_and_end)
{
	static char text[10000];

	memset(text, 'x', sizeof text - 1);
	for (int format = 0; format < WEIR_LOG_FORMATS; format++) {
		weir_log_configure(WEIR_LOG_INFO, (enum weir_log_format)format);
		begin();
		weir_log_info("%s", text);
		end();
		size_t length = strlen(written);
		ck_assert_uint_gt(length, 1000);
		ck_assert_uint_le(length, 2048);
		ck_assert_int_eq(written[length - 1], '\n');
		ck_assert_int_eq(written[length - 2], format == WEIR_LOG_JSON ? '}' : 'x');
	}
}
END_TEST

START_TEST(a_long_json_line_of_escapes_still_ends_as_an_object)
{
	static char text[10000];

	memset(text, '"', sizeof text - 1);
	weir_log_configure(WEIR_LOG_INFO, WEIR_LOG_JSON);
	begin();
	weir_log_info("%s", text);
	end();
	size_t length = strlen(written);
	size_t backslashes = 0;
	ck_assert_str_eq(written + length - 3, "\"}\n");
	while (written[length - 4 - backslashes] == '\\')
		backslashes++;
	ck_assert_uint_eq(backslashes % 2, 0); /* the quotation mark that ends the text is not escaped */
}
END_TEST

START_TEST(a_site_is_held_back_after_its_burst)
{
	struct weir_log_site site = {0};
	uint32_t withheld = 77;
	int64_t now_ns = 1000000000;

	for (int i = 0; i < WEIR_LOG_BURST; i++)
		ck_assert(weir_log_admit(&site, now_ns + i, &withheld));
	ck_assert_uint_eq(withheld, 0);
	for (int i = 0; i < 1000; i++)
		ck_assert(!weir_log_admit(&site, now_ns + WEIR_LOG_WINDOW_NS - 1, &withheld));
	ck_assert(weir_log_admit(&site, now_ns + WEIR_LOG_WINDOW_NS, &withheld));
	ck_assert_uint_eq(withheld, 1000);
	ck_assert(weir_log_admit(&site, now_ns + WEIR_LOG_WINDOW_NS, &withheld));
	ck_assert_uint_eq(withheld, 0);
}
END_TEST

START_TEST(sites_are_held_back_each_for_itself)
{
	int lines = 0;

	begin();
	for (int i = 0; i < 3 * WEIR_LOG_BURST; i++)
		weir_log_info("one");
	for (int i = 0; i < 3; i++)
		weir_log_info("two");
	end();
	for (const char *c = written; *c; c++)
		lines += *c == '\n';
	ck_assert_int_eq(lines, WEIR_LOG_BURST + 3);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log");
	TCase *cases = tcase_create("log");

	tcase_add_checked_fixture(cases, reset, reset);
	tcase_add_test(cases, text_begins_with_weir);
	tcase_add_test(cases, levels_below_the_threshold_are_silent);
	tcase_add_test(cases, control_characters_cannot_forge_lines);
	tcase_add_test(cases, json_is_one_object_a_line);
	tcase_add_test(cases, journal_gets_a_priority);
	tcase_add_test(cases, long_lines_are_cut_and_end);
	tcase_add_test(cases, a_long_json_line_of_escapes_still_ends_as_an_object);
	tcase_add_test(cases, a_site_is_held_back_after_its_burst);
	tcase_add_test(cases, sites_are_held_back_each_for_itself);
	suite_add_tcase(suite, cases);
	return suite_main(suite);
}
