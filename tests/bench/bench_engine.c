/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many reports a second one core takes through the whole engine: sentence, fence, rules, device
 * table, with 50,000 devices that all move within the area. Beside it the decoder alone on the same
 * datagrams, which is what detection comes on top of.
 *
 * Datagrams come one at a time, as in a quiet network; and in batches, as a gateway gets them that is busy,
 * where the engine is told of those that follow. Devices report in turn, so that none is in the cache when it
 * does.
 */
#include <malloc.h>

#include <weir/encode.h>
#include <weir/engine.h>

#include "fence_text.h"
#include "polygons.h"
#include "stopwatch.h"

#define DEVICES 50000
#define ROUNDS 4 /* reports of each device in a run, ten seconds apart */
#define SECOND INT64_C(1000000000)
#define START (INT64_C(1789000000) * SECOND)

struct traffic {
	char (*sentences)[96];
	uint32_t *lengths;
	size_t count;
};

static uint64_t events, counted; /* counted: fixes in windows */

static void count_event(void *context, const struct weir_event *event)
{
	(void)context;
	events += event->id != NULL;
}

/* Ships between (0, 0) and (10, 10), 60 metres further with each report. */
static void make_traffic(struct traffic *traffic, uint64_t *state)
{
	traffic->count = (size_t)DEVICES * ROUNDS;
	traffic->sentences = calloc(traffic->count, sizeof(*traffic->sentences));
	traffic->lengths = calloc(traffic->count, sizeof(*traffic->lengths));
	for (uint32_t ship = 0; ship < DEVICES; ship++) {
		double x = random_between(state, 0.1, 9.9), y = random_between(state, 0.1, 9.9);

		for (size_t n = ship; n < traffic->count; n += DEVICES) {
			struct weir_ais ais = {.type = 1,
			                       .layout = WEIR_AIS_LAYOUT_position_a,
			                       .mmsi = 200000000 + ship * 7919};

			ais.position_a.longitude = (int32_t)((x += 0.0005) * 600000);
			ais.position_a.latitude = (int32_t)(y * 600000);
			ais.position_a.sog = 120;
			ais.position_a.cog = 900;
			int length = weir_ais_sentences(&ais, NULL, traffic->sentences[n],
			                                sizeof(*traffic->sentences));
			if (length < 0)
				abort();
			traffic->lengths[n] = (uint32_t)length;
		}
	}
}

static struct weir_datagram datagram_of(const struct traffic *traffic, size_t i, int run)
{
	return (struct weir_datagram){
	        .bytes = (const uint8_t *)traffic->sentences[i],
	        .length = traffic->lengths[i],
	        .received_ns =
	                START + ((int64_t)(run * ROUNDS) + (int64_t)(i / DEVICES)) * 10 * SECOND + (int64_t)i,
	};
}

static double decoder_rate(const struct traffic *traffic)
{
	struct weir_decode_sink nobody = {0};
	struct weir_decoder *decoder = NULL;
	double times[BENCH_RUNS];

	if (weir_decoder_new(&decoder, NULL, &nobody) != 0)
		abort();
	for (int run = 0; run < BENCH_RUNS; run++) {
		double before = cpu_seconds();

		for (size_t i = 0; i < traffic->count; i++) {
			struct weir_datagram datagram = datagram_of(traffic, i, run);
			weir_decoder_feed(decoder, &datagram);
		}
		times[run] = cpu_seconds() - before;
	}
	weir_decoder_free(decoder);
	return (double)traffic->count / median(times, BENCH_RUNS);
}

/* ahead: as a worker does that has so many datagrams more at hand; 0: one at a time. */
static void feed_all(struct weir_engine *engine, const struct traffic *traffic, int run, size_t ahead)
{
	for (size_t i = 0; i < traffic->count; i++) {
		struct weir_datagram datagram = datagram_of(traffic, i, run);

		if (ahead > 0 && i + ahead < traffic->count) {
			struct weir_datagram coming = datagram_of(traffic, i + ahead, run);

			weir_engine_expect(engine, &coming);
		}
		weir_engine_feed(engine, &datagram);
	}
}

static double engine_rate(const struct traffic *traffic, struct weir_fences *fences, int64_t window_ns,
                          size_t ahead)
{
	struct weir_engine_options options = {.fences = fences, .duplicate_window_ns = window_ns};
	struct weir_area *area = NULL;
	struct weir_engine_sink sink = {.event = count_event};
	struct weir_engine *engine = NULL;
	double times[BENCH_RUNS];

	if (weir_area_new(&area, &(struct weir_box){-1, -1, 11, 11}, 1, fences) != 0)
		abort();
	options.area = area;
	options.rules.on = 1u << WEIR_RULE_DISTRESS | 1u << WEIR_RULE_JUMP | 1u << WEIR_RULE_IDENTITY;
	if (weir_engine_new(&engine, &options, &sink) != 0)
		abort();
	events = 0;
	for (int run = 0; run < BENCH_RUNS; run++) {
		double before = cpu_seconds();

		feed_all(engine, traffic, run, ahead);
		times[run] = cpu_seconds() - before;
	}
	const struct weir_engine_counters *c = weir_engine_counters(engine);
	printf("# %llu positions, %llu alerts, %llu devices\n",
	       (unsigned long long)c->events[WEIR_EVENT_POSITION],
	       (unsigned long long)c->events[WEIR_EVENT_ALERT], (unsigned long long)c->devices);
	counted = c->windows[WEIR_WINDOW_COUNTED];
	weir_engine_free(engine);
	weir_area_free(area);
	return (double)traffic->count / median(times, BENCH_RUNS);
}

