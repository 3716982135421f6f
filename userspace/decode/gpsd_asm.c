/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpsd's JSON of application specific messages: the shorter ones, and which of them gpsd has at all.
 */
#include "decode/gpsd_asm.h"

#include "decode/gpsd_rows.h"

/* Closes an array whose elements end in a comma. */
static char *close_array(char *to, uint32_t count)
{
	if (count > 0)
		to--;
	*to++ = ']';
	return to;
}

#define NUMBER(literal, form, value)                                                                         \
	(GPSD_PUT(to, literal), to = scaled ? form(to, value) : gpsd_signed(to, value))

#define TIDAL(tidal, form)                                                                                   \
	do {                                                                                                 \
		NUMBER("{\"lon\":", form, (tidal)->longitude);                                               \
		SCALED("lat", form, (tidal)->latitude);                                                      \
		UINT("from_hour", (tidal)->from_hour);                                                       \
		UINT("from_min", (tidal)->from_minute);                                                      \
		UINT("to_hour", (tidal)->to_hour);                                                           \
		UINT("to_min", (tidal)->to_minute);                                                          \
		UINT("cdir", (tidal)->direction);                                                            \
		TENTHS("cspeed", (tidal)->speed);                                                            \
		GPSD_PUT(to, "},");                                                                          \
	} while (0)

static char *tidal_window_236(char *to, const struct weir_asm_tidal_window_236 *fields, bool scaled)
{
	UINT("month", fields->month);
	UINT("day", fields->day);
	GPSD_PUT(to, ",\"tidals\":[");
	for (uint32_t i = 0; i < fields->tidals_count; i++)
		TIDAL(&fields->tidals[i], gpsd_fine);
	return close_array(to, fields->tidals_count);
}

static char *tidal_window(char *to, const struct weir_asm_tidal_window *fields, bool scaled)
{
	UINT("month", fields->month);
	UINT("day", fields->day);
	GPSD_PUT(to, ",\"tidals\":[");
	for (uint32_t i = 0; i < fields->tidals_count; i++)
		TIDAL(&fields->tidals[i], gpsd_thousandth);
	return close_array(to, fields->tidals_count);
}

static char *cargo_236(char *to, const struct weir_asm_cargo_236 *fields)
{
	TEXT("lastport", fields->last_port);
	GPSD_PUT(to, ",\"departure\":\"");
	to = gpsd_time(to, fields->departure_month, fields->departure_day, fields->departure_hour,
	               fields->departure_minute);
	GPSD_PUT(to, "Z\"");
	TEXT("nextport", fields->next_port);
	GPSD_PUT(to, ",\"eta\":\"");
	to = gpsd_time(to, fields->arrival_month, fields->arrival_day, fields->arrival_hour,
	               fields->arrival_minute);
	GPSD_PUT(to, "Z\"");
	TEXT("dangerous", fields->dangerous);
	TEXT("imdcat", fields->category);
	UINT("unid", fields->un_number);
	UINT("amount", fields->amount);
	UINT("unit", fields->unit);
	return to;
}

static char *dangerous_cargo(char *to, const struct weir_asm_dangerous_cargo *fields)
{
	UINT("unit", fields->unit);
	UINT("amount", fields->amount);
	GPSD_PUT(to, ",\"cargos\":[");
	for (uint32_t i = 0; i < fields->cargos_count; i++) {
		GPSD_PUT(to, "{\"code\":");
		to = gpsd_unsigned(to, fields->cargos[i].code);
		UINT("subtype", fields->cargos[i].subtype);
		GPSD_PUT(to, "},");
	}
	return close_array(to, fields->cargos_count);
}

static char *clearance(char *to, const struct weir_asm_clearance *fields, bool scaled)
{
	UINT("linkage", fields->linkage);
	GPSD_PUT(to, ",\"arrival\":\"");
	to = gpsd_time(to, fields->month, fields->day, fields->hour, fields->minute);
	GPSD_PUT(to, "Z\"");
	TEXT("portname", fields->port);
	TEXT("destination", fields->destination);
	SCALED("lon", gpsd_thousandth, fields->longitude);
	SCALED("lat", gpsd_thousandth, fields->latitude);
	return to;
}

