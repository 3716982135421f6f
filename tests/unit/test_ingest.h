/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the tests of ingest share: a gateway side that runs in a thread and remembers what it was given,
 * and a sender side of plain sockets. Sockets are on loopback; tests that change interfaces make a
 * network namespace of their own.
 */
#ifndef WEIR_TESTS_TEST_INGEST_H
#define WEIR_TESTS_TEST_INGEST_H

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "ingest/ring.h"
#include "tests/suite.h"

#define RECORDS 4096
#define NS_PER_MS INT64_C(1000000)

struct record {
	uint32_t length;
	uint32_t sum; /* of the bytes, by sum_of() */
	int64_t received_ns;
	struct weir_address sender;
};

/* A running ingest and what it handed over. Zeroed, with endpoints and options set, then bed_open(). */
struct bed {
	struct weir_endpoint endpoints[4];
	struct weir_ingest_options options;
	struct weir_ingest_tuning tuning;
	struct weir_ingest *ingest;
	pthread_t thread;
	int result;
	int64_t pause_ns; /* what the handler takes for a datagram */
	atomic_bool held; /* the handler waits while it is set */
	atomic_uint seen; /* datagrams */
	struct record records[RECORDS];
	atomic_uint ticks;
	unsigned int drained_ticks;
	unsigned int drained_too_early; /* ticks that said drained with less than expected seen */
	unsigned int expected;
	int64_t last_tick_ns, last_gap_ns, shortest_gap_ns;
	int64_t newest_ns;
	struct {
		int64_t newest_ns;
		unsigned int seen; /* datagrams by then */
	} told[1024];              /* the first ticks */
	unsigned int told_count;
	bool last_drained;
	char warning[WEIR_INGEST_PROBLEM_SIZE];
	atomic_uint warnings;
};

static inline int64_t clock_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 * NS_PER_MS + now.tv_nsec;
}

static inline void pause_ms(int64_t ms)
{
	struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * NS_PER_MS};

	nanosleep(&pause, NULL);
}

static inline uint32_t sum_of(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		sum = (sum ^ bytes[i]) * 16777619u;
	return sum;
}

static inline void bed_datagram(void *context, const struct weir_datagram *datagram)
{
	struct bed *bed = context;
	unsigned int index = atomic_load(&bed->seen);

	while (atomic_load(&bed->held))
		pause_ms(1);
	if (bed->pause_ns != 0) {
		struct timespec pause = {.tv_nsec = bed->pause_ns};
		nanosleep(&pause, NULL);
	}
	bed->records[index % RECORDS] = (struct record){
	        .length = datagram->length,
	        .sum = sum_of(datagram->bytes, datagram->length),
	        .received_ns = datagram->received_ns,
	        .sender = datagram->sender,
	};
	atomic_store(&bed->seen, index + 1);
}

static inline void bed_tick(void *context, int64_t now_ns, bool drained, int64_t newest_received_ns)
{
	struct bed *bed = context;
	int64_t now = clock_of(CLOCK_MONOTONIC);
	int64_t gap = now - bed->last_tick_ns;

	(void)now_ns;
	/* One tick late, so that the one after the stop, which comes when it must, does not count. */
	if (bed->last_gap_ns != 0 && (bed->shortest_gap_ns == 0 || bed->last_gap_ns < bed->shortest_gap_ns))
		bed->shortest_gap_ns = bed->last_gap_ns;
	bed->last_gap_ns = bed->last_tick_ns != 0 ? gap : 0;
	bed->last_tick_ns = now;
	bed->drained_ticks += drained;
	bed->drained_too_early += drained && atomic_load(&bed->seen) < bed->expected;
	bed->last_drained = drained;
	bed->newest_ns = newest_received_ns;
	if (bed->told_count < sizeof(bed->told) / sizeof(bed->told[0])) {
		bed->told[bed->told_count].newest_ns = newest_received_ns;
		bed->told[bed->told_count++].seen = atomic_load(&bed->seen);
	}
	atomic_fetch_add(&bed->ticks, 1);
}

