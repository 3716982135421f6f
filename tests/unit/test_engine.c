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
	for (size_t i = 0; i < event->heard_by_count; i++)
		fprintf(rig->file, " by=%s", event->heard_by[i]);
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

#define IPV4(a, b, c, d)                                                                                     \
	{                                                                                                    \
		[10] = 0xff, [11] = 0xff, [12] = (a), [13] = (b), [14] = (c), [15] = (d)                     \
	}

static const struct weir_gps_device gps_devices[] = {
        {{IPV4(192, 0, 2, 8), 0}, "truck-8"},
        {{IPV4(192, 0, 2, 7), 5000}, "truck-12"},
        {{{0x20, 0x01, 0x0d, 0xb8, [15] = 7}, 0}, "crane"},
};

/* Recordings are older than they are received here. */
static int64_t clock_bound_ns = 600 * SECOND;

static void rig_open(struct rig *rig, const char *fences, const struct weir_box *box, int64_t silence_ns)
{
	*rig = (struct rig){0};
	rig->file = open_memstream(&rig->log, &rig->length);
	rig->fences = fences_of(fences);
	ck_assert_int_eq(weir_area_new(&rig->area, box, 1, rig->fences), 0);
	struct weir_engine_options options = {
	        .area = rig->area,
	        .fences = rig->fences,
	        .silence_ns = silence_ns,
	        .duplicate_window_ns = 10 * SECOND,
	        .gps_devices = gps_devices,
	        .gps_device_count = sizeof(gps_devices) / sizeof(*gps_devices),
	        .decoder = {.fixes = true, .clock_bound_ns = clock_bound_ns},
	};
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

	ck_assert_uint_eq(sum(c->reports, WEIR_REPORT_OUTCOMES), messages - sum(d->undecoded, 64) + d->fixes);
	ck_assert_uint_eq(d->sentences[WEIR_SENTENCE_MESSAGE], messages);
	ck_assert_uint_eq(sum(&c->alerts[0][0], WEIR_RULE_KINDS * WEIR_PHASES), c->events[WEIR_EVENT_ALERT]);
	ck_assert_uint_eq(rig->letters, sum(d->letters, WEIR_FAULTS) + c->letters);
	ck_assert_uint_le(c->letters, c->reports[WEIR_REPORT_TIMESTAMP]);
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
	uint64_t left_out = d->sentences[WEIR_SENTENCE_IGNORED], fixes = d->fixes + d->fixes_void;
	uint64_t sentences = sum(d->sentences, WEIR_SENTENCE_OUTCOMES);
	unsigned letters = rig->letters;

	weir_engine_feed(rig->engine, &(struct weir_datagram){.bytes = (const uint8_t *)bytes,
	                                                      .length = (uint32_t)length,
	                                                      .received_ns = time_ns,
	                                                      .sender = {.port = 10110}});
	ignored = c->reports[WEIR_REPORT_OUTSIDE] - ignored;
	messages = sum(d->messages, 64) - messages;
	left_out = d->sentences[WEIR_SENTENCE_IGNORED] - left_out;
	if (left_out > 0) /* GPS, and all that it did was to be ignored */
		return left_out == sum(d->sentences, WEIR_SENTENCE_OUTCOMES) - sentences &&
		       fixes == d->fixes + d->fixes_void && rig->letters == letters;
	/* The last part of a message in several sentences is not for the kernel to judge. */
	return messages == 1 && ignored == 1 && rig->letters == letters && strstr(bytes, ",1,1,") != NULL;
}

/* Appends "*hh" and the line's end to text, which begins at its first character. Returns the length. */
static size_t finish(char *text, size_t size)
{
	size_t length = strlen(text);
	unsigned int checksum = 0;

	for (size_t i = 1; i < length; i++)
		checksum ^= (uint8_t)text[i];
	return length + (size_t)snprintf(text + length, size - length, "*%02X", checksum);
}

