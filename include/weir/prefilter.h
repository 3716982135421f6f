/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The contract between the XDP program and its control plane: the reasons for a verdict, the memory
 * that both sides share, and how a device stays visible to the engine once it matters.
 *
 * The kernel filter changes what things cost, never what comes out. It drops a datagram only when it
 * has proved that the engine would ignore it: every sentence well formed, its checksum right, its
 * position valid and outside of the area of interest, and its device not one that matters. All else
 * passes.
 *
 * Devices that matter
 * -------------------
 * The engine follows a device from its first report inside the area (or its distress) until nothing
 * is pending for it. A report outside of the area must therefore pass from the moment that an earlier
 * packet, which the engine may not have seen yet, made the device matter. Neither side ever takes
 * back what the other side has said:
 *
 *  presence   2^20 buckets of a byte. A bucket is a hash of the device's key.
 *             Bit 0: the engine follows some device of this bucket. User space alone writes it.
 *             Bits 1 and 2: in the even or the odd epoch the program passed a report with which the
 *             engine may begin to follow a device of this bucket. The program sets them, user space
 *             clears them. The others are spare.
 *  hold       Bits 1 and 2 as above, for all devices at once: the program passed something that it
 *             does not understand, and in which the engine may find such a report. User space sets both
 *             while some interface is without the program, and the bit of the epoch at the end of that:
 *             what came in there marked nothing.
 *  hold_gps   The same for all GPS devices: a sentence whose device is not known for certain.
 *  followed   A hash map of the exact keys, written by user space alone and consulted where bit 0 is
 *             set, so that devices that merely share a bucket are not taken for each other. When a
 *             key found no room there, `overflow` is set and bit 0 alone decides.
 *
 * A report outside passes when bit 1 or 2 of its bucket or of `hold` is set, or bit 0 with its exact
 * key; of a GPS device, also with `hold_gps`. Every few seconds user space takes a turn: it flips the epoch;
 * waits until no program runs that has read the old one (an RCU grace period); waits until the engine has
 * handled every datagram that the kernel had passed by then, and until no fragment of that time can be
 * completed any more, and no GPS fix that was begun then; and only then clears the bits of the old epoch. By
 * that time the engine's own set, bit 0 and the exact keys, covers all that matters.
 *
 * Used by kernel and user space: fixed-width types, native byte order unless a comment says otherwise.
 */
#ifndef WEIR_PREFILTER_H
#define WEIR_PREFILTER_H

#include <linux/types.h>

#include <weir/area.h>
#include <weir/senders.h>

/*
 * Why a packet was passed or dropped; the index of a counter. What stands before WEIR_REASON_DROPS
 * passes, what follows it is dropped.
 */
enum weir_reason {
	/* Not a datagram for the gateway. */
	WEIR_REASON_NOT_IP,     /* another ethertype, a third VLAN tag, a cut Ethernet header */
	WEIR_REASON_IP_HEADER,  /* a malformed or cut IP header */
	WEIR_REASON_FRAGMENT,   /* an IP fragment, or too many headers of IPv6 to see what: sets `hold` */
	WEIR_REASON_NOT_UDP,    /* another protocol */
	WEIR_REASON_UDP_HEADER, /* UDP lengths that contradict the packet */
	WEIR_REASON_PORT,       /* a port that is not configured */
	/* For the gateway, and not a report that can be judged. */
	WEIR_REASON_UNKNOWN,  /* more lines than the program looks at: sets `hold` */
	WEIR_REASON_LONG,     /* an AIS message too long to be judged */
	WEIR_REASON_HARMLESS, /* malformed, or of a kind in which there is no position */
	WEIR_REASON_CHECKSUM,
	WEIR_REASON_PAYLOAD,   /* a character outside of the six-bit alphabet */
	WEIR_REASON_TYPE,      /* an AIS message with no position, or with one that is not judged */
	WEIR_REASON_MULTIPART, /* a fragment of an AIS message */
	WEIR_REASON_IDENTITY,  /* an MMSI of 0 or above 999,999,999 */
	/* A report. */
	WEIR_REASON_DISTRESS,
	WEIR_REASON_NO_POSITION, /* marked 'not available' */
	WEIR_REASON_POSITION,    /* out of range */
	WEIR_REASON_INSIDE,
	WEIR_REASON_FOLLOWED, /* outside, and the engine follows the device */
	WEIR_REASON_RECENT,   /* outside, and the device was inside a moment ago */
	WEIR_REASON_HELD,     /* outside, a moment after something was not understood, or not seen */
	WEIR_REASON_OBSERVED, /* outside, would be dropped were it not for observe mode */
	WEIR_REASON_OBSERVED_NOT_ALLOWED,  /* likewise, by the policies below */
	WEIR_REASON_OBSERVED_RATE_LIMITED, /* the same order as there */
	WEIR_REASON_NOTHING, /* of a line in which there is nothing; never of a whole datagram */
	WEIR_REASON_DROPS,   /* no reason: the border */
	WEIR_REASON_OUTSIDE = WEIR_REASON_DROPS,
	WEIR_REASON_UNFOLLOWED, /* GPS without a place, of a device that the engine does not follow */
	/* Policies of the operator, which say nothing of what is in the datagram: see <weir/senders.h>. */
	WEIR_REASON_NOT_ALLOWED,  /* its sender is not on the allow-list */
	WEIR_REASON_RATE_LIMITED, /* its sender sends more than it may */
	WEIR_REASONS
};

