/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chance, reproducible from a seed, and what all random input is made from: devices that come and go, where
 * they are, what time it is. Knows no text; see chance_lines.h and chance_stream.h.
 */
#ifndef WEIR_TESTS_CHANCE_H
#define WEIR_TESTS_CHANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <weir/area.h>

struct chance {
	uint64_t state;
	/* Corners of boxes, in 1/10,000 minute, around which positions are thrown. */
	int32_t (*corners)[2];
	uint32_t corner_count;
	int64_t time_s; /* what TAG blocks and the like say */
	bool lies;      /* some are a day off */
	bool rough;     /* much of that after which the kernel drops nothing for some seconds */
	bool gps;       /* GPS sentences mostly */
};

#define CHANCE_DEGREE 600000 /* 1/10,000 minute */
#define CHANCE_HALF_TURN (180 * CHANCE_DEGREE)

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t chance_mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static inline uint64_t chance_next(struct chance *chance)
{
	return chance_mix(chance->state += 0x9e3779b97f4a7c15);
}

static inline uint32_t chance_below(struct chance *chance, uint32_t limit)
{
	return (uint32_t)(chance_next(chance) >> 32) % limit;
}

static inline bool chance_one_in(struct chance *chance, uint32_t n)
{
	return chance_below(chance, n) == 0;
}

/* -spread to spread. */
static inline int32_t chance_within(struct chance *chance, int32_t spread)
{
	return (int32_t)chance_below(chance, 2 * (uint32_t)spread + 1) - spread;
}

#define CHANCE_OF(chance, list) ((list)[chance_below((chance), sizeof(list) / sizeof((list)[0]))])

/*
 * Of 660 ships on the air, of which one leaves and another comes every two seconds, and sixty are heard
 * often; a distress beacon now and then, an impossible number seldom.
 */
static inline uint32_t chance_mmsi(struct chance *chance)
{
	static const uint32_t odd[] = {0,         1,         999999999, 1000000000, 970000001, 972999999,
	                               974123456, 969999999, 971000000, 973000000,  975000000, 1073741823};

	if (chance_one_in(chance, 60))
		return CHANCE_OF(chance, odd);
	uint32_t ship = chance_one_in(chance, 2) ? (uint32_t)(chance->time_s / 20) + chance_below(chance, 60)
	                                         : (uint32_t)(chance->time_s / 2) + chance_below(chance, 600);
	return 200000000 + 7919 * (ship % 60000);
}

/* What a clock says: the time, or somewhat or much off. */
static inline int64_t chance_time_s(struct chance *chance)
{
	if (chance->lies && chance_one_in(chance, 10))
		return chance->time_s + (chance_one_in(chance, 2) ? 86400 : -86400);
	return chance->time_s + (chance_one_in(chance, 8) ? chance_within(chance, 15) : 0);
}

/* A place on an edge of the area, or on one of its bits, or on the last meridian. */
static inline void chance_edge(struct chance *chance, uint64_t device, int32_t *longitude, int32_t *latitude)
{
	uint32_t home = (uint32_t)(device % chance->corner_count);

	*longitude = chance->corners[home][0];
	*latitude = chance->corners[home][1];
	if (chance_one_in(chance, 5) && home / 2 * 2 + 1 < chance->corner_count) /* along the edge */
		*latitude = chance->corners[home ^ 1][1] / 2 + *latitude / 2;
	if (chance_one_in(chance, 8))
		*longitude = *longitude / WEIR_UNITS_PER_BIT * WEIR_UNITS_PER_BIT;
	if (chance_one_in(chance, 8))
		*latitude = *latitude / WEIR_UNITS_PER_BIT * WEIR_UNITS_PER_BIT;
	if (abs(*longitude) > 179 * CHANCE_DEGREE && chance_one_in(chance, 2))
		*longitude = *longitude > 0 ? CHANCE_HALF_TURN : -CHANCE_HALF_TURN;
}

/*
 * Where a device is. Each has its ways: to stay within a metre of an edge, to go to and fro over one, to be
 * somewhere near, or, half of them, far off most of the time.
 */
static inline void chance_position(struct chance *chance, uint64_t device, int32_t *longitude,
                                   int32_t *latitude)
{
	static const int32_t odd[] = {0,         108000000, 108000001,  -108000000, -108000001, 108600000,
	                              108599999, 107999999, -107999999, 54000000,   54000001,   -54000000,
	                              -54000001, 54600000,  53999999,   134217727,  -134217728, 67108863,
	                              -67108864, 1,         -1};
	uint64_t ways = chance_mix(device);

	chance_edge(chance, ways >> 16, longitude, latitude);
	switch (chance_one_in(chance, 40) ? chance_below(chance, 8) : ways % 8) {
	case 0:
	case 1:
		*longitude += chance_within(chance, 3);
		*latitude += chance_within(chance, 3);
		break;
	case 2:
		*longitude += (int32_t)((chance->time_s + (int64_t)(ways >> 32 & 1023)) % 1200 - 600) * 60;
		*latitude += chance_within(chance, 20000);
		break;
	case 3:
		*longitude += chance_within(chance, 4 * CHANCE_DEGREE);
		*latitude += chance_within(chance, 4 * CHANCE_DEGREE);
		break;
	default:
		*longitude = chance_within(chance, CHANCE_HALF_TURN);
		*latitude = chance_within(chance, CHANCE_HALF_TURN / 2);
	}
	if (abs(*longitude) > CHANCE_HALF_TURN && !chance_one_in(chance, 10))
		*longitude -= *longitude > 0 ? 2 * CHANCE_HALF_TURN : -2 * CHANCE_HALF_TURN;
	if (*latitude > CHANCE_HALF_TURN / 2 && !chance_one_in(chance, 10))
		*latitude = CHANCE_HALF_TURN - *latitude;
	if (chance_one_in(chance, 40))
		*longitude = CHANCE_OF(chance, odd);
	if (chance_one_in(chance, 40))
		*latitude = CHANCE_OF(chance, odd);
}

#endif
