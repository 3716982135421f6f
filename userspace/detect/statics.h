/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The static data of devices: name, type, size, voyage. Kept for every device that was heard, followed
 * or not, since static data passes the prefilter always and a ship's name is wanted as soon as it
 * arrives. Fixed size: when it is full, the data that was heard the longest ago gives way, in the order
 * of the input and not by any clock. What the engine ignores never gets here.
 *
 * GPS devices have no static data, and an id that their key does not tell: it is kept here in its place, in a
 * slot that is not to be found and that nothing displaces.
 */
#ifndef WEIR_STATICS_H
#define WEIR_STATICS_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/event.h>
#include <weir/report.h>

#include "detect/keymap.h"

#define WEIR_HAS_STATIC                                                                                      \
	(WEIR_HAS_NAME | WEIR_HAS_CALL_SIGN | WEIR_HAS_SHIP_TYPE | WEIR_HAS_DIMENSIONS | WEIR_HAS_IMO |      \
	 WEIR_HAS_DESTINATION | WEIR_HAS_DRAUGHT | WEIR_HAS_ETA)

struct weir_static {
	int64_t time_ns; /* of the latest report that said something */
	uint32_t mmsi;
	uint32_t newer, older;  /* slots, in the order in which they were heard */
	uint16_t has, reserved; /* enum weir_report_has, of WEIR_HAS_STATIC */
	uint32_t imo;
	float draught_m;
	uint16_t to_bow_m, to_stern_m;
	uint8_t to_port_m, to_starboard_m;
	uint8_t ship_type;
	uint8_t station_class, message;
	uint8_t eta_month, eta_day, eta_hour, eta_minute;
	char name[36];
	char call_sign[8];
	char destination[21];
};

struct weir_statics {
	struct weir_static *slots;
	struct weir_keymap map;
	uint32_t capacity, count; /* count: of devices with static data */
	uint32_t fresh;           /* the first slot that was never taken */
	uint32_t free;            /* the first one that was given back, which leads on by its `older` */
	uint32_t newest, oldest;
	uint64_t displaced;
};

enum weir_static_news { WEIR_STATIC_LATE, WEIR_STATIC_SAME, WEIR_STATIC_CHANGED };

/* Returns 0 or -ENOMEM. */
int weir_statics_new(struct weir_statics *statics, uint32_t capacity);

/* The slot of a device, or WEIR_NO_SLOT. `hint` is where it was found before, or WEIR_NO_SLOT. */
uint32_t weir_statics_find(const struct weir_statics *statics, uint32_t mmsi, uint32_t hint);

/*
 * Takes in what a report says. Where there is no room, the oldest goes; where all room is taken by ids, it is
 * displaced at once.
 */
enum weir_static_news weir_statics_learn(struct weir_statics *statics, const struct weir_report *report,
                                         int64_t time_ns);

/*
 * Adds what was kept elsewhere, as the newest; false: there is static data of that MMSI already. Where there
 * is no room, the oldest goes.
 */
bool weir_statics_add(struct weir_statics *statics, const struct weir_static *known);

/*
 * A slot for an id, for as long as it is not given back: static data gives way to it. There are at
 * most `capacity` of them. Its `has` is 0.
 */
uint32_t weir_statics_take(struct weir_statics *statics, const char id[WEIR_ID_SIZE]);
void weir_statics_give_back(struct weir_statics *statics, uint32_t slot);

/* A report that holds all that is known and nothing else. */
void weir_static_report(const struct weir_static *known, struct weir_report *report);

void weir_statics_clear(struct weir_statics *statics);

#endif
