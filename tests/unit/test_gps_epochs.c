/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which GPS sentences are put together to one fix, and when it is complete.
 */
#include "gps_lines.h"

START_TEST(the_next_epoch_closes_the_one_before)
{
	struct ear ear;

	open_near(&ear, FIX_NS);
	feed_lines(&ear, RMC "\n" GGA "\n$GPRMC,110125.00,A,5159.3,N,00403.1,E,12.4,231.5,221126,,,A");
	ck_assert_uint_eq(ear.message_count, 1);
	ck_assert_uint_eq(ear.messages[0].fragments, 2);
	ck_assert_int_eq(ear.messages[0].time_ns, FIX_NS);
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_eq(ear.message_count, 2);
	ck_assert_int_eq(ear.messages[1].time_ns, FIX_NS + S);
	ear_close(&ear);
}
END_TEST

START_TEST(of_positions_the_last_counts_and_of_values_the_first)
{
	struct ear ear;

	open_near(&ear, FIX_NS);
	feed_lines(&ear, RMC "\n$GPGGA,110124.00,5200.0,N,00500.0,E,4,09,0.9,2.5,M,45.0,M,,\n"
	                     "$GPVTG,100,T,,M,5,N,,K,A");
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_eq(ear.message_count, 1);
	ck_assert_double_eq(ear.messages[0].fix.latitude_deg, 52);
	ck_assert_double_eq(ear.messages[0].fix.longitude_deg, 5);
	ck_assert_double_eq(ear.messages[0].fix.sog_kn, 12.3);
	ck_assert_int_eq(ear.messages[0].fix.mode, 'A');
	ear_close(&ear);
}
END_TEST

START_TEST(sources_do_not_mix)
{
	struct ear ear;

	open_near(&ear, FIX_NS);
	feed_lines(&ear, RMC);
	ear.sender.port++;
	feed_lines(&ear, GGA "\n" VTG);
	ear.sender.port--;
	struct text text = tag("s:truck-7");
	struct text gll = sentence("%s", GLL);

	memcpy(text.bytes + text.length, gll.bytes, gll.length);
	ear_feed(&ear, text.bytes, text.length + gll.length);
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_eq(ear.message_count, 3);
	ck_assert_uint_eq(ear.messages[0].fix.sentences, WEIR_FIX_RMC);
	ck_assert_uint_eq(ear.messages[1].fix.sentences, WEIR_FIX_GGA | WEIR_FIX_VTG);
	ck_assert_uint_eq(ear.messages[2].fix.sentences, WEIR_FIX_GLL);
	ck_assert_str_eq(ear.messages[2].station, "truck-7");
	ear_close(&ear);
}
END_TEST

/* VTG and HDT have no time: they belong to the fix that they follow closely, or, in one datagram, precede. */
START_TEST(a_sentence_without_a_time_finds_its_fix)
{
	struct text first = sentence("%s", VTG);
	struct text second = sentence("%s", HDT);
	struct text third = sentence("%s", GGA);
	char burst[600];
	struct ear ear;
	int length =
	        snprintf(burst, sizeof(burst), "%s\r\n%s\r\n%s\r\n", first.bytes, second.bytes, third.bytes);

	open_near(&ear, FIX_NS);
	feed_lines(&ear, "$GPGLL,5159.2,N,00403.0,E,110123,A,A");
	ear_feed(&ear, burst, (size_t)length);
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_eq(ear.message_count, 2);
	ck_assert_uint_eq(ear.messages[0].fix.sentences, WEIR_FIX_GLL);
	ck_assert_uint_eq(ear.messages[1].fix.sentences, WEIR_FIX_GGA | WEIR_FIX_VTG | WEIR_FIX_HDT);
	feed_lines(&ear, GGA);
	ear.now_ns += 501 * MS; /* too late: half of the time-out has passed */
	feed_lines(&ear, VTG);
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_eq(ear.messages[2].fix.sentences, WEIR_FIX_GGA);
	ear_close(&ear);
}
END_TEST

/*
 * What the kernel may drop must not be missed: fixes outside of the area. All that such sentences do is to
 * open and close epochs of their own source.
 */
START_TEST(an_epoch_leaves_nothing_behind)
{
	static const char inside[] = "$GPGLL,5159.2,N,00403.0,E,110130,A,A";
	struct ear with, without;

	open_near(&with, FIX_NS);
	open_near(&without, FIX_NS);
	feed_lines(&with, RMC);
	feed_lines(&with, VTG);
	feed_lines(&without, VTG);
	with.now_ns = without.now_ns += 6 * S;
	feed_lines(&with, inside);
	feed_lines(&without, inside);
	weir_decoder_flush(with.decoder);
	weir_decoder_flush(without.decoder);
	ck_assert_uint_eq(with.message_count, 2);
	ck_assert_uint_eq(without.message_count, 1);
	ck_assert_int_eq(with.messages[1].time_ns, without.messages[0].time_ns);
	ck_assert_mem_eq(&with.messages[1].fix, &without.messages[0].fix, sizeof(struct weir_fix));
	ear_close(&with);
	ear_close(&without);
}
END_TEST

