/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a message must be refused for, and what a report says of it: sentinels have no bit, units are exact.
 */
#include "suite.h"

#include <errno.h>
#include <weir/encode.h>

static struct weir_ais position_a(void)
{
	struct weir_ais ais = {.type = 1, .mmsi = 244660000, .layout = WEIR_AIS_LAYOUT_position_a};

	ais.position_a.longitude = 2430741;
	ais.position_a.latitude = 31192594;
	return ais;
}

static int decode(const struct weir_ais *ais, struct weir_ais *out, enum weir_fault *fault)
{
	uint8_t bytes[WEIR_AIS_BYTES_MAX];
	struct weir_bits bits = {.bytes = bytes};

	ck_assert_int_eq(weir_ais_encode(ais, bytes, sizeof(bytes), &bits.count), 0);
	return weir_ais_decode(out, &bits, fault);
}

static const struct {
	const char *name;
	int32_t longitude, latitude;
	bool refused;
} places[] = {
        {"the north-east corner of the world", 108000000, 54000000, false},
        {"the south-west corner of the world", -108000000, -54000000, false},
        {"not available", 108600000, 54600000, false},
        {"only the longitude not available", 108600000, 0, false},
        {"a unit too far east", 108000001, 0, true},
        {"a unit too far west", -108000001, 0, true},
        {"a unit too far north", 0, 54000001, true},
        {"a unit too far south", 0, -54000001, true},
        {"a unit beside not available", 108599999, 54600000, true},
        {"longitude 200", 120000000, 0, true},
        {"181 degrees west", -108600000, 0, true},
        {"the least that fits the field", -134217728, -67108864, true},
};

START_TEST(a_place_that_is_not_on_earth_is_refused)
{
	struct weir_ais ais = position_a(), got;
	enum weir_fault fault = WEIR_FAULTS;

	ais.position_a.longitude = places[_i].longitude;
	ais.position_a.latitude = places[_i].latitude;
	memset(&got, 0x5a, sizeof(got));
	int err = decode(&ais, &got, &fault);
	ck_assert_msg(err == (places[_i].refused ? -EBADMSG : 0), "%s: %d", places[_i].name, err);
	if (places[_i].refused) {
		ck_assert_int_eq(fault, WEIR_FAULT_POSITION);
		ck_assert_uint_eq(got.type, 0x5a); /* untouched */
	}
}
END_TEST

#define MOVE(member, place)                                                                                  \
	case WEIR_AIS_LAYOUT_##member:                                                                       \
		ais->member.longitude = place;                                                               \
		break

/* To 181 degrees west. */
static void move_off_earth(struct weir_ais *ais)
{
	switch (ais->layout) {
		MOVE(position_a, -108600000);
		MOVE(base_station, -108600000);
		MOVE(aircraft, -108600000);
		MOVE(position_b, -108600000);
		MOVE(extended_b, -108600000);
		MOVE(aid, -108600000);
		MOVE(aid_short, -108600000);
		MOVE(corrections, -108600);
		MOVE(long_range, -108600);
	default:
		break;
	}
}

START_TEST(every_type_with_a_position_has_it_checked)
{
	static const struct {
		uint8_t type, layout;
	} types[] = {
	        {1, WEIR_AIS_LAYOUT_position_a},   {2, WEIR_AIS_LAYOUT_position_a},
	        {3, WEIR_AIS_LAYOUT_position_a},   {4, WEIR_AIS_LAYOUT_base_station},
	        {9, WEIR_AIS_LAYOUT_aircraft},     {11, WEIR_AIS_LAYOUT_base_station},
	        {17, WEIR_AIS_LAYOUT_corrections}, {18, WEIR_AIS_LAYOUT_position_b},
	        {19, WEIR_AIS_LAYOUT_extended_b},  {21, WEIR_AIS_LAYOUT_aid},
	        {27, WEIR_AIS_LAYOUT_long_range},  {28, WEIR_AIS_LAYOUT_aid_short},
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct weir_ais ais = {.type = types[i].type, .mmsi = 2, .layout = types[i].layout}, got;
		enum weir_fault fault = WEIR_FAULTS;

		ck_assert_int_eq(decode(&ais, &got, &fault), 0);
		move_off_earth(&ais);
		ck_assert_msg(decode(&ais, &got, &fault) == -EBADMSG, "type %u", types[i].type);
		ck_assert_int_eq(fault, WEIR_FAULT_POSITION);
	}
}
END_TEST

