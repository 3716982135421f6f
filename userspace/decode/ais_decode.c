/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Payload bits to fields. The table <weir/ais_fields.h> becomes one function a layout; with the offsets
 * constant, the compiler turns each row into a load, a byte swap and two shifts.
 *
 * Which lengths and positions are accepted is decided here; what a field means is not.
 */
#include <weir/ais.h>

#include <errno.h>

#include "decode/ais_bits.h"

#define HEADER_BITS 38 /* type, repeat indicator, MMSI: M.1371-5, annex 8, every message */
#define MMSI_MAX 999999999

/* clang-format off */
#define AIS_BEGIN(layout)                                                                                    \
	static inline void read_##layout(const uint8_t *bytes, uint32_t count, struct weir_ais_##layout *out)\
	{                                                                                                    \
		uint32_t at = HEADER_BITS;                                                                   \
		bool here = true;                                                                            \
		(void)count;
#define AIS_END(layout) (void)at; (void)here; }
/* clang-format on */
#include "decode/ais_rows_read.h"
#include <weir/ais_fields.h>

/*
 * Lengths accepted. The least is what makes the message whole up to its last field that matters; the most is
 * what has been seen on the air or is allowed by M.1371-5, whichever is more: 36 bits over where a receiver
 * pads (204 for 168), the slots of the message where its length varies.
 */
/* clang-format off */
static const struct {
	uint16_t least, most;
} lengths[] = {
	[1] = {149, 204},  /* up to RAIM: the communication state may be cut off; 163, 168, 186, 204 are on the air */
	[2] = {149, 204},
	[3] = {149, 204},
	[4] = {168, 204},
	[5] = {420, 460},  /* 420, 422, 424, 426 are on the air: the last bits hold a character, DTE and a spare */
	[6] = {88, 1008},
	[7] = {72, 168},
	[8] = {56, 1008},
	[9] = {168, 204},
	[10] = {72, 108},
	[11] = {168, 204},
	[12] = {72, 1008},
	[13] = {72, 168},
	[14] = {40, 1008},
	[15] = {88, 168},
	[16] = {96, 168},
	[17] = {80, 816},
	[18] = {168, 204},
	[19] = {312, 348},
	[20] = {72, 196},
	[21] = {272, 396}, /* 368 is on the air */
	[22] = {168, 204},
	[23] = {160, 196},
	[24] = {160, 204},
	[25] = {40, 168},
	[26] = {64, 1064},
	[27] = {96, 168},
	[28] = {168, 204},
};
/* clang-format on */

#define TYPES (sizeof(lengths) / sizeof(lengths[0]))

/* 24 part B up to the dimensions: what class B units before M.1371-5 send without the spare bits. */
#define STATIC_B_DETAILS_LEAST 162

static bool position_fits(int32_t longitude, int32_t latitude, int32_t degree)
{
	int32_t longitude_most = longitude == 181 * degree ? 181 * degree : 180 * degree;
	int32_t latitude_most = latitude == 91 * degree ? 91 * degree : 90 * degree;

	return longitude >= -180 * degree && longitude <= longitude_most && latitude >= -90 * degree &&
	       latitude <= latitude_most;
}

/* A position in 1/10,000 minute, the latitude right behind the longitude. */
static inline bool fine_fits(const uint8_t *bytes, uint32_t at)
{
	return position_fits(ais_signed(bytes, at, 28), ais_signed(bytes, at + 28, 27), 600000);
}

static inline bool coarse_fits(const uint8_t *bytes, uint32_t at)
{
	return position_fits(ais_signed(bytes, at, 18), ais_signed(bytes, at + 18, 17), 600);
}

static bool position_is_valid(const uint8_t *bytes, uint32_t type)
{
	switch (type) {
	case 1:
	case 2:
	case 3:
	case 9:
		return fine_fits(bytes, 61);
	case 4:
	case 11:
		return fine_fits(bytes, 79);
	case 18:
	case 19:
		return fine_fits(bytes, 57);
	case 21:
		return fine_fits(bytes, 164);
	case 28:
		return fine_fits(bytes, 44);
	case 17:
		return coarse_fits(bytes, 40);
	case 27:
		return coarse_fits(bytes, 44);
	default:
		return true;
	}
}

/* The least length of messages whose flags say how much they hold. */
static uint32_t least_of_flags(const uint8_t *bytes, uint32_t type)
{
	uint32_t first = ais_unsigned(bytes, HEADER_BITS, 1);
	uint32_t second = ais_unsigned(bytes, HEADER_BITS + 1, 1);

	if (type == 24)
		return !first && second ? STATIC_B_DETAILS_LEAST : 0;
	if (type == 25 || type == 26)
		return lengths[type].least + 32 * first + 16 * second;
	return 0;
}

#define READ(member) (read_##member(bytes, count, &out->member), WEIR_AIS_LAYOUT_##member)

static enum weir_ais_layout read_position_cut(const uint8_t *bytes, uint32_t count, struct weir_ais *out)
{
	enum weir_ais_layout layout = READ(position_a);

	if (count < 168)
		out->position_a.radio >>= 168 - count;
	return layout;
}

static enum weir_ais_layout read_rare(const uint8_t *bytes, uint32_t count, uint32_t type,
                                      struct weir_ais *out)
{
	switch (type) {
	case 6:
		return READ(binary_addressed);
	case 7:
	case 13:
		return READ(acknowledge);
	case 8:
		return READ(binary_broadcast);
	case 9:
		return READ(aircraft);
	case 10:
		return READ(utc_inquiry);
	case 12:
		return READ(text_addressed);
	case 14:
		return READ(text_broadcast);
	case 15:
		return READ(interrogation);
	case 16:
		return READ(assignment);
	case 17:
		return READ(corrections);
	case 20:
		return READ(link_management);
	case 22:
		return ais_unsigned(bytes, 139, 1) ? READ(channel_addressed) : READ(channel_area);
	case 23:
		return READ(group_assignment);
	case 25:
		return READ(single_slot);
	case 26:
		return READ(multi_slot);
	case 28:
		return READ(aid_short);
	default:
		return WEIR_AIS_NONE;
	}
}

static enum weir_ais_layout read_fields(const uint8_t *bytes, uint32_t count, uint32_t type,
                                        struct weir_ais *out)
{
	switch (type) {
	case 1:
	case 2:
	case 3:
		return read_position_cut(bytes, count, out);
	case 4:
	case 11:
		return READ(base_station);
	case 5:
		return READ(static_a);
	case 18:
		return READ(position_b);
	case 19:
		return READ(extended_b);
	case 21:
		return READ(aid);
	case 24:
		if (ais_unsigned(bytes, HEADER_BITS, 2) == 0)
			return READ(static_b_name);
		if (ais_unsigned(bytes, HEADER_BITS, 2) == 1)
			return READ(static_b_details);
		return WEIR_AIS_NONE; /* parts 2 and 3 are not defined */
	case 27:
		return READ(long_range);
	default:
		return read_rare(bytes, count, type, out);
	}
}

static int refuse(enum weir_fault *fault, enum weir_fault reason)
{
	*fault = reason;
	return -EBADMSG;
}

int weir_ais_decode(struct weir_ais *out, const struct weir_bits *bits, enum weir_fault *fault)
{
	const uint8_t *bytes = bits->bytes;
	uint32_t count = bits->count;

	if (count < HEADER_BITS || count > WEIR_AIS_BITS_MAX)
		return refuse(fault, WEIR_FAULT_PAYLOAD);

	uint32_t type = ais_unsigned(bytes, 0, 6);
	uint32_t mmsi = ais_unsigned(bytes, 8, 30);
	bool known = type >= 1 && type < TYPES;

	if (known && (count < lengths[type].least || count > lengths[type].most ||
	              count < least_of_flags(bytes, type)))
		return refuse(fault, WEIR_FAULT_PAYLOAD);
	if (mmsi == 0 || mmsi > MMSI_MAX)
		return refuse(fault, WEIR_FAULT_IDENTITY);
	if (known && !position_is_valid(bytes, type))
		return refuse(fault, WEIR_FAULT_POSITION);

	out->type = (uint8_t)type;
	out->repeat = (uint8_t)ais_unsigned(bytes, 6, 2);
	out->mmsi = mmsi;
	out->layout = (uint8_t)(known ? read_fields(bytes, count, type, out) : WEIR_AIS_NONE);
	return out->layout == WEIR_AIS_NONE ? -EOPNOTSUPP : 0;
}
