/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long an engine that follows 50,000 devices pauses when its 10,000 fences are exchanged: for the same,
 * for as many of which one is another (so that half of all have other numbers), and where a rule has changed.
 * Between two exchanges other memory is used, so that the caches hold little of what is needed.
 */
#include <weir/encode.h>
#include <weir/engine.h>

#include "fence_text.h"
#include "polygons.h"
#include "stopwatch.h"

#define DEVICES 50000
#define FENCES 10000
#define SIDE 100
#define SECOND INT64_C(1000000000)
#define START (INT64_C(1789000000) * SECOND)
#define OTHER_MEMORY (64u << 20)

enum change { SAME, RENAMED, RETIMED };

static const char *const change_names[] = {"the same", "one is another", "one has another rule"};

static uint64_t alerts;

static void count_alert(void *context, const struct weir_event *event)
{
	(void)context;
	alerts += event->kind == WEIR_EVENT_ALERT;
}

/* Squares, each a tenth of a degree from the next; with a rule that something is due for. */
static struct weir_fences *make_fences(enum change change)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	fputs("{\"type\":\"FeatureCollection\",\"features\":[", file);
	for (int i = 0; i < FENCES; i++) {
		double x = i % SIDE * 0.1, y = (double)(i / SIDE) * 0.1;

		fprintf(file,
		        "%s{\"type\":\"Feature\",\"properties\":{\"id\":\"%s%05d\",\"rules\":[{\"rule\":"
		        "\"enter\"},{\"rule\":\"exit\"},{\"rule\":\"dwell\",\"dwell_s\":%d}]},\"geometry\":{"
		        "\"type\":\"Polygon\",\"coordinates\":[[[%g,%g],[%g,%g],[%g,%g],[%g,%g],[%g,%g]]]}}",
		        i == 0 ? "" : ",", change == RENAMED && i == FENCES / 2 ? "a" : "f", i,
		        change == RETIMED && i == FENCES / 2 ? 7200 : 86400, x, y, x + 0.07, y, x + 0.07,
		        y + 0.07, x, y + 0.07, x, y);
	}
	fputs("]}", file);
	fclose(file);
	struct weir_fences *fences = fences_of(text);
	free(text);
	return fences;
}

static uint32_t *renumber(const struct weir_fences *old, const struct weir_fences *new)
{
	uint32_t *renumbered = calloc(weir_fences_count(old), sizeof(*renumbered));

	for (size_t i = 0, k = 0; i < weir_fences_count(old); i++) {
		while (k < weir_fences_count(new) &&
		       strcmp(weir_fences_get(new, k)->id, weir_fences_get(old, i)->id) < 0)
			k++;
		renumbered[i] = k < weir_fences_count(new) && strcmp(weir_fences_get(new, k)->id,
		                                                     weir_fences_get(old, i)->id) == 0
		                        ? (uint32_t)k
		                        : WEIR_FENCE_GONE;
	}
	return renumbered;
}

/* Each device reports twice, and so has entered the fence that it is in. */
static void feed_devices(struct weir_engine *engine, uint64_t *state)
{
	for (int round = 0; round < 2; round++) {
		uint64_t places = *state;

		for (uint32_t i = 0; i < DEVICES; i++) {
			struct weir_ais ais = {.type = 1,
			                       .layout = WEIR_AIS_LAYOUT_position_a,
			                       .mmsi = 200000000 + i * 7919};
			char text[96];

			ais.position_a.longitude = (int32_t)(random_between(&places, 0, 10) * 600000);
			ais.position_a.latitude = (int32_t)(random_between(&places, 0, 10) * 600000);
			ais.position_a.sog = (uint16_t)(10 + round);
			ais.position_a.cog = 900;
			int length = weir_ais_sentences(&ais, NULL, text, sizeof(text));
			if (length < 0)
				abort();
			weir_engine_feed(engine,
			                 &(struct weir_datagram){.bytes = (const uint8_t *)text,
			                                         .length = (uint32_t)length,
			                                         .received_ns = START + round * 10 * SECOND +
			                                                        i * 100000});
		}
	}
}

static double exchange_ms(struct weir_engine *engine, const struct weir_fences *old, struct weir_fences *new,
                          volatile char *other_memory)
{
	uint32_t *renumbered = renumber(old, new);

	for (size_t i = 0; i < OTHER_MEMORY; i += 64)
		other_memory[i]++;
	double before = cpu_seconds();
	weir_engine_change_chart(engine, new, NULL, renumbered);
	double pause = cpu_seconds() - before;
	free(renumbered);
	return pause * 1e3;
}

int main(void)
{
	struct weir_engine_options options = {.rules.on = 1u << WEIR_RULE_DISTRESS};
	struct weir_engine_sink sink = {.event = count_alert};
	struct weir_engine *engine = NULL;
	struct weir_fences *fences = make_fences(SAME);
	char *other_memory = calloc(OTHER_MEMORY, 1);
	uint64_t state = random_seed(0xc4a7);

	options.fences = fences;
	if (weir_engine_new(&engine, &options, &sink) != 0 || other_memory == NULL)
		abort();
	feed_devices(engine, &state);
	for (int change = SAME; change <= RETIMED; change++) {
		double pauses[BENCH_RUNS];

		for (int run = 0; run < BENCH_RUNS; run++) {
			struct weir_fences *other = make_fences((enum change)change),
			                   *back = make_fences(SAME);

			alerts = 0;
			pauses[run] = exchange_ms(engine, fences, other, other_memory);
			weir_fences_free(fences);
			fences = back;
			exchange_ms(engine, other, fences, other_memory);
			weir_fences_free(other);
		}
		printf("%d fences exchanged, %d devices followed, %-21s %6.3f ms, %llu alerts\n", FENCES,
		       DEVICES, change_names[change], median(pauses, BENCH_RUNS), (unsigned long long)alerts);
	}
	weir_engine_free(engine);
	weir_fences_free(fences);
	free(other_memory);
	return 0;
}
