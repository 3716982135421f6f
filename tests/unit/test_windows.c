/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Windows of time: what is counted in a fence, held against a slow count over everything that was ever
 * reported; and when a window is told.
 */
#include <math.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "detect/save.h"
#include "detect_bench.h"

/* ---- What comes out, and what should have ---- */

#define OBSERVED_MAX 40000
#define RESULTS_MAX 20000
#define LINE_MAX_BYTES 512

/* A fix inside of a fence, or entering or leaving it. */
struct observed {
	int64_t time_ns, now_ns; /* now_ns: the engine's time when it was known */
	char fence;
	uint8_t station_class;
	uint64_t device;
	enum { FIX, ENTER, EXIT } kind;
	bool has_sog;
	float sog_kn;
};

struct counting {
	struct weir_detect *detect;
	struct weir_fences *fences;
	struct observed observed[OBSERVED_MAX];
	size_t observed_count;
	char results[RESULTS_MAX][LINE_MAX_BYTES];
	size_t result_count;
	int64_t first_ns, now_ns;
	uint32_t max_devices;
	bool with_ids;
};

static void print_counts(char *out, size_t size, const char *label, const struct weir_window_counts *counts)
{
	size_t used = strlen(out);

	snprintf(out + used, size - used, " %s:%u,%" PRIu64 ",%u,%u,%.4f,%.4f", label, counts->devices,
	         counts->fixes, counts->enters, counts->exits, counts->mean_sog_kn, counts->max_sog_kn);
}

static void print_result(char *out, const struct weir_window_result *result, bool with_ids)
{
	snprintf(out, LINE_MAX_BYTES, "%s %g/%g at %.10g", result->fence,
	         (double)(result->end_ns - result->start_ns) / 1e9, (double)result->slide_ns / 1e9,
	         (double)(result->start_ns - START) / 1e9);
	print_counts(out, LINE_MAX_BYTES, "all", &result->all);
	for (int i = 0; i < WEIR_CLASSES; i++)
		if (result->classes[i].fixes > 0 || result->classes[i].enters > 0 ||
		    result->classes[i].exits > 0)
			print_counts(out, LINE_MAX_BYTES, weir_class_name((enum weir_class)i),
			             &result->classes[i]);
	size_t used = strlen(out);
	snprintf(out + used, LINE_MAX_BYTES - used, "%s%s%s%s%s%s", result->partial ? " partial" : "",
	         result->overflowed ? " overflowed" : "", with_ids ? " " : "", with_ids ? result->id : "",
	         with_ids ? "-" : "", with_ids ? result->content : "");
}

static void note(struct counting *counting, const struct observed *observed)
{
	ck_assert_uint_lt(counting->observed_count, OBSERVED_MAX);
	counting->observed[counting->observed_count++] = *observed;
}

static void on_event(void *context, const struct weir_event *event)
{
	struct counting *counting = context;

	if (event->kind == WEIR_EVENT_WINDOW) {
		ck_assert_uint_lt(counting->result_count, RESULTS_MAX);
		ck_assert_int_eq(event->time_ns, event->window->end_ns);
		ck_assert_str_eq(event->id, "");
		ck_assert_ptr_null(event->report);
		print_result(counting->results[counting->result_count++], event->window, counting->with_ids);
	}
	if (event->kind == WEIR_EVENT_ALERT &&
	    (event->alert->rule == WEIR_RULE_ENTER || event->alert->rule == WEIR_RULE_EXIT))
		note(counting,
		     &(struct observed){.time_ns = event->time_ns,
		                        .now_ns = counting->now_ns,
		                        .fence = event->alert->fence[0],
		                        .station_class = event->report->station_class,
		                        .kind = event->alert->rule == WEIR_RULE_ENTER ? ENTER : EXIT});
}

#define WINDOWS(windows) "\"rules\":[{\"rule\":\"enter\"},{\"rule\":\"exit\"}],\"windows\":[" windows "]"
#define AREA(id, properties, coordinates)                                                                    \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"" id "\"," properties "},\"geometry\":{\"type\":"    \
	"\"Polygon\",\"coordinates\":" coordinates "}}"

static void begin_detection(struct counting *counting)
{
	ck_assert_int_eq(weir_detect_new(&counting->detect,
	                                 &(struct weir_engine_options){.fences = counting->fences,
	                                                               .max_devices = counting->max_devices,
	                                                               .duplicate_window_ns = 10 * SECOND},
	                                 &(struct weir_engine_sink){.context = counting, .event = on_event}),
	                 0);
}

static struct counting *counting_open(const char *fences, uint32_t max_devices)
{
	struct counting *counting = calloc(1, sizeof(*counting));

	counting->fences = fences_of(fences);
	counting->max_devices = max_devices;
	counting->now_ns = counting->first_ns = INT64_MIN;
	begin_detection(counting);
	return counting;
}

