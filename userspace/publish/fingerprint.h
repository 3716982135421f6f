/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A 128-bit fingerprint of bytes: SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, 2012)
 * under a fixed key, so that the same content has the same identifier in every gateway. It tells
 * contents apart; it is no proof against somebody who wants them to collide.
 */
#ifndef WEIR_PUBLISH_FINGERPRINT_H
#define WEIR_PUBLISH_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

#define WEIR_FINGERPRINT_BYTES 16

void weir_fingerprint(const void *bytes, size_t length, const uint8_t key[16],
                      uint8_t out[WEIR_FINGERPRINT_BYTES]);

#endif
