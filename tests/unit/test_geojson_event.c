/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Events as GeoJSON: the exact text of each form, and the numbers, times and strings in it against
 * snprintf(), gmtime_r() and known vectors.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "publish/geojson.h"
#include "publish/text.h"
#include "suite.h"

/* 2026-11-22T05:14:25.638Z */
#define TIME_NS INT64_C(1795324465638000000)

static char line[WEIR_GEOJSON_MAX + 1];

static const char *geojson(const struct weir_event *event, const char *site)
{
	size_t length = weir_geojson(event, site, line, WEIR_GEOJSON_MAX);

	ck_assert_uint_gt(length, 0);
	line[length] = '\0';
	return line;
}

static struct weir_report position_report(void)
{
	return (struct weir_report){
	        .mmsi = 244660000,
	        .has = WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_COG | WEIR_HAS_HEADING |
	               WEIR_HAS_NAV_STATUS | WEIR_HAS_UTC_SECOND,
	        .message = 1,
	        .station_class = WEIR_CLASS_A,
	        .nav_status = 0,
	        .utc_second = 25,
	        .longitude_deg = 4.0512345,
	        .latitude_deg = 51.9876543,
	        .sog_kn = 12.3F,
	        .cog_deg = 231.4F,
	        .heading_deg = 230,
	};
}

static struct weir_event event_of(const struct weir_report *report)
{
	return (struct weir_event){.kind = WEIR_EVENT_POSITION,
	                           .time_ns = TIME_NS,
	                           .id = "244660000",
	                           .source = "antenna-west",
	                           .report = report};
}

