/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What `weir top` makes of statuses and alerts: lines, rates, and nothing that could steer a terminal.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/top_alert.h"
#include "cli/top_line.h"
#include "cli/top_status.h"
#include "cli/top_view.h"
#include "gateway/config.h"
#include "gateway/snapshot.h"
#include "publish/status.h"
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
	ck_assert_uint_eq(weir_top_status_lines(&status, WEIR_TOP_WIDE, lines), 3);
	ck_assert_str_eq(lines[0], "weir 0.1.0  site rtm  up 1:02:03  ready");
	ck_assert_str_eq(lines[1], "kernel   native  seen 1,234,567  42 ns/packet  passed: followed 3");
	ck_assert_str_eq(lines[2], "socket");
	ck_assert_str_eq(weir_top_status_site(&status), "rtm");
}
END_TEST

START_TEST(two_statuses_give_rates)
{
	ck_assert(take(STATUS("10", "\"ready\":true", "1000", "41.5"), 1));
	ck_assert(take(STATUS("12", "\"ready\":true", "2000", "41.5"), 3));
	weir_top_status_lines(&status, WEIR_TOP_WIDE, lines);
	ck_assert_str_eq(lines[1], "kernel   native  seen 2,000 (500/s)  42 ns/packet  passed: followed 3");
	ck_assert(take(STATUS("14", "\"ready\":true", "2003", "41.5"), 5));
	weir_top_status_lines(&status, WEIR_TOP_WIDE, lines);
	ck_assert_ptr_nonnull(strstr(lines[1], "seen 2,003 (1.5/s)  "));
}
END_TEST

START_TEST(a_gateway_that_has_started_anew_has_no_negative_rates)
{
	ck_assert(take(STATUS("1000", "\"ready\":true", "999999", "41.5"), 1));
	ck_assert(take(STATUS("2", "\"ready\":true", "10", "41.5"), 3));
	weir_top_status_lines(&status, WEIR_TOP_WIDE, lines);
	ck_assert_str_eq(lines[1], "kernel   native  seen 10  42 ns/packet  passed: followed 3");
}
END_TEST

#define SENDERS(uptime, packets, outside)                                                                    \
	"{\"event\":\"status\",\"uptime_s\":" uptime                                                         \
	",\"stages\":[],\"senders\":[{\"name\":\"192.0.2.7\",\"counters\":{\"packets\":" packets             \
	",\"bytes\":5,\"outside\":" outside ",\"rate_limited\":1},\"gauges\":{\"idle_s\":0.1}},"             \
	"{\"name\":\"2001:db8::1\",\"counters\":{\"packets\":7,\"bytes\":5}}]}"

START_TEST(senders_have_a_line_with_rates_and_what_became_of_them)
{
	ck_assert(take(SENDERS("10", "1234", "56"), 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, WEIR_TOP_WIDE, lines), 2);
	ck_assert_str_eq(lines[1], "senders  192.0.2.7 1,234 (outside 56, rate limited 1)  2001:db8::1 7");
	ck_assert(take(SENDERS("12", "1434", "56"), 3));
	weir_top_status_lines(&status, WEIR_TOP_WIDE, lines);
	ck_assert_str_eq(lines[1],
	                 "senders  192.0.2.7 1,434 (100/s; outside 56, rate limited 1)  2001:db8::1 7");
	weir_top_status_lines(&status, 30, lines);
	ck_assert_str_eq(lines[1], "senders  192.0.2.7 1,434");
}
END_TEST

START_TEST(what_is_in_the_way_is_said)
{
	ck_assert(take(STATUS("5", "\"ready\":false,\"reason\":\"NATS: \\u001b[2Jaway\"", "1", "1"), 1));
	weir_top_status_lines(&status, WEIR_TOP_WIDE, lines);
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
	ck_assert_uint_eq(weir_top_status_lines(&status, WEIR_TOP_WIDE, lines), 0);
	ck_assert(take("{\"event\":\"status\",\"stages\":[]}", 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, WEIR_TOP_WIDE, lines), 1);
	ck_assert(take("{\"event\":\"status\",\"stages\":[1,null,{\"counters\":{\"a\":\"b\"},\"gauges\":7}]}",
	               2));
	ck_assert_uint_eq(weir_top_status_lines(&status, WEIR_TOP_WIDE, lines), 4);
}
END_TEST

