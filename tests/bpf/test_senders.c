/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policies on senders and the table of them, in the kernel: which frame of whom is refused, and what is
 * counted. What passes is a report inside of the area, the whole earth.
 */
#include "suite.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <time.h>

#include "frames.h"
#include "prefilter/network.h"
#include "prefilter/senders.h"
#include "rig.h"
#include "senders.h"

#define REPORT "!AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2C\r\n"
#define LENGTH (sizeof(REPORT) - 1)
#define DAMAGED "!AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2D\r\n"

static uint8_t frame[2048];

/* ---- Frames ---- */

/* A frame of this sender, in this shape. */
static uint32_t frame_from(const char *sender, struct shape shape, const char *payload)
{
	uint32_t ip = ETHERNET_LENGTH + VLAN_LENGTH * (uint32_t)shape.tags;

	shape.ip = strchr(sender, ':') != NULL ? 6 : 4;
	uint32_t length = make_frame(frame, &shape, payload, (uint32_t)strlen(payload));
	if (shape.ip == 6)
		ck_assert_int_eq(inet_pton(AF_INET6, sender, frame + ip + 8), 1);
	else
		ck_assert_int_eq(inet_pton(AF_INET, sender, frame + ip + 12), 1);
	return length;
}

static int heard(const char *sender, struct shape shape)
{
	int action = -1;
	int reason = rig_kernel(frame, frame_from(sender, shape, REPORT), &action);

	ck_assert_int_eq(action, reason >= WEIR_REASON_DROPS ? XDP_DROP : XDP_PASS);
	return reason;
}

/* ---- Programs ---- */

static struct weir_network networks[32];
static struct weir_prefilter_options options;

static void load(void)
{
	struct weir_bpf *kernel = weir_bpf__open();

	ck_assert_ptr_nonnull(kernel);
	ck_assert_int_eq(weir_senders_prepare(kernel, &options), 0);
	ck_assert_int_eq(weir_bpf__load(kernel), 0);
	ck_assert_int_eq(weir_senders_fill(kernel, &options), 0);
	ck_assert_int_eq(rig_take(kernel), 0);
	rig_fill_area(WEIR_CELL_FULL);
}

static void allow(const char *const *texts)
{
	char problem[200];

	options = (struct weir_prefilter_options){.allow = networks};
	for (; *texts != NULL; texts++)
		ck_assert_int_eq(weir_network_parse(&networks[options.allow_count++], *texts, problem,
		                                    sizeof(problem)),
		                 0);
	load();
}

/* As user space has it, for the native side. */
static int is_listed(const __u32 ip[4], int is_ipv4)
{
	const uint8_t *bytes = (const uint8_t *)ip;

	for (size_t i = 0; i < options.allow_count; i++) {
		const struct weir_network *network = &networks[i];
		unsigned int bits = network->prefix_length + (is_ipv4 ? 96u : 0u), same = 0;

		while (same < bits && !((bytes[same / 8] ^ network->ip[same / 8]) >> (7 - same % 8) & 1))
			same++;
		if (network->is_ipv4 == is_ipv4 && same >= bits)
			return 1;
	}
	return 0;
}

/* ---- The allow-list ---- */