/* A TAG block before text: station and time, 0: none. */
static size_t tag_onto(char *text, size_t size, const char *station, int64_t time_ns)
{
	char tag[128], rest[1024];

	snprintf(rest, sizeof(rest), "%s", text);
	snprintf(tag, sizeof(tag), "\\s:%s", station);
	if (time_ns != 0)
		snprintf(tag + strlen(tag), sizeof(tag) - strlen(tag), ",c:%" PRId64, time_ns / SECOND);
	finish(tag, sizeof(tag));
	return (size_t)snprintf(text, size, "%s\\%s", tag, rest);
}

/* An RMC of the time and place, east and north. */
static size_t fix_at(char *text, size_t size, double longitude, double latitude, int64_t time_ns)
{
	int64_t seconds = time_ns / SECOND % 86400;
	int degrees_north = (int)fabs(latitude), degrees_east = (int)fabs(longitude);

	snprintf(text, size, "$GPRMC,%02d%02d%02d,A,%02d%08.5f,%c,%03d%08.5f,%c,5.5,90.0,,,,A",
	         (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60), degrees_north,
	         (fabs(latitude) - degrees_north) * 59.99, latitude < 0 ? 'S' : 'N', degrees_east,
	         (fabs(longitude) - degrees_east) * 59.99, longitude < 0 ? 'W' : 'E');
	return finish(text, size);
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

/* GPS */

/* Feeds text as a datagram of a sender, at START + seconds, and closes what epoch is open. */
static void feed_from(struct rig *rig, const struct weir_address *sender, const char *text, int64_t seconds)
{
	weir_engine_feed(rig->engine, &(struct weir_datagram){.bytes = (const uint8_t *)text,
	                                                      .length = (uint32_t)strlen(text),
	                                                      .received_ns = START + seconds * SECOND,
	                                                      .sender = *sender});
	weir_engine_advance(rig->engine, START + (seconds + 2) * SECOND);
}

static const struct {
	const char *name, *station;
	struct weir_address sender;
	const char *id;
} identities[] = {
        {"a file", "", {{0}, 0}, "gps"},
        {"an address", "", {IPV4(10, 0, 0, 7), 4000}, "gps-10-0-0-7"},
        {"an address, whatever the port", "", {IPV4(10, 0, 0, 7), 4001}, "gps-10-0-0-7"},
        {"the longest IPv4 address", "", {IPV4(255, 255, 255, 255), 1}, "gps-255-255-255-255"},
        {"a short IPv6 address", "", {{0x20, 0x01, 0x0d, 0xb8, [15] = 8}, 1}, "gps-2001-db8--8"},
        {"a long IPv6 address",
         "",
         {{0x20, 0x01, 0x0d, 0xb8, 0x11, 0x11, 0x22, 0x22, 0x33, 0x33, 0x44, 0x44, 0x55, 0x55, 0x66, 0x66},
          1},
         "gps6-IAENuBERIiIzM0REVVVmZg"},
        {"a sender that is named", "", {IPV4(192, 0, 2, 8), 4000}, "truck-8"},
        {"a sender that is named with its port", "", {IPV4(192, 0, 2, 7), 5000}, "truck-12"},
        {"the same with another port", "", {IPV4(192, 0, 2, 7), 5001}, "gps-192-0-2-7"},
        {"a sender that is named by IPv6", "", {{0x20, 0x01, 0x0d, 0xb8, [15] = 7}, 9}, "crane"},
        {"a station", "depot-1", {IPV4(192, 0, 2, 8), 4000}, "depot-1"},
        {"a station that is no token", "de.pot >*", {IPV4(192, 0, 2, 8), 4000}, "de_pot___"},
        {"a station that looks like an MMSI", "244660000", {IPV4(10, 0, 0, 7), 4000}, "gps-244660000"},
        {"the longest station", "123456789abcdefgh", {IPV4(10, 0, 0, 7), 4000}, "123456789abcdef"},
};

START_TEST(a_gps_device_is_named_by_station_configuration_or_address)
{
	char text[512], wanted[64];
	struct rig rig;

	rig_open(&rig, square, &square_box, 0);
	fix_at(text, sizeof(text), 1.5, 1.5, START);
	if (identities[_i].station[0] != '\0')
		tag_onto(text, sizeof(text), identities[_i].station, 0);
	feed_from(&rig, &identities[_i].sender, text, 0);
	snprintf(wanted, sizeof(wanted), "event 0 1789000000000000000 %s ", identities[_i].id);
	ck_assert_msg(strstr(rig_log(&rig), wanted) != NULL, "%s: %s", identities[_i].name, rig_log(&rig));
	uint64_t key = strtoull(rig_log(&rig) + 7, NULL, 10);
	ck_assert_msg(key >> 63 == 1, "%s: %s", identities[_i].name, rig_log(&rig));
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->reports[WEIR_REPORT_USED], 1);
	rig_close(&rig);
}
END_TEST

