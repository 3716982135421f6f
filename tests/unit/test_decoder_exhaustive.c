/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small domains, tried whole: every byte at every place of a sentence and of its TAG block, every length of
 * every type. What comes out is held against a second opinion, by_the_book.h, so that no verdict is wrong
 * in silence.
 */
#include "suite.h"

#include "by_the_book.h"
#include "crafted.h"

/* What one datagram added to what an ear has heard. */
struct said {
	unsigned int messages, letters;
	uint64_t undecoded, parts, others;
	const struct weir_message *message; /* the latest one */
};

static struct said sum_up(const struct ear *ear)
{
	const struct weir_decode_counters *c = weir_decoder_counters(ear->decoder);

	return (struct said){
	        .messages = ear->message_count,
	        .letters = ear->letter_count,
	        .undecoded = sum_of(c->undecoded, 64),
	        .parts = c->sentences[WEIR_SENTENCE_FRAGMENT],
	        .others = c->sentences[WEIR_SENTENCE_UNSUPPORTED],
	};
}

static struct said say(struct ear *ear, const void *bytes, uint32_t length)
{
	struct said before = sum_up(ear);

	ear_feed(ear, bytes, length);
	weir_decoder_flush(ear->decoder); /* nothing reaches into the next datagram */
	ear_check_sums(ear);
	struct said after = sum_up(ear);

	return (struct said){
	        .messages = after.messages - before.messages,
	        .letters = after.letters - before.letters,
	        .undecoded = after.undecoded - before.undecoded,
	        .parts = after.parts - before.parts,
	        .others = after.others - before.others,
	        .message = &ear->messages[(after.messages - 1) % 64],
	};
}

static void check_report(const struct said *said, const struct book *book)
{
	struct weir_report report;

	weir_message_report(said->message, &report);
	ck_assert_uint_eq(report.message, book->type);
	ck_assert_uint_eq(report.mmsi, book->mmsi);
	ck_assert_int_eq((report.has & WEIR_HAS_POSITION) != 0, book->has_position);
	if (book->has_position) {
		ck_assert(report.longitude_deg == book->longitude_deg);
		ck_assert(report.latitude_deg == book->latitude_deg);
	}
}

/* What was said of one sentence must be what the book says. A part that is alone is lost: a letter. */
static void check_verdict(const struct said *said, const struct book *book, const char *what, unsigned int a,
                          unsigned int b)
{
	bool lost = book->verdict == BOOK_BAD || book->verdict == BOOK_PART;

	ck_assert_msg(said->messages == (book->verdict == BOOK_MESSAGE) && said->letters == lost &&
	                      said->undecoded == (book->verdict == BOOK_UNDECODED) &&
	                      said->parts == (book->verdict == BOOK_PART) &&
	                      said->others == (book->verdict == BOOK_OTHER),
	              "%s %u, %u: %u messages, %u letters, book %d", what, a, b, said->messages,
	              said->letters, book->verdict);
	if (said->messages == 1)
		check_report(said, book);
}

/* Every byte at every place */

/*
 * The checksum holds for no other byte than the right one, but where the byte is not under it: the start, the
 * case of the checksum, the line's end.
 */
START_TEST(a_byte_that_is_changed_never_gives_another_message)
{
	struct text text = position_of(MMSI);
	struct ear ear;

	memcpy(text.bytes + text.length, "\r\n", 2);
	text.length += 2;
	ear_open(&ear);
	ear_feed(&ear, text.bytes, text.length);
	ck_assert_uint_eq(ear.message_count, 1);
	struct weir_ais good = ear.messages[0].ais;

	for (uint32_t place = 0; place < text.length; place++)
		for (unsigned int byte = 0; byte < 256; byte++) {
			struct text changed = text;

			changed.bytes[place] = (char)byte;
			struct said said = say(&ear, changed.bytes, changed.length);

			if (place < text.length - 2) {
				struct book book =
				        book_sentence((uint8_t *)changed.bytes, changed.length - 2);

				check_verdict(&said, &book, "byte, place", byte, place);
			} else { /* junk behind the sentence is a fault of its own, or no junk at all */
				ck_assert_uint_eq(said.messages, 1);
			}
			if (said.messages == 1)
				ck_assert_mem_eq(&said.message->ais, &good, sizeof(good));
		}
	ear_close(&ear);
}
END_TEST

