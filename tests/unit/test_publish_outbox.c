/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The outbox: order, repetition, bounds; and at random against a plain list.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "publish/outbox.h"
#include "suite.h"

#define BYTES ((size_t)256 << 10)

static struct weir_outbox *outbox;
static _Alignas(8) char memory[70000];

static void setup(void)
{
	ck_assert_int_eq(weir_outbox_new(&outbox, BYTES), 0);
}

static void teardown(void)
{
	weir_outbox_free(outbox);
	outbox = NULL;
}

/* A record whose received_ns and body follow from its mark. */
static int add(int64_t mark, size_t body)
{
	struct weir_record *record = (void *)memory;

	memset(memory, 0, sizeof(*record));
	record->received_ns = mark;
	record->body_length = (uint32_t)body;
	memset(weir_record_body(record), (int)(mark & 0xff), body);
	record->size = (uint32_t)(weir_record_body(record) - memory + (ptrdiff_t)body);
	return weir_outbox_add(outbox, record);
}

static uint64_t expect_next(int64_t mark, uint32_t attempts)
{
	struct weir_outbox_entry entry;

	ck_assert(weir_outbox_next(outbox, &entry));
	ck_assert_int_eq(entry.record->received_ns, mark);
	ck_assert_uint_eq(entry.attempts, attempts);
	const char *body = weir_record_body(entry.record);
	for (uint32_t i = 0; i < entry.record->body_length; i++)
		ck_assert_int_eq((uint8_t)body[i], mark & 0xff);
	return entry.number;
}

static uint64_t send_next(int64_t mark, uint32_t attempts, int64_t deadline_ns)
{
	uint64_t number = expect_next(mark, attempts);

	weir_outbox_sent(outbox, number, deadline_ns);
	return number;
}

static void expect_none(void)
{
	struct weir_outbox_entry entry;

	ck_assert(!weir_outbox_next(outbox, &entry));
}

START_TEST(records_are_sent_in_the_order_in_which_they_came)
{
	int64_t received_ns;

	expect_none();
	for (int64_t mark = 1; mark <= 5; mark++)
		ck_assert_int_eq(add(mark, 100), 0);
	ck_assert_uint_eq(weir_outbox_pending(outbox), 5);
	for (int64_t mark = 1; mark <= 5; mark++) {
		uint64_t number = send_next(mark, 0, 100);
		ck_assert(weir_outbox_remove(outbox, number, &received_ns));
		ck_assert_int_eq(received_ns, mark);
	}
	expect_none();
	ck_assert_uint_eq(weir_outbox_pending(outbox), 0);
	ck_assert_uint_eq(weir_outbox_bytes(outbox), 0);
	ck_assert_uint_eq(weir_outbox_in_flight(outbox), 0);
}
END_TEST

START_TEST(a_second_acknowledgement_means_nothing)
{
	int64_t received_ns = -1;

	ck_assert_int_eq(add(1, 10), 0);
	uint64_t number = send_next(1, 0, 100);
	ck_assert(weir_outbox_remove(outbox, number, &received_ns));
	received_ns = -1;
	ck_assert(!weir_outbox_remove(outbox, number, &received_ns));
	ck_assert(!weir_outbox_remove(outbox, number + 1000, &received_ns));
	ck_assert_int_eq(received_ns, -1);
	weir_outbox_retry(outbox, number);
	weir_outbox_sent(outbox, number, 1);
	expect_none();
	ck_assert_uint_eq(weir_outbox_in_flight(outbox), 0);
}
END_TEST

START_TEST(what_is_not_acknowledged_in_time_is_sent_again)
{
	ck_assert_int_eq(add(1, 10), 0);
	ck_assert_int_eq(add(2, 10), 0);
	send_next(1, 0, 100);
	send_next(2, 0, 200);
	expect_none();
	ck_assert_uint_eq(weir_outbox_expire(outbox, 99), 0);
	expect_none();
	ck_assert_uint_eq(weir_outbox_expire(outbox, 100), 1);
	send_next(1, 1, 300);
	expect_none();
	ck_assert_uint_eq(weir_outbox_expire(outbox, 300), 2);
	send_next(1, 2, 400);
	send_next(2, 1, 400);
}
END_TEST

START_TEST(a_lost_connection_lets_all_wait_again_in_order)
{
	int64_t received_ns;
	uint64_t numbers[6];

	for (int64_t mark = 1; mark <= 6; mark++)
		ck_assert_int_eq(add(mark, 10), 0);
	for (int64_t mark = 1; mark <= 4; mark++)
		numbers[mark] = send_next(mark, 0, 100);
	ck_assert(weir_outbox_remove(outbox, numbers[2], &received_ns));
	ck_assert_uint_eq(weir_outbox_rewind(outbox), 3);
	ck_assert_uint_eq(weir_outbox_in_flight(outbox), 0);
	send_next(1, 1, 100);
	send_next(3, 1, 100);
	send_next(4, 1, 100);
	send_next(5, 0, 100);
	send_next(6, 0, 100);
	expect_none();
}
END_TEST

START_TEST(a_refused_record_goes_before_newer_ones)
{
	uint64_t first;

	ck_assert_int_eq(add(1, 10), 0);
	ck_assert_int_eq(add(2, 10), 0);
	ck_assert_int_eq(add(3, 10), 0);
	first = send_next(1, 0, 100);
	send_next(2, 0, 100);
	weir_outbox_retry(outbox, first);
	send_next(1, 1, 100);
	send_next(3, 0, 100);
}
END_TEST

