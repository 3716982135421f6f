/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of what is known when the fences are exchanged: chosen cases, and sets of fences at random,
 * exchanged while ships lie still.
 */
#include <weir/encode.h>
#include <weir/engine.h>

#include "fence_text.h"
#include "polygons.h"
#include "suite.h"

#define SECOND INT64_C(1000000000)
#define START (INT64_C(1789000000) * SECOND)
#define FENCES_MAX 40
#define SHIPS 200
#define LOG_SIZE 65536

/* Fence i lies around (i, 0): a square of half a degree. */
struct wish {
	int number;
	const char *rules;
};

static char said[LOG_SIZE]; /* "<ship> <rule> <phase> <fence>;" of each alert */
static size_t said_length;

static void note(void *context, const struct weir_event *event)
{
	(void)context;
	if (event->kind != WEIR_EVENT_ALERT)
		return;
	said_length += (size_t)snprintf(said + said_length, LOG_SIZE - said_length, "%s %s %s %s;", event->id,
	                                weir_rule_name(event->alert->rule),
	                                weir_phase_name(event->alert->phase), event->alert->fence);
	ck_assert_uint_lt(said_length, LOG_SIZE);
}

static struct weir_fences *make_fences(const struct wish *wishes, size_t count)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);

	fputs("{\"type\":\"FeatureCollection\",\"features\":[", file);
	for (size_t i = 0; i < count; i++) {
		double west = wishes[i].number - 0.25, east = west + 0.5;

		fprintf(file,
		        "%s{\"type\":\"Feature\",\"properties\":{\"id\":\"f%02d\",\"confirm_fixes\":1,"
		        "\"rules\":[%s]},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%g,-1],[%g,-1]"
		        ","
		        "[%g,1],[%g,1],[%g,-1]]]}}",
		        i == 0 ? "" : ",", wishes[i].number, wishes[i].rules, west, east, east, west, west);
	}
	fputs("]}", file);
	fclose(file);
	struct weir_fences *fences = fences_of(text);
	free(text);
	return fences;
}

static void report(struct weir_engine *engine, uint32_t ship, double longitude, int64_t time_ns)
{
	struct weir_ais ais = {.type = 1, .layout = WEIR_AIS_LAYOUT_position_a, .mmsi = 244000000 + ship};
	char text[96];

	ais.position_a.longitude = (int32_t)(longitude * 600000);
	ais.position_a.sog = (uint16_t)(time_ns / SECOND % 1000);
	ais.position_a.second = 60;
	int length = weir_ais_sentences(&ais, NULL, text, sizeof(text));
	ck_assert_int_gt(length, 0);
	weir_engine_feed(engine, &(struct weir_datagram){.bytes = (const uint8_t *)text,
	                                                 .length = (uint32_t)length,
	                                                 .received_ns = time_ns});
}

static struct weir_engine *begin(struct weir_fences *fences)
{
	struct weir_engine_options options = {.fences = fences};
	struct weir_engine_sink sink = {.event = note};
	struct weir_engine *engine = NULL;

	said_length = 0;
	said[0] = '\0';
	ck_assert_int_eq(weir_engine_new(&engine, &options, &sink), 0);
	return engine;
}

/* Frees the fences so far. */
static void exchange(struct weir_engine *engine, struct weir_fences **fences, struct weir_fences *others)
{
	size_t count = weir_fences_count(*fences);
	uint32_t *renumbered = calloc(count + 1, sizeof(*renumbered));

	for (size_t i = 0; i < count; i++) {
		renumbered[i] = WEIR_FENCE_GONE;
		for (size_t k = 0; k < weir_fences_count(others); k++)
			if (strcmp(weir_fences_get(*fences, i)->id, weir_fences_get(others, k)->id) == 0)
				renumbered[i] = (uint32_t)k;
	}
	weir_engine_change_chart(engine, others, NULL, renumbered);
	free(renumbered);
	weir_fences_free(*fences);
	*fences = others;
}

#define CROSSINGS "{\"rule\":\"enter\"},{\"rule\":\"exit\"}"
#define DWELL(seconds) "{\"rule\":\"dwell\",\"dwell_s\":" #seconds "}"

#define ENTERS "244000000 enter event f05;"
#define RAISED "244000000 dwell raise f05;"
#define CLEARED "244000000 dwell clear f05;"
#define LEAVES "244000000 exit event f05;"

