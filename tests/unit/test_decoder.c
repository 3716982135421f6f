/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The decoder as a whole: what is malformed ends as a counter and a dead letter with its bytes untouched,
 * never as a crash and never as another message.
 */
#include <errno.h>

#include "suite.h"

#include "crafted.h"
#include "decode/lines.h"

/* The armour of 28 characters of a good type 1 is made anew for each case; {} stands for a good sentence. */
static const struct {
	const char *name;
	const char *text; /* "*" at the end: the checksum is added */
	enum weir_fault fault;
} faults[] = {
        {"an empty datagram", "", WEIR_FAULT_FRAMING},
        {"a line end", "\r\n", WEIR_FAULT_FRAMING},
        {"blanks", "   ", WEIR_FAULT_FRAMING},
        {"text", "GET / HTTP/1.1\r\n", WEIR_FAULT_FRAMING},
        {"binary noise", "\x01\x02\x03\xff\xfe", WEIR_FAULT_FRAMING},
        {"a lone start", "!", WEIR_FAULT_FRAMING},
        {"a cut sentence", "!AIVDM,1,1,,A,13aEOK?P", WEIR_FAULT_FRAMING},
        {"no checksum", "!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0", WEIR_FAULT_CHECKSUM},
        {"a wrong checksum", "!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*00", WEIR_FAULT_CHECKSUM},
        {"a byte above 127", "!AIVDM,1,1,,A,13a\xe4OK,0*", WEIR_FAULT_CHARSET},
        {"a field too few", "!AIVDM,1,1,,13aEOK?P00PD2wVMdLDRhgvL289?,0*", WEIR_FAULT_FIELDS},
        {"a field too many", "!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0,*", WEIR_FAULT_FIELDS},
        {"no address", "!,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,0*", WEIR_FAULT_FIELDS},
        {"an illegal character in the payload", "!AIVDM,1,1,,A,13aXOK?P00PD2wVMdLDRhgvL289?,0*",
         WEIR_FAULT_PAYLOAD},
        {"six fill bits", "!AIVDM,1,1,,A,13aEOK?P00PD2wVMdLDRhgvL289?,6*", WEIR_FAULT_PAYLOAD},
        {"no payload", "!AIVDM,1,1,,A,,0*", WEIR_FAULT_PAYLOAD},
        {"a payload too short for its type", "!AIVDM,1,1,,A,13aEOK?P00PD,0*", WEIR_FAULT_PAYLOAD},
        {"a payload of one character", "!AIVDM,1,1,,A,1,0*", WEIR_FAULT_PAYLOAD},
        {"an unfinished TAG block alone", "\\s:west", WEIR_FAULT_TAG_BLOCK},
};

START_TEST(every_malformed_thing_is_one_dead_letter_with_its_bytes)
{
	struct text text = {.length = (uint32_t)strlen(faults[_i].text)};
	struct ear ear;

	memcpy(text.bytes, faults[_i].text, text.length + 1);
	if (text.length > 4 && text.bytes[text.length - 1] == '*')
		text = sentence("%.*s", (int)text.length - 1, faults[_i].text);
	ear_open(&ear);
	ear_feed(&ear, text.bytes, text.length);
	ck_assert_msg(ear.message_count == 0 && ear.letter_count == 1, "%s: %u messages, %u letters",
	              faults[_i].name, ear.message_count, ear.letter_count);
	ck_assert_msg(ear.letters[0].fault == faults[_i].fault, "%s: %s", faults[_i].name,
	              weir_fault_name(ear.letters[0].fault));
	ck_assert_uint_eq(ear.letters[0].faults, 1);
	ck_assert_uint_eq(ear.letters[0].length, text.length);
	ck_assert_mem_eq(ear.letters[0].text, text.bytes, text.length);
	ck_assert_uint_eq(weir_decoder_counters(ear.decoder)->faults[faults[_i].fault], 1);
	ck_assert_uint_eq(weir_decoder_counters(ear.decoder)->letters[faults[_i].fault], 1);
	ear_close(&ear);
}
END_TEST

static struct text crafted_position(unsigned int type, uint32_t mmsi, int longitude, int latitude)
{
	struct crafted bits;
	char payload[64];

	craft_position(&bits, type, mmsi, longitude, latitude);
	armour_text(payload, &bits);
	return sentence("!AIVDM,1,1,,A,%s,0", payload);
}

