/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small domains, tried as a whole: every AIS type, every length, every byte value at every place of a
 * sentence and of its TAG block. The kernel and the native build must agree, and what they drop the engine
 * must ignore.
 */
#include "suite.h"

#include "frames.h"
#include "rig.h"
#include "witness.h"

#define SHIP 244660000u
#define LONGITUDE (10 * 600000 + 1234)
#define LATITUDE (52 * 600000 + 4321)

static struct witness witness;
static struct weir_area *area;
static uint8_t frame[4096];
static uint64_t dropped, judged;

static void open_engine(void)
{
	ck_assert_int_eq(witness_open(&witness, &(struct weir_engine_options){.area = area,
	                                                                      .max_devices = 64,
	                                                                      .decoder = {.fixes = true}}),
	                 0);
}

/* Of the plain frame. */
static struct weir_address sender(void)
{
	struct weir_address address = {.port = FRAME_SOURCE_PORT};

	frame_source(address.ip, &(struct shape){.ip = 4});
	return address;
}

/* One datagram through everything. Returns its reason. */
static int judge(const char *bytes, uint32_t length)
{
	rig_forget();
	int reason = rig_judge(frame, make_plain_frame(frame, bytes, length));
	struct trace before = witness_trace(&witness);

	ck_assert_int_ge(reason, 0);
	weir_engine_feed(witness.engine, &(struct weir_datagram){.bytes = (const uint8_t *)bytes,
	                                                         .length = length,
	                                                         .received_ns = 1700000000000000000,
	                                                         .sender = sender()});
	struct trace after = witness_trace(&witness);
	judged++;
	if (reason >= WEIR_REASON_DROPS) {
		dropped++;
		ck_assert_msg(was_ignored(before, after), "dropped, and not ignored: %.*s", (int)length,
		              bytes);
	}
	/* Each datagram is to meet an engine that knows nobody, as the kernel has forgotten as well. */
	if (after.follows != before.follows || after.gps != before.gps || after.parts != before.parts) {
		witness_close(&witness);
		open_engine();
	}
	return reason;
}

static uint32_t sentence(char *out, uint32_t type, uint32_t bits, const char *end)
{
	struct payload payload;
	bool coarse = type == 17 || type == 27;

	make_report(&payload, bits, type, SHIP, coarse ? LONGITUDE / 1000 : LONGITUDE,
	            coarse ? LATITUDE / 1000 : LATITUDE);
	return make_sentence(out, 400, "!AIVDM,1,1,,A,", &payload, end);
}

static void set_up(void)
{
	static const struct weir_box box = {-40, -40, -39, -39};

	ck_assert_int_eq(weir_area_new(&area, &box, 1, NULL), 0);
	open_engine();
	rig_fill_area(WEIR_CELL_EMPTY);
	dropped = judged = 0;
}

static void tear_down(void)
{
	witness_close(&witness);
	weir_area_free(area);
}

