/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What became of an input, for a person: a line for each counter that is not zero.
 */
#ifndef WEIR_CLI_STATS_H
#define WEIR_CLI_STATS_H

#include <stdint.h>
#include <stdio.h>

#include <weir/engine.h>

void stats_count(FILE *out, const char *group, const char *name, uint64_t count);

void stats_decode(FILE *out, const struct weir_decode_counters *counters);
void stats_engine(FILE *out, const struct weir_engine_counters *counters);

#endif
