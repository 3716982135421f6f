/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be dropped at a glance: the plain sentence of sentence.h with a report that is outside, of a
 * device that nobody has an eye on. Nearly all that is dropped is of this kind, so nothing here is done that
 * the answer can do without: of the position the bits that the area has, of the MMSI its characters as they
 * are. Says yes or no; where it is no, the general way finds out why.
 */
#ifndef WEIR_BPF_GLANCE_H
#define WEIR_BPF_GLANCE_H

#include "sentence.h"

/*
 * The eight characters that begin a few bits before the longitude and hold, of that and of the latitude, more
 * than the area's bits: by how many bits in words of characters they begin behind the ninth character, and
 * plus how many bits there are more before the longitude than in types 1 to 3, where they begin 16 behind. 0:
 * not a type for a glance.
 */
static const __u8 glance_shift[64] = {
        [9] = 16,
        [4] = 40,
        [11] = 40,
        [18] = 8 + 2,
};

/* Does what the first characters say keep the report from being dropped, or may it? Errs on the safe side. */
static __always_inline int glance_is_special(__u64 values, __u64 device)
{
	/* The uppermost bits of an MMSI from 939,524,096 on, among which are those of distress, or no MMSI.
	 */
	__u32 status = (__u32)(values >> 48);

	OPAQUE(status); /* else the compiler takes words of 64 bits for the comparison */
	return (values & 0x0e00) == 0x0e00 || !device || (status & 0xf) == DISTRESS_STATUS;
}

/* Is anything known of the device, or of all of them, for which the report might matter? */
static __always_inline int glance_is_present(const struct weir_prefilter_shared *shared, __u64 device)
{
	/* `hold` and `observe` at once. */
	return (presence_at(shared, weir_presence_hash(device)) | load8(&shared->hold)) != 0;
}

/* Is the position in the area, or where it has to be looked at more closely? */
static __always_inline int glance_covers(const struct weir_prefilter_shared *shared, __u64 halves)
{
	/* From the second column and row on, as the outermost reach beyond 180 degrees and the poles. */
	__u32 x = (__u32)((__s64)(halves << 3) >> 49) + (WEIR_AREA_COLUMNS / 2 * 64 - 1);
	__u32 y = (__u32)((__s32)((__u32)halves << 7) >> 18) + (WEIR_AREA_ROWS / 2 * 64 - 1);

	OPAQUE(x); /* the verifier is to know that what is compared is what is used */
	OPAQUE(y);
	if (x >= WEIR_AREA_COLUMNS * 64 - 2 || y >= WEIR_AREA_ROWS * 64 - 2)
		return 1;
	return area_covers(shared, x + 1, y + 1);
}

/* 47 bytes of the text are readable. */
static __always_inline int is_outside_at_a_glance(const struct weir_prefilter_shared *shared,
                                                  const __u8 *text)
{
	struct armour_check check = {0, 0};

	if (!is_plain_form(text) || !is_plain_checksum(text))
		return 0;
	__u64 first = armour_values(&check, load8(text + 14));
	__u64 device = first & WEIR_SPREAD_MMSI;
	if (glance_is_special(first, device) || glance_is_present(shared, device))
		return 0;
	__u64 second = armour_values(&check, load8(text + 22));
	__u64 third = armour_values(&check, load8(text + 30));
	armour_values(&check, load8(text + 34)); /* the last four and four of those before */
	if (!armour_is_legal(&check))
		return 0;

	__u32 type = (__u32)first & 0x3f;
	if (type - 1 < 3)
		return !glance_covers(shared, join_halves(second >> 16 | third << 48));
	__u32 shift = glance_shift[type];
	if (!shift)
		return 0;
	__u64 values = second >> (shift & 0x38) | third << (64 - (shift & 0x38));
	return !glance_covers(shared, join_halves(values) << (shift & 7));
}

#endif
