/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ingest: datagrams in, by UDP and io_uring. The face of this directory.
 *
 *     struct weir_endpoint endpoint;
 *     char problem[WEIR_INGEST_PROBLEM_SIZE];
 *     struct weir_ingest *ingest;
 *
 *     weir_endpoint_parse(&endpoint, "239.192.0.2:60002%eth0", problem, sizeof(problem));
 *     struct weir_ingest_options options = {.endpoints = &endpoint, .count = 1};
 *     weir_ingest_open(&ingest, &options, problem, sizeof(problem));   // binds, joins
 *     weir_ingest_run(ingest, &handler);                               // until weir_ingest_stop()
 *     weir_ingest_close(ingest);
 *
 * It knows addresses, datagrams and time, and nothing of what is in a datagram. It allocates in
 * weir_ingest_open() and never after. What arrives is handled, or counted: when run() has returned,
 * what the sockets were given equals datagrams + socket_dropped + discarded.
 *
 * Needs Linux 6.0 (multishot receive); 6.1 for the mode that is cheapest.
 */
#ifndef WEIR_INGEST_INGEST_H
#define WEIR_INGEST_INGEST_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weir/datagram.h>

/* A place to listen at. */
struct weir_endpoint {
	struct weir_address address; /* IPv4 as IPv4-mapped; port 1 to 65,535; 0 (any free) only by hand */
	bool multicast;              /* address is a group: join it, and take only what is sent to it */
	char interface[IFNAMSIZ]; /* only what comes in there; "": any (for a group: where the route points)
	                           */
};

#define WEIR_ENDPOINT_TEXT_SIZE 80   /* the longest form, with its NUL */
#define WEIR_INGEST_PROBLEM_SIZE 512 /* enough for any problem text */
#define WEIR_INGEST_ENDPOINTS_MAX 64

/*
 * Reads what an operator writes:
 *
 *     0.0.0.0:10110               every IPv4 address of this machine
 *     192.0.2.7:10110             one
 *     [::]:10110                  every IPv6 address (IPv6 only: list 0.0.0.0 beside it)
 *     [fe80::1]:10110%eth0        link-local addresses need their interface
 *     239.192.0.2:60002%eth0      a multicast group, joined on eth0 (IEC 61162-450)
 *     [ff05::2]:60002%eth0        the same by IPv6
 *
 * Names are not looked up. Whether the interface exists is found out by weir_ingest_open().
 * Returns 0, or -EINVAL with problem saying what to write instead.
 */
int weir_endpoint_parse(struct weir_endpoint *out, const char *text, char *problem, size_t problem_size);

/* The form that weir_endpoint_parse() reads. Returns text. */
const char *weir_endpoint_format(const struct weir_endpoint *endpoint, char *text, size_t size);

struct weir_ingest_options {
	const struct weir_endpoint *endpoints; /* copied */
	size_t count;                          /* 1 to WEIR_INGEST_ENDPOINTS_MAX */
	/*
	 * Receive buffer of each socket, as SO_RCVBUF counts (the kernel doubles it, and charges some 800
	 * bytes for a sentence). 0: 16 MiB, about 40,000 sentences.
	 */
	uint32_t receive_buffer_bytes;
	uint32_t tick_min_ms; /* least time between two ticks while datagrams flow; 0: 10 */
	uint32_t tick_max_ms; /* longest time between two ticks; 0: 100; at least tick_min_ms */
	uint32_t drain_ms;    /* how long run() may go on handling what was queued at the stop; 0: 2,000 */
	/* Told what works less well than it could, and what to do. NULL: nobody wants to know. */
	void (*warn)(void *context, const char *text);
	void *warn_context;
};