static size_t save(const struct counting *counting, uint8_t *bytes, size_t capacity)
{
	struct weir_saver saver = {.bytes = bytes, .capacity = capacity};

	weir_detect_save(counting->detect, &saver);
	size_t length = weir_save_end(&saver);
	ck_assert_uint_le(length, capacity);
	return length;
}

/* Another detection, with other fences or the same (NULL), goes on from what the one so far knows. */
static void resume(struct counting *counting, const char *fences)
{
	static uint8_t saved[1 << 20];
	size_t length = save(counting, saved, sizeof(saved));
	struct weir_loader loader = {.bytes = saved, .length = length};

	weir_detect_free(counting->detect);
	if (fences != NULL) {
		weir_fences_free(counting->fences);
		counting->fences = fences_of(fences);
	}
	begin_detection(counting);
	ck_assert_msg(weir_detect_load(counting->detect, &loader) == 0, "%s", loader.why);
	ck_assert_int_eq(weir_load_end(&loader), 0);
	weir_detect_adopt(counting->detect);
}

static void counting_close(struct counting *counting)
{
	weir_detect_free(counting->detect);
	weir_fences_free(counting->fences);
	free(counting);
}

static void move_on(struct counting *counting, int64_t time_ns)
{
	if (counting->first_ns == INT64_MIN)
		counting->first_ns = time_ns;
	if (time_ns > counting->now_ns)
		counting->now_ns = time_ns;
}

static void tick(struct counting *counting, double time_s)
{
	int64_t time_ns = START + llround(time_s * 1e9);

	move_on(counting, time_ns);
	weir_detect_advance(counting->detect, time_ns);
}

static enum weir_report_outcome hear_at(struct counting *counting, const struct weir_report *report,
                                        double time_s)
{
	int64_t time_ns = START + llround(time_s * 1e9);
	struct weir_hearing hearing = {.report = report, .time_ns = time_ns};

	if (report->station_class == WEIR_CLASS_GPS) {
		hearing.id = "truck";
		hearing.device = UINT64_MAX - report->mmsi;
	}
	move_on(counting, time_ns);
	return weir_detect_hear(counting->detect, &hearing);
}

/* The results in the order of telling, one a line. */
static char *results_of(struct counting *counting)
{
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	for (size_t i = 0; i < counting->result_count; i++)
		fprintf(file, "%s\n", counting->results[i]);
	fclose(file);
	counting->result_count = 0;
	return text;
}

static void expect(struct counting *counting, const char *results)
{
	char *text = results_of(counting);

	ck_assert_str_eq(text, results);
	free(text);
}

/* ---- The slow count ---- */

struct shape {
	char fence;
	int64_t window_s, slide_s, lateness_s;
};

/* Of one class, or all of them (WEIR_CLASSES). */
static struct weir_window_counts count_slowly(const struct counting *counting, const struct shape *shape,
                                              int64_t start_ns, int station_class)
{
	struct weir_window_counts counts = {0};
	int64_t end_ns = start_ns + shape->window_s * SECOND, sum = 0;
	uint64_t seen[256];

	for (size_t i = 0; i < counting->observed_count; i++) {
		const struct observed *one = &counting->observed[i];
		size_t j = 0;

		if (one->fence != shape->fence || one->time_ns < start_ns || one->time_ns >= end_ns ||
		    one->now_ns >= end_ns + shape->lateness_s * SECOND ||
		    (station_class != WEIR_CLASSES && one->station_class != station_class))
			continue;
		counts.enters += one->kind == ENTER;
		counts.exits += one->kind == EXIT;
		if (one->kind != FIX)
			continue;
		counts.fixes++;
		if (one->has_sog) {
			counts.sog_fixes++;
			sum += lround((double)one->sog_kn * 1000);
			counts.max_sog_kn = fmax(counts.max_sog_kn, round((double)one->sog_kn * 1000) / 1000);
		}
		while (j < counts.devices && seen[j] != one->device)
			j++;
		if (j == counts.devices) {
			ck_assert_uint_lt(j, 256);
			seen[counts.devices++] = one->device;
		}
	}
	if (counts.sog_fixes > 0)
		counts.mean_sog_kn = (double)sum / (double)counts.sog_fixes / 1000;
	return counts;
}

