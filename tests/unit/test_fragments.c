/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages in several sentences, through the decoder: what is joined, and what is not. What is given up, and
 * when, is in test_fragments_time.c.
 */
#include "fragment_parts.h"

START_TEST(two_parts_are_one_message)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, half(0, 1));
	ck_assert_uint_eq(ear.message_count, 0);
	ck_assert_uint_eq(counters(&ear)->fragments_pending, 1);
	ear.now_ns += S;
	feed(&ear, half(0, 2));
	ck_assert_uint_eq(ear.message_count, 1);
	ck_assert_uint_eq(ear.messages[0].ais.type, 5);
	ck_assert_uint_eq(ear.messages[0].ais.mmsi, MMSI);
	ck_assert_uint_eq(ear.messages[0].fragments, 2);
	ck_assert_int_eq(ear.messages[0].time_ns, ear.now_ns);
	ck_assert_uint_eq(counters(&ear)->fragments_pending, 0);
	ck_assert_uint_eq(counters(&ear)->fragments_joined, 1);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 0);
}
END_TEST

START_TEST(any_number_of_parts_in_any_order_is_one_message)
{
	struct ear ear;
	uint32_t random = 7;

	for (int total = 2; total <= 9; total++)
		for (int round = 0; round < 50; round++) {
			int order[9];

			ear_open(&ear);
			for (int i = 0; i < total; i++)
				order[i] = i + 1;
			for (int i = total - 1; i > 0; i--) {
				random = random * 1664525 + 1013904223;
				int other = (int)((random >> 16) % (uint32_t)(i + 1));
				int number = order[i];

				order[i] = order[other];
				order[other] = number;
			}
			for (int i = 0; i < total; i++)
				feed(&ear, static_part(MMSI, "NOORDZEE", order[i], total, "3", "B"));
			ck_assert_uint_eq(ear.message_count, 1);
			ck_assert_uint_eq(ear.messages[0].ais.mmsi, MMSI);
			ck_assert_uint_eq(ear.messages[0].fragments, (unsigned int)total);
			ear_close(&ear);
			ck_assert_uint_eq(ear.letter_count, 0);
		}
}
END_TEST

START_TEST(parts_may_lack_a_sequence_number_and_a_channel)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, static_part(MMSI, "NOORDZEE", 1, 2, "", ""));
	feed(&ear, static_part(MMSI, "NOORDZEE", 2, 2, "", ""));
	ck_assert_uint_eq(ear.message_count, 1);
	ear_close(&ear);
}
END_TEST

START_TEST(both_parts_may_be_in_one_datagram)
{
	struct text text = half(0, 1);
	struct text second = half(0, 2);
	struct ear ear;

	ear_open(&ear);
	memcpy(text.bytes + text.length, second.bytes, second.length);
	text.length += second.length;
	feed(&ear, text);
	ck_assert_uint_eq(ear.message_count, 1);
	ck_assert_uint_eq(counters(&ear)->datagrams[WEIR_DATAGRAM_ACCEPTED], 1);
	ear_close(&ear);
}
END_TEST

