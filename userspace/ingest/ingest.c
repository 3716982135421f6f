/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opening and closing an ingest, its counters, and stopping it from outside. Running it is loop.c.
 */
#include "ingest/state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define RECEIVE_BUFFER_BYTES (16u << 20)
#define TICK_MIN_MS 10
#define TICK_MAX_MS 100
#define DRAIN_MS 2000
#define BIND_TRY_MS 1000 /* an io_uring's sockets are given back within tens of milliseconds */
#define NS_PER_MS INT64_C(1000000)

const char *weir_ring_mode_name(enum weir_ring_mode mode)
{
	static const char *const names[] = {
	        [WEIR_RING_DEFER] = "defer_taskrun",
	        [WEIR_RING_COOP] = "coop_taskrun",
	        [WEIR_RING_PLAIN] = "plain",
	};
	_Static_assert(sizeof(names) / sizeof(names[0]) == WEIR_RING_MODES, "a name for each mode");

	return names[mode];
}

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
	return value != 0 ? value : otherwise;
}

static bool same_place(const struct weir_endpoint *a, const struct weir_endpoint *b)
{
	return memcmp(a->address.ip, b->address.ip, 16) == 0 && a->address.port == b->address.port &&
	       a->address.port != 0 && strcmp(a->interface, b->interface) == 0;
}

/*
 * Groups are shared with other programs of the machine, each gets a copy. Unicast is not, or another
 * program could take the traffic away unnoticed; except beside a group on the same port, where the
 * kernel allows both only if both agree.
 */
static bool must_share(const struct weir_ingest_options *options, size_t index)
{
	const struct weir_endpoint *self = &options->endpoints[index];
	bool share = self->multicast;

	for (size_t i = 0; i < options->count && !share; i++) {
		const struct weir_endpoint *other = &options->endpoints[i];
		share = other->multicast && other->address.port == self->address.port &&
		        weir_endpoint_is_ipv4(other) == weir_endpoint_is_ipv4(self);
	}
	return share;
}

static int check_options(const struct weir_ingest_options *options, char *problem, size_t size)
{
	char text[WEIR_ENDPOINT_TEXT_SIZE];

	if (options->count == 0 || options->count > WEIR_INGEST_ENDPOINTS_MAX) {
		snprintf(problem, size, "%zu endpoints to listen at: give 1 to %d", options->count,
		         WEIR_INGEST_ENDPOINTS_MAX);
		return -EINVAL;
	}
	for (size_t i = 0; i < options->count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!same_place(&options->endpoints[i], &options->endpoints[j]))
				continue;
			snprintf(problem, size, "%s is listed twice: remove one",
			         weir_endpoint_format(&options->endpoints[i], text, sizeof(text)));
			return -EINVAL;
		}
	}
	if (options->receive_buffer_bytes > INT32_MAX / 2) {
		snprintf(problem, size,
		         "a receive buffer of %u bytes is more than the kernel can count: at most %d",
		         options->receive_buffer_bytes, INT32_MAX / 2);
		return -EINVAL;
	}
	return 0;
}

static void take_options(struct weir_ingest *ingest, const struct weir_ingest_options *options)
{
	ingest->tick_min_ns = or_default(options->tick_min_ms, TICK_MIN_MS) * NS_PER_MS;
	ingest->tick_max_ns = or_default(options->tick_max_ms, TICK_MAX_MS) * NS_PER_MS;
	if (ingest->tick_max_ns < ingest->tick_min_ns)
		ingest->tick_max_ns = ingest->tick_min_ns;
	ingest->drain_ns = or_default(options->drain_ms, DRAIN_MS) * NS_PER_MS;
	ingest->receive_buffer_bytes = or_default(options->receive_buffer_bytes, RECEIVE_BUFFER_BYTES);
	atomic_init(&ingest->receive_buffer_least, ingest->receive_buffer_bytes);
	ingest->warn = options->warn;
	ingest->warn_context = options->warn_context;
	for (size_t i = 0; i < options->count; i++) {
		ingest->listeners[i].endpoint = options->endpoints[i];
		ingest->listeners[i].share = must_share(options, i);
		ingest->listeners[i].socket.fd = -1;
	}
	ingest->listener_count = options->count;
}

