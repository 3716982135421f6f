/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Detection: tracks in, the exact log of events out. A track is written as a string, a character a
 * report, so that each case can be read; so is what comes of it.
 */
#include <errno.h>
#include <inttypes.h>

#include "detect/alert_id.h"
#include "detect/detect.h"
#include "detect/duplicates.h"
#include "fence_text.h"
#include "polygons.h"
#include "suite.h"

#define SECOND INT64_C(1000000000)
#define START (INT64_C(1789000000) * SECOND)

#define FEATURE(id, rules, coordinates)                                                                      \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"" id "\",\"rules\":[" rules                          \
	"]},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" coordinates "}}"
#define BOTH(fixes)                                                                                          \
	"{\"rule\":\"enter\",\"confirm_fixes\":" fixes "},{\"rule\":\"exit\",\"confirm_fixes\":" fixes "}"
#define SQUARE "[[[1,1],[2,1],[2,2],[1,2],[1,1]]]"
#define HOLLOW "[[[1,1],[2,1],[2,2],[1,2],[1,1]],[[1.4,1.4],[1.6,1.4],[1.6,1.6],[1.4,1.6],[1.4,1.4]]]"
#define INNER "[[[1.2,1.2],[1.3,1.2],[1.3,1.3],[1.2,1.3],[1.2,1.2]]]"
#define ACROSS "[[[179,1],[-179,1],[-179,2],[179,2],[179,1]]]"
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

/* Where the letters of a track lie. The area of interest is the box from (0, 0) to (3, 3). */
static const struct spot {
	char letter;
	double longitude, latitude;
} spots[] = {
        {'i', 1.1, 1.1},   /* in the square */
        {'n', 1.25, 1.25}, /* in the inner square too */
        {'h', 1.5, 1.5},   /* in its hole */
        {'b', 1.0, 1.5},   /* on its boundary */
        {'o', 0.5, 0.5},   /* outside of it, in the area */
        {'a', 0.0, 3.0},   /* on the corner of the area */
        {'x', 5.0, 5.0},   /* outside of the area */
        {'e', 179.5, 1.5}, /* in the square on the antimeridian, east longitude */
        {'w', -179.5, 1.5}, {'m', 180.0, 1.5},
        {'s', -178.5, 1.5}, /* beside it, in the area's box across the antimeridian */
};

static const struct spot *spot_of(char letter)
{
	for (size_t i = 0; i < sizeof(spots) / sizeof(*spots); i++)
		if (spots[i].letter == letter)
			return &spots[i];
	ck_abort_msg("no spot '%c'", letter);
	return NULL;
}

/* Everything that comes out, as one text. */
struct bench {
	struct weir_detect *detect;
	struct weir_fences *fences;
	struct weir_area *area;
	char *log;
	size_t length;
	FILE *file;
	bool with_ids;
	bool brief; /* letters instead of lines */
};

static void log_event(void *context, const struct weir_event *event)
{
	struct bench *bench = context;
	const struct weir_alert *alert = event->alert;

	if (bench->brief) {
		if (event->kind == WEIR_EVENT_ALERT)
			fprintf(bench->file, "%c%s", alert->rule == WEIR_RULE_ENTER ? 'E' : 'X',
			        alert->fence);
		return;
	}
	fprintf(bench->file, "%d %" PRId64 " %s %s %d %.7f %.7f", (int)event->kind, event->time_ns, event->id,
	        event->source, event->report->message, event->report->longitude_deg,
	        event->report->latitude_deg);
	for (size_t i = 0; i < event->fence_count; i++)
		fprintf(bench->file, " [%s]", event->fences[i]);
	fprintf(bench->file, " name=%s", event->ship_name == NULL ? "-" : event->ship_name);
	if (event->kind == WEIR_EVENT_STATIC)
		fprintf(bench->file, " %x %s", event->report->has, event->report->name);
	if (alert != NULL)
		fprintf(bench->file, " %s %d %d %d %s %s", bench->with_ids ? alert->id : "", (int)alert->rule,
		        (int)alert->phase, (int)alert->severity, alert->fence == NULL ? "-" : alert->fence,
		        alert->message);
	fputc('\n', bench->file);
}

static void log_follow(void *context, uint64_t device, bool begins)
{
	struct bench *bench = context;

	if (bench->brief)
		fputc(begins ? '(' : ')', bench->file);
	else
		fprintf(bench->file, "follow %" PRIu64 " %s\n", device, begins ? "begins" : "ends");
}

static void bench_open(struct bench *bench, const char *fences, const struct weir_box *box,
                       uint32_t max_devices, int64_t silence_ns)
{
	*bench = (struct bench){.with_ids = true};
	bench->file = open_memstream(&bench->log, &bench->length);
	bench->fences = fences_of(fences);
	ck_assert_int_eq(weir_area_new(&bench->area, box, 1, bench->fences), 0);
	ck_assert_int_eq(weir_detect_new(&bench->detect,
	                                 &(struct weir_engine_options){.area = bench->area,
	                                                               .fences = bench->fences,
	                                                               .max_devices = max_devices,
	                                                               .silence_ns = silence_ns},
	                                 &(struct weir_engine_sink){
	                                         .context = bench, .event = log_event, .follow = log_follow}),
	                 0);
}

/* All that has come out so far. */
static const char *bench_log(struct bench *bench)
{
	fflush(bench->file);
	return bench->log;
}

static void bench_close(struct bench *bench)
{
	weir_detect_free(bench->detect);
	weir_area_free(bench->area);
	weir_fences_free(bench->fences);
	fclose(bench->file);
	free(bench->log);
}

