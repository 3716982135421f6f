/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The names of what a report says.
 */
#include <weir/report.h>

#include <stddef.h>

static const char *const class_names[] = {
        [WEIR_CLASS_A] = "A",
        [WEIR_CLASS_B] = "B",
        [WEIR_CLASS_BASE] = "base",
        [WEIR_CLASS_ATON] = "aton",
        [WEIR_CLASS_AIRCRAFT] = "aircraft",
        [WEIR_CLASS_GPS] = "gps",
        [WEIR_CLASS_OTHER] = "other",
};

_Static_assert(sizeof(class_names) / sizeof(class_names[0]) == WEIR_CLASSES, "each class has a name");

const char *weir_class_name(enum weir_class station_class)
{
	return (unsigned int)station_class < WEIR_CLASSES ? class_names[station_class]
	                                                  : class_names[WEIR_CLASS_OTHER];
}