/* Each pair differs from the other in one thing only, and is fed as a1 b1 a2 b2. */
START_TEST(interleaved_messages_are_told_apart)
{
	static const struct {
		const char *name;
		const char *sequence[2], *channel[2], *group[2];
		uint16_t port[2];
	} pairs[] = {
	        {"sequence number", {"1", "2"}, {"A", "A"}, {NULL, NULL}, {1, 1}},
	        {"channel", {"1", "1"}, {"A", "B"}, {NULL, NULL}, {1, 1}},
	        {"sender", {"1", "1"}, {"A", "A"}, {NULL, NULL}, {1, 2}},
	        {"TAG group", {"1", "1"}, {"A", "A"}, {"g:%d-2-100", "g:%d-2-101"}, {1, 1}},
	        {"TAG group, older form", {"1", "1"}, {"A", "A"}, {"%dG2:100", "%dG2:101"}, {1, 1}},
	};
	struct ear ear;

	ear_open(&ear);
	for (int number = 1; number <= 2; number++)
		for (uint32_t ship = 0; ship < 2; ship++) {
			struct text part = static_part(MMSI + ship, "NOORDZEE", number, 2,
			                               pairs[_i].sequence[ship], pairs[_i].channel[ship]);

			ear.sender.port = pairs[_i].port[ship];
			if (pairs[_i].group[ship] != NULL) {
				char parameters[32] = {0};
				const char *percent = strchr(pairs[_i].group[ship], '%');

				snprintf(parameters, sizeof(parameters), "%.*s%d%s",
				         (int)(percent - pairs[_i].group[ship]), pairs[_i].group[ship],
				         number, percent + 2);
				part = with_tag(parameters, part);
			}
			feed(&ear, part);
		}
	ck_assert_msg(ear.message_count == 2, "%s: %u", pairs[_i].name, ear.message_count);
	ck_assert_uint_eq(ear.messages[0].ais.mmsi, MMSI);
	ck_assert_uint_eq(ear.messages[1].ais.mmsi, MMSI + 1);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 0);
}
END_TEST

/* The group is the message: a forwarder that renumbers or leaves out the rest does no harm. */
START_TEST(parts_of_one_tag_group_are_one_message_whatever_else_they_say)
{
	static const struct {
		const char *name, *tags[2], *sequence[2], *channel[2];
		unsigned int messages;
	} cases[] = {
	        {"another channel", {"g:1-2-7", "g:2-2-7"}, {"1", "1"}, {"A", "B"}, 1},
	        {"no channel in the second", {"g:1-2-7", "g:2-2-7"}, {"1", "1"}, {"A", ""}, 1},
	        {"another sequence number", {"g:1-2-7", "g:2-2-7"}, {"1", "2"}, {"A", "A"}, 1},
	        {"the older form", {"1G2:7", "2G2:7"}, {"1", "2"}, {"A", "A"}, 1},
	        {"another group", {"g:1-2-7", "g:2-2-8"}, {"1", "2"}, {"A", "A"}, 0},
	        {"a group of two messages", {"g:1-4-7", "g:4-4-7"}, {"1", "2"}, {"A", "A"}, 0},
	        {"the lines are not the parts", {"g:2-2-7", "g:1-2-7"}, {"1", "2"}, {"A", "A"}, 0},
	        {"only one is in a group", {"g:1-2-7", "s:west"}, {"1", "2"}, {"A", "A"}, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int swapped = 0; swapped < 2; swapped++) {
			struct text parts[2];
			struct ear ear;

			for (int n = 0; n < 2; n++)
				parts[n] = with_tag(cases[i].tags[n],
				                    static_part(MMSI, "NOORDZEE", n + 1, 2,
				                                cases[i].sequence[n], cases[i].channel[n]));
			ear_open(&ear);
			feed(&ear, parts[swapped]);
			feed(&ear, parts[!swapped]);
			feed(&ear, parts[!swapped]); /* again: no part of a new message */
			ck_assert_msg(ear.message_count == cases[i].messages, "%s: %u", cases[i].name,
			              ear.message_count);
			ck_assert_uint_eq(counters(&ear)->sentences[WEIR_SENTENCE_REPEATED], 1);
			ck_assert_uint_eq(counters(&ear)->fragments_pending, cases[i].messages ? 0 : 2);
			ear_close(&ear);
		}
}
END_TEST

/* g: counts the lines of both messages: only the sequence numbers tell them apart. */
START_TEST(a_group_of_several_messages_is_sorted_by_their_sequence_numbers)
{
	struct ear ear;

	ear_open(&ear);
	for (int number = 1; number <= 2; number++)
		for (uint32_t ship = 0; ship < 2; ship++) {
			char parameters[32];

			snprintf(parameters, sizeof(parameters), "g:%u-4-7",
			         2 * (unsigned int)number + ship - 1);
			feed(&ear, with_tag(parameters, static_part(MMSI + ship, "NOORDZEE", number, 2,
			                                            ship == 0 ? "1" : "2", "A")));
		}
	ck_assert_uint_eq(ear.message_count, 2);
	ck_assert_uint_eq(ear.messages[0].ais.mmsi, MMSI);
	ck_assert_uint_eq(ear.messages[1].ais.mmsi, MMSI + 1);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 0);
}
END_TEST

