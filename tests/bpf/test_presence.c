/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Devices that matter although they are outside: what the program remembers by itself, what the engine tells
 * it, and how both are forgotten. The area is one box; the ship moves in and out of it.
 */
#include <unistd.h>

#include "suite.h"

#include "frames.h"
#include "prefilter/turn.h"
#include "rig.h"

#define SECOND INT64_C(1000000000)
#define SHIP 244660000u
#define INSIDE 4 /* degrees east */
#define OUTSIDE 10
#define NORTH (52 * 600000 + 300)

static uint8_t frame[1024];
static struct turns turns;
static int64_t now_ns = 1700000000 * SECOND;

static int hear(uint32_t mmsi, uint32_t type, int32_t longitude_deg)
{
	struct payload payload;
	char text[200];

	make_report(&payload, 168, type, mmsi, longitude_deg * 600000, NORTH);
	uint32_t length = make_sentence(text, sizeof(text), "!AIVDM,1,1,,A,", &payload, "\r\n");
	return rig_judge(frame, make_plain_frame(frame, text, length));
}

static int is_followed(__u64 device)
{
	uint8_t value;

	return bpf_map_lookup_elem(bpf_map__fd(rig.kernel->maps.weir_followed), &device, &value) == 0;
}

static void same_memory(void)
{
	RIG_COPY(presence);
	RIG_COPY(hold);
	RIG_COPY(epoch);
	RIG_COPY(overflow);
}

static void follow(uint64_t device, bool begins)
{
	weir_turns_follow(&turns, device, begins);
	same_memory();
}

static void step(int64_t seconds, bool drained, int64_t newest_ns)
{
	now_ns += seconds * SECOND;
	if (turns.state == TURN_GRACE)
		while (turns.granted != turns.asked)
			usleep(500);
	weir_turns_step(&turns, now_ns, drained, newest_ns);
	same_memory();
}

static void whole_turn(void)
{
	uint64_t before = turns.completed;

	for (int i = 0; i < 20 && turns.completed == before; i++)
		step(2, true, 0);
	ck_assert_uint_eq(turns.completed, before + 1);
}

static void set_up(void)
{
	rig_fill_area(WEIR_CELL_EMPTY);
	uint32_t cell = weir_area_cell(INSIDE * 600000, NORTH);

	rig.shared->areas[0].cells[cell] = rig.native->areas[0].cells[cell] = WEIR_CELL_FULL;
	native_followed = is_followed;
	rig_forget();
	ck_assert_int_eq(
	        weir_turns_begin(&turns, rig.shared, bpf_map__fd(rig.kernel->maps.weir_followed), 0, 0), 0);
	step(0, true, 0);
}

static void tear_down(void)
{
	weir_turns_end(&turns);
}

