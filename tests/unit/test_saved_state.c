/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Saved state that is not what it should be: damaged, of another version, of a hostile hand; and state that
 * meets other fences, other limits and another time than it was saved in.
 */
#include "resume.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Where the head ends, and where in it the checksum of what follows lies: see engine/save.c. */
#define HEAD 32
#define CHECKSUM 24

static struct stream stream;

static void make_stream(void)
{
	stream = stream_new(5000, 11);
}

static void end_stream(void)
{
	stream_free(&stream);
}

/* An engine in the middle of a stream; and what it saves. */
static struct state state_at(size_t datagrams)
{
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	for (size_t i = 0; i < datagrams; i++)
		rig_hear(&rig, &stream.said[i]);
	struct state state = rig_save(&rig);
	rig_close(&rig);
	return state;
}

static void seal(struct state *state)
{
	uint64_t checksum = XXH3_64bits(state->bytes + HEAD, state->length - HEAD);

	memcpy(state->bytes + CHECKSUM, &checksum, sizeof(checksum));
}

/* It is refused for that reason, and the engine is as new as before. */
static void check_refused(const struct state *state, int wanted, const char *because)
{
	char why[256];
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	struct state before = rig_save(&rig);
	int error = rig_restore(&rig, state, why);
	ck_assert_msg(error == wanted && strstr(why, because) != NULL, "%d: %s", error, why);
	ck_assert_uint_eq(rig.follows, 0);
	struct state after = rig_save(&rig);
	ck_assert_uint_eq(after.length, before.length);
	ck_assert_mem_eq(after.bytes, before.bytes, before.length);
	fflush(rig.file);
	ck_assert_uint_eq(rig.length, 0);
	rig_hear(&rig, &stream.said[0]);
	free(before.bytes);
	free(after.bytes);
	rig_close(&rig);
}

START_TEST(a_state_that_was_cut_off_is_refused)
{
	struct state state = state_at(2000);

	check_refused(&(struct state){0}, -EBADMSG, "no saved state");
	for (size_t length = 1; length < state.length; length += length < 200 ? 1 : state.length / 50) {
		/* Memory of its own, so that a look behind its end is seen. */
		struct state cut = {malloc(length), length};
		memcpy(cut.bytes, state.bytes, length);
		check_refused(&cut, -EBADMSG, length < HEAD ? "no saved state" : "bytes long");
		free(cut.bytes);
	}
	free(state.bytes);
}
END_TEST

START_TEST(a_bit_that_fell_over_is_found)
{
	struct state state = state_at(2000);

	for (size_t i = HEAD; i < state.length; i += state.length / 200 + 1) {
		state.bytes[i] ^= (uint8_t)(1u << i % 8);
		check_refused(&state, -EBADMSG, "checksum");
		state.bytes[i] ^= (uint8_t)(1u << i % 8);
	}
	free(state.bytes);
}
END_TEST