#define CROSSINGS "{\"rule\":\"enter\"},{\"rule\":\"exit\"}"
#define EVERY_RULE                                                                                           \
	CROSSINGS ",{\"rule\":\"cross\"},{\"rule\":\"dwell\",\"dwell_s\":600},{\"rule\":\"gap\",\"gap_s\":"  \
	          "900},"                                                                                    \
	          "{\"rule\":\"speed\",\"max_sog_kn\":10},{\"rule\":\"anchor\"},"                            \
	          "{\"rule\":\"course\",\"course_deg\":90}"

/* Fences of 50 vertices that cover some 60 % of the area. */
static struct weir_fences *make_fences(size_t count, const char *rules, uint64_t *state)
{
	struct polygon *polygons = calloc(count, sizeof(*polygons));
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	for (size_t i = 0; i < count; i++)
		polygons[i] = polygon_star(state, random_between(state, 0, 10), random_between(state, 0, 10),
		                           sqrt(30 / (double)count), 50, 0, 0);
	polygons_write(file, polygons, count, rules);
	fclose(file);
	struct weir_fences *fences = fences_of(text);
	for (size_t i = 0; i < count; i++)
		polygon_free(&polygons[i]);
	free(polygons);
	free(text);
	return fences;
}

/* What is allocated, by malloc's own account. */
static double bytes_in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return (double)(info.uordblks + info.hblkhd);
}

/* The difference between two sizes: what does not depend on the number of devices is not among it. */
static void print_state(void)
{
	static const uint32_t devices[] = {65536, 131072};
	double used[2];

	for (int i = 0; i < 2; i++) {
		struct weir_engine *engine = NULL;
		double before = bytes_in_use();

		if (weir_engine_new(&engine, &(struct weir_engine_options){.max_devices = devices[i]},
		                    &(struct weir_engine_sink){0}) != 0)
			abort();
		used[i] = bytes_in_use() - before;
		weir_engine_free(engine);
	}
	printf("state of a device       %6.0f bytes in all tables (aim: 400)\n",
	       (used[1] - used[0]) / (devices[1] - devices[0]));
}

/* On the same fences, one after the other: what a fix costs that a window counts. */
static void print_windows(const struct traffic *traffic)
{
	static const struct {
		const char *label, *rules;
	} shapes[] = {
	        {"an hour", CROSSINGS "],\"windows\":[{\"window_s\":3600}"},
	        {"an hour, each minute", CROSSINGS "],\"windows\":[{\"window_s\":3600,\"slide_s\":60}"},
	        {"density, ten seconds each second",
	         CROSSINGS ",{\"rule\":\"density\",\"window_s\":10,\"slide_s\":1,\"max_devices\":1000000}"},
	};
	uint64_t same = random_seed(0x17d);

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		double took[2], each;

		for (int with = 0; with < 2; with++) {
			uint64_t state = same;
			struct weir_fences *fences =
			        make_fences(100, with ? shapes[i].rules : CROSSINGS, &state);

			took[with] = 1e9 / engine_rate(traffic, fences, 10 * SECOND, WEIR_ENGINE_AHEAD);
			weir_fences_free(fences);
		}
		each = (double)counted / ((double)traffic->count * BENCH_RUNS);
		printf("windows                 %4.0f ns a report on top of %.0f, %.2f fixes counted in "
		       "each: %s\n",
		       took[1] - took[0], took[0], each, shapes[i].label);
	}
}

int main(void)
{
	static const struct {
		size_t count;
		const char *rules, *label;
	} runs[] = {
	        {0, CROSSINGS, "no rules"},        {1, CROSSINGS, "enter, exit"},
	        {100, CROSSINGS, "enter, exit"},   {100, EVERY_RULE, "eight rules"},
	        {10000, CROSSINGS, "enter, exit"}, {10000, EVERY_RULE, "eight rules"},
	};
	uint64_t state = random_seed(0xe4e);
	struct traffic traffic;

	make_traffic(&traffic, &state);
	double decoder = decoder_rate(&traffic);
	printf("decoder alone           %6.2f million datagrams/s\n", decoder / 1e6);
	print_state();
	/* The window holds 65,536 messages, and is full here: what it costs does not depend on how many. */
	struct weir_fences *none = make_fences(0, "", &state);
	double apart = 1e9 / engine_rate(&traffic, none, 0, 0),
	       together = 1e9 / engine_rate(&traffic, none, 10 * SECOND, 0);

	printf("duplicates, a full window: %.0f ns a report on top of %.0f\n", together - apart, apart);
	weir_fences_free(none);
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++) {
		struct weir_fences *fences = make_fences(runs[i].count, runs[i].rules, &state);

		for (size_t ahead = 0; ahead <= WEIR_ENGINE_AHEAD; ahead += WEIR_ENGINE_AHEAD) {
			double rate = engine_rate(&traffic, fences, 10 * SECOND, ahead);

			printf("engine, %5zu fences    %6.2f million reports/s with %d devices, %4.0f ns "
			       "each, of "
			       "which the decoder %4.0f; %s, %s\n",
			       runs[i].count, rate / 1e6, DEVICES, 1e9 / rate, 1e9 / decoder, runs[i].label,
			       ahead == 0 ? "one at a time" : "looking ahead in a batch");
		}
		weir_fences_free(fences);
	}
	print_windows(&traffic);
	free(traffic.sentences);
	free(traffic.lengths);
	return 0;
}
