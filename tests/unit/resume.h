/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Engines for tests of saved state: everything that comes out as one text, and what goes in: ships off
 * Rotterdam, trucks, distress, stations that hear the same, faults, silence; by number, and always the same.
 */
#ifndef TESTS_RESUME_H
#define TESTS_RESUME_H

#include <errno.h>
#include <inttypes.h>

#include <weir/engine.h>

#include "fence_text.h"
#include "publish/geojson.h"
#include "simulate/traffic.h"
#include "suite.h"

#define SECOND INT64_C(1000000000)
#define START (INT64_C(1795000000) * SECOND)

#define POLYGON(west, south, east, north)                                                                    \
	"\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" west "," south "],[" east "," south         \
	"],[" east "," north "],[" west "," north "],[" west "," south "]]]}}"
#define HARBOUR                                                                                              \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"harbour\",\"name\":\"Harbour\",\"rules\":["          \
	"{\"rule\":\"enter\"},{\"rule\":\"exit\"},{\"rule\":\"dwell\",\"dwell_s\":60},"                      \
	"{\"rule\":\"speed\",\"max_sog_kn\":8,\"sustain_s\":20,\"severity\":\"alarm\"},"                     \
	"{\"rule\":\"anchor\",\"after_s\":60},{\"rule\":\"gap\",\"gap_s\":40},"                              \
	"{\"rule\":\"course\",\"course_deg\":90,\"tolerance_deg\":60},"                                      \
	"{\"rule\":\"density\",\"window_s\":60,\"slide_s\":20,\"max_devices\":6},"                           \
	"{\"rule\":\"proximity\",\"cpa_m\":400,\"tcpa_s\":900}],\"windows\":[{\"window_s\":60,"              \
	"\"slide_s\":20,\"lateness_s\":10},{\"window_s\":120}]}," POLYGON("4.0", "51.88", "4.15", "52.0")
#define ROADS                                                                                                \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"roads\",\"rules\":[{\"rule\":\"enter\","             \
	"\"initial\":\"inside\"},{\"rule\":\"exit\"},{\"rule\":\"dwell\",\"dwell_s\":90},"                   \
	"{\"rule\":\"cross\"}],\"schedule\":{\"time_zone\":\"UTC\",\"windows\":[{\"days\":[\"mon-sun\"],"    \
	"\"from\":\"11:12\",\"to\":\"11:14\"}]}}," POLYGON("3.9", "51.9", "4.1", "52.1")
#define DEPOT                                                                                                \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"depot\",\"rules\":[{\"rule\":\"enter\"},"            \
	"{\"rule\":\"exit\"}]}," POLYGON("4.2", "51.9", "4.21", "51.91")
#define COLLECTION(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define ALL_FENCES COLLECTION(HARBOUR "," ROADS "," DEPOT)

struct rig {
	struct weir_engine *engine;
	struct weir_fences *fences;
	struct weir_area *area;
	struct weir_engine_options options;
	FILE *file;
	char *log;
	size_t length;
	bool restoring; /* what is followed is told once more */
	uint64_t follows;
};

static inline void rig_event(void *context, const struct weir_event *event)
{
	struct rig *rig = context;
	char line[WEIR_GEOJSON_MAX];
	size_t length = weir_geojson(event, "test", line, sizeof(line));

	fprintf(rig->file, "%.*s\n", (int)length, line);
}

static inline void rig_letter(void *context, const struct weir_malformed *malformed)
{
	struct rig *rig = context;

	fprintf(rig->file, "letter %d %u %u %" PRId64 " %u ", (int)malformed->fault, malformed->offset,
	        malformed->faults, malformed->received_ns, malformed->sender.port);
	for (uint32_t i = 0; i < malformed->length; i++)
		fprintf(rig->file, "%02x", malformed->bytes[i]);
	fputc('\n', rig->file);
}

static inline void rig_follow(void *context, uint64_t device, bool begins)
{
	struct rig *rig = context;

	rig->follows += rig->restoring && begins;
	if (!rig->restoring)
		fprintf(rig->file, "follow %" PRIu64 " %d\n", device, begins);
}

static inline struct weir_engine *rig_engine(struct rig *rig)
{
	const struct weir_engine_sink sink = {rig, rig_event, rig_letter, rig_follow};
	struct weir_engine *engine;

	ck_assert_int_eq(weir_engine_new(&engine, &rig->options, &sink), 0);
	return engine;
}