START_TEST(a_record_may_be_given_up_before_it_is_sent)
{
	int64_t received_ns;

	ck_assert_int_eq(add(1, 10), 0);
	ck_assert_int_eq(add(2, 10), 0);
	uint64_t number = expect_next(1, 0);
	ck_assert(weir_outbox_remove(outbox, number, &received_ns));
	expect_next(2, 0);
	ck_assert_uint_eq(weir_outbox_pending(outbox), 1);
}
END_TEST

START_TEST(a_full_outbox_refuses_and_keeps_what_it_has)
{
	int64_t count = 0, received_ns;

	while (add(count, 1000) == 0)
		count++;
	ck_assert_int_gt(count, 230);
	ck_assert_int_eq(add(count, 1000), -ENOSPC);
	ck_assert_uint_le(weir_outbox_bytes(outbox), BYTES);
	ck_assert(weir_outbox_remove(outbox, send_next(0, 0, 1), &received_ns));
	ck_assert_int_eq(add(count, 1000), 0);
	for (int64_t mark = 1; mark <= count; mark++)
		ck_assert(weir_outbox_remove(outbox, send_next(mark, 0, 1), &received_ns));
	expect_none();
}
END_TEST

START_TEST(the_slots_of_tiny_records_run_out_loudly)
{
	int64_t count = 0;
	int error;

	while ((error = add(count, 0)) == 0)
		count++;
	ck_assert_int_eq(error, -ENOSPC);
	ck_assert_int_ge(count, (int64_t)(BYTES / 128));
}
END_TEST

START_TEST(a_record_larger_than_the_outbox_is_told_apart)
{
	struct weir_record record = {.size = (uint32_t)BYTES + 8};

	ck_assert_int_eq(weir_outbox_add(outbox, &record), -EMSGSIZE);
	ck_assert_int_eq(add(1, 65527), 0);
}
END_TEST

START_TEST(too_small_an_outbox_is_refused)
{
	struct weir_outbox *other = NULL;

	ck_assert_int_eq(weir_outbox_new(&other, 1000), -EINVAL);
	ck_assert_ptr_null(other);
	weir_outbox_free(NULL);
}
END_TEST

/* ---- At random, against a list that keeps everything ---- */

#define STEPS 200000

enum fate { ABSENT, WAITING, FLYING };

static struct {
	enum fate fate;
	int64_t deadline_ns;
} list[STEPS];

static uint64_t pick(unsigned short seed[3], uint64_t count)
{
	return (uint64_t)nrand48(seed) % count;
}

static void check_next(uint64_t count)
{
	struct weir_outbox_entry entry;
	uint64_t oldest = 0;

	while (oldest < count && list[oldest].fate != WAITING)
		oldest++;
	bool any = weir_outbox_next(outbox, &entry);
	ck_assert_int_eq(any, oldest < count);
	if (any) {
		ck_assert_int_eq(entry.record->received_ns, (int64_t)oldest);
		weir_outbox_sent(outbox, entry.number, (int64_t)oldest + 50);
		list[oldest].fate = FLYING;
		list[oldest].deadline_ns = (int64_t)oldest + 50;
	}
}

START_TEST(at_random_it_is_a_list)
{
	unsigned short seed[3] = {7, 8, 9};
	uint64_t count = 0, pending = 0, from = 0;
	int64_t received_ns;

	for (int step = 0; step < 20000; step++) {
		uint64_t what = pick(seed, 10);
		while (from < count && list[from].fate == ABSENT)
			from++;
		if (what < 3) {
			if (add((int64_t)count, pick(seed, 3000)) == 0) {
				list[count++].fate = WAITING;
				pending++;
			}
		} else if (what < 6) {
			check_next(count);
		} else if (what < 9 && count > from) {
			uint64_t one = from + pick(seed, count - from);
			bool there = list[one].fate != ABSENT;
			ck_assert_int_eq(weir_outbox_remove(outbox, one, &received_ns), there);
			pending -= there;
			list[one].fate = ABSENT;
		} else {
			int64_t now_ns = (int64_t)(from + pick(seed, 100));
			size_t expired = 0;
			for (uint64_t i = from; i < count; i++)
				if (list[i].fate == FLYING && list[i].deadline_ns <= now_ns) {
					list[i].fate = WAITING;
					expired++;
				}
			ck_assert_uint_eq(weir_outbox_expire(outbox, now_ns), expired);
		}
		ck_assert_uint_eq(weir_outbox_pending(outbox), pending);
	}
	ck_assert_uint_gt(count, 1000);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the outbox");
	TCase *tests = tcase_create("outbox");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, records_are_sent_in_the_order_in_which_they_came);
	tcase_add_test(tests, a_second_acknowledgement_means_nothing);
	tcase_add_test(tests, what_is_not_acknowledged_in_time_is_sent_again);
	tcase_add_test(tests, a_lost_connection_lets_all_wait_again_in_order);
	tcase_add_test(tests, a_refused_record_goes_before_newer_ones);
	tcase_add_test(tests, a_record_may_be_given_up_before_it_is_sent);
	tcase_add_test(tests, a_full_outbox_refuses_and_keeps_what_it_has);
	tcase_add_test(tests, the_slots_of_tiny_records_run_out_loudly);
	tcase_add_test(tests, a_record_larger_than_the_outbox_is_told_apart);
	tcase_add_test(tests, too_small_an_outbox_is_refused);
	tcase_add_test(tests, at_random_it_is_a_list);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
