/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fields of application specific messages: what the data of messages 6 and 8 holds, from behind the
 * function identifier. One table, as <weir/ais_fields.h>, with the same rows (<weir/ais_rows.h>).
 *
 * Circ. 236 and Circ. 289 are IMO SN/Circ.236 and SN.1/Circ.289; VTT is the Vessel Tracking and Tracing
 * standard for inland navigation of CCNR and UNECE; GLA the lighthouse authorities of Britain and Ireland.
 * Units used below; values are the message's own integers:
 *     longitude, latitude   1/1,000 minute (degrees times 60,000); not available in Circ. 289: 10,860,000
 *                           (181 degrees) and 5,460,000 (91 degrees)
 *     fine                  1/10,000 minute (degrees times 600,000), 108,600,000 and 54,600,000
 *     month, day            1 to 12, 1 to 31; 0 not available. UTC, as are
 *     hour, minute          0 to 23, 0 to 59; 24 and 60 not available
 *     directions            degrees, 0 to 359; 360 not available (Circ. 236: 511)
 *     linkage               ties messages together, 1 to 1,023; 0 none
 */
/* clang-format off */
#include <weir/ais_rows.h>

/* Elements of the layouts below. */

AIS_BEGIN(tidal_236)
	AIS_SINT(int32_t,  latitude, 27)       /* fine */
	AIS_SINT(int32_t,  longitude, 28)      /* fine */
	AIS_UINT(uint8_t,  from_hour, 5)
	AIS_UINT(uint8_t,  from_minute, 6)
	AIS_UINT(uint8_t,  to_hour, 5)
	AIS_UINT(uint8_t,  to_minute, 6)
	AIS_UINT(uint16_t, direction, 9)       /* of the current */
	AIS_UINT(uint8_t,  speed, 7)           /* 0.1 kn; 127 not available */
AIS_END(tidal_236)

AIS_BEGIN(tidal_289)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_UINT(uint8_t,  from_hour, 5)
	AIS_UINT(uint8_t,  from_minute, 6)
	AIS_UINT(uint8_t,  to_hour, 5)
	AIS_UINT(uint8_t,  to_minute, 6)
	AIS_UINT(uint16_t, direction, 9)
	AIS_UINT(uint8_t,  speed, 8)           /* 0.1 kn; 251 more than 25 kn; 255 not available */
AIS_END(tidal_289)

AIS_BEGIN(cargo)
	AIS_UINT(uint8_t,  code, 4)            /* 1 IMDG, 2 IGC, 3 BC, 4 MARPOL annex I, 5 annex II; 0 not available */
	AIS_UINT(uint16_t, subtype, 13)
AIS_END(cargo)

AIS_BEGIN(waypoint)
	AIS_SINT(int32_t,  longitude, 28)      /* fine */
	AIS_SINT(int32_t,  latitude, 27)       /* fine */
AIS_END(waypoint)

AIS_BEGIN(vts_target)
	AIS_UINT(uint8_t,  id_type, 2)         /* 0 MMSI, 1 IMO number, 2 call sign, 3 other */
	AIS_ALSO_TEXT(id, 7)                   /* call sign or other: the 42 bits of the next two rows as text */
	AIS_UINT(uint16_t, prefix, 12)         /* 0 before a number */
	AIS_UINT(uint32_t, number, 30)         /* MMSI or IMO number */
	AIS_SPARE(4)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_UINT(uint16_t, course, 9)
	AIS_UINT(uint8_t,  second, 6)          /* 60 not available */
	AIS_UINT(uint8_t,  speed, 8)           /* knots; 255 not available */
AIS_END(vts_target)

AIS_BEGIN(gauge)
	AIS_UINT(uint16_t, id, 11)
	AIS_UINT(uint8_t,  positive, 1)        /* sign of the level: 1 above, 0 below the reference */
	AIS_UINT(uint16_t, level, 13)          /* cm */
AIS_END(gauge)

