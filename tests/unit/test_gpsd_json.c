/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * gpsd's JSON: whole lines for messages with known fields, numbers against printf over their whole range,
 * and the pairing of message 24. The comparison with gpsdecode itself is an end-to-end test.
 */
#include "suite.h"

#include <weir/gpsd.h>

#include "ais_random.h"
#include "decode/gpsd_text.h"

static const struct weir_ais under_way = {
        .type = 1,
        .mmsi = 244660000,
        .layout = WEIR_AIS_LAYOUT_position_a,
        .position_a = {.status = 0,
                       .turn = -20,
                       .sog = 123,
                       .accuracy = true,
                       .longitude = 2430741,
                       .latitude = -31192594,
                       .cog = 2314,
                       .heading = 230,
                       .second = 12,
                       .raim = true,
                       .radio = 34017},
};

static const struct weir_ais nothing_known = {
        .type = 3,
        .repeat = 3,
        .mmsi = 2,
        .layout = WEIR_AIS_LAYOUT_position_a,
        .position_a = {.status = 15,
                       .turn = -128,
                       .sog = 1023,
                       .longitude = WEIR_LONGITUDE_NOT_AVAILABLE,
                       .latitude = WEIR_LATITUDE_NOT_AVAILABLE,
                       .cog = 3600,
                       .heading = 511,
                       .second = 60},
};

static const struct weir_ais voyage = {
        .type = 5,
        .mmsi = 244660000,
        .layout = WEIR_AIS_LAYOUT_static_a,
        .static_a = {.imo = 9134270,
                     .version = 2,
                     .call_sign = "PA\\1\"",
                     .name = "WEIR",
                     .ship_type = 70,
                     .to_bow = 100,
                     .to_stern = 20,
                     .to_port = 9,
                     .to_starboard = 10,
                     .epfd = 1,
                     .month = 5,
                     .day = 15,
                     .hour = 24,
                     .minute = 60,
                     .draught = 122,
                     .destination = "ROTTERDAM"},
};

static const struct weir_ais class_b = {
        .type = 18,
        .mmsi = 244123456,
        .layout = WEIR_AIS_LAYOUT_position_b,
        .position_b = {.sog = 1023,
                       .longitude = -1,
                       .latitude = 600000,
                       .cog = 5,
                       .heading = 0,
                       .cs = true,
                       .radio = 917510},
};

static const struct weir_ais far_away = {
        .type = 27,
        .mmsi = 244660000,
        .layout = WEIR_AIS_LAYOUT_long_range,
        .long_range =
                {.status = 5, .longitude = -92521, .latitude = 52239, .sog = 57, .cog = 167, .late = true},
};

#define BEGIN "{\"class\":\"AIS\",\"device\":\"stdin\",\"type\":"

static const struct {
	const char *name;
	const struct weir_ais *ais;
	bool scaled;
	const char *line;
} lines[] = {
        {"a position, scaled", &under_way, true,
         BEGIN
         "1,\"repeat\":0,\"mmsi\":244660000,\"scaled\":true,\"status\":0,\"status_text\":\"Under way using "
         "engine\",\"turn\":\"-17.86\",\"speed\":12.3,\"accuracy\":true,\"lon\":4.0512350,\"lat\":-51."
         "9876567,"
         "\"course\":231.4,\"heading\":230,\"second\":12,\"maneuver\":0,\"raim\":true,\"radio\":34017}\r\n"},
        {"a position, unscaled", &under_way, false,
         BEGIN
         "1,\"repeat\":0,\"mmsi\":244660000,\"scaled\":false,\"status\":0,\"status_text\":\"Under way using "
         "engine\",\"turn\":-20,\"speed\":123,\"accuracy\":true,\"lon\":2430741,\"lat\":-31192594,"
         "\"course\":2314,\"heading\":230,\"second\":12,\"maneuver\":0,\"raim\":true,\"radio\":34017}\r\n"},
        {"a position that is not available", &nothing_known, true,
         BEGIN
         "3,\"repeat\":3,\"mmsi\":2,\"scaled\":true,\"status\":15,\"status_text\":\"Not defined\",\"turn\":"
         "\"n/a\",\"speed\":\"n/"
         "a\",\"accuracy\":false,\"lon\":181.0000000,\"lat\":91.0000000,\"course\":360.0,"
         "\"heading\":511,\"second\":60,\"maneuver\":0,\"raim\":false,\"radio\":0}\r\n"},
        {"static data with characters that JSON escapes", &voyage, true,
         BEGIN
         "5,\"repeat\":0,\"mmsi\":244660000,\"scaled\":true,\"imo\":9134270,\"ais_version\":2,\"callsign\":"
         "\"PA\\\\1\\\"\",\"shipname\":\"WEIR\",\"shiptype\":70,\"shiptype_text\":\"Cargo - all ships of "
         "this "
         "type\",\"to_bow\":100,\"to_stern\":20,\"to_port\":9,\"to_starboard\":10,\"epfd\":1,\"epfd_text\":"
         "\"GPS\",\"eta\":\"05-15T24:60Z\",\"draught\":12.2,\"destination\":\"ROTTERDAM\",\"dte\":0}\r\n"},
        {"class B, whose speed is a number even when not available", &class_b, true,
         BEGIN "18,\"repeat\":0,\"mmsi\":244123456,\"scaled\":true,\"reserved\":0,\"speed\":102.3,"
               "\"accuracy\":false,"
               "\"lon\":-0.0000017,\"lat\":1.0000000,\"course\":0.5,\"heading\":0,\"second\":0,\"regional\":"
               "0,\"cs\":"
               "true,\"display\":false,\"dsc\":false,\"band\":false,\"msg22\":false,\"raim\":false,\"radio\":"
               "917510}"
               "\r\n"},
        {"a long-range position, scaled", &far_away, true,
         BEGIN
         "27,\"repeat\":0,\"mmsi\":244660000,\"scaled\":true,\"status\":5,\"status_text\":\"Moored\","
         "\"accuracy\":false,\"lon\":-154.2017,\"lat\":87.0650,\"speed\":57,\"course\":167,\"raim\":false,"
         "\"gnss\":true}\r\n"},
        {"a long-range position, unscaled", &far_away, false,
         BEGIN
         "27,\"repeat\":0,\"mmsi\":244660000,\"scaled\":false,\"status\":5,\"accuracy\":false,\"lon\":-92521,"
         "\"lat\":52239,\"speed\":57,\"course\":167,\"raim\":false,\"gnss\":true}\r\n"},
};

