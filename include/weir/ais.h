/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AIS messages: payload bits to fields, and fields to a report for detection. The way back, from fields
 * to bits and sentences, is <weir/encode.h>.
 *
 * The fields, with unit, range and 'not available' value, are in <weir/ais_fields.h>. They hold the
 * integers of the message as they came, so that nothing is lost; weir_ais_report() turns them into
 * the units of the world.
 *
 * Thread-safety: the functions keep no state.
 */
#ifndef WEIR_AIS_H
#define WEIR_AIS_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/fault.h>
#include <weir/report.h>

/* The longest payload: five slots (M.1371-5, annex 2, 3.2.2.1), 1,008 bits of data and 56 of header and
 * spare. */
#define WEIR_AIS_BITS_MAX 1064

/* De-armoured payload, most significant bit first. At least 16 readable bytes follow the last one; the
 * bits after count are zero. */
struct weir_bits {
	const uint8_t *bytes;
	uint32_t count;
};

/* Which member of struct weir_ais holds the fields. */
enum weir_ais_layout {
	WEIR_AIS_NONE, /* no decoder for the type */
#define AIS_BEGIN(layout) WEIR_AIS_LAYOUT_##layout,
#include <weir/ais_fields.h>
	WEIR_AIS_LAYOUTS
};

/* clang-format off */
#define AIS_BEGIN(layout) struct weir_ais_##layout {
#define AIS_UINT(type, name, bits) type name;
#define AIS_SINT(type, name, bits) type name;
#define AIS_FLAG(name) bool name;
#define AIS_TEXT(name, characters) char name[(characters) + 1];
#define AIS_TEXT_FIRST(name, characters, most) char name[(most) + 1];
#define AIS_TEXT_REST(name, most) char name[(most) + 1];
#define AIS_DATA_REST(name, most, tail) uint16_t name##_bits; uint8_t name[((most) + 7) / 8];
#define AIS_WHEN_UINT(flag, type, name, bits) type name;
#define AIS_ALSO_TEXT(name, characters) char name[(characters) + 1];
#define AIS_ALSO_UINT(type, name, ahead, bits) type name;
#define AIS_END(layout) };
/* clang-format on */
#include <weir/ais_fields.h>

struct weir_ais {
	uint8_t type;   /* 1 to 28; 0 to 63 where there is no decoder */
	uint8_t repeat; /* repeat indicator: 0 to 3 (do not repeat any more) */
	uint8_t layout; /* enum weir_ais_layout */
	uint32_t mmsi;  /* of the sender: 1 to 999,999,999 */
	union {
#define AIS_BEGIN(layout) struct weir_ais_##layout layout;
#include <weir/ais_fields.h>
	};
};

#define WEIR_LONGITUDE_NOT_AVAILABLE 108600000 /* 181 degrees, 1/10,000 minute */
#define WEIR_LATITUDE_NOT_AVAILABLE 54600000   /* 91 degrees, 1/10,000 minute */

/*
 * Decodes a complete message. Returns
 *  0            the layout says which member of the union is set;
 *  -EOPNOTSUPP  well formed, but there is no decoder for the type (type, repeat and mmsi are set);
 *  -EBADMSG     malformed, and *fault says why: WEIR_FAULT_PAYLOAD (a length that the type can't have),
 *               WEIR_FAULT_POSITION (|longitude| > 180 or |latitude| > 90, and not the 'not available'
 *               value), WEIR_FAULT_IDENTITY (MMSI 0 or above 999,999,999). *out is untouched.
 */
int weir_ais_decode(struct weir_ais *out, const struct weir_bits *bits, enum weir_fault *fault);

/*
 * What the message says about its sender, in the units of rules and events. Every message gives one; a
 * message of no use for detection gives one with an empty has. What is 'not available', reserved or out
 * of range has no bit in has.
 */
void weir_ais_report(const struct weir_ais *ais, struct weir_report *report);

/* A field whose value is reserved for later or out of range, by its name in <weir/ais_fields.h>, as it came.
 */
struct weir_reserved {
	const char *name;
	uint32_t value;
};

#define WEIR_AIS_RESERVED_MAX 6

/*
 * The fields of a message whose values are reserved or out of range: navigational status, course, heading,
 * special manoeuvre, date and time, IMO number, ship type, kind of position fixing device, mode of messages
 * 22 and 23. Returns how many. Such a value makes no message malformed; a position out of range does, and
 * never gets here.
 */
uint32_t weir_ais_reserved(const struct weir_ais *ais, struct weir_reserved out[WEIR_AIS_RESERVED_MAX]);

/* True for the MMSI of an auxiliary craft, 98xxxxxxx, whose message 24 B names its mother ship. */
static inline bool weir_mmsi_is_auxiliary(uint32_t mmsi)
{
	return mmsi / 10000000 == 98;
}

/* The mother ship's MMSI: the 30 bits that are dimensions in the message 24 B of other craft. */
static inline uint32_t weir_ais_mothership(const struct weir_ais_static_b_details *details)
{
	return (uint32_t)details->to_bow << 21 | (uint32_t)details->to_stern << 12 |
	       (uint32_t)details->to_port << 6 | details->to_starboard;
}

#endif
