/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Alert identifiers are computed from the input alone.
 */
#include "detect/alert_id.h"
#include "detect_bench.h"

static const struct {
	const char *name;
	int64_t time_s;
	int second; /* -1: the report has none */
	int64_t minute;
} minutes[] = {
        {"heard at once", 600 + 25, 25, 10},
        {"heard seconds later", 600 + 31, 25, 10},
        {"heard in the next minute", 660 + 2, 58, 10},
        {"a receiver whose clock is slow", 600 + 58, 2, 11},
        {"half a minute later", 600 + 54, 25, 10},
        {"exactly half a minute later", 600 + 30, 0, 10},
        {"more than half a minute later", 600 + 31, 0, 11},
        {"no second", 600 + 59, -1, 10},
        {"before 1970", -1, -1, -1},
};

START_TEST(receivers_agree_on_the_minute)
{
	struct weir_report report = {.has = minutes[_i].second < 0 ? 0 : WEIR_HAS_UTC_SECOND,
	                             .utc_second =
	                                     (uint8_t)(minutes[_i].second < 0 ? 9 : minutes[_i].second)};

	ck_assert_msg(weir_report_minute(&report, minutes[_i].time_s * SECOND) == minutes[_i].minute,
	              "%s: %d", minutes[_i].name,
	              (int)weir_report_minute(&report, minutes[_i].time_s * SECOND));
}
END_TEST

START_TEST(an_alert_has_one_identifier_wherever_it_is_heard)
{
	struct weir_report report = position(244660000, 4.0512345, 51.9876543);
	char here[WEIR_ALERT_ID_SIZE], there[WEIR_ALERT_ID_SIZE];

	report.has |= WEIR_HAS_UTC_SECOND;
	report.utc_second = 40;
	weir_alert_id(here, WEIR_RULE_ENTER, "a", "244660000", &report, START + 41 * SECOND);
	ck_assert_uint_eq(strlen(here), 32);
	ck_assert_uint_eq(strspn(here, "0123456789abcdef"), 32);
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660000", &report, START + 47 * SECOND);
	ck_assert_str_eq(here, there);

	/* What the report does not carry has no part in it. */
	report.heading_deg = 77;
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660000", &report, START + 41 * SECOND);
	ck_assert_str_eq(here, there);
	/* Known for ever: an archive must give the same. */
	ck_assert_str_eq(here, "9c9025a02ca2e246e801bcb4ea2c1e45");

	weir_alert_id(there, WEIR_RULE_EXIT, "a", "244660000", &report, START + 41 * SECOND);
	ck_assert_str_ne(here, there);
	weir_alert_id(there, WEIR_RULE_ENTER, "b", "244660000", &report, START + 41 * SECOND);
	ck_assert_str_ne(here, there);
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660001", &report, START + 41 * SECOND);
	ck_assert_str_ne(here, there);
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660000", &report, START + 101 * SECOND);
	ck_assert_str_ne(here, there);
	report.longitude_deg += 1 / 600000.0;
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660000", &report, START + 41 * SECOND);
	ck_assert_str_ne(here, there);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("identifiers");
	TCase *tests = tcase_create("alert_id");

	tcase_add_loop_test(tests, receivers_agree_on_the_minute, 0, sizeof(minutes) / sizeof(*minutes));
	tcase_add_test(tests, an_alert_has_one_identifier_wherever_it_is_heard);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