START_TEST(a_message_becomes_the_line_that_gpsdecode_prints)
{
	struct weir_gpsd gpsd = {.scaled = lines[_i].scaled};
	char line[WEIR_GPSD_LINE_MAX];
	size_t length = weir_gpsd_json(&gpsd, lines[_i].ais, 'A', line);

	line[length] = '\0';
	ck_assert_msg(strcmp(line, lines[_i].line) == 0, "%s:\n%s%s", lines[_i].name, line, lines[_i].line);
}
END_TEST

typedef char *put(char *to, int32_t value);

static void compare(put *form, int32_t value, double divisor, int decimals)
{
	char ours[32], theirs[32];

	*form(ours, value) = '\0';
	snprintf(theirs, sizeof(theirs), "%.*f", decimals, value / divisor);
	if (strcmp(ours, theirs) != 0) /* a ck_assert for each of millions takes minutes */
		ck_assert_str_eq(ours, theirs);
}

START_TEST(numbers_are_rounded_as_printf_rounds_them)
{
	struct ais_random random = {20261122};

	for (int32_t value = -110000; value < 110000; value++) {
		compare(gpsd_coarse, value, 600.0, 4);
		compare(gpsd_coarse_long, value, 600.0, 6);
		compare(gpsd_tenths, value, 10.0, 1);
		compare(gpsd_hundredths, value, 100.0, 2);
		compare(gpsd_fine, value, 600000.0, 7);
		compare(gpsd_thousandth, value, 60000.0, 6);
	}
	for (int i = 0; i < 300000; i++) {
		compare(gpsd_fine, (int32_t)ais_random_signed(&random, 28), 600000.0, 7);
		compare(gpsd_thousandth, (int32_t)ais_random_signed(&random, 25), 60000.0, 6);
	}
}
END_TEST

START_TEST(integers_of_every_length_are_printed)
{
	char ours[32], theirs[32];

	for (uint64_t value = 0; value <= UINT32_MAX; value += value / 37 + 1) {
		*gpsd_unsigned(ours, (uint32_t)value) = '\0';
		snprintf(theirs, sizeof(theirs), "%u", (unsigned int)value);
		ck_assert_str_eq(ours, theirs);
		*gpsd_signed(ours, (int32_t)value) = '\0';
		snprintf(theirs, sizeof(theirs), "%d", (int)(int32_t)value);
		ck_assert_str_eq(ours, theirs);
	}
}
END_TEST

START_TEST(the_rate_of_turn_is_the_square_of_its_root)
{
	struct weir_ais ais = under_way;
	struct weir_gpsd gpsd = {.scaled = true};

	for (int turn = -126; turn <= 126; turn++) {
		char line[WEIR_GPSD_LINE_MAX], expected[32];
		double root = turn / 4.733;

		ais.position_a.turn = (int8_t)turn;
		line[weir_gpsd_json(&gpsd, &ais, 'A', line)] = '\0';
		snprintf(expected, sizeof(expected), "\"turn\":\"%.2f\",",
		         turn < 0 ? -root * root : root * root);
		ck_assert_msg(strstr(line, expected) != NULL, "%s is not in %s", expected, line);
	}
}
END_TEST

