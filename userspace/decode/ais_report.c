/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields to a report: the units of the world, and nothing where the message says 'not available'. This is
 * where the sentinels of M.1371-5 end; detection never sees one.
 */
#include <weir/ais.h>

#include <stddef.h>
#include <string.h>

#include "decode/ais_reserved.h"

#define SOG_NOT_AVAILABLE 1023
#define COG_LIMIT AIS_COG_NOT_AVAILABLE /* 0.1 degree; what is above is reserved */
#define HEADING_LIMIT 360
#define STATUS_NOT_DEFINED 15
#define COARSE_SOG_NOT_AVAILABLE 63
#define COARSE_COG_LIMIT 360

static void put_position(struct weir_report *report, int32_t longitude, int32_t latitude, int32_t degree)
{
	if (longitude < -180 * degree || longitude > 180 * degree || latitude < -90 * degree ||
	    latitude > 90 * degree)
		return;
	report->longitude_deg = longitude / (double)degree;
	report->latitude_deg = latitude / (double)degree;
	report->has |= WEIR_HAS_POSITION;
}

static void put_fine(struct weir_report *report, int32_t longitude, int32_t latitude)
{
	put_position(report, longitude, latitude, 600000);
}

static void put_sog(struct weir_report *report, uint32_t sog)
{
	if (sog == SOG_NOT_AVAILABLE)
		return;
	report->sog_kn = (float)sog / 10.0f;
	report->has |= WEIR_HAS_SOG;
}

static void put_reserved_cog(struct weir_report *report, uint32_t cog)
{
	report->cog_raw = (uint16_t)cog;
	report->reserved |= WEIR_HAS_COG;
}

static void put_cog(struct weir_report *report, uint32_t cog)
{
	if (cog >= COG_LIMIT) {
		if (ais_cog_reserved(cog))
			put_reserved_cog(report, cog);
		return;
	}
	report->cog_deg = (float)cog / 10.0f;
	report->has |= WEIR_HAS_COG;
}

static void put_heading(struct weir_report *report, uint16_t heading)
{
	if (heading >= HEADING_LIMIT) {
		if (ais_heading_reserved(heading)) {
			report->heading_raw = heading;
			report->reserved |= WEIR_HAS_HEADING;
		}
		return;
	}
	report->heading_deg = heading;
	report->has |= WEIR_HAS_HEADING;
}

static void put_status(struct weir_report *report, uint8_t status)
{
	if (status == STATUS_NOT_DEFINED)
		return;
	report->nav_status = status;
	report->has |= WEIR_HAS_NAV_STATUS;
	if (ais_status_reserved(status))
		report->reserved |= WEIR_HAS_NAV_STATUS;
}

static void put_second(struct weir_report *report, uint8_t second)
{
	if (second > 59)
		return;
	report->utc_second = second;
	report->has |= WEIR_HAS_UTC_SECOND;
}

static void put_text(struct weir_report *report, uint32_t bit, char *to, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length == 0)
		return;
	if (length > size - 1)
		length = size - 1;
	memcpy(to, text, length);
	to[length] = '\0';
	report->has |= bit;
}

static void put_name(struct weir_report *report, const char *name)
{
	put_text(report, WEIR_HAS_NAME, report->name, sizeof(report->name), name);
}

static void put_call_sign(struct weir_report *report, const char *call_sign)
{
	put_text(report, WEIR_HAS_CALL_SIGN, report->call_sign, sizeof(report->call_sign), call_sign);
}

static void put_ship_type(struct weir_report *report, uint8_t ship_type)
{
	if (ship_type == 0)
		return;
	report->ship_type = ship_type;
	report->has |= WEIR_HAS_SHIP_TYPE;
	if (ais_ship_type_reserved(ship_type))
		report->reserved |= WEIR_HAS_SHIP_TYPE;
}

static void put_dimensions(struct weir_report *report, uint16_t bow, uint16_t stern, uint8_t port,
                           uint8_t starboard)
{
	if (bow == 0 && stern == 0 && port == 0 && starboard == 0)
		return;
	report->to_bow_m = bow;
	report->to_stern_m = stern;
	report->to_port_m = port;
	report->to_starboard_m = starboard;
	report->has |= WEIR_HAS_DIMENSIONS;
}

/* Month and day make an estimated time of arrival; hour and minute may be missing (24, 60) or reserved. */
static void put_eta(struct weir_report *report, const struct weir_ais_static_a *fields)
{
	report->eta_month = fields->month;
	report->eta_day = fields->day;
	report->eta_hour = fields->hour;
	report->eta_minute = fields->minute;
	if (ais_month_reserved(fields->month) || ais_hour_reserved(fields->hour) ||
	    ais_minute_reserved(fields->minute))
		report->reserved |= WEIR_HAS_ETA;
	if (fields->month >= 1 && fields->month <= 12 && fields->day >= 1)
		report->has |= WEIR_HAS_ETA;
}

/* What the position reports of ships have in common, by the names of their fields. */
#define PUT_TRACK(report, fields)                                                                            \
	do {                                                                                                 \
		put_fine((report), (fields)->longitude, (fields)->latitude);                                 \
		put_sog((report), (fields)->sog);                                                            \
		put_cog((report), (fields)->cog);                                                            \
		put_heading((report), (fields)->heading);                                                    \
		put_second((report), (fields)->second);                                                      \
	} while (0)

#define PUT_DIMENSIONS(report, fields)                                                                       \
	put_dimensions((report), (fields)->to_bow, (fields)->to_stern, (fields)->to_port,                    \
	               (fields)->to_starboard)

