/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is due when: a binary heap of a fixed size whose earliest entry is at hand. Entries of the same
 * time come in the order of their numbers, so that the order never depends on chance.
 */
#ifndef WEIR_SIMULATE_TIMETABLE_H
#define WEIR_SIMULATE_TIMETABLE_H

#include <stddef.h>
#include <stdint.h>

struct weir_due {
	int64_t time_ns;
	uint32_t number;
};

struct weir_timetable;

/* Returns 0 or -ENOMEM. */
int weir_timetable_new(struct weir_timetable **out, size_t capacity);

/* There must be room. */
void weir_timetable_add(struct weir_timetable *timetable, struct weir_due due);

/* The earliest; there must be one. */
struct weir_due weir_timetable_first(const struct weir_timetable *timetable);

/* Gives the earliest another time. */
void weir_timetable_move_first(struct weir_timetable *timetable, int64_t time_ns);

/* Takes NULL. */
void weir_timetable_free(struct weir_timetable *timetable);

#endif
