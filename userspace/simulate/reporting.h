/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often a station reports: the intervals of ITU-R M.1371-5, annex 1, tables 1 and 2.
 *
 * Not here: the slots of TDMA. A report is due an interval after the last, give or take what a station
 * moves it to find a free slot.
 */
#ifndef WEIR_SIMULATE_REPORTING_H
#define WEIR_SIMULATE_REPORTING_H

#include <stdbool.h>
#include <stdint.h>

/* Static and voyage related data of both classes (annex 1, 4.2.1). */
#define WEIR_STATIC_INTERVAL_S 360.0

/* Base stations and aids to navigation (table 2). */
#define WEIR_BASE_INTERVAL_S 10.0
#define WEIR_ATON_INTERVAL_S 180.0

/* Navigational status (table 45) as far as it matters here. */
#define WEIR_STATUS_UNDER_WAY 0
#define WEIR_STATUS_AT_ANCHOR 1
#define WEIR_STATUS_RESTRICTED 3
#define WEIR_STATUS_MOORED 5
#define WEIR_STATUS_FISHING 7
#define WEIR_STATUS_NOT_DEFINED 15

/* Table 1: class A. */
double weir_reporting_interval_a_s(uint8_t nav_status, double sog_kn, double turn_deg_min);

/* Table 2: class B, carrier sense. */
double weir_reporting_interval_b_s(double sog_kn);

#endif
