/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine as a whole: datagrams in, events and dead letters out. What detection does with a report is
 * tested in test_detect.c; here it is that bytes get there, that the sums hold, and that the kernel may
 * drop what the engine ignores.
 */
#include <errno.h>
#include <inttypes.h>

#include <weir/encode.h>
#include <weir/engine.h>

#include "fence_text.h"
#include "polygons.h"
#include "suite.h"

#define SECOND INT64_C(1000000000)
#define START (INT64_C(1789000000) * SECOND)
#define CORPUS "../shared/corpus/"

/* Every allocation of this program is counted. Sanitizers bring their own allocator, and glibc has these. */
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#define COUNTS_ALLOCATIONS 1
static unsigned long allocations;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
	allocations++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	allocations++;
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	allocations++;
	return __libc_realloc(memory, size);
}
#endif

struct rig {
	struct weir_engine *engine;
	struct weir_fences *fences;
	struct weir_area *area;
	FILE *file;
	char *log;
	size_t length;
	unsigned letters;
};

static void on_event(void *context, const struct weir_event *event)
{
	struct rig *rig = context;
	const struct weir_report *r = event->report;

	fprintf(rig->file, "event %d %" PRId64 " %s %s %d %x %d %d %a %a %a %a %d %s %s", (int)event->kind,
	        event->time_ns, event->id, event->source, r->message, r->has, r->station_class, r->nav_status,
	        r->longitude_deg, r->latitude_deg, (double)r->sog_kn, (double)r->cog_deg, r->heading_deg,
	        r->name, event->ship_name == NULL ? "-" : event->ship_name);
	for (size_t i = 0; i < event->fence_count; i++)
		fprintf(rig->file, " [%s]", event->fences[i]);
	if (event->alert != NULL)
		fprintf(rig->file, " %s %d %s", event->alert->id, (int)event->alert->rule,
		        event->alert->message);
	fputc('\n', rig->file);
}

static void on_letter(void *context, const struct weir_malformed *malformed)
{
	struct rig *rig = context;

	rig->letters++;
	fprintf(rig->file, "letter %d %u %u %" PRId64 " %.*s\n", (int)malformed->fault, malformed->offset,
	        malformed->faults, malformed->received_ns, (int)malformed->length, malformed->bytes);
}

static void on_follow(void *context, uint64_t device, bool begins)
{
	struct rig *rig = context;

	fprintf(rig->file, "follow %" PRIu64 " %d\n", device, begins);
}

static void rig_open(struct rig *rig, const char *fences, const struct weir_box *box, int64_t silence_ns)
{
	*rig = (struct rig){0};
	rig->file = open_memstream(&rig->log, &rig->length);
	rig->fences = fences_of(fences);
	ck_assert_int_eq(weir_area_new(&rig->area, box, 1, rig->fences), 0);
	struct weir_engine_options options = {
	        .area = rig->area, .fences = rig->fences, .silence_ns = silence_ns};
	struct weir_engine_sink sink = {rig, on_event, on_letter, on_follow};
	ck_assert_int_eq(weir_engine_new(&rig->engine, &options, &sink), 0);
}

static uint64_t sum(const uint64_t *numbers, size_t count)
{
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += numbers[i];
	return total;
}

/* What must hold after every call. */
static void check_sums(const struct rig *rig)
{
	const struct weir_engine_counters *c = weir_engine_counters(rig->engine);
	const struct weir_decode_counters *d = weir_engine_decode_counters(rig->engine);
	uint64_t messages = sum(d->messages, 64);

	ck_assert_uint_eq(sum(c->reports, WEIR_REPORT_OUTCOMES), messages);
	ck_assert_uint_eq(d->sentences[WEIR_SENTENCE_MESSAGE], messages);
	ck_assert_uint_eq(sum(&c->alerts[0][0], WEIR_RULE_KINDS * WEIR_PHASES), c->events[WEIR_EVENT_ALERT]);
	ck_assert_uint_eq(rig->letters, sum(d->letters, WEIR_FAULTS));
	ck_assert_uint_ge(c->devices, c->followed);
}