START_TEST(the_design_s_example)
{
	static const char *const fences[] = {"maasmond"};
	struct weir_report report = position_report();
	struct weir_event event = event_of(&report);

	event.fences = fences;
	event.fence_count = 1;
	ck_assert_str_eq(
	        geojson(&event, "rtm"),
	        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[4.0512345,"
	        "51.9876543]},\"properties\":{\"v\":1,\"event\":\"position\",\"site\":\"rtm\",\"id\":"
	        "\"244660000\",\"time\":\"2026-11-22T05:14:25.638Z\",\"source\":\"antenna-west\","
	        "\"msg\":1,\"class\":\"A\",\"sog_kn\":12.3,\"cog_deg\":231.4,\"heading_deg\":230,"
	        "\"nav_status\":0,\"fences\":[\"maasmond\"]}}");
}
END_TEST

START_TEST(a_position_says_who_heard_the_one_before)
{
	static const char *const fences[] = {"maasmond"};
	static const char *const stations[] = {"west", "ea\"st"};
	struct weir_report report = position_report();
	struct weir_event event = event_of(&report);

	event.fences = fences;
	event.fence_count = 1;
	event.heard_by = stations;
	event.heard_by_count = 2;
	ck_assert_ptr_nonnull(strstr(geojson(&event, "rtm"),
	                             ",\"nav_status\":0,\"heard_by\":[\"west\",\"ea\\\"st\"],"
	                             "\"fences\":[\"maasmond\"]}}"));
}
END_TEST

START_TEST(an_alert_adds_its_own)
{
	static const char *const fences[] = {"a", "b"};
	struct weir_report report = position_report();
	struct weir_alert alert = {.id = "0123456789abcdef0123456789abcdef",
	                           .rule = WEIR_RULE_ENTER,
	                           .phase = WEIR_PHASE_EVENT,
	                           .severity = WEIR_SEVERITY_INFO,
	                           .fence = "maasmond",
	                           .fence_name = "Maasmond \"Süd\"",
	                           .message = "MARIA has entered Maasmond"};
	struct weir_event event = event_of(&report);

	report.has = WEIR_HAS_POSITION;
	event.kind = WEIR_EVENT_ALERT;
	event.source = "";
	event.ship_name = "MARIA";
	event.fences = fences;
	event.fence_count = 2;
	event.alert = &alert;
	ck_assert_str_eq(
	        geojson(&event, ""),
	        "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[4.0512345,"
	        "51.9876543]},\"properties\":{\"v\":1,\"event\":\"alert\",\"id\":\"244660000\",\"time\":"
	        "\"2026-11-22T05:14:25.638Z\",\"name\":\"MARIA\",\"msg\":1,\"class\":\"A\",\"fences\":"
	        "[\"a\",\"b\"],\"alert_id\":\"0123456789abcdef0123456789abcdef\",\"rule\":\"enter\","
	        "\"phase\":\"event\",\"severity\":\"info\",\"fence\":\"maasmond\",\"fence_name\":"
	        "\"Maasmond \\\"S\xc3\xbc"
	        "d\\\"\",\"message\":\"MARIA has entered Maasmond\"}}");
}
END_TEST

START_TEST(a_window_is_a_feature_without_a_place)
{
	struct weir_window_result window = {
	        .id = "0123456789abcdef0123456789abcdef",
	        .content = "0011223344556677",
	        .fence = "maasmond",
	        .fence_name = "Maasmond",
	        .start_ns = INT64_C(1795323600000000000),
	        .end_ns = INT64_C(1795327200000000000),
	        .slide_ns = INT64_C(600500000000),
	        .all = {.devices = 3,
	                .enters = 2,
	                .exits = 1,
	                .fixes = 40,
	                .sog_fixes = 39,
	                .mean_sog_kn = 7.25,
	                .max_sog_kn = 12.3},
	        .classes = {[WEIR_CLASS_A] = {.devices = 2,
	                                      .enters = 2,
	                                      .fixes = 39,
	                                      .sog_fixes = 39,
	                                      .mean_sog_kn = 7.25,
	                                      .max_sog_kn = 12.3},
	                    [WEIR_CLASS_GPS] = {.devices = 1, .exits = 1, .fixes = 1}},
	};
	struct weir_event event = {.kind = WEIR_EVENT_WINDOW,
	                           .time_ns = window.end_ns,
	                           .id = "",
	                           .source = "",
	                           .window = &window};

	ck_assert_str_eq(
	        geojson(&event, "rtm"),
	        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"v\":1,\"event\":\"window\","
	        "\"site\":\"rtm\",\"time\":\"2026-11-22T06:00:00.000Z\",\"fence\":\"maasmond\","
	        "\"fence_name\":\"Maasmond\",\"window_id\":\"0123456789abcdef0123456789abcdef\","
	        "\"start\":\"2026-11-22T05:00:00.000Z\",\"end\":\"2026-11-22T06:00:00.000Z\","
	        "\"window_s\":3600,\"slide_s\":600.5,\"devices\":3,\"fixes\":40,\"enters\":2,"
	        "\"exits\":1,\"mean_sog_kn\":7.25,\"max_sog_kn\":12.3,\"classes\":{\"A\":{\"devices\":2,"
	        "\"fixes\":39,\"enters\":2,\"exits\":0,\"mean_sog_kn\":7.25,\"max_sog_kn\":12.3},"
	        "\"gps\":{\"devices\":1,\"fixes\":1,\"enters\":0,\"exits\":1}}}}");
	window.all = window.classes[WEIR_CLASS_A] = window.classes[WEIR_CLASS_GPS] =
	        (struct weir_window_counts){0};
	window.fence_name = NULL;
	window.partial = window.overflowed = true;
	ck_assert_ptr_nonnull(strstr(geojson(&event, ""),
	                             "\"devices\":0,\"fixes\":0,\"enters\":0,\"exits\":0,\"classes\":{},"
	                             "\"partial\":true,\"overflowed\":true}}"));
}
END_TEST

START_TEST(an_alert_carries_what_its_rule_measured)
{
	struct weir_alert alert = {.id = "ff",
	                           .rule = WEIR_RULE_SPEED,
	                           .phase = WEIR_PHASE_CLEAR,
	                           .severity = WEIR_SEVERITY_WARNING,
	                           .measures = {{"limit_kn", 10}, {"lasted_s", 61.25}, {"nothing", NAN}},
	                           .measure_count = 3,
	                           .direction = "left_to_right",
	                           .other = "244660001",
	                           .other_name = "A\"B",
	                           .reason = "left",
	                           .initial = true,
	                           .inferred = true,
	                           .test = true,
	                           .repeated = true,
	                           .acknowledged = true};
	struct weir_event event = event_of(NULL);

	event.kind = WEIR_EVENT_ALERT;
	event.source = NULL;
	event.alert = &alert;
	ck_assert_ptr_nonnull(
	        strstr(geojson(&event, "s"),
	               ",\"severity\":\"warning\",\"limit_kn\":10,\"lasted_s\":61.25,\"direction\":"
	               "\"left_to_right\",\"other\":\"244660001\",\"other_name\":\"A\\\"B\",\"reason\":"
	               "\"left\",\"initial\":true,\"inferred\":true,\"test\":true,\"repeated\":true,"
	               "\"ack\":true}}"));
}
END_TEST

START_TEST(an_alert_without_a_fence_or_a_report)
{
	struct weir_alert alert = {.id = "ff",
	                           .rule = WEIR_RULE_EXIT,
	                           .phase = WEIR_PHASE_RAISE,
	                           .severity = WEIR_SEVERITY_EMERGENCY};
	struct weir_event event = event_of(NULL);

	event.kind = WEIR_EVENT_ALERT;
	event.source = NULL;
	event.alert = &alert;
	ck_assert_str_eq(
	        geojson(&event, "s"),
	        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"v\":1,\"event\":\"alert\","
	        "\"site\":\"s\",\"id\":\"244660000\",\"time\":\"2026-11-22T05:14:25.638Z\",\"alert_id\":"
	        "\"ff\",\"rule\":\"exit\",\"phase\":\"raise\",\"severity\":\"emergency\"}}");
}
END_TEST

START_TEST(static_data_without_a_position_has_no_geometry)
{
	struct weir_report report = {
	        .mmsi = 244660000,
	        .has = WEIR_HAS_NAME | WEIR_HAS_CALL_SIGN | WEIR_HAS_SHIP_TYPE | WEIR_HAS_DIMENSIONS |
	               WEIR_HAS_IMO | WEIR_HAS_DESTINATION | WEIR_HAS_DRAUGHT | WEIR_HAS_ETA,
	        .message = 5,
	        .station_class = WEIR_CLASS_A,
	        .ship_type = 70,
	        .to_bow_m = 511,
	        .to_stern_m = 0,
	        .to_port_m = 63,
	        .to_starboard_m = 7,
	        .imo = 9074729,
	        .draught_m = 25.5F,
	        .eta_month = 12,
	        .eta_day = 1,
	        .eta_hour = 23,
	        .eta_minute = 5,
	        .name = "A\\B",
	        .call_sign = "PH12",
	        .destination = "NL RTM \"1\"",
	};
	struct weir_event event = event_of(&report);

	event.kind = WEIR_EVENT_STATIC;
	event.ship_name = "the report's own name counts";
	ck_assert_str_eq(
	        geojson(&event, ""),
	        "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"v\":1,\"event\":\"static\",\"id\":"
	        "\"244660000\",\"time\":\"2026-11-22T05:14:25.638Z\",\"source\":\"antenna-west\",\"name\":"
	        "\"A\\\\B\",\"call_sign\":\"PH12\",\"msg\":5,\"class\":\"A\",\"imo\":9074729,\"ship_type\":"
	        "70,"
	        "\"to_bow_m\":511,\"to_stern_m\":0,\"to_port_m\":63,\"to_starboard_m\":7,\"draught_m\":25.5,"
	        "\"destination\":\"NL RTM \\\"1\\\"\",\"eta\":\"12-01T23:05\"}}");
	report.eta_hour = 24;
	ck_assert_ptr_nonnull(strstr(geojson(&event, ""), "\"eta\":\"12-01\"}}"));
	report.eta_hour = 23;
	report.eta_minute = 60;
	ck_assert_ptr_nonnull(strstr(geojson(&event, ""), "\"eta\":\"12-01\"}}"));
	report.eta_minute = 61;
	report.reserved = WEIR_HAS_ETA;
	ck_assert_ptr_nonnull(strstr(geojson(&event, ""),
	                             "\"eta\":\"12-01\",\"reserved\":{\"eta_month\":12,\"eta_day\":1,"
	                             "\"eta_hour\":23,\"eta_minute\":61}}}"));
	report.reserved = WEIR_HAS_COG | WEIR_HAS_HEADING;
	report.cog_raw = 3700;
	report.heading_raw = 400;
	ck_assert_ptr_nonnull(strstr(geojson(&event, ""), ",\"reserved\":{\"cog\":3700,\"heading\":400}}}"));
}
END_TEST

START_TEST(a_gps_device_has_no_message_type)
{
	struct weir_report report = {.has = WEIR_HAS_POSITION,
	                             .station_class = WEIR_CLASS_GPS,
	                             .longitude_deg = 5,
	                             .latitude_deg = -6};
	struct weir_event event = event_of(&report);

	event.id = "truck-7";
	ck_assert_str_eq(geojson(&event, ""),
	                 "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[5,-6]},"
	                 "\"properties\":{\"v\":1,\"event\":\"position\",\"id\":\"truck-7\",\"time\":"
	                 "\"2026-11-22T05:14:25.638Z\",\"source\":\"antenna-west\",\"class\":\"gps\"}}");
}
END_TEST

/* Each member that a report may hold, and how it shows. */
static const struct {
	uint32_t has;
	const char *key;
} members[] = {
        {WEIR_HAS_SOG, "\"sog_kn\":"},
        {WEIR_HAS_COG, "\"cog_deg\":"},
        {WEIR_HAS_HEADING, "\"heading_deg\":"},
        {WEIR_HAS_NAV_STATUS, "\"nav_status\":"},
        {WEIR_HAS_NAME, "\"name\":"},
        {WEIR_HAS_CALL_SIGN, "\"call_sign\":"},
        {WEIR_HAS_SHIP_TYPE, "\"ship_type\":"},
        {WEIR_HAS_DIMENSIONS, "\"to_bow_m\":"},
        {WEIR_HAS_IMO, "\"imo\":"},
        {WEIR_HAS_DESTINATION, "\"destination\":"},
        {WEIR_HAS_DRAUGHT, "\"draught_m\":"},
        {WEIR_HAS_ETA, "\"eta\":"},
        {WEIR_HAS_POSITION, "\"coordinates\":"},
};
#define MEMBERS (sizeof(members) / sizeof(*members))

START_TEST(what_a_report_does_not_carry_is_left_out)
{
	struct weir_report report = {.message = 19, .eta_month = 1, .eta_day = 1};
	struct weir_event event = event_of(&report);

	for (uint32_t set = 0; set < 1U << MEMBERS; set++) {
		report.has = 0;
		for (size_t i = 0; i < MEMBERS; i++)
			if (set >> i & 1)
				report.has |= members[i].has;
		const char *text = geojson(&event, "rtm");
		for (size_t i = 0; i < MEMBERS; i++)
			ck_assert_msg((strstr(text, members[i].key) != NULL) == (set >> i & 1), "%s in %s",
			              members[i].key, text);
		ck_assert_msg((strstr(text, "\"geometry\":null") != NULL) ==
		                      !(report.has & WEIR_HAS_POSITION),
		              "%s", text);
	}
}
END_TEST

START_TEST(too_small_a_buffer_gives_nothing)
{
	struct weir_report report = position_report();
	struct weir_event event = event_of(&report);
	size_t length = strlen(geojson(&event, "rtm"));

	for (size_t size = 0; size < length; size++) {
		char *out = malloc(size + 1); /* so that a sanitizer sees a byte too many */
		ck_assert_uint_eq(weir_geojson(&event, "rtm", out, size), 0);
		free(out);
	}
	char *out = malloc(length);
	ck_assert_uint_eq(weir_geojson(&event, "rtm", out, length), length);
	ck_assert_mem_eq(out, line, length);
	free(out);
}
END_TEST

START_TEST(the_promised_size_holds_128_fences)
{
	static char ids[128][65];
	static const char *fences[128];
	struct weir_report report = {.has = (1U << 14) - 1, .message = 19};
	struct weir_alert alert = {.id = "0123456789abcdef0123456789abcdef", .phase = WEIR_PHASE_CLEAR};
	struct weir_event event = event_of(&report);
	static char long_text[301];

	memset(long_text, '\x01', 300);
	memset(report.name, '\x01', sizeof(report.name) - 1);
	memset(report.call_sign, '\x01', sizeof(report.call_sign) - 1);
	memset(report.destination, '\x01', sizeof(report.destination) - 1);
	for (size_t i = 0; i < 128; i++) {
		memset(ids[i], 'x', 64);
		fences[i] = ids[i];
	}
	event.kind = WEIR_EVENT_ALERT;
	event.alert = &alert;
	event.fences = fences;
	event.fence_count = 128;
	alert.message = alert.fence_name = long_text;
	ck_assert_uint_gt(weir_geojson(&event, "rtm", line, WEIR_GEOJSON_MAX), 128 * 64);
}
END_TEST

/* ---- Numbers ---- */

static const char *fixed(double value, int decimals)
{
	static char out[64];
	struct weir_text text = weir_text_in(out, sizeof(out) - 1);

	weir_text_fixed(&text, value, decimals);
	out[weir_text_length(&text)] = '\0';
	return out;
}

static const struct {
	const char *name;
	double value;
	int decimals;
	const char *text;
} numbers[] = {
        {"the western limit", -180, 7, "-180"},
        {"the eastern limit", 180, 7, "180"},
        {"the smallest step", 0.0000001, 7, "0.0000001"},
        {"the smallest step west", -0.0000001, 7, "-0.0000001"},
        {"less than the smallest step", 0.00000004, 7, "0"},
        {"no negative zero", -0.00000004, 7, "0"},
        {"negative zero itself", -0.0, 7, "0"},
        {"seven decimals", 4.0512345, 7, "4.0512345"},
        {"an eighth is rounded", 4.05123456, 7, "4.0512346"},
        {"zeros at the end go", 51.5, 7, "51.5"},
        {"zeros in the middle stay", 51.0000001, 7, "51.0000001"},
        {"a carry through all decimals", 179.99999999, 7, "180"},
        {"a half to even, down", 0.5, 0, "0"},
        {"a half to even, up", 1.5, 0, "2"},
        {"a tenth as a float", (double)12.3F, 3, "12.3"},
        {"the largest speed", (double)102.2F, 3, "102.2"},
        {"no decimals", 123.0, 0, "123"},
        {"larger than a double is exact", 1e300, 3, "9200000000000000"},
};

START_TEST(numbers_at_their_limits)
{
	ck_assert_msg(strcmp(fixed(numbers[_i].value, numbers[_i].decimals), numbers[_i].text) == 0,
	              "%s: %s instead of %s", numbers[_i].name,
	              fixed(numbers[_i].value, numbers[_i].decimals), numbers[_i].text);
}
END_TEST

/* The reference: printf, without zeros at the end and without a sign before zero. */
static const char *reference(double value, int decimals)
{
	static char out[400];
	int length = snprintf(out, sizeof(out), "%.*f", decimals, value);

	if (decimals > 0) {
		while (out[length - 1] == '0')
			out[--length] = '\0';
		if (out[length - 1] == '.')
			out[--length] = '\0';
	}
	return strcmp(out, "-0") == 0 ? "0" : out;
}

static double random_degrees(unsigned short seed[3])
{
	switch (nrand48(seed) % 4) {
	case 0: /* anything */
		return erand48(seed) * 360 - 180;
	case 1: /* a multiple of 1/10,000 minute, as AIS has it */
		return (double)(nrand48(seed) % 216000001 - 108000000) / 600000.0;
	case 2: /* near a half of the last decimal */
		return ((double)(nrand48(seed) % 1800000000) + 0.5) / 1e7;
	default: /* the neighbour of a decimal fraction */
		return nextafter((double)(nrand48(seed) % 1800000000) / 1e7, nrand48(seed) % 2 ? 400 : -400);
	}
}

START_TEST(numbers_are_printf_s)
{
	unsigned short seed[3] = {0x1234, 0x5678, (unsigned short)time(NULL)};
	unsigned short printed = seed[2];

	for (int i = 0; i < 1000000; i++) {
		double value = random_degrees(seed);
		ck_assert_msg(strcmp(fixed(value, 7), reference(value, 7)) == 0,
		              "seed %u: %.17g is %s, printf says %s", printed, value, fixed(value, 7),
		              reference(value, 7));
	}
	for (int i = 0; i < 100000; i++) {
		double value = (double)(float)(erand48(seed) * 2000 - 1000);
		ck_assert_str_eq(fixed(value, 3), reference(value, 3));
	}
}
END_TEST

/* ---- Times ---- */

static const char *time_text(int64_t time_ns)
{
	static char out[64];
	struct weir_text text = weir_text_in(out, sizeof(out) - 1);

	weir_text_time(&text, time_ns);
	out[weir_text_length(&text)] = '\0';
	return out;
}

static const struct {
	int64_t time_ns;
	const char *text;
} times[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {TIME_NS, "2026-11-22T05:14:25.638Z"},
        {TIME_NS + 999999, "2026-11-22T05:14:25.638Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {-1000000, "1969-12-31T23:59:59.999Z"},
        {-1000001, "1969-12-31T23:59:59.998Z"},
        {INT64_C(951782400000000000), "2000-02-29T00:00:00.000Z"},
        {INT64_C(4107542399999000000), "2100-02-28T23:59:59.999Z"},
        {INT64_C(4107542400000000000), "2100-03-01T00:00:00.000Z"},
        {INT64_MIN, "1677-09-21T00:12:43.145Z"},
        {INT64_MAX, "2262-04-11T23:47:16.854Z"},
};

START_TEST(times_at_their_limits)
{
	ck_assert_str_eq(time_text(times[_i].time_ns), times[_i].text);
}
END_TEST

START_TEST(times_are_the_calendar_s)
{
	unsigned short seed[3] = {1, 2, 3};

	for (int i = 0; i < 200000; i++) {
		int64_t seconds = (int64_t)(erand48(seed) * 18e9) - INT64_C(9000000000);
		int ms = (int)(nrand48(seed) % 1000);
		time_t when = (time_t)seconds;
		struct tm tm;
		char expected[64];
		gmtime_r(&when, &tm);
		snprintf(expected, sizeof(expected), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
		         tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
		ck_assert_str_eq(time_text(seconds * 1000000000 + ms * INT64_C(1000000)), expected);
	}
}
END_TEST

/* ---- Strings ---- */

static const struct {
	const char *name;
	const char *raw;
	const char *json;
} strings[] = {
        {"nothing", "", "\"\""},
        {"plain", "MAERSK", "\"MAERSK\""},
        {"quote and backslash", "\"\\", "\"\\\"\\\\\""},
        {"a slash stays", "/", "\"/\""},
        {"short escapes", "\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"other control characters", "\x01\x1f", "\"\\u0001\\u001f\""},
        {"DEL is no control character of JSON", "\x7f", "\"\x7f\""},
        {"two bytes", "\xc3\xa9", "\"\xc3\xa9\""},
        {"three bytes", "\xe2\x82\xac", "\"\xe2\x82\xac\""},
        {"four bytes", "\xf0\x9f\x9a\xa2", "\"\xf0\x9f\x9a\xa2\""},
        {"a lone continuation byte", "a\x80z", "\"a\xef\xbf\xbdz\""},
        {"cut in the middle", "\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"cut, then text", "\xc3z", "\"\xef\xbf\xbdz\""},
        {"an overlong slash", "\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"an overlong three", "\xe0\x80\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"a surrogate", "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"above U+10FFFF", "\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"not a byte of UTF-8", "\xff", "\"\xef\xbf\xbd\""},
};

START_TEST(strings_are_escaped)
{
	char out[128];
	struct weir_text text = weir_text_in(out, sizeof(out) - 1);

	weir_text_string(&text, strings[_i].raw);
	out[weir_text_length(&text)] = '\0';
	ck_assert_msg(strcmp(out, strings[_i].json) == 0, "%s: %s", strings[_i].name, out);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static Suite *suite(void)
{
	Suite *suite = suite_create("events as GeoJSON");
	TCase *forms = tcase_create("forms"), *parts = tcase_create("parts");

	tcase_add_test(forms, the_design_s_example);
	tcase_add_test(forms, an_alert_adds_its_own);
	tcase_add_test(forms, a_position_says_who_heard_the_one_before);
	tcase_add_test(forms, a_window_is_a_feature_without_a_place);
	tcase_add_test(forms, an_alert_carries_what_its_rule_measured);
	tcase_add_test(forms, an_alert_without_a_fence_or_a_report);
	tcase_add_test(forms, static_data_without_a_position_has_no_geometry);
	tcase_add_test(forms, a_gps_device_has_no_message_type);
	tcase_add_test(forms, what_a_report_does_not_carry_is_left_out);
	tcase_add_test(forms, too_small_a_buffer_gives_nothing);
	tcase_add_test(forms, the_promised_size_holds_128_fences);
	tcase_set_timeout(parts, 60);
	tcase_add_loop_test(parts, numbers_at_their_limits, 0, COUNT(numbers));
	tcase_add_test(parts, numbers_are_printf_s);
	tcase_add_loop_test(parts, times_at_their_limits, 0, COUNT(times));
	tcase_add_test(parts, times_are_the_calendar_s);
	tcase_add_loop_test(parts, strings_are_escaped, 0, COUNT(strings));
	suite_add_tcase(suite, forms);
	suite_add_tcase(suite, parts);
	return suite;
}

int main(void)
{
	return suite_main(suite());
}
