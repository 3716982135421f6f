/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose GPS sentences count: of a device that the engine does not follow, each by itself and only from the
 * first place inside on. The area is a box of a degree; the device is the sender.
 */
#include "suite.h"

#include <stdio.h>
#include <string.h>

#include "bpf/witness.h"

#define SECOND INT64_C(1000000000)
#define START_NS (INT64_C(1700000000) * SECOND) /* 22:13:20 */

static struct weir_area *area;
static struct witness witness;
static int64_t now_ns;

static void set_up(void)
{
	static const struct weir_box box = {4, 51, 5, 52};

	now_ns = START_NS;
	ck_assert_int_eq(weir_area_new(&area, &box, 1, NULL), 0);
	ck_assert_int_eq(witness_open(&witness, &(struct weir_engine_options){.area = area,
	                                                                      .decoder = {.fixes = true}}),
	                 0);
}

static void tear_down(void)
{
	witness_close(&witness);
	weir_area_free(area);
}

/* Sentences without checksums, separated by blanks; @ in them is the time of day. Every port is one source.
 */
static void hear(uint16_t port, const char *sentences)
{
	char datagram[1024], copy[512];
	int length = 0;
	int64_t seconds = now_ns / SECOND % 86400;

	snprintf(copy, sizeof(copy), "%s", sentences);
	for (char *rest, *one = strtok_r(copy, " ", &rest); one != NULL; one = strtok_r(NULL, " ", &rest)) {
		char sentence[200];
		unsigned int sum = 0;
		char *at = strchr(one, '@');

		snprintf(sentence, sizeof(sentence), "%.*s%02d%02d%02d%s",
		         at != NULL ? (int)(at - one) : (int)strlen(one), one, (int)(seconds / 3600),
		         (int)(seconds / 60 % 60), (int)(seconds % 60), at != NULL ? at + 1 : "");
		if (at == NULL)
			sentence[strlen(one)] = '\0';
		for (char *c = sentence + 1; *c != '\0'; c++)
			sum ^= (unsigned char)*c;
		length += snprintf(datagram + length, sizeof(datagram) - (size_t)length, "%s*%02X\r\n",
		                   sentence, sum);
	}
	weir_engine_feed(witness.engine,
	                 &(struct weir_datagram){.bytes = (const uint8_t *)datagram,
	                                         .length = (uint32_t)length,
	                                         .received_ns = now_ns,
	                                         .sender = {{[10] = 0xff, 0xff, 10, 0, 0, 1}, port}});
}

static void pass_time(int64_t seconds)
{
	now_ns += seconds * SECOND;
	weir_engine_advance(witness.engine, now_ns);
}

static const struct weir_decode_counters *decoded(void)
{
	return weir_engine_decode_counters(witness.engine);
}

static uint64_t devices(void)
{
	return weir_engine_counters(witness.engine)->devices;
}

#define RMC_IN "$GPRMC,@,A,5130.000,N,00430.000,E,5.5,90.0,,,,A"
#define RMC_OUT "$GPRMC,@,A,5130.000,N,00630.000,E,5.5,90.0,,,,A"
#define RMC_VOID "$GPRMC,@,V,,,,,,,,,,N"
#define GGA_IN "$GPGGA,@,5130.000,N,00430.000,E,1,08,0.9,2.5,M,45.0,M,,"
#define GGA_OUT "$GPGGA,@,5130.000,N,00630.000,E,1,08,0.9,2.5,M,45.0,M,,"
#define VTG "$GPVTG,90.0,T,,M,5.5,N,10.2,K,A"
#define ZDA "$GPZDA,@,14,11,2023,00,00"
#define HDT "$GPHDT,90.0,T"

static const struct {
	const char *name, *sentences;
	uint64_t ignored, used, fixes, voids, devices;
} epochs[] = {
        {"inside", RMC_IN " " GGA_IN " " VTG, 0, 3, 1, 0, 1},
        {"outside", RMC_OUT " " GGA_OUT " " VTG, 3, 0, 0, 0, 0},
        {"nothing but a time and a course", ZDA " " VTG " " HDT, 3, 0, 0, 0, 0},
        {"course and date before the place", VTG " " ZDA " " GGA_IN, 2, 1, 1, 0, 1},
        {"course before the place", VTG " " GGA_IN, 0, 2, 1, 0, 1},
        {"outside and then inside", RMC_OUT " " GGA_IN, 1, 1, 1, 0, 1},
        {"inside and then outside", RMC_IN " " GGA_OUT, 0, 2, 1, 0, 0},
        {"void", RMC_VOID " " VTG " " ZDA, 0, 3, 0, 1, 0},
        {"void and then inside", RMC_VOID " " GGA_IN, 0, 2, 0, 1, 0},
        {"outside and then void", GGA_OUT " " RMC_VOID, 1, 1, 0, 1, 0},
};

