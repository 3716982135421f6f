/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first law, tried with a random stream and with recordings: see trial.h for what is held against what.
 * The recordings also show that the filter drops what it could drop, in every wrapping.
 *
 *     WEIR_DATAGRAMS=1000000 WEIR_SEED=7 CK_RUN_CASE=random build/tests/bpf/test_law1
 */
#include <math.h>

#include "trial.h"

#include "chance_stream.h"
#include "fence_text.h"

#define CORPUS "../shared/corpus"
#define DATAGRAMS_DEFAULT 1000000

/*
 * West, south, east, north: an ordinary one, one over the antimeridian, one at a pole, one of a few metres,
 * and where recordings come from.
 */
static const struct weir_box boxes[] = {
        {3.6, 51.8, 4.6, 52.2},          {179.3, -18.2, -179.4, -17.0}, {-10.0, 89.0, 11.0, 90.0},
        {12.55, 55.6, 12.5503, 55.6001}, {-123.4, 48.1, -123.0, 48.3},
};

/* For the recordings: around the fences, and grown by whole_bits(). */
static const struct weir_box recorded_boxes[] = {
        {3.5, 51.75, 4.5, 52.25},
        {12.4, 55.5, 12.9, 55.75},
        {-123.4, 48.1, -123.0, 48.3},
        {38.89, 55.0, 38.95, 55.1},
};

#define COUNT_OF(list) (sizeof(list) / sizeof((list)[0]))

#define RING(w, s, e, n) #w "," #s "],[" #e "," #s "],[" #e "," #n "],[" #w "," #n "],[" #w "," #s
#define FENCE(id, rules, ring)                                                                               \
	"{\"type\":\"Feature\",\"properties\":{\"id\":\"" id "\",\"rules\":[" rules                          \
	"],\"windows\":[{\"window_s\":60,\"slide_s\":20,\"lateness_s\":10}]},\"geometry\":{\"type\":"        \
	"\"Polygon\",\"coordinates\":[[[" ring "]]]}}"

static const char fence_text[] = "{\"type\":\"FeatureCollection\",\"features\":[" FENCE(
        "a",
        "{\"rule\":\"enter\"},{\"rule\":\"exit\"},{\"rule\":\"density\",\"window_s\":60,\"slide_s\":30,"
        "\"max_devices\":3,\"lateness_s\":5}",
        RING(3.59, 51.79, 4.0, 52.0)) "," FENCE("b",
                                                "{\"rule\":\"enter\",\"confirm_fixes\":1},{\"rule\":\"exit\","
                                                "\"confirm_fixes\":3}",
                                                RING(12.5, 55.55, 12.7, 55.7)) "]}";

static struct weir_fences *fences[2];
static int32_t corners[2 * COUNT_OF(boxes)][2];

static void set_up(void)
{
	struct weir_problems problems = {0};

	for (int i = 0; i < 2; i++)
		ck_assert_msg(fences_from_text(&fences[i], fence_text, 500, &problems) == 0, "%s",
		              problems.count > 0 ? problems.items[0].text : "no memory");
	weir_problems_clear(&problems);
	for (size_t i = 0; i < COUNT_OF(boxes); i++) {
		corners[2 * i][0] = (int32_t)(boxes[i].west * CHANCE_DEGREE);
		corners[2 * i][1] = (int32_t)(boxes[i].south * CHANCE_DEGREE);
		corners[2 * i + 1][0] = (int32_t)(boxes[i].east * CHANCE_DEGREE);
		corners[2 * i + 1][1] = (int32_t)(boxes[i].north * CHANCE_DEGREE);
	}
}

static void tear_down(void)
{
	weir_fences_free(fences[0]);
	weir_fences_free(fences[1]);
}

/* The random stream */

static struct chance_stream stream = {
        .chance = {.lies = true, .corners = corners, .corner_count = 2 * COUNT_OF(boxes)}};
static uint32_t until_grace;

/* A grace period may be long or short, as the seed says. */
static bool grace_is_over(void)
{
	if (until_grace == 0)
		until_grace = 1 + chance_below(&stream.chance, 10);
	return --until_grace == 0;
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text != NULL ? strtoull(text, NULL, 0) : otherwise;
}

/* What the gateway does between two datagrams. The socket fills up and is emptied. */
static void work(struct chance *chance)
{
	if (chance_one_in(chance, 40))
		trial_handle(chance_below(chance, 120));
	if (chance_one_in(chance, 10)) {
		trial_tick();
		trial_turn();
	}
}

