/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GPS fixes in the terms of detection.
 */
#include <weir/gps.h>

#include <string.h>

void weir_fix_report(const struct weir_fix *fix, struct weir_report *report)
{
	memset(report, 0, sizeof(*report));
	report->station_class = WEIR_CLASS_GPS;
	report->has = WEIR_HAS_POSITION;
	report->longitude_deg = fix->longitude_deg;
	report->latitude_deg = fix->latitude_deg;
	if (fix->has & WEIR_FIX_HAS_SOG) {
		report->has |= WEIR_HAS_SOG;
		report->sog_kn = (float)fix->sog_kn;
	}
	if (fix->has & WEIR_FIX_HAS_COG) {
		report->has |= WEIR_HAS_COG;
		report->cog_deg = (float)fix->cog_deg;
	}
	if (fix->has & WEIR_FIX_HAS_HEADING) {
		report->has |= WEIR_HAS_HEADING;
		report->heading_deg = (uint16_t)((unsigned int)(fix->heading_deg + 0.5) % 360);
	}
}
