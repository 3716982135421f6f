/* SPDX-License-Identifier: BSD-2-Clause */
/* Receiving: whole datagrams, true senders and times, losses counted, an end that keeps its word. */
#include "tests/unit/test_ingest.h"

static struct bed bed; /* Check forks: each test has its own */

static void check_sum_of(unsigned int index, const uint8_t *bytes, size_t length)
{
	ck_assert_uint_eq(bed.records[index].length, length);
	ck_assert_uint_eq(bed.records[index].sum, sum_of(bytes, length));
}

static const char *const hosts[] = {"127.0.0.1", "[::1]"};

START_TEST(a_datagram_arrives_with_its_bytes_its_sender_and_its_time)
{
	const uint8_t bytes[] = "!AIVDM,1,1,,A,14eG;o@034o8sd<L9i:a;WF>062D,0*7D\r\n";
	union {
		struct sockaddr generic;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} own;
	socklen_t own_length = sizeof(own);

	bed_listen(&bed, hosts[_i]);
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	int64_t before = clock_of(CLOCK_REALTIME);
	ck_assert_int_eq(send(fd, bytes, sizeof(bytes) - 1, 0), sizeof(bytes) - 1);
	bed_await(&bed, 1);
	int64_t after = clock_of(CLOCK_REALTIME); /* a busy machine may deliver after send() has returned */
	ck_assert_int_eq(getsockname(fd, &own.generic, &own_length), 0);
	struct weir_ingest_counters counters = bed_stop(&bed);

	check_sum_of(0, bytes, sizeof(bytes) - 1);
	const struct record *record = &bed.records[0];
	ck_assert_int_ge(record->received_ns, before);
	ck_assert_int_le(record->received_ns, after);
	uint8_t expected[16] = {[10] = 0xff, 0xff, 127, 0, 0, 1};
	if (own.generic.sa_family == AF_INET6)
		memcpy(expected, &in6addr_loopback, 16);
	ck_assert_mem_eq(record->sender.ip, expected, 16);
	ck_assert_uint_eq(record->sender.port, ntohs(own.v4.sin_port)); /* at the same place in both */
	ck_assert_uint_eq(counters.datagrams, 1);
	ck_assert_uint_eq(counters.bytes, sizeof(bytes) - 1);
	ck_assert_uint_eq(counters.socket_dropped + counters.truncated + counters.errors, 0);
	close(fd);
}
END_TEST

START_TEST(empty_datagrams_are_handed_over_and_do_not_stop_what_follows)
{
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	for (int i = 0; i < 10; i++) {
		ck_assert_int_eq(send(fd, "", 0, 0), 0);
		send_text(fd, "something");
	}
	bed_await(&bed, 20);
	struct weir_ingest_counters counters = bed_stop(&bed);
	for (int i = 0; i < 20; i++)
		ck_assert_uint_eq(bed.records[i].length, i % 2 == 0 ? 0 : 9);
	ck_assert_uint_eq(counters.datagrams, 20);
	ck_assert_uint_eq(counters.bytes, 90);
	ck_assert_uint_le(counters.rearmed, 10);
	ck_assert_uint_eq(counters.errors, 0);
	close(fd);
}
END_TEST

START_TEST(the_greatest_datagram_of_each_family_arrives_whole)
{
	static uint8_t bytes[65536];
	static const struct {
		const char *host;
		size_t length;
	} greatest[] = {{"127.0.0.1", 65507}, {"[::1]", 65527}};

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 + (i >> 8));
	bed_listen(&bed, greatest[_i].host);
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	ck_assert_int_eq(send(fd, bytes, greatest[_i].length, 0), (ssize_t)greatest[_i].length);
	bed_await(&bed, 1);
	struct weir_ingest_counters counters = bed_stop(&bed);
	check_sum_of(0, bytes, greatest[_i].length);
	ck_assert_uint_eq(counters.truncated, 0);
	ck_assert_uint_eq(counters.bytes, greatest[_i].length);
	close(fd);
}
END_TEST

