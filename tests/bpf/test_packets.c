/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every shape of packet with its verdict and the counter that must move. The payload is always the same
 * report outside of the (empty) area, so that what is dropped has been understood, and all else passes.
 */
#include "suite.h"

#include "frames.h"
#include "rig.h"

#define OUTSIDE "!AIVDM,1,1,,B,133qF`0000oSviTBvBp`SPK00<1;,0*2C\r\n"

static uint8_t frame[70000];

static uint32_t frame_of(const struct shape *shape)
{
	return make_frame(frame, shape, OUTSIDE, sizeof(OUTSIDE) - 1);
}

static const struct {
	struct shape shape;
	enum weir_reason reason;
} cases[] = {
        {{.name = "IPv4", .ip = 4}, WEIR_REASON_OUTSIDE},
        {{.name = "IPv6", .ip = 6}, WEIR_REASON_OUTSIDE},
        {{.name = "one VLAN tag, IPv4", .ip = 4, .tags = 1}, WEIR_REASON_OUTSIDE},
        {{.name = "one VLAN tag, IPv6", .ip = 6, .tags = 1}, WEIR_REASON_OUTSIDE},
        {{.name = "two VLAN tags, IPv4", .ip = 4, .tags = 2, .tag_types = {0x88a8, 0x8100}},
         WEIR_REASON_OUTSIDE},
        {{.name = "two VLAN tags, IPv6", .ip = 6, .tags = 2}, WEIR_REASON_OUTSIDE},
        {{.name = "three VLAN tags", .ip = 4, .tags = 3}, WEIR_REASON_NOT_IP},
        {{.name = "ARP", .ip = 4, .ethertype = 0x0806}, WEIR_REASON_NOT_IP},
        {{.name = "do not fragment", .ip = 4, .flags_and_offset = 0x4000}, WEIR_REASON_OUTSIDE},
        {{.name = "first fragment", .ip = 4, .flags_and_offset = 0x2000}, WEIR_REASON_FRAGMENT},
        {{.name = "middle fragment", .ip = 4, .flags_and_offset = 0x2005}, WEIR_REASON_FRAGMENT},
        {{.name = "last fragment", .ip = 4, .flags_and_offset = 0x0005}, WEIR_REASON_FRAGMENT},
        {{.name = "TCP", .ip = 4, .protocol = 6}, WEIR_REASON_NOT_UDP},
        {{.name = "TCP over IPv6", .ip = 6, .protocol = 6}, WEIR_REASON_NOT_UDP},
        {{.name = "IPv6 fragment header", .ip = 6, .protocol = 44}, WEIR_REASON_FRAGMENT},
        {{.name = "another port", .ip = 4, .port = 10111}, WEIR_REASON_PORT},
        {{.name = "another port over IPv6", .ip = 6, .port = 1}, WEIR_REASON_PORT},
        {{.name = "version 5 in IPv4", .ip = 4, .version = 5}, WEIR_REASON_IP_HEADER},
        {{.name = "version 4 in IPv6", .ip = 6, .version = 4}, WEIR_REASON_IP_HEADER},
        {{.name = "padding behind the packet", .ip = 4, .padding = 17}, WEIR_REASON_OUTSIDE},
        {{.name = "padding behind IPv6", .ip = 6, .padding = 17}, WEIR_REASON_OUTSIDE},
        {{.name = "UDP length one more than the packet", .ip = 4, .udp_length_error = 1},
         WEIR_REASON_UDP_HEADER},
        {{.name = "UDP length beyond the frame", .ip = 4, .udp_length_error = 9, .ip_length_error = 9},
         WEIR_REASON_UDP_HEADER},
        {{.name = "UDP length 0", .ip = 4, .udp_length_error = -57}, WEIR_REASON_UDP_HEADER},
        {{.name = "UDP length 7", .ip = 4, .udp_length_error = -50}, WEIR_REASON_UDP_HEADER},
        {{.name = "empty datagram", .ip = 4, .udp_length_error = -49}, WEIR_REASON_HARMLESS},
        {{.name = "UDP length without the line's end", .ip = 4, .udp_length_error = -2}, WEIR_REASON_OUTSIDE},
        {{.name = "UDP length cuts the checksum", .ip = 4, .udp_length_error = -3}, WEIR_REASON_CHECKSUM},
        {{.name = "IP length shorter than UDP's", .ip = 4, .ip_length_error = -1}, WEIR_REASON_UDP_HEADER},
        {{.name = "IP length shorter than its header", .ip = 4, .ip_length_error = -60},
         WEIR_REASON_IP_HEADER},
        {{.name = "IPv6 length shorter than UDP's", .ip = 6, .ip_length_error = -1}, WEIR_REASON_UDP_HEADER},
        {{.name = "frame cut by one byte", .ip = 4, .cut = 1}, WEIR_REASON_UDP_HEADER},
        {{.name = "frame cut within UDP", .ip = 4, .cut = 52}, WEIR_REASON_UDP_HEADER},
        {{.name = "frame cut within IP", .ip = 4, .cut = 60}, WEIR_REASON_IP_HEADER},
        {{.name = "IPv6 cut within IP", .ip = 6, .cut = 60}, WEIR_REASON_IP_HEADER},
        {{.name = "Ethernet header alone", .ip = 4, .cut = 77}, WEIR_REASON_NOT_IP},
};