static const struct weir_box area_box = {0, 0, 3, 3};
static const struct weir_box pacific_box = {178, 0, -178, 3};

static struct weir_report position(uint32_t mmsi, double longitude, double latitude)
{
	return (struct weir_report){.mmsi = mmsi,
	                            .has = WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_NAV_STATUS,
	                            .message = 1,
	                            .longitude_deg = longitude,
	                            .latitude_deg = latitude,
	                            .sog_kn = 7.5f};
}

static enum weir_report_outcome report_at(struct bench *bench, uint32_t mmsi, char letter, int64_t time_ns)
{
	const struct spot *spot = spot_of(letter);
	struct weir_report report = position(mmsi, spot->longitude, spot->latitude);

	return weir_detect_report(bench->detect, &report, time_ns, "");
}

static enum weir_report_outcome static_at(struct bench *bench, uint32_t mmsi, const char *name,
                                          int64_t time_ns)
{
	struct weir_report report = {.mmsi = mmsi, .has = WEIR_HAS_NAME, .message = 5};

	snprintf(report.name, sizeof(report.name), "%s", name);
	return weir_detect_report(bench->detect, &report, time_ns, "");
}

/*
 * A track: a letter a fix, ten seconds apart; a digit n instead: n times ten minutes of silence, by a
 * call of advance; '-': a report without a position; '!': a fix 'i' that is a minute late.
 * The log: ( and ) begin and end to follow, E and X enter and exit with the fence's id.
 */
struct track {
	const char *name, *fences, *fixes, *log;
	const struct weir_box *box;
};

#define ONE(fixes) COLLECTION(FEATURE("a", BOTH(fixes), SQUARE))

static const struct track tracks[] = {
        {"in and out, one fix", ONE("1"), "oio", "(EaXa", &area_box},
        {"in and out, two fixes", ONE("2"), "oiioo", "(EaXa", &area_box},
        {"in and out, three fixes", ONE("3"), "oiiiooo", "(EaXa", &area_box},
        {"one fix inside is not enough of two", ONE("2"), "oioioi", "(", &area_box},
        {"two fixes inside are not enough of three", ONE("3"), "oiioiioii", "(", &area_box},
        {"one fix outside does not end it", ONE("2"), "iioioioi", "(Ea", &area_box},
        {"two fixes outside are not enough of three", ONE("3"), "iiiooiooioo", "(Ea", &area_box},
        {"flapping, one fix", ONE("1"), "ioioi", "(EaXaEaXaEa", &area_box},
        {"the first fix inside counts", ONE("2"), "ii", "(Ea", &area_box},
        {"the first fix inside alone enters with one fix", ONE("1"), "i", "(Ea", &area_box},
        {"the boundary belongs to the fence", ONE("2"), "obboo", "(EaXa", &area_box},
        {"the hole does not", COLLECTION(FEATURE("a", BOTH("1"), HOLLOW)), "ihi", "(EaXaEa", &area_box},
        {"two fences, one within the other",
         COLLECTION(FEATURE("a", BOTH("1"), SQUARE) "," FEATURE("b", BOTH("1"), INNER)), "oinio", "(EaEbXbXa",
         &area_box},
        {"two fences at once, in the order of their ids",
         COLLECTION(FEATURE("b", BOTH("2"), INNER) "," FEATURE("a", BOTH("2"), SQUARE)), "nnoo", "(EaEbXaXb",
         &area_box},
        {"each fence counts its own fixes",
         COLLECTION(FEATURE("a", BOTH("3"), SQUARE) "," FEATURE("b", BOTH("1"), INNER)), "inin", "(EbEaXbEb",
         &area_box},
        {"only exit is asked for", COLLECTION(FEATURE("a", "{\"rule\":\"exit\"}", SQUARE)), "iioo", "(Xa",
         &area_box},
        {"only enter is asked for", COLLECTION(FEATURE("a", "{\"rule\":\"enter\"}", SQUARE)), "iiooii",
         "(EaEa", &area_box},
        {"no rule at all", COLLECTION(FEATURE("a", "", SQUARE)), "iioo", "(", &area_box},
        {"in by one fix, out by three",
         COLLECTION(FEATURE("a",
                            "{\"rule\":\"enter\",\"confirm_fixes\":1},"
                            "{\"rule\":\"exit\",\"confirm_fixes\":3}",
                            SQUARE)),
         "iooiooo", "(EaXa", &area_box},
        {"never in the area: never followed", ONE("1"), "xxxx", "", &area_box},
        {"out of the area: let go", ONE("2"), "oox", "()", &area_box},
        {"the border of the area belongs to it", ONE("2"), "ax", "()", &area_box},
        {"out of the fence and the area at once: the exit is seen first", ONE("2"), "iixx", "(EaXa)",
         &area_box},
        {"out of the area, not yet confirmed: followed", ONE("3"), "iiixx", "(Ea", &area_box},
        {"not yet entered, out of the area: let go", ONE("2"), "ix", "()", &area_box},
        {"back in the area: followed again", ONE("2"), "oxo", "()(", &area_box},
        {"without a position nothing changes", ONE("2"), "i-i-o-o", "(EaXa", &area_box},
        {"without a position alone nobody is followed", ONE("2"), "---", "", &area_box},
        {"silent for less than half an hour", ONE("2"), "ii2oo", "(EaXa", &area_box},
        {"silent for half an hour: let go, no alert", ONE("2"), "ii3", "(Ea)", &area_box},
        {"silent, then back inside: enters anew", ONE("2"), "ii3ii", "(Ea)(Ea", &area_box},
        {"silent, then back outside: no exit", ONE("2"), "ii3oo", "(Ea)(", &area_box},
        {"silent, then outside of the area: ignored", ONE("2"), "ii3xx", "(Ea)", &area_box},
        {"a late fix does not go back in time", ONE("2"), "oooo!!", "(", &area_box},
        {"across the antimeridian", COLLECTION(FEATURE("a", BOTH("2"), ACROSS)), "semwss", "(EaXa",
         &pacific_box},
        {"across the antimeridian, westwards", COLLECTION(FEATURE("a", BOTH("2"), ACROSS)), "wwmex", "(Ea",
         &pacific_box},
        {"out of an area across the antimeridian", COLLECTION(FEATURE("a", BOTH("1"), ACROSS)), "esx",
         "(EaXa)", &pacific_box},
};