/* All that should have been told of a shape by now. */
static void tell_slowly(const struct counting *counting, const struct shape *shape, FILE *file)
{
	int64_t slide_ns = shape->slide_s * SECOND, window_ns = shape->window_s * SECOND;
	bool was_empty = true;

	for (int64_t start_ns = START / slide_ns * slide_ns - 20 * window_ns;
	     start_ns + window_ns + shape->lateness_s * SECOND <= counting->now_ns; start_ns += slide_ns) {
		char fence[2] = {shape->fence, '\0'}, line[LINE_MAX_BYTES];
		struct weir_window_result result = {.fence = fence,
		                                    .start_ns = start_ns,
		                                    .end_ns = start_ns + window_ns,
		                                    .slide_ns = slide_ns,
		                                    .partial = start_ns < counting->first_ns};

		result.all = count_slowly(counting, shape, start_ns, WEIR_CLASSES);
		for (int i = 0; i < WEIR_CLASSES; i++)
			result.classes[i] = count_slowly(counting, shape, start_ns, i);
		bool is_empty = result.all.fixes == 0 && result.all.enters == 0 && result.all.exits == 0;
		if (!is_empty || !was_empty) {
			print_result(line, &result, false);
			fprintf(file, "%s\n", line);
		}
		was_empty = is_empty;
	}
}

static int compare_lines(const void *left, const void *right)
{
	return strcmp(left, right);
}

/* Sorted, as the order between fences is another matter. */
static char *sorted(struct counting *counting)
{
	qsort(counting->results, counting->result_count, sizeof(counting->results[0]), compare_lines);
	return results_of(counting);
}

static char *sorted_lines(char *text)
{
	struct counting *lines = calloc(1, sizeof(*lines));
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
		snprintf(lines->results[lines->result_count++], LINE_MAX_BYTES, "%s", line);
	char *made = sorted(lines);
	free(lines);
	free(text);
	return made;
}

/* ---- Random tracks ---- */

#define SHIPS 60
#define REPORTS 6000

static const char random_fences[] =
        COLLECTION(AREA("a", WINDOWS("{\"window_s\":600}"), "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]") "," AREA(
                "b",
                WINDOWS("{\"window_s\":300,\"slide_s\":60,\"lateness_s\":90},{\"window_s\":60,\"lateness_s\":"
                        "0}"),
                "[[[0.5,0.5],[1.5,0.5],[1.5,1.5],[0.5,1.5],[0.5,0.5]]]") "," AREA("c",
                                                                                  WINDOWS("{\"window_s\":70,"
                                                                                          "\"slide_s\":10,"
                                                                                          "\"lateness_s\":25}"
                                                                                          ",{\"window_s\":"
                                                                                          "3600,\"slide_s\":"
                                                                                          "900,\"lateness_"
                                                                                          "s\":1000}"),
                                                                                  "[[[0.9,0.9],[1.1,0.9],[1."
                                                                                  "1,1.1],[0.9,1.1],[0.9,0.9]"
                                                                                  "]]"));
static const struct shape random_shapes[] = {
        {'a', 600, 600, 60}, {'b', 300, 60, 90}, {'b', 60, 60, 0}, {'c', 70, 10, 25}, {'c', 3600, 900, 1000}};

static uint64_t chance(uint64_t *state, uint64_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state % below;
}

static void observe_fix(struct counting *counting, const struct weir_report *report, double time_s)
{
	static const struct {
		char fence;
		double low, high;
	} squares[] = {{'a', 0, 1}, {'b', 0.5, 1.5}, {'c', 0.9, 1.1}};

	for (size_t i = 0; i < 3; i++) {
		if (report->longitude_deg < squares[i].low || report->longitude_deg > squares[i].high ||
		    report->latitude_deg < squares[i].low || report->latitude_deg > squares[i].high)
			continue;
		note(counting, &(struct observed){.time_ns = START + llround(time_s * 1e9),
		                                  .now_ns = counting->now_ns,
		                                  .fence = squares[i].fence,
		                                  .station_class = report->station_class,
		                                  .device = report->mmsi,
		                                  .kind = FIX,
		                                  .has_sog = report->has & WEIR_HAS_SOG,
		                                  .sog_kn = report->sog_kn});
	}
}

static struct weir_report random_report(uint64_t *state, double places[SHIPS][2])
{
	static const uint8_t messages[] = {[WEIR_CLASS_A] = 1, [WEIR_CLASS_B] = 18, [WEIR_CLASS_GPS] = 0};
	uint32_t ship = (uint32_t)chance(state, SHIPS);
	struct weir_report report = position(1000 + ship, 0, 0);

	/* Most are always of one class; some say one thing one time and another the next. */
	report.station_class = ship % 5 == 0   ? (uint8_t)chance(state, 2)
	                       : ship % 7 == 0 ? WEIR_CLASS_GPS
	                                       : (uint8_t)(ship % 3 == 0);
	report.message = messages[report.station_class];
	for (int i = 0; i < 2; i++) {
		places[ship][i] += ((double)chance(state, 2001) - 1000) / 1000 * 0.1;
		places[ship][i] = fmin(fmax(places[ship][i], -0.3), 1.8);
	}
	report.longitude_deg = places[ship][0];
	report.latitude_deg = places[ship][1];
	report.sog_kn = (float)chance(state, 300) / 10;
	if (chance(state, 10) == 0)
		report.has &= ~(uint32_t)WEIR_HAS_SOG;
	return report;
}