static void warn_of_mode(const struct weir_ingest *ingest)
{
	if (ingest->ring.mode != WEIR_RING_DEFER)
		weir_ingest_warn(
		        ingest, "io_uring runs in mode %s, which costs more: Linux 6.1 or newer has %s",
		        weir_ring_mode_name(ingest->ring.mode), weir_ring_mode_name(WEIR_RING_DEFER));
}

int weir_ingest_open_tuned(struct weir_ingest **out, const struct weir_ingest_options *options,
                           const struct weir_ingest_tuning *tuning, char *problem, size_t problem_size)
{
	static const struct weir_ingest_tuning built_in = {0};
	int error = check_options(options, problem, problem_size);

	if (error != 0)
		return error;
	struct weir_ingest *ingest = calloc(1, sizeof(*ingest));
	if (ingest == NULL) {
		snprintf(problem, problem_size, "no memory");
		return -ENOMEM;
	}
	ingest->stop_fd = -1;
	ingest->ring.uring.ring_fd = -1;
	take_options(ingest, options);
	error = weir_ring_open(&ingest->ring, tuning != NULL ? tuning : &built_in, problem, problem_size);
	if (error != 0)
		goto out;
	warn_of_mode(ingest);
	ingest->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ingest->stop_fd < 0) {
		error = -errno;
		snprintf(problem, problem_size, "eventfd: %s", strerror(-error));
		goto out;
	}
	for (size_t i = 0; i < ingest->listener_count && error == 0; i++)
		error = weir_listener_open(ingest, &ingest->listeners[i], BIND_TRY_MS, problem, problem_size);
out:
	if (error != 0)
		weir_ingest_close(ingest);
	else
		*out = ingest;
	return error;
}

int weir_ingest_open(struct weir_ingest **out, const struct weir_ingest_options *options, char *problem,
                     size_t problem_size)
{
	return weir_ingest_open_tuned(out, options, NULL, problem, problem_size);
}

void weir_ingest_stop(struct weir_ingest *ingest)
{
	const uint64_t one = 1;

	if (ingest == NULL)
		return;
	int saved_errno = errno; /* a signal handler must leave it alone */
	atomic_store(&ingest->stop, true);
	/* Full means that it was written before: that wakes as well. */
	if (write(ingest->stop_fd, &one, sizeof(one)) < 0)
		errno = saved_errno;
}

static uint64_t look(const _Atomic uint64_t *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

void weir_ingest_read_counters(const struct weir_ingest *ingest, struct weir_ingest_counters *out)
{
	const struct weir_ingest_live *live = &ingest->live;

	*out = (struct weir_ingest_counters){
	        .datagrams = look(&live->datagrams),
	        .bytes = look(&live->bytes),
	        .socket_dropped = look(&live->socket_dropped),
	        .discarded = look(&live->discarded),
	        .truncated = look(&live->truncated),
	        .no_buffers = look(&live->no_buffers),
	        .rearmed = look(&live->rearmed),
	        .errors = look(&live->errors),
	        .reopened = look(&live->reopened),
	        .batches = look(&live->batches),
	        .completions = look(&live->completions),
	        .enters = look(&live->enters),
	        .ticks = look(&live->ticks),
	        .ring_mode = ingest->ring.mode,
	        .receive_buffer_bytes =
	                atomic_load_explicit(&ingest->receive_buffer_least, memory_order_relaxed),
	};
}

uint16_t weir_ingest_port(const struct weir_ingest *ingest, size_t index)
{
	return index < ingest->listener_count ? weir_socket_port(&ingest->listeners[index].socket) : 0;
}

void weir_ingest_close(struct weir_ingest *ingest)
{
	if (ingest == NULL)
		return;
	for (size_t i = 0; i < ingest->listener_count; i++)
		weir_socket_close(&ingest->listeners[i].socket);
	weir_ring_close(&ingest->ring);
	if (ingest->stop_fd >= 0)
		close(ingest->stop_fd);
	free(ingest);
}
