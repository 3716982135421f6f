/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers as text, into memory that has room for the longest of them. It checks nothing; <publish/text.h>
 * does.
 */
#ifndef WEIR_PUBLISH_DIGITS_H
#define WEIR_PUBLISH_DIGITS_H

#include <math.h>
#include <stdint.h>

/* The longest: a sign, twenty digits, a point and nine decimals. */
#define NUMBER_MAX 40

/* "00" to "99": half the divisions. */
static const char digits_pairs[] =
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
        "41424344454647484950515253545556575859606162636465666768697071727374757677787980"
        "81828384858687888990919293949596979899";

static inline void digits_pair(char *out, uint32_t value)
{
	out[0] = digits_pairs[2 * value];
	out[1] = digits_pairs[2 * value + 1];
}

static inline __attribute__((always_inline)) void digits_padded(char *out, uint64_t value, int count)
{
	for (; count >= 2; count -= 2) {
		digits_pair(out + count - 2, (uint32_t)(value % 100));
		value /= 100;
	}
	if (count == 1)
		out[0] = (char)('0' + value % 10);
}

/* The same for at most nine digits, whose arithmetic is quicker. */
static inline __attribute__((always_inline)) void digits_short(char *out, uint32_t value, int count)
{
	for (; count >= 2; count -= 2) {
		digits_pair(out + count - 2, value % 100);
		value /= 100;
	}
	if (count == 1)
		out[0] = (char)('0' + value % 10);
}

static inline char *digits_unsigned(char *out, uint64_t value)
{
	int digits = 1;

	if (value < 10) {
		*out = (char)('0' + value);
		return out + 1;
	}
	if (value < 100) {
		digits_pair(out, (uint32_t)value);
		return out + 2;
	}
	for (uint64_t limit = 10; digits < 20 && value >= limit; limit *= 10)
		digits++;
	digits_padded(out, value, digits);
	return out + digits;
}

/* The same for a number that is nearly always small: a speed, an angle, the whole degrees. */
static inline char *digits_small(char *out, uint32_t value)
{
	if (value >= 1000)
		return digits_unsigned(out, value);
	if (value >= 100) {
		out[0] = (char)('0' + value / 100);
		digits_pair(out + 1, value % 100);
		return out + 3;
	}
	if (value >= 10) {
		digits_pair(out, value);
		return out + 2;
	}
	*out = (char)('0' + value);
	return out + 1;
}

/*
 * magnitude * scale rounded to the nearest integer, halves to even, as printf does: the product is
 * rounded itself, and its error, which fma() gives exactly, decides where it looks like a half.
 */
static inline uint64_t digits_scaled(double magnitude, double scale)
{
	double product = magnitude * scale;

	if (!(product < 9.2e18))
		return isnan(product) ? 0 : UINT64_C(9200000000000000000);
	uint64_t units = (uint64_t)(int64_t)product; /* by way of the type that the processor converts to */
	double fraction = product - (double)(int64_t)units;
	if (fraction > 0.5)
		return units + 1;
	if (fraction == 0.5) {
		double error = fma(magnitude, scale, -product);
		if (error > 0 || (error == 0 && units % 2 != 0))
			return units + 1;
	}
	return units;
}

/* What is behind the point, without the zeros at the end. */
static inline char *digits_fraction(char *at, uint32_t fraction, int decimals, uint32_t tenth)
{
	*at++ = '.';
	if (fraction % tenth == 0) { /* tenths are what AIS gives of speeds and courses */
		*at++ = (char)('0' + fraction / tenth);
		return at;
	}
	digits_short(at, fraction, decimals);
	at += decimals;
	while (at[-1] == '0')
		at--;
	return at;
}

/*
 * What weir_text_fixed() writes. power is ten to the decimals: where both are constants and this is inlined,
 * nothing is divided by a variable.
 */
static inline __attribute__((always_inline)) char *digits_fixed(char *to, double value, int decimals,
                                                                uint64_t power)
{
	uint64_t units = digits_scaled(fabs(value), (double)power);

	if (signbit(value) && units != 0)
		*to++ = '-';
	if (units <= UINT32_MAX) { /* degrees with seven decimals do */
		uint32_t fraction = (uint32_t)units % (uint32_t)power;

		to = digits_small(to, (uint32_t)units / (uint32_t)power);
		return fraction == 0 ? to : digits_fraction(to, fraction, decimals, (uint32_t)power / 10);
	}
	uint32_t fraction = (uint32_t)(units % power);

	to = digits_unsigned(to, units / power);
	return fraction == 0 ? to : digits_fraction(to, fraction, decimals, (uint32_t)power / 10);
}

#endif
