/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpsd's JSON of berthing data, 1/20, and of routes, 1/27 and 1/28.
 */
#include "decode/gpsd_asm.h"

#include "decode/gpsd_rows.h"

static char *put_services(char *to, const struct weir_asm_berthing *fields)
{
	UINT("agent", fields->agent);
	UINT("fuel", fields->fuel);
	UINT("chandler", fields->chandler);
	UINT("stevedore", fields->stevedore);
	UINT("electrical", fields->electrical);
	UINT("water", fields->water);
	UINT("customs", fields->customs);
	UINT("cartage", fields->cartage);
	UINT("crane", fields->crane);
	UINT("lift", fields->lift);
	UINT("medical", fields->medical);
	UINT("navrepair", fields->navigation_repair);
	UINT("provisions", fields->provisions);
	UINT("shiprepair", fields->ship_repair);
	UINT("surveyor", fields->surveyor);
	UINT("steam", fields->steam);
	UINT("tugs", fields->tugs);
	UINT("solidwaste", fields->solid_waste);
	UINT("liquidwaste", fields->liquid_waste);
	UINT("hazardouswaste", fields->hazardous_waste);
	UINT("ballast", fields->ballast);
	UINT("additional", fields->additional);
	UINT("regional1", fields->regional1);
	UINT("regional2", fields->regional2);
	UINT("future1", fields->future1);
	UINT("future2", fields->future2);
	return to;
}

char *gpsd_berthing(char *to, const struct weir_asm_berthing *fields, bool scaled)
{
	UINT("linkage", fields->linkage);
	UINT("berth_length", fields->berth_length);
	UINT("position", fields->position);
	LEGEND("position_text", &gpsd_berth_positions[fields->position]);
	GPSD_PUT(to, ",\"arrival\":\"");
	to = gpsd_short_time(to, fields->month, fields->day, fields->hour, fields->minute);
	*to++ = '"';
	UINT("availability", fields->availability);
	to = put_services(to, fields);
	TEXT("berth_name", fields->berth);
	SCALED("berth_lon", gpsd_thousandth, fields->longitude);
	SCALED("berth_lat", gpsd_thousandth, fields->latitude);
	TENTHS("berth_depth", fields->berth_depth);
	return to;
}

char *gpsd_route(char *to, const struct weir_asm_route *fields, bool scaled)
{
	UINT("linkage", fields->linkage);
	UINT("sender", fields->sender);
	UINT("rtype", fields->route_type);
	LEGEND("rtype_text", &gpsd_routes[fields->route_type]);
	GPSD_PUT(to, ",\"start\":\"");
	to = gpsd_time(to, fields->month, fields->day, fields->hour, fields->minute);
	GPSD_PUT(to, "Z\"");
	UINT("duration", fields->duration);
	GPSD_PUT(to, ",\"waypoints\":[");
	for (uint32_t i = 0; i < fields->waypoints_count; i++) {
		GPSD_PUT(to, "{\"lon\":");
		to = scaled ? gpsd_fine(to, fields->waypoints[i].longitude)
		            : gpsd_signed(to, fields->waypoints[i].longitude);
		GPSD_PUT(to, ",\"lat\":");
		to = scaled ? gpsd_fine(to, fields->waypoints[i].latitude)
		            : gpsd_signed(to, fields->waypoints[i].latitude);
		GPSD_PUT(to, "},");
	}
	if (fields->waypoints_count > 0)
		to--;
	*to++ = ']';
	return to;
}
