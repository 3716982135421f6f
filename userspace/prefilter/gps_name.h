/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the program is told of the GPS devices that the configuration names: a key by a sender.
 */
#ifndef WEIR_PREFILTER_GPS_NAME_H
#define WEIR_PREFILTER_GPS_NAME_H

#include <stdio.h>
#include <string.h>

#include <weir/device.h>
#include <weir/engine.h>
#include <weir/prefilter.h>

_Static_assert(WEIR_GPS_NAMES_MAX == WEIR_GPS_DEVICES_MAX, "room for each");

/* Returns the key by which the engine knows the device. */
static inline uint64_t weir_gps_name(struct weir_gps_sender *sender, const struct weir_gps_device *device)
{
	char name[WEIR_ID_SIZE] = "";
	__u64 words[WEIR_DEVICE_NAME_WORDS];

	*sender = (struct weir_gps_sender){.port = device->sender.port};
	memcpy(sender->ip, device->sender.ip, sizeof(sender->ip));
	snprintf(name, sizeof(name), "%s", device->id);
	memcpy(words, name, sizeof(words));
	return weir_device_of_name(words);
}

#endif