static void rig_close(struct rig *rig)
{
	check_sums(rig);
	weir_engine_free(rig->engine);
	weir_area_free(rig->area);
	weir_fences_free(rig->fences);
	fclose(rig->file);
	free(rig->log);
}

static const char *rig_log(struct rig *rig)
{
	fflush(rig->file);
	return rig->log;
}

/* True where the kernel could have dropped it: all of its messages were ignored, and it held nothing else. */
static bool feed(struct rig *rig, const char *bytes, size_t length, int64_t time_ns)
{
	const struct weir_engine_counters *c = weir_engine_counters(rig->engine);
	const struct weir_decode_counters *d = weir_engine_decode_counters(rig->engine);
	uint64_t ignored = c->reports[WEIR_REPORT_OUTSIDE], messages = sum(d->messages, 64);
	unsigned letters = rig->letters;

	weir_engine_feed(rig->engine, &(struct weir_datagram){.bytes = (const uint8_t *)bytes,
	                                                      .length = (uint32_t)length,
	                                                      .received_ns = time_ns,
	                                                      .sender = {.port = 10110}});
	ignored = c->reports[WEIR_REPORT_OUTSIDE] - ignored;
	messages = sum(d->messages, 64) - messages;
	/* The last part of a message in several sentences is not for the kernel to judge. */
	return messages == 1 && ignored == 1 && rig->letters == letters && strstr(bytes, ",1,1,") != NULL;
}

static size_t sentence_at(char *text, size_t size, uint32_t mmsi, double longitude, double latitude)
{
	struct weir_ais ais = {.type = 1, .layout = WEIR_AIS_LAYOUT_position_a, .mmsi = mmsi};

	ais.position_a.longitude = (int32_t)lround(longitude * 600000);
	ais.position_a.latitude = (int32_t)lround(latitude * 600000);
	ais.position_a.sog = 123;
	ais.position_a.cog = 900;
	ais.position_a.heading = 90;
	ais.position_a.second = 12;
	int length = weir_ais_sentences(&ais, NULL, text, size);
	ck_assert_int_gt(length, 0);
	return (size_t)length;
}

static const char square[] =
        "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[{\"rule\":\"enter\"},{\"rule\":"
        "\"exit\"}]},"
        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[2,1],[2,2],[1,2],[1,1]]]}}";
static const struct weir_box square_box = {0, 0, 3, 3};

START_TEST(a_ship_that_passes_through_is_told_from_begin_to_end)
{
	static const double way[] = {-0.5, 0.5, 1.2, 1.5, 1.8, 2.2, 2.8, 3.2, 3.5};
	struct rig rig;
	char text[WEIR_AIS_SENTENCES_MAX];

	rig_open(&rig, square, &square_box, 0);
	for (size_t i = 0; i < sizeof(way) / sizeof(*way); i++) {
		size_t length = sentence_at(text, sizeof(text), 244660000, way[i], 1.5);
		bool ignored = feed(&rig, text, length, START + (int64_t)i * 10 * SECOND);
		ck_assert_int_eq(ignored, i == 0 || i == 8);
		check_sums(&rig);
	}
	const char *log = rig_log(&rig);
	ck_assert_int_eq(strncmp(log, "follow 244660000 1\nevent 0 1789000010000000000 244660000 ", 57), 0);
	ck_assert_ptr_nonnull(strstr(log, "244660000 entered a\n"));
	ck_assert_ptr_nonnull(strstr(log, "244660000 left a\n"));
	ck_assert_str_eq(log + strlen(log) - 19, "follow 244660000 0\n");
	const struct weir_engine_counters *c = weir_engine_counters(rig.engine);
	ck_assert_uint_eq(c->events[WEIR_EVENT_POSITION], 6);
	ck_assert_uint_eq(c->events[WEIR_EVENT_ALERT], 2);
	ck_assert_uint_eq(c->reports[WEIR_REPORT_USED], 7);
	ck_assert_uint_eq(c->reports[WEIR_REPORT_OUTSIDE], 2);
	ck_assert_uint_eq(c->devices, 0);
	rig_close(&rig);
}
END_TEST

