/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * GPS sentences and the fixes that they are, through the decoder. Which sentences become one fix is in
 * test_gps_epochs.c.
 */
#include "gps_lines.h"

static const struct {
	const char *name;
	const char *lines;
	uint32_t has;
	uint32_t sentences;
} fixes[] = {
        {"RMC", RMC, WEIR_FIX_HAS_SOG | WEIR_FIX_HAS_COG, WEIR_FIX_RMC},
        {"GGA", GGA, WEIR_FIX_HAS_ALTITUDE | WEIR_FIX_HAS_SATELLITES | WEIR_FIX_HAS_HDOP, WEIR_FIX_GGA},
        {"GLL", GLL, 0, WEIR_FIX_GLL},
        {"GNS", GNS, WEIR_FIX_HAS_ALTITUDE | WEIR_FIX_HAS_SATELLITES | WEIR_FIX_HAS_HDOP, WEIR_FIX_GNS},
        {"RMC and GGA", RMC "\n" GGA,
         WEIR_FIX_HAS_SOG | WEIR_FIX_HAS_COG | WEIR_FIX_HAS_ALTITUDE | WEIR_FIX_HAS_SATELLITES |
                 WEIR_FIX_HAS_HDOP,
         WEIR_FIX_RMC | WEIR_FIX_GGA},
        {"GGA and VTG", GGA "\n" VTG,
         WEIR_FIX_HAS_SOG | WEIR_FIX_HAS_COG | WEIR_FIX_HAS_ALTITUDE | WEIR_FIX_HAS_SATELLITES |
                 WEIR_FIX_HAS_HDOP,
         WEIR_FIX_GGA | WEIR_FIX_VTG},
        {"GLL and HDT", GLL "\n" HDT, WEIR_FIX_HAS_HEADING, WEIR_FIX_GLL | WEIR_FIX_HDT},
        {"ZDA and GLL", ZDA "\n" GLL, 0, WEIR_FIX_ZDA | WEIR_FIX_GLL},
        {"sentences of no use between", RMC "\n$GPGSV,1,1,00\n$GPGSA,A,1,,,,,,,,,,,,,,,\n" HDT,
         WEIR_FIX_HAS_SOG | WEIR_FIX_HAS_COG | WEIR_FIX_HAS_HEADING, WEIR_FIX_RMC | WEIR_FIX_HDT},
        {"another talker's sentences of the same epoch", RMC "\n" GNS,
         WEIR_FIX_HAS_SOG | WEIR_FIX_HAS_COG | WEIR_FIX_HAS_ALTITUDE | WEIR_FIX_HAS_SATELLITES |
                 WEIR_FIX_HAS_HDOP,
         WEIR_FIX_RMC | WEIR_FIX_GNS},
};

START_TEST(an_epoch_is_one_fix)
{
	const char *name = fixes[_i].name;
	struct ear ear;

	open_near(&ear, FIX_NS + 200 * MS);
	feed_lines(&ear, fixes[_i].lines);
	ck_assert_msg(ear.message_count == 0, "%s: too early", name);
	weir_decoder_advance(ear.decoder, ear.now_ns + S);
	ck_assert_msg(ear.message_count == 1 && ear.letter_count == 0, "%s: %u fixes, %u letters", name,
	              ear.message_count, ear.letter_count);
	const struct weir_message *message = &ear.messages[0];
	const struct weir_fix *fix = &message->fix;

	ck_assert_int_eq(message->kind, WEIR_MESSAGE_FIX);
	ck_assert_int_eq(message->time_source, WEIR_TIME_FIX);
	ck_assert_int_eq(message->time_ns, FIX_NS);
	ck_assert_msg(fix->has == fixes[_i].has, "%s: has %x", name, fix->has);
	ck_assert_msg(fix->sentences == fixes[_i].sentences, "%s: sentences %x", name, fix->sentences);
	ck_assert_double_eq_tol(fix->latitude_deg, 51.98765666666667, 1e-12);
	ck_assert_double_eq_tol(fix->longitude_deg, 4.051233333333333, 1e-12);
	ck_assert_int_eq(fix->mode, 'A');
	if (fix->has & WEIR_FIX_HAS_SOG)
		ck_assert_double_eq(fix->sog_kn, 12.3);
	if (fix->has & WEIR_FIX_HAS_COG)
		ck_assert_double_eq(fix->cog_deg, 231.4);
	if (fix->has & WEIR_FIX_HAS_HEADING)
		ck_assert_double_eq(fix->heading_deg, 230.1);
	if (fix->has & WEIR_FIX_HAS_ALTITUDE)
		ck_assert_double_eq(fix->altitude_m, 2.5);
	if (fix->has & WEIR_FIX_HAS_HDOP)
		ck_assert_double_eq(fix->hdop, 0.9);
	ear_close(&ear);
}
END_TEST