AIS_BEGIN(sub_area)
	AIS_UINT(uint8_t,  shape, 3)           /* 0 circle or point, 1 rectangle, 2 sector, 3 polyline, 4 polygon, 5 text */
	AIS_ALSO_UINT(uint8_t,  scale, 0, 2)      /* lengths times 10 to this power; of all but text */
	AIS_ALSO_UINT(uint32_t, longitude_bits, 2, 25) /* of circle, rectangle, sector: two's complement */
	AIS_ALSO_UINT(uint32_t, latitude_bits, 27, 24)
	AIS_ALSO_UINT(uint8_t,  precision, 51, 3)
	AIS_ALSO_UINT(uint16_t, radius, 54, 12)   /* metres; of circle and sector */
	AIS_ALSO_UINT(uint16_t, left, 66, 9)      /* bounds of a sector, degrees */
	AIS_ALSO_UINT(uint16_t, right, 75, 9)
	AIS_ALSO_UINT(uint8_t,  east, 54, 8)      /* dimensions of a rectangle, metres */
	AIS_ALSO_UINT(uint8_t,  north, 62, 8)
	AIS_ALSO_UINT(uint16_t, orientation, 70, 9)
	AIS_ALSO_UINT(uint16_t, angle1, 2, 10)    /* points of a polyline or polygon: 0.5 degree, 720 not available */
	AIS_ALSO_UINT(uint16_t, distance1, 12, 10) /* metres from the point before */
	AIS_ALSO_UINT(uint16_t, angle2, 22, 10)
	AIS_ALSO_UINT(uint16_t, distance2, 32, 10)
	AIS_ALSO_UINT(uint16_t, angle3, 42, 10)
	AIS_ALSO_UINT(uint16_t, distance3, 52, 10)
	AIS_ALSO_UINT(uint16_t, angle4, 62, 10)
	AIS_ALSO_UINT(uint16_t, distance4, 72, 10)
	AIS_ALSO_TEXT(text, 14)
	AIS_UINT(uint32_t, body1, 28)          /* the 84 bits as they came: the rows above read them */
	AIS_UINT(uint32_t, body2, 28)
	AIS_UINT(uint32_t, body3, 28)
AIS_END(sub_area)

AIS_BEGIN(sensor_report)
	AIS_UINT(uint8_t,  sensor, 4)          /* 0 location, 1 station, 2 wind, 3 level, 4 and 5 current, 7 sea, 9 weather ... */
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint8_t,  site, 7)
	AIS_UINT(uint32_t, body1, 32)          /* 85 bits that depend on the sensor */
	AIS_UINT(uint32_t, body2, 32)
	AIS_UINT(uint32_t, body3, 21)
AIS_END(sensor_report)

AIS_BEGIN(seaway_wind)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_TEXT(station, 7)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_UINT(uint16_t, wind_speed, 10)     /* 0.1 kn */
	AIS_UINT(uint16_t, wind_gust, 10)      /* 0.1 kn */
	AIS_UINT(uint16_t, wind_direction, 9)
	AIS_SPARE(4)
AIS_END(seaway_wind)

AIS_BEGIN(seaway_level)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_TEXT(station, 7)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_UINT(uint8_t,  level_type, 1)
	AIS_SINT(int16_t,  level, 16)          /* cm; -32,768 not available */
	AIS_UINT(uint8_t,  datum, 2)
	AIS_UINT(uint8_t,  reading, 2)
	AIS_SPARE(12)
AIS_END(seaway_level)

AIS_BEGIN(seaway_flow)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_TEXT(station, 7)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_UINT(uint16_t, flow, 14)           /* cubic metres a second; 16,383 not available */
	AIS_SPARE(19)
AIS_END(seaway_flow)

AIS_BEGIN(seaway_weather)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_TEXT(station, 7)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_UINT(uint16_t, wind_speed, 10)     /* 0.1 kn */
	AIS_UINT(uint16_t, wind_gust, 10)      /* 0.1 kn */
	AIS_UINT(uint16_t, wind_direction, 9)
	AIS_UINT(uint16_t, pressure, 14)       /* 0.1 hPa; 16,383 not available */
	AIS_SINT(int16_t,  air_temperature, 10)   /* 0.1 degree C; -512 not available */
	AIS_SINT(int16_t,  dew_point, 10)
	AIS_UINT(uint8_t,  visibility, 8)      /* 0.1 km */
	AIS_SINT(int16_t,  water_temperature, 10)
AIS_END(seaway_weather)

/* The layouts that dac and fid name. */

/* 1/0: text. M.1371-5, annex 5, 5.1. */
AIS_BEGIN(text)
	AIS_FLAG(acknowledge)                  /* an answer is asked for */
	AIS_UINT(uint16_t, sequence, 11)
	AIS_TEXT_REST(text, 155)
AIS_END(text)