START_TEST(more_stages_and_longer_lines_than_fit_are_cut)
{
	char *json = NULL;
	size_t size;
	FILE *out = open_memstream(&json, &size);

	fprintf(out, "{\"event\":\"status\",\"stages\":[{\"name\":\"a\",\"counters\":{");
	for (int i = 0; i < 300; i++)
		fprintf(out, "%s\"counter_%d\":%d", i ? "," : "", i, 1000 + i);
	fprintf(out, "}}");
	for (int i = 0; i < 40; i++)
		fprintf(out, ",{\"name\":\"b\"}");
	fprintf(out, "]}");
	fclose(out);
	ck_assert(take(json, 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, WEIR_TOP_WIDE, lines), WEIR_TOP_LINES);
	ck_assert_uint_lt(strlen(lines[1]), WEIR_TOP_LINE_MAX);
	ck_assert_uint_gt(strlen(lines[1]), WEIR_TOP_LINE_MAX - 24);
	/* "…  counter 42 1,042": its last number is whole. */
	ck_assert_int_eq(strrchr(lines[1], ' ')[2], ',');
	ck_assert_uint_eq(strlen(strrchr(lines[1], ' ')), strlen(" 1,042"));
	free(json);
}
END_TEST

/* One of each kind that the gateway says, out of order, with zeros. */
static const char everything[] =
        "{\"event\":\"status\",\"site\":\"rtm\",\"version\":\"0.1.0\",\"uptime_s\":60,\"ready\":true,"
        "\"stages\":[{\"name\":\"kernel\",\"counters\":{\"passed_type\":12,\"passed_followed\":345,"
        "\"passed_chance\":0,\"dropped\":1234,\"seen\":2000,\"passed_age\":12},"
        "\"gauges\":{\"ns_per_packet\":41.5},\"texts\":{\"mode\":\"native\"}},"
        "{\"name\":\"socket\",\"counters\":{\"truncated\":0,\"lost\":0,\"received\":766}},"
        "{\"name\":\"decode\",\"counters\":{\"messages\":700,\"malformed\":2,\"sentences\":800}},"
        "{\"name\":\"engine\",\"counters\":{\"positions\":600,\"alerts\":0,\"outside\":9},"
        "\"gauges\":{\"fences\":11,\"followed\":90,\"devices\":100}},"
        "{\"name\":\"publish\",\"counters\":{\"published\":600,\"acked\":0,\"duplicate\":0,\"dropped\":0},"
        "\"gauges\":{\"publish_delay_ms\":0.412,\"ring_used_bytes\":0,\"pending\":0},"
        "\"texts\":{\"broker\":\"connected\"}}]}";

static const struct {
	const char *name;
	size_t columns;
	const char *lines[6];
} widths[] = {
        {"wide",
         WEIR_TOP_WIDE,
         {"weir 0.1.0  site rtm  up 0:01:00  ready",
          "kernel   native  seen 2,000  dropped 1,234 (61.7 %)  42 ns/packet  passed: followed 345  age 12  "
          "type 12",
          "socket   received 766  lost 0", "decode   sentences 800  malformed 2  messages 700",
          "engine   devices 100  followed 90  positions 600  outside 9  fences 11",
          "publish  connected  published 600  dropped 0  pending 0  publish delay 0.412 ms"}},
        {"80 columns",
         80,
         {"weir 0.1.0  site rtm  up 0:01:00  ready",
          "kernel   native  seen 2,000  dropped 1,234 (61.7 %)  42 ns/packet",
          "socket   received 766  lost 0", "decode   sentences 800  malformed 2  messages 700",
          "engine   devices 100  followed 90  positions 600  outside 9  fences 11",
          "publish  connected  published 600  dropped 0  pending 0  publish delay 0.412 ms"}},
        {"44 columns, where a share does not fit but its number does",
         44,
         {"weir 0.1.0  site rtm  up 0:01:00  ready", "kernel   native  seen 2,000  dropped 1,234",
          "socket   received 766  lost 0", "decode   sentences 800  malformed 2",
          "engine   devices 100  followed 90", "publish  connected  published 600  dropped 0"}},
        {"5 columns", 5, {"weir ", "kerne", "socke", "decod", "engin", "publi"}},
};