START_TEST(the_report_of_a_fix_is_in_the_units_of_rules)
{
	struct weir_report report;
	struct ear ear;

	open_near(&ear, FIX_NS);
	feed_lines(&ear, RMC "\n$HEHDT,359.6,T");
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_eq(ear.message_count, 1);
	weir_message_report(&ear.messages[0], &report);
	ck_assert_uint_eq(report.has, WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_COG | WEIR_HAS_HEADING);
	ck_assert_uint_eq(report.station_class, WEIR_CLASS_GPS);
	ck_assert_uint_eq(report.mmsi, 0);
	ck_assert_uint_eq(report.message, 0);
	ck_assert_uint_eq(report.heading_deg, 0);
	ck_assert_float_eq_tol(report.sog_kn, 12.3f, 1e-6f);
	ck_assert_double_eq_tol(report.latitude_deg, 51.98765666666667, 1e-12);
	ear_close(&ear);
}
END_TEST

static const struct {
	const char *name;
	const char *line;
	bool has_time;
} voids[] = {
        {"RMC with status V", "$GPRMC,110124.00,V,5159.25940,N,00403.07400,E,12.3,231.4,221126,,,A", true},
        {"RMC without anything", "$GPRMC,,V,,,,,,,,,,N", false},
        {"RMC without a status", "$GPRMC,110124.00,,5159.25940,N,00403.07400,E,12.3,231.4,221126,,,A", true},
        {"RMC with mode N", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,221126,,,N", true},
        {"RMC from a simulator", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,221126,,,S", true},
        {"RMC entered by hand", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,221126,,,M", true},
        {"RMC without a position", "$GPRMC,110124.00,A,,,,,12.3,231.4,221126,,,A", true},
        {"GGA with quality 0", "$GPGGA,110124.00,5159.25940,N,00403.07400,E,0,00,,,M,,M,,", true},
        {"GGA with quality 7", "$GPGGA,110124.00,5159.25940,N,00403.07400,E,7,09,0.9,2.5,M,45.0,M,,", true},
        {"GGA with quality 8", "$GPGGA,110124.00,5159.25940,N,00403.07400,E,8,09,0.9,2.5,M,45.0,M,,", true},
        {"GGA without a quality", "$GPGGA,110124.00,5159.25940,N,00403.07400,E,,09,0.9,2.5,M,45.0,M,,", true},
        {"GLL with status V", "$GPGLL,5159.25940,N,00403.07400,E,110124.00,V,N", true},
        {"GLL, empty", "$GPGLL,,,,,110124.00,V,N", true},
        {"GNS with no system", "$GNGNS,110124.00,5159.25940,N,00403.07400,E,NN,12,0.9,2.5,45.0,,", true},
        {"ZDA alone", ZDA, true},
        {"VTG alone", VTG, false},
        {"HDT alone", HDT, false},
};

START_TEST(a_void_fix_is_not_a_position)
{
	struct ear ear;

	open_near(&ear, FIX_NS);
	feed_lines(&ear, voids[_i].line);
	weir_decoder_flush(ear.decoder);
	ck_assert_msg(ear.message_count == 0, "%s", voids[_i].name);
	ck_assert_msg(ear.letter_count == 0, "%s", voids[_i].name);
	const uint64_t *sentences = counters(&ear)->sentences;
	ck_assert_msg(sentences[WEIR_SENTENCE_GPS] == voids[_i].has_time, "%s", voids[_i].name);
	ck_assert_msg(sentences[WEIR_SENTENCE_IGNORED] == !voids[_i].has_time, "%s", voids[_i].name);
	ck_assert_uint_eq(counters(&ear)->fixes, 0);
	ear_close(&ear);
}
END_TEST

START_TEST(a_void_sentence_makes_its_epoch_void)
{
	struct ear ear;

	open_near(&ear, FIX_NS);
	feed_lines(&ear, GGA "\n$GPRMC,110124.00,V,,,,,,,221126,,,N");
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_eq(ear.message_count, 0);
	ck_assert_uint_eq(counters(&ear)->fixes_void, 1);
	ear_close(&ear);
}
END_TEST

static const struct {
	const char *name;
	const char *line;
	enum weir_fault fault;
} faults[] = {
        {"RMC with a field too few", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,221126,",
         WEIR_FAULT_FIELDS},
        {"RMC with a field too many", RMC ",V,1", WEIR_FAULT_FIELDS},
        {"GGA with a field too few", "$GPGGA,110124.00,5159.25940,N,00403.07400,E,1,09,0.9,2.5,M,45.0,M,",
         WEIR_FAULT_FIELDS},
        {"thirty fields", "$GPRMC,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,", WEIR_FAULT_FIELDS},
        {"no fields", "$GPRMC", WEIR_FAULT_FIELDS},
        {"a time of five digits", "$GPGLL,5159.25940,N,00403.07400,E,11012,A,A", WEIR_FAULT_FIELDS},
        {"hour 24", "$GPGLL,5159.25940,N,00403.07400,E,240000,A,A", WEIR_FAULT_FIELDS},
        {"minute 60", "$GPGLL,5159.25940,N,00403.07400,E,116000,A,A", WEIR_FAULT_FIELDS},
        {"second 61", "$GPGLL,5159.25940,N,00403.07400,E,110161,A,A", WEIR_FAULT_FIELDS},
        {"letters in the time", "$GPGLL,5159.25940,N,00403.07400,E,1101x4,A,A", WEIR_FAULT_FIELDS},
        {"letters in the latitude", "$GPGLL,51x9.25940,N,00403.07400,E,110124,A,A", WEIR_FAULT_FIELDS},
        {"two points in the latitude", "$GPGLL,5159.25.40,N,00403.07400,E,110124,A,A", WEIR_FAULT_FIELDS},
        {"a point for a latitude", "$GPGLL,.,N,00403.07400,E,110124,A,A", WEIR_FAULT_FIELDS},
        {"a minus in the latitude", "$GPGLL,-5159.25,N,00403.07400,E,110124,A,A", WEIR_FAULT_FIELDS},
        {"60 minutes", "$GPGLL,5160.00000,N,00403.07400,E,110124,A,A", WEIR_FAULT_FIELDS},
        {"hemisphere X", "$GPGLL,5159.25940,X,00403.07400,E,110124,A,A", WEIR_FAULT_FIELDS},
        {"no hemisphere", "$GPGLL,5159.25940,,00403.07400,E,110124,A,A", WEIR_FAULT_FIELDS},
        {"no longitude", "$GPGLL,5159.25940,N,,,110124,A,A", WEIR_FAULT_FIELDS},
        {"status X", "$GPGLL,5159.25940,N,00403.07400,E,110124,X,A", WEIR_FAULT_FIELDS},
        {"mode X", "$GPGLL,5159.25940,N,00403.07400,E,110124,A,X", WEIR_FAULT_FIELDS},
        {"latitude over 90", "$GPGLL,9000.00001,N,00403.07400,E,110124,A,A", WEIR_FAULT_POSITION},
        {"longitude over 180", "$GPGLL,5159.25940,N,18000.00001,E,110124,A,A", WEIR_FAULT_POSITION},
        {"month 13", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,221326,,,A",
         WEIR_FAULT_FIELDS},
        {"February 30", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,300226,,,A",
         WEIR_FAULT_FIELDS},
        {"a date of five digits", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,231.4,22112,,,A",
         WEIR_FAULT_FIELDS},
        {"course 361", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,12.3,361,221126,,,A",
         WEIR_FAULT_FIELDS},
        {"a negative speed", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,-1,231.4,221126,,,A",
         WEIR_FAULT_FIELDS},
        {"letters in the speed", "$GPRMC,110124.00,A,5159.25940,N,00403.07400,E,fast,231.4,221126,,,A",
         WEIR_FAULT_FIELDS},
        {"a ZDA with half a date", "$GPZDA,110124.00,22,,2026,00,00", WEIR_FAULT_FIELDS},
        {"a heading of 400", "$HEHDT,400,T", WEIR_FAULT_FIELDS},
        {"quality X", "$GPGGA,110124.00,5159.25940,N,00403.07400,E,X,09,0.9,2.5,M,45.0,M,,",
         WEIR_FAULT_FIELDS},
        {"a thousand satellites", "$GPGGA,110124.00,5159.25940,N,00403.07400,E,1,1000,0.9,2.5,M,45.0,M,,",
         WEIR_FAULT_FIELDS},
};

START_TEST(a_gps_sentence_that_does_not_parse_is_malformed)
{
	struct ear ear;

	open_near(&ear, FIX_NS);
	feed_lines(&ear, faults[_i].line);
	weir_decoder_flush(ear.decoder);
	ck_assert_msg(ear.message_count == 0 && ear.letter_count == 1, "%s: %u fixes, %u letters",
	              faults[_i].name, ear.message_count, ear.letter_count);
	ck_assert_msg(ear.letters[0].fault == faults[_i].fault, "%s: %s", faults[_i].name,
	              weir_fault_name(ear.letters[0].fault));
	ear_close(&ear);
}
END_TEST

START_TEST(positions_are_exact)
{
	static const struct {
		const char *latitude, *north, *longitude, *east;
		double latitude_deg, longitude_deg;
	} cases[] = {
	        {"9000.0000", "N", "18000.0000", "E", 90, 180},
	        {"9000.0000", "S", "18000.0000", "W", -90, -180},
	        {"0000.0000", "N", "00000.0000", "E", 0, 0},
	        {"5930.0", "S", "00130", "W", -59.5, -1.5},
	        {"3.0", "N", "6.0", "E", 0.05, 0.1},
	        {"5505.330990123456", "N", "03858.587325", "E", 55.088849835390933, 38.97645541666667},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[120];
		struct ear ear;

		snprintf(line, sizeof(line), "$GPGLL,%s,%s,%s,%s,110124,A,A", cases[i].latitude,
		         cases[i].north, cases[i].longitude, cases[i].east);
		open_near(&ear, FIX_NS);
		feed_lines(&ear, line);
		weir_decoder_flush(ear.decoder);
		ck_assert_uint_eq(ear.message_count, 1);
		ck_assert_double_eq_tol(ear.messages[0].fix.latitude_deg, cases[i].latitude_deg, 1e-11);
		ck_assert_double_eq_tol(ear.messages[0].fix.longitude_deg, cases[i].longitude_deg, 1e-11);
		ear_close(&ear);
	}
}
END_TEST

START_TEST(a_fix_has_its_own_time)
{
	static const struct {
		const char *name;
		const char *lines;
		int64_t received_s, time_ms;
	} cases[] = {
	        {"the date of RMC", "$GPRMC,110124.25,A,5159.2,N,00403.0,E,,,310317,,,A", 1795345284,
	         1490958084250},
	        {"a year of the last century", "$GPRMC,110124,A,5159.2,N,00403.0,E,,,311299,,,A", 946638000,
	         946638084000},
	        {"the date of ZDA", "$GPZDA,110124,31,03,2017,,\n$GPGLL,5159.2,N,00403.0,E,110124,A,A",
	         1795345284, 1490958084000},
	        {"no date: the day of reception", "$GPGLL,5159.2,N,00403.0,E,110124,A,A", 1795345284,
	         1795345284000},
	        {"no date, received after midnight", "$GPGLL,5159.2,N,00403.0,E,235959,A,A", 1795305601,
	         1795305599000},
	        {"no date, received before midnight", "$GPGLL,5159.2,N,00403.0,E,000001,A,A", 1795305599,
	         1795305601000},
	        {"a leap second", "$GPRMC,235960,A,5159.2,N,00403.0,E,,,311216,,,A", 1483228800,
	         1483228800000},
	        {"no time at all: that of reception", "$GPGLL,5159.2,N,00403.0,E", 1795345284, 1795345284000},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ear ear;

		open_near(&ear, cases[i].received_s * S);
		feed_lines(&ear, cases[i].lines);
		weir_decoder_flush(ear.decoder);
		ck_assert_msg(ear.message_count == 1, "%s", cases[i].name);
		ck_assert_msg(ear.messages[0].time_ns == cases[i].time_ms * MS, "%s: %lld", cases[i].name,
		              (long long)ear.messages[0].time_ns);
		ear_close(&ear);
	}
}
END_TEST

START_TEST(a_receiver_whose_clock_lies_is_marked_where_a_bound_is_set)
{
	struct weir_decoder_options options = {.fixes = true, .clock_bound_ns = 3600 * S};
	struct ear ear;

	ear_open_with(&ear, &options);
	ear.now_ns = FIX_NS;
	feed_lines(&ear, RMC "\n$GPRMC,110125.00,A,5159.25940,N,00403.07400,E,12.3,231.4,080407,,,A");
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 0);
	ck_assert_uint_eq(ear.message_count, 2);
	ck_assert(!ear.messages[0].clock_off);
	ck_assert(ear.messages[1].clock_off);
}
END_TEST

START_TEST(without_the_option_gps_sentences_are_of_no_use)
{
	struct ear ear;

	ear_open(&ear);
	feed_lines(&ear, RMC "\n" GGA "\n$GPGLL,bad");
	ck_assert_uint_eq(counters(&ear)->sentences[WEIR_SENTENCE_UNSUPPORTED], 3);
	ear_close(&ear);
	ck_assert_uint_eq(ear.message_count + ear.letter_count, 0);
}
END_TEST

START_TEST(a_makers_own_sentence_is_no_rmc)
{
	struct ear ear;

	open_near(&ear, FIX_NS);
	feed_lines(&ear, "$PGRMC,A\n$PGRME,15.0,M,45.0,M,25.0,M");
	ck_assert_uint_eq(counters(&ear)->sentences[WEIR_SENTENCE_UNSUPPORTED], 2);
	ear_close(&ear);
	ck_assert_uint_eq(ear.letter_count, 0);
}
END_TEST

/* A byte changed under a checksum made good again: a fix, nothing, or a fault, and never out of range. */
START_TEST(every_byte_at_every_place_of_gps_sentences_is_accounted_for)
{
	static const char *const lines[] = {RMC, GGA, GLL, GNS, VTG, ZDA, HDT};
	struct ear ear;

	open_near(&ear, FIX_NS);
	for (size_t line = 0; line < sizeof(lines) / sizeof(lines[0]); line++)
		for (size_t place = 1; place < strlen(lines[line]); place++)
			for (int byte = 1; byte < 256; byte++) {
				char changed[120];

				snprintf(changed, sizeof(changed), "%s", lines[line]);
				changed[place] = (char)byte;
				struct text text = sentence("%s", changed);

				ear.message_count = ear.letter_count = 0;
				ear_feed(&ear, text.bytes, text.length);
				weir_decoder_flush(ear.decoder);
				ck_assert_uint_le(ear.message_count, 1);
				ck_assert_uint_le(ear.letter_count, 1);
				if (ear.message_count == 1) {
					ck_assert_double_le(fabs(ear.messages[0].fix.latitude_deg), 90);
					ck_assert_double_le(fabs(ear.messages[0].fix.longitude_deg), 180);
				}
			}
	weir_decoder_free(ear.decoder);
}
END_TEST

#define DRIVE "../shared/corpus/gps-track.nmea"

START_TEST(a_recorded_drive_is_a_course_of_fixes)
{
	FILE *file = fopen(DRIVE, "rb");
	struct weir_lines *lines;
	struct ear ear;
	size_t got;

	if (file == NULL)
		return; /* main() has said so */
	ck_assert_int_eq(weir_lines_new(&lines), 0);
	open_near(&ear, 0);
	do {
		struct weir_datagram datagram;
		size_t room;
		uint8_t *into = weir_lines_room(lines, &room);

		got = fread(into, 1, room, file);
		weir_lines_added(lines, got);
		while (weir_lines_next(lines, &datagram))
			ear_feed(&ear, datagram.bytes, datagram.length);
	} while (got > 0);
	weir_decoder_flush(ear.decoder);
	ck_assert_uint_ge(counters(&ear)->fixes, 990); /* of 995 times of day, a few void */
	ck_assert_uint_le(counters(&ear)->fixes, 995);
	ck_assert_uint_eq(ear.letter_count, 0);
	for (unsigned int i = ear.message_count - 63; i < ear.message_count; i++)
		ck_assert_int_gt(ear.messages[i % 64].time_ns, ear.messages[(i - 1) % 64].time_ns);
	ear_close(&ear);
	weir_lines_free(lines);
	fclose(file);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gps");
	TCase *tcase = tcase_create("gps");
	FILE *drive = fopen(DRIVE, "rb");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, an_epoch_is_one_fix, 0, sizeof(fixes) / sizeof(fixes[0]));
	tcase_add_test(tcase, the_report_of_a_fix_is_in_the_units_of_rules);
	tcase_add_loop_test(tcase, a_void_fix_is_not_a_position, 0, sizeof(voids) / sizeof(voids[0]));
	tcase_add_test(tcase, a_void_sentence_makes_its_epoch_void);
	tcase_add_loop_test(tcase, a_gps_sentence_that_does_not_parse_is_malformed, 0,
	                    sizeof(faults) / sizeof(faults[0]));
	tcase_add_test(tcase, positions_are_exact);
	tcase_add_test(tcase, a_fix_has_its_own_time);
	tcase_add_test(tcase, a_receiver_whose_clock_lies_is_marked_where_a_bound_is_set);
	tcase_add_test(tcase, without_the_option_gps_sentences_are_of_no_use);
	tcase_add_test(tcase, a_makers_own_sentence_is_no_rmc);
	tcase_add_test(tcase, every_byte_at_every_place_of_gps_sentences_is_accounted_for);
	if (drive != NULL) {
		fclose(drive);
		tcase_add_test(tcase, a_recorded_drive_is_a_course_of_fixes);
	} else {
		printf("ok 0 - a recorded drive is a course of fixes # SKIP %s is not here\n", DRIVE);
	}
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