#define PROPER_CASES 6 /* the first of them, all dropped */

START_TEST(each_shape_has_its_verdict)
{
	int reason = rig_judge(frame, frame_of(&cases[_i].shape));

	ck_assert_msg(reason == (int)cases[_i].reason, "%s: reason %d instead of %d", cases[_i].shape.name,
	              reason, (int)cases[_i].reason);
}
END_TEST

START_TEST(only_configured_ports_are_judged)
{
	static const uint16_t ours[] = {1, 63, 64, 10110, 60002, 65535};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		rig.shared->ports[weir_port_index(ours[i])] = 1;
	RIG_COPY(ports);
	for (uint32_t port = 1; port < 65536; port++) {
		int expected = WEIR_REASON_PORT;

		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			if (ours[i] == port)
				expected = WEIR_REASON_OUTSIDE;
		struct shape shape = {.ip = port % 3 == 0 ? 6 : 4, .port = (uint16_t)port};
		ck_assert_int_eq(rig_judge(frame, frame_of(&shape)), expected);
	}
}
END_TEST

START_TEST(header_lengths_from_5_to_15_words_are_judged)
{
	struct shape shape = {.ip = 4, .header_words = _i};

	if (_i >= 5) {
		ck_assert_int_eq(rig_judge(frame, frame_of(&shape)), WEIR_REASON_OUTSIDE);
		return;
	}
	shape.header_words = 5;
	uint32_t length = frame_of(&shape);
	frame[14] = (uint8_t)(0x40 | _i);
	ck_assert_int_eq(rig_judge(frame, length), WEIR_REASON_IP_HEADER);
}
END_TEST

START_TEST(every_protocol_but_udp_passes)
{
	for (uint32_t protocol = 1; protocol < 256; protocol++) {
		struct shape shape = {.ip = protocol % 2 ? 4 : 6, .protocol = (uint8_t)protocol};
		int expected = protocol == 17 ? WEIR_REASON_OUTSIDE : WEIR_REASON_NOT_UDP;

		if (protocol == 44) /* IPv6: a fragment */
			expected = WEIR_REASON_FRAGMENT;
		ck_assert_int_eq(rig_judge(frame, frame_of(&shape)), expected);
	}
}
END_TEST

/* Puts a header of `units` (RFC 8200: 8 bytes each; RFC 4302: 4) in front of what IPv6 carries. */
static uint32_t insert_header(uint32_t length, uint8_t protocol, uint8_t units)
{
	uint8_t *ip = frame + 14, *at = ip + 40;
	uint32_t size = protocol == 51 ? (units + 2u) * 4 : (units + 1u) * 8;

	memmove(at + size, at, length - 54);
	memset(at, 0, size);
	at[0] = ip[6];
	at[1] = units;
	ip[6] = protocol;
	put2(ip + 4, (unsigned int)(ip[4] << 8 | ip[5]) + size);
	return length + size;
}

