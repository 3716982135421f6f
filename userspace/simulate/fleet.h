/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fleet: so many vessels on the waters of the port, of kinds and with purposes in the shares that such
 * a port sees. It decides who does what; how they move is the vessels' own affair.
 */
#ifndef WEIR_SIMULATE_FLEET_H
#define WEIR_SIMULATE_FLEET_H

#include <stddef.h>
#include <stdint.h>

#include "vessel.h"

#define WEIR_FLEET_MAX 100000

struct weir_fleet;

/*
 * The same count, seed and time give the same fleet. start_ns (Unix time) is what expected times of arrival
 * are reckoned from. Returns 0, -ENOMEM, or -EINVAL for a count of 0 or above WEIR_FLEET_MAX.
 */
int weir_fleet_new(struct weir_fleet **out, size_t count, uint64_t seed, int64_t start_ns);

size_t weir_fleet_count(const struct weir_fleet *fleet);
struct weir_vessel *weir_fleet_vessel(struct weir_fleet *fleet, size_t index);

/* The vessel has left the picture: another one takes its place at the beginning of the same voyage. */
void weir_fleet_replace(struct weir_fleet *fleet, size_t index);

/* Takes NULL. */
void weir_fleet_free(struct weir_fleet *fleet);

#endif
