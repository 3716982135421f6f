/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Detection for tests: reports in by letters, everything that comes out as one text.
 */
#ifndef DETECT_BENCH_H
#define DETECT_BENCH_H

#include <errno.h>
#include <inttypes.h>

#include "detect/detect.h"
#include "fence_text.h"
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

static inline const struct spot *spot_of(char letter)
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

static inline void log_event(void *context, const struct weir_event *event)
{
	struct bench *bench = context;
	const struct weir_alert *alert = event->alert;

	if (bench->brief) {
		if (event->kind == WEIR_EVENT_ALERT)
			fprintf(bench->file, "%c%s", alert->rule == WEIR_RULE_ENTER ? 'E' : 'X',
			        alert->fence);
		return;
	}
	fprintf(bench->file, "%d %" PRId64 " %s %s", (int)event->kind, event->time_ns, event->id,
	        event->source);
	if (event->report != NULL)
		fprintf(bench->file, " %d %.7f %.7f", event->report->message, event->report->longitude_deg,
		        event->report->latitude_deg);
	if (event->window != NULL)
		fprintf(bench->file, " %s %s %u", event->window->fence, event->window->content,
		        event->window->all.devices);
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

static inline void log_follow(void *context, uint64_t device, bool begins)
{
	struct bench *bench = context;

	if (bench->brief)
		fputc(begins ? '(' : ')', bench->file);
	else
		fprintf(bench->file, "follow %" PRIu64 " %s\n", device, begins ? "begins" : "ends");
}

static inline void bench_open(struct bench *bench, const char *fences, const struct weir_box *box,
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
static inline const char *bench_log(struct bench *bench)
{
	fflush(bench->file);
	return bench->log;
}

static inline void bench_close(struct bench *bench)
{
	weir_detect_free(bench->detect);
	weir_area_free(bench->area);
	weir_fences_free(bench->fences);
	fclose(bench->file);
	free(bench->log);
}

static const struct weir_box area_box = {0, 0, 3, 3};
static const struct weir_box pacific_box = {178, 0, -178, 3};

static inline struct weir_report position(uint32_t mmsi, double longitude, double latitude)
{
	return (struct weir_report){.mmsi = mmsi,
	                            .has = WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_NAV_STATUS,
	                            .message = 1,
	                            .longitude_deg = longitude,
	                            .latitude_deg = latitude,
	                            .sog_kn = 7.5f};
}

static inline enum weir_report_outcome report_at(struct bench *bench, uint32_t mmsi, char letter,
                                                 int64_t time_ns)
{
	const struct spot *spot = spot_of(letter);
	struct weir_report report = position(mmsi, spot->longitude, spot->latitude);

	return weir_detect_report(bench->detect, &report, time_ns, "");
}

static inline enum weir_report_outcome static_at(struct bench *bench, uint32_t mmsi, const char *name,
                                                 int64_t time_ns)
{
	struct weir_report report = {.mmsi = mmsi, .has = WEIR_HAS_NAME, .message = 5};

	snprintf(report.name, sizeof(report.name), "%s", name);
	return weir_detect_report(bench->detect, &report, time_ns, "");
}

/* A square with enter and exit. */
#define ONE(fixes) COLLECTION(FEATURE("a", BOTH(fixes), SQUARE))

/* A report that says something of its own: two that say the same are one. */
static inline enum weir_report_outcome hear(struct bench *bench, uint32_t mmsi, uint64_t what,
                                            int64_t time_ns, const char *source)
{
	struct weir_report report = position(mmsi, 1.5, 1.5);

	return weir_detect_hear(
	        bench->detect,
	        &(struct weir_hearing){.report = &report,
	                               .time_ns = time_ns,
	                               .source = source,
	                               .said = {.bytes = (const uint8_t *)&what, .length = sizeof(what)}});
}

#endif
