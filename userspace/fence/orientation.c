/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sign of a 2 by 2 determinant of differences. Nearly always plain arithmetic with a bound on its
 * rounding error decides; where it can't, the determinant is summed up without any rounding, as an
 * expansion: a sum of doubles that do not overlap, smallest first (J. R. Shewchuk, Adaptive Precision
 * Floating-Point Arithmetic, 1997).
 */
#include <math.h>

#include "fence/orientation.h"

/* Shewchuk's bound for this determinant: (3 + 16 u) u with u = 2^-53. */
#define ERROR_BOUND 3.3306690738754716e-16

struct pair {
	double high, low; /* high + low is the exact value */
};

struct expansion {
	double terms[16];
	int count;
};

static struct pair exact_sum(double a, double b)
{
	double sum = a + b;
	double b_part = sum - a;
	double a_part = sum - b_part;

	return (struct pair){sum, (a - a_part) + (b - b_part)};
}

static void expansion_add(struct expansion *e, double value)
{
	for (int i = 0; i < e->count; i++) {
		struct pair sum = exact_sum(value, e->terms[i]);

		e->terms[i] = sum.low;
		value = sum.high;
	}
	e->terms[e->count++] = value;
}

static void expansion_add_product(struct expansion *e, double a, double b)
{
	double product = a * b;

	expansion_add(e, fma(a, b, -product));
	expansion_add(e, product);
}

static int exact_sign(const double a[2], const double b[2], double px, double py)
{
	struct pair bx = exact_sum(b[0], -a[0]), by = exact_sum(b[1], -a[1]);
	struct pair dx = exact_sum(px, -a[0]), dy = exact_sum(py, -a[1]);
	struct expansion e = {.count = 0};

	expansion_add_product(&e, bx.low, dy.low);
	expansion_add_product(&e, bx.low, dy.high);
	expansion_add_product(&e, bx.high, dy.low);
	expansion_add_product(&e, bx.high, dy.high);
	expansion_add_product(&e, -by.low, dx.low);
	expansion_add_product(&e, -by.low, dx.high);
	expansion_add_product(&e, -by.high, dx.low);
	expansion_add_product(&e, -by.high, dx.high);

	/* The largest term that is not zero has the sign of the sum. */
	for (int i = e.count - 1; i >= 0; i--)
		if (e.terms[i] != 0)
			return e.terms[i] > 0 ? 1 : -1;
	return 0;
}

int weir_orientation(const double a[2], const double b[2], double px, double py)
{
	double left = (b[0] - a[0]) * (py - a[1]);
	double right = (b[1] - a[1]) * (px - a[0]);
	double determinant = left - right;
	double bound = ERROR_BOUND * (fabs(left) + fabs(right));

	if (determinant > bound)
		return 1;
	if (determinant < -bound)
		return -1;
	return exact_sign(a, b, px, py);
}