START_TEST(malformed_input_becomes_dead_letters)
{
	static const char *const wrong[] = {
	        "", "\xff\xfe", "!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*00\r\n",
	        "!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E\r\n"};
	struct rig rig;

	rig_open(&rig, square, &square_box, 0);
	for (size_t i = 0; i < 4; i++)
		feed(&rig, wrong[i], strlen(wrong[i]), START);
	ck_assert_uint_eq(rig.letters, 3);
	weir_engine_flush(rig.engine);
	ck_assert_uint_eq(rig.letters, 4); /* the fragment whose other half never came */
	ck_assert_ptr_nonnull(strstr(rig_log(&rig), "!AIVDM,2,1,3,B,"));
	rig_close(&rig);
}
END_TEST

START_TEST(time_is_told_by_advance)
{
	struct rig rig;
	char text[WEIR_AIS_SENTENCES_MAX];

	rig_open(&rig, square, &square_box, 60 * SECOND);
	feed(&rig, text, sentence_at(text, sizeof(text), 7, 0.5, 0.5), START);
	weir_engine_advance(rig.engine, START + 59 * SECOND);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->followed, 1);
	weir_engine_advance(rig.engine, START + 60 * SECOND);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->followed, 0);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->silent, 1);
	rig_close(&rig);
}
END_TEST

START_TEST(an_engine_needs_neither_area_nor_fences)
{
	struct weir_engine *engine = NULL;
	struct weir_engine_sink nobody = {0};
	char text[WEIR_AIS_SENTENCES_MAX];
	size_t length = sentence_at(text, sizeof(text), 7, -100, -40);

	ck_assert_int_eq(weir_engine_new(&engine, &(struct weir_engine_options){0}, &nobody), 0);
	weir_engine_feed(engine, &(struct weir_datagram){(uint8_t *)text, (uint32_t)length, START, {{0}, 0}});
	weir_engine_feed(engine, &(struct weir_datagram){(uint8_t *)text, 3, START, {{0}, 0}});
	ck_assert_uint_eq(weir_engine_counters(engine)->events[WEIR_EVENT_POSITION], 1);
	weir_engine_free(engine);
	weir_engine_free(NULL);
	engine = NULL;
	ck_assert_int_eq(weir_engine_new(&engine, &(struct weir_engine_options){.silence_ns = -5}, &nobody),
	                 -EINVAL);
	ck_assert_ptr_null(engine);
}
END_TEST

/* Datagrams with their times. */
struct input {
	struct line {
		char *bytes;
		size_t length;
		int64_t time_ns; /* length 0: a call of advance */
	} * lines;
	size_t count, capacity;
};

static void input_add(struct input *input, const char *bytes, size_t length, int64_t time_ns)
{
	if (input->count == input->capacity) {
		input->capacity = input->capacity == 0 ? 1024 : 2 * input->capacity;
		input->lines = realloc(input->lines, input->capacity * sizeof(*input->lines));
	}
	input->lines[input->count++] = (struct line){strndup(bytes, length), length, time_ns};
}

static void input_free(struct input *input)
{
	for (size_t i = 0; i < input->count; i++)
		free(input->lines[i].bytes);
	free(input->lines);
}

