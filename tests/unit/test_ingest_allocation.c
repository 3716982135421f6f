/* SPDX-License-Identifier: BSD-2-Clause */
/* No memory is allocated once an ingest runs: counted, in a program whose malloc() counts. */
#include "tests/unit/test_ingest.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#endif

#ifdef SANITIZED

int main(void)
{
	return suite_skip("the sanitizer has a malloc() of its own");
}

#else

void *__libc_malloc(size_t size); /* glibc's own, under its other name */
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static atomic_uint allocations;
static _Thread_local bool counted; /* the worker's only: Check allocates for each assertion */

static void count_one(void)
{
	if (counted)
		atomic_fetch_add(&allocations, 1);
}

void *malloc(size_t size)
{
	count_one();
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	count_one();
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	count_one();
	return __libc_realloc(memory, size);
}

static struct bed bed;

static void *counted_main(void *context)
{
	counted = true;
	void *volatile proof = malloc(1); /* that it counts */
	free(proof);
	return bed_main(context);
}

START_TEST(nothing_is_allocated_while_it_runs)
{
	static const uint8_t bytes[65507];
	struct weir_ingest_counters counters;

	bed.tuning = (struct weir_ingest_tuning){.best_mode = (enum weir_ring_mode)_i, .buffers = 16};
	bed_open(&bed);
	ck_assert_int_eq(pthread_create(&bed.thread, NULL, counted_main, &bed), 0);
	int fd = sender_to(&bed, 0);
	for (unsigned int i = 0; i < 5000; i++) {
		send(fd, bytes, i % 1000 == 0 ? sizeof(bytes) : i % 80, 0); /* empty ones too: they rearm */
		if (i % 50 == 49)
			bed_await(&bed, i + 1);
	}
	counters = bed_stop(&bed);
	ck_assert_uint_eq(atomic_load(&allocations), 1);
	ck_assert_uint_eq(counters.datagrams, 5000);
	ck_assert_uint_gt(counters.rearmed, 0);
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ingest allocates nothing");
	TCase *tcase = tcase_create("allocation");

	tcase_add_loop_test(tcase, nothing_is_allocated_while_it_runs, 0, WEIR_RING_MODES);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}

#endif
