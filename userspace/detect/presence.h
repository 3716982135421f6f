/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which fences a device is in, or about to be, or has just left. A presence belongs to one device and one
 * fence; those of a device form a list in the order of the fences. When one begins and ends is decided
 * in crossing.c.
 */
#ifndef WEIR_PRESENCE_H
#define WEIR_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

struct weir_presence {
	uint32_t next;    /* of the same device, or free */
	uint16_t fence;   /* below WEIR_FENCES_MAX */
	uint8_t fixes;    /* in a row that say the contrary of `inside` */
	bool inside : 1;  /* confirmed */
	bool left : 1;    /* has left, but lies at the border */
	bool no_room : 1; /* an alert found none: what would be due is not */
	bool initial : 1; /* began with the first fix of the device, or with the fence's schedule */
	int64_t since_ns; /* event time of its first fix inside */
	int32_t longitude, latitude; /* where it came to rest, 1e-7 degrees */
};

#endif
