/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The texts that gpsd's JSON gives for numbers. Each table covers its field's whole range, but for the ship
 * type, which has a function.
 */
#ifndef WEIR_DECODE_GPSD_LEGENDS_H
#define WEIR_DECODE_GPSD_LEGENDS_H

#include "decode/gpsd_text.h"

extern const struct gpsd_legend gpsd_status[16];
extern const struct gpsd_legend gpsd_epfd[16];
extern const struct gpsd_legend gpsd_ship_types[100];
extern const struct gpsd_legend gpsd_station_types[16];
extern const struct gpsd_legend gpsd_aid_types[32];

/* Degrees a minute in hundredths for a rate of turn of 0 to 126. */
extern const uint32_t gpsd_turn[127];

const struct gpsd_legend *gpsd_ship_type(uint32_t ship_type);

#endif
