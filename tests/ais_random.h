/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random AIS messages out of the table of fields, and their comparison. Values take the whole width of
 * their field; only positions are kept valid, because a decoder must refuse the others.
 */
#ifndef WEIR_TESTS_AIS_RANDOM_H
#define WEIR_TESTS_AIS_RANDOM_H

#include <stdio.h>
#include <string.h>
#include <weir/ais.h>

/* splitmix64: https://prng.di.unimi.it/splitmix64.c describes it; a seed gives the same messages everywhere.
 */
struct ais_random {
	uint64_t state;
};

static inline uint64_t ais_random_word(struct ais_random *random)
{
	uint64_t word = random->state += 0x9e3779b97f4a7c15;

	word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
	word = (word ^ word >> 27) * 0x94d049bb133111eb;
	return word ^ word >> 31;
}

static inline uint32_t ais_random_below(struct ais_random *random, uint32_t limit)
{
	return (uint32_t)(ais_random_word(random) % limit);
}

/* Now and then all zeros or all ones: that is where 'not available' and sign errors live. */
static inline uint64_t ais_random_bits(struct ais_random *random, uint32_t width)
{
	uint64_t ones = ((uint64_t)1 << width) - 1;

	switch (ais_random_below(random, 16)) {
	case 0:
		return 0;
	case 1:
		return ones;
	case 2:
		return (uint64_t)1 << (width - 1);
	default:
		return ais_random_word(random) & ones;
	}
}

static inline int64_t ais_random_signed(struct ais_random *random, uint32_t width)
{
	return (int64_t)(ais_random_bits(random, width) << (64 - width)) >> (64 - width);
}

/* Text without '@', and without a blank at the end: those do not survive by design. */
static inline void ais_random_text(struct ais_random *random, char *out, uint32_t most)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_ !\"#$%&'()*+,-./0123456789:;<=>?";
	uint32_t length = ais_random_below(random, 4) == 0 ? most : ais_random_below(random, most + 1);

	memset(out, 0, most + 1);
	for (uint32_t i = 0; i < length; i++)
		out[i] = alphabet[ais_random_below(random, sizeof(alphabet) - 1)];
	if (length > 0 && out[length - 1] == ' ')
		out[length - 1] = 'X';
}

/* One in eight is 'not available'. */
static inline int32_t ais_random_degrees(struct ais_random *random, int32_t most, int32_t unit)
{
	if (ais_random_below(random, 8) == 0)
		return (most + 1) * unit;
	return (int32_t)ais_random_below(random, (uint32_t)(2 * most * unit + 1)) - most * unit;
}

static inline void ais_random_data(struct ais_random *random, uint16_t *bits, uint8_t *data, uint32_t most,
                                   uint32_t size)
{
	*bits = (uint16_t)(ais_random_below(random, most / 8 + 1) * 8);
	memset(data, 0, size);
	for (uint32_t i = 0; i < *bits / 8u; i++)
		data[i] = (uint8_t)ais_random_word(random);
}

