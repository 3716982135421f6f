/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tables of a scenario's keys, and what they can't say: what goes together. How a document is read by a
 * table: gateway/schema.c.
 */
#include "scenario/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <weir/report.h>

#include "gateway/schema.h"
#include "scenario/instant.h"

#define DAY_S 86400
#define DURATION_MOST_S (366 * DAY_S)
#define STATION_MOST 15 /* characters of a TAG block's s: (NMEA 0183 4.10) */

#define AT(member) offsetof(struct weir_scenario, member)
#define DEVICE(member) offsetof(struct weir_scenario_device, member)
#define WAYPOINT(member) offsetof(struct weir_scenario_waypoint, member)
#define EVENT(member) offsetof(struct weir_scenario_event, member)

/* In the order of their enums. */
static const char *const classes[WEIR_SCENARIO_CLASSES + 1] = {"A", "B", "sart", "gps"};
static const char *const ends[] = {"stay", "back", "leave", NULL};

static const struct weir_key station_keys[] = {
        {"name", WEIR_KEY_TOKEN, .required = true, .target = offsetof(struct weir_scenario_station, name)},
        {"delay_s", WEIR_KEY_SECONDS, .target = offsetof(struct weir_scenario_station, delay_ns),
         .maximum = 3600, .fallback = "0"},
        {"clock_s", WEIR_KEY_SECONDS, .target = offsetof(struct weir_scenario_station, clock_ns),
         .minimum = -DAY_S, .maximum = DAY_S, .fallback = "0"},
        {NULL},
};

static const struct weir_key mark_keys[] = {
        {"at_s", WEIR_KEY_SECONDS, .required = true, .target = offsetof(struct weir_scenario_mark, at_ns),
         .maximum = DURATION_MOST_S},
        {"text", WEIR_KEY_STRING, .required = true, .target = offsetof(struct weir_scenario_mark, text)},
        {NULL},
};

static const struct weir_key waypoint_keys[] = {
        {"at", WEIR_KEY_PLACE, .target = WAYPOINT(at), .present = WAYPOINT(has_at)},
        {"course_deg", WEIR_KEY_NUMBER, .target = WAYPOINT(course_deg), .present = WAYPOINT(has_course),
         .minimum = 0, .maximum = 360},
        {"distance_m", WEIR_KEY_NUMBER, .target = WAYPOINT(distance_m), .present = WAYPOINT(has_distance),
         .minimum = 0, .maximum = 1e7},
        {"speed_kn", WEIR_KEY_NUMBER, .target = WAYPOINT(speed_kn), .present = WAYPOINT(has_speed),
         .minimum = 0, .maximum = 1000},
        {NULL},
};

static const struct weir_key event_keys[] = {
        {"at_s", WEIR_KEY_SECONDS, .required = true, .target = EVENT(at_ns), .maximum = DURATION_MOST_S},
        {"stop_s", WEIR_KEY_SECONDS, .target = EVENT(stop_ns), .present = EVENT(has_stop), .minimum = 0.001,
         .maximum = DURATION_MOST_S},
        {"gap_s", WEIR_KEY_SECONDS, .target = EVENT(gap_ns), .present = EVENT(has_gap), .minimum = 0.001,
         .maximum = DURATION_MOST_S},
        {"east_m", WEIR_KEY_NUMBER, .target = EVENT(east_m), .present = EVENT(has_east), .minimum = -1e7,
         .maximum = 1e7},
        {"north_m", WEIR_KEY_NUMBER, .target = EVENT(north_m), .present = EVENT(has_north), .minimum = -1e7,
         .maximum = 1e7},
        {"late_s", WEIR_KEY_SECONDS, .target = EVENT(late_ns), .present = EVENT(has_late), .minimum = 0.001,
         .maximum = DAY_S},
        {"for_s", WEIR_KEY_SECONDS, .target = EVENT(for_ns), .present = EVENT(has_for),
         .maximum = DURATION_MOST_S},
        {"speed_kn", WEIR_KEY_NUMBER, .target = EVENT(speed_kn), .present = EVENT(has_speed),
         .maximum = 1000},
        {"reverse", WEIR_KEY_BOOL, .target = EVENT(reverse), .fallback = "false"},
        {"nav_status", WEIR_KEY_INTEGER, .target = EVENT(nav_status), .present = EVENT(has_status),
         .maximum = 15},
        {NULL},
};

