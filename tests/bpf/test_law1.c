/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first law: the kernel filter changes what things cost, never what comes out.
 *
 * Every datagram goes through the program by BPF_PROG_TEST_RUN, through the same headers natively, and
 * through two engines: one hears everything, at once; the other hears what the kernel passed, late, and tells
 * the kernel whom it follows. The kernel and the native build must agree, what is dropped must have left no
 * trace in the first engine, and both engines must say the same in the same order.
 *
 *     WEIR_DATAGRAMS=1000000 WEIR_SEED=7 build/tests/bpf/test_law1
 */
#include <time.h>
#include <unistd.h>

#include "suite.h"

#include "chance.h"
#include "prefilter/prefilter.h"
#include "prefilter/turn.h"
#include "rig.h"
#include "witness.h"

#define SECOND INT64_C(1000000000)
#define START_NS (INT64_C(1700000000) * SECOND)
#define CORPUS "../shared/corpus"
#define DATAGRAMS_DEFAULT 150000

/* West, south, east, north: an ordinary one, one over the antimeridian, one at a pole, one of a few metres.
 */
static const struct weir_box boxes[] = {
        {3.6, 51.8, 4.6, 52.2},          {179.3, -18.2, -179.4, -17.0}, {-10.0, 89.0, 11.0, 90.0},
        {12.55, 55.6, 12.5503, 55.6001}, {-123.4, 48.1, -123.0, 48.3},
};

#define BOXES (sizeof(boxes) / sizeof(boxes[0]))

static const char fence_text[] = "{\"type\":\"FeatureCollection\",\"features\":["
                                 "{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[{\"rule\":"
                                 "\"enter\"},{\"rule\":\"exit\"}]},"
                                 "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[3.59,51.79],[4.0,51."
                                 "79],[4.0,52.0],[3.59,52.0],"
                                 "[3.59,51.79]]]}},"
                                 "{\"type\":\"Feature\",\"properties\":{\"id\":\"b\",\"rules\":[{\"rule\":"
                                 "\"enter\",\"confirm_fixes\":1},"
                                 "{\"rule\":\"exit\",\"confirm_fixes\":3}]},"
                                 "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[12.5,55.55],[12.7,55."
                                 "55],[12.7,55.7],[12.5,55.7],"
                                 "[12.5,55.55]]]}}]}";

static struct weir_area *area;
static struct weir_fences *fences[2]; /* locating is for one engine at a time */
static struct turns turns;
static int32_t corners[2 * BOXES][2];

/* Two engines, and what lies in the socket between the kernel and the second one. */

#define QUEUE_MAX 512

struct entry {
	int64_t time_ns;
	uint32_t length;
	bool is_tick; /* time has come to time_ns: no datagram */
	char bytes[CHANCE_DATAGRAM_MAX + 256];
};

static struct trial {
	struct witness all, passed;
	struct entry queue[QUEUE_MAX];
	uint32_t head, tail;
	int64_t now_ns, newest_ns;
	uint64_t reasons[WEIR_REASONS];
	uint64_t datagrams, dropped, droppable;
	uint64_t missed[WEIR_REASONS]; /* could be dropped and passed, by reason */
} trial;

/* The kernel's memory of whom the engine follows, on both sides. */

static int is_followed(__u64 device)
{
	uint8_t value;

	return bpf_map_lookup_elem(bpf_map__fd(rig.kernel->maps.weir_followed), &device, &value) == 0;
}

static void tell_kernel(uint64_t device, bool begins)
{
	uint32_t word = weir_presence_bucket(device) / WEIR_PRESENCE_PER_WORD;

	weir_turns_follow(&turns, device, begins);
	rig.native->presence[word] = rig.shared->presence[word];
	rig.native->overflow = rig.shared->overflow;
}

/* The first engine begins to follow at once: the kernel must have remembered the device by then. */
static void check_marked(uint64_t device, bool begins)
{
	uint32_t bucket = weir_presence_bucket(device);
	uint64_t bits =
	        rig.shared->presence[bucket / WEIR_PRESENCE_PER_WORD] >> bucket % WEIR_PRESENCE_PER_WORD * 4;

	ck_assert_msg(!begins || ((bits | rig.shared->hold) & WEIR_PRESENCE_EPOCHS),
	              "the engine begins to follow %lu, and the kernel has not marked it: %.*s", device,
	              (int)trial.queue[trial.tail % QUEUE_MAX].length,
	              trial.queue[trial.tail % QUEUE_MAX].bytes);
}

