/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of an ingest: ticks, stopping, draining, closing, and what it takes of memory. */
#include <sys/mman.h>

#include "ingest/state.h"
#include "tests/unit/test_ingest.h"

static struct bed bed; /* Check forks: each test has its own */

START_TEST(it_ticks_without_any_traffic)
{
	bed.options.tick_max_ms = 20;
	bed_start(&bed);
	pause_ms(500);
	bed_stop(&bed);
	ck_assert_uint_ge(atomic_load(&bed.ticks), 15); /* 25 on an idle machine */
	ck_assert_uint_le(atomic_load(&bed.ticks), 27);
	ck_assert_uint_eq(bed.drained_ticks, atomic_load(&bed.ticks));
	ck_assert_int_eq(bed.newest_ns, 0);
}
END_TEST

START_TEST(traffic_makes_ticks_no_more_frequent_than_allowed)
{
	bed.options.tick_min_ms = 20;
	bed.options.tick_max_ms = 200;
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	for (int i = 0; i < 400; i++) {
		send_text(fd, "x");
		pause_ms(1);
	}
	bed_await(&bed, 400);
	pause_ms(50);
	bed_stop(&bed);
	ck_assert(bed.last_drained);
	ck_assert_int_eq(bed.newest_ns, bed.records[399].received_ns);
	ck_assert_int_ge(bed.shortest_gap_ns, 19 * NS_PER_MS);
	ck_assert_uint_ge(atomic_load(&bed.ticks),
	                  8); /* 20 on an idle machine; 2 were it not for the traffic */
	close(fd);
}
END_TEST

/* What a tick says is held against what came later: with two sockets, of which one is behind. */
START_TEST(what_was_received_before_is_handled_whatever_socket_it_came_by)
{
	bed.options.tick_min_ms = 1;
	bed.pause_ns = 10000;
	bed_listen(&bed, "127.0.0.1");
	bed_listen(&bed, "127.0.0.1");
	bed_open(&bed);
	int one = sender_to(&bed, 0), other = sender_to(&bed, 1);
	send_many(one, 1000);
	send_many(other, 1000);
	bed_start(&bed);
	bed_await(&bed, 2000);
	bed_stop(&bed);
	unsigned int checked = 0;
	for (unsigned int i = 0; i < bed.told_count; i++)
		for (unsigned int j = bed.told[i].seen; j < 2000; j++, checked++)
			ck_assert_int_ge(bed.records[j].received_ns, bed.told[i].newest_ns);
	ck_assert_uint_gt(checked, 0);
	close(one);
	close(other);
}
END_TEST

START_TEST(a_socket_without_traffic_holds_nothing_up)
{
	bed.options.tick_min_ms = 10;
	bed_listen(&bed, "127.0.0.1");
	bed_listen(&bed, "127.0.0.1");
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	for (int i = 0; i < 400; i++) {
		send_text(fd, "x");
		pause_ms(1);
	}
	bed_await(&bed, 400);
	bed_stop(&bed);
	ck_assert_int_ge(bed.newest_ns, bed.records[0].received_ns);
	ck_assert_int_ge(bed.newest_ns, bed.records[399].received_ns - 300 * NS_PER_MS);
	close(fd);
}
END_TEST

/* Whatever the mode does behind our back, drained must not be said while something is queued. */
START_TEST(drained_is_never_said_while_something_is_queued)
{
	bed.tuning.best_mode = (enum weir_ring_mode)_i;
	bed.options.tick_min_ms = 1;
	bed.expected = 2000;
	bed.pause_ns = 10000;
	bed_open(&bed);
	int fd = sender_to(&bed, 0);
	send_many(fd, 2000);
	bed_start(&bed);
	bed_await(&bed, 2000);
	pause_ms(150);
	bed_stop(&bed);
	ck_assert_uint_eq(bed.drained_too_early, 0);
	ck_assert_uint_ge(bed.drained_ticks, 1);
	ck_assert_uint_gt(atomic_load(&bed.ticks), bed.drained_ticks);
	close(fd);
}
END_TEST

START_TEST(a_stop_that_comes_first_leaves_what_is_queued_to_be_handled)
{
	bed.tuning.best_mode = (enum weir_ring_mode)_i;
	bed_open(&bed);
	int fd = sender_to(&bed, 0);
	send_many(fd, 1000);
	weir_ingest_stop(bed.ingest);
	weir_ingest_stop(bed.ingest); /* once more does no harm */
	bed_start(&bed);
	struct weir_ingest_counters counters = bed_stop(&bed);
	ck_assert_uint_eq(counters.datagrams, 1000);
	ck_assert_uint_eq(counters.discarded, 0);
	ck_assert(bed.last_drained);
	close(fd);
}
END_TEST

