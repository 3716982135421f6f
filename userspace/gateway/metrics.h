/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing metrics in Prometheus' text format 0.0.4. Knows the format and no metric.
 *
 *     weir_metric_family(out, "weir_datagrams_total", "counter", "Datagrams by outcome.");
 *     weir_metric_count(out, "weir_datagrams_total", 7, WEIR_LABELS("outcome", "accepted"));
 */
#ifndef WEIR_GATEWAY_METRICS_H
#define WEIR_GATEWAY_METRICS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define WEIR_METRICS_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

void weir_metric_family(FILE *out, const char *name, const char *type, const char *help);

/* A sample with its labels: pairs of name and value, ended by NULL; NULL for none. Values are escaped. */
void weir_metric_count(FILE *out, const char *name, uint64_t value, const char *const *labels);
void weir_metric_gauge(FILE *out, const char *name, double value, const char *const *labels);

#define WEIR_LABELS(...) ((const char *const[]){__VA_ARGS__, NULL})

/*
 * One series of a histogram with one label. `buckets` has bounds + 1 numbers, not cumulative: the last
 * one takes what is above every bound.
 */
struct weir_metric_histogram {
	const double *bounds;
	const uint64_t *buckets;
	size_t bound_count;
	double sum;
};

void weir_metric_series(FILE *out, const char *name, const struct weir_metric_histogram *histogram,
                        const char *label, const char *value);

#endif
