/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sleeping and waking. See bell.h.
 */
#include "bell.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int weir_bell_init(struct weir_bell *bell)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	bell->fd = fd;
	atomic_init(&bell->state, WEIR_BELL_AWAKE);
	return 0;
}

void weir_bell_destroy(struct weir_bell *bell)
{
	close(bell->fd);
	bell->fd = -1;
}

void weir_bell_ring(struct weir_bell *bell, bool urgent)
{
	/*
	 * A read-modify-write and not a load, as in weir_bell_prepare(): of two on one variable one comes
	 * first. Either the sleeper's state is seen here, or the sleeper sees what was made visible before.
	 */
	int state = atomic_fetch_add_explicit(&bell->state, 0, memory_order_acq_rel);
	if (state == WEIR_BELL_AWAKE || (state == WEIR_BELL_DOZING && !urgent))
		return;
	if (atomic_exchange(&bell->state, WEIR_BELL_AWAKE) == WEIR_BELL_AWAKE)
		return; /* another one has rung */
	uint64_t one = 1;
	/* It can't fail but by overflow, and then the bell rings already. */
	while (write(bell->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

void weir_bell_prepare(struct weir_bell *bell, enum weir_bell_state state)
{
	atomic_exchange_explicit(&bell->state, state, memory_order_acq_rel);
}

void weir_bell_wait(struct weir_bell *bell, int timeout_ms)
{
	struct pollfd pollfd = {.fd = bell->fd, .events = POLLIN};
	uint64_t rung;

	if (timeout_ms > 0)
		poll(&pollfd, 1, timeout_ms);
	atomic_store_explicit(&bell->state, WEIR_BELL_AWAKE, memory_order_relaxed);
	if (pollfd.revents & POLLIN)
		while (read(bell->fd, &rung, sizeof(rung)) < 0 && errno == EINTR)
			;
}