/* Streamed: time is told every second as well. Resumed: another detection goes on from time to time. */
static void play_random(struct counting *counting, uint64_t seed, bool streamed, bool resumed)
{
	uint64_t state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	double places[SHIPS][2], now_s = 0;

	for (size_t i = 0; i < SHIPS; i++)
		places[i][0] = places[i][1] = 0.8;
	tick(counting, 0);
	for (size_t i = 0; i < REPORTS; i++) {
		double before_s = now_s, late_s = 0;

		now_s += (double)chance(&state, 3000) / 1000;
		if (chance(&state, 700) == 0)
			now_s += (double)chance(&state, 3000);
		if (chance(&state, 3) == 0)
			late_s = (double)chance(&state, chance(&state, 10) == 0 ? 2000000 : 100000) / 1000;
		for (double t = floor(before_s) + 1; streamed && t < now_s - late_s; t++)
			tick(counting, t);
		if (resumed && i % 37 == 0)
			resume(counting, NULL);
		struct weir_report report = random_report(&state, places);
		enum weir_report_outcome outcome = hear_at(counting, &report, now_s - late_s);
		ck_assert(outcome == WEIR_REPORT_USED || outcome == WEIR_REPORT_LATE);
		observe_fix(counting, &report, now_s - late_s);
	}
	tick(counting, now_s + 20000);
}

START_TEST(windows_hold_what_a_slow_count_finds)
{
	struct counting *counting = counting_open(random_fences, 0);
	char *slow = NULL;
	size_t length;
	FILE *file = open_memstream(&slow, &length);

	play_random(counting, (uint64_t)_i + 1, false, false);
	for (size_t i = 0; i < sizeof(random_shapes) / sizeof(*random_shapes); i++)
		tell_slowly(counting, &random_shapes[i], file);
	fclose(file);
	ck_assert_uint_gt(counting->result_count, 1000);
	const uint64_t *outcomes = weir_detect_counters(counting->detect)->windows;
	ck_assert_uint_gt(outcomes[WEIR_WINDOW_COUNTED], 1000);
	ck_assert_uint_gt(outcomes[WEIR_WINDOW_LATE], 100);
	ck_assert_uint_eq(weir_detect_counters(counting->detect)->window_devices, 0); /* all have closed */
	char *fast = sorted(counting);
	slow = sorted_lines(slow);
	size_t same = 0;
	while (fast[same] != '\0' && fast[same] == slow[same])
		same++;
	ck_assert_msg(strcmp(fast, slow) == 0, "from here on: %.300s\nnot: %.300s", fast + same, slow + same);
	free(fast);
	free(slow);
	counting_close(counting);
}
END_TEST

START_TEST(neither_time_that_is_told_in_between_nor_saving_changes_anything)
{
	struct counting *one = counting_open(random_fences, 200), *other = counting_open(random_fences, 200);

	one->with_ids = other->with_ids = true;
	play_random(one, (uint64_t)_i / 2 + 100, false, false);
	play_random(other, (uint64_t)_i / 2 + 100, _i % 2 == 0, _i % 2 == 1);
	char *plain = results_of(one), *streamed = results_of(other);
	ck_assert(strcmp(plain, streamed) == 0); /* too long to be shown */
	free(plain);
	free(streamed);
	counting_close(one);
	counting_close(other);
}
END_TEST

/* ---- When and what ---- */

static const char hourly[] = AREA("a", WINDOWS("{\"window_s\":3600,\"lateness_s\":60}"), SQUARE);

/* START is 1,600 seconds behind the full hour. */
#define HOUR(n) (3600.0 * (n)-1600)

static enum weir_report_outcome ship_at(struct counting *counting, uint32_t mmsi, double time_s,
                                        double longitude)
{
	struct weir_report report = position(mmsi, longitude, 1.5);

	return hear_at(counting, &report, time_s);
}

START_TEST(a_window_is_told_when_its_end_is_past_by_the_lateness)
{
	struct counting *counting = counting_open(hourly, 0);

	tick(counting, HOUR(0));
	ship_at(counting, 1, HOUR(1), 1.5); /* the first moment of the hour */
	ship_at(counting, 1, HOUR(1) + 1000, 1.5);
	ship_at(counting, 1, HOUR(2) - 0.001, 1.5);
	ship_at(counting, 1, HOUR(2), 1.5); /* of the next */
	tick(counting, HOUR(2) + 59.999);
	expect(counting, "");
	tick(counting, HOUR(2) + 60);
	expect(counting, "a 3600/3600 at 2000 all:1,3,1,0,7.5000,7.5000 A:1,3,1,0,7.5000,7.5000\n");
	counting_close(counting);
}
END_TEST