START_TEST(an_mmsi_that_nobody_can_have_is_refused)
{
	static const struct {
		uint32_t mmsi;
		int result;
	} cases[] = {{0, -EBADMSG}, {1, 0}, {999999999, 0}, {1000000000, -EBADMSG}, {0x3fffffff, -EBADMSG}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct weir_ais ais = position_a(), got;
		enum weir_fault fault = WEIR_FAULTS;

		ais.mmsi = cases[i].mmsi;
		ck_assert_int_eq(decode(&ais, &got, &fault), cases[i].result);
		ck_assert_int_eq(fault, cases[i].result == 0 ? WEIR_FAULTS : WEIR_FAULT_IDENTITY);
	}
}
END_TEST

START_TEST(a_communication_state_that_is_cut_off_keeps_the_bits_that_came)
{
	struct weir_ais ais = position_a(), got;
	uint8_t bytes[WEIR_AIS_BYTES_MAX];
	struct weir_bits bits = {.bytes = bytes};
	enum weir_fault fault;

	ais.position_a.radio = 0x55555;
	ck_assert_int_eq(weir_ais_encode(&ais, bytes, sizeof(bytes), &bits.count), 0);
	for (bits.count = 168; bits.count >= 149; bits.count--) {
		if (bits.count % 8 != 0) /* what is behind the end is zero */
			bytes[bits.count / 8] &= (uint8_t)(0xff00 >> bits.count % 8);
		ck_assert_int_eq(weir_ais_decode(&got, &bits, &fault), 0);
		ck_assert_uint_eq(got.position_a.radio, 0x55555u >> (168 - bits.count));
		if (bits.count % 8 == 0)
			bytes[bits.count / 8 - 1] &= 0xfe;
	}
}
END_TEST

START_TEST(a_position_is_exact)
{
	struct weir_ais ais = position_a();
	struct weir_report report;

	ais.position_a.sog = 123;
	ais.position_a.cog = 2314;
	ais.position_a.heading = 230;
	ais.position_a.second = 59;
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.mmsi, 244660000);
	ck_assert_uint_eq(report.message, 1);
	ck_assert_uint_eq(report.station_class, WEIR_CLASS_A);
	ck_assert_uint_eq(report.has, WEIR_HAS_POSITION | WEIR_HAS_SOG | WEIR_HAS_COG | WEIR_HAS_HEADING |
	                                      WEIR_HAS_NAV_STATUS | WEIR_HAS_UTC_SECOND);
	ck_assert(report.longitude_deg == 2430741 / 600000.0);
	ck_assert(report.latitude_deg == 31192594 / 600000.0);
	ck_assert(report.sog_kn == 12.3f);
	ck_assert(report.cog_deg == 231.4f);
	ck_assert_uint_eq(report.heading_deg, 230);
	ck_assert_uint_eq(report.utc_second, 59);
}
END_TEST

START_TEST(what_is_not_available_has_no_bit)
{
	struct weir_ais ais = position_a();
	struct weir_report report;

	ais.position_a = (struct weir_ais_position_a){.status = 15,
	                                              .turn = -128,
	                                              .sog = 1023,
	                                              .longitude = WEIR_LONGITUDE_NOT_AVAILABLE,
	                                              .latitude = WEIR_LATITUDE_NOT_AVAILABLE,
	                                              .cog = 3600,
	                                              .heading = 511,
	                                              .second = 60};
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.has, 0);
	ais.position_a.longitude = 0; /* half a position is none */
	ais.position_a.cog = 4095;    /* reserved */
	ais.position_a.heading = 360; /* reserved */
	ais.position_a.second = 63;
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.has, 0);
	ais = (struct weir_ais){.type = 5, .mmsi = 2, .layout = WEIR_AIS_LAYOUT_static_a};
	ais.static_a.hour = 24;
	ais.static_a.minute = 60;
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.has, 0);
}
END_TEST

START_TEST(static_data_is_in_the_units_of_the_world)
{
	struct weir_ais ais = {.type = 5, .mmsi = 2, .layout = WEIR_AIS_LAYOUT_static_a};
	struct weir_report report;

	ais.static_a = (struct weir_ais_static_a){.imo = 9134270,
	                                          .call_sign = "PA1",
	                                          .name = "WEIR",
	                                          .ship_type = 70,
	                                          .to_bow = 511,
	                                          .to_starboard = 63,
	                                          .month = 12,
	                                          .day = 31,
	                                          .hour = 31,
	                                          .minute = 59,
	                                          .draught = 255,
	                                          .destination = "ROTTERDAM EUROPOORT "};
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.has, WEIR_HAS_NAME | WEIR_HAS_CALL_SIGN | WEIR_HAS_SHIP_TYPE |
	                                      WEIR_HAS_DIMENSIONS | WEIR_HAS_IMO | WEIR_HAS_DESTINATION |
	                                      WEIR_HAS_DRAUGHT | WEIR_HAS_ETA);
	ck_assert_str_eq(report.name, "WEIR");
	ck_assert_str_eq(report.call_sign, "PA1");
	ck_assert(report.draught_m == 25.5f);
	ck_assert_uint_eq(report.to_bow_m, 511);
	ck_assert_uint_eq(report.eta_hour, 31); /* is no hour */
	ck_assert_uint_eq(report.eta_minute, 59);
	ck_assert_uint_eq(report.reserved, WEIR_HAS_ETA);
}
END_TEST

