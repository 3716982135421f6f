/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text format: see metrics.h and prometheus.io/docs/instrumenting/exposition_formats.
 */
#include "gateway/metrics.h"

#include <inttypes.h>
#include <math.h>

/* HELP escapes backslash and newline, label values the quotation mark too. */
static void put_escaped(FILE *out, const char *text, int quotes)
{
	for (; *text; text++) {
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '\\' || (quotes && *text == '"'))
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	}
}

void weir_metric_family(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP %s ", name);
	put_escaped(out, help, 0);
	fprintf(out, "\n# TYPE %s %s\n", name, type);
}

static void put_labels(FILE *out, const char *const *labels)
{
	char separator = '{';

	for (; labels && labels[0]; labels += 2) {
		fprintf(out, "%c%s=\"", separator, labels[0]);
		put_escaped(out, labels[1], 1);
		fputc('"', out);
		separator = ',';
	}
	if (separator == ',')
		fputc('}', out);
}

static void put_double(FILE *out, double value)
{
	if (isnan(value))
		fputs("NaN", out);
	else if (isinf(value))
		fputs(value > 0 ? "+Inf" : "-Inf", out);
	else
		fprintf(out, "%.15g", value);
}

void weir_metric_count(FILE *out, const char *name, uint64_t value, const char *const *labels)
{
	fputs(name, out);
	put_labels(out, labels);
	fprintf(out, " %" PRIu64 "\n", value);
}

void weir_metric_gauge(FILE *out, const char *name, double value, const char *const *labels)
{
	fputs(name, out);
	put_labels(out, labels);
	fputc(' ', out);
	put_double(out, value);
	fputc('\n', out);
}

void weir_metric_series(FILE *out, const char *name, const struct weir_metric_histogram *histogram,
                        const char *label, const char *value)
{
	uint64_t cumulative = 0;

	for (size_t i = 0; i <= histogram->bound_count; i++) {
		cumulative += histogram->buckets[i];
		fprintf(out, "%s_bucket{%s=\"%s\",le=\"", name, label, value);
		put_double(out, i < histogram->bound_count ? histogram->bounds[i] : INFINITY);
		fprintf(out, "\"} %" PRIu64 "\n", cumulative);
	}
	fprintf(out, "%s_sum{%s=\"%s\"} ", name, label, value);
	put_double(out, histogram->sum);
	fprintf(out, "\n%s_count{%s=\"%s\"} %" PRIu64 "\n", name, label, value, cumulative);
}