START_TEST(an_empty_window_is_told_once_after_one_that_was_not)
{
	struct counting *counting = counting_open(hourly, 0);

	tick(counting, HOUR(0));
	tick(counting, HOUR(5));
	expect(counting, ""); /* nobody was ever there */
	ship_at(counting, 1, HOUR(5) + 1, 1.5);
	tick(counting, HOUR(20));
	expect(counting, "a 3600/3600 at 16400 all:1,1,0,0,7.5000,7.5000 A:1,1,0,0,7.5000,7.5000\n"
	                 "a 3600/3600 at 20000 all:0,0,0,0,0.0000,0.0000\n");
	ship_at(counting, 1, HOUR(20) + 1, 1.5);
	/* A hundred years are not a hundred years' work. */
	weir_detect_advance(counting->detect, START + INT64_C(3153600000) * SECOND);
	expect(counting, "a 3600/3600 at 70400 all:1,1,0,0,7.5000,7.5000 A:1,1,0,0,7.5000,7.5000\n"
	                 "a 3600/3600 at 74000 all:0,0,0,0,0.0000,0.0000\n");
	counting_close(counting);
}
END_TEST

START_TEST(what_is_late_counts_within_the_bound_and_is_counted_beyond_it)
{
	struct counting *counting = counting_open(hourly, 0);
	const uint64_t *outcomes = weir_detect_counters(counting->detect)->windows;

	tick(counting, HOUR(1));
	ship_at(counting, 1, HOUR(2) + 59, 1.5);
	ck_assert_int_eq(ship_at(counting, 2, HOUR(2) - 10, 1.5), WEIR_REPORT_USED); /* of another device */
	ck_assert_int_eq(ship_at(counting, 1, HOUR(2) - 5, 1.5), WEIR_REPORT_LATE);  /* of the same */
	ck_assert_uint_eq(outcomes[WEIR_WINDOW_LATE], 0);
	tick(counting, HOUR(2) + 60);
	expect(counting, "a 3600/3600 at 2000 all:2,2,0,0,7.5000,7.5000 A:2,2,0,0,7.5000,7.5000\n");
	ck_assert_int_eq(ship_at(counting, 3, HOUR(2) - 10, 1.5), WEIR_REPORT_USED);
	ck_assert_uint_eq(outcomes[WEIR_WINDOW_LATE], 1);
	ck_assert_uint_eq(outcomes[WEIR_WINDOW_COUNTED], 3);
	tick(counting, HOUR(3) + 60);
	expect(counting, "a 3600/3600 at 5600 all:1,1,0,0,7.5000,7.5000 A:1,1,0,0,7.5000,7.5000\n");
	counting_close(counting);
}
END_TEST

START_TEST(what_is_late_and_heard_by_two_stations_counts_once)
{
	struct counting *counting = counting_open(hourly, 0);
	struct weir_report report = position(1, 1.5, 1.5);
	const char said[] = "the same";
	struct weir_hearing hearing = {.report = &report,
	                               .time_ns = START + (int64_t)(HOUR(1) + 20) * SECOND,
	                               .said = {.bytes = (const uint8_t *)said, .length = sizeof(said)}};

	tick(counting, HOUR(1));
	ship_at(counting, 1, HOUR(1) + 30, 1.5);
	ck_assert_int_eq(weir_detect_hear(counting->detect, &hearing), WEIR_REPORT_LATE);
	ck_assert_int_eq(weir_detect_hear(counting->detect, &hearing), WEIR_REPORT_DUPLICATE);
	tick(counting, HOUR(3));
	expect(counting, "a 3600/3600 at 2000 all:1,2,0,0,7.5000,7.5000 A:1,2,0,0,7.5000,7.5000\n");
	counting_close(counting);
}
END_TEST

START_TEST(a_window_that_began_before_counting_did_is_partial)
{
	struct counting *counting = counting_open(hourly, 0);

	ship_at(counting, 1, HOUR(2) - 1, 1.5);
	ship_at(counting, 1, HOUR(2) + 1, 1.5);
	tick(counting, HOUR(3) + 60);
	expect(counting, "a 3600/3600 at 2000 all:1,1,0,0,7.5000,7.5000 A:1,1,0,0,7.5000,7.5000 partial\n"
	                 "a 3600/3600 at 5600 all:1,1,1,0,7.5000,7.5000 A:1,1,1,0,7.5000,7.5000\n");
	counting_close(counting);
}
END_TEST

