/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The identifiers of windows: 128 bits of XXH3 (seed 0), computed from the input alone, so that a window that
 * is told again, after a restart or from an archive, is known as the same. Over these bytes, in this order,
 * integers little-endian:
 *
 *     "weir.window.1" NUL    of a window; "weir.density.1" NUL of the alert that a window of density raised
 *     fence     its id, NUL
 *     window    i64, ns
 *     slide     i64, ns
 *     start     i64, Unix ns
 *
 * And 64 bits of the same over what was counted, so that two results of one window are one message where they
 * say the same, and two where they do not: for all devices and for each class devices, enters, exits (u32),
 * fixes, those with a speed (u64), the mean and the maximum (i64, thousandths of a knot; 0 without a speed);
 * then u8 1 where it is partial, 2 where devices found no room, 3 for both.
 */
#include <math.h>

#include "detect/input_hash.h"
#include "detect/state.h"

void weir_window_id_bytes(uint8_t bytes[WEIR_ALERT_ID_BYTES], const struct weir_series *series,
                          const char *fence, int64_t start_ns)
{
	XXH3_state_t state;

	XXH3_128bits_reset(&state);
	weir_hash_text(&state, series->is_density ? "weir.density.1" : "weir.window.1");
	weir_hash_text(&state, fence);
	weir_hash_number(&state, series->shape.window_ns, 8);
	weir_hash_number(&state, series->shape.slide_ns, 8);
	weir_hash_number(&state, start_ns, 8);
	weir_hash_end(&state, bytes, WEIR_ALERT_ID_BYTES);
}

static void hash_counts(XXH3_state_t *state, const struct weir_window_counts *counts)
{
	weir_hash_number(state, counts->devices, 4);
	weir_hash_number(state, counts->enters, 4);
	weir_hash_number(state, counts->exits, 4);
	weir_hash_number(state, (int64_t)counts->fixes, 8);
	weir_hash_number(state, (int64_t)counts->sog_fixes, 8);
	weir_hash_number(state, llround(counts->mean_sog_kn * 1000), 8);
	weir_hash_number(state, llround(counts->max_sog_kn * 1000), 8);
}

void weir_window_identify(struct weir_window_result *result, const struct weir_series *series)
{
	uint8_t id[WEIR_ALERT_ID_BYTES], content[(WEIR_CONTENT_ID_SIZE - 1) / 2];
	XXH3_state_t state;

	weir_window_id_bytes(id, series, result->fence, result->start_ns);
	weir_alert_id_text(result->id, id);
	XXH3_128bits_reset(&state);
	hash_counts(&state, &result->all);
	for (int i = 0; i < WEIR_CLASSES; i++)
		hash_counts(&state, &result->classes[i]);
	weir_hash_number(&state, result->partial + 2 * result->overflowed, 1);
	weir_hash_end(&state, content, sizeof(content));
	weir_id_text(result->content, content, sizeof(content));
}
