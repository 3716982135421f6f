/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Groups and interfaces: what is joined is heard, what is not is not, and an interface that goes away
 * and comes back is heard again. Each test makes a network namespace of its own.
 */
#include <fcntl.h>

#include "tests/unit/test_ingest.h"

static struct bed bed;

/* ip(8), quietly; the test fails when it does. */
static void ip(const char *arguments)
{
	char command[256];

	snprintf(command, sizeof(command), "ip %s", arguments);
	int status = system(command); /* NOLINT(cert-env33-c): fixed strings, in a test */
	ck_assert_msg(status == 0, "%s: %d", command, status);
}

static int feeder_network = -1; /* namespaces, as descriptors */
static int gateway_network = -1;

static void enter(int network)
{
	ck_assert_int_eq(setns(network, CLONE_NEWNET), 0);
}

/* A veth pair: inN here, outN at the feeder's. */
static void connect_pair(int n)
{
	char arguments[200];

	snprintf(arguments, sizeof(arguments), "link add in%d type veth peer name out%d netns /proc/%d/fd/%d",
	         n, n, (int)getpid(), feeder_network);
	ip(arguments);
	snprintf(arguments, sizeof(arguments), "link set in%d up addrgenmode none", n);
	ip(arguments);
	snprintf(arguments, sizeof(arguments), "address add 10.0.%d.1/24 dev in%d", n, n);
	ip(arguments);
	snprintf(arguments, sizeof(arguments), "address add fe80::1/64 dev in%d nodad", n);
	ip(arguments);
	enter(feeder_network);
	snprintf(arguments, sizeof(arguments), "link set out%d up addrgenmode none", n);
	ip(arguments);
	snprintf(arguments, sizeof(arguments), "address add 10.0.%d.2/24 dev out%d", n, n);
	ip(arguments);
	snprintf(arguments, sizeof(arguments), "address add fe80::2/64 dev out%d nodad", n);
	ip(arguments);
	enter(gateway_network);
}

static void two_interfaces(void)
{
	ck_assert(own_network());
	feeder_network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ck_assert(own_network());
	gateway_network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	connect_pair(0);
	connect_pair(1);
}

static void send_to_group(const char *group, uint16_t port, const char *interface, const char *text)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	bool is_v4 = inet_pton(AF_INET, group, &v4.sin_addr) == 1;

	enter(feeder_network);
	int index = (int)if_nametoindex(interface);
	struct ip_mreqn where = {.imr_ifindex = index};
	int fd = socket(is_v4 ? AF_INET : AF_INET6, SOCK_DGRAM, 0);
	ck_assert_int_gt(index, 0);
	ssize_t sent;
	if (is_v4) {
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &where, sizeof(where));
		sent = sendto(fd, text, strlen(text), 0, (struct sockaddr *)&v4, sizeof(v4));
	} else {
		inet_pton(AF_INET6, group, &v6.sin6_addr);
		v6.sin6_scope_id = (uint32_t)index;
		setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &index, sizeof(index));
		sent = sendto(fd, text, strlen(text), 0, (struct sockaddr *)&v6, sizeof(v6));
	}
	ck_assert_int_eq(sent, (ssize_t)strlen(text));
	close(fd);
	enter(gateway_network);
}

static void listen_at(const char *text)
{
	bed.endpoints[bed.options.count++] = endpoint_of(text);
}

static unsigned int heard(uint32_t length)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < atomic_load(&bed.seen); i++)
		count += bed.records[i].length == length;
	return count;
}

/* The kernel tells the other end of a link's changes within a second. */
static void send_until_heard(const char *group, const char *interface, unsigned int count)
{
	for (int tries = 0; atomic_load(&bed.seen) < count && tries < 60; tries++) {
		send_to_group(group, 60002, interface, "22");
		pause_ms(50);
	}
	ck_assert_uint_ge(heard(2), 1);
}

static const char *const groups[] = {"239.192.0.2", "ff05::2", "ff02::4242"};
static const char *const others[] = {"239.192.0.3", "ff05::3", "ff02::4243"};

static void listen_at_group(const char *group, const char *interface)
{
	char text[WEIR_ENDPOINT_TEXT_SIZE];

	snprintf(text, sizeof(text), strchr(group, ':') != NULL ? "[%s]:60002%%%s" : "%s:60002%%%s", group,
	         interface);
	listen_at(text);
}

START_TEST(a_group_is_heard_on_the_interface_it_was_joined_on_and_no_other)
{
	two_interfaces();
	listen_at_group(groups[_i], "in0");
	bed_start(&bed);
	send_to_group(groups[_i], 60002, "out1", "333");   /* wrong interface */
	send_to_group(others[_i], 60002, "out0", "4444");  /* wrong group */
	send_to_group(groups[_i], 60003, "out0", "55555"); /* wrong port */
	send_to_group(groups[_i], 60002, "out0", "666666");
	bed_await(&bed, 1);
	pause_ms(50);
	struct weir_ingest_counters counters = bed_stop(&bed);
	ck_assert_uint_eq(heard(6), 1);
	ck_assert_uint_eq(counters.datagrams, 1);
}
END_TEST