START_TEST(every_random_message_fits_a_line_and_is_ascii)
{
	struct weir_gpsd gpsd = {.scaled = true, .split = true};
	struct ais_random random = {20261122};

	for (int i = 0; i < 50000; i++) {
		char line[2 * WEIR_GPSD_LINE_MAX];
		struct weir_ais ais;

		ais_random_message(&random, (uint8_t)(1 + i % 28), &ais);
		gpsd.scaled = i % 2 != 0;
		size_t length = weir_gpsd_json(&gpsd, &ais, 'A', line);
		ck_assert_uint_gt(length, 0);
		ck_assert_uint_lt(length, WEIR_GPSD_LINE_MAX);
		size_t printable = 0;
		while (printable < length - 2 && line[printable] >= ' ' && line[printable] < 127)
			printable++;
		ck_assert_uint_eq(printable, length - 2);
	}
}
END_TEST

static struct weir_ais name_of(uint32_t mmsi, const char *name)
{
	struct weir_ais ais = {.type = 24, .mmsi = mmsi, .layout = WEIR_AIS_LAYOUT_static_b_name};

	snprintf(ais.static_b_name.name, sizeof(ais.static_b_name.name), "%s", name);
	return ais;
}

static struct weir_ais details_of(uint32_t mmsi)
{
	struct weir_ais ais = {.type = 24, .mmsi = mmsi, .layout = WEIR_AIS_LAYOUT_static_b_details};

	ais.static_b_details.part = 1;
	ais.static_b_details.to_bow = 1;
	return ais;
}

START_TEST(the_parts_of_a_24_are_printed_together_once)
{
	struct weir_gpsd gpsd = {.scaled = true};
	struct weir_ais name = name_of(244000001, "ONE"), details = details_of(244000001),
	                other = details_of(244000002);
	char line[WEIR_GPSD_LINE_MAX];

	ck_assert_uint_eq(weir_gpsd_json(&gpsd, &details, 'A', line), 0);
	ck_assert_uint_eq(weir_gpsd_json(&gpsd, &name, 'A', line), 0);
	ck_assert_uint_eq(weir_gpsd_json(&gpsd, &other, 'A', line), 0);
	ck_assert_uint_eq(weir_gpsd_json(&gpsd, &details, 'B', line), 0);
	line[weir_gpsd_json(&gpsd, &details, 'A', line)] = '\0';
	ck_assert_ptr_nonnull(strstr(line, "\"scaled\":true,\"shipname\":\"ONE\",\"shiptype\":0,"));
	ck_assert_ptr_nonnull(strstr(line, ",\"to_bow\":1,"));
	ck_assert_uint_eq(weir_gpsd_json(&gpsd, &details, 'A', line), 0);
}
END_TEST

START_TEST(the_parts_of_a_24_are_printed_apart_when_asked)
{
	struct weir_gpsd gpsd = {.scaled = true, .split = true};
	struct weir_ais name = name_of(244000001, "ONE"), details = details_of(244000002);
	char line[WEIR_GPSD_LINE_MAX];

	line[weir_gpsd_json(&gpsd, &name, 'A', line)] = '\0';
	ck_assert_ptr_nonnull(strstr(line, ",\"part\":\"A\",\"shipname\":\"ONE\"}"));
	line[weir_gpsd_json(&gpsd, &details, 'A', line)] = '\0';
	ck_assert_ptr_nonnull(strstr(line, ",\"part\":\"B\",\"shiptype\":0,"));
}
END_TEST

START_TEST(an_auxiliary_craft_names_its_mother_ship)
{
	struct weir_gpsd gpsd = {.scaled = true, .split = true};
	struct weir_ais ais = details_of(982446600);
	char line[WEIR_GPSD_LINE_MAX];
	uint32_t mother = 244660000;

	ais.static_b_details.to_bow = (uint16_t)(mother >> 21);
	ais.static_b_details.to_stern = (uint16_t)(mother >> 12 & 511);
	ais.static_b_details.to_port = (uint8_t)(mother >> 6 & 63);
	ais.static_b_details.to_starboard = (uint8_t)(mother & 63);
	ck_assert_uint_eq(weir_ais_mothership(&ais.static_b_details), mother);
	line[weir_gpsd_json(&gpsd, &ais, 'A', line)] = '\0';
	ck_assert_ptr_nonnull(strstr(line, ",\"mothership_mmsi\":244660000}"));
	ck_assert_ptr_null(strstr(line, "to_bow"));
}
END_TEST

static Suite *gpsd_suite(void)
{
	Suite *suite = suite_create("gpsd's JSON");
	TCase *tests = tcase_create("lines");

	tcase_set_timeout(tests, 60);
	tcase_add_loop_test(tests, a_message_becomes_the_line_that_gpsdecode_prints, 0,
	                    sizeof(lines) / sizeof(lines[0]));
	tcase_add_test(tests, numbers_are_rounded_as_printf_rounds_them);
	tcase_add_test(tests, integers_of_every_length_are_printed);
	tcase_add_test(tests, the_rate_of_turn_is_the_square_of_its_root);
	tcase_add_test(tests, every_random_message_fits_a_line_and_is_ascii);
	tcase_add_test(tests, the_parts_of_a_24_are_printed_together_once);
	tcase_add_test(tests, the_parts_of_a_24_are_printed_apart_when_asked);
	tcase_add_test(tests, an_auxiliary_craft_names_its_mother_ship);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return suite_main(gpsd_suite());
}
