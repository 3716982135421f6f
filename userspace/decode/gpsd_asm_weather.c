/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpsd's JSON of the two forms of meteorological and hydrological data, 1/11 and 1/31.
 */
#include "decode/gpsd_asm.h"

#include <stdio.h>

#include "decode/gpsd_rows.h"

/* A number with an offset, in tenths. */
#define OFFSET_TENTHS(name, value, offset)                                                                   \
	(NAME(name), to = scaled ? gpsd_tenths(to, (value) + (offset)) : gpsd_signed(to, value))
#define TEXT_OR_NUMBER(name, table, value)                                                                   \
	(NAME(name), to = scaled ? gpsd_legend(to, &(table)[value]) : gpsd_unsigned(to, value))

#define TIME(fields)                                                                                         \
	do {                                                                                                 \
		GPSD_PUT(to, ",\"timestamp\":\"");                                                           \
		to = gpsd_pair(to, (fields)->day);                                                           \
		*to++ = 'T';                                                                                 \
		to = gpsd_pair(to, (fields)->hour);                                                          \
		*to++ = ':';                                                                                 \
		to = gpsd_pair(to, (fields)->minute);                                                        \
		GPSD_PUT(to, "Z\"");                                                                         \
	} while (0)

#define WIND(fields)                                                                                         \
	(UINT("wspeed", (fields)->wind_speed), UINT("wgust", (fields)->wind_gust),                           \
	 UINT("wdir", (fields)->wind_direction), UINT("wgustdir", (fields)->gust_direction),                 \
	 UINT("humidity", (fields)->humidity))

#define CURRENTS(fields)                                                                                     \
	(TENTHS("cspeed", (fields)->current_speed), UINT("cdir", (fields)->current_direction),               \
	 TENTHS("cspeed2", (fields)->current2_speed), UINT("cdir2", (fields)->current2_direction),           \
	 UINT("cdepth2", (fields)->current2_depth), TENTHS("cspeed3", (fields)->current3_speed),             \
	 UINT("cdir3", (fields)->current3_direction), UINT("cdepth3", (fields)->current3_depth))

#define WAVES(fields)                                                                                        \
	(TENTHS("waveheight", (fields)->wave_height), UINT("waveperiod", (fields)->wave_period),             \
	 UINT("wavedir", (fields)->wave_direction), TENTHS("swellheight", (fields)->swell_height),           \
	 UINT("swellperiod", (fields)->swell_period), UINT("swelldir", (fields)->swell_direction),           \
	 UINT("seastate", (fields)->sea_state))

char *gpsd_weather_236(char *to, const struct weir_asm_weather_236 *fields, bool scaled)
{
	SCALED("lat", gpsd_thousandth, fields->latitude);
	SCALED("lon", gpsd_thousandth, fields->longitude);
	TIME(fields);
	WIND(fields);
	OFFSET_TENTHS("airtemp", fields->air_temperature, -600);
	OFFSET_TENTHS("dewpoint", fields->dew_point, -200);
	UINT("pressure", fields->pressure + (scaled ? 800u : 0u));
	TEXT_OR_NUMBER("pressuretend", gpsd_trends, fields->pressure_trend);
	TENTHS("visibility", fields->visibility);
	OFFSET_TENTHS("waterlevel", fields->water_level, -100);
	TEXT_OR_NUMBER("leveltrend", gpsd_trends, fields->level_trend);
	CURRENTS(fields);
	WAVES(fields);
	OFFSET_TENTHS("watertemp", fields->water_temperature, -100);
	UINT("preciptype", fields->precipitation);
	LEGEND("preciptype_text", &gpsd_precipitation[fields->precipitation]);
	TENTHS("salinity", fields->salinity);
	UINT("ice", fields->ice);
	LEGEND("ice_text", &gpsd_ice[fields->ice]);
	return to;
}

/* Centimetres above -10 m as metres with one decimal: every tenth value is a tie, which printf settles by
 * the binary value. */
static char *put_level(char *to, uint16_t level)
{
	return to + snprintf(to, 16, "%.1f", (level - 1000) / 100.0);
}

char *gpsd_weather_289(char *to, const struct weir_asm_weather_289 *fields, bool scaled)
{
	SCALED("lat", gpsd_thousandth, fields->latitude);
	SCALED("lon", gpsd_thousandth, fields->longitude);
	BOOL("accuracy", fields->accuracy);
	TIME(fields);
	WIND(fields);
	TENTHS("airtemp", fields->air_temperature);
	TENTHS("dewpoint", fields->dew_point);
	UINT("pressure", fields->pressure + (scaled ? 799u : 0u));
	TEXT_OR_NUMBER("pressuretend", gpsd_trends, fields->pressure_trend);
	BOOL("visgreater", fields->visibility_limit);
	TENTHS("visibility", fields->visibility);
	SCALED("waterlevel", put_level, fields->water_level);
	TEXT_OR_NUMBER("leveltrend", gpsd_trends, fields->level_trend);
	CURRENTS(fields);
	WAVES(fields);
	TENTHS("watertemp", fields->water_temperature);
	TEXT_OR_NUMBER("preciptype", gpsd_precipitation, fields->precipitation);
	TENTHS("salinity", fields->salinity);
	TEXT_OR_NUMBER("ice", gpsd_ice, fields->ice);
	return to;
}