/*
 * The same with the checksum made good again: another message, a part of one, a sentence of another kind, or
 * none. Of both the plain case and the general way, to which a blank before the sentence leads.
 */
START_TEST(a_byte_that_is_changed_under_a_good_checksum_gives_what_the_book_says)
{
	struct text text = position_of(MMSI);
	unsigned int verdicts[BOOK_BAD + 1] = {0};
	struct ear ear;

	ear_open(&ear);
	for (unsigned int blank = 0; blank < 2; blank++)
		for (uint32_t place = 1; place < text.length - 3; place++)
			for (unsigned int byte = 0; byte < 256; byte++) {
				struct text changed = text;
				unsigned int sum = 0;
				char datagram[300] = " ";

				changed.bytes[place] = (char)byte;
				for (uint32_t i = 1; i < text.length - 3; i++)
					sum ^= (uint8_t)changed.bytes[i];
				snprintf(changed.bytes + text.length - 3, 4, "*%02X", sum);
				struct book book = book_sentence((uint8_t *)changed.bytes, changed.length);

				memcpy(datagram + blank, changed.bytes, changed.length);
				struct said said = say(&ear, datagram, changed.length + blank);

				check_verdict(&said, &book, blank ? "general: byte, place" : "byte, place",
				              byte, place);
				verdicts[book.verdict]++;
			}
	ear_close(&ear);
	printf("# %u messages, %u undecoded, %u parts, %u of other kinds, %u bad\n", verdicts[BOOK_MESSAGE],
	       verdicts[BOOK_UNDECODED], verdicts[BOOK_PART], verdicts[BOOK_OTHER], verdicts[BOOK_BAD]);
	for (int i = 0; i <= BOOK_BAD; i++)
		ck_assert_uint_gt(verdicts[i], 10);
}
END_TEST

/* The sentence stands on its own, whatever has become of its TAG block. */
START_TEST(a_byte_that_is_changed_in_a_tag_block_costs_no_more_than_the_block)
{
	struct text full = tag("g:1-2-33,s:west,c:1272412824");
	struct text position = position_of(MMSI);
	uint32_t block = full.length;
	unsigned int kept = 0;
	struct ear ear;

	memcpy(full.bytes + full.length, position.bytes, position.length);
	full.length += position.length;
	ear_open(&ear);
	for (uint32_t place = 0; place < block; place++)
		for (unsigned int byte = 0; byte < 256; byte++) {
			struct text changed = full;

			changed.bytes[place] = (char)byte;
			struct said said = say(&ear, changed.bytes, changed.length);

			ck_assert_msg(said.messages == 1, "byte %u at %u", byte, place);
			ck_assert_uint_eq(said.message->ais.mmsi, MMSI);
			bool has_time = said.message->time_source == WEIR_TIME_TAG;
			bool has_station = strcmp(said.message->station, "west") == 0;
			bool whole =
			        changed.bytes[place] == full.bytes[place] ||
			        (place + 3 >= block && place + 1 < block && /* the checksum's case */
			         (byte | 0x20) == (unsigned int)(full.bytes[place] | 0x20) && byte > '9');

			ck_assert_msg(has_time == whole && has_station == whole, "byte %u at %u", byte,
			              place);
			if (!has_station)
				ck_assert_str_eq(said.message->station, "");
			kept += whole;
		}
	ck_assert_uint_ge(kept, block);
	ear_close(&ear);
}
END_TEST

START_TEST(truncation_at_every_length_is_a_fault)
{
	struct text full = tag("s:west,c:1272412824");
	struct text position = position_of(MMSI);
	struct ear ear;

	memcpy(full.bytes + full.length, position.bytes, position.length);
	full.length += position.length;
	for (uint32_t length = 0; length <= full.length; length++) {
		ear_open(&ear);
		ear_feed(&ear, full.bytes, length);
		bool tag_alone = length == full.length - position.length;

		ck_assert_msg(ear.message_count == (length == full.length), "%u bytes", length);
		ck_assert_msg(ear.letter_count == (length != full.length && !tag_alone), "%u bytes", length);
		ear_close(&ear);
	}
}
END_TEST

/* Every length of every type */

/* As many characters a sentence as fit, and half of that: then 19 and the like are in two sentences. */
static const unsigned int part_characters[] = {60, 28};