/* 1/2: interrogation for a function; 1/3: for capability. M.1371-5, annex 5, 5.2 and 5.3. */
AIS_BEGIN(capability_request)
	AIS_UINT(uint16_t, dac, 10)
	AIS_UINT(uint8_t,  fid, 6)             /* spare in 1/3 */
AIS_END(capability_request)

/* 1/11: meteorological and hydrological data. Circ. 236; withdrawn, on the air. 296 bits. */
AIS_BEGIN(weather_236)
	AIS_SINT(int32_t,  latitude, 24)       /* not available: 8,388,607 */
	AIS_SINT(int32_t,  longitude, 25)      /* not available: 16,777,215 */
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint8_t,  wind_speed, 7)      /* knots; 127 not available */
	AIS_UINT(uint8_t,  wind_gust, 7)
	AIS_UINT(uint16_t, wind_direction, 9)
	AIS_UINT(uint16_t, gust_direction, 9)
	AIS_UINT(uint16_t, air_temperature, 11)   /* 0.1 degree C above -60; 2,047 not available */
	AIS_UINT(uint8_t,  humidity, 7)        /* percent; 127 not available */
	AIS_UINT(uint16_t, dew_point, 10)      /* 0.1 degree C above -20; 1,023 not available */
	AIS_UINT(uint16_t, pressure, 9)        /* hPa above 800; 511 not available */
	AIS_UINT(uint8_t,  pressure_trend, 2)  /* 0 steady, 1 increasing, 2 decreasing, 3 not available */
	AIS_UINT(uint8_t,  visibility, 8)      /* 0.1 nautical mile; 255 not available */
	AIS_UINT(uint16_t, water_level, 9)     /* 0.1 m above -10; 511 not available */
	AIS_UINT(uint8_t,  level_trend, 2)
	AIS_UINT(uint8_t,  current_speed, 8)   /* 0.1 kn; 255 not available */
	AIS_UINT(uint16_t, current_direction, 9)
	AIS_UINT(uint8_t,  current2_speed, 8)
	AIS_UINT(uint16_t, current2_direction, 9)
	AIS_UINT(uint8_t,  current2_depth, 5)  /* metres; 31 not available */
	AIS_UINT(uint8_t,  current3_speed, 8)
	AIS_UINT(uint16_t, current3_direction, 9)
	AIS_UINT(uint8_t,  current3_depth, 5)
	AIS_UINT(uint8_t,  wave_height, 8)     /* 0.1 m; 255 not available */
	AIS_UINT(uint8_t,  wave_period, 6)     /* seconds; 63 not available */
	AIS_UINT(uint16_t, wave_direction, 9)
	AIS_UINT(uint8_t,  swell_height, 8)
	AIS_UINT(uint8_t,  swell_period, 6)
	AIS_UINT(uint16_t, swell_direction, 9)
	AIS_UINT(uint8_t,  sea_state, 4)       /* Beaufort; 13 and above not available */
	AIS_UINT(uint16_t, water_temperature, 10) /* 0.1 degree C above -10; 1,023 not available */
	AIS_UINT(uint8_t,  precipitation, 3)   /* WMO 306, code table 4.201; 7 not available */
	AIS_UINT(uint16_t, salinity, 9)        /* 0.1 per mille; 511 not available */
	AIS_UINT(uint8_t,  ice, 2)             /* 0 no, 1 yes, 3 not available */
	AIS_TAIL(6)
AIS_END(weather_236)

/* 1/12: dangerous cargo indication. Circ. 236; withdrawn. 272 bits. */
AIS_BEGIN(cargo_236)
	AIS_TEXT(last_port, 5)                 /* UN locode */
	AIS_UINT(uint8_t,  departure_month, 4)
	AIS_UINT(uint8_t,  departure_day, 5)
	AIS_UINT(uint8_t,  departure_hour, 5)
	AIS_UINT(uint8_t,  departure_minute, 6)
	AIS_TEXT(next_port, 5)
	AIS_UINT(uint8_t,  arrival_month, 4)
	AIS_UINT(uint8_t,  arrival_day, 5)
	AIS_UINT(uint8_t,  arrival_hour, 5)
	AIS_UINT(uint8_t,  arrival_minute, 6)
	AIS_TEXT(dangerous, 20)                /* main dangerous good */
	AIS_TEXT(category, 4)                  /* IMD category */
	AIS_UINT(uint16_t, un_number, 13)
	AIS_UINT(uint16_t, amount, 10)
	AIS_UINT(uint8_t,  unit, 2)            /* 1 kg, 2 tons, 3 thousand tons; 0 not available */
	AIS_TAIL(3)
