/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When and by whom a sentence was heard, as far as its wrapping says.
 */
#ifndef WEIR_DECODE_STAMP_H
#define WEIR_DECODE_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include <weir/decode.h>

#define NS_PER_SECOND INT64_C(1000000000)

struct stamp {
	int64_t time_ns;
	uint8_t time_source;    /* enum weir_time_source; WEIR_TIME_RECEIVED: the wrapping has no time */
	uint8_t station_source; /* enum weir_time_source; of no meaning without a station */
	char station[sizeof(((struct weir_message *)0)->station)]; /* "": none */
};

/* Takes over from a stamp of lower rank what stamp itself lacks. */
static inline void stamp_complete(struct stamp *stamp, const struct stamp *lower)
{
	if (stamp->time_source == WEIR_TIME_RECEIVED) {
		stamp->time_source = lower->time_source;
		stamp->time_ns = lower->time_ns;
	}
	if (stamp->station[0] == '\0') {
		stamp->station_source = lower->station_source;
		__builtin_memcpy(stamp->station, lower->station, sizeof(stamp->station));
	}
}

/* Is its time further than the bound from the time of reception? A bound of 0 is none. */
static inline bool stamp_is_off(const struct stamp *stamp, int64_t received_ns, int64_t bound_ns)
{
	int64_t difference;

	if (bound_ns == 0 || stamp->time_source == WEIR_TIME_RECEIVED)
		return false;
	return __builtin_sub_overflow(stamp->time_ns, received_ns, &difference) || difference > bound_ns ||
	       difference < -bound_ns;
}

/* Copies a name, cut to what fits. Only printable ASCII reaches this: framing has seen to it. */
static inline void stamp_station(struct stamp *stamp, enum weir_time_source source, const uint8_t *text,
                                 uint32_t length)
{
	if (length > sizeof(stamp->station) - 1)
		length = sizeof(stamp->station) - 1;
	stamp->station_source = (uint8_t)(length > 0 ? source : WEIR_TIME_RECEIVED);
	__builtin_memset(stamp->station, 0, sizeof(stamp->station));
	__builtin_memcpy(stamp->station, text, length);
}

#endif