static void take_turn(int64_t now_ns, bool drained, int64_t newest_ns)
{
	uint64_t completed = turns.completed;
	uint32_t epoch = rig.shared->epoch;

	if (turns.state == TURN_GRACE)
		while (turns.granted != turns.asked)
			usleep(500);
	weir_turns_step(&turns, now_ns, drained, newest_ns);
	if (turns.completed == completed && rig.shared->epoch == epoch)
		return;
	ck_assert_msg(turns.completed == completed ||
	                      rig.native->hold == (rig.shared->hold | rig.native->hold),
	              "the sides remember something else");
	RIG_COPY(presence);
	RIG_COPY(hold);
	RIG_COPY(epoch);
}

static int load_fences(void)
{
	char path[] = "/tmp/weir-law1-XXXXXX.geojson";
	struct weir_problems problems = {0};
	int fd = mkstemps(path, 8);
	const char *files[] = {path};
	int error = fd < 0 ? -errno : 0;

	if (fd >= 0 && write(fd, fence_text, sizeof(fence_text) - 1) != (ssize_t)sizeof(fence_text) - 1)
		error = -EIO;
	for (int i = 0; i < 2 && error == 0; i++)
		error = weir_fences_load(
		        &fences[i],
		        &(struct weir_fence_options){.files = files, .file_count = 1, .margin_m = 500},
		        &problems);
	for (size_t i = 0; i < problems.count; i++)
		fprintf(stderr, "%u:%u: %s\n", problems.items[i].line, problems.items[i].column,
		        problems.items[i].text);
	weir_problems_clear(&problems);
	if (fd >= 0) {
		close(fd);
		unlink(path);
	}
	return error;
}

static void set_up(void)
{
	static struct weir_area_tiles tiles;

	ck_assert_int_eq(load_fences(), 0);
	ck_assert_int_eq(weir_area_new(&area, boxes, BOXES, fences[0]), 0);
	ck_assert_int_eq(weir_area_tiles(area, &tiles), 0);
	memcpy(rig.shared->areas[0].cells, tiles.cells, sizeof(tiles.cells));
	memcpy(rig.shared->areas[0].tiles, tiles.tiles, sizeof(tiles.tiles));
	memcpy(&rig.native->areas[0], &rig.shared->areas[0], sizeof(rig.native->areas[0]));
	native_followed = is_followed;
	for (size_t i = 0; i < BOXES; i++) {
		corners[2 * i][0] = (int32_t)(boxes[i].west * 600000);
		corners[2 * i][1] = (int32_t)(boxes[i].south * 600000);
		corners[2 * i + 1][0] = (int32_t)(boxes[i].east * 600000);
		corners[2 * i + 1][1] = (int32_t)(boxes[i].north * 600000);
	}
}

static void tear_down(void)
{
	weir_area_free(area);
	weir_fences_free(fences[0]);
	weir_fences_free(fences[1]);
}

static void begin_trial(int64_t turn_ns)
{
	/* All that a gateway has: duplicates, GPS devices, and a bound for clocks, of which some lie. */
	struct weir_engine_options options[2] = {
	        {.area = area,
	         .fences = fences[0],
	         .silence_ns = 600 * SECOND,
	         .duplicate_window_ns = 10 * SECOND,
	         .decoder = {.fixes = true, .clock_bound_ns = 600 * SECOND}}};

	options[1] = options[0];
	options[1].fences = fences[1];

	memset(&trial, 0, sizeof(trial));
	rig_forget();
	ck_assert_int_eq(
	        weir_turns_begin(&turns, rig.shared, bpf_map__fd(rig.kernel->maps.weir_followed), turn_ns, 0),
	        0);
	ck_assert_int_eq(witness_open(&trial.all, &options[0]), 0);
	ck_assert_int_eq(witness_open(&trial.passed, &options[1]), 0);
	trial.all.follow = check_marked;
	trial.passed.follow = tell_kernel;
	trial.now_ns = START_NS;
}

static void feed(struct witness *witness, const struct entry *entry)
{
	if (entry->is_tick) {
		weir_engine_advance(witness->engine, entry->time_ns);
		return;
	}
	weir_engine_feed(witness->engine, &(struct weir_datagram){.bytes = (const uint8_t *)entry->bytes,
	                                                          .length = entry->length,
	                                                          .received_ns = entry->time_ns});
}