static void report_position_a(struct weir_report *report, const struct weir_ais_position_a *fields)
{
	report->station_class = WEIR_CLASS_A;
	PUT_TRACK(report, fields);
	put_status(report, fields->status);
}

static void report_position_b(struct weir_report *report, const struct weir_ais_position_b *fields)
{
	report->station_class = WEIR_CLASS_B;
	PUT_TRACK(report, fields);
}

static void report_static_a(struct weir_report *report, const struct weir_ais_static_a *fields)
{
	report->station_class = WEIR_CLASS_A;
	put_name(report, fields->name);
	put_call_sign(report, fields->call_sign);
	put_ship_type(report, fields->ship_type);
	PUT_DIMENSIONS(report, fields);
	put_text(report, WEIR_HAS_DESTINATION, report->destination, sizeof(report->destination),
	         fields->destination);
	put_eta(report, fields);
	if (fields->imo != 0) {
		report->imo = fields->imo;
		report->has |= WEIR_HAS_IMO;
		if (ais_imo_reserved(fields->imo))
			report->reserved |= WEIR_HAS_IMO;
	}
	if (fields->draught != 0) {
		report->draught_m = (float)fields->draught / 10.0f;
		report->has |= WEIR_HAS_DRAUGHT;
	}
}

static void report_extended_b(struct weir_report *report, const struct weir_ais_extended_b *fields)
{
	report->station_class = WEIR_CLASS_B;
	PUT_TRACK(report, fields);
	put_name(report, fields->name);
	put_ship_type(report, fields->ship_type);
	PUT_DIMENSIONS(report, fields);
}

static void report_details_b(struct weir_report *report, const struct weir_ais_static_b_details *fields)
{
	report->station_class = WEIR_CLASS_B;
	put_call_sign(report, fields->call_sign);
	put_ship_type(report, fields->ship_type);
	/* An auxiliary craft sends its mother ship's MMSI in the place of its dimensions. */
	if (!weir_mmsi_is_auxiliary(report->mmsi))
		PUT_DIMENSIONS(report, fields);
}

static void report_aircraft(struct weir_report *report, const struct weir_ais_aircraft *fields)
{
	report->station_class = WEIR_CLASS_AIRCRAFT;
	put_fine(report, fields->longitude, fields->latitude);
	if (fields->sog != SOG_NOT_AVAILABLE) { /* whole knots here */
		report->sog_kn = (float)fields->sog;
		report->has |= WEIR_HAS_SOG;
	}
	put_cog(report, fields->cog);
	put_second(report, fields->second);
}

static void report_aid(struct weir_report *report, const struct weir_ais_aid *fields)
{
	report->station_class = WEIR_CLASS_ATON;
	put_fine(report, fields->longitude, fields->latitude);
	put_second(report, fields->second);
	put_name(report, fields->name);
	PUT_DIMENSIONS(report, fields);
}

static void report_long_range(struct weir_report *report, const struct weir_ais_long_range *fields)
{
	report->station_class = WEIR_CLASS_A;
	put_position(report, fields->longitude, fields->latitude, 600);
	put_status(report, fields->status);
	if (fields->sog != COARSE_SOG_NOT_AVAILABLE) {
		report->sog_kn = (float)fields->sog;
		report->has |= WEIR_HAS_SOG;
	}
	if (fields->cog < COARSE_COG_LIMIT) {
		report->cog_deg = (float)fields->cog;
		report->has |= WEIR_HAS_COG;
	} else if (ais_coarse_cog_reserved(fields->cog)) {
		put_reserved_cog(report, fields->cog);
	}
}

void weir_ais_report(const struct weir_ais *ais, struct weir_report *report)
{
	memset(report, 0, offsetof(struct weir_report, name));
	report->name[0] = report->call_sign[0] = report->destination[0] = '\0';
	report->mmsi = ais->mmsi;
	report->message = ais->type;
	report->station_class = WEIR_CLASS_OTHER;

	switch (ais->layout) {
	case WEIR_AIS_LAYOUT_position_a:
		report_position_a(report, &ais->position_a);
		break;
	case WEIR_AIS_LAYOUT_position_b:
		report_position_b(report, &ais->position_b);
		break;
	case WEIR_AIS_LAYOUT_static_a:
		report_static_a(report, &ais->static_a);
		break;
	case WEIR_AIS_LAYOUT_static_b_name:
		report->station_class = WEIR_CLASS_B;
		put_name(report, ais->static_b_name.name);
		break;
	case WEIR_AIS_LAYOUT_static_b_details:
		report_details_b(report, &ais->static_b_details);
		break;
	case WEIR_AIS_LAYOUT_base_station:
		report->station_class = WEIR_CLASS_BASE;
		put_fine(report, ais->base_station.longitude, ais->base_station.latitude);
		put_second(report, ais->base_station.second);
		break;
	case WEIR_AIS_LAYOUT_extended_b:
		report_extended_b(report, &ais->extended_b);
		break;
	case WEIR_AIS_LAYOUT_aircraft:
		report_aircraft(report, &ais->aircraft);
		break;
	case WEIR_AIS_LAYOUT_aid:
		report_aid(report, &ais->aid);
		break;
	case WEIR_AIS_LAYOUT_long_range:
		report_long_range(report, &ais->long_range);
		break;
	case WEIR_AIS_LAYOUT_aid_short:
		report->station_class = WEIR_CLASS_ATON;
		put_fine(report, ais->aid_short.longitude, ais->aid_short.latitude);
		put_second(report, ais->aid_short.second);
		break;
	case WEIR_AIS_LAYOUT_corrections: /* the position of the reference station */
		put_position(report, ais->corrections.longitude, ais->corrections.latitude, 600);
		break;
	default:
		break;
	}
}
