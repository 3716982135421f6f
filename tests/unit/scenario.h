/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenarios: what devices do, written as text, and the exact list of alerts that comes of it. Each is played
 * several ways that must make no difference.
 *
 * A script is a list of steps, separated by ';'. A step begins with its time in seconds, and has words:
 *
 *     x= y=      metres east and north of the middle of the fence
 *     vx= vy=    metres a second, between the fixes of one step
 *     every= until=  more fixes like it, until that time
 *     s= c= n= u=  speed (kn), course, navigation status, UTC second; "-" in place of a value: not said
 *     m=         the MMSI (default 244660000)
 *     class=     A, B, base, aton, gps
 *     type= len= static data (message 5) instead of a position: ship type, length
 *     tick       time comes to that moment, without a report
 *
 * Values but those of a run stay until they are changed. The log has a line per alert:
 *
 *     <seconds> [<id>] <rule> <phase> [<name>=<value>...] [reason=...] [flags]
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "detect/detect.h"
#include "detect/save.h"
#include "fence_text.h"
#include "suite.h"

#define SECOND INT64_C(1000000000)
#define SCENARIO_START (INT64_C(1789000000) * SECOND) /* Thursday, 2026-09-10 00:26:40 UTC */
#define SCENARIO_MMSI 244660000u

/* The middle of the fence. */
struct scenario_place {
	const char *name;
	double longitude, latitude;
};

struct scenario_way {
	const char *name;
	struct scenario_place place;
	bool by_two;    /* two stations hear everything */
	bool late;      /* each report is followed by one that is late, from elsewhere */
	bool streamed;  /* time is told every second, not by reports alone */
	bool strangers; /* ships outside of the area report in between */
	bool resumed;   /* the state is saved before each report, and another detection goes on from it */
};

static const struct scenario_way scenario_ways[] = {
        {"plainly", {"off Rotterdam", 4, 52}, false, false, false, false},
        {"on the antimeridian, by two stations", {"", 180, -17}, true, false, false, false},
        {"on the equator, with late reports", {"", 0, 0}, false, true, false, false},
        {"in the north, streamed", {"", 15, 78}, false, false, true, false},
        {"among strangers, by two stations, streamed", {"", -180, 52}, true, true, true, true},
        {"resumed at every report", {"", 4, 52}, false, false, false, false, true},
        {"resumed at every report, by two stations, streamed", {"", 15, 78}, true, true, true, true, true},
};
#define SCENARIO_WAYS ((int)(sizeof(scenario_ways) / sizeof(*scenario_ways)))

struct scenario {
	const char *name;
	const char *properties; /* of the fence, after its id: "\"rules\":[...]" */
	const char *script, *log;
	const char *shape; /* NULL: a square of 1,000 m around the middle; else below */
	struct weir_site_rules rules;
	int64_t silence_s; /* 0: 30 minutes */
};

/* Rings, in metres; "gate" is a line from south to north, 1,000 m long. */
#define SHAPE_HOLLOW "hollow"
#define SHAPE_GATE "gate"

struct stage {
	const struct scenario *scenario;
	const struct scenario_way *way;
	struct weir_detect *detect;
	struct weir_fences *fences;
	struct weir_area *area;
	FILE *file;
	char *log;
	size_t length;
	int64_t ticked_ns;
	unsigned int said;
};

/* Degrees in a metre at the middle of the fence, WGS 84: by the radii of curvature. */
static inline double stage_longitude(const struct stage *stage, double x)
{
	double latitude = stage->way->place.latitude * M_PI / 180, sine = sin(latitude);
	double radius = 6378137 / sqrt(1 - 0.00669437999 * sine * sine) * cos(latitude);
	double longitude = stage->way->place.longitude + x / radius * 180 / M_PI;

	return longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;
}

static inline double stage_latitude(const struct stage *stage, double y)
{
	double sine = sin(stage->way->place.latitude * M_PI / 180);
	double radius = 6378137 * (1 - 0.00669437999) / pow(1 - 0.00669437999 * sine * sine, 1.5);

	return stage->way->place.latitude + y / radius * 180 / M_PI;
}

static inline void stage_ring(const struct stage *stage, FILE *file, double half)
{
	static const int corners[][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}};

	for (size_t i = 0; i < 5; i++)
		fprintf(file, "%s[%.9f,%.9f]", i == 0 ? "[" : ",",
		        stage_longitude(stage, corners[i][0] * half),
		        stage_latitude(stage, corners[i][1] * half));
	fputc(']', file);
}