START_TEST(a_track_gives_exactly_these_alerts)
{
	const struct track *track = &tracks[_i];
	struct bench bench;
	int64_t time_ns = START;

	bench_open(&bench, track->fences, track->box, 16, 0);
	bench.brief = true;
	for (const char *fix = track->fixes; *fix != '\0'; fix++) {
		if (*fix >= '0' && *fix <= '9') {
			time_ns += (*fix - '0') * 600 * SECOND;
			weir_detect_advance(bench.detect, time_ns);
		} else if (*fix == '-') {
			struct weir_report report = {.mmsi = 244660000, .message = 1};
			weir_detect_report(bench.detect, &report, time_ns, "");
		} else if (*fix == '!') {
			ck_assert_int_eq(report_at(&bench, 244660000, 'i', time_ns - 60 * SECOND),
			                 WEIR_REPORT_LATE);
		} else {
			report_at(&bench, 244660000, *fix, time_ns);
		}
		time_ns += 10 * SECOND;
	}
	ck_assert_msg(strcmp(bench_log(&bench), track->log) == 0, "%s: %s gave %s, not %s", track->name,
	              track->fixes, bench.log, track->log);
	bench_close(&bench);
}
END_TEST

START_TEST(a_position_event_tells_the_fences_it_lies_in)
{
	struct bench bench;

	bench_open(&bench, COLLECTION(FEATURE("a", "", SQUARE) "," FEATURE("b", "", INNER)), &area_box, 16,
	           0);
	report_at(&bench, 1193046, 'o', START);
	report_at(&bench, 1193046, 'n', START + SECOND);
	ck_assert_str_eq(bench_log(&bench),
	                 "follow 1193046 begins\n"
	                 "0 1789000000000000000 001193046  1 0.5000000 0.5000000 name=-\n"
	                 "0 1789000001000000000 001193046  1 1.2500000 1.2500000 [a] [b] name=-\n");
	bench_close(&bench);
}
END_TEST

START_TEST(an_alert_says_who_where_and_how_bad)
{
	struct bench bench;

	bench_open(
	        &bench,
	        COLLECTION(
	                "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"name\":\"Maasmond\",\"rules\":"
	                "[{\"rule\":\"enter\",\"confirm_fixes\":1,\"severity\":\"alarm\"}]},"
	                "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}}"),
	        &area_box, 16, 0);
	bench.with_ids = false;
	static_at(&bench, 244660000, "EENDRACHT", START);
	report_at(&bench, 244660000, 'i', START + SECOND);
	ck_assert_str_eq(
	        bench_log(&bench),
	        "follow 244660000 begins\n"
	        "1 1789000001000000000 244660000  5 0.0000000 0.0000000 name=EENDRACHT 40 EENDRACHT\n"
	        "0 1789000001000000000 244660000  1 1.1000000 1.1000000 [a] name=EENDRACHT\n"
	        "2 1789000001000000000 244660000  1 1.1000000 1.1000000 [a] name=EENDRACHT  0 0 2 a "
	        "EENDRACHT (244660000) entered Maasmond\n");
	bench_close(&bench);
}
END_TEST

START_TEST(static_data_is_told_on_change_while_followed)
{
	struct bench bench;
	const struct weir_engine_counters *counters;

	bench_open(&bench, ONE("1"), &area_box, 16, 0);
	counters = weir_detect_counters(bench.detect);
	static_at(&bench, 7, "OLD NAME", START);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 0); /* nobody follows it */
	report_at(&bench, 7, 'o', START + 1);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 1);
	static_at(&bench, 7, "OLD NAME", START + 2);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 1); /* the same */
	static_at(&bench, 7, "NEW NAME", START + 3);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 2);
	ck_assert_int_eq(static_at(&bench, 7, "OLD NAME", START + 2), WEIR_REPORT_LATE);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 2);
	report_at(&bench, 7, 'o', START + 4);
	ck_assert_ptr_nonnull(strstr(bench_log(&bench),
	                             "1789000000000000004 000000007  1 0.5000000 0.5000000 name=NEW NAME"));
	bench_close(&bench);
}
END_TEST

START_TEST(static_data_of_several_messages_is_joined)
{
	struct bench bench;
	struct weir_report part_b = {.mmsi = 7,
	                             .has = WEIR_HAS_CALL_SIGN | WEIR_HAS_SHIP_TYPE,
	                             .message = 24,
	                             .ship_type = 70,
	                             .call_sign = "PA1234"};

	bench_open(&bench, ONE("1"), &area_box, 16, 0);
	bench.with_ids = false;
	report_at(&bench, 7, 'o', START);
	static_at(&bench, 7, "ZEEHOND", START + 1);
	ck_assert_int_eq(weir_detect_report(bench.detect, &part_b, START + 2, "west"), WEIR_REPORT_USED);
	char expected[160];
	snprintf(expected, sizeof(expected),
	         "1 1789000000000000002 000000007 west 24 0.0000000 0.0000000 name=ZEEHOND %x ZEEHOND\n",
	         WEIR_HAS_NAME | WEIR_HAS_CALL_SIGN | WEIR_HAS_SHIP_TYPE);
	ck_assert_ptr_nonnull(strstr(bench_log(&bench), expected));
	bench_close(&bench);
}
END_TEST