static const struct weir_key device_keys[] = {
        {"mmsi", WEIR_KEY_INTEGER, .target = DEVICE(mmsi), .present = DEVICE(has_mmsi), .minimum = 1,
         .maximum = 999999999},
        {"id", WEIR_KEY_DEVICE_ID, .target = DEVICE(id)},
        {"class", WEIR_KEY_CHOICE, .target = DEVICE(class), .choices = classes, .fallback = "A"},
        {"name", WEIR_KEY_STRING, .target = DEVICE(name)},
        {"call_sign", WEIR_KEY_STRING, .target = DEVICE(call_sign)},
        {"destination", WEIR_KEY_STRING, .target = DEVICE(destination)},
        {"ship_type", WEIR_KEY_INTEGER, .target = DEVICE(ship_type), .present = DEVICE(has_ship_type),
         .maximum = 255},
        /* The fields have nine bits to bow and to stern, and six to either side. */
        {"length_m", WEIR_KEY_INTEGER, .target = DEVICE(length_m), .present = DEVICE(has_length),
         .minimum = 1, .maximum = 1022},
        {"beam_m", WEIR_KEY_INTEGER, .target = DEVICE(beam_m), .present = DEVICE(has_beam), .minimum = 1,
         .maximum = 126},
        {"static_s", WEIR_KEY_SECONDS, .target = DEVICE(static_ns), .minimum = 1, .maximum = DURATION_MOST_S,
         .fallback = "360"},
        {"nav_status", WEIR_KEY_INTEGER, .target = DEVICE(nav_status), .present = DEVICE(has_status),
         .maximum = 15},
        {"interval_s", WEIR_KEY_SECONDS, .target = DEVICE(interval_ns), .present = DEVICE(has_interval),
         .minimum = 0.1, .maximum = DURATION_MOST_S},
        {"from_s", WEIR_KEY_SECONDS, .target = DEVICE(from_ns), .maximum = DURATION_MOST_S, .fallback = "0"},
        {"until_s", WEIR_KEY_SECONDS, .target = DEVICE(until_ns), .present = DEVICE(has_until),
         .maximum = DURATION_MOST_S},
        {"noise_m", WEIR_KEY_NUMBER, .target = DEVICE(noise_m), .maximum = 10000, .fallback = "0"},
        {"speed_kn", WEIR_KEY_NUMBER, .target = DEVICE(speed_kn), .maximum = 1000, .fallback = "0"},
        {"at_end", WEIR_KEY_CHOICE, .target = DEVICE(at_end), .choices = ends, .fallback = "stay"},
        {"route", WEIR_KEY_SECTION, .required = true, .list = true, .target = DEVICE(route),
         .count = DEVICE(route_count), .size = sizeof(struct weir_scenario_waypoint), .maximum = 1000,
         .keys = waypoint_keys},
        {"events", WEIR_KEY_SECTION, .list = true, .target = DEVICE(events), .count = DEVICE(event_count),
         .size = sizeof(struct weir_scenario_event), .maximum = 1000, .keys = event_keys},
        {NULL},
};

static const struct weir_key root_keys[] = {
        {"start", WEIR_KEY_STRING, .required = true, .target = AT(start)},
        {"duration_s", WEIR_KEY_SECONDS, .required = true, .target = AT(duration_ns), .minimum = 1,
         .maximum = DURATION_MOST_S},
        {"seed", WEIR_KEY_INTEGER, .target = AT(seed), .maximum = 9e15, .fallback = "1"},
        {"stations", WEIR_KEY_SECTION, .required = false, .list = true, .target = AT(stations),
         .count = AT(station_count), .size = sizeof(struct weir_scenario_station), .maximum = 16,
         .keys = station_keys},
        {"marks", WEIR_KEY_SECTION, .list = true, .target = AT(marks), .count = AT(mark_count),
         .size = sizeof(struct weir_scenario_mark), .maximum = 1000, .keys = mark_keys},
        {"devices", WEIR_KEY_SECTION, .required = true, .list = true, .target = AT(devices),
         .count = AT(device_count), .size = sizeof(struct weir_scenario_device), .maximum = 10000,
         .keys = device_keys},
        {NULL},
};