START_TEST(the_types_with_a_position_are_dropped_outside)
{
	char text[400];

	for (uint32_t type = 0; type < 64; type++) {
		bool expected = type == 1 || type == 2 || type == 3 || type == 4 || type == 9 || type == 11 ||
		                type == 17 || type == 18 || type == 27 || type == 28;
		int reason = judge(text, sentence(text, type, 168, "\r\n"));

		ck_assert_msg((reason == WEIR_REASON_OUTSIDE) == expected, "type %u: reason %d", type,
		              reason);
	}
	ck_assert_int_eq(judge(text, sentence(text, 19, 312, "\r\n")), WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(judge(text, sentence(text, 21, 272, "\r\n")), WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(judge(text, sentence(text, 27, 96, "\r\n")), WEIR_REASON_OUTSIDE);
	ck_assert_int_eq(judge(text, sentence(text, 17, 80, "\r\n")), WEIR_REASON_OUTSIDE);
}
END_TEST

START_TEST(every_length_of_every_type)
{
	char text[400];

	for (uint32_t type = 0; type < 32; type++)
		for (uint32_t bits = 1; bits <= 440; bits++)
			judge(text, sentence(text, type, bits, "\r\n"));
	ck_assert_uint_gt(dropped, 500);
}
END_TEST

START_TEST(the_lengths_on_the_air_are_dropped)
{
	static const uint32_t lengths[] = {149, 163, 168, 186, 204};
	static const char *const ends[] = {"\r\n", "\n", "", "\r"};
	char text[400];

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		for (size_t end = 0; end < 4; end++)
			ck_assert_int_eq(judge(text, sentence(text, 1, lengths[i], ends[end])),
			                 WEIR_REASON_OUTSIDE);
}
END_TEST

/* Each byte of text becomes each value, with the checksum that it has and with the one that would be right.
 */
static void try_every_byte(const char *text, uint32_t length, uint32_t begin)
{
	char changed[400];

	for (uint32_t at = 0; at < length; at++) {
		for (unsigned int value = 0; value < 256; value++) {
			memcpy(changed, text, length);
			changed[at] = (char)value;
			judge(changed, length);
			if (at > begin) {
				mend_checksum(changed + begin, length - begin);
				judge(changed, length);
			} else if (at < begin && begin > 0) {
				mend_checksum(changed, begin);
				judge(changed, length);
			}
		}
	}
}

START_TEST(every_byte_at_every_place_of_a_sentence)
{
	static const struct {
		uint32_t type, bits;
		const char *end;
	} cases[] = {{1, 168, "\r\n"}, {18, 168, "\n"},   {1, 163, ""},    {19, 312, "\r\n"},
	             {27, 96, "\r\n"}, {21, 272, "\r\n"}, {17, 80, "\r\n"}};
	char text[400];

	try_every_byte(text, sentence(text, cases[_i].type, cases[_i].bits, cases[_i].end), 0);
	ck_assert_uint_gt(dropped, 100);
}
END_TEST

START_TEST(every_byte_at_every_place_of_a_tag_block)
{
	static const char *const bodies[] = {"s:rtm,c:1700000000", "c:1700000000,s:a_longer_name,n:42,d:x"};
	char text[400];
	uint32_t tag = (uint32_t)snprintf(text, sizeof(text), "\\%s*%02X\\", bodies[_i],
	                                  xor_of(bodies[_i], strlen(bodies[_i])));

	try_every_byte(text, tag + sentence(text + tag, 1, 168, "\r\n"), tag);
	ck_assert_uint_gt(dropped, 500);
}
END_TEST

/* Of a device outside that nobody follows: with its place, and what comes with it. */
static const char *const gps_sentences[] = {
        "$GPRMC,221320.00,A,5200.4321,N,01000.1234,E,5.004,77.52,141123,,,A",
        "$GPGGA,221320.00,5200.43210,N,01000.12340,E,1,08,1.01,499.6,M,48.0,M,,",
        "$GNGLL,5200.4321,N,01000.1234,E,221320.00,A,A",
        "$GNGNS,221320.00,5200.4321,N,01000.1234,E,AA,12,1.0,40.1,45.6,,",
        "$GPVTG,77.52,T,,M,5.004,N,,K,A",
        "$GPZDA,221320.00,14,11,2023,00,00",
        "$GPHDT,77.5,T",
};

START_TEST(every_byte_at_every_place_of_a_gps_sentence)
{
	const char *body = gps_sentences[_i];
	char text[400];
	uint32_t length = (uint32_t)snprintf(text, sizeof(text), "%s*%02X\r\n", body,
	                                     xor_of(body + 1, strlen(body) - 1));

	ck_assert_int_ge(judge(text, length), WEIR_REASON_DROPS);
	try_every_byte(text, length, 0);
	ck_assert_uint_gt(dropped, 100);
}
END_TEST

/* Where no sentence comes after it, the decoder makes a dead letter of what it can't read. */
START_TEST(every_byte_at_every_place_of_a_tag_block_behind_all_sentences)
{
	static const char *const ends[] = {"", "\r\n", "\n\r\n"};
	static const char body[] = "s:rtm,g:1-2-33,c:1700000000";
	char text[400], changed[400];
	uint32_t tag = sentence(text, 1, 168, "\r\n");
	uint32_t length = tag + (uint32_t)snprintf(text + tag, sizeof(text) - tag, "\\%s*%02X\\%s", body,
	                                           xor_of(body, sizeof(body) - 1), ends[_i]);

	for (uint32_t at = tag; at < length; at++)
		for (unsigned int value = 0; value < 256; value++) {
			memcpy(changed, text, length);
			changed[at] = (char)value;
			judge(changed, length);
			mend_checksum(changed + tag, length - tag);
			judge(changed, length);
		}
	ck_assert_uint_gt(judged, 10000);
}
END_TEST

START_TEST(two_lines_with_every_byte_between_them)
{
	char text[400];

	for (unsigned int value = 0; value < 256; value++) {
		uint32_t length = sentence(text, 1, 168, "");

		text[length++] = (char)value;
		length += sentence(text + length, 18, 168, "\r\n");
		int reason = judge(text, length);
		ck_assert_msg((reason == WEIR_REASON_OUTSIDE) ==
		                      (value == '\n' || value == '\r' || value == ','),
		              "%u: %d", value, reason);
	}
}
END_TEST

static const struct {
	const char *name;
	int32_t longitude, latitude;
	enum weir_reason reason;
} positions[] = {
        {"longitude not available", 108600000, LATITUDE, WEIR_REASON_NO_POSITION},
        {"latitude not available", LONGITUDE, 54600000, WEIR_REASON_NO_POSITION},
        {"neither available", 108600000, 54600000, WEIR_REASON_NO_POSITION},
        {"a unit less than not available", 108599999, LATITUDE, WEIR_REASON_POSITION},
        {"a unit beyond 180 E", 108000001, LATITUDE, WEIR_REASON_POSITION},
        {"a unit beyond 180 W", -108000001, LATITUDE, WEIR_REASON_POSITION},
        {"a unit beyond the north pole", LONGITUDE, 54000001, WEIR_REASON_POSITION},
        {"a unit beyond the south pole", LONGITUDE, -54000001, WEIR_REASON_POSITION},
        {"the largest numbers", 134217727, 67108863, WEIR_REASON_POSITION},
        {"the least numbers", -134217728, -67108864, WEIR_REASON_POSITION},
        {"180 E", 108000000, LATITUDE, WEIR_REASON_OUTSIDE},
        {"180 W", -108000000, LATITUDE, WEIR_REASON_OUTSIDE},
        {"the north pole", LONGITUDE, 54000000, WEIR_REASON_OUTSIDE},
        {"the south pole", LONGITUDE, -54000000, WEIR_REASON_OUTSIDE},
        {"0, 0", 0, 0, WEIR_REASON_OUTSIDE},
};

START_TEST(positions_at_their_limits)
{
	struct payload payload;
	char text[400];

	make_report(&payload, 168, 1, SHIP, positions[_i].longitude, positions[_i].latitude);
	int reason = judge(text, make_sentence(text, sizeof(text), "!AIVDM,1,1,,A,", &payload, "\r\n"));
	ck_assert_msg(reason == (int)positions[_i].reason, "%s: %d", positions[_i].name, reason);
}
END_TEST

START_TEST(identities_at_their_limits)
{
	static const struct {
		uint32_t mmsi;
		enum weir_reason reason;
	} cases[] = {{0, WEIR_REASON_IDENTITY},          {1, WEIR_REASON_OUTSIDE},
	             {999999999, WEIR_REASON_OUTSIDE},   {1000000000, WEIR_REASON_IDENTITY},
	             {1073741823, WEIR_REASON_IDENTITY}, {970000000, WEIR_REASON_DISTRESS}};
	struct payload payload;
	char text[400];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_report(&payload, 168, 1, cases[i].mmsi, LONGITUDE, LATITUDE);
		uint32_t length = make_sentence(text, sizeof(text), "!AIVDM,1,1,,A,", &payload, "\r\n");
		ck_assert_int_eq(judge(text, length), cases[i].reason);
	}
}
END_TEST

START_TEST(a_status_of_distress_passes_in_the_types_that_have_one)
{
	struct payload payload;
	char text[400];

	for (uint32_t type = 1; type < 28; type++) {
		if (place_of(type).at == 0 || type == 17) /* its position begins there */
			continue;
		uint32_t at = type == 27 ? 40 : 38;
		uint32_t bits = type == 19 ? 312 : type == 21 ? 272 : 168;

		make_report(&payload, bits, type, SHIP, 0, 0);
		set_bits_of(&payload, at, 4, 14);
		uint32_t length = make_sentence(text, sizeof(text), "!AIVDM,1,1,,A,", &payload, "\r\n");
		ck_assert_int_eq(judge(text, length),
		                 type <= 3 || type == 27 ? WEIR_REASON_DISTRESS : WEIR_REASON_OUTSIDE);
	}
}
END_TEST

/* How several sentences come in one datagram. */
static const struct {
	const char *name, *header, *tag_end, *end;
} packings[] = {
        {"CRLF", "", "", "\r\n"},
        {"LF", "", "", "\n"},
        {"CR", "", "", "\r"},
        {"nothing between", "", "", ""},
        {"a header before", "UdPbC", "", "\r\n"},
        {"TAG blocks on lines of their own, CRLF", "UdPbC", "\r\n", "\r\n"},
        {"TAG blocks on lines of their own, LF", "UdPbC", "\n", "\n"},
};

START_TEST(up_to_eight_sentences_with_tag_blocks_are_judged)
{
	static const uint32_t lengths[] = {168, 163, 204};
	char text[2000], tag[100];

	snprintf(tag, sizeof(tag), "\\g:1-8-77,s:a,c:1700000000*%02X\\",
	         xor_of("g:1-8-77,s:a,c:1700000000", 25));
	for (uint32_t tagged = 0; tagged < 4; tagged++)
		for (uint32_t count = 1; count <= 8; count++) {
			uint32_t length = 0;

			if (packings[_i].header[0])
				length = (uint32_t)sprintf(text, "%s", packings[_i].header) + 1;
			for (uint32_t i = 0; i < count; i++) {
				if (tagged == 1 || (tagged == 2 && i % 2) || (tagged == 3 && i == 0))
					length += (uint32_t)sprintf(text + length, "%s%s", tag,
					                            packings[_i].tag_end);
				length += sentence(text + length, 1, lengths[i % 3], packings[_i].end);
			}
			ck_assert_msg(judge(text, length) == WEIR_REASON_OUTSIDE, "%s: %u sentences",
			              packings[_i].name, count);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sentences");
	TCase *domains = tcase_create("domains"), *exhaustive = tcase_create("exhaustive");

	if (rig_open() != 0)
		return suite_skip("BPF programs can't be loaded here");
	tcase_add_checked_fixture(domains, set_up, tear_down);
	tcase_set_timeout(domains, 300);
	tcase_add_checked_fixture(exhaustive, set_up, tear_down);
	tcase_set_timeout(exhaustive, 300);
	tcase_set_tags(exhaustive, "exhaustive"); /* CK_EXCLUDE_TAGS leaves them out where time is short */
	tcase_add_test(domains, the_types_with_a_position_are_dropped_outside);
	tcase_add_test(exhaustive, every_length_of_every_type);
	tcase_add_test(domains, the_lengths_on_the_air_are_dropped);
	tcase_add_loop_test(exhaustive, every_byte_at_every_place_of_a_sentence, 0, 7);
	tcase_add_loop_test(exhaustive, every_byte_at_every_place_of_a_tag_block, 0, 2);
	tcase_add_loop_test(exhaustive, every_byte_at_every_place_of_a_gps_sentence, 0, 7);
	tcase_add_loop_test(exhaustive, every_byte_at_every_place_of_a_tag_block_behind_all_sentences, 0, 3);
	tcase_add_test(domains, two_lines_with_every_byte_between_them);
	tcase_add_loop_test(domains, positions_at_their_limits, 0, sizeof(positions) / sizeof(positions[0]));
	tcase_add_test(domains, identities_at_their_limits);
	tcase_add_test(domains, a_status_of_distress_passes_in_the_types_that_have_one);
	tcase_add_loop_test(domains, up_to_eight_sentences_with_tag_blocks_are_judged, 0,
	                    sizeof(packings) / sizeof(packings[0]));
	suite_add_tcase(suite, domains);
	suite_add_tcase(suite, exhaustive);
	int status = suite_main(suite);
	rig_close();
	return status;
}
