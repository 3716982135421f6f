/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What receiving costs and what is lost: ingest beside plain recvmsg() and recvmmsg() loops that ask the
 * kernel for the same (sender, time stamp, losses; the same receive buffer), one sentence of 49 to 80
 * bytes a datagram over loopback. Then the same with other numbers and sizes of buffers.
 *
 * The sender is a process of its own that hands the kernel up to 32 datagrams a call (UDP_SEGMENT),
 * so that it is not what is measured. CPU time is the receiving thread's. "waited" is the share of time in
 * which that thread could have run and had no core: what it loses then is the fault of other work on the
 * machine (the receive buffer holds 0.27 s at 150,000 a second).
 *
 *     bench_ingest [SECONDS [ROUNDS]]     of each run; default 1 and 3, medians are shown
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ingest/ring.h"

#define NS_PER_S 1000000000.0
#define SEGMENTS 32
#define RECEIVE_BUFFER (16 << 20)
#define ROUNDS_MAX 15

struct outcome {
	double sent, handled, counted_lost, calls, cpu_ns, waited_ns;
};

/* One way to receive. Runs until *stop and the queue is empty. */
struct way {
	const char *name;
	void (*receive)(const struct way *way, int fd, struct outcome *outcome);
	size_t batch;
	struct weir_ingest_tuning tuning;
};

static double seconds = 1;
static int rounds = 3;
static atomic_bool sender_done;
static atomic_int listening_port;

static double clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec * NS_PER_S + (double)now.tv_nsec;
}

/* ---- the sender ---- */

static void give_segment_size(struct msghdr *message, uint16_t bytes)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(message);

	control->cmsg_level = SOL_UDP;
	control->cmsg_type = UDP_SEGMENT;
	control->cmsg_len = CMSG_LEN(sizeof(bytes));
	memcpy(CMSG_DATA(control), &bytes, sizeof(bytes));
}

/*
 * Datagrams at an even pace (rate 0: as fast as it goes) for some seconds, so many a call. Returns how many
 * were sent.
 */
static uint64_t send_for(int fd, double rate, unsigned int segments)
{
	static char text[SEGMENTS * 80];
	union {
		char bytes[CMSG_SPACE(sizeof(uint16_t))];
		struct cmsghdr aligned;
	} control = {0};
	struct iovec part = {.iov_base = text};
	struct msghdr message = {.msg_iov = &part,
	                         .msg_iovlen = 1,
	                         .msg_control = &control,
	                         .msg_controllen = sizeof(control)};
	double start = clock_ns(CLOCK_MONOTONIC);
	uint64_t sent = 0;

	memset(text, 'x', sizeof(text));
	for (uint16_t length = 49; clock_ns(CLOCK_MONOTONIC) - start < seconds * NS_PER_S;
	     length = length == 80 ? 49 : (uint16_t)(length + 1)) {
		double due = rate > 0 ? start + (double)sent / rate * NS_PER_S : 0;
		struct timespec when = {.tv_sec = (time_t)(due / NS_PER_S)};
		when.tv_nsec = (long)(due - (double)when.tv_sec * NS_PER_S);
		if (due > 0 && segments > 1)
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, NULL);
		while (clock_ns(CLOCK_MONOTONIC) < due) /* sleeping would come back late, and send a heap */
			;
		give_segment_size(&message, length);
		part.iov_len = (size_t)length * segments;
		if (sendmsg(fd, &message, 0) > 0)
			sent += segments;
	}
	return sent;
}

static int connected_to(uint16_t port)
{
	struct sockaddr_in to = {
	        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int room = 8 << 20;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		abort();
	return fd;
}

/* ---- the yardsticks ---- */

union room {
	char bytes[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(uint32_t))];
	struct cmsghdr aligned;
};

struct inbox {
	struct mmsghdr messages[64];
	struct iovec parts[64];
	union room rooms[64];
	struct sockaddr_in6 names[64];
};

static void prepare(struct inbox *inbox, size_t batch, char *memory)
{
	for (size_t i = 0; i < batch; i++) {
		inbox->parts[i] = (struct iovec){memory + i * 65536, 65536};
		inbox->messages[i].msg_hdr = (struct msghdr){
		        .msg_name = &inbox->names[i],
		        .msg_namelen = sizeof(inbox->names[i]),
		        .msg_iov = &inbox->parts[i],
		        .msg_iovlen = 1,
		        .msg_control = &inbox->rooms[i],
		        .msg_controllen = sizeof(inbox->rooms[i]),
		};
	}
}