static const struct {
	const char *name;
	uint8_t headers[6]; /* the innermost first; 255: no more */
	uint8_t units, cut;
	enum weir_reason reason;
} extended[] = {
        {"hop-by-hop options", {0, 255}, 0, 0, WEIR_REASON_OUTSIDE},
        {"long hop-by-hop options", {0, 255}, 99, 0, WEIR_REASON_OUTSIDE},
        {"routing", {43, 255}, 2, 0, WEIR_REASON_OUTSIDE},
        {"authentication", {51, 255}, 4, 0, WEIR_REASON_OUTSIDE},
        {"destination options", {60, 255}, 1, 0, WEIR_REASON_OUTSIDE},
        {"four of them", {60, 51, 43, 0, 255}, 2, 0, WEIR_REASON_OUTSIDE},
        {"five of them", {60, 51, 43, 60, 0, 255}, 2, 0, WEIR_REASON_FRAGMENT},
        {"a fragment", {44, 255}, 0, 0, WEIR_REASON_FRAGMENT},
        {"a fragment behind options", {44, 0, 255}, 0, 0, WEIR_REASON_FRAGMENT},
        {"options within a fragment", {60, 44, 255}, 0, 0, WEIR_REASON_FRAGMENT},
        {"mobility", {135, 255}, 0, 0, WEIR_REASON_NOT_UDP},
        {"no next header behind options", {59, 0, 255}, 0, 0, WEIR_REASON_NOT_UDP},
        {"a frame cut within options", {0, 255}, 2, 60, WEIR_REASON_UDP_HEADER},
};

START_TEST(extension_headers_of_ipv6_are_stepped_over)
{
	uint32_t length = frame_of(&(struct shape){.ip = 6});

	for (size_t i = 0; extended[_i].headers[i] != 255; i++)
		length = insert_header(length, extended[_i].headers[i], extended[_i].units);
	int reason = rig_judge(frame, length - extended[_i].cut);
	ck_assert_msg(reason == (int)extended[_i].reason, "%s: reason %d instead of %d", extended[_i].name,
	              reason, (int)extended[_i].reason);
	/* What may be a datagram that is not seen whole is not overtaken. */
	ck_assert_int_eq(rig_judge(frame, frame_of(&cases[0].shape)),
	                 extended[_i].reason == WEIR_REASON_FRAGMENT ? WEIR_REASON_HELD
	                                                             : WEIR_REASON_OUTSIDE);
}
END_TEST

/* The kernel takes no frame below 14 bytes, nor one above its page. */
START_TEST(no_length_of_a_frame_is_misread)
{
	static uint8_t text[3000];

	for (uint32_t length = 0; length < sizeof(text); length += length < 200 ? 1 : 37) {
		memset(text, 'A', sizeof(text));
		memcpy(text, OUTSIDE, sizeof(OUTSIDE) - 1);
		rig_forget();
		int reason = rig_judge(frame, make_plain_frame(frame, text, length));
		int expected = length == sizeof(OUTSIDE) - 1 || length == sizeof(OUTSIDE) - 3
		                       ? WEIR_REASON_OUTSIDE
		                       : reason;

		ck_assert_msg(reason == expected && (reason < WEIR_REASON_DROPS || length <= 49),
		              "length %u: %d", length, reason);
	}
}
END_TEST

START_TEST(observe_mode_counts_and_passes)
{
	int action = -1;

	rig.shared->observe = 1;
	ck_assert_int_eq(rig_kernel(frame, frame_of(&cases[0].shape), &action), WEIR_REASON_OBSERVED);
	ck_assert_int_eq(action, XDP_PASS);
	rig.shared->observe = 0;
	ck_assert_int_eq(rig_judge(frame, frame_of(&cases[0].shape)), WEIR_REASON_OUTSIDE);
}
END_TEST

