/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded into a gateway: counts the allocations of each thread, and at the end writes a line
 * "NAME COUNT" for each to the file that COUNT_MALLOC names. Built by the test that uses it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#define THREADS_MAX 64
#define NAME_SIZE 16 /* prctl(2) */

static struct {
	char name[NAME_SIZE];
	unsigned long count;
} threads[THREADS_MAX];
static int thread_count;
static __thread int mine = -1;

/* The name is read again each time: a thread gets it after it has begun. */
static void note(void)
{
	if (mine < 0)
		mine = __atomic_fetch_add(&thread_count, 1, __ATOMIC_RELAXED);
	if (mine >= THREADS_MAX)
		abort();
	prctl(PR_GET_NAME, threads[mine].name);
	threads[mine].count++;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
	note();
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	note();
	return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	note();
	return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size)
{
	note();
	return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
	*out = memalign(alignment, size);
	return *out ? 0 : 12; /* ENOMEM */
}

__attribute__((destructor)) static void tell(void)
{
	const char *path = getenv("COUNT_MALLOC");
	FILE *out = path ? fopen(path, "w") : NULL;

	if (!out)
		return;
	for (int i = 0; i < thread_count && i < THREADS_MAX; i++)
		fprintf(out, "%s %lu\n", threads[i].name, threads[i].count);
	fclose(out);
}
