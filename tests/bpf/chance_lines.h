/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random lines: sentences in all wrappings that receivers and forwarders have invented, and what only looks
 * like one. Each function writes text and returns its length; none needs more than CHANCE_LINE_MAX.
 */
#ifndef WEIR_TESTS_CHANCE_LINES_H
#define WEIR_TESTS_CHANCE_LINES_H

#include "chance_ais.h"

#define CHANCE_LINE_MAX 900

/* "*hh" behind the `length` bytes of text, of all but the first. */
static inline uint32_t chance_checksum(char *text, uint32_t length)
{
	return length + (uint32_t)sprintf(text + length, "*%02X", xor_of(text + 1, length - 1));
}

static inline uint32_t chance_end(struct chance *chance, char *out)
{
	static const char *const ends[] = {"\r\n", "\r\n", "\r\n", "\n", "", "\r"};

	return (uint32_t)sprintf(out, "%s", CHANCE_OF(chance, ends));
}

/* `number` of `total` sentences of a group; 0: of none. NULL or "": no station. */
static inline uint32_t chance_tag_block(struct chance *chance, char *out, const char *station, uint32_t group,
                                        uint32_t number, uint32_t total)
{
	static const char *const more[] = {"n:42,",   "d:x,", "i:<S>a b</S>,", "x:1,", "r:17,",
	                                   "t:text,", "c:,"};
	int64_t time_s = chance_time_s(chance);
	char *at = out + 1;

	*out = '\\';
	if (group && chance_one_in(chance, 4))
		at += sprintf(at, "%uG%u:%u,", number, total, group);
	else if (group)
		at += sprintf(at, "g:%u-%u-%u,", number, total, group);
	if (station != NULL && *station)
		at += sprintf(at, "s:%s,", station);
	if (chance_one_in(chance, 12))
		at += sprintf(at, "%s", CHANCE_OF(chance, more));
	if (!chance_one_in(chance, 8))
		at += sprintf(at, chance_one_in(chance, 5) ? "c:%lld000," : "c:%lld,", (long long)time_s);
	if (at[-1] == ',' && !chance_one_in(chance, 30))
		at--;
	uint32_t length = chance_checksum(out, (uint32_t)(at - out));
	if (chance_one_in(chance, chance->gps && !chance->rough ? 3000 : 30))
		out[length - 1] ^= 1;
	out[length++] = '\\';
	return length;
}

static inline const char *chance_station(struct chance *chance)
{
	static char name[16];

	snprintf(name, sizeof(name), "st%u", chance_below(chance, 12));
	return chance_one_in(chance, 6) ? "" : name;
}

/* A TAG block of any length and content, whose checksum holds. */
static inline uint32_t chance_odd_tag_block(struct chance *chance, char *out)
{
	static const char any[] = "abc:0123,,g-s\x7f\x01\x80 %$!*";
	static const char *const begins[] = {"c:1700000000,", "s:x,", "g:1-2-3,", "", "c:-1,", "s:,"};
	uint32_t length = (uint32_t)sprintf(out, "\\%s", CHANCE_OF(chance, begins));
	uint32_t kinds = chance_one_in(chance, 2) ? 13 : sizeof(any) - 1;

	for (uint32_t more = chance_below(chance, chance_one_in(chance, 2) ? 30 : 120); more > 0; more--)
		out[length++] = any[chance_below(chance, kinds)];
	length = chance_checksum(out, length);
	out[length++] = '\\';
	return length;
}

static inline uint32_t chance_pghp(struct chance *chance, char *out)
{
	int64_t time_s = chance_time_s(chance), day_s = time_s % 86400;
	const uint32_t length = (uint32_t)sprintf(out, "$PGHP,1,2023,11,%u,%u,%u,%u,390,231,45,%u,1,2B",
	                                          14u + chance_below(chance, 3), (uint32_t)(day_s / 3600),
	                                          (uint32_t)(day_s / 60 % 60), (uint32_t)(day_s % 60),
	                                          992190930 + chance_below(chance, 9));

	return chance_checksum(out, length);
}

/* Proprietary, or nearly so, with anything in it. */
static inline uint32_t chance_proprietary(struct chance *chance, char *out)
{
	static const char *const names[] = {"$PGHP,", "$PABC,", "$PASH,", "$PABCD,",
	                                    "!PGHP,", "$PVDM,", "$P-HP,"};
	static const char any[] = "0123456789,,ABC.-*\t\x7f ";
	uint32_t length = (uint32_t)sprintf(out, "%s", CHANCE_OF(chance, names));
	uint32_t kinds = chance_one_in(chance, 2) ? 17 : sizeof(any) - 1;

	for (uint32_t more = chance_below(chance, 90); more > 0; more--)
		out[length++] = any[chance_below(chance, kinds)];
	return chance_checksum(out, length);
}