/* All that there is, or GPS sentences mostly, of which a third as many come. */
START_TEST(random_datagrams_give_the_same_events_with_and_without)
{
	struct chance *chance = &stream.chance;
	const bool gps = _i == 1;
	struct trial_setting setting = {
	        .fences = {fences[0], fences[1]}, .turn_ns = 15 * SECOND, .grace_is_over = grace_is_over};
	uint64_t count = number_from("WEIR_DATAGRAMS", DATAGRAMS_DEFAULT) / (gps ? 3 : 1);

	chance->gps = gps;
	chance->state = number_from("WEIR_SEED", (uint64_t)time(NULL));
	printf("# WEIR_SEED=%lu WEIR_DATAGRAMS=%lu\n", chance->state, count);
	fflush(stdout);
	ck_assert_int_eq(weir_area_new(&setting.area, boxes, COUNT_OF(boxes), fences[0]), 0);
	trial_begin(&setting);
	for (uint64_t i = 0; i < count; i++) {
		trial.now_ns += chance_below(chance, 200) * (SECOND / 1000);
		chance->time_s = trial.now_ns / SECOND;
		chance->rough = chance->time_s / 400 % 4 == 0;
		const struct chance_datagram *datagram = chance_stream_next(&stream);
		struct shape shape = chance_shape(chance, datagram);

		trial_judge(&shape, datagram->bytes, datagram->length);
		work(chance);
	}
	trial_print_reasons(gps ? "random, mostly GPS" : "random");
	if (count >= 10000) {
		ck_assert_uint_gt(trial.reasons[WEIR_REASON_UNFOLLOWED], gps ? count / 200 : 0);
		ck_assert_uint_gt(trial.dropped, count / 20);
		ck_assert_uint_gt(trial.reasons[WEIR_REASON_INSIDE], count / 50);
		ck_assert_uint_gt(trial.reasons[WEIR_REASON_FOLLOWED], count / 1000);
		ck_assert_uint_gt(trial.reasons[WEIR_REASON_RECENT], count / 1000);
		ck_assert_uint_gt(trial.all.count, count / 50);
		ck_assert_uint_gt(trial.turns.completed, 3);
		ck_assert_uint_gt(weir_engine_counters(trial.all.engine)->released, 10);
	}
	trial_end();
	weir_area_free(setting.area);
}
END_TEST

/* The recordings */

/*
 * Grown to a hair less than whole bits of the kernel's area, so that the area of the kernel and that of the
 * engine are the same and all that is outside of the one can be dropped.
 */
static struct weir_box whole_bits(struct weir_box box)
{
	const double bit = (double)WEIR_UNITS_PER_BIT / WEIR_UNITS_PER_DEGREE, hair = 0.000001;

	return (struct weir_box){
	        .west = floor(box.west / bit) * bit + hair,
	        .south = floor(box.south / bit) * bit + hair,
	        .east = ceil(box.east / bit) * bit - hair,
	        .north = ceil(box.north / bit) * bit - hair,
	};
}

static void open_recorded_area(struct weir_area **area)
{
	struct weir_box grown[COUNT_OF(recorded_boxes)];

	for (size_t i = 0; i < COUNT_OF(grown); i++)
		grown[i] = whole_bits(recorded_boxes[i]);
	ck_assert_int_eq(weir_area_new(area, grown, COUNT_OF(grown), fences[0]), 0);
}

static const struct {
	const char *file;
	int64_t start_s; /* when it was recorded, as far as it says so */
	int64_t step_ns; /* from line to line */
} recordings[] = {
        {"denmark-2010.nmea", 1276256771, SECOND / 20}, {"puget-sound.nmea", 1700000000, SECOND / 20},
        {"gps-track.nmea", 1490958084, SECOND / 11},    {"gpsd-sample.aivdm", 1700000000, SECOND / 20},
        {"tag-blocks.nmea", 1357134218, SECOND / 20},
};

enum wrapping { BARE, TAGGED, HEADER, HEADER_TAGGED, PAIRS, TAGGED_PAIRS, VLAN, VLANS, IPV6, WRAPPINGS };

static const struct {
	const char *name;
	struct shape shape;
	uint32_t lines; /* a datagram */
	bool header, tagged;
} wrappings[WRAPPINGS] = {
        [BARE] = {"bare", {.ip = 4}, 1, false, false},
        [TAGGED] = {"with TAG blocks", {.ip = 4}, 1, false, true},
        [HEADER] = {"with 450 headers", {.ip = 4}, 1, true, false},
        [HEADER_TAGGED] = {"with 450 headers and TAG blocks", {.ip = 4}, 1, true, true},
        [PAIRS] = {"two lines a datagram", {.ip = 4}, 2, false, false},
        [TAGGED_PAIRS] = {"two lines with TAG blocks a datagram", {.ip = 4}, 2, false, true},
        [VLAN] = {"in a VLAN", {.ip = 4, .tags = 1}, 1, false, false},
        [VLANS] = {"in two VLANs", {.ip = 4, .tags = 2, .tag_types = {0x88a8, 0x8100}}, 1, false, false},
        [IPV6] = {"over IPv6", {.ip = 6}, 1, false, false},
};