START_TEST(a_position_or_an_mmsi_out_of_range_is_malformed)
{
	static const struct {
		const char *name;
		uint32_t mmsi;
		int longitude, latitude;
		enum weir_fault fault; /* WEIR_FAULTS: none */
	} cases[] = {
	        {"the poles and the date line", MMSI, 108000000, -54000000, WEIR_FAULTS},
	        {"not available", MMSI, 108600000, 54600000, WEIR_FAULTS},
	        {"longitude 180 and a bit", MMSI, 108000001, 0, WEIR_FAULT_POSITION},
	        {"longitude -200", MMSI, -120000000, 0, WEIR_FAULT_POSITION},
	        {"latitude 90 and a bit", MMSI, 0, 54000001, WEIR_FAULT_POSITION},
	        {"latitude -95", MMSI, 0, -57000000, WEIR_FAULT_POSITION},
	        {"MMSI 0", 0, 0, 0, WEIR_FAULT_IDENTITY},
	        {"MMSI 1", 1, 0, 0, WEIR_FAULTS},
	        {"MMSI 999999999", 999999999, 0, 0, WEIR_FAULTS},
	        {"MMSI 1000000000", 1000000000, 0, 0, WEIR_FAULT_IDENTITY},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text = crafted_position(1, cases[i].mmsi, cases[i].longitude, cases[i].latitude);
		bool good = cases[i].fault == WEIR_FAULTS;
		struct ear ear;

		ear_open(&ear);
		ear_feed(&ear, text.bytes, text.length);
		ck_assert_msg(ear.message_count == good, "%s", cases[i].name);
		ck_assert_msg(ear.letter_count == !good, "%s", cases[i].name);
		if (!good)
			ck_assert_msg(ear.letters[0].fault == cases[i].fault, "%s: %s", cases[i].name,
			              weir_fault_name(ear.letters[0].fault));
		ear_close(&ear);
	}
}
END_TEST

START_TEST(a_datagram_is_one_dead_letter_however_many_faults_it_has)
{
	struct text good = position_of(MMSI);
	char datagram[2000];
	struct ear ear;
	int length =
	        snprintf(datagram, sizeof(datagram),
	                 "%s\r\n!AIVDM,1,1,,A,1,0*00\r\n%s\r\nnoise\r\n$A,\xe4\r\n", good.bytes, good.bytes);

	ear_open(&ear);
	ear_feed(&ear, datagram, (size_t)length);
	ck_assert_uint_eq(ear.message_count, 2);
	ck_assert_uint_eq(ear.letter_count, 1);
	ck_assert_int_eq(ear.letters[0].fault, WEIR_FAULT_CHECKSUM);
	ck_assert_uint_eq(ear.letters[0].faults, 3);
	ck_assert_uint_eq(ear.letters[0].offset, good.length + 2);
	ck_assert_uint_eq(weir_decoder_counters(ear.decoder)->datagrams[WEIR_DATAGRAM_PARTIAL], 1);
	ear_close(&ear);
}
END_TEST

static bool same_message(const struct weir_message *a, const struct weir_message *b)
{
	return a->time_ns == b->time_ns && a->time_source == b->time_source && a->own_ship == b->own_ship &&
	       a->fragments == b->fragments && strcmp(a->station, b->station) == 0 &&
	       a->ais.type == b->ais.type && a->ais.mmsi == b->ais.mmsi && a->ais.repeat == b->ais.repeat &&
	       memcmp(&a->ais, &b->ais, sizeof(a->ais)) == 0;
}

/* What the plain case takes, the general way must take too, and say the same. */
START_TEST(the_plain_case_says_what_the_general_way_says)
{
	static const unsigned int types[] = {1, 2, 3};
	uint32_t random = 2026;

	printf("# seed %u\n", random);
	for (int i = 0; i < 2000; i++) {
		struct text text = crafted_position(types[i % 3], random & 0x3fffffff, (int)(random * 7) >> 4,
		                                    (int)(random * 13) >> 5);
		struct ear plain, general;
		struct text block = tag("s:west,c:1272412824");
		char blank[600] = "\n";

		if (i % 2 == 0) {
			memcpy(block.bytes + block.length, text.bytes, text.length);
			block.length += text.length;
			text = block;
		}

		if (i % 5 == 0)
			text.bytes[random % text.length] ^= (char)(1u << (random >> 8) % 7);
		memcpy(blank + 1, text.bytes, text.length);
		ear_open_with(&plain, &(struct weir_decoder_options){.fragment_slots = 1});
		ear_open_with(&general, &(struct weir_decoder_options){.fragment_slots = 1});
		ear_feed(&plain, text.bytes, text.length);
		ear_feed(&general, blank, text.length + 1);
		ck_assert_uint_eq(plain.message_count, general.message_count);
		ck_assert_uint_eq(plain.letter_count, general.letter_count);
		if (plain.message_count == 1)
			ck_assert(same_message(&plain.messages[0], &general.messages[0]));
		if (plain.letter_count == 1)
			ck_assert_int_eq(plain.letters[0].fault, general.letters[0].fault);
		ck_assert_mem_eq(weir_decoder_counters(plain.decoder), weir_decoder_counters(general.decoder),
		                 sizeof(struct weir_decode_counters));
		ear_close(&plain);
		ear_close(&general);
		random = random * 1664525 + 1013904223;
	}
}
END_TEST