START_TEST(a_ship_that_was_inside_is_seen_leaving)
{
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(hear(SHIP, 1, INSIDE), WEIR_REASON_INSIDE);
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_RECENT);
	ck_assert_int_eq(hear(SHIP + 1, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(a_followed_ship_passes_until_it_is_released)
{
	follow(SHIP, true);
	ck_assert_int_eq(hear(SHIP, 18, OUTSIDE), WEIR_REASON_FOLLOWED);
	follow(SHIP, false);
	ck_assert_int_eq(hear(SHIP, 18, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(a_release_does_not_undo_what_the_engine_has_not_seen)
{
	follow(SHIP, true);
	ck_assert_int_eq(hear(SHIP, 1, INSIDE), WEIR_REASON_INSIDE);
	follow(SHIP, false); /* for an earlier packet: the one inside still waits in the socket */
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_RECENT);
}
END_TEST

START_TEST(a_ship_that_shares_a_bucket_is_not_taken_for_the_followed_one)
{
	uint32_t other = SHIP + 1;

	while (weir_presence_bucket(other) != weir_presence_bucket(SHIP))
		other++;
	follow(SHIP, true);
	ck_assert_int_eq(hear(other, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
	follow(other, true);
	follow(SHIP, false);
	ck_assert_int_eq(hear(other, 1, OUTSIDE), WEIR_REASON_FOLLOWED);
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(a_full_map_fails_open_and_is_counted)
{
	turns.followed_map = -1; /* no insert succeeds */
	follow(SHIP, true);
	ck_assert_uint_eq(turns.refused, 1);
	ck_assert_uint_eq(rig.shared->overflow, 1);
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_FOLLOWED);
	follow(SHIP, false);
	ck_assert_uint_eq(rig.shared->overflow, 0);
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(a_turn_forgets_what_was_inside_once)
{
	ck_assert_int_eq(hear(SHIP, 1, INSIDE), WEIR_REASON_INSIDE);
	whole_turn();
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(a_mark_of_the_new_epoch_outlives_the_turn)
{
	step(6, true, 0);
	ck_assert_int_eq(turns.state, TURN_GRACE);
	ck_assert_int_eq(hear(SHIP, 1, INSIDE), WEIR_REASON_INSIDE);
	for (int i = 0; i < 10 && turns.completed == 0; i++)
		step(2, true, 0);
	ck_assert_uint_eq(turns.completed, 1);
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_RECENT);
}
END_TEST

START_TEST(nothing_is_forgotten_while_the_socket_is_behind)
{
	ck_assert_int_eq(hear(SHIP, 1, INSIDE), WEIR_REASON_INSIDE);
	int64_t newest_ns = now_ns - SECOND;
	for (int i = 0; i < 100; i++)
		step(2, false, newest_ns);
	ck_assert_uint_eq(turns.completed, 0);
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_RECENT);
	step(0, false, now_ns);
	ck_assert_uint_eq(turns.completed, 1);
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(a_clock_that_is_set_back_makes_turns_wait)
{
	ck_assert_int_eq(hear(SHIP, 1, INSIDE), WEIR_REASON_INSIDE);
	step(6, false, 0);
	step(0, false, 0);
	ck_assert_int_eq(turns.state, TURN_SETTLING);
	step(-3600, false, now_ns);
	step(5, false, now_ns + 3600 * SECOND); /* a receive time from before */
	ck_assert_uint_eq(turns.completed, 0);
	step(5, false, now_ns);
	step(5, true, 0);
	ck_assert_uint_eq(turns.completed, 1);
}
END_TEST

START_TEST(a_clock_that_is_set_back_by_less_than_fragments_wait_makes_turns_wait_for_them)
{
	ck_assert_int_eq(hear(SHIP, 1, INSIDE), WEIR_REASON_INSIDE);
	step(6, true, 0);
	step(0, true, 0);
	ck_assert_int_eq(turns.state, TURN_SETTLING);
	int64_t due_ns = now_ns + turns.settle_ns;
	step(-3, true, 0); /* a first part from before is still waited for */
	while (now_ns + SECOND < due_ns)
		step(1, true, 0);
	ck_assert_uint_eq(turns.completed, 0);
	step(2, true, 0);
	step(1, true, 0);
	ck_assert_uint_eq(turns.completed, 1);
}
END_TEST

START_TEST(a_hold_lasts_until_a_whole_turn_after_its_end)
{
	weir_turns_hold(&turns, true);
	same_memory();
	whole_turn();
	whole_turn();
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_HELD);
	for (int i = 0; i < 4; i++, step(1, true, 0))
		if (turns.state == TURN_SETTLING)
			break;
	weir_turns_hold(&turns, false); /* in the midst of a turn, or between */
	same_memory();
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_HELD);
	if (turns.state != TURN_IDLE)
		whole_turn();
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_HELD);
	whole_turn();
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(a_failed_delete_is_no_proof_that_a_device_had_no_room)
{
	int map = turns.followed_map;

	turns.followed_map = -1;
	follow(SHIP, true);
	ck_assert_uint_eq(rig.shared->overflow, 1);
	turns.followed_map = map;
	follow(SHIP + 1, true);
	turns.followed_map = bpf_program__fd(rig.kernel->progs.weir_prefilter); /* no map: -EINVAL */
	follow(SHIP + 1, false);
	ck_assert_uint_eq(rig.shared->overflow, 1);
	turns.followed_map = map;
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_FOLLOWED);
	follow(SHIP, false);
	ck_assert_uint_eq(rig.shared->overflow, 0);
	__u64 left = SHIP + 1;
	bpf_map_delete_elem(map, &left);
}
END_TEST

START_TEST(distress_always_passes_and_is_remembered)
{
	static const uint32_t beacons[] = {970000000, 970999999, 972000000, 972123456, 974000000, 974999999};

	for (size_t i = 0; i < sizeof(beacons) / sizeof(beacons[0]); i++) {
		ck_assert_int_eq(hear(beacons[i], 1, OUTSIDE), WEIR_REASON_DISTRESS);
		ck_assert_int_eq(hear(beacons[i], 18, OUTSIDE), WEIR_REASON_DISTRESS);
	}
	ck_assert_int_eq(hear(969999999, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(hear(971000000, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(hear(973500000, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(hear(975000000, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(more_lines_than_are_read_hold_everything_until_the_next_turn)
{
	static char text[4096];
	uint32_t length = 0;

	for (int i = 0; i < 60; i++)
		length += (uint32_t)snprintf(text + length, 20, "!AIVDM,,,,,,\r\n");
	ck_assert_int_eq(rig_judge(frame, make_plain_frame(frame, text, length)), WEIR_REASON_UNKNOWN);
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_HELD);
	whole_turn();
	ck_assert_int_eq(hear(SHIP, 1, OUTSIDE), WEIR_REASON_OUTSIDE);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
	        a_ship_that_was_inside_is_seen_leaving,
	        a_followed_ship_passes_until_it_is_released,
	        a_release_does_not_undo_what_the_engine_has_not_seen,
	        a_ship_that_shares_a_bucket_is_not_taken_for_the_followed_one,
	        a_full_map_fails_open_and_is_counted,
	        a_turn_forgets_what_was_inside_once,
	        a_mark_of_the_new_epoch_outlives_the_turn,
	        nothing_is_forgotten_while_the_socket_is_behind,
	        a_clock_that_is_set_back_makes_turns_wait,
	        a_clock_that_is_set_back_by_less_than_fragments_wait_makes_turns_wait_for_them,
	        a_hold_lasts_until_a_whole_turn_after_its_end,
	        a_failed_delete_is_no_proof_that_a_device_had_no_room,
	        distress_always_passes_and_is_remembered,
	        more_lines_than_are_read_hold_everything_until_the_next_turn,
	};
	Suite *suite = suite_create("presence");
	TCase *presence = tcase_create("presence");

	if (rig_open() != 0)
		return suite_skip("BPF programs can't be loaded here");
	tcase_add_checked_fixture(presence, set_up, tear_down);
	tcase_set_timeout(presence, 60);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(presence, tests[i]);
	suite_add_tcase(suite, presence);
	int status = suite_main(suite);
	rig_close();
	return status;
}
