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

/*
 * Is `text`, two characters, the checksum in hexadecimal? The expected characters are computed, so that
 * no digit needs a class. Small letters are as good as capitals: bit 5 tells them apart, and it is set in
 * every decimal digit; what has neither bit 5 nor bit 6 is no digit at all.
 */
static __always_inline int is_checksum(__u32 text, __u32 checksum)
{
	__u32 digits = checksum >> 4 | (checksum & 0xf) << 8; /* the upper one comes first */
	__u32 letters = (digits + 0x0606) >> 4 & 0x0101;

	return (text | 0x2020) == digits + 0x3030 + letters * ('a' - '0' - 10) &&
	       ((text | text >> 1) & 0x2020) == 0x2020;
}

/*
 * Six-bit armour (ITU-R M.1371, IEC 61162-1): '0' to 'W' stand for 0 to 39, '`' to 'w' for 40 to 63. In bits:
 * a character below '@' has both bits 5 and 4 set, one from there on has not both bits 4 and 3 set, and
 * none has bit 7. Words are collected, eight characters at a time, and looked at once.
 */
struct armour_check {
	__u64 all;  /* bit 6: each character is from '@' on or has bits 5 and 4 */
	__u64 some; /* bit 6: some character from '@' on has bits 4 and 3 */
	__u64 any;  /* each bit that some character has */
};

static const struct armour_check armour_unchecked = {~0ULL, 0, 0};

static __always_inline void armour_add(struct armour_check *check, __u64 word)
{
	__u64 bit_4 = word << 2;

	check->all &= word | (word << 1 & bit_4);
	check->some |= word & bit_4 & word << 3;
	check->any |= word;
}

static __always_inline int armour_is_legal(const struct armour_check *check)
{
	return !(((~check->all | check->some) & EACH(0x40)) | (check->any & EACH(0x80)));
}

/* Eight armoured characters to 48 bits, the first character uppermost. */
static __always_inline __u64 dearmour(__u64 word)
{
	/* Bits 5 and 6 are both set from '`' on: 8 less there. */
	__u64 upper = (word & word << 1 & EACH(0x40)) >> 3;

	word = __builtin_bswap64(word - EACH('0') - upper);
	word = (word >> 2 & 0x0fc00fc00fc00fc0ULL) | (word & 0x003f003f003f003fULL);
	word = (word >> 4 & 0x00fff00000fff000ULL) | (word & 0x00000fff00000fffULL);
	return (word >> 8 & 0x0000ffffff000000ULL) | (word & 0x0000000000ffffffULL);
}

#endif
