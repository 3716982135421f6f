/* SPDX-License-Identifier: BSD-2-Clause */
/* A timerfd on the monotonic clock, which no correction of the clock can turn back. */
#include "pacer.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS INT64_C(1000000000)
#define SHORTEST_NS INT64_C(1000000)
/* A signal that comes just before the sleep is noticed after so long. */
#define LONGEST_NS INT64_C(100000000)

struct weir_pacer {
	int fd;
	double rate;
	bool begun;
	int64_t due_ns; /* what was due ... */
	int64_t now_ns; /* ... at this time of the clock */
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

int weir_pacer_new(struct weir_pacer **out, double rate)
{
	if (!(rate >= 0))
		return -EINVAL;

	struct weir_pacer *pacer = calloc(1, sizeof(*pacer));
	if (!pacer)
		return -ENOMEM;
	pacer->rate = rate;
	pacer->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (pacer->fd < 0) {
		int rc = -errno;
		free(pacer);
		return rc;
	}
	*out = pacer;
	return 0;
}

/* The time of the clock at which something is due. */
static int64_t target(struct weir_pacer *pacer, int64_t due_ns)
{
	if (!pacer->begun) {
		pacer->begun = true;
		pacer->due_ns = due_ns;
		pacer->now_ns = now();
	}
	return pacer->now_ns + llrint((double)(due_ns - pacer->due_ns) / pacer->rate);
}

bool weir_pacer_early(struct weir_pacer *pacer, int64_t due_ns)
{
	return pacer->rate > 0 && target(pacer, due_ns) > now();
}

int weir_pacer_wait(struct weir_pacer *pacer, int64_t due_ns)
{
	if (!weir_pacer_early(pacer, due_ns))
		return 0;

	int64_t sleep_ns = target(pacer, due_ns) - now();
	sleep_ns = sleep_ns < SHORTEST_NS ? SHORTEST_NS : sleep_ns > LONGEST_NS ? LONGEST_NS : sleep_ns;
	struct itimerspec timer = {.it_value = {.tv_sec = 0, .tv_nsec = sleep_ns}};
	uint64_t expired;

	if (timerfd_settime(pacer->fd, 0, &timer, NULL) < 0)
		return -errno;
	if (read(pacer->fd, &expired, sizeof(expired)) < 0)
		return -errno;
	return 0;
}

void weir_pacer_free(struct weir_pacer *pacer)
{
	if (!pacer)
		return;
	close(pacer->fd);
	free(pacer);
}
