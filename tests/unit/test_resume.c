/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Determinism: the same input gives the same events, identifiers and dead letters, however often it comes,
 * and wherever it is cut and gone on with by another engine that has nothing but the saved state.
 */
#include "resume.h"

#define CORPUS "../shared/corpus/"

/* How a stream is cut: before each datagram, or before one in so many, at random. */
struct cuts {
	const char *name;
	uint64_t seed;
	size_t datagrams;
	unsigned int one_in;
	bool ticks; /* time is told every so often, not by what comes in alone */
};

static const struct cuts cuts[] = {
        {"at every datagram", 1, 700, 1, false},
        {"at every datagram, time is told", 2, 700, 1, true},
        {"now and then", 3, 12000, 200, false},
        {"now and then, time is told", 4, 12000, 200, true},
        {"a few times in a long time", 5, 30000, 2500, true},
};

static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth's MMIX */
	return *state >> 33;
}

/* one_in 0: in one piece. Returns what came out. */
static char *play(const struct stream *stream, unsigned int one_in, uint64_t seed, bool ticks)
{
	uint64_t random = seed * 77 + one_in;
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	for (size_t i = 0; i < stream->count; i++) {
		const struct said *said = &stream->said[i];

		if (one_in > 0 && next_random(&random) % one_in == 0)
			rig_resume(&rig);
		if (ticks && i % 10 == 0)
			weir_engine_advance(rig.engine, said->time_ns);
		rig_hear(&rig, said);
		if (i % 1000 == 999) { /* somebody sees an alert that has just been raised, if one was */
			fflush(rig.file);
			char *raised =
			        strstr(rig.log + rig.length - (rig.length < 40000 ? rig.length : 40000),
			               "\"alert_id\":\"");
			char id[WEIR_ALERT_ID_SIZE] = "";
			if (raised)
				snprintf(id, sizeof(id), "%.32s", raised + 12);
			weir_engine_acknowledge(rig.engine, id, said->time_ns);
		}
	}
	char *log = strdup(rig_end(&rig, stream_ends(stream)));
	rig_close(&rig);
	return log;
}

static void check_same(const char *name, const char *got, const char *wanted)
{
	size_t same = 0;

	while (got[same] != '\0' && got[same] == wanted[same])
		same++;
	if (got[same] == wanted[same])
		return;
	while (same > 0 && got[same - 1] != '\n')
		same--;
	ck_abort_msg("%s: gave\n%.600s\nnot\n%.600s", name, got + same, wanted + same);
}

START_TEST(the_same_input_gives_the_same_events)
{
	struct stream stream = stream_new(5000, 9);
	char *first = play(&stream, 0, 0, true), *second = play(&stream, 0, 0, true);

	check_same("twice", second, first);
	/* It was about something. */
	static const char *const wanted[] = {"\"event\":\"window\"",
	                                     "\"rule\":\"density\"",
	                                     "\"rule\":\"enter\"",
	                                     "\"rule\":\"exit\"",
	                                     "\"rule\":\"dwell\"",
	                                     "\"rule\":\"speed\"",
	                                     "\"rule\":\"anchor\"",
	                                     "\"rule\":\"proximity\"",
	                                     "\"rule\":\"distress\"",
	                                     "\"rule\":\"gap\"",
	                                     "\"rule\":\"course\"",
	                                     "\"phase\":\"clear\"",
	                                     "\"repeated\":true",
	                                     "\"heard_by\"",
	                                     "\"event\":\"static\"",
	                                     "\"class\":\"gps\"",
	                                     "\nletter ",
	                                     "\"fences\":[\"harbour\",\"roads\"]",
	                                     "\"reason\":\"silent\"",
	                                     "\"reason\":\"closed\"",
	                                     "\"ack\":true"};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		ck_assert_msg(strstr(first, wanted[i]) != NULL, "the stream has no %s", wanted[i]);
	free(first);
	free(second);
	stream_free(&stream);
}
END_TEST

START_TEST(a_stream_that_is_cut_gives_the_same_events)
{
	const struct cuts *cut = &cuts[_i];
	struct stream stream = stream_new(cut->datagrams, cut->seed);
	char *whole = play(&stream, 0, 0, cut->ticks);
	char *parts = play(&stream, cut->one_in, cut->seed, cut->ticks);

	check_same(cut->name, parts, whole);
	free(whole);
	free(parts);
	stream_free(&stream);
}
END_TEST

/* The lines of a recording, at times of their own. */
static bool read_recording(struct stream *stream, const char *name, size_t most)
{
	char path[256], line[700];
	FILE *file;

	snprintf(path, sizeof(path), CORPUS "%s", name);
	if ((file = fopen(path, "re")) == NULL)
		return false;
	while (stream->count < most && fgets(line, sizeof(line), file) != NULL)
		if (line[0] != '#')
			stream_add(stream, START + (int64_t)stream->count * (SECOND / 20), 10110, line,
			           strcspn(line, "\r\n"));
	fclose(file);
	return true;
}

static const char *const recordings[] = {"denmark-2010.nmea", "puget-sound.nmea", "gps-track.nmea",
                                         "tag-blocks.nmea", "gpsd-sample.aivdm"};

/* All over the world: everything is in the area, and in a fence. */
static char *play_recording(const struct stream *stream, unsigned int one_in)
{
	struct rig rig;
	uint64_t random = one_in;

	rig_open(&rig,
	         "{\"type\":\"Feature\",\"properties\":{\"id\":\"world\",\"rules\":[{\"rule\":\"enter\"},"
	         "{\"rule\":\"dwell\",\"dwell_s\":20},{\"rule\":\"proximity\",\"cpa_m\":1000,\"tcpa_s\":1800}"
	         "]}," //
	         POLYGON("-179", "-80", "179", "80"));
	weir_engine_free(rig.engine);
	rig.options.area = NULL;
	rig.options.max_devices = 5000;
	rig.engine = rig_engine(&rig);
	for (size_t i = 0; i < stream->count; i++) {
		if (one_in > 0 && next_random(&random) % one_in == 0)
			rig_resume(&rig);
		rig_hear(&rig, &stream->said[i]);
	}
	char *log = strdup(rig_end(&rig, stream_ends(stream)));
	rig_close(&rig);
	return log;
}

START_TEST(a_recording_that_is_cut_gives_the_same_events)
{
	struct stream stream = {0};

	if (!read_recording(&stream, recordings[_i], 6000)) {
		printf("ok 0 - a recording that is cut gives the same events # SKIP " CORPUS
		       "%s is not here\n",
		       recordings[_i]);
		return;
	}
	char *whole = play_recording(&stream, 0);
	char *parts = play_recording(&stream, (unsigned int)stream.count / 60 + 1);

	ck_assert_uint_gt(strlen(whole), 100);
	check_same(recordings[_i], parts, whole);
	free(whole);
	free(parts);
	stream_free(&stream);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("resume");
	TCase *tests = tcase_create("resume");

	tcase_set_timeout(tests, 240);
	tcase_add_test(tests, the_same_input_gives_the_same_events);
	tcase_add_loop_test(tests, a_stream_that_is_cut_gives_the_same_events, 0,
	                    sizeof(cuts) / sizeof(*cuts));
	tcase_add_loop_test(tests, a_recording_that_is_cut_gives_the_same_events, 0,
	                    sizeof(recordings) / sizeof(*recordings));
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