START_TEST(the_key_of_a_gps_device_is_known_for_ever)
{
	static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};
	const char *log;
	char text[512];
	struct rig rig;

	rig_open(&rig, square, &square_box, 0);
	fix_at(text, sizeof(text), 1.5, 1.5, START);
	feed_from(&rig, &sender, text, 0);
	fix_at(text, sizeof(text), 1.5, 1.5, START + 3 * SECOND);
	tag_onto(text, sizeof(text), "truck-8", 0);
	feed_from(&rig, &sender, text, 3);
	log = rig_log(&rig);
	/* The kernel may compute the same. */
	ck_assert_msg(strncmp(log, "follow 12222495475014850869 1\n", 30) == 0, "%s", log);
	ck_assert_ptr_nonnull(strstr(log, "follow 15910161520427660279 1\n"));
	/* The configuration's name is the same device as a station of that name. */
	feed_from(&rig, &(struct weir_address){IPV4(192, 0, 2, 8), 1}, text, 4);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->devices, 2);
	rig_close(&rig);
}
END_TEST

START_TEST(a_fix_is_where_its_last_position_was)
{
	static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};
	char text[1024];
	struct rig rig;

	rig_open(&rig, square, &square_box, 0);
	/* RMC outside of the fence, a second one of the same epoch inside. */
	size_t length = fix_at(text, sizeof(text), 0.5, 0.5, START);
	fix_at(text + length, sizeof(text) - length, 1.5, 1.5, START);
	feed_from(&rig, &sender, text, 0);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->events[WEIR_EVENT_POSITION], 1);
	ck_assert_ptr_nonnull(strstr(rig_log(&rig), " [a]"));
	length = fix_at(text, sizeof(text), 1.5, 1.5, START + 3 * SECOND);
	fix_at(text + length, sizeof(text) - length, 3.5, 3.5, START + 3 * SECOND);
	feed_from(&rig, &sender, text, 3);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->events[WEIR_EVENT_POSITION], 1);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->reports[WEIR_REPORT_USED], 2);
	rig_close(&rig);
}
END_TEST

START_TEST(impossible_gps_devices_are_refused)
{
	static const struct weir_gps_device bad[][2] = {
	        {{{IPV4(1, 2, 3, 4), 0}, "a"}, {{IPV4(1, 2, 3, 4), 0}, "b"}},
	        {{{IPV4(1, 2, 3, 4), 0}, "a.b"}, {{IPV4(1, 2, 3, 5), 0}, "b"}},
	        {{{IPV4(1, 2, 3, 4), 0}, ""}, {{IPV4(1, 2, 3, 5), 0}, "b"}},
	        {{{IPV4(1, 2, 3, 4), 0}, "244660000"}, {{IPV4(1, 2, 3, 5), 0}, "b"}},
	        {{{IPV4(1, 2, 3, 4), 0}, "12345678901234567890123456789012"}, {{IPV4(1, 2, 3, 5), 0}, "b"}},
	};
	struct weir_engine_options options = {.gps_device_count = 2};
	struct weir_engine *engine = NULL;
	struct weir_engine_sink nobody = {0};

	options.gps_devices = bad[_i];
	ck_assert_int_eq(weir_engine_new(&engine, &options, &nobody), -EINVAL);
	ck_assert_ptr_null(engine);
}
END_TEST

