/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which stations heard the latest position of a device: kept until the next one, which tells them.
 */
#include <string.h>

#include "detect/state.h"

void weir_stations_recall(const struct weir_detect *detect, const struct weir_device *device,
                          struct weir_passage *passage)
{
	const struct weir_stations *stations = &detect->stations[device - detect->devices];

	if (device->heard_by < 2)
		return;
	passage->heard_by_count = device->heard_by;
	for (size_t i = 0; i < device->heard_by; i++)
		passage->heard_by[i] = stations->names[i];
}

void weir_stations_add(struct weir_detect *detect, struct weir_device *device, const char *source)
{
	struct weir_stations *stations = &detect->stations[device - detect->devices];
	size_t length = strnlen(source, WEIR_STATION_SIZE - 1);

	if (length == 0 || device->heard_by == WEIR_HEARD_BY_MAX)
		return;
	for (uint8_t i = 0; i < device->heard_by; i++)
		if (strncmp(stations->names[i], source, WEIR_STATION_SIZE - 1) == 0)
			return;
	char *name = stations->names[device->heard_by++];
	memcpy(name, source, length);
	name[length] = '\0';
}

void weir_stations_begin(struct weir_detect *detect, struct weir_device *device,
                         const struct weir_passage *passage)
{
	device->heard_by = 0;
	if (!passage->has_hash) /* nothing will be added */
		return;
	device->said = passage->hash;
	weir_stations_add(detect, device, passage->source);
}