START_TEST(a_fix_of_an_unfollowed_device_begins_with_a_place_inside)
{
	hear(1, epochs[_i].sentences);
	pass_time(2);
	const uint64_t *sentences = decoded()->sentences;
	ck_assert_msg(sentences[WEIR_SENTENCE_IGNORED] == epochs[_i].ignored, "%s: %lu", epochs[_i].name,
	              sentences[WEIR_SENTENCE_IGNORED]);
	ck_assert_msg(sentences[WEIR_SENTENCE_GPS] == epochs[_i].used, "%s", epochs[_i].name);
	ck_assert_msg(decoded()->fixes == epochs[_i].fixes, "%s", epochs[_i].name);
	ck_assert_msg(decoded()->fixes_void == epochs[_i].voids, "%s", epochs[_i].name);
	ck_assert_msg(devices() == epochs[_i].devices, "%s", epochs[_i].name);
}
END_TEST

START_TEST(all_that_a_followed_device_says_counts)
{
	hear(1, RMC_IN);
	pass_time(2);
	ck_assert_uint_eq(devices(), 1);
	hear(1, ZDA " " VTG " " HDT " " RMC_OUT);
	ck_assert_uint_eq(decoded()->sentences[WEIR_SENTENCE_IGNORED], 0);
	pass_time(2); /* a fix outside, and no fence that it could be in: let go */
	ck_assert_uint_eq(devices(), 0);
	hear(1, RMC_OUT);
	ck_assert_uint_eq(decoded()->sentences[WEIR_SENTENCE_IGNORED], 1);
}
END_TEST

START_TEST(the_sentence_that_ends_the_first_fix_inside_is_of_a_followed_device)
{
	hear(1, RMC_IN);
	now_ns += SECOND / 2 + SECOND / 2;
	hear(1, RMC_OUT);
	ck_assert_uint_eq(devices(), 1);
	ck_assert_uint_eq(decoded()->sentences[WEIR_SENTENCE_IGNORED], 0);
}
END_TEST

/* Two sources of one device: the fix of the one lets it go in the middle of the other's. */
START_TEST(what_was_begun_for_a_device_is_forgotten_when_it_is_let_go)
{
	hear(1, RMC_IN);
	pass_time(2);
	hear(1, RMC_OUT);
	now_ns += SECOND / 2;
	hear(2, RMC_OUT);
	ck_assert_uint_eq(devices(), 1);
	now_ns += SECOND / 2;
	weir_engine_advance(witness.engine, now_ns); /* that of port 1 is over */
	ck_assert_uint_eq(devices(), 0);
	uint64_t fixes = decoded()->fixes;
	hear(2, VTG);
	ck_assert_uint_eq(decoded()->sentences[WEIR_SENTENCE_IGNORED], 1);
	pass_time(2);
	ck_assert_uint_eq(decoded()->fixes, fixes);
}
END_TEST

START_TEST(fixes_are_completed_while_the_time_of_events_stands)
{
	hear(1, RMC_IN);
	weir_engine_received(witness.engine, now_ns + SECOND - 1);
	ck_assert_uint_eq(decoded()->fixes, 0);
	weir_engine_received(witness.engine, now_ns + SECOND);
	ck_assert_uint_eq(decoded()->fixes, 1);
	weir_engine_received(witness.engine, now_ns + 10000 * SECOND);
	ck_assert_uint_eq(devices(), 1);
	weir_engine_advance(witness.engine, now_ns + 10000 * SECOND);
	ck_assert_uint_eq(devices(), 0);
}
END_TEST

START_TEST(a_fix_that_was_begun_in_the_future_is_over)
{
	hear(1, RMC_IN);
	weir_engine_received(witness.engine, now_ns - 59 * SECOND);
	ck_assert_uint_eq(decoded()->fixes, 0);
	weir_engine_received(witness.engine, now_ns - 61 * SECOND);
	ck_assert_uint_eq(decoded()->fixes, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("gps_following");
	TCase *tcase = tcase_create("following");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_loop_test(tcase, a_fix_of_an_unfollowed_device_begins_with_a_place_inside, 0,
	                    sizeof(epochs) / sizeof(epochs[0]));
	tcase_add_test(tcase, all_that_a_followed_device_says_counts);
	tcase_add_test(tcase, the_sentence_that_ends_the_first_fix_inside_is_of_a_followed_device);
	tcase_add_test(tcase, what_was_begun_for_a_device_is_forgotten_when_it_is_let_go);
	tcase_add_test(tcase, fixes_are_completed_while_the_time_of_events_stands);
	tcase_add_test(tcase, a_fix_that_was_begun_in_the_future_is_over);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
