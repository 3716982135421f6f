/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages to gpsd's JSON, from behind "scaled" up to the closing brace, which they leave out.
 */
#ifndef WEIR_DECODE_GPSD_TYPES_H
#define WEIR_DECODE_GPSD_TYPES_H

#include <stdbool.h>
#include <weir/ais.h>

/* Positions and static data: what most messages are. */
char *gpsd_position_a(char *to, const struct weir_ais_position_a *fields, bool scaled);
char *gpsd_position_b(char *to, const struct weir_ais_position_b *fields, bool scaled);
char *gpsd_base_station(char *to, const struct weir_ais_base_station *fields, bool scaled);
char *gpsd_static_a(char *to, const struct weir_ais_static_a *fields, bool scaled);
char *gpsd_extended_b(char *to, const struct weir_ais_extended_b *fields, bool scaled);
char *gpsd_aid(char *to, const struct weir_ais_aid *fields, bool scaled);
char *gpsd_details_b(char *to, const struct weir_ais *ais);

/* All others. */
char *gpsd_rare(char *to, const struct weir_ais *ais, bool scaled);

#endif
