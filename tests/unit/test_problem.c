/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The list of problems.
 */
#include <weir/problem.h>

#include "suite.h"

START_TEST(problems_are_kept_in_order_with_their_place)
{
	struct weir_problems problems = {0};
	char file[] = "weir.yaml";

	weir_problem_add(&problems, file, 3, 7, "unknown key '%s'", "colour");
	file[0] = 'X'; /* the list keeps its own copy */
	weir_problem_add(&problems, NULL, 0, 0, "%d%%", 100);
	ck_assert_uint_eq(problems.count, 2);
	ck_assert_str_eq(problems.items[0].file, "weir.yaml");
	ck_assert_uint_eq(problems.items[0].line, 3);
	ck_assert_uint_eq(problems.items[0].column, 7);
	ck_assert_str_eq(problems.items[0].text, "unknown key 'colour'");
	ck_assert_ptr_null(problems.items[1].file);
	ck_assert_str_eq(problems.items[1].text, "100%");
	weir_problems_clear(&problems);
}
END_TEST

START_TEST(a_cleared_list_can_be_used_again)
{
	struct weir_problems problems = {0};

	weir_problems_clear(&problems);
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 1; i <= 1000; i++)
			weir_problem_add(&problems, "f", i, 1, "problem %u", i);
		ck_assert_uint_eq(problems.count, 1000);
		ck_assert_str_eq(problems.items[999].text, "problem 1000");
		ck_assert_uint_eq(problems.items[0].line, 1);
		weir_problems_clear(&problems);
		ck_assert_uint_eq(problems.count, 0);
		ck_assert_ptr_null(problems.items);
	}
}
END_TEST

START_TEST(a_problem_is_written_with_what_is_known_of_its_place)
{
	char file[] = "weir.yaml", text[] = "is odd";
	const struct {
		struct weir_problem problem;
		const char *written;
	} cases[] = {
	        {{file, 3, 7, text}, "weir.yaml:3:7: is odd"},
	        {{file, 3, 0, text}, "weir.yaml:3: is odd"},
	        {{file, 0, 0, text}, "weir.yaml: is odd"},
	        {{NULL, 0, 0, text}, "is odd"},
	};
	char out[64];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		weir_problem_format(&cases[i].problem, out, sizeof(out));
		ck_assert_str_eq(out, cases[i].written);
	}
	weir_problem_format(&cases[0].problem, out, 8);
	ck_assert_str_eq(out, "weir.ya");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("problems");
	TCase *tests = tcase_create("list");

	tcase_add_test(tests, problems_are_kept_in_order_with_their_place);
	tcase_add_test(tests, a_cleared_list_can_be_used_again);
	tcase_add_test(tests, a_problem_is_written_with_what_is_known_of_its_place);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
