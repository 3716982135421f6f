/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sentences by themselves: framing, checksum, the fields of VDM, the armour.
 */
#include "suite.h"

#include "crafted.h"
#include "decode/plain.h"
#include "decode/sentence.h"
#include "decode/vectors.h"

#define GOOD ((enum weir_fault)WEIR_FAULTS)

static const struct {
	const char *name;
	const char *text;
	enum weir_fault fault;
	uint32_t length; /* that belongs to the sentence, or to the faulty thing */
} frames[] = {
        {"a sentence with its checksum", "$A,1*5C", GOOD, 7},
        {"what follows the checksum is not part of it", "$A,1*5C\r\n", GOOD, 7},
        {"lower case hexadecimal digits count", "$A,1*5c", GOOD, 7},
        {"an empty sentence has the checksum 0", "!*00", GOOD, 4},
        {"a wrong checksum", "$A,1*5D", WEIR_FAULT_CHECKSUM, 7},
        {"a checksum that is no hexadecimal number", "$A,1*5G", WEIR_FAULT_CHECKSUM, 4},
        {"a checksum of one digit", "$A,1*5", WEIR_FAULT_CHECKSUM, 4},
        {"a star and nothing", "$A,1*", WEIR_FAULT_CHECKSUM, 4},
        {"fields and no checksum", "$A,1\r\n", WEIR_FAULT_CHECKSUM, 4},
        {"a VDM cut short", "!AIVDM,1,1,,A,13aE", WEIR_FAULT_FRAMING, 18},
        {"a whole VDM without a checksum", "!AIVDM,1,1,,A,13aE,0", WEIR_FAULT_CHECKSUM, 20},
        {"a start and nothing", "!", WEIR_FAULT_FRAMING, 1},
        {"cut by the next sentence", "!AIVDM,1,1!AIVDM", WEIR_FAULT_FRAMING, 10},
        {"cut by a TAG block", "!AIVDM,1,1\\s:a", WEIR_FAULT_FRAMING, 10},
        {"a control character", "$A,\t1*55", WEIR_FAULT_CHARSET, 3},
        {"a byte above 127", "$A,\xe4,1*5C", WEIR_FAULT_CHARSET, 3},
        {"DEL", "$A,\x7f,1*5C", WEIR_FAULT_CHARSET, 3},
};

START_TEST(framing_says_where_a_sentence_ends_and_what_is_wrong)
{
	struct frame frame;
	enum weir_fault fault = GOOD;
	size_t length = strlen(frames[_i].text);
	int error = weir_sentence_frame(&frame, &fault, (const uint8_t *)frames[_i].text, (uint32_t)length);

	ck_assert_msg((error == 0) == (frames[_i].fault == GOOD), "%s: %d", frames[_i].name, error);
	if (error != 0)
		ck_assert_msg(fault == frames[_i].fault, "%s: %s", frames[_i].name, weir_fault_name(fault));
	ck_assert_msg(frame.length == frames[_i].length, "%s: %u", frames[_i].name, frame.length);
}
END_TEST

START_TEST(a_nul_byte_is_a_fault_of_the_character_set)
{
	static const uint8_t text[] = "$A,\0,1*5C";
	struct frame frame;
	enum weir_fault fault;

	ck_assert_int_ne(weir_sentence_frame(&frame, &fault, text, sizeof(text) - 1), 0);
	ck_assert_int_eq(fault, WEIR_FAULT_CHARSET);
}
END_TEST

START_TEST(a_sentence_without_a_checksum_in_reach_is_too_long)
{
	char text[300] = "$A,";
	struct frame frame;
	enum weir_fault fault;

	for (unsigned int length = 250; length <= 262; length++) {
		unsigned int sum = 'A' ^ ',';

		for (unsigned int i = 3; i < length - 3; i++) {
			text[i] = (char)('a' + i % 26);
			sum ^= (uint8_t)text[i];
		}
		snprintf(text + length - 3, 4, "*%02X", sum);
		int error = weir_sentence_frame(&frame, &fault, (const uint8_t *)text, length);

		if (length <= 257) {
			ck_assert_int_eq(error, 0);
		} else {
			ck_assert_int_ne(error, 0);
			ck_assert_int_eq(fault, WEIR_FAULT_TOO_LONG);
		}
	}
}
END_TEST

