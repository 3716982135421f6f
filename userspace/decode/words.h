/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text eight bytes at a time, in portable C: what framing, checksum and de-armouring share. It knows
 * neither sentences nor messages.
 */
#ifndef WEIR_DECODE_WORDS_H
#define WEIR_DECODE_WORDS_H

#include <endian.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BYTES(byte) (0x0101010101010101u * (uint64_t)(byte))

/* The first byte of memory is the least significant one, on any machine. */
static inline uint64_t load_word(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return le64toh(word);
}

/* The last count (1 to 7) of the eight bytes that end at end, moved to the least significant places. */
static inline uint64_t load_tail(const uint8_t *end, size_t count)
{
	return load_word(end - 8) >> (64 - 8 * count);
}

/* The checksum of NMEA 0183: the XOR of all bytes. */
static inline uint8_t xor_bytes(const uint8_t *text, size_t length)
{
	const uint8_t *end = text + length;
	uint64_t sum = 0;

	for (; text + 8 <= end; text += 8)
		sum ^= load_word(text);
	if (length >= 8 && text < end)
		sum ^= load_tail(end, (size_t)(end - text));
	for (; length < 8 && text < end; text++)
		sum ^= *text;
	sum ^= sum >> 32;
	sum ^= sum >> 16;
	sum ^= sum >> 8;
	return (uint8_t)sum;
}

/* The eighth bit of each byte that is no printable ASCII: control characters, DEL, all above. */
static inline uint64_t unprintable(uint64_t text)
{
	uint64_t low = text & BYTES(0x7f); /* adding to seven bits carries into the eighth and no further */

	return (text | ~(low + BYTES(0x80 - ' ')) | (low + BYTES(1))) & BYTES(0x80);
}

/* The eighth bit of each byte that is character, which is ASCII; bytes above ASCII may be seen as one. */
static inline uint64_t equal_bytes(uint64_t text, uint8_t character)
{
	uint64_t low = (text & BYTES(0x7f)) ^ BYTES(character);

	return ~(low + BYTES(0x7f)) & BYTES(0x80);
}

/* 0 to 15, or -1. Lower case counts: some forwarders write it. */
static inline int hex_digit(uint8_t character)
{
	unsigned int digit = character - '0';
	unsigned int letter = (character | 0x20u) - 'a';

	if (digit <= 9)
		return (int)digit;
	return letter <= 5 ? (int)letter + 10 : -1;
}

/* 0 to 255, or negative where one of the two characters is no hexadecimal digit. */
static inline int hex_byte(const uint8_t *text)
{
	int high = hex_digit(text[0]);
	int low = hex_digit(text[1]);

	return (high | low) < 0 ? -1 : high << 4 | low;
}

#endif
