/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From the bits of an AIS payload to a verdict on its report. Knows no text.
 *
 * Where the position is (ITU-R M.1371-5, checked against four decoders): the latitude follows the
 * longitude at once, so that both are one field of 55 bits, which begins at
 *     61 in types 1, 2, 3 and 9;  79 in 4 and 11;  57 in 18 and 19;  164 in 21;  44 in 28
 * and of 35 bits in the coarse types, which begins at 40 in type 17 and at 44 in type 27.
 */
#ifndef WEIR_BPF_POSITION_H
#define WEIR_BPF_POSITION_H

#include "area.h"

/* The first bits of a payload, 48 a word, the first bit uppermost: as many as positions need. */
#define PAYLOAD_WORDS 5

struct payload_bits {
	__u64 word[PAYLOAD_WORDS];
};

#define LONGITUDE_NOT_AVAILABLE (181 * WEIR_UNITS_PER_DEGREE)
#define LATITUDE_NOT_AVAILABLE (91 * WEIR_UNITS_PER_DEGREE)

static __always_inline __u32 payload_type(const struct payload_bits *bits)
{
	return (__u32)(bits->word[0] >> 42) & 0x3f;
}

static __always_inline __u32 payload_mmsi(const struct payload_bits *bits)
{
	return (__u32)(bits->word[0] >> 10) & 0x3fffffff;
}

#define DISTRESS_STATUS 14 /* the navigation status of an active AIS-SART, MOB or EPIRB-AIS */

/* 970, 972 and 974 million and what follows each, of ITU-R M.585. */
#define DISTRESS_MMSI_MIN 970000000

/* The status of types 1, 2 and 3; in type 27 it is two bits further on. */
static __always_inline __u32 payload_status(const struct payload_bits *bits)
{
	return (__u32)(bits->word[0] >> 6) & 0xf;
}

static __always_inline int payload_is_distress(const struct payload_bits *bits)
{
	__u32 type = payload_type(bits);
	__u32 group = payload_mmsi(bits) - DISTRESS_MMSI_MIN;

	if (type >= 1 && type <= 3 && payload_status(bits) == DISTRESS_STATUS)
		return 1;
	if (type == 27 && (bits->word[0] >> 4 & 0xf) == DISTRESS_STATUS)
		return 1;
	return group < 1000000 || (group >= 2000000 && group < 3000000) ||
	       (group >= 4000000 && group < 5000000);
}

static __always_inline __u32 judge_place(frame_context *ctx, __u64 device, __u32 from_west, __u32 from_south)
{
	if (area_covers(shared_of(ctx), area_column(from_west), area_row(from_south))) {
		mark_device(ctx, device);
		return WEIR_REASON_INSIDE;
	}
	return judge_absence(ctx, device);
}

/* Any position, also on the last meridian or on the pole, and what is none at all. */
SEPARATE __u32 judge_any_place(frame_context *ctx, __u64 device, __u32 from_west, __u32 from_south)
{
	if (from_west > 2 * LONGITUDE_MAX || from_south > 2 * LATITUDE_MAX) {
		if (from_west == LONGITUDE_NOT_AVAILABLE + LONGITUDE_MAX ||
		    from_south == LATITUDE_NOT_AVAILABLE + LATITUDE_MAX)
			return WEIR_REASON_NO_POSITION;
		return WEIR_REASON_POSITION;
	}
	if (from_west == 2 * LONGITUDE_MAX)
		from_west = 0; /* 180 E is 180 W */
	return judge_place(ctx, device, from_west, from_south);
}

/* 28 bits of longitude and 27 of latitude, in 1/10,000 minute, counted from 180 W and from 90 S. */
static __always_inline __u32 position_from_west(__u64 position)
{
	return (__u32)((__s32)((__u32)(position >> 27) << 4) >> 4) + LONGITUDE_MAX;
}

static __always_inline __u32 position_from_south(__u64 position)
{
	return (__u32)((__s32)((__u32)position << 5) >> 5) + LATITUDE_MAX;
}

static __always_inline __u32 judge_plain_position(frame_context *ctx, __u64 device, __u64 position)
{
	__u32 from_west = position_from_west(position);
	__u32 from_south = position_from_south(position);

	if (from_west >= 2 * LONGITUDE_MAX || from_south >= 2 * LATITUDE_MAX)
		return judge_any_place(ctx, device, from_west, from_south);
	return judge_place(ctx, device, from_west, from_south);
}