AIS_END(cargo_236)

/* 1/13: fairway closed. Circ. 236. 416 bits. */
AIS_BEGIN(fairway_closed)
	AIS_TEXT(reason, 20)
	AIS_TEXT(from, 20)
	AIS_TEXT(to, 20)
	AIS_UINT(uint16_t, radius, 10)         /* of the extension; 1,001 not available */
	AIS_UINT(uint8_t,  unit, 2)            /* 0 m, 1 km, 2 nautical miles, 3 cables */
	AIS_UINT(uint8_t,  from_day, 5)
	AIS_UINT(uint8_t,  from_month, 4)
	AIS_UINT(uint8_t,  from_hour, 5)
	AIS_UINT(uint8_t,  from_minute, 6)
	AIS_UINT(uint8_t,  to_day, 5)
	AIS_UINT(uint8_t,  to_month, 4)
	AIS_UINT(uint8_t,  to_hour, 5)
	AIS_UINT(uint8_t,  to_minute, 6)
	AIS_TAIL(4)
AIS_END(fairway_closed)

/* 1/14: tidal window. Circ. 236; withdrawn. */
AIS_BEGIN(tidal_window_236)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_ARRAY(tidal_236, tidals, 3, 93)
AIS_END(tidal_window_236)

/* 1/15: extended ship static data. Circ. 236; withdrawn. 16 bits. */
AIS_BEGIN(air_draught)
	AIS_UINT(uint16_t, air_draught, 11)    /* 0.1 m; 0 not available */
	AIS_TAIL(5)
AIS_END(air_draught)

/* 1/16 addressed, 1/40: number of persons on board. Circ. 289 with 48 bits, Circ. 236 with 16. */
AIS_BEGIN(persons)
	AIS_UINT(uint16_t, persons, 13)        /* 8,191: 8,191 or more; 0 not available */
	AIS_TAIL(35)
AIS_END(persons)

/* 1/16 broadcast (Circ. 236), 1/17 (Circ. 289): targets of a VTS. */
AIS_BEGIN(vts_targets)
	AIS_ARRAY(vts_target, targets, 7, 120)
AIS_END(vts_targets)

/* 1/18: clearance time to enter port. Circ. 289. 272 bits. */
AIS_BEGIN(clearance)
	AIS_UINT(uint16_t, linkage, 10)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_TEXT(port, 20)                     /* name of port and berth */
	AIS_TEXT(destination, 5)               /* UN locode */
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_TAIL(43)
AIS_END(clearance)

/* 1/19: marine traffic signal. Circ. 289. 304 bits. */
AIS_BEGIN(traffic_signal)
	AIS_UINT(uint16_t, linkage, 10)
	AIS_TEXT(station, 20)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_UINT(uint8_t,  status, 2)          /* 0 not available, 1 in regular service, 2 irregular */
	AIS_UINT(uint8_t,  signal, 5)          /* 0 not available, 1 to 14 */
	AIS_UINT(uint8_t,  hour, 5)            /* of the next signal shift */
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint8_t,  next_signal, 5)
	AIS_TAIL(102)
AIS_END(traffic_signal)