/* What may stand before a sentence on its line. */
static inline uint32_t chance_before(struct chance *chance, char *out)
{
	if (chance_one_in(chance, 3))
		return chance_tag_block(chance, out, chance_station(chance), 0, 0, 0);
	if (chance_one_in(chance, 40))
		return chance_odd_tag_block(chance, out);
	if (chance_one_in(chance, 40))
		return (uint32_t)sprintf(out, "%lld ", (long long)chance_time_s(chance));
	if (chance_one_in(chance, 60))
		return (uint32_t)sprintf(out, "junk%u:", chance_below(chance, 1000));
	return 0;
}

/* What may stand behind one. */
static inline uint32_t chance_behind(struct chance *chance, char *out)
{
	static const char *const odd[] = {",1272412824", " ", ",x", "junk", ",,,", ",r,1", ",b003669945"};

	if (chance_one_in(chance, 25))
		return (uint32_t)sprintf(out, ",r%09u,%lld", 3669940 + chance_below(chance, 9),
		                         (long long)chance_time_s(chance));
	if (chance_one_in(chance, 40))
		return (uint32_t)sprintf(out, "%s", CHANCE_OF(chance, odd));
	if (!chance_one_in(chance, 100))
		return 0;
	uint32_t length = 0;
	out[length++] = ',';
	for (uint32_t more = chance_below(chance, 200); more > 0; more--)
		out[length++] = "0123456789,rb*."[chance_below(chance, 15)];
	return length;
}

/* One sentence of a message that may have several: with its checksum, without the line's end. */
static inline uint32_t chance_sentence(struct chance *chance, char *out, const struct payload *payload)
{
	static const char *const usual[] = {"!AIVDM,1,1,,A,", "!AIVDM,1,1,,B,"};
	static const char *const heads[] = {
	        "!BSVDM,1,1,,1,", "!AIVDO,1,1,,,",  "!AIVDM,1,1,3,A,", "$AIVDM,1,1,,C,", "!--VDM,1,1,,A,",
	        "!ABVDM,1,1,9,,", "!aiVDM,1,1,,A,", "!AIVDM,1,1,,E,",  "!AIVDM,1,2,,A,", "!AIVDM,0,1,,A,",
	        "!SSVDM,1,1,,2,", "!BYVDO,1,1,,D,", "!AIVDM,1,1,,AB,", "!AIVDM,1,1,7,B,"};
	const char *head = chance_one_in(chance, 3) ? CHANCE_OF(chance, heads) : CHANCE_OF(chance, usual);
	uint32_t length = make_sentence(out, 400, head, payload, "");

	if (chance_one_in(chance, 30)) /* a checksum in small letters */
		for (char *c = out + length - 2; c < out + length; c++)
			*c = *c >= 'A' ? (char)(*c + 32) : *c;
	return length;
}

/* A report, or another message, in one sentence in its wrapping. */
static inline uint32_t chance_report_line(struct chance *chance, char *out)
{
	struct payload payload;
	char *at = out;

	chance_payload(chance, &payload);
	at += chance_before(chance, at);
	at += chance_sentence(chance, at, &payload);
	at += chance_behind(chance, at);
	at += chance_end(chance, at);
	return (uint32_t)(at - out);
}

/* Nothing but what may begin or end something. */
static inline uint32_t chance_noise(struct chance *chance, char *out)
{
	uint32_t length = chance_below(chance, 30);

	for (uint32_t i = 0; i < length; i++)
		out[i] = "\r\n\\!$ \t\0AVDM,1*"[chance_below(chance, 16)];
	return length;
}

static inline uint32_t chance_other_line(struct chance *chance, char *out)
{
	static const char *const others[] = {"# a comment\r\n", "\r\n", "!AIABM,1,1,0,,,,,0*5A\r\n",
	                                     "$GPGSV,1,1,00*79\r\n", "!AIVSI,x,1,1.2,3,4*00\r\n"};
	char *at = out;

	switch (chance_below(chance, chance->rough ? 6 : 4)) {
	case 0:
		return (uint32_t)sprintf(out, "%s", CHANCE_OF(chance, others));
	case 4:
		at += chance_proprietary(chance, at);
		break;
	case 5:
		return chance_noise(chance, out);
	case 3: /* a TAG block alone, for what follows */
		at += chance_tag_block(chance, at, chance_station(chance), 0, 0, 0);
		break;
	default:
		at += chance_pghp(chance, at);
	}
	return (uint32_t)(at - out) + chance_end(chance, at);
}

#endif
