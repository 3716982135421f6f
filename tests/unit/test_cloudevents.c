/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Headers of messages, and the fingerprint in them against the vectors of SipHash's authors.
 */
#include <string.h>

#include "publish/cloudevents.h"
#include "publish/fingerprint.h"
#include "publish/publish.h"
#include "suite.h"

#include <weir/fault.h>

/* SipHash-2-4-128 under the key 00 01 … 0f of the inputs "", 00, 00 01 (vectors.h of the reference). */
static const uint8_t vectors[][16] = {
        {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93},
        {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45},
        {0x81, 0x77, 0x22, 0x8d, 0xa4, 0xa4, 0x5d, 0xc7, 0xfc, 0xa3, 0x8b, 0xde, 0xf6, 0x0a, 0xff, 0xe4},
};

START_TEST(the_fingerprint_is_siphash)
{
	static const uint8_t key[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	uint8_t out[WEIR_FINGERPRINT_BYTES];

	weir_fingerprint(key, (size_t)_i, key, out);
	ck_assert_mem_eq(out, vectors[_i], sizeof(out));
}
END_TEST

static struct {
	struct weir_record record;
	char text[256];
} made;

/* A dead letter as the outlet makes it. */
static struct weir_record *letter(const char *body)
{
	struct weir_record *record = &made.record;

	memset(&made, 0, sizeof(made));
	*record = (struct weir_record){
	        .publish_class = WEIR_PUBLISH_LETTER,
	        .fault = WEIR_FAULT_CHARSET,
	        .time_ns = INT64_C(1795324465638123456),
	        .offset = 17,
	        .faults = 3,
	        .sender = {.ip = {[10] = 0xff, [11] = 0xff, [12] = 192, [13] = 0, [14] = 2, [15] = 7},
	                   .port = 4711},
	        .body_length = (uint32_t)strlen(body),
	};
	memcpy(weir_record_body(record), body, strlen(body));
	return record;
}

static const char *header(const struct weir_headers *headers, const char *name)
{
	for (size_t i = 0; i < headers->count; i++)
		if (strcmp(headers->items[i].name, name) == 0)
			return headers->items[i].value;
	return "(absent)";
}

static const char *letter_id(const struct weir_record *record)
{
	static struct weir_headers headers[2];
	static int turn;

	turn = !turn;
	weir_headers_fill(&headers[turn], record, "rtm");
	return header(&headers[turn], "ce-id");
}

START_TEST(a_dead_letter_says_why_and_where_from)
{
	struct weir_headers headers;

	weir_headers_fill(&headers, letter("noise"), "rtm");
	ck_assert_str_eq(header(&headers, "ce-specversion"), "1.0");
	ck_assert_str_eq(header(&headers, "ce-type"), "weir.dlq.v1");
	ck_assert_str_eq(header(&headers, "ce-source"), "/weir/rtm");
	ck_assert_str_eq(header(&headers, "ce-time"), "2026-11-22T05:14:25.638Z");
	ck_assert_str_eq(header(&headers, "ce-datacontenttype"), "application/octet-stream");
	ck_assert_str_eq(header(&headers, "weir-reason"), "charset");
	ck_assert_str_eq(header(&headers, "weir-offset"), "17");
	ck_assert_str_eq(header(&headers, "weir-faults"), "3");
	ck_assert_str_eq(header(&headers, "weir-source"), "192.0.2.7:4711");
	ck_assert_str_eq(header(&headers, "weir-received"), "2026-11-22T05:14:25.638123456Z");
	ck_assert_uint_eq(strlen(header(&headers, "ce-id")), 32);
	ck_assert_str_eq(header(&headers, "Nats-Msg-Id"), header(&headers, "ce-id"));
	ck_assert_uint_eq(headers.count, 12);
}
END_TEST

START_TEST(a_sender_by_ipv6_stands_in_brackets_and_no_sender_is_left_out)
{
	struct weir_record *record = letter("x");
	struct weir_headers headers;

	record->sender = (struct weir_address){.ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}, .port = 65535};
	weir_headers_fill(&headers, record, "");
	ck_assert_str_eq(header(&headers, "weir-source"), "[2001:db8::1]:65535");
	ck_assert_str_eq(header(&headers, "ce-source"), "/weir");
	memset(&record->sender, 0, sizeof(record->sender));
	weir_headers_fill(&headers, record, "");
	ck_assert_str_eq(header(&headers, "weir-source"), "(absent)");
}
END_TEST

START_TEST(the_longest_values_fit)
{
	struct weir_record *record = letter("x");
	struct weir_headers headers;

	record->offset = record->faults = UINT32_MAX;
	memset(record->sender.ip, 0x11, 16);
	record->sender.port = 65535;
	weir_headers_fill(&headers, record, "abcdefghijklmnopqrstuvwxyz012345");
	ck_assert_str_eq(header(&headers, "weir-offset"), "4294967295");
	ck_assert_str_eq(header(&headers, "weir-source"), "[1111:1111:1111:1111:1111:1111:1111:1111]:65535");
}
END_TEST