/* Ships that wander around the square, some messages in other wrappings, some spoilt, and time. */
static void random_input(struct input *input, uint64_t seed, size_t count)
{
	double x[50], y[50];
	int64_t time_ns = START;
	char text[2 * WEIR_AIS_SENTENCES_MAX];

	for (int i = 0; i < 50; i++) {
		x[i] = random_between(&seed, -1, 4);
		y[i] = random_between(&seed, -1, 4);
	}
	for (size_t i = 0; i < count; i++) {
		size_t ship = random_bits(&seed) % 50;
		uint64_t dice = random_bits(&seed) % 100;

		time_ns += (int64_t)(random_bits(&seed) % (2 * (uint64_t)SECOND));
		x[ship] += random_between(&seed, -0.3, 0.3) + (1.5 - x[ship]) / 60;
		y[ship] += random_between(&seed, -0.3, 0.3) + (1.5 - y[ship]) / 60;
		size_t length = sentence_at(text, sizeof(text), 1000 + (uint32_t)ship, x[ship], y[ship]);
		if (dice == 0) {
			input_add(input, text, 0, time_ns); /* advance */
		} else if (dice < 4) {
			text[random_bits(&seed) % length] ^= (char)(1u << random_bits(&seed) % 7);
			input_add(input, text, strlen(text), time_ns);
		} else if (dice < 8) {
			struct weir_ais ais = {
			        .type = 5, .layout = WEIR_AIS_LAYOUT_static_a, .mmsi = 1000 + (uint32_t)ship};

			snprintf(ais.static_a.name, sizeof(ais.static_a.name), "SHIP %u",
			         (unsigned)(dice + ship));
			struct weir_sentence_options options = {.sequence = (uint8_t)(i % 10),
			                                        .channel = 'A'};
			int both = weir_ais_sentences(&ais, &options, text, sizeof(text));
			char *second = strchr(text + 1, '!');
			ck_assert_int_gt(both, 0);
			input_add(input, text, (size_t)(second - text), time_ns);
			if (dice < 7)
				input_add(input, second, strlen(second), time_ns + 1);
		} else if (dice < 12) {
			length += sentence_at(text + length, sizeof(text) - length, 2000 + (uint32_t)ship,
			                      y[ship], x[ship]);
			input_add(input, text, length, time_ns);
		} else {
			input_add(input, text, length, time_ns);
		}
	}
}

/* A recording: a datagram a line, a $PGHP line together with the next one. */
static bool recorded_input(struct input *input, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL, datagram[4096];
	size_t capacity = 0, used = 0;
	ssize_t length;
	int64_t time_ns = START;

	if (file == NULL)
		return false;
	while ((length = getline(&line, &capacity, file)) > 0) {
		if (used + (size_t)length < sizeof(datagram)) {
			memcpy(datagram + used, line, (size_t)length);
			used += (size_t)length;
		}
		if (line[0] == '$' && used < sizeof(datagram) / 2)
			continue;
		input_add(input, datagram, used, time_ns);
		used = 0;
		time_ns += SECOND / 20;
	}
	free(line);
	fclose(file);
	return true;
}

static const struct {
	const char *name, *path; /* NULL: random */
	const char *fences;
	struct weir_box box;
} streams[] = {
        {"random ships", NULL, square, {0, 0, 3, 3}},
        {"random ships, the area across their way", NULL, square, {1.5, 0, 2, 3}},
        {"Denmark",
         CORPUS "denmark-2010.nmea",
         "{\"type\":\"Feature\",\"properties\":{\"id\":\"oresund\",\"rules\":[{\"rule\":\"enter\",\"confirm_"
         "fixes\":1},"
         "{\"rule\":\"exit\",\"confirm_fixes\":1}]},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
         "[[[12.4,55.5],[13,55.5],[13,56.1],[12.4,56.1],[12.4,55.5]]]}}",
         {10, 54.5, 13, 56.5}},
        {"Puget Sound",
         CORPUS "puget-sound.nmea",
         "{\"type\":\"Feature\",\"properties\":{\"id\":\"elliott-bay\",\"rules\":[{\"rule\":\"enter\","
         "\"confirm_fixes\":1},"
         "{\"rule\":\"exit\",\"confirm_fixes\":1}]},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
         "[[[-122.45,47.56],[-122.33,47.56],[-122.33,47.65],[-122.45,47.65],[-122.45,47.56]]]}}",
         {-123.2, 47, -122.2, 48.3}},
};

static bool stream_input(struct input *input, int index)
{
	if (streams[index].path != NULL)
		return recorded_input(input, streams[index].path);
	random_input(input, random_seed(0xe1 + (uint64_t)index), 30000);
	return true;
}

static bool play(struct rig *rig, const struct line *line)
{
	if (line->length > 0)
		return feed(rig, line->bytes, line->length, line->time_ns);
	weir_engine_advance(rig->engine, line->time_ns);
	return false;
}