/* A drive of a lorry or the like, recorded by its receiver; see the corpus. */
#define TRACK CORPUS "gps-track.nmea"

static const char on_the_way[] =
        "{\"type\":\"Feature\",\"properties\":{\"id\":\"way\",\"rules\":[{\"rule\":\"enter\"},{\"rule\":"
        "\"exit\"}]},"
        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[38.882,55.070],[38.893,55.070],[38.893,55."
        "0735],"
        "[38.882,55.0735],[38.882,55.070]]]}}";

struct drive {
	unsigned positions, entries, exits, jumps;
	double longitude, latitude;
	int64_t time_ns;
	size_t inside;
};

/* Nothing on a road does 300 km/h: 84 m a second. A degree is 111 km, one of longitude 64 km there. */
static void on_drive(void *context, const struct weir_event *event)
{
	struct drive *drive = context;
	const struct weir_report *report = event->report;

	if (event->kind == WEIR_EVENT_ALERT) {
		drive->entries += event->alert->rule == WEIR_RULE_ENTER;
		drive->exits += event->alert->rule == WEIR_RULE_EXIT;
		return;
	}
	double seconds = (double)(event->time_ns - drive->time_ns) / 1e9;
	double metres = hypot((report->longitude_deg - drive->longitude) * 64000,
	                      (report->latitude_deg - drive->latitude) * 111000);

	ck_assert_str_eq(event->id, "gps");
	ck_assert_int_eq(report->station_class, WEIR_CLASS_GPS);
	if (drive->positions++ > 0) {
		ck_assert(seconds > 0);
		drive->jumps += metres > 84 * seconds;
	}
	drive->longitude = report->longitude_deg;
	drive->latitude = report->latitude_deg;
	drive->time_ns = event->time_ns;
	drive->inside += event->fence_count;
}

START_TEST(a_drive_enters_and_leaves_the_fence_on_its_way)
{
	static const struct weir_box box = {38, 55, 39, 56};
	FILE *file = fopen(TRACK, "re");
	struct weir_fences *fences = fences_of(on_the_way);
	struct weir_engine *engine = NULL;
	struct weir_area *area = NULL;
	struct drive drive = {0};
	char line[256];
	unsigned valid = 0;
	int64_t now_ns = INT64_C(1490958084) * SECOND; /* 2017-03-31 11:01:24 */

	if (file == NULL) {
		weir_fences_free(fences);
		printf("ok 0 - a drive enters and leaves the fence on its way # SKIP %s is not here\n",
		       TRACK);
		return;
	}
	ck_assert_int_eq(weir_area_new(&area, &box, 1, fences), 0);
	ck_assert_int_eq(weir_engine_new(&engine,
	                                 &(struct weir_engine_options){.area = area,
	                                                               .fences = fences,
	                                                               .duplicate_window_ns = 10 * SECOND,
	                                                               .decoder = {.fixes = true}},
	                                 &(struct weir_engine_sink){.context = &drive, .event = on_drive}),
	                 0);
	while (fgets(line, sizeof(line), file) != NULL) {
		if (strncmp(line, "$GPRMC", 6) == 0) {
			now_ns += SECOND;
			valid += strstr(line, ",A,") != NULL;
		}
		weir_engine_feed(engine,
		                 &(struct weir_datagram){
		                         (const uint8_t *)line, (uint32_t)strlen(line), now_ns, {{0}, 0}});
	}
	fclose(file);
	weir_engine_flush(engine);
	printf("# %u valid RMC, %u positions, %zu inside, %u entries, %u exits, %u jumps\n", valid,
	       drive.positions, drive.inside, drive.entries, drive.exits, drive.jumps);
	ck_assert_uint_eq(drive.positions, valid);
	ck_assert_uint_eq(drive.entries, 1);
	ck_assert_uint_eq(drive.exits, 1);
	ck_assert_uint_gt(drive.inside, 30);
	ck_assert_uint_eq(drive.jumps, 0);
	weir_engine_free(engine);
	weir_area_free(area);
	weir_fences_free(fences);
}
END_TEST

/* Clocks */

START_TEST(a_clock_that_lies_is_a_dead_letter_unless_the_report_is_ignored)
{
	static const struct {
		double longitude;
		int64_t lie_s;
		enum weir_report_outcome outcome;
	} cases[] = {
	        {5, 0, WEIR_REPORT_OUTSIDE},        {5, 700, WEIR_REPORT_OUTSIDE},
	        {5, -700, WEIR_REPORT_OUTSIDE},     {1.5, 600, WEIR_REPORT_USED},
	        {1.5, -600, WEIR_REPORT_USED},      {1.5, 601, WEIR_REPORT_TIMESTAMP},
	        {1.5, -601, WEIR_REPORT_TIMESTAMP}, {1.5, 1000000000, WEIR_REPORT_TIMESTAMP},
	};

	for (size_t gps = 0; gps < 2; gps++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
			static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};
			int64_t time_ns = START + cases[i].lie_s * SECOND;
			char text[1024];
			struct rig rig;

			rig_open(&rig, square, &square_box, 0);
			if (gps == 1)
				fix_at(text, sizeof(text), cases[i].longitude, 1.5, time_ns);
			else
				sentence_at(text, sizeof(text), 244660000, cases[i].longitude, 1.5);
			char sentence[1024];
			snprintf(sentence, sizeof(sentence), "%s", text);
			tag_onto(text, sizeof(text), "x", time_ns);
			feed_from(&rig, &sender, text, 0);
			const struct weir_engine_counters *c = weir_engine_counters(rig.engine);
			const struct weir_decode_counters *d = weir_engine_decode_counters(rig.engine);
			bool left_out = gps == 1 && cases[i].outcome == WEIR_REPORT_OUTSIDE;
			ck_assert_msg(c->reports[cases[i].outcome] == !left_out, "%zu %zu: %s", gps, i,
			              rig_log(&rig));
			ck_assert_uint_eq(d->sentences[WEIR_SENTENCE_IGNORED], left_out);
			bool refused = cases[i].outcome == WEIR_REPORT_TIMESTAMP;
			ck_assert_uint_eq(rig.letters, refused);
			ck_assert_uint_eq(c->letters, refused);
			if (refused) {
				char letter[2048];

				snprintf(letter, sizeof(letter), "letter %d 0 1 %" PRId64 " %s",
				         (int)WEIR_FAULT_TIMESTAMP, START, gps == 1 ? sentence : text);
				ck_assert_msg(strstr(rig_log(&rig), letter) == rig_log(&rig), "%s\n%s",
				              rig_log(&rig), letter);
				ck_assert_uint_eq(c->devices, 0);
			}
			rig_close(&rig);
		}
	}
}
END_TEST

