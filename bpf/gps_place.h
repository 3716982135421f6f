/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The position in a GPS sentence: "4717.11437,N,00833.91522,E," to units of 1/10,000 minute from 180 W and
 * 90 S. Digits behind the fourth decimal are cut off so that the unit is the one that the place lies in: the
 * bit of the area that holds the unit holds the place.
 */
#ifndef WEIR_BPF_GPS_PLACE_H
#define WEIR_BPF_GPS_PLACE_H

#include "gps_fields.h"

#define UNITS_PER_MINUTE (WEIR_UNITS_PER_DEGREE / 60)

/* "dddmm.mmmm" or "dddmm" as values of digits: the point is at the sixth place. */
static __always_inline __u32 angle_units(__u64 low, __u64 high)
{
	__u32 degrees = byte_of(low, 0) * 100 + byte_of(low, 1) * 10 + byte_of(low, 2);
	__u32 minutes = byte_of(low, 3) * 10 + byte_of(low, 4);
	__u32 fraction =
	        byte_of(low, 6) * 1000 + byte_of(low, 7) * 100 + byte_of(high, 0) * 10 + byte_of(high, 1);

	if (minutes >= 60)
		return ~0u;
	return degrees * WEIR_UNITS_PER_DEGREE + minutes * UNITS_PER_MINUTE + fraction;
}

/*
 * One angle and its hemisphere, as "00833.91522,E,": `digits` of degrees, 2 or 3. Stores how many units it is
 * from the south or west end, and returns as a field does.
 */
static __always_inline __u32 read_angle(struct window *window, __u32 at, __u32 digits, __u32 *from_end)
{
	struct field field = read_field(window, at);
	__u32 limit = digits == 3 ? LONGITUDE_MAX : LATITUDE_MAX;
	__u32 hemisphere = (__u32)window_word(window, at + field.length) & 0xffffff; /* ",N," */

	if (field.length == 0)
		return FIELD_STOPS(WEIR_REASON_NO_POSITION);
	if (field.length < digits + 2 || field.length > FIELD_LENGTH_MAX ||
	    (hemisphere & 0xff00ff) != WORD4(',', 0, ',', 0))
		return FIELD_ODD;
	if (digits == 2) { /* as if of three */
		field.high = field.high << 8 | field.low >> 56;
		field.low = field.low << 8 | '0';
		field.length++;
	}
	if (field.length > FIELD_LENGTH_MAX)
		return FIELD_ODD;
	struct digits values = read_digits(&field);
	__u64 point = field.length > 5 ? 0x80ULL << 40 : 0;
	if (values.low_errors != point || values.high_errors || (point && byte_of(field.low, 5) != '.'))
		return FIELD_ODD;

	__u32 units = angle_units(values.low, values.high);
	__u32 more = values.high >> 16 ? 1 : 0;
	__u32 letter = hemisphere >> 8 & 0xff;
	if (units == ~0u)
		return FIELD_ODD;
	if (units > limit || (units == limit && more))
		return FIELD_STOPS(WEIR_REASON_POSITION);
	if (letter == (digits == 3 ? 'E' : 'N'))
		*from_end = limit + units;
	else if (letter == (digits == 3 ? 'W' : 'S'))
		*from_end = limit - units - more;
	else
		return FIELD_ODD;
	return FIELD(at + field.length - (3 - digits) + 2);
}

/* The four fields of a position. */
SEPARATE __u32 read_place(frame_context *ctx, __u32 at)
{
	struct window *window = window_of(ctx);
	__u32 from_west = 0, from_south = 0;

	if (!window)
		return FIELD_ODD;
	__u32 field = read_angle(window, at, 2, &from_south);
	if (FIELD_REASON(field))
		return field;
	field = read_angle(window, FIELD_NEXT(field) + 1, 3, &from_west);
	window->from_west = from_west;
	window->from_south = from_south;
	return field;
}

#endif
