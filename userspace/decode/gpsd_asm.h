/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpsd's JSON of application specific messages. Each table of texts covers its field's whole range.
 */
#ifndef WEIR_DECODE_GPSD_ASM_H
#define WEIR_DECODE_GPSD_ASM_H

#include <stdbool.h>
#include <weir/asm.h>

#include "decode/gpsd_text.h"

/* The fields of an application, from behind "fid" on; NULL where gpsd prints the data in hexadecimal. */
char *gpsd_asm_addressed(char *to, const struct weir_asm *application, bool scaled);
char *gpsd_asm_broadcast(char *to, const struct weir_asm *application, bool scaled);

/* Those that fill a file of their own. */
char *gpsd_weather_236(char *to, const struct weir_asm_weather_236 *fields, bool scaled);
char *gpsd_weather_289(char *to, const struct weir_asm_weather_289 *fields, bool scaled);
char *gpsd_berthing(char *to, const struct weir_asm_berthing *fields, bool scaled);
char *gpsd_route(char *to, const struct weir_asm_route *fields, bool scaled);

extern const struct gpsd_legend gpsd_signals[32];
extern const struct gpsd_legend gpsd_routes[32];
extern const struct gpsd_legend gpsd_id_types[4];
extern const struct gpsd_legend gpsd_racon[4];
extern const struct gpsd_legend gpsd_light[4];
extern const struct gpsd_legend gpsd_lock_status[4];
extern const struct gpsd_legend gpsd_berth_positions[8];
extern const struct gpsd_legend gpsd_trends[4];
extern const struct gpsd_legend gpsd_precipitation[8];
extern const struct gpsd_legend gpsd_ice[4];
extern const struct gpsd_legend gpsd_hazards[8];
extern const struct gpsd_legend gpsd_loads[4];
extern const struct gpsd_legend gpsd_warnings[16];
extern const struct gpsd_legend gpsd_intensities[4];
extern const struct gpsd_legend gpsd_winds[16];
extern const struct gpsd_legend gpsd_directions[8];

const struct gpsd_legend *gpsd_inland_ship(uint32_t ship_type);
const struct gpsd_legend *gpsd_signal_lights(uint32_t status);

#endif
