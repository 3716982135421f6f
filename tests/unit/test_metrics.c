/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prometheus' text format, byte for byte. That the gateway's own page parses is tested end to end.
 */
#include "suite.h"

#include <math.h>
#include <string.h>

#include "gateway/metrics.h"

static char *text;
static size_t length;
static FILE *out;

static void begin(void)
{
	out = open_memstream(&text, &length);
	ck_assert_ptr_nonnull(out);
}

static void end(void)
{
	free(text);
	text = NULL;
}

static void expect(const char *wanted)
{
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_str_eq(text, wanted);
}

START_TEST(family_has_help_and_type)
{
	weir_metric_family(out, "weir_x_total", "counter", "One \\ two\nthree.");
	expect("# HELP weir_x_total One \\\\ two\\nthree.\n# TYPE weir_x_total counter\n");
}
END_TEST

START_TEST(sample_has_its_labels)
{
	weir_metric_count(out, "a", 0, NULL);
	weir_metric_count(out, "b", UINT64_MAX, WEIR_LABELS("one", "1"));
	weir_metric_count(out, "c", 3, WEIR_LABELS("one", "1", "two", "2"));
	expect("a 0\nb{one=\"1\"} 18446744073709551615\nc{one=\"1\",two=\"2\"} 3\n");
}
END_TEST

START_TEST(label_values_are_escaped)
{
	weir_metric_count(out, "a", 1, WEIR_LABELS("l", "a\"b\\c\nd"));
	expect("a{l=\"a\\\"b\\\\c\\nd\"} 1\n");
}
END_TEST

START_TEST(gauges_have_their_value)
{
	weir_metric_gauge(out, "a", 0.1, NULL);
	weir_metric_gauge(out, "a", 1e21, NULL);
	weir_metric_gauge(out, "a", -2, WEIR_LABELS("l", "v"));
	weir_metric_gauge(out, "a", INFINITY, NULL);
	weir_metric_gauge(out, "a", -INFINITY, NULL);
	weir_metric_gauge(out, "a", NAN, NULL);
	expect("a 0.1\na 1e+21\na{l=\"v\"} -2\na +Inf\na -Inf\na NaN\n");
}
END_TEST

START_TEST(histogram_is_cumulative)
{
	const double bounds[] = {0.001, 0.5};
	const uint64_t buckets[] = {3, 0, 4};
	const struct weir_metric_histogram histogram = {
	        .bounds = bounds, .buckets = buckets, .bound_count = 2, .sum = 12.25};

	weir_metric_series(out, "d", &histogram, "stage", "ack");
	expect("d_bucket{stage=\"ack\",le=\"0.001\"} 3\n"
	       "d_bucket{stage=\"ack\",le=\"0.5\"} 3\n"
	       "d_bucket{stage=\"ack\",le=\"+Inf\"} 7\n"
	       "d_sum{stage=\"ack\"} 12.25\n"
	       "d_count{stage=\"ack\"} 7\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("metrics");
	TCase *cases = tcase_create("metrics");

	tcase_add_checked_fixture(cases, begin, end);
	tcase_add_test(cases, family_has_help_and_type);
	tcase_add_test(cases, sample_has_its_labels);
	tcase_add_test(cases, label_values_are_escaped);
	tcase_add_test(cases, gauges_have_their_value);
	tcase_add_test(cases, histogram_is_cumulative);
	suite_add_tcase(suite, cases);
	return suite_main(suite);
}