static const struct {
	const char *name;
	const char *text; /* up to the star */
	enum weir_fault fault;
} fields[] = {
        {"one of one", "!AIVDM,1,1,,A,13aE,0", GOOD},
        {"two of nine", "!AIVDM,9,2,3,B,13aE,0", GOOD},
        {"no channel", "!AIVDM,1,1,,,13aE,0", GOOD},
        {"channel C", "!AIVDM,1,1,,C,13aE,0", GOOD},
        {"channel D", "!AIVDM,1,1,,D,13aE,0", GOOD},
        {"channel 1", "!AIVDM,1,1,,1,13aE,0", GOOD},
        {"channel 2", "!AIVDM,1,1,,2,13aE,0", GOOD},
        {"channel E", "!AIVDM,1,1,,E,13aE,0", WEIR_FAULT_FIELDS},
        {"channel 0", "!AIVDM,1,1,,0,13aE,0", WEIR_FAULT_FIELDS},
        {"channel of two characters", "!AIVDM,1,1,,12,13aE,0", WEIR_FAULT_FIELDS},
        {"two of one", "!AIVDM,1,2,,A,13aE,0", WEIR_FAULT_FIELDS},
        {"none of one", "!AIVDM,1,0,,A,13aE,0", WEIR_FAULT_FIELDS},
        {"ten parts", "!AIVDM,10,1,,A,13aE,0", WEIR_FAULT_FIELDS},
        {"no total", "!AIVDM,,1,,A,13aE,0", WEIR_FAULT_FIELDS},
        {"no number", "!AIVDM,1,,,A,13aE,0", WEIR_FAULT_FIELDS},
        {"a letter as sequence number", "!AIVDM,1,1,x,A,13aE,0", WEIR_FAULT_FIELDS},
        {"a sequence number of two digits", "!AIVDM,1,1,12,A,13aE,0", WEIR_FAULT_FIELDS},
        {"a field too many", "!AIVDM,1,1,,A,13aE,0,", WEIR_FAULT_FIELDS},
        {"a field too few", "!AIVDM,1,1,,A,13aE", WEIR_FAULT_FIELDS},
        {"no fields", "!AIVDM", WEIR_FAULT_FIELDS},
        {"empty fields", "!AIVDM,,,,,,", WEIR_FAULT_FIELDS},
        {"no payload", "!AIVDM,1,1,,A,,0", WEIR_FAULT_PAYLOAD},
        {"six fill bits", "!AIVDM,1,1,,A,13aE,6", WEIR_FAULT_PAYLOAD},
        {"no fill", "!AIVDM,1,1,,A,13aE,", WEIR_FAULT_PAYLOAD},
        {"a fill of two digits", "!AIVDM,1,1,,A,13aE,00", WEIR_FAULT_PAYLOAD},
        {"fill bits in the last part", "!AIVDM,2,2,1,A,13aE,5", GOOD},
        {"fill bits before the last part", "!AIVDM,2,1,1,A,13aE,2", WEIR_FAULT_PAYLOAD},
};

START_TEST(the_fields_of_vdm_are_read_or_refused)
{
	enum weir_fault fault = GOOD;
	struct vdm vdm;
	struct frame frame = {.text = (const uint8_t *)fields[_i].text,
	                      .body = (uint32_t)strlen(fields[_i].text)};
	int error = weir_vdm_parse(&vdm, &fault, &frame);

	ck_assert_msg((error == 0) == (fields[_i].fault == GOOD), "%s: %d", fields[_i].name, error);
	if (error != 0)
		ck_assert_msg(fault == fields[_i].fault, "%s: %s", fields[_i].name, weir_fault_name(fault));
}
END_TEST

START_TEST(the_fields_of_vdm_have_their_values)
{
	struct frame frame = {.text = (const uint8_t *)"!BSVDO,9,2,3,B,13aE`w,0", .body = 23};
	enum weir_fault fault;
	struct vdm vdm;

	ck_assert_int_eq(weir_vdm_parse(&vdm, &fault, &frame), 0);
	ck_assert_uint_eq(vdm.total, 9);
	ck_assert_uint_eq(vdm.number, 2);
	ck_assert_int_eq(vdm.sequence, '3');
	ck_assert_int_eq(vdm.channel, 'B');
	ck_assert_uint_eq(vdm.payload_length, 6);
	ck_assert_mem_eq(vdm.payload, "13aE`w", 6);
	ck_assert_uint_eq(vdm.fill, 0);
}
END_TEST

START_TEST(the_address_is_upper_case_and_not_empty)
{
	static const struct {
		const char *text;
		uint32_t length;
	} cases[] = {{"$GPGGA,1", 5}, {"!--VDM,1", 5}, {"$PGHP", 4},  {"$,1", 0},
	             {"$", 0},        {"$gpgga,1", 0}, {"$GP GA", 0}, {"$GP,", 2}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct frame frame = {.text = (const uint8_t *)cases[i].text,
		                      .body = (uint32_t)strlen(cases[i].text)};

		ck_assert_uint_eq(weir_sentence_address(&frame), cases[i].length);
	}
}
END_TEST