/* 2^20 buckets, a byte each: 1 MiB, so that 10,000 followed devices fill one bucket in a hundred. */
#define WEIR_PRESENCE_BITS 20
#define WEIR_PRESENCE_BUCKETS (1u << WEIR_PRESENCE_BITS)
#define WEIR_PRESENCE_PER_WORD 4
#define WEIR_PRESENCE_WORDS (WEIR_PRESENCE_BUCKETS / WEIR_PRESENCE_PER_WORD)

#define WEIR_PRESENCE_FOLLOWED 1u
#define WEIR_PRESENCE_EPOCH(epoch) (2u << ((epoch)&1))
#define WEIR_PRESENCE_EPOCHS (WEIR_PRESENCE_EPOCH(0) | WEIR_PRESENCE_EPOCH(1))

/*
 * An MMSI as it is in the payload of a message: bits 8 to 37, six bits a character, a character a byte. The
 * program has it in this form at once, the number itself only by calculation.
 */
#define WEIR_SPREAD_MMSI 0x00303f3f3f3f0f00ULL
#define WEIR_MMSI_BITS 30

static inline __u64 weir_spread_mmsi(__u32 mmsi)
{
	return (__u64)(mmsi >> 26 & 0x0f) << 8 | (__u64)(mmsi >> 20 & 0x3f) << 16 |
	       (__u64)(mmsi >> 14 & 0x3f) << 24 | (__u64)(mmsi >> 8 & 0x3f) << 32 |
	       (__u64)(mmsi >> 2 & 0x3f) << 40 | (__u64)(mmsi & 0x03) << 52;
}

/*
 * The bucket is the upper part of a product with 2^64 divided by the golden ratio (Knuth, The Art of Computer
 * Programming 3, 6.4), which spreads consecutive numbers.
 */
static inline __u32 weir_presence_hash(__u64 word)
{
	return (__u32)((word * 0x9e3779b97f4a7c15ULL) >> (64 - WEIR_PRESENCE_BITS));
}

/* Where a bucket's byte is in its word. */
static inline __u32 weir_presence_shift(__u32 bucket)
{
	return bucket % WEIR_PRESENCE_PER_WORD * 8;
}

/* The key of an AIS device is its MMSI. */
static inline __u32 weir_presence_bucket(__u64 device)
{
	return weir_presence_hash(device >> WEIR_MMSI_BITS ? device : weir_spread_mmsi((__u32)device));
}

/* Where a port, by its number, is in the table of ports: as its two bytes are loaded from a packet. */
static inline __u32 weir_port_index(__u16 port)
{
	return ((__u32)port << 8 & 0xff00) | port >> 8;
}

/* One copy of the area: what user space fills and then makes current with one store. */
struct weir_prefilter_area {
	__u16 cells[WEIR_AREA_CELLS]; /* south-western cell first, row by row; WEIR_CELL_* */
	struct weir_tile tiles[WEIR_TILES_MAX];
};

/*
 * The memory that the program and user space share: one value of an array map, which user space maps.
 * Each member says who writes it. Single words are written whole; bits by atomic operations.
 */
struct weir_prefilter_shared {
	/* Written by user space, now and then; in one cache line, as it is read for every datagram. */
	__u32 epoch;         /* 0 or 1 */
	__u32 area;          /* 0 or 1: the copy in force */
	__u32 overflow;      /* 1: some followed device found no room in the map of exact keys */
	__u32 named_senders; /* how many are in the map of names */
	/* What keeps a report outside from being dropped, whoever sent it. Read as one word. */
	__u32 hold;     /* set by the program and by user space, cleared by user space */
	__u32 observe;  /* 1: count verdicts, drop nothing */
	__u32 hold_gps; /* as `hold` */
	__u32 unused;
	__u64 now_ns; /* Unix time of some tenths of a second ago: asking a clock takes the program 20 ns */
	__u32 unused_too[6];
	/* Written by user space before the program is attached. */
	__u8 ports[65536]; /* 1: a destination port of ours; at weir_port_index() of its number */
	/* Bit 0 of a bucket written by user space, bits 1 and 2 as `hold`. Bucket b is byte b: in words, as
	 * atomic operations want them, at weir_presence_shift(b) of word b / 4. */
	__u32 presence[WEIR_PRESENCE_WORDS];
	/* Written by user space, the copy that is not in force. */
	struct weir_prefilter_area areas[2];
};

_Static_assert(sizeof(struct weir_prefilter_area) % 8 == 0, "tiles are read as 64-bit words");
_Static_assert(__builtin_offsetof(struct weir_prefilter_shared, hold) % 8 == 0, "one word with `observe`");

/* The map of exact keys: key __u64, value __u8 (no meaning). */
#define WEIR_FOLLOWED_MAX_DEFAULT 65536

/* Who sends for a GPS device, in the map of names: <weir/engine.h> says when the port is 0. */
struct weir_gps_sender {
	__u64 ip[2]; /* as in struct weir_address, in memory */
	__u32 port;
	__u32 unused;
};

#define WEIR_GPS_NAMES_MAX 4096 /* WEIR_GPS_DEVICES_MAX */

/* One a CPU; the program's own CPU writes it, user space sums over all CPUs. */
struct weir_prefilter_counters {
	__u64 packets[WEIR_REASONS];
};

#endif
