/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GPS sentences: RMC, GGA, GLL and GNS with a place outside of the area, and VTG, ZDA and HDT, which have
 * none, are dropped where nobody follows the device. The engine ignores each of them by itself:
 * <weir/engine.h>. All others pass, and as the engine may begin a fix with them, the device is marked.
 */
#ifndef WEIR_BPF_GPS_H
#define WEIR_BPF_GPS_H

#include "gps_device.h"
#include "gps_place.h"

enum gps_class {
	GPS_END, /* of the grammar */
	GPS_ANY,
	GPS_TIME,
	GPS_PLACE, /* four fields */
	GPS_STATUS,
	GPS_STATUS_NEEDED,
	GPS_MODE,
	GPS_MODES,
	GPS_QUALITY,
	GPS_NUMBER,
	GPS_POSITIVE,
	GPS_DIRECTION,
	GPS_COUNT,
	GPS_DATE,
	GPS_DAY, /* three fields, of ZDA */
	GPS_LETTER,
};

#define GPS_FIELDS_MAX 12

/* NMEA 0183 4.10, 6.3, behind the address; `least` fields, as they are counted here, end a sentence. */
struct gps_grammar {
	__u32 name; /* "RMC,", as the word is */
	__u8 least;
	__u8 fields[GPS_FIELDS_MAX + 2];
};

#define GPS_KINDS 7
#define GPS_WITH_PLACE 4 /* of these, the first */

static const struct gps_grammar gps_grammars[GPS_KINDS + 1] = {
        {(__u32)WORD4('R', 'M', 'C', ','),
         8,
         {GPS_TIME, GPS_STATUS_NEEDED, GPS_PLACE, GPS_POSITIVE, GPS_DIRECTION, GPS_DATE, GPS_ANY, GPS_ANY,
          GPS_MODE, GPS_ANY}},
        {(__u32)WORD4('G', 'G', 'A', ','),
         11,
         {GPS_TIME, GPS_PLACE, GPS_QUALITY, GPS_COUNT, GPS_NUMBER, GPS_NUMBER, GPS_ANY, GPS_ANY, GPS_ANY,
          GPS_ANY, GPS_ANY}},
        {(__u32)WORD4('G', 'L', 'L', ','), 2, {GPS_PLACE, GPS_TIME, GPS_STATUS, GPS_MODE}},
        {(__u32)WORD4('G', 'N', 'S', ','),
         9,
         {GPS_TIME, GPS_PLACE, GPS_MODES, GPS_COUNT, GPS_NUMBER, GPS_NUMBER, GPS_ANY, GPS_ANY, GPS_ANY,
          GPS_ANY}},
        {(__u32)WORD4('V', 'T', 'G', ','),
         8,
         {GPS_DIRECTION, GPS_ANY, GPS_ANY, GPS_ANY, GPS_POSITIVE, GPS_ANY, GPS_POSITIVE, GPS_ANY,
          GPS_LETTER}},
        {(__u32)WORD4('Z', 'D', 'A', ','), 2, {GPS_TIME, GPS_DAY, GPS_ANY, GPS_ANY}},
        {(__u32)WORD4('H', 'D', 'T', ','), 2, {GPS_DIRECTION, GPS_ANY}},
};

/* Which of them a sentence is that begins with this word: GPS_KINDS for none. */
static __always_inline __u32 gps_kind(__u64 word)
{
	__u32 kind = GPS_KINDS;

	/* "$P": a maker's own. */
	if ((word & 0xff) != '$' || (word >> 8 & 0xff) == 'P')
		return GPS_KINDS;
	for (__u32 i = 0; i < GPS_KINDS; i++)
		if ((__u32)(word >> 24) == gps_grammars[i].name)
			kind = i;
	return kind;
}

/* "14,11,2023" at once, or ",,": the three fields are wrong together. */
static __always_inline __u32 read_day(const struct window *window, __u32 at)
{
	__u64 low = window_word(window, at);
	__u32 year = (__u32)window_word(window, at + 6);
	__u64 pairs = pair_values(low ^ EACH('0'));
	__u64 years = pair_values(year ^ (__u32)EACH('0'));

	if ((low & 0xffff) == WORD2(',', ','))
		return FIELD(at + 2); /* the third is read as any other */
	if ((low & 0x0000ff0000ff0000ULL) != (WORD8(0, 0, ',', 0, 0, ',', 0, 0) & 0x0000ff0000ff0000ULL) ||
	    bytes_not_digits(low) & 0x0000008080008080ULL || bytes_not_digits(year) & 0x80808080 ||
	    byte_of(years, 0) != 20)
		return FIELD_ODD;
	__u32 month = byte_of(low, 3) * 10 + byte_of(low, 4) - 11 * '0';
	if (!is_date(byte_of(pairs, 0), month, byte_of(years, 2)))
		return FIELD_ODD;
	return FIELD(at + 10);
}