/* So many bits, random but for the type and an MMSI that somebody has, and now and then for a good position.
 */
static void random_bits(struct crafted *bits, uint32_t *random, uint32_t type, unsigned int count)
{
	int64_t degree;
	unsigned int place = book_place(type, &degree);

	memset(bits, 0, sizeof(*bits));
	for (unsigned int i = 0; i < count; i++) {
		*random = *random * 1664525 + 1013904223;
		bits->bits[i] = (uint8_t)(*random >> 31);
	}
	bits->count = 0;
	put(bits, 6, type);
	bits->count = 8;
	put(bits, 8, 0x0d);                     /* 30 bits that begin so lie between 200 and 300 million */
	if (place != 0 && *random >> 30 != 0) { /* three times of four, degrees of two digits */
		bits->count = place;
		put(bits, degree == 600 ? 18 : 28, (int)(*random >> 24) * degree / 3);
		put(bits, degree == 600 ? 17 : 27, -(int)(*random >> 25) * degree / 2);
	}
	memset(bits->bits + count, 0, sizeof(bits->bits) - count);
	bits->count = count;
}

/* The message as a datagram: one sentence, or as many as it needs, each on its line. */
static uint32_t write_sentences(char *out, size_t size, const struct crafted *bits, unsigned int each)
{
	char payload[300];
	unsigned int fill = armour_text(payload, bits);
	unsigned int characters = (unsigned int)strlen(payload);
	unsigned int total = (characters + each - 1) / each;
	uint32_t length = 0;

	for (unsigned int number = 1; number <= total; number++) {
		struct text line =
		        sentence("!AIVDM,%u,%u,%s,A,%.*s,%u", total, number, total > 1 ? "4" : "", (int)each,
		                 payload + (number - 1) * each, number == total ? fill : 0);

		ck_assert_uint_lt(length + line.length + 2, size);
		memcpy(out + length, line.bytes, line.length);
		memcpy(out + length + line.length, "\r\n", 2);
		length += line.length + 2;
	}
	return length;
}

/* From the sentence to the report. (0 bits make no sentence: its payload would be empty.) */
START_TEST(every_length_of_a_type_gives_what_the_book_says)
{
	uint32_t type = (uint32_t)_i, random = type + 1;
	unsigned int verdicts[BOOK_BAD + 1] = {0};
	bool known = type >= 1 && type <= 28;
	struct ear ear;

	ear_open(&ear);
	for (unsigned int count = 1; count <= 1070; count++)
		for (int i = 0; i < 2; i++) {
			char datagram[2048];
			struct crafted bits;

			random_bits(&bits, &random, type, count);
			uint32_t length =
			        write_sentences(datagram, sizeof(datagram), &bits, part_characters[i]);
			struct book book = book_message(bits.bits, count);
			struct said said = say(&ear, datagram, length);

			verdicts[book.verdict]++;
			if (count <= 6 * part_characters[i]) {
				check_verdict(&said, &book, "type, bits", type, count);
				continue;
			}
			/* The parts of a bad message are letters too. */
			ck_assert_msg(said.messages == (book.verdict == BOOK_MESSAGE), "%u bits", count);
			ck_assert_int_eq(said.letters > 0, book.verdict == BOOK_BAD);
			ck_assert_uint_eq(said.undecoded, book.verdict == BOOK_UNDECODED);
			if (said.messages == 1)
				check_report(&said, &book);
		}
	ear_close(&ear);
	ck_assert_uint_gt(verdicts[BOOK_BAD], 50);
	ck_assert_int_eq(verdicts[BOOK_MESSAGE] > 3, known);
	ck_assert_int_eq(verdicts[BOOK_UNDECODED] > 3, !known || type == 24);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("decoder, exhaustively");
	TCase *tcase = tcase_create("exhaustive");

	tcase_set_timeout(tcase, 240);
	tcase_add_test(tcase, a_byte_that_is_changed_never_gives_another_message);
	tcase_add_test(tcase, a_byte_that_is_changed_under_a_good_checksum_gives_what_the_book_says);
	tcase_add_test(tcase, a_byte_that_is_changed_in_a_tag_block_costs_no_more_than_the_block);
	tcase_add_test(tcase, truncation_at_every_length_is_a_fault);
	tcase_add_loop_test(tcase, every_length_of_a_type_gives_what_the_book_says, 0, 64);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