/* 1/20: berthing data. Circ. 289. 272 bits. Each service: 0 not available, 1 available, 2 no data, 3 unknown. */
AIS_BEGIN(berthing)
	AIS_UINT(uint16_t, linkage, 10)
	AIS_UINT(uint16_t, berth_length, 9)    /* metres; 511: 511 or more; 0 not available */
	AIS_UINT(uint8_t,  berth_depth, 8)     /* 0.1 m; 255: 25.5 m or more; 0 not available */
	AIS_UINT(uint8_t,  position, 3)        /* mooring position; 0 not available */
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint8_t,  availability, 1)    /* the services below are known */
	AIS_UINT(uint8_t,  agent, 2)
	AIS_UINT(uint8_t,  fuel, 2)
	AIS_UINT(uint8_t,  chandler, 2)
	AIS_UINT(uint8_t,  stevedore, 2)
	AIS_UINT(uint8_t,  electrical, 2)
	AIS_UINT(uint8_t,  water, 2)
	AIS_UINT(uint8_t,  customs, 2)
	AIS_UINT(uint8_t,  cartage, 2)
	AIS_UINT(uint8_t,  crane, 2)
	AIS_UINT(uint8_t,  lift, 2)
	AIS_UINT(uint8_t,  medical, 2)
	AIS_UINT(uint8_t,  navigation_repair, 2)
	AIS_UINT(uint8_t,  provisions, 2)
	AIS_UINT(uint8_t,  ship_repair, 2)
	AIS_UINT(uint8_t,  surveyor, 2)
	AIS_UINT(uint8_t,  steam, 2)
	AIS_UINT(uint8_t,  tugs, 2)
	AIS_UINT(uint8_t,  solid_waste, 2)
	AIS_UINT(uint8_t,  liquid_waste, 2)
	AIS_UINT(uint8_t,  hazardous_waste, 2)
	AIS_UINT(uint8_t,  ballast, 2)
	AIS_UINT(uint8_t,  additional, 2)
	AIS_UINT(uint8_t,  regional1, 2)
	AIS_UINT(uint8_t,  regional2, 2)
	AIS_UINT(uint8_t,  future1, 2)
	AIS_UINT(uint8_t,  future2, 2)
	AIS_TEXT(berth, 20)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
AIS_END(berthing)

/* 1/21: weather observation report from ship. Circ. 289. 304 bits; the WMO variant keeps its bits. */
AIS_BEGIN(ship_weather)
	AIS_FLAG(wmo)                          /* true: WMO BUFR, the fields below mean nothing */
	AIS_TEXT(location, 20)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint8_t,  weather, 4)         /* 8 not available */
	AIS_FLAG(visibility_limit)             /* true: the visibility is more than the sensor's range */
	AIS_UINT(uint8_t,  visibility, 7)      /* 0.1 nautical mile; 127 not available */
	AIS_UINT(uint8_t,  humidity, 7)        /* percent; 101 not available */
	AIS_UINT(uint8_t,  wind_speed, 7)      /* knots; 127 not available */
	AIS_UINT(uint16_t, wind_direction, 9)
	AIS_UINT(uint16_t, pressure, 9)        /* hPa above 799; 403 not available */
	AIS_UINT(uint8_t,  pressure_trend, 4)  /* WMO 0200; 15 not available */
	AIS_SINT(int16_t,  air_temperature, 11)   /* 0.1 degree C; -1,024 not available */
	AIS_SINT(int16_t,  water_temperature, 10) /* 0.1 degree C; 501 not available */
	AIS_UINT(uint8_t,  wave_period, 6)     /* seconds; 63 not available */
	AIS_UINT(uint8_t,  wave_height, 8)     /* 0.1 m; 255 not available */
	AIS_UINT(uint16_t, wave_direction, 9)
	AIS_UINT(uint8_t,  swell_height, 8)
	AIS_UINT(uint16_t, swell_direction, 9)
	AIS_UINT(uint8_t,  swell_period, 6)
	AIS_TAIL(3)
AIS_END(ship_weather)

/* 1/22 broadcast, 1/23 addressed: area notice. Circ. 289. */
AIS_BEGIN(area_notice)
	AIS_UINT(uint16_t, linkage, 10)
	AIS_UINT(uint8_t,  notice, 7)          /* Circ. 289, table 1.4: 0 caution ... 127 undefined */
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint32_t, duration, 18)       /* minutes; 262,143 undefined; 0 cancels */
	AIS_ARRAY(sub_area, areas, 10, 87)
AIS_END(area_notice)

/* 1/24: extended ship static and voyage related data. Circ. 289. 304 bits. */
AIS_BEGIN(extended_static)
	AIS_UINT(uint16_t, linkage, 10)
	AIS_UINT(uint16_t, air_draught, 13)    /* 0.1 m; 8,191: 819.1 m or more; 0 not available */
	AIS_TEXT(last_port, 5)                 /* UN locode */
	AIS_TEXT(next_port, 5)
	AIS_TEXT(second_port, 5)
	AIS_UINT(uint32_t, equipment1, 26)     /* SOLAS equipment, two bits each: 0 not available, 1 working, 2 not, 3 no data */
	AIS_UINT(uint32_t, equipment2, 26)
	AIS_UINT(uint8_t,  ice_class, 4)       /* 15 not available */
	AIS_UINT(uint32_t, shaft_power, 18)    /* kW; 262,143 not available */
	AIS_UINT(uint16_t, vhf_channel, 12)    /* ITU-R M.1084; 0 not available */
	AIS_TEXT(lloyds_type, 7)
	AIS_UINT(uint32_t, gross_tonnage, 18)  /* 262,143: more; 0 not available */
	AIS_UINT(uint8_t,  laden, 2)           /* 1 laden, 2 ballast; 0 not available */
	AIS_UINT(uint8_t,  heavy_fuel, 2)
	AIS_UINT(uint8_t,  light_fuel, 2)
	AIS_UINT(uint8_t,  diesel, 2)
	AIS_UINT(uint16_t, bunker, 14)         /* tons; 16,383: more; 0 not available */
	AIS_UINT(uint16_t, persons, 13)        /* 8,191: more; 0 not available */
	AIS_TAIL(10)
