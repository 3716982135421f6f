/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields to payload bits: the table <weir/ais_fields.h> read the other way. It does not check what a value
 * means: tests and simulations send what no station should.
 */
#include <weir/encode.h>

#include <errno.h>
#include <string.h>

#include "decode/encode_writer.h"

/* clang-format off */
#define AIS_BEGIN(layout)                                                                                    \
	static void write_##layout(struct writer *writer, const struct weir_ais_##layout *in)                \
	{
#define AIS_END(layout)                                                                                      \
		if (writer->length == 0 || writer->last_one > writer->optional)                                                  \
			writer->length = writer->at;                                                         \
	}
/* clang-format on */
#include "decode/encode_rows.h"
#include <weir/ais_fields.h>

static int write_fields(struct writer *writer, const struct weir_ais *ais)
{
	switch (ais->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_AIS_LAYOUT_##layout:                                                                       \
		write_##layout(writer, &ais->layout);                                                        \
		return 0;
#include <weir/ais_fields.h>
	default:
		return -EINVAL;
	}
}

/* The layouts that a type can have; those with two are told apart by a field that the layout fixes. */
static bool type_fits(uint8_t type, uint8_t layout)
{
	static const uint8_t fits[29][2] = {
	        [1] = {WEIR_AIS_LAYOUT_position_a},
	        [2] = {WEIR_AIS_LAYOUT_position_a},
	        [3] = {WEIR_AIS_LAYOUT_position_a},
	        [4] = {WEIR_AIS_LAYOUT_base_station},
	        [5] = {WEIR_AIS_LAYOUT_static_a},
	        [6] = {WEIR_AIS_LAYOUT_binary_addressed},
	        [7] = {WEIR_AIS_LAYOUT_acknowledge},
	        [8] = {WEIR_AIS_LAYOUT_binary_broadcast},
	        [9] = {WEIR_AIS_LAYOUT_aircraft},
	        [10] = {WEIR_AIS_LAYOUT_utc_inquiry},
	        [11] = {WEIR_AIS_LAYOUT_base_station},
	        [12] = {WEIR_AIS_LAYOUT_text_addressed},
	        [13] = {WEIR_AIS_LAYOUT_acknowledge},
	        [14] = {WEIR_AIS_LAYOUT_text_broadcast},
	        [15] = {WEIR_AIS_LAYOUT_interrogation},
	        [16] = {WEIR_AIS_LAYOUT_assignment},
	        [17] = {WEIR_AIS_LAYOUT_corrections},
	        [18] = {WEIR_AIS_LAYOUT_position_b},
	        [19] = {WEIR_AIS_LAYOUT_extended_b},
	        [20] = {WEIR_AIS_LAYOUT_link_management},
	        [21] = {WEIR_AIS_LAYOUT_aid},
	        [22] = {WEIR_AIS_LAYOUT_channel_area, WEIR_AIS_LAYOUT_channel_addressed},
	        [23] = {WEIR_AIS_LAYOUT_group_assignment},
	        [24] = {WEIR_AIS_LAYOUT_static_b_name, WEIR_AIS_LAYOUT_static_b_details},
	        [25] = {WEIR_AIS_LAYOUT_single_slot},
	        [26] = {WEIR_AIS_LAYOUT_multi_slot},
	        [27] = {WEIR_AIS_LAYOUT_long_range},
	        [28] = {WEIR_AIS_LAYOUT_aid_short},
	};

	return layout != WEIR_AIS_NONE && type < sizeof(fits) / sizeof(fits[0]) &&
	       (fits[type][0] == layout || fits[type][1] == layout);
}

static void fix_variant(struct weir_ais *ais)
{
	if (ais->layout == WEIR_AIS_LAYOUT_static_b_name)
		ais->static_b_name.part = 0;
	else if (ais->layout == WEIR_AIS_LAYOUT_static_b_details)
		ais->static_b_details.part = 1;
	else if (ais->layout == WEIR_AIS_LAYOUT_channel_area)
		ais->channel_area.addressed = false;
	else if (ais->layout == WEIR_AIS_LAYOUT_channel_addressed)
		ais->channel_addressed.addressed = true;
}

int weir_ais_encode(const struct weir_ais *ais, uint8_t *bits, size_t size_bytes, uint32_t *bit_count)
{
	uint8_t message[WEIR_AIS_BYTES_MAX] = {0};
	struct writer writer = {.bits = message, .room = WEIR_AIS_BITS_MAX};
	struct weir_ais fixed = *ais;

	if (!type_fits(ais->type, ais->layout))
		return -EINVAL;
	fix_variant(&fixed);
	put(&writer, fixed.type, 6);
	put(&writer, fixed.repeat, 2);
	put(&writer, fixed.mmsi, 30);
	write_fields(&writer, &fixed);
	if (writer.length > WEIR_AIS_BITS_MAX || (writer.length + 7) / 8 > size_bytes)
		return -ENOBUFS;

	memset(bits, 0, size_bytes);
	memcpy(bits, message, size_bytes < sizeof(message) ? size_bytes : sizeof(message));
	*bit_count = writer.length;
	return 0;
}