START_TEST(old_static_data_gives_way_when_the_table_is_full)
{
	struct bench bench;
	const struct weir_engine_counters *counters;

	bench_open(&bench, ONE("1"), &area_box, 4, 0);
	counters = weir_detect_counters(bench.detect);
	for (uint32_t mmsi = 1; mmsi <= 4; mmsi++)
		static_at(&bench, mmsi, "SHIP", START + mmsi);
	static_at(&bench, 1, "SHIP", START + 5); /* heard again: 2 is the oldest now */
	static_at(&bench, 5, "SHIP", START + 6);
	ck_assert_uint_eq(counters->statics, 4);
	ck_assert_uint_eq(counters->statics_displaced, 1);
	report_at(&bench, 1, 'o', START + 7);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 1);
	report_at(&bench, 2, 'o', START + 8);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_STATIC], 1);
	bench_close(&bench);
}
END_TEST

START_TEST(a_full_table_refuses_new_devices_and_counts_them)
{
	struct bench bench;
	const struct weir_engine_counters *counters;

	bench_open(&bench, ONE("1"), &area_box, 2, 0);
	bench.brief = true;
	counters = weir_detect_counters(bench.detect);
	ck_assert_int_eq(report_at(&bench, 1, 'o', START), WEIR_REPORT_USED);
	ck_assert_int_eq(report_at(&bench, 2, 'o', START), WEIR_REPORT_USED);
	ck_assert_int_eq(report_at(&bench, 3, 'i', START), WEIR_REPORT_TABLE_FULL);
	ck_assert_int_eq(report_at(&bench, 3, 'x', START), WEIR_REPORT_OUTSIDE);
	ck_assert_uint_eq(counters->devices, 2);
	ck_assert_int_eq(report_at(&bench, 2, 'x', START), WEIR_REPORT_USED); /* makes room */
	ck_assert_int_eq(report_at(&bench, 3, 'i', START), WEIR_REPORT_USED);
	/* Those that fell silent make room too, without a call of advance. */
	ck_assert_int_eq(report_at(&bench, 4, 'i', START + 1800 * SECOND), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "(()(Ea))(Ea");
	ck_assert_uint_eq(counters->devices, 1);
	ck_assert_uint_eq(counters->released, 3);
	ck_assert_uint_eq(counters->silent, 2);
	bench_close(&bench);
}
END_TEST

START_TEST(distress_is_followed_wherever_it_is)
{
	struct bench bench;
	struct weir_report sart = position(970123456, 5, 5);
	struct weir_report ship = position(244660000, 5, 5);

	bench_open(&bench, ONE("1"), &area_box, 16, 0);
	bench.brief = true;
	ck_assert_int_eq(weir_detect_report(bench.detect, &sart, START, ""), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "(");
	ck_assert_uint_eq(weir_detect_counters(bench.detect)->events[WEIR_EVENT_POSITION], 0);
	weir_detect_report(bench.detect, &sart, START + SECOND, "");
	ck_assert_str_eq(bench_log(&bench), "(");

	ship.nav_status = 14;
	ck_assert_int_eq(weir_detect_report(bench.detect, &ship, START + SECOND, ""), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "((");
	ship.nav_status = 0;
	ck_assert_int_eq(weir_detect_report(bench.detect, &ship, START + 2 * SECOND, ""), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "(()");
	ck_assert_int_eq(weir_detect_report(bench.detect, &ship, START + 3 * SECOND, ""),
	                 WEIR_REPORT_OUTSIDE);
	weir_detect_advance(bench.detect, START + 1801 * SECOND);
	ck_assert_str_eq(bench_log(&bench), "(())");
	bench_close(&bench);
}
END_TEST

START_TEST(devices_fall_silent_in_the_order_of_their_time)
{
	struct bench bench;
	static const uint32_t order[] = {30, 10, 20, 40};

	bench_open(&bench, ONE("1"), &area_box, 16, 60 * SECOND);
	for (int i = 0; i < 4; i++)
		report_at(&bench, order[i], 'o', START + (i < 3 ? 0 : -5) * SECOND);
	report_at(&bench, 20, 'o', START + 10 * SECOND);
	weir_detect_advance(bench.detect, START + 59 * SECOND);
	ck_assert_ptr_null(strstr(bench_log(&bench), "ends"));
	weir_detect_advance(bench.detect, START + 70 * SECOND);
	const char *ends = strstr(bench_log(&bench), "follow 10 ends");
	/* Equal times go by the key; 40 was heard at the same time of the engine, although its clock is slow.
	 */
	ck_assert_str_eq(ends, "follow 10 ends\nfollow 30 ends\nfollow 40 ends\nfollow 20 ends\n");
	bench_close(&bench);
}
END_TEST

static const struct {
	const char *name;
	enum weir_class station_class;
	const char *log;
} movers[] = {
        {"a class A ship", WEIR_CLASS_A, "(Esquare"},     {"a class B ship", WEIR_CLASS_B, "(Esquare"},
        {"an aircraft", WEIR_CLASS_AIRCRAFT, "(Esquare"}, {"a base station", WEIR_CLASS_BASE, "("},
        {"an aid to navigation", WEIR_CLASS_ATON, "("},
};