static inline void bed_warn(void *context, const char *text)
{
	struct bed *bed = context;

	snprintf(bed->warning, sizeof(bed->warning), "%s", text);
	atomic_fetch_add(&bed->warnings, 1);
}

static inline void *bed_main(void *context)
{
	struct bed *bed = context;
	const struct weir_ingest_handler handler = {bed, bed_datagram, bed_tick};

	bed->result = weir_ingest_run(bed->ingest, &handler);
	return NULL;
}

/* "127.0.0.1:0" is not for operators, but tests want any free port. */
static inline struct weir_endpoint endpoint_of(const char *text)
{
	struct weir_endpoint endpoint;
	char problem[WEIR_INGEST_PROBLEM_SIZE];
	int error = weir_endpoint_parse(&endpoint, text, problem, sizeof(problem));

	ck_assert_msg(error == 0, "%s", problem);
	return endpoint;
}

static inline void bed_listen(struct bed *bed, const char *host)
{
	char text[WEIR_ENDPOINT_TEXT_SIZE];
	struct weir_endpoint *endpoint = &bed->endpoints[bed->options.count++];

	snprintf(text, sizeof(text), "%s:1", host);
	*endpoint = endpoint_of(text);
	endpoint->address.port = 0;
}

static inline void bed_open(struct bed *bed)
{
	char problem[WEIR_INGEST_PROBLEM_SIZE] = "";

	if (bed->options.count == 0)
		bed_listen(bed, "127.0.0.1");
	bed->options.endpoints = bed->endpoints;
	bed->options.warn = bed_warn;
	bed->options.warn_context = bed;
	int error =
	        weir_ingest_open_tuned(&bed->ingest, &bed->options, &bed->tuning, problem, sizeof(problem));
	ck_assert_msg(error == 0, "%d: %s", error, problem);
}

static inline void bed_start(struct bed *bed)
{
	if (bed->ingest == NULL)
		bed_open(bed);
	ck_assert_int_eq(pthread_create(&bed->thread, NULL, bed_main, bed), 0);
}

/* Waits until so many datagrams were handed over; fails after five seconds. */
static inline void bed_await(struct bed *bed, unsigned int count)
{
	for (int ms = 0; atomic_load(&bed->seen) < count && ms < 5000; ms++)
		pause_ms(1);
	ck_assert_uint_eq(atomic_load(&bed->seen), count);
}

static inline struct weir_ingest_counters bed_stop(struct bed *bed)
{
	struct weir_ingest_counters counters;

	weir_ingest_stop(bed->ingest);
	ck_assert_int_eq(pthread_join(bed->thread, NULL), 0);
	ck_assert_int_eq(bed->result, 0);
	weir_ingest_read_counters(bed->ingest, &counters);
	weir_ingest_close(bed->ingest);
	bed->ingest = NULL;
	return counters;
}

/* A socket connected to the bed's endpoint, through loopback. */
static inline int sender_to(const struct bed *bed, size_t index)
{
	uint16_t port = htons(weir_ingest_port(bed->ingest, index));
	const uint8_t *ip = bed->endpoints[index].address.ip;
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = port};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = port};
	bool is_v4 = ip[10] == 0xff && ip[11] == 0xff && ip[0] == 0;

	memcpy(&v6.sin6_addr, ip, 16);
	memcpy(&v4.sin_addr, ip + 12, 4);
	int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int room = 4 << 20;
	ck_assert_int_ge(fd, 0);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	ck_assert_int_eq(connect(fd, is_v4 ? (struct sockaddr *)&v4 : (struct sockaddr *)&v6,
	                         is_v4 ? sizeof(v4) : sizeof(v6)),
	                 0);
	return fd;
}

static inline void send_text(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), 0), (ssize_t)strlen(text));
}

static inline void send_many(int fd, unsigned int count)
{
	char text[32];

	for (unsigned int i = 0; i < count; i++) {
		snprintf(text, sizeof(text), "datagram %u", i);
		send_text(fd, text);
	}
}

/* A network namespace of this process's own, with loopback up. False without the right to. */
static inline bool own_network(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING | IFF_MULTICAST};

	if (unshare(CLONE_NEWNET) != 0)
		return false;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
	return true;
}

#endif