static inline void rig_chart(struct rig *rig, const char *fences)
{
	static const struct weir_box box = {3.5, 51.6, 4.6, 52.4};

	rig->fences = fences_of(fences);
	ck_assert_int_eq(weir_area_new(&rig->area, &box, 1, rig->fences), 0);
	rig->options.fences = rig->fences;
	rig->options.area = rig->area;
}

static inline void rig_open(struct rig *rig, const char *fences)
{
	*rig = (struct rig){.options = {
	                            .max_devices = 300,
	                            .silence_ns = 120 * SECOND,
	                            .rules = {.on = 1u << WEIR_RULE_DISTRESS | 1u << WEIR_RULE_JUMP |
	                                            1u << WEIR_RULE_IDENTITY,
	                                      .jump_severity = WEIR_SEVERITY_WARNING,
	                                      .identity_severity = WEIR_SEVERITY_ALARM,
	                                      .repeat_ns = 30 * SECOND},
	                            .duplicate_window_ns = 10 * SECOND,
	                            .decoder = {.fixes = true},
	                    }};
	rig->file = open_memstream(&rig->log, &rig->length);
	rig_chart(rig, fences);
	rig->engine = rig_engine(rig);
}

static inline void rig_close(struct rig *rig)
{
	weir_engine_free(rig->engine);
	weir_area_free(rig->area);
	weir_fences_free(rig->fences);
	fclose(rig->file);
	free(rig->log);
}

/* What the engine saves. */
struct state {
	uint8_t *bytes;
	size_t length;
};

static inline struct state rig_save(const struct rig *rig)
{
	struct state state = {.length = weir_engine_save(rig->engine, NULL, 0)};

	state.bytes = malloc(state.length);
	ck_assert_uint_eq(weir_engine_save(rig->engine, state.bytes, state.length), state.length);
	return state;
}

static inline int rig_restore(struct rig *rig, const struct state *state, char why[256])
{
	why[0] = '\0';
	rig->restoring = true;
	rig->follows = 0;
	int error = weir_engine_restore(rig->engine, state->bytes, state->length, 0, why, 256);
	rig->restoring = false;
	return error;
}

/* Another engine takes the place of the one so far. It would save the same. */
static inline void rig_resume(struct rig *rig)
{
	struct state state = rig_save(rig);
	char why[256];

	weir_engine_free(rig->engine);
	rig->engine = rig_engine(rig);
	int error = rig_restore(rig, &state, why);
	ck_assert_msg(error == 0, "%d: %s", error, why);
	ck_assert_uint_eq(rig->follows, weir_engine_counters(rig->engine)->followed);
	struct state again = rig_save(rig);
	ck_assert_uint_eq(again.length, state.length);
	ck_assert_mem_eq(again.bytes, state.bytes, state.length);
	free(state.bytes);
	free(again.bytes);
}

static inline void rig_feed(struct rig *rig, const void *bytes, size_t length, uint16_t port, int64_t time_ns)
{
	weir_engine_received(rig->engine, time_ns);
	weir_engine_feed(rig->engine, &(struct weir_datagram){.bytes = bytes,
	                                                      .length = (uint32_t)length,
	                                                      .received_ns = time_ns,
	                                                      .sender = {.port = port}});
}

/* A datagram of a stream. */
struct said {
	int64_t time_ns;
	uint32_t length;
	uint16_t port;
	char bytes[700];
};

struct stream {
	struct said *said;
	size_t count, capacity;
};

static inline void stream_add(struct stream *stream, int64_t time_ns, uint16_t port, const char *bytes,
                              size_t length)
{
	if (length > sizeof(stream->said->bytes))
		return;
	if (stream->count == stream->capacity) {
		stream->capacity = stream->capacity * 2 + 64;
		stream->said = realloc(stream->said, stream->capacity * sizeof(*stream->said));
	}
	struct said *said = &stream->said[stream->count++];
	*said = (struct said){.time_ns = time_ns, .length = (uint32_t)length, .port = port};
	memcpy(said->bytes, bytes, length);
}

