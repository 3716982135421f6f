/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parts of messages that wait: when they are given up, by which clock, and which give way where the table is
 * full.
 */
#include "fragment_parts.h"

START_TEST(unfinished_messages_time_out_and_are_dead_letters)
{
	struct text first = static_part(MMSI, "NOORDZEE", 1, 3, "1", "A");
	struct text third = static_part(MMSI, "NOORDZEE", 3, 3, "1", "A");
	struct ear ear;

	ear_open(&ear);
	feed(&ear, third);
	ear.now_ns += S;
	feed(&ear, first);
	weir_decoder_advance(ear.decoder, RECEIVED_NS + 3 * S - 1);
	ck_assert_uint_eq(ear.letter_count, 0);
	weir_decoder_advance(ear.decoder, RECEIVED_NS + 3 * S);
	ck_assert_uint_eq(ear.letter_count, 2);
	ck_assert_str_eq(ear.letters[0].text, first.bytes); /* by number, not by time */
	ck_assert_str_eq(ear.letters[1].text, third.bytes);
	ck_assert_uint_eq(counters(&ear)->fragments_lost, 2);
	ck_assert_uint_eq(counters(&ear)->letters[WEIR_FAULT_FRAGMENT], 2);
	ck_assert_uint_eq(counters(&ear)->faults[WEIR_FAULT_FRAGMENT], 0);
	ear_close(&ear);
}
END_TEST

START_TEST(a_fragment_gives_up_what_timed_out_before_it)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, half(0, 1));
	ear.now_ns += 3 * S;
	feed(&ear, static_part(MMSI, "NOORDZEE", 1, 2, "2", "B"));
	ck_assert_uint_eq(ear.letter_count, 1);
	feed(&ear, half(0, 2));
	ck_assert_uint_eq(ear.message_count, 0);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 3);
}
END_TEST

START_TEST(parts_whose_times_are_far_apart_are_not_joined)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, with_tag("c:1272412824", half(0, 1)));
	feed(&ear, with_tag("c:1272412828", half(0, 2)));
	ck_assert_uint_eq(ear.message_count, 0);
	ck_assert_uint_eq(ear.letter_count, 1);
	feed(&ear, with_tag("c:1272412829", half(0, 1)));
	ck_assert_uint_eq(ear.message_count, 1);
	ear_close(&ear);
}
END_TEST

START_TEST(the_clock_of_one_sender_does_not_age_the_parts_of_another)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, with_tag("c:1272412824", half(0, 1)));
	ear.sender.port++;
	feed(&ear, with_tag("c:4000000000", half(1, 1)));
	ear.sender.port--;
	feed(&ear, with_tag("c:1272412824", half(0, 2)));
	ck_assert_uint_eq(ear.message_count, 1);
	ear_close(&ear);
}
END_TEST

START_TEST(what_waited_when_the_clock_was_set_back_is_not_completed_when_it_comes_there_again)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, half(0, 1));
	ear.now_ns -= 3600 * S;
	weir_decoder_advance(ear.decoder, ear.now_ns);
	ck_assert_uint_eq(ear.letter_count, 1);
	ear.now_ns += 3600 * S;
	feed(&ear, half(0, 2));
	ck_assert_uint_eq(ear.message_count, 0);
	ear_close(&ear);
}
END_TEST

START_TEST(a_clock_that_is_set_back_a_little_loses_nothing)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, half(0, 1));
	ear.now_ns -= 2 * S;
	weir_decoder_advance(ear.decoder, ear.now_ns);
	feed(&ear, half(0, 2));
	ck_assert_uint_eq(ear.message_count, 1);
	ear_close(&ear);
}
END_TEST

START_TEST(time_and_station_come_from_the_part_that_has_them)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, with_tag("g:1-2-33,s:west,c:1272412824", half(0, 1)));
	feed(&ear, with_tag("g:2-2-33", half(0, 2)));
	feed(&ear, half(1, 1));
	feed(&ear, with_tag("s:east,c:1272412826", half(1, 2)));
	ck_assert_uint_eq(ear.message_count, 2);
	ck_assert_int_eq(ear.messages[0].time_ns, 1272412824 * S);
	ck_assert_str_eq(ear.messages[0].station, "west");
	ck_assert_int_eq(ear.messages[1].time_ns, 1272412826 * S);
	ck_assert_str_eq(ear.messages[1].station, "east");
	ear_close(&ear);
}
END_TEST

START_TEST(a_full_table_gives_up_the_oldest)
{
	struct weir_decoder_options options = {.fragment_slots = 4};
	struct text first = half(0, 1);
	struct ear ear;

	ear_open_with(&ear, &options);
	feed(&ear, first);
	for (uint16_t port = 1; port <= 4; port++) {
		ear.sender.port = port;
		feed(&ear, half(port, 1));
	}
	ck_assert_uint_eq(counters(&ear)->fragments_pending, 4);
	ck_assert_uint_eq(ear.letter_count, 1);
	ck_assert_str_eq(ear.letters[0].text, first.bytes);
	for (uint16_t port = 1; port <= 4; port++) {
		ear.sender.port = port;
		feed(&ear, half(port, 2));
	}
	ck_assert_uint_eq(ear.message_count, 4);
	ear_close(&ear);
}
END_TEST

START_TEST(the_marks_of_completed_messages_give_way_first)
{
	struct weir_decoder_options options = {.fragment_slots = 4};
	struct ear ear;

	ear_open_with(&ear, &options);
	feed(&ear, half(0, 1));
	for (uint16_t port = 1; port <= 20; port++) {
		ear.sender.port = port;
		feed(&ear, half(port, 1));
		feed(&ear, half(port, 2));
	}
	ear.sender.port = 10110;
	feed(&ear, half(0, 2));
	ck_assert_uint_eq(ear.message_count, 21);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 0);
}
END_TEST

START_TEST(a_dead_letter_of_a_part_can_be_fed_again)
{
	struct text first = with_tag("s:west,c:1272412824", half(0, 1));
	struct ear ear, again;

	ear_open(&ear);
	feed(&ear, first);
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_eq(ear.letter_count, 1);
	ck_assert_str_eq(ear.letters[0].text, first.bytes);
	ear_open(&again);
	ear_feed(&again, ear.letters[0].text, ear.letters[0].length);
	feed(&again, half(0, 2));
	ck_assert_uint_eq(again.message_count, 1);
	ck_assert_str_eq(again.messages[0].station, "west");
	ear_close(&again);
	ear_close(&ear);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fragments in time");
	TCase *tcase = tcase_create("fragments in time");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, unfinished_messages_time_out_and_are_dead_letters);
	tcase_add_test(tcase, a_fragment_gives_up_what_timed_out_before_it);
	tcase_add_test(tcase, parts_whose_times_are_far_apart_are_not_joined);
	tcase_add_test(tcase, the_clock_of_one_sender_does_not_age_the_parts_of_another);
	tcase_add_test(tcase,
	               what_waited_when_the_clock_was_set_back_is_not_completed_when_it_comes_there_again);
	tcase_add_test(tcase, a_clock_that_is_set_back_a_little_loses_nothing);
	tcase_add_test(tcase, time_and_station_come_from_the_part_that_has_them);
	tcase_add_test(tcase, a_full_table_gives_up_the_oldest);
	tcase_add_test(tcase, the_marks_of_completed_messages_give_way_first);
	tcase_add_test(tcase, a_dead_letter_of_a_part_can_be_fed_again);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