START_TEST(what_a_slow_handler_leaves_at_the_stop_is_discarded_and_counted)
{
	bed.options.drain_ms = 50;
	bed.pause_ns = NS_PER_MS;
	bed_open(&bed);
	int fd = sender_to(&bed, 0);
	send_many(fd, 3000);
	bed_start(&bed);
	int64_t before = clock_of(CLOCK_MONOTONIC);
	struct weir_ingest_counters counters = bed_stop(&bed);
	int64_t taken_ms = (clock_of(CLOCK_MONOTONIC) - before) / NS_PER_MS;
	ck_assert_uint_gt(counters.discarded, 0);
	ck_assert_uint_eq(counters.datagrams + counters.discarded, 3000);
	ck_assert_uint_eq(atomic_load(&bed.seen), counters.datagrams);
	ck_assert_int_le(taken_ms,
	                 2500); /* three batches of 256 at 1 ms and more; all would be 3 s and more */
	close(fd);
}
END_TEST

struct flood {
	int fd;
	atomic_bool over;
	uint64_t sent;
};

static void *flood_main(void *context)
{
	struct flood *flood = context;

	while (!atomic_load(&flood->over))
		flood->sent += send(flood->fd, "flood", 5, 0) == 5;
	return NULL;
}

START_TEST(it_stops_amid_a_flood_and_loses_count_of_nothing)
{
	struct weir_ingest_counters counters;
	pthread_t flooder;

	bed.tuning.best_mode = (enum weir_ring_mode)_i;
	bed_start(&bed);
	struct flood flood = {.fd = sender_to(&bed, 0)};
	ck_assert_int_eq(pthread_create(&flooder, NULL, flood_main, &flood), 0);
	pause_ms(200);
	int64_t before = clock_of(CLOCK_MONOTONIC);
	weir_ingest_stop(bed.ingest);
	pthread_join(bed.thread, NULL);
	int64_t taken_ms = (clock_of(CLOCK_MONOTONIC) - before) / NS_PER_MS;
	pause_ms(20); /* the flood goes on, into a socket that refuses it */
	atomic_store(&flood.over, true);
	pthread_join(flooder, NULL);
	/* What came after run() had returned is not in its counters: ask the socket, as run() would. */
	weir_listeners_count_drops(bed.ingest);
	weir_ingest_read_counters(bed.ingest, &counters);
	weir_ingest_close(bed.ingest);
	ck_assert_int_eq(bed.result, 0);
	ck_assert_int_le(taken_ms, 1900); /* before drain_ms: new arrivals do not keep it busy */
	ck_assert_uint_gt(counters.datagrams, 0);
	ck_assert_uint_gt(counters.socket_dropped, 0);
	ck_assert_uint_eq(counters.datagrams + counters.socket_dropped + counters.discarded, flood.sent);
	close(flood.fd);
}
END_TEST

START_TEST(the_address_is_free_at_once)
{
	bed.tuning.best_mode = (enum weir_ring_mode)_i;
	bed_open(&bed);
	uint16_t port = weir_ingest_port(bed.ingest, 0);
	for (int i = 0; i < 30; i++) {
		bed_start(&bed);
		int fd = sender_to(&bed, 0);
		send_text(fd, "x");
		bed_await(&bed, (unsigned int)i + 1);
		bed_stop(&bed);
		close(fd);
		/* A socket of any other program, that neither shares nor waits. */
		struct sockaddr_in address = {.sin_family = AF_INET,
		                              .sin_port = htons(port),
		                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		int other = socket(AF_INET, SOCK_DGRAM, 0);
		ck_assert_int_eq(bind(other, (struct sockaddr *)&address, sizeof(address)), 0);
		close(other);
		bed.endpoints[0].address.port = port;
	}
}
END_TEST

START_TEST(the_address_is_free_soon_after_the_process_was_killed)
{
	int ready[2];
	char byte;

	bed_open(&bed);
	uint16_t port = weir_ingest_port(bed.ingest, 0);
	weir_ingest_close(bed.ingest);
	bed.ingest = NULL;
	bed.endpoints[0].address.port = port;
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(pipe(ready), 0);
		pid_t child = fork();
		if (child == 0) {
			bed_start(&bed);
			pause_ms(20);
			if (write(ready[1], "x", 1) == 1)
				pause();
			_exit(1);
		}
		ck_assert_int_eq(read(ready[0], &byte, 1), 1);
		kill(child, SIGKILL);
		/* Not even waited for. */
		bed_open(&bed);
		weir_ingest_close(bed.ingest);
		bed.ingest = NULL;
		close(ready[0]);
		close(ready[1]);
	}
}
END_TEST