/* Its position is not available, and the receiver's clock is a day off: it is heard all the same, now. */
START_TEST(distress_is_heard_whatever_the_clock_of_its_receiver_says)
{
	static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};
	static const struct {
		uint32_t mmsi;
		uint8_t status;
		bool distress;
	} cases[] = {{970123456, 15, true},
	             {972123456, 0, true},
	             {974123456, 0, true},
	             {244660000, 14, true},
	             {244660000, 0, false}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct weir_ais ais = {
		        .type = 1, .layout = WEIR_AIS_LAYOUT_position_a, .mmsi = cases[i].mmsi};
		char text[1024];
		struct rig rig;

		ais.position_a.status = cases[i].status;
		ais.position_a.longitude = 900000;
		ais.position_a.latitude = 900000;
		ais.position_a.second = 60;
		rig_open(&rig, square, &square_box, 0);
		ck_assert_int_gt(weir_ais_sentences(&ais, NULL, text, sizeof(text)), 0);
		text[strlen(text) - 2] = '\0';
		tag_onto(text, sizeof(text), "x", START + 86400 * SECOND);
		feed_from(&rig, &sender, text, 3);
		const struct weir_engine_counters *c = weir_engine_counters(rig.engine);

		ck_assert_uint_eq(c->distress_clock_off, cases[i].distress);
		ck_assert_uint_eq(c->reports[WEIR_REPORT_USED], cases[i].distress);
		ck_assert_uint_eq(c->reports[WEIR_REPORT_TIMESTAMP], !cases[i].distress);
		ck_assert_uint_eq(rig.letters, !cases[i].distress);
		if (cases[i].distress) {
			char event[80];

			snprintf(event, sizeof(event), "event %d %" PRId64 " %09u ", (int)WEIR_EVENT_POSITION,
			         START + 3 * SECOND, cases[i].mmsi);
			ck_assert_msg(strstr(rig_log(&rig), event) != NULL, "%s", rig_log(&rig));
		}
		rig_close(&rig);
	}
}
END_TEST

