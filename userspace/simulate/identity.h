/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Invented identities: name, MMSI with a real country code, call sign with that country's prefix, IMO
 * number with its check digit, and dimensions that suit the type. Any likeness to a ship afloat is chance.
 */
#ifndef WEIR_SIMULATE_IDENTITY_H
#define WEIR_SIMULATE_IDENTITY_H

#include "random.h"
#include "vessel.h"

enum weir_vessel_kind {
	WEIR_VESSEL_CONTAINER,
	WEIR_VESSEL_CARGO,
	WEIR_VESSEL_COASTER,
	WEIR_VESSEL_TANKER,
	WEIR_VESSEL_FERRY,
	WEIR_VESSEL_BARGE,
	WEIR_VESSEL_TUG,
	WEIR_VESSEL_PILOT,
	WEIR_VESSEL_DREDGER,
	WEIR_VESSEL_PATROL,
	WEIR_VESSEL_FISHING,
	WEIR_VESSEL_CREW_BOAT,
	WEIR_VESSEL_YACHT, /* class B */
	WEIR_VESSEL_KINDS
};

/* Where names are taken from. */
enum weir_names { WEIR_NAMES_OCEAN, WEIR_NAMES_COAST, WEIR_NAMES_HARBOUR, WEIR_NAMES_YACHT, WEIR_NAMES };

/* Which identities have been given out: names and MMSIs are given once. Zero to begin. */
struct weir_register {
	uint32_t names[WEIR_NAMES];
	uint32_t vessels;
};

void weir_identity_invent(struct weir_identity *identity, enum weir_vessel_kind kind,
                          struct weir_register *given, struct weir_random *random);

/* The check digit of an IMO number of which the first six digits are given. */
uint32_t weir_imo_check_digit(uint32_t first_six);

#endif