/* What is being checked. */
struct checked {
	struct weir_scenario *scenario;
	struct weir_document *document;
	struct weir_problems *problems;
};

/* An element of the list that a mapping has under the key. */
static yaml_node_t *element(const struct checked *checked, const yaml_node_t *mapping, const char *key,
                            size_t index)
{
	yaml_node_t *list = weir_document_get(checked->document, mapping, key);

	return yaml_document_get_node(&checked->document->yaml, list->data.sequence.items.start[index]);
}

#define FAULT(checked, node, ...)                                                                            \
	weir_document_fault((checked)->problems, (checked)->document, node, __VA_ARGS__)

static void check_waypoint(const struct checked *checked, const yaml_node_t *node,
                           const struct weir_scenario_waypoint *waypoint, bool first)
{
	if (first && !waypoint->has_at)
		FAULT(checked, node, "a route begins with 'at: [longitude, latitude]'");
	else if (waypoint->has_at ? waypoint->has_course || waypoint->has_distance
	                          : !waypoint->has_course || !waypoint->has_distance)
		FAULT(checked, node, "a waypoint has 'at', or 'course_deg' and 'distance_m'");
	else if (first && waypoint->has_speed)
		FAULT(checked, node,
		      "'speed_kn' is the speed on the way to a waypoint; the first one has none");
}

static void check_event(const struct checked *checked, const yaml_node_t *node,
                        const struct weir_scenario_event *event, const struct weir_scenario_event *before,
                        int64_t from_ns)
{
	bool jumps = event->has_east || event->has_north;

	if (!jumps && !event->has_stop && !event->has_gap && !event->has_late && !event->has_speed &&
	    !event->has_status && !event->reverse)
		FAULT(checked, node,
		      "nothing happens here: 'stop_s', 'gap_s', 'late_s', 'speed_kn', "
		      "'reverse', 'nav_status', or 'east_m' and 'north_m'");
	if (jumps && !(event->has_east && event->has_north))
		FAULT(checked, node, "'east_m' and 'north_m' go together");
	if (event->has_for && !jumps && !event->has_late)
		FAULT(checked, node, "'for_s' goes with 'late_s', or with 'east_m' and 'north_m'");
	if (event->has_late && !event->has_for)
		FAULT(checked, node, "'late_s' needs 'for_s'");
	if (before && before->at_ns > event->at_ns)
		FAULT(checked, node, "events are in the order of their 'at_s'");
	if (event->at_ns < from_ns)
		FAULT(checked, node, "this is before the device begins, at its 'from_s'");
}

static void check_identity(const struct checked *checked, const yaml_node_t *node,
                           const struct weir_scenario_device *device)
{
	bool gps = device->class == WEIR_SCENARIO_GPS;
	bool says_static = device->name || device->call_sign || device->destination ||
	                   device->has_ship_type || device->has_length || device->has_beam;

	if (gps ? !device->id || device->has_mmsi : device->id || !device->has_mmsi)
		FAULT(checked, node,
		      gps ? "a device of class gps has an 'id', and no 'mmsi'"
		          : "a device has an 'mmsi'; an 'id' is for class gps");
	if (gps && device->id && strlen(device->id) > STATION_MOST)
		FAULT(checked, node, "an 'id' has at most %d characters: a TAG block carries it",
		      STATION_MOST);
	if (device->class == WEIR_SCENARIO_SART && !weir_mmsi_is_distress((uint32_t)device->mmsi))
		FAULT(checked, node, "the 'mmsi' of a sart begins with 970, 972 or 974");
	if (device->class >= WEIR_SCENARIO_SART && says_static)
		FAULT(checked, node, "a device of class %s sends no static data", classes[device->class]);
	if (device->class == WEIR_SCENARIO_SART && device->has_interval)
		FAULT(checked, node, "a sart sends in bursts, and has no 'interval_s'");
}