static void nothing(int signal)
{
	(void)signal;
}

START_TEST(signals_do_not_disturb_it)
{
	const struct sigaction action = {.sa_handler = nothing};

	sigaction(SIGUSR1, &action, NULL);
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	for (int i = 0; i < 200; i++) {
		pthread_kill(bed.thread, SIGUSR1);
		send_text(fd, "x");
		pause_ms(1);
	}
	bed_await(&bed, 200);
	bed_stop(&bed);
	close(fd);
}
END_TEST

static volatile sig_atomic_t errno_after;

static void stop_from_signal(int signal)
{
	int saved_errno = errno;

	(void)signal;
	errno = 1234;
	weir_ingest_stop(bed.ingest);
	errno_after = errno;
	errno = saved_errno;
}

START_TEST(a_signal_handler_may_stop_it)
{
	const struct sigaction action = {.sa_handler = stop_from_signal};

	sigaction(SIGUSR1, &action, NULL);
	bed_start(&bed);
	pause_ms(20);
	pthread_kill(bed.thread, SIGUSR1);
	ck_assert_int_eq(pthread_join(bed.thread, NULL), 0);
	ck_assert_int_eq(bed.result, 0);
	weir_ingest_close(bed.ingest);
	ck_assert_int_eq(errno_after, 1234);
}
END_TEST

static int lowest_free_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

START_TEST(no_descriptor_leaks)
{
	int before = lowest_free_descriptor();

	for (int i = 0; i < 20; i++) {
		bed_start(&bed);
		bed_stop(&bed);
		bed_open(&bed); /* and one that never ran */
		weir_ingest_close(bed.ingest);
		bed.ingest = NULL;
	}
	ck_assert_int_eq(lowest_free_descriptor(), before);
	weir_ingest_close(NULL);
	weir_ingest_stop(NULL);
}
END_TEST

static size_t resident_bytes(const struct weir_ring *ring)
{
	static unsigned char pages[65536];
	size_t count = (ring->memory_bytes + 4095) / 4096;
	size_t resident = 0;

	ck_assert_uint_le(count, sizeof(pages));
	ck_assert_int_eq(mincore(ring->memory, ring->memory_bytes, pages), 0);
	for (size_t i = 0; i < count; i++)
		resident += pages[i] & 1;
	return resident * 4096;
}

START_TEST(memory_is_touched_as_far_as_datagrams_reach_and_is_bounded)
{
	static const uint8_t bytes[65507];

	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	for (int i = 0; i < 3000; i++) {
		send(fd, bytes, 80, 0);
		if (i % 100 == 99)
			bed_await(&bed, (unsigned int)i + 1);
	}
	size_t of_sentences = resident_bytes(&bed.ingest->ring);
	for (unsigned int i = 3000; i < 4000; i++) {
		send(fd, bytes, sizeof(bytes), 0);
		if (i % 100 == 99)
			bed_await(&bed, i + 1);
	}
	size_t of_giants = resident_bytes(&bed.ingest->ring);
	bed_stop(&bed);
	ck_assert_uint_le(of_sentences, 2u << 20);
	ck_assert_uint_gt(of_giants, 8u << 20); /* else this test measures nothing */
	ck_assert_uint_le(of_giants, 17u << 20);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ingest lives and ends");
	TCase *tcase = tcase_create("lifecycle");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, it_ticks_without_any_traffic);
	tcase_add_test(tcase, what_was_received_before_is_handled_whatever_socket_it_came_by);
	tcase_add_test(tcase, a_socket_without_traffic_holds_nothing_up);
	tcase_add_test(tcase, traffic_makes_ticks_no_more_frequent_than_allowed);
	tcase_add_loop_test(tcase, drained_is_never_said_while_something_is_queued, 0, WEIR_RING_MODES);
	tcase_add_loop_test(tcase, a_stop_that_comes_first_leaves_what_is_queued_to_be_handled, 0,
	                    WEIR_RING_MODES);
	tcase_add_test(tcase, what_a_slow_handler_leaves_at_the_stop_is_discarded_and_counted);
	tcase_add_loop_test(tcase, it_stops_amid_a_flood_and_loses_count_of_nothing, 0, WEIR_RING_MODES);
	tcase_add_loop_test(tcase, the_address_is_free_at_once, 0, WEIR_RING_MODES);
	tcase_add_test(tcase, the_address_is_free_soon_after_the_process_was_killed);
	tcase_add_test(tcase, signals_do_not_disturb_it);
	tcase_add_test(tcase, a_signal_handler_may_stop_it);
	tcase_add_test(tcase, no_descriptor_leaks);
	tcase_add_test(tcase, memory_is_touched_as_far_as_datagrams_reach_and_is_bounded);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