static void handle(uint32_t most)
{
	for (; most > 0 && trial.head != trial.tail; most--) {
		const struct entry *entry = &trial.queue[trial.head++ % QUEUE_MAX];

		feed(&trial.passed, entry);
		if (!entry->is_tick)
			trial.newest_ns = entry->time_ns;
	}
}

static struct entry *next_entry(void)
{
	if (trial.tail - trial.head == QUEUE_MAX)
		handle(QUEUE_MAX / 2);
	return &trial.queue[trial.tail % QUEUE_MAX];
}

static void tick(void)
{
	struct entry *entry = next_entry();

	entry->is_tick = true;
	entry->time_ns = trial.now_ns;
	feed(&trial.all, entry);
	trial.tail++;
}

/* One datagram, in a packet of this shape, through everything. */
static void judge(const struct shape *shape, const char *bytes, uint32_t length)
{
	static uint8_t frame[CHANCE_DATAGRAM_MAX + 1024];
	struct entry *entry = next_entry();
	int reason = WEIR_REASON_UNKNOWN;

	/* One page is what BPF_PROG_TEST_RUN takes; the programs see no more either without fragments. */
	if (length <= 3300)
		reason = rig_judge(frame, make_frame(frame, shape, bytes, length));
	else
		rig.shared->hold = rig.native->hold = WEIR_PRESENCE_EPOCHS;
	ck_assert_int_ge(reason, 0);
	trial.datagrams++;
	trial.reasons[reason]++;

	entry->is_tick = false;
	entry->time_ns = trial.now_ns;
	entry->length = length;
	memcpy(entry->bytes, bytes, length);
	struct trace before = witness_trace(&trial.all);
	feed(&trial.all, entry);
	bool ignored = was_ignored(before, witness_trace(&trial.all));

	trial.droppable += ignored;
	if (reason >= WEIR_REASON_DROPS) {
		ck_assert_msg(ignored, "dropped, and the engine has a use for it: %.*s", (int)length, bytes);
		trial.dropped++;
		return;
	}
	trial.missed[reason] += ignored;
	trial.tail++;
}

static void end_trial(const char *name, bool is_recording)
{
	handle(QUEUE_MAX);
	weir_engine_flush(trial.all.engine);
	weir_engine_flush(trial.passed.engine);
	ck_assert(rig_remember_alike());

	size_t least = trial.all.count < trial.passed.count ? trial.all.count : trial.passed.count;
	for (size_t i = 0; i < least; i++)
		ck_assert_msg(trial.all.said[i] == trial.passed.said[i], "event %zu of %zu and %zu differs",
		              i, trial.all.count, trial.passed.count);
	ck_assert_uint_eq(trial.all.count, trial.passed.count);

	/* It drops, but for positions within the rounding of the kernel's area. */
	ck_assert_msg(!is_recording || trial.dropped * 100 >=
	                                       99 * (trial.droppable - trial.missed[WEIR_REASON_INSIDE]),
	              "%lu dropped of %lu that could be", trial.dropped, trial.droppable);

	printf("# %s: %lu datagrams, %lu dropped of %lu that could be (%.2f %%), %zu events and letters, %lu "
	       "turns\n",
	       name, trial.datagrams, trial.dropped, trial.droppable,
	       100.0 * (double)trial.dropped / (double)(trial.droppable ? trial.droppable : 1),
	       trial.all.count, turns.completed);
	for (int i = 0; i < WEIR_REASONS; i++)
		if (trial.reasons[i])
			printf("#   %-12s %8lu, of which could be dropped %lu\n",
			       weir_reason_name((enum weir_reason)i), trial.reasons[i],
			       i >= WEIR_REASON_DROPS ? trial.reasons[i] : trial.missed[i]);
	fflush(stdout);
	weir_turns_end(&turns);
	witness_close(&trial.all);
	witness_close(&trial.passed);
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 0) : otherwise;
}

