/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Time for benchmarks: the thread's own, so that other processes count less; and the median of several runs.
 */
#ifndef WEIR_BENCH_STOPWATCH_H
#define WEIR_BENCH_STOPWATCH_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define BENCH_RUNS 5

static inline double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline int compare_seconds(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return (a > b) - (a < b);
}

static inline double median(double *values, size_t count)
{
	qsort(values, count, sizeof(*values), compare_seconds);
	return values[count / 2];
}

#endif