START_TEST(what_is_no_state_of_this_version_is_refused)
{
	struct state state = state_at(100);
	uint8_t *byte = state.bytes;

	byte[0] ^= 1;
	check_refused(&state, -EBADMSG, "no saved state");
	byte[0] ^= 1;
	byte[8]++; /* the version */
	check_refused(&state, -EPROTO, "another version");
	byte[8]--;
	byte[HEAD]++; /* the fingerprint of the first section */
	seal(&state);
	check_refused(&state, -EPROTO, "another version");
	byte[HEAD]--;
	seal(&state);
	state.bytes = realloc(state.bytes, state.length + 16);
	memset(state.bytes + state.length, 0, 16);
	state.length += 16;
	check_refused(&state, -EBADMSG, "bytes long");
	memcpy(state.bytes + 16, &(uint64_t){state.length}, 8);
	seal(&state);
	check_refused(&state, -EBADMSG, "more in it");
	free(state.bytes);
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/* Changes that a table of what may be in a member lets by now and then: a bit, a small number, the ends. */
static void spoil(struct state *state, uint64_t *random)
{
	size_t at = HEAD + next_random(random) % (state->length - HEAD);
	size_t aligned = at & ~(size_t)3;
	static const uint32_t words[] = {0, 1, 2, 3, 7, 16, 299, 300, UINT32_MAX, INT32_MAX};
	uint32_t word = words[next_random(random) % (sizeof(words) / sizeof(*words))];

	if (next_random(random) % 2 == 0)
		state->bytes[at] ^= (uint8_t)(1u << next_random(random) % 8);
	else if (aligned + sizeof(word) <= state->length)
		memcpy(state->bytes + aligned, &word, sizeof(word));
}

START_TEST(a_hostile_state_is_refused_or_does_no_harm)
{
	uint64_t random = (uint64_t)_i + 1;
	unsigned int refused = 0, taken = 0;
	struct state good = state_at(1500 + 300 * (size_t)_i), state = {malloc(good.length), good.length};

	for (unsigned int turn = 0; turn < 100; turn++) {
		char why[256];
		struct rig rig;

		memcpy(state.bytes, good.bytes, good.length);
		for (uint64_t n = 1 + next_random(&random) % 3; n > 0; n--)
			spoil(&state, &random);
		seal(&state);
		rig_open(&rig, turn % 2 == 0 ? ALL_FENCES : COLLECTION(ROADS "," DEPOT));
		int error = rig_restore(&rig, &state, why);
		refused += error != 0;
		taken += error == 0;
		ck_assert(error == 0 || (error == -EBADMSG || error == -EPROTO || error == -ENOSPC));
		ck_assert(error == 0 || why[0] != '\0');
		for (size_t i = 0; i < 300; i++)
			rig_hear(&rig, &stream.said[2000 + i]);
		rig_end(&rig, stream.said[2300].time_ns);
		rig_close(&rig);
	}
	ck_assert_uint_gt(refused, 5);
	ck_assert_uint_gt(taken, 5);
	free(state.bytes);
	free(good.bytes);
}
END_TEST

START_TEST(only_a_new_engine_takes_a_state)
{
	struct state state = state_at(100);
	char why[256];
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	rig_hear(&rig, &stream.said[0]);
	ck_assert_int_eq(rig_restore(&rig, &state, why), -EBUSY);
	rig_close(&rig);
	rig_open(&rig, ALL_FENCES);
	weir_engine_advance(rig.engine, START);
	ck_assert_int_eq(rig_restore(&rig, &state, why), -EBUSY);
	rig_close(&rig);
	free(state.bytes);
}
END_TEST

START_TEST(a_state_needs_room_for_its_devices_and_may_get_more)
{
	struct state state = state_at(3000);
	char why[256];
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	weir_engine_free(rig.engine);
	rig.options.max_devices = 16;
	rig.engine = rig_engine(&rig);
	ck_assert_int_eq(rig_restore(&rig, &state, why), -ENOSPC);
	ck_assert_msg(strstr(why, "there is room for 16") != NULL, "%s", why);
	weir_engine_free(rig.engine);
	rig.options.max_devices = 10000;
	rig.engine = rig_engine(&rig);
	ck_assert_int_eq(rig_restore(&rig, &state, why), 0);
	ck_assert_uint_gt(weir_engine_counters(rig.engine)->devices, 16);
	ck_assert_uint_gt(weir_engine_counters(rig.engine)->statics, 16);
	for (size_t i = 3000; i < 4000; i++)
		rig_hear(&rig, &stream.said[i]);
	rig_end(&rig, stream.said[4000].time_ns);
	rig_close(&rig);
	free(state.bytes);
}
END_TEST

START_TEST(saving_says_what_it_needs_and_stays_in_its_room)
{
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	for (size_t i = 0; i < 500; i++)
		rig_hear(&rig, &stream.said[i]);
	size_t length = weir_engine_save(rig.engine, NULL, 0);
	uint8_t *bytes = malloc(length);
	ck_assert_uint_gt(length, 1000);
	for (size_t room = 0; room < length; room += 1 + length / 100) {
		memset(bytes, 0xa5, length);
		ck_assert_uint_eq(weir_engine_save(rig.engine, bytes, room), length);
		for (size_t i = room; i < length; i++)
			ck_assert_uint_eq(bytes[i], 0xa5);
	}
	free(bytes);
	rig_close(&rig);
}
END_TEST

/* The alert_ids of a log that are raised and not cleared. */
static unsigned int count_open(const char *log, const char *rule)
{
	unsigned int open = 0;
	char wanted[32];

	snprintf(wanted, sizeof(wanted), "\"rule\":\"%s\"", rule);
	for (const char *line = log; line != NULL && *line != '\0';
	     line = strchr(line, '\n') == NULL ? NULL : strchr(line, '\n') + 1) {
		size_t length = strcspn(line, "\n");
		const char *rule_at = memmem(line, length, wanted, strlen(wanted));
		if (rule_at == NULL || memmem(line, length, "\"repeated\"", 10) != NULL)
			continue;
		open += memmem(line, length, "\"phase\":\"raise\"", 15) != NULL;
		open -= memmem(line, length, "\"phase\":\"clear\"", 15) != NULL;
	}
	return open;
}

START_TEST(of_a_fence_that_is_gone_alerts_are_cleared_with_their_ids)
{
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	for (size_t i = 0; i < 4000; i++)
		rig_hear(&rig, &stream.said[i]);
	fflush(rig.file);
	unsigned int open = count_open(rig.log, "dwell") + count_open(rig.log, "speed") +
	                    count_open(rig.log, "proximity") + count_open(rig.log, "anchor");
	ck_assert_uint_gt(open, 5);
	struct state state = rig_save(&rig);
	char why[256], *before = strdup(rig.log);
	rig_close(&rig);

	rig_open(&rig, COLLECTION(ROADS "," DEPOT)); /* roads is the third of the three that were */
	ck_assert_int_eq(rig_restore(&rig, &state, why), 0);
	fflush(rig.file);
	unsigned int cleared = 0;
	for (char *at = rig.log; (at = strstr(at, "\"alert_id\":\"")) != NULL; at++) {
		char id[64];
		snprintf(id, sizeof(id), "%.44s", at);
		ck_assert_msg(strstr(before, id) != NULL, "%s was never raised", id);
		cleared++;
	}
	ck_assert_uint_ge(cleared, open);
	ck_assert_ptr_nonnull(strstr(rig.log, "\"reason\":\"fences\""));
	ck_assert_ptr_nonnull(strstr(rig.log, "\"fence\":\"harbour\""));
	ck_assert_ptr_null(strstr(rig.log, "\"phase\":\"raise\""));
	ck_assert_ptr_null(strstr(rig.log, "\"phase\":\"event\""));
	free(before);
	free(state.bytes);
	rig_close(&rig);
}
END_TEST

/* How often somebody enters the harbour in what follows. */
static unsigned int count_enters(struct rig *rig, size_t from)
{
	unsigned int enters = 0;

	fflush(rig->file);
	size_t before = rig->length;
	for (size_t i = from; i < from + 800; i++)
		rig_hear(rig, &stream.said[i]);
	fflush(rig->file);
	for (const char *at = rig->log + before; (at = strstr(at, "\"rule\":\"enter\"")) != NULL; at++)
		enters++;
	rig_close(rig);
	return enters;
}

START_TEST(who_is_inside_is_not_told_to_enter_again)
{
	const size_t cut = 3500;
	struct state state = state_at(cut);
	char why[256];
	struct rig rig;

	rig_open(&rig, HARBOUR);
	for (size_t i = 0; i < cut; i++)
		rig_hear(&rig, &stream.said[i]);
	unsigned int uncut = count_enters(&rig, cut);

	/* Other fences before it: its number is another one. */
	rig_open(&rig, COLLECTION("{\"type\":\"Feature\",\"properties\":{\"id\":\"a\",\"rules\":[]}," POLYGON(
	                       "1", "1", "2", "2") "," HARBOUR));
	ck_assert_int_eq(rig_restore(&rig, &state, why), 0);
	ck_assert_uint_eq(count_enters(&rig, cut), uncut);
	rig_open(&rig, HARBOUR);
	ck_assert_uint_gt(count_enters(&rig, cut), uncut); /* without the state they are */
	free(state.bytes);
}
END_TEST

START_TEST(a_state_of_long_ago_does_no_harm)
{
	struct state state = state_at(4000);
	char why[256];
	struct rig rig;

	rig_open(&rig, DEPOT);
	ck_assert_int_eq(rig_restore(&rig, &state, why), 0);
	ck_assert_uint_gt(weir_engine_counters(rig.engine)->devices, 20);
	weir_engine_advance(rig.engine, START + 86400 * SECOND * 365);
	ck_assert_uint_eq(weir_engine_counters(rig.engine)->devices, 0);
	ck_assert_uint_gt(weir_engine_counters(rig.engine)->silent, 20);
	rig_close(&rig);
	free(state.bytes);
}
END_TEST

START_TEST(alerts_of_site_rules_that_are_off_now_are_cleared)
{
	char why[256];
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	for (size_t i = 0; i < 4000; i++)
		rig_hear(&rig, &stream.said[i]);
	fflush(rig.file);
	unsigned int open = count_open(rig.log, "distress") + count_open(rig.log, "identity");
	ck_assert_uint_gt(open, 0);
	struct state state = rig_save(&rig);
	rig_close(&rig);

	rig_open(&rig, ALL_FENCES);
	weir_engine_free(rig.engine);
	rig.options.rules.on = 0;
	rig.engine = rig_engine(&rig);
	ck_assert_int_eq(rig_restore(&rig, &state, why), 0);
	fflush(rig.file);
	ck_assert_uint_eq(0 - count_open(rig.log, "distress") - count_open(rig.log, "identity"), open);
	rig_close(&rig);
	free(state.bytes);
}
END_TEST

START_TEST(an_alert_that_was_due_again_long_ago_is_told_again_once)
{
	char why[256];
	struct rig rig;
	unsigned int repeats = 0;

	rig_open(&rig, HARBOUR);
	for (size_t i = 0; i < 4000; i++)
		rig_hear(&rig, &stream.said[i]);
	struct state state = rig_save(&rig);
	rig_close(&rig);

	/* All that is due again is due since twenty years: what follows a time in a watch is when. */
	int64_t now_ns = stream.said[3999].time_ns;
	for (size_t at = HEAD; at + 8 <= state.length; at++) {
		int64_t time_ns;
		memcpy(&time_ns, state.bytes + at, 8);
		if (time_ns <= now_ns || time_ns > now_ns + 30 * SECOND)
			continue;
		time_ns -= 630720000 * SECOND;
		memcpy(state.bytes + at, &time_ns, 8);
		at += 7;
	}
	seal(&state);
	rig_open(&rig, HARBOUR);
	ck_assert_msg(rig_restore(&rig, &state, why) == 0, "%s", why);
	weir_engine_advance(rig.engine, now_ns + 10 * SECOND);
	fflush(rig.file);
	for (const char *at = rig.log; (at = strstr(at, "\"repeated\":true")) != NULL; at++)
		repeats++;
	ck_assert_uint_gt(repeats, 0);
	ck_assert_uint_lt(repeats, 100);
	rig_close(&rig);
	free(state.bytes);
}
END_TEST

START_TEST(the_sums_hold_after_a_restart)
{
	size_t cut = 0;
	char why[256];
	struct rig rig;

	rig_open(&rig, ALL_FENCES);
	while (cut < 3000 || weir_engine_decode_counters(rig.engine)->fragments_pending == 0)
		rig_hear(&rig, &stream.said[cut++]);
	struct state state = rig_save(&rig);
	rig_close(&rig);
	rig_open(&rig, ALL_FENCES);
	ck_assert_int_eq(rig_restore(&rig, &state, why), 0);
	const struct weir_decode_counters *counters = weir_engine_decode_counters(rig.engine);
	ck_assert_uint_gt(counters->fragments_pending, 0);
	for (size_t i = cut; i < cut + 500; i++) {
		rig_hear(&rig, &stream.said[i]);
		ck_assert_uint_eq(counters->sentences[WEIR_SENTENCE_FRAGMENT],
		                  counters->fragments_pending + counters->fragments_joined +
		                          counters->fragments_lost);
	}
	rig_close(&rig);
	free(state.bytes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("saved state");
	TCase *tests = tcase_create("saved state");

	tcase_set_timeout(tests, 240);
	tcase_add_unchecked_fixture(tests, make_stream, end_stream);
	tcase_add_test(tests, a_state_that_was_cut_off_is_refused);
	tcase_add_test(tests, a_bit_that_fell_over_is_found);
	tcase_add_test(tests, what_is_no_state_of_this_version_is_refused);
	tcase_add_loop_test(tests, a_hostile_state_is_refused_or_does_no_harm, 0, 4);
	tcase_add_test(tests, only_a_new_engine_takes_a_state);
	tcase_add_test(tests, a_state_needs_room_for_its_devices_and_may_get_more);
	tcase_add_test(tests, saving_says_what_it_needs_and_stays_in_its_room);
	tcase_add_test(tests, of_a_fence_that_is_gone_alerts_are_cleared_with_their_ids);
	tcase_add_test(tests, who_is_inside_is_not_told_to_enter_again);
	tcase_add_test(tests, a_state_of_long_ago_does_no_harm);
	tcase_add_test(tests, alerts_of_site_rules_that_are_off_now_are_cleared);
	tcase_add_test(tests, an_alert_that_was_due_again_long_ago_is_told_again_once);
	tcase_add_test(tests, the_sums_hold_after_a_restart);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
