/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a device of a scenario says: its state as sentences, one a line. When it says it, and who hears it, is
 * decided in play.c.
 */
#ifndef WEIR_SCENARIO_UTTERANCE_H
#define WEIR_SCENARIO_UTTERANCE_H

#include <stddef.h>
#include <stdint.h>

#include "scenario/track.h"

/* Enough for message 24 in two parts, each a sentence, and for message 5 in two. */
#define WEIR_UTTERANCE_MAX 512

/*
 * Both write complete sentences, each with its line end, and a NUL; channel is 'A' or 'B', sequence 0 to 9.
 * Return the length, or a negative errno of the encoder. time_ns: Unix time.
 */
int weir_utter_position(const struct weir_scenario_device *device, const struct weir_track_state *state,
                        int64_t time_ns, char channel, char out[WEIR_UTTERANCE_MAX]);
int weir_utter_static(const struct weir_scenario_device *device, char channel, uint8_t sequence,
                      char out[WEIR_UTTERANCE_MAX]);

/* What a transmitter for distress says beside its positions (ITU-R M.1371-5, message 14). */
int weir_utter_text(const struct weir_scenario_device *device, const struct weir_track_state *state,
                    char channel, char out[WEIR_UTTERANCE_MAX]);

#endif
