/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An event as one line of GeoJSON (RFC 7946), the form that subscribers, standard output and
 * `weir decode` share.
 *
 *     char line[WEIR_GEOJSON_MAX];
 *     size_t length = weir_geojson(event, "rtm", line, sizeof(line));
 *
 * The properties, in this order, each left out where the report does not carry it:
 *
 *     v event site id time source name call_sign msg class sog_kn cog_deg heading_deg nav_status
 *     imo ship_type to_bow_m to_stern_m to_port_m to_starboard_m draught_m destination eta heard_by
 *     fences alert_id rule phase severity fence fence_name message; what the rule measured, by its own
 *     names; direction other other_name reason initial inferred test repeated ack
 *
 * Of a window: v event site time fence fence_name window_id start end window_s slide_s devices fixes enters
 * exits mean_sog_kn max_sog_kn classes partial overflowed. `id` is left out of what belongs to no device.
 *
 * Coordinates are degrees with seven decimals at most, speeds, angles and draught have three at most,
 * lengths are whole metres, `time` is RFC 3339 UTC with milliseconds, `eta` is MM-DD or MM-DDThh:mm
 * UTC (AIS has no year). `name` is the report's own, else the one joined from static data. A station
 * without a known position is a Feature with "geometry":null (RFC 7946, 3.2).
 *
 * Nothing here allocates or uses stdio. Thread-safe.
 */
#ifndef WEIR_PUBLISH_GEOJSON_H
#define WEIR_PUBLISH_GEOJSON_H

#include <stddef.h>

#include <weir/event.h>

/*
 * Enough for every event with up to 128 fences of 64 characters around it: 9 KB of those, under 2 KB
 * of fixed parts and AIS text (at most 6 bytes a character once escaped), the rest for the alert's
 * names and message.
 */
#define WEIR_GEOJSON_MAX 16384

/*
 * Writes the event without a newline and without a NUL. site "" leaves `site` out.
 * Returns the length, or 0 when size bytes are too few (out then holds nothing of use), or site, source or
 * ship_name are longer than 64 bytes, which no caller's are.
 */
size_t weir_geojson(const struct weir_event *event, const char *site, char *out, size_t size);

/*
 * The same in at most WEIR_GEOJSON_MAX bytes. An alert is written even where the list of the fences that its
 * position lies in does not fit: without it.
 */
size_t weir_geojson_line(const struct weir_event *event, const char *site, char *out);

#endif