static const struct {
	const char *name;
	const char *allow[5];
	const char *sender;
	bool passes;
} cases[] = {
        {"a host of an IPv4 network", {"192.0.2.0/24"}, "192.0.2.7", true},
        {"its first address", {"192.0.2.0/24"}, "192.0.2.0", true},
        {"its last address", {"192.0.2.0/24"}, "192.0.2.255", true},
        {"the address before", {"192.0.2.0/24"}, "192.0.1.255", false},
        {"the address behind", {"192.0.2.0/24"}, "192.0.3.0", false},
        {"an address alone", {"192.0.2.7"}, "192.0.2.7", true},
        {"its neighbour", {"192.0.2.7/32"}, "192.0.2.6", false},
        {"a prefix of 31", {"192.0.2.6/31"}, "192.0.2.7", true},
        {"behind a prefix of 31", {"192.0.2.6/31"}, "192.0.2.8", false},
        {"a prefix of 1", {"128.0.0.0/1"}, "255.255.255.255", true},
        {"before a prefix of 1", {"128.0.0.0/1"}, "127.255.255.255", false},
        {"all of IPv4", {"0.0.0.0/0"}, "198.51.100.1", true},
        {"IPv6, when all of IPv4 is allowed", {"0.0.0.0/0"}, "2001:db8::1", false},
        {"a mapped address by IPv6, when all of IPv4 is allowed", {"0.0.0.0/0"}, "::ffff:192.0.2.7", true},
        {"a host of an IPv6 network", {"2001:db8::/32"}, "2001:db8:1:2::7", true},
        {"its last address", {"2001:db8::/32"}, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true},
        {"behind it", {"2001:db8::/32"}, "2001:db9::", false},
        {"before it", {"2001:db8::/32"}, "2001:db7:ffff::1", false},
        {"an IPv6 address alone", {"2001:db8::7"}, "2001:db8::7", true},
        {"its neighbour", {"2001:db8::7/128"}, "2001:db8::6", false},
        {"a prefix of 127", {"2001:db8::6/127"}, "2001:db8::7", true},
        {"all of IPv6", {"::/0"}, "2001:db8::1", true},
        {"IPv4, when all of IPv6 is allowed", {"::/0"}, "192.0.2.7", false},
        {"a mapped address by IPv6, when all of IPv6 is allowed", {"::/0"}, "::ffff:192.0.2.7", false},
        {"a mapped address by IPv6", {"192.0.2.0/24"}, "::ffff:192.0.2.7", true},
        {"the second of several", {"10.0.0.0/8", "192.0.2.0/24", "fe80::/10"}, "192.0.2.1", true},
        {"the third of several", {"10.0.0.0/8", "192.0.2.0/24", "fe80::/10"}, "fe80::1", true},
        {"none of several", {"10.0.0.0/8", "192.0.2.0/24", "fe80::/10"}, "192.0.3.1", false},
        {"the unspecified address", {"192.0.2.0/24"}, "::", false},
        {"the unspecified address, when all of IPv6 is allowed", {"::/0"}, "::", true},
        {"a network within another", {"10.0.0.0/8", "10.1.0.0/16"}, "10.1.2.3", true},
        {"beside the network within", {"10.0.0.0/8", "10.1.0.0/16"}, "10.2.2.3", true},
};

START_TEST(who_is_on_the_allow_list_is_heard)
{
	static const struct shape shapes[] = {{.name = "plain"},
	                                      {.name = "one VLAN tag", .tags = 1},
	                                      {.name = "two VLAN tags", .tags = 2},
	                                      {.name = "options", .header_words = 7}};

	allow(cases[_i].allow);
	native_allowed = is_listed;
	weir_policy.allow = 1;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		int expected = cases[_i].passes ? WEIR_REASON_INSIDE : WEIR_REASON_NOT_ALLOWED;
		int reason = heard(cases[_i].sender, shapes[i]);
		frame_context ctx = {.begin = frame, .end = frame + sizeof(frame), .shared = rig.native};

		ck_assert_msg(reason == expected, "%s, %s: reason %d instead of %d", cases[_i].name,
		              shapes[i].name, reason, expected);
		ck_assert_int_eq(refuse_sender(&ctx), cases[_i].passes ? 0 : WEIR_REASON_NOT_ALLOWED);
	}
	rig_close();
}
END_TEST