AIS_END(extended_static)

/* 1/25: dangerous cargo indication. Circ. 289. */
AIS_BEGIN(dangerous_cargo)
	AIS_UINT(uint8_t,  unit, 2)            /* 1 kg, 2 tons, 3 thousand tons; 0 not available */
	AIS_UINT(uint16_t, amount, 10)
	AIS_ARRAY(cargo, cargos, 28, 17)
AIS_END(dangerous_cargo)

/* 1/26: environmental. Circ. 289; 367/33: the same by the US Coast Guard. */
AIS_BEGIN(environmental)
	AIS_ARRAY(sensor_report, reports, 8, 112)
AIS_END(environmental)

/* 1/27 broadcast, 1/28 addressed: route information. Circ. 289. */
AIS_BEGIN(route)
	AIS_UINT(uint16_t, linkage, 10)
	AIS_UINT(uint8_t,  sender, 3)          /* 0 ship, 1 authority */
	AIS_UINT(uint8_t,  route_type, 5)      /* 1 mandatory, 2 recommended, ... 31 cancels; 0 undefined */
	AIS_UINT(uint8_t,  month, 4)           /* of the start */
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint32_t, duration, 18)       /* minutes; 262,143 not available; 0 cancels */
	AIS_UINT(uint8_t,  announced, 5)       /* waypoints that the message says it has */
	AIS_COUNTED(waypoint, waypoints, announced, 31, 55)
AIS_END(route)

/* 1/29 broadcast, 1/30 addressed: text description. Circ. 289. */
AIS_BEGIN(description)
	AIS_UINT(uint16_t, linkage, 10)
	AIS_TEXT_REST(text, 161)
AIS_END(description)

/* 1/31: meteorological and hydrological data. Circ. 289. 304 bits. */
AIS_BEGIN(weather_289)
	AIS_SINT(int32_t,  longitude, 25)
	AIS_SINT(int32_t,  latitude, 24)
	AIS_FLAG(accuracy)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint8_t,  wind_speed, 7)      /* knots; 126: 126 or more; 127 not available */
	AIS_UINT(uint8_t,  wind_gust, 7)
	AIS_UINT(uint16_t, wind_direction, 9)
	AIS_UINT(uint16_t, gust_direction, 9)
	AIS_SINT(int16_t,  air_temperature, 11)   /* 0.1 degree C, -60 to 60; -1,024 not available */
	AIS_UINT(uint8_t,  humidity, 7)        /* percent; 101 not available */
	AIS_SINT(int16_t,  dew_point, 10)      /* 0.1 degree C, -20 to 50; 501 not available */
	AIS_UINT(uint16_t, pressure, 9)        /* hPa above 799; 511 not available */
	AIS_UINT(uint8_t,  pressure_trend, 2)  /* 0 steady, 1 decreasing, 2 increasing, 3 not available */
	AIS_FLAG(visibility_limit)             /* true: the visibility is more than the sensor's range */
	AIS_UINT(uint8_t,  visibility, 7)      /* 0.1 nautical mile; 127 not available */
	AIS_UINT(uint16_t, water_level, 12)    /* cm above -10 m; 4,001 not available */
	AIS_UINT(uint8_t,  level_trend, 2)
	AIS_UINT(uint8_t,  current_speed, 8)   /* 0.1 kn; 255 not available */
	AIS_UINT(uint16_t, current_direction, 9)
	AIS_UINT(uint8_t,  current2_speed, 8)
	AIS_UINT(uint16_t, current2_direction, 9)
	AIS_UINT(uint8_t,  current2_depth, 5)  /* metres; 31 not available */
	AIS_UINT(uint8_t,  current3_speed, 8)
	AIS_UINT(uint16_t, current3_direction, 9)
	AIS_UINT(uint8_t,  current3_depth, 5)
	AIS_UINT(uint8_t,  wave_height, 8)     /* 0.1 m; 255 not available */
	AIS_UINT(uint8_t,  wave_period, 6)     /* seconds; 63 not available */
	AIS_UINT(uint16_t, wave_direction, 9)
	AIS_UINT(uint8_t,  swell_height, 8)
	AIS_UINT(uint8_t,  swell_period, 6)
	AIS_UINT(uint16_t, swell_direction, 9)
	AIS_UINT(uint8_t,  sea_state, 4)       /* Beaufort; 13 not available */
	AIS_SINT(int16_t,  water_temperature, 10) /* 0.1 degree C, -10 to 50; 501 not available */
	AIS_UINT(uint8_t,  precipitation, 3)   /* WMO 306, code table 4.201; 7 not available */
	AIS_UINT(uint16_t, salinity, 9)        /* 0.1 per mille; 510 not available, 511 no sensor */
	AIS_UINT(uint8_t,  ice, 2)
	AIS_TAIL(10)
