/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Networks as operators write them, and the policies on senders in user space.
 */
#include "suite.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "prefilter/admission.h"
#include "prefilter/network.h"
#include "prefilter/ranking.h"

#define SECOND INT64_C(1000000000)
#define START (INT64_C(1800000000) * SECOND)

/* ---- Networks ---- */

static const struct {
	const char *text;
	const char *shown; /* NULL: it is refused, */
	const char *says;  /* and what is said */
} texts[] = {
        {"192.0.2.0/24", "192.0.2.0/24", NULL},
        {"192.0.2.7/32", "192.0.2.7/32", NULL},
        {"192.0.2.7", "192.0.2.7/32", NULL},
        {"0.0.0.0/0", "0.0.0.0/0", NULL},
        {"128.0.0.0/1", "128.0.0.0/1", NULL},
        {"2001:db8::/32", "2001:db8::/32", NULL},
        {"2001:DB8:0:0:0:0:0:7", "2001:db8::7/128", NULL},
        {"::/0", "::/0", NULL},
        {"::1", "::1/128", NULL},
        {"fe80::/10", "fe80::/10", NULL},
        {"192.0.2.7/24", NULL, "has host bits set: write 192.0.2.0/24,"},
        {"192.0.2.1/31", NULL, "write 192.0.2.0/31,"},
        {"1.0.0.0/0", NULL, "write 0.0.0.0/0,"},
        {"2001:db8::1/32", NULL, "write 2001:db8::/32,"},
        {"2001:db8::1/127", NULL, "write 2001:db8::/127,"},
        {"fec0::/9", NULL, "write fe80::/9,"},
        {"192.0.2.0/33", NULL, "a number of bits from 0 to 32"},
        {"2001:db8::/129", NULL, "a number of bits from 0 to 128"},
        {"192.0.2.0/", NULL, "a number of bits"},
        {"192.0.2.0/24/24", NULL, "a number of bits"},
        {"192.0.2.0/ 24", NULL, "a number of bits"},
        {"192.0.2.0/-1", NULL, "a number of bits"},
        {"192.0.2.0/024", NULL, "a number of bits"},
        {"192.0.2.0/255.255.255.0", NULL, "a number of bits"},
        {"::ffff:192.0.2.7", NULL, "IPv4 in IPv6 clothes: write 192.0.2.7"},
        {"::ffff:192.0.2.0/120", NULL, "IPv4 in IPv6 clothes"},
        {"192.0.2", NULL, "is not a network"},
        {"192.0.2.0.0/24", NULL, "is not a network"},
        {"300.0.0.0/8", NULL, "is not a network"},
        {"[2001:db8::]/32", NULL, "is not a network"},
        {"2001:db8/32", NULL, "is not a network"},
        {"antenna.example", NULL, "names are not looked up"},
        {"/24", NULL, "is not a network"},
        {"", NULL, "is not a network"},
        {" 192.0.2.0/24", NULL, "is not a network"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/24", NULL, "is not a network"},
};

START_TEST(a_network_is_read_or_told_what_to_write)
{
	struct weir_network network, untouched;
	char problem[200] = "", shown[WEIR_NETWORK_TEXT_SIZE];

	memset(&network, 0x5a, sizeof(network));
	untouched = network;
	int error = weir_network_parse(&network, texts[_i].text, problem, sizeof(problem));
	if (texts[_i].shown != NULL) {
		ck_assert_msg(error == 0, "%s: %s", texts[_i].text, problem);
		ck_assert_str_eq(weir_network_format(&network, shown), texts[_i].shown);
		return;
	}
	ck_assert_int_eq(error, -EINVAL);
	ck_assert_msg(strstr(problem, texts[_i].says) != NULL, "%s: %s", texts[_i].text, problem);
	ck_assert_mem_eq(&network, &untouched, sizeof(network));
}
END_TEST

/* ---- Admission ---- */

static struct weir_network networks[8];
static struct weir_admission_options options;
static struct weir_admission *admission;

static void admit_networks(const char *const *list)
{
	char problem[200];

	options = (struct weir_admission_options){.allow = networks};
	for (; *list != NULL; list++)
		ck_assert_int_eq(
		        weir_network_parse(&networks[options.allow_count++], *list, problem, sizeof(problem)),
		        0);
}

static void open_admission(void)
{
	weir_admission_free(admission);
	admission = NULL;
	ck_assert_int_eq(weir_admission_new(&admission, &options), 0);
}

static void close_admission(void)
{
	weir_admission_free(admission);
	admission = NULL;
}

/* IPv4 as ingest stores it. */
static void set_sender(struct weir_datagram *datagram, const char *sender)
{
	uint8_t *ip = datagram->sender.ip;

	ip[10] = ip[11] = 0xff;
	if (inet_pton(AF_INET, sender, ip + 12) != 1)
		ck_assert_int_eq(inet_pton(AF_INET6, sender, ip), 1);
}

static enum weir_sender_outcome judge(const char *sender, int64_t time_ns)
{
	struct weir_datagram datagram = {.length = 10, .received_ns = time_ns};

	set_sender(&datagram, sender);
	return weir_admission_judge(admission, &datagram);
}

START_TEST(who_is_on_the_list_is_heard)
{
	static const char *const list[] = {"192.0.2.0/24",  "10.0.0.0/8",     "10.1.0.0/16", "192.0.3.0/24",
	                                   "2001:db8::/32", "203.0.113.7/32", "::/3",        NULL};
	static const struct {
		const char *sender;
		bool heard;
	} cases[] = {
	        {"192.0.2.0", true},
	        {"192.0.2.255", true},
	        {"192.0.3.255", true}, /* the two networks touch */
	        {"192.0.1.255", false},
	        {"192.0.4.0", false},
	        {"10.0.0.0", true},
	        {"10.1.2.3", true},
	        {"10.255.255.255", true},
	        {"9.255.255.255", false},
	        {"11.0.0.0", false},
	        {"203.0.113.7", true},
	        {"203.0.113.6", false},
	        {"203.0.113.8", false},
	        {"::ffff:192.0.2.7", true},  /* mapped is IPv4, */
	        {"::ffff:192.0.4.7", false}, /* and not within ::/3 */
	        {"::fffe:192.0.4.7", true},
	        {"1fff::1", true},
	        {"2001:db8::", true},
	        {"2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true},
	        {"2001:db9::", false},
	        {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", false},
	        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
	};

	admit_networks(list);
	open_admission();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ck_assert_msg(judge(cases[i].sender, START) ==
		                      (cases[i].heard ? WEIR_SENDER_PASSED : WEIR_SENDER_NOT_ALLOWED),
		              "%s", cases[i].sender);
}
END_TEST

START_TEST(all_of_one_family_says_nothing_of_the_other)
{
	static const char *const four[] = {"0.0.0.0/0", NULL}, *const six[] = {"::/0", NULL};

	admit_networks(four);
	open_admission();
	ck_assert_int_eq(judge("255.255.255.255", START), WEIR_SENDER_PASSED);
	ck_assert_int_eq(judge("0.0.0.0", START), WEIR_SENDER_PASSED);
	ck_assert_int_eq(judge("::1", START), WEIR_SENDER_NOT_ALLOWED);
	admit_networks(six);
	open_admission();
	ck_assert_int_eq(judge("192.0.2.7", START), WEIR_SENDER_NOT_ALLOWED);
	ck_assert_int_eq(judge("::1", START), WEIR_SENDER_PASSED);
	ck_assert_int_eq(judge("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", START), WEIR_SENDER_PASSED);
}
END_TEST

START_TEST(without_policies_everybody_is_heard)
{
	options = (struct weir_admission_options){.allow = NULL};
	open_admission();
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(judge("192.0.2.7", START), WEIR_SENDER_PASSED);
}
END_TEST

/* 10 a second and 20 at once; user space's bucket holds a tenth of a second more, one token here. */
START_TEST(a_bucket_empties_and_fills)
{
	options = (struct weir_admission_options){.rate = weir_rate_of(10, 20)};
	open_admission();
	for (int i = 0; i < 30; i++)
		ck_assert_int_eq(judge("192.0.2.7", START),
		                 i < 21 ? WEIR_SENDER_PASSED : WEIR_SENDER_RATE_LIMITED);
	ck_assert_int_eq(judge("192.0.2.8", START), WEIR_SENDER_PASSED);
	ck_assert_int_eq(judge("192.0.2.7", START + SECOND / 10 - 1), WEIR_SENDER_RATE_LIMITED);
	ck_assert_int_eq(judge("192.0.2.7", START + SECOND / 10), WEIR_SENDER_PASSED);
	ck_assert_int_eq(judge("192.0.2.7", START + SECOND / 10), WEIR_SENDER_RATE_LIMITED);
	for (int i = 0; i < 7; i++)
		ck_assert_int_eq(judge("192.0.2.7", START + SECOND * 6 / 10),
		                 i < 5 ? WEIR_SENDER_PASSED : WEIR_SENDER_RATE_LIMITED);
	for (int i = 0; i < 30; i++)
		ck_assert_int_eq(judge("192.0.2.7", START + 1000 * SECOND),
		                 i < 21 ? WEIR_SENDER_PASSED : WEIR_SENDER_RATE_LIMITED);
}
END_TEST

START_TEST(over_an_hour_the_rate_is_what_was_asked_for)
{
	uint64_t passed = 0;

	options = (struct weir_admission_options){.rate = weir_rate_of(7, 3)};
	open_admission();
	for (int64_t i = 0; i < 3600 * 20; i++)
		passed += judge("192.0.2.7", START + i * SECOND / 20) == WEIR_SENDER_PASSED;
	ck_assert_uint_ge(passed, 3600 * 7);
	ck_assert_uint_le(passed, 3600 * 7 + 3 + 1);
}
END_TEST

START_TEST(a_clock_that_is_set_back_silences_nobody)
{
	options = (struct weir_admission_options){.rate = weir_rate_of(10, 20)};
	open_admission();
	for (int i = 0; i < 30; i++)
		judge("192.0.2.7", START);
	ck_assert_int_eq(judge("192.0.2.7", START), WEIR_SENDER_RATE_LIMITED);
	ck_assert_int_eq(judge("192.0.2.7", START - 86400 * SECOND), WEIR_SENDER_PASSED);
	ck_assert_int_eq(judge("192.0.2.7", -1), WEIR_SENDER_PASSED);
}
END_TEST

START_TEST(observe_mode_refuses_nothing_and_tells)
{
	static const char *const list[] = {"192.0.2.0/24", NULL};

	admit_networks(list);
	options.observe = true;
	options.rate = weir_rate_of(1, 1);
	open_admission();
	ck_assert_int_eq(judge("198.51.100.1", START), WEIR_SENDER_OBSERVED);
	ck_assert_int_eq(judge("192.0.2.1", START), WEIR_SENDER_PASSED);
	ck_assert_int_eq(judge("192.0.2.1", START), WEIR_SENDER_OBSERVED);
	weir_admission_observe(admission, false);
	ck_assert_int_eq(judge("198.51.100.1", START), WEIR_SENDER_NOT_ALLOWED);
	ck_assert_int_eq(judge("192.0.2.1", START), WEIR_SENDER_RATE_LIMITED);
}
END_TEST

/* ---- The table ---- */

static struct weir_sender senders[64];

START_TEST(what_a_sender_sends_is_counted)
{
	static const char *const list[] = {"192.0.2.0/24", "2001:db8::/32", NULL};
	char text[WEIR_NETWORK_TEXT_SIZE];
	size_t known;

	admit_networks(list);
	options.senders = 16;
	options.rate = weir_rate_of(1, 2);
	open_admission();
	for (int i = 0; i < 5; i++)
		judge("192.0.2.1", START + i);
	judge("2001:db8:0:0:0::1", START);
	for (int i = 0; i < 3; i++)
		judge("198.51.100.1", START);
	ck_assert_uint_eq(weir_admission_senders(admission, senders, 64, &known), 3);
	ck_assert_uint_eq(known, 3);
	ck_assert_str_eq(weir_sender_format(senders[0].ip, text), "192.0.2.1");
	ck_assert_uint_eq(senders[0].counters.packets[WEIR_SENDER_PASSED], 2);
	ck_assert_uint_eq(senders[0].counters.packets[WEIR_SENDER_RATE_LIMITED], 3);
	ck_assert_uint_eq(senders[0].counters.bytes, 50);
	ck_assert_uint_eq(senders[0].counters.seen_ns, START + 4);
	ck_assert_str_eq(weir_sender_format(senders[1].ip, text), "198.51.100.1");
	ck_assert_uint_eq(senders[1].counters.packets[WEIR_SENDER_NOT_ALLOWED], 3);
	ck_assert_str_eq(weir_sender_format(senders[2].ip, text), "2001:db8::1");
	ck_assert_uint_eq(weir_admission_senders(admission, senders, 1, &known), 1);
	ck_assert_uint_eq(known, 3);
	ck_assert_str_eq(weir_sender_format(senders[0].ip, text), "192.0.2.1");
}
END_TEST

START_TEST(the_table_is_bounded_and_who_keeps_on_sending_stays)
{
	char sender[40], text[WEIR_NETWORK_TEXT_SIZE];
	size_t known;

	options = (struct weir_admission_options){.senders = 64};
	open_admission();
	for (int i = 0; i < 20000; i++) {
		snprintf(sender, sizeof(sender), "10.%d.%d.1", i >> 8, i & 255);
		judge(sender, START);
		judge("192.0.2.1", START);
	}
	ck_assert_uint_eq(weir_admission_senders(admission, senders, 64, &known), 64);
	ck_assert_uint_eq(known, 64);
	ck_assert_str_eq(weir_sender_format(senders[0].ip, text), "192.0.2.1");
	ck_assert_uint_eq(senders[0].counters.packets[WEIR_SENDER_PASSED], 20000);
}
END_TEST

/* Else a stranger who invents addresses would fill the buckets of others. */
START_TEST(who_is_not_allowed_takes_no_place_among_the_buckets)
{
	static const char *const list[] = {"192.0.2.0/24", NULL};
	char sender[40];

	admit_networks(list);
	options.rate = weir_rate_of(1, 1);
	open_admission();
	judge("192.0.2.1", START);
	for (int i = 0; i < 200000; i++) {
		snprintf(sender, sizeof(sender), "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
		ck_assert_int_eq(judge(sender, START), WEIR_SENDER_NOT_ALLOWED);
	}
	ck_assert_int_eq(judge("192.0.2.1", START), WEIR_SENDER_RATE_LIMITED);
}
END_TEST

START_TEST(the_ranking_keeps_those_that_sent_most)
{
	struct weir_sender room[4], sender = {.ip = {0}};
	struct ranking ranking = {.senders = room, .capacity = 3};
	static const unsigned packets[] = {5, 1, 9, 5, 7, 0, 9, 2};

	room[3].ip[0] = 77; /* not ours */
	for (unsigned i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		sender.ip[15] = (uint8_t)i;
		sender.counters.packets[i % WEIR_SENDER_OUTCOMES] = packets[i];
		weir_ranking_add(&ranking, &sender);
		sender.counters.packets[i % WEIR_SENDER_OUTCOMES] = 0;
	}
	ck_assert_uint_eq(ranking.count, 3);
	ck_assert_uint_eq(room[0].ip[15], 2); /* of two that are equal, the smaller address */
	ck_assert_uint_eq(room[1].ip[15], 6);
	ck_assert_uint_eq(room[2].ip[15], 4);
	ck_assert_uint_eq(room[3].ip[0], 77);
	ranking = (struct ranking){.senders = NULL, .capacity = 0};
	weir_ranking_add(&ranking, &sender);
	ck_assert_uint_eq(ranking.count, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("admission");
	TCase *cases = tcase_create("admission");

	tcase_add_checked_fixture(cases, NULL, close_admission);
	tcase_add_loop_test(cases, a_network_is_read_or_told_what_to_write, 0,
	                    sizeof(texts) / sizeof(texts[0]));
	tcase_add_test(cases, who_is_on_the_list_is_heard);
	tcase_add_test(cases, all_of_one_family_says_nothing_of_the_other);
	tcase_add_test(cases, without_policies_everybody_is_heard);
	tcase_add_test(cases, a_bucket_empties_and_fills);
	tcase_add_test(cases, over_an_hour_the_rate_is_what_was_asked_for);
	tcase_add_test(cases, a_clock_that_is_set_back_silences_nobody);
	tcase_add_test(cases, observe_mode_refuses_nothing_and_tells);
	tcase_add_test(cases, what_a_sender_sends_is_counted);
	tcase_add_test(cases, the_table_is_bounded_and_who_keeps_on_sending_stays);
	tcase_add_test(cases, who_is_not_allowed_takes_no_place_among_the_buckets);
	tcase_add_test(cases, the_ranking_keeps_those_that_sent_most);
	suite_add_tcase(suite, cases);
	return suite_main(suite);
}