/* Of fewer datagrams that could be dropped, one is more than a hundredth. */
#define SHARE_LEAST 100

static char datagram[4096];
static uint32_t datagram_length, datagram_lines;

static void flush_datagram(const struct shape *shape)
{
	if (datagram_lines > 0)
		trial_judge(shape, datagram, datagram_length);
	datagram_length = datagram_lines = 0;
	if (trial.datagrams % 16 == 0) {
		trial_tick();
		trial_handle(TRIAL_QUEUE_MAX);
		trial_turn();
	}
}

static void add_line(enum wrapping wrapping, const char *line)
{
	char tag[64] = "";

	if (wrappings[wrapping].header && datagram_lines == 0) {
		memcpy(datagram, "UdPbC", 6);
		datagram_length = 6;
	}
	if (wrappings[wrapping].tagged && *line != '\\') {
		int length = snprintf(tag, sizeof(tag), "\\s:test,c:%ld", trial.now_ns / SECOND);

		snprintf(tag + length, sizeof(tag) - (size_t)length, "*%02X\\",
		         xor_of(tag + 1, (size_t)length - 1));
	}
	datagram_length += (uint32_t)snprintf(datagram + datagram_length, sizeof(datagram) - datagram_length,
	                                      "%s%s\r\n", tag, line);
	if (++datagram_lines == wrappings[wrapping].lines)
		flush_datagram(&wrappings[wrapping].shape);
}

START_TEST(recordings_give_the_same_events_and_nearly_all_is_dropped_that_can_be)
{
	const size_t recording = (size_t)_i / WRAPPINGS;
	const enum wrapping wrapping = (enum wrapping)(_i % WRAPPINGS);
	struct trial_setting setting = {.fences = {fences[0], fences[1]}, .turn_ns = 5 * SECOND};
	char line[1000], path[256], name[256];

	snprintf(path, sizeof(path), CORPUS "/%s", recordings[recording].file);
	FILE *file = fopen(path, "r");
	if (file == NULL) {
		printf("# SKIP %s is not there\n", path);
		return;
	}
	open_recorded_area(&setting.area);
	trial_begin(&setting);
	trial.now_ns = recordings[recording].start_s * SECOND;
	while (fgets(line, sizeof(line), file) != NULL) {
		trial.now_ns += recordings[recording].step_ns;
		line[strcspn(line, "\r\n")] = '\0';
		add_line(wrapping, line);
	}
	flush_datagram(&wrappings[wrapping].shape);
	fclose(file);
	snprintf(name, sizeof(name), "%s, %s", recordings[recording].file, wrappings[wrapping].name);
	trial_print_reasons(name);
	/*
	 * A GPS sentence that calls its fix void passes, as the engine may begin a fix with one; and so does
	 * one without a place of a device that is followed, though it may come too late for its fix.
	 */
	uint64_t droppable = trial.droppable;
	if (strncmp(recordings[recording].file, "gps", 3) == 0)
		droppable -= trial.missed[WEIR_REASON_NO_POSITION] + trial.missed[WEIR_REASON_FOLLOWED] +
		             trial.missed[WEIR_REASON_RECENT];
	ck_assert_msg(droppable < SHARE_LEAST || 100 * trial.dropped >= 99 * droppable,
	              "%lu dropped of %lu that could be", trial.dropped, droppable);
	trial_end();
	weir_area_free(setting.area);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("law1");
	TCase *random = tcase_create("random"), *recorded = tcase_create("recordings");

	if (rig_open() != 0)
		return suite_skip("BPF programs can't be loaded here");
	tcase_add_checked_fixture(random, set_up, tear_down);
	tcase_set_timeout(random, 24 * 3600);
	tcase_add_loop_test(random, random_datagrams_give_the_same_events_with_and_without, 0, 2);
	suite_add_tcase(suite, random);
	tcase_add_checked_fixture(recorded, set_up, tear_down);
	tcase_set_timeout(recorded, 300);
	tcase_add_loop_test(recorded, recordings_give_the_same_events_and_nearly_all_is_dropped_that_can_be,
	                    0, (int)(COUNT_OF(recordings) * WRAPPINGS));
	suite_add_tcase(suite, recorded);
	int status = suite_main(suite);
	rig_close();
	return status;
}