static uint32_t losses_of(struct msghdr *message, uint32_t so_far)
{
	for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control != NULL;
	     control = CMSG_NXTHDR(message, control))
		if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_RXQ_OVFL)
			memcpy(&so_far, CMSG_DATA(control), sizeof(so_far));
	return so_far;
}

static void receive_plainly(const struct way *way, int fd, struct outcome *outcome)
{
	static struct inbox inbox;
	static char memory[64 * 65536];
	uint32_t losses = 0;

	for (;;) {
		prepare(&inbox, way->batch, memory);
		ssize_t got = way->batch == 1 ? recvmsg(fd, &inbox.messages[0].msg_hdr, 0)
		                              : recvmmsg(fd, inbox.messages, (unsigned int)way->batch,
		                                         MSG_WAITFORONE, NULL);
		outcome->calls++;
		if (got < 0) { /* the receive time-out: nothing has come for 50 ms */
			if (atomic_load(&sender_done))
				break;
			continue;
		}
		size_t count = way->batch == 1 ? 1 : (size_t)got;
		outcome->handled += (double)count;
		for (size_t i = 0; i < count; i++)
			losses = losses_of(&inbox.messages[i].msg_hdr, losses);
	}
	outcome->counted_lost = losses;
}

static int plain_socket(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(any);
	struct timeval patience = {.tv_usec = 50000};
	int room = RECEIVE_BUFFER, one = 1;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) != 0)
		abort();
	getsockname(fd, (struct sockaddr *)&any, &length);
	atomic_store(&listening_port, ntohs(any.sin_port));
	return fd;
}

/* ---- ingest ---- */

struct counting {
	struct weir_ingest *ingest;
	uint64_t handled;
	uint32_t sum;
};

static void count_datagram(void *context, const struct weir_datagram *datagram)
{
	struct counting *counting = context;

	counting->handled++;
	counting->sum += datagram->bytes[0];
}

static void stop_when_done(void *context, int64_t now_ns, bool drained, int64_t newest_received_ns)
{
	struct counting *counting = context;

	(void)now_ns;
	(void)newest_received_ns;
	if (drained && atomic_load(&sender_done))
		weir_ingest_stop(counting->ingest);
}

static void receive_by_ingest(const struct way *way, int fd, struct outcome *outcome)
{
	struct weir_endpoint endpoint = {.address.ip = {[10] = 0xff, 0xff, 127, 0, 0, 1}};
	struct weir_ingest_options options = {&endpoint, 1, .receive_buffer_bytes = RECEIVE_BUFFER};
	struct counting counting = {0};
	struct weir_ingest_counters counters;
	char problem[WEIR_INGEST_PROBLEM_SIZE];

	(void)fd;
	if (weir_ingest_open_tuned(&counting.ingest, &options, &way->tuning, problem, sizeof(problem)) != 0) {
		fprintf(stderr, "bench_ingest: %s\n", problem);
		exit(EXIT_FAILURE);
	}
	atomic_store(&listening_port, weir_ingest_port(counting.ingest, 0));
	const struct weir_ingest_handler handler = {&counting, count_datagram, stop_when_done};
	weir_ingest_run(counting.ingest, &handler);
	weir_ingest_read_counters(counting.ingest, &counters);
	weir_ingest_close(counting.ingest);
	outcome->handled = (double)counting.handled;
	outcome->counted_lost = (double)counters.socket_dropped;
	outcome->calls = (double)(counters.enters + 2 * counters.ticks); /* poll() and getsockopt() in each */
}

/* ---- runs ---- */

struct run {
	const struct way *way;
	struct outcome outcome;
};

/* How long this thread could have run and was not given a core: other work on the machine, not ours. */
static double waited_ns(void)
{
	double on_cpu;
	double waited = 0;
	FILE *file = fopen("/proc/thread-self/schedstat", "re");

	if (file == NULL || fscanf(file, "%lf %lf", &on_cpu, &waited) != 2)
		waited = 0;
	if (file != NULL)
		fclose(file);
	return waited;
}