START_TEST(single_messages_between_the_parts_change_nothing)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, half(0, 1));
	for (int i = 0; i < 100; i++) {
		ear.now_ns += 60 * S; /* not even when their time is far ahead */
		feed(&ear, position_of(MMSI));
	}
	ear.now_ns = RECEIVED_NS + S;
	feed(&ear, half(0, 2));
	ck_assert_uint_eq(ear.message_count, 101);
	ck_assert_uint_eq(ear.messages[63].ais.type, 1);
	ck_assert_uint_eq(counters(&ear)->messages[5], 1);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 0);
}
END_TEST

START_TEST(a_part_that_comes_again_is_counted_and_no_more)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, half(0, 1));
	feed(&ear, half(0, 1));
	feed(&ear, half(0, 2));
	feed(&ear, half(0, 2));
	ck_assert_uint_eq(ear.message_count, 1);
	ck_assert_uint_eq(counters(&ear)->sentences[WEIR_SENTENCE_REPEATED], 2);
	ck_assert_uint_eq(counters(&ear)->fragments_pending, 0);
	feed(&ear, half(0, 1)); /* the whole message once more is a message */
	feed(&ear, half(0, 2));
	ck_assert_uint_eq(ear.message_count, 2);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 0);
}
END_TEST

START_TEST(a_part_that_contradicts_a_stored_one_begins_anew)
{
	struct ear ear;
	struct text lost = half(0, 1);

	ear_open(&ear);
	feed(&ear, lost);
	feed(&ear, half(1, 1));
	ck_assert_uint_eq(ear.letter_count, 1);
	ck_assert_int_eq(ear.letters[0].fault, WEIR_FAULT_FRAGMENT);
	ck_assert_str_eq(ear.letters[0].text, lost.bytes);
	feed(&ear, half(1, 2));
	ck_assert_uint_eq(ear.message_count, 1);
	ck_assert_uint_eq(ear.messages[0].ais.mmsi, MMSI + 1);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 1);
}
END_TEST

START_TEST(parts_of_different_totals_are_never_joined)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, static_part(MMSI, "NOORDZEE", 1, 2, "1", "A"));
	feed(&ear, static_part(MMSI, "NOORDZEE", 2, 3, "1", "A"));
	ck_assert_uint_eq(ear.message_count, 0);
	ck_assert_uint_eq(counters(&ear)->fragments_pending, 2);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 2);
}
END_TEST

START_TEST(the_second_part_of_a_shorter_message_is_not_spliced)
{
	struct ear ear;

	ear_open(&ear);
	feed(&ear, half(0, 1));
	feed(&ear, sentence("!AIVDM,2,2,1,A,88888,2")); /* a type 5 is never so short */
	ck_assert_uint_eq(ear.message_count, 0);
	ck_assert_uint_eq(ear.letter_count, 2);
	ck_assert_int_eq(ear.letters[0].fault, WEIR_FAULT_PAYLOAD);
	ck_assert_int_eq(ear.letters[1].fault, WEIR_FAULT_PAYLOAD);
	ck_assert_uint_eq(counters(&ear)->fragments_lost, 1);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 2);
}
END_TEST

START_TEST(a_part_whose_tag_block_is_bad_still_finds_its_message)
{
	struct text second = with_tag("g:2-2-33", half(0, 2));
	struct ear ear;

	second.bytes[3]++;
	ear_open(&ear);
	feed(&ear, with_tag("g:1-2-33", half(0, 1)));
	feed(&ear, second);
	ck_assert_uint_eq(ear.message_count, 1);
	ck_assert_uint_eq(counters(&ear)->tag_blocks_bad, 1);
	ear_close(&ear);
}
END_TEST

