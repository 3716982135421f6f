/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random GPS sentences of a few devices, epoch by epoch: RMC, GGA, GLL, GNS, VTG, ZDA, HDT, of which the
 * positions of one epoch agree or lie on two sides of an edge. Shares no code with the decoder.
 */
#ifndef WEIR_TESTS_CHANCE_GPS_H
#define WEIR_TESTS_CHANCE_GPS_H

#include "chance_lines.h"

#define CHANCE_TRUCKS 8

struct chance_epoch {
	uint32_t truck;
	uint32_t second; /* of the day */
	uint32_t hundredths;
	int32_t longitude, latitude; /* 1/10,000 minute */
	bool is_void;
};

static inline struct chance_epoch chance_epoch(struct chance *chance)
{
	struct chance_epoch epoch = {
	        .truck = chance_below(chance, chance->gps ? 50 * CHANCE_TRUCKS : CHANCE_TRUCKS),
	        .second = (uint32_t)((chance_time_s(chance) + 86400) % 86400),
	        .hundredths = chance_one_in(chance, 4) ? chance_below(chance, 100) : 0,
	};

	/* Some receivers have no fix now and then; nothing of theirs is dropped for a while. */
	epoch.is_void = (!chance->gps || epoch.truck % 16 == 0) && chance_one_in(chance, 12);

	chance_position(chance, 7000 + epoch.truck, &epoch.longitude, &epoch.latitude);
	return epoch;
}

/* "4717.1143,N,00833.9152,E", with so many digits behind the point as receivers have. */
static inline uint32_t chance_coordinates(struct chance *chance, char *out, const struct chance_epoch *epoch)
{
	static const char *const more[] = {"", "", "0", "5", "00", "123", "99999"};
	const char *digits = CHANCE_OF(chance, more);
	uint32_t latitude = (uint32_t)abs(epoch->latitude), longitude = (uint32_t)abs(epoch->longitude);

	if (chance_one_in(chance, 40))
		return (uint32_t)sprintf(out, ",,,");
	return (uint32_t)sprintf(
	        out, "%02u%02u.%04u%s,%c,%03u%02u.%04u%s,%c", latitude / CHANCE_DEGREE, latitude / 10000 % 60,
	        latitude % 10000, digits, epoch->latitude < 0 ? 'S' : 'N', longitude / CHANCE_DEGREE,
	        longitude / 10000 % 60, longitude % 10000, digits, epoch->longitude < 0 ? 'W' : 'E');
}

/* "083559.00" */
static inline uint32_t chance_clock(char *out, const struct chance_epoch *epoch)
{
	return (uint32_t)sprintf(out, "%02u%02u%02u.%02u", epoch->second / 3600, epoch->second / 60 % 60,
	                         epoch->second % 60, epoch->hundredths);
}

/* One sentence of the epoch, with its checksum, without the line's end. */
static inline uint32_t chance_gps_sentence(struct chance *chance, char *out, const struct chance_epoch *epoch)
{
	static const char *const talkers[] = {"GP", "GP", "GN", "GL"};
	const char *talker = CHANCE_OF(chance, talkers);
	char clock[16], place[64];

	chance_clock(clock, epoch);
	chance_coordinates(chance, place, epoch);
	char *at = out + sprintf(out, "$%s", talker);
	switch (chance_below(chance, 9)) {
	case 0:
	case 1:
	case 2:
		at += sprintf(at, "RMC,%s,%c,%s,%u.%03u,%u.5,%02u1123,,,A", clock, epoch->is_void ? 'V' : 'A',
		              place, chance_below(chance, 30), chance_below(chance, 1000),
		              chance_below(chance, 360), 14 + chance_below(chance, 2));
		break;
	case 3:
	case 4:
		at += sprintf(at, "GGA,%s,%s,%u,%02u,1.01,499.6,M,48.0,M,,", clock, place,
		              epoch->is_void ? 0 : 1 + chance_below(chance, 8), chance_below(chance, 14));
		break;
	case 5:
		at += sprintf(at, "GLL,%s,%s,%c,A", place, clock, epoch->is_void ? 'V' : 'A');
		break;
	case 6:
		at += sprintf(at, "GNS,%s,%s,%s,%02u,1.0,40.1,45.6,,", clock, place,
		              epoch->is_void ? "NN" : "AA", chance_below(chance, 14));
		break;
	case 7:
		at += sprintf(at, "VTG,%u.5,T,,M,%u.0,N,,K,A", chance_below(chance, 360),
		              chance_below(chance, 30));
		break;
	default:
		at += chance_one_in(chance, 2)
		              ? sprintf(at, "ZDA,%s,%02u,11,2023,00,00", clock, 14 + chance_below(chance, 2))
		              : sprintf(at, "HDT,%u.5,T", chance_below(chance, 360));
	}
	return chance_checksum(out, (uint32_t)(at - out));
}

/* A line of the epoch. Half of the trucks, or most of many, are known by what their TAG blocks say. */
static inline uint32_t chance_gps_line(struct chance *chance, char *out, struct chance_epoch *epoch)
{
	char *at = out, station[16] = "";

	if (chance->gps ? epoch->truck % 64 != 1 : epoch->truck % 2 == 0) {
		snprintf(station, sizeof(station), "truck-%u", epoch->truck);
		at += chance_tag_block(chance, at, station, 0, 0, 0);
	} else if (chance_one_in(chance, 6)) {
		at += chance_tag_block(chance, at, station, 0, 0, 0);
	}
	if (chance_one_in(chance, 6))
		epoch->longitude += chance_within(chance, 3);
	at += chance_gps_sentence(chance, at, epoch);
	if (chance_one_in(chance, chance->gps && !chance->rough ? 1000 : 60))
		at += chance_behind(chance, at);
	return (uint32_t)(at - out) + chance_end(chance, at);
}

#endif
