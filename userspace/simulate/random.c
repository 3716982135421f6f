/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The generator is xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * 2018), seeded by splitmix64 as its authors advise.
 */
#include "random.h"

#include <math.h>

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void weir_random_seed(struct weir_random *random, uint64_t seed)
{
	for (unsigned int i = 0; i < 4; i++)
		random->state[i] = splitmix(&seed);
}

static uint64_t rotate_left(uint64_t value, unsigned int bits)
{
	return value << bits | value >> (64 - bits);
}

uint64_t weir_random_next(struct weir_random *random)
{
	uint64_t *s = random->state;
	uint64_t result = rotate_left(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate_left(s[3], 45);
	return result;
}

uint32_t weir_random_below(struct weir_random *random, uint32_t bound)
{
	return (uint32_t)((weir_random_next(random) >> 32) * bound >> 32);
}

/* 53 bits: all that a double holds below 1. */
static double unit(struct weir_random *random)
{
	return (double)(weir_random_next(random) >> 11) * 0x1.0p-53;
}

double weir_random_between(struct weir_random *random, double low, double high)
{
	return low + (high - low) * unit(random);
}

double weir_random_normal(struct weir_random *random)
{
	/* Box and Muller, 1958. The first number must not be 0. */
	double radius = sqrt(-2.0 * log(1.0 - unit(random)));

	return radius * cos(2.0 * M_PI * unit(random));
}

bool weir_random_chance(struct weir_random *random, double probability)
{
	return unit(random) < probability;
}
