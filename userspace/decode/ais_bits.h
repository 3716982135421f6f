/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fields out of payload bits. Offsets are constants wherever these are used for a hot message, so that
 * each call becomes a load, a byte swap and two shifts.
 *
 * Nothing here checks the length of a message: the caller has done so, and struct weir_bits promises
 * readable bytes behind the last bit.
 */
#ifndef WEIR_DECODE_AIS_BITS_H
#define WEIR_DECODE_AIS_BITS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* The 64 bits from the byte that holds bit `at`, its first bit in the most significant place. */
static inline uint64_t ais_window(const uint8_t *bytes, uint32_t at)
{
	uint64_t word;

	memcpy(&word, bytes + at / 8, sizeof(word));
	return be64toh(word) << at % 8;
}

/* 1 to 32 bits, unsigned. */
static inline uint32_t ais_unsigned(const uint8_t *bytes, uint32_t at, uint32_t width)
{
	return (uint32_t)(ais_window(bytes, at) >> (64 - width));
}

/* 1 to 32 bits, two's complement. */
static inline int32_t ais_signed(const uint8_t *bytes, uint32_t at, uint32_t width)
{
	return (int32_t)((int64_t)ais_window(bytes, at) >> (64 - width));
}

/* Eight six-bit values in the upper 48 bits of a word become one a byte, the first in the highest. */
static inline uint64_t ais_spread(uint64_t word)
{
	word = (word >> 8 & 0x00ffffff00000000) | (word >> 16 & 0x0000000000ffffff);
	word = (word << 4 & 0x0fff00000fff0000) | (word & 0x00000fff00000fff);
	return (word << 2 & 0x3f003f003f003f00) | (word & 0x003f003f003f003f);
}

/* Six-bit values, one a byte, to ASCII: 0 to 31 are '@' to '_', 32 to 63 stay (M.1371-5 table 47). */
static inline uint64_t ais_ascii(uint64_t values)
{
	return values | (~values << 1 & 0x4040404040404040);
}

/* The characters as they are, '@' and blanks included. out has room for a multiple of eight. */
static inline void ais_characters(const uint8_t *bytes, uint32_t at, uint32_t characters, char *out)
{
	for (uint32_t i = 0; i < characters; i += 8) {
		uint64_t text = htobe64(ais_ascii(ais_spread(ais_window(bytes, at + 6 * i))));
		memcpy(out + i, &text, sizeof(text));
	}
}

#define AIS_TEXT_MOST 176 /* characters: (1,064 - 40) / 6, message 14, rounded up to a multiple of eight */

/* Six-bit text up to the first '@'; out has room for the characters and a NUL, and is filled with NULs.
 * Returns the length. */
static inline uint32_t ais_text_whole(const uint8_t *bytes, uint32_t at, uint32_t characters, char *out)
{
	char text[AIS_TEXT_MOST];

	ais_characters(bytes, at, characters, text);
	const char *end = memchr(text, '@', characters);
	uint32_t length = end != NULL ? (uint32_t)(end - text) : characters;

	memset(text + length, 0, characters - length);
	memcpy(out, text, characters);
	out[characters] = '\0';
	return length;
}

/* Takes the blanks off the end. */
static inline void ais_text_trim(char *text, uint32_t length)
{
	while (length > 0 && text[length - 1] == ' ')
		text[--length] = '\0';
}

static inline void ais_text(const uint8_t *bytes, uint32_t at, uint32_t characters, char *out)
{
	ais_text_trim(out, ais_text_whole(bytes, at, characters, out));
}

/* The bits from a byte boundary up to the end, left-justified; zero behind. Returns their number. */
static inline uint16_t ais_data(const uint8_t *bytes, uint32_t at, uint32_t end, uint32_t most, uint8_t *out)
{
	uint32_t count = end > at ? end - at : 0;

	if (count > most)
		count = most;
	memcpy(out, bytes + at / 8, (count + 7) / 8);
	memset(out + (count + 7) / 8, 0, (most + 7) / 8 - (count + 7) / 8);
	if (count % 8 != 0)
		out[count / 8] &= (uint8_t)(0xff00 >> count % 8);
	return (uint16_t)count;
}

static inline void ais_text_rest(const uint8_t *bytes, uint32_t at, uint32_t count, uint32_t most, char *out)
{
	uint32_t characters = count > at ? (count - at) / 6 : 0;

	if (characters > most)
		characters = most;
	memset(out, 0, most + 1);
	ais_text(bytes, at, characters, out);
}

/* The second piece of a text that fills its first piece; then without trailing blanks. */
static inline void ais_text_more(const uint8_t *bytes, uint32_t at, uint32_t count, uint32_t first,
                                 uint32_t most, char *out)
{
	uint32_t length = (uint32_t)strlen(out);

	if (length == first) {
		uint32_t characters = count > at ? (count - at) / 6 : 0;

		if (characters > most - first)
			characters = most - first;
		length += ais_text_whole(bytes, at, characters, out + first);
	}
	ais_text_trim(out, length);
}

#endif