START_TEST(dropping_what_is_ignored_changes_nothing)
{
	struct input input = {0};
	struct rig all, filtered, again;
	size_t dropped = 0;

	if (!stream_input(&input, _i)) {
		printf("ok 0 - dropping what is ignored changes nothing: %s # SKIP %s is not here\n",
		       streams[_i].name, streams[_i].path);
		return;
	}
	rig_open(&all, streams[_i].fences, &streams[_i].box, 120 * SECOND);
	rig_open(&again, streams[_i].fences, &streams[_i].box, 120 * SECOND);
	rig_open(&filtered, streams[_i].fences, &streams[_i].box, 120 * SECOND);
	for (size_t i = 0; i < input.count; i++) {
		play(&again, &input.lines[i]);
		if (play(&all, &input.lines[i]))
			dropped++;
		else
			play(&filtered, &input.lines[i]);
	}
	weir_engine_flush(all.engine);
	weir_engine_flush(again.engine);
	weir_engine_flush(filtered.engine);

	const struct weir_engine_counters *c = weir_engine_counters(all.engine);
	printf("# %s: %zu datagrams, %zu dropped, %" PRIu64 " positions, %" PRIu64 " alerts, %u letters\n",
	       streams[_i].name, input.count, dropped, c->events[WEIR_EVENT_POSITION],
	       c->events[WEIR_EVENT_ALERT], all.letters);
	ck_assert_uint_gt(dropped, input.count / 20);
	ck_assert_uint_gt(c->events[WEIR_EVENT_ALERT], 3);
	ck_assert_str_eq(rig_log(&all), rig_log(&again));
	ck_assert_str_eq(rig_log(&all), rig_log(&filtered));
	rig_close(&all);
	rig_close(&again);
	rig_close(&filtered);
	input_free(&input);
}
END_TEST

START_TEST(nothing_is_allocated_once_the_engine_is_made)
{
#ifdef COUNTS_ALLOCATIONS
	struct input input = {0};
	struct weir_fences *fences = fences_of(square);
	struct weir_area *area = NULL;
	struct weir_engine *engine = NULL;
	struct weir_engine_sink nobody = {0};

	random_input(&input, random_seed(0xa110c), 30000);
	ck_assert_int_eq(weir_area_new(&area, &square_box, 1, fences), 0);
	ck_assert_int_eq(weir_engine_new(&engine,
	                                 &(struct weir_engine_options){.area = area, .fences = fences},
	                                 &nobody),
	                 0);

	unsigned long before = allocations;
	for (size_t i = 0; i < input.count; i++) {
		const struct line *line = &input.lines[i];
		struct weir_datagram datagram = {
		        (const uint8_t *)line->bytes, (uint32_t)line->length, line->time_ns, {{0}, 0}};

		weir_engine_feed(engine, &datagram);
		weir_engine_advance(engine, line->time_ns);
	}
	weir_engine_flush(engine);
	unsigned long after = allocations;
	ck_assert_uint_gt(weir_engine_counters(engine)->events[WEIR_EVENT_ALERT], 100);
	ck_assert_uint_gt(weir_engine_counters(engine)->events[WEIR_EVENT_STATIC], 100);
	ck_assert_uint_gt(before, 0);
	ck_assert_uint_eq(after, before);
	weir_engine_free(engine);
	weir_area_free(area);
	weir_fences_free(fences);
	input_free(&input);
#else
	printf("ok 0 - nothing is allocated once the engine is made # SKIP a sanitizer has its own "
	       "allocator\n");
#endif
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("engine");
	TCase *tests = tcase_create("engine");

	tcase_set_timeout(tests, 120);
	tcase_add_test(tests, a_ship_that_passes_through_is_told_from_begin_to_end);
	tcase_add_test(tests, malformed_input_becomes_dead_letters);
	tcase_add_test(tests, time_is_told_by_advance);
	tcase_add_test(tests, an_engine_needs_neither_area_nor_fences);
	tcase_add_test(tests, nothing_is_allocated_once_the_engine_is_made);
	tcase_add_loop_test(tests, dropping_what_is_ignored_changes_nothing, 0,
	                    sizeof(streams) / sizeof(*streams));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
