/* SPDX-License-Identifier: BSD-2-Clause */
/* What ingest says when it is refused something: what, where, and what to do. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "tests/unit/test_ingest.h"

#define NOBODY 65534

static struct weir_endpoint endpoints[WEIR_INGEST_ENDPOINTS_MAX + 1];
static struct weir_ingest_options options = {.endpoints = endpoints};

static void listen_at(const char *text)
{
	endpoints[options.count++] = endpoint_of(text);
}

static void expect_refusal(int error, const char *where, const char *says)
{
	struct weir_ingest *const untouched = (struct weir_ingest *)&options;
	struct weir_ingest *ingest = untouched;
	char problem[WEIR_INGEST_PROBLEM_SIZE] = "";

	ck_assert_int_eq(weir_ingest_open(&ingest, &options, problem, sizeof(problem)), error);
	ck_assert_ptr_eq(ingest, untouched);
	ck_assert_msg(strstr(problem, where) != NULL, "\"%s\" does not name %s", problem, where);
	ck_assert_msg(strstr(problem, says) != NULL, "\"%s\" does not say \"%s\"", problem, says);
}

START_TEST(an_address_in_use_names_the_command_that_shows_by_whom)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int other = socket(AF_INET, SOCK_DGRAM, 0);
	char says[64];

	ck_assert_int_eq(bind(other, (struct sockaddr *)&address, sizeof(address)), 0);
	getsockname(other, (struct sockaddr *)&address, &length);
	listen_at("127.0.0.1:1");
	endpoints[0].address.port = ntohs(address.sin_port);
	snprintf(says, sizeof(says), "`ss -lunp sport = :%u`", endpoints[0].address.port);
	expect_refusal(-EADDRINUSE, "127.0.0.1:", says);
	close(other);
}
END_TEST

START_TEST(a_second_gateway_can_not_take_the_first_ones_traffic_away)
{
	struct weir_ingest *first;
	char problem[WEIR_INGEST_PROBLEM_SIZE];

	listen_at("127.0.0.1:1");
	endpoints[0].address.port = 0;
	ck_assert_int_eq(weir_ingest_open(&first, &options, problem, sizeof(problem)), 0);
	endpoints[0].address.port = weir_ingest_port(first, 0);
	expect_refusal(-EADDRINUSE, "127.0.0.1:", "another program has this address");
	weir_ingest_close(first);
}
END_TEST

START_TEST(a_privileged_port_names_the_capability)
{
	ck_assert_int_eq(seteuid(NOBODY), 0);
	listen_at("127.0.0.1:1");
	expect_refusal(-EACCES, "127.0.0.1:1:", "CAP_NET_BIND_SERVICE");
	ck_assert_int_eq(seteuid(0), 0); /* LeakSanitizer wants to look at itself */
}
END_TEST

START_TEST(a_foreign_address_says_so)
{
	listen_at("192.0.2.77:10110");
	expect_refusal(-EADDRNOTAVAIL, "192.0.2.77:10110", "0.0.0.0 takes all");
}
END_TEST

START_TEST(a_foreign_ipv6_address_says_so)
{
	listen_at("[2001:db8::77]:10110");
	expect_refusal(-EADDRNOTAVAIL, "[2001:db8::77]:10110", "[::] takes all");
}
END_TEST

START_TEST(an_unknown_interface_is_named)
{
	listen_at("239.192.0.2:60002%weir-none");
	expect_refusal(-ENODEV, "239.192.0.2:60002%weir-none", "there is no interface weir-none");
}
END_TEST

START_TEST(a_group_that_no_route_leads_to_asks_for_an_interface)
{
	ck_assert(own_network());
	listen_at("239.192.0.2:60002");
	expect_refusal(-ENODEV, "239.192.0.2:60002", "name the interface to join it on, like %eth0");
}
END_TEST

START_TEST(an_endpoint_listed_twice_is_refused)
{
	listen_at("127.0.0.1:10110");
	listen_at("127.0.0.2:10110");
	listen_at("127.0.0.1:10110");
	expect_refusal(-EINVAL, "127.0.0.1:10110", "is listed twice");
}
END_TEST

START_TEST(no_endpoint_and_too_many_are_refused)
{
	expect_refusal(-EINVAL, "0 endpoints", "give 1 to 64");
	options.count = WEIR_INGEST_ENDPOINTS_MAX + 1;
	expect_refusal(-EINVAL, "65 endpoints", "give 1 to 64");
}
END_TEST

START_TEST(a_receive_buffer_beyond_counting_is_refused)
{
	listen_at("127.0.0.1:10110");
	options.receive_buffer_bytes = 1u << 30;
	expect_refusal(-EINVAL, "1073741824", "at most");
}
END_TEST

static char warning[WEIR_INGEST_PROBLEM_SIZE];

static void keep_warning(void *context, const char *text)
{
	(void)context;
	snprintf(warning, sizeof(warning), "%s", text);
}