/* There is room for 256: some of these 4,096 take the places of friends, in turn with them. */
START_TEST(who_was_allowed_before_says_nothing_of_others)
{
	const char *const list[] = {"10.0.0.0/20", "2001:db8::/116", NULL};
	char sender[40];

	allow(list);
	for (int i = 0; i < 4096; i++) {
		for (int twice = 0; twice < 2; twice++) {
			snprintf(sender, sizeof(sender), "10.0.%d.%d", i >> 8, i & 255);
			ck_assert_int_eq(heard(sender, (struct shape){0}), WEIR_REASON_INSIDE);
			snprintf(sender, sizeof(sender), "10.0.%d.%d", 16 + (i >> 8), i & 255);
			ck_assert_int_eq(heard(sender, (struct shape){0}), WEIR_REASON_NOT_ALLOWED);
			snprintf(sender, sizeof(sender), "2001:db8::%x", i);
			ck_assert_int_eq(heard(sender, (struct shape){0}), WEIR_REASON_INSIDE);
			snprintf(sender, sizeof(sender), "2001:db8:1::%x", i);
			ck_assert_int_eq(heard(sender, (struct shape){0}), WEIR_REASON_NOT_ALLOWED);
		}
	}
	rig_close();
}
END_TEST

START_TEST(policies_are_for_our_datagrams_alone)
{
	const char *const list[] = {"192.0.2.0/24", NULL};

	allow(list);
	ck_assert_int_eq(heard("198.51.100.1", (struct shape){.protocol = 6}), WEIR_REASON_NOT_UDP);
	ck_assert_int_eq(heard("198.51.100.1", (struct shape){.port = 22}), WEIR_REASON_PORT);
	ck_assert_int_eq(heard("2001:db8::1", (struct shape){.port = 22}), WEIR_REASON_PORT);
	ck_assert_int_eq(heard("198.51.100.1", (struct shape){.ethertype = 0x0806}), WEIR_REASON_NOT_IP);
	/* The stack puts it together, and user space knows the sender then. */
	ck_assert_int_eq(heard("198.51.100.1", (struct shape){.flags_and_offset = 0x2000}),
	                 WEIR_REASON_FRAGMENT);
	rig_close();
}
END_TEST

START_TEST(what_is_refused_leaves_no_mark)
{
	const char *const list[] = {"192.0.2.0/24", NULL};

	allow(list);
	ck_assert_int_eq(heard("198.51.100.1", (struct shape){0}), WEIR_REASON_NOT_ALLOWED);
	for (size_t i = 0; i < WEIR_PRESENCE_WORDS; i++)
		ck_assert_uint_eq(rig.shared->presence[i], 0);
	ck_assert_uint_eq(rig.shared->hold, 0);
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_INSIDE);
	rig_fill_area(WEIR_CELL_EMPTY);
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_RECENT);
	ck_assert_int_eq(heard("198.51.100.1", (struct shape){0}), WEIR_REASON_NOT_ALLOWED);
	rig_close();
}
END_TEST

START_TEST(observe_mode_says_whom_it_would_refuse_and_remembers_what_passes)
{
	const char *const list[] = {"192.0.2.0/24", NULL};

	allow(list);
	rig.shared->observe = 1;
	ck_assert_int_eq(heard("198.51.100.1", (struct shape){0}), WEIR_REASON_OBSERVED_NOT_ALLOWED);
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_INSIDE);
	rig_fill_area(WEIR_CELL_EMPTY);
	rig.shared->observe = 0;
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_RECENT);
	rig_close();

	allow(list);
	rig.shared->observe = 1;
	ck_assert_int_eq(heard("2001:db8::1", (struct shape){0}), WEIR_REASON_OBSERVED_NOT_ALLOWED);
	rig_fill_area(WEIR_CELL_EMPTY);
	rig.shared->observe = 0;
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_RECENT);
	rig_close();
}
END_TEST

/* ---- The rate limit ---- */