/*
 * By how much the words 1 and 2, side by side, are shifted to the right to have the position lowest, for
 * the types whose position begins in word 1. 0: another type.
 */
static const __u8 position_shift[64] = {
        [1] = 28, [2] = 28, [3] = 28, [9] = 28, [4] = 10, [11] = 10, [18] = 32, [19] = 32,
};

/*
 * The lengths in bits that the decoder accepts, of the types that have a position; any other length of
 * these is a malformed message. Types that are not here have none.
 */
static const struct {
	__u16 least, most;
} report_bits[64] = {
        [1] = {149, 204},  [2] = {149, 204},  [3] = {149, 204}, [4] = {168, 204},
        [9] = {168, 204},  [11] = {168, 204}, [17] = {80, 816}, [18] = {168, 204},
        [19] = {312, 348}, [21] = {272, 396}, [27] = {96, 168}, [28] = {168, 204},
};

static __always_inline int has_position(__u32 type)
{
	return report_bits[type & 63].most != 0;
}

/*
 * Said of its sender alone, by the first 48 bits: a reason, or WEIR_REASON_OUTSIDE when there is none so far.
 */
SEPARATE __u32 judge_sender(frame_context *ctx, __u64 word)
{
	struct payload_bits bits = {.word = {word}};
	__u32 mmsi = payload_mmsi(&bits);

	if (mmsi - 1 >= 999999999)
		return WEIR_REASON_IDENTITY;
	if (payload_is_distress(&bits)) {
		mark_device(ctx, mmsi);
		return WEIR_REASON_DISTRESS;
	}
	return WEIR_REASON_OUTSIDE;
}

/* 19 has the position there too, but is longer. */
static const __u8 plain_shift[64] = {
        [1] = 28, [2] = 28, [3] = 28, [9] = 28, [4] = 10, [11] = 10, [18] = 32,
};

/* A message of 168 bits, of a type that usually has so many. Other types are WEIR_REASON_UNKNOWN. */
static __always_inline __u32 judge_plain_report(frame_context *ctx, const struct payload_bits *bits)
{
	__u32 mmsi = payload_mmsi(bits);
	__u32 shift = plain_shift[payload_type(bits)];

	/* What looks like distress, or like nobody, is for the general way: either is seldom. */
	if (!shift || mmsi - 1 >= DISTRESS_MMSI_MIN - 1 || payload_status(bits) == DISTRESS_STATUS)
		return WEIR_REASON_UNKNOWN;
	return judge_plain_position(ctx, mmsi, bits->word[1] << (48 - shift) | bits->word[2] >> shift);
}

/* The position of any type that has one: 55 bits. The coarse ones are made fine, in 1/10,000 minute. */
static __always_inline __u64 payload_position(const struct payload_bits *bits)
{
	const __u64 *word = bits->word;
	__u32 type = payload_type(bits);
	__u32 shift = position_shift[type];

	if (shift)
		return word[1] << (48 - shift) | word[2] >> shift;
	if (type == 21)
		return word[3] << 27 | word[4] >> 21;
	if (type == 28)
		return word[0] << 51 | word[1] << 3 | word[2] >> 45;

	__u64 coarse = type == 17 ? word[0] << 27 | word[1] >> 21 : word[0] << 31 | word[1] >> 17;
	__s32 longitude = ((__s32)((__u32)(coarse >> 17) << 14) >> 14) * 1000;
	__s32 latitude = ((__s32)((__u32)coarse << 15) >> 15) * 1000;
	return (__u64)(__u32)longitude << 27 | ((__u32)latitude & 0x7ffffff);
}

/* A complete message of `count` bits in one sentence. */
static __always_inline __u32 judge_report(frame_context *ctx, const struct payload_bits *bits, __u32 count)
{
	__u32 reason = judge_sender(ctx, bits->word[0]);
	__u32 type = payload_type(bits);

	if (reason != WEIR_REASON_OUTSIDE)
		return reason;
	if (!has_position(type))
		return WEIR_REASON_TYPE;
	if (count < report_bits[type].least || count > report_bits[type].most)
		return WEIR_REASON_PAYLOAD;

	__u64 position = payload_position(bits);
	return judge_any_place(ctx, payload_mmsi(bits), position_from_west(position),
	                       position_from_south(position));
}

#endif