START_TEST(devices_beyond_the_room_are_said_to_be_missing)
{
	struct counting *counting = counting_open(
	        AREA("a", WINDOWS("{\"window_s\":3600},{\"window_s\":3600,\"slide_s\":1800}"), SQUARE), 4096);
	const struct weir_engine_counters *counters = weir_detect_counters(counting->detect);

	/* 4,096 devices may be there at once, and two entries each; a third series has them all. */
	tick(counting, HOUR(1));
	for (uint32_t i = 0; i < 4032; i++)
		ck_assert_int_eq(ship_at(counting, i + 1, HOUR(1) + 1, 1.5), WEIR_REPORT_USED);
	for (uint32_t i = 0; i < 4032; i++) /* others, when those have been silent for long */
		ck_assert_int_eq(ship_at(counting, 10000 + i, HOUR(1) + 600, 1.5), WEIR_REPORT_USED);
	ck_assert_uint_eq(counters->window_devices, 8192);
	ck_assert_uint_eq(counters->windows[WEIR_WINDOW_NO_ROOM], 2 * 8064 - 8192);
	tick(counting, HOUR(3));
	char *text = results_of(counting);
	ck_assert_ptr_nonnull(strstr(text, "all:4096,8064,"));
	ck_assert_ptr_nonnull(strstr(text, " overflowed\n"));
	free(text);
	ck_assert_uint_eq(counters->window_devices, 0);
	ship_at(counting, 1, HOUR(5), 1.5); /* there is room again */
	tick(counting, HOUR(7));
	text = results_of(counting);
	ck_assert_ptr_null(strstr(text, "overflowed"));
	ck_assert_ptr_nonnull(strstr(text, "all:1,1,"));
	free(text);
	counting_close(counting);
}
END_TEST

START_TEST(a_device_of_two_classes_is_one_device)
{
	struct counting *counting = counting_open(hourly, 0);
	struct weir_report report = position(1, 1.5, 1.5);

	tick(counting, HOUR(1));
	hear_at(counting, &report, HOUR(1) + 1);
	report.station_class = WEIR_CLASS_B;
	report.message = 18;
	report.sog_kn = 2.5f;
	hear_at(counting, &report, HOUR(1) + 2);
	tick(counting, HOUR(3));
	expect(counting, "a 3600/3600 at 2000 all:1,2,1,0,5.0000,7.5000 A:1,1,0,0,7.5000,7.5000 "
	                 "B:1,1,1,0,2.5000,2.5000\n");
	counting_close(counting);
}
END_TEST

static const struct {
	const char *name, *rules;
	const char *counted; /* all: */
} initials[] = {
        {"enter", "{\"rule\":\"enter\"}", "all:1,2,1,0"},
        {"inside", "{\"rule\":\"enter\",\"initial\":\"inside\"}", "all:1,2,0,0"},
        {"silent", "{\"rule\":\"enter\",\"initial\":\"silent\"}", "all:1,2,0,0"},
        {"no rule", "", "all:1,2,1,0"},
};

START_TEST(a_first_fix_inside_enters_as_the_rule_has_it)
{
	char fences[512];

	snprintf(fences, sizeof(fences),
	         AREA("a", "\"rules\":[%s],\"windows\":[{\"window_s\":3600}]", SQUARE), initials[_i].rules);
	struct counting *counting = counting_open(fences, 0);
	tick(counting, HOUR(1));
	ship_at(counting, 1, HOUR(1) + 1, 1.5);
	ship_at(counting, 1, HOUR(1) + 2, 1.5);
	tick(counting, HOUR(3));
	char *text = results_of(counting);
	ck_assert_msg(strstr(text, initials[_i].counted) != NULL, "%s: %s", initials[_i].name, text);
	free(text);
	counting_close(counting);
}
END_TEST

START_TEST(exits_are_counted_without_rules_and_the_filter_holds)
{
	struct counting *counting = counting_open(
	        AREA("a", "\"rules\":[],\"filter\":{\"class\":[\"A\"]},\"windows\":[{\"window_s\":3600}]",
	             SQUARE),
	        0);
	struct weir_report other = position(2, 1.5, 1.5);

	tick(counting, HOUR(1));
	for (int i = 0; i < 4; i++)
		ship_at(counting, 1, HOUR(1) + i, i < 2 ? 1.5 : 2.5);
	other.station_class = WEIR_CLASS_B;
	hear_at(counting, &other, HOUR(1) + 10);
	tick(counting, HOUR(3));
	expect(counting, "a 3600/3600 at 2000 all:1,2,1,1,7.5000,7.5000 A:1,2,1,1,7.5000,7.5000\n");
	counting_close(counting);
}
END_TEST