AIS_END(weather_289)

/* 1/32: tidal window. Circ. 289. */
AIS_BEGIN(tidal_window)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_ARRAY(tidal_289, tidals, 3, 88)
AIS_END(tidal_window)

/* 200/10: inland ship static and voyage related data. VTT, table 2.7. 112 bits. */
AIS_BEGIN(inland_static)
	AIS_TEXT(vessel, 8)                    /* unique European vessel identification number */
	AIS_UINT(uint16_t, length, 13)         /* 0.1 m; 0 not available */
	AIS_UINT(uint16_t, beam, 10)           /* 0.1 m; 0 not available */
	AIS_UINT(uint16_t, ship_type, 14)      /* ERI classification */
	AIS_UINT(uint8_t,  hazard, 3)          /* blue cones or lights 0 to 3, 4 B flag, 5 unknown */
	AIS_UINT(uint16_t, draught, 11)        /* 0.01 m; 0 not available */
	AIS_UINT(uint8_t,  loaded, 2)          /* 1 unloaded, 2 loaded; 0 not available */
	AIS_FLAG(speed_quality)                /* true: from a calibrated sensor */
	AIS_FLAG(course_quality)
	AIS_FLAG(heading_quality)
	AIS_TAIL(8)
AIS_END(inland_static)

/* 200/21: estimated time of arrival at a lock, bridge or terminal. VTT, table 2.8. 160 bits. */
AIS_BEGIN(inland_eta)
	AIS_TEXT(country, 2)
	AIS_TEXT(locode, 3)
	AIS_TEXT(section, 5)                   /* of the fairway */
	AIS_TEXT(terminal, 5)
	AIS_TEXT(hectometre, 5)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint8_t,  tugs, 3)            /* 7 not available */
	AIS_UINT(uint16_t, air_draught, 12)    /* 0.01 m; 0 not available */
	AIS_TAIL(5)
AIS_END(inland_eta)

/* 200/22: requested time of arrival. VTT, table 2.9. 144 bits. */
AIS_BEGIN(inland_rta)
	AIS_TEXT(country, 2)
	AIS_TEXT(locode, 3)
	AIS_TEXT(section, 5)
	AIS_TEXT(terminal, 5)
	AIS_TEXT(hectometre, 5)
	AIS_UINT(uint8_t,  month, 4)
	AIS_UINT(uint8_t,  day, 5)
	AIS_UINT(uint8_t,  hour, 5)
	AIS_UINT(uint8_t,  minute, 6)
	AIS_UINT(uint8_t,  status, 2)          /* 0 operational, 1 limited, 2 out of order, 3 not available */
	AIS_TAIL(2)
AIS_END(inland_rta)

