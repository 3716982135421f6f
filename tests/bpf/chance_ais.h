/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random AIS messages, as bits: all types, the lengths that they have on the air and others, positions and
 * identities at their limits.
 */
#ifndef WEIR_TESTS_CHANCE_AIS_H
#define WEIR_TESTS_CHANCE_AIS_H

#include "chance.h"
#include "frames.h"

static inline uint32_t chance_type(struct chance *chance)
{
	static const uint8_t usual[] = {1, 1, 1, 2, 3, 3, 18, 18, 4, 9, 11, 17, 19, 21, 27, 28, 5, 24, 14, 8};

	if (chance_one_in(chance, 20))
		return chance_below(chance, 64);
	return CHANCE_OF(chance, usual);
}

static inline uint32_t chance_length(struct chance *chance, uint32_t type)
{
	static const uint16_t nominal[64] = {
	        [5] = 424, [17] = 128, [19] = 312, [21] = 272, [24] = 160, [27] = 96, [8] = 120, [14] = 120};
	static const uint16_t odd[] = {144, 148, 149, 150, 162, 163, 167, 169,
	                               186, 204, 205, 210, 40,  80,  96,  36};

	if (chance_one_in(chance, 15))
		return CHANCE_OF(chance, odd);
	if (chance_one_in(chance, 30))
		return 6 + chance_below(chance, 420);
	if (chance_one_in(chance, 100))
		return 300 + chance_below(chance, 700);
	return nominal[type] ? nominal[type] : 168;
}

static inline void chance_payload(struct chance *chance, struct payload *payload)
{
	uint32_t type = chance_type(chance), mmsi = chance_mmsi(chance);
	uint32_t length = chance_length(chance, type);
	int32_t longitude, latitude;

	chance_position(chance, mmsi, &longitude, &latitude);
	if (type == 17 || type == 27) {
		longitude /= 1000;
		latitude /= 1000;
	}
	make_report(payload, length, type, mmsi, longitude, latitude);
	if (chance_one_in(chance, 2)) /* a second that differs, so that not all are duplicates */
		set_bits_of(payload, 128, 15, chance_below(chance, 32768));
	if (type <= 3 && chance_one_in(chance, 50))
		set_bits_of(payload, 38, 4, 14);
	if (type == 27 && chance_one_in(chance, 50))
		set_bits_of(payload, 40, 4, 14);
	if (chance_one_in(chance, 20))
		for (uint32_t i = 38; i < length; i++)
			payload->bits[i] = (uint8_t)chance_below(chance, 2);
}

#endif