/*
 * Called by weir_ingest_run(), in its thread.
 *
 * datagram: in the order of each socket's queue; between sockets there is no order. The bytes are lent
 * for the call.
 *
 * tick: time goes on. At least every tick_max_ms, and after a batch of datagrams when the last tick is
 * tick_min_ms past. now_ns is the time of day (Unix time, ns). drained: every datagram that was in any
 * socket's queue at a moment since the last tick has been handled. newest_received_ns: what any socket
 * received earlier has been handled. With one socket this is the largest receive time handled so far, with
 * several the smallest over them; 0 before the first datagram; it goes back only when the clock does.
 * May be NULL.
 */
struct weir_ingest_handler {
	void *context;
	void (*datagram)(void *context, const struct weir_datagram *datagram);
	void (*tick)(void *context, int64_t now_ns, bool drained, int64_t newest_received_ns);
	/*
	 * A datagram of the same batch that will be handed over after at most `ahead` others; only its bytes
	 * and its length are filled in. ahead 0: nobody wants to know.
	 */
	void (*expect)(void *context, const struct weir_datagram *datagram);
	uint32_t ahead;
};

/* How the io_uring is run, best first. */
enum weir_ring_mode {
	WEIR_RING_DEFER, /* SINGLE_ISSUER and DEFER_TASKRUN: Linux 6.1 */
	WEIR_RING_COOP,  /* COOP_TASKRUN: Linux 5.19 */
	WEIR_RING_PLAIN,
	WEIR_RING_MODES
};

/* "defer_taskrun", "coop_taskrun", "plain". */
const char *weir_ring_mode_name(enum weir_ring_mode mode);

struct weir_ingest_counters {
	uint64_t datagrams;      /* handed to the handler */
	uint64_t bytes;          /* in them */
	uint64_t socket_dropped; /* lost in a socket: its queue was full, or a UDP checksum was wrong */
	uint64_t discarded;      /* still queued when drain_ms was over: counted, not handled */
	uint64_t truncated;      /* longer than a buffer, handed over cut: never with the built-in sizes */
	uint64_t no_buffers;     /* receiving paused because every buffer was in use; nothing is lost by it */
	uint64_t rearmed;        /* receive requests given anew: after no_buffers, empty datagrams, errors */
	uint64_t errors;         /* receive requests that failed for another reason */
	uint64_t reopened;       /* sockets made anew because their interface had come back */
	uint64_t batches;        /* rounds with at least one datagram */
	uint64_t completions;    /* what io_uring reported */
	uint64_t enters;         /* calls of io_uring_enter() */
	uint64_t ticks;
	enum weir_ring_mode ring_mode;
	uint32_t receive_buffer_bytes; /* the smallest that any socket got, as SO_RCVBUF counts */
};

struct weir_ingest;

/*
 * Opens, binds and joins; from then on datagrams queue up. Do it before privileges are dropped:
 * CAP_NET_ADMIN for a receive buffer above net.core.rmem_max, CAP_NET_BIND_SERVICE for ports below 1024.
 * On failure returns a negative errno, with problem saying what was refused, where, and what to do.
 */
int weir_ingest_open(struct weir_ingest **out, const struct weir_ingest_options *options, char *problem,
                     size_t problem_size);

/*
 * Receives until weir_ingest_stop(), then refuses what is new, handles what is queued (for drain_ms at
 * most), calls tick once more and returns 0. Runs once. Any thread may call it, not only the one that
 * opened. A negative errno means that receiving has become impossible: warn() was told why.
 */
int weir_ingest_run(struct weir_ingest *ingest, const struct weir_ingest_handler *handler);

/* From any thread or signal handler, before or during weir_ingest_run(). Takes NULL. */
void weir_ingest_stop(struct weir_ingest *ingest);

/* A copy; from any thread. Each number is exact, between numbers there may be a datagram's difference. */
void weir_ingest_read_counters(const struct weir_ingest *ingest, struct weir_ingest_counters *out);

/* The port that an endpoint is bound to: of use when it was 0. */
uint16_t weir_ingest_port(const struct weir_ingest *ingest, size_t index);

/* Not while weir_ingest_run() runs. The addresses are free when it returns. Takes NULL. */
void weir_ingest_close(struct weir_ingest *ingest);

#endif