static void *receive_main(void *context)
{
	struct run *run = context;
	struct rusage usage;
	bool plain = run->way->batch != 0;

	int fd = plain ? plain_socket() : -1;
	run->way->receive(run->way, fd, &run->outcome);
	if (plain)
		close(fd);
	getrusage(RUSAGE_THREAD, &usage);
	run->outcome.cpu_ns = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NS_PER_S +
	                      (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
	run->outcome.waited_ns = waited_ns();
	return NULL;
}

static struct outcome run_once(const struct way *way, double rate, unsigned int segments)
{
	static uint64_t *sent;
	struct run run = {.way = way};
	pthread_t receiver;

	if (sent == NULL)
		sent = mmap(NULL, sizeof(*sent), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	atomic_store(&sender_done, false);
	atomic_store(&listening_port, 0);
	if (pthread_create(&receiver, NULL, receive_main, &run) != 0)
		abort();
	while (atomic_load(&listening_port) == 0)
		usleep(1000);
	usleep(20000);
	pid_t child = fork();
	if (child == 0) {
		*sent = send_for(connected_to((uint16_t)atomic_load(&listening_port)), rate, segments);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	atomic_store(&sender_done, true);
	pthread_join(receiver, NULL);
	run.outcome.sent = (double)*sent;
	return run.outcome;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), by_value);
	return values[count / 2];
}

static void run_and_print(const struct way *way, double rate, unsigned int segments)
{
	double lost[ROUNDS_MAX], uncounted[ROUNDS_MAX], cost[ROUNDS_MAX], calls[ROUNDS_MAX],
	        speed[ROUNDS_MAX];
	double waited[ROUNDS_MAX];

	for (int i = 0; i < rounds; i++) {
		struct outcome outcome = run_once(way, rate, segments);
		lost[i] = (outcome.sent - outcome.handled) / outcome.sent * 100;
		uncounted[i] = outcome.sent - outcome.handled - outcome.counted_lost;
		cost[i] = outcome.cpu_ns / outcome.handled;
		calls[i] = outcome.calls / outcome.handled;
		speed[i] = outcome.sent / seconds;
		waited[i] = outcome.waited_ns / (seconds * NS_PER_S) * 100;
	}
	printf("%-26s %9.0f %9.4f %10.0f %9.0f %9.4f %8.1f\n", way->name, median(speed, rounds),
	       median(lost, rounds), median(uncounted, rounds), median(cost, rounds), median(calls, rounds),
	       median(waited, rounds));
	fflush(stdout);
}

static void print_head(const char *title)
{
	printf("%s\n%-26s %9s %9s %10s %9s %9s %8s\n", title, "", "offered/s", "lost %", "uncounted",
	       "CPU ns", "calls", "waited %");
}

int main(int argc, char **argv)
{
	static const struct way ways[] = {
	        {"ingest", receive_by_ingest, 0, {0}},
	        {"ingest, coop_taskrun", receive_by_ingest, 0, {.best_mode = WEIR_RING_COOP}},
	        {"recvmmsg(64)", receive_plainly, 64, {0}},
	        {"recvmsg", receive_plainly, 1, {0}},
	};
	static const struct way sizes[] = {
	        {"64 of 64 KB", receive_by_ingest, 0, {.buffers = 64}},
	        {"128 of 64 KB", receive_by_ingest, 0, {.buffers = 128}},
	        {"256 of 64 KB (built in)", receive_by_ingest, 0, {.buffers = 256}},
	        {"1024 of 64 KB", receive_by_ingest, 0, {.buffers = 1024}},
	        {"256 of 2 KB (cuts)", receive_by_ingest, 0, {.buffers = 256, .payload_bytes = 2048}},
	        {"4096 of 2 KB (cuts)", receive_by_ingest, 0, {.buffers = 4096, .payload_bytes = 2048}},
	};
	static const double rates[] = {50000, 150000, 200000, 0};

	if (argc > 1)
		seconds = strtod(argv[1], NULL);
	if (argc > 2)
		rounds = (int)strtol(argv[2], NULL, 10);
	if (seconds <= 0 || seconds > 60 || rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "bench_ingest [SECONDS [ROUNDS]]: at most 60 and %d\n", ROUNDS_MAX);
		return 2;
	}
	print_head("Receiving, a datagram (lost of those sent; uncounted: lost without the gateway knowing)");
	for (size_t r = 0; r < sizeof(rates) / sizeof(rates[0]); r++)
		for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
			run_and_print(&ways[i], rates[r], SEGMENTS);
	print_head("\nThe same, sent one by one");
	for (size_t r = 0; r < 2; r++)
		for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
			run_and_print(&ways[i], rates[r], 1);
	print_head("\nBuffers");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		run_and_print(&sizes[i], 150000, SEGMENTS);
	return 0;
}
