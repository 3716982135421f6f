/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Application specific messages: what the data of the binary messages 6, 8, 25 and 26 says. They are decoded
 * on demand: struct weir_ais keeps the data as it came, so that nothing is lost where the application is
 * unknown.
 *
 *     struct weir_asm application;
 *     if (weir_asm_decode(&application, &ais) == 0 && application.layout == WEIR_ASM_LAYOUT_weather_289)
 *             ... application.weather_289.wind_speed ...
 *
 * The fields, with unit, range and 'not available' value, are in <weir/asm_fields.h>.
 *
 * Thread-safety: the functions keep no state.
 */
#ifndef WEIR_ASM_H
#define WEIR_ASM_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/ais.h>

/* Which member of struct weir_asm holds the fields. The elements of the others have a layout too, that no
 * message has. */
enum weir_asm_layout {
	WEIR_ASM_NONE,
#define AIS_BEGIN(layout) WEIR_ASM_LAYOUT_##layout,
#include <weir/asm_fields.h>
	WEIR_ASM_LAYOUTS
};

/* clang-format off */
#define AIS_BEGIN(layout) struct weir_asm_##layout {
#define AIS_UINT(type, name, bits) type name;
#define AIS_SINT(type, name, bits) type name;
#define AIS_FLAG(name) bool name;
#define AIS_TEXT(name, characters) char name[(characters) + 1];
#define AIS_TEXT_REST(name, most) char name[(most) + 1];
#define AIS_ALSO_TEXT(name, characters) char name[(characters) + 1];
#define AIS_ALSO_UINT(type, name, ahead, bits) type name;
#define AIS_ARRAY(layout, name, most, bits) uint8_t name##_count; struct weir_asm_##layout name[most];
#define AIS_COUNTED(layout, name, count, most, bits) AIS_ARRAY(layout, name, most, bits)
#define AIS_END(layout) };
/* clang-format on */
#include <weir/asm_fields.h>

struct weir_asm {
	uint8_t layout; /* enum weir_asm_layout */
	bool truncated; /* the data ends before the fields do; those beyond are zero, which nobody sent */
	uint16_t dac;   /* designated area code, 0 to 1,023 */
	uint8_t fid;    /* function identifier, 0 to 63 */
	union {
#define AIS_BEGIN(layout) struct weir_asm_##layout layout;
#include <weir/asm_fields.h>
	};
};

/*
 * Decodes the data of a message 6, 8, 25 or 26. Returns 0; -EOPNOTSUPP where the application is unknown, or
 * has a length that it can't have; -EINVAL where the message carries none. *out is untouched then.
 */
int weir_asm_decode(struct weir_asm *out, const struct weir_ais *ais);

/*
 * Writes the application's data into a message 6 or 8 whose layout is set already, with dac and fid. Returns
 * 0; -EINVAL where the message or the application has no fit layout; -ENOBUFS where the data is too long.
 */
int weir_asm_encode(const struct weir_asm *application, struct weir_ais *ais);

#endif
