/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The data of binary messages to fields, by <weir/asm_fields.h>. These messages are rare: the table becomes
 * one function a layout, and is not tuned.
 */
#include <weir/asm.h>

#include <errno.h>

#include "decode/ais_bits.h"

/* The longest data, message 8's, with what the windows of the reading functions want behind it. */
#define DATA_BYTES (1008 / 8 + 64)

/* clang-format off */
#define AIS_BEGIN(layout)                                                                                    \
	static void read_##layout(const uint8_t *bytes, uint32_t count, uint32_t *cursor,                    \
	                          struct weir_asm_##layout *out)                                             \
	{                                                                                                    \
		uint32_t at = *cursor;                                                                       \
		bool here = true;                                                                            \
		(void)count; (void)here; (void)bytes; (void)out;
#define AIS_END(layout) *cursor = at; }
/* clang-format on */
#include "decode/ais_rows_read.h"
#include <weir/asm_fields.h>

enum {
	ADDRESSED = 1,
	BROADCAST = 2,
	BOTH = 3,
};

struct application {
	uint16_t dac;
	uint8_t fid;
	uint8_t kind;
	uint8_t layout;
	uint16_t bits; /* the data has exactly so many; 0: any number, what is missing is zero */
};

/*
 * An exact length guards those numbers that others use for something else. What is on the air of the
 * others is cut off often enough that the fields which did come are worth having.
 */
static const struct application applications[] = {
        {1, 0, BOTH, WEIR_ASM_LAYOUT_text, 0},
        {1, 2, ADDRESSED, WEIR_ASM_LAYOUT_capability_request, 16},
        {1, 3, ADDRESSED, WEIR_ASM_LAYOUT_capability_request, 16},
        {1, 11, BROADCAST, WEIR_ASM_LAYOUT_weather_236, 0},
        {1, 12, ADDRESSED, WEIR_ASM_LAYOUT_cargo_236, 0},
        {1, 13, BROADCAST, WEIR_ASM_LAYOUT_fairway_closed, 0},
        {1, 14, ADDRESSED, WEIR_ASM_LAYOUT_tidal_window_236, 0},
        {1, 15, BOTH, WEIR_ASM_LAYOUT_air_draught, 0},
        {1, 16, ADDRESSED, WEIR_ASM_LAYOUT_persons, 0},
        {1, 16, BROADCAST, WEIR_ASM_LAYOUT_vts_targets, 0},
        {1, 17, BROADCAST, WEIR_ASM_LAYOUT_vts_targets, 0},
        {1, 18, ADDRESSED, WEIR_ASM_LAYOUT_clearance, 0},
        {1, 19, BROADCAST, WEIR_ASM_LAYOUT_traffic_signal, 0},
        {1, 20, ADDRESSED, WEIR_ASM_LAYOUT_berthing, 0},
        {1, 21, BROADCAST, WEIR_ASM_LAYOUT_ship_weather, 304},
        {1, 22, BROADCAST, WEIR_ASM_LAYOUT_area_notice, 0},
        {1, 23, ADDRESSED, WEIR_ASM_LAYOUT_area_notice, 0},
        {1, 24, BROADCAST, WEIR_ASM_LAYOUT_extended_static, 304},
        {1, 25, BOTH, WEIR_ASM_LAYOUT_dangerous_cargo, 0},
        {1, 26, BROADCAST, WEIR_ASM_LAYOUT_environmental, 0},
        {1, 27, BROADCAST, WEIR_ASM_LAYOUT_route, 0},
        {1, 28, ADDRESSED, WEIR_ASM_LAYOUT_route, 0},
        {1, 29, BROADCAST, WEIR_ASM_LAYOUT_description, 0},
        {1, 30, ADDRESSED, WEIR_ASM_LAYOUT_description, 0},
        {1, 31, BROADCAST, WEIR_ASM_LAYOUT_weather_289, 0},
        {1, 32, ADDRESSED, WEIR_ASM_LAYOUT_tidal_window, 0},
        {1, 40, ADDRESSED, WEIR_ASM_LAYOUT_persons, 0},
        {200, 10, BROADCAST, WEIR_ASM_LAYOUT_inland_static, 112},
        {200, 21, ADDRESSED, WEIR_ASM_LAYOUT_inland_eta, 160},
        {200, 22, ADDRESSED, WEIR_ASM_LAYOUT_inland_rta, 144},
        {200, 23, BROADCAST, WEIR_ASM_LAYOUT_inland_warning, 200},
        {200, 24, BROADCAST, WEIR_ASM_LAYOUT_inland_levels, 112},
        {200, 40, BROADCAST, WEIR_ASM_LAYOUT_inland_signal, 112},
        {200, 55, BOTH, WEIR_ASM_LAYOUT_inland_persons, 80},
        {235, 10, BOTH, WEIR_ASM_LAYOUT_aid_monitoring, 48},
        {250, 10, BOTH, WEIR_ASM_LAYOUT_aid_monitoring, 48},
        {367, 33, BROADCAST, WEIR_ASM_LAYOUT_environmental, 0},
};

/* The Seaway's messages name their layout in their first byte. */
static uint8_t seaway_layout(const uint8_t *bytes)
{
	switch (ais_unsigned(bytes, 2, 6)) {
	case 1:
		return WEIR_ASM_LAYOUT_seaway_weathers;
	case 2:
		return WEIR_ASM_LAYOUT_seaway_winds;
	case 3:
		return WEIR_ASM_LAYOUT_seaway_levels;
	case 6:
		return WEIR_ASM_LAYOUT_seaway_flows;
	default:
		return WEIR_ASM_NONE;
	}
}

static uint8_t find_layout(uint16_t dac, uint8_t fid, uint8_t kind, const uint8_t *bytes, uint32_t count)
{
	if ((dac == 316 || dac == 366) && fid == 1)
		return seaway_layout(bytes);
	for (size_t i = 0; i < sizeof(applications) / sizeof(applications[0]); i++) {
		const struct application *application = &applications[i];

		if (application->dac == dac && application->fid == fid && (application->kind & kind) != 0 &&
		    (application->bits == 0 || application->bits == count))
			return application->layout;
	}
	return WEIR_ASM_NONE;
}

/* Returns where the fields end. */
static uint32_t read_layout(struct weir_asm *out, const uint8_t *bytes, uint32_t count)
{
	uint32_t at = 0;

	switch (out->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_ASM_LAYOUT_##layout:                                                                       \
		read_##layout(bytes, count, &at, &out->layout);                                              \
		break;
#include <weir/asm_fields.h>
	default:
		break;
	}
	return at;
}

/* What a message carries: its data, and what names the application. */
struct content {
	const uint8_t *data;
	uint32_t bits;
	uint16_t dac;
	uint8_t fid, kind;
};

static int find_content(const struct weir_ais *ais, struct content *content)
{
	uint16_t application;

	switch (ais->layout) {
	case WEIR_AIS_LAYOUT_binary_addressed:
		*content = (struct content){ais->binary_addressed.data, ais->binary_addressed.data_bits,
		                            ais->binary_addressed.dac, ais->binary_addressed.fid, ADDRESSED};
		return 0;
	case WEIR_AIS_LAYOUT_binary_broadcast:
		*content = (struct content){ais->binary_broadcast.data, ais->binary_broadcast.data_bits,
		                            ais->binary_broadcast.dac, ais->binary_broadcast.fid, BROADCAST};
		return 0;
	case WEIR_AIS_LAYOUT_single_slot:
		if (!ais->single_slot.structured)
			return -EINVAL;
		application = ais->single_slot.application;
		*content = (struct content){ais->single_slot.data, ais->single_slot.data_bits,
		                            application >> 6, application & 63,
		                            ais->single_slot.addressed ? ADDRESSED : BROADCAST};
		return 0;
	case WEIR_AIS_LAYOUT_multi_slot:
		if (!ais->multi_slot.structured)
			return -EINVAL;
		application = ais->multi_slot.application;
		*content =
		        (struct content){ais->multi_slot.data, ais->multi_slot.data_bits, application >> 6,
		                         application & 63, ais->multi_slot.addressed ? ADDRESSED : BROADCAST};
		return 0;
	default:
		return -EINVAL;
	}
}

int weir_asm_decode(struct weir_asm *out, const struct weir_ais *ais)
{
	uint8_t bytes[DATA_BYTES] = {0};
	struct content content;

	if (find_content(ais, &content) != 0)
		return -EINVAL;
	memcpy(bytes, content.data, (content.bits + 7) / 8);
	uint8_t layout = find_layout(content.dac, content.fid, content.kind, bytes, content.bits);
	if (layout == WEIR_ASM_NONE)
		return -EOPNOTSUPP;
	out->dac = content.dac;
	out->fid = content.fid;
	out->layout = layout;
	out->truncated = read_layout(out, bytes, content.bits) > content.bits;
	return 0;
}