/* One field, or what belongs together, at `at` of the window. Returns as FIELD(): where it ends. */
SEPARATE __u32 read_gps_field(frame_context *ctx, __u32 at, __u32 class)
{
	struct window *window = window_of(ctx);
	__u32 stops = 0;

	if (!window)
		return FIELD_ODD;
	if (class == GPS_PLACE)
		return read_place(ctx, at);
	if (class == GPS_DAY)
		return read_day(window, at);

	struct field field = read_field(window, at);
	switch (class) {
	case GPS_TIME:
		stops = is_time_of_day(&field) ? 0 : WEIR_REASON_HARMLESS;
		break;
	case GPS_STATUS:
	case GPS_STATUS_NEEDED:
		stops = status_stops(&field, class == GPS_STATUS_NEEDED);
		break;
	case GPS_MODE:
		stops = mode_stops(&field);
		break;
	case GPS_MODES:
		stops = modes_stop(&field);
		break;
	case GPS_QUALITY:
		stops = quality_stops(&field);
		break;
	case GPS_NUMBER:
	case GPS_POSITIVE:
		stops = is_number(&field, class == GPS_NUMBER) ? 0 : WEIR_REASON_HARMLESS;
		break;
	case GPS_DIRECTION:
		stops = is_direction(&field) ? 0 : WEIR_REASON_HARMLESS;
		break;
	case GPS_COUNT:
		stops = is_count(&field) ? 0 : WEIR_REASON_HARMLESS;
		break;
	case GPS_DATE:
		stops = is_short_date(&field) ? 0 : WEIR_REASON_HARMLESS;
		break;
	case GPS_LETTER:
		stops = field.length <= 1 && is_harmless_text(&field) ? 0 : WEIR_REASON_HARMLESS;
		break;
	default:
		stops = is_harmless_text(&field) ? 0 : WEIR_REASON_HARMLESS;
	}
	return stops ? FIELD_STOPS(stops) : FIELD(at + field.length);
}

/*
 * Reads the sentence of this kind at `at`. Returns where its '*' is; or why it was read no further.
 */
SEPARATE __u32 read_gps(frame_context *ctx, __u32 at, __u32 kind)
{
	const struct window *window = window_of(ctx);
	const struct gps_grammar *grammar = &gps_grammars[kind & 7];

	if (!window)
		return FIELD_ODD;
	at += 6; /* at the comma behind the address */
	for (__u32 i = 0; i < GPS_FIELDS_MAX; i++) {
		__u32 class = grammar->fields[i];

		if (class == GPS_END || window_byte(window, at) != ',')
			return i >= grammar->least && window_byte(window, at) == '*' ? FIELD(at) : FIELD_ODD;
		__u32 field = read_gps_field(ctx, at + 1, class);
		if (FIELD_REASON(field))
			return field;
		at = FIELD_NEXT(field);
		OPAQUE(at);
	}
	return FIELD_ODD;
}

/* The device that it is by one way of telling. */
static __always_inline __u32 judge_gps_device(frame_context *ctx, const struct window *window, __u64 device,
                                              __u32 has_place)
{
	__u32 reason = has_place ? judge_any_place(ctx, device, window->from_west, window->from_south)
	                         : judge_absence(ctx, device);

	if (reason == WEIR_REASON_OUTSIDE && ONCE(shared_of(ctx)->hold_gps) & WEIR_PRESENCE_EPOCHS)
		return WEIR_REASON_HELD;
	return reason == WEIR_REASON_OUTSIDE && !has_place ? WEIR_REASON_UNFOLLOWED : reason;
}

/* A sentence that is understood, of one of these devices; the second may be 0. */
SEPARATE __u32 judge_gps_devices(frame_context *ctx, __u64 first, __u64 second, __u32 has_place)
{
	const struct window *window = window_of(ctx);

	if (!window)
		return WEIR_REASON_UNKNOWN;
	__u32 reason = judge_gps_device(ctx, window, first, has_place);
	OPAQUE(reason);
	if (!second)
		return reason;
	__u32 other = judge_gps_device(ctx, window, second, has_place);
	return reason < WEIR_REASON_DROPS ? reason : other;
}

/* Is the sentence without a position at `at` without a time as well? No fix begins with such a one. */
static __always_inline int is_timeless(const struct window *window, __u32 at, __u32 kind)
{
	__u64 word = window_word(window, at + 6);
	__u64 commas = gps_grammars[kind & 7].fields[0] == GPS_TIME
	                       ? WORD2(',', ',')
	                       : WORD8(',', ',', ',', ',', ',', ',', 0, 0);

	return !((word ^ commas) << (commas >> 16 ? 16 : 48));
}

/* Something passes with which the engine may begin a fix. */
static __always_inline void mark_gps(frame_context *ctx, const struct gps_devices *devices, __u32 is_sure)
{
	struct weir_prefilter_shared *shared = shared_of(ctx);

	if (!is_sure) {
		set_bits(&shared->hold_gps, WEIR_PRESENCE_EPOCH(ONCE(shared->epoch)));
		return;
	}
	mark_device(ctx, devices->first);
	if (devices->second)
		mark_device(ctx, devices->second);
}

#endif