#define LOCK(fields)                                                                                         \
	do {                                                                                                 \
		TEXT("country", (fields)->country);                                                          \
		TEXT("locode", (fields)->locode);                                                            \
		TEXT("section", (fields)->section);                                                          \
		TEXT("terminal", (fields)->terminal);                                                        \
		TEXT("hectometre", (fields)->hectometre);                                                    \
		GPSD_PUT(to, ",\"eta\":\"");                                                                 \
		to = gpsd_short_time(to, (fields)->month, (fields)->day, (fields)->hour, (fields)->minute);  \
		*to++ = '"';                                                                                 \
	} while (0)

static char *inland_eta(char *to, const struct weir_asm_inland_eta *fields)
{
	LOCK(fields);
	UINT("tugs", fields->tugs);
	UINT("airdraught", fields->air_draught);
	return to;
}

static char *inland_rta(char *to, const struct weir_asm_inland_rta *fields)
{
	LOCK(fields);
	UINT("status", fields->status);
	LEGEND("status_text", &gpsd_lock_status[fields->status]);
	return to;
}

static char *inland_persons(char *to, const struct weir_asm_inland_persons *fields)
{
	UINT("crew", fields->crew);
	UINT("passengers", fields->passengers);
	UINT("personnel", fields->personnel);
	return to;
}

/* Twentieths of a volt; 0, not used, is printed as it is. */
static char *put_volts(char *to, uint16_t value)
{
	return value == 0 ? gpsd_unsigned(to, 0) : gpsd_hundredths(to, value * 5);
}

static char *aid_monitoring(char *to, const struct weir_asm_aid_monitoring *fields, bool scaled)
{
	BOOL("off_pos", fields->off_position);
	BOOL("alarm", fields->alarm);
	UINT("stat_ext", fields->inputs);
	SCALED("ana_int", put_volts, fields->internal);
	SCALED("ana_ext1", put_volts, fields->external1);
	SCALED("ana_ext2", put_volts, fields->external2);
	UINT("racon", fields->racon);
	LEGEND("racon_text", &gpsd_racon[fields->racon]);
	UINT("light", fields->light);
	LEGEND("light_text", &gpsd_light[fields->light]);
	return to;
}

static char *fairway_closed(char *to, const struct weir_asm_fairway_closed *fields)
{
	TEXT("reason", fields->reason);
	TEXT("closefrom", fields->from);
	TEXT("closeto", fields->to);
	UINT("radius", fields->radius);
	UINT("extunit", fields->unit);
	GPSD_PUT(to, ",\"from\":\"");
	to = gpsd_time(to, fields->from_month, fields->from_day, fields->from_hour, fields->from_minute);
	GPSD_PUT(to, "\",\"to\":\"");
	to = gpsd_time(to, fields->to_month, fields->to_day, fields->to_hour, fields->to_minute);
	*to++ = '"';
	return to;
}

static char *put_target(char *to, const struct weir_asm_vts_target *target, bool scaled)
{
	const struct gpsd_legend *id_type = &gpsd_id_types[target->id_type];

	GPSD_PUT(to, "{\"idtype\":");
	to = gpsd_unsigned(to, target->id_type);
	LEGEND("idtype_text", id_type);
	*to++ = ',';
	to = gpsd_legend(to, id_type);
	*to++ = ':';
	if (target->id_type < 2) { /* numbers are strings here */
		*to++ = '"';
		to = gpsd_unsigned(to, target->number);
		*to++ = '"';
	} else {
		to = gpsd_text(to, target->id);
	}
	SCALED("lat", gpsd_thousandth, target->latitude);
	SCALED("lon", gpsd_thousandth, target->longitude);
	UINT("course", target->course);
	UINT("second", target->second);
	UINT("speed", target->speed);
	GPSD_PUT(to, "},");
	return to;
}

