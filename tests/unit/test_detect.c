/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Detection: tracks in, the exact log of events out. A track is written as a string, a character a
 * report, so that each case can be read; so is what comes of it. What single rules do: test_rule_*.c.
 */
#include "detect_bench.h"
#include "polygons.h"

/*
 * A track: a letter a fix, ten seconds apart; a digit n instead: n times ten minutes of silence, by a
 * call of advance; '-': a report without a position; '!': a fix 'i' that is a minute late.
 * The log: ( and ) begin and end to follow, E and X enter and exit with the fence's id.
 */
struct track {
	const char *name, *fences, *fixes, *log;
	const struct weir_box *box;
};

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
	"{\"rule\":\"proximity\",\"cpa_m\":20000,\"tcpa_s\":3600},"                                          \
	"{\"rule\":\"density\",\"window_s\":20,\"slide_s\":10,\"max_devices\":3,\"lateness_s\":3}],"         \
	"\"windows\":[{\"window_s\":60,\"slide_s\":15,\"lateness_s\":20}"
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
	ck_assert_uint_gt(weir_detect_counters(all.detect)->events[WEIR_EVENT_WINDOW], 100);
	for (int rule = 0; rule < WEIR_RULE_KINDS && devices > 12; rule++) {
		const uint64_t *told = weir_detect_counters(all.detect)->alerts[rule];
		bool absent = rule == WEIR_RULE_GATE;

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
	tcase_add_loop_test(tests, what_stands_still_by_nature_raises_no_alert, 0,
	                    sizeof(movers) / sizeof(*movers));
	tcase_add_loop_test(tests, dropping_ignored_reports_changes_nothing, 0, 6);
	tcase_add_test(tests, the_same_input_gives_the_same_events);
	tcase_add_test(tests, names_are_the_words_of_subjects);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