static void limit(uint64_t packets_per_s, uint64_t burst)
{
	options = (struct weir_prefilter_options){.rate = weir_rate_of(packets_per_s, burst)};
	load();
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Puts so many tokens into a sender's bucket. */
static void fill_bucket(const char *sender, uint64_t tokens)
{
	struct weir_network network;
	char problem[200];
	int map = bpf_map__fd(rig.kernel->maps.weir_rates);
	uint64_t full_ns = monotonic_ns() + options.rate.room_ns - tokens * options.rate.interval_ns;

	ck_assert_int_eq(weir_network_parse(&network, sender, problem, sizeof(problem)), 0);
	ck_assert_int_eq(bpf_map_update_elem(map, network.ip, &full_ns, BPF_EXIST), 0);
}

START_TEST(a_burst_passes_and_what_is_more_is_refused)
{
	limit(1, 5); /* a token comes back after a second, by when this is over */
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}),
		                 i < 5 ? WEIR_REASON_INSIDE : WEIR_REASON_RATE_LIMITED);
	ck_assert_int_eq(heard("192.0.2.2", (struct shape){0}), WEIR_REASON_INSIDE);
	ck_assert_int_eq(heard("2001:db8::1", (struct shape){.tags = 1}), WEIR_REASON_INSIDE);
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){.tags = 1}), WEIR_REASON_RATE_LIMITED);
	ck_assert_int_eq(heard("::ffff:192.0.2.1", (struct shape){0}), WEIR_REASON_RATE_LIMITED);
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){.port = 22}), WEIR_REASON_PORT);
	rig_close();
}
END_TEST

START_TEST(tokens_come_back_with_time)
{
	limit(1, 5);
	for (int i = 0; i < 6; i++)
		heard("192.0.2.1", (struct shape){0});
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_RATE_LIMITED);
	fill_bucket("192.0.2.1", 2);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}),
		                 i < 2 ? WEIR_REASON_INSIDE : WEIR_REASON_RATE_LIMITED);
	/* Long ago: no more than the bucket holds. */
	fill_bucket("192.0.2.1", 1000);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}),
		                 i < 5 ? WEIR_REASON_INSIDE : WEIR_REASON_RATE_LIMITED);
	rig_close();
}
END_TEST

/* 20 ms at 10,000 a second are 200 tokens beyond the one of the bucket; how long it took is measured. */
START_TEST(over_time_the_rate_is_what_was_asked_for)
{
	uint64_t passed = 0, begin_ns, end_ns;

	limit(10000, 1);
	begin_ns = monotonic_ns();
	do {
		passed += heard("192.0.2.1", (struct shape){0}) == WEIR_REASON_INSIDE;
		end_ns = monotonic_ns();
	} while (end_ns - begin_ns < 20000000);
	ck_assert_uint_le(passed, (end_ns - begin_ns) / 100000 + 1);
	ck_assert_uint_gt(passed, 1);
	rig_close();
}
END_TEST

#define TOKENS 1000

static void *take_tokens(void *argument)
{
	static const struct shape plain = {.ip = 4};
	uint8_t own[512];
	cpu_set_t set;
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = own,
	            .data_size_in = make_frame(own, &plain, REPORT, (uint32_t)LENGTH), .repeat = 50 * TOKENS);

	CPU_ZERO(&set);
	CPU_SET((unsigned int)(size_t)argument, &set);
	sched_setaffinity(0, sizeof(set), &set);
	return (void *)(size_t)bpf_prog_test_run_opts(bpf_program__fd(rig.kernel->progs.weir_prefilter),
	                                              &run);
}

/* A token that two CPUs want is taken once; what the first datagram of all does is in senders.h. */
START_TEST(several_cpus_do_not_spend_a_token_twice)
{
	pthread_t threads[8];
	int count = rig.cpus < 8 ? rig.cpus : 8;
	uint64_t passed = 0, refused = 0, begin_ns = monotonic_ns();
	void *error;

	limit(1, TOKENS);
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, take_tokens, (void *)(size_t)i), 0);
	for (int i = 0; i < count; i++) {
		pthread_join(threads[i], &error);
		ck_assert_ptr_null(error);
	}
	ck_assert_int_eq(rig_counters(rig.counters), 0);
	for (int i = 0; i < rig.cpus; i++) {
		passed += rig.counters[i].packets[WEIR_REASON_INSIDE];
		refused += rig.counters[i].packets[WEIR_REASON_RATE_LIMITED];
	}
	ck_assert_uint_eq(passed + refused, 50u * TOKENS * (unsigned)count);
	ck_assert_uint_ge(passed, TOKENS);
	ck_assert_uint_le(passed, TOKENS + 2 * (unsigned)count + (monotonic_ns() - begin_ns) / 1000000000);
	rig_close();
}
END_TEST

