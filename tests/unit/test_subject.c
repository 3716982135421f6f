/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * NATS subjects: their exact form, the geohash in them, and that nothing can break out of a token.
 */
#include <stdlib.h>
#include <string.h>

#include "publish/subject.h"
#include "suite.h"

static const struct {
	double longitude, latitude;
	const char *cell;
} cells[] = {
        /* The first two are the examples of the geohash's inventor and of the encyclopedias. */
        {10.40744, 57.64911, "u4pr"},
        {-5.6, 42.6, "ezs4"},
        {4.0512345, 51.9876543, "u14z"},
        {0, 0, "s000"},
        {-180, -90, "0000"},
        {180, 90, "zzzz"},
        {-0.0000001, -0.0000001, "7zzz"},
        {151.2, -33.9, "r3gx"},
        {-122.4, 47.6, "c22y"},
};

START_TEST(a_geohash_is_the_published_one)
{
	char cell[WEIR_GEOHASH_LENGTH + 1] = "";

	weir_geohash(cells[_i].longitude, cells[_i].latitude, cell);
	ck_assert_str_eq(cell, cells[_i].cell);
}
END_TEST

/* The definition: halve the range, longitude first, five bits a character. */
static void bisect(double longitude, double latitude, char *out)
{
	double low[2] = {-180, -90}, high[2] = {180, 90}, value[2] = {longitude, latitude};

	for (int i = 0; i < WEIR_GEOHASH_LENGTH; i++) {
		unsigned bits = 0;
		for (int bit = 0; bit < 5; bit++) {
			int axis = (i * 5 + bit) & 1;
			double middle = (low[axis] + high[axis]) / 2;
			bits = bits << 1 | (value[axis] >= middle);
			*(value[axis] >= middle ? &low[axis] : &high[axis]) = middle;
		}
		out[i] = "0123456789bcdefghjkmnpqrstuvwxyz"[bits];
	}
}

START_TEST(a_geohash_is_what_bisection_gives)
{
	unsigned short seed[3] = {4, 5, 6};

	for (int i = 0; i < 1000000; i++) {
		char cell[5] = "", expected[5] = "";
		double longitude = erand48(seed) * 360 - 180, latitude = erand48(seed) * 180 - 90;
		if (i % 4 == 0) { /* on the borders of cells */
			longitude = (double)(nrand48(seed) % 1024) * 360 / 1024 - 180;
			latitude = (double)(nrand48(seed) % 1024) * 180 / 1024 - 90;
		}
		weir_geohash(longitude, latitude, cell);
		bisect(longitude, latitude, expected);
		ck_assert_msg(strcmp(cell, expected) == 0, "%.17g %.17g: %s, not %s", longitude, latitude,
		              cell, expected);
	}
}
END_TEST

static const char *subject_of(const struct weir_event *event, const char *site)
{
	static char out[WEIR_SUBJECT_MAX + 1];
	size_t length = weir_subject_of_event(event, site, out);

	ck_assert_uint_eq(length, strlen(out));
	return out;
}

START_TEST(each_kind_has_its_subject)
{
	struct weir_report report = {
	        .has = WEIR_HAS_POSITION, .longitude_deg = 4.0512345, .latitude_deg = 51.9876543};
	struct weir_alert alert = {
	        .severity = WEIR_SEVERITY_ALARM, .rule = WEIR_RULE_EXIT, .fence = "maasmond"};
	struct weir_event event = {
	        .kind = WEIR_EVENT_POSITION, .id = "244660000", .report = &report, .alert = &alert};
	char out[WEIR_SUBJECT_MAX + 1];

	ck_assert_str_eq(subject_of(&event, "rtm"), "weir.v1.rtm.pos.u.1.4.z.244660000");
	event.kind = WEIR_EVENT_STATIC;
	ck_assert_str_eq(subject_of(&event, "rtm"), "weir.v1.rtm.static.244660000");
	event.kind = WEIR_EVENT_ALERT;
	ck_assert_str_eq(subject_of(&event, "rtm"), "weir.v1.rtm.alert.alarm.exit.maasmond.244660000");
	alert.fence = NULL;
	ck_assert_str_eq(subject_of(&event, ""), "weir.v1.-.alert.alarm.exit.-.244660000");
	event.id = "";
	ck_assert_str_eq(subject_of(&event, "rtm"), "weir.v1.rtm.alert.alarm.exit.-.-");
	struct weir_window_result window = {.fence = "maasmond"};
	event = (struct weir_event){.kind = WEIR_EVENT_WINDOW, .id = "", .window = &window};
	ck_assert_str_eq(subject_of(&event, "rtm"), "weir.v1.rtm.window.maasmond");
	weir_subject_of_fault(WEIR_FAULT_TOO_LONG, "rtm", out);
	ck_assert_str_eq(out, "weir.v1.rtm.dlq.too_long");
	weir_subject_of_status("rtm", out);
	ck_assert_str_eq(out, "weir.v1.rtm.status");
}
END_TEST

START_TEST(every_reason_is_a_token_of_its_own)
{
	char out[WEIR_FAULTS][WEIR_SUBJECT_MAX + 1];

	for (int i = 0; i < WEIR_FAULTS; i++) {
		weir_subject_of_fault((enum weir_fault)i, "a", out[i]);
		ck_assert_int_eq(strncmp(out[i], "weir.v1.a.dlq.", 14), 0);
		ck_assert_ptr_null(strchr(out[i] + 14, '.'));
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(out[i], out[j]);
	}
}
END_TEST

START_TEST(no_byte_breaks_out_of_a_token)
{
	char id[] = "a?b";
	struct weir_event event = {.kind = WEIR_EVENT_STATIC, .id = id};

	for (int byte = 1; byte < 256; byte++) {
		bool is_plain = strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
		                       byte) != NULL;
		char expected[] = "weir.v1.s.static.a_b";
		id[1] = (char)byte;
		if (is_plain)
			expected[18] = (char)byte;
		ck_assert_str_eq(subject_of(&event, "s"), expected);
	}
}
END_TEST

START_TEST(tokens_are_cut_so_that_the_longest_subject_fits)
{
	char longest[500];
	struct weir_alert alert = {
	        .severity = WEIR_SEVERITY_EMERGENCY, .rule = WEIR_RULE_ENTER, .fence = longest};
	struct weir_event event = {.kind = WEIR_EVENT_ALERT, .id = longest, .alert = &alert};

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	ck_assert_uint_le(strlen(subject_of(&event, longest)), WEIR_SUBJECT_MAX);
	event.id = "";
	ck_assert_ptr_nonnull(strstr(subject_of(&event, ""), "weir.v1.-.alert.emergency.enter.x"));
	ck_assert_str_eq(subject_of(&event, "") + strlen(subject_of(&event, "")) - 2, ".-");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("subjects");
	TCase *tests = tcase_create("subjects");

	tcase_set_timeout(tests, 30);
	tcase_add_loop_test(tests, a_geohash_is_the_published_one, 0, (int)(sizeof(cells) / sizeof(*cells)));
	tcase_add_test(tests, a_geohash_is_what_bisection_gives);
	tcase_add_test(tests, each_kind_has_its_subject);
	tcase_add_test(tests, every_reason_is_a_token_of_its_own);
	tcase_add_test(tests, no_byte_breaks_out_of_a_token);
	tcase_add_test(tests, tokens_are_cut_so_that_the_longest_subject_fits);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
