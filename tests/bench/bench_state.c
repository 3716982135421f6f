/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long the engine pauses for its state to be saved, how long that is, and how long restoring takes, with
 * 50,000 ships that move within the area, each with its static data, each in a fence, a third of them with an
 * alert raised. Beside it a copy of as many bytes, which is what saving can't be cheaper than.
 */
#include <string.h>

#include <weir/encode.h>
#include <weir/engine.h>

#include "fence_text.h"
#include "polygons.h"
#include "stopwatch.h"

#define DEVICES 50000
#define SECOND INT64_C(1000000000)
#define START (INT64_C(1789000000) * SECOND)

static void feed(struct weir_engine *engine, const struct weir_ais *ais, int64_t time_ns)
{
	char text[WEIR_AIS_SENTENCES_MAX];
	int length = weir_ais_sentences(ais, NULL, text, sizeof(text));

	if (length < 0)
		abort();
	weir_engine_feed(engine, &(struct weir_datagram){.bytes = (const uint8_t *)text,
	                                                 .length = (uint32_t)length,
	                                                 .received_ns = time_ns});
}

static void feed_ship(struct weir_engine *engine, uint32_t ship, uint64_t *state)
{
	double x = random_between(state, 0.1, 9.9), y = random_between(state, 0.1, 9.9);
	struct weir_ais name = {.type = 5, .layout = WEIR_AIS_LAYOUT_static_a, .mmsi = 200000000 + ship};
	struct weir_ais place = {.type = 1, .layout = WEIR_AIS_LAYOUT_position_a, .mmsi = 200000000 + ship};

	snprintf(name.static_a.name, sizeof(name.static_a.name), "SHIP %u", ship);
	place.position_a.latitude = (int32_t)(y * 600000);
	place.position_a.sog = ship % 3 == 0 ? 200 : 90;
	for (int n = 0; n < 5; n++) {
		place.position_a.longitude = (int32_t)((x + n * 0.0005) * 600000);
		feed(engine, &place, START + (int64_t)n * 10 * SECOND + ship);
	}
	feed(engine, &name, START + 40 * SECOND + ship);
}

static struct weir_engine *engine_of(struct weir_fences *fences)
{
	const struct weir_engine_options options = {.fences = fences, .duplicate_window_ns = 10 * SECOND};
	struct weir_engine_sink sink = {0};
	struct weir_engine *engine = NULL;

	if (weir_engine_new(&engine, &options, &sink) != 0)
		abort();
	return engine;
}

int main(void)
{
	static const char fence[] =
	        "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[{\"rule\":\"enter\"},"
	        "{\"rule\":\"speed\",\"max_sog_kn\":12}]},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
	        "[[[0,0],[11,0],[11,11],[0,11],[0,0]]]}}";
	struct weir_fences *fences = fences_of(fence);
	struct weir_engine *engine = engine_of(fences), *other = NULL;
	double saving[BENCH_RUNS], copying[BENCH_RUNS], restoring[BENCH_RUNS];
	uint64_t state = 1;
	char why[256] = "";

	for (uint32_t ship = 0; ship < DEVICES; ship++)
		feed_ship(engine, ship, &state);
	size_t length = weir_engine_save(engine, NULL, 0);
	uint8_t *bytes = malloc(length), *copy = malloc(length);
	memset(bytes, 1, length);
	memset(copy, 1, length);
	for (int run = 0; run < BENCH_RUNS; run++) {
		double before = cpu_seconds();
		weir_engine_save(engine, bytes, length);
		saving[run] = cpu_seconds() - before;
		before = cpu_seconds();
		memcpy(copy, bytes, length);
		copying[run] = cpu_seconds() - before;
		other = engine_of(fences);
		before = cpu_seconds();
		if (weir_engine_restore(other, bytes, length, 0, why, sizeof(why)) != 0)
			abort();
		restoring[run] = cpu_seconds() - before;
		weir_engine_free(other);
	}
	const struct weir_engine_counters *c = weir_engine_counters(engine);
	printf("# %llu devices, %llu with static data, %llu alerts raised\n", (unsigned long long)c->devices,
	       (unsigned long long)c->statics,
	       (unsigned long long)c->alerts[WEIR_RULE_SPEED][WEIR_PHASE_RAISE]);
	printf("state      %8.1f MB, %.0f bytes a device\n", (double)length / 1e6, (double)length / DEVICES);
	printf("save       %8.2f ms\n", median(saving, BENCH_RUNS) * 1e3);
	printf("copy       %8.2f ms\n", median(copying, BENCH_RUNS) * 1e3);
	printf("restore    %8.2f ms\n", median(restoring, BENCH_RUNS) * 1e3);
	weir_engine_free(engine);
	weir_fences_free(fences);
	free(bytes);
	free(copy);
	return 0;
}
