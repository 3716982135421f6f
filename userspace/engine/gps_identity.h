/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who sent a GPS fix: the name and the key of the device. <weir/engine.h> says by which rules names are
 * given, <weir/device.h> what keys are made of.
 */
#ifndef WEIR_ENGINE_GPS_IDENTITY_H
#define WEIR_ENGINE_GPS_IDENTITY_H

#include <stdint.h>

#include <weir/engine.h>

struct weir_gps_names; /* the configured ones */

/* Copies. Returns 0, -ENOMEM, or -EINVAL for an id that is none, a sender named twice, or too many. */
int weir_gps_names_new(struct weir_gps_names **out, const struct weir_gps_device *devices, uint32_t count);
void weir_gps_names_free(struct weir_gps_names *names);

struct weir_gps_identity {
	uint64_t device;
	char id[WEIR_ID_SIZE];
};

/* The key. station: of the TAG block, "" where there is none. */
uint64_t weir_gps_device(const struct weir_gps_names *names, const char *station,
                         const struct weir_address *sender);

/* The key and the name. */
void weir_gps_identify(struct weir_gps_identity *out, const struct weir_gps_names *names, const char *station,
                       const struct weir_address *sender);

#endif
