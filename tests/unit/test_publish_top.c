/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `weir top` makes of statuses and alerts: lines, rates, and nothing that could steer a terminal.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/top_status.h"
#include "cli/top_view.h"
#include "suite.h"

static struct weir_top_status status;
static char lines[WEIR_TOP_LINES][WEIR_TOP_LINE_MAX];

static bool take(const char *json, int64_t time_s)
{
	return weir_top_status_take(&status, json, strlen(json), time_s * 1000000000);
}

static void teardown(void)
{
	weir_top_status_clear(&status);
}

#define STATUS(uptime, ready, seen, gauge)                                                                   \
	"{\"v\":1,\"event\":\"status\",\"site\":\"rtm\",\"version\":\"0.1.0\",\"uptime_s\":" uptime          \
	"," ready ",\"stages\":[{\"name\":\"kernel\",\"counters\":{\"seen\":" seen                           \
	",\"passed_followed\":3},\"gauges\":"                                                                \
	"{\"ns_per_packet\":" gauge "},\"texts\":{\"mode\":\"native\"}},{\"name\":\"socket\"}]}"

START_TEST(a_status_is_a_line_a_stage)
{
	ck_assert(take(STATUS("3723.9", "\"ready\":true", "1234567", "41.5"), 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, lines), 3);
	ck_assert_str_eq(lines[0], "weir 0.1.0  site rtm  up 1:02:03  ready");
	ck_assert_str_eq(lines[1], "kernel    native  seen 1,234,567  passed followed 3  ns per packet 41.5");
	ck_assert_str_eq(lines[2], "socket  ");
	ck_assert_str_eq(weir_top_status_site(&status), "rtm");
}
END_TEST

START_TEST(two_statuses_give_rates)
{
	ck_assert(take(STATUS("10", "\"ready\":true", "1000", "41.5"), 1));
	ck_assert(take(STATUS("12", "\"ready\":true", "2000", "41.5"), 3));
	weir_top_status_lines(&status, lines);
	ck_assert_str_eq(lines[1],
	                 "kernel    native  seen 2,000 (500/s)  passed followed 3  ns per packet 41.5");
	ck_assert(take(STATUS("14", "\"ready\":true", "2003", "41.5"), 5));
	weir_top_status_lines(&status, lines);
	ck_assert_ptr_nonnull(strstr(lines[1], "seen 2,003 (1.5/s)  "));
}
END_TEST

START_TEST(a_gateway_that_has_started_anew_has_no_negative_rates)
{
	ck_assert(take(STATUS("1000", "\"ready\":true", "999999", "41.5"), 1));
	ck_assert(take(STATUS("2", "\"ready\":true", "10", "41.5"), 3));
	weir_top_status_lines(&status, lines);
	ck_assert_str_eq(lines[1], "kernel    native  seen 10  passed followed 3  ns per packet 41.5");
}
END_TEST

START_TEST(what_is_in_the_way_is_said)
{
	ck_assert(take(STATUS("5", "\"ready\":false,\"reason\":\"NATS: \\u001b[2Jaway\"", "1", "1"), 1));
	weir_top_status_lines(&status, lines);
	ck_assert_str_eq(lines[0], "weir 0.1.0  site rtm  up 0:00:05  NOT READY: NATS:  [2Jaway");
}
END_TEST

START_TEST(what_is_no_status_is_refused)
{
	ck_assert(!take("", 1));
	ck_assert(!take("nonsense", 1));
	ck_assert(!take("[]", 1));
	ck_assert(!take("{\"event\":\"status\"}", 1));
	ck_assert(!take("{\"event\":\"alert\",\"stages\":[]}", 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, lines), 0);
	ck_assert(take("{\"event\":\"status\",\"stages\":[]}", 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, lines), 1);
	ck_assert(take("{\"event\":\"status\",\"stages\":[1,null,{\"counters\":{\"a\":\"b\"},\"gauges\":7}]}",
	               2));
	ck_assert_uint_eq(weir_top_status_lines(&status, lines), 4);
}
END_TEST

START_TEST(more_stages_and_longer_lines_than_fit_are_cut)
{
	char *json = NULL;
	size_t size;
	FILE *out = open_memstream(&json, &size);

	fprintf(out, "{\"event\":\"status\",\"stages\":[{\"name\":\"a\",\"counters\":{");
	for (int i = 0; i < 300; i++)
		fprintf(out, "%s\"counter_%d\":%d", i ? "," : "", i, i);
	fprintf(out, "}}");
	for (int i = 0; i < 40; i++)
		fprintf(out, ",{\"name\":\"b\"}");
	fprintf(out, "]}");
	fclose(out);
	ck_assert(take(json, 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, lines), WEIR_TOP_LINES);
	ck_assert_uint_eq(strlen(lines[1]), WEIR_TOP_LINE_MAX - 1);
	free(json);
}
END_TEST