START_TEST(what_matters_comes_first_and_no_number_is_cut)
{
	ck_assert(take(everything, 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, widths[_i].columns, lines), 6);
	for (size_t i = 0; i < 6; i++)
		ck_assert_msg(strcmp(lines[i], widths[_i].lines[i]) == 0, "%s: line %zu: '%s'",
		              widths[_i].name, i, lines[i]);
}
END_TEST

START_TEST(every_width_shows_whole_items_of_the_wide_line)
{
	static char wide[WEIR_TOP_LINES][WEIR_TOP_LINE_MAX];

	ck_assert(take(everything, 1));
	ck_assert_uint_eq(weir_top_status_lines(&status, WEIR_TOP_WIDE, wide), 6);
	for (size_t columns = 9; columns < 120; columns++) {
		weir_top_status_lines(&status, columns, lines);
		for (size_t i = 1; i < 6; i++) {
			size_t length = strlen(lines[i]);
			char after = wide[i][length];

			ck_assert_uint_le(length, columns);
			ck_assert_msg(strncmp(lines[i], wide[i], length) == 0 &&
			                      (after == '\0' || after == ' '),
			              "%zu columns: '%s'", columns, lines[i]);
		}
	}
}
END_TEST

START_TEST(a_reason_in_words_may_lose_its_end)
{
	ck_assert(take("{\"event\":\"status\",\"stages\":[{\"name\":\"kernel\",\"counters\":{\"dropped\":0},"
	               "\"texts\":{\"mode\":\"off\",\"why\":\"not permitted to load BPF programs\"}}]}",
	               1));
	weir_top_status_lines(&status, 50, lines);
	ck_assert_str_eq(lines[1], "kernel   off  dropped 0  not permitted to load BP\u2026");
	weir_top_status_lines(&status, 30, lines);
	ck_assert_str_eq(lines[1], "kernel   off  dropped 0");
}
END_TEST

START_TEST(the_compact_line_has_what_matters_of_all_stages)
{
	char line[WEIR_TOP_LINE_MAX];

	ck_assert(take(everything, 1));
	weir_top_status_compact(&status, line);
	ck_assert_str_eq(
	        line, "weir 0.1.0  site rtm  up 0:01:00  ready | kernel: native, seen 2,000, dropped 1,234 "
	              "(61.7 %), 42 ns/packet | socket: received 766, lost 0 | decode: sentences 800, "
	              "malformed 2 | engine: devices 100, followed 90, positions 600 | publish: "
	              "connected, published 600, dropped 0, pending 0");
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
        {ALERT("\"rule\":\"enter\",\"phase\":\"event\",\"severity\":\"info\",\"message\":\"MARIA (244660000) "
               "entered\""),
         "05:14:25  info       MARIA (244660000) entered", WEIR_TOP_PLAIN},
        {ALERT("\"rule\":\"enter\",\"severity\":\"info\",\"message\":\"MARIA entered\""),
         "05:14:25  info       MARIA entered  [244660000]", WEIR_TOP_PLAIN},
        {ALERT("\"rule\":\"speed\",\"phase\":\"clear\",\"severity\":\"alarm\",\"message\":\"244660000\""),
         "05:14:25  alarm      clear: 244660000", WEIR_TOP_FAINT},
        {ALERT("\"rule\":\"speed\",\"phase\":\"raise\",\"severity\":\"warning\",\"fence\":\"f\""),
         "05:14:25  warning    speed raise  244660000  f", WEIR_TOP_WARNING},
        {ALERT("\"rule\":\"speed\",\"phase\":\"clear\",\"severity\":\"alarm\",\"name\":\"MARIA\""),
         "05:14:25  alarm      speed clear  244660000 MARIA", WEIR_TOP_FAINT},
        {ALERT("\"rule\":\"a\",\"severity\":\"alarm\""), "05:14:25  alarm      a  244660000", WEIR_TOP_ALARM},
        {ALERT("\"rule\":\"a\",\"severity\":\"emergency\",\"message\":\"\\u001b]0;"
               "x\\u0007\\u009b2J\\u007f\\n!\""),
         "05:14:25  emergency   ]0;x   2J  !  [244660000]", WEIR_TOP_EMERGENCY},
};