START_TEST(what_stands_still_by_nature_raises_no_alert)
{
	struct weir_report report = position(244660000, 1.1, 1.1);
	struct bench bench;

	bench_open(&bench, COLLECTION(FEATURE("square", BOTH("1"), SQUARE)), &area_box, 0, 0);
	bench.brief = true;
	report.station_class = (uint8_t)movers[_i].station_class;
	ck_assert_int_eq(weir_detect_report(bench.detect, &report, START, ""), WEIR_REPORT_USED);
	ck_assert_msg(strcmp(bench_log(&bench), movers[_i].log) == 0, "%s: %s", movers[_i].name,
	              bench_log(&bench));
	ck_assert_uint_eq(weir_detect_counters(bench.detect)->events[WEIR_EVENT_POSITION], 1);
	bench_close(&bench);
}
END_TEST

static enum weir_report_outcome hear(struct bench *bench, uint32_t mmsi, uint64_t what, int64_t time_ns,
                                     const char *source)
{
	struct weir_report report = position(mmsi, 1.5, 1.5);

	return weir_detect_hear(bench->detect, &(struct weir_hearing){.report = &report,
	                                                              .time_ns = time_ns,
	                                                              .source = source,
	                                                              .said = (const uint8_t *)&what,
	                                                              .said_length = sizeof(what)});
}

START_TEST(an_outcome_is_counted_for_every_report)
{
	struct bench bench;
	const struct weir_engine_counters *counters;
	struct weir_report text = {.mmsi = 7, .message = 14};
	uint64_t sum = 0;

	bench_open(&bench, ONE("1"), &area_box, 1, 0);
	weir_detect_free(bench.detect);
	ck_assert_int_eq(weir_detect_new(&bench.detect,
	                                 &(struct weir_engine_options){.area = bench.area,
	                                                               .fences = bench.fences,
	                                                               .max_devices = 1,
	                                                               .duplicate_window_ns = SECOND},
	                                 &(struct weir_engine_sink){0}),
	                 0);
	counters = weir_detect_counters(bench.detect);
	hear(&bench, 7, 1, START, "");
	hear(&bench, 7, 1, START, "");
	struct weir_report inside = position(7, 1.5, 1.5);
	weir_detect_hear(bench.detect, &(struct weir_hearing){.report = &inside,
	                                                      .time_ns = START + SECOND,
	                                                      .received_ns = START,
	                                                      .clock_off = true});
	report_at(&bench, 7, 'i', START - 1);
	report_at(&bench, 8, 'i', START);
	report_at(&bench, 8, 'x', START);
	weir_detect_report(bench.detect, &(struct weir_report){.mmsi = 8, .message = 1}, START, "");
	weir_detect_report(bench.detect, &text, START, "");
	for (int i = 0; i < WEIR_REPORT_OUTCOMES; i++) {
		ck_assert_msg(counters->reports[i] == 1, "outcome %d: %" PRIu64, i, counters->reports[i]);
		sum += counters->reports[i];
	}
	ck_assert_uint_eq(sum, WEIR_REPORT_OUTCOMES);
	ck_assert_uint_eq(counters->alerts[WEIR_RULE_ENTER][WEIR_PHASE_EVENT], 1);
	ck_assert_uint_eq(counters->events[WEIR_EVENT_ALERT], 1);
	bench_close(&bench);
}
END_TEST

START_TEST(an_ignored_report_does_not_move_time)
{
	struct bench bench;

	bench_open(&bench, ONE("1"), &area_box, 16, 60 * SECOND);
	bench.brief = true;
	report_at(&bench, 1, 'o', START);
	/* By then 1 has been silent for too long, but nothing says so that counts. */
	ck_assert_int_eq(report_at(&bench, 2, 'x', START + 100 * SECOND), WEIR_REPORT_OUTSIDE);
	ck_assert_int_eq(report_at(&bench, 1, 'x', START + 100 * SECOND), WEIR_REPORT_OUTSIDE);
	ck_assert_str_eq(bench_log(&bench), "(");
	ck_assert_int_eq(report_at(&bench, 1, 'o', START + 10 * SECOND), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "(");
	ck_assert_int_eq(report_at(&bench, 1, 'o', START + 100 * SECOND), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "()(");
	bench_close(&bench);
}
END_TEST

/* Random traffic of 40 ships around the square, some reports late, some static, some without a position. */
struct traffic {
	struct weir_report report;
	int64_t time_ns; /* of a call of advance where the MMSI is 0 */
};

static struct traffic *make_traffic(uint64_t seed, size_t count)
{
	struct traffic *traffic = calloc(count, sizeof(*traffic));
	double x[40], y[40];
	int64_t time_ns = START;

	for (int i = 0; i < 40; i++) {
		x[i] = random_between(&seed, -1, 4);
		y[i] = random_between(&seed, -1, 4);
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t ship = (uint32_t)(random_bits(&seed) % 40);
		uint64_t dice = random_bits(&seed) % 100;
		struct traffic *t = &traffic[i];

		time_ns += (int64_t)(random_bits(&seed) % (dice == 0 ? 400 : 3)) * SECOND;
		t->time_ns = time_ns;
		if (dice < 3)
			continue;
		x[ship] += random_between(&seed, -0.3, 0.3) + (1.5 - x[ship]) / 50;
		y[ship] += random_between(&seed, -0.3, 0.3) + (1.5 - y[ship]) / 50;
		t->report = position(ship == 39 ? 970000039 : 1000 + ship, x[ship], y[ship]);
		t->report.nav_status = dice == 50 ? 14 : 0;
		t->report.has |= WEIR_HAS_COG;
		t->report.cog_deg = (float)(random_bits(&seed) % 360);
		t->report.sog_kn = (float)(ship % 3 == 0 ? 0 : random_bits(&seed) % 20);
		if (dice < 10)
			t->time_ns -= (int64_t)(random_bits(&seed) % 60) * SECOND;
		if (dice >= 90)
			t->report.has &= ~(uint32_t)WEIR_HAS_POSITION;
		if (dice >= 94) {
			t->report.has |= WEIR_HAS_NAME;
			t->report.message = dice >= 97 ? 5 : 19;
			snprintf(t->report.name, sizeof(t->report.name), "S%u", (unsigned)(dice % 4));
			if (dice == 95)
				t->report.has |= WEIR_HAS_POSITION;
		}
	}
	return traffic;
}