START_TEST(observe_mode_says_what_the_limit_would_refuse)
{
	limit(1, 1);
	rig.shared->observe = 1;
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_INSIDE);
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_OBSERVED_RATE_LIMITED);
	rig_close();
}
END_TEST

START_TEST(who_is_not_allowed_takes_no_place_among_the_buckets)
{
	const char *const list[] = {"192.0.2.0/24", NULL};
	uint8_t key[16], value[8];

	allow(list);
	rig_close();
	options.rate = weir_rate_of(1, 1);
	load();
	ck_assert_int_eq(heard("198.51.100.1", (struct shape){0}), WEIR_REASON_NOT_ALLOWED);
	ck_assert_int_ne(bpf_map_get_next_key(bpf_map__fd(rig.kernel->maps.weir_rates), NULL, key), 0);
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_INSIDE);
	ck_assert_int_eq(bpf_map_get_next_key(bpf_map__fd(rig.kernel->maps.weir_rates), NULL, key), 0);
	ck_assert_int_eq(bpf_map_lookup_elem(bpf_map__fd(rig.kernel->maps.weir_rates), key, value), 0);
	ck_assert_int_eq(heard("192.0.2.1", (struct shape){0}), WEIR_REASON_RATE_LIMITED);
	rig_close();
}
END_TEST

/* ---- The table ---- */

static struct weir_sender senders[64];

static int rank(size_t *written)
{
	struct ranking ranking = {.senders = senders, .capacity = sizeof(senders) / sizeof(senders[0])};
	int total = weir_senders_rank(rig.kernel, &ranking);

	*written = ranking.count;
	return total;
}

static void count_senders(uint32_t entries)
{
	options = (struct weir_prefilter_options){.senders = entries};
	load();
}

START_TEST(what_a_sender_sends_is_counted_by_outcome)
{
	char text[WEIR_NETWORK_TEXT_SIZE];
	size_t written;
	int action;

	count_senders(64);
	rig.shared->now_ns = 1800000000000000000;
	for (int i = 0; i < 3; i++)
		heard("192.0.2.1", (struct shape){.tags = i});
	heard("2001:db8::1", (struct shape){0});
	rig_kernel(frame, frame_from("192.0.2.1", (struct shape){0}, DAMAGED), &action);
	rig_forget();
	rig_fill_area(WEIR_CELL_EMPTY);
	heard("192.0.2.1", (struct shape){0});
	rig.shared->observe = 1;
	heard("192.0.2.1", (struct shape){0});
	heard("192.0.2.1", (struct shape){.port = 22}); /* not ours */
	heard("192.0.2.1", (struct shape){.flags_and_offset = 0x2000});
	ck_assert_int_eq(rank(&written), 2);
	ck_assert_uint_eq(written, 2);
	ck_assert_str_eq(weir_sender_format(senders[0].ip, text), "192.0.2.1");
	ck_assert_uint_eq(senders[0].counters.packets[WEIR_SENDER_PASSED], 3);
	ck_assert_uint_eq(senders[0].counters.packets[WEIR_SENDER_MALFORMED], 1);
	ck_assert_uint_eq(senders[0].counters.packets[WEIR_SENDER_OUTSIDE], 1);
	ck_assert_uint_eq(senders[0].counters.packets[WEIR_SENDER_OBSERVED], 1);
	ck_assert_uint_eq(senders[0].counters.bytes, 6 * LENGTH);
	ck_assert_uint_eq(senders[0].counters.seen_ns, 1800000000000000000);
	ck_assert_str_eq(weir_sender_format(senders[1].ip, text), "2001:db8::1");
	ck_assert_uint_eq(weir_sender_packets(&senders[1].counters), 1);
	rig_close();
}
END_TEST