static inline char *stage_geojson(const struct stage *stage)
{
	const char *shape = stage->scenario->shape;
	char *text = NULL;
	size_t length;
	FILE *file = open_memstream(&text, &length);

	fprintf(file,
	        "{\"type\":\"Feature\",\"properties\":{\"id\":\"f\",\"name\":\"Basin\",%s},\"geometry\":",
	        stage->scenario->properties);
	if (shape != NULL && strcmp(shape, SHAPE_GATE) == 0) {
		fprintf(file, "{\"type\":\"LineString\",\"coordinates\":[[%.9f,%.9f],[%.9f,%.9f]]}}",
		        stage_longitude(stage, 0), stage_latitude(stage, -500), stage_longitude(stage, 0),
		        stage_latitude(stage, 500));
	} else {
		fprintf(file, "{\"type\":\"Polygon\",\"coordinates\":[");
		stage_ring(stage, file, 500);
		if (shape != NULL && strcmp(shape, SHAPE_HOLLOW) == 0) {
			fputc(',', file);
			stage_ring(stage, file, 200);
		}
		fprintf(file, "]}}");
	}
	fclose(file);
	return text;
}

static inline void stage_event(void *context, const struct weir_event *event)
{
	struct stage *stage = context;
	const struct weir_alert *alert = event->alert;

	if (event->kind != WEIR_EVENT_ALERT)
		return;
	fprintf(stage->file, "%.6g ", (double)(event->time_ns - SCENARIO_START) / 1e9);
	if (strcmp(event->id, "244660000") != 0)
		fprintf(stage->file, "%s ", event->id);
	fprintf(stage->file, "%s %s", weir_rule_name(alert->rule), weir_phase_name(alert->phase));
	for (size_t i = 0; i < alert->measure_count; i++) {
		const char *name = alert->measures[i].name;
		size_t length = strlen(name);
		bool metres = length > 2 && strcmp(name + length - 2, "_m") == 0;

		/* Frames differ by a little. */
		if (strcmp(name, "implied_kn") == 0)
			fprintf(stage->file, " %s=%.0f", name,
			        round(alert->measures[i].value / 10) * 10 + 0.0);
		else if (strcmp(name, "tcpa_s") == 0)
			fprintf(stage->file, " %s=%.0f", name, alert->measures[i].value);
		else if (metres)
			fprintf(stage->file, " %s=%.0f", name,
			        round(alert->measures[i].value / 10) * 10 + 0.0);
		else
			fprintf(stage->file, " %s=%.6g", name, alert->measures[i].value);
	}
	if (alert->direction != NULL)
		fprintf(stage->file, " %s", alert->direction);
	if (alert->other != NULL)
		fprintf(stage->file, " other=%s", alert->other);
	if (alert->reason != NULL)
		fprintf(stage->file, " reason=%s", alert->reason);
	fprintf(stage->file, "%s%s%s%s%s\n", alert->initial ? " initial" : "",
	        alert->inferred ? " inferred" : "", alert->test ? " test" : "",
	        alert->repeated ? " repeated" : "", alert->acknowledged ? " ack" : "");
	ck_assert_ptr_nonnull(alert->message);
	ck_assert_uint_gt(strlen(alert->message), 10);
}

static inline struct weir_detect *stage_detect(struct stage *stage)
{
	const struct weir_engine_options options = {
	        .area = stage->area,
	        .fences = stage->fences,
	        .max_devices = 64,
	        .silence_ns = stage->scenario->silence_s * SECOND,
	        .rules = stage->scenario->rules,
	        .duplicate_window_ns = 10 * SECOND,
	};
	const struct weir_engine_sink sink = {.context = stage, .event = stage_event};
	struct weir_detect *detect;

	ck_assert_int_eq(weir_detect_new(&detect, &options, &sink), 0);
	return detect;
}

/* Another detection takes the place of the one so far, and would save the same. */
static inline void stage_resume(struct stage *stage)
{
	static uint8_t saved[1 << 20], again[1 << 20];

	if (!stage->way->resumed)
		return;
	struct weir_saver saver = {.bytes = saved, .capacity = sizeof(saved)};
	weir_detect_save(stage->detect, &saver);
	size_t length = weir_save_end(&saver);
	ck_assert_uint_le(length, sizeof(saved));
	weir_detect_free(stage->detect);
	stage->detect = stage_detect(stage);
	struct weir_loader loader = {.bytes = saved, .length = length};
	int error = weir_detect_load(stage->detect, &loader);
	ck_assert_msg(error == 0, "%s", loader.why);
	ck_assert_int_eq(weir_load_end(&loader), 0);
	weir_detect_adopt(stage->detect);
	saver = (struct weir_saver){.bytes = again, .capacity = sizeof(again)};
	weir_detect_save(stage->detect, &saver);
	ck_assert_uint_eq(weir_save_end(&saver), length);
	ck_assert_mem_eq(again, saved, length);
}