START_TEST(an_alert_is_a_line_and_has_its_date_and_tone)
{
	struct weir_top_alert alert;

	ck_assert(weir_top_alert_read(alerts[_i].json, strlen(alerts[_i].json), &alert));
	ck_assert_str_eq(alert.line, alerts[_i].line);
	ck_assert_str_eq(alert.date, "2026-11-22");
	ck_assert_int_eq(alert.tone, alerts[_i].tone);
}
END_TEST

static bool is_alert(const char *json)
{
	struct weir_top_alert alert;

	return weir_top_alert_read(json, strlen(json), &alert);
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
	ck_assert(!view.is_terminal && !view.has_colour);
	ck_assert_uint_eq(weir_top_view_columns(&view), WEIR_TOP_WIDE);
	weir_top_status_compact(&status, lines[0]);
	weir_top_view_line(&view, WEIR_TOP_PLAIN, lines[0]);
	weir_top_view_line(&view, WEIR_TOP_ALARM, "an alert");
	weir_top_view_close(&view);
	rewind(file);
	ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
	ck_assert_str_eq(
	        text, "weir 0.1.0  site rtm  up 0:00:10  ready | kernel: native, seen 1,000, 42 ns/packet\n"
	              "an alert\n");
	fclose(file);
}
END_TEST

/* "41.500", or "" where the status of a gateway with such counters does not say what a packet costs. */
static const char *cost_said(uint64_t run_ns, uint64_t runs)
{
	static struct weir_config config;
	static char json[WEIR_STATUS_MAX];
	struct weir_snapshot snapshot = {.config = &config, .filter_run_ns = run_ns, .filter_runs = runs};
	size_t length = weir_snapshot_status_json(&snapshot, json, sizeof(json) - 1);

	ck_assert_uint_gt(length, 0);
	json[length] = '\0';
	char *cost = strstr(json, "\"ns_per_packet\":");
	if (cost == NULL)
		return "";
	cost += strlen("\"ns_per_packet\":");
	cost[strspn(cost, "0123456789.")] = '\0';
	return cost;
}

START_TEST(the_cost_of_a_packet_is_that_since_the_previous_status)
{
	ck_assert_str_eq(cost_said(0, 0), "");
	ck_assert_double_eq(atof(cost_said(400, 10)), 40);
	ck_assert_double_eq(atof(cost_said(1400, 20)), 100);
	ck_assert_str_eq(cost_said(1400, 20), "");
	ck_assert_double_eq(atof(cost_said(150, 3)), 50); /* attached anew */
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
	tcase_add_test(tests, senders_have_a_line_with_rates_and_what_became_of_them);
	tcase_add_test(tests, what_is_in_the_way_is_said);
	tcase_add_test(tests, what_is_no_status_is_refused);
	tcase_add_test(tests, more_stages_and_longer_lines_than_fit_are_cut);
	tcase_add_loop_test(tests, what_matters_comes_first_and_no_number_is_cut, 0,
	                    (int)(sizeof(widths) / sizeof(*widths)));
	tcase_add_test(tests, every_width_shows_whole_items_of_the_wide_line);
	tcase_add_test(tests, a_reason_in_words_may_lose_its_end);
	tcase_add_test(tests, the_compact_line_has_what_matters_of_all_stages);
	tcase_add_test(tests, the_cost_of_a_packet_is_that_since_the_previous_status);
	tcase_add_loop_test(tests, an_alert_is_a_line_and_has_its_date_and_tone, 0,
	                    (int)(sizeof(alerts) / sizeof(*alerts)));
	tcase_add_test(tests, what_is_no_alert_is_refused);
	tcase_add_test(tests, a_line_is_cut_at_characters_and_not_in_them);
	tcase_add_test(tests, without_a_terminal_there_are_lines_only);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