START_TEST(who_is_refused_is_counted_too)
{
	const char *const list[] = {"192.0.2.0/24", NULL};
	size_t written;

	allow(list);
	rig_close();
	options.senders = 64;
	options.rate = weir_rate_of(1, 1);
	load();
	for (int i = 0; i < 3; i++)
		heard("198.51.100.1", (struct shape){0});
	heard("192.0.2.1", (struct shape){0});
	heard("192.0.2.1", (struct shape){0});
	ck_assert_int_eq(rank(&written), 2);
	ck_assert_uint_eq(senders[0].counters.packets[WEIR_SENDER_NOT_ALLOWED], 3);
	ck_assert_uint_eq(senders[1].counters.packets[WEIR_SENDER_PASSED], 1);
	ck_assert_uint_eq(senders[1].counters.packets[WEIR_SENDER_RATE_LIMITED], 1);
	rig_close();
}
END_TEST

/* Forty times as many senders as there is room for, while one keeps on. */
START_TEST(the_table_is_bounded_and_who_keeps_on_sending_stays)
{
	struct ranking ranking = {.senders = senders, .capacity = 1};
	char sender[40], text[WEIR_NETWORK_TEXT_SIZE];
	int total;

	count_senders(1024);
	for (int i = 0; i < 40 * 1024; i++) {
		snprintf(sender, sizeof(sender), "10.%d.%d.1", i >> 8, i & 255);
		ck_assert_int_eq(heard(sender, (struct shape){0}), WEIR_REASON_INSIDE);
		if (i % 64 == 0)
			heard("192.0.2.1", (struct shape){0});
	}
	total = weir_senders_rank(rig.kernel, &ranking);
	ck_assert_int_le(total, 1024);
	ck_assert_int_gt(total, 0);
	ck_assert_str_eq(weir_sender_format(senders[0].ip, text), "192.0.2.1");
	ck_assert_uint_eq(weir_sender_packets(&senders[0].counters), 40 * 1024 / 64);
	rig_close();
}
END_TEST

START_TEST(without_a_table_there_are_no_senders)
{
	size_t written;

	count_senders(0);
	heard("192.0.2.1", (struct shape){0});
	ck_assert_int_eq(rank(&written), 0);
	ck_assert_uint_eq(written, 0);
	ck_assert_int_lt(bpf_map__fd(rig.kernel->maps.weir_sender_table), 0);
	ck_assert_int_lt(bpf_map__fd(rig.kernel->maps.weir_rates), 0);
	ck_assert_int_lt(bpf_map__fd(rig.kernel->maps.weir_allow_ipv4), 0);
	rig_close();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("senders");
	TCase *policies = tcase_create("policies"), *timed = tcase_create("timed");

	if (rig_open() != 0)
		return suite_skip("BPF programs can't be loaded here");
	rig_close();
	tcase_set_timeout(policies, 60);
	tcase_set_timeout(timed, 60);
	tcase_set_tags(timed, "timed"); /* for CK_EXCLUDE_TAGS where time is not what it seems */
	tcase_add_loop_test(policies, who_is_on_the_allow_list_is_heard, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(policies, who_was_allowed_before_says_nothing_of_others);
	tcase_add_test(policies, policies_are_for_our_datagrams_alone);
	tcase_add_test(policies, what_is_refused_leaves_no_mark);
	tcase_add_test(policies, observe_mode_says_whom_it_would_refuse_and_remembers_what_passes);
	tcase_add_test(policies, a_burst_passes_and_what_is_more_is_refused);
	tcase_add_test(timed, tokens_come_back_with_time);
	tcase_add_test(timed, over_time_the_rate_is_what_was_asked_for);
	tcase_add_test(policies, several_cpus_do_not_spend_a_token_twice);
	tcase_add_test(policies, observe_mode_says_what_the_limit_would_refuse);
	tcase_add_test(policies, who_is_not_allowed_takes_no_place_among_the_buckets);
	tcase_add_test(policies, what_a_sender_sends_is_counted_by_outcome);
	tcase_add_test(policies, who_is_refused_is_counted_too);
	tcase_add_test(policies, the_table_is_bounded_and_who_keeps_on_sending_stays);
	tcase_add_test(policies, without_a_table_there_are_no_senders);
	suite_add_tcase(suite, policies);
	suite_add_tcase(suite, timed);
	return suite_main(suite);
}
