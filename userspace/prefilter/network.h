/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks as operators write them, addresses as operators read them. Thread-safe.
 */
#ifndef WEIR_PREFILTER_NETWORK_H
#define WEIR_PREFILTER_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include <weir/senders.h>

/*
 * Reads 192.0.2.0/24, 2001:db8::/32, and an address alone, which is a network of one. Returns 0, or -EINVAL
 * with problem saying what to write instead; problem begins with the text in quotes.
 */
int weir_network_parse(struct weir_network *out, const char *text, char *problem, size_t size);

#define WEIR_NETWORK_TEXT_SIZE 50 /* the longest address, "/128" and a NUL */

/* The form that weir_network_parse() reads; IPv6 by RFC 5952. Returns text. */
const char *weir_network_format(const struct weir_network *network, char text[WEIR_NETWORK_TEXT_SIZE]);

/* An address alone: 192.0.2.7 for an IPv4-mapped one. Returns text. */
const char *weir_sender_format(const uint8_t ip[16], char text[WEIR_NETWORK_TEXT_SIZE]);

#endif