/* Senders with an odd port are outside of the area: the kernel drops their positions, and nothing else. */
static void hear_inside(void *context, const struct weir_message *message)
{
	uint64_t *hash = context;

	if (message->datagram->sender.port & 1)
		return;
	*hash = (*hash ^ (uint64_t)message->time_ns) * 1099511628211u; /* FNV-1a, by words */
	*hash = (*hash ^ message->datagram->sender.port) * 1099511628211u;
	*hash = (*hash ^ message->fix.sentences) * 1099511628211u;
	*hash = (*hash ^ (uint64_t)message->datagram->received_ns) * 1099511628211u;
}

START_TEST(nobody_misses_the_fixes_that_the_kernel_drops)
{
	static const char *const positions[] = {
	        "$GPRMC,110000.00,A,5159.25940,N,00403.07400,E,12.3,231.4,221126,,,A",
	        "$GPGGA,110000.00,5159.25940,N,00403.07400,E,1,09,0.9,2.5,M,45.0,M,,",
	        "$GPGLL,5159.25940,N,00403.07400,E,110000.00,A,A",
	};
	static const char *const others[] = {VTG, HDT, "$GPZDA,110000.00,22,11,2026,00,00"};
	uint64_t hashes[2] = {14695981039346656037u, 14695981039346656037u};
	struct weir_decoder *decoders[2];
	uint32_t random = 2028;

	printf("# seed %u\n", random);
	for (int i = 0; i < 2; i++) {
		struct weir_decode_sink sink = {.context = &hashes[i], .message = hear_inside};

		ck_assert_int_eq(weir_decoder_new(&decoders[i], &with_fixes, &sink), 0);
	}
	for (int i = 0; i < 30000; i++) {
		random = random * 1664525 + 1013904223;
		uint32_t dice = random >> 8;
		int64_t now_ns = FIX_NS + i * 20 * MS;
		int second = i / 50 % 60, minute = i / 3000;
		bool is_position = dice & 1;
		struct weir_datagram datagram = {.received_ns = now_ns,
		                                 .sender = {.port = (uint16_t)(dice >> 1 & 7)}};
		char body[120];

		snprintf(body, sizeof(body), "%s", (is_position ? positions : others)[(dice >> 4) % 3]);
		char *time = strstr(body, "110000");
		char digits[12];

		snprintf(digits, sizeof(digits), "%02d%02d", minute, second);
		if (time != NULL)
			memcpy(time + 2, digits, 4);
		struct text text = sentence("%s", body);

		datagram.bytes = (const uint8_t *)text.bytes;
		datagram.length = text.length;
		weir_decoder_feed(decoders[0], &datagram);
		if (!is_position || (datagram.sender.port & 1) == 0)
			weir_decoder_feed(decoders[1], &datagram);
		for (int j = 0; j < 2 && dice % 11 == 0; j++)
			weir_decoder_advance(decoders[j], now_ns);
		ck_assert_uint_eq(hashes[0], hashes[1]);
	}
	ck_assert_uint_gt(weir_decoder_counters(decoders[1])->fixes, 1000);
	ck_assert_uint_gt(weir_decoder_counters(decoders[0])->fixes,
	                  weir_decoder_counters(decoders[1])->fixes);
	weir_decoder_free(decoders[0]);
	weir_decoder_free(decoders[1]);
}
END_TEST

START_TEST(the_table_of_epochs_is_bounded)
{
	struct weir_decoder_options options = {.fixes = true, .fix_slots = 4};
	struct ear ear;

	ear_open_with(&ear, &options);
	for (uint16_t port = 1; port <= 6; port++) {
		ear.sender.port = port;
		feed_lines(&ear, GLL);
	}
	ck_assert_uint_eq(ear.message_count, 2);
	ear_close(&ear);
	ck_assert_uint_eq(ear.message_count, 6);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gps epochs");
	TCase *tcase = tcase_create("gps epochs");

	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, the_next_epoch_closes_the_one_before);
	tcase_add_test(tcase, of_positions_the_last_counts_and_of_values_the_first);
	tcase_add_test(tcase, sources_do_not_mix);
	tcase_add_test(tcase, a_sentence_without_a_time_finds_its_fix);
	tcase_add_test(tcase, an_epoch_leaves_nothing_behind);
	tcase_add_test(tcase, nobody_misses_the_fixes_that_the_kernel_drops);
	tcase_add_test(tcase, the_table_of_epochs_is_bounded);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
