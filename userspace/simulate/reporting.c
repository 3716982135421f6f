/* SPDX-License-Identifier: BSD-2-Clause */
/* The intervals of tables 1 and 2, as conditions. */
#include "reporting.h"

#include <math.h>

/* Changing course: the heading differs by more than 5 degrees from its mean over 30 s (annex 2, 4.3.1). */
#define CHANGING_COURSE_DEG_MIN 10.0

double weir_reporting_interval_a_s(uint8_t nav_status, double sog_kn, double turn_deg_min)
{
	bool changing = fabs(turn_deg_min) > CHANGING_COURSE_DEG_MIN;
	bool lying = nav_status == WEIR_STATUS_AT_ANCHOR || nav_status == WEIR_STATUS_MOORED;

	if (lying)
		return sog_kn > 3.0 ? 10.0 : 180.0;
	if (sog_kn <= 14.0)
		return changing ? 10.0 / 3.0 : 10.0;
	if (sog_kn <= 23.0)
		return changing ? 2.0 : 6.0;
	return 2.0;
}

double weir_reporting_interval_b_s(double sog_kn)
{
	return sog_kn > 2.0 ? 30.0 : 180.0;
}