/* "$...*hh" or "!...*hh". */
static inline void stream_say(struct stream *stream, int64_t time_ns, uint16_t port, const char *text)
{
	char line[256];
	unsigned int checksum = 0;

	for (const char *c = text + 1; *c != '\0'; c++)
		checksum ^= (uint8_t)*c;
	int length = snprintf(line, sizeof(line), "%s*%02X\r\n", text, checksum);
	stream_add(stream, time_ns, port, line, (size_t)length);
}

/* Trucks drive in and out of the depot; each second is two datagrams, so that epochs are open in between. */
static inline void stream_trucks(struct stream *stream, int64_t time_ns, unsigned int number)
{
	char text[128];
	int64_t seconds = time_ns / SECOND % 86400;
	uint16_t port = (uint16_t)(5000 + number % 3);

	snprintf(text, sizeof(text), "$GPRMC,%02d%02d%02d,A,51%07.4f,N,004%07.4f,E,12.5,,,,,A",
	         (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60), 54.3,
	         12.3 + 0.1 * (number % 14));
	stream_say(stream, time_ns, port, text);
	stream_say(stream, time_ns + SECOND / 10, port, "$GPVTG,90.0,T,,M,12.5,N,23.2,K,A");
}

/* The same sentence by way of another station. */
static inline void stream_hear_again(struct stream *stream, const struct weir_transmission *said)
{
	char tag[64], line[700];
	unsigned int checksum = 0;
	const char *sentence = memchr(said->lines[0].bytes, '!', said->lines[0].length);

	if (sentence == NULL)
		return;
	snprintf(tag, sizeof(tag), "s:hook,c:%" PRId64, said->time_ns / SECOND);
	for (const char *c = tag; *c != '\0'; c++)
		checksum ^= (uint8_t)*c;
	int length = snprintf(line, sizeof(line), "\\%s*%02X\\%.*s", tag, checksum,
	                      (int)(said->lines[0].bytes + said->lines[0].length - sentence), sentence);
	stream_add(stream, said->time_ns, 10111, line, (size_t)length);
}

/* So many datagrams of it, one after the other in time. */
static inline struct stream stream_new(size_t count, uint64_t seed)
{
	const struct weir_traffic_options options = {
	        .vessels = 60, .seed = seed, .start_ns = START, .tag = true, .malformed_share = 0.03};
	struct stream stream = {0};
	struct weir_traffic *traffic;
	unsigned int number = (unsigned int)seed;

	ck_assert_int_eq(weir_traffic_new(&traffic, &options), 0);
	while (stream.count < count) {
		struct weir_transmission said;
		ck_assert_int_eq(weir_traffic_next(traffic, &said), 0);
		/* For two minutes in ten somebody hears nothing. */
		if (said.mmsi % 5 == 0 && (said.time_ns - START) / SECOND % 600 > 480)
			continue;
		for (size_t i = 0; i < said.count; i++)
			stream_add(&stream, said.time_ns, 10110, said.lines[i].bytes, said.lines[i].length);
		if (said.count == 1 && said.mmsi % 3 == 0 && !said.malformed)
			stream_hear_again(&stream, &said);
		if (++number % 7 == 0)
			stream_trucks(&stream, said.time_ns, number);
		/* One part of two, a 970 that cries for help and falls silent. */
		if (number % 53 == 0)
			stream_say(
			        &stream, said.time_ns, 10110,
			        "!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0");
		if (number % 97 == 0 && number % 4 < 2)
			stream_say(&stream, said.time_ns, 10110,
			           "!AIVDM,1,1,,A,1>M4H?P0000BRp`Mgn4a2W>j0000,0");
	}
	stream.count = count;
	weir_traffic_free(traffic);
	return stream;
}

/* The time of its last datagram. */
static inline int64_t stream_ends(const struct stream *stream)
{
	return stream->count == 0 ? START : stream->said[stream->count - 1].time_ns;
}

static inline void stream_free(struct stream *stream)
{
	free(stream->said);
}

static inline void rig_hear(struct rig *rig, const struct said *said)
{
	rig_feed(rig, said->bytes, said->length, said->port, said->time_ns);
}

/* The end: what is due in the next day, and what was never finished. */
static inline const char *rig_end(struct rig *rig, int64_t time_ns)
{
	weir_engine_advance(rig->engine, time_ns + 100000 * SECOND);
	weir_engine_flush(rig->engine);
	fflush(rig->file);
	return rig->log;
}

#endif
