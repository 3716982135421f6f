/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may be in detection's saved state: see save_records.h. Who adds a member to one of these structs adds
 * it here; the counts behind the names are of padding and bit fields.
 */
#include "detect/save_records.h"

#define DEGREES_180 1800000000 /* 1e-7 degrees */
#define DEGREES_90 900000000

#define BASE(F, T) F(T, now_ns, TIME, 0) F(T, fresh, ANY, 0) F(T, has_begun, BOOL, 0) F(T, reserved, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_bases, "time", struct weir_saved_base, BASE, 0);

#define FENCE(F, T) F(T, id, TEXT, 0)
WEIR_SAVED_RECORD(weir_saved_fences, "fences", struct weir_saved_fence, FENCE, 0);

/* NOLINTBEGIN(bugprone-macro-parentheses): the name of a member goes without */
#define PLACE(F, T, at)                                                                                      \
	F(T, at.longitude, WITHIN, DEGREES_180)                                                              \
	F(T, at.latitude, WITHIN, DEGREES_90)                                                                \
	F(T, at.sog, ANY, 0)                                                                                 \
	F(T, at.cog, ANY, 0)                                                                                 \
	F(T, at.heading, ANY, 0)                                                                             \
	F(T, at.has, ANY, 0)                                                                                 \
	F(T, at.message, BELOW, 64)                                                                          \
	F(T, at.station_class, BELOW, WEIR_CLASSES)                                                          \
	F(T, at.nav_status, BELOW, 16)                                                                       \
	F(T, at.utc_second, BELOW, 64)                                                                       \
	F(T, at.reserved, ANY, 0)
/* NOLINTEND(bugprone-macro-parentheses) */
#define DEVICE(F, T)                                                                                         \
	F(T, device.key, ANY, 0)                                                                             \
	F(T, device.last_ns, TIME, 0)                                                                        \
	F(T, device.fix_ns, TIME, 0)                                                                         \
	F(T, device.heard_ns, TIME, 0)                                                                       \
	F(T, device.silent_ns, DUE, 0)                                                                       \
	F(T, device.said, ANY, 0)                                                                            \
	F(T, device.presences, REBUILT, 0)                                                                   \
	F(T, device.watches, REBUILT, 0)                                                                     \
	F(T, device.static_slot, ANY, 0)                                                                     \
	F(T, device.newer, REBUILT, 0)                                                                       \
	F(T, device.older, REBUILT, 0)                                                                       \
	PLACE(F, T, device.fix)                                                                              \
	F(T, device.stations, REBUILT, 0)                                                                    \
	F(T, device.heard_by, BELOW, WEIR_HEARD_BY_MAX + 1)                                                  \
	F(T, device.inside_area, BOOL, 0)                                                                    \
	F(T, device.distress, BOOL, 0)                                                                       \
	F(T, device.is_silent, REBUILT, 0)                                                                   \
	F(T, device.tested, BOOL, 0)                                                                         \
	F(T, device.reserved, ANY, 0)                                                                        \
	F(T, slot, ANY, 0) F(T, presences, ANY, 0) F(T, watches, ANY, 0) F(T, reserved, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_devices, "devices", struct weir_saved_device, DEVICE, 0);

#define ID(F, T) F(T, text, TEXT, 0)
WEIR_SAVED_RECORD(weir_saved_ids, "names of GPS devices", struct weir_saved_id, ID, 0);

#define STATION(F, T) F(T, name, TEXT, 0)
WEIR_SAVED_RECORD(weir_saved_stations, "stations", struct weir_saved_station, STATION, 0);

#define PRESENCE(F, T)                                                                                       \
	F(T, next, REBUILT, 0)                                                                               \
	F(T, fence, ANY, 0)                                                                                  \
	F(T, since_ns, TIME, 0)                                                                              \
	F(T, longitude, WITHIN, DEGREES_180)                                                                 \
	F(T, latitude, WITHIN, DEGREES_90)                                                                   \
	F(T, fixes, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_presences, "presences", struct weir_presence, PRESENCE, 1);

#define WATCH(F, T)                                                                                          \
	F(T, next, REBUILT, 0)                                                                               \
	F(T, fence, ANY, 0)                                                                                  \
	F(T, since_ns, TIME, 0)                                                                              \
	F(T, seen_ns, TIME, 0)                                                                               \
	F(T, repeat_ns, DUE, 0)                                                                              \
	F(T, longitude, WITHIN, DEGREES_180)                                                                 \
	F(T, latitude, WITHIN, DEGREES_90)                                                                   \
	F(T, other, ANY, 0)                                                                                  \
	F(T, rule, BELOW, WEIR_RULE_KINDS)                                                                   \
	F(T, severity, BELOW, WEIR_SEVERITIES)                                                               \
	F(T, fixes, ANY, 0)                                                                                  \
	F(T, id, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_watches, "watches", struct weir_watch, WATCH, 1);