START_TEST(what_is_told_again_has_its_identifiers_again)
{
	char *told[3];

	for (int i = 0; i < 3; i++) { /* twice the same, and once with a fix more */
		struct counting *counting = counting_open(hourly, 0);

		counting->with_ids = true;
		tick(counting, HOUR(1));
		ship_at(counting, 1, HOUR(1) + 1, 1.5);
		if (i == 2)
			ship_at(counting, 1, HOUR(1) + 2, 2.5);
		ship_at(counting, 1, HOUR(1) + 3, i == 2 ? 1.5 : 2.5);
		tick(counting, HOUR(2) + 60);
		told[i] = results_of(counting);
		counting_close(counting);
	}
	ck_assert_str_eq(told[0], told[1]);
	/* The window is the same one, and what it says is not. */
	const char *id = strrchr(told[0], ' '), *other = strrchr(told[2], ' ');
	ck_assert_int_eq(strncmp(id, other, 34), 0);
	ck_assert_str_ne(id, other);
	/* For ever: what window_id.c says, by hand. 3,600 s are 0x34630b8a000 ns. */
	static const char said[] =
	        "weir.window.1\0a\0\x00\xa0\xb8\x30\x46\x03\0\0\x00\xa0\xb8\x30\x46\x03\0\0";
	int64_t start_ns = START + 2000 * SECOND; /* on a machine that is little-endian */
	uint8_t bytes[sizeof(said) - 1 + sizeof(start_ns)];
	char wanted[34];
	memcpy(bytes, said, sizeof(said) - 1);
	memcpy(bytes + sizeof(said) - 1, &start_ns, sizeof(start_ns));
	XXH128_hash_t hash = XXH3_128bits(bytes, sizeof(bytes));
	snprintf(wanted, sizeof(wanted), "%016" PRIx64 "%016" PRIx64 "-", hash.high64, hash.low64);
	ck_assert_int_eq(strncmp(id + 1, wanted, 33), 0);
	for (int i = 0; i < 3; i++)
		free(told[i]);
}
END_TEST

/* ---- Reload ---- */

static void change(struct counting *counting, const char *text, const uint32_t *renumbered)
{
	struct weir_fences *fences = fences_of(text);

	weir_detect_change_chart(counting->detect, fences, NULL, renumbered);
	weir_fences_free(counting->fences);
	counting->fences = fences;
}

START_TEST(a_reload_keeps_what_is_open_by_the_id_of_the_fence)
{
	struct counting *counting = counting_open(hourly, 0);

	tick(counting, HOUR(1));
	ship_at(counting, 1, HOUR(1) + 1, 1.5);
	/* Two new fences, one before it; and it has a second window now, with a longer ring. */
	change(counting,
	       COLLECTION(AREA("0", WINDOWS("{\"window_s\":60,\"slide_s\":1}"), SQUARE) "," AREA(
	               "a", WINDOWS("{\"window_s\":1800,\"slide_s\":300},{\"window_s\":3600}"),
	               SQUARE) "," FEATURE("z", BOTH("1"), SQUARE)),
	       (const uint32_t[]){1});
	ship_at(counting, 1, HOUR(1) + 2, 1.5);
	ship_at(counting, 2, HOUR(1) + 3, 1.5);
	change(counting, hourly, (const uint32_t[]){WEIR_FENCE_GONE, 0, WEIR_FENCE_GONE});
	ship_at(counting, 3, HOUR(1) + 4, 1.5);
	tick(counting, HOUR(3) + 60);
	expect(counting, "a 3600/3600 at 2000 all:3,4,1,0,7.5000,7.5000 A:3,4,1,0,7.5000,7.5000\n"
	                 "a 3600/3600 at 5600 all:0,0,0,0,0.0000,0.0000\n");
	ck_assert_uint_eq(weir_detect_counters(counting->detect)->window_devices, 0);
	counting_close(counting);
}
END_TEST

START_TEST(a_fence_that_is_gone_takes_its_windows_along_and_a_new_one_begins_anew)
{
	struct counting *counting = counting_open(hourly, 0);

	tick(counting, HOUR(1));
	ship_at(counting, 1, HOUR(1) + 1, 1.5);
	ck_assert_uint_eq(weir_detect_counters(counting->detect)->window_devices, 1);
	change(counting, COLLECTION(""), (const uint32_t[]){WEIR_FENCE_GONE});
	ck_assert_uint_eq(weir_detect_counters(counting->detect)->window_devices, 0);
	ship_at(counting, 1, HOUR(1) + 2, 1.5);
	tick(counting, HOUR(1) + 3);
	change(counting, hourly, NULL);
	ship_at(counting, 1, HOUR(1) + 4, 1.5);
	tick(counting, HOUR(2) + 60);
	expect(counting, "a 3600/3600 at 2000 all:1,1,0,0,7.5000,7.5000 A:1,1,0,0,7.5000,7.5000 partial\n");
	counting_close(counting);
}
END_TEST