START_TEST(every_length_arrives_whole_and_in_order_in_every_mode)
{
	static uint8_t bytes[65536];
	static uint32_t lengths[1500];
	uint32_t random = 20261122;

	bed.tuning.best_mode = (enum weir_ring_mode)_i;
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 31 + (i >> 8));
	for (unsigned int i = 0; i < 1500; i++) {
		random = random * 1664525 + 1013904223;
		lengths[i] = i < 1000 ? i : random % 65508;
		ck_assert_int_eq(send(fd, bytes + lengths[i] % 28, lengths[i], 0), lengths[i]);
		if (i % 100 == 99)
			bed_await(&bed, i + 1);
	}
	struct weir_ingest_counters counters = bed_stop(&bed);
	for (unsigned int i = 0; i < 1500; i++)
		check_sum_of(i, bytes + lengths[i] % 28, lengths[i]);
	ck_assert_uint_eq(counters.ring_mode, (unsigned int)_i);
	ck_assert_uint_eq(counters.socket_dropped + counters.truncated + counters.errors, 0);
	close(fd);
}
END_TEST

START_TEST(a_mode_that_is_not_the_best_is_warned_of)
{
	bed.tuning.best_mode = (enum weir_ring_mode)_i;
	bed_start(&bed);
	bed_stop(&bed);
	ck_assert_uint_eq(atomic_load(&bed.warnings), _i == WEIR_RING_DEFER ? 0 : 1);
	if (_i != WEIR_RING_DEFER)
		ck_assert_ptr_nonnull(strstr(bed.warning, weir_ring_mode_name((enum weir_ring_mode)_i)));
}
END_TEST

START_TEST(a_burst_greater_than_all_buffers_is_handled_whole)
{
	bed.tuning = (struct weir_ingest_tuning){.best_mode = (enum weir_ring_mode)_i, .buffers = 8};
	bed_open(&bed);
	int fd = sender_to(&bed, 0);
	send_many(fd, 2000);
	bed_start(&bed);
	bed_await(&bed, 2000);
	struct weir_ingest_counters counters = bed_stop(&bed);
	ck_assert_uint_eq(counters.datagrams, 2000);
	ck_assert_uint_gt(counters.no_buffers, 0);
	ck_assert_uint_eq(counters.rearmed, counters.no_buffers);
	ck_assert_uint_eq(counters.errors, 0);
	for (unsigned int i = 0; i < 2000; i++) {
		char text[32];
		int length = snprintf(text, sizeof(text), "datagram %u", i);
		check_sum_of(i, (const uint8_t *)text, (size_t)length);
	}
	close(fd);
}
END_TEST

START_TEST(a_datagram_that_is_cut_is_counted)
{
	bed.tuning.payload_bytes = 100;
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	uint8_t bytes[101] = "x";
	send(fd, bytes, 100, 0);
	send(fd, bytes, 101, 0);
	send(fd, bytes, 99, 0);
	bed_await(&bed, 3);
	struct weir_ingest_counters counters = bed_stop(&bed);
	ck_assert_uint_eq(counters.truncated, 1);
	ck_assert_uint_eq(counters.bytes, 100 + 100 + 99);
	close(fd);
}
END_TEST

/* _i: whether one more datagram follows the losses, so that SO_RXQ_OVFL could tell of them. */
START_TEST(what_overflows_the_socket_is_counted_to_the_last_datagram)
{
	bed.options.receive_buffer_bytes = 32768;
	atomic_store(&bed.held, true);
	bed_start(&bed);
	int fd = sender_to(&bed, 0);
	send_many(fd, 5000);
	atomic_store(&bed.held, false);
	struct weir_ingest_counters counters;
	for (int ms = 0; ms < 5000; ms++) {
		weir_ingest_read_counters(bed.ingest, &counters);
		if (counters.datagrams + counters.socket_dropped >= 5000)
			break;
		pause_ms(1);
	}
	if (_i == 1)
		send_many(fd, 1);
	pause_ms(150);
	counters = bed_stop(&bed);
	ck_assert_uint_gt(counters.socket_dropped, 1000);
	ck_assert_uint_gt(counters.datagrams, 8);
	ck_assert_uint_eq(counters.datagrams + counters.socket_dropped, 5000 + (unsigned int)_i);
	ck_assert_uint_eq(counters.discarded, 0);
	ck_assert_uint_eq(atomic_load(&bed.seen), counters.datagrams);
	close(fd);
}
END_TEST