START_TEST(a_datagram_with_clocks_that_lie_and_other_faults_is_one_dead_letter)
{
	static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};
	char text[4096], letter[64];
	size_t length;
	struct rig rig;

	rig_open(&rig, square, &square_box, 0);
	sentence_at(text, sizeof(text), 1, 1.5, 1.5);
	length = tag_onto(text, sizeof(text), "x", START + 1000 * SECOND);
	sentence_at(text + length, sizeof(text) - length, 2, 1.5, 1.5);
	length += tag_onto(text + length, sizeof(text) - length, "x", START + 1000 * SECOND);
	feed_from(&rig, &sender, text, 0);
	snprintf(letter, sizeof(letter), "letter %d 0 2 ", (int)WEIR_FAULT_TIMESTAMP);
	ck_assert_msg(strncmp(rig_log(&rig), letter, strlen(letter)) == 0, "%s", rig_log(&rig));
	ck_assert_uint_eq(rig.letters, 1);

	snprintf(text + length, sizeof(text) - length, "!AIVDM,nothing*00\r\n");
	feed_from(&rig, &sender, text, 3);
	snprintf(letter, sizeof(letter), "\nletter %d %zu 3 ", (int)WEIR_FAULT_CHECKSUM, length);
	ck_assert_msg(strstr(rig_log(&rig), letter) != NULL, "%s %s", rig_log(&rig), letter);
	ck_assert_uint_eq(rig.letters, 2);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->letters, 1);
	rig_close(&rig);
}
END_TEST

START_TEST(a_clock_in_the_future_releases_nobody)
{
	static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};
	char text[1024];
	struct rig rig;

	rig_open(&rig, square, &square_box, 0);
	sentence_at(text, sizeof(text), 1, 1.5, 1.5);
	feed_from(&rig, &sender, text, 0);
	sentence_at(text, sizeof(text), 2, 1.5, 1.5);
	tag_onto(text, sizeof(text), "x", START + 86400 * SECOND);
	feed_from(&rig, &sender, text, 1);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->devices, 1);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->released, 0);
	rig_close(&rig);
}
END_TEST

/* Duplicates */

