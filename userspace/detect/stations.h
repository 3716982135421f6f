/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of stations, each kept once, by number: many devices are heard by the same few. A name stays for
 * as long as somebody uses it and until another needs its place. Names are of the senders' choosing: where a
 * name finds no place that is free of users, it is not kept; the stations that are in use are not displaced.
 *
 * Fixed size, whatever is sent: a name belongs to one of many sets by its hash, and a set has eight places.
 */
#ifndef WEIR_STATIONS_H
#define WEIR_STATIONS_H

#include <stdint.h>

#include <weir/decode.h>

#define WEIR_STATION_SIZE sizeof(((struct weir_message *)0)->station)

/* A thousand stations, more than any network of receivers in one gateway, find a set full once in a million.
 */
#define WEIR_STATION_SETS 1024
#define WEIR_STATION_WAYS 8
#define WEIR_NO_STATION UINT16_MAX

struct weir_stations {
	struct weir_station_set {
		char names[WEIR_STATION_WAYS][WEIR_STATION_SIZE]; /* zero behind their ends */
		uint32_t users[WEIR_STATION_WAYS];                /* 0: the place may be taken */
	} * sets;
};

/* Returns 0 or -ENOMEM. */
int weir_stations_new(struct weir_stations *stations);

/* The number of a name, which has a user more then; WEIR_NO_STATION where there is no room. */
uint16_t weir_stations_use(struct weir_stations *stations, const char *name);

/* It has one less. */
void weir_stations_leave(struct weir_stations *stations, uint16_t number);

/* Of a number that is in use; valid until it is no longer. */
const char *weir_stations_name(const struct weir_stations *stations, uint16_t number);

void weir_stations_clear(struct weir_stations *stations);

#endif