/* Where the plain frame has what. */
#define AT_ETHERTYPE 12
#define AT_IP 14
#define AT_PORT 36
#define AT_UDP_LENGTH 38

static void set2(uint32_t at, uint32_t value)
{
	frame[at] = (uint8_t)(value >> 8);
	frame[at + 1] = (uint8_t)value;
}

START_TEST(each_port_of_each_kind_of_packet)
{
	const struct shape shapes[] = {{.ip = 4}, {.ip = 6}, {.ip = 4, .tags = 1}, {.ip = 6, .tags = 2}};
	const struct shape *shape = &shapes[_i];
	uint32_t at = AT_PORT + (shape->ip == 6 ? 20u : 0u) + 4 * (uint32_t)shape->tags;

	uint32_t length = frame_of(shape);
	for (uint32_t port = 0; port < 65536; port++) {
		set2(at, port);
		ck_assert_int_eq(rig_judge(frame, length),
		                 port == RIG_PORT ? WEIR_REASON_OUTSIDE : WEIR_REASON_PORT);
	}
}
END_TEST

/* Behind no tag, one, and two. What follows the ethertype is an IPv4 header, whatever it says. */
START_TEST(each_ethertype_behind_each_number_of_tags)
{
	uint32_t at = AT_ETHERTYPE + 4 * (uint32_t)_i;
	uint32_t length = frame_of(&(struct shape){.ip = 4, .tags = _i});

	for (uint32_t type = 0; type < 65536; type++) {
		int expected = type == 0x0800   ? WEIR_REASON_OUTSIDE
		               : type == 0x86dd ? WEIR_REASON_IP_HEADER
		                                : WEIR_REASON_NOT_IP;

		set2(at, type);
		int reason = rig_judge(frame, length);
		ck_assert_msg(reason == expected, "ethertype %04x behind %d tags: %d", type, _i, reason);
	}
}
END_TEST

START_TEST(each_value_of_flags_and_fragment_offset)
{
	uint32_t length = frame_of(&cases[0].shape);

	for (uint32_t value = 0; value < 65536; value++) {
		set2(AT_IP + 6, value);
		ck_assert_int_eq(rig_judge(frame, length),
		                 value & 0x3fff ? WEIR_REASON_FRAGMENT : WEIR_REASON_OUTSIDE);
		rig_forget();
	}
}
END_TEST

START_TEST(each_version_and_header_length)
{
	uint32_t length = frame_of(&cases[_i].shape);
	uint32_t at = AT_IP + 4 * (uint32_t)cases[_i].shape.tags;

	for (uint32_t value = 0; value < 256; value++) {
		bool six = cases[_i].shape.ip == 6;
		bool right = six ? value >> 4 == 6 : value == 0x45;

		frame[at] = (uint8_t)value;
		int reason = rig_judge(frame, length);
		ck_assert_msg((reason == WEIR_REASON_OUTSIDE) == right &&
		                      (right || reason < WEIR_REASON_DROPS),
		              "%s, first byte %02x: %d", cases[_i].shape.name, value, reason);
	}
}
END_TEST

/* The line's end may be missing, but nothing else. */
START_TEST(each_udp_length_but_the_right_one_passes)
{
	uint32_t length = frame_of(&cases[_i].shape), right = sizeof(OUTSIDE) - 1 + 8;
	uint32_t at =
	        AT_UDP_LENGTH + (cases[_i].shape.ip == 6 ? 20u : 0u) + 4 * (uint32_t)cases[_i].shape.tags;

	for (uint32_t value = 0; value < 65536; value++) {
		set2(at, value);
		int reason = rig_judge(frame, length);
		ck_assert_msg((reason >= WEIR_REASON_DROPS) == (value <= right && value >= right - 2),
		              "%s, UDP length %u: %d", cases[_i].shape.name, value, reason);
		rig_forget();
	}
}
END_TEST