START_TEST(a_datagram_of_64_kilobytes_is_read_to_its_end)
{
	struct text text = position_of(MMSI);
	uint8_t *datagram = malloc(WEIR_DATAGRAM_MAX + 1);
	uint32_t length = 0;
	unsigned int count = 0;
	struct ear ear;

	for (; length + text.length < WEIR_DATAGRAM_MAX; length += text.length, count++)
		memcpy(datagram + length, text.bytes, text.length);
	ear_open(&ear);
	ear_feed(&ear, datagram, length);
	ck_assert_uint_eq(ear.message_count, count);
	ck_assert_uint_eq(ear.letter_count, 0);
	memset(datagram, 'A', WEIR_DATAGRAM_MAX + 1);
	ear_feed(&ear, datagram, WEIR_DATAGRAM_MAX);
	ck_assert_int_eq(ear.letters[0].fault, WEIR_FAULT_FRAMING);
	memcpy(datagram, "!AIVDM,", 7);
	ear_feed(&ear, datagram, WEIR_DATAGRAM_MAX);
	ck_assert_int_eq(ear.letters[1].fault, WEIR_FAULT_TOO_LONG);
	ear_feed(&ear, datagram, WEIR_DATAGRAM_MAX + 1);
	ck_assert_int_eq(ear.letters[2].fault, WEIR_FAULT_TOO_LONG);
	memset(datagram, '!', WEIR_DATAGRAM_MAX);
	ear_feed(&ear, datagram, WEIR_DATAGRAM_MAX);
	ck_assert_uint_eq(ear.letters[3].faults, WEIR_DATAGRAM_MAX);
	memset(datagram, '\\', WEIR_DATAGRAM_MAX);
	ear_feed(&ear, datagram, WEIR_DATAGRAM_MAX);
	ck_assert_uint_eq(ear.letter_count, 5);
	ear_close(&ear);
	free(datagram);
}
END_TEST

START_TEST(noise_is_never_a_message)
{
	uint8_t noise[700];
	uint64_t random = 88172645463325252u;
	struct ear ear;

	printf("# seed %llu\n", (unsigned long long)random);
	ear_open(&ear);
	for (int i = 0; i < 20000; i++) {
		size_t length = (size_t)(i % 700);

		for (size_t j = 0; j < length; j++) {
			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			noise[j] = (uint8_t)(random >> 32);
		}
		ear_feed(&ear, noise, length);
	}
	ck_assert_uint_eq(ear.message_count, 0);
	ear_close(&ear);
}
END_TEST

START_TEST(a_type_without_a_decoder_is_counted_and_not_malformed)
{
	struct crafted bits = {.count = 0};
	char payload[64];
	struct ear ear;

	put(&bits, 6, 63);
	put(&bits, 2, 0);
	put(&bits, 30, MMSI);
	for (int i = 0; i < 13; i++)
		put(&bits, 10, 0);
	armour_text(payload, &bits);
	struct text text = sentence("!AIVDM,1,1,,A,%s,0", payload);

	ear_open(&ear);
	ear_feed(&ear, text.bytes, text.length);
	ck_assert_uint_eq(ear.message_count, 0);
	ck_assert_uint_eq(ear.letter_count, 0);
	ck_assert_uint_eq(weir_decoder_counters(ear.decoder)->undecoded[63], 1);
	ck_assert_uint_eq(weir_decoder_counters(ear.decoder)->messages[63], 1);
	ear_close(&ear);
}
END_TEST