/* A ship enters fence 5, lies there for 100 s, others take the fences' place, and 100 s later it leaves. */
static const struct chart_case {
	const char *name, *before;
	struct wish after[3];
	size_t after_count;
	const char *expected;
} chart_cases[] = {
        {"the same",
         CROSSINGS "," DWELL(60),
         {{5, CROSSINGS "," DWELL(60)}},
         1,
         ENTERS RAISED LEAVES CLEARED},
        {"others before it",
         CROSSINGS "," DWELL(60),
         {{1, CROSSINGS}, {2, ""}, {5, CROSSINGS "," DWELL(60)}},
         3,
         ENTERS RAISED LEAVES CLEARED},
        {"it is gone", CROSSINGS "," DWELL(60), {{1, CROSSINGS}, {9, CROSSINGS}}, 2, ENTERS RAISED CLEARED},
        {"the raised rule is gone",
         CROSSINGS "," DWELL(60),
         {{4, ""}, {5, CROSSINGS}},
         2,
         ENTERS RAISED CLEARED LEAVES},
        {"a rule is new, and due at once",
         CROSSINGS,
         {{4, ""}, {5, CROSSINGS "," DWELL(60)}},
         2,
         ENTERS RAISED LEAVES CLEARED},
        {"a rule is due earlier",
         CROSSINGS "," DWELL(3600),
         {{5, CROSSINGS "," DWELL(150)}},
         1,
         ENTERS RAISED LEAVES CLEARED},
        {"a rule is due later", CROSSINGS "," DWELL(150), {{5, CROSSINGS "," DWELL(3600)}}, 1, ENTERS LEAVES},
        {"none are left", CROSSINGS "," DWELL(60), {{0, NULL}}, 0, ENTERS RAISED CLEARED},
};

START_TEST(what_is_known_stays_with_the_fence_that_it_is_about)
{
	const struct chart_case *c = &chart_cases[_i];
	struct weir_fences *fences = make_fences(&(struct wish){5, c->before}, 1);
	struct weir_engine *engine = begin(fences);

	report(engine, 0, 5, START);
	weir_engine_advance(engine, START + 100 * SECOND);
	exchange(engine, &fences, make_fences(c->after, c->after_count));
	/* Without a report: what is due comes up by itself. */
	weir_engine_advance(engine, START + 190 * SECOND);
	report(engine, 0, 5.5, START + 200 * SECOND);
	ck_assert_msg(strcmp(said, c->expected) == 0, "%s: %s", c->name, said);
	weir_engine_free(engine);
	weir_fences_free(fences);
}
END_TEST

/* Which fences exist, a bit each. */
static struct weir_fences *random_fences(uint64_t bits)
{
	struct wish wishes[FENCES_MAX];
	size_t count = 0;

	for (int i = 0; i < FENCES_MAX; i++)
		if (bits >> i & 1)
			wishes[count++] = (struct wish){i, CROSSINGS};
	return make_fences(wishes, count);
}

START_TEST(ships_that_lie_still_leave_no_fence_and_enter_only_new_ones)
{
	uint64_t state = random_seed(0xc4a7 + (uint64_t)_i), there = random_bits(&state), inside = 0;
	struct weir_fences *fences = random_fences(there);
	struct weir_engine *engine = begin(fences);

	for (int round = 0; round < 30; round++) {
		char expected[LOG_SIZE];
		size_t length = 0;

		expected[0] = '\0';
		said_length = 0;
		said[0] = '\0';
		inside &= there;
		for (uint32_t ship = 0; ship < SHIPS; ship++) {
			int fence = (int)(ship % FENCES_MAX);

			report(engine, ship, fence, START + ((int64_t)round * SHIPS + ship) * SECOND);
			if ((there & ~inside) >> fence & 1)
				length += (size_t)snprintf(expected + length, LOG_SIZE - length,
				                           "%u enter event f%02d;", 244000000 + ship, fence);
		}
		ck_assert_msg(strcmp(said, expected) == 0, "round %d: %s, not %s", round, said, expected);
		inside = there;
		there = random_bits(&state) | random_bits(&state);
		exchange(engine, &fences, random_fences(there));
	}
	weir_engine_free(engine);
	weir_fences_free(fences);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chart");
	TCase *chart = tcase_create("chart");

	tcase_set_timeout(chart, 120);
	tcase_add_loop_test(chart, what_is_known_stays_with_the_fence_that_it_is_about, 0,
	                    sizeof(chart_cases) / sizeof(*chart_cases));
	tcase_add_loop_test(chart, ships_that_lie_still_leave_no_fence_and_enter_only_new_ones, 0, 4);
	suite_add_tcase(suite, chart);
	return suite_main(suite);
}