static char *vts_targets(char *to, const struct weir_asm_vts_targets *fields, bool scaled)
{
	GPSD_PUT(to, ",\"targets\":[");
	for (uint32_t i = 0; i < fields->targets_count; i++)
		to = put_target(to, &fields->targets[i], scaled);
	return close_array(to, fields->targets_count);
}

static char *traffic_signal(char *to, const struct weir_asm_traffic_signal *fields)
{
	const bool scaled = true; /* gpsd scales this one always */

	UINT("linkage", fields->linkage);
	TEXT("station", fields->station);
	SCALED("lon", gpsd_thousandth, fields->longitude);
	SCALED("lat", gpsd_thousandth, fields->latitude);
	UINT("status", fields->status);
	UINT("signal", fields->signal);
	LEGEND("signal_text", &gpsd_signals[fields->signal]);
	UINT("hour", fields->hour);
	UINT("minute", fields->minute);
	UINT("nextsignal", fields->next_signal);
	LEGEND("nextsignal_text", &gpsd_signals[fields->next_signal]);
	return to;
}

static char *description(char *to, const struct weir_asm_description *fields)
{
	UINT("linkage", fields->linkage);
	TEXT("text", fields->text);
	return to;
}

static char *inland_static(char *to, const struct weir_asm_inland_static *fields)
{
	TEXT("vin", fields->vessel);
	UINT("length", fields->length);
	UINT("beam", fields->beam);
	UINT("shiptype", fields->ship_type);
	LEGEND("shiptype_text", gpsd_inland_ship(fields->ship_type));
	UINT("hazard", fields->hazard);
	LEGEND("hazard_text", &gpsd_hazards[fields->hazard]);
	UINT("draught", fields->draught);
	UINT("loaded", fields->loaded);
	LEGEND("loaded_text", &gpsd_loads[fields->loaded]);
	BOOL("speed_q", fields->speed_quality);
	BOOL("course_q", fields->course_quality);
	BOOL("heading_q", fields->heading_quality);
	return to;
}

static char *inland_warning(char *to, const struct weir_asm_inland_warning *fields, bool scaled)
{
	GPSD_PUT(to, ",\"start\":\"");
	to = gpsd_four(to, fields->start_year + 2000u);
	*to++ = '-';
	to = gpsd_time(to, fields->start_month, fields->start_day, fields->start_hour, fields->start_minute);
	GPSD_PUT(to, "\",\"end\":\"");
	to = gpsd_four(to, fields->end_year + 2000u);
	*to++ = '-';
	to = gpsd_time(to, fields->end_month, fields->end_day, fields->end_hour, fields->end_minute);
	*to++ = '"';
	FINE("start_lon", fields->start_longitude);
	FINE("start_lat", fields->start_latitude);
	FINE("end_lon", fields->end_longitude);
	FINE("end_lat", fields->end_latitude);
	UINT("type", fields->weather);
	LEGEND("type_text", &gpsd_warnings[fields->weather]);
	SINT("min", fields->least);
	SINT("max", fields->most);
	UINT("class", fields->intensity);
	LEGEND("class_text", &gpsd_intensities[fields->intensity]);
	UINT("wind", fields->wind);
	LEGEND("wind_text", &gpsd_winds[fields->wind]);
	return to;
}

static char *inland_levels(char *to, const struct weir_asm_inland_levels *fields)
{
	TEXT("country", fields->country);
	GPSD_PUT(to, ",\"gauges\":[");
	for (uint32_t i = 0; i < fields->gauges_count; i++) {
		const struct weir_asm_gauge *gauge = &fields->gauges[i];

		GPSD_PUT(to, "{\"id\":");
		to = gpsd_unsigned(to, gauge->id);
		/* gpsd takes the sign and the level for 14 bits in two's complement. */
		SINT("level", gauge->level - (gauge->positive != 0 ? 8192 : 0));
		GPSD_PUT(to, "},");
	}
	return close_array(to, fields->gauges_count);
}