START_TEST(a_wrong_udp_checksum_is_a_counted_loss)
{
	int raw = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP);

	if (raw < 0)
		return; /* no right to: main() has said so */
	bed_start(&bed);
	uint16_t port = htons(weir_ingest_port(bed.ingest, 0));
	struct {
		uint16_t source, destination, length, checksum;
		char payload[92]; /* of short ones the kernel checks before it looks for a socket */
	} packet = {htons(9), port, htons(100), htons(0x1234), "nonsense"};
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	ck_assert_int_eq(sendto(raw, &packet, sizeof(packet), 0, (struct sockaddr *)&to, sizeof(to)),
	                 sizeof(packet));
	int fd = sender_to(&bed, 0);
	send_text(fd, "good");
	bed_await(&bed, 1);
	struct weir_ingest_counters counters = bed_stop(&bed);
	ck_assert_uint_eq(bed.records[0].length, 4);
	ck_assert_uint_eq(counters.datagrams, 1);
	ck_assert_uint_eq(counters.socket_dropped, 1);
	close(fd);
	close(raw);
}
END_TEST

START_TEST(several_endpoints_are_heard_by_one_worker)
{
	bed_listen(&bed, "127.0.0.1");
	bed_listen(&bed, "[::1]");
	bed_listen(&bed, "127.0.0.2");
	bed_start(&bed);
	for (size_t i = 0; i < 3; i++) {
		int fd = sender_to(&bed, i);
		for (int n = 0; n < 400; n++)
			send(fd, "abc", i + 1, 0);
		close(fd);
	}
	bed_await(&bed, 1200);
	struct weir_ingest_counters counters = bed_stop(&bed);
	unsigned int by_length[4] = {0};
	for (unsigned int i = 0; i < 1200; i++)
		by_length[bed.records[i].length]++;
	for (size_t i = 1; i <= 3; i++)
		ck_assert_uint_eq(by_length[i], 400);
	ck_assert_uint_eq(counters.bytes, 400 + 800 + 1200);
}
END_TEST

START_TEST(both_families_share_a_port_without_minding_each_other)
{
	bed_listen(&bed, "0.0.0.0");
	bed_open(&bed);
	uint16_t port = weir_ingest_port(bed.ingest, 0);
	weir_ingest_close(bed.ingest);
	bed.endpoints[0].address.port = port;
	bed_listen(&bed, "[::]");
	bed.endpoints[1].address.port = port;
	bed_open(&bed);
	ck_assert_uint_eq(weir_ingest_port(bed.ingest, 1), port);
	bed_start(&bed);
	struct bed target = {.ingest = bed.ingest};
	target.endpoints[0] = endpoint_of("127.0.0.1:1");
	target.endpoints[1] = endpoint_of("[::1]:1");
	int v4 = sender_to(&target, 0), v6 = sender_to(&target, 1);
	send_text(v4, "four");
	send_text(v6, "sixsix");
	bed_await(&bed, 2);
	bed_stop(&bed);
	ck_assert_uint_eq(bed.records[0].length + bed.records[1].length, 10);
	close(v4);
	close(v6);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ingest receives");
	TCase *tcase = tcase_create("receive");

	tcase_set_timeout(tcase, 30);
	tcase_add_loop_test(tcase, a_datagram_arrives_with_its_bytes_its_sender_and_its_time, 0, 2);
	tcase_add_test(tcase, empty_datagrams_are_handed_over_and_do_not_stop_what_follows);
	tcase_add_loop_test(tcase, the_greatest_datagram_of_each_family_arrives_whole, 0, 2);
	tcase_add_loop_test(tcase, every_length_arrives_whole_and_in_order_in_every_mode, 0, WEIR_RING_MODES);
	tcase_add_loop_test(tcase, a_mode_that_is_not_the_best_is_warned_of, 0, WEIR_RING_MODES);
	tcase_add_loop_test(tcase, a_burst_greater_than_all_buffers_is_handled_whole, 0, WEIR_RING_MODES);
	tcase_add_test(tcase, a_datagram_that_is_cut_is_counted);
	tcase_add_loop_test(tcase, what_overflows_the_socket_is_counted_to_the_last_datagram, 0, 2);
	if (geteuid() == 0)
		tcase_add_test(tcase, a_wrong_udp_checksum_is_a_counted_loss);
	tcase_add_test(tcase, several_endpoints_are_heard_by_one_worker);
	tcase_add_test(tcase, both_families_share_a_port_without_minding_each_other);
	suite_add_tcase(suite, tcase);
	return suite_main(suite);
}