START_TEST(impossible_options_are_refused)
{
	struct weir_decode_sink sink = {.context = NULL};
	struct weir_decoder *decoder = NULL;
	const struct weir_decoder_options bad[] = {{.fragment_timeout_ns = -1},
	                                           {.clock_bound_ns = -1},
	                                           {.second_bound_ns = 30 * INT64_C(1000000000)},
	                                           {.fixes = true, .fix_timeout_ns = -1},
	                                           {.fragment_slots = UINT32_MAX}};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_int_eq(weir_decoder_new(&decoder, &bad[i], &sink), -EINVAL);
		ck_assert_ptr_null(decoder);
	}
	ck_assert_int_eq(weir_decoder_new(&decoder, NULL, &sink), 0);
	ear_feed(&(struct ear){.decoder = decoder}, "x", 1); /* a sink that wants nothing */
	weir_decoder_free(decoder);
	weir_decoder_free(NULL);
}
END_TEST

START_TEST(every_fault_has_a_name_that_is_a_subject_token)
{
	for (int fault = 0; fault < WEIR_FAULTS; fault++) {
		const char *name = weir_fault_name((enum weir_fault)fault);

		ck_assert_uint_gt(strlen(name), 0);
		ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz_"), strlen(name));
		for (int other = 0; other < fault; other++)
			ck_assert_str_ne(name, weir_fault_name((enum weir_fault)other));
	}
}
END_TEST

/*
 * What the kernel drops must not be missed: datagrams of single positions only. With any of them left out,
 * every other message and every dead letter stays as it is, in the same order.
 */
struct witness {
	struct weir_decoder *decoder;
	uint64_t hash, said;
};

static void bear_witness(struct witness *witness, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		witness->hash = (witness->hash ^ ((const uint8_t *)bytes)[i]) * 1099511628211u; /* FNV-1a */
	witness->said++;
}

static void witness_message(void *context, const struct weir_message *message)
{
	if (message->ais.mmsi >= MMSI + 1000) /* the others are the positions that may be left out */
		return;
	bear_witness(context, &message->time_ns, sizeof(message->time_ns));
	bear_witness(context, &message->ais.mmsi, sizeof(message->ais.mmsi));
	bear_witness(context, message->station, strlen(message->station));
	bear_witness(context, &message->time_source, sizeof(message->time_source));
}

static void witness_letter(void *context, const struct weir_malformed *malformed)
{
	bear_witness(context, malformed->bytes, malformed->length);
	bear_witness(context, &malformed->received_ns, sizeof(malformed->received_ns));
	bear_witness(context, &malformed->fault, sizeof(malformed->fault));
}

static void testify(struct witness *witness, const char *text, int64_t now_ns, uint16_t port)
{
	weir_decoder_feed(witness->decoder, &(struct weir_datagram){.bytes = (const uint8_t *)text,
	                                                            .length = (uint32_t)strlen(text),
	                                                            .received_ns = now_ns,
	                                                            .sender = {.port = port}});
}

/* Positions in any wrapping: may be left out. */
static void make_positions(char *out, size_t size, uint32_t dice)
{
	struct text position = position_of(MMSI + 1000 + dice % 3);
	struct text pghp = sentence("$PGHP,1,2010,6,11,11,46,11,390,231,45,992190934,1,2B");
	struct text block = tag(dice & 8 ? "g:1-2-33,s:west,c:1272412824" : "s:east,c:1272412824123");

	switch (dice % 5) {
	case 0:
		snprintf(out, size, "%s\r\n", position.bytes);
		break;
	case 1:
		snprintf(out, size, "%s%s\r\n", block.bytes, position.bytes);
		break;
	case 2:
		snprintf(out, size, "%s\r\n%s\r\n", pghp.bytes, position.bytes);
		break;
	case 3:
		snprintf(out, size, "%s%s%s%s", block.bytes, position.bytes, position.bytes, position.bytes);
		break;
	default:
		snprintf(out, size, "1272412824 %s,r003669945,1272412825", position.bytes);
	}
}

/* Parts, static data, noise: never left out. */
static void make_others(char *out, size_t size, uint32_t dice)
{
	char sequence[2] = {(char)('0' + dice % 3), '\0'};
	struct text part =
	        static_part(MMSI + dice % 5, "NOORDZEE", 1 + (int)(dice >> 3 & 1), 2, sequence, "A");
	struct text block = tag(dice & 16 ? "g:2-2-33" : "g:1-2-33,s:west,c:1272412824");

	switch (dice >> 5 & 3) {
	case 0:
	case 1:
		snprintf(out, size, "%s\r\n", part.bytes);
		break;
	case 2:
		snprintf(out, size, "%s%s\r\n", block.bytes, part.bytes);
		break;
	default:
		snprintf(out, size, "noise %u", dice);
	}
}