#define TIMER(F, T) F(T, due_ns, DUE, 0) F(T, slot, ANY, 0) F(T, reserved, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_timers, "timers", struct weir_saved_timer, TIMER, 0);

#define SLOT(F, T) F(T, slot, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_free_slots, "free slots", struct weir_saved_slot, SLOT, 0);
WEIR_SAVED_RECORD(weir_saved_silent, "silent devices", struct weir_saved_slot, SLOT, 0);

#define NEAR(F, T) F(T, slot, ANY, 0) F(T, cell, BELOW, WEIR_NEAR_CELLS + 1)
WEIR_SAVED_RECORD(weir_saved_near, "places of devices", struct weir_saved_near, NEAR, 0);

#define STATIC(F, T)                                                                                         \
	F(T, time_ns, TIME, 0)                                                                               \
	F(T, mmsi, ANY, 0)                                                                                   \
	F(T, newer, REBUILT, 0)                                                                              \
	F(T, older, REBUILT, 0)                                                                              \
	F(T, has, ANY, 0)                                                                                    \
	F(T, reserved, ANY, 0)                                                                               \
	F(T, imo, ANY, 0)                                                                                    \
	F(T, draught_m, REAL, 100)                                                                           \
	F(T, to_bow_m, ANY, 0)                                                                               \
	F(T, to_stern_m, ANY, 0)                                                                             \
	F(T, to_port_m, ANY, 0)                                                                              \
	F(T, to_starboard_m, ANY, 0)                                                                         \
	F(T, ship_type, ANY, 0)                                                                              \
	F(T, station_class, BELOW, WEIR_CLASSES)                                                             \
	F(T, message, BELOW, 64)                                                                             \
	F(T, eta_month, ANY, 0)                                                                              \
	F(T, eta_day, ANY, 0)                                                                                \
	F(T, eta_hour, ANY, 0)                                                                               \
	F(T, eta_minute, ANY, 0)                                                                             \
	F(T, name, TEXT, 0)                                                                                  \
	F(T, call_sign, TEXT, 0)                                                                             \
	F(T, destination, TEXT, 0)
WEIR_SAVED_RECORD(weir_saved_statics, "static data", struct weir_static, STATIC, 2);

#define SAID(F, T) F(T, hash, ANY, 0) F(T, time_ns, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_said, "messages", struct weir_said, SAID, 0);

#define WINDOWS(F, T) F(T, began_ns, TIME, 0)
WEIR_SAVED_RECORD(weir_saved_windows, "windows", struct weir_saved_windows, WINDOWS, 0);

#define SERIES(F, T)                                                                                         \
	F(T, shape.window_ns, ANY, 0)                                                                        \
	F(T, shape.slide_ns, ANY, 0)                                                                         \
	F(T, shape.lateness_ns, ANY, 0)                                                                      \
	F(T, since_ns, TIME, 0)                                                                              \
	F(T, first_ns, TIME, 0)                                                                              \
	F(T, raised_ns, TIME, 0)                                                                             \
	F(T, repeat_ns, DUE, 0)                                                                              \
	F(T, fence, ANY, 0)                                                                                  \
	F(T, panes, BELOW, WEIR_WINDOW_SLIDES_MAX + 2)                                                       \
	F(T, devices, ANY, 0)                                                                                \
	F(T, id, ANY, 0)                                                                                     \
	F(T, severity, BELOW, WEIR_SEVERITIES)                                                               \
	F(T, is_active, BOOL, 0)                                                                             \
	F(T, was_empty, BOOL, 0)                                                                             \
	F(T, is_density, BOOL, 0)                                                                            \
	F(T, raised, BOOL, 0)                                                                                \
	F(T, acknowledged, BOOL, 0) F(T, reserved, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_series, "series of windows", struct weir_saved_series, SERIES, 0);

#define PANE(F, T)                                                                                           \
	F(T, classes, ANY, 0) F(T, devices, ANY, 0) F(T, overflowed, BOOL, 0) F(T, reserved, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_panes, "panes", struct weir_pane, PANE, 0);

#define WINDOW_DEVICE(F, T) F(T, device, ANY, 0) F(T, latest, WITHIN, 1000) F(T, reserved, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_window_devices, "devices of windows", struct weir_saved_window_device,
                  WINDOW_DEVICE, 0);

#define SEEN(F, T) F(T, panes, ANY, 0)
WEIR_SAVED_RECORD(weir_saved_seen, "what windows saw of them", struct weir_saved_seen, SEEN, 0);