static char *inland_signal(char *to, const struct weir_asm_inland_signal *fields, bool scaled)
{
	FINE("lon", fields->longitude);
	FINE("lat", fields->latitude);
	UINT("form", fields->form);
	UINT("facing", fields->facing);
	UINT("direction", fields->direction);
	LEGEND("direction_text", &gpsd_directions[fields->direction]);
	UINT("status", fields->status);
	LEGEND("status_text", gpsd_signal_lights(fields->status));
	return to;
}

char *gpsd_asm_addressed(char *to, const struct weir_asm *application, bool scaled)
{
	switch (application->layout) {
	case WEIR_ASM_LAYOUT_cargo_236:
		return cargo_236(to, &application->cargo_236);
	case WEIR_ASM_LAYOUT_tidal_window_236:
		return tidal_window_236(to, &application->tidal_window_236, scaled);
	case WEIR_ASM_LAYOUT_air_draught:
		UINT("airdraught", application->air_draught.air_draught);
		return to;
	case WEIR_ASM_LAYOUT_persons:
		if (application->fid != 16)
			return NULL;
		UINT("persons", application->persons.persons);
		return to;
	case WEIR_ASM_LAYOUT_clearance:
		return clearance(to, &application->clearance, scaled);
	case WEIR_ASM_LAYOUT_berthing:
		return gpsd_berthing(to, &application->berthing, scaled);
	case WEIR_ASM_LAYOUT_dangerous_cargo:
		return dangerous_cargo(to, &application->dangerous_cargo);
	case WEIR_ASM_LAYOUT_route:
		return gpsd_route(to, &application->route, scaled);
	case WEIR_ASM_LAYOUT_description:
		return description(to, &application->description);
	case WEIR_ASM_LAYOUT_tidal_window:
		return tidal_window(to, &application->tidal_window, scaled);
	case WEIR_ASM_LAYOUT_inland_eta:
		return inland_eta(to, &application->inland_eta);
	case WEIR_ASM_LAYOUT_inland_rta:
		return inland_rta(to, &application->inland_rta);
	case WEIR_ASM_LAYOUT_inland_persons:
		return inland_persons(to, &application->inland_persons);
	case WEIR_ASM_LAYOUT_aid_monitoring:
		return aid_monitoring(to, &application->aid_monitoring, scaled);
	default:
		return NULL;
	}
}

char *gpsd_asm_broadcast(char *to, const struct weir_asm *application, bool scaled)
{
	switch (application->layout) {
	case WEIR_ASM_LAYOUT_weather_236:
		return gpsd_weather_236(to, &application->weather_236, scaled);
	case WEIR_ASM_LAYOUT_fairway_closed:
		return fairway_closed(to, &application->fairway_closed);
	case WEIR_ASM_LAYOUT_air_draught:
		UINT("airdraught", application->air_draught.air_draught);
		return to;
	case WEIR_ASM_LAYOUT_vts_targets:
		return application->fid == 17 ? vts_targets(to, &application->vts_targets, scaled) : NULL;
	case WEIR_ASM_LAYOUT_traffic_signal:
		return traffic_signal(to, &application->traffic_signal);
	case WEIR_ASM_LAYOUT_route:
		return gpsd_route(to, &application->route, scaled);
	case WEIR_ASM_LAYOUT_description:
		return description(to, &application->description);
	case WEIR_ASM_LAYOUT_weather_289:
		return gpsd_weather_289(to, &application->weather_289, scaled);
	case WEIR_ASM_LAYOUT_inland_static:
		/* What else uses the number is told apart by a hazard that does not exist. */
		return application->inland_static.hazard > 5 ? NULL
		                                             : inland_static(to, &application->inland_static);
	case WEIR_ASM_LAYOUT_inland_warning:
		return inland_warning(to, &application->inland_warning, scaled);
	case WEIR_ASM_LAYOUT_inland_levels:
		return inland_levels(to, &application->inland_levels);
	case WEIR_ASM_LAYOUT_inland_signal:
		return inland_signal(to, &application->inland_signal, scaled);
	default:
		return NULL;
	}
}
