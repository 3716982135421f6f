/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Datagrams out, many a system call. What can't be sent is counted and forgotten: UDP promises no more.
 *
 * Thread-safety: one thread at a time.
 */
#ifndef WEIR_SIMULATE_SENDER_H
#define WEIR_SIMULATE_SENDER_H

#include <stddef.h>
#include <stdint.h>

struct weir_sender_counters {
	uint64_t datagrams; /* taken by the kernel */
	uint64_t bytes;
	uint64_t failed; /* refused by the kernel for another reason than that nobody listens yet */
};

struct weir_sender;

/*
 * Opens a socket towards "host:port" or "[v6]:port"; a name is looked up, a multicast group reached with
 * a TTL of 1. Returns 0; -EINVAL where to is not of that form; -EHOSTUNREACH where the name is not known; or
 * what socket() and connect() say.
 */
int weir_sender_open(struct weir_sender **out, const char *to);

/* What to say of its -EINVAL: nearly always a port forgotten. */
#define WEIR_SENDER_WANTS "not an address to send to; HOST:PORT is, or [HOST]:PORT of IPv6"

/* Takes a copy; sends when enough has come together. length is at most WEIR_DATAGRAM_MAX. */
void weir_sender_add(struct weir_sender *sender, const void *bytes, size_t length);

/* Sends what has come together. */
void weir_sender_flush(struct weir_sender *sender);

const struct weir_sender_counters *weir_sender_counters(const struct weir_sender *sender);

/* Sends the rest, and closes. Takes NULL. */
void weir_sender_close(struct weir_sender *sender);

#endif