START_TEST(a_pghp_line_counts_for_all_parts_of_the_message)
{
	struct text text = sentence("$PGHP,1,2010,6,11,11,46,11,390,231,45,77,1,2B");
	struct text parts[] = {half(0, 1), half(0, 2), position_of(MMSI)};
	struct ear ear;

	for (size_t i = 0; i < 3; i++) {
		memcpy(text.bytes + text.length, parts[i].bytes, parts[i].length);
		text.length += parts[i].length;
	}
	ear_open(&ear);
	feed(&ear, text);
	ck_assert_uint_eq(ear.message_count, 2);
	ck_assert_uint_eq(ear.messages[0].time_source, WEIR_TIME_PGHP);
	ck_assert_uint_eq(ear.messages[1].time_source, WEIR_TIME_RECEIVED);
	ear_close(&ear);
}
END_TEST

START_TEST(parts_that_are_together_too_long_are_refused)
{
	char payload[240];
	struct ear ear;

	memset(payload, '1', sizeof(payload) - 1);
	payload[sizeof(payload) - 1] = '\0';
	ear_open(&ear);
	for (int number = 1; number <= 9; number++)
		feed(&ear, sentence("!AIVDM,9,%d,1,A,%.*s,0", number, 230, payload));
	ck_assert_uint_eq(ear.message_count, 0);
	ck_assert_uint_eq(counters(&ear)->faults[WEIR_FAULT_TOO_LONG], 1);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 9);
}
END_TEST

START_TEST(random_parts_keep_the_sums)
{
	struct weir_decoder_options options = {.fragment_slots = 16};
	uint32_t random = 2026;
	struct ear ear;

	printf("# seed %u\n", random);
	ear_open_with(&ear, &options);
	for (int i = 0; i < 50000; i++) {
		random = random * 1664525 + 1013904223;
		uint32_t dice = random >> 8;
		char sequence[2] = {(char)('0' + dice % 4), '\0'};
		int total = 2 + (int)(dice / 4 % 3);
		int number = 1 + (int)(dice / 16 % (uint32_t)total);
		struct text part =
		        static_part(MMSI + dice / 64 % 2, "NOORDZEE", number, total, sequence, "A");

		ear.sender.port = (uint16_t)(dice / 128 % 3);
		ear.now_ns += dice % 1000 * 1000000;
		feed(&ear, part);
		if (dice % 97 == 0)
			weir_decoder_advance(ear.decoder, ear.now_ns);
		ear_check_sums(&ear);
	}
	ck_assert_uint_gt(ear.message_count, 100);
	ck_assert_uint_gt(ear.letter_count, 100);
	ear_close(&ear);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fragments");
	TCase *tcase = tcase_create("fragments");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, two_parts_are_one_message);
	tcase_add_test(tcase, any_number_of_parts_in_any_order_is_one_message);
	tcase_add_test(tcase, parts_may_lack_a_sequence_number_and_a_channel);
	tcase_add_test(tcase, both_parts_may_be_in_one_datagram);
	tcase_add_loop_test(tcase, interleaved_messages_are_told_apart, 0, 5);
	tcase_add_test(tcase, parts_of_one_tag_group_are_one_message_whatever_else_they_say);
	tcase_add_test(tcase, a_group_of_several_messages_is_sorted_by_their_sequence_numbers);
	tcase_add_test(tcase, single_messages_between_the_parts_change_nothing);
	tcase_add_test(tcase, a_part_that_comes_again_is_counted_and_no_more);
	tcase_add_test(tcase, a_part_that_contradicts_a_stored_one_begins_anew);
	tcase_add_test(tcase, parts_of_different_totals_are_never_joined);
	tcase_add_test(tcase, the_second_part_of_a_shorter_message_is_not_spliced);
	tcase_add_test(tcase, a_part_whose_tag_block_is_bad_still_finds_its_message);
	tcase_add_test(tcase, a_pghp_line_counts_for_all_parts_of_the_message);
	tcase_add_test(tcase, parts_that_are_together_too_long_are_refused);
	tcase_add_test(tcase, random_parts_keep_the_sums);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
