/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One row a field, in the order of gpsd's JSON. They append to `to`; where a row has two forms, `scaled`
 * chooses. A comma and the name come first: the line's beginning has been written.
 */
#ifndef WEIR_DECODE_GPSD_ROWS_H
#define WEIR_DECODE_GPSD_ROWS_H

#include "decode/gpsd_legends.h"
#include "decode/gpsd_text.h"

#define NAME(name) GPSD_PUT(to, ",\"" name "\":")
#define UINT(name, value) (NAME(name), to = gpsd_unsigned(to, value))
#define SINT(name, value) (NAME(name), to = gpsd_signed(to, value))
#define BOOL(name, value) (NAME(name), to = gpsd_bool(to, value))
#define TEXT(name, value) (NAME(name), to = gpsd_text(to, value))
#define LEGEND(name, value) (NAME(name), to = gpsd_legend(to, value))
#define DATA(name, value, bits) (NAME(name), to = gpsd_data(to, value, bits))
#define SCALED(name, form, value) (NAME(name), to = scaled ? form(to, value) : gpsd_signed(to, value))
#define TENTHS(name, value) SCALED(name, gpsd_tenths, value)
#define FINE(name, value) SCALED(name, gpsd_fine, value)
#define DIMENSIONS(fields)                                                                                   \
	(UINT("to_bow", (fields)->to_bow), UINT("to_stern", (fields)->to_stern),                             \
	 UINT("to_port", (fields)->to_port), UINT("to_starboard", (fields)->to_starboard))
#define EPFD(fields) (UINT("epfd", (fields)->epfd), LEGEND("epfd_text", &gpsd_epfd[(fields)->epfd]))
#define SHIP_TYPE(fields)                                                                                    \
	(UINT("shiptype", (fields)->ship_type), LEGEND("shiptype_text", gpsd_ship_type((fields)->ship_type)))

#endif
