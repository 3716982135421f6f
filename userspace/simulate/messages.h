/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a vessel's transponder makes of the vessel: AIS messages, with the imprecision and the gaps of
 * real equipment.
 */
#ifndef WEIR_SIMULATE_MESSAGES_H
#define WEIR_SIMULATE_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/ais.h>

#include "random.h"
#include "vessel.h"

/* A transponder and its sensors. */
struct weir_transponder {
	bool has_heading;      /* a compass is connected */
	bool has_turn;         /* a rate of turn indicator */
	double position_fails; /* share of the reports without a position */
	double east_error_m, north_error_m;
	int64_t error_ns; /* when the errors were of that size */
	bool channel_b;   /* of the next message: channels alternate */
};

/* Equipment such as is found on vessels of that class and size. */
void weir_transponder_install(struct weir_transponder *transponder, const struct weir_identity *identity,
                              struct weir_random *random);

/* Messages 1 and 3 of class A, 18 of class B. */
void weir_message_position(struct weir_ais *ais, const struct weir_vessel *vessel,
                           struct weir_transponder *transponder, int64_t time_ns, struct weir_random *random);

/* Message 5. */
void weir_message_static_a(struct weir_ais *ais, const struct weir_identity *identity);

/* Message 24, part A and part B. */
void weir_message_static_b(struct weir_ais *name, struct weir_ais *details,
                           const struct weir_identity *identity);

#endif