/* clang-format off */
#define AIS_BEGIN(layout)                                                                                    \
	static inline void ais_random_##layout(struct ais_random *random, struct weir_ais_##layout *out)     \
	{                                                                                                    \
		memset(out, 0, sizeof(*out));
#define AIS_UINT(type, name, bits) out->name = (type)ais_random_bits(random, bits);
#define AIS_SINT(type, name, bits) out->name = (type)ais_random_signed(random, bits);
#define AIS_FLAG(name) out->name = ais_random_below(random, 2) != 0;
#define AIS_TEXT(name, characters) ais_random_text(random, out->name, characters);
/* M.1371 lets a name have 34 characters; gpsdecode 3.22 writes over its longitude with 36. */
#define AIS_TEXT_FIRST(name, characters, most) ais_random_text(random, out->name, (most) - 2);
#define AIS_TEXT_REST(name, most) ais_random_text(random, out->name, (most) > 156 ? 156 : (most));
#define AIS_DATA_REST(name, most, tail)                                                                      \
	ais_random_data(random, &out->name##_bits, out->name, (most) > 736 ? 736 : (most), sizeof(out->name));
#define AIS_WHEN_UINT(flag, type, name, bits) if (out->flag) out->name = (type)ais_random_bits(random, bits);
#define AIS_END(layout) }
/* clang-format on */
#include <weir/ais_fields.h>

#define AIS_RANDOM_POSITION(member, degree)                                                                  \
	(ais->member.longitude = ais_random_degrees(random, 180, degree),                                    \
	 ais->member.latitude = ais_random_degrees(random, 90, degree))

static inline void ais_random_position(struct ais_random *random, struct weir_ais *ais)
{
	switch (ais->layout) {
	case WEIR_AIS_LAYOUT_position_a:
		AIS_RANDOM_POSITION(position_a, 600000);
		break;
	case WEIR_AIS_LAYOUT_base_station:
		AIS_RANDOM_POSITION(base_station, 600000);
		break;
	case WEIR_AIS_LAYOUT_aircraft:
		AIS_RANDOM_POSITION(aircraft, 600000);
		break;
	case WEIR_AIS_LAYOUT_position_b:
		AIS_RANDOM_POSITION(position_b, 600000);
		break;
	case WEIR_AIS_LAYOUT_extended_b:
		AIS_RANDOM_POSITION(extended_b, 600000);
		break;
	case WEIR_AIS_LAYOUT_aid:
		AIS_RANDOM_POSITION(aid, 600000);
		break;
	case WEIR_AIS_LAYOUT_aid_short:
		AIS_RANDOM_POSITION(aid_short, 600000);
		break;
	case WEIR_AIS_LAYOUT_corrections:
		AIS_RANDOM_POSITION(corrections, 600);
		break;
	case WEIR_AIS_LAYOUT_long_range:
		AIS_RANDOM_POSITION(long_range, 600);
		break;
	default:
		break;
	}
}

/* The layout of a type; where a type has two, chance decides. */
static inline uint8_t ais_random_layout(struct ais_random *random, uint8_t type)
{
	static const uint8_t layouts[29] = {
	        [1] = WEIR_AIS_LAYOUT_position_a,
	        [2] = WEIR_AIS_LAYOUT_position_a,
	        [3] = WEIR_AIS_LAYOUT_position_a,
	        [4] = WEIR_AIS_LAYOUT_base_station,
	        [5] = WEIR_AIS_LAYOUT_static_a,
	        [6] = WEIR_AIS_LAYOUT_binary_addressed,
	        [7] = WEIR_AIS_LAYOUT_acknowledge,
	        [8] = WEIR_AIS_LAYOUT_binary_broadcast,
	        [9] = WEIR_AIS_LAYOUT_aircraft,
	        [10] = WEIR_AIS_LAYOUT_utc_inquiry,
	        [11] = WEIR_AIS_LAYOUT_base_station,
	        [12] = WEIR_AIS_LAYOUT_text_addressed,
	        [13] = WEIR_AIS_LAYOUT_acknowledge,
	        [14] = WEIR_AIS_LAYOUT_text_broadcast,
	        [15] = WEIR_AIS_LAYOUT_interrogation,
	        [16] = WEIR_AIS_LAYOUT_assignment,
	        [17] = WEIR_AIS_LAYOUT_corrections,
	        [18] = WEIR_AIS_LAYOUT_position_b,
	        [19] = WEIR_AIS_LAYOUT_extended_b,
	        [20] = WEIR_AIS_LAYOUT_link_management,
	        [21] = WEIR_AIS_LAYOUT_aid,
	        [22] = WEIR_AIS_LAYOUT_channel_area,
	        [23] = WEIR_AIS_LAYOUT_group_assignment,
	        [24] = WEIR_AIS_LAYOUT_static_b_name,
	        [25] = WEIR_AIS_LAYOUT_single_slot,
	        [26] = WEIR_AIS_LAYOUT_multi_slot,
	        [27] = WEIR_AIS_LAYOUT_long_range,
	        [28] = WEIR_AIS_LAYOUT_aid_short,
	};

	if (type == 22 && ais_random_below(random, 2) != 0)
		return WEIR_AIS_LAYOUT_channel_addressed;
	if (type == 24 && ais_random_below(random, 2) != 0)
		return WEIR_AIS_LAYOUT_static_b_details;
	return layouts[type];
}

/* Fills in what the encoder will fix, so that a comparison holds. */
static inline void ais_random_fixed(struct weir_ais *ais)
{
	if (ais->layout == WEIR_AIS_LAYOUT_static_b_name)
		ais->static_b_name.part = 0;
	if (ais->layout == WEIR_AIS_LAYOUT_static_b_details)
		ais->static_b_details.part = 1;
	if (ais->layout == WEIR_AIS_LAYOUT_channel_area)
		ais->channel_area.addressed = false;
	if (ais->layout == WEIR_AIS_LAYOUT_channel_addressed)
		ais->channel_addressed.addressed = true;
	if (ais->layout == WEIR_AIS_LAYOUT_single_slot &&
	    ais->single_slot.data_bits > 80) /* one slot: M.1371-5, annex 8, 3.23 */
		ais->single_slot.data_bits = 80;
	if (ais->layout == WEIR_AIS_LAYOUT_single_slot)
		memset(ais->single_slot.data + ais->single_slot.data_bits / 8, 0,
		       sizeof(ais->single_slot.data) - ais->single_slot.data_bits / 8u);
}

/* A random message of the type, 1 to 28. */
static inline void ais_random_message(struct ais_random *random, uint8_t type, struct weir_ais *ais)
{
	memset(ais, 0, sizeof(*ais));
	ais->type = type;
	ais->repeat = (uint8_t)ais_random_below(random, 4);
	ais->mmsi = 1 + ais_random_below(random, 999999999);
	ais->layout = ais_random_layout(random, type);
	switch (ais->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_AIS_LAYOUT_##layout:                                                                       \
		ais_random_##layout(random, &ais->layout);                                                   \
		break;
#include <weir/ais_fields.h>
	default:
		break;
	}
	ais_random_position(random, ais);
	ais_random_fixed(ais);
}

/* The name of the first field that differs, NULL where there is none. Second readings are not compared. */
/* clang-format off */
#define AIS_DIFFERENT(name) if (memcmp(&a->name, &b->name, sizeof(a->name)) != 0) return #name;
#define AIS_BEGIN(layout)                                                                                    \
	static inline const char *ais_difference_##layout(const struct weir_ais_##layout *a,                 \
	                                                  const struct weir_ais_##layout *b)                 \
	{
#define AIS_UINT(type, name, bits) AIS_DIFFERENT(name)
#define AIS_SINT(type, name, bits) AIS_DIFFERENT(name)
#define AIS_FLAG(name) AIS_DIFFERENT(name)
#define AIS_TEXT(name, characters) AIS_DIFFERENT(name)
#define AIS_TEXT_FIRST(name, characters, most) AIS_DIFFERENT(name)
#define AIS_TEXT_REST(name, most) AIS_DIFFERENT(name)
#define AIS_DATA_REST(name, most, tail) AIS_DIFFERENT(name##_bits) AIS_DIFFERENT(name)
#define AIS_WHEN_UINT(flag, type, name, bits) AIS_DIFFERENT(name)
#define AIS_END(layout) return NULL; }
/* clang-format on */
#include <weir/ais_fields.h>

static inline const char *ais_difference(const struct weir_ais *a, const struct weir_ais *b)
{
	if (a->type != b->type)
		return "type";
	if (a->repeat != b->repeat)
		return "repeat";
	if (a->mmsi != b->mmsi)
		return "mmsi";
	if (a->layout != b->layout)
		return "layout";
	switch (a->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_AIS_LAYOUT_##layout:                                                                       \
		return ais_difference_##layout(&a->layout, &b->layout);
#include <weir/ais_fields.h>
	default:
		return NULL;
	}
}

#endif
