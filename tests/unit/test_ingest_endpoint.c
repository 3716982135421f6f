/* SPDX-License-Identifier: BSD-2-Clause */
/* Endpoints as operators write them: what is understood, and what is said of what is not. */
#include "tests/unit/test_ingest.h"

static const struct {
	const char *text;
	uint8_t ip[16];
	uint16_t port;
	bool multicast;
	const char *interface;
} understood[] = {
        {"0.0.0.0:10110", {[10] = 0xff, 0xff}, 10110, false, ""},
        {"192.0.2.7:1", {[10] = 0xff, 0xff, 192, 0, 2, 7}, 1, false, ""},
        {"127.0.0.1:65535", {[10] = 0xff, 0xff, 127, 0, 0, 1}, 65535, false, ""},
        {"255.255.255.255:10110", {[10] = 0xff, 0xff, 255, 255, 255, 255}, 10110, false, ""},
        {"0.0.0.0:10110%eth0", {[10] = 0xff, 0xff}, 10110, false, "eth0"},
        {"239.192.0.2:60002%eth0.100", {[10] = 0xff, 0xff, 239, 192, 0, 2}, 60002, true, "eth0.100"},
        {"224.0.0.1:5", {[10] = 0xff, 0xff, 224, 0, 0, 1}, 5, true, ""},
        {"223.255.255.255:5", {[10] = 0xff, 0xff, 223, 255, 255, 255}, 5, false, ""},
        {"[::]:10110", {0}, 10110, false, ""},
        {"[::1]:10110", {[15] = 1}, 10110, false, ""},
        {"[2001:db8::7]:10110", {0x20, 0x01, 0x0d, 0xb8, [15] = 7}, 10110, false, ""},
        {"[fe80::1]:10110%eth0", {0xfe, 0x80, [15] = 1}, 10110, false, "eth0"},
        {"[ff05::2]:60002%br-lan", {0xff, 0x05, [15] = 2}, 60002, true, "br-lan"},
        {"[ff05::2]:60002", {0xff, 0x05, [15] = 2}, 60002, true, ""},
        {"[ff02::1]:60002%abcdefghijklmno", {0xff, 0x02, [15] = 1}, 60002, true, "abcdefghijklmno"},
};

START_TEST(an_endpoint_is_understood_and_written_back_as_it_was)
{
	struct weir_endpoint endpoint;
	char problem[WEIR_INGEST_PROBLEM_SIZE] = "";
	char text[WEIR_ENDPOINT_TEXT_SIZE];
	int error = weir_endpoint_parse(&endpoint, understood[_i].text, problem, sizeof(problem));

	ck_assert_msg(error == 0, "%s: %s", understood[_i].text, problem);
	ck_assert_mem_eq(endpoint.address.ip, understood[_i].ip, 16);
	ck_assert_uint_eq(endpoint.address.port, understood[_i].port);
	ck_assert_int_eq(endpoint.multicast, understood[_i].multicast);
	ck_assert_str_eq(endpoint.interface, understood[_i].interface);
	ck_assert_str_eq(weir_endpoint_format(&endpoint, text, sizeof(text)), understood[_i].text);
}
END_TEST

static const struct {
	const char *text;
	const char *says; /* part of the problem */
} refused[] = {
        {"", "has no port"},
        {"0.0.0.0", "has no port: write ADDRESS:PORT"},
        {"10110", "has no port"},
        {":10110", "has no address: write 0.0.0.0:PORT or [::]:PORT"},
        {"[]:10110", "has no address"},
        {"*:10110", "'*' is not an IPv4 address"},
        {"localhost:10110", "names are not looked up"},
        {"192.0.2:10110", "is not an IPv4 address"},
        {"192.0.2.256:10110", "is not an IPv4 address"},
        {"0x7f.0.0.1:10110", "is not an IPv4 address"},
        {" 127.0.0.1:10110", "is not an IPv4 address"},
        {"::1:10110", "write an IPv6 address in brackets"},
        {"::", "write an IPv6 address in brackets"},
        {"[::1]", "is not [ADDRESS]:PORT"},
        {"[::1", "is not [ADDRESS]:PORT"},
        {"[::1]10110", "is not [ADDRESS]:PORT"},
        {"[", "is not [ADDRESS]:PORT"},
        {"[127.0.0.1]:10110", "is not an IPv6 address"},
        {"[::ffff:192.0.2.7]:10110", "write 192.0.2.7:PORT"},
        {"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:1", "is not an IP address"},
        {"127.0.0.1:", "'' is not a port"},
        {"127.0.0.1:0", "write a number from 1 to 65535"},
        {"127.0.0.1:65536", "'65536' is not a port"},
        {"127.0.0.1:4294967297", "is not a port"},
        {"127.0.0.1:99999999999999999999999999999999999999999999999999", "is not a port"},
        {"127.0.0.1:-1", "'-1' is not a port"},
        {"127.0.0.1:+1", "is not a port"},
        {"127.0.0.1:1a", "is not a port"},
        {"127.0.0.1: 1", "is not a port"},
        {"127.0.0.1:1 ", "is not a port"},
        {"127.0.0.1:1%", "is not the name of an interface"},
        {"127.0.0.1:1%abcdefghijklmnop", "at most 15 characters"},
        {"127.0.0.1:1%eth0%eth1", "is not the name of an interface"},
        {"127.0.0.1:1%../eth0", "is not the name of an interface"},
        {"239.192.0.2%eth0:60002", "write the interface at the end"},
        {"[fe80::1%eth0]:60002", "write the interface at the end"},
        {"[fe80::1]:60002", "write [fe80::1]:60002%eth0"},
        {"[febf::1]:60002", "means something else on each interface"},
        {"[ff02::1]:60002", "write [ff02::1]:60002%eth0"},
        {"[ff11::1]:60002", "means something else on each interface"},
};

START_TEST(what_is_no_endpoint_is_refused_with_what_to_write)
{
	struct weir_endpoint endpoint, untouched;
	char problem[WEIR_INGEST_PROBLEM_SIZE] = "";

	memset(&untouched, 0x5a, sizeof(untouched));
	endpoint = untouched;
	ck_assert_int_eq(weir_endpoint_parse(&endpoint, refused[_i].text, problem, sizeof(problem)), -EINVAL);
	ck_assert_msg(strstr(problem, refused[_i].says) != NULL, "'%s': \"%s\" does not say \"%s\"",
	              refused[_i].text, problem, refused[_i].says);
	ck_assert_mem_eq(&endpoint, &untouched, sizeof(endpoint));
}
END_TEST

START_TEST(the_longest_endpoint_fits_its_text)
{
	const char *longest = "[2001:1db8:2222:3333:4444:5555:6666:7777]:65535%abcdefghijklmno";
	struct weir_endpoint endpoint = endpoint_of(longest);
	char text[WEIR_ENDPOINT_TEXT_SIZE];

	ck_assert_str_eq(weir_endpoint_format(&endpoint, text, sizeof(text)), longest);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ingest endpoints");
	TCase *tcase = tcase_create("endpoints");

	tcase_add_loop_test(tcase, an_endpoint_is_understood_and_written_back_as_it_was, 0,
	                    sizeof(understood) / sizeof(understood[0]));
	tcase_add_loop_test(tcase, what_is_no_endpoint_is_refused_with_what_to_write, 0,
	                    sizeof(refused) / sizeof(refused[0]));
	tcase_add_test(tcase, the_longest_endpoint_fits_its_text);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
