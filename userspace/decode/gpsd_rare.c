/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpsd's JSON of the messages that are not about where and what a station is, and of the rare ones that are.
 */
#include "decode/gpsd_types.h"

#include <stdio.h>

#include "decode/gpsd_asm.h"
#include "decode/gpsd_rows.h"

/* Tenths of a degree of 1/600 degree, as %.1f: every sixtieth value is a tie, which printf settles by the
 * binary value. The message is rare enough to ask printf itself. */
static char *put_tenth_degree(char *to, int32_t value)
{
	return to + snprintf(to, 16, "%.1f", value / 600.0);
}

static char *put_altitude(char *to, uint16_t altitude)
{
	if (altitude == 4095)
		return GPSD_PUT(to, "\"nan\"");
	if (altitude == 4094)
		return GPSD_PUT(to, "\"high\"");
	return gpsd_unsigned(to, altitude);
}

static char *put_aircraft_speed(char *to, uint16_t sog)
{
	if (sog == 1023)
		return GPSD_PUT(to, "\"nan\"");
	if (sog == 1022)
		return GPSD_PUT(to, "\"fast\"");
	return gpsd_unsigned(to, sog);
}

static char *aircraft(char *to, const struct weir_ais_aircraft *fields, bool scaled)
{
	SCALED("alt", put_altitude, fields->altitude);
	SCALED("speed", put_aircraft_speed, fields->sog);
	BOOL("accuracy", fields->accuracy);
	FINE("lon", fields->longitude);
	FINE("lat", fields->latitude);
	TENTHS("course", fields->cog);
	UINT("second", fields->second);
	UINT("regional", fields->regional);
	UINT("dte", fields->dte);
	BOOL("raim", fields->raim);
	UINT("radio", fields->radio);
	return to;
}

static char *acknowledge(char *to, const struct weir_ais_acknowledge *fields)
{
	UINT("mmsi1", fields->mmsi1);
	UINT("mmsi2", fields->mmsi2);
	UINT("mmsi3", fields->mmsi3);
	UINT("mmsi4", fields->mmsi4);
	return to;
}

static char *interrogation(char *to, const struct weir_ais_interrogation *fields)
{
	UINT("mmsi1", fields->mmsi1);
	UINT("type1_1", fields->type1_1);
	UINT("offset1_1", fields->offset1_1);
	UINT("type1_2", fields->type1_2);
	UINT("offset1_2", fields->offset1_2);
	UINT("mmsi2", fields->mmsi2);
	UINT("type2_1", fields->type2_1);
	UINT("offset2_1", fields->offset2_1);
	return to;
}

static char *assignment(char *to, const struct weir_ais_assignment *fields)
{
	UINT("mmsi1", fields->mmsi1);
	UINT("offset1", fields->offset1);
	UINT("increment1", fields->increment1);
	UINT("mmsi2", fields->mmsi2);
	UINT("offset2", fields->offset2);
	UINT("increment2", fields->increment2);
	return to;
}

