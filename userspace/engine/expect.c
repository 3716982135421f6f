/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking ahead: what datagrams that are still to be fed will need is fetched step by step, each some
 * datagrams after the one before, so that no step waits for memory. See <weir/engine.h>.
 */
#include "decode/decoder.h"
#include "engine/engine.h"

/* Of four steps, the last is done three datagrams before it is of use. */
#define STRIDE 3
_Static_assert((WEIR_FETCH_STEPS - 1) * STRIDE < WEIR_ENGINE_AHEAD, "all steps have been done in time");
_Static_assert(WEIR_ENGINE_AHEAD <= WEIR_COMING_KEPT, "a step finds what it continues");

static struct weir_coming *coming_at(struct weir_engine *engine, uint32_t number)
{
	return &engine->coming[number % WEIR_COMING_KEPT];
}

void weir_engine_expect(struct weir_engine *engine, const struct weir_datagram *datagram)
{
	uint32_t number = engine->expected++;
	struct weir_coming *coming = coming_at(engine, number);
	struct weir_glance glance;

	coming->device = 0;
	if (weir_decoder_glance(engine->decoder, datagram, &glance)) {
		struct weir_bits bits = {.bytes = glance.bits, .count = glance.count};

		*coming = (struct weir_coming){
		        .device = glance.mmsi,
		        .has_position = glance.has_position,
		        .longitude_deg = glance.longitude_deg,
		        .latitude_deg = glance.latitude_deg,
		        .said = weir_said_by(&bits),
		};
	}
	for (int step = 0; step < WEIR_FETCH_STEPS; step++)
		weir_detect_fetch(engine->detect, coming_at(engine, number - (uint32_t)step * STRIDE), step);
}