START_TEST(random_datagrams_give_the_same_events_with_and_without)
{
	struct chance chance = {.lies = true,
	                        .state = number_from("WEIR_SEED", (uint64_t)time(NULL)),
	                        .corners = corners,
	                        .corner_count = 2 * BOXES};
	uint64_t count = number_from("WEIR_DATAGRAMS", DATAGRAMS_DEFAULT);
	static char bytes[CHANCE_DATAGRAM_MAX + 256];

	printf("# WEIR_SEED=%lu\n", chance.state);
	begin_trial(20 * SECOND);
	for (uint64_t i = 0; i < count; i++) {
		struct shape shape;
		uint32_t length;

		trial.now_ns += chance_below(&chance, 200) * (SECOND / 1000);
		chance.time_s = trial.now_ns / SECOND;
		chance_shape(&chance, &shape);
		length = chance_datagram(&chance, bytes);
		judge(&shape, bytes, length);
		if (chance_one_in(&chance, 100))
			tick();
		if (chance_one_in(&chance, 40))
			handle(chance_below(&chance, 120));
		if (chance_one_in(&chance, 10))
			take_turn(trial.now_ns, trial.head == trial.tail, trial.newest_ns);
	}
	ck_assert_uint_gt(trial.reasons[WEIR_REASON_OUTSIDE], count / 50);
	ck_assert_uint_gt(trial.reasons[WEIR_REASON_INSIDE], count / 50);
	ck_assert_uint_gt(trial.reasons[WEIR_REASON_FOLLOWED], 0);
	ck_assert_uint_gt(trial.all.count, count / 50);
	end_trial("random", false);
}
END_TEST

/* The recordings */

static const struct {
	const char *file;
	enum { BARE, TAGGED, PAIRS } wrapping;
} recordings[] = {
        {"denmark-2010.nmea", BARE}, {"denmark-2010.nmea", TAGGED}, {"denmark-2010.nmea", PAIRS},
        {"puget-sound.nmea", BARE},  {"puget-sound.nmea", TAGGED},  {"puget-sound.nmea", PAIRS},
        {"tag-blocks.nmea", BARE},   {"gps-track.nmea", BARE},      {"gpsd-sample.aivdm", BARE},
};

static uint32_t tag_line(char *out, const char *line)
{
	char body[64];
	int length = snprintf(body, sizeof(body), "s:test,c:%lld", (long long)(trial.now_ns / SECOND));

	return (uint32_t)sprintf(out, "\\%s*%02X\\%s", body, xor_of(body, (size_t)length), line);
}

START_TEST(recordings_give_the_same_events_with_and_without)
{
	static char line[CHANCE_DATAGRAM_MAX], datagram[CHANCE_DATAGRAM_MAX];
	char path[256], name[256];
	uint32_t pending = 0, lines = 0;

	snprintf(path, sizeof(path), CORPUS "/%s", recordings[_i].file);
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		printf("# SKIP %s is not there\n", path);
		return;
	}
	begin_trial(5 * SECOND);
	while (fgets(line, 1000, file) != NULL) {
		trial.now_ns += SECOND / 20;
		line[strcspn(line, "\r\n")] = '\0';
		strcat(line, "\r\n");
		uint32_t length = recordings[_i].wrapping == TAGGED
		                          ? tag_line(datagram, line)
		                          : (uint32_t)sprintf(datagram + pending, "%s", line);
		pending += length;
		if (recordings[_i].wrapping == PAIRS && ++lines % 2 == 1)
			continue;
		judge(&(struct shape){.ip = lines % 4 < 2 ? 4 : 6}, datagram,
		      recordings[_i].wrapping == TAGGED ? length : pending);
		pending = 0;
		if (trial.datagrams % 16 == 0) {
			tick();
			handle(QUEUE_MAX);
			take_turn(trial.now_ns, true, trial.newest_ns);
		}
	}
	fclose(file);
	snprintf(
	        name, sizeof(name), "%s, %s", recordings[_i].file,
	        (const char *[]){"bare", "with TAG blocks", "two lines a datagram"}[recordings[_i].wrapping]);
	end_trial(name, true);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("law1");
	TCase *law = tcase_create("law1");

	if (rig_open() != 0)
		return suite_skip("BPF programs can't be loaded here");
	tcase_add_checked_fixture(law, set_up, tear_down);
	tcase_set_timeout(law, 900);
	tcase_add_test(law, random_datagrams_give_the_same_events_with_and_without);
	tcase_add_loop_test(law, recordings_give_the_same_events_with_and_without, 0,
	                    sizeof(recordings) / sizeof(recordings[0]));
	suite_add_tcase(suite, law);
	int status = suite_main(suite);
	rig_close();
	return status;
}