START_TEST(nobody_misses_the_positions_that_the_kernel_drops)
{
	const struct weir_decoder_options options = {.fragment_slots = 4};
	struct witness all = {.hash = 14695981039346656037u}, some = all;
	struct weir_decode_sink sink = {.message = witness_message, .malformed = witness_letter};
	int64_t now_ns = RECEIVED_NS;
	uint32_t random = 2027;

	printf("# seed %u\n", random);
	sink.context = &all;
	ck_assert_int_eq(weir_decoder_new(&all.decoder, &options, &sink), 0);
	sink.context = &some;
	ck_assert_int_eq(weir_decoder_new(&some.decoder, &options, &sink), 0);
	for (int i = 0; i < 30000; i++) {
		char text[8192];

		random = random * 1664525 + 1013904223;
		uint32_t dice = random >> 8;
		uint16_t port = (uint16_t)(dice >> 10 & 1);
		bool dropped = dice >> 11 & 1;

		now_ns += (dice >> 12 & 255) * INT64_C(5000000);
		if (dropped)
			make_positions(text, sizeof(text), dice);
		else
			make_others(text, sizeof(text), dice);
		testify(&all, text, now_ns, port);
		if (!dropped)
			testify(&some, text, now_ns, port);
		if (dice % 101 == 0) {
			weir_decoder_advance(all.decoder, now_ns);
			weir_decoder_advance(some.decoder, now_ns);
		}
		ck_assert_uint_eq(all.hash, some.hash);
	}
	ck_assert_uint_eq(all.said, some.said);
	ck_assert_uint_gt(all.said, 10000);
	weir_decoder_free(all.decoder);
	weir_decoder_free(some.decoder);
}
END_TEST

/* Recordings */

static const struct {
	const char *path;
	unsigned int messages_min; /* what a decoder that has its senses finds in it */
	unsigned int lost_max;     /* letters */
} recordings[] = {
        {"../shared/corpus/denmark-2010.nmea", 4000, 20},
        {"../shared/corpus/puget-sound.nmea", 12500, 250},
        {"../shared/corpus/tag-blocks.nmea", 11, 3},
};

START_TEST(the_sums_hold_over_a_recording)
{
	FILE *file = fopen(recordings[_i].path, "rb");
	struct weir_lines *lines;
	struct ear ear;
	size_t got;

	if (file == NULL)
		return; /* main() has said so */
	ck_assert_int_eq(weir_lines_new(&lines), 0);
	ear_open(&ear);
	do {
		struct weir_datagram datagram;
		size_t room;
		uint8_t *into = weir_lines_room(lines, &room);

		got = fread(into, 1, room, file);
		weir_lines_added(lines, got);
		while (weir_lines_next(lines, &datagram)) {
			ear_feed(&ear, datagram.bytes, datagram.length);
			ear_check_sums(&ear);
		}
	} while (got > 0);
	ck_assert_uint_ge(ear.message_count, recordings[_i].messages_min);
	ck_assert_uint_le(ear.letter_count, recordings[_i].lost_max);
	ear_close(&ear);
	weir_lines_free(lines);
	fclose(file);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decoder");
	TCase *tcase = tcase_create("decoder");

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, every_malformed_thing_is_one_dead_letter_with_its_bytes, 0,
	                    sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(tcase, a_position_or_an_mmsi_out_of_range_is_malformed);
	tcase_add_test(tcase, a_datagram_is_one_dead_letter_however_many_faults_it_has);
	tcase_add_test(tcase, the_plain_case_says_what_the_general_way_says);
	tcase_add_test(tcase, a_datagram_of_64_kilobytes_is_read_to_its_end);
	tcase_add_test(tcase, noise_is_never_a_message);
	tcase_add_test(tcase, a_type_without_a_decoder_is_counted_and_not_malformed);
	tcase_add_test(tcase, nobody_misses_the_positions_that_the_kernel_drops);
	tcase_add_test(tcase, impossible_options_are_refused);
	tcase_add_test(tcase, every_fault_has_a_name_that_is_a_subject_token);
	for (int i = 0; i < (int)(sizeof(recordings) / sizeof(recordings[0])); i++) {
		FILE *file = fopen(recordings[i].path, "rb");

		if (file == NULL) {
			printf("ok 0 - the sums hold over a recording # SKIP %s is not here\n",
			       recordings[i].path);
			continue;
		}
		fclose(file);
		tcase_add_loop_test(tcase, the_sums_hold_over_a_recording, i, i + 1);
	}
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
