/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text, eight bytes at a time.
 *
 * A loop over bytes costs the verifier a state for each turn and the processor a branch; a word costs
 * neither. The first byte of the text is the lowest of the word, as both BPF and its machines here are
 * little-endian. Nothing in this file knows what the text means.
 */
#ifndef WEIR_BPF_WORDS_H
#define WEIR_BPF_WORDS_H

#include <linux/types.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words of text are compared as little-endian");

#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

#define WORD2(a, b) ((__u64)(__u8)(a) | (__u64)(__u8)(b) << 8)
#define WORD4(a, b, c, d) (WORD2(a, b) | WORD2(c, d) << 16)
#define WORD8(a, b, c, d, e, f, g, h) (WORD4(a, b, c, d) | WORD4(e, f, g, h) << 32)
#define EACH(byte) (0x0101010101010101ULL * (__u8)(byte)) /* eight times the same byte */

#ifdef __bpf__
/* The kernel side reads packets and map values unaligned; __builtin_memcpy() would go byte by byte. */
#define LOAD(type, from) (*(const type *)(from))
#define STORE(type, to, value) (*(type *)(to) = (value))
#else
#define LOAD(type, from)                                                                                     \
	({                                                                                                   \
		type loaded_;                                                                                \
		__builtin_memcpy(&loaded_, (from), sizeof(loaded_));                                         \
		loaded_;                                                                                     \
	})
#define STORE(type, to, value) __builtin_memcpy((to), &(type){value}, sizeof(type))
#endif

static __always_inline __u64 load8(const void *from)
{
	return LOAD(__u64, from);
}

static __always_inline void store8(void *to, __u64 word)
{
	STORE(__u64, to, word);
}

static __always_inline __u32 load4(const void *from)
{
	return LOAD(__u32, from);
}

static __always_inline __u16 load2(const void *from)
{
	return LOAD(__u16, from);
}

/* Network byte order. */
static __always_inline __u32 load2_be(const void *from)
{
	return __builtin_bswap16(load2(from));
}

/*
 * Keeps the compiler from knowing where a value comes from, so that arithmetic that stands in for a
 * branch stays arithmetic.
 */
#define OPAQUE(value) __asm__ volatile("" : "+r"(value))

/* The XOR of the eight bytes. */
static __always_inline __u32 fold_xor(__u64 word)
{
	word ^= word >> 32;
	word ^= word >> 16;
	word ^= word >> 8;
	return (__u32)word & 0xff;
}

/* How many bytes of a word come before the first one whose top bit is set in `found`: 8 when none is. */
static __always_inline __u32 first_found(__u64 found)
{
	return (__u32)(((((found & -found) >> 7) - 1) & EACH(1)) * EACH(1) >> 56);
}

/*
 * The top bit of each byte that is equal to byte; a byte above such a one may be set wrongly, never one
 * below, so that the first is right.
 */
static __always_inline __u64 find_equal(__u64 word, __u8 byte)
{
	__u64 difference = word ^ EACH(byte);

	return (difference - EACH(1)) & ~difference & EACH(0x80);
}

/* How the checksums from 0 to 255 are written, in capitals. */
#define DIGIT(value) ((value) < 10 ? '0' + (value) : 'A' - 10 + (value))
#define PAIR(value) (__u16) WORD2(DIGIT((value) >> 4), DIGIT((value)&15))
#define PAIRS_4(value) PAIR(value), PAIR((value) + 1), PAIR((value) + 2), PAIR((value) + 3)
#define PAIRS_16(value) PAIRS_4(value), PAIRS_4((value) + 4), PAIRS_4((value) + 8), PAIRS_4((value) + 12)
#define PAIRS_64(value)                                                                                      \
	PAIRS_16(value), PAIRS_16((value) + 16), PAIRS_16((value) + 32), PAIRS_16((value) + 48)

static const __u16 checksum_text[256] = {PAIRS_64(0), PAIRS_64(64), PAIRS_64(128), PAIRS_64(192)};

/*
 * Is `text`, two characters, the checksum in hexadecimal? Small letters are as good as capitals: bit 5 tells
 * them apart, and in a decimal digit it is set.
 */
static __always_inline int is_checksum(__u32 text, __u32 checksum)
{
	__u32 expected = checksum_text[checksum & 0xff];
	__u32 letters = expected >> 1 & 0x2020; /* bit 6, which letters alone have */

	return checksum <= 0xff && (text == expected || !((text ^ expected) & ~letters));
}

/*
 * Six-bit armour (ITU-R M.1371, IEC 61162-1): '0' to 'W' stand for 0 to 39, '`' to 'w' for 40 to 63. Eight
 * characters at a time become eight values; what is wrong with any of them is collected and looked at once.
 */
struct armour_check {
	__u64 values; /* a value above 63: a character below '0' or above 'w' */
	__u64 gap;    /* bit 6: a character with bits 6, 4 and 3, as 'X' to '_' have between the two ranges */
};

static __always_inline __u64 armour_values(struct armour_check *check, __u64 word)
{
	/* In each byte, bit 6: bits 6 and 5 are both set, as from '`' on; bit 4: bits 4 and 3 are. */
	__u64 both = word & word << 1;

	OPAQUE(both); /* once for two uses */
	check->gap |= word & both << 2;
	word -= (both >> 3 & EACH(0x08)) + EACH('0'); /* 8 less from '`' on */
	OPAQUE(word);
	check->values |= word;
	return word;
}

static __always_inline int armour_is_legal(const struct armour_check *check)
{
	return !((check->values & EACH(0xc0)) | (check->gap & EACH(0x40)));
}

/*
 * Eight values, each in a byte, to 24 bits in each half of a word, the first value uppermost: in bits 29 to 6
 * of the half, as two neighbours a and b, which stand for 256 a + b, become 256 a + 4 b, and so on.
 */
static __always_inline __u64 join_halves(__u64 values)
{
	__u64 word = __builtin_bswap64(values);

	word += (word & 0x00ff00ff00ff00ffULL) * (4 - 1);
	return word + (word & 0x0000ffff0000ffffULL) * (16 - 1);
}

/* To 48 bits. */
static __always_inline __u64 join_values(__u64 values)
{
	__u64 word = join_halves(values);

	return word >> 38 << 24 | (word >> 6 & 0xffffff);
}

#endif