/* 200/23: EMMA warning. VTT, table 2.11. 200 bits. */
AIS_BEGIN(inland_warning)
	AIS_UINT(uint8_t,  start_year, 8)      /* since 2000; 0 not available */
	AIS_UINT(uint8_t,  start_month, 4)
	AIS_UINT(uint8_t,  start_day, 5)
	AIS_UINT(uint8_t,  end_year, 8)
	AIS_UINT(uint8_t,  end_month, 4)
	AIS_UINT(uint8_t,  end_day, 5)
	AIS_UINT(uint8_t,  start_hour, 5)
	AIS_UINT(uint8_t,  start_minute, 6)
	AIS_UINT(uint8_t,  end_hour, 5)
	AIS_UINT(uint8_t,  end_minute, 6)
	AIS_SINT(int32_t,  start_longitude, 28)   /* fine */
	AIS_SINT(int32_t,  start_latitude, 27)
	AIS_SINT(int32_t,  end_longitude, 28)
	AIS_SINT(int32_t,  end_latitude, 27)
	AIS_UINT(uint8_t,  weather, 4)
	AIS_SINT(int16_t,  least, 9)           /* unit of the kind of weather */
	AIS_SINT(int16_t,  most, 9)
	AIS_UINT(uint8_t,  intensity, 2)
	AIS_UINT(uint8_t,  wind, 4)            /* eighths of the compass, 0 not available */
	AIS_TAIL(6)
AIS_END(inland_warning)

/* 200/24: water levels. VTT, table 2.15. 112 bits. */
AIS_BEGIN(inland_levels)
	AIS_TEXT(country, 2)
	AIS_ARRAY(gauge, gauges, 4, 25)
AIS_END(inland_levels)

/* 200/40: signal status. VTT, table 2.16. 112 bits. */
AIS_BEGIN(inland_signal)
	AIS_SINT(int32_t,  longitude, 28)      /* fine */
	AIS_SINT(int32_t,  latitude, 27)
	AIS_UINT(uint8_t,  form, 4)
	AIS_UINT(uint16_t, facing, 9)          /* degrees; 511 not available */
	AIS_UINT(uint8_t,  direction, 3)       /* 1 upstream, 2 downstream, 3 left bank, 4 right bank; 0 not available */
	AIS_UINT(uint32_t, status, 30)         /* three decimal or binary places a light */
	AIS_TAIL(11)
AIS_END(inland_signal)

/* 200/55: number of persons on board. VTT, table 2.10. 80 bits. */
AIS_BEGIN(inland_persons)
	AIS_UINT(uint8_t,  crew, 8)            /* 255 not available */
	AIS_UINT(uint16_t, passengers, 13)     /* 8,191 not available */
	AIS_UINT(uint8_t,  personnel, 8)       /* 255 not available */
	AIS_TAIL(51)
AIS_END(inland_persons)

/* 235/10, 250/10: monitoring of aids to navigation. GLA. 48 bits. */
AIS_BEGIN(aid_monitoring)
	AIS_UINT(uint16_t, internal, 10)       /* analogue values, 0.05 V; 0 not used */
	AIS_UINT(uint16_t, external1, 10)
	AIS_UINT(uint16_t, external2, 10)
	AIS_UINT(uint8_t,  racon, 2)           /* 0 none, 1 not monitored, 2 operational, 3 error */
	AIS_UINT(uint8_t,  light, 2)           /* 0 none, 1 on, 2 off, 3 error */
	AIS_FLAG(alarm)
	AIS_UINT(uint8_t,  inputs, 8)          /* digital, one bit each */
	AIS_FLAG(off_position)
	AIS_TAIL(4)
AIS_END(aid_monitoring)

/* 316/1, 366/1: St Lawrence Seaway, reports of stations; the identifier says which. */
AIS_BEGIN(seaway_weathers)
	AIS_SPARE(2)
	AIS_UINT(uint8_t,  message, 6)         /* 1 */
	AIS_ARRAY(seaway_weather, reports, 4, 192)
AIS_END(seaway_weathers)

AIS_BEGIN(seaway_winds)
	AIS_SPARE(2)
	AIS_UINT(uint8_t,  message, 6)         /* 2 */
	AIS_ARRAY(seaway_wind, reports, 6, 144)
AIS_END(seaway_winds)

AIS_BEGIN(seaway_levels)
	AIS_SPARE(2)
	AIS_UINT(uint8_t,  message, 6)         /* 3 */
	AIS_ARRAY(seaway_level, reports, 6, 144)
AIS_END(seaway_levels)

AIS_BEGIN(seaway_flows)
	AIS_SPARE(2)
	AIS_UINT(uint8_t,  message, 6)         /* 6 */
	AIS_ARRAY(seaway_flow, reports, 6, 144)
AIS_END(seaway_flows)
/* clang-format on */

#include <weir/ais_rows_end.h>