START_TEST(what_several_stations_heard_is_one_report)
{
	static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};
	char first[512], text[1024];
	const char *log;
	struct rig rig;

	rig_open(&rig, square, &square_box, 0);
	sentence_at(first, sizeof(first), 244660000, 1.5, 1.5);
	static const char *const stations[] = {"west", "east", "west", "roof"};
	for (int i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "%s", first);
		if (i == 1) { /* on the other channel */
			ck_assert_int_eq(text[12], 'A');
			text[12] = 'B';
			text[strcspn(text, "*")] = '\0';
			finish(text, sizeof(text));
		}
		tag_onto(text, sizeof(text), stations[i], START + (i - 1) * SECOND);
		feed_from(&rig, &sender, text, i);
	}
	const struct weir_engine_counters *c = weir_engine_counters(rig.engine);
	ck_assert_uint_eq(c->events[WEIR_EVENT_POSITION], 1);
	ck_assert_uint_eq(c->reports[WEIR_REPORT_DUPLICATE], 3);
	ck_assert_ptr_null(strstr(rig_log(&rig), "by="));

	/* The next position says who heard this one, and the one after it that nobody else did. */
	sentence_at(text, sizeof(text), 244660000, 1.6, 1.5);
	tag_onto(text, sizeof(text), "south", 0);
	feed_from(&rig, &sender, text, 5);
	log = strstr(rig_log(&rig), "entered") == NULL ? "" : rig_log(&rig);
	ck_assert_ptr_nonnull(strstr(log, " [a] by=west by=east by=roof\n"));
	ck_assert_ptr_null(strstr(log, "by=roof 9"));
	sentence_at(text, sizeof(text), 244660000, 1.7, 1.5);
	feed_from(&rig, &sender, text, 6);
	log = rig_log(&rig);
	ck_assert_ptr_null(strstr(strstr(log, "by=roof") + 7, "by="));
	rig_close(&rig);
}
END_TEST

START_TEST(what_is_said_again_after_the_window_is_new)
{
	static const struct {
		int64_t seconds;
		bool is_new;
	} cases[] = {{0, false}, {1, false}, {-9, false}, {9, false}, {10, true}, {180, true}};
	static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char text[512];
		struct rig rig;

		rig_open(&rig, square, &square_box, 0);
		for (int n = 0; n < 2; n++) {
			sentence_at(text, sizeof(text), 244660000, 1.5, 1.5);
			tag_onto(text, sizeof(text), n == 0 ? "west" : "east",
			         START + n * cases[i].seconds * SECOND);
			feed_from(&rig, &sender, text, n);
		}
		const struct weir_engine_counters *c = weir_engine_counters(rig.engine);
		ck_assert_msg(c->events[WEIR_EVENT_POSITION] == 1 + (uint64_t)cases[i].is_new, "%zu: %s", i,
		              rig_log(&rig));
		ck_assert_uint_eq(c->reports[WEIR_REPORT_DUPLICATE], !cases[i].is_new);
		rig_close(&rig);
	}
}
END_TEST

