/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random application specific messages out of their table of fields, and their comparison.
 */
#ifndef WEIR_TESTS_ASM_RANDOM_H
#define WEIR_TESTS_ASM_RANDOM_H

#include <weir/asm.h>

#include "ais_random.h"

/* clang-format off */
#define AIS_BEGIN(layout)                                                                                    \
	static inline void asm_random_##layout(struct ais_random *random, struct weir_asm_##layout *out)     \
	{                                                                                                    \
		memset(out, 0, sizeof(*out));
#define AIS_UINT(type, name, bits) out->name = (type)ais_random_bits(random, bits);
#define AIS_SINT(type, name, bits) out->name = (type)ais_random_signed(random, bits);
#define AIS_FLAG(name) out->name = ais_random_below(random, 2) != 0;
#define AIS_TEXT(name, characters) ais_random_text(random, out->name, characters);
#define AIS_TEXT_REST(name, most) ais_random_text(random, out->name, (most) > 140 ? 140 : (most));
#define AIS_ARRAY(layout, name, most, bits)                                                                  \
	out->name##_count = (uint8_t)ais_random_below(random, ((most) * (bits) > 840 ? 840 / (bits) : (most)) + 1); \
	for (uint32_t i = 0; i < out->name##_count; i++)                                                     \
		asm_random_##layout(random, &out->name[i]);
#define AIS_COUNTED(layout, name, count, most, bits)                                                         \
	AIS_ARRAY(layout, name, most, bits)                                                                  \
	out->count = out->name##_count;
#define AIS_END(layout) }
/* clang-format on */
#include <weir/asm_fields.h>

static const struct asm_application {
	uint8_t type;
	uint16_t dac;
	uint8_t fid, layout;
} asm_applications[] = {
        {6, 1, 0, WEIR_ASM_LAYOUT_text},
        {8, 1, 0, WEIR_ASM_LAYOUT_text},
        {6, 1, 2, WEIR_ASM_LAYOUT_capability_request},
        {8, 1, 11, WEIR_ASM_LAYOUT_weather_236},
        {6, 1, 12, WEIR_ASM_LAYOUT_cargo_236},
        {8, 1, 13, WEIR_ASM_LAYOUT_fairway_closed},
        {6, 1, 14, WEIR_ASM_LAYOUT_tidal_window_236},
        {6, 1, 15, WEIR_ASM_LAYOUT_air_draught},
        {8, 1, 15, WEIR_ASM_LAYOUT_air_draught},
        {6, 1, 16, WEIR_ASM_LAYOUT_persons},
        {8, 1, 16, WEIR_ASM_LAYOUT_vts_targets},
        {8, 1, 17, WEIR_ASM_LAYOUT_vts_targets},
        {6, 1, 18, WEIR_ASM_LAYOUT_clearance},
        {8, 1, 19, WEIR_ASM_LAYOUT_traffic_signal},
        {6, 1, 20, WEIR_ASM_LAYOUT_berthing},
        {8, 1, 21, WEIR_ASM_LAYOUT_ship_weather},
        {8, 1, 22, WEIR_ASM_LAYOUT_area_notice},
        {6, 1, 23, WEIR_ASM_LAYOUT_area_notice},
        {8, 1, 24, WEIR_ASM_LAYOUT_extended_static},
        {6, 1, 25, WEIR_ASM_LAYOUT_dangerous_cargo},
        {8, 1, 26, WEIR_ASM_LAYOUT_environmental},
        {8, 1, 27, WEIR_ASM_LAYOUT_route},
        {6, 1, 28, WEIR_ASM_LAYOUT_route},
        {8, 1, 29, WEIR_ASM_LAYOUT_description},
        {6, 1, 30, WEIR_ASM_LAYOUT_description},
        {8, 1, 31, WEIR_ASM_LAYOUT_weather_289},
        {6, 1, 32, WEIR_ASM_LAYOUT_tidal_window},
        {6, 1, 40, WEIR_ASM_LAYOUT_persons},
        {8, 200, 10, WEIR_ASM_LAYOUT_inland_static},
        {6, 200, 21, WEIR_ASM_LAYOUT_inland_eta},
        {6, 200, 22, WEIR_ASM_LAYOUT_inland_rta},
        {8, 200, 23, WEIR_ASM_LAYOUT_inland_warning},
        {8, 200, 24, WEIR_ASM_LAYOUT_inland_levels},
        {8, 200, 40, WEIR_ASM_LAYOUT_inland_signal},
        {6, 200, 55, WEIR_ASM_LAYOUT_inland_persons},
        {6, 235, 10, WEIR_ASM_LAYOUT_aid_monitoring},
        {6, 250, 10, WEIR_ASM_LAYOUT_aid_monitoring},
        {8, 316, 1, WEIR_ASM_LAYOUT_seaway_weathers},
        {8, 316, 1, WEIR_ASM_LAYOUT_seaway_winds},
        {8, 366, 1, WEIR_ASM_LAYOUT_seaway_levels},
        {8, 366, 1, WEIR_ASM_LAYOUT_seaway_flows},
        {8, 367, 33, WEIR_ASM_LAYOUT_environmental},
};

#define ASM_APPLICATIONS (sizeof(asm_applications) / sizeof(asm_applications[0]))

/* What a layout says of itself, and what its length asks for. */
static inline void asm_random_fixed(struct ais_random *random, struct weir_asm *out)
{
	switch (out->layout) {
	case WEIR_ASM_LAYOUT_vts_targets:
		for (uint32_t i = 0; i < out->vts_targets.targets_count; i++)
			if (out->vts_targets.targets[i].id_type < 2)
				out->vts_targets.targets[i].prefix = 0;
		break;
	case WEIR_ASM_LAYOUT_inland_levels:
		out->inland_levels.gauges_count = 4;
		for (uint32_t i = 0; i < 4; i++)
			asm_random_gauge(random, &out->inland_levels.gauges[i]);
		break;
	case WEIR_ASM_LAYOUT_seaway_weathers:
		out->seaway_weathers.message = 1;
		break;
	case WEIR_ASM_LAYOUT_seaway_winds:
		out->seaway_winds.message = 2;
		break;
	case WEIR_ASM_LAYOUT_seaway_levels:
		out->seaway_levels.message = 3;
		break;
	case WEIR_ASM_LAYOUT_seaway_flows:
		out->seaway_flows.message = 6;
		break;
	default:
		break;
	}
}

/* A random application, and the message that carries it. */
static inline int asm_random_message(struct ais_random *random, const struct asm_application *application,
                                     struct weir_asm *out, struct weir_ais *ais)
{
	ais_random_message(random, application->type, ais);
	memset(out, 0, sizeof(*out));
	out->dac = application->dac;
	out->fid = application->fid;
	out->layout = application->layout;
	switch (out->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_ASM_LAYOUT_##layout:                                                                       \
		asm_random_##layout(random, &out->layout);                                                   \
		break;
#include <weir/asm_fields.h>
	default:
		break;
	}
	asm_random_fixed(random, out);
	return weir_asm_encode(out, ais);
}

/* The name of the first field that differs, NULL where there is none. Second readings are not compared. */
/* clang-format off */
#define AIS_BEGIN(layout)                                                                                    \
	static inline const char *asm_difference_##layout(const struct weir_asm_##layout *a,                 \
	                                                  const struct weir_asm_##layout *b)                 \
	{
#define AIS_UINT(type, name, bits) AIS_DIFFERENT(name)
#define AIS_SINT(type, name, bits) AIS_DIFFERENT(name)
#define AIS_FLAG(name) AIS_DIFFERENT(name)
#define AIS_TEXT(name, characters) AIS_DIFFERENT(name)
#define AIS_TEXT_REST(name, most) AIS_DIFFERENT(name)
#define AIS_ARRAY(layout, name, most, bits)                                                                  \
	AIS_DIFFERENT(name##_count)                                                                          \
	for (uint32_t i = 0; i < a->name##_count; i++)                                                       \
		if (asm_difference_##layout(&a->name[i], &b->name[i]) != NULL)                               \
			return #name;
#define AIS_COUNTED(layout, name, count, most, bits) AIS_ARRAY(layout, name, most, bits)
#define AIS_END(layout) return NULL; }
/* clang-format on */
#include <weir/asm_fields.h>

static inline const char *asm_difference(const struct weir_asm *a, const struct weir_asm *b)
{
	if (a->layout != b->layout || a->dac != b->dac || a->fid != b->fid)
		return "layout";
	switch (a->layout) {
#define AIS_BEGIN(layout)                                                                                    \
	case WEIR_ASM_LAYOUT_##layout:                                                                       \
		return asm_difference_##layout(&a->layout, &b->layout);
#include <weir/asm_fields.h>
	default:
		return NULL;
	}
}

#endif
