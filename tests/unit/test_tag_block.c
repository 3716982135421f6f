/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAG blocks by themselves: what is between the backslashes.
 */
#include "suite.h"

#include "crafted.h"
#include "decode/tag_block.h"

#define MS INT64_C(1000000)
#define S INT64_C(1000000000)

static const struct {
	const char *name;
	const char *text; /* without its checksum */
	int64_t time_ns;  /* -1: none */
	const char *station;
	uint32_t group; /* 0: none */
	uint8_t number, total;
} good[] = {
        {"a station", "s:r003669945", -1, "r003669945", 0, 0, 0},
        {"a time in seconds", "c:1272412824", 1272412824 * S, "", 0, 0, 0},
        {"a time in milliseconds", "c:1272412824123", 1272412824123 * MS, "", 0, 0, 0},
        {"a time in microseconds", "c:1272412824123456", INT64_C(1272412824123456) * 1000, "", 0, 0, 0},
        {"a time with a fraction", "c:1272412824.5", 1272412824 * S + 500 * MS, "", 0, 0, 0},
        {"a time with nine decimals", "c:1272412824.000000001", 1272412824 * S + 1, "", 0, 0, 0},
        {"the beginning of time", "c:0", 0, "", 0, 0, 0},
        {"station and time", "s:west,c:1272412824", 1272412824 * S, "west", 0, 0, 0},
        {"time and station", "c:1272412824,s:west", 1272412824 * S, "west", 0, 0, 0},
        {"a colon in the station", "s:b:2", -1, "b:2", 0, 0, 0},
        {"a station of fifteen characters", "s:123456789012345", -1, "123456789012345", 0, 0, 0},
        {"a longer station is cut", "s:1234567890123456", -1, "123456789012345", 0, 0, 0},
        {"a group", "g:1-2-33", -1, "", 34, 1, 2},
        {"a group of four digits", "g:2-2-0136", -1, "", 137, 2, 2},
        {"a group named 0", "g:1-3-0", -1, "", 1, 1, 3},
        {"the older form of a group", "1G2:33", -1, "", 34, 1, 2},
        {"group, station and time", "g:1-2-33,s:west,c:1272412824", 1272412824 * S, "west", 34, 1, 2},
        {"parameters of no use", "n:157,d:dest,r:1234,t:text,i:info,x:5,q:u", -1, "", 0, 0, 0},
        {"an empty code", ":,c:1364272372", 1364272372 * S, "", 0, 0, 0},
        {"an unknown code of two letters", "xy:1,s:west", -1, "west", 0, 0, 0},
        {"an empty station", "s:", -1, "", 0, 0, 0},
        {"the last one counts", "s:west,s:east", -1, "east", 0, 0, 0},
        {"nothing", "", -1, "", 0, 0, 0},
};

START_TEST(a_tag_block_says_time_station_and_group)
{
	struct text text = tag(good[_i].text);
	struct tag_block block = {.group = 99};

	ck_assert_msg(weir_tag_block_parse(&block, (const uint8_t *)text.bytes + 1, text.length - 2) == 0,
	              "%s", good[_i].name);
	ck_assert_msg((block.stamp.time_source == WEIR_TIME_TAG) == (good[_i].time_ns >= 0), "%s",
	              good[_i].name);
	if (good[_i].time_ns >= 0)
		ck_assert_msg(block.stamp.time_ns == good[_i].time_ns, "%s: %lld", good[_i].name,
		              (long long)block.stamp.time_ns);
	ck_assert_str_eq(block.stamp.station, good[_i].station);
	ck_assert_uint_eq(block.group, good[_i].group);
	ck_assert_uint_eq(block.number, good[_i].number);
	ck_assert_uint_eq(block.total, good[_i].total);
}
END_TEST

static const struct {
	const char *name;
	const char *text; /* without its checksum */
} bad[] = {
        {"no colon", "swest"},
        {"an empty parameter", "s:west,,c:1"},
        {"a time that is none", "c:yesterday"},
        {"an empty time", "c:"},
        {"a negative time", "c:-1"},
        {"a time with an empty fraction", "c:1272412824."},
        {"a time with two points", "c:1272412824.1.2"},
        {"a time with ten decimals", "c:1272412824.1234567890"},
        {"milliseconds with a fraction", "c:1272412824123.5"},
        {"a time of eighteen digits", "c:127241282412345678"},
        {"a time after 2262", "c:9999999999"},
        {"a group of two parts", "g:1-2"},
        {"a group of four parts", "g:1-2-3-4"},
        {"the third of two", "g:3-2-33"},
        {"the none of two", "g:0-2-33"},
        {"a group with letters", "g:1-2-x"},
        {"an empty group", "g:"},
        {"the older form with letters", "1G2:x"},
        {"the older form, empty", "1G2:"},
        {"a byte above 127", "s:w\xe4st"},
        {"a control character", "s:w\tst"},
};

START_TEST(a_tag_block_that_does_not_parse_leaves_nothing)
{
	struct text text = tag(bad[_i].text);
	struct tag_block block = {.group = 99};

	ck_assert_msg(weir_tag_block_parse(&block, (const uint8_t *)text.bytes + 1, text.length - 2) != 0,
	              "%s", bad[_i].name);
	ck_assert_uint_eq(block.group, 99);
}
END_TEST

START_TEST(a_tag_block_needs_its_checksum)
{
	struct text text = tag("s:west,c:1272412824");
	struct tag_block block;

	for (uint32_t i = 1; i + 1 < text.length; i++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			text.bytes[i] ^= (char)(1u << bit);
			bool case_only = bit == 5 && i + 4 > text.length && text.bytes[i] >= 'A';

			if (!case_only)
				ck_assert_int_ne(weir_tag_block_parse(&block, (const uint8_t *)text.bytes + 1,
				                                      text.length - 2),
				                 0);
			text.bytes[i] ^= (char)(1u << bit);
		}
	for (uint32_t length = 0; length < text.length - 2; length++)
		ck_assert_int_ne(weir_tag_block_parse(&block, (const uint8_t *)text.bytes + 1, length), 0);
}
END_TEST

START_TEST(no_number_overflows)
{
	char text[64];
	int64_t time_ns = 7;

	for (int digits = 1; digits < 60; digits++) {
		memset(text, '9', (size_t)digits);
		if (weir_unix_time_parse(&time_ns, (const uint8_t *)text, (uint32_t)digits) == 0) {
			ck_assert_int_ge(time_ns, 0);
			ck_assert_int_le(digits, 15);
		} else {
			ck_assert_int_ge(digits, 10); /* nine digits are seconds before 2002 */
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tag_block");
	TCase *tcase = tcase_create("tag_block");

	tcase_add_loop_test(tcase, a_tag_block_says_time_station_and_group, 0,
	                    sizeof(good) / sizeof(good[0]));
	tcase_add_loop_test(tcase, a_tag_block_that_does_not_parse_leaves_nothing, 0,
	                    sizeof(bad) / sizeof(bad[0]));
	tcase_add_test(tcase, a_tag_block_needs_its_checksum);
	tcase_add_test(tcase, no_number_overflows);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
