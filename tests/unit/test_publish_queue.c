/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ring between a worker and the publisher: order, content, wrap, limits, two threads; and the bell.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "publish/bell.h"
#include "publish/queue.h"
#include "suite.h"

#define SIZE 4096

static struct weir_queue queue;

static void setup(void)
{
	ck_assert_int_eq(weir_queue_init(&queue, SIZE), 0);
}

static void teardown(void)
{
	weir_queue_destroy(&queue);
}

static bool put(uint8_t byte, size_t length)
{
	uint8_t *entry = weir_queue_reserve(&queue, length, SIZE);

	if (entry == NULL)
		return false;
	memset(entry, byte, length);
	weir_queue_commit(&queue, length);
	return true;
}

static void expect(uint8_t byte, size_t length)
{
	size_t got;
	const uint8_t *entry = weir_queue_peek(&queue, &got);

	ck_assert_ptr_nonnull(entry);
	ck_assert_uint_eq(got, length);
	for (size_t i = 0; i < length; i++)
		ck_assert_uint_eq(entry[i], byte);
	weir_queue_release(&queue);
}

START_TEST(sizes_that_are_no_power_of_two_are_refused)
{
	struct weir_queue other = {0};

	ck_assert_int_lt(weir_queue_init(&other, 5000), 0);
	ck_assert_int_lt(weir_queue_init(&other, 2048), 0);
	ck_assert_int_lt(weir_queue_init(&other, 0), 0);
	weir_queue_destroy(&other);
}
END_TEST

START_TEST(an_empty_ring_has_nothing)
{
	size_t length;

	ck_assert_ptr_null(weir_queue_peek(&queue, &length));
	ck_assert_uint_eq(weir_queue_used(&queue), 0);
}
END_TEST

START_TEST(entries_come_out_in_order_whatever_their_length)
{
	for (size_t lap = 0; lap < 200; lap++) { /* every offset of the ring's end */
		for (size_t i = 0; i < 5; i++)
			ck_assert(put((uint8_t)(lap + i), lap * 3 % 301 + i));
		for (size_t i = 0; i < 5; i++)
			expect((uint8_t)(lap + i), lap * 3 % 301 + i);
		ck_assert_uint_eq(weir_queue_used(&queue), 0);
	}
}
END_TEST

START_TEST(entries_are_aligned)
{
	for (size_t length = 0; length < 40; length++) {
		size_t got;
		ck_assert(put(1, length));
		ck_assert_uint_eq((uintptr_t)weir_queue_peek(&queue, &got) % 8, 0);
		weir_queue_release(&queue);
	}
}
END_TEST

START_TEST(a_full_ring_refuses_and_goes_on_when_there_is_room)
{
	size_t count = 0;

	while (put((uint8_t)count, 56))
		count++;
	ck_assert_uint_eq(count, SIZE / 64);
	expect(0, 56);
	ck_assert(put((uint8_t)count, 56));
	ck_assert(!put(0, 56));
	for (size_t i = 1; i <= count; i++)
		expect((uint8_t)i, 56);
}
END_TEST

START_TEST(an_entry_as_large_as_the_ring_fits_alone)
{
	ck_assert(put(7, SIZE - 8));
	ck_assert(!put(8, 0));
	expect(7, SIZE - 8);
	ck_assert(!put(7, SIZE - 7));
	ck_assert(!put(7, SIZE_MAX / 2));
}
END_TEST

START_TEST(the_limit_counts_what_is_in_use_the_skipped_end_too)
{
	ck_assert_ptr_null(weir_queue_reserve(&queue, 1024, 1024));
	ck_assert_ptr_nonnull(weir_queue_reserve(&queue, 1016, 1024));
	ck_assert(put(1, 2040));
	ck_assert_ptr_null(weir_queue_reserve(&queue, 0, 2048));
	ck_assert(put(2, 1016)); /* 1,024 bytes are left of the lap */
	expect(1, 2040);
	/* 1,024 in use, 1,024 to be skipped, 1,040 needed */
	ck_assert_ptr_null(weir_queue_reserve(&queue, 1032, 3080));
	ck_assert_ptr_nonnull(weir_queue_reserve(&queue, 1032, 3088));
}
END_TEST

START_TEST(what_is_reserved_and_not_committed_never_was)
{
	size_t length;

	for (int i = 0; i < 1000; i++)
		ck_assert_ptr_nonnull(weir_queue_reserve(&queue, 3000, SIZE));
	ck_assert_ptr_null(weir_queue_peek(&queue, &length));
	ck_assert(put(3, 2500));
	expect(3, 2500);
	ck_assert_ptr_nonnull(weir_queue_reserve(&queue, 2000, SIZE)); /* skips the end of the lap */
	ck_assert(put(4, 8));                                          /* which this one does not */
	expect(4, 8);
}
END_TEST

START_TEST(a_commit_may_be_shorter_than_the_reservation)
{
	uint8_t *entry = weir_queue_reserve(&queue, 4000, SIZE);

	memset(entry, 9, 10);
	weir_queue_commit(&queue, 10);
	ck_assert_uint_eq(weir_queue_used(&queue), 24);
	expect(9, 10);
}
END_TEST

