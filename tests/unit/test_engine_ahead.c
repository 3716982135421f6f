/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Telling an engine of datagrams that follow changes nothing of what comes out, whatever they hold.
 */
#include <inttypes.h>

#include <weir/encode.h>
#include <weir/engine.h>

#include "fence_text.h"
#include "polygons.h"
#include "suite.h"

#define SECOND INT64_C(1000000000)
#define START (INT64_C(1789000000) * SECOND)
#define DATAGRAMS 20000
#define SHIPS 300

static const char fences_text[] =
        "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[{\"rule\":\"enter\"},{\"rule\":"
        "\"exit\"},"
        "{\"rule\":\"cross\"},{\"rule\":\"speed\",\"max_sog_kn\":5}]},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[[1,1],[2,1],[2,2],[1,2],[1,1]]]}}";

struct side {
	struct weir_engine *engine;
	FILE *file;
	char *log;
	size_t length;
};

static void log_event(void *context, const struct weir_event *event)
{
	struct side *side = context;

	fprintf(side->file, "%d %" PRId64 " %s %s %s\n", (int)event->kind, event->time_ns, event->id,
	        event->source, event->alert == NULL ? "-" : event->alert->id);
}

static void log_letter(void *context, const struct weir_malformed *malformed)
{
	struct side *side = context;

	fprintf(side->file, "%d %u\n", (int)malformed->fault, malformed->length);
}

static void log_follow(void *context, uint64_t device, bool begins)
{
	struct side *side = context;

	fprintf(side->file, "%" PRIu64 " %d\n", device, begins);
}

static void side_open(struct side *side, struct weir_fences *fences, const struct weir_area *area)
{
	const struct weir_engine_options options = {.area = area,
	                                            .fences = fences,
	                                            .max_devices = 128,
	                                            .duplicate_window_ns = 10 * SECOND,
	                                            .decoder = {.fixes = true}};

	side->file = open_memstream(&side->log, &side->length);
	ck_assert_int_eq(weir_engine_new(&side->engine, &options,
	                                 &(struct weir_engine_sink){.context = side,
	                                                            .event = log_event,
	                                                            .dead_letter = log_letter,
	                                                            .follow = log_follow}),
	                 0);
}

static void side_close(struct side *side)
{
	weir_engine_free(side->engine);
	fclose(side->file);
	free(side->log);
}

static uint32_t random_below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)(random_bits(state) % limit);
}

/* Sentences as they come, behind TAG blocks, cut off, with a byte changed, or nothing of the kind. */
static struct weir_datagram make(uint64_t *state, char text[256], int64_t time_ns)
{
	static const uint8_t types[] = {1, 2, 3};
	struct weir_ais ais = {.type = 1, .layout = WEIR_AIS_LAYOUT_position_a};
	const char *tag = random_below(state, 3) == 0 ? "\\s:west*5C\\" : "";
	char sentence[128];

	ais.mmsi = 200000000 + random_below(state, SHIPS);
	ais.type = types[random_below(state, 3)];
	ais.position_a.longitude = (int32_t)(random_between(state, 0, 4) * 600000);
	ais.position_a.latitude = (int32_t)(random_between(state, 0, 4) * 600000);
	ais.position_a.sog = (uint16_t)random_below(state, 200);
	int length = weir_ais_sentences(&ais, NULL, sentence, sizeof(sentence));
	ck_assert_int_gt(length, 0);
	int total = snprintf(text, 256, "%s%.*s", tag, length, sentence);
	uint32_t kind = random_below(state, 20);

	if (kind == 0)
		total = (int)random_below(state, (uint32_t)total);
	else if (kind <= 2)
		text[random_below(state, (uint32_t)total)] = (char)random_below(state, 256);
	else if (kind == 3)
		total = snprintf(text, 256, "$GPRMC,120000.00,A,0130.0,N,00130.0,E,5.0,90.0,010126,,,A*%02X",
		                 random_below(state, 256));
	return (struct weir_datagram){
	        .bytes = (const uint8_t *)text, .length = (uint32_t)total, .received_ns = time_ns};
}

START_TEST(what_comes_out_is_the_same_with_and_without)
{
	static char texts[DATAGRAMS][256];
	static struct weir_datagram datagrams[DATAGRAMS];
	uint64_t state = random_seed((uint64_t)_i);
	struct weir_fences *fences = fences_of(fences_text);
	struct weir_area *area = NULL;
	struct side with, without;

	ck_assert_int_eq(weir_area_new(&area, &(struct weir_box){0, 0, 3, 3}, 1, fences), 0);
	side_open(&with, fences, area);
	side_open(&without, fences, area);
	for (int i = 0; i < DATAGRAMS; i++)
		datagrams[i] = make(&state, texts[i], START + i * SECOND / 20);
	for (int i = 0; i < DATAGRAMS; i++) {
		if (i + WEIR_ENGINE_AHEAD < DATAGRAMS && random_below(&state, 10) > 0)
			weir_engine_expect(with.engine, &datagrams[i + WEIR_ENGINE_AHEAD]);
		weir_engine_feed(with.engine, &datagrams[i]);
		weir_engine_feed(without.engine, &datagrams[i]);
	}
	fflush(with.file);
	fflush(without.file);
	ck_assert_uint_gt(weir_engine_counters(with.engine)->events[WEIR_EVENT_ALERT], 100);
	ck_assert_uint_gt(weir_engine_counters(with.engine)->reports[WEIR_REPORT_OUTSIDE], 100);
	ck_assert_str_eq(with.log, without.log);
	ck_assert_mem_eq(weir_engine_counters(with.engine), weir_engine_counters(without.engine),
	                 sizeof(struct weir_engine_counters));
	side_close(&with);
	side_close(&without);
	weir_area_free(area);
	weir_fences_free(fences);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("looking ahead");
	TCase *tests = tcase_create("looking ahead");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, what_comes_out_is_the_same_with_and_without, 1, 4);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