START_TEST(a_receive_buffer_that_is_cut_is_warned_of_with_the_sysctl)
{
	struct weir_ingest_counters counters;
	struct weir_ingest *ingest;
	char problem[WEIR_INGEST_PROBLEM_SIZE];
	bool privileged = _i == 1;

	ck_assert_int_eq(seteuid(privileged ? 0 : NOBODY), 0);
	listen_at("127.0.0.1:1");
	endpoints[0].address.port = 0;
	options.receive_buffer_bytes = 256 << 20; /* above any net.core.rmem_max that is usual */
	options.warn = keep_warning;
	ck_assert_int_eq(weir_ingest_open(&ingest, &options, problem, sizeof(problem)), 0);
	weir_ingest_read_counters(ingest, &counters);
	weir_ingest_close(ingest);
	ck_assert_int_eq(seteuid(0), 0);
	if (privileged) {
		ck_assert_uint_eq(counters.receive_buffer_bytes, 256 << 20);
		ck_assert_str_eq(warning, "");
	} else {
		ck_assert_uint_lt(counters.receive_buffer_bytes, 256 << 20);
		ck_assert_ptr_nonnull(strstr(warning, "`sysctl net.core.rmem_max=268435456`"));
	}
}
END_TEST

static const struct {
	int error;
	int disabled;
	bool filtered;
	const char *says;
} explained[] = {
        {-EPERM, 2, false, "`sysctl kernel.io_uring_disabled=0`"},
        {-EPERM, 2, true, "kernel.io_uring_disabled is 2"},
        {-EPERM, 1, false, "kernel.io_uring_group"},
        {-EPERM, 0, true, "seccomp"},
        {-EPERM, -1, true, "seccomp"},
        {-EACCES, 0, true, "seccomp"},
        {-ENOSYS, -1, true, "seccomp"},
        {-EPERM, 0, false, "SELinux"},
        {-ENOSYS, -1, false, "CONFIG_IO_URING"},
        {-EINVAL, -1, false, "Linux 6.0 or newer"},
        {-ENOMEM, 0, false, "ulimit -l"},
        {-EMFILE, 0, false, "ulimit -n"},
        {-EIO, 0, false, "Input/output error"},
};

START_TEST(a_refusal_of_io_uring_is_explained)
{
	char problem[WEIR_INGEST_PROBLEM_SIZE];

	weir_ring_explain(explained[_i].error, explained[_i].disabled, explained[_i].filtered, problem,
	                  sizeof(problem));
	ck_assert_msg(strstr(problem, explained[_i].says) != NULL, "\"%s\" does not say \"%s\"", problem,
	              explained[_i].says);
	ck_assert_uint_lt(strlen(problem), sizeof(problem) - 1);
}
END_TEST

/* As container runtimes do it. */
START_TEST(a_seccomp_filter_is_recognised)
{
	struct sock_filter refuse_io_uring[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_io_uring_setup, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = 4, .filter = refuse_io_uring};

	ck_assert_int_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	ck_assert_int_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	listen_at("127.0.0.1:10110");
	expect_refusal(-EPERM, "io_uring", "seccomp");
}
END_TEST

START_TEST(too_few_descriptors_are_an_error_and_no_leak)
{
	struct weir_ingest *ingest = NULL;
	char problem[WEIR_INGEST_PROBLEM_SIZE] = "";
	struct rlimit usual;

	listen_at("127.0.0.1:1");
	endpoints[0].address.port = 0;
	int lowest = dup(0);
	close(lowest);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &usual), 0);
	const struct rlimit few = {.rlim_cur = (rlim_t)lowest + (rlim_t)_i, .rlim_max = usual.rlim_max};
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
	int error = weir_ingest_open(&ingest, &options, problem, sizeof(problem));
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &usual), 0);
	/* It takes three: the ring, the eventfd, the socket. */
	ck_assert_int_eq(error, _i < 3 ? -EMFILE : 0);
	ck_assert_int_eq(problem[0] != '\0', _i < 3);
	weir_ingest_close(ingest);
	ck_assert_int_eq(dup(0), lowest);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ingest is refused");
	TCase *tcase = tcase_create("refusal");

	tcase_set_timeout(tcase, 30);
	tcase_add_test(tcase, an_address_in_use_names_the_command_that_shows_by_whom);
	tcase_add_test(tcase, a_second_gateway_can_not_take_the_first_ones_traffic_away);
	tcase_add_test(tcase, a_foreign_address_says_so);
	tcase_add_test(tcase, a_foreign_ipv6_address_says_so);
	tcase_add_test(tcase, an_unknown_interface_is_named);
	tcase_add_test(tcase, an_endpoint_listed_twice_is_refused);
	tcase_add_test(tcase, no_endpoint_and_too_many_are_refused);
	tcase_add_test(tcase, a_receive_buffer_beyond_counting_is_refused);
	tcase_add_loop_test(tcase, a_refusal_of_io_uring_is_explained, 0,
	                    sizeof(explained) / sizeof(explained[0]));
	tcase_add_test(tcase, a_seccomp_filter_is_recognised);
	tcase_add_loop_test(tcase, too_few_descriptors_are_an_error_and_no_leak, 0, 4);
	if (geteuid() == 0) { /* these give up rights, or make a network */
		tcase_add_test(tcase, a_privileged_port_names_the_capability);
		tcase_add_test(tcase, a_group_that_no_route_leads_to_asks_for_an_interface);
		tcase_add_loop_test(tcase, a_receive_buffer_that_is_cut_is_warned_of_with_the_sysctl, 0, 2);
	}
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
