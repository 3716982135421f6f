/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which stations heard the latest position of a device: kept until the next one, which tells them.
 */
#include "detect/state.h"

void weir_heard_by_recall(const struct weir_detect *detect, const struct weir_device *device,
                          struct weir_passage *passage)
{
	if (device->heard_by < 2)
		return;
	passage->heard_by_count = device->heard_by;
	for (size_t i = 0; i < device->heard_by; i++)
		passage->heard_by[i] = weir_stations_name(&detect->stations, device->stations[i]);
}

void weir_heard_by_add(struct weir_detect *detect, struct weir_device *device, const char *source)
{
	if (source[0] == '\0' || device->heard_by == WEIR_HEARD_BY_MAX)
		return;
	uint16_t station = weir_stations_use(&detect->stations, source);

	if (station == WEIR_NO_STATION) {
		detect->counters.stations_untracked++;
		return;
	}
	for (uint8_t i = 0; i < device->heard_by; i++) {
		if (device->stations[i] == station) {
			weir_stations_leave(&detect->stations, station);
			return;
		}
	}
	device->stations[device->heard_by++] = station;
}

void weir_heard_by_forget(struct weir_detect *detect, struct weir_device *device)
{
	while (device->heard_by > 0)
		weir_stations_leave(&detect->stations, device->stations[--device->heard_by]);
}

void weir_heard_by_begin(struct weir_detect *detect, struct weir_device *device,
                         const struct weir_passage *passage)
{
	weir_heard_by_forget(detect, device);
	if (!passage->has_hash) /* nothing will be added */
		return;
	device->said = passage->hash;
	weir_heard_by_add(detect, device, passage->source);
}
