/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What has been said a moment ago: the latest messages that were used, by a hash of what they say. A message
 * that several receivers heard, or that came on both channels, is found here at a cost that does not depend
 * on how many are kept: those whose hashes are alike lie side by side, in two lines of the processor's cache.
 *
 * Fixed size: a message displaces the one that was noted the longest ago among the eight of its set. Of the
 * latest 20,000 less than one in a million is lost so, of the latest 65,536 one in fifty.
 *
 * It knows no devices and no stations. What the engine ignores must not get here.
 */
#ifndef WEIR_DUPLICATES_H
#define WEIR_DUPLICATES_H

#include <stdbool.h>
#include <stdint.h>

/* 2,000 messages a second for ten seconds fill a sixth; three times what one AIS area can carry on both
 * channels is 225 a second. */
#define WEIR_DUPLICATES_SETS 16384
#define WEIR_DUPLICATES_WAYS 8

struct weir_duplicates {
	struct weir_said {
		uint64_t hash;
		int64_t time_ns;         /* INT64_MIN: none */
	} (*sets)[WEIR_DUPLICATES_WAYS]; /* each in the order of noting, the latest first */
	int64_t window_ns;               /* 0: nothing is kept */
};

/* window_ns 0: none. Returns 0 or -ENOMEM. */
int weir_duplicates_new(struct weir_duplicates *duplicates, int64_t window_ns);

/* Was it said less than the window before or after time_ns? */
bool weir_duplicates_has(const struct weir_duplicates *duplicates, uint64_t hash, int64_t time_ns);

/* Asks memory for where a message would be. */
void weir_duplicates_fetch(const struct weir_duplicates *duplicates, uint64_t hash);

/* Notes what is not there, or lies outside of the window. */
void weir_duplicates_note(struct weir_duplicates *duplicates, uint64_t hash, int64_t time_ns);

void weir_duplicates_clear(struct weir_duplicates *duplicates);

#endif
