/* SPDX-License-Identifier: BSD-2-Clause */
/* The stations, invented as the vessels are, and their messages. */
#include "shore.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <weir/area.h>

#define NANOSECONDS INT64_C(1000000000)

/* Kinds of aids, ITU-R M.1371-5 table 71: floating ones. */
#define CARDINAL_WEST 23
#define SAFE_WATER 29
#define SPECIAL_MARK 30

static const struct weir_shore stations[] = {
        {.mmsi = 2449101, .longitude_deg = 4.1190, .latitude_deg = 51.9790},
        {.mmsi = 2449102, .longitude_deg = 4.5550, .latitude_deg = 52.4620},
        {.mmsi = 992449201,
         .longitude_deg = 3.9650,
         .latitude_deg = 52.2400,
         .name = "MAAS NORTH",
         .aid_type = SAFE_WATER},
        {.mmsi = 992449202,
         .longitude_deg = 3.3000,
         .latitude_deg = 51.9650,
         .name = "EUROGEUL E2",
         .aid_type = SAFE_WATER},
        {.mmsi = 992449203,
         .longitude_deg = 3.9900,
         .latitude_deg = 52.3000,
         .name = "WIND FARM CORNER WEST",
         .aid_type = CARDINAL_WEST},
        {.mmsi = 992449204,
         .longitude_deg = 3.6000,
         .latitude_deg = 51.8800,
         .name = "DUMPING GROUND",
         .aid_type = SPECIAL_MARK,
         .virtual_aid = true},
};

const struct weir_shore *weir_shore(size_t *count)
{
	*count = sizeof(stations) / sizeof(stations[0]);
	return stations;
}

static void message_base(struct weir_ais *ais, int32_t longitude, int32_t latitude, int64_t time_ns)
{
	time_t seconds = (time_t)(time_ns / NANOSECONDS);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	ais->type = 4;
	ais->layout = WEIR_AIS_LAYOUT_base_station;
	ais->base_station = (struct weir_ais_base_station){
	        .year = (uint16_t)(tm.tm_year + 1900),
	        .month = (uint8_t)(tm.tm_mon + 1),
	        .day = (uint8_t)tm.tm_mday,
	        .hour = (uint8_t)tm.tm_hour,
	        .minute = (uint8_t)tm.tm_min,
	        .second = (uint8_t)tm.tm_sec,
	        .accuracy = true,
	        .longitude = longitude,
	        .latitude = latitude,
	        .epfd = 7, /* surveyed */
	};
}

static void message_aid(struct weir_ais *ais, const struct weir_shore *shore, int32_t longitude,
                        int32_t latitude, int64_t time_ns)
{
	ais->type = 21;
	ais->layout = WEIR_AIS_LAYOUT_aid;
	ais->aid = (struct weir_ais_aid){
	        .aid_type = shore->aid_type,
	        .accuracy = true,
	        .longitude = longitude,
	        .latitude = latitude,
	        .epfd = shore->virtual_aid ? 7 : 1,
	        .second = shore->virtual_aid ? 61 : (uint8_t)(time_ns / NANOSECONDS % 60),
	        .virtual_aid = shore->virtual_aid,
	};
	snprintf(ais->aid.name, sizeof(ais->aid.name), "%s", shore->name);
}

void weir_message_shore(struct weir_ais *ais, const struct weir_shore *shore, int64_t time_ns)
{
	int32_t longitude = (int32_t)lrint(shore->longitude_deg * WEIR_UNITS_PER_DEGREE);
	int32_t latitude = (int32_t)lrint(shore->latitude_deg * WEIR_UNITS_PER_DEGREE);

	memset(ais, 0, sizeof(*ais));
	ais->mmsi = shore->mmsi;
	if (shore->name)
		message_aid(ais, shore, longitude, latitude, time_ns);
	else
		message_base(ais, longitude, latitude, time_ns);
}