static inline void stage_open(struct stage *stage, const struct scenario *scenario,
                              const struct scenario_way *way)
{
	*stage = (struct stage){.scenario = scenario, .way = way, .ticked_ns = SCENARIO_START};
	stage->file = open_memstream(&stage->log, &stage->length);
	char *text = stage_geojson(stage);
	stage->fences = fences_of(text);
	free(text);
	const struct weir_box box = {stage_longitude(stage, -5000), stage_latitude(stage, -5000),
	                             stage_longitude(stage, 5000), stage_latitude(stage, 5000)};
	ck_assert_int_eq(weir_area_new(&stage->area, &box, 1, stage->fences), 0);
	stage->detect = stage_detect(stage);
}

static inline void stage_close(struct stage *stage)
{
	weir_detect_free(stage->detect);
	weir_area_free(stage->area);
	weir_fences_free(stage->fences);
	fclose(stage->file);
	free(stage->log);
}

static inline void stage_tick(struct stage *stage, int64_t time_ns)
{
	while (stage->way->streamed && stage->ticked_ns + SECOND < time_ns) {
		stage->ticked_ns += SECOND;
		if (stage->ticked_ns % (3600 * SECOND) == 0)
			stage_resume(stage);
		weir_detect_advance(stage->detect, stage->ticked_ns);
	}
}

/* As the way of playing it wants: once, twice, with company. */
static inline void stage_report(struct stage *stage, const struct weir_report *report, int64_t time_ns)
{
	unsigned int said = ++stage->said;
	struct weir_hearing hearing = {.report = report,
	                               .time_ns = time_ns,
	                               .source = "one",
	                               .id = report->station_class == WEIR_CLASS_GPS ? "truck" : NULL,
	                               .device = report->station_class == WEIR_CLASS_GPS ? UINT64_MAX : 0,
	                               .said = {.bytes = (const uint8_t *)&said, .length = sizeof(said)}};

	stage_tick(stage, time_ns);
	stage_resume(stage);
	if (stage->way->strangers && report->has & WEIR_HAS_POSITION) {
		struct weir_report stranger = *report;

		stranger.mmsi = 1000 + said;
		stranger.nav_status = 0;
		stranger.longitude_deg = stage_longitude(stage, 6000);
		ck_assert_int_eq(weir_detect_report(stage->detect, &stranger, time_ns + 3600 * SECOND, ""),
		                 WEIR_REPORT_OUTSIDE);
	}
	enum weir_report_outcome outcome = weir_detect_hear(stage->detect, &hearing);
	if (stage->way->by_two && outcome == WEIR_REPORT_USED) {
		hearing.source = "two";
		outcome = weir_detect_hear(stage->detect, &hearing);
		ck_assert(outcome == WEIR_REPORT_DUPLICATE || outcome == WEIR_REPORT_OUTSIDE);
	}
	if (stage->way->late && outcome != WEIR_REPORT_OUTSIDE && report->has & WEIR_HAS_POSITION) {
		struct weir_report late = *report;

		late.longitude_deg = stage_longitude(stage, 6000);
		late.sog_kn = 99;
		outcome = weir_detect_report(stage->detect, &late, time_ns - SECOND / 2, "");
		ck_assert(outcome == WEIR_REPORT_LATE || outcome == WEIR_REPORT_OUTSIDE);
	}
}

/* What a step says; x and y move on. */
struct step {
	double time_s, x, y, vx, vy, every, until;
	bool tick, is_static;
	uint32_t length;
	struct weir_report report;
};

static inline void step_class(struct step *step, const char *name)
{
	static const uint8_t messages[WEIR_CLASSES] = {1, 18, 4, 21, 9, 0, 1};

	for (int i = 0; i < WEIR_CLASSES; i++) {
		if (strcmp(weir_class_name((enum weir_class)i), name) == 0) {
			step->report.station_class = (uint8_t)i;
			step->report.message = messages[i];
			return;
		}
	}
	ck_abort_msg("no class %s", name);
}

static inline void step_value(struct step *step, uint32_t bit, const char *value, double *to)
{
	if (strcmp(value, "-") == 0) {
		step->report.has &= ~bit;
		return;
	}
	step->report.has |= bit;
	*to = strtod(value, NULL);
}

