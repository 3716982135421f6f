/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a bucket holds: keys and values, sorted.
 */
#include <errno.h>
#include <stdio.h>

#include "publish/entries.h"
#include "suite.h"

static struct weir_entries entries;

static void empty(void)
{
	weir_entries_clear(&entries);
}

static void put(const char *key, const char *value)
{
	ck_assert_int_eq(weir_entries_put(&entries, key, value, strlen(value)), 0);
}

START_TEST(keys_are_kept_in_order_whatever_order_they_come_in)
{
	static const char *const keys[] = {"quay", "berth", "zone", "anchorage", "pier"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		put(keys[i], "x");
	ck_assert_uint_eq(entries.count, 5);
	for (size_t i = 1; i < entries.count; i++)
		ck_assert(strcmp(entries.items[i - 1].key, entries.items[i].key) < 0);
}
END_TEST

START_TEST(a_key_that_comes_again_has_its_new_value)
{
	put("quay", "old");
	put("berth", "other");
	put("quay", "new one");
	ck_assert_uint_eq(entries.count, 2);
	ck_assert_str_eq(entries.items[1].value, "new one");
	ck_assert_uint_eq(entries.items[1].length, 7);
}
END_TEST

START_TEST(a_key_that_is_dropped_leaves_the_others)
{
	put("a", "1");
	put("b", "2");
	put("c", "3");
	weir_entries_drop(&entries, "b");
	weir_entries_drop(&entries, "not there");
	ck_assert_uint_eq(entries.count, 2);
	ck_assert_str_eq(entries.items[0].key, "a");
	ck_assert_str_eq(entries.items[1].key, "c");
}
END_TEST

START_TEST(a_copy_outlives_what_it_was_made_of)
{
	struct weir_entries copied;

	put("a", "1");
	ck_assert_int_eq(weir_entries_copy(&copied, &entries), 0);
	weir_entries_clear(&entries);
	ck_assert_str_eq(copied.items[0].value, "1");
	weir_entries_clear(&copied);
}
END_TEST

START_TEST(there_is_an_end_to_keys_and_none_to_new_values)
{
	char key[16];

	for (unsigned i = 0; i < WEIR_BUCKET_KEYS_MAX; i++) {
		snprintf(key, sizeof(key), "%08u", i);
		put(key, "");
	}
	ck_assert_int_eq(weir_entries_put(&entries, "one more", "", 0), -ENOSPC);
	put("00000007", "changed");
	ck_assert_uint_eq(entries.count, WEIR_BUCKET_KEYS_MAX);
	ck_assert_str_eq(entries.items[7].value, "changed");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("entries of a bucket");
	TCase *tests = tcase_create("entries");

	tcase_add_checked_fixture(tests, empty, empty);
	tcase_add_test(tests, keys_are_kept_in_order_whatever_order_they_come_in);
	tcase_add_test(tests, a_key_that_comes_again_has_its_new_value);
	tcase_add_test(tests, a_key_that_is_dropped_leaves_the_others);
	tcase_add_test(tests, a_copy_outlives_what_it_was_made_of);
	tcase_add_test(tests, there_is_an_end_to_keys_and_none_to_new_values);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
