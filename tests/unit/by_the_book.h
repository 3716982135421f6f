/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A second opinion on sentences: what IEC 61162-1 and ITU-R M.1371-5 say of them, read one character and one
 * bit at a time, slowly. It shares no code and no table with the decoder that it is held against, and knows
 * just enough to say whether a message must come out, and who it says is where.
 */
#ifndef WEIR_TESTS_BY_THE_BOOK_H
#define WEIR_TESTS_BY_THE_BOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum verdict {
	BOOK_MESSAGE,
	BOOK_UNDECODED, /* well formed, of a type or a part that is not defined */
	BOOK_PART,      /* of several */
	BOOK_OTHER,     /* well formed, and no AIS */
	BOOK_BAD
};

struct book {
	enum verdict verdict;
	uint32_t type, mmsi;
	bool has_position; /* the type carries one, and it is available */
	double longitude_deg, latitude_deg;
};

/* Bits, one a byte. */

static inline int64_t book_number(const uint8_t *bits, unsigned int at, unsigned int width, bool is_signed)
{
	int64_t value = 0;

	for (unsigned int i = 0; i < width; i++)
		value = 2 * value + bits[at + i];
	if (is_signed && bits[at] == 1)
		value -= INT64_C(1) << width;
	return value;
}

/* Where a position is, in bits from the message's first, and how many parts a degree has; 0: nowhere. */
static inline unsigned int book_place(uint32_t type, int64_t *degree)
{
	*degree = type == 17 || type == 27 ? 600 : 600000;
	switch (type) {
	case 1 ... 3:
	case 9:
		return 61;
	case 4:
	case 11:
		return 79;
	case 18:
	case 19:
		return 57;
	case 21:
		return 164;
	case 17:
		return 40;
	case 27:
	case 28:
		return 44;
	default:
		return 0;
	}
}

/* The shortest and the longest message of a type, whatever its flags say. */
static inline bool book_length_fits(uint32_t type, unsigned int count)
{
	static const unsigned int least[] = {0,  149, 149, 149, 168, 420, 88, 72, 56,  168,
	                                     72, 168, 72,  72,  40,  88,  96, 80, 168, 312,
	                                     72, 272, 168, 160, 160, 40,  64, 96, 168};
	static const unsigned int most[] = {0,   204, 204,  204, 204,  460, 1008, 168, 1008, 204,
	                                    108, 204, 1008, 168, 1008, 168, 168,  816, 204,  348,
	                                    196, 396, 204,  196, 204,  168, 1064, 168, 204};

	return count >= least[type] && count <= most[type];
}

/* The message of so many bits; at least 24 more of them can be read. */
static inline struct book book_message(const uint8_t *bits, unsigned int count)
{
	struct book book = {.verdict = BOOK_BAD};
	int64_t degree;

	if (count < 38 || count > 1064)
		return book;
	book.type = (uint32_t)book_number(bits, 0, 6, false);
	book.mmsi = (uint32_t)book_number(bits, 8, 30, false);
	bool known = book.type >= 1 && book.type <= 28;

	if (known && !book_length_fits(book.type, count))
		return book;
	/* Part B of 24 reaches up to its dimensions; flags of 25 and 26 announce addresses and identifiers.
	 */
	if (book.type == 24 && book_number(bits, 38, 2, false) == 1 && count < 162)
		return book;
	if (book.type == 25 && count < 40u + 32u * bits[38] + 16u * bits[39])
		return book;
	if (book.type == 26 && count < 64u + 32u * bits[38] + 16u * bits[39])
		return book;
	if (book.mmsi == 0 || book.mmsi > 999999999)
		return book;
	unsigned int at = known ? book_place(book.type, &degree) : 0;

	if (at != 0) {
		unsigned int width = degree == 600 ? 18 : 28;
		int64_t longitude = book_number(bits, at, width, true);
		int64_t latitude = book_number(bits, at + width, width - 1, true);
		bool no_longitude = longitude == 181 * degree, no_latitude = latitude == 91 * degree;

		if (!no_longitude && (longitude > 180 * degree || longitude < -180 * degree))
			return book;
		if (!no_latitude && (latitude > 90 * degree || latitude < -90 * degree))
			return book;
		book.has_position = !no_longitude && !no_latitude;
		book.longitude_deg = (double)longitude / (double)degree;
		book.latitude_deg = (double)latitude / (double)degree;
	}
	bool part_defined = book.type != 24 || book_number(bits, 38, 2, false) < 2;

	book.verdict = known && part_defined ? BOOK_MESSAGE : BOOK_UNDECODED;
	return book;
}