START_TEST(one_group_on_two_interfaces_is_heard_once_from_each)
{
	two_interfaces();
	listen_at_group(groups[_i], "in0");
	listen_at_group(groups[_i], "in1");
	bed_start(&bed);
	send_to_group(groups[_i], 60002, "out0", "1");
	send_to_group(groups[_i], 60002, "out1", "22");
	bed_await(&bed, 2);
	pause_ms(50);
	struct weir_ingest_counters counters = bed_stop(&bed);
	ck_assert_uint_eq(heard(1), 1);
	ck_assert_uint_eq(heard(2), 1);
	ck_assert_uint_eq(counters.datagrams, 2);
}
END_TEST

/* Linux would give a group's datagrams to every socket of the port once any program has joined. */
START_TEST(unicast_beside_a_group_on_the_same_port_hears_no_group)
{
	static const char *const wildcards[] = {"0.0.0.0:60002", "[::]:60002", "[::]:60002"};

	two_interfaces();
	listen_at(wildcards[_i]);
	listen_at_group(groups[_i], "in0");
	bed_start(&bed);
	send_to_group(groups[_i], 60002, "out0", "1");
	struct bed target = {.ingest = bed.ingest};
	target.endpoints[0] = endpoint_of(_i == 0 ? "127.0.0.1:1" : "[::1]:1");
	int fd = sender_to(&target, 0);
	send_text(fd, "22");
	bed_await(&bed, 2);
	pause_ms(50);
	bed_stop(&bed);
	ck_assert_uint_eq(heard(1), 1);
	ck_assert_uint_eq(heard(2), 1);
	close(fd);
}
END_TEST

START_TEST(two_programs_may_hear_the_same_group)
{
	struct weir_ingest *other;
	char problem[WEIR_INGEST_PROBLEM_SIZE];

	two_interfaces();
	listen_at_group(groups[_i], "in0");
	bed_start(&bed);
	ck_assert_int_eq(weir_ingest_open(&other, &bed.options, problem, sizeof(problem)), 0);
	send_to_group(groups[_i], 60002, "out0", "1");
	bed_await(&bed, 1);
	bed_stop(&bed);
	bed.ingest = other;
	bed_start(&bed);
	bed_await(&bed, 2);
	bed_stop(&bed);
}
END_TEST

START_TEST(an_interface_that_comes_back_is_heard_again)
{
	two_interfaces();
	listen_at_group(groups[_i], "in0");
	bed_start(&bed);
	send_to_group(groups[_i], 60002, "out0", "1");
	bed_await(&bed, 1);
	ip("link delete in0");
	pause_ms(1200); /* looked at every second: with the interface away nothing must break */
	connect_pair(0);
	struct weir_ingest_counters counters = {0};
	for (int ms = 0; counters.reopened == 0 && ms < 3000; ms += 10) {
		pause_ms(10);
		weir_ingest_read_counters(bed.ingest, &counters);
	}
	send_until_heard(groups[_i], "out0", 2);
	counters = bed_stop(&bed);
	ck_assert_uint_eq(counters.reopened, 1);
	ck_assert_uint_eq(counters.errors, 0);
	ck_assert_ptr_nonnull(strstr(bed.warning, "in0 has come back"));
}
END_TEST

START_TEST(an_interface_that_goes_down_and_up_is_heard_again)
{
	two_interfaces();
	listen_at_group(groups[_i], "in0");
	bed_start(&bed);
	ip("link set in0 down");
	pause_ms(50);
	ip("link set in0 up");
	send_until_heard(groups[_i], "out0", 1);
	bed_stop(&bed);
}
END_TEST

/* 1,500 bytes is the usual MTU of a veth pair: 45 fragments. */
START_TEST(a_datagram_in_fragments_arrives_whole)
{
	static uint8_t bytes[65507];
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(10110)};

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 + (i >> 8));
	two_interfaces();
	listen_at("10.0.0.1:10110%in0");
	bed_start(&bed);
	inet_pton(AF_INET, "10.0.0.1", &to.sin_addr);
	enter(feeder_network);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	enter(gateway_network);
	ck_assert_int_eq(sendto(fd, bytes, sizeof(bytes), 0, (struct sockaddr *)&to, sizeof(to)),
	                 sizeof(bytes));
	bed_await(&bed, 1);
	bed_stop(&bed);
	ck_assert_uint_eq(bed.records[0].length, sizeof(bytes));
	ck_assert_uint_eq(bed.records[0].sum, sum_of(bytes, sizeof(bytes)));
	close(fd);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ingest and networks");
	TCase *tcase = tcase_create("network");

	if (system("unshare --net ip link add in0 type veth peer name out0 2>/dev/null") != 0)
		return suite_skip("no right to make network namespaces and veth pairs here");
	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, a_group_is_heard_on_the_interface_it_was_joined_on_and_no_other, 0, 3);
	tcase_add_loop_test(tcase, one_group_on_two_interfaces_is_heard_once_from_each, 0, 3);
	tcase_add_loop_test(tcase, unicast_beside_a_group_on_the_same_port_hears_no_group, 0, 3);
	tcase_add_loop_test(tcase, two_programs_may_hear_the_same_group, 0, 3);
	tcase_add_loop_test(tcase, an_interface_that_comes_back_is_heard_again, 0, 3);
	tcase_add_loop_test(tcase, an_interface_that_goes_down_and_up_is_heard_again, 0, 3);
	tcase_add_test(tcase, a_datagram_in_fragments_arrives_whole);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