#define RESERVATION(n)                                                                                       \
	(UINT("offset" #n, fields->offset##n), UINT("number" #n, fields->number##n),                         \
	 UINT("timeout" #n, fields->timeout##n), UINT("increment" #n, fields->increment##n))

static char *link_management(char *to, const struct weir_ais_link_management *fields)
{
	RESERVATION(1);
	RESERVATION(2);
	RESERVATION(3);
	RESERVATION(4);
	return to;
}

/* The one place where gpsd prints coordinates as strings. */
static char *put_quoted(char *to, int32_t value)
{
	*to++ = '"';
	to = gpsd_coarse_long(to, value);
	*to++ = '"';
	return to;
}

#define AREA(fields)                                                                                         \
	(SCALED("ne_lon", put_quoted, (fields)->ne_longitude),                                               \
	 SCALED("ne_lat", put_quoted, (fields)->ne_latitude),                                                \
	 SCALED("sw_lon", put_quoted, (fields)->sw_longitude),                                               \
	 SCALED("sw_lat", put_quoted, (fields)->sw_latitude))

#define CHANNELS(fields)                                                                                     \
	(UINT("channel_a", (fields)->channel_a), UINT("channel_b", (fields)->channel_b),                     \
	 UINT("txrx", (fields)->txrx), BOOL("power", (fields)->power))

#define BANDS(fields)                                                                                        \
	(BOOL("addressed", (fields)->addressed), BOOL("band_a", (fields)->band_a),                           \
	 BOOL("band_b", (fields)->band_b), UINT("zonesize", (fields)->zone_size))

static char *channel_area(char *to, const struct weir_ais_channel_area *fields, bool scaled)
{
	CHANNELS(fields);
	AREA(fields);
	BANDS(fields);
	return to;
}

static char *channel_addressed(char *to, const struct weir_ais_channel_addressed *fields)
{
	CHANNELS(fields);
	UINT("dest1", fields->mmsi1);
	UINT("dest2", fields->mmsi2);
	BANDS(fields);
	return to;
}

static char *group_assignment(char *to, const struct weir_ais_group_assignment *fields, bool scaled)
{
	AREA(fields);
	UINT("stationtype", fields->station_type);
	LEGEND("stationtype_text", &gpsd_station_types[fields->station_type]);
	SHIP_TYPE(fields);
	UINT("interval", fields->interval);
	UINT("quiet", fields->quiet);
	return to;
}

static char *text_addressed(char *to, const struct weir_ais_text_addressed *fields)
{
	UINT("seqno", fields->sequence);
	UINT("dest_mmsi", fields->destination);
	BOOL("retransmit", fields->retransmit);
	TEXT("text", fields->text);
	return to;
}

static char *corrections(char *to, const struct weir_ais_corrections *fields, bool scaled)
{
	SCALED("lon", put_tenth_degree, fields->longitude);
	SCALED("lat", put_tenth_degree, fields->latitude);
	DATA("data", fields->data, fields->data_bits);
	return to;
}

static char *long_range(char *to, const struct weir_ais_long_range *fields, bool scaled)
{
	UINT("status", fields->status);
	if (scaled)
		LEGEND("status_text", &gpsd_status[fields->status]);
	BOOL("accuracy", fields->accuracy);
	SCALED("lon", gpsd_coarse, fields->longitude);
	SCALED("lat", gpsd_coarse, fields->latitude);
	UINT("speed", fields->sog);
	UINT("course", fields->cog);
	BOOL("raim", fields->raim);
	BOOL("gnss", fields->late);
	return to;
}

#define SLOTS(fields)                                                                                        \
	(BOOL("addressed", (fields)->addressed), BOOL("structured", (fields)->structured),                   \
	 UINT("dest_mmsi", (fields)->destination), UINT("app_id", (fields)->application),                    \
	 DATA("data", (fields)->data, (fields)->data_bits))

/* gpsd has no message 28: the names are those of message 21 where a field is the same. */
static char *aid_short(char *to, const struct weir_ais_aid_short *fields, bool scaled)
{
	UINT("second", fields->second);
	FINE("lon", fields->longitude);
	FINE("lat", fields->latitude);
	UINT("restricted_use", fields->restricted_use);
	UINT("station_type", fields->station_type);
	UINT("aid_type", fields->aid_type);
	UINT("mrn", fields->mrn);
	UINT("dimension_type", fields->dimension_type);
	UINT("dimension_a", fields->dimension_a);
	UINT("dimension_b", fields->dimension_b);
	BOOL("additional", fields->additional);
	BOOL("charted", fields->charted);
	UINT("on_station", fields->on_station);
	UINT("aid_status", fields->aid_status);
	BOOL("authenticated", fields->authenticated);
	return to;
}

static char *binary_addressed(char *to, const struct weir_ais *ais, bool scaled)
{
	const struct weir_ais_binary_addressed *fields = &ais->binary_addressed;
	struct weir_asm application;

	UINT("seqno", fields->sequence);
	UINT("dest_mmsi", fields->destination);
	BOOL("retransmit", fields->retransmit);
	UINT("dac", fields->dac);
	UINT("fid", fields->fid);
	char *behind =
	        weir_asm_decode(&application, ais) == 0 ? gpsd_asm_addressed(to, &application, scaled) : NULL;
	if (behind == NULL)
		DATA("data", fields->data, fields->data_bits);
	return behind != NULL ? behind : to;
}

static char *binary_broadcast(char *to, const struct weir_ais *ais, bool scaled)
{
	const struct weir_ais_binary_broadcast *fields = &ais->binary_broadcast;
	struct weir_asm application;

	UINT("dac", fields->dac);
	UINT("fid", fields->fid);
	char *behind =
	        weir_asm_decode(&application, ais) == 0 ? gpsd_asm_broadcast(to, &application, scaled) : NULL;
	if (behind == NULL)
		DATA("data", fields->data, fields->data_bits);
	return behind != NULL ? behind : to;
}

char *gpsd_rare(char *to, const struct weir_ais *ais, bool scaled)
{
	switch (ais->layout) {
	case WEIR_AIS_LAYOUT_binary_addressed:
		return binary_addressed(to, ais, scaled);
	case WEIR_AIS_LAYOUT_binary_broadcast:
		return binary_broadcast(to, ais, scaled);
	case WEIR_AIS_LAYOUT_acknowledge:
		return acknowledge(to, &ais->acknowledge);
	case WEIR_AIS_LAYOUT_aircraft:
		return aircraft(to, &ais->aircraft, scaled);
	case WEIR_AIS_LAYOUT_utc_inquiry:
		UINT("dest_mmsi", ais->utc_inquiry.destination);
		return to;
	case WEIR_AIS_LAYOUT_text_addressed:
		return text_addressed(to, &ais->text_addressed);
	case WEIR_AIS_LAYOUT_text_broadcast:
		TEXT("text", ais->text_broadcast.text);
		return to;
	case WEIR_AIS_LAYOUT_interrogation:
		return interrogation(to, &ais->interrogation);
	case WEIR_AIS_LAYOUT_assignment:
		return assignment(to, &ais->assignment);
	case WEIR_AIS_LAYOUT_corrections:
		return corrections(to, &ais->corrections, scaled);
	case WEIR_AIS_LAYOUT_link_management:
		return link_management(to, &ais->link_management);
	case WEIR_AIS_LAYOUT_channel_area:
		return channel_area(to, &ais->channel_area, scaled);
	case WEIR_AIS_LAYOUT_channel_addressed:
		return channel_addressed(to, &ais->channel_addressed);
	case WEIR_AIS_LAYOUT_group_assignment:
		return group_assignment(to, &ais->group_assignment, scaled);
	case WEIR_AIS_LAYOUT_single_slot:
		SLOTS(&ais->single_slot);
		return to;
	case WEIR_AIS_LAYOUT_multi_slot:
		SLOTS(&ais->multi_slot);
		UINT("radio", ais->multi_slot.radio);
		return to;
	case WEIR_AIS_LAYOUT_long_range:
		return long_range(to, &ais->long_range, scaled);
	case WEIR_AIS_LAYOUT_aid_short:
		return aid_short(to, &ais->aid_short, scaled);
	default:
		return to;
	}
}