/* Characters. */

static inline int book_hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static inline bool book_is_among(uint8_t c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* The payload, armoured; its bits, one a byte. -1: a character that is none of the armour's. */
static inline int book_dearmour(uint8_t *bits, const uint8_t *text, unsigned int length)
{
	static const char armour[] = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw";

	for (unsigned int i = 0; i < length; i++) {
		const char *place = text[i] == '\0' ? NULL : strchr(armour, text[i]);

		if (place == NULL)
			return -1;
		for (unsigned int bit = 0; bit < 6; bit++)
			bits[6 * i + bit] = (place - armour) >> (5 - bit) & 1;
	}
	return 0;
}

/* What stands between the start and the star: fields, separated by commas. */
static inline struct book book_body(const uint8_t *text, unsigned int length)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	struct book bad = {.verdict = BOOK_BAD}, other = {.verdict = BOOK_OTHER};
	unsigned int begin[8] = {0}, end[8] = {0}, fields = 1;
	uint8_t bits[6 * 256 + 64] = {0};

	for (unsigned int i = 0; i < length; i++) {
		end[fields - 1] = i + 1;
		if (text[i] != ',')
			continue;
		end[fields - 1] = i;
		if (++fields > 7)
			break;
		begin[fields - 1] = end[fields - 1] = i + 1;
	}
	if (end[0] == 0)
		return bad;
	for (unsigned int i = 0; i < end[0]; i++)
		if (!book_is_among(text[i], upper))
			return bad;
	if (end[0] != 5 || (memcmp(text + 2, "VDM", 3) != 0 && memcmp(text + 2, "VDO", 3) != 0))
		return other;
	if (fields != 7)
		return bad;
	for (unsigned int i = 1; i <= 4; i++)
		if (end[i] - begin[i] > 1)
			return bad;
	uint8_t one[5] = {0}; /* the fields of one character; 0: empty */

	for (unsigned int i = 1; i <= 4; i++)
		one[i] = end[i] > begin[i] ? text[begin[i]] : 0;
	unsigned int payload = end[5] - begin[5];

	if (!book_is_among(one[1], "123456789") || !book_is_among(one[2], "123456789") || one[2] > one[1] ||
	    (one[3] != 0 && !book_is_among(one[3], "0123456789")) ||
	    (one[4] != 0 && !book_is_among(one[4], "ABCD12")) || end[6] - begin[6] != 1 ||
	    !book_is_among(text[begin[6]], "012345") || payload == 0 ||
	    book_dearmour(bits, text + begin[5], payload) != 0)
		return bad;
	unsigned int fill = text[begin[6]] - '0';

	if (one[2] < one[1] && fill != 0)
		return bad;
	if (one[1] > '1')
		return (struct book){.verdict = BOOK_PART};
	memset(bits + 6 * payload - fill, 0, fill);
	return book_message(bits, 6 * payload - fill);
}

/* One sentence, from its start to the end of its checksum and no further. */
static inline struct book book_sentence(const uint8_t *text, unsigned int length)
{
	const struct book bad = {.verdict = BOOK_BAD};
	unsigned int star = 1, sum = 0;

	if (length < 4 || (text[0] != '!' && text[0] != '$'))
		return bad;
	for (; star < length && text[star] != '*'; star++) {
		if (text[star] < ' ' || text[star] > '~' || book_is_among(text[star], "!$\\"))
			return bad;
		sum ^= text[star];
	}
	if (star + 3 != length || book_hex(text[star + 1]) < 0 || book_hex(text[star + 2]) < 0 ||
	    (unsigned int)(16 * book_hex(text[star + 1]) + book_hex(text[star + 2])) != sum)
		return bad;
	return book_body(text + 1, star - 1);
}

#endif