/* ---- Two threads ---- */

#define STRESS_ENTRIES 300000

static struct weir_bell bell;

/* Length and content follow from the number. */
static size_t length_of(uint32_t number)
{
	return 4 + (number * 2654435761U >> 16) % 700;
}

static void *produce(void *unused)
{
	(void)unused;
	for (uint32_t number = 0; number < STRESS_ENTRIES;) {
		size_t length = length_of(number);
		uint8_t *entry = weir_queue_reserve(&queue, 704, SIZE);
		if (entry == NULL)
			continue;
		memset(entry, (int)(number & 0xff), length);
		memcpy(entry, &number, sizeof(number));
		weir_queue_commit(&queue, length);
		weir_bell_ring(&bell, number % 64 == 0);
		number++;
	}
	return NULL;
}

static void check_entry(const uint8_t *entry, size_t length, uint32_t number)
{
	uint32_t got;

	memcpy(&got, entry, sizeof(got));
	ck_assert_uint_eq(got, number);
	ck_assert_uint_eq(length, length_of(number));
	for (size_t i = 4; i < length; i++)
		if (entry[i] != (number & 0xff))
			ck_abort_msg("entry %u is damaged at %zu", number, i);
}

START_TEST(two_threads_lose_nothing_and_keep_the_order)
{
	pthread_t producer;
	size_t length;

	ck_assert_int_eq(weir_bell_init(&bell), 0);
	ck_assert_int_eq(pthread_create(&producer, NULL, produce, NULL), 0);
	for (uint32_t number = 0; number < STRESS_ENTRIES;) {
		const uint8_t *entry = weir_queue_peek(&queue, &length);
		if (entry == NULL) {
			weir_bell_prepare(&bell, number % 3 ? WEIR_BELL_ASLEEP : WEIR_BELL_DOZING);
			weir_bell_wait(&bell, weir_queue_peek(&queue, &length) == NULL ? 1 : 0);
			continue;
		}
		check_entry(entry, length, number++);
		weir_queue_release(&queue);
	}
	pthread_join(producer, NULL);
	ck_assert_uint_eq(weir_queue_used(&queue), 0);
	weir_bell_destroy(&bell);
}
END_TEST

/* ---- The bell ---- */

static int64_t steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t waited_ms(enum weir_bell_state state, bool ring, bool urgent)
{
	int64_t start_ms = steady_ms();

	weir_bell_prepare(&bell, state);
	if (ring)
		weir_bell_ring(&bell, urgent);
	weir_bell_wait(&bell, 300);
	return steady_ms() - start_ms;
}

START_TEST(who_sleeps_is_woken_by_anything_who_dozes_by_what_is_urgent)
{
	ck_assert_int_eq(weir_bell_init(&bell), 0);
	ck_assert_int_lt(waited_ms(WEIR_BELL_ASLEEP, true, false), 250);
	ck_assert_int_lt(waited_ms(WEIR_BELL_ASLEEP, true, true), 250);
	ck_assert_int_lt(waited_ms(WEIR_BELL_DOZING, true, true), 250);
	ck_assert_int_ge(waited_ms(WEIR_BELL_DOZING, true, false), 299);
	ck_assert_int_ge(waited_ms(WEIR_BELL_ASLEEP, false, false), 299);
	weir_bell_ring(&bell, true); /* nobody sleeps */
	ck_assert_int_ge(waited_ms(WEIR_BELL_ASLEEP, false, false), 299);
	weir_bell_destroy(&bell);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("the ring of an outlet");
	TCase *alone = tcase_create("one thread"), *threads = tcase_create("two threads");

	tcase_add_checked_fixture(alone, setup, teardown);
	tcase_add_test(alone, sizes_that_are_no_power_of_two_are_refused);
	tcase_add_test(alone, an_empty_ring_has_nothing);
	tcase_add_test(alone, entries_come_out_in_order_whatever_their_length);
	tcase_add_test(alone, entries_are_aligned);
	tcase_add_test(alone, a_full_ring_refuses_and_goes_on_when_there_is_room);
	tcase_add_test(alone, an_entry_as_large_as_the_ring_fits_alone);
	tcase_add_test(alone, the_limit_counts_what_is_in_use_the_skipped_end_too);
	tcase_add_test(alone, what_is_reserved_and_not_committed_never_was);
	tcase_add_test(alone, a_commit_may_be_shorter_than_the_reservation);
	tcase_add_checked_fixture(threads, setup, teardown);
	tcase_set_timeout(threads, 60);
	tcase_add_test(threads, two_threads_lose_nothing_and_keep_the_order);
	tcase_add_test(threads, who_sleeps_is_woken_by_anything_who_dozes_by_what_is_urgent);
	suite_add_tcase(suite, alone);
	suite_add_tcase(suite, threads);
	return suite;
}

int main(void)
{
	return suite_main(suite());
}
