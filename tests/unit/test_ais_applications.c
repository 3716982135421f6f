/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Application specific messages: random ones of each application through the encoder and back, every length
 * of data, and what must stay hexadecimal.
 */
#include "suite.h"

#include <errno.h>
#include <time.h>
#include <weir/encode.h>
#include <weir/gpsd.h>

#include "asm_random.h"

static uint64_t seed;

static void choose_seed(void)
{
	const char *given = getenv("WEIR_SEED");

	seed = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
	printf("# WEIR_SEED=%llu\n", (unsigned long long)seed);
	fflush(stdout);
}

START_TEST(what_was_encoded_decodes_to_the_same_fields)
{
	const struct asm_application *application = &asm_applications[_i];
	struct ais_random random = {seed * 43 + (uint64_t)_i};

	for (int i = 0; i < 3000; i++) {
		uint8_t bytes[WEIR_AIS_BYTES_MAX];
		struct weir_asm sent, got;
		struct weir_ais ais, received;
		struct weir_bits bits = {.bytes = bytes};
		enum weir_fault fault;

		ck_assert_int_eq(asm_random_message(&random, application, &sent, &ais), 0);
		ck_assert_int_eq(weir_ais_encode(&ais, bytes, sizeof(bytes), &bits.count), 0);
		ck_assert_int_eq(weir_ais_decode(&received, &bits, &fault), 0);
		memset(&got, 0xa5, sizeof(got));
		ck_assert_int_eq(weir_asm_decode(&got, &received), 0);
		ck_assert(!got.truncated);
		const char *difference = asm_difference(&sent, &got);
		ck_assert_msg(difference == NULL, "%u/%u/%u message %d: %s", application->type,
		              application->dac, application->fid, i, difference);
	}
}
END_TEST

/* Every length of the data, with random bits: no crash, and a line of JSON either way. */
START_TEST(data_of_every_length_becomes_fields_or_stays_data)
{
	const struct asm_application *application = &asm_applications[_i];
	struct ais_random random = {seed * 47 + (uint64_t)_i};
	struct weir_gpsd gpsd = {.scaled = true};

	for (uint32_t bits = 0; bits <= 920; bits++) {
		struct weir_ais ais = {.type = application->type, .mmsi = 2};
		struct weir_asm out;
		char line[2 * WEIR_GPSD_LINE_MAX];
		uint8_t *data;

		if (application->type == 6) {
			ais.layout = WEIR_AIS_LAYOUT_binary_addressed;
			ais.binary_addressed.dac = application->dac;
			ais.binary_addressed.fid = application->fid;
			ais.binary_addressed.data_bits = (uint16_t)bits;
			data = ais.binary_addressed.data;
		} else {
			ais.layout = WEIR_AIS_LAYOUT_binary_broadcast;
			ais.binary_broadcast.dac = application->dac;
			ais.binary_broadcast.fid = application->fid;
			ais.binary_broadcast.data_bits = (uint16_t)bits;
			data = ais.binary_broadcast.data;
		}
		for (uint32_t i = 0; i < bits / 8; i++)
			data[i] = (uint8_t)ais_random_word(&random);
		int err = weir_asm_decode(&out, &ais);
		ck_assert(err == 0 || err == -EOPNOTSUPP);
		size_t length = weir_gpsd_json(&gpsd, &ais, 'A', line);
		ck_assert_uint_gt(length, 0);
		ck_assert_uint_lt(length, WEIR_GPSD_LINE_MAX);
	}
}
END_TEST

START_TEST(an_unknown_application_keeps_its_bits)
{
	struct weir_ais ais = {.type = 8, .mmsi = 2, .layout = WEIR_AIS_LAYOUT_binary_broadcast};
	struct weir_gpsd gpsd = {.scaled = true};
	struct weir_asm out;
	char line[WEIR_GPSD_LINE_MAX];

	ais.binary_broadcast.dac = 999;
	ais.binary_broadcast.fid = 63;
	ais.binary_broadcast.data_bits = 12;
	ais.binary_broadcast.data[0] = 0xab;
	ais.binary_broadcast.data[1] = 0xc0;
	ck_assert_int_eq(weir_asm_decode(&out, &ais), -EOPNOTSUPP);
	line[weir_gpsd_json(&gpsd, &ais, 'A', line)] = '\0';
	ck_assert_ptr_nonnull(strstr(line, ",\"dac\":999,\"fid\":63,\"data\":\"12:abc0\"}"));
	ais.layout = WEIR_AIS_LAYOUT_position_a;
	ck_assert_int_eq(weir_asm_decode(&out, &ais), -EINVAL);
}
END_TEST

START_TEST(an_application_in_a_single_slot_message_is_decoded_too)
{
	struct weir_ais ais = {.type = 25, .mmsi = 2, .layout = WEIR_AIS_LAYOUT_single_slot};
	struct weir_asm out;

	ais.single_slot.structured = true;
	ais.single_slot.addressed = true;
	ais.single_slot.application = 1 << 6 | 16;
	ais.single_slot.data_bits = 48;
	ais.single_slot.data[1] = 17 << 3;
	ck_assert_int_eq(weir_asm_decode(&out, &ais), 0);
	ck_assert_uint_eq(out.layout, WEIR_ASM_LAYOUT_persons);
	ck_assert_uint_eq(out.persons.persons, 17);
	ais.single_slot.structured = false;
	ck_assert_int_eq(weir_asm_decode(&out, &ais), -EINVAL);
}
END_TEST

START_TEST(data_that_ends_early_is_flagged)
{
	struct weir_ais ais = {.type = 8, .mmsi = 2, .layout = WEIR_AIS_LAYOUT_binary_broadcast};
	struct weir_asm out;

	ais.binary_broadcast.dac = 1;
	ais.binary_broadcast.fid = 31;
	ais.binary_broadcast.data_bits = 293;
	memset(ais.binary_broadcast.data, 0xff, 37);
	ck_assert_int_eq(weir_asm_decode(&out, &ais), 0);
	ck_assert(out.truncated);
	ais.binary_broadcast.data_bits = 294; /* the spare bits do not matter */
	ck_assert_int_eq(weir_asm_decode(&out, &ais), 0);
	ck_assert(!out.truncated);
}
END_TEST

static Suite *applications_suite(void)
{
	Suite *suite = suite_create("AIS applications");
	TCase *tests = tcase_create("applications");

	tcase_set_timeout(tests, 120);
	tcase_add_loop_test(tests, what_was_encoded_decodes_to_the_same_fields, 0, ASM_APPLICATIONS);
	tcase_add_loop_test(tests, data_of_every_length_becomes_fields_or_stays_data, 0, ASM_APPLICATIONS);
	tcase_add_test(tests, an_unknown_application_keeps_its_bits);
	tcase_add_test(tests, an_application_in_a_single_slot_message_is_decoded_too);
	tcase_add_test(tests, data_that_ends_early_is_flagged);
	suite_add_tcase(suite, tests);
	return suite;
}

int main(void)
{
	choose_seed();
	return suite_main(applications_suite());
}