static enum weir_report_outcome play(struct bench *bench, const struct traffic *t)
{
	if (t->report.mmsi != 0)
		return weir_detect_report(bench->detect, &t->report, t->time_ns, "s");
	weir_detect_advance(bench->detect, t->time_ns);
	return WEIR_REPORT_USED;
}

/* Every rule there is; ships jump about, so that all of them have something to tell. */
#define EVERY_RULE                                                                                           \
	BOTH("1")                                                                                            \
	",{\"rule\":\"cross\"},{\"rule\":\"dwell\",\"dwell_s\":60},{\"rule\":\"gap\",\"gap_s\":50},"         \
	"{\"rule\":\"speed\",\"max_sog_kn\":10,\"sustain_s\":0},{\"rule\":\"anchor\",\"after_s\":5,"         \
	"\"radius_m\":100000},{\"rule\":\"course\",\"course_deg\":0,\"fixes\":2},"                           \
	"{\"rule\":\"proximity\",\"cpa_m\":20000,\"tcpa_s\":3600}"
static const char traffic_fences[] =
        COLLECTION(FEATURE("a", BOTH("2"), HOLLOW) "," FEATURE("b", EVERY_RULE, SQUARE));
static const struct weir_site_rules every_site_rule = {
        1u << WEIR_RULE_DISTRESS | 1u << WEIR_RULE_JUMP | 1u << WEIR_RULE_IDENTITY, .jump_sog_kn = 20000};

static void bench_open_with_all_rules(struct bench *bench, uint32_t devices)
{
	bench_open(bench, traffic_fences, &area_box, devices, 120 * SECOND);
	weir_detect_free(bench->detect);
	ck_assert_int_eq(weir_detect_new(&bench->detect,
	                                 &(struct weir_engine_options){.area = bench->area,
	                                                               .fences = bench->fences,
	                                                               .max_devices = devices,
	                                                               .silence_ns = 120 * SECOND,
	                                                               .rules = every_site_rule},
	                                 &(struct weir_engine_sink){
	                                         .context = bench, .event = log_event, .follow = log_follow}),
	                 0);
}

START_TEST(dropping_ignored_reports_changes_nothing)
{
	uint64_t seed = random_seed(0x1a3 + (uint64_t)_i);
	size_t count = 20000, dropped = 0;
	struct traffic *traffic = make_traffic(seed, count);
	struct bench all, filtered;
	uint32_t devices = _i % 2 == 0 ? 64 : 12; /* also with a table that is often full */

	bench_open_with_all_rules(&all, devices);
	bench_open_with_all_rules(&filtered, devices);
	for (size_t i = 0; i < count; i++) {
		if (play(&all, &traffic[i]) == WEIR_REPORT_OUTSIDE)
			dropped++;
		else
			play(&filtered, &traffic[i]);
	}
	ck_assert_uint_gt(dropped, 1000);
	ck_assert_uint_gt(weir_detect_counters(all.detect)->events[WEIR_EVENT_ALERT], 100);
	for (int rule = 0; rule < WEIR_RULE_KINDS && devices > 12; rule++) {
		const uint64_t *told = weir_detect_counters(all.detect)->alerts[rule];
		bool absent = rule == WEIR_RULE_GATE || rule == WEIR_RULE_DENSITY;

		ck_assert_msg(absent || told[WEIR_PHASE_EVENT] + told[WEIR_PHASE_RAISE] > 0, "no %s",
		              weir_rule_name((enum weir_rule_kind)rule));
		ck_assert_uint_ge(told[WEIR_PHASE_RAISE], told[WEIR_PHASE_CLEAR]);
	}
	ck_assert_str_eq(bench_log(&all), bench_log(&filtered));
	bench_close(&all);
	bench_close(&filtered);
	free(traffic);
}
END_TEST

static void log_heard_by(void *context, const struct weir_event *event)
{
	struct bench *bench = context;

	if (event->kind == WEIR_EVENT_POSITION)
		fputc('|', bench->file);
	for (size_t i = 0; i < event->heard_by_count; i++)
		fprintf(bench->file, "%s%s", i == 0 ? "" : ",", event->heard_by[i]);
}

static void bench_open_with_window(struct bench *bench, int64_t window_ns)
{
	bench_open(bench, ONE("1"), &area_box, 16, 0);
	weir_detect_free(bench->detect);
	ck_assert_int_eq(weir_detect_new(&bench->detect,
	                                 &(struct weir_engine_options){.area = bench->area,
	                                                               .duplicate_window_ns = window_ns},
	                                 &(struct weir_engine_sink){.context = bench, .event = log_heard_by}),
	                 0);
}

