/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A datagram as it arrived: the unit of input of the whole gateway.
 *
 * Nothing here owns memory. A struct weir_datagram lends its bytes for the
 * duration of the call that it is passed to.
 */
#ifndef WEIR_DATAGRAM_H
#define WEIR_DATAGRAM_H

#include <stdint.h>

/* The largest UDP payload over IPv4 is 65,507 bytes, over IPv6 65,527 (RFC 768, RFC 8200). */
#define WEIR_DATAGRAM_MAX 65527

/*
 * The sender's address. IPv4 is stored as an IPv4-mapped IPv6 address
 * (::ffff:a.b.c.d, RFC 4291 2.5.5.2), so that one comparison serves both.
 * All zero: the input has no sender (a file, standard input).
 */
struct weir_address {
	uint8_t ip[16]; /* network byte order */
	uint16_t port;  /* host byte order */
};

struct weir_datagram {
	const uint8_t *bytes;
	uint32_t length;     /* bytes; 0 is a legal UDP datagram */
	int64_t received_ns; /* when the kernel received it, or when an archive says so; Unix time, ns */
	struct weir_address sender;
};

#endif