START_TEST(the_checksum_by_words_is_the_checksum_by_bytes)
{
	uint8_t *text = malloc(300);
	unsigned int sum = 0;

	for (size_t length = 0; length < 300; length++) {
		uint8_t *copy = malloc(length + 1);

		memcpy(copy, text, length);
		ck_assert_uint_eq(xor_bytes(copy, length), sum);
		free(copy);
		text[length] = (uint8_t)(length * 37 + 11);
		sum ^= text[length];
	}
	free(text);
}
END_TEST

/* The armour as IEC 61162-1 describes it, a character at a time. */
static int armour_value(uint8_t c)
{
	if (c >= '0' && c <= 'W')
		return c - '0';
	if (c >= '`' && c <= 'w')
		return c - '`' + 40;
	return -1;
}

START_TEST(dearmouring_by_words_is_dearmouring_by_characters)
{
	static const char legal[] = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw";
	uint32_t random = 1;

	for (size_t length = 1; length <= 200; length++) {
		uint8_t *text = malloc(8 + length);
		uint8_t *bits = malloc(ARMOUR_ROOM(length));

		memset(text, ',', 8);
		for (size_t i = 0; i < length; i++) {
			random = random * 1664525 + 1013904223;
			text[8 + i] = (uint8_t)legal[random >> 26];
		}
		for (unsigned int fill = 0; fill <= 5; fill++) {
			size_t count = length * 6 - fill;

			bool same = true;

			memset(bits, 0xff, ARMOUR_ROOM(length));
			ck_assert(weir_dearmour(bits, text + 8, length, fill));
			for (size_t bit = 0; bit < length * 6; bit++) {
				int value = armour_value(text[8 + bit / 6]) >> (5 - bit % 6) & 1;

				same &= (bits[bit / 8] >> (7 - bit % 8) & 1) == (bit < count ? value : 0);
			}
			for (size_t byte = (count + 7) / 8; byte < (count + 7) / 8 + 16; byte++)
				same &= bits[byte] == 0;
			ck_assert_msg(same, "%zu characters, %u fill bits", length, fill);
		}
		free(bits);
		free(text);
	}
}
END_TEST

START_TEST(every_illegal_character_is_seen_at_every_place)
{
	uint8_t text[8 + 40];
	uint8_t bits[ARMOUR_ROOM(40)];

	memset(text, '0', sizeof(text));
	for (size_t length = 1; length <= 40; length++)
		for (size_t place = 0; place < length; place++) {
			for (unsigned int c = 0; c < 256; c++) {
				text[8 + place] = (uint8_t)c;
				ck_assert_int_eq(weir_dearmour(bits, text + 8, length, 0),
				                 armour_value((uint8_t)c) >= 0);
			}
			text[8 + place] = '0';
		}
}
END_TEST

#ifdef TEXT_VECTORS
/* Texts of every length, with a character of every kind at every place: vectors say what words say. */
START_TEST(vectors_say_what_words_say)
{
	static const char legal[] = "0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw";
	uint32_t random = 3;

	for (size_t length = 1; length <= 70; length++) {
		/* Exactly what the caller owes, so that a sanitizer sees more. */
		uint8_t *text = malloc(length < 16 ? length + 8 : length);
		uint8_t *at = length < 16 ? text + 8 : text;
		uint8_t *words = malloc(ARMOUR_ROOM(length)), *vectors = malloc(ARMOUR_ROOM(length));

		memset(text, ',', length < 16 ? 8 : 1);
		for (size_t i = 0; i < length; i++) {
			random = random * 1664525 + 1013904223;
			at[i] = (uint8_t)legal[random >> 26];
		}
		for (size_t place = 0; place < length; place++)
			for (unsigned int c = 0; c < 256; c++) {
				uint8_t before = at[place];
				unsigned int fill = (c + (unsigned int)place) % 6;

				at[place] = (uint8_t)c;
				memset(words, 0xff, ARMOUR_ROOM(length));
				memset(vectors, 0xff, ARMOUR_ROOM(length));
				bool legal_words = weir_dearmour(words, at, length, fill);

				ck_assert_int_eq(weir_dearmour_vectors(vectors, at, length, fill),
				                 legal_words);
				if (legal_words)
					ck_assert_mem_eq(vectors, words, (length * 6 - fill + 7) / 8 + 16);
				ck_assert_uint_eq(xor_bytes_vectors(at, length), xor_bytes(at, length));
				at[place] = before;
			}
		free(words);
		free(vectors);
		free(text);
	}
}
END_TEST