static inline void step_word(struct step *step, const char *word)
{
	struct weir_report *r = &step->report;
	char name[16];
	char value[32];
	double number = 0;

	if (strcmp(word, "tick") == 0) {
		step->tick = true;
		return;
	}
	ck_assert_msg(sscanf(word, "%15[a-z]=%31s", name, value) == 2, "no word: %s", word);
#define IS(text) (strcmp(name, text) == 0)
	if (IS("x"))
		step->x = strtod(value, NULL);
	else if (IS("y"))
		step->y = strtod(value, NULL);
	else if (IS("vx"))
		step->vx = strtod(value, NULL);
	else if (IS("vy"))
		step->vy = strtod(value, NULL);
	else if (IS("every"))
		step->every = strtod(value, NULL);
	else if (IS("until"))
		step->until = strtod(value, NULL);
	else if (IS("m"))
		r->mmsi = (uint32_t)strtoul(value, NULL, 10);
	else if (IS("class"))
		step_class(step, value);
	else if (IS("s"))
		step_value(step, WEIR_HAS_SOG, value, &number), r->sog_kn = (float)number;
	else if (IS("c"))
		step_value(step, WEIR_HAS_COG, value, &number), r->cog_deg = (float)number;
	else if (IS("n"))
		step_value(step, WEIR_HAS_NAV_STATUS, value, &number), r->nav_status = (uint8_t)number;
	else if (IS("p"))
		step_value(step, WEIR_HAS_POSITION, value, &number);
	else if (IS("type"))
		step->is_static = true, r->ship_type = (uint8_t)strtod(value, NULL);
	else if (IS("len"))
		step->is_static = true, step->length = (uint32_t)strtod(value, NULL);
	else
		ck_abort_msg("no word: %s", word);
#undef IS
}

static inline void step_static(struct stage *stage, const struct step *step)
{
	struct weir_report report = {.mmsi = step->report.mmsi, .message = 5};

	if (step->report.ship_type != 0) {
		report.has |= WEIR_HAS_SHIP_TYPE;
		report.ship_type = step->report.ship_type;
	}
	if (step->length != 0) {
		report.has |= WEIR_HAS_DIMENSIONS;
		report.to_bow_m = (uint16_t)step->length;
	}
	stage_report(stage, &report, SCENARIO_START + (int64_t)llround(step->time_s * 1e9));
}

static inline void step_play(struct stage *stage, struct step *step)
{
	if (step->is_static) {
		step_static(stage, step);
		return;
	}
	do {
		int64_t time_ns = SCENARIO_START + (int64_t)llround(step->time_s * 1e9);

		if (step->tick) {
			stage_tick(stage, time_ns);
			stage_resume(stage);
			weir_detect_advance(stage->detect, time_ns);
			return;
		}
		step->report.longitude_deg = stage_longitude(stage, step->x);
		step->report.latitude_deg = stage_latitude(stage, step->y);
		stage_report(stage, &step->report, time_ns);
		if (step->every > 0) {
			step->time_s += step->every;
			step->x += step->vx * step->every;
			step->y += step->vy * step->every;
		}
	} while (step->every > 0 && step->time_s <= step->until);
}

static inline void stage_play(struct stage *stage, const char *script)
{
	struct step step = {.report = {.mmsi = SCENARIO_MMSI,
	                               .has = WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_NAV_STATUS,
	                               .message = 1,
	                               .sog_kn = 7.5f}};
	char *text = strdup(script), *rest_of_steps = NULL;

	for (char *line = strtok_r(text, ";", &rest_of_steps); line != NULL;
	     line = strtok_r(NULL, ";", &rest_of_steps)) {
		char *rest = NULL;
		char *word = strtok_r(line, " \n\t", &rest);

		if (word == NULL)
			continue;
		step.time_s = strtod(word, NULL);
		step.tick = step.is_static = false;
		step.every = step.until = step.vx = step.vy = 0;
		while ((word = strtok_r(NULL, " \n\t", &rest)) != NULL)
			step_word(&step, word);
		step_play(stage, &step);
	}
	free(text);
	fflush(stage->file);
}

/* Plays one of a table in one of the ways: loop tests run over all of both. */
static inline void scenario_check(const struct scenario *scenarios, int index)
{
	const struct scenario *scenario = &scenarios[index / SCENARIO_WAYS];
	const struct scenario_way *way = &scenario_ways[index % SCENARIO_WAYS];
	struct stage stage;

	stage_open(&stage, scenario, way);
	stage_play(&stage, scenario->script);
	ck_assert_msg(strcmp(stage.log, scenario->log) == 0, "%s, %s: gave\n%snot\n%s", scenario->name,
	              way->name, stage.log, scenario->log);
	stage_close(&stage);
}

#define SCENARIO_TEST(name, table)                                                                           \
	START_TEST(name)                                                                                     \
	{                                                                                                    \
		scenario_check(table, _i);                                                                   \
	}                                                                                                    \
	END_TEST
#define SCENARIO_COUNT(table) ((int)(sizeof(table) / sizeof(*(table))) * SCENARIO_WAYS)

#endif