START_TEST(four_stations_are_kept_of_the_latest_position)
{
	static const char *const sources[] = {"a", "b", "a", "", "c", "d", "e", "f"};
	struct bench bench;

	bench_open_with_window(&bench, 10 * SECOND);
	for (size_t i = 0; i < sizeof(sources) / sizeof(*sources); i++)
		hear(&bench, 1, 1, START, sources[i]);
	ck_assert_str_eq(bench_log(&bench), "|");
	/* Another device's is not this one's; nor is what was said before the latest. */
	hear(&bench, 2, 2, START, "g");
	hear(&bench, 1, 3, START + SECOND, "h");
	ck_assert_int_eq(hear(&bench, 1, 1, START, "i"), WEIR_REPORT_DUPLICATE);
	hear(&bench, 1, 4, START + 2 * SECOND, "k");
	ck_assert_str_eq(bench_log(&bench), "|||a,b,c,d|");
	bench_close(&bench);
}
END_TEST

START_TEST(without_a_window_nothing_is_a_duplicate)
{
	struct bench bench;

	bench_open_with_window(&bench, 0);
	ck_assert_int_eq(hear(&bench, 1, 1, START, "a"), WEIR_REPORT_USED);
	ck_assert_int_eq(hear(&bench, 1, 1, START, "b"), WEIR_REPORT_USED);
	ck_assert_int_eq(hear(&bench, 1, 1, START, "b"), WEIR_REPORT_USED);
	ck_assert_str_eq(bench_log(&bench), "|||");
	bench_close(&bench);
}
END_TEST

/* With hashes as good as random: what has gone of the latest so many is what the header says, and no more. */
START_TEST(the_latest_messages_are_compared)
{
	static const struct {
		uint64_t latest, lost_max;
	} cases[] = {{20000, 0}, {65536, 65536 / 40}};
	struct weir_duplicates duplicates;

	ck_assert_int_eq(weir_duplicates_new(&duplicates, 10 * SECOND), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint64_t total = 1000000;
		uint64_t state = 7 + i, lost = 0, found_old = 0;
		uint64_t *hashes = malloc(total * sizeof(*hashes));

		for (uint64_t n = 0; n < total; n++) {
			hashes[n] = random_bits(&state);
			ck_assert(!weir_duplicates_has(&duplicates, hashes[n], START));
			weir_duplicates_note(&duplicates, hashes[n], START);
			ck_assert(weir_duplicates_has(&duplicates, hashes[n], START));
		}
		for (uint64_t n = total - cases[i].latest; n < total; n++)
			lost += !weir_duplicates_has(&duplicates, hashes[n], START);
		for (uint64_t n = 0; n < total / 2; n++)
			found_old += weir_duplicates_has(&duplicates, hashes[n], START);
		ck_assert_msg(lost <= cases[i].lost_max, "%llu of %llu", (unsigned long long)lost,
		              (unsigned long long)cases[i].latest);
		ck_assert_uint_eq(found_old, 0);
		free(hashes);
	}
	weir_duplicates_clear(&duplicates);
}
END_TEST

START_TEST(what_is_said_again_after_the_window_is_kept_anew)
{
	struct weir_duplicates duplicates;

	ck_assert_int_eq(weir_duplicates_new(&duplicates, 10 * SECOND), 0);
	ck_assert(!weir_duplicates_has(&duplicates, 0, 0)); /* an empty place is no message */
	ck_assert(!weir_duplicates_has(&duplicates, 0, INT64_MIN));
	weir_duplicates_note(&duplicates, 77, START);
	ck_assert(weir_duplicates_has(&duplicates, 77, START + 10 * SECOND - 1));
	ck_assert(weir_duplicates_has(&duplicates, 77, START - 10 * SECOND + 1));
	ck_assert(!weir_duplicates_has(&duplicates, 77, START + 10 * SECOND));
	weir_duplicates_note(&duplicates, 77, START + 10 * SECOND);
	ck_assert(weir_duplicates_has(&duplicates, 77, START + 10 * SECOND));
	ck_assert(!weir_duplicates_has(&duplicates, 77, START));
	/* It was not put there twice: seven more of its set leave it in place, and eight do not. */
	unsigned int same_set = 0;
	for (uint64_t hash = 78; same_set < WEIR_DUPLICATES_WAYS; hash++) {
		struct weir_said before = duplicates.sets[(77 * UINT64_C(0x9e3779b97f4a7c15)) >> 32 &
		                                          (WEIR_DUPLICATES_SETS - 1)][0];

		weir_duplicates_note(&duplicates, hash, START + 10 * SECOND);
		same_set += duplicates
		                    .sets[(77 * UINT64_C(0x9e3779b97f4a7c15)) >> 32 &
		                          (WEIR_DUPLICATES_SETS - 1)][0]
		                    .hash != before.hash;
		ck_assert_int_eq(weir_duplicates_has(&duplicates, 77, START + 10 * SECOND),
		                 same_set < WEIR_DUPLICATES_WAYS);
	}
	weir_duplicates_clear(&duplicates);
	weir_duplicates_clear(&duplicates);
}
END_TEST

START_TEST(the_same_input_gives_the_same_events)
{
	uint64_t seed = random_seed(0x2b4);
	struct traffic *traffic = make_traffic(seed, 20000);
	struct bench one, other;

	bench_open_with_all_rules(&one, 64);
	bench_open_with_all_rules(&other, 64);
	for (size_t i = 0; i < 20000; i++)
		play(&one, &traffic[i]);
	for (size_t i = 0; i < 20000; i++)
		play(&other, &traffic[i]);
	ck_assert_str_eq(bench_log(&one), bench_log(&other));
	bench_close(&one);
	bench_close(&other);
	free(traffic);
}
END_TEST