#define ALERT(rest)                                                                                          \
	"{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"event\":\"alert\",\"id\":\"244660000\","  \
	"\"time\":\"2026-11-22T05:14:25.638Z\"," rest "}}"

static const struct {
	const char *json;
	const char *line;
	enum weir_top_tone tone;
} alerts[] = {
        {ALERT("\"rule\":\"enter\",\"phase\":\"event\",\"severity\":\"info\",\"message\":\"MARIA entered\""),
         "2026-11-22 05:14:25Z  info       enter  MARIA entered  [244660000]", WEIR_TOP_PLAIN},
        {ALERT("\"rule\":\"speed\",\"phase\":\"raise\",\"severity\":\"warning\",\"fence\":\"f\""),
         "2026-11-22 05:14:25Z  warning    speed raise  244660000  f", WEIR_TOP_WARNING},
        {ALERT("\"rule\":\"speed\",\"phase\":\"clear\",\"severity\":\"alarm\",\"name\":\"MARIA\""),
         "2026-11-22 05:14:25Z  alarm      speed clear  244660000 MARIA", WEIR_TOP_FAINT},
        {ALERT("\"rule\":\"a\",\"severity\":\"alarm\""), "2026-11-22 05:14:25Z  alarm      a  244660000",
         WEIR_TOP_ALARM},
        {ALERT("\"rule\":\"a\",\"severity\":\"emergency\",\"message\":\"\\u001b]0;"
               "x\\u0007\\u009b2J\\u007f\\n!\""),
         "2026-11-22 05:14:25Z  emergency  a   ]0;x   2J  !  [244660000]", WEIR_TOP_EMERGENCY},
};

START_TEST(an_alert_is_a_line_and_has_its_tone)
{
	char line[WEIR_TOP_LINE_MAX];
	enum weir_top_tone tone;

	ck_assert(weir_top_alert_line(alerts[_i].json, strlen(alerts[_i].json), line, &tone));
	ck_assert_str_eq(line, alerts[_i].line);
	ck_assert_int_eq(tone, alerts[_i].tone);
}
END_TEST

static bool is_alert(const char *json)
{
	char line[WEIR_TOP_LINE_MAX];
	enum weir_top_tone tone;

	return weir_top_alert_line(json, strlen(json), line, &tone);
}

START_TEST(what_is_no_alert_is_refused)
{
	ck_assert(!is_alert("x"));
	ck_assert(!is_alert("{}"));
	ck_assert(!is_alert("{\"properties\":{\"event\":\"position\"}}"));
	ck_assert(is_alert("{\"properties\":{\"event\":\"alert\"}}"));
}
END_TEST

START_TEST(a_line_is_cut_at_characters_and_not_in_them)
{
	ck_assert_uint_eq(weir_top_fitting("abc", 10), 3);
	ck_assert_uint_eq(weir_top_fitting("abc", 2), 2);
	ck_assert_uint_eq(weir_top_fitting("abc", 0), 0);
	ck_assert_uint_eq(weir_top_fitting("a\xc3\xbc"
	                                   "b",
	                                   2),
	                  3);
	ck_assert_uint_eq(weir_top_fitting("a\xc3\xbc"
	                                   "b",
	                                   1),
	                  1);
}
END_TEST

START_TEST(without_a_terminal_there_are_lines_only)
{
	struct weir_top_view view;
	char text[4096] = "";
	FILE *file = tmpfile();

	weir_top_view_open(&view, file, false);
	ck_assert(take(STATUS("10", "\"ready\":true", "1000", "41.5"), 1));
	weir_top_view_footer(&view, lines, weir_top_status_lines(&status, lines));
	weir_top_view_line(&view, WEIR_TOP_ALARM, "an alert");
	weir_top_view_close(&view);
	rewind(file);
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
	ck_assert_str_eq(text,
	                 "weir 0.1.0  site rtm  up 0:00:10  ready | kernel    native  seen 1,000  passed "
	                 "followed 3  ns per packet 41.5 | socket  \nan alert\n");
	fclose(file);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("weir top");
	TCase *tests = tcase_create("lines");

	tcase_add_checked_fixture(tests, NULL, teardown);
	tcase_add_test(tests, a_status_is_a_line_a_stage);
	tcase_add_test(tests, two_statuses_give_rates);
	tcase_add_test(tests, a_gateway_that_has_started_anew_has_no_negative_rates);
	tcase_add_test(tests, what_is_in_the_way_is_said);
	tcase_add_test(tests, what_is_no_status_is_refused);
	tcase_add_test(tests, more_stages_and_longer_lines_than_fit_are_cut);
	tcase_add_loop_test(tests, an_alert_is_a_line_and_has_its_tone, 0,
	                    (int)(sizeof(alerts) / sizeof(*alerts)));
	tcase_add_test(tests, what_is_no_alert_is_refused);
	tcase_add_test(tests, a_line_is_cut_at_characters_and_not_in_them);
	tcase_add_test(tests, without_a_terminal_there_are_lines_only);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
