/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random numbers that are the same for the same seed, on every machine: what makes a simulation
 * repeatable. Not for secrets.
 */
#ifndef WEIR_SIMULATE_RANDOM_H
#define WEIR_SIMULATE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct weir_random {
	uint64_t state[4];
};

void weir_random_seed(struct weir_random *random, uint64_t seed);

uint64_t weir_random_next(struct weir_random *random);

/* 0 to bound - 1; bound is at least 1. */
uint32_t weir_random_below(struct weir_random *random, uint32_t bound);

/* From low (included) to high (not included). */
double weir_random_between(struct weir_random *random, double low, double high);

/* Normally distributed: mean 0, standard deviation 1. */
double weir_random_normal(struct weir_random *random);

/* True with the given probability, 0 to 1. */
bool weir_random_chance(struct weir_random *random, double probability);

#endif