static const struct {
	const char *name;
	int64_t time_s;
	int second; /* -1: the report has none */
	int64_t minute;
} minutes[] = {
        {"heard at once", 600 + 25, 25, 10},
        {"heard seconds later", 600 + 31, 25, 10},
        {"heard in the next minute", 660 + 2, 58, 10},
        {"a receiver whose clock is slow", 600 + 58, 2, 11},
        {"half a minute later", 600 + 54, 25, 10},
        {"exactly half a minute later", 600 + 30, 0, 10},
        {"more than half a minute later", 600 + 31, 0, 11},
        {"no second", 600 + 59, -1, 10},
        {"before 1970", -1, -1, -1},
};

START_TEST(receivers_agree_on_the_minute)
{
	struct weir_report report = {.has = minutes[_i].second < 0 ? 0 : WEIR_HAS_UTC_SECOND,
	                             .utc_second =
	                                     (uint8_t)(minutes[_i].second < 0 ? 9 : minutes[_i].second)};

	ck_assert_msg(weir_report_minute(&report, minutes[_i].time_s * SECOND) == minutes[_i].minute,
	              "%s: %d", minutes[_i].name,
	              (int)weir_report_minute(&report, minutes[_i].time_s * SECOND));
}
END_TEST

START_TEST(an_alert_has_one_identifier_wherever_it_is_heard)
{
	struct weir_report report = position(244660000, 4.0512345, 51.9876543);
	char here[WEIR_ALERT_ID_SIZE], there[WEIR_ALERT_ID_SIZE];

	report.has |= WEIR_HAS_UTC_SECOND;
	report.utc_second = 40;
	weir_alert_id(here, WEIR_RULE_ENTER, "a", "244660000", &report, START + 41 * SECOND);
	ck_assert_uint_eq(strlen(here), 32);
	ck_assert_uint_eq(strspn(here, "0123456789abcdef"), 32);
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660000", &report, START + 47 * SECOND);
	ck_assert_str_eq(here, there);

	/* What the report does not carry has no part in it. */
	report.heading_deg = 77;
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660000", &report, START + 41 * SECOND);
	ck_assert_str_eq(here, there);
	/* Known for ever: an archive must give the same. */
	ck_assert_str_eq(here, "9c9025a02ca2e246e801bcb4ea2c1e45");

	weir_alert_id(there, WEIR_RULE_EXIT, "a", "244660000", &report, START + 41 * SECOND);
	ck_assert_str_ne(here, there);
	weir_alert_id(there, WEIR_RULE_ENTER, "b", "244660000", &report, START + 41 * SECOND);
	ck_assert_str_ne(here, there);
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660001", &report, START + 41 * SECOND);
	ck_assert_str_ne(here, there);
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660000", &report, START + 101 * SECOND);
	ck_assert_str_ne(here, there);
	report.longitude_deg += 1 / 600000.0;
	weir_alert_id(there, WEIR_RULE_ENTER, "a", "244660000", &report, START + 41 * SECOND);
	ck_assert_str_ne(here, there);
}
END_TEST

START_TEST(impossible_options_are_refused)
{
	struct weir_detect *detect = NULL;
	struct weir_engine_sink sink = {0};

	ck_assert_int_eq(weir_detect_new(&detect, &(struct weir_engine_options){.silence_ns = -1}, &sink),
	                 -EINVAL);
	ck_assert_int_eq(
	        weir_detect_new(&detect, &(struct weir_engine_options){.max_devices = UINT32_MAX}, &sink),
	        -EINVAL);
	ck_assert_ptr_null(detect);
	weir_detect_free(NULL);
}
END_TEST

START_TEST(names_are_the_words_of_subjects)
{
	ck_assert_str_eq(weir_severity_name(WEIR_SEVERITY_EMERGENCY), "emergency");
	ck_assert_str_eq(weir_rule_name(WEIR_RULE_EXIT), "exit");
	ck_assert_str_eq(weir_phase_name(WEIR_PHASE_CLEAR), "clear");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("detection");
	TCase *tests = tcase_create("tracks");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_track_gives_exactly_these_alerts, 0, sizeof(tracks) / sizeof(*tracks));
	tcase_add_test(tests, a_position_event_tells_the_fences_it_lies_in);
	tcase_add_test(tests, an_alert_says_who_where_and_how_bad);
	tcase_add_test(tests, static_data_is_told_on_change_while_followed);
	tcase_add_test(tests, static_data_of_several_messages_is_joined);
	tcase_add_test(tests, old_static_data_gives_way_when_the_table_is_full);
	tcase_add_test(tests, a_full_table_refuses_new_devices_and_counts_them);
	tcase_add_test(tests, distress_is_followed_wherever_it_is);
	tcase_add_test(tests, devices_fall_silent_in_the_order_of_their_time);
	tcase_add_loop_test(tests, what_stands_still_by_nature_raises_no_alert, 0,
	                    sizeof(movers) / sizeof(*movers));
	tcase_add_test(tests, an_outcome_is_counted_for_every_report);
	tcase_add_test(tests, an_ignored_report_does_not_move_time);
	tcase_add_loop_test(tests, dropping_ignored_reports_changes_nothing, 0, 6);
	tcase_add_test(tests, the_same_input_gives_the_same_events);
	tcase_add_test(tests, four_stations_are_kept_of_the_latest_position);
	tcase_add_test(tests, without_a_window_nothing_is_a_duplicate);
	tcase_add_test(tests, the_latest_messages_are_compared);
	tcase_add_test(tests, what_is_said_again_after_the_window_is_kept_anew);
	tcase_add_loop_test(tests, receivers_agree_on_the_minute, 0, sizeof(minutes) / sizeof(*minutes));
	tcase_add_test(tests, an_alert_has_one_identifier_wherever_it_is_heard);
	tcase_add_test(tests, impossible_options_are_refused);
	tcase_add_test(tests, names_are_the_words_of_subjects);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