/* Every value of a field: it is kept, and flagged where it has no meaning; the message is well formed anyway.
 */
START_TEST(what_is_reserved_is_kept_as_it_came_and_flagged)
{
	struct weir_reserved found[WEIR_AIS_RESERVED_MAX];
	struct weir_report report;

	for (uint16_t cog = 0; cog < 4096; cog++) {
		struct weir_ais ais = position_a();

		ais.position_a.cog = cog;
		weir_ais_report(&ais, &report);
		ck_assert_int_eq((report.has & WEIR_HAS_COG) != 0, cog < 3600);
		ck_assert_int_eq((report.reserved & WEIR_HAS_COG) != 0, cog > 3600);
		ck_assert_uint_eq(weir_ais_reserved(&ais, found), cog > 3600);
		if (cog <= 3600)
			continue;
		ck_assert_uint_eq(report.cog_raw, cog);
		ck_assert_str_eq(found[0].name, "cog");
		ck_assert_uint_eq(found[0].value, cog);
	}
	for (uint16_t heading = 0; heading < 512; heading++) {
		struct weir_ais ais = position_a();
		bool reserved = heading > 359 && heading < 511;

		ais.position_a.heading = heading;
		weir_ais_report(&ais, &report);
		ck_assert_int_eq((report.has & WEIR_HAS_HEADING) != 0, heading < 360);
		ck_assert_uint_eq(report.reserved, reserved ? WEIR_HAS_HEADING : 0);
		ck_assert_uint_eq(weir_ais_reserved(&ais, found), reserved);
		ck_assert_uint_eq(report.heading_raw, reserved ? heading : 0);
	}
	for (uint8_t status = 0; status < 16; status++) {
		struct weir_ais ais = position_a();
		bool reserved = status == 9 || status == 10 || status == 13;

		ais.position_a.status = status;
		weir_ais_report(&ais, &report);
		ck_assert_uint_eq(report.reserved, reserved ? WEIR_HAS_NAV_STATUS : 0);
		ck_assert_uint_eq(report.nav_status, status == 15 ? 0 : status);
		ck_assert_uint_eq(weir_ais_reserved(&ais, found), reserved);
	}
}
END_TEST

/* The ranges of M.1371-5, annex 8, tables 48, 52 and 53, written down once more. */
START_TEST(every_reserved_ship_type_and_part_of_a_date_is_flagged)
{
	static const struct {
		unsigned int first, last;
	} types[] = {{1, 19},  {25, 28}, {38, 39}, {45, 48},  {65, 68},
	             {75, 78}, {85, 88}, {95, 98}, {100, 255}};
	struct weir_reserved found[WEIR_AIS_RESERVED_MAX];
	struct weir_report report;

	for (unsigned int type = 0; type < 256; type++) {
		struct weir_ais ais = {.type = 24, .mmsi = 2, .layout = WEIR_AIS_LAYOUT_static_b_details};
		bool reserved = false;

		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
			reserved |= type >= types[i].first && type <= types[i].last;
		ais.static_b_details.ship_type = (uint8_t)type;
		weir_ais_report(&ais, &report);
		ck_assert_msg(report.reserved == (reserved ? WEIR_HAS_SHIP_TYPE : 0), "ship type %u", type);
		ck_assert_uint_eq(report.ship_type, type);
		ck_assert_uint_eq(weir_ais_reserved(&ais, found), reserved);
	}
	struct weir_ais ais = {.type = 5, .mmsi = 2, .layout = WEIR_AIS_LAYOUT_static_a};
	ais.static_a = (struct weir_ais_static_a){
	        .imo = 999999, .month = 13, .day = 1, .hour = 25, .minute = 61, .ship_type = 1, .epfd = 14};
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.has, WEIR_HAS_SHIP_TYPE | WEIR_HAS_IMO);
	ck_assert_uint_eq(report.reserved, WEIR_HAS_SHIP_TYPE | WEIR_HAS_IMO | WEIR_HAS_ETA);
	ck_assert_uint_eq(report.eta_month, 13);
	ck_assert_uint_eq(report.eta_hour, 25);
	ck_assert_uint_eq(report.eta_minute, 61);
	ck_assert_uint_eq(weir_ais_reserved(&ais, found), WEIR_AIS_RESERVED_MAX);
	ais.static_a = (struct weir_ais_static_a){
	        .imo = 1000000, .month = 12, .day = 31, .hour = 24, .minute = 60, .epfd = 15};
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.reserved, 0);
	ck_assert_uint_eq(weir_ais_reserved(&ais, found), 0);
}
END_TEST