START_TEST(saved_windows_go_on_where_their_fence_and_shape_are_still_there)
{
	struct counting *counting = counting_open(hourly, 64);

	tick(counting, HOUR(1));
	ship_at(counting, 1, HOUR(1) + 1, 1.5);
	/* One that is new, and the same with another window. */
	resume(counting, COLLECTION(AREA("0", WINDOWS("{\"window_s\":3600}"), SQUARE) "," AREA(
	                         "a", WINDOWS("{\"window_s\":1800},{\"window_s\":3600}"), SQUARE)));
	ck_assert_uint_eq(weir_detect_counters(counting->detect)->window_devices, 1);
	ship_at(counting, 2, HOUR(1) + 2, 1.5);
	tick(counting, HOUR(2) + 60);
	expect(counting, "a 1800/1800 at 2000 all:1,1,0,0,7.5000,7.5000 A:1,1,0,0,7.5000,7.5000 partial\n"
	                 "0 3600/3600 at 2000 all:1,1,0,0,7.5000,7.5000 A:1,1,0,0,7.5000,7.5000 partial\n"
	                 "a 1800/1800 at 3800 all:0,0,0,0,0.0000,0.0000\n"
	                 "a 3600/3600 at 2000 all:2,2,0,0,7.5000,7.5000 A:2,2,0,0,7.5000,7.5000\n");
	ship_at(counting, 1, HOUR(2) + 100, 1.5);
	resume(counting, COLLECTION("")); /* gone, and what was counted with them */
	ck_assert_uint_eq(weir_detect_counters(counting->detect)->window_devices, 0);
	tick(counting, HOUR(5));
	expect(counting, "");
	counting_close(counting);
}
END_TEST

START_TEST(what_is_not_saved_state_is_refused)
{
	static uint8_t good[1 << 20], bad[1 << 20];
	struct counting *counting = counting_open(random_fences, 200);
	uint64_t state = 99;
	size_t refused = 0;

	for (uint32_t i = 0; i < 100; i++)
		ship_at(counting, 1000 + i, 10.0 * i, 1.0);
	size_t length = save(counting, good, sizeof(good));
	weir_detect_free(counting->detect);
	for (int i = 0; i < 4000; i++) { /* in the later half: the windows */
		struct weir_loader loader = {.bytes = bad, .length = length};
		int flips = 1 + (int)chance(&state, 3);

		memcpy(bad, good, length);
		while (flips-- > 0)
			bad[length - 1 - chance(&state, length / 2)] ^= (uint8_t)(1 + chance(&state, 255));
		begin_detection(counting);
		if (weir_detect_load(counting->detect, &loader) != 0 || weir_load_end(&loader) != 0) {
			refused++;
		} else { /* whatever it says then: it is of use */
			weir_detect_adopt(counting->detect);
			ship_at(counting, 1000 + (uint32_t)chance(&state, 200),
			        900 + (double)chance(&state, 200), 1.0);
			tick(counting, 9000);
		}
		counting->result_count = counting->observed_count = 0;
		weir_detect_free(counting->detect);
	}
	ck_assert_uint_gt(refused, 200);
	begin_detection(counting);
	counting_close(counting);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("windows");
	TCase *tests = tcase_create("windows");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, windows_hold_what_a_slow_count_finds, 0, 6);
	tcase_add_loop_test(tests, neither_time_that_is_told_in_between_nor_saving_changes_anything, 0, 6);
	tcase_add_test(tests, a_window_is_told_when_its_end_is_past_by_the_lateness);
	tcase_add_test(tests, an_empty_window_is_told_once_after_one_that_was_not);
	tcase_add_test(tests, what_is_late_counts_within_the_bound_and_is_counted_beyond_it);
	tcase_add_test(tests, what_is_late_and_heard_by_two_stations_counts_once);
	tcase_add_test(tests, a_window_that_began_before_counting_did_is_partial);
	tcase_add_test(tests, devices_beyond_the_room_are_said_to_be_missing);
	tcase_add_test(tests, a_device_of_two_classes_is_one_device);
	tcase_add_loop_test(tests, a_first_fix_inside_enters_as_the_rule_has_it, 0,
	                    sizeof(initials) / sizeof(*initials));
	tcase_add_test(tests, exits_are_counted_without_rules_and_the_filter_holds);
	tcase_add_test(tests, what_is_told_again_has_its_identifiers_again);
	tcase_add_test(tests, a_reload_keeps_what_is_open_by_the_id_of_the_fence);
	tcase_add_test(tests, a_fence_that_is_gone_takes_its_windows_along_and_a_new_one_begins_anew);
	tcase_add_test(tests, saved_windows_go_on_where_their_fence_and_shape_are_still_there);
	tcase_add_test(tests, what_is_not_saved_state_is_refused);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
