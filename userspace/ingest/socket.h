/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One UDP socket of ingest: opened, bound, joined, and asked about its losses. Private to the directory.
 */
#ifndef WEIR_INGEST_SOCKET_H
#define WEIR_INGEST_SOCKET_H

#include <string.h>

#include "ingest/ingest.h"

static inline bool weir_endpoint_is_ipv4(const struct weir_endpoint *endpoint)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	return memcmp(endpoint->address.ip, mapped, sizeof(mapped)) == 0;
}

struct weir_socket {
	int fd;
	unsigned int interface; /* index it was opened with; 0: any */
	uint32_t dropped_seen;  /* the kernel's counter when it was last looked at; wraps */
	uint32_t receive_buffer_bytes;
};

struct weir_socket_options {
	uint32_t receive_buffer_bytes;
	bool share;           /* another endpoint needs the same port: SO_REUSEADDR */
	uint32_t bind_try_ms; /* how long to wait for an address that is in use */
};

/*
 * Returns 0 or a negative errno with problem saying what to do. A receive buffer smaller than asked is
 * no failure: compare out->receive_buffer_bytes.
 */
int weir_socket_open(struct weir_socket *out, const struct weir_endpoint *endpoint,
                     const struct weir_socket_options *options, char *problem, size_t problem_size);

/* How many datagrams the socket has lost since last asked, given the kernel's counter as it is now. */
uint32_t weir_socket_dropped(struct weir_socket *socket, uint32_t kernel_counter);

/* The kernel's counter, which SO_RXQ_OVFL shows only with the next datagram. Negative errno or 0. */
int weir_socket_read_drops(const struct weir_socket *socket, uint32_t *kernel_counter);

/* From now on what arrives is dropped (and counted by the kernel); what is queued stays. */
int weir_socket_refuse_new(const struct weir_socket *socket);

/* Empties the queue. Returns how many datagrams there were. */
uint64_t weir_socket_discard(const struct weir_socket *socket);

/* The interface of that name has gone and come back: this socket no longer hears it. */
bool weir_socket_is_deaf(const struct weir_socket *socket, const struct weir_endpoint *endpoint);

/* The port that it is bound to; 0 when that can't be told. */
uint16_t weir_socket_port(const struct weir_socket *socket);

/* Takes one that was never opened, with fd -1. */
void weir_socket_close(struct weir_socket *socket);

#endif
