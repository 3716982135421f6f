/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpsd's JSON of the messages in which a station says where and what it is: 1 to 5, 11, 18, 19, 21, 24.
 */
#include "decode/gpsd_types.h"

#include "decode/gpsd_rows.h"

#define TURN_NOT_AVAILABLE (-128)
#define SOG_FAST 1022
#define SOG_NOT_AVAILABLE 1023

static char *put_turn(char *to, int8_t turn)
{
	if (turn == TURN_NOT_AVAILABLE)
		return GPSD_PUT(to, "\"n/a\"");
	if (turn == -127)
		return GPSD_PUT(to, "\"fastleft\"");
	if (turn == 127)
		return GPSD_PUT(to, "\"fastright\"");
	int32_t rate = (int32_t)gpsd_turn[turn < 0 ? -turn : turn];
	*to++ = '"';
	to = gpsd_hundredths(to, turn < 0 ? -rate : rate);
	*to++ = '"';
	return to;
}

static char *put_speed(char *to, uint16_t sog)
{
	if (sog == SOG_NOT_AVAILABLE)
		return GPSD_PUT(to, "\"n/a\"");
	if (sog == SOG_FAST)
		return GPSD_PUT(to, "\"fast\"");
	return gpsd_tenths(to, sog);
}

char *gpsd_position_a(char *to, const struct weir_ais_position_a *fields, bool scaled)
{
	UINT("status", fields->status);
	LEGEND("status_text", &gpsd_status[fields->status]);
	SCALED("turn", put_turn, fields->turn);
	SCALED("speed", put_speed, fields->sog);
	BOOL("accuracy", fields->accuracy);
	FINE("lon", fields->longitude);
	FINE("lat", fields->latitude);
	TENTHS("course", fields->cog);
	UINT("heading", fields->heading);
	UINT("second", fields->second);
	UINT("maneuver", fields->maneuver);
	BOOL("raim", fields->raim);
	UINT("radio", fields->radio);
	return to;
}

/* What messages 18 and 19 begin with. */
#define CLASS_B(fields)                                                                                      \
	(UINT("reserved", (fields)->reserved), TENTHS("speed", (fields)->sog),                               \
	 BOOL("accuracy", (fields)->accuracy), FINE("lon", (fields)->longitude),                             \
	 FINE("lat", (fields)->latitude), TENTHS("course", (fields)->cog),                                   \
	 UINT("heading", (fields)->heading), UINT("second", (fields)->second),                               \
	 UINT("regional", (fields)->regional))

char *gpsd_position_b(char *to, const struct weir_ais_position_b *fields, bool scaled)
{
	CLASS_B(fields);
	BOOL("cs", fields->cs);
	BOOL("display", fields->display);
	BOOL("dsc", fields->dsc);
	BOOL("band", fields->band);
	BOOL("msg22", fields->msg22);
	BOOL("raim", fields->raim);
	UINT("radio", fields->radio);
	return to;
}

char *gpsd_base_station(char *to, const struct weir_ais_base_station *fields, bool scaled)
{
	GPSD_PUT(to, ",\"timestamp\":\"");
	to = fields->year < 10000 ? gpsd_four(to, fields->year) : gpsd_unsigned(to, fields->year);
	*to++ = '-';
	to = gpsd_time(to, fields->month, fields->day, fields->hour, fields->minute);
	*to++ = ':';
	to = gpsd_pair(to, fields->second);
	GPSD_PUT(to, "Z\"");
	BOOL("accuracy", fields->accuracy);
	FINE("lon", fields->longitude);
	FINE("lat", fields->latitude);
	EPFD(fields);
	BOOL("raim", fields->raim);
	UINT("radio", fields->radio);
	return to;
}

char *gpsd_static_a(char *to, const struct weir_ais_static_a *fields, bool scaled)
{
	UINT("imo", fields->imo);
	UINT("ais_version", fields->version);
	TEXT("callsign", fields->call_sign);
	TEXT("shipname", fields->name);
	SHIP_TYPE(fields);
	DIMENSIONS(fields);
	EPFD(fields);
	GPSD_PUT(to, ",\"eta\":\"");
	to = gpsd_time(to, fields->month, fields->day, fields->hour, fields->minute);
	GPSD_PUT(to, "Z\"");
	TENTHS("draught", fields->draught);
	TEXT("destination", fields->destination);
	UINT("dte", fields->dte);
	return to;
}

char *gpsd_extended_b(char *to, const struct weir_ais_extended_b *fields, bool scaled)
{
	CLASS_B(fields);
	TEXT("shipname", fields->name);
	SHIP_TYPE(fields);
	DIMENSIONS(fields);
	EPFD(fields);
	BOOL("raim", fields->raim);
	UINT("dte", fields->dte);
	BOOL("assigned", fields->assigned);
	return to;
}

char *gpsd_aid(char *to, const struct weir_ais_aid *fields, bool scaled)
{
	UINT("aid_type", fields->aid_type);
	LEGEND("aid_type_text", &gpsd_aid_types[fields->aid_type]);
	TEXT("name", fields->name);
	if (!scaled) /* gpsd puts it before the position in one form and behind it in the other */
		BOOL("accuracy", fields->accuracy);
	FINE("lon", fields->longitude);
	FINE("lat", fields->latitude);
	if (scaled)
		BOOL("accuracy", fields->accuracy);
	DIMENSIONS(fields);
	EPFD(fields);
	UINT("second", fields->second);
	UINT("regional", fields->regional);
	BOOL("off_position", fields->off_position);
	BOOL("raim", fields->raim);
	BOOL("virtual_aid", fields->virtual_aid);
	return to;
}

char *gpsd_details_b(char *to, const struct weir_ais *ais)
{
	const struct weir_ais_static_b_details *fields = &ais->static_b_details;

	SHIP_TYPE(fields);
	TEXT("vendorid", fields->vendor_id);
	UINT("model", fields->model);
	UINT("serial", fields->serial);
	TEXT("callsign", fields->call_sign);
	if (weir_mmsi_is_auxiliary(ais->mmsi))
		UINT("mothership_mmsi", weir_ais_mothership(fields));
	else
		DIMENSIONS(fields);
	return to;
}