/* A device that has somewhere to go and no speed is a slip. */
static bool goes_nowhere(const struct weir_scenario_device *device)
{
	bool goes = device->route_count == 1 || device->speed_kn > 0;

	for (size_t i = 1; i < device->route_count; i++)
		goes = goes || device->route[i].has_speed;
	for (size_t i = 0; i < device->event_count; i++)
		goes = goes || device->events[i].has_speed;
	return !goes;
}

static void check_device(const struct checked *checked, size_t index)
{
	const struct weir_scenario_device *device = &checked->scenario->devices[index];
	const yaml_node_t *node = element(checked, checked->document->root, "devices", index);

	check_identity(checked, node, device);
	if (goes_nowhere(device))
		FAULT(checked, node, "it has a route, and no 'speed_kn'");
	for (size_t i = 0; i < device->route_count; i++)
		check_waypoint(checked, element(checked, node, "route", i), &device->route[i], i == 0);
	for (size_t i = 0; i < device->event_count; i++)
		check_event(checked, element(checked, node, "events", i), &device->events[i],
		            i > 0 ? &device->events[i - 1] : NULL, device->from_ns);
}

static void check(const struct checked *checked)
{
	struct weir_scenario *scenario = checked->scenario;
	const yaml_node_t *root = checked->document->root;

	if (scenario->start && !weir_instant_read(scenario->start, &scenario->start_ns))
		FAULT(checked, weir_document_get(checked->document, root, "start"),
		      "'start' must be a time such as 2026-09-10T00:00:00Z, from 1970 to 2200");
	for (size_t i = 0; i < scenario->station_count; i++)
		if (scenario->stations[i].name && strlen(scenario->stations[i].name) > STATION_MOST)
			FAULT(checked, element(checked, root, "stations", i),
			      "a station's name has at most %d characters: a TAG block carries it",
			      STATION_MOST);
	for (size_t i = 1; i < scenario->mark_count; i++)
		if (scenario->marks[i].at_ns < scenario->marks[i - 1].at_ns)
			FAULT(checked, element(checked, root, "marks", i),
			      "marks are in the order of their 'at_s'");
	for (size_t i = 0; i < scenario->device_count; i++)
		check_device(checked, i);
}

/* What is the same as if it had been written. */
static void complete(struct weir_scenario *scenario)
{
	if (scenario->station_count == 0) {
		scenario->stations = weir_block_alloc(&scenario->memory, sizeof *scenario->stations);
		scenario->station_count = 1;
	}
	for (size_t i = 0; i < scenario->device_count; i++) {
		struct weir_scenario_device *device = &scenario->devices[i];
		if (!device->has_until || device->until_ns > scenario->duration_ns)
			device->until_ns = scenario->duration_ns;
		if (!device->has_status && device->class == WEIR_SCENARIO_SART)
			device->nav_status = 14;
	}
}

int weir_scenario_load(struct weir_scenario **out, const char *file, struct weir_problems *problems)
{
	struct weir_scenario *scenario = calloc(1, sizeof *scenario);
	size_t before = problems->count;
	struct weir_document document = {0};

	if (!scenario)
		return -ENOMEM;
	int error = weir_document_load(&document, file, problems);
	if (!error) {
		weir_schema_read(root_keys, &document, scenario, &scenario->memory, problems);
		/* With lists that could not be read, places would be looked for in vain. */
		if (problems->count == before)
			check(&(struct checked){scenario, &document, problems});
		error = problems->count == before ? 0 : -EINVAL;
	}
	weir_document_clear(&document);
	if (error) {
		weir_scenario_free(scenario);
		return error;
	}
	complete(scenario);
	*out = scenario;
	return 0;
}

void weir_scenario_free(struct weir_scenario *scenario)
{
	if (!scenario)
		return;
	weir_blocks_free(scenario->memory);
	free(scenario);
}
