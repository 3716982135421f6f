/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The key of a device, by which the engine and the prefilter know it: 64 bits. That of an AIS device is its
 * MMSI. That of a GPS device has the topmost bit set, and below it a hash of
 *
 *     its name, where the TAG block or the configuration gives one: at most 31 characters, in four words,
 *     the bytes behind its end zero;
 *     else the address of its sender, without the port: two words (IPv4 as IPv4-mapped IPv6), and two zeros.
 *
 * The fourth word of an address is all ones, which no name can have, as it ends with a zero byte.
 *
 * Used by kernel and user space: fixed-width types only, and no loops.
 */
#ifndef WEIR_DEVICE_H
#define WEIR_DEVICE_H

#include <linux/types.h>

#define WEIR_DEVICE_GPS (1ULL << 63)
#define WEIR_DEVICE_NAME_WORDS 4 /* 32 bytes: WEIR_ID_SIZE */

/* 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4), and a a fold after each.
 */
static inline __u64 weir_device_mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 32;
}

/* The words hold their bytes as they lie in memory. */
static inline __u64 weir_device_hash(__u64 one, __u64 two, __u64 three, __u64 four)
{
	__u64 hash = weir_device_mix(0, one);

	hash = weir_device_mix(hash, two);
	hash = weir_device_mix(hash, three);
	return weir_device_mix(hash, four) | WEIR_DEVICE_GPS;
}

static inline __u64 weir_device_of_name(const __u64 name[WEIR_DEVICE_NAME_WORDS])
{
	return weir_device_hash(name[0], name[1], name[2], name[3]);
}

static inline __u64 weir_device_of_address(const __u64 address[2])
{
	return weir_device_hash(address[0], address[1], 0, ~0ULL);
}

#endif