/* Sentences of every length, each byte changed. */
START_TEST(the_quickest_plain_case_is_the_plain_case)
{
	uint8_t words[ARMOUR_ROOM(SENTENCE_MAX)], vectors[ARMOUR_ROOM(SENTENCE_MAX)];
	plain_bits_fn *quickest = weir_payload_readers().plain_bits;
	char payload[200] = "";

	for (unsigned int length = 1; length < 180; length++) {
		payload[length - 1] = "15RTgt0PAso;90TKcjM8h6g208CQ"[length % 28];
		struct text text = sentence("!AIVDM,1,1,,B,%s,%u", payload, length % 6);

		for (uint32_t place = 0; place < text.length; place++) {
			struct text changed = text;

			changed.bytes[place] ^= (char)(1 << (place + length) % 7);
			uint32_t count = weir_plain_bits(words, (uint8_t *)changed.bytes, changed.length);
			ck_assert_uint_eq(quickest(vectors, (uint8_t *)changed.bytes, changed.length), count);
			ck_assert_mem_eq(words, vectors, (count + 7) / 8);
		}
		uint32_t count = weir_plain_bits(words, (uint8_t *)text.bytes, text.length);

		ck_assert_uint_eq(count, length * 6 - length % 6);
		ck_assert_uint_eq(quickest(vectors, (uint8_t *)text.bytes, text.length), count);
		ck_assert_mem_eq(words, vectors, (count + 7) / 8 + 16);
	}
}
END_TEST
#endif

/* Every byte at every place of texts of every length up to three vectors, behind and before ordinary ones. */
START_TEST(what_is_special_is_found_wherever_it_stands)
{
	for (uint32_t length = 1; length <= 50; length++) {
		uint8_t *text = malloc(length); /* exactly: a sanitizer sees a byte too many */

		memset(text, 'A', length);
		ck_assert_uint_eq(weir_find_special(text, 0, length), length);
		for (uint32_t place = 0; place < length; place++)
			for (unsigned int c = 0; c < 256; c++) {
				bool special =
				        c < ' ' || c > '~' || c == '*' || c == '!' || c == '$' || c == '\\';

				text[place] = (uint8_t)c;
				ck_assert_uint_eq(weir_find_special(text, 0, length),
				                  special ? place : length);
				text[place] = 'A';
			}
		free(text);
	}
}
END_TEST

START_TEST(the_plain_case_takes_what_it_is_meant_for)
{
	uint8_t bits[ARMOUR_ROOM(SENTENCE_MAX)];
	struct text text = position_of(MMSI);
	const uint8_t *bytes = (const uint8_t *)text.bytes;

	memcpy(text.bytes + text.length, "\r\n", 2);
	ck_assert_uint_eq(weir_plain_bits(bits, bytes, text.length), 168);
	ck_assert_uint_eq(weir_plain_bits(bits, bytes, text.length + 1), 168);
	ck_assert_uint_eq(weir_plain_bits(bits, bytes, text.length + 2), 168);
	ck_assert_uint_eq(bits[0] >> 2, 1);
	text.bytes[text.length + 1] = '\r';
	ck_assert_uint_eq(weir_plain_bits(bits, bytes, text.length + 2), 0);
	text.bytes[text.length - 1] ^= 1;
	ck_assert_uint_eq(weir_plain_bits(bits, bytes, text.length), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sentence");
	TCase *frame = tcase_create("framing");
	TCase *field = tcase_create("fields");
	TCase *words = tcase_create("words");

	tcase_set_timeout(frame, 60);
	tcase_set_timeout(words, 60);
	tcase_add_loop_test(frame, framing_says_where_a_sentence_ends_and_what_is_wrong, 0,
	                    sizeof(frames) / sizeof(frames[0]));
	tcase_add_test(frame, a_nul_byte_is_a_fault_of_the_character_set);
	tcase_add_test(frame, a_sentence_without_a_checksum_in_reach_is_too_long);
	tcase_add_loop_test(field, the_fields_of_vdm_are_read_or_refused, 0,
	                    sizeof(fields) / sizeof(fields[0]));
	tcase_add_test(field, the_fields_of_vdm_have_their_values);
	tcase_add_test(field, the_address_is_upper_case_and_not_empty);
	tcase_add_test(words, the_checksum_by_words_is_the_checksum_by_bytes);
	tcase_add_test(words, dearmouring_by_words_is_dearmouring_by_characters);
	tcase_add_test(words, every_illegal_character_is_seen_at_every_place);
#ifdef TEXT_VECTORS
	if (vectors_dearmour())
		tcase_add_test(words, vectors_say_what_words_say);
	else
		printf("ok 0 - vectors say what words say # SKIP this processor has no SSSE3\n");
	tcase_add_test(words, the_quickest_plain_case_is_the_plain_case);
#endif
	tcase_add_test(words, what_is_special_is_found_wherever_it_stands);
	tcase_add_test(words, the_plain_case_takes_what_it_is_meant_for);
	suite_add_tcase(suite, frame);
	suite_add_tcase(suite, field);
	suite_add_tcase(suite, words);
	return suite_main(suite);
}