START_TEST(a_repeated_message_is_the_same_and_any_other_bit_is_not)
{
	static const struct weir_address sender = {IPV4(10, 0, 0, 7), 4000};
	struct weir_ais ais = {.type = 1, .layout = WEIR_AIS_LAYOUT_position_a, .mmsi = 244660000};
	char text[WEIR_AIS_SENTENCES_MAX];
	struct rig rig;

	rig_open(&rig, square, &square_box, 0);
	ais.position_a.longitude = ais.position_a.latitude = 900000;
	for (int i = 0; i < 6; i++) {
		ais.repeat = (uint8_t)(i % 4); /* 4 and 5: as the first and the second */
		ais.position_a.radio = i >= 4 ? 1 : 0;
		ck_assert_int_gt(weir_ais_sentences(&ais, NULL, text, sizeof(text)), 0);
		feed_from(&rig, &sender, text, i);
	}
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->events[WEIR_EVENT_POSITION], 2);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->reports[WEIR_REPORT_DUPLICATE], 4);
	rig_close(&rig);
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
	static const char *const stations[] = {"west", "east", "north", "south", "roof"};
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
		} else if (dice < 40) { /* heard by one or two, at most with a clock that lies */
			static const int64_t lies[] = {0, 0, 0, -1, 2, 4, 700, -700, 100000000};
			char copy[sizeof(text)];

			for (uint64_t n = random_bits(&seed) % 3 + 1; n > 0; n--) {
				int64_t lie_ns = lies[random_bits(&seed) % 9] * SECOND;

				memcpy(copy, text, sizeof(copy));
				length = tag_onto(copy, sizeof(copy), stations[random_bits(&seed) % 5],
				                  time_ns + lie_ns);
				input_add(input, copy, length, time_ns);
			}
		} else if (dice < 60) { /* a GPS device, of which there are few */
			ship %= 5;
			char station[16];

			snprintf(station, sizeof(station), "gps %zu", ship);
			fix_at(text, sizeof(text), x[ship], y[ship], time_ns);
			length = tag_onto(text, sizeof(text), station,
			                  dice == 59 ? time_ns + 1000 * SECOND : 0);
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
	size_t dropped = 0, fixes_dropped = 0;

	if (!stream_input(&input, _i)) {
		printf("ok 0 - dropping what is ignored changes nothing: %s # SKIP %s is not here\n",
		       streams[_i].name, streams[_i].path);
		return;
	}
	clock_bound_ns = streams[_i].path == NULL ? 600 * SECOND : 0;
	rig_open(&all, streams[_i].fences, &streams[_i].box, 120 * SECOND);
	rig_open(&again, streams[_i].fences, &streams[_i].box, 120 * SECOND);
	rig_open(&filtered, streams[_i].fences, &streams[_i].box, 120 * SECOND);
	for (size_t i = 0; i < input.count; i++) {
		play(&again, &input.lines[i]);
		if (play(&all, &input.lines[i])) {
			dropped++;
			fixes_dropped += strstr(input.lines[i].bytes, "$GPRMC,") != NULL;
		} else {
			play(&filtered, &input.lines[i]);
		}
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
	if (streams[_i].path == NULL) {
		ck_assert_uint_gt(fixes_dropped, 100);
		ck_assert_uint_gt(c->reports[WEIR_REPORT_DUPLICATE], 1000);
		ck_assert_uint_gt(c->reports[WEIR_REPORT_TIMESTAMP], 1000);
		ck_assert_ptr_nonnull(strstr(rig_log(&all), "gps_3 entered a\n"));
		ck_assert_ptr_nonnull(strstr(rig_log(&all), "gps_3 left a\n"));
		ck_assert_ptr_nonnull(strstr(rig_log(&all), " by=west by=east"));
	}
	clock_bound_ns = 600 * SECOND;
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
	                                 &(struct weir_engine_options){
	                                         .area = area,
	                                         .fences = fences,
	                                         .duplicate_window_ns = 10 * SECOND,
	                                         .decoder = {.fixes = true, .clock_bound_ns = 600 * SECOND}},
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
	tcase_add_loop_test(tests, a_gps_device_is_named_by_station_configuration_or_address, 0,
	                    (int)(sizeof(identities) / sizeof(*identities)));
	tcase_add_test(tests, the_key_of_a_gps_device_is_known_for_ever);
	tcase_add_test(tests, a_fix_is_where_its_last_position_was);
	tcase_add_test(tests, a_drive_enters_and_leaves_the_fence_on_its_way);
	tcase_add_loop_test(tests, impossible_gps_devices_are_refused, 0, 5);
	tcase_add_test(tests, a_clock_that_lies_is_a_dead_letter_unless_the_report_is_ignored);
	tcase_add_test(tests, distress_is_heard_whatever_the_clock_of_its_receiver_says);
	tcase_add_test(tests, a_datagram_with_clocks_that_lie_and_other_faults_is_one_dead_letter);
	tcase_add_test(tests, a_clock_in_the_future_releases_nobody);
	tcase_add_test(tests, what_several_stations_heard_is_one_report);
	tcase_add_test(tests, what_is_said_again_after_the_window_is_new);
	tcase_add_test(tests, a_repeated_message_is_the_same_and_any_other_bit_is_not);
	tcase_add_test(tests, time_is_told_by_advance);
	tcase_add_test(tests, an_engine_needs_neither_area_nor_fences);
	tcase_add_test(tests, nothing_is_allocated_once_the_engine_is_made);
	tcase_add_loop_test(tests, dropping_what_is_ignored_changes_nothing, 0,
	                    sizeof(streams) / sizeof(*streams));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