START_TEST(the_same_dead_letter_has_the_same_id)
{
	char first[64];

	snprintf(first, sizeof(first), "%s", letter_id(letter("!AIVDM,broken")));
	ck_assert_str_eq(letter_id(letter("!AIVDM,broken")), first);
	/* Written down, so that a gateway of another day or byte order agrees. */
	ck_assert_str_eq(first, "3a83c1c31339199063c0d4d9f1aa5238");
}
END_TEST

START_TEST(whatever_differs_gives_another_id)
{
	char first[64];
	struct weir_record *record;

	snprintf(first, sizeof(first), "%s", letter_id(letter("!AIVDM,broken")));
	ck_assert_str_ne(letter_id(letter("!AIVDM,brokeN")), first);
	ck_assert_str_ne(letter_id(letter("!AIVDM,broke")), first);
	ck_assert_str_ne(letter_id(letter("")), first);
	record = letter("!AIVDM,broken");
	record->time_ns++;
	ck_assert_str_ne(letter_id(record), first);
	record = letter("!AIVDM,broken");
	record->offset++;
	ck_assert_str_ne(letter_id(record), first);
	record = letter("!AIVDM,broken");
	record->sender.port++;
	ck_assert_str_ne(letter_id(record), first);
	record = letter("!AIVDM,broken");
	record->sender.ip[15]++;
	ck_assert_str_ne(letter_id(record), first);
	record = letter("!AIVDM,broken");
	record->fault++;
	ck_assert_str_ne(letter_id(record), first);
}
END_TEST

static const struct {
	enum weir_publish_class class;
	const char *type;
	const char *content;
	bool is_stored;
} kinds[] = {
        {WEIR_PUBLISH_POSITION, "weir.position.v1", "application/geo+json", false},
        {WEIR_PUBLISH_STATIC, "weir.static.v1", "application/geo+json", false},
        {WEIR_PUBLISH_ALERT, "weir.alert.v1", "application/geo+json", true},
        {WEIR_PUBLISH_LETTER, "weir.dlq.v1", "application/octet-stream", true},
        {WEIR_PUBLISH_STATUS, "weir.status.v1", "application/json", false},
        {WEIR_PUBLISH_WINDOW, "weir.window.v1", "application/geo+json", true},
};

START_TEST(each_class_has_its_type_and_only_what_is_stored_an_id_for_the_stream)
{
	struct weir_record *record = letter("{}");
	struct weir_headers headers;

	record->publish_class = (uint8_t)kinds[_i].class;
	weir_headers_fill(&headers, record, "rtm");
	ck_assert_str_eq(header(&headers, "ce-type"), kinds[_i].type);
	ck_assert_str_eq(header(&headers, "ce-datacontenttype"), kinds[_i].content);
	ck_assert_int_eq(strcmp(header(&headers, "Nats-Msg-Id"), "(absent)") != 0, kinds[_i].is_stored);
	ck_assert_int_eq(strcmp(header(&headers, "weir-reason"), "(absent)") != 0,
	                 kinds[_i].class == WEIR_PUBLISH_LETTER);
}
END_TEST

START_TEST(a_record_s_own_id_is_taken)
{
	struct weir_record *record = letter("");
	struct weir_headers headers;

	record->publish_class = WEIR_PUBLISH_ALERT;
	record->id_length = 8;
	memcpy(weir_record_id(record), "ff-raise", 9);
	weir_headers_fill(&headers, record, "rtm");
	ck_assert_str_eq(header(&headers, "ce-id"), "ff-raise");
	ck_assert_str_eq(header(&headers, "Nats-Msg-Id"), "ff-raise");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("CloudEvents headers");
	TCase *tests = tcase_create("headers");

	tcase_add_loop_test(tests, the_fingerprint_is_siphash, 0, 3);
	tcase_add_test(tests, a_dead_letter_says_why_and_where_from);
	tcase_add_test(tests, a_sender_by_ipv6_stands_in_brackets_and_no_sender_is_left_out);
	tcase_add_test(tests, the_longest_values_fit);
	tcase_add_test(tests, the_same_dead_letter_has_the_same_id);
	tcase_add_test(tests, whatever_differs_gives_another_id);
	tcase_add_loop_test(tests, each_class_has_its_type_and_only_what_is_stored_an_id_for_the_stream, 0,
	                    (int)(sizeof(kinds) / sizeof(*kinds)));
	tcase_add_test(tests, a_record_s_own_id_is_taken);
	suite_add_tcase(suite, tests);
	return suite_main(suite);
}