START_TEST(coarse_positions_are_in_degrees)
{
	struct weir_ais ais = {.type = 27, .mmsi = 2, .layout = WEIR_AIS_LAYOUT_long_range};
	struct weir_report report;

	ais.long_range =
	        (struct weir_ais_long_range){.longitude = -108000, .latitude = 54000, .sog = 62, .cog = 359};
	weir_ais_report(&ais, &report);
	ck_assert(report.longitude_deg == -180.0);
	ck_assert(report.latitude_deg == 90.0);
	ck_assert(report.sog_kn == 62.0f);
	ck_assert(report.cog_deg == 359.0f);
	ais.long_range.sog = 63;
	ais.long_range.cog = 510;
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.reserved, WEIR_HAS_COG);
	ck_assert_uint_eq(report.cog_raw, 510);
	ais.long_range.cog = 511;
	ais.long_range.longitude = 108600;
	ais.long_range.status = 15;
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.has, 0);
}
END_TEST

START_TEST(a_mother_ship_is_not_taken_for_dimensions)
{
	struct weir_ais ais = {.type = 24, .mmsi = 982446600, .layout = WEIR_AIS_LAYOUT_static_b_details};
	struct weir_report report;

	ais.static_b_details.to_bow = 116;
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.has, 0);
	ais.mmsi = 244660000;
	weir_ais_report(&ais, &report);
	ck_assert_uint_eq(report.has, WEIR_HAS_DIMENSIONS);
	ck_assert_uint_eq(report.station_class, WEIR_CLASS_B);
}
END_TEST

START_TEST(the_name_of_an_aid_goes_on_behind_its_twenty_characters)
{
	struct weir_ais ais = {.type = 21, .mmsi = 992446600, .layout = WEIR_AIS_LAYOUT_aid}, got;
	static const char *const names[] = {"",
	                                    "BUOY",
	                                    "TWENTY CHARACTERS 20",
	                                    "TWENTY CHARACTERS 20 AND MORE",
	                                    "BLANK AT THE TWENTY  X",
	                                    "THIRTY-FOUR CHARACTERS, ALL OF THEM"};
	struct weir_report report;
	enum weir_fault fault;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(ais.aid.name, sizeof(ais.aid.name), "%s", names[i]);
		ck_assert_int_eq(decode(&ais, &got, &fault), 0);
		ck_assert_str_eq(got.aid.name, names[i]);
		weir_ais_report(&got, &report);
		ck_assert_str_eq(report.name, names[i]);
		ck_assert_uint_eq(report.station_class, WEIR_CLASS_ATON);
	}
}
END_TEST

static Suite *report_suite(void)
{
	Suite *suite = suite_create("AIS report");
	TCase *tests = tcase_create("report");

	tcase_add_loop_test(tests, a_place_that_is_not_on_earth_is_refused, 0,
	                    sizeof(places) / sizeof(places[0]));
	tcase_add_test(tests, every_type_with_a_position_has_it_checked);
	tcase_add_test(tests, an_mmsi_that_nobody_can_have_is_refused);
	tcase_add_test(tests, a_communication_state_that_is_cut_off_keeps_the_bits_that_came);
	tcase_add_test(tests, a_position_is_exact);
	tcase_add_test(tests, what_is_not_available_has_no_bit);
	tcase_add_test(tests, static_data_is_in_the_units_of_the_world);
	tcase_add_test(tests, what_is_reserved_is_kept_as_it_came_and_flagged);
	tcase_add_test(tests, every_reserved_ship_type_and_part_of_a_date_is_flagged);
	tcase_add_test(tests, coarse_positions_are_in_degrees);
	tcase_add_test(tests, a_mother_ship_is_not_taken_for_dimensions);
	tcase_add_test(tests, the_name_of_an_aid_goes_on_behind_its_twenty_characters);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	return suite_main(report_suite());
}