/* Bytes of the headers that decide nothing: addresses, type of service, identification, and the like. */
static bool decides_nothing(uint32_t at)
{
	return at < AT_ETHERTYPE || at == AT_IP + 1 || at == AT_IP + 4 || at == AT_IP + 5 ||
	       at == AT_IP + 8 || (at >= AT_IP + 10 && at < AT_PORT) || at >= AT_UDP_LENGTH + 2;
}

START_TEST(each_value_of_each_byte_of_the_headers)
{
	uint8_t saved[AT_UDP_LENGTH + 4];
	uint32_t length = frame_of(&cases[0].shape);

	memcpy(saved, frame, sizeof(saved));
	for (uint32_t at = 0; at < sizeof(saved); at++)
		for (uint32_t value = 0; value < 256; value++) {
			memcpy(frame, saved, sizeof(saved));
			frame[at] = (uint8_t)value;
			int reason = rig_judge(frame, length);
			rig_forget();
			if (value == saved[at] || decides_nothing(at))
				ck_assert_msg(reason == WEIR_REASON_OUTSIDE, "byte %u is %02x: %d", at, value,
				              reason);
			else if (at == AT_IP + 2 || at == AT_IP + 3) /* a longer IP packet than has come */
				ck_assert_msg(reason < WEIR_REASON_DROPS || value > saved[at],
				              "byte %u is %02x: %d", at, value, reason);
			else if (at == AT_IP + 6) /* the reserved bit, and 'do not fragment' */
				ck_assert_int_eq(reason >= WEIR_REASON_DROPS, (value & 0x3f) == 0);
			else if (at == AT_UDP_LENGTH + 1) /* without the line's end, or half of it */
				ck_assert_int_eq(reason >= WEIR_REASON_DROPS,
				                 value + 2u >= saved[at] && value < saved[at]);
			else
				ck_assert_msg(reason < WEIR_REASON_DROPS, "byte %u is %02x: %d", at, value,
				              reason);
		}
}
END_TEST

/* The memory of the program is that of all tests; the native one begins anew with each. */
static void set_up(void)
{
	rig_forget();
	memcpy(rig.shared->ports, rig.native->ports, sizeof(rig.native->ports));
}

int main(void)
{
	Suite *suite = suite_create("packets");
	TCase *shapes = tcase_create("shapes"), *exhaustive = tcase_create("exhaustive");

	if (rig_open() != 0)
		return suite_skip("BPF programs can't be loaded here");
	tcase_add_checked_fixture(shapes, set_up, NULL);
	tcase_set_timeout(shapes, 120);
	tcase_add_checked_fixture(exhaustive, set_up, NULL);
	tcase_set_timeout(exhaustive, 120);
	tcase_set_tags(exhaustive, "exhaustive"); /* CK_EXCLUDE_TAGS leaves them out where time is short */
	tcase_add_loop_test(shapes, each_shape_has_its_verdict, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(exhaustive, only_configured_ports_are_judged);
	tcase_add_loop_test(shapes, header_lengths_from_5_to_15_words_are_judged, 0, 16);
	tcase_add_test(shapes, every_protocol_but_udp_passes);
	tcase_add_loop_test(shapes, extension_headers_of_ipv6_are_stepped_over, 0,
	                    sizeof(extended) / sizeof(extended[0]));
	tcase_add_test(shapes, no_length_of_a_frame_is_misread);
	tcase_add_test(shapes, observe_mode_counts_and_passes);
	tcase_add_loop_test(exhaustive, each_port_of_each_kind_of_packet, 0, 4);
	tcase_add_loop_test(exhaustive, each_ethertype_behind_each_number_of_tags, 0, 3);
	tcase_add_test(exhaustive, each_value_of_flags_and_fragment_offset);
	tcase_add_loop_test(shapes, each_version_and_header_length, 0, PROPER_CASES);
	tcase_add_loop_test(exhaustive, each_udp_length_but_the_right_one_passes, 0, 2);
	tcase_add_test(exhaustive, each_value_of_each_byte_of_the_headers);
	suite_add_tcase(suite, shapes);
	suite_add_tcase(suite, exhaustive);
	int status = suite_main(suite);
	rig_close();
	return status;
}
